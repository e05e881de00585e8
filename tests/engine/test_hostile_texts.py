"""Texts of a descriptor that look like SQL, templates or the engine's own names change nothing.

A package is made twice: with innocent texts, and with hostile ones in their places. The
verdict and the findings are the same, once the hostile texts in them are replaced.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimpack
from claimpack.readers import csv_plainness
from packages import Json, command, expect, field, judge, make, one, table, timeless

INNOCENT = ("alpha", "beta", "gamma", "delta", "theta", "omega", "kappa", "sigma")
HOSTILE = [
    *("f0", "c0", "t1", "k0", "v0", "_row", "row", "fault", "cells", "line", "findings", "scan 0"),
    *("{value}", "{row}", "{detail}", "{}", "{0}", "{listed}", "{pattern}", "{fix}", "%s", "%(x)s"),
    *(
        "TRY_CAST(f0 AS DOUBLE)",
        "TRY_CAST(f1 AS BIGINT)",
        "CANONICAL_VALUE",
        "EXACT_ORDER(f0, '1')",
    ),
    *("'", "''", '"', "' OR TRUE --", "'; DROP TABLE findings; --", "/* f0 */", "-- x", "NULL"),
    *("$1", "?", ":name", "\\", "\\'", "SELECT 1", "(SELECT f0)", "COALESCE", "TRUE", ",", ";"),
]


def test_an_enum_value_that_looks_like_a_cast_is_compared_as_it_is(tmp_path: Path) -> None:
    """The casts that checks share are found in the expressions, not in the texts of an enum."""
    number = field("n", "number", constraints={"minimum": 0, "maximum": 10})
    text = field("s", constraints={"enum": ["TRY_CAST(f0 AS DOUBLE)", "x"]})
    expect(
        judge(one(tmp_path, "n,s\n1,x\n3,t0\n4,TRY_CAST(f0 AS DOUBLE)\n", [number, text])),
        "invalid",
        {"rule": "constraint-error", "row": 2, "value": "t0"},
    )


@pytest.mark.parametrize(
    ("constraints", "fix"),
    [
        ({"enum": ["{value}", "{row}", "x"]}, "Replace the value with one of {value}, {row}, x."),
        (
            {"pattern": r"\{value\}|x{2}"},
            "Replace it with a value that matches the whole pattern.",
        ),
    ],
)
def test_a_text_that_looks_like_a_place_holder_is_shown(
    constraints: Json, fix: str, tmp_path: Path
) -> None:
    """What the descriptor says is put into a message once and never filled."""
    found = judge(one(tmp_path, "s\ny\n", [field("s", constraints=constraints)]))
    expect(found, "invalid", {"rule": "constraint-error", "fix": fix})


def test_names_that_look_like_place_holders_are_shown(tmp_path: Path) -> None:
    """The names in the message of a foreign key are those of the descriptor."""
    key = {"fields": "{row}", "reference": {"resource": "{value}", "fields": "{detail}"}}
    resources = [
        table("{value}", [field("{detail}")], path="a.csv"),
        table("b", [field("{row}")], schema={"foreignKeys": [key]}),
    ]
    report = judge(make(tmp_path, resources, {"a.csv": "{detail}\n1\n", "b.csv": "{row}\n2\n"}))
    found = [item for item in report["findings"] if item["rule"] == "foreign-key"]
    assert len(found) == 1
    assert '"2"' in found[0]["message"]
    assert "{detail}" in found[0]["message"]
    assert "{value}" in found[0]["message"]


def _resources(texts: tuple[str, ...], missing: bool) -> tuple[list[Json], dict[str, str]]:
    """A package with these texts wherever a descriptor has some, and cells that meet them.

    With or without missing values beside the empty text, which the second engine leaves alone.
    """
    one, two, three, four, title, name, other, key = texts

    def nulls(text: str) -> list[str]:
        return ["", text][: 1 + missing]

    fields = [
        field("n", "number", constraints={"minimum": 0, "maximum": 10}),
        field(name, title=title, constraints={"enum": [one, two]}),
        field(other, categories=[two, three], missingValues=nulls(four)),
        field("b", "boolean", trueValues=[one], falseValues=[two]),
        field(key, "integer", missingValues=nulls(three), constraints={"enum": [1, 2]}),
        field("u", constraints={"unique": True, "maxLength": 500}),
    ]
    rows = [
        ["n", name, other, "b", key, "u"],
        ["1", one, two, one, "1", one],
        ["2", two, three, two, "2", two],
        ["3", three, four, three, three, three],
        ["99", four, one, four, "7", one],
        ["x", "t0", "f0 ", title, four, "a"],
    ]
    link = {"fields": [name], "reference": {"resource": "second", "fields": [other]}}
    schema = {"primaryKey": ["n", key], "foreignKeys": [link], "missingValues": nulls(title)}
    resources = [
        table("first", fields, schema=schema, path="first.csv"),
        table("second", [field(other), field("m")], path="second.csv"),
    ]
    second = [[other, "m"], [one, two], [title, three]]
    return resources, {"first.csv": _written(rows), "second.csv": _written(second)}


def _written(rows: list[list[str]]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return made.getvalue()


def _judged(texts: tuple[str, ...], missing: bool) -> Json:
    resources, files = _resources(texts, missing)
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder), resources, files, profile="tabular-data-package")
        report: Json = json.loads(json.dumps(claimpack.validate(path).to_dict()))
    return timeless(report)


def _facts(report: Json, texts: tuple[str, ...]) -> list[str]:
    """The findings without their words, each text by its place."""
    known = {text: f"<{place}>" for place, text in enumerate(texts)}

    def named(value: object) -> object:
        if isinstance(value, list):
            return [named(part) for part in value]
        return known.get(value, value) if isinstance(value, str) else value

    keys = ("rule", "severity", "resource", "field", "row", "line", "value")
    found = ([named(item[key]) for key in keys] for item in report["findings"])
    return sorted(json.dumps(item) for item in found if item[0] != "name-clash")


@pytest.mark.parametrize("swept", [False, True])
@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(st.sampled_from(HOSTILE), min_size=8, max_size=8, unique=True))
def test_hostile_texts_are_judged_as_innocent_ones(swept: bool, texts: list[str]) -> None:
    """The verdict and every finding are those of the same package with everyday words."""
    with pytest.MonkeyPatch.context() as patch:
        if swept:
            patch.setattr(csv_plainness, "SMALL", -1)
        innocent = _judged(INNOCENT, not swept)
        hostile = _judged(tuple(texts), not swept)
    assert hostile["verdict"] == innocent["verdict"]
    assert [item["rows"] for item in hostile["tables"]] == [5, 2]
    assert hostile["unchecked"] == innocent["unchecked"]
    assert _facts(hostile, tuple(texts)) == _facts(innocent, INNOCENT)


@pytest.mark.parametrize("text", HOSTILE)
def test_messages_show_hostile_texts_as_they_are(text: str, tmp_path: Path) -> None:
    """A value that is listed stands in the fix letter by letter."""
    found = judge(one(tmp_path, "s\nnone of these\n", [field("s", constraints={"enum": [text]})]))
    errors = [item for item in found["findings"] if item["severity"] == "error"]
    assert [item["fix"] for item in errors] == [f"Replace the value with one of {text}."]
    assert errors[0]["message"] == 'expected one of the listed values, found "none of these"'


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_of_any_name_is_read_by_a_query(text: str, tmp_path: Path) -> None:
    """A table is filled however its name is written in the query."""
    path = make(tmp_path, [table(text, "x", path="t.csv")], {"t.csv": "x\n1\n2\n"})
    quoted = text.replace('"', '""')
    sql = f'SELECT count(*) AS n FROM "{quoted}"'
    assert command("query", sql, str(path), "--format", "csv") == (0, "n\n2\n", "")


INTERNAL = ("incoming", "outgoing", "listed", "waiting", "findings", "numbered", "plain", "swept")


def test_tables_may_have_the_names_that_the_engine_uses_itself(tmp_path: Path) -> None:
    """Several tables under the engine's own names are judged, and read by one query."""
    files = {f"{name}.csv": f'x\n{place}\n"2\n"\n' for place, name in enumerate(INTERNAL)}
    path = make(tmp_path, [table(name, "x") for name in INTERNAL], files)
    expect(judge(path), "valid")
    sql = " UNION ALL ".join(
        f'SELECT min(x) FILTER (length(x) = 1) AS n FROM "{name}"' for name in INTERNAL
    )
    code, out, _ = command("query", f"SELECT * FROM ({sql}) ORDER BY n", str(path), "-f", "csv")
    assert (code, out.split()) == (0, ["n", *map(str, range(len(INTERNAL)))])
