"""Foreign keys between made tables: what frictionless finds, or the reason why not."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from differences import differing, explanations
from made import PLAIN, Form
from oracle import read
from packages import V2, Json, expect, judge, make

TEXTS = {
    "integer": ["0", "1", "01", "+1", "-0", "10", "a", "1_0", "1.0"],
    "number": ["0", "1", "1.0", "1e0", "NaN", "nan", "INF", "-INF", "a"],
    "year": ["2020", "0998", "2020Z", "2020+05:00", "12020", "-0044", "998"],
    "yearmonth": ["2020-01", "2020-1", "2020-01Z", "1999-12"],
    "datetime": [
        "2020-01-01T00:00:00Z",
        "2020-01-01T01:00:00+01:00",
        "2020-01-01T00:00:00",
        "2020-01-01",
    ],
    "string": ["1", "a", "0", "2020"],
}
MISSING: list[list[str]] = [[""], ["", "NA"], ["-", ""]]
Tables = list[tuple[Json, str]]


@st.composite
def linked(draw: st.DrawFn) -> Tables:
    """Three tables: each refers to itself, or by one or two fields to one before it."""
    tables: Tables = []
    for number in range(3):
        kinds = draw(st.lists(st.sampled_from(sorted(TEXTS)), min_size=2, max_size=3))
        links: list[Json] = []
        if draw(st.booleans()):
            kinds[1] = kinds[0]
            links.append(_link(["f1"], "", ["f0"]))
        if tables:
            parent = draw(st.sampled_from(tables))[0]
            names = ["f0", "f1"][: draw(st.integers(1, 2))]
            for place in range(len(names)):
                if draw(st.integers(0, 3)):
                    kinds[place] = parent["schema"]["fields"][place]["type"]
            links.append(_link(names, parent["name"], names))
        tables.append(_table(draw, f"t{number}", kinds, links))
    return tables


def _link(fields: list[str], resource: str, targets: list[str]) -> Json:
    return {"fields": fields, "reference": {"resource": resource, "fields": targets}}


def _table(draw: st.DrawFn, name: str, kinds: list[str], links: list[Json]) -> tuple[Json, str]:
    fields = [{"name": f"f{n}", "type": kind} for n, kind in enumerate(kinds)]
    cells = [st.sampled_from([*TEXTS[kind], "", "NA"]) for kind in kinds]
    rows = draw(st.lists(st.tuples(*cells).map(list), max_size=6))
    schema: Json = {"fields": fields, "missingValues": draw(st.sampled_from(MISSING))}
    if links:
        schema["foreignKeys"] = links
    profile = "tabular-data-resource"
    described = {"name": name, "path": f"{name}.csv", "profile": profile, "dialect": PLAIN}
    text = Form(full=True).write([[item["name"] for item in fields], *rows])
    return {**described, "schema": schema}, text


def judged(tables: Tables, folder: Path, **package: Any) -> list[str]:
    """The references on which the two differ without a reason."""
    files = {described["path"]: text for described, text in tables}
    case = read(make(folder, [described for described, _ in tables], files, **package))
    return [
        f"{side}: {fault} {case.row(fault.resource, fault.row)}"
        for side, fault in differing(case)
        if fault.kind == "foreign-key" and not explanations(case, side, fault)
    ]


@pytest.mark.property
def test_references_are_judged_alike(many: int | None) -> None:
    """Both find the same references without a target, or a clause says why not."""

    @settings(
        max_examples=many or 150,
        deadline=None,
        database=None,
        derandomize=many is None,
        suppress_health_check=list(HealthCheck),
    )
    @given(linked())
    def check(tables: Tables) -> None:
        with tempfile.TemporaryDirectory() as name:
            assert judged(tables, Path(name)) == []

    check()


@pytest.mark.parametrize(
    ("own", "other", "text"),
    [("integer", "string", "1"), ("string", "number", "1"), ("datetime", "date", "2020-01-01")],
)
def test_values_of_two_types_are_never_equal(
    tmp_path: Path, own: str, other: str, text: str
) -> None:
    """The integer 1 is not the text "1"; the finding says what the types are."""
    cell = f"{text}T00:00:00" if own == "datetime" else text
    tables = [
        {"name": "p", "path": "p.csv", "schema": {"fields": [{"name": "a", "type": other}]}},
        {
            "name": "c",
            "path": "c.csv",
            "schema": {
                "fields": [{"name": "b", "type": own}],
                "foreignKeys": [_link(["b"], "p", ["a"])],
            },
        },
    ]
    report = judge(make(tmp_path, tables, {"p.csv": f"a\n{text}\n", "c.csv": f"b\n{cell}\n"}, **V2))
    expect(report, "invalid", {"rule": "foreign-key", "resource": "c", "row": 1})
    assert f"b has the type {own}, a the type {other}" in report["findings"][0]["message"]


@pytest.mark.parametrize(
    ("own", "other"), [("integer", "number"), ("year", "integer"), ("any", "integer")]
)
def test_numbers_of_all_types_are_compared(tmp_path: Path, own: str, other: str) -> None:
    """An integer, a number and a year may be equal, and `any` is compared by its text."""
    tables = [
        {"name": "p", "path": "p.csv", "schema": {"fields": [{"name": "a", "type": other}]}},
        {
            "name": "c",
            "path": "c.csv",
            "schema": {
                "fields": [{"name": "b", "type": own}],
                "foreignKeys": [_link(["b"], "p", ["a"])],
            },
        },
    ]
    report = judge(make(tmp_path, tables, {"p.csv": "a\n2020\n", "c.csv": "b\n2020\n"}, **V2))
    expect(report, "valid")
