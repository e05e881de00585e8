"""The fast scan: polars reads a plain file once, and says which rows may be invalid.

It parses and tests about twice as fast as the database, but its casts and patterns are not
quite the standard's. So it is trusted with one thing only: to let no invalid row pass (see
`polars_predicates`). Rows that it suspects are set aside with their cells for the database
to judge; the keys of all rows go to their indexes as hashes; typed rows go to a sink, if
somebody wants them. Where most rows are suspect it stands back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.checks.model import KeyCheck
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.engine.keys.hash_index import Hashes, combined, contains
from claimpack.engine.keys.hash_keys import KeyHasher
from claimpack.engine.scan.plain_csv import PlainFile
from claimpack.engine.scan.scan_sql import Scan
from claimpack.engine.scan.sql import printed
from claimpack.engine.scan.typed_columns import typed_columns
from claimpack.engine.typed_row_sinks import Sink, Sinks
from claimpack.errors import UnreadableError
from claimpack.quoting import name
from claimpack.readers.csv_plainness import Plain

if TYPE_CHECKING:
    import polars as pl

MOST = 0.5
"""Share of suspects in a batch above which DuckDB, which scans the whole file, is quicker."""


class PolarsScan:
    """The fast scan of one plain file.

    Attributes:
        suspects: After the run, the rows that may be invalid: `row`, and `c0 ...`.
        indexes: After the run, the index of each key that is compared.
        repeated: After the run, the hashes of keys that are repeated and must not be.
    """

    def __init__(
        self,
        scan: Scan,
        lines: int,
        store: Store,
        seen: Plain,
    ) -> None:
        """Prepare the scan of a file.

        Args:
            scan: Over a plain file.
            lines: Lines of the header.
            store: What the suspects and the keys are put into.
            seen: What `csv_plainness` saw of the file.
        """
        self.scan, self.lines, self.store = scan, lines, store
        self.suspects = store.spill_file(scan.suspects)
        self.rows = 0
        scan.compared()
        self.indexes = {keyset: store.indexes.new() for keyset in scan.keysets}
        parts = {printed(part.expression): part for keys in scan.keysets.values() for part in keys}
        self._hasher = KeyHasher(list(parts.values()), store)
        self._whole = True
        self._file = PlainFile(scan, lines, seen)
        self.repeated: dict[tuple[str, ...], Hashes] = {}

    def run(self, tell: Callable[[int], None], sinks: Sinks | None = None) -> bool:
        """Read the file; False where the fast scan stands back.

        Args:
            tell: Takes about how many bytes are done.
            sinks: Makes what takes the typed rows, if anything does.
        """
        import polars as pl

        alone = self.scan.layout.labels is not None and not self.lines
        if alone:
            return False
        typed = self._typed() if sinks is not None else None
        sink = sinks(self.scan.resource) if sinks is not None and typed is not None else None
        done = False
        try:
            frame = self._frame(typed if sink is not None else None)
            done = frame is not None and self._read_all(frame, tell, sink)
        except pl.exceptions.PolarsError:
            done = False
        finally:
            if sink is not None and not (done and self._whole):
                sink.discard()
            elif sink is not None:
                sink.close()
        if done:
            wanted = [self.scan.keyset(check.keys, check.fields) for check in self.scan.keys]
            self.repeated = {keyset: self.indexes[keyset].repeated() for keyset in wanted}
        return done

    def _read_all(
        self, frame: pl.LazyFrame, tell: Callable[[int], None], sink: Sink | None
    ) -> bool:
        """Read the file to its end; False where too much of it is suspect, or it is not plain."""
        each = _record_bytes(self.scan.resource.files[0])
        for batch in self._file.batches(frame):
            self._put(batch)
            if sink is not None:
                self._hand_on(batch, sink)
            tell(int(self.rows * each))
            if batch["fault"].sum() > MOST * batch.height:
                return False
        return self._file.fits(self.rows)

    def _typed(self) -> dict[str, pl.Expr] | None:
        """The values of all fields in the order of the schema; None where casts are not exact."""
        fields = self.scan.fields
        if not fields or len(self._file.texts) < len(fields) or self.scan.plan.fold is not None:
            return None
        return typed_columns({f"f{place}": item for place, item in enumerate(fields)})

    def _hand_on(self, batch: pl.DataFrame, sink: Sink) -> None:
        """Give the values of a batch to a sink, as long as all of them have their types.

        One that has not is an error, or is beyond what its type can hold: an export says so.
        """
        if not self._whole:
            return
        try:
            for rows in typed_tables.typed_batch(self.store, self.scan, batch):
                sink.write(rows)
        except UnreadableError:
            self._whole = False

    def unique(self, check: KeyCheck) -> bool:
        """Whether every key is unique."""
        return not len(self.repeated[self.scan.keyset(check.keys, check.fields)])

    def _frame(self, typed: dict[str, pl.Expr] | None) -> pl.LazyFrame | None:
        import polars as pl

        from claimpack.engine.scan.polars_predicates import suspicion

        suspect = suspicion([check.fault for check in self.scan.rows])
        if suspect.condition is True:
            return None
        fault = pl.lit(False) if suspect.condition is False else suspect.condition
        keys = self._hasher.columns({text: pl.col(text) for text in self._file.texts})
        return (
            self._file.read()
            .with_columns(**suspect.steps)
            .select(*self._file.columns, fault.alias("fault"), *keys, **(typed or {}))
        )

    def _put(self, batch: pl.DataFrame) -> None:
        """Hand a batch on."""
        import polars as pl

        for keyset, hashes in self._hashed(batch).items():
            self.indexes[keyset].add(hashes)
        if tested := self.scan.tested():
            texts = batch.select(**{text: self._file.texts[text] for text in tested.values()})
            self._into(texts.select(**{k: self.scan.collapsed_of(f) for k, f in tested.items()}))
        faults = batch["fault"].arg_true()
        if len(faults):
            cells = (pl.col(column).fill_null("") for column in self._file.columns)
            rows = batch.with_row_index("row", offset=self.rows + 1)[faults]
            self.suspects.write(rows.select("row", *cells).to_arrow())
        self.rows += batch.height

    def _hashed(self, batch: pl.DataFrame) -> dict[tuple[str, ...], Hashes]:
        """The hashes of a batch's keys, each in the order of its rows."""
        hashes = self._hasher.hashes(batch)
        return {keyset: combined([hashes[part] for part in keyset]) for keyset in self.indexes}

    def _into(self, batch: pl.DataFrame) -> None:
        """Put the texts that are tested one by one into the scan's table."""
        import polars as pl

        rows = batch.to_arrow(compat_level=pl.CompatLevel.newest())
        self.store.connection.register("batch", rows)
        table = name(self.scan.table)
        into = f"INSERT INTO {table}" if self.rows else f"CREATE OR REPLACE TEMP TABLE {table} AS"
        self.store.run(f"{into} SELECT * FROM batch")
        self.store.connection.unregister("batch")

    def again(self, wanted: dict[tuple[str, ...], Hashes]) -> Iterator[pl.DataFrame]:
        """Read the file again for the rows that have one of some keys: `row`, and their texts.

        Args:
            wanted: For each whole key, the hashes in question, sorted.
        """
        import numpy as np
        import polars as pl

        needed = list(self.scan.needed())
        keys = self._hasher.columns({text: pl.col(text) for text in self._file.texts})
        frame = self._file.read().select(*needed, *keys)
        done = 0
        for batch in self._file.batches(frame):
            hashed = self._hashed(batch)
            hits = [contains(found, hashed[keyset]) for keyset, found in wanted.items()]
            rows = batch.select(needed).with_row_index("row", offset=done + 1)
            yield rows.filter(np.logical_or.reduce(hits))
            done += batch.height

    def all_again(self) -> Iterator[pl.DataFrame]:
        """Read the texts of all rows again, of a small file: `row`, and what keys are made of."""
        frame = self._file.read().select(*self.scan.needed())
        yield frame.with_row_index("row", offset=1).collect()


def _record_bytes(path: Path) -> float:
    """About how long a record is."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return len(head) / max(head.count(b"\n"), 1)
