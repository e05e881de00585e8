"""One pass over the rows of a table: what may be invalid, the keys' hashes, the typed values.

Polars is fast, but its casts and patterns are not quite the standard's. So it is trusted with
one thing only: to let no invalid row pass (see `polars_predicates`). Rows that it suspects are
handed on with their cells, to be decided exactly; the keys of all rows go to their indexes as
hashes; typed rows go to a sink, if somebody wants them. Of a clean table nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from claimpack.checks.model import KeyCheck
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.engine.exact.expression_sql import printed
from claimpack.engine.export_sinks import Sink, Sinks
from claimpack.engine.keys.hash_index import Hashes, combined, contains
from claimpack.engine.keys.hash_keys import KeyHasher
from claimpack.engine.scan import polars_predicates
from claimpack.engine.scan.polars_predicates import Suspicion
from claimpack.engine.scan.row_source import RowSource
from claimpack.engine.scan.typed_columns import typed_columns
from claimpack.engine.table_checks import Scan
from claimpack.errors import UnreadableError
from claimpack.quoting import name

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    Decide = Callable[[pa.Table], None]

SUSPECT_ROWS, SUSPECT_BYTES = 50_000, 32 << 20
"""Suspects that are gathered before they are decided: a statement takes a while to plan."""


class TablePass:
    """The pass over one table.

    Attributes:
        source: The rows.
        rows: Rows read so far.
        suspected: Whether any row may be invalid.
        indexes: After the run, the index of each key that is compared.
        repeated: After the run, the hashes of keys that are repeated and must not be.
        failure: Why the reader could not read on, None where it could.
    """

    def __init__(self, scan: Scan, source: RowSource, store: Store, *, again: bool = False) -> None:
        """Prepare the pass.

        Args:
            scan: What is asked of the rows.
            source: The rows.
            store: What the rows are put into that others read.
            again: Whether another pass may read the rows if polars refuses a predicate.
        """
        self.scan, self.source, self.store = scan, source, store
        self.rows = 0
        self.suspected = False
        self.failure: UnreadableError | None = None
        self.repeated: dict[tuple[str, ...], Hashes] = {}
        scan.compared()
        self.indexes = {keyset: store.indexes.new() for keyset in scan.keysets}
        parts = {printed(part.expression): part for keys in scan.keysets.values() for part in keys}
        self._hasher = KeyHasher(list(parts.values()), store)
        self._suspects: list[pl.DataFrame] = []
        self._again = again
        self._kept = self._columns_kept()

    def run(self, decide: Decide, tell: Callable[[int], None], sinks: Sinks | None = None) -> bool:
        """Read all rows; False where they are not all that there are.

        Args:
            decide: Takes rows that may be invalid: `row`, `line` where the source has it, and
                `c0 ...`.
            tell: Takes the number of rows done.
            sinks: Makes what takes the typed rows, if anything does.
        """
        typed = self._typed_columns() if sinks is not None else None
        sink = self._sink(sinks, typed is not None)
        done = False
        try:
            self._read_all(decide, tell, typed if sink is not None else None, sink)
            done = self.source.complete(self.rows)
        finally:
            if sink is not None and done and self.failure is None:
                sink.close()
            elif sink is not None:
                sink.discard()
        wanted = [self.scan.keyset(check.keys, check.fields) for check in self.scan.keys]
        self.repeated = {keyset: self.indexes[keyset].repeated() for keyset in wanted}
        return done

    def unique(self, check: KeyCheck) -> bool:
        """Whether every key is unique."""
        return not len(self.repeated[self.scan.keyset(check.keys, check.fields)])

    def _read_all(
        self,
        decide: Decide,
        tell: Callable[[int], None],
        typed: dict[str, pl.Expr] | None,
        sink: Sink | None,
    ) -> None:
        for batch in self._readable(self._select(typed)):
            self._keep(batch)
            self._hash(batch)
            self._suspect(batch, decide)
            self._hand_on(batch, sink)
            self.rows += batch.height
            tell(self.rows)
        self._decide_suspects(decide)

    def _readable(self, select: Callable[[pl.LazyFrame], pl.LazyFrame]) -> Iterator[pl.DataFrame]:
        """The batches as far as they can be read."""
        try:
            yield from self.source.batches(select)
        except UnreadableError as error:
            self.failure = error

    def _select(self, typed: dict[str, pl.Expr] | None) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
        import polars as pl

        suspect = self._suspicion()
        condition = suspect.condition
        fault = pl.lit(condition) if isinstance(condition, bool) else condition
        keys = self._hasher.columns({text: pl.col(text) for text in self.source.texts})
        line = ["line"] if self.source.lines else []
        columns = [*line, *self.source.cells, fault.alias("fault"), *keys, *self._tested()]
        return lambda frame: frame.with_columns(**suspect.steps).select(*columns, **(typed or {}))

    def _suspicion(self) -> Suspicion:
        """What may be wrong of a row; everything where polars cannot run the predicates.

        They are tried on no rows first: a reader cannot begin anew in the middle.
        """
        import polars as pl

        made = polars_predicates.suspicion([check.screened for check in self.scan.rows])
        if isinstance(made.condition, bool) or self._again:
            return made
        nothing = pl.LazyFrame(schema=dict.fromkeys(self.source.texts, pl.String))
        try:
            nothing.with_columns(**made.steps).select(made.condition).collect()
        except pl.exceptions.PolarsError:
            return Suspicion(True, {})
        return made

    # --- rows that may be invalid ---------------------------------------------------------

    def _suspect(self, batch: pl.DataFrame, decide: Decide) -> None:
        faults = batch["fault"].arg_true()
        if not len(faults):
            return
        self.suspected = True
        self._suspects.append(self._numbered(batch)[faults])
        rows = sum(part.height for part in self._suspects)
        size = sum(part.estimated_size() for part in self._suspects)
        if rows > SUSPECT_ROWS or size > SUSPECT_BYTES:
            self._decide_suspects(decide)

    def _decide_suspects(self, decide: Decide) -> None:
        import polars as pl

        if self._suspects:
            decide(_arrow(pl.concat(self._suspects)))
            self._suspects = []

    def _numbered(self, batch: pl.DataFrame, more: tuple[str, ...] = ()) -> pl.DataFrame:
        """The cells of a batch, each row with its number and, where known, its line."""
        import polars as pl

        line = ("line",) if self.source.lines else ()
        cells = (f"c{column}" for column in range(len(self.source.cells)))
        number = pl.int_range(self.rows + 1, self.rows + 1 + pl.len(), dtype=pl.Int64)
        return batch.select(number.alias("row"), *line, *cells, *more)

    # --- rows that others read ------------------------------------------------------------

    def _tested(self) -> list[pl.Expr]:
        """The texts that are tested one by one in Python, under the names of their columns."""
        tested = self.scan.tested().items()
        return [self.scan.collapsed_of(text).alias(column) for column, text in tested]

    def _columns_kept(self) -> tuple[str, ...] | None:
        """The columns besides the cells that are kept of every row; None where nothing is."""
        tested = tuple(self.scan.tested())
        return tested if tested or self.scan.keep else None

    def _keep(self, batch: pl.DataFrame) -> None:
        """Put rows into the scan's table: for relations to read, or texts to be tested."""
        if self._kept is None:
            return
        rows = self._numbered(batch, self._kept)
        if not self.scan.keep:
            rows = rows.drop(f"c{column}" for column in range(len(self.source.cells)))
        table = name(self.scan.table)
        into = f"INSERT INTO {table}" if self.rows else f"CREATE OR REPLACE TEMP TABLE {table} AS"
        self.store.connection.register("batch", _arrow(rows))
        self.store.run(f"{into} SELECT * FROM batch")
        self.store.connection.unregister("batch")

    # --- keys -----------------------------------------------------------------------------

    def _hash(self, batch: pl.DataFrame) -> None:
        for keyset, hashes in self._hashed(batch).items():
            self.indexes[keyset].add(hashes)

    def _hashed(self, batch: pl.DataFrame) -> dict[tuple[str, ...], Hashes]:
        """The hashes of a batch's keys, each in the order of its rows."""
        hashes = self._hasher.hashes(batch)
        return {keyset: combined([hashes[part] for part in keyset]) for keyset in self.indexes}

    def again(self, wanted: dict[tuple[str, ...], Hashes] | None) -> Iterator[pa.Table]:
        """Read the rows again that have one of some keys: `row`, `line`, and their texts.

        Args:
            wanted: For each whole key the hashes in question, sorted; None for all rows.
        """
        import numpy as np
        import polars as pl

        line = ["line"] if self.source.lines else []
        shown = [*line, *self.scan.needed()]
        keys = self._hasher.columns({text: pl.col(text) for text in self.source.texts})
        done = 0
        for batch in self.source.batches(lambda frame: frame.select(*shown, *keys)):
            number = pl.int_range(done + 1, done + 1 + pl.len(), dtype=pl.Int64)
            rows = batch.select(number.alias("row"), *shown)
            if wanted is not None:
                hashed = self._hashed(batch)
                hits = [contains(found, hashed[keyset]) for keyset, found in wanted.items()]
                rows = rows.filter(np.logical_or.reduce(hits))
            yield _arrow(rows)
            done += batch.height

    # --- rows that are exported -----------------------------------------------------------

    def _typed_columns(self) -> dict[str, pl.Expr] | None:
        """The values of all fields in the order of the schema; None where casts are not exact."""
        fields = self.scan.fields
        if not fields or len(self.source.texts) < len(fields):
            return None
        return typed_columns({f"f{place}": item for place, item in enumerate(fields)})

    def _hand_on(self, batch: pl.DataFrame, sink: Sink | None) -> None:
        if sink is not None:
            sink.write(PassedRows(self, batch))

    def texts_of(self, batch: pl.DataFrame) -> pl.DataFrame:
        """The texts of the values in a batch, white space left out where a type ignores it."""
        import polars as pl

        texts = self.scan.texts_of(lambda column: pl.col(f"c{column}"))
        return batch.select(**texts).select(**{f: self.scan.collapsed_of(f) for f in texts})

    def _sink(self, sinks: Sinks | None, typed: bool) -> Sink | None:
        """What takes the rows, if anything does. Folded rows are not those of the table."""
        if sinks is None or not self.scan.fields or self.scan.plan.fold is not None:
            return None
        return sinks(self.scan.resource, typed)


class PassedRows:
    """The rows of a batch in the forms that files need."""

    def __init__(self, one_pass: TablePass, batch: pl.DataFrame) -> None:
        self._pass, self._batch = one_pass, batch

    def typed(self) -> Iterator[pa.Table]:
        """Values in the Arrow schema of the table."""
        return typed_tables.typed_batch(self._pass.store, self._pass.scan, self._batch)

    def cells(self) -> pl.DataFrame:
        """Texts as the file has them."""
        scan = self._pass.scan
        return self._batch.select(*typed_tables.shown_cells(scan.resource, scan.layout))

    def texts(self) -> pl.DataFrame:
        """Texts of the values `f0 ...`, null where a value is missing."""
        return self._pass.texts_of(self._batch)


def _arrow(rows: pl.DataFrame) -> pa.Table:
    import polars as pl

    return rows.to_arrow(compat_level=pl.CompatLevel.newest())


__all__ = ["TablePass"]
