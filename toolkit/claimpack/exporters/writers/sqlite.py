"""One SQLite file: strict tables with their keys, and a table that is the data dictionary.

SQLite has no comments, dates or booleans of its own: titles and descriptions stand in the
text of each CREATE TABLE, dates and times are texts of ISO 8601, booleans 0 and 1.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Package, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import ClaimpackError, TooLargeError, UnreadableError
from claimpack.exporters import dictionary, plain, relational
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.job import Job
from claimpack.exporters.naming import distinct, file_stem
from claimpack.exporters.relational import Table
from claimpack.quoting import name

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".sqlite"
STRICT = (3, 37, 0)
"""The first SQLite with strict tables."""
COLUMNS = 2000
"""Most columns that SQLite takes, as it is usually built."""
OWN = "sqlite_"
"""Names that begin like this are SQLite's own."""


def write(job: Job) -> list[WrittenFile]:
    """Write the tables in the package's order; SQLite takes references before their targets."""
    _expect_strict()
    path = f"{file_stem(job.package)}{SUFFIX}"
    with closing(sqlite3.connect(job.folder / path, isolation_level=None)) as db:
        for setting in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
            db.execute(f"PRAGMA {setting}")
        db.execute("BEGIN")
        shaped = relational.shaped(job.package, _named)
        for table in shaped:
            job.begin(table.resource.name)
            _expect_fits(table)
            db.execute(_definition(table))
            _fill(db, job.store, table)
        _describe(db, job.package, shaped)
        _expect_linked(db)
        db.execute("COMMIT")
    return [written_file(job.folder, path)]


def read(
    folder: Path, package: Package, store: Store, resource: Resource
) -> Iterator[pa.RecordBatch]:
    """The rows of a table, in their order.

    Raises:
        UnreadableError: The file is none, or lacks the table.
    """
    import pyarrow as pa

    table = next(t for t in relational.keyless(package, _named) if t.resource.name == resource.name)
    path = folder / f"{file_stem(package)}{SUFFIX}"
    # not the order of an index that happens to hold all columns
    query = f"SELECT {relational.listed(table.columns)} FROM {name(table.name)} NOT INDEXED"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            cursor = db.execute(query)
            while rows := cursor.fetchmany(typed_tables.BATCH):
                columns = [
                    plain.typed(values, item.type)
                    for values, item in zip(zip(*rows, strict=True), table.schema, strict=True)
                ]
                yield pa.RecordBatch.from_arrays(columns, schema=table.schema)
    except (sqlite3.Error, pa.ArrowException, TypeError, ValueError) as error:
        raise UnreadableError(f"{path.name}: {error}") from error


def _expect_strict() -> None:
    if sqlite3.sqlite_version_info < STRICT:
        wanted = ".".join(map(str, STRICT))
        raise ClaimpackError(
            f"SQLite {sqlite3.sqlite_version} has no strict tables; {wanted} or later is needed, "
            "which comes with a newer Python"
        )


def _expect_fits(table: Table) -> None:
    if len(table.columns) > COLUMNS:
        raise TooLargeError(
            f"the table {table.resource.name} has {len(table.columns):,} columns, but SQLite "
            f"allows {COLUMNS:,}"
        )


def _expect_linked(db: sqlite3.Connection) -> None:
    broken = db.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise ClaimpackError(
            f"SQLite finds a row of {broken[0]} that refers to none of {broken[2]}"
        )


def _named(text: str) -> str:
    return f"_{text}" if text.lower().startswith(OWN) else text


def _definition(table: Table) -> str:
    """The CREATE TABLE, which SQLite keeps as it is written, comments and all."""
    parts = relational.clauses(table, _type)
    comments = list(table.comments)
    comments += [""] * (len(parts) - len(comments))
    ends = [","] * (len(parts) - 1) + [""]
    lines = [
        f"  {part}{end}{_comment(text)}"
        for part, end, text in zip(parts, ends, comments, strict=True)
    ]
    return "\n".join(
        [f"CREATE TABLE {name(table.name)} ({_comment(table.about())}", *lines, ") STRICT"]
    )


def _comment(text: str) -> str:
    """A comment up to the end of the line; `text` has no newline."""
    return f" -- {text}".replace("\0", "") if text else ""


def _type(kind: pa.DataType) -> str:
    """INT and not INTEGER, which as a primary key would put the rows into its own order."""
    import pyarrow as pa

    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "INT"
    return "REAL" if pa.types.is_floating(kind) else "TEXT"


def _fill(db: sqlite3.Connection, store: Store, table: Table) -> None:
    marks = ", ".join("?" * len(table.columns))
    insert = f"INSERT INTO {name(table.name)} VALUES ({marks})"
    for batch in relational.batches(store, table):
        for column, item in zip(batch.columns, table.schema, strict=True):
            _expect_number(column, item.name, table.resource.name)
        columns = [plain.spelled(column).to_pylist() for column in batch.columns]
        db.executemany(insert, zip(*columns, strict=True))


def _expect_number(column: pa.Array, field: str, table: str) -> None:
    """SQLite takes NaN for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
        raise UnreadableError(f"the table {table} has NaN in {field}, which SQLite does not have")


def _describe(db: sqlite3.Connection, package: Package, shaped: Sequence[Table]) -> None:
    """The data dictionary as a table, by the names of tables and columns that are in the file."""
    made = distinct([*(table.name for table in shaped), dictionary.NAME])[-1]
    labels = dictionary.Entry._fields
    columns = ", ".join(f"{name(label)} TEXT NOT NULL" for label in labels)
    comment = _comment("One row is one field of a table.")
    db.execute(f"CREATE TABLE {name(made)} ({comment}\n  {columns}\n) STRICT")
    insert = f"INSERT INTO {name(made)} VALUES ({', '.join('?' * len(labels))})"
    names = ((table.name, column) for table in shaped for column in _described(table))
    for (table, column), entry in zip(names, dictionary.entries(package), strict=True):
        db.execute(insert, entry._replace(table=table, field=column))


def _described(table: Table) -> Sequence[str]:
    return table.columns if table.resource.schema else ()


__all__ = ["read", "write"]
