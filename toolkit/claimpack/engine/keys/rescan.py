"""Reads the rows again whose keys are in question, to compare their texts."""

from __future__ import annotations

from claimpack.engine.exact.database import Store
from claimpack.engine.keys.hash_index import Hashes
from claimpack.engine.scan.scan_sql import Scan
from claimpack.engine.table_run import Table
from claimpack.quoting import name


def rescan_rows(table: Table, wanted: dict[tuple[str, ...], Hashes] | None, store: Store) -> Scan:
    """The scan over a table of its own: the rows asked for, their keys as texts, and `row`.

    Args:
        table: A table that polars read.
        wanted: For each whole key, the hashes in question, sorted; None for all rows.
        store: What the table is put into.
    """
    import polars as pl

    assert table.scan is not None
    assert table.fast is not None
    table.looks += 1
    made = table.scan.again(f"again {table.part} {table.looks}")
    listed = ", ".join(("row", *made.columns()))
    looked = f"(SELECT {made.collapsed(made.needed())} FROM looked)"
    into = f"CREATE TEMP TABLE {name(made.table)} AS"
    fast = table.fast
    for rows in fast.all_again() if wanted is None else fast.again(wanted):
        store.connection.register("looked", rows.to_arrow(compat_level=pl.CompatLevel.newest()))
        store.run(f"{into} SELECT {listed} FROM {looked}")
        store.connection.unregister("looked")
        into = f"INSERT INTO {name(made.table)}"
    return made


__all__ = ["rescan_rows"]
