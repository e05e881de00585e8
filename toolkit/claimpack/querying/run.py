"""SQL over a package's typed tables, which can read nothing else and change nothing.

The tables are copied into a database of their own (what does not fit spills to disk), then
every way out of it is closed: no files, no network, no extensions, no settings.
"""

from __future__ import annotations

import re

from claimpack import limits
from claimpack.descriptor.model import Package, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.engine.exact.stream_errors import registered
from claimpack.errors import UnreadableError, UsageError
from claimpack.progress import Progress, silent
from claimpack.querying import types
from claimpack.querying.bounds import Bounds
from claimpack.querying.result import QueryResult, told
from claimpack.quoting import name

ALLOWED = ("SELECT", "EXPLAIN")
BY_NAME = re.compile(r"\bquery(_table)?\b|\bduckdb_tables\b", re.IGNORECASE)
"""Functions that may read a table whose name is not written in the query."""
LOCKS = (
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
    "BEGIN TRANSACTION READ ONLY",
)
BATCH = 65_536


def run(
    package: Package,
    sql: str,
    memory: str | None = None,
    progress: Progress = silent,
    timeout: float | None = limits.QUERY_SECONDS,
) -> QueryResult:
    """Run one select over the tables of a package, each under its resource's name.

    Args:
        package: The package.
        sql: The select.
        memory: Memory of the engine.
        progress: Called with what is being done, steps done and steps in all.
        timeout: Seconds that the query may take, its rows read; None for any time.

    Raises:
        UsageError: It is no single select, it reaches for a file, or the engine refuses it.
        UnreadableError: A table that it names cannot be read.
        TooLargeError: It needs more memory than the engine may have.
    """
    import duckdb

    store = Store(memory)
    _expect_select(store, sql)
    store.run("DROP TABLE findings")
    _load(store, package, sql, progress)
    for statement in LOCKS:
        store.run(statement)
    bounds = Bounds(store.connection, _bytes(store), timeout)
    bounds.start()
    try:
        with bounds.held():
            rows = store.connection.sql(sql)
            # Arrow, Python or Parquet lack some types: these go as the engine's texts
            rows = rows.project(types.listed(rows))
            return QueryResult(rows.to_arrow_reader(BATCH), store, bounds)
    except (duckdb.Error, MemoryError) as error:
        bounds.stop()
        raise told(error, store, bounds) from error


def _bytes(store: Store) -> int:
    """The engine's limit of memory in bytes."""
    [(text,)] = store.rows("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'")
    number, unit = str(text).split()
    return int(float(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit))


def _expect_select(store: Store, sql: str) -> None:
    import duckdb

    try:
        found = store.connection.extract_statements(sql)
    except duckdb.Error as error:
        raise told(error, store) from error
    if len(found) != 1:
        raise UsageError(f"expected one select, found {len(found)} statements")
    kind = found[0].type.name
    if kind == "MULTI":
        raise UsageError("a PIVOT needs its values: write ON column IN (value, value)")
    if kind not in ALLOWED:
        raise UsageError(f"a query cannot change anything: expected a select, found {kind.lower()}")


def _load(store: Store, package: Package, sql: str, progress: Progress) -> None:
    """Copy the tables that the query names; the others are there with no rows."""
    named = {item.name: item for item in package.resources if item.tabular}
    folded = sql.casefold()
    seen: set[str] = set()
    for number, (table, resource) in enumerate(named.items()):
        if table.casefold() in seen:
            raise UsageError(
                f"two tables differ only in the case of the name {table}, which SQL ignores"
            )
        seen.add(table.casefold())
        progress(f"read {table}", number, len(named))
        # To read a table too many costs time; one too few would be empty. A quote is doubled.
        spellings = {table.casefold(), name(table)[1:-1].casefold()}
        wanted = any(spelling in folded for spelling in spellings) or BY_NAME.search(sql)
        _copy(store, resource, bool(wanted))
    progress("read", len(named), len(named))


def _copy(store: Store, resource: Resource, whole: bool) -> None:
    """Make a resource's table and, where it is wanted, fill it."""
    import duckdb
    import pyarrow as pa

    if resource.broken or resource.blocked:
        if whole:
            why = resource.blocked or "its file is missing, or its descriptor has errors"
            raise UnreadableError(f"the table {resource.name} cannot be read: {why}")
        return
    try:
        schema = typed_tables.arrow_schema(resource)
        if not schema.names:  # SQL has no table without columns
            if whole:
                raise UnreadableError("it has no columns")
            return
        parts = typed_tables.batches(store, resource) if whole else iter(())
        # the reader of the table is busy on the same connection while this one is filled
        cursor = store.connection.cursor()
        cursor.execute("SET TimeZone = 'UTC'")
        with registered(cursor, "incoming", pa.RecordBatchReader.from_batches(schema, parts)):
            cursor.execute(f"CREATE TABLE {name(resource.name)} AS SELECT * FROM incoming")
    except UnreadableError as error:
        raise UnreadableError(f"table {resource.name}: {error}") from error
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise told(error, store) from error


__all__ = ["run"]
