"""What readers report of a row that is empty, or has not as many cells as the table has columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from claimpack.descriptor.model import Resource
from claimpack.readers.column_layout import Fault, Layout, called
from claimpack.readers.line_numbers import FILE

SHOWN = 60
"""Characters of a value that a fix quotes."""


def blank(line: int, count: int = 1) -> Fault:
    """An empty line, or empty rows of a sheet, between the rows of a table."""
    first = line % FILE
    if count == 1:
        return Fault("blank-row", "the row is empty", f"Delete line {first}.", line=line)
    message = f"{count:,} rows are empty"
    return Fault("blank-row", message, f"Delete lines {first} to {first + count - 1}.", line=line)


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row that may be too long or too short.

    Attributes:
        cells: Its cells: where there are too many, at least one more than there are columns.
        count: Number of its cells.
        number: Number of the row.
        line: Its line.
    """

    cells: Sequence[str]
    count: int
    number: int
    line: int | None


def ragged(resource: Resource, layout: Layout, row: Ragged, *, delimiter: str = "") -> Fault | None:
    """The fault of a row with too many cells or too few; None where their number is right.

    Args:
        resource: The resource.
        layout: The table's columns.
        row: The row.
        delimiter: What separates the cells, empty where nothing does.
    """
    width = layout.width
    message = f"expected {width} cells, found {row.count}"
    if row.count > width:
        fix, value = _excess(row, width, delimiter), row.cells[width]
        return Fault("extra-cell", message, fix, row=row.number, line=row.line, value=value)
    if row.count < layout.fewest:
        name = called(resource, layout, row.count)
        fix = f"Add the missing {'cell' if width - row.count == 1 else 'cells'}."
        return Fault("missing-cell", message, fix, name, row.number, row.line)
    return None


def _excess(row: Ragged, width: int, delimiter: str) -> str:
    """The fix of a row with too many cells; with a delimiter, the value that may contain it."""
    cells, extra = row.cells, "cell" if row.count - width == 1 else "cells"
    if not delimiter:
        return f"Remove the extra {extra}."
    if delimiter == "," and (number := _decimal_comma(cells)):
        point = number.replace(",", ".")
        return f"If {number} is one number, write {point}; otherwise remove the extra {extra}."
    if value := _prose(cells, delimiter):
        return f"Quote the value that contains the delimiter, perhaps {value}."
    return f"Quote the value that contains the delimiter, or remove the extra {extra}."


def _decimal_comma(cells: Sequence[str]) -> str:
    """The only two neighbours that may be one number with a decimal comma; empty where none."""
    found = [
        f"{whole},{rest}"
        for whole, rest in pairwise(cells)
        if re.fullmatch(r"[+-]?\d{1,9}", whole) and re.fullmatch(r"\d{1,6}", rest)
    ]
    return found[0] if len(found) == 1 else ""


def _prose(cells: Sequence[str], delimiter: str) -> str:
    """A cell that begins with a space, with the one before it: a sentence that was split."""
    for before, cell in pairwise(cells):
        if before and cell.startswith(" ") and cell.strip():
            joined = f"{before}{delimiter}{cell}"
            start = max(len(before) - SHOWN // 2, 0)
            part = joined[start : start + SHOWN]
            left, right = "..." if start else "", "..." if start + SHOWN < len(joined) else ""
            return f'"{left}{part}{right}"'
    return ""


__all__ = ["blank", "ragged"]
