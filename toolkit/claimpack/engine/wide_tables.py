"""Folding: a table of very many columns, judged as a table of few.

An engine of columns spends memory and planning on each of them, whatever the number
of rows. Fields that are judged alike (same type, same constraints) are put under one
another: a row of a table becomes as many rows as its largest group has fields, with
one column a group. What is found is unfolded again: which row, which field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from claimpack import limits
from claimpack.engine.exact.database import INSERT, Store
from claimpack.engine.exact.stored_findings import Template
from claimpack.errors import TooLargeError
from claimpack.plan import Fold, TablePlan
from claimpack.readers.column_layout import Layout

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

KEYED = frozenset({"primary-key", "unique-key", "unique-error"})
"""Rules whose findings tell of another row."""
CELLS = 1 << 18
"""About how many folded rows are handed on at once."""


def folded(plan: TablePlan, layout: Layout) -> Folded | None:
    """The fold of a table that is too wide; each field by itself where only the file is."""
    if plan.fold is not None:
        return Folded(plan.fold, layout)
    if layout.width <= limits.WIDE:
        return None
    names = [item.name for item in plan.resource.schema.fields] if plan.resource.schema else []
    alone = {name: (name,) for name in names}
    return Folded(Fold(plan.resource, tuple((n,) for n in range(len(names))), alone), layout)


class Folded:
    """A fold laid over the columns of a file.

    Attributes:
        height: Rows that one row becomes.
        layout: The columns of the folded rows.
    """

    def __init__(self, fold: Fold, layout: Layout) -> None:
        self._names = fold.names
        groups = [[layout.fields[place] for place in group] for group in fold.members]
        there = (any(item is not None for item in group) for group in groups)
        fields = tuple(place if known else None for place, known in enumerate(there))
        self.columns = groups or [[None]]
        self.height = max(map(len, self.columns))
        self.layout = Layout(None, len(self.columns), len(self.columns), fields)
        self._empty: list[np.ndarray] = []

    def stream(
        self, rows: pa.RecordBatchReader, most: int | None, *, again: bool = False
    ) -> pa.RecordBatchReader:
        """A stream of `line` and `c0 ...`, folded.

        Args:
            rows: The rows.
            most: Cells that they may have, missing ones included; None for any number. Beyond
                it the stream raises TooLargeError.
            again: Whether the rows were read before.
        """
        import pyarrow as pa

        names = (f"c{place}" for place in range(self.layout.width))
        schema = pa.schema([("line", pa.int64()), *((name, pa.string()) for name in names)])
        return pa.RecordBatchReader.from_batches(schema, self._batches(rows, schema, most, again))

    def _batches(
        self, rows: pa.RecordBatchReader, schema: pa.Schema, most_cells: int | None, again: bool
    ) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa

        most, before = max(CELLS // self.height, 1), 0
        for batch in rows:
            if not again:
                self._empty.append(before + 1 + _empty(batch))
            before += batch.num_rows
            for start in range(0, batch.num_rows, most):
                cells = (before - batch.num_rows + start) * self.height * len(self.columns)
                if most_cells is not None and cells > most_cells:
                    raise TooLargeError("too many cells of its rows are missing")
                part = batch.slice(start, most)
                count = part.num_rows
                rank = np.arange(count * self.height)
                order = rank % self.height * count + rank // self.height
                lines = part.column("line").take(pa.array(rank // self.height))
                folded = [self._column(part, group, order) for group in self.columns]
                yield pa.RecordBatch.from_arrays([lines, *folded], schema=schema)

    def _column(self, part: pa.RecordBatch, group: list[int | None], order: np.ndarray) -> pa.Array:
        """The fields of a group, all of a row's before the next row's, null where there is none."""
        import pyarrow as pa

        absent = pa.nulls(part.num_rows, pa.string())
        pieces = [absent if at is None else part.column(f"c{at}") for at in group]
        whole = pa.concat_arrays(pieces)
        return whole.take(pa.array(order, mask=order >= len(whole)))

    def undo(self, store: Store, part: int, structure: frozenset[str]) -> None:
        """Give the findings of a table their own rows and fields again.

        Args:
            store: Where the findings are.
            part: The table's position in the report.
            structure: The rules whose findings come from the reader, which knows no fold.
        """
        import pyarrow as pa

        found = store.rows(
            f"SELECT DISTINCT chk, (row - 1) % {self.height} FROM findings "
            f"WHERE part = {part} AND row IS NOT NULL"
        )
        folded = [(n, rank) for n, rank in found if store.templates[n].rule not in structure]
        if not folded:
            return
        own = [store.number(self._unfolded(store.templates[n], rank)) for n, rank in folded]
        keyed = [store.templates[n].rule in KEYED for n, _ in folded]
        numbers, ranks = zip(*folded, strict=True)
        table = pa.table({"chk": numbers, "rank": ranks, "own": own, "keyed": keyed})
        store.connection.register("unfolded", table)
        store.run(
            f"UPDATE findings SET chk = u.own, row = (row - 1) // {self.height} + 1, "
            f"detail = CASE WHEN u.keyed THEN ((TRY_CAST(detail AS BIGINT) - 1) // {self.height} "
            f"+ 1)::VARCHAR ELSE detail END FROM unfolded AS u WHERE part = {part} "
            f"AND findings.chk = u.chk AND (row - 1) % {self.height} = u.rank"
        )
        store.connection.unregister("unfolded")

    def blank(self, store: Store, part: int, number: int, structure: frozenset[str]) -> None:
        """Add a finding for each row without values that breaks a rule; after `undo`.

        Args:
            store: Where the findings are.
            part: The table's position in the report.
            number: The template's number of the finding.
            structure: The rules whose findings come from the reader: a row of the wrong width
                has no values that are known, which is not the same.
        """
        import numpy as np
        import pyarrow as pa

        if not any(map(len, self._empty)):
            return
        own = [n for n, kept in enumerate(store.templates) if kept.rule in structure]
        store.connection.register("blank", pa.table({"row": np.concatenate(self._empty)}))
        store.run(
            f"{INSERT} SELECT {part}, {number}, row, min(line), NULL, NULL "
            f"FROM findings WHERE part = {part} AND row IN (SELECT row FROM blank) "
            f"AND chk NOT IN ({', '.join(map(str, own)) or -1}) GROUP BY row"
        )
        store.connection.unregister("blank")

    def _unfolded(self, template: Template, rank: int) -> Template:
        """A check on the fields that stand at a rank of their groups."""
        return replace(template, fields=tuple(self._names[name][rank] for name in template.fields))


def _empty(rows: pa.RecordBatch) -> np.ndarray:
    """The places of the rows without values."""
    import numpy as np
    import pyarrow.compute as pc

    left = np.arange(rows.num_rows)
    for place in range(rows.num_columns - 1):
        if not len(left):
            break
        lengths = pc.binary_length(rows.column(f"c{place}").take(left))
        left = left[pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False) == 0]
    return left
