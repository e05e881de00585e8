"""White space around values whose types ignore it: one warning, and the value everywhere."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack.readers import csv_plainness
from packages import V2, Json, command, field, judge, make, of, one, table, valid

TYPES: dict[str, tuple[Json, str, Any]] = {
    "integer": ({"type": "integer"}, "79", 79),
    "grouped": ({"type": "integer", "groupChar": " "}, "1 079", 1079),
    "number": ({"type": "number"}, "7.5", 7.5),
    "comma": ({"type": "number", "decimalChar": ",", "groupChar": "."}, "1.007,5", 1007.5),
    "special": ({"type": "number"}, "INF", float("inf")),
    "datetime": ({"type": "datetime"}, "2024-01-26T15:00:00", datetime(2024, 1, 26, 15)),
    "zoned": ({"type": "datetime"}, "2024-01-26T15:00:00Z", datetime(2024, 1, 26, 15)),
    "year": ({"type": "year"}, "2024", 2024),
    "yearmonth": ({"type": "yearmonth"}, "2024-01", "2024-01"),
    "duration": ({"type": "duration"}, "P1DT2H", "P1DT2H"),
}
WARNED = [name for name in TYPES if name != "grouped"]
"""A space that groups digits may be anywhere among them."""
STRICT: dict[str, tuple[Json, str]] = {
    "date": ({"type": "date"}, "2024-01-26"),
    "time": ({"type": "time"}, "15:00:00"),
    "boolean": ({"type": "boolean"}, "true"),
    "geopoint": ({"type": "geopoint"}, "1,2"),
    "pattern": ({"type": "datetime", "format": "%Y-%m-%d %H:%M"}, "2024-01-26 15:00"),
    "uuid": ({"type": "string", "format": "uuid"}, "123e4567-e89b-12d3-a456-426614174000"),
}
PADS = [" {}", "{} ", "\t{}\t", "\n{}", "{}\n", " \n\t{}  "]


@pytest.fixture(params=["polars", "database", "exact"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the ways in which a table is read."""
    way: str = request.param
    if way == "polars":
        monkeypatch.setattr(csv_plainness, "SMALL", -1)
    return way


def padded(folder: Path, way: str, name: str) -> Path:
    """A table of 60 rows, a tenth of them padded; half of them where the database reads it."""
    described, text, _ = TYPES[name]
    many = 30 if way == "database" else 6
    pads = [PADS[n % len(PADS)] if n < many else "{}" for n in range(60)]
    data = "x,n\n" + "".join(f'"{pad.format(text)}",{n}\n' for n, pad in enumerate(pads))
    constraints = {"enum": [f" {text}"]} if name in ("integer", "year") else {}
    fields = [field("x", **described, constraints=constraints), field("n", "integer")]
    return one(folder, data, fields, package=V2, **read_by(way))


def read_by(way: str) -> Json:
    """What a resource declares, so that the exact reader reads it."""
    return {"encoding": "iso-8859-1"} if way == "exact" else {}


def field_of(name: str) -> Json:
    """A field `x` of a type."""
    return {"name": "x", **TYPES[name][0]}


@pytest.mark.parametrize("name", WARNED)
def test_a_column_with_padded_values_is_one_warning(tmp_path: Path, name: str, way: str) -> None:
    """However many there are: with their number, and the line and text of the first."""
    report = valid(judge(padded(tmp_path, way, name)), rows=60)
    (found,) = of(report, "padded-value")
    many = 30 if way == "database" else 6
    first = f" {TYPES[name][1]}"
    assert found["message"] == (f'{many} values have white space around them, such as "{first}"')
    assert (found["severity"], found["field"], found["row"]) == ("warning", "x", 1)
    assert (found["line"], found["value"]) == (2, first)


@pytest.mark.parametrize("name", STRICT)
@pytest.mark.parametrize("pad", [" {}", "{} "])
def test_types_with_forms_of_their_own_stay_strict(tmp_path: Path, name: str, pad: str) -> None:
    """A space is no part of what the standard spells out itself."""
    described, text = STRICT[name]
    data = f'x,n\n"{pad.format(text)}",1\n'
    report = judge(one(tmp_path, data, [{"name": "x", **described}, field("n")]))
    assert [item["rule"] for item in report["findings"]] == ["type-error"]


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\x0b", "\x0c", "\x1f", "\ufeff"])
@pytest.mark.parametrize("name", TYPES)
def test_no_other_character_is_white_space(tmp_path: Path, name: str, space: str) -> None:
    """XML Schema has spaces, tabs, newlines and carriage returns."""
    data = f'n,x\n1,"{space}{TYPES[name][1]}"\n'
    report = judge(one(tmp_path, data, [field("n"), field_of(name)]))
    assert [item["rule"] for item in report["findings"]] == ["type-error"]


