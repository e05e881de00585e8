"""The sweep: the second engine lets no fault pass that the first one finds, and changes no verdict.

Every test runs a package twice, with the second engine and without, however small its files
are. The fixtures of the rules, and made tables whose cells come near every border of a type.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimpack
from claimpack.engine.scan import polars_scan
from claimpack.readers import csv_plainness
from packages import Json, make, table, timeless

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


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are swept as large ones are, whatever the share of suspects."""
    monkeypatch.setattr(csv_plainness, "SMALL", -1)
    monkeypatch.setattr(polars_scan, "MOST", 1.0)


def _report(path: Path, swept: bool) -> Json:
    with pytest.MonkeyPatch.context() as patch:
        if not swept:
            patch.setattr(polars_scan.PolarsScan, "run", lambda *_: False)
        made: Json = json.loads(json.dumps(claimpack.validate(path).to_dict()))
    return timeless(made)


def test_plain_tables_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests here try what they are about: a plain table does go through the second engine."""
    ended: list[bool] = []
    run = polars_scan.PolarsScan.run

    def watched(self: polars_scan.PolarsScan, *given: Any) -> bool:
        ended.append(run(self, *given))
        return ended[-1]

    monkeypatch.setattr(polars_scan.PolarsScan, "run", watched)
    make(tmp_path, [table("t", "a:integer b:date")], {"t.csv": "a,b\n1,2024-02-29\nx,\n"})
    assert len(_report(tmp_path, True)["findings"]) == 1
    assert ended == [True]


def _fixtures() -> list[Path]:
    return sorted(path.parent for path in FIXTURES.glob("*/*/datapackage.json"))


@pytest.mark.parametrize("folder", _fixtures(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_fixtures_get_the_same_report(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule's packages, with and without the fast scan; skipped where it reads no table."""
    ended: list[bool] = []
    run = polars_scan.PolarsScan.run

    def watched(self: polars_scan.PolarsScan, *given: Any) -> bool:
        ended.append(run(self, *given))
        return ended[-1]

    monkeypatch.setattr(polars_scan.PolarsScan, "run", watched)
    fast = _report(folder, True)
    if not any(ended):
        pytest.skip("no table of it is plain")
    assert fast == _report(folder, False)


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
    """Whatever stands in the cells: what the first engine finds, the sweep finds."""
    schema, text = made
    folder = tmp_path_factory.mktemp("swept")
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
    for swept in (True, False):
        found = _report(tmp_path, swept)["findings"]
        assert [(item["row"], item["line"]) for item in found] == [(n, n + 1) for n in sorted(bad)]


def test_several_keys_are_looked_up_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many keys stand twice, the file is read again once; each row is told by its own."""
    looks: list[int] = []
    again = polars_scan.PolarsScan.again

    def counted(self: polars_scan.PolarsScan, *given: Any) -> Any:
        looks.append(1)
        return again(self, *given)

    monkeypatch.setattr(polars_scan.PolarsScan, "again", counted)
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
    for swept in (True, False):
        found = _report(tmp_path, swept)["findings"]
        places = [(i["rule"][0] + "k", i["row"], i["line"]) for i in found]
        assert sorted(places, key=lambda place: (place[1], place[0])) == expected


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n3\n4,5\n", "a,b\n1,2\n3,4,5\n", "a,b", 'a,b\n1,"x\ny"\n', "a,b\n\n1,2\n", "a\n\n"],
)
def test_what_the_second_engine_would_misread_is_left_alone(tmp_path: Path, text: str) -> None:
    """Missing and extra cells, newlines in quotes, blank lines, a header alone: as without it."""
    make(tmp_path, [table("t", "a b")], {"t.csv": text})
    assert _report(tmp_path, True) == _report(tmp_path, False)


def test_a_file_without_rows_is_swept(tmp_path: Path) -> None:
    """A header alone, with a field whose texts are tested one by one."""
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "date", "format": "%j/%Y"}]
    make(
        tmp_path, [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}], {"t.csv": "a,b\n"}
    )
    assert _report(tmp_path, True)["verdict"] == "valid"
