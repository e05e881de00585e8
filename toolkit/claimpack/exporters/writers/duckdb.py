"""One DuckDB file: typed tables with their keys, and comments from titles and descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Package, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import UnreadableError
from claimpack.exporters import relational
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.job import Job
from claimpack.exporters.naming import file_stem
from claimpack.exporters.relational import Table
from claimpack.limits import MIB
from claimpack.quoting import literal, name

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SUFFIX = ".duckdb"
STORAGE = "v1.2.0"
"""Form of the file: every DuckDB from this version on can open it."""
SMALL = 16 * MIB
"""Bytes of data up to which blocks are small: each column and key takes at least one block."""
BLOCK, SMALL_BLOCK = 256 * 1024, 16 * 1024


def write(job: Job) -> list[WrittenFile]:
    """Write the tables, each after those that it refers to."""
    path = f"{file_stem(job.package)}{SUFFIX}"
    data = sum(typed_tables.size(item) for item in job.package.resources if item.tabular)
    block = SMALL_BLOCK if data <= SMALL else BLOCK
    options = f"STORAGE_VERSION {literal(STORAGE)}, BLOCK_SIZE {block}"
    with _attached(job.folder / path, job.store.memory, options) as db:
        for table in relational.in_order(relational.shaped(job.package)):
            job.begin(table.resource.name)
            db.execute("BEGIN")
            parts = ", ".join(relational.clauses(table, _type))
            db.execute(f"CREATE TABLE {name(table.name)} ({parts})")
            for statement in _comments(table):
                db.execute(statement)
            _fill(db, job.store, table)
            db.execute("COMMIT")
        db.execute("CHECKPOINT package")
    return [written_file(job.folder, path)]


def read(
    folder: Path, package: Package, store: Store, resource: Resource
) -> Iterator[pa.RecordBatch]:
    """The rows of a table, in their order.

    Raises:
        UnreadableError: The file is none, or lacks the table.
    """
    import duckdb
    import pyarrow as pa

    table = next(t for t in relational.keyless(package) if t.resource.name == resource.name)
    path = folder / f"{file_stem(package)}{SUFFIX}"
    columns = ", ".join(f"{name(table.name)}.{name(column)}" for column in table.columns)
    try:
        with _attached(path, store.memory, "READ_ONLY") as db:
            found = db.sql(f"SELECT {columns} FROM {name(table.name)}")
            for batch in found.to_arrow_reader(typed_tables.BATCH):
                arrays = [
                    column.cast(item.type)
                    for column, item in zip(batch.columns, table.schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=table.schema)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, pa.ArrowException) as error:
        raise UnreadableError(f"{path.name}: {str(error).splitlines()[0]}") from error


@contextmanager
def _attached(path: Path, memory: str, options: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose tables are those of the file."""
    import duckdb

    db = duckdb.connect(
        config={
            "memory_limit": memory,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "true",
        }
    )
    try:
        db.execute("SET enable_progress_bar = false")
        db.execute(f"ATTACH {literal(str(path))} AS package ({options})")
        db.execute("USE package")
        yield db
    finally:
        db.close()


def _type(kind: pa.DataType) -> str:
    import pyarrow as pa

    types = {
        pa.int64(): "BIGINT",
        pa.float64(): "DOUBLE",
        pa.bool_(): "BOOLEAN",
        pa.date32(): "DATE",
        pa.time64("us"): "TIME",
        pa.timestamp("us"): "TIMESTAMP",
    }
    return types.get(kind, "VARCHAR")


def _comments(table: Table) -> Iterator[str]:
    if about := table.about():
        yield f"COMMENT ON TABLE {name(table.name)} IS {literal(about)}"
    for column, text in zip(table.columns, table.comments, strict=True):
        if text:
            place = f"{name(table.name)}.{name(column)}"
            yield f"COMMENT ON COLUMN {place} IS {literal(text)}"


def _fill(db: duckdb.DuckDBPyConnection, store: Store, table: Table) -> None:
    for batch in relational.batches(store, table):
        db.register("incoming", batch.rename_columns([f"c{i}" for i in range(batch.num_columns)]))
        db.execute(f"INSERT INTO {name(table.name)} SELECT * FROM incoming")
        db.unregister("incoming")


__all__ = ["read", "write"]
