"""Reads what causes want to see of a table's file: its top, or all rows of a small one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.diagnoses.symptoms import Look
from claimpack.errors import ClaimpackError
from claimpack.readers import csv_exact, typed_rows
from claimpack.readers.byte_stream import source

if TYPE_CHECKING:
    import pyarrow as pa

TOP = 500
"""Rows that a cause may look at in any table."""
SMALL = 2 << 20
"""Bytes of the largest file of which a cause may look at all rows."""
DATA = 8 << 20
"""Bytes that a cause may look at."""

Rows = tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class Files:
    """The files of tables; what was read once is kept."""

    _tops: list[tuple[Resource, Look]] = field(default_factory=list)
    _rows: list[tuple[Resource, Rows | None]] = field(default_factory=list)

    def top(self, resource: Resource) -> Look:
        """The top of a table; empty where it cannot be read."""
        for known, seen in self._tops:
            if known == resource:
                return seen
        try:
            seen = _top(resource)
        except (ClaimpackError, OSError):
            seen = Look()
        self._tops.append((resource, seen))
        return seen

    def rows(self, resource: Resource) -> Rows | None:
        """All rows of a table; None where it is large, has several files or cannot be read."""
        for known, listed in self._rows:
            if known == resource:
                return listed
        try:
            found = _all(resource) if _small(resource) else None
        except (ClaimpackError, OSError):
            found = None
        self._rows.append((resource, found))
        return found

    def data(self, resource: Resource) -> bytes:
        """The first bytes of a table's file, inflated; empty where it cannot be read."""
        held: list[bytes] = []
        try:
            if typed_rows.delimited(resource) and resource.files:
                for block in source(resource, 0):
                    held.append(block)
                    if sum(map(len, held)) >= DATA:
                        break
        except (ClaimpackError, OSError):
            return b""
        return b"".join(held)


def _small(resource: Resource) -> bool:
    if resource.compression is not None or len(resource.files) > 1:
        return False
    return all(path.stat().st_size <= SMALL for path in resource.files)


def _top(resource: Resource) -> Look:
    if typed_rows.delimited(resource):
        made = csv_exact.head(resource).layout
        return Look(made.labels, tuple(csv_exact.first_rows(resource, TOP)), made.fields)
    head = typed_rows.head(resource)
    typed = typed_rows.TypedRowReader(resource, head, lambda _: None)
    return Look(head.layout.labels, _listed(typed.stream(), TOP), head.layout.fields)


def _all(resource: Resource) -> Rows:
    if typed_rows.delimited(resource):
        head = csv_exact.head(resource)
        return _listed(csv_exact.ExactCsvReader(resource, head, lambda _: None).stream())
    typed = typed_rows.TypedRowReader(resource, typed_rows.head(resource), lambda _: None)
    return _listed(typed.stream())


def _listed(batches: Iterable[pa.RecordBatch], most: int | None = None) -> Rows:
    rows: list[tuple[str | None, ...]] = []
    for batch in batches:
        columns = [batch.column(i).slice(0, most) for i in range(1, batch.num_columns)]
        rows += zip(*(column.to_pylist() for column in columns), strict=True)
        if most is not None and len(rows) >= most:
            break
    return tuple(rows[:most])


__all__ = ["DATA", "SMALL", "TOP", "Files", "Rows"]
