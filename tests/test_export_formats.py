"""Every format of an export holds the same values as the tables, whatever they are."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

import claimpack
import packages
from claimpack import descriptor
from claimpack.engine import tables
from claimpack.engine.store import Store
from claimpack.exporters import exporter
from claimpack.release.values import first_difference
from packages import Json, field, make, one, table

DATASET = Path(__file__).parents[1]
TABULAR = ["csv", "duckdb", "jsonl", "parquet", "sqlite", "xlsx"]
"""Formats that carry the tables."""

HOSTILE = [
    "=1+1",
    "007",
    "+49 30 1234",
    "-1-1",
    "@SUM(A1)",
    "\tx",
    "1e5",
    "TRUE",
    "#N/A",
    "'quoted'",
    'say "no"; DROP TABLE t; --',
    "line\nbreak",
    "carriage\rreturn",
    "both\r\nof them",
    "_x000D_",
    "_x005F_x000D_",
    " spaces ",
    "\u00a0",
    "\u2028",
    "\ufeffmark",
    "\x01\x1f\x7f",
    "\ufffe",
    "\U0001f600 \u202e rtl",
    "a\u0301",
    "</t><x>&amp;]]>",
    "\\n {brace} $x$ 100% ~ ^ _ #",
    "x" * 20_000,
]
"""Texts that some format or reader would take for something else."""

NAMES = [
    "select",
    'a"b',
    "a'b",
    "x;--",
    "Name",
    "name",
    "rowid",
    "\u00e4\u20ac\U0001f600",
    "a b\nc",
    "-- comment",
    "*",
    "long" * 100,
    "=1+1",
    "[x]",
    "$1",
]
"""Names of fields, likewise."""

KINDS: dict[str, tuple[Json, list[str]]] = {
    "integer": ({}, ["0", "-1", "007", "+5", "9007199254740993", "-9223372036854775808"]),
    "number": (
        {},
        ["0.30000000000000004", "-0.0", "1e308", "5e-324", "1.50", "INF", "-INF", "123456789.123"],
    ),
    "decimal": (
        {"type": "number", "decimalChar": ",", "groupChar": "."},
        ["1.000,5", "0,1", "-2,25"],
    ),
    "boolean": ({}, ["true", "false", "1", "0"]),
    "sure": ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no"]),
    "date": ({}, ["2020-02-29", "0001-01-01", "1900-02-28", "1900-03-01", "9999-12-31"]),
    "day": ({"type": "date", "format": "%d.%m.%Y"}, ["29.02.2020", "31.12.1850"]),
    "time": ({}, ["00:00:00", "23:59:59", "09:30:15"]),
    "clock": ({"type": "time", "format": "%H:%M:%S.%f"}, ["09:30:15.000001", "12:00:00.500000"]),
    "datetime": ({}, ["2020-02-29T23:59:59Z", "1899-12-31T00:00:00Z", "9999-12-31T23:59:59Z"]),
    "moment": (
        {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S.%f"},
        ["2020-02-29 12:00:00.000001", "1970-01-01 00:00:00.000000"],
    ),
    "year": ({}, ["2020", "0998", "-0044"]),
    "yearmonth": ({}, ["2020-01", "1999-12"]),
    "duration": ({}, ["P1Y2M", "PT36H", "-P1D"]),
    "object": ({}, ['{"a": 1, "b": [1.50, null]}', '{ "z":"\u00e9\\n" }', "{}"]),
    "array": ({}, ["[1, 2]", '["a",\n"b"]', "[]"]),
    "list": ({}, ["a,b", "a", "=1,,2"]),
    "numbers": ({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1;-2", "007"]),
    "geopoint": ({}, ["90.5, 45.5", "-180,90"]),
    "pair": ({"type": "geopoint", "format": "array"}, ["[90.5, 45.5]"]),
    "place": ({"type": "geopoint", "format": "object"}, ['{"lon": 1, "lat": 2}']),
    "geojson": ({}, ['{"type": "Point", "coordinates": [1, 2]}']),
    "any": ({}, ["a", "1", "{"]),
    "string": ({}, ["a", *HOSTILE]),
    "level": ({"type": "string", "categories": ["low", "high"]}, ["high", "low"]),
    "binary": ({"type": "string", "format": "binary"}, ["YWJj"]),
}
"""Every type of field, with texts that are values of it."""

Door = Callable[..., tuple[int, str]]


def by_api(path: Path, out: Path, *formats: str) -> tuple[int, str]:
    """Export with the library: exit code and message."""
    try:
        claimpack.export(path, out, formats)
    except claimpack.ClaimpackError as error:
        return error.exit_code, str(error)
    return 0, ""


def by_command(path: Path, out: Path, *formats: str) -> tuple[int, str]:
    """Export with the command: exit code and what stands on stderr."""
    asked = [part for name in formats for part in ("--to", name)]
    code, _, err = packages.command("export", str(path), "-o", str(out), *asked)
    return code, err


@pytest.fixture(params=[by_api, by_command], ids=["api", "command"])
def export(request: pytest.FixtureRequest) -> Door:
    """One of the two doors."""
    door: Door = request.param
    return door


def text(rows: list[list[str]]) -> str:
    """Rows as CSV with every cell in quotes."""
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def every_type(folder: Path) -> Path:
    """A package of one table with a field of every type, its values, and a row of nulls."""
    fields = [field(name, **{"type": name, **more}) for name, (more, _) in KINDS.items()]
    height = max(len(texts) for _, texts in KINDS.values())
    columns = [[*texts, *[""] * (height - len(texts))] for _, texts in KINDS.values()]
    rows = [list(row) for row in zip(*columns, strict=True)]
    data = text([list(KINDS), *rows[:5], [""] * len(KINDS), *rows[5:]])
    return one(folder, data, fields, package=packages.V2)


def hostile(folder: Path) -> Path:
    """A package whose names and values are meant to break out of whatever holds them."""
    resources = [
        table("sqlite_master", [field(name) for name in NAMES], path="a.csv"),
        table("main", "a b:integer", path="b.csv"),
        table("data_dictionary", "a", path="c.csv", title="*/ -- '\n\r\0x", description="\n--"),
    ]
    rows = [[*HOSTILE, "", ""][i : i + len(NAMES)] for i in range(len(HOSTILE) - len(NAMES))]
    files = {
        "a.csv": text([NAMES, *rows]),
        "b.csv": "a,b\n=1,1\n",
        "c.csv": text([["a"], *([value] for value in HOSTILE)]),
    }
    return make(folder, resources, files, **{**packages.V2, "name": "p"})


def expect_same(path: Path, folder: Path, form: str) -> int:
    """The tables of a package are in a format's folder, value by value; their rows."""
    package = descriptor.read(path).package
    assert package is not None
    rows = 0
    for resource in package.resources:
        expected = tables.batches(Store(), resource, strict=True)
        found = exporter(form).read(folder / form, package, Store(), resource)
        fields = resource.schema.fields if resource.schema else ()
        assert first_difference(expected, found, fields) is None, (form, resource.name)
        rows += tables.count(Store(), resource) or 0
    return rows


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# The same values in every format


