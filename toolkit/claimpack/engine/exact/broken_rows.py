"""Broken rows: rows whose cells cannot be assigned to columns, and cells that cannot be decoded.

A row with a cell too many or too few is shifted somewhere, and nobody can say where. Judging
its cells would report consequences beside the cause, so they count as absent: no other check
reports them. What depends on them in other rows and tables is skipped (see `table_relations`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimpack.readers.column_layout import Fault
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    import pyarrow as pa

WIDTH = frozenset({"extra-cell", "missing-cell", "quoting-error"})
"""Rules that say that a row's cells are not those of its columns."""
REPLACED = "\ufffd"
"""What the reader puts in place of bytes that it cannot decode."""


class Broken:
    """The broken rows of one table, noted as its reader reports them.

    Attributes:
        rows: Number of rows of which no value, or not every value, is known.
        line: Line of the first of them, None where its format has no lines.
        rule: What the first of them breaks.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.line: int | None = None
        self.rule = ""
        self._misaligned: set[int] = set()
        self._garbled: set[int] = set()

    def note(self, fault: Fault) -> bool:
        """Note a reported fault; False where it is a consequence of one in the same row."""
        if fault.row is None:
            return True
        if fault.rule == "type-error" and fault.row in self._misaligned:
            return False
        if fault.rule in WIDTH:
            self._add(self._misaligned, fault, fault.row)
        elif fault.rule == "encoding-error":
            self._add(self._garbled, fault, fault.row)
        return True

    def _add(self, rows: set[int], fault: Fault, row: int) -> None:
        if not self.rows:
            self.line, self.rule = (fault.line or 0) % FILE or None, fault.rule
        if row not in self._misaligned and row not in self._garbled:
            self.rows += 1
        rows.add(row)

    @property
    def shown(self) -> str:
        """How many rows are broken, and where; empty where none is."""
        if not self.rows:
            return ""
        number = "1 broken row" if self.rows == 1 else f"{self.rows:,} broken rows"
        first = "" if self.rows == 1 else "first: "
        line = f"line {self.line}, " if self.line else ""
        return f"{number} ({first}{line}{self.rule})"

    def stream(self, rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
        """The rows of a reader, the cells that cannot be trusted absent."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(rows.schema, self._batches(rows))

    def _batches(self, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """Faults of a row are reported before the batch that holds it comes."""
        done = 0
        for batch in rows:
            if self._misaligned or self._garbled:
                yield self._without(batch, done)
            else:
                yield batch
            done += batch.num_rows
            self._misaligned = {row for row in self._misaligned if row > done}
            self._garbled = {row for row in self._garbled if row > done}

    def _without(self, batch: pa.RecordBatch, done: int) -> pa.RecordBatch:
        import pyarrow as pa

        numbers = range(done + 1, done + batch.num_rows + 1)
        misaligned = pa.array([number in self._misaligned for number in numbers])
        garbled = pa.array([number in self._garbled for number in numbers])
        cells = [_absent(column, misaligned, garbled) for column in batch.columns[1:]]
        return pa.RecordBatch.from_arrays([batch.column(0), *cells], schema=batch.schema)


def _absent(column: pa.Array, misaligned: pa.Array, garbled: pa.Array) -> pa.Array:
    """A column without the cells of misaligned rows, and without those that lost a byte."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lost = misaligned
    if garbled.true_count:
        lost = pc.or_(lost, pc.and_(garbled, pc.match_substring(column, REPLACED).fill_null(False)))
    return pc.if_else(lost, pa.scalar(None, column.type), column)


__all__ = ["Broken"]
