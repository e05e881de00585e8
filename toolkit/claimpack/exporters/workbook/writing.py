"""A workbook that is written row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from claimpack.errors import TooLargeError
from claimpack.exporters import archive
from claimpack.exporters.workbook.cells import label_cell, letters
from claimpack.exporters.workbook.parts import MAIN, parts

ROWS, COLUMNS, NAME = 1_048_576, 16_384, 31
"""Most rows and columns of a sheet, most characters of its name."""
RESERVED = "history"
"""A name that Excel keeps for itself."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def sheet_name(text: str) -> str:
    """A text as the name of a sheet, which may lack some characters; its length is not cut."""
    made = re.sub(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]", "_", text).strip("'") or "sheet"
    return f"{made}_" if made.lower() == RESERVED else made


class Workbook:
    """A workbook that is being written; the names of its sheets are known beforehand."""

    def __init__(self, path: Path, names: Sequence[str], title: str) -> None:
        self._zip = zipfile.ZipFile(path, "w")
        self._names = names
        for part, content in parts(names, title):
            self._zip.writestr(archive.entry(part), _HEAD + content)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def sheet(
        self,
        place: int,
        labels: Sequence[str],
        widths: Sequence[int],
        rows: Iterable[Sequence[str | None]],
    ) -> int:
        """Write a sheet and return its number of rows, the labels' not counted.

        Args:
            place: Its place among the names, from 0.
            labels: The first row.
            widths: Widths of the columns in characters.
            rows: Cells as the functions above make them, None where there is no value.

        Raises:
            TooLargeError: It has more rows, columns or bytes than a sheet may have.
        """
        if len(labels) > COLUMNS:
            raise TooLargeError(f"{len(labels):,} columns are more than the {COLUMNS:,} of a sheet")
        starts = [f'<c r="{letters(number)}' for number in range(len(labels))]
        count = 0
        try:
            with self._zip.open(archive.entry(f"xl/worksheets/sheet{place + 1}.xml"), "w") as file:
                file.write(f"{_HEAD}{_opening(place, widths)}".encode())
                for count, cells in enumerate(chain([[*map(label_cell, labels)]], rows), 1):
                    if count > ROWS:
                        raise TooLargeError(f"more rows than the {ROWS:,} of a sheet")
                    file.write(_row(count, starts, cells))
                file.write(b"</sheetData></worksheet>")
        except RuntimeError as error:
            raise TooLargeError("more bytes than the 2 GiB that a sheet may have") from error
        return count - 1


def _row(number: int, starts: Sequence[str], cells: Sequence[str | None]) -> bytes:
    made = "".join(
        f'{start}{number}"{cell}'
        for start, cell in zip(starts, cells, strict=True)
        if cell is not None
    )
    return f'<row r="{number}">{made}</row>'.encode()


def _opening(place: int, widths: Sequence[int]) -> str:
    selected = ' tabSelected="1"' if place == 0 else ""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"{selected}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )
