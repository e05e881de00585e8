"""A second look at a large table, whose keys were kept as hashes: the texts of some of its rows."""

from __future__ import annotations

from collections.abc import Callable

from claimpack.engine.keys import Share
from claimpack.engine.printer import name
from claimpack.engine.scan import Scan
from claimpack.engine.store import Store
from claimpack.engine.table import Table
from claimpack.errors import TooLargeError

ASKED = "asked"


SHARES = (1, 4, 16, 64)
"""In how many parts a question is asked that takes too much memory in fewer."""


def look(table: Table, asked: Callable[[Share], str], store: Store) -> Scan | None:
    """The scan over a table of its own: the rows asked for, their keys as texts, and `row`.

    None where no row is asked for.

    Args:
        table: A table whose scan is hashed.
        asked: Makes a query for the numbers of rows, as `row`, among a part of all rows.
        store: What both tables are in.
    """
    assert table.scan is not None
    _ask(asked, store)
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


def _ask(asked: Callable[[Share], str], store: Store) -> None:
    """Put the numbers of rows into a table."""
    for of in SHARES:
        try:
            store.run(f"CREATE OR REPLACE TEMP TABLE {ASKED} AS {asked(Share(0, of))}")
            for number in range(1, of):
                store.run(f"INSERT INTO {ASKED} {asked(Share(number, of))}")
            return
        except TooLargeError:
            if of == SHARES[-1]:
                raise


__all__ = ["look"]
