"""Two streams of a table's rows compared value by value, in order and batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from claimpack.checks import logical
from claimpack.descriptor.model import Field
from claimpack.renderers.printable import printable

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 80


STRUCTURED = frozenset({"object", "array", "geojson", "geopoint", "list"})
"""Types whose values may be spelled in several ways; the engine has them as texts."""


def first_difference(
    expected: Iterator[pa.RecordBatch],
    found: Iterator[pa.RecordBatch],
    fields: Sequence[Field] = (),
) -> str | None:
    """The first place where two streams differ, in words; None where they hold the same.

    Args:
        expected: The rows as they should be.
        found: The rows as they are.
        fields: The fields of the table, for values that are spelled in several ways.
    """
    left, right = _Feed(expected), _Feed(found)
    row = 0
    while True:
        sizes = left.held(), right.held()
        size = min(sizes)
        if not size:
            break
        told = _compared(left.take(size), right.take(size), row, fields)
        if told is not None:
            return told
        row += size
    if sizes != (0, 0):
        return f"it has {'more' if sizes[1] else 'fewer'} rows than the {row:,} that were compared"
    return None


class _Feed:
    """Batches that are taken in parts of any size."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._batch: pa.RecordBatch | None = None

    def held(self) -> int:
        """Rows at hand, 0 at the end."""
        while self._batch is None or not self._batch.num_rows:
            self._batch = next(self._batches, None)
            if self._batch is None:
                return 0
        return int(self._batch.num_rows)

    def take(self, size: int) -> pa.RecordBatch:
        """So many of the rows at hand."""
        assert self._batch is not None
        taken, self._batch = self._batch.slice(0, size), self._batch.slice(size)
        return taken


def _compared(
    expected: pa.RecordBatch, found: pa.RecordBatch, row: int, fields: Sequence[Field]
) -> str | None:
    names = expected.schema.names
    if found.schema.names != names:
        return f"its fields are {', '.join(found.schema.names)}, not {', '.join(names)}"
    places = []
    columns = zip(names, expected.columns, found.columns, strict=True)
    for (name, one, other), field in zip_longest(columns, fields):
        try:
            at = _place(_plain(one), _plain(other))
            if at is not None and field is not None and field.type in STRUCTURED:
                at = _place(_canonical(field, one), _canonical(field, other))
        except (ValueError, NotImplementedError) as error:
            return f"{printable(name)}: {error}"
        if at is not None:
            places.append((at, name, one[at].as_py(), other[at].as_py()))
    if not places:
        return None
    at, name, one, other = min(places, key=lambda place: place[0])
    return f"row {row + at + 1}, {printable(name)}: {_shown(other)} instead of {_shown(one)}"


def _plain(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _canonical(field: Field, column: pa.Array) -> pa.Array:
    """The texts of a column, each as equal values are written; what is no value stays."""
    import pyarrow as pa

    def written(text: str | None) -> str | None:
        try:
            return text if text is None else canonical(text)
        except (ValueError, TypeError, LookupError):
            return text

    canonical = logical.canonical(field)
    return pa.array([written(text) for text in column.to_pylist()], pa.string())


def _place(one: pa.Array, other: pa.Array) -> int | None:
    """The first place where two arrays differ; NaN equals NaN, null equals null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    other = other if other.type == one.type else other.cast(one.type)
    if one.equals(other):
        return None
    same = pc.equal(one, other)
    if pa.types.is_floating(one.type):
        same = pc.or_(same, pc.and_(pc.is_nan(one), pc.is_nan(other)))
    same = pc.or_kleene(same, pc.and_(pc.is_null(one), pc.is_null(other)))
    at = pc.index(pc.fill_null(same, False), pa.scalar(False)).as_py()
    return None if at < 0 else int(at)


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


__all__ = ["first_difference"]