@pytest.mark.parametrize("form", TABULAR)
def test_dataset_value_by_value(form: str, export: Door, tmp_path: Path) -> None:
    """All nineteen tables of the dataset come back from each format as they are."""
    assert export(DATASET, tmp_path, form) == (0, "")
    assert expect_same(DATASET, tmp_path, form) == sum(
        item.rows or 0 for item in claimpack.info(DATASET).tables
    )


@pytest.mark.parametrize("form", TABULAR)
def test_every_type_value_by_value(form: str, export: Door, tmp_path: Path) -> None:
    """Every type of field comes back from each format, nulls and extremes too."""
    path = every_type(tmp_path / "p")
    assert export(path, tmp_path / "out", form) == (0, "")
    assert expect_same(path, tmp_path / "out", form) == len(HOSTILE) + 2


@pytest.mark.parametrize("form", TABULAR)
def test_hostile_names_and_values(form: str, export: Door, tmp_path: Path) -> None:
    """Names and values that mean something to the format are names and values there."""
    path = hostile(tmp_path / "p")
    assert export(path, tmp_path / "out", form) == (0, "")
    assert expect_same(path, tmp_path / "out", form) > len(HOSTILE)


@pytest.mark.parametrize("form", TABULAR)
def test_tables_without_rows_or_schema(form: str, tmp_path: Path) -> None:
    """A table without rows is there, and one without a schema is text."""
    resources = [table("empty", "a:integer b:date"), {"name": "bare", "path": "bare.csv"}]
    files = {"empty.csv": "a,b\n", "bare.csv": "x,y\n1,=2\n,\n"}
    path = make(tmp_path / "p", resources, files, **packages.V2)
    claimpack.export(path, tmp_path / "out", [form])
    assert expect_same(path, tmp_path / "out", form) == 2


