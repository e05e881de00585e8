"""Rows of spreadsheets: xlsx through calamine or openpyxl, xls through xlrd, ods from its XML.

A row comes with its number in the sheet. Empty cells are nulls; rows that are empty
down to the end of the sheet, and cells to the right of the last one that holds
something, are the sheet's and not the table's. What a file repeats or leaves out is
expanded exactly, up to the limits of a sheet; a larger sheet is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.files import decompression
from claimpack.readers.byte_stream import as_file
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET
    from zipfile import ZipFile, ZipInfo

EXCEL = {"xlsx": "openpyxl", "xls": "xlrd"}
"""Formats of Excel, and the libraries that read them."""
EXCEL_ROWS = 1 << 20
"""Most rows that a sheet of Excel can have."""
FORMATS = frozenset({*EXCEL, "ods"})

Row = tuple[int, list[Any]]
_ROW_END = re.compile(rb"</[\w:-]*row>")
Run = tuple[list[Any], int]
"""A row, and how many times it follows on itself."""


def rows(resource: Resource) -> Iterator[Row]:
    """The rows of the sheet that the dialect names, the first sheet where it names none.

    Raises:
        UnreadableError: It is no spreadsheet, has no such sheet, or a library is missing.
        TooLargeError: It inflates beyond the limits.
    """
    for number in range(len(resource.files)):
        with as_file(resource, number) as path:
            found = _ods(resource, path) if resource.format == "ods" else _excel(resource, path)
            for line, row in _trimmed(found):
                yield number * FILE + line, row


def _trimmed(found: Iterator[Run]) -> Iterator[Row]:
    """The rows with their numbers, without the empty cells and rows after the table."""
    line = cells = empty = 0
    for row, times in found:
        while row and row[-1] in (None, ""):
            row.pop()
        if not row:
            empty += times
            continue
        cells += len(row) * times
        _check(line + empty + times, cells)
        for _ in range(empty):
            line += 1
            yield line, []
        for _ in range(times):
            line += 1
            yield line, list(row)
        empty = 0


def _check(rows: int, cells: int, most: int = limits.SHEET_ROWS) -> None:
    """TooLargeError where a sheet has more rows or cells than are read."""
    if rows > most:
        raise TooLargeError(f"the sheet has more than {most:,} rows")
    if cells > limits.SHEET_CELLS:
        raise TooLargeError(f"the sheet has more than {limits.SHEET_CELLS:,} cells")


# --- Excel ----------------------------------------------------------------------------------


def _excel(resource: Resource, path: Path) -> Iterator[Run]:
    library = EXCEL[resource.format]
    if find_spec(library) is None:
        raise UnreadableError(
            f"{resource.format} needs the library {library}: pip install 'claimpack[excel]'"
        )
    read = _xlsx if resource.format == "xlsx" else _xls
    for number, row in enumerate(read(resource, path), 1):
        _check(number, 0, EXCEL_ROWS)
        yield row, 1


def _xlsx(resource: Resource, path: Path) -> Iterator[list[Any]]:
    """The rows of a workbook.

    Calamine is ten times as fast as openpyxl, but it gives an empty text for an error such as
    `#N/A`, and holds a sheet as one block from its first to its last cell. So it reads sheets
    without errors whose cells fill most of that block; openpyxl reads all others.
    """
    seen = _within_limits(path)
    if seen.dense and not seen.errors and find_spec("python_calamine") is not None:
        return _by_calamine(resource, path)
    return _by_openpyxl(resource, path)


def _by_calamine(resource: Resource, path: Path) -> Iterator[list[Any]]:
    calamine: Any = import_module("python_calamine")
    failure = "the spreadsheet cannot be read"
    book = decompression.attempt(lambda: calamine.CalamineWorkbook.from_path(path), failure)
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    sheet = decompression.attempt(lambda: book.get_sheet_by_name(_name(names, resource)), failure)
    before = [None] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield before + [_as_in_excel(value) for value in row]


def _as_in_excel(value: Any) -> Any:
    """A value of calamine's as openpyxl gives it: a null, a whole number, a moment."""
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _by_openpyxl(resource: Resource, path: Path) -> Iterator[list[Any]]:
    """The rows, whatever the workbook says of its own size: rows beyond that count as well."""
    import warnings

    openpyxl: Any = import_module("openpyxl")
    failure = "the spreadsheet cannot be read"
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = decompression.attempt(
            lambda: openpyxl.load_workbook(file, read_only=True, data_only=True), failure
        )
        try:
            named = {sheet.title: sheet for sheet in book.worksheets}
            sheet = named[_name(list(named), resource)]
            sheet.reset_dimensions()
            rows = sheet.iter_rows(values_only=True)
            while (row := decompression.attempt(lambda: next(rows, None), failure)) is not None:
                yield list(row)
        finally:
            book.close()


