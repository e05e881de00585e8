"""What a table may be read from: each format valid, wrong, short of a column, unreadable.

One made table, `id` and `name`, in each format; then what only some formats know.
"""

from __future__ import annotations

import base64
import bz2
import datetime as dt
import decimal
import gzip
import io
import json
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import claimpack
from claimpack import limits
from packages import V2, Json, expect, field, judge, make, of, one, table, unchecked, valid

MIB = 1024 * 1024
Rows = Sequence[Sequence[Any]]
Writer = Callable[[Rows], bytes]


# Writers: rows, the labels first, as the bytes of a file


def arrow(rows: Rows) -> pa.Table:
    """An Arrow table; columns of several types are of texts."""
    labels, *data = rows
    columns = list(zip(*data, strict=True)) or [()] * len(labels)
    return pa.table([_array(column) for column in columns], names=list(labels))


def _array(values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in values])


def parquet(rows: Rows) -> bytes:
    """Row groups of two rows each."""
    buffer = io.BytesIO()
    pq.write_table(arrow(rows), buffer, row_group_size=2)
    return buffer.getvalue()


def feather(rows: Rows) -> bytes:
    """Feather, version 2."""
    buffer = io.BytesIO()
    pyarrow.feather.write_feather(arrow(rows), buffer)
    return buffer.getvalue()


def stream(rows: Rows) -> bytes:
    """Arrow's form for streams."""
    buffer = io.BytesIO()
    made = arrow(rows)
    with pa.ipc.new_stream(buffer, made.schema) as writer:
        writer.write_table(made)
    return buffer.getvalue()


def xlsx(rows: Rows) -> bytes:
    """A workbook of one sheet."""
    return workbook(sheet=rows)


def workbook(**sheets: Rows) -> bytes:
    """A workbook of several sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
FILL = (
    '<table:table-row table:number-rows-repeated="1048500">'
    '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
)


def ods(rows: Rows) -> bytes:
    """A spreadsheet of one sheet, filled up with empty rows as office programs do."""
    return spreadsheet(sheet=rows)


def spreadsheet(**sheets: Rows) -> bytes:
    """A spreadsheet of several sheets."""
    made = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
        + FILL
        + "</table:table>"
        for name, rows in sheets.items()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", ODS.format(made))
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>note'
            f"</text:p></office:annotation><text:p>{value}</text:p></table:table-cell>"
        )
    kind, name = "float", "value"
    if isinstance(value, bool):
        kind, name, value = "boolean", "boolean-value", str(value).lower()
    elif isinstance(value, dt.date):
        kind, name, value = "date", "date-value", value.isoformat()
    elif isinstance(value, dt.time):
        kind, name, value = "time", "time-value", value.strftime("PT%HH%MM%SS")
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
        "<text:p>as shown</text:p></table:table-cell>"
    )


def lists(rows: Rows) -> bytes:
    """JSON, a list of lists."""
    return json.dumps([list(row) for row in rows], default=str).encode()


def objects(rows: Rows) -> bytes:
    """JSON, a list of objects."""
    return json.dumps(keyed(rows), default=str).encode()


def keyed(rows: Rows) -> list[Json]:
    """The rows as objects."""
    labels, *data = rows
    return [dict(zip(labels, row, strict=True)) for row in data]


def lines(rows: Rows) -> bytes:
    """JSON Lines of objects, with an empty line behind each."""
    return b"".join(json.dumps(row, default=str).encode() + b"\n\n" for row in keyed(rows))


def listed_lines(rows: Rows) -> bytes:
    """JSON Lines of lists."""
    return b"".join(json.dumps(list(row), default=str).encode() + b"\n" for row in rows)


FORMATS: dict[str, tuple[str, Writer]] = {
    "parquet": ("t.parquet", parquet),
    "feather": ("t.feather", feather),
    "arrow": ("t.arrow", stream),
    "xlsx": ("t.xlsx", xlsx),
    "ods": ("t.ods", ods),
    "lists": ("t.json", lists),
    "objects": ("t.json", objects),
    "lines": ("t.jsonl", lines),
    "listed lines": ("t.ndjson", listed_lines),
}
ROWS: Rows = [("id", "name"), (1, "a"), (2, "b"), (3, None)]
SCHEMA: Json = {"primaryKey": "id"}


def package(folder: Path, name: str, data: bytes, fields: Any, **more: Any) -> Path:
    """A package of one table `t` in a file of that name."""
    return make(folder, [table("t", fields, path=name, **more)], {name: data})


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> tuple[str, Writer]:
    """File name and writer of each format."""
    return FORMATS[request.param]


# Every format


def test_valid_table(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """Numbers under integer, texts under string, nulls as nulls."""
    name, write = form
    path = package(tmp_path, name, write(ROWS), "id:integer name", schema=SCHEMA)
    valid(judge(path), rows=3)
    read = claimpack.open(path)["t"].to_pylist()
    assert read == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3, "name": None}]
    assert claimpack.info(path).tables[0].rows == 3


def test_cell_of_the_wrong_type(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """A text that is no integer, with its row."""
    name, write = form
    rows = [*ROWS, ("x", "d")]
    path = package(tmp_path, name, write(rows), "id:integer name", schema=SCHEMA)
    expect(judge(path), "invalid", {"rule": "type-error", "field": "id", "row": 4, "value": "x"})


def test_number_is_no_text(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """A value stored as a number is of the wrong type under string, and of no other rule's."""
    name, write = form
    fields = [field("id", constraints={"minLength": 9, "required": True}), field("name")]
    path = package(tmp_path, name, write(ROWS), fields, schema=SCHEMA)
    wrong = [
        {"rule": "type-error", "field": "id", "row": row, "value": str(row)} for row in (1, 2, 3)
    ]
    expect(judge(path), "invalid", *wrong)


