"""Two packages compared: the descriptors, then the rows."""

from __future__ import annotations

from claimpack.descriptor.model import Package
from claimpack.progress import Progress, silent
from claimpack.versions import described
from claimpack.versions.model import Difference, Side
from claimpack.versions.rows import Comparison


def compare(
    old: Package, new: Package, memory: str | None = None, progress: Progress = silent
) -> Difference:
    """How two packages differ. Neither is validated.

    Raises:
        UnreadableError: A table cannot be read.
    """
    before, after = Side(old.name, old.version), Side(new.name, new.version)
    found = tuple(described.changes(old, new))
    rows = Comparison(old, new, memory, progress)
    return Difference(before, after, found, rows.tables, rows)


__all__ = ["compare"]
