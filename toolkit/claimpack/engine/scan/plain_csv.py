"""Plain CSV files, which polars reads: their cells, their texts, their rows in batches.

`csv_plainness` says which files are plain. Polars makes nulls of missing cells in silence; the
number of delimiters that was counted there proves that none is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine.table_checks import Scan
from claimpack.readers import csv_plainness, typed_rows
from claimpack.readers.csv_exact import Head
from claimpack.readers.csv_plainness import Plain, fits

if TYPE_CHECKING:
    import polars as pl

    from claimpack.engine.scan.row_source import Select

ROWS = 100_000
"""Rows that are handed on at once."""
os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", str(1 << 20))
"""Bytes that polars parses at once, a sixteenth of its own choice: it costs two per cent of the
time, and holds the peak of memory under 600 MB however long the file is."""


def plain_of(resource: Resource, head: Head) -> Plain | None:
    """What was seen of a table's file where it is plain, else None.

    A file with a header that is not a line of its own is never plain.
    """
    layout = head.layout
    if not typed_rows.delimited(resource) or not csv_plainness.eligible(resource):
        return None
    if not layout.width or layout.fewest != layout.width:
        return None
    if layout.labels is not None and not head.lines:
        return None
    return csv_plainness.plain(resource, layout.width)


def plain_file(scan: Scan, head: Head) -> PlainFile | None:
    """The rows of a table in a plain file; None where it is in anything else."""
    seen = plain_of(scan.resource, head) if scan.fields else None
    return None if seen is None else PlainFile(scan, head.lines, seen)


class PlainFile:
    """The rows of one plain file.

    Attributes:
        cells: Its cells under the names `c0 ...`.
        texts: Each field's text by its name, `f0 ...`: null where it is missing.
        seen: What `csv_plainness` saw of it.
    """

    lines = False

    def __init__(self, scan: Scan, lines: int, seen: Plain) -> None:
        """Describe a file.

        Args:
            scan: Over the file.
            lines: Lines of its header.
            seen: What `csv_plainness` saw of it.
        """
        import polars as pl

        self._scan, self._lines, self.seen = scan, lines, seen
        columns = (pl.col(f"c{column}") for column in range(scan.layout.width))
        self.cells = [column.fill_null("") for column in columns]
        bare = scan.simple()
        self.texts = {
            f"f{place}": pl.col(f"c{column}") if bare else scan.text_of(place, self.cells[column])
            for place, column in enumerate(scan.layout.fields)
            if column is not None
        }

    def batches(self, select: Select) -> Iterator[pl.DataFrame]:
        """The rows in order. A small file's come at once: a stream takes a while to start."""
        scan = self._scan
        cells = cells_of(scan.resource, scan.layout.width, self._lines)
        frame = select(cells.with_columns(**self.texts))
        if self.seen.records < 0:
            yield frame.collect()
            return
        batches = frame.collect_batches(maintain_order=True, chunk_size=ROWS)
        first = next(batches, None)
        yield frame.clear().collect() if first is None else first
        yield from batches

    def complete(self, rows: int) -> bool:
        """Whether so many rows are what was seen, and no record is too short."""
        layout = self._scan.layout
        return fits(self.seen, rows, layout.width, header=layout.labels is not None)


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


__all__ = ["PlainFile", "cells_of", "plain_file", "plain_of"]
