"""The key indexes of tables: the fast scan made those of plain files, others are made on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from claimpack.checks.model import Expression
from claimpack.engine.exact.database import Store
from claimpack.engine.keys.hash_index import Hashes, KeyIndex, contains
from claimpack.engine.keys.hash_keys import of_texts
from claimpack.engine.table_run import Table
from claimpack.quoting import name

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BATCH = 100_000
"""Rows whose keys are hashed at once."""


def indexed(
    table: Table, keys: Sequence[Expression], fields: Sequence[str], store: Store
) -> KeyIndex:
    """The index of a whole key of a table.

    Args:
        table: The table.
        keys: The key of each field.
        fields: The fields' names.
        store: What holds the keys of a table that polars did not read, as texts.
    """
    assert table.scan is not None
    keyset = table.scan.keyset(keys, fields)
    if table.fast is not None:
        return table.fast.indexes[keyset]
    if keyset not in table.indexes:
        table.indexes[keyset] = store.indexes.new()
        for hashes in _hashes(table, keys, store):
            table.indexes[keyset].add(hashes)
    return table.indexes[keyset]


def rows_with(
    table: Table, keys: Sequence[Expression], wanted: Hashes, store: Store
) -> npt.NDArray[np.int64]:
    """The numbers of the rows of a table that polars did not read which have one of some keys.

    Args:
        table: The table.
        keys: The key of each field.
        wanted: The hashes of the keys, sorted.
        store: What holds the keys, as texts.
    """
    import numpy as np

    found, done = [], 0
    for hashes in _hashes(table, keys, store):
        found.append(np.flatnonzero(contains(wanted, hashes)) + done + 1)
        done += len(hashes)
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def _hashes(table: Table, keys: Sequence[Expression], store: Store) -> Iterator[Hashes]:
    """The hashes of a whole key, in the order of the rows."""
    import polars as pl

    assert table.scan is not None
    columns = ", ".join(f"{table.scan.key(key)} AS part{at}" for at, key in enumerate(keys))
    query = f"SELECT {columns} FROM {name(table.scan.table)}"
    with store.translated():
        for batch in store.connection.sql(query).to_arrow_reader(BATCH):
            yield of_texts(pl.DataFrame(pl.from_arrow(batch)))


__all__ = ["indexed", "rows_with"]