@pytest.mark.parametrize("text", [" ", "1 2", "- 1", "\n", " x"])
def test_white_space_inside_is_an_error(tmp_path: Path, text: str) -> None:
    """It is collapsed, not removed; and it alone is no value. Such cells are not counted."""
    data = f'x,n\n" 1",1\n"{text}",1\n'
    report = judge(one(tmp_path, data, "x:integer n:integer"))
    assert [(item["rule"], item["row"]) for item in report["findings"]] == [
        ("padded-value", 1),
        ("type-error", 2),
    ]
    assert report["findings"][0]["message"].startswith("1 value has white space around it")


@pytest.mark.parametrize("name", WARNED)
def test_keys_compare_values_without_white_space(tmp_path: Path, name: str, way: str) -> None:
    """A primary key, a unique field and a reference: ` 79` is `79`."""
    text = TYPES[name][1]
    fields = [{**field_of(name), "constraints": {"unique": True}}, field("n")]
    link = {"fields": ["x"], "reference": {"resource": "t", "fields": ["x"]}}
    many = 30 if way == "database" else 1
    t = table("t", fields, schema={"primaryKey": ["x"]}, **read_by(way))
    u = table("u", [field_of(name), field("n")], schema={"foreignKeys": [link]}, **read_by(way))
    rows = f'"{text}",1\n,2\n" {text}",3\n'
    refers = f'"{text}\t",x\n' * many + f'"{text}",x\n' * 30
    files = {"t.csv": f"x,n\n{rows}", "u.csv": f"x,n\n{refers}"}
    report = judge(make(tmp_path, [t, u], files, **V2))
    wrong = {(i["resource"], i["rule"], i["row"]) for i in report["findings"]}
    assert wrong == {
        ("t", "primary-key", 2),
        ("t", "primary-key", 3),
        ("t", "unique-error", 3),
        ("t", "padded-value", 3),
        ("u", "padded-value", 1),
    }


@pytest.mark.parametrize(
    ("described", "text", "wrong"),
    [
        ({"type": "integer", "constraints": {"minimum": "5 "}}, " 4", " 5"),
        ({"type": "number", "constraints": {"maximum": " 5.5"}}, "6 ", "5.5 "),
        ({"type": "number", "constraints": {"minimum": 10**20}}, f" {10**20 - 1}", f" {10**20}"),
        ({"type": "integer", "constraints": {"enum": ["1 ", 2]}}, " 3", "\t1"),
        ({"type": "integer", "constraints": {"enum": [*range(300)]}}, " 301", " 299"),
        ({"type": "year", "constraints": {"minimum": " 2000"}}, " 1999", "2000 "),
        (
            {"type": "datetime", "constraints": {"maximum": "2020-01-01T00:00:00Z "}},
            " 2020-01-02T00:00:00Z",
            " 2020-01-01T00:00:00Z",
        ),
        ({"type": "duration", "constraints": {"maximum": "P1D"}}, " P2D", "P1D "),
        ({"type": "duration", "constraints": {"enum": [" P1D"]}}, " P2D", "PT24H "),
        ({"type": "integer", "categories": [1, 2]}, " 3", "2 "),
    ],
)
def test_constraints_judge_the_value(
    tmp_path: Path, described: Json, text: str, wrong: str, way: str
) -> None:
    """In cells and in the descriptor: the first cell breaks the constraint, the other keeps it."""
    spare = ",1\n" * 40 if way == "polars" else ""
    data = f'x,n\n"{text}",1\n"{wrong}",1\n{spare}'
    report = judge(
        one(tmp_path, data, [{"name": "x", **described}, field("n")], package=V2, **read_by(way))
    )
    found = {(item["rule"], item["row"]) for item in report["findings"]}
    assert found == {("padded-value", 1), ("constraint-error", 1)}


@pytest.mark.parametrize("name", TYPES)
def test_exports_and_typed_values_have_no_white_space(tmp_path: Path, name: str, way: str) -> None:
    """Parquet, CSV, JSON Lines, `open` and `query` give the value."""
    folder = padded(tmp_path / "p", way, name)
    _, text, value = TYPES[name]
    claimpack.export(folder, tmp_path / "out", formats=["csv", "jsonl", "parquet"])
    csv = (tmp_path / "out/csv/tables/t.csv").read_text(encoding="utf-8").splitlines()
    quoted = f'"{text}"' if "," in text else text
    assert csv[1:] == [f"{quoted},{n}" for n in range(60)]
    lines = (tmp_path / "out/jsonl/tables/t.jsonl").read_text(encoding="utf-8").splitlines()
    assert len({json.dumps(json.loads(line)["x"]) for line in lines}) == 1
    import pyarrow.parquet as pq

    assert set(pq.read_table(tmp_path / "out/parquet/tables/t.parquet")["x"].to_pylist()) == {value}
    assert set(claimpack.open(folder)["t"].to_arrow()["x"].to_pylist()) == {value}
    assert judge(tmp_path / "out/csv")["findings"] == []