def test_null_is_a_missing_value(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """Whatever the texts are that stand for one."""
    name, write = form
    fields = [field("id", "integer"), field("name", constraints={"required": True})]
    for missing in ([""], ["NA"]):
        path = package(
            tmp_path, name, write(ROWS), fields, schema=SCHEMA | {"missingValues": missing}
        )
        expect(judge(path), "invalid", {"rule": "constraint-error", "field": "name", "row": 3})


def test_missing_column(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """A field without a column."""
    name, write = form
    report = judge(package(tmp_path, name, write(ROWS), "id:integer name more"))
    expect(report, "invalid", {"rule": "missing-label", "field": "more"})


def test_column_without_a_field(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """And a column that no field describes."""
    name, write = form
    report = judge(package(tmp_path, name, write(ROWS), "id:integer"))
    assert [item["value"] for item in of(report, "extra-label", "error")] == ["name"]


def test_keys_are_compared_by_value(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """Repeated keys, references to a CSV file, bounds and enums."""
    name, write = form
    rows = [("id", "name"), (1, "a"), (7, "b"), (1, "c")]
    fields = [field("id", "integer", constraints={"maximum": 5}), field("name")]
    keys = [{"fields": "id", "reference": {"resource": "other", "fields": "id"}}]
    schema = SCHEMA | {"foreignKeys": keys}
    items = [table("t", fields, path=name, schema=schema), table("other", "id:number")]
    path = make(tmp_path, items, {name: write(rows), "other.csv": "id\n1.0\n2\n"})
    expect(
        judge(path),
        "invalid",
        {"rule": "primary-key", "row": 3},
        {"rule": "constraint-error", "row": 2, "value": "7"},
        {"rule": "foreign-key", "row": 2},
    )


@pytest.mark.parametrize("data", [b"no such file", b"", b"PAR1"])
def test_unreadable_file_is_not_checked(
    tmp_path: Path, form: tuple[str, Writer], data: bytes
) -> None:
    """Never valid, never a traceback; an empty file of JSON Lines has no rows."""
    name, _ = form
    report = judge(package(tmp_path, name, data, "id:integer name"))
    if data or name.endswith((".parquet", ".arrow", ".feather", ".xlsx", ".ods")):
        unchecked(report, "t")
    empty = not data and name.endswith((".jsonl", ".ndjson"))
    assert report["verdict"] in ({"valid"} if empty else {"not-checked", "invalid"})


def test_file_cut_short_is_never_valid(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """Half a file."""
    name, write = form
    data = write([*ROWS] * 50)
    report = judge(package(tmp_path, name, data[: len(data) // 2], "id:integer name"))
    assert report["verdict"] != "valid"


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst", "zip"])
def test_compressed_table(tmp_path: Path, form: tuple[str, Writer], ending: str) -> None:
    """Every format, in every compression, known by its ending."""
    name, write = form
    data = squeeze(write(ROWS), ending)
    valid(judge(package(tmp_path, f"{name}.{ending}", data, "id:integer name")), rows=3)


def squeeze(data: bytes, ending: str) -> bytes:
    """Data, compressed."""
    if ending == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner", data)
        return buffer.getvalue()
    made: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zst": lambda data: pa.compress(data, "zstd", asbytes=True),
    }
    return bytes(made[ending](data))


# Types


FIELDS = [
    field("number", "number"),
    field("comma", "number", decimalChar=","),
    field("flag", "boolean"),
    field("own", "boolean", trueValues=["ja"], falseValues=["nein"]),
    field("day", "date"),
    field("german", "date", format="%d.%m.%Y"),
    field("moment", "datetime"),
    field("clock", "time"),
    field("year", "year"),
    field("any", "any"),
]
DAY, MOMENT, CLOCK = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 30), dt.time(9, 5)
VALUES = (1.5, 0.25, True, False, DAY, DAY, MOMENT, CLOCK, 2024, 7)


@pytest.mark.parametrize("name", ["parquet", "feather", "xlsx", "ods"])
def test_values_with_types(tmp_path: Path, name: str) -> None:
    """Each is of its field's type, and is what the field's own format would say."""
    name, write = FORMATS[name]
    nulls = (None,) * (len(VALUES) - 1)
    rows = [tuple(item["name"] for item in FIELDS), VALUES, (*nulls, 7), VALUES]
    path = package(tmp_path, name, write(rows), FIELDS)
    valid(judge(path), rows=3)
    first, null, _ = claimpack.open(path)["t"].to_pylist()
    assert tuple(first.values()) == (*VALUES[:-1], "7")
    assert tuple(null.values()) == (*nulls, "7")


@pytest.mark.parametrize("name", ["parquet", "feather", "xlsx", "ods"])
def test_values_of_other_types(tmp_path: Path, name: str) -> None:
    """A date is no text and no number, a number is no boolean, true is no number."""
    name, write = FORMATS[name]
    fields = [field("a"), field("b", "number"), field("c", "boolean"), field("d", "integer")]
    values = [(DAY, DAY, 1, True), (None, None, None, None)]
    report = judge(package(tmp_path, name, write([("a", "b", "c", "d"), *values]), fields))
    wrong = [{"rule": "type-error", "field": name, "row": 1} for name in "abcd"]
    expect(report, "invalid", *wrong)


def test_bounds_of_values_with_types(tmp_path: Path) -> None:
    """A minimum on a date is a date, whatever its format."""
    german = field("a", "date", format="%d.%m.%Y", constraints={"minimum": "01.03.2024"})
    data = parquet([("a",), (DAY,), (dt.date(2024, 3, 1),)])
    report = judge(package(tmp_path, "t.parquet", data, [german]))
    expect(report, "invalid", {"rule": "constraint-error", "row": 1, "value": "29.02.2024"})


ARROW = [
    (pa.array([1, None], pa.int8()), "integer", []),
    (pa.array([2**63], pa.uint64()), "integer", []),
    (pa.array([1.0, 2.0]), "integer", []),
    (pa.array([1.5]), "integer", ["1.5"]),
    (pa.array([0.1], pa.float32()), "number", []),
    (pa.array([float("nan"), float("-inf"), 1e300]), "number", []),
    (pa.array([decimal.Decimal("1.50")]), "number", []),
    (pa.array([decimal.Decimal("2")]), "integer", []),
    (pa.array(["a", "b", "a"]).dictionary_encode(), "string", []),
    (pa.array([1, 2, 1]).dictionary_encode(), "integer", []),
    (pa.array(["a", None], pa.large_string()), "string", []),
    (pa.array(["2024-02-29", "x"]), "date", ["x"]),
    (pa.array([None, None]), "date", []),
    (pa.array([dt.datetime(2024, 2, 29)], pa.timestamp("ns")), "date", []),
    (pa.array([MOMENT], pa.timestamp("ns")), "date", ["2024-02-29T12:30:00"]),
    (pa.array([MOMENT], pa.timestamp("ns")), "datetime", []),
    (pa.array([MOMENT], pa.timestamp("ms", "Europe/Berlin")), "datetime", []),
    (pa.array([DAY]), "datetime", ["2024-02-29"]),
    (pa.array([DAY], pa.date64()), "date", []),
    (pa.array([CLOCK]), "time", []),
    (pa.array([CLOCK], pa.time32("s")), "time", []),
    (pa.array([dt.timedelta(days=1, seconds=2)]), "duration", []),
    (pa.array([[1, 2], [3]]), "array", []),
    (pa.array([["a", "b"]]), "list", []),
    (pa.array([{"x": 1}]), "object", []),
    (pa.array([[1, 2]]), "object", ["[1, 2]"]),
    (pa.array([b"a"]), "string", ["YQ=="]),
    (pa.array([7]), "year", []),
    (pa.array([2024]), "date", ["2024"]),
]


@pytest.mark.parametrize(("values", "kind", "wrong"), ARROW)
def test_arrow_types(tmp_path: Path, values: pa.Array, kind: str, wrong: list[str]) -> None:
    """Each type of Arrow under a field's type: what is wrong with it, by value."""
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": values}), buffer)
    report = judge(package(tmp_path, "t.parquet", buffer.getvalue(), [field("a", kind)]))
    assert [item["value"] for item in of(report, "type-error")] == wrong
    assert report["verdict"] == ("invalid" if wrong else "valid")


def test_binary_under_its_format(tmp_path: Path) -> None:
    """Bytes are what base64 stands for."""
    data = parquet([("a",), (b"ab",)])
    valid(judge(package(tmp_path, "t.parquet", data, [field("a", format="binary")])), rows=1)


# Parquet


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_parquet_of_texts_is_opened_as_it_is_judged(tmp_path: Path, ending: str) -> None:
    """Texts in a field's own format are its values when opened and queried, as from CSV."""
    fields = [
        field("day", "date", format="%d/%m/%Y"),
        field("n", "integer"),
        field("flag", "boolean", trueValues=["yes"], falseValues=["no"]),
    ]
    content = parquet([["flag", "day", "n"], ["yes", "01/02/2020", "+4"], ["no", "", "5"]])
    described = table("t", fields, path=f"t.parquet{ending}", schema={"fieldsMatch": "equal"})
    data = gzip.compress(content) if ending else content
    make(tmp_path, [described], {f"t.parquet{ending}": data}, **V2)
    valid(judge(tmp_path), rows=2)
    rows = [
        {"day": dt.date(2020, 2, 1), "n": 4, "flag": True},
        {"day": None, "n": 5, "flag": False},
    ]
    assert claimpack.open(tmp_path)["t"].to_pylist() == rows
    assert claimpack.query("SELECT * FROM t", tmp_path).to_pylist() == rows
    assert claimpack.info(tmp_path).tables[0].rows == 2
    claimpack.export(tmp_path, tmp_path / "out", ["parquet", "csv", "jsonl"])
    for name in ("parquet", "csv", "jsonl"):
        assert claimpack.open(tmp_path / "out" / name)["t"].to_pylist() == rows


def test_large_table_in_row_groups(tmp_path: Path) -> None:
    """Rows are counted through row groups and batches; the last one is at fault."""
    many = 30_000
    made = pa.table({"id": range(many), "name": ["x"] * (many - 1) + ["y"]})
    buffer = io.BytesIO()
    pq.write_table(made, buffer, row_group_size=7_000)
    fields = [field("id", "integer"), field("name", constraints={"enum": ["x"]})]
    report = judge(package(tmp_path, "t.parquet", buffer.getvalue(), fields, schema=SCHEMA))
    expect(report, "invalid", {"rule": "constraint-error", "row": many, "value": "y"})


def test_several_files(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """Rows are counted on, and a finding names the file that it is in."""
    name, write = form
    second = f"second.{name.rpartition('.')[2]}"
    files = {name: write(ROWS), second: write([("id", "name"), (4, "d"), (1, "e")])}
    item = table("t", "id:integer name", path=[name, second], schema=SCHEMA)
    report = judge(make(tmp_path, [item], files))
    expect(report, "invalid", {"rule": "primary-key", "row": 5, "path": second})


def test_parquet_files_of_other_columns(tmp_path: Path) -> None:
    """Such files are no one table."""
    files = {"a.parquet": parquet(ROWS), "b.parquet": parquet([("x",), (1,)])}
    item = table("t", "id:integer name", path=list(files))
    unchecked(judge(make(tmp_path, [item], files)), "t")


def test_cell_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit is a limit in Parquet, too."""
    monkeypatch.setattr(limits, "CELL_BYTES", 1000)
    data = parquet([("a",), ("x" * 2000,)])
    assert "larger" in unchecked(judge(package(tmp_path, "t.parquet", data, "a")), "t")["why"]


# Spreadsheets


BOOKS: dict[str, Callable[..., bytes]] = {"t.xlsx": workbook, "t.ods": spreadsheet}


@pytest.fixture(params=BOOKS)
def book(request: pytest.FixtureRequest) -> tuple[str, Callable[..., bytes]]:
    """File name and writer of each kind of spreadsheet."""
    return request.param, BOOKS[request.param]


@pytest.mark.parametrize(
    "dialect",
    [
        {"sheetName": "two"},
        {"sheetNumber": 2},
        {"sheet": "two"},
        {"sheet": 2},
    ],
)
def test_sheet_by_the_dialect(
    tmp_path: Path, book: tuple[str, Callable[..., bytes]], dialect: Json
) -> None:
    """By name or number, in the standard's words or in the one of other tools."""
    name, write = book
    data = write(one=[("a",), ("x",)], two=ROWS)
    path = package(tmp_path, name, data, "id:integer name", dialect=dialect)
    valid(judge(path), rows=3)


@pytest.mark.parametrize("dialect", [{"sheetName": "none"}, {"sheetNumber": 9}])
def test_sheet_that_is_not_there(
    tmp_path: Path, book: tuple[str, Callable[..., bytes]], dialect: Json
) -> None:
    """Nothing was read, and the report says which sheet was asked for."""
    name, write = book
    said = unchecked(
        judge(package(tmp_path, name, write(one=ROWS), "id:integer name", dialect=dialect)), "t"
    )
    assert str(next(iter(dialect.values()))) in said["why"]


def test_header_further_down(tmp_path: Path, book: tuple[str, Callable[..., bytes]]) -> None:
    """Titles above the header are passed over, several rows of it joined, and lines are rows."""
    name, write = book
    rows = [("A title",), ("fruit",), ("id", "name"), (1, "a"), ("x", "b")]
    dialect = {"headerRows": [2, 3]}
    fields = [field("fruit id", "integer"), field("fruit name")]
    report = judge(package(tmp_path, name, write(one=rows), fields, dialect=dialect))
    expect(report, "invalid", {"rule": "type-error", "row": 2, "line": 5, "value": "x"})


def test_comments_in_a_sheet(tmp_path: Path, book: tuple[str, Callable[..., bytes]]) -> None:
    """By mark or by number; those above the header do not count as rows of it."""
    name, write = book
    rows = [("# made by hand",), ("id", "name"), (1, "a"), ("# a note", "b"), (2, "c")]
    path = package(tmp_path, name, write(one=rows), "id:integer name", dialect={"commentChar": "#"})
    valid(judge(path), rows=2)
    dialect = {"headerRows": [2], "commentRows": [1, 4]}
    path = package(tmp_path, name, write(one=rows), "id:integer name", dialect=dialect)
    valid(judge(path), rows=2)


def test_table_without_a_schema(tmp_path: Path, form: tuple[str, Writer]) -> None:
    """Its rows are read as texts, those of Parquet as what they are; nothing judges them."""
    name, write = form
    item = {"name": "t", "path": name, "type": "table"}
    path = make(tmp_path, [item], {name: write(ROWS)}, **V2)
    assert judge(path)["counts"]["error"] == 0
    read = claimpack.open(path)["t"].to_pylist()
    assert [row["id"] for row in read] == ([1, 2, 3] if name == "t.parquet" else ["1", "2", "3"])


def test_sheet_without_a_header(tmp_path: Path, book: tuple[str, Callable[..., bytes]]) -> None:
    """Every row is data where the dialect says so."""
    name, write = book
    path = package(
        tmp_path,
        name,
        write(one=[(1, "a"), (2, "b")]),
        "id:integer name",
        dialect={"header": False},
    )
    valid(judge(path), rows=2)


def test_empty_rows_and_cells(tmp_path: Path, book: tuple[str, Callable[..., bytes]]) -> None:
    """An empty row between others is told with its line; behind the last one it is nothing."""
    name, write = book
    rows = [("id", "name", None), (1, "a"), (None, None), (2,), (None,), (None, None, None)]
    report = judge(package(tmp_path, name, write(one=rows), "id:integer name"))
    expect(report, "invalid", {"rule": "blank-row", "line": 3, "row": None})
    assert report["tables"][0]["rows"] == 2


def test_ods_text(tmp_path: Path) -> None:
    """Paragraphs are lines; runs of spaces and tabs are elements; notes are no text."""
    data = spreadsheet(one=[("a",), ('x<text:s text:c="2"/>y<text:tab/>z</text:p><text:p>end',)])
    path = package(tmp_path, "t.ods", data, "a")
    valid(judge(path), rows=1)
    assert claimpack.open(path)["t"].to_pylist() == [{"a": "x  y\tz\nend"}]


@pytest.mark.parametrize(("name", "library"), [("t.xlsx", "openpyxl"), ("t.xls", "xlrd")])
def test_library_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    """The data are not checked, and the report says what to install."""
    path = package(tmp_path, name, xlsx(ROWS), "id:integer name")
    monkeypatch.setitem(sys.modules, library, None)
    said = unchecked(judge(path), "t")
    assert library in said["why"]
    assert "claimpack[excel]" in said["why"]


XLS = (
    "c-rk)O=wd=5dL=aAKU!YRA_||3RYX&gLv^$pGvi-l<LJF1WipUr6rZ%!FsV;a})$miU@^z@KW{S4=N~l@E}z5AP7RD"
    "M^A!+hc?fd$$Oeag$A@x+3&Hlv$H$9^LBS;-`iJ<@zUJg&N3RX6CPCT5d1YVMJePKVxW54X4cJvlx%}Fg;0<d((l8g"
    ")|UZZLtgJPH12qx5d}U_I*L;mp33J^tB5^fLq@R;14I?BlO%!;v8qkz38CwS-j<e+h3*o`C7}b<wxo_=(HidE;q2l="
    "x=ZRJ;C}Cm&O4E8LpxsZE<SfzRonWoyD*-aTw@hUZwux@3p$j`=L%eo;wHktVM2d8-9I>3LV^~19$)Pg@Wu7&rzs;}"
    "UAY3uztzhFe~<@h5gX-Kv=^9xeO#QRh;{IKxyA$X*d-*vB~G-z$Fm+Fo0+EK*ktA;?U^%Sj_DEuVs$Z~ReYm`Xckf7"
    "<KiJPGGgi0=hx}c5$l*pW+d)cPlrux3~Zcd4N{JvYKlvHMPsYb3)1UG;X8#UX!}y$J<{$l`(~xhMXBwkakdNISetA3"
    "EyNc;?SGIgezbasUl=N%O)R{%=Fml_RhIPmnMI%KQ`fFC9$Id$oJjIsXvZ&6C8%SL?Y46SMzPF(M2HKmmUwp5kCJxg"
    "inUdP_7fUWiMC(j*p27>hCUr6s-+j!(!Uu~ix$tK(tc+}SWk-{o!Gh!_qY+ozn=)hz`(%3z`(%3z@Yw4M>}8V{O#^@"
    "zW)Qxz0NYFin%8FZ*c%q^qi)j%Du=_Uchuy`)31u%I!<7P{+M5WE`Z?3z)#D*fG)c{-ysnRr@|GR*d~U7ixC=N;7u;"
    "<MF=(ww%u5"
)
"""A workbook of the format before xlsx, deflated: a header, a row without fault, and one with."""


def test_old_excel(tmp_path: Path) -> None:
    """The format before xlsx: dates and booleans are such."""
    pytest.importorskip("xlrd")
    data = zlib.decompress(base64.b85decode(XLS))
    report = judge(package(tmp_path, "t.xls", data, "id:integer day:date flag:boolean"))
    expect(report, "invalid", {"rule": "type-error", "row": 2, "line": 3, "value": "x"})


# JSON


def test_rows_below_a_property(tmp_path: Path) -> None:
    """The dialect names the property; where it does not, an object is no table."""
    data = json.dumps({"meta": 1, "rows": keyed(ROWS)}).encode()
    path = package(tmp_path, "t.json", data, "id:integer name", dialect={"property": "rows"})
    valid(judge(path), rows=3)
    unchecked(judge(package(tmp_path, "t.json", data, "id:integer name")), "t")


def test_order_of_names_is_none(tmp_path: Path) -> None:
    """Objects map by name; a name that one row lacks is null there."""
    data = json.dumps([{"name": "a", "id": 1}, {"id": 2}, {"name": "c"}]).encode()
    fields = [field("id", "integer", constraints={"required": True}), field("name")]
    report = judge(package(tmp_path, "t.json", data, fields))
    expect(report, "invalid", {"rule": "constraint-error", "field": "id", "row": 3})


def test_keys_that_the_dialect_names(tmp_path: Path) -> None:
    """Only those are read."""
    data = json.dumps([{"id": 1, "name": "a", "more": True}]).encode()
    path = package(
        tmp_path, "t.json", data, "name id:integer", dialect={"itemKeys": ["name", "id"]}
    )
    valid(judge(path), rows=1)


def test_name_that_comes_late(tmp_path: Path) -> None:
    """A name that only the last line has is a column, too."""
    data = b'{"id": 1}\n' * 20_000 + b'{"id": 2, "late": 1}\n'
    report = judge(package(tmp_path, "t.jsonl", data, "id:integer"))
    expect(report, "invalid", {"rule": "extra-label", "value": "late"})


def test_ragged_lists(tmp_path: Path) -> None:
    """Cells too many and too few, with lines in JSON Lines."""
    data = b'["id", "name"]\n[1]\n\n[2, "b", "c"]\n'
    expect(
        judge(package(tmp_path, "t.jsonl", data, "id:integer name")),
        "invalid",
        {"rule": "missing-cell", "row": 1, "line": 2, "field": "name"},
        {"rule": "extra-cell", "row": 2, "line": 4, "value": "c"},
    )


def test_line_that_is_no_json(tmp_path: Path) -> None:
    """Which line it is, and how many rows were read before."""
    data = b'{"id": 1}\n{"id": 2}\n{"id": \n'
    why = unchecked(judge(package(tmp_path, "t.jsonl", data, "id:integer")), "t")["why"]
    assert "line 3" in why


@pytest.mark.parametrize(
    "data", [b"[NaN]", b'[["a"], [NaN]]', b'{"a": 1}', b'["a", 1]', b"[" * 9000]
)
def test_json_that_is_no_table(tmp_path: Path, data: bytes) -> None:
    """Not checked, with the reason."""
    unchecked(judge(package(tmp_path, "t.json", data, "a")), "t")


def test_json_in_another_encoding(tmp_path: Path) -> None:
    """As declared, and a byte that the encoding does not have is told with its line."""
    data = '[\n{"id": 1, "name": "é"}]'
    fields = [field("id", "integer"), field("name", constraints={"enum": ["é"]})]
    for encoding in ("utf-16", "latin-1"):
        path = package(tmp_path, "t.json", data.encode(encoding), fields, encoding=encoding)
        valid(judge(path), rows=1)
    path = package(tmp_path, "t.json", data.encode("latin-1"), "id:integer name")
    expect(judge(path), "invalid", {"rule": "encoding-error", "line": 2})


def test_json_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row and what is beside the rows have limits; the number of rows has none."""
    monkeypatch.setattr(limits, "READ_WHOLE", 1000)
    monkeypatch.setattr(limits, "CELL_BYTES", 1000)
    rows = [("id", "name"), *((number, "x" * 50) for number in range(50))]
    valid(judge(package(tmp_path, "t.json", objects(rows), "id:integer name")), rows=50)
    valid(judge(package(tmp_path, "t.jsonl", lines(rows), "id:integer name")), rows=50)
    rows = [("id", "name"), (1, "x" * (1 << 21))]
    for name, write in (("t.json", objects), ("t.jsonl", lines)):
        said = unchecked(judge(package(tmp_path, name, write(rows), "id:integer name")), "t")
        assert "larger than" in said["why"]


def test_half_a_character(tmp_path: Path) -> None:
    """JSON can escape what no encoding of Unicode can hold: an error, in a cell or a label."""
    data = b'[{"a": "x\\ud800"}, {"a": "y", "\\udfff": "\\udfff"}]'
    report = judge(package(tmp_path, "t.json", data, "a"))
    expect(report, "invalid", {"rule": "encoding-error", "row": 1}, {"rule": "extra-label"})
    data = b'[["a"], [{"x": "\\ud800"}]]'
    expect(
        judge(package(tmp_path, "t.json", data, "a")), "invalid", {"rule": "type-error", "row": 1}
    )


def test_text_that_is_no_utf8(tmp_path: Path) -> None:
    """A Parquet file may hold bytes where it promises texts."""
    buffer = io.BytesIO()
    texts = pa.array([b"ok", None, b"\xff", b"ok"]).view(pa.string())
    pq.write_table(pa.table({"a": texts}), buffer)
    report = judge(package(tmp_path, "t.parquet", buffer.getvalue(), "a"))
    expect(report, "invalid", {"rule": "encoding-error", "row": 3, "line": None})


def test_nul_character(tmp_path: Path) -> None:
    """No reader agrees on it, wherever it comes from."""
    for name, data in (
        ("t.json", b'[["a"], ["x"], ["y\\u0000"]]'),
        ("t.parquet", parquet([("a",), ("x",), ("y\0",)])),
    ):
        expect(judge(package(tmp_path, name, data, "a")), "invalid", {"rule": "nul-byte", "row": 2})


def test_nested_values(tmp_path: Path) -> None:
    """Objects and arrays under their types, and under no other."""
    fields = [field("a", "array"), field("o", "object"), field("g", "geojson"), field("s")]
    point = {"type": "Point", "coordinates": [1, 2]}
    rows = [("a", "o", "g", "s"), ([1], {"x": 1}, point, "t"), ({"x": 1}, [1], [1], [1])]
    report = judge(package(tmp_path, "t.json", lists(rows), fields))
    wrong = [{"rule": "type-error", "row": 2, "field": name} for name in "aogs"]
    expect(report, "invalid", *wrong)


@pytest.mark.parametrize("more", [{"format": "json"}, {"mediatype": "application/json"}])
def test_inline_text_of_json(tmp_path: Path, more: Json) -> None:
    """A text is data of the format or media type that stands beside it (Inline Data)."""
    text = '[{"id": 1, "name": "a"}, {"id": "x", "name": "b"}]'
    make(tmp_path, [table("t", "id:integer name", data=text, **more)])
    expect(judge(tmp_path), "invalid", {"rule": "type-error", "row": 2, "line": None, "value": "x"})


def test_inline_text_of_lines_of_json(tmp_path: Path) -> None:
    """Its encoding is the descriptor's, whatever is declared for files."""
    text = '{"id": 1, "name": "\xe9"}\n{"id": "x", "name": "b"}\n'
    described = table("t", "id:integer name", data=text, format="ndjson", encoding="latin-1")
    make(tmp_path, [described])
    expect(judge(tmp_path), "invalid", {"rule": "type-error", "row": 2, "line": 2})


def test_inline_text_that_is_no_json(tmp_path: Path) -> None:
    """As with a file, what cannot be read is not checked."""
    make(tmp_path, [table("t", "id:integer", data="id\n1\n", format="json")])
    assert "not JSON" in unchecked(judge(tmp_path), "t")["why"]


@pytest.mark.parametrize("rows", ['[["id"], {"id": 1}]', '[{"id": 1}, [1]]'])
@pytest.mark.parametrize("inline", [True, False])
def test_lists_among_objects(tmp_path: Path, rows: str, inline: bool) -> None:
    """Rows of both kinds make no table, and the report says just that."""
    if inline:
        make(tmp_path, [table("t", "id:integer", data=json.loads(rows))])
    else:
        make(tmp_path, [table("t", "id:integer", path="t.json")], {"t.json": rows})
    assert "mix" in unchecked(judge(tmp_path), "t")["why"]


def test_inline_rows_are_judged_alike(tmp_path: Path) -> None:
    """Inline data have types as well."""
    item = table("t", "id name", data=[{"id": 1, "name": "a"}])
    expect(judge(make(tmp_path, [item])), "invalid", {"rule": "type-error", "field": "id"})


# Compression


def test_broken_and_false_compression(tmp_path: Path) -> None:
    """Cut short, changed or something else: not checked, never valid."""
    whole = b"id,name\n" + b"1,a\n" * 5000
    for ending in ("gz", "bz2", "xz", "zst", "zip"):
        data = squeeze(whole, ending)
        middle = len(data) // 2
        changed = data[:middle] + bytes(byte ^ 255 for byte in data[middle : middle + 9])
        for broken in (data[:middle], changed + data[middle + 9 :], b"plain"):
            path = package(tmp_path, f"t.csv.{ending}", broken, "id:integer name")
            assert judge(path)["verdict"] != "valid", ending


@pytest.mark.parametrize("ending", ["bz2", "xz", "zst"])
def test_other_compressions_have_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """The same limits as for gz and zip."""
    monkeypatch.setattr(limits, "INFLATED_BYTES", MIB)
    data = squeeze(b"id,name\n" + b"1,x\n" * MIB, ending)
    said = unchecked(judge(package(tmp_path, f"t.csv.{ending}", data, "id:integer name")), "t")
    assert "more than" in said["why"]


@pytest.mark.parametrize("declared", ["gz", "gzip", "GZ"])
def test_compression_by_the_property(tmp_path: Path, declared: str) -> None:
    """The property says what the name's ending does not."""
    data = gzip.compress(b"id,name\n1,a\n")
    path = package(tmp_path, "t.csv", data, "id:integer name", compression=declared)
    valid(judge(path), rows=1)


@pytest.mark.parametrize("ending", ["7z", "rar", "br", "lz4"])
def test_compression_that_is_not_known(tmp_path: Path, ending: str) -> None:
    """Told as such."""
    said = unchecked(judge(package(tmp_path, f"t.csv.{ending}", b"x", "id:integer name")), "t")
    assert ending in said["why"]


def test_zip_of_several_members(tmp_path: Path) -> None:
    """Which one is meant nobody knows, unless the resource says so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("other.csv", "x\n")
        archive.writestr("t.csv", "id,name\n1,a\n")
    data = buffer.getvalue()
    unchecked(judge(package(tmp_path, "t.csv.zip", data, "id:integer name")), "t")
    path = package(tmp_path, "t.csv.zip", data, "id:integer name", innerpath="t.csv")
    valid(judge(path), rows=1)
    path = package(tmp_path, "t.csv.zip", data, "id:integer name", innerpath="gone.csv")
    assert "gone.csv" in unchecked(judge(path), "t")["why"]


@pytest.mark.parametrize(
    ("more", "member"),
    [
        ({"innerpath": "in/t.csv"}, "in/t.csv"),
        ({"mediatype": "text/csv"}, "table"),
        ({"format": "csv"}, "table"),
        ({}, "t.csv"),
    ],
)
def test_zip_whose_own_name_tells_no_format(tmp_path: Path, more: Json, member: str) -> None:
    """What is inside a compressed file is told by the rest; plain text of a table is CSV."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "id,name\nx,a\n")
    path = package(tmp_path, "t.zip", buffer.getvalue(), "id:integer name", **more)
    expect(judge(path), "invalid", {"rule": "type-error", "field": "id", "row": 1, "line": 2})


def test_table_of_lines_of_json_in_a_zip_file(tmp_path: Path) -> None:
    """The member that the resource names tells the format by its own name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("t.jsonl", '{"id": 1, "name": "a"}\n')
        archive.writestr("u.csv", "q\n")
    data = buffer.getvalue()
    valid(judge(package(tmp_path, "t.zip", data, "id:integer name", innerpath="t.jsonl")), rows=1)


# Encodings


ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "utf-7",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "gb18030",
    "big5hkscs",
    "euc-kr",
    "koi8-r",
]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_have_true_lines(tmp_path: Path, encoding: str) -> None:
    """Lines are counted in the text, across blocks and newlines in quotes."""
    word = {"koi8-r": "слово", "euc-kr": "단어"}.get(encoding, "語")
    text = "id,name\n" + f'1,"{word}\n{word}"\n' * 20_000 + f"x,{word}\n"
    fields = [field("id", "integer"), field("name", constraints={"pattern": f"{word}(\n{word})?"})]
    path = one(tmp_path, text.encode(encoding), fields, encoding=encoding)
    found = {"rule": "type-error", "row": 20_001, "line": 40_002, "value": "x"}
    expect(judge(path), "invalid", found)


@pytest.mark.parametrize(
    ("encoding", "broken"),
    [
        ("utf-16-le", b"\x00\xdc"),
        ("utf-16-be", b"\xdc\x00"),
        ("utf-32-le", b"\xff\xff\xff\xff"),
        ("windows-1252", b"\x81"),
        ("shift_jis", b"\xff"),
    ],
)
def test_broken_encodings_have_true_lines(tmp_path: Path, encoding: str, broken: bytes) -> None:
    """A byte that the encoding does not have, behind a newline in quotes, with its offset."""
    before = 'id,name\n1,"a\nb"\n2,'.encode(encoding)
    path = one(
        tmp_path,
        before + broken + "\n3,c\n".encode(encoding),
        "id:integer name",
        encoding=encoding,
    )
    report = judge(path)
    expect(report, "invalid", {"rule": "encoding-error", "row": 2, "line": 4})
    assert str(len(before)) in of(report, "encoding-error")[0]["message"]
