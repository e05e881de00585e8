"""What a published version promised, and a new one has to keep."""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.descriptor.model import Package
from claimpack.renderers.printable import quoted
from claimpack.versions.model import Difference, TableDifference
from claimpack.versions.rows import keeps_ids
from claimpack.versions.step import too_small
from claimpack.versions.words import warning

SHOWN = 5
"""Most ids of a table that are named."""


def broken(old: Package, new: Package, found: Difference) -> Iterator[str]:
    """A sentence for each table of which published ids vanished, and one for the version.

    Args:
        old: The package that was published.
        new: The one that is to be.
        found: How they differ.
    """
    for table in found.tables:
        if table.vanished:
            yield f"{table.name}: {warning(table)} ({_named(found, table)})"
    there = {resource.name for resource in new.resources if resource.tabular}
    for resource in old.resources:
        if resource.tabular and resource.name not in there and keeps_ids(resource):
            yield f"{resource.name}: the table was removed with all its published ids"
    if told := too_small(found.old.version, found.new.version, found.step, published=True):
        yield told


def _named(found: Difference, table: TableDifference) -> str:
    rows = found.rows(table.name, "removed", SHOWN)
    keys = [", ".join(quoted(value) for value in row.key.values()) for row in rows]
    left = table.removed - len(keys)
    return "; ".join(keys) + (f" and {left:,} more" if left > 0 else "")


__all__ = ["broken"]
