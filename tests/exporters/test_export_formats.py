"""Every format of an export holds the same values as the tables, whatever they are."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import bibtexparser
import duckdb
import openpyxl
import pybtex.database
import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

import claimpack
import packages
from claimpack import descriptor
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.exporters import archive, exporter
from claimpack.exporters.workbook import writing
from claimpack.quoting import literal
from claimpack.readers import formula_escape
from claimpack.release.values import first_difference
from packages import Json, field, make, one, table

DATASET = Path(__file__).parents[2]
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
        expected = typed_tables.batches(Store(), resource, strict=True)
        found = exporter(form).read(folder / form, package, Store(), resource)
        fields = resource.schema.fields if resource.schema else ()
        assert first_difference(expected, found, fields) is None, (form, resource.name)
        rows += typed_tables.count(Store(), resource) or 0
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


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("../../up", "up"),
        ("a b/c", "a-b-c"),
        ("\u00e9t\u00e9", "\u00e9t\u00e9"),
        ("n" * 300, "n" * 100),
    ],
)
def test_names_of_files(name: str, stem: str, tmp_path: Path) -> None:
    """A file is named after the package, in letters that lead nowhere else."""
    path = one(tmp_path / "p", "a\nx\n", "a", package={"name": name, **packages.V2})
    claimpack.export(path, tmp_path / "out", ["sqlite", "xlsx"])
    assert [item for item in content(tmp_path / "out") if item != "SHA256SUMS"] == [
        f"sqlite/{stem}.sqlite",
        f"xlsx/{stem}.xlsx",
    ]


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


@pytest.mark.parametrize("form", ["duckdb", "sqlite"])
def test_links_in_another_order_than_the_key(form: str, export: Door, tmp_path: Path) -> None:
    """A foreign key may name the columns of a key in any order; a database wants the key's."""
    parents = table("parents", "a b:integer", schema={"primaryKey": ["a", "b"]})
    link = {"fields": ["y", "x"], "reference": {"resource": "parents", "fields": ["b", "a"]}}
    children = table("children", "x y:integer", schema={"foreignKeys": [link]})
    data = {"parents.csv": "a,b\np,1\np,2\n", "children.csv": "x,y\np,2\n"}
    path = make(tmp_path / "p", [parents, children], data)
    assert export(path, tmp_path / "out", form) == (0, "")
    assert expect_same(path, tmp_path / "out", form) == 3
    if form == "duckdb":
        with duckdb.connect(str(tmp_path / "out/duckdb/p.duckdb"), read_only=True) as db:
            [found] = db.execute(
                "SELECT constraint_column_names, referenced_column_names "
                "FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
            ).fetchall()
        assert found == (["x", "y"], ["a", "b"])


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


# Excel


def sheets(folder: Path) -> Any:
    """The workbook in a folder, as openpyxl reads it."""
    [path] = (folder / "xlsx").iterdir()
    return openpyxl.load_workbook(path)


def test_workbook_types(export: Door, tmp_path: Path) -> None:
    """Numbers, booleans and dates are values of a sheet, as far as it can hold them."""
    path = every_type(tmp_path / "p")
    assert export(path, tmp_path / "out", "xlsx") == (0, "")
    rows = list(sheets(tmp_path / "out")["t"].iter_rows(values_only=True))
    labels = list(KINDS)
    assert list(rows[0]) == labels
    columns = {name: [row[place] for row in rows[1:]] for place, name in enumerate(labels)}
    assert columns["integer"][:7] == [0, -1, 7, 5, "9007199254740993", None, str(-(2**63))]
    assert columns["number"][0] == 0.30000000000000004
    assert columns["number"][6:8] == ["INF", "-INF"]
    assert columns["sure"][:2] == [True, False]
    assert columns["date"][0] == dt.datetime(2020, 2, 29)
    assert columns["date"][1:3] == ["0001-01-01", "1900-02-28"]
    assert columns["date"][3] == dt.datetime(1900, 3, 1)
    assert columns["day"][:2] == [dt.datetime(2020, 2, 29), "1850-12-31"]
    assert columns["time"][:2] == [dt.time(0), dt.time(23, 59, 59)]
    assert columns["clock"][:2] == ["09:30:15.000001", dt.time(12)] or columns["clock"][1] == (
        "12:00:00.5"
    )
    assert columns["datetime"][0] == dt.datetime(2020, 2, 29, 23, 59, 59)
    assert set(rows[6]) == {None}


