"""An entry for a change log, in the form of Keep a Changelog."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from claimpack.renderers.marking import escaped
from claimpack.renderers.words import count
from claimpack.versions.model import Change, Difference, Kind, TableDifference
from claimpack.versions.words import shown

SHOWN = 5
"""Most keys that are named of a table's rows of one kind."""


def lines(difference: Difference, day: dt.date) -> Iterator[str]:
    """The lines of the entry, with the headings Added, Changed and Removed where they apply.

    Args:
        difference: The difference.
        day: The date of the new version.
    """
    yield f"## {escaped(difference.new.version or 'Unreleased')} - {day.isoformat()}"
    if difference.empty:
        yield from ("", "No changes.")
    headings = {
        "Added": [*_described(difference, "added"), *_added(difference)],
        "Changed": [*_described(difference, "changed"), *_changed(difference)],
        "Removed": [*_described(difference, "removed"), *_removed(difference)],
    }
    for heading, entries in headings.items():
        if entries:
            yield from ("", f"### {heading}", "")
            yield from (f"- {entry}" for entry in entries)


def _described(difference: Difference, kind: Kind) -> Iterator[str]:
    for change in difference.changes:
        if change.kind == kind:
            yield f"{_place(change)}: {escaped(shown(change))}."


def _place(change: Change) -> str:
    parts = [_code(part) for part in (change.table, change.field) if part is not None]
    return ", ".join(parts) or "The package"


def _code(name: str) -> str:
    """A name as code, where it can stand between its marks."""
    return f"`{name}`" if name.isprintable() and "`" not in name else escaped(name)


def _added(difference: Difference) -> Iterator[str]:
    for table in difference.tables:
        if table.added:
            yield _told(difference, table, "added", table.added)


def _removed(difference: Difference) -> Iterator[str]:
    for table in difference.tables:
        if table.removed:
            yield _told(difference, table, "removed", table.removed)


def _changed(difference: Difference) -> Iterator[str]:
    for table in difference.tables:
        if table.changed:
            fields = ", ".join(
                f"{_code(name)} ({number:,})" for name, number in table.cells.items()
            )
            told = _told(difference, table, "changed", table.changed)
            yield f"{told.removesuffix('.')}; cells by field: {fields}."


def _told(difference: Difference, table: TableDifference, kind: Kind, total: int) -> str:
    """The number of rows; their keys where they are few and there is a key."""
    told = f"{_code(table.name)}: {count(total, 'row')}"
    if not table.key or total > SHOWN:
        return f"{told}."
    keys = (
        " / ".join("null" if value is None else value for value in row.key.values())
        for row in difference.rows(table.name, kind, SHOWN)
    )
    return f"{told}: {', '.join(escaped(key) for key in keys)}."


__all__ = ["lines"]
