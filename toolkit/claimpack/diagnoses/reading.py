"""Reads what causes want to see of a table's file: its top, or all rows of a small one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
READ = 64 << 20
"""Bytes of the largest file that is read whole to see which columns are unique."""
FIRST = 20_000
"""Rows among which most columns turn out not to be."""
DATA = 8 << 20
"""Bytes that a cause may look at."""

Rows = tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class Files:
    """The files of tables; what was read once is kept."""

    _tops: list[tuple[Resource, Look]] = field(default_factory=list)
    _rows: list[tuple[Resource, Rows | None]] = field(default_factory=list)
    _tables: list[tuple[Resource, pa.Table | None]] = field(default_factory=list)
    _firsts: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

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
            found = _listed(_batches(resource)) if _size(resource) <= SMALL else None
        except (ClaimpackError, OSError):
            found = None
        self._rows.append((resource, found))
        return found

    def unique(self, resource: Resource, names: Sequence[str]) -> bool:
        """Whether some fields together are unique, and never missing, in all rows."""
        seen, schema, table = self.top(resource), resource.schema, self._table(resource)
        if schema is None or table is None or not table.num_rows:
            return False
        at = {item.name: place for item, place in zip(schema.fields, seen.columns, strict=False)}
        places = [place for name in names if (place := at.get(name)) is not None]
        if len(places) < len(names):
            return False
        missing = [schema.field(name).missing_values for name in names]
        columns = table.select([place + 1 for place in places])
        return all(_distinct(part, missing) for part in (columns.slice(0, FIRST), columns))

    def _table(self, resource: Resource) -> pa.Table | None:
        """All rows of a table that is not too large."""
        import pyarrow as pa

        for known, table in self._tables:
            if known == resource:
                return table
        try:
            made = None
            if _size(resource) <= READ:
                made = pa.Table.from_batches(list(_batches(resource)))
        except (ClaimpackError, OSError, ValueError):
            made = None
        self._tables.append((resource, made))
        return made

    def first(self, resource: Resource, name: str) -> frozenset[str]:
        """The different values of a field in the first rows, as they are written."""
        known = self._firsts.get((resource.name, name))
        if known is None:
            try:
                known = self._first(resource, name)
            except (ClaimpackError, OSError):
                known = frozenset()
            self._firsts[resource.name, name] = known
        return known

    def _first(self, resource: Resource, name: str) -> frozenset[str]:
        names = [item.name for item in resource.schema.fields] if resource.schema else []
        columns = self.top(resource).columns
        at = columns[names.index(name)] if name in names and columns else None
        found: set[str | None] = set()
        left = FIRST if at is not None else 0
        for batch in _batches(resource) if left else ():
            found.update(batch.column(1 + (at or 0)).slice(0, left).unique().to_pylist())
            left -= batch.num_rows
            if left <= 0:
                break
        return frozenset(text for text in found if text)

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


def _size(resource: Resource) -> float:
    """The size of a table's file; infinite where it is compressed, or there are several."""
    if resource.compression is not None or len(resource.files) > 1:
        return float("inf")
    return sum(path.stat().st_size for path in resource.files)


def _distinct(table: pa.Table, missing: Sequence[Sequence[str]]) -> bool:
    """Whether no two rows are alike, and no cell is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column, words in zip(table.columns, missing, strict=True):
        empty = pc.is_in(column, value_set=pa.array(words, pa.string()))
        if column.null_count or pc.any(empty).as_py():
            return False
    names = [f"c{i}" for i in range(table.num_columns)]
    groups = table.rename_columns(names).group_by(names).aggregate([])
    return bool(groups.num_rows == table.num_rows)


def _top(resource: Resource) -> Look:
    if typed_rows.delimited(resource):
        made = csv_exact.head(resource).layout
        return Look(made.labels, tuple(csv_exact.first_rows(resource, TOP)), made.fields)
    head = typed_rows.head(resource)
    typed = typed_rows.TypedRowReader(resource, head, lambda _: None)
    return Look(head.layout.labels, _listed(typed.stream(), TOP), head.layout.fields)


def _batches(resource: Resource) -> Iterator[pa.RecordBatch]:
    """All rows: the line, then each cell."""
    if typed_rows.delimited(resource):
        head = csv_exact.head(resource)
        yield from csv_exact.ExactCsvReader(resource, head, lambda _: None).stream()
    else:
        head = typed_rows.head(resource)
        yield from typed_rows.TypedRowReader(resource, head, lambda _: None).stream()


def _listed(batches: Iterable[pa.RecordBatch], most: int | None = None) -> Rows:
    rows: list[tuple[str | None, ...]] = []
    for batch in batches:
        columns = [batch.column(i).slice(0, most) for i in range(1, batch.num_columns)]
        rows += zip(*(column.to_pylist() for column in columns), strict=True)
        if most is not None and len(rows) >= most:
            break
    return tuple(rows[:most])


__all__ = ["DATA", "READ", "SMALL", "TOP", "Files", "Rows"]
