"""A second look at a large table, whose keys were kept as hashes: the texts of some of its rows."""

from __future__ import annotations

from claimpack.engine.printer import name
from claimpack.engine.scan import Scan
from claimpack.engine.store import Store
from claimpack.engine.table import Table

ASKED = "asked"


def look(table: Table, asked: str, store: Store) -> Scan | None:
    """The scan over a table of its own: the rows asked for, their keys as texts, and `row`.

    None where no row is asked for.

    Args:
        table: A table whose scan is hashed.
        asked: A query for the numbers of rows, as `row`.
        store: What both tables are in.
    """
    assert table.scan is not None
    store.run(f"CREATE OR REPLACE TEMP TABLE {ASKED} AS {asked}")
    if not store.one(f"SELECT count(*) FROM {ASKED}"):
        return None
    table.looks += 1
    made = table.scan.again(f"again {table.part} {table.looks}")
    if table.swept is None:
        store.run(made.keys_only(table.source))
        chosen = f"rowid + 1 IN (SELECT row FROM {ASKED})"
        rows = f"SELECT rowid + 1 AS row, * FROM {name(made.table)} WHERE {chosen}"
        store.run(f"CREATE OR REPLACE TEMP TABLE {name(made.table)} AS {rows}")
        return made
    numbers = store.connection.table(ASKED).to_arrow_table()
    listed = ", ".join(("row", *made.columns()))
    store.connection.register("looked", table.swept.look(numbers, made.needed()))
    store.run(f"CREATE TEMP TABLE {name(made.table)} AS SELECT {listed} FROM looked")
    store.connection.unregister("looked")
    return made


__all__ = ["look"]
