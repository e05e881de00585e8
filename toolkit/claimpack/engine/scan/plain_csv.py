"""A plain CSV file as a frame of polars: its cells, its texts, its rows in batches.

Which files are plain says `survey`. Polars makes nulls of missing cells in silence; the
number of delimiters that the survey counted proves that none is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine.scan.scan_sql import Scan
from claimpack.readers.csv_plainness import Plain, fits

if TYPE_CHECKING:
    import polars as pl

ROWS = 100_000
"""Rows that are handed on at once."""
os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", str(1 << 20))
"""Bytes that polars parses at once, a sixteenth of its own choice: it costs two per cent of the
time, and holds the peak of memory under 600 MB however long the file is."""


class PlainFile:
    """One plain file, as its scan and its survey describe it.

    Attributes:
        columns: The names of its cells in a frame: `c0 ...`.
        texts: Each field's text by its name, `f0 ...`: null where it is missing.
    """

    def __init__(self, scan: Scan, lines: int, seen: Plain) -> None:
        """Describe a file.

        Args:
            scan: Over the file.
            lines: Lines of its header.
            seen: What the survey saw of it.
        """
        self._scan, self._lines, self._seen = scan, lines, seen
        self.columns = [f"c{column}" for column in range(scan.layout.width)]
        self.texts = self._text_expressions()

    def _text_expressions(self) -> dict[str, pl.Expr]:
        scan = self._scan
        return {
            f"f{place}": scan.text_of(place, f"c{column}")
            for place, column in enumerate(scan.layout.fields)
            if column is not None
        }

    def read(self) -> pl.LazyFrame:
        """Its cells, null where empty, and its fields' texts."""
        scan = self._scan
        return cells_of(scan.resource, scan.layout.width, self._lines).with_columns(**self.texts)

    def batches(self, frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
        """The rows of a frame made of `read`, in order; one batch without rows if there are none.

        A small file's come at once: a stream of batches takes a while to start.
        """
        if self._seen.records < 0:
            yield frame.collect()
            return
        batches = frame.collect_batches(maintain_order=True, chunk_size=ROWS)
        first = next(batches, None)
        yield frame.clear().collect() if first is None else first
        yield from batches

    def fits(self, rows: int) -> bool:
        """Whether so many rows are what the survey saw, and no record is too short.

        Of a small file the survey has proved as much, record by record.
        """
        layout = self._scan.layout
        return fits(self._seen, rows, layout.width, header=layout.labels is not None)


def cells_of(resource: Resource, width: int, lines: int) -> pl.LazyFrame:
    """The cells of a plain file as texts `c0 ...`, null where empty.

    Args:
        resource: The resource.
        width: Number of columns.
        lines: Lines of the header.
    """
    import polars as pl

    dialect = resource.dialect
    return pl.scan_csv(
        resource.files[0],
        has_header=False,
        skip_rows=lines,
        separator=dialect.delimiter,
        quote_char=dialect.quote_char or None,
        schema={f"c{column}": pl.String for column in range(width)},
        null_values=[""],
    )


__all__ = ["PlainFile", "cells_of"]
