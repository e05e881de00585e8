"""The sweep: polars reads a large plain file, and says which rows the engine shall look at.

The second engine parses and tests about twice as fast as the first. It is trusted
with one thing only: to let no row at fault pass unsuspected (see `suspects`). The
rows that it suspects go with their cells, the keys of all rows as they are, into the
same table that the first engine's scan would have made, and everything else is as
ever. Where it does not fit (it is not installed, a text other than the empty one
means missing, most rows are suspect), it stands back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot import exp

from claimpack.engine.printer import name
from claimpack.engine.scan import Scan
from claimpack.engine.store import Store
from claimpack.engine.survey import Plain
from claimpack.rules.check import KeyCheck

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

ROWS = 100_000
"""Rows that are handed on at once."""

MOST = 0.5
"""Share of suspects in a batch from which the first engine is the quicker one."""

os.environ.setdefault("POLARS_CSV_CHUNK_SIZE", str(1 << 20))
"""Bytes that polars parses at once, a sixteenth of its own choice: it costs two per cent of the
time, and holds the peak of memory under 600 MB however long the file is."""


def installed() -> bool:
    """Whether the second engine is there, in a version that gives its rows in order."""
    try:
        import polars as pl
    except ImportError:
        return False
    return hasattr(pl.LazyFrame, "collect_batches")


class Sweep:
    """One large plain file on its way into its scan's table.

    Attributes:
        rising: After the run, the keys that rise from row to row and so are unique.
        suspects: After the run, the rows that may be at fault: `row`, and `c0 ...`.
    """

    def __init__(
        self,
        scan: Scan,
        lines: int,
        store: Store,
        seen: Plain,
        tell: Callable[[int], None],
    ) -> None:
        """Lay a sweep over a scan.

        Args:
            scan: Over a plain file, where the empty text is null and no other is.
            lines: Lines of the header.
            store: What the scan's table is made in.
            seen: What the survey saw of the file.
            tell: Takes about how many bytes are done.
        """
        self.scan, self.lines, self.store, self.seen = scan, lines, store, seen
        self.tell = tell
        self.suspects = store.aside(scan.suspects)
        self.needed = scan.needed()
        self.rows = 0
        self._last: dict[KeyCheck, str | None] = {
            key: None
            for key in scan.keys
            if len(key.keys) == 1 and isinstance(key.keys[0], exp.Column)
        }
        self._columns = [f"c{column}" for column in range(scan.layout.width)]
        self._made = False

    @property
    def rising(self) -> tuple[KeyCheck, ...]:
        """The keys that have risen so far."""
        return tuple(self._last)

    def run(self) -> bool:
        """Fill the scan's table; False where the sweep stands back and the table is void."""
        import duckdb
        import polars as pl

        alone = self.scan.layout.labels is not None and not self.lines
        frame = None if alone else self._frame()
        if frame is None:
            return False
        each = _record_bytes(self.scan.resource.files[0])
        try:
            for batch in frame.collect_batches(maintain_order=True, chunk_size=ROWS):
                self._put(batch)
                self.tell(int(self.rows * each))
                if batch["fault"].sum() > MOST * batch.height:
                    return False
        except duckdb.InterruptException:
            raise
        except (pl.exceptions.PolarsError, duckdb.Error):
            return False
        if not self._made:
            self._put(frame.clear().collect())
        return self._fits()

    def _fits(self) -> bool:
        """Whether what polars read is what the survey saw, and no record is too short."""
        seen, header = self.seen, 1 if self.scan.layout.labels is not None else 0
        if len(seen.breaks) and seen.breaks[0] < header:
            return False
        cells = self.scan.layout.width - 1
        return seen.records == self.rows + header and seen.delimiters == seen.records * cells

    def _frame(self) -> pl.LazyFrame | None:
        import polars as pl

        from claimpack.engine.suspects import suspicion

        scan = self.scan
        columns = {
            f"f{place}": f"c{column}"
            for place, column in enumerate(scan.layout.fields)
            if column is not None
        }
        suspect = suspicion([check.fault for check in scan.rows], columns)
        if suspect.condition is True:
            return None
        fault = pl.lit(False) if suspect.condition is False else suspect.condition
        return (
            self._read().with_columns(**suspect.steps).select(*self._columns, fault.alias("fault"))
        )

    def _read(self) -> pl.LazyFrame:
        """The file's cells as texts `c0 ...`, null where empty."""
        import polars as pl

        dialect = self.scan.resource.dialect
        return pl.scan_csv(
            self.scan.resource.files[0],
            has_header=False,
            skip_rows=self.lines,
            separator=dialect.delimiter,
            quote_char=dialect.quote_char or None,
            schema=dict.fromkeys(self._columns, pl.String),
            null_values=[""],
        )

    def look(self, rows: pa.Table, needed: dict[str, int]) -> pa.Table:
        """The texts of some rows, with their numbers.

        Args:
            rows: The numbers, as `row`.
            needed: The names of the texts, and their columns.
        """
        import polars as pl

        wanted = pl.from_arrow(rows.select(["row"])).lazy().cast(pl.UInt32)
        texts = {text: f"c{at}" for text, at in needed.items()}
        frame = self._read().select(**texts).with_row_index("row", offset=1)
        return frame.join(wanted, on="row", how="semi").collect(engine="streaming").to_arrow()

    def _put(self, batch: pl.DataFrame) -> None:
        """Hand a batch on."""
        import polars as pl

        self._rise(batch)
        kept = ", ".join(["fault", *self.scan.columns()])
        self._into(self.scan.table, kept, self._compared(batch))
        rows = batch.with_row_index("row", offset=self.rows + 1)[batch["fault"].arg_true()]
        if rows.height:
            cells = (pl.col(column).fill_null("") for column in self._columns)
            self.suspects.put(rows.select("row", *cells).to_arrow())
        self._made = True
        self.rows += batch.height

    def _into(self, table: str, kept: str, batch: pa.Table) -> None:
        self.store.connection.register("swept", batch)
        into = f"INSERT INTO {name(table)}" if self._made else f"CREATE TEMP TABLE {name(table)} AS"
        self.store.run(f"{into} SELECT {kept} FROM swept")
        self.store.connection.unregister("swept")

    def _rise(self, batch: pl.DataFrame) -> None:
        """Strike out the keys that do not rise within a batch, or from the one before."""
        for check in [*self._last] if batch.height else ():
            before, keys = self._last[check], batch[f"c{self._column(check)}"]
            rising = keys.null_count() == 0 and (before is None or before < keys[0])
            if rising and bool((keys.head(-1) < keys.tail(-1)).all()):
                self._last[check] = keys[-1]
            else:
                del self._last[check]

    def _column(self, check: KeyCheck) -> int | None:
        return self.needed[check.keys[0].name]

    def _compared(self, batch: pl.DataFrame) -> pa.Table:
        """What is kept of every row."""
        import polars as pl

        made = batch.select("fault", **{text: f"c{at}" for text, at in self.needed.items()})
        return made.to_arrow(compat_level=pl.CompatLevel.newest())


def _record_bytes(path: Path) -> float:
    """About how long a record is."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return len(head) / max(head.count(b"\n"), 1)
