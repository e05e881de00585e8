"""Rows of spreadsheets: Excel through frictionless, OpenDocument from its XML.

A row comes with its number in the sheet. Empty cells are nulls; rows that are empty
down to the end of the sheet, and cells to the right of the last one that holds
something, are the sheet's and not the table's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack import inflating, limits
from claimpack.descriptor.model import Resource
from claimpack.engine.store import FILE
from claimpack.engine.streams import as_file
from claimpack.errors import TooLargeError, UnreadableError

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

EXCEL = {"xlsx": "openpyxl", "xls": "xlrd"}
"""Formats of Excel, and the libraries that frictionless reads them with."""
FORMATS = frozenset({*EXCEL, "ods"})

Row = tuple[int, list[Any]]


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


def _trimmed(found: Iterator[list[Any]]) -> Iterator[Row]:
    """The rows with their numbers, without the empty cells and rows behind the table."""
    empty: list[Row] = []
    for line, row in enumerate(found, 1):
        while row and row[-1] in (None, ""):
            row.pop()
        if not row:
            empty.append((line, row))
            continue
        yield from empty
        empty = []
        yield line, row


# --- Excel ----------------------------------------------------------------------------------


def _excel(resource: Resource, path: Path) -> Iterator[list[Any]]:
    library = EXCEL[resource.format]
    if find_spec(library) is None:
        raise UnreadableError(
            f"{resource.format} needs the library {library}: pip install 'claimpack[excel]'"
        )
    if resource.format == "xlsx":
        _within_limits(path)
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
    inflating.attempt(theirs.open, failure)
    try:
        while (
            row := inflating.attempt(lambda: next(theirs.cell_stream, None), failure)
        ) is not None:
            yield list(row)
    finally:
        theirs.close()


def _within_limits(path: Path) -> None:
    """A workbook is a zip file; its texts are held in memory while it is read."""
    with inflating.archive(path) as archive:
        members = archive.infolist()
    for item in members:
        inflating.check(item.file_size, item.compress_size)
        if item.filename.endswith("sharedStrings.xml") and item.file_size > limits.READ_WHOLE:
            raise TooLargeError(f"the workbook's texts are larger than {limits.READ_WHOLE} bytes")


# --- OpenDocument ---------------------------------------------------------------------------

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = (_NAMES % name for name in ("table", "office", "text"))
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")
_REST = 1 << 20
"""Rows of a sheet: what repeats an empty row more often than this fills the sheet."""


def _ods(resource: Resource, path: Path) -> Iterator[list[Any]]:
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
                        yield from _repeated(element)
                    ways[-1].remove(element)
    except ET.ParseError as error:
        raise UnreadableError(f"the file is no ods file: {error}") from error
    raise UnreadableError(f"the spreadsheet has no sheet {name or number!r}")


def _content(path: Path) -> Iterator[bytes]:
    with inflating.archive(path) as archive:
        if "content.xml" not in archive.namelist():
            raise UnreadableError("the file is no ods file")
        item = archive.getinfo("content.xml")
        yield from inflating.blocks(lambda: archive.open(item), item.compress_size)


def _repeated(row: ET.Element) -> Iterator[list[Any]]:
    cells = _cells(row)
    times = _count(row, "number-rows-repeated")
    for _ in range(times if cells or times < _REST // 2 else 1):
        yield list(cells)


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
    text = element.get(_TABLE + name, "1")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 1


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
            parts.append(" " * int(part.get(f"{_TEXT}c", "1")))
        elif part.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif part.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif part.tag.startswith(_TEXT):
            parts.append(_paragraph(part))
        parts.append(part.tail or "")
    return "".join(parts)
