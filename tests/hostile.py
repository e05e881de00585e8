"""Large and hostile inputs, each made by a small function in an empty folder.

tests/robustness.py runs the command on each and writes down what became of it. The sizes are
those of real files and far above; tests of the suite have the same inputs scaled down.
"""

from __future__ import annotations

import gzip
import json
import lzma
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from claimpack import limits
from packages import Fields, Json, make, table
from packages import field as column
from samples import ods

MB = 1_000_000
MIB = limits.MIB
REPORTS = ("text", "github", "html", "json", "junit", "markdown", "sarif")
Make = Callable[[Path], object]


@dataclass(frozen=True)
class Input:
    """One input.

    Attributes:
        group: The table of the page that it belongs to.
        name: What it is, in words; the page knows it by them.
        make: Writes it into an empty folder.
        argv: The command, run in that folder.
        stdin: A file that is the command's standard input.
    """

    group: str
    name: str
    make: Make = field(compare=False)
    argv: tuple[str, ...] = ("validate",)
    stdin: str | None = None


# Files


def one(folder: Path, blocks: Iterable[bytes], fields: Fields = "a b", **resource: Any) -> None:
    """A package of one table whose file is written block by block."""
    schema: Json = resource.pop("schema", {})
    described = table("t", fields, schema=schema, **resource)
    make(folder, [described])
    with (folder / described["path"]).open("wb") as file:
        file.writelines(blocks)


