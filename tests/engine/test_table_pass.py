"""The fast pass lets no error through that the exact rules find, and changes no finding.

Every test judges a package twice: as usual, with small files read as large ones are, and with
every row read by the exact readers and decided by the database. The packages are the fixtures
of the rules, and made tables whose cells come near every border of a type.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimpack
from claimpack.engine.exact.row_findings import RowFindings
from claimpack.engine.scan.table_pass import TablePass
from packages import Json, exactly, fast, make, table, timeless

FIXTURES = Path(__file__).parents[1] / "rules"

FIELDS: dict[str, tuple[Json, list[str]]] = {
    "string": (
        {"constraints": {"pattern": "[a-z]-\\d{2}", "maxLength": 4}},
        ["a-01", "é-٣٣", "b-1"],
    ),
    "integer": (
        {"constraints": {"minimum": -5, "maximum": 700}},
        ["+7", "-6", "007", "1e2", "9" * 40],
    ),
    "number": (
        {"constraints": {"minimum": 0, "exclusiveMaximum": 1}},
        ["0.99999999999999999", "1", "-0", "nan", "INF", "1_0", " 1", "1e-3", "1e400", "."],
    ),
    "boolean": ({}, ["true", "1", "yes", "True"]),
    "date": (
        {"constraints": {"minimum": "2000-02-29"}},
        ["2000-02-28", "2000-02-29", "2001-02-29", "0000-01-01", "2024-13-01", "2024-12-31 "],
    ),
    "time": (
        {"constraints": {"maximum": "12:00:00"}},
        ["12:00:00", "12:00:01", "24:00:00", "1:00:00"],
    ),
    "datetime": (
        {"constraints": {"minimum": "2020-01-01T00:00:00Z"}},
        ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00+01:00", "2019-12-31T24:00:00", "2020-01-01"],
    ),
    "year": ({"constraints": {"minimum": 1900}}, ["1899", "1900Z", "-0044", "12020", "0000"]),
    "yearmonth": ({}, ["2020-01", "2020-13", "999-01", "0000-01"]),
    "duration": ({}, ["P1D", "PT", "P1W", "-P1Y2M3DT4H5M6.7S"]),
    "any": ({"constraints": {"enum": ["x", "y"]}}, ["x", "z"]),
}


def _report(path: Path, quick: bool) -> Json:
    with pytest.MonkeyPatch.context() as patch:
        (fast if quick else exactly)(patch)
        made: Json = json.loads(json.dumps(claimpack.validate(path).to_dict()))
    return timeless(made)


@pytest.mark.parametrize(("quick", "decided"), [(True, 1), (False, 3)])
def test_each_way_is_the_one_that_it_is_said_to_be(
    quick: bool, decided: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fast pass hands on the one row that is wrong, the exact way all of them."""
    rows: list[int] = []
    decide = RowFindings.decide

    def watched(self: RowFindings, read: Any, suspects: Any) -> None:
        rows.append(suspects.num_rows)
        decide(self, read, suspects)

    monkeypatch.setattr(RowFindings, "decide", watched)
    make(tmp_path, [table("t", "a:integer b:date")], {"t.csv": "a,b\n1,2024-02-28\nx,\n2,\n"})
    assert len(_report(tmp_path, quick)["findings"]) == 1
    assert rows == [decided]


def _fixtures() -> list[Path]:
    return sorted(path.parent for path in FIXTURES.glob("*/*/datapackage.json"))


@pytest.mark.parametrize("folder", _fixtures(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_fixtures_get_the_same_report(folder: Path) -> None:
    """Every rule's packages, by the fast pass and by the exact rules alone."""
    assert _report(folder, True) == _report(folder, False)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Json, str]:
    """A schema of fields of all types, and rows of cells near the types' borders."""
    kinds = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=5))
    fields, columns = [], []
    for number, kind in enumerate(kinds):
        more, near = FIELDS[kind]
        fields.append({"name": f"a{number}", "type": kind, **more})
        everyday = st.text("0123456789-:.TZae ", max_size=12)
        columns.append(st.one_of(st.sampled_from(["", *near]), everyday))
    rows = draw(st.lists(st.tuples(*columns), min_size=1, max_size=30))
    schema: Json = {"fields": fields}
    if draw(st.booleans()):
        fields[0]["constraints"] = {**fields[0].get("constraints", {}), "unique": True}
    if draw(st.booleans()):
        schema["primaryKey"] = [fields[-1]["name"]]
    if draw(st.booleans()):
        other = {"resource": "", "fields": [fields[-1]["name"]]}
        schema["foreignKeys"] = [{"fields": [fields[0]["name"]], "reference": other}]
    quote, broken = draw(st.booleans()), draw(st.booleans())
    shown = [[_quoted(cell, broken) if quote else cell for cell in row] for row in rows]
    header = ",".join(f"a{number}" for number in range(len(kinds)))
    return schema, "\n".join([header, *(",".join(row) for row in shown), ""])


def _quoted(cell: str, broken: bool) -> str:
    """A cell in quotes, with newlines and doubled quotes in it where it is to be broken."""
    return '"' + (cell.replace("-", "\n").replace(":", '""') if broken else cell) + '"'


@pytest.mark.property
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_made_tables_get_the_same_report(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Json, str]
) -> None:
    """Whatever the cells hold, the fast pass finds what the exact rules find."""
    schema, text = made
    folder = tmp_path_factory.mktemp("made")
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    make(folder, [resource], {"t.csv": text})
    assert _report(folder, True) == _report(folder, False)


