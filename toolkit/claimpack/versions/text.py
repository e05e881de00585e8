"""A difference as lines for reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claimpack.renderers.printable import printable, quoted
from claimpack.renderers.words import count
from claimpack.versions.model import Change, Difference, Kind, Row, TableDifference
from claimpack.versions.words import advice, counted, shown, warning

MARKS: dict[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}


def lines(difference: Difference, limit: int = 10) -> Iterator[str]:
    """The lines: the descriptor's changes, each table's rows, the step they ask for.

    Args:
        difference: The difference.
        limit: Rows shown of each kind in each table, 0 for all; true totals are always told.
    """
    if difference.empty:
        yield "no differences"
        return
    if difference.changes:
        yield "descriptor"
        yield from (f"  {_change(change)}" for change in difference.changes)
    for table in difference.tables:
        if not table.empty:
            yield f"{printable(table.name)}: {counted(table)}"
            if table.vanished:
                yield f"  {warning(table)}"
            yield from _rows(difference, table, limit)
    yield ""
    yield advice(difference)


def _change(change: Change) -> str:
    place = ".".join(printable(part) for part in (change.table, change.field) if part is not None)
    lead = f"{MARKS[change.kind]} {place or 'package'}"
    return f"{lead}: {printable(shown(change))} ({change.step})"


def _rows(difference: Difference, table: TableDifference, limit: int) -> Iterator[str]:
    totals: dict[Kind, int] = {
        "added": table.added,
        "removed": table.removed,
        "changed": table.changed,
    }
    for kind, total in totals.items():
        for row in difference.rows(table.name, kind, limit):
            yield from _row(row)
        if limit and total > limit:
            yield f"  {MARKS[kind]} and {count(total - limit, 'row')} more {kind}"


def _row(row: Row) -> Iterator[str]:
    yield f"  {MARKS[row.kind]} {_key(row.key)}"
    for cell in row.cells:
        yield f"      {printable(cell.field)}: {quoted(cell.old)} -> {quoted(cell.new)}"


def _key(key: dict[str, Any]) -> str:
    return ", ".join(f"{printable(field)} = {quoted(value)}" for field, value in key.items())


__all__ = ["lines"]
