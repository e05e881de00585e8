"""The rows of a workbook that was written here, read as they are inflated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from claimpack.errors import UnreadableError
from claimpack.exporters.workbook.cells import unescaped
from claimpack.exporters.workbook.parts import MAIN
from claimpack.files import decompression

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET


class Cell(NamedTuple):
    """A cell as it is in the file: whether it is a text, and what stands in it."""

    text: bool
    value: str


def rows(path: Path, place: int, width: int) -> Iterator[list[Cell | None]]:
    """The rows of a sheet that was written here, the labels' left out.

    Raises:
        UnreadableError: It is no such workbook.
    """
    from xml.etree import ElementTree as ET

    parser: Any = ET.XMLPullParser(("start", "end"))
    data: ET.Element | None = None
    try:
        element: ET.Element
        for block in _blocks(path, f"xl/worksheets/sheet{place + 1}.xml"):
            parser.feed(block)
            for event, element in parser.read_events():
                if event == "start" and element.tag == _tag("sheetData"):
                    data = element
                elif event == "end" and element.tag == _tag("row"):
                    if element.get("r") != "1":
                        yield _read_row(element, width)
                    if data is not None:
                        data.remove(element)
    except (ET.ParseError, IndexError, ValueError) as error:
        raise UnreadableError(f"{path.name} is not a workbook of an export: {error}") from error


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _blocks(path: Path, part: str) -> Iterator[bytes]:
    with decompression.archive(path) as found:
        if part not in found.namelist():
            raise UnreadableError(f"{path.name} has no sheet {part}")
        item = found.getinfo(part)
        yield from decompression.blocks(partial(found.open, item), item.compress_size)


def _read_row(row: ET.Element, width: int) -> list[Cell | None]:
    cells: list[Cell | None] = [None] * width
    for item in row:
        letters = item.get("r", "").rstrip("0123456789")
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        cells[number - 1] = _read_cell(item)
    return cells


def _read_cell(item: ET.Element) -> Cell:
    if item.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in item.iter(_tag("t")))
        return Cell(True, unescaped(text))
    return Cell(False, item.findtext(_tag("v"), ""))