def _name(names: list[str], resource: Resource) -> str:
    """The name of the sheet that the dialect asks for."""
    name, number = resource.dialect.sheet_name, resource.dialect.sheet_number or 1
    if name and name in names:
        return name
    if not name and number <= len(names):
        return names[number - 1]
    raise UnreadableError(f"the spreadsheet has no sheet {name or number!r}")


def _xls(resource: Resource, path: Path) -> Iterator[list[Any]]:
    from frictionless import Dialect, formats
    from frictionless import Resource as Theirs

    wanted = resource.dialect.sheet_name or resource.dialect.sheet_number or 1
    theirs = Theirs(
        path=path.name,
        basepath=str(path.parent),
        scheme="file",
        format=resource.format,
        dialect=Dialect(header=False, controls=[formats.ExcelControl(sheet=wanted)]),
    )
    failure = "the spreadsheet cannot be read"
    decompression.attempt(theirs.open, failure)
    try:
        while (
            row := decompression.attempt(lambda: next(theirs.cell_stream, None), failure)
        ) is not None:
            yield list(row)
    finally:
        theirs.close()


@dataclass
class _Cells:
    """What was seen of the cells of a workbook's sheets.

    Attributes:
        errors: Whether a cell may hold an error such as `#N/A`.
        count: Number of cells.
        named: Number of cells that say where they are.
        columns: The letters of the columns that hold cells.
        last: The last row that a cell says it is in.
    """

    errors: bool = False
    count: int = 0
    named: int = 0
    last: int = 0
    columns: set[bytes] = field(default_factory=set)

    def look(self, block: bytes) -> None:
        """Look through a part of a sheet's XML that ends between two rows."""
        self.errors = self.errors or b't="e"' in block or b"t='e'" in block
        places = _PLACE.findall(block)
        self.count += len(_CELL.findall(block))
        self.named += len(places)
        self.columns.update(letters for letters, _ in places)
        self.last = max(self.last, *(int(number) for _, number in places), 0)

    @property
    def dense(self) -> bool:
        """Whether the block from the first to the last cell is not much larger than its cells."""
        width = max(map(_column, self.columns), default=0)
        return self.named == self.count and width * self.last <= 4 * self.count + 100_000


_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
_PLACE = re.compile(rb'<(?:\w+:)?c [^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')