@pytest.mark.parametrize("form", sorted({*TABULAR} - {"duckdb"}))
def test_same_bytes_in_another_folder(form: str, tmp_path: Path) -> None:
    """Two builds of the same package, in different folders, have the same bytes."""
    for name in ("one", "other"):
        claimpack.export(every_type(tmp_path / name / "p"), tmp_path / name / "out", [form])
    assert content(tmp_path / "one" / "out") == content(tmp_path / "other" / "out")


@pytest.mark.parametrize("form", TABULAR)
def test_long_tables(form: str, tmp_path: Path) -> None:
    """A table of more rows than one batch keeps all of them, in their order."""
    rows = "".join(f"{number},{number % 7}\n" for number in range(140_000, 0, -1))
    keyed = {"primaryKey": ["a"]}
    path = one(tmp_path / "p", f"a,b\n{rows}", "a:integer b", schema=keyed)
    claimpack.export(path, tmp_path / "out", [form])
    assert expect_same(path, tmp_path / "out", form) == 140_000


def test_too_large_an_integer(export: Door, tmp_path: Path) -> None:
    """A number that a format cannot hold is told, and nothing is written."""
    path = one(tmp_path / "p", "a\n99999999999999999999\n", "a:integer")
    for form in ("duckdb", "sqlite", "jsonl"):
        code, message = export(path, tmp_path / "out", form)
        assert (code, "99999999999999999999" in message) == (3, True)
        assert not (tmp_path / "out").exists()


# Databases