def test_workbook_runs_no_formula(export: Door, tmp_path: Path) -> None:
    """What begins like a formula is a text, marked as one that was typed as text."""
    path = one(tmp_path / "p", text([["=a", "b"], *([value, "x"] for value in HOSTILE)]), "=a b")
    assert export(path, tmp_path / "out", "xlsx") == (0, "")
    book = sheets(tmp_path / "out")
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}
    quoted = [
        cell.value for row in book["t"].iter_rows(min_row=2) for cell in row if cell.quotePrefix
    ]
    assert quoted == [value for value in HOSTILE if value[0] in "=+-@\t'01"]


def test_workbook_dictionary(export: Door, tmp_path: Path) -> None:
    """The first sheet tells of every field what it is, in words of the descriptor."""
    assert export(DATASET, tmp_path, "xlsx") == (0, "")
    book = sheets(tmp_path)
    names = [item.name for item in claimpack.info(DATASET).tables]
    assert book.sheetnames == ["data dictionary", *names]
    rows = list(book["data dictionary"].iter_rows(values_only=True))
    assert rows[0] == (
        *("table", "field", "type", "constraints"),
        *("title", "description", "unit", "example"),
    )
    told = {row[:2]: row[2:] for row in rows[1:]}
    assert len(told) == sum(item.fields for item in claimpack.info(DATASET).tables)
    assert told["sources", "n_total"] == (
        "integer",
        "at least 0",
        "Participants",
        "Number of participants, or of people surveyed, in the whole study.",
        "people",
        "73",
    )
    assert "refers to sources (source_id)" in told["passages", "source_id"][1]