def test_a_value_that_would_become_a_missing_one_keeps_its_white_space(tmp_path: Path) -> None:
    """Missing values are known by the text as it is written: ` -99` is a number, `-99` is none."""
    schema = {"missingValues": ["", "-99", " 0"]}
    data = "x,n\n -99,1\n-99,2\n 0,3\n 5,4\n"
    folder = one(tmp_path / "p", data, "x:integer n:integer", schema=schema)
    assert claimpack.open(folder)["t"].to_arrow()["x"].to_pylist() == [-99, None, None, 5]
    claimpack.export(folder, tmp_path / "out", formats=["csv"])
    rows = (tmp_path / "out/csv/tables/t.csv").read_text(encoding="utf-8").splitlines()
    assert rows[1:] == [" -99,1", "-99,2", " 0,3", "5,4"]


def test_a_decimal_character_that_is_a_space_is_no_white_space(tmp_path: Path) -> None:
    """The text is judged as it is written."""
    described = {"name": "x", "type": "number", "decimalChar": " "}
    folder = one(tmp_path, 'x,n\n" 5",1\n', [described, field("n")])
    assert judge(folder)["findings"] == []
    assert claimpack.open(folder)["t"].to_arrow()["x"].to_pylist() == [0.5]


@pytest.mark.parametrize("kind", ["integer", "number", "datetime"])
def test_items_of_a_list_are_values_of_their_type(tmp_path: Path, kind: str) -> None:
    """Each item is read as an individual value, which equals one without white space."""
    text = TYPES[kind][1]
    described = {"name": "x", "type": "list", "itemType": kind, "constraints": {"unique": True}}
    data = f'x,n\n"{text}, {text}",1\n"{text},{text}",2\n'
    report = judge(one(tmp_path, data, [described, field("n")], package=V2))
    assert [(item["rule"], item["row"]) for item in report["findings"]] == [("unique-error", 2)]


def test_tables_with_values_of_their_own_types_are_judged_alike(tmp_path: Path) -> None:
    """A text of JSON that is a number with a space is one as well."""
    data = [{"x": " 5"}, {"x": 5}]
    t = {"name": "t", "data": data, "schema": {"fields": [field("x", "integer")]}}
    (found,) = valid(judge(make(tmp_path, [t])), rows=2)["findings"]
    assert (found["rule"], found["row"], found["value"]) == ("padded-value", 1, " 5")


def test_a_very_wide_table_has_one_finding_a_column(tmp_path: Path) -> None:
    """Columns that are judged together are counted apart."""
    names = [f"c{n}" for n in range(3000)]
    rows = [["1"] * 3000 for _ in range(4)]
    rows[1][7] = rows[3][7] = " 1"
    rows[2][2900] = "1 "
    text = "\n".join(",".join(row) for row in [names, *rows]) + "\n"
    report = judge(one(tmp_path, text, " ".join(f"{name}:integer" for name in names)))
    assert report["verdict"] == "valid"
    found = [(i["field"], i["row"], i["line"], i["message"][:7]) for i in report["findings"]]
    assert sorted(found) == [("c2900", 3, 4, "1 value"), ("c7", 2, 3, "2 value")]


def test_the_rule_can_be_graded(tmp_path: Path) -> None:
    """Off says nothing of it; error makes the package invalid."""
    folder = one(tmp_path, "x,n\n 1,1\n", "x:integer n:integer")
    assert judge(folder, "--rule=padded-value=off")["findings"] == []
    assert judge(folder, "--rule=padded-value=error")["verdict"] == "invalid"


def test_two_states_that_differ_by_white_space_are_the_same(tmp_path: Path) -> None:
    """`diff` compares values."""
    for name, cell in (("a", " 1"), ("b", "1")):
        one(tmp_path / name, f"x,n\n{cell},1\n", "x:integer n:integer", schema={"primaryKey": "n"})
    code, out, _ = command("diff", str(tmp_path / "a"), str(tmp_path / "b"), "--format", "json")
    assert code == 0
    assert "changed" in out
    assert json.loads(out)["tables"][0]["changed"] == 0


def test_two_fields_of_one_name_are_told_together(tmp_path: Path) -> None:
    """Version 1 allows them; a finding names the field, so that there is one for both."""
    report = judge(one(tmp_path, "x,x\n 1,2\n3,4 \n", "x:integer x:integer"))
    (found,) = of(report, "padded-value")
    assert (found["message"][:8], found["row"]) == ("2 values", 1)
