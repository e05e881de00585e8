"""The rows of a table as batches of text columns, wherever they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from claimpack.engine.table_checks import Scan

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    Select = Callable[[pl.LazyFrame], pl.LazyFrame]
    """Picks what is wanted of the cells, the texts and, where there is one, `line`."""


class RowSource(Protocol):
    """What a pass reads: polars' CSV reader for plain files, a reader of ours for all others.

    Attributes:
        cells: Its cells under the names `c0 ...`; null where a cell is not there.
        texts: Each field's text by its name, `f0 ...`: null where it is missing.
        lines: Whether each row comes with its physical `line`.
    """

    cells: list[pl.Expr]
    texts: dict[str, pl.Expr]
    lines: bool

    def batches(self, select: Select) -> Iterator[pl.DataFrame]:
        """The rows in order, read anew at each call; one batch without rows if there are none."""
        ...

    def complete(self, rows: int) -> bool:
        """Whether so many rows are all that there are."""
        ...


class ReaderRows:
    """The rows that a reader gives as record batches of `line` and `c0 ...`."""

    lines = True

    def __init__(self, scan: Scan, read: Callable[[], pa.RecordBatchReader]) -> None:
        """Describe the rows.

        Args:
            scan: Over the reader's columns.
            read: Begins to read them.
        """
        import polars as pl

        self._read = read
        self.cells = [pl.col(f"c{column}") for column in range(max(scan.layout.width, 1))]
        self.texts = scan.texts_of(lambda column: pl.col(f"c{column}"))

    def batches(self, select: Select) -> Iterator[pl.DataFrame]:
        """The rows in order, as they are read."""
        import polars as pl

        stream, some = self._read(), False
        for batch in stream:
            frame = pl.DataFrame(pl.from_arrow(batch))
            yield select(frame.lazy().with_columns(**self.texts)).collect()
            some = True
        if not some:
            empty = pl.DataFrame(pl.from_arrow(stream.schema.empty_table()))
            yield select(empty.lazy().with_columns(**self.texts)).collect()

    def complete(self, rows: int) -> bool:
        """A reader raises an error where it cannot read on."""
        return True


__all__ = ["ReaderRows", "RowSource"]