def test_workbook_is_a_table_for_claimpack(export: Door, tmp_path: Path) -> None:
    """A sheet can be read as a table of a package again, by the schema that it was made from."""
    assert export(DATASET, tmp_path / "out", "xlsx") == (0, "")
    [book] = (tmp_path / "out" / "xlsx").iterdir()
    package = json.loads((DATASET / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        schema = json.loads((DATASET / resource["schema"]).read_text("utf-8"))
        del resource["mediatype"]
        resource |= {"path": book.name, "format": "xlsx", "schema": schema}
        resource["dialect"] = {"sheetName": resource["name"]}
    folder = make(
        tmp_path / "p", package.pop("resources"), {book.name: book.read_bytes()}, **package
    )
    assert claimpack.validate(folder).verdict == "valid"


def test_names_of_sheets(tmp_path: Path) -> None:
    """Names too long, alike or not allowed for a sheet are made so that each is."""
    wanted = ["a" * 40, "a" * 41, "A" * 31, "x/y", "history", "data dictionary", "'q'", "[b]:*?"]
    resources = [table(name, "a", path=f"{place}.csv") for place, name in enumerate(wanted)]
    files = {f"{place}.csv": "a\nx\n" for place in range(len(wanted))}
    path = make(tmp_path / "p", resources, files, **packages.V2)
    claimpack.export(path, tmp_path / "out", ["xlsx"])
    assert sheets(tmp_path / "out").sheetnames == [
        "data dictionary",
        "a" * 31,
        "a" * 29 + "_2",
        "A" * 29 + "_3",
        "x_y",
        "history_",
        "data dictionary_2",
        "q",
        "_b____",
    ]
    assert expect_same(path, tmp_path / "out", "xlsx") == len(wanted)


@pytest.mark.parametrize("size", [32_767, 32_768])
def test_longest_cell_of_a_workbook(size: int, export: Door, tmp_path: Path) -> None:
    """A text longer than a cell may be is told, and nothing is written."""
    path = one(tmp_path / "p", f"a\n{'x' * (size - 2)}\U0001f600\n", "a")
    code, message = export(path, tmp_path / "out", "xlsx")
    assert code == (0 if size == 32_767 else 3)
    if code:
        assert "32,767 characters" in message
        assert "table t" in message
        assert not (tmp_path / "out").exists()


def test_most_rows_of_a_sheet(
    export: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of more rows than a sheet may have is told, and nothing is written."""
    assert writing.ROWS == 1_048_576
    monkeypatch.setattr(writing, "ROWS", 3)
    assert export(one(tmp_path / "p", "a\n1\n2\n", "a"), tmp_path / "out", "xlsx") == (0, "")
    path = one(tmp_path / "q", "a\n1\n2\n3\n", "a")
    code, message = export(path, tmp_path / "more", "xlsx")
    assert (code, "table t does not fit" in message) == (3, True)
    assert not (tmp_path / "more").exists()


def test_most_columns_of_a_sheet(export: Door, tmp_path: Path) -> None:
    """A table of more columns than a sheet or SQLite takes is told, and nothing is written."""
    labels = [f"c{number}" for number in range(16_385)]
    path = make(
        tmp_path / "p",
        [{"name": "t", "path": "t.csv"}],
        {"t.csv": f"{','.join(labels)}\n"},
    )
    for form, most in (("xlsx", "16,384"), ("sqlite", "2,000")):
        code, message = export(path, tmp_path / "out", form)
        assert (code, most in message) == (3, True)
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("epoch", [None, "1700000000"])
def test_dates_of_a_workbook(
    epoch: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook and its parts are dated by SOURCE_DATE_EPOCH, else 1980, never by a clock."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    claimpack.export(one(tmp_path / "p", "a\nx\n", "a"), tmp_path / "out", ["xlsx"])
    moment = dt.datetime(2023, 11, 14, 22, 13, 20) if epoch else dt.datetime(1980, 1, 1)
    properties = sheets(tmp_path / "out").properties
    assert (properties.created, properties.modified) == (moment, moment)
    with zipfile.ZipFile(tmp_path / "out/xlsx/p.xlsx") as archive:
        assert {item.date_time for item in archive.infolist()} == {moment.timetuple()[:6]}


# Zip files


def test_zip_of_each_data_package(tmp_path: Path) -> None:
    """Beside each format that is a data package lies a zip file of it, a package as well."""
    path = every_type(tmp_path / "p")
    asked = [part for name in ("csv", "jsonl", "parquet", "sqlite") for part in ("--to", name)]
    out = tmp_path / "out"
    code, _, err = packages.command("export", str(path), "-o", str(out), "--zip", *asked)
    assert (code, err) == (0, "")
    assert sorted(item.name for item in out.glob("*.zip")) == [
        "csv.zip",
        "jsonl.zip",
        "parquet.zip",
    ]
    claimpack.export(path, tmp_path / "api", ["csv", "jsonl", "parquet", "sqlite"], zipped=True)
    assert content(out) == content(tmp_path / "api")
    sums = (out / "SHA256SUMS").read_text("ascii")
    for name in ("csv", "jsonl", "parquet"):
        assert claimpack.validate(out / f"{name}.zip").verdict == "valid"
        assert f"  {name}.zip\n" in sums
        with zipfile.ZipFile(out / f"{name}.zip") as archive:
            listed = archive.infolist()
            held = {item.filename: archive.read(item) for item in listed}
        assert held == content(out / name)
        assert [item.filename for item in listed] == sorted(held)
        assert {(item.date_time, item.external_attr >> 16) for item in listed} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644)
        }


def test_zip_that_is_not_its_folder(tmp_path: Path) -> None:
    """A zip file with another file, another content or one file less is found."""
    claimpack.export(one(tmp_path / "p", "a\nx\n", "a"), tmp_path / "out", ["csv"], zipped=True)
    out = tmp_path / "out"
    assert list(archive.unlike(out, "csv")) == []
    (out / "csv/more").write_text("x")
    (out / "csv/tables/t.csv").write_text("a\ny\n")
    (out / "csv/datapackage.json").unlink()
    assert list(archive.unlike(out, "csv")) == [
        "datapackage.json has an unknown format",
        "more is missing",
        "tables/t.csv is not the file of the folder",
    ]


# References


def cited(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A claims package of a table of sources."""
    labels = list(dict.fromkeys(label for row in rows for label in row))
    data = text([labels, *([row.get(label, "") for label in labels] for row in rows)])
    sources = table("sources", [field(label) for label in labels])
    return make(folder, [sources], {"sources.csv": data}, claimsProfile="1.0")


TRIAL = {
    "source_id": "trial-2013",
    "kind": "journal-article",
    "title": "50% & more: {a} \\LaTeX_test #1 ~ ^ $x$ \u2013 \u00e9",
    "authors": "Anna B. Test; Test CD Jr; Study {Team} & Co; et al.",
    "container": "Journal of R&D",
    "volume_pages": "170(10):1134-1142",
    "published": "2013-05-07",
    "url": "https://example.org/a_b?c=%20&d={e}#f~",
    "doi": "10.1000/(SICI)1097_0258<1::AID-X>3.0.CO;2-2",
    "pmid": "23982301",
    "verification": "secondary",
    "note": "First note.",
}
PAGE = {"source_id": "page", "kind": "web-page", "title": "A page", "verification": "seen"}


def untex(value: str) -> str:
    """A value of BibTeX as text; pylatexenc lacks these names of braces, and has another mark."""
    for name, mark in (("left", r"\{"), ("right", r"\}")):
        value = value.replace(f"\\textbrace{name}{{}}", mark)
    return str(LatexNodes2Text().latex_to_text(value)).replace("\u02c6", "^")


def test_bibtex(export: Door, tmp_path: Path) -> None:
    """Two parsers of BibTeX read each source with its fields as the table has them."""
    path = cited(tmp_path / "p", [TRIAL, PAGE])
    assert export(path, tmp_path / "out", "bibtex") == (0, "")
    file = tmp_path / "out/bibtex/p.bib"
    entries = pybtex.database.parse_file(str(file)).entries
    assert list(entries) == ["trial-2013", "page"]
    trial, page = entries.values()
    assert (trial.type, page.type) == ("article", "misc")
    people = [untex(str(name)) for name in trial.persons["author"]]
    assert people == ["Anna B. Test", "Test CD Jr", "Study {Team} & Co", "others"]
    plain = {name: untex(value) for name, value in trial.fields.items()}
    assert plain["title"] == TRIAL["title"]
    assert plain["journal"] == TRIAL["container"]
    assert (plain["volume"], plain["number"]) == ("170", "10")
    assert trial.fields["pages"] == "1134--1142"
    assert (plain["year"], plain["month"], plain["date"]) == ("2013", "May", "2013-05-07")
    assert trial.fields["doi"] == TRIAL["doi"]
    assert trial.fields["url"] == "https://example.org/a_b?c=%20&d=%7Be%7D#f~"
    assert trial.fields["pmid"] == TRIAL["pmid"]
    assert plain["note"] == "Verification: secondary. First note."
    assert dict(page.fields) == {"title": "{A page}", "note": "Verification: seen."}
    library = bibtexparser.parse_file(str(file))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == ["trial-2013", "page"]


def test_ris(export: Door, tmp_path: Path) -> None:
    """A parser of RIS reads each source with its fields as the table has them."""
    path = cited(tmp_path / "p", [TRIAL, PAGE])
    assert export(path, tmp_path / "out", "ris") == (0, "")
    trial, page = rispy.loads((tmp_path / "out/ris/p.ris").read_text("utf-8"))
    assert trial == {
        "type_of_reference": "JOUR",
        "id": "trial-2013",
        "authors": ["Anna B. Test", "Test CD Jr", "Study {Team} & Co"],
        "title": TRIAL["title"],
        "secondary_title": TRIAL["container"],
        "volume": "170",
        "number": "10",
        "start_page": "1134",
        "end_page": "1142",
        "year": "2013",
        "date": "2013/05/07/",
        "doi": TRIAL["doi"],
        "urls": [TRIAL["url"]],
        "accession_number": TRIAL["pmid"],
        "name_of_database": "PubMed",
        "notes": ["There are more authors than are named. Verification: secondary. First note."],
    }
    assert page == {
        "type_of_reference": "ELEC",
        "id": "page",
        "title": "A page",
        "notes": ["Verification: seen."],
    }


def test_csl_json(export: Door, tmp_path: Path) -> None:
    """CSL-JSON holds each source, and a citation processor takes it."""
    path = cited(tmp_path / "p", [TRIAL, PAGE])
    assert export(path, tmp_path / "out", "csl") == (0, "")
    items = json.loads((tmp_path / "out/csl/p.json").read_text("utf-8"))
    trial, page = items
    assert trial == {
        "id": "trial-2013",
        "type": "article-journal",
        "title": TRIAL["title"],
        "author": [{"literal": name} for name in TRIAL["authors"].split("; ")[:3]],
        "container-title": TRIAL["container"],
        "volume": "170",
        "issue": "10",
        "page": "1134-1142",
        "issued": {"date-parts": [[2013, 5, 7]]},
        "DOI": TRIAL["doi"],
        "URL": TRIAL["url"],
        "PMID": TRIAL["pmid"],
        "note": "There are more authors than are named. Verification: secondary. First note.",
    }
    assert page == {
        "id": "page",
        "type": "webpage",
        "title": "A page",
        "note": "Verification: seen.",
    }


@pytest.mark.parametrize("form", ["bibtex", "csl", "ris"])
def test_references_of_the_dataset(form: str, export: Door, tmp_path: Path) -> None:
    """Every source of the dataset is there once, with the DOI that it has, and none else."""
    assert export(DATASET, tmp_path, form) == (0, "")
    rows = claimpack.open(DATASET)["sources"].to_pylist()
    [file] = (tmp_path / form).iterdir()
    if form == "bibtex":
        entries = pybtex.database.parse_file(str(file)).entries
        found = {key: entry.fields.get("doi") for key, entry in entries.items()}
    elif form == "ris":
        found = {item["id"]: item.get("doi") for item in rispy.loads(file.read_text("utf-8"))}
    else:
        items = json.loads(file.read_text("utf-8"))
        found = {item["id"]: item.get("DOI") for item in items}
        CiteProcJSON(items)
    assert found == {row["source_id"]: row["doi"] for row in rows}
    package = descriptor.read(DATASET).package
    assert package is not None
    assert list(exporter(form).check(tmp_path / form, package, Store())) == []
    file.write_bytes(file.read_bytes().replace(b"Biological Psychiatry", b"Biological Psychology"))
    assert len(list(exporter(form).check(tmp_path / form, package, Store()))) == 1


def test_bibtex_keys_differ(tmp_path: Path) -> None:
    """Ids that look alike in BibTeX, in whatever case, get keys that no other id has."""
    rows = [{**PAGE, "source_id": name} for name in ("a b", "a-b", "a-b_2", "A-B")]
    claimpack.export(cited(tmp_path / "p", rows), tmp_path / "out", ["bibtex"])
    entries = pybtex.database.parse_file(str(tmp_path / "out/bibtex/p.bib")).entries
    assert list(entries) == ["a-b", "a-b_2", "a-b_2_2", "A-B_3"]


def test_a_list_that_is_no_text_is_not_as_the_sources_say(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 differ from what was written, and break nothing."""
    claimpack.export(DATASET, tmp_path, ["ris"])
    [file] = (tmp_path / "ris").iterdir()
    file.write_bytes(file.read_bytes().replace(b"TY", b"\xff\xfe", 1))
    package = descriptor.read(DATASET).package
    assert package is not None
    told = list(exporter("ris").check(tmp_path / "ris", package, Store()))
    assert told == [f"{file.name}, line 1 does not match the sources"]


@pytest.mark.parametrize("form", ["bibtex", "csl", "ris"])
def test_references_of_no_sources(form: str, export: Door, tmp_path: Path) -> None:
    """A package without a table of sources has nothing for a reference manager; it is told."""
    code, message = export(one(tmp_path / "p", "a\nx\n", "a"), tmp_path / "out", form)
    assert (code, form in message) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["No. 527", "29:e79 (online 2019)", "WHO/MSD/MER/2017.2"])
def test_places_that_are_written_otherwise(place: str, tmp_path: Path) -> None:
    """What is no usual volume, issue and pages is told as it stands, and never guessed."""
    path = cited(tmp_path / "p", [{**PAGE, "volume_pages": place}])
    claimpack.export(path, tmp_path / "out", ["csl"])
    [item] = json.loads((tmp_path / "out/csl/p.json").read_text("utf-8"))
    assert item["note"] == f"Verification: seen. {place}"
    assert {"volume", "issue", "page"}.isdisjoint(item)


def test_withdrawn_sources_are_no_references(tmp_path: Path) -> None:
    """A source that was withdrawn or replaced, or of no status, is in no list."""
    rows = [
        {**PAGE, "source_id": name, "status": status}
        for name, status in (("a", "current"), ("b", "withdrawn"), ("c", "superseded"), ("d", ""))
    ]
    claimpack.export(cited(tmp_path / "p", rows), tmp_path / "out", ["csl"])
    items = json.loads((tmp_path / "out/csl/p.json").read_text("utf-8"))
    assert [item["id"] for item in items] == ["a"]


# CSV for spreadsheets


def safe_by_api(path: Path, out: Path, *, safe: bool) -> str:
    """Export as CSV with the library: the warnings."""
    return "\n".join(claimpack.export(path, out, ["csv"], spreadsheet_safe=safe).warnings)


def safe_by_command(path: Path, out: Path, *, safe: bool) -> str:
    """Export as CSV with the command: the warnings."""
    flag = ["--spreadsheet-safe"] if safe else []
    code, told, err = packages.command("export", str(path), "-o", str(out), "--to", "csv", *flag)
    assert (code, err) == (0, "")
    return "\n".join(line for line in told.splitlines() if line.startswith("warning"))


@pytest.fixture(params=[safe_by_api, safe_by_command], ids=["api", "command"])
def export_csv(request: pytest.FixtureRequest) -> Callable[..., str]:
    """One of the two doors, for CSV."""
    door: Callable[..., str] = request.param
    return door


RUN = ["=1+1", "+49 30 1", "-1-1", "@A1", "\tx", "\rx", "-INF", "=", "+", "- a"]
"""What a spreadsheet takes for a formula."""
NOT_RUN = ["-1.5", "+1", "-.5", "1e-5", "-1E+5", "a=1", " =1", "'x", "'", "007", "#N/A", "-1."]
"""What it does not, numbers among it."""


def escapes(folder: Path) -> Path:
    """A package with such cells, and with cells that are escaped already."""
    values = [*RUN, *NOT_RUN, *(f"'{value}" for value in RUN), *(f"''{value}" for value in RUN)]
    values += [f"'{value}" for value in NOT_RUN]
    rows = [["=a", "b"], *([value, "x"] for value in values)]
    return one(folder, text(rows), [field("=a"), field("b")], package=packages.V2)


def test_cells_that_a_spreadsheet_would_run_are_told(
    export_csv: Callable[..., str], tmp_path: Path
) -> None:
    """They are left as they are, counted, and the way to escape them is named."""
    path = escapes(tmp_path / "p")
    told = export_csv(path, tmp_path / "out", safe=False)
    assert f"{len(RUN) + 1} cells begin like a formula in the table t" in told
    assert "--spreadsheet-safe" in told
    assert expect_same(path, tmp_path / "out", "csv") > 0
    assert export_csv(one(tmp_path / "q", "a\n-1.5\n", "a"), tmp_path / "plain", safe=False) == ""


def test_spreadsheet_safe_cells(export_csv: Callable[..., str], tmp_path: Path) -> None:
    """No cell begins like a formula; numbers and all other cells stay as they are."""
    path = escapes(tmp_path / "p")
    assert export_csv(path, tmp_path / "out", safe=True) == ""
    data = (tmp_path / "out/csv/tables/t.csv").read_bytes().decode()
    rows = list(csv.reader(io.StringIO(data, newline="")))
    cells = [row[0] for row in rows]
    assert cells[0] == "'=a"
    assert cells[1 : len(RUN) + 1] == [f"'{value}" for value in RUN]
    assert cells[len(RUN) + 1 :][: len(NOT_RUN)] == NOT_RUN
    assert len(set(cells)) == len(cells)


def test_spreadsheet_safe_is_undone(export_csv: Callable[..., str], tmp_path: Path) -> None:
    """The descriptor says how to undo it; claimpack reads and exports the cells as they were."""
    path = escapes(tmp_path / "p")
    export_csv(path, tmp_path / "out", safe=False)
    export_csv(path, tmp_path / "safe", safe=True)
    assert expect_same(path, tmp_path / "safe", "csv") > 0
    packages.valid(packages.judge(tmp_path / "safe" / "csv"))
    export_csv(tmp_path / "safe" / "csv", tmp_path / "back", safe=False)
    plain = (tmp_path / "out/csv/tables/t.csv").read_bytes()
    assert (tmp_path / "back/csv/tables/t.csv").read_bytes() == plain
    described = json.loads((tmp_path / "safe/csv/datapackage.json").read_text("utf-8"))
    said = described["resources"][0]["spreadsheetSafe"]
    data = (tmp_path / "safe/csv/tables/t.csv").read_bytes().decode()
    replacement = said["replacement"].replace("$1", r"\1")
    undone = [
        [re.sub(said["pattern"], replacement, cell) for cell in row]
        for row in csv.reader(io.StringIO(data, newline=""))
    ]
    assert undone == list(csv.reader(io.StringIO(plain.decode(), newline="")))
    again = json.loads((tmp_path / "back/csv/datapackage.json").read_text("utf-8"))
    assert "spreadsheetSafe" not in again["resources"][0]


@pytest.mark.parametrize("make_", [every_type, hostile], ids=["types", "hostile"])
def test_spreadsheet_safe_value_by_value(make_: Callable[[Path], Path], tmp_path: Path) -> None:
    """Values of every type come back from the escaped cells, and the package stays valid."""
    path = make_(tmp_path / "p")
    claimpack.export(path, tmp_path / "out", ["csv"], spreadsheet_safe=True)
    assert expect_same(path, tmp_path / "out", "csv") > 0
    packages.valid(packages.judge(tmp_path / "out" / "csv"))


@pytest.mark.property
def test_spreadsheet_safe_of_any_text(many: int | None, tmp_path: Path) -> None:
    """The escape tells any two texts apart, and taking it away gives the text."""

    @settings(max_examples=many or 200, deadline=None)
    @given(st.text("'=+-@\t\r1.ea ", max_size=6))
    def there_and_back(cell: str) -> None:
        safe = formula_escape.safe_label(cell)
        assert formula_escape.plain_label(safe) == cell
        query = f"SELECT {formula_escape.safe_cell('c')} FROM (SELECT {literal(cell)} AS c)"
        assert connection.sql(query).fetchall() == [(safe,)]

    with duckdb.connect() as connection:
        there_and_back()
