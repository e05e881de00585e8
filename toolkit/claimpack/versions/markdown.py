"""A difference in Markdown, for the comment on a change."""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.renderers.marking import escaped, row
from claimpack.renderers.printable import quoted
from claimpack.versions.model import KINDS, Difference, Row, TableDifference
from claimpack.versions.words import advice, counted, shown, warning

LONGEST = 200


def lines(difference: Difference, limit: int = 10) -> Iterator[str]:
    """The lines: a heading, the descriptor's changes, each table's rows, the step.

    Args:
        difference: The difference.
        limit: Rows shown of each kind in each table, 0 for all; true totals are always told.
    """
    yield f"## {escaped(_title(difference))}"
    yield ""
    yield escaped("no differences" if difference.empty else advice(difference))
    if difference.changes:
        yield from ("", "### descriptor", "", "| table | field | what | step |")
        yield "| --- | --- | --- | --- |"
        for change in difference.changes:
            place = escaped(change.table or "(package)"), escaped(change.field or "")
            yield row(*place, escaped(shown(change)), change.step)
    for table in difference.tables:
        if not table.empty:
            yield from _table(difference, table, limit)


def _title(difference: Difference) -> str:
    sides = difference.old, difference.new
    old, new = (" ".join(filter(None, (side.name, side.version))) or "package" for side in sides)
    return f"{old} to {new}"


def _table(difference: Difference, table: TableDifference, limit: int) -> Iterator[str]:
    yield from ("", f"### {escaped(table.name)}: {counted(table)}", "")
    if table.vanished:
        yield from (f"**{escaped(warning(table))}**", "")
    yield from ("| row | key | field | old | new |", "| --- | --- | --- | --- | --- |")
    for kind in KINDS:
        for item in difference.rows(table.name, kind, limit):
            yield from _row(item)
    told = {"added": table.added, "removed": table.removed, "changed": table.changed}
    more = [f"{n - limit:,} more {kind}" for kind, n in told.items() if limit and n > limit]
    if more:
        yield from ("", f"… and {', '.join(more)}")


def _row(item: Row) -> Iterator[str]:
    key = escaped(", ".join(f"{field} = {quoted(value)}" for field, value in item.key.items()))
    if not item.cells:
        yield row(item.kind, key, "", "", "")
    for cell in item.cells:
        values = (escaped(quoted(value, LONGEST)) for value in (cell.old, cell.new))
        yield row(item.kind, key, escaped(cell.field), *values)


__all__ = ["lines"]