def linked(folder: Path) -> Path:
    """A package whose tables refer to one another, out of order, to themselves, in a circle."""
    reference = {"resource": "parent", "fields": ["id"]}
    child = {
        "primaryKey": ["id", "n"],
        "foreignKeys": [{"fields": ["parent"], "reference": reference}],
    }
    parent = {
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    circle = {
        name: {
            "primaryKey": ["id"],
            "foreignKeys": [{"fields": ["to"], "reference": {"resource": other, "fields": ["id"]}}],
        }
        for name, other in (("egg", "hen"), ("hen", "egg"))
    }
    resources = [
        table("child", "id n:integer parent", schema=child),
        table("parent", "id up", schema=parent),
        table("egg", "id to", schema=circle["egg"]),
        table("hen", "id to", schema=circle["hen"]),
    ]
    files = {
        "child.csv": "id,n,parent\nx,2,b\nx,1,a\ny,1,\n",
        "parent.csv": "id,up\nb,a\na,\nc,c\n",
        "egg.csv": "id,to\ne,h\n",
        "hen.csv": "id,to\nh,e\n",
    }
    return make(folder, resources, files)


def test_duckdb_keys(export: Door, tmp_path: Path) -> None:
    """Keys are declared as far as rows can be loaded in their order; the rest is told."""
    assert export(linked(tmp_path / "p"), tmp_path / "out", "duckdb") == (0, "")
    with duckdb.connect(str(tmp_path / "out/duckdb/p.duckdb"), read_only=True) as db:
        found = db.execute(
            "SELECT table_name, constraint_type, constraint_column_names, referenced_table "
            "FROM duckdb_constraints() WHERE constraint_type LIKE '% KEY' ORDER BY ALL"
        ).fetchall()
        notes = dict(db.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    assert found == [
        ("child", "FOREIGN KEY", ["parent"], "parent"),
        ("child", "PRIMARY KEY", ["id", "n"], None),
        ("egg", "PRIMARY KEY", ["id"], None),
        ("hen", "FOREIGN KEY", ["to"], "egg"),
        ("hen", "PRIMARY KEY", ["id"], None),
        ("parent", "PRIMARY KEY", ["id"], None),
    ]
    assert "(up) refers to parent (id)" in notes["parent"]
    assert "(to) refers to hen (id)" in notes["egg"]
    assert notes["child"] is None
    assert expect_same(tmp_path / "p", tmp_path / "out", "duckdb") == 8


def test_duckdb_types_and_comments(export: Door, tmp_path: Path) -> None:
    """Columns have the types of their fields; titles, descriptions and units are comments."""
    fields = [
        field("id", "integer", title="Number", description="It's one.", unit="people"),
        field("day", "date"),
        field("moment", "datetime"),
        field("share", "number"),
        field("sure", "boolean"),
        field("at", "time"),
        field("name", description="Its name"),
    ]
    path = one(tmp_path / "p", f"{','.join(f['name'] for f in fields)}\n", fields, title="T")
    assert export(path, tmp_path / "out", "duckdb") == (0, "")
    with duckdb.connect(str(tmp_path / "out/duckdb/p.duckdb"), read_only=True) as db:
        columns = db.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY column_index"
        ).fetchall()
        tables_ = db.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
    assert columns == [
        ("id", "BIGINT", "Number. It's one. Unit: people."),
        ("day", "DATE", None),
        ("moment", "TIMESTAMP", None),
        ("share", "DOUBLE", None),
        ("sure", "BOOLEAN", None),
        ("at", "TIME", None),
        ("name", "VARCHAR", "Its name"),
    ]
    assert tables_ == [("t", "T.")]


def test_duckdb_same_content_in_another_folder(tmp_path: Path) -> None:
    """Two builds hold the same: definitions, comments and rows; their bytes differ by nature."""
    found = []
    for name in ("one", "other"):
        claimpack.export(DATASET, tmp_path / name, ["duckdb"])
        [path] = (tmp_path / name / "duckdb").iterdir()
        with duckdb.connect(str(path), read_only=True) as db:
            names = [row[0] for row in db.execute("SHOW TABLES").fetchall()]
            rows = {item: db.execute(f'FROM "{item}"').fetchall() for item in names}
            defined = db.execute("SELECT sql, comment FROM duckdb_tables() ORDER BY ALL").fetchall()
        found.append((rows, defined))
    assert found[0] == found[1]
    assert len(found[0][0]) == 19


def test_sqlite_keys(export: Door, tmp_path: Path) -> None:
    """All keys are declared, and a row that breaks one is refused afterwards."""
    assert export(linked(tmp_path / "p"), tmp_path / "out", "sqlite") == (0, "")
    with closing(sqlite3.connect(tmp_path / "out/sqlite/p.sqlite")) as db:
        links = {
            name: db.execute(f"PRAGMA foreign_key_list({name})").fetchall()[0][2:5]
            for name in ("child", "parent", "egg", "hen")
        }
        assert links == {
            "child": ("parent", "parent", "id"),
            "parent": ("parent", "up", "id"),
            "egg": ("hen", "to", "id"),
            "hen": ("egg", "to", "id"),
        }
        db.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            db.execute("INSERT INTO child VALUES ('z', 1, 'nobody')")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            db.execute("INSERT INTO parent VALUES ('a', NULL)")
        with pytest.raises(sqlite3.IntegrityError, match="TEXT value"):
            db.execute("INSERT INTO child VALUES ('z', 'much', NULL)")
    assert expect_same(tmp_path / "p", tmp_path / "out", "sqlite") == 8


def test_sqlite_text_stays_text(tmp_path: Path) -> None:
    """What looks like a number or a formula is the text that it was."""
    path = one(tmp_path / "p", "a,b\n=1+1,007\n1.50,0007\n", "a b:integer")
    claimpack.export(path, tmp_path / "out", ["sqlite"])
    with closing(sqlite3.connect(tmp_path / "out/sqlite/p.sqlite")) as db:
        assert db.execute("SELECT a, typeof(a), b, typeof(b) FROM t").fetchall() == [
            ("=1+1", "text", 7, "integer"),
            ("1.50", "text", 7, "integer"),
        ]


def test_sqlite_dictionary(export: Door, tmp_path: Path) -> None:
    """Descriptions stand in the text of each table, and as rows of a table of their own."""
    assert export(DATASET, tmp_path, "sqlite") == (0, "")
    with closing(sqlite3.connect(tmp_path / "sqlite/ketamine-depression-claims.sqlite")) as db:
        [sql] = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'sources'").fetchone()
        rows = db.execute(
            "SELECT type, unit, title, constraints FROM data_dictionary "
            "WHERE \"table\" = 'sources' AND field = 'n_total'"
        ).fetchall()
        fields = db.execute("SELECT count(*) FROM data_dictionary").fetchone()[0]
    assert "-- Participants. Number of participants" in sql
    assert rows == [("integer", "people", "Participants", "at least 0")]
    assert fields == sum(item.fields for item in claimpack.info(DATASET).tables)


def test_keys_that_a_database_compares_otherwise(tmp_path: Path) -> None:
    """Keys of numbers, durations and columns that are not there are told, not declared."""
    schema = {
        "primaryKey": ["a"],
        "uniqueKeys": [["d"], ["x", "y"]],
        "fieldsMatch": "partial",
    }
    rows = "a,d,x,y\n0.1,P1D,k,1\n0.10000000000000000001,PT25H,,1\n2,,,1\n"
    fields = [
        field("a", "number"),
        field("d", "duration"),
        field("x"),
        field("y"),
        field("z", constraints={"unique": True}),
    ]
    path = one(tmp_path / "p", rows, fields, schema=schema, package=packages.V2)
    claimpack.export(path, tmp_path / "out", ["duckdb", "sqlite"])
    with duckdb.connect(str(tmp_path / "out/duckdb/p.duckdb"), read_only=True) as db:
        [(told,)] = db.execute("SELECT comment FROM duckdb_tables()").fetchall()
        keys = db.execute("SELECT constraint_text FROM duckdb_constraints()").fetchall()
    assert keys == [("UNIQUE(x, y)",)]
    assert [part in told for part in ("(a)", "(d)", "(z)")] == [True] * 3
    for form in ("duckdb", "sqlite"):
        expect_same(path, tmp_path / "out", form)


def test_sqlite_knows_no_nan(export: Door, tmp_path: Path) -> None:
    """NaN, which SQLite would take for null, is told; nothing is written."""
    code, message = export(one(tmp_path / "p", "a\nNaN\n", "a:number"), tmp_path / "out", "sqlite")
    assert (code, "NaN" in message) == (3, True)
    assert not (tmp_path / "out").exists()


# JSON Lines


def test_json_lines_hold_values(export: Door, tmp_path: Path) -> None:
    """Numbers, booleans, lists and objects are JSON; dates are texts; no value is null."""
    path = every_type(tmp_path / "p")
    assert export(path, tmp_path / "out", "jsonl") == (0, "")
    lines = (tmp_path / "out/jsonl/tables/t.jsonl").read_text("utf-8").split("\n")
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines if line]
    assert {name: rows[0][name] for name in ("integer", "number", "decimal", "sure", "year")} == {
        "integer": 0,
        "number": 0.30000000000000004,
        "decimal": 1000.5,
        "sure": True,
        "year": 2020,
    }
    assert rows[0]["object"] == {"a": 1, "b": [1.5, None]}
    assert rows[1]["array"] == ["a", "b"]
    assert rows[0]["list"] == ["a", "b"]
    assert rows[0]["numbers"] == [1, -2]
    assert rows[0]["pair"] == [90.5, 45.5]
    assert rows[0]["day"] == "29.02.2020"
    assert rows[6]["number"] == "INF"
    assert set(rows[5].values()) == {None}
    packages.valid(packages.judge(tmp_path / "out" / "jsonl"), rows=len(HOSTILE) + 2)


def test_json_lines_of_fields_of_one_name(export: Door, tmp_path: Path) -> None:
    """An object has a name once: two fields of one name cannot be written, and it is told."""
    path = one(tmp_path / "p", "a,a\n1,2\n", "a a", package=packages.V2)
    code, message = export(path, tmp_path / "out", "jsonl")
    assert (code, "several fields a" in message) == (2, True)