def times(piece: bytes, size: int) -> Iterable[bytes]:
    """About so many bytes of one piece, each of them whole, in blocks of a mebibyte."""
    block = piece * (MIB // len(piece))
    for start in range(0, size, len(block)):
        yield block[: (size - start) // len(piece) * len(piece)]


def around(before: bytes, piece: bytes, size: int, after: bytes = b"\n") -> Iterable[bytes]:
    """The same with something before and after it."""
    yield before
    yield from times(piece, size)
    yield after


def packed(folder: Path, ending: str, blocks: Iterable[bytes]) -> None:
    """A package of one compressed table."""
    path = f"t.csv.{ending}"
    make(folder, [table("t", "a b", path=path, format="csv")])
    if ending == "zip":
        member(folder / path, "t.csv", blocks)
        return
    with (
        gzip.GzipFile(folder / path, "w")
        if ending == "gz"
        else lzma.LZMAFile(folder / path, "w") as file
    ):
        file.writelines(blocks)


def member(path: Path, name: str, blocks: Iterable[bytes], **others: str) -> None:
    """A zip file with one long member, and short ones."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, text in others.items():
            archive.writestr(other.replace("__", "/"), text)
        with archive.open(name, "w", force_zip64=True) as file:
            for block in blocks:
                file.write(block)


def sheet(folder: Path, name: str, content: bytes) -> None:
    """A package of one spreadsheet."""
    make(folder, [table("t", "a b", path=name)], {name: content})


# Lines and cells


def _header(megabytes: int, folder: Path) -> None:
    one(folder, around(b"", b",", megabytes * MB))


def _row(megabytes: int, folder: Path) -> None:
    one(folder, around(b"a,b\n", b",", megabytes * MB))


def _cell(folder: Path) -> None:
    one(folder, around(b"a,b\n1,", b"x", 250 * MB))


def _quoted_cell(folder: Path) -> None:
    one(folder, around(b'a,b\n1,"', b"x\n", 250 * MB))


def _line(folder: Path) -> None:
    one(folder, times(b"x", 200 * MB))


def _bad_cells(folder: Path) -> None:
    line = b"x" * 10 * MB + b",1\n"
    one(folder, (b"a,b\n", *(line for _ in range(30))), "a:integer b")


def _blank_lines(folder: Path) -> None:
    one(folder, around(b"a,b\n", b"\n", 20 * MB))


def _comment_rows(folder: Path) -> None:
    rows = list(range(2, 200_002))
    one(folder, around(b"a,b\n", b"1,2\n", MB), dialect={"commentRows": rows})


def _utf_16(folder: Path) -> None:
    one(folder, ["a,b\n1,2\n".encode("utf-16-le")], encoding="utf-16")


def _columns(folder: Path) -> None:
    make(folder, [{"name": "t", "path": "t.csv"}])
    (folder / "t.csv").write_text(",".join(f"c{number}" for number in range(MB)) + "\n")


def _fields(folder: Path) -> None:
    names = [f"c{number}" for number in range(100_000)]
    text = ",".join(names) + "\n" + ",".join(["1"] * len(names)) + "\n"
    one(folder, [text.encode()], [column(name, "integer") for name in names])


def _extra_cells(folder: Path) -> None:
    one(folder, [b"a,b\n1,2" + b",x" * 100_000 + b"\n"])


def _keys(folder: Path) -> None:
    rows = (f"{'k' * 200}{number % 999_999},x\n".encode() for number in range(MB))
    one(folder, (b"a,b\n", *rows), schema={"primaryKey": "a"})


LINES = (
    *(
        Input("Lines and cells", f"header of commas, {n} MB", partial(_header, n))
        for n in (8, 15, 100)
    ),
    *(Input("Lines and cells", f"row of commas, {n} MB", partial(_row, n)) for n in (8, 20, 100)),
    Input("Lines and cells", "one cell of 250 MB", _cell),
    Input("Lines and cells", "one quoted cell of 250 MB, with newlines", _quoted_cell),
    Input("Lines and cells", "one line of 200 MB, nothing else", _line),
    Input("Lines and cells", "30 cells of 10 MB, each of the wrong type", _bad_cells),
    Input("Lines and cells", "20 million empty lines", _blank_lines),
    Input("Lines and cells", "`commentRows` of 200,000 numbers", _comment_rows),
    Input("Lines and cells", "UTF-16 declared, no byte order mark", _utf_16),
    Input("Lines and cells", "1,000,000 columns, no schema", _columns),
    Input("Lines and cells", "100,000 fields, one row", _fields),
    Input("Lines and cells", "100,000 extra cells in a row", _extra_cells),
    Input("Lines and cells", "1 million keys of 200 characters, one twice", _keys),
)

# Descriptors


def _descriptor(folder: Path, piece: bytes, size: int) -> None:
    """A descriptor of that size, most of it one property that nobody needs."""
    make(folder, [table("t", "a b")], {"t.csv": "a,b\n1,2\n"})
    path = folder / "datapackage.json"
    start = path.read_bytes()[:-1] + b', "x": ['
    with path.open("wb") as file:
        file.write(start)
        count = max(0, size - len(start) - 4) // (len(piece) + 1)
        unit = piece + b","
        for block in times(unit, count * len(unit)):
            file.write(block)
        file.write(b"0]}")


def _within(piece: bytes, folder: Path) -> None:
    _descriptor(folder, piece, limits.DESCRIPTOR_BYTES - 100)


def _beyond(folder: Path) -> None:
    _descriptor(folder, b"0", limits.DESCRIPTOR_BYTES + 100)


def _deep(folder: Path) -> None:
    (folder / "datapackage.json").write_text('{"resources": ' + "[" * 100_000 + "]" * 100_000 + "}")


def _enum(folder: Path) -> None:
    values = [f"value {number}" for number in range(MB)]
    one(
        folder, [b"a,b\nx,1\nvalue 7,2\n"], [column("a", constraints={"enum": values}), column("b")]
    )


def _pattern(pattern: str, text: str, folder: Path) -> None:
    fields = [column("a", constraints={"pattern": pattern}), column("b", "integer")]
    one(folder, [f"a,b\n{text},x\n".encode()], fields)


def _json_schema(folder: Path) -> None:
    schema = {"items": {"pattern": "^(a+)+$"}}
    fields = [column("a", "array", constraints={"jsonSchema": schema}), column("b", "integer")]
    one(folder, [b'a,b\n"[""' + b"a" * 40 + b'!""]",x\n'], fields)


def _long_key(folder: Path) -> None:
    one(folder, [b"a,b\n1,2\n"], schema={"primaryKey": ["a"] * 10_000})


def _resources(folder: Path) -> None:
    names = [f"t{number}" for number in range(5000)]
    make(
        folder,
        [table(name, "a b") for name in names],
        {f"{name}.csv": "a,b\n1,2\n" for name in names},
    )


def _nothing(folder: Path) -> None:
    """The input comes from elsewhere."""


ZERO = "/dev/zero"
PATTERNS = (
    ("`[0-9]{1,1001}`", "[0-9]{1,1001}", "12"),
    ("`.{1,2000}`", ".{1,2000}", "xy"),
    ("`(x{1,1000}){1,1000}`", "(x{1,1000}){1,1000}", "xx"),
    ("of 1 MB", "x?" * (MB // 2), "xx"),
    ("of 50,000 nested parentheses", "(" * 50_000 + "a" + ")" * 50_000, "a"),
    ("`(a+)+b`, 40 letters", "(a+)+b", "a" * 40),
    (r"`(a|aa)+\1c` (back-reference), 60 letters", r"(a|aa)+\1c", "a" * 60),
)
DESCRIPTORS = (
    Input("Descriptors", "numbers, just below the limit", partial(_within, b"0")),
    Input("Descriptors", "objects `{}`, just below the limit", partial(_within, b"{}")),
    Input("Descriptors", "texts, just below the limit", partial(_within, b'"' + b"x" * 98 + b'"')),
    Input("Descriptors", "numbers, just above the limit", _beyond),
    Input("Descriptors", "100,000 levels of lists", _deep),
    Input("Descriptors", "endless standard input", _nothing, ("validate", "-"), ZERO),
    Input("Descriptors", "`enum` of 1,000,000 texts", _enum),
    *(
        Input("Descriptors", f"pattern {name}", partial(_pattern, pattern, text))
        for name, pattern, text in PATTERNS
    ),
    Input("Descriptors", "`jsonSchema` with the pattern `^(a+)+$`", _json_schema),
    Input("Descriptors", "`primaryKey` that names a field 10,000 times", _long_key),
    Input("Descriptors", "5,000 resources", _resources),
)

# Other formats


def _json(folder: Path) -> None:
    row = b'{"a": "' + b"x" * 40 + b'", "b": "1"}'
    one(folder, around(b"[" + row, b", " + row, 500 * MB, b"]"), path="t.json")


def _json_deep(folder: Path) -> None:
    cell = b'[{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]"
    one(folder, [cell], "a:array b", path="t.json")


def _json_lines(folder: Path) -> None:
    one(folder, times(b'{"a": "' + b"x" * 40 + b'", "b": "1"}\n', 500 * MB), path="t.jsonl")


def _parquet(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    make(folder, [table("t", "a b", path="t.parquet")])
    batch = pa.table({"a": ["x"] * MB, "b": ["y"] * MB})
    with pq.ParquetWriter(folder / "t.parquet", batch.schema) as writer:
        for _ in range(20):
            writer.write_table(batch)


def _bomb(ending: str, folder: Path) -> None:
    packed(folder, ending, around(b"a,b\n", b"1,x\n", 1400 * MB, b""))


def _cell_bomb(folder: Path) -> None:
    packed(folder, "gz", around(b"a,b\n1,", b"x", 1000 * MB))


def _package_bomb(folder: Path) -> None:
    described = json.dumps({"name": "p", "resources": [table("t", "a b")]})
    rows = around(b"a,b\n", b"1,x\n", 1400 * MB, b"")
    member(folder / "p.zip", "t.csv", rows, **{"datapackage.json": described})


def _ods_cell(folder: Path) -> None:
    sheet(
        folder, "t.ods", ods([["a", "b"], ["1", "2"]], 'table:number-columns-repeated="1000000000"')
    )


def _ods_row(folder: Path) -> None:
    repeated = 'table:number-rows-repeated="2000000000"'
    sheet(folder, "t.ods", ods([["a", "b"], ["1", "2"]], row=repeated))


def _ods_spaces(folder: Path) -> None:
    sheet(folder, "t.ods", ods([["a", "b"], ["1", '<text:s text:c="2000000000"/>']]))


def _xlsx(folder: Path, rows: Iterable[bytes]) -> None:
    """A workbook with as many bytes in its sheet as come."""
    make(folder, [table("t", "a b", path="t.xlsx")])
    member(folder / "t.xlsx", "xl/worksheets/sheet1.xml", rows, **XLSX)


def _xlsx_bomb(folder: Path) -> None:
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    head = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    _xlsx(folder, around(head, row, 100 * MB // len(row) * len(row), b"</sheetData></worksheet>"))


def _xlsx_laughs(folder: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<!DOCTYPE w [<!ENTITY e0 "ha">{entities}]><worksheet xmlns="{MAIN}"><sheetData><row>'
        '<c t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
    )
    _xlsx(folder, [text.encode()])


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XLSX = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>'
    "</Types>",
    "_rels__.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl__workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="t" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl___rels__workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
FORMATS = (
    Input("Other formats", "JSON table of 500 MB", _json),
    Input("Other formats", "JSON cell of 100,000 levels", _json_deep),
    Input("Other formats", "JSON Lines of 500 MB", _json_lines),
    Input("Other formats", "Parquet of 20 million equal rows", _parquet),
    *(
        Input("Other formats", f"{ending} of 1.4 GB of rows", partial(_bomb, ending))
        for ending in ("gz", "zip", "xz")
    ),
    Input("Other formats", "gz of a cell of 1 GB", _cell_bomb),
    Input("Other formats", "zip package of 1.4 GB of rows", _package_bomb, ("validate", "p.zip")),
    Input("Other formats", "ODS cell repeated 1,000,000,000 times", _ods_cell),
    Input("Other formats", "ODS row repeated 2,000,000,000 times", _ods_row),
    Input("Other formats", "ODS cell of 2,000,000,000 spaces", _ods_spaces),
    Input("Other formats", "XLSX sheet of 100 MB of XML", _xlsx_bomb),
    Input("Other formats", "XLSX with nested entities", _xlsx_laughs),
)

# Reports and commands


def _findings(folder: Path) -> None:
    one(folder, around(b"a,b\n", b"x,y\n", 500_000 * 4, b""), "a:integer b:integer")


def _small(folder: Path) -> None:
    one(folder, [b"a,b\n1,2\n"])


_ENDLESS = "SELECT count(*) FROM range(10000000000) a, range(10000000000) b"
_LONG_TEXT = "SELECT length(repeat('x', 4000000000)) AS n FROM t"
COMMANDS = (
    *(
        Input("Reports", f"1,000,000 findings as {name}", _findings, ("validate", "-f", name))
        for name in REPORTS
    ),
    Input(
        "Commands",
        "`query` without end, 5 seconds allowed",
        _small,
        ("query", _ENDLESS, "--timeout", "5"),
    ),
    Input("Commands", "`query` for a text of 4 GB", _small, ("query", _LONG_TEXT)),
)
INPUTS = (*LINES, *DESCRIPTORS, *FORMATS, *COMMANDS)