def test_rows_keep_their_order_and_their_numbers(tmp_path: Path) -> None:
    """With many batches and a list of more than four values: rows and lines are those of the file.

    DuckDB turns such a list into a join that loses the order of the rows, in large files only.
    """
    rows = 700_000
    bad = {1, 2, 123_456, 200_000, 200_001, 400_000, 699_999, 700_000}
    lines = ["id,kind"]
    lines += [f"{n},{'x' if n in bad else 'abcdefgh'[n % 8]}" for n in range(1, rows + 1)]
    listed = {"name": "kind", "type": "string", "constraints": {"enum": list("abcdefgh")}}
    schema = {"fields": [{"name": "id", "type": "integer"}, listed], "primaryKey": ["id"]}
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    make(tmp_path, [resource], {"t.csv": "\n".join(lines) + "\n"})
    for quick in (True, False):
        found = _report(tmp_path, quick)["findings"]
        assert [(item["row"], item["line"]) for item in found] == [(n, n + 1) for n in sorted(bad)]


def test_several_keys_are_looked_up_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many keys stand twice, the file is read again once; each row is told by its own."""
    looks: list[int] = []
    again = TablePass.again

    def counted(self: TablePass, *given: Any) -> Any:
        looks.append(1)
        return again(self, *given)

    monkeypatch.setattr(TablePass, "again", counted)
    keys = {"primaryKey": "a", "uniqueKeys": [["b"], ["b", "c"]]}
    text = "a,b,c\n1,x,1\n2,y,1\n1,z,1\n3,y,2\n4,x,1\n"
    make(tmp_path, [table("t", "a:integer b c", schema=keys)], {"t.csv": text})
    report = _report(tmp_path, True)
    assert len(looks) == 1
    assert sorted((item["row"], str(item["field"])) for item in report["findings"]) == [
        (3, "a"),
        (4, "b"),
        (5, "['b', 'c']"),
        (5, "b"),
    ]
    assert report == _report(tmp_path, False)


def test_newlines_in_quotes_move_the_lines_behind_them(tmp_path: Path) -> None:
    """Rows and lines of faults, of repeated keys and of lost references, over many batches."""
    rows = 450_000
    bad = {2, 150_000, 200_001, 449_999}
    cells = ['"a\nb, c"' if n % 1000 == 0 else "plain" for n in range(1, rows + 1)]
    keys = [1 if n in bad else n for n in range(1, rows + 1)]
    refs = [rows + n if n in bad else 1 for n in range(1, rows + 1)]
    lines = [f"{k},{r},{c}" for k, r, c in zip(keys, refs, cells, strict=True)]
    schema = {
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["ref"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    described = table("t", "id:integer ref:integer text", schema=schema)
    make(tmp_path, [described], {"t.csv": "\n".join(["id,ref,text", *lines, ""])})
    expected = [(rule, n, n + 1 + (n - 1) // 1000) for n in sorted(bad) for rule in ("fk", "pk")]
    for quick in (True, False):
        found = _report(tmp_path, quick)["findings"]
        places = [(i["rule"][0] + "k", i["row"], i["line"]) for i in found]
        assert sorted(places, key=lambda place: (place[1], place[0])) == expected


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n3\n4,5\n", "a,b\n1,2\n3,4,5\n", "a,b", 'a,b\n1,"x\ny"\n', "a,b\n\n1,2\n", "a\n\n"],
)
def test_what_polars_would_misread_is_left_to_the_exact_reader(tmp_path: Path, text: str) -> None:
    """Missing and extra cells, newlines in quotes, blank lines, a header alone: the same report."""
    make(tmp_path, [table("t", "a b")], {"t.csv": text})
    assert _report(tmp_path, True) == _report(tmp_path, False)


def test_a_file_without_rows_is_valid(tmp_path: Path) -> None:
    """A header alone, with a field whose texts are tested one by one."""
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "date", "format": "%j/%Y"}]
    make(
        tmp_path, [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}], {"t.csv": "a,b\n"}
    )
    assert _report(tmp_path, True)["verdict"] == "valid"


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_missing_values_are_proved_valid(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A null of any type is decided by the fast pass: many tables have more nulls than values."""
    rows: list[int] = []
    decide = RowFindings.decide

    def watched(self: RowFindings, read: Any, suspects: Any) -> None:
        rows.append(suspects.num_rows)
        decide(self, read, suspects)

    monkeypatch.setattr(RowFindings, "decide", watched)
    named = [{"name": "a", "type": "integer"}, {"name": "b", "type": kind, **FIELDS[kind][0]}]
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": named}}
    make(tmp_path, [resource], {"t.csv": "a,b\n1,\n2,\n"})
    assert claimpack.validate(tmp_path).valid
    assert rows == []


@pytest.mark.parametrize(
    ("bound", "cells", "undecided"),
    [
        ("2020-01-01T00:00:00Z", ["2020-01-01T00:00:00Z", "2021-06-07T08:09:10Z", ""], 0),
        ("2020-01-01T00:00:00", ["2020-01-01T00:00:00", "2021-06-07T08:09:10"], 0),
        ("2020-01-01T00:00:00Z", ["2020-01-01T01:00:00+01:00", "2020-02-29T00:00:00Z"], 2),
    ],
)
def test_everyday_datetimes_are_compared_by_the_fast_pass(
    bound: str, cells: list[str], undecided: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In UTC or without a zone the order of the texts is that of the moments."""
    rows = [0]
    decide = RowFindings.decide

    def watched(self: RowFindings, read: Any, suspects: Any) -> None:
        rows.append(suspects.num_rows)
        decide(self, read, suspects)

    monkeypatch.setattr(RowFindings, "decide", watched)
    named = {"name": "a", "type": "datetime", "constraints": {"minimum": bound}}
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [named, {"name": "b"}]}}
    make(tmp_path, [resource], {"t.csv": "\n".join(["a,b", *(f"{x},x" for x in cells), ""])})
    assert claimpack.validate(tmp_path).valid
    assert sum(rows) == undecided