def _column(letters: bytes) -> int:
    """The number of a column by its letters: 1 for A, 28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _within_limits(path: Path) -> _Cells:
    """A workbook is a zip file; a row, and all that is not rows, is held in memory."""
    seen = _Cells()
    with decompression.archive(path) as archive:
        for item in archive.infolist():
            decompression.check(item.file_size, item.compress_size)
            if not item.filename.endswith((".xml", ".rels")):
                continue
            if "worksheets/" in item.filename:
                for rows in _rows_of(archive, item):
                    seen.look(rows)
            elif item.file_size > limits.READ_WHOLE:
                most = f"{limits.READ_WHOLE:,} bytes"
                raise TooLargeError(f"{item.filename} in the workbook is larger than {most}")
    return seen


def _rows_of(archive: ZipFile, item: ZipInfo) -> Iterator[bytes]:
    """The XML of a sheet in parts of whole rows; a parser holds a row until it ends."""
    held = b""
    for block in decompression.blocks(lambda: archive.open(item), item.compress_size):
        held += block
        end = max((match.end() for match in _ROW_END.finditer(held)), default=0)
        yield held[:end]
        held = held[end:]
        if len(held) > limits.CELL_BYTES + len(block):
            raise TooLargeError(f"a row is larger than {limits.CELL_BYTES:,} bytes")
    yield held


# --- OpenDocument ---------------------------------------------------------------------------

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = (_NAMES % name for name in ("table", "office", "text"))
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")


def _ods(resource: Resource, path: Path) -> Iterator[Run]:
    """The rows of a sheet, its XML read as it is inflated and dropped as it was read."""
    from xml.etree import ElementTree as ET

    name, number = resource.dialect.sheet_name, resource.dialect.sheet_number or 1
    parser: Any = ET.XMLPullParser(("start", "end"))
    ways: list[ET.Element] = []
    sheets, inside = 0, False
    try:
        for block in _content(path):
            parser.feed(block)
            element: ET.Element
            for event, element in parser.read_events():
                if event == "start":
                    ways.append(element)
                    if element.tag == f"{_TABLE}table":
                        sheets += 1
                        named = element.get(f"{_TABLE}name")
                        inside = named == name if name else sheets == number
                    continue
                ways.pop()
                if element.tag == f"{_TABLE}table" and inside:
                    return
                if element.tag == f"{_TABLE}table-row":
                    if inside:
                        yield _cells(element), _count(element, "number-rows-repeated")
                    ways[-1].remove(element)
    except ET.ParseError as error:
        raise UnreadableError(f"the file is not an ods file: {error}") from error
    raise UnreadableError(f"the spreadsheet has no sheet {name or number!r}")


def _content(path: Path) -> Iterator[bytes]:
    with decompression.archive(path) as archive:
        if "content.xml" not in archive.namelist():
            raise UnreadableError("the file is not an ods file")
        yield from _rows_of(archive, archive.getinfo("content.xml"))


def _cells(row: ET.Element) -> list[Any]:
    """The cells of a row up to the last one that holds something."""
    cells: list[Any] = []
    empty = 0
    for element in row:
        if element.tag not in _CELLS:
            continue
        value, times = _value(element), _count(element, "number-columns-repeated")
        if value is None:
            empty += times
            continue
        if len(cells) + empty + times > limits.COLUMNS:
            raise TooLargeError(f"more than {limits.COLUMNS} columns")
        cells += [None] * empty + [value] * times
        empty = 0
    return cells


def _count(element: ET.Element, name: str) -> int:
    """How often a row or cell is repeated.

    Raises:
        UnreadableError: The file does not say so as a positive number.
    """
    text = element.get(_TABLE + name, "1").strip()
    if not re.fullmatch(r"0*[1-9][0-9]{0,18}", text):
        raise UnreadableError(f"the file is not an ods file: {name} is {text[:40]!r}")
    return int(text)


def _value(cell: ET.Element) -> Any:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return _number(cell.get(f"{_OFFICE}value", ""))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return _date(cell.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return _time(cell.get(f"{_OFFICE}time-value", ""))
    if kind is None:
        return None
    stated = cell.get(f"{_OFFICE}string-value")
    return (
        stated
        if stated is not None
        else "\n".join(_paragraph(part) for part in cell if part.tag == f"{_TEXT}p")
    )


def _number(text: str) -> int | float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def _date(text: str) -> date | datetime | str:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return text


def _time(text: str) -> timedelta | str:
    match = _DURATION.fullmatch(text)
    if not match:
        return text
    sign, days, hours, minutes, seconds = match.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=float((seconds or "0").replace(",", ".")),
    )
    return -length if sign else length


def _paragraph(element: ET.Element) -> str:
    """The text of a paragraph, in which runs of spaces and tabs are elements."""
    parts = [element.text or ""]
    for part in element:
        if part.tag == f"{_TEXT}s":
            number = int(part.get(f"{_TEXT}c", "1"))
            if number > limits.CELL_BYTES:
                raise TooLargeError(f"a cell is larger than {limits.CELL_BYTES:,} bytes")
            parts.append(" " * number)
        elif part.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif part.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif part.tag.startswith(_TEXT):
            parts.append(_paragraph(part))
        parts.append(part.tail or "")
    return "".join(parts)
