"""What is shown of the rows that were rejected: counts for each table, and where the rows are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claimpack.renderers.page import Page
from claimpack.renderers.printable import printable
from claimpack.renderers.words import count

if TYPE_CHECKING:
    from claimpack.exporters.quarantine.counting import TableCounts


def show(tables: Sequence[TableCounts], page: Page) -> None:
    """The counts of each table, then of all; nothing where no rows were to be rejected."""
    if not tables:
        return
    rejected = sum(item.rejected for item in tables)
    page.line()
    page.line(f"{page.paint('quarantine', 'bold')}: {count(rejected, 'row')} rejected")
    rows = [
        (
            f"  {printable(item.table)}",
            f"{count(item.rows, 'row')} read",
            f"{item.valid:,} valid",
            f"{item.rejected:,} rejected",
            printable(item.path or ""),
        )
        for item in tables
    ]
    page.columns(rows, right=(1, 2, 3))


__all__ = ["show"]
