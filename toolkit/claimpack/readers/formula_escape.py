"""Cells that a spreadsheet would run as formulas, and the escape that keeps it from doing so.

A spreadsheet that opens CSV takes a cell for a formula that begins with `=`, `+`, `-`, `@`, a
tab or a carriage return; numbers are none. The escape is an apostrophe before the cell. A cell
that has apostrophes there already gets one more, so that taking one away always gives the cell
as it was. A resource that is escaped says so, and is read as if it were not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.quoting import literal

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

PROPERTY = "spreadsheetSafe"
"""The property by which a resource says that its cells are escaped."""
ESCAPED = r"^'('*[=+\-@\t\r])"
"""What an escaped cell begins with; the group stays when the escape is undone."""
DESCRIBED = {
    "escape": "'",
    "undo": "Take one ' away from each cell that begins with one or several ' and then one of "
    "= + - @ tab carriage return",
    "pattern": ESCAPED,
    "replacement": "$1",
}
"""What a resource says of its escape."""

_BEGINS = r"^'*[=+\-@\t\r]"
_RUN = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_MARKS = ("=", "+", "-", "@", "\t", "\r", "'")


def escaped(resource: Resource) -> bool:
    """Whether a resource says that its cells are escaped."""
    return bool(resource.raw.get(PROPERTY))


def plain_label(text: str) -> str:
    """A label without the escape."""
    return re.sub(ESCAPED, r"\1", text)


def safe_label(text: str) -> str:
    """A label with the escape, where it needs one."""
    needed = re.match(_BEGINS, text) and not re.match(_NUMBER, text)
    return f"'{text}" if needed else text


def plain_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of texts without the escape; columns of numbers stay."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [
        pc.replace_substring_regex(column, ESCAPED, r"\1")
        if pa.types.is_string(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def safe_cell(column: str) -> str:
    """SQL of a column's cells with the escape, where they need one."""
    needed = _begins(column, _MARKS, _BEGINS)
    return f"CASE WHEN {needed} THEN {literal(chr(39))} || {column} ELSE {column} END"


def is_run(column: str) -> str:
    """SQL of whether a spreadsheet would run a column's cell."""
    return _begins(column, _MARKS[:-1], _RUN)


def may_run(column: str) -> pl.Expr:
    """Whether any cell of a column may be run by a spreadsheet, for a frame of polars."""
    import polars as pl

    cell = pl.col(column)
    begins = pl.any_horizontal(cell.str.starts_with(mark) for mark in _MARKS[:-1])
    return (~cell.filter(begins).str.contains(_NUMBER)).any()


def _begins(column: str, marks: tuple[str, ...], pattern: str) -> str:
    """The first character alone settles almost every cell."""
    listed = " OR ".join(f"starts_with({column}, {literal(mark)})" for mark in marks)
    return (
        f"({listed}) AND regexp_matches({column}, {literal(pattern)}) "
        f"AND NOT regexp_matches({column}, {literal(_NUMBER)})"
    )


__all__ = [
    "DESCRIBED",
    "PROPERTY",
    "escaped",
    "is_run",
    "may_run",
    "plain_batch",
    "plain_label",
    "safe_cell",
    "safe_label",
]
