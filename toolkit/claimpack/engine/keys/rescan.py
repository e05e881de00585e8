"""Reads the rows again whose keys are in question, to compare their texts."""

from __future__ import annotations

from claimpack.engine.exact.database import Store
from claimpack.engine.keys.hash_index import Hashes
from claimpack.engine.table_checks import Scan
from claimpack.engine.table_state import Table
from claimpack.quoting import name


def rescan_rows(table: Table, wanted: dict[tuple[str, ...], Hashes] | None, store: Store) -> Scan:
    """The scan over a table of its own: the rows asked for, their keys as texts, and `row`.

    Args:
        table: The table.
        wanted: For each whole key, the hashes in question, sorted; None for all rows.
        store: What the table is put into.
    """
    assert table.scan is not None
    assert table.read is not None
    made = table.scan.again(f"again {table.part} {len(table.rescans)}")
    table.rescans.append(made.table)
    line = ["line"] if table.read.source.lines else []
    listed = ", ".join(("row", *line, *made.columns()))
    looked = f"(SELECT {made.collapsed(made.needed())} FROM looked)"
    into = f"CREATE TEMP TABLE {name(made.table)} AS"
    for rows in table.read.again(wanted):
        store.connection.register("looked", rows)
        store.run(f"{into} SELECT {listed} FROM {looked}")
        store.connection.unregister("looked")
        into = f"INSERT INTO {name(made.table)}"
    return made


__all__ = ["rescan_rows"]
