"""A table's rows as values: texts as the file has them, or typed as the schema says."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claimpack.checks import lexical
from claimpack.descriptor.model import Field, Resource
from claimpack.descriptor.values import WHITE_SPACE
from claimpack.engine.exact.database import Store
from claimpack.engine.exact.expression_sql import collapsed, sql
from claimpack.engine.exact.stream_errors import registered
from claimpack.engine.scan.plain_csv import PlainFile, cells_of, plain_file, plain_of
from claimpack.engine.scan.row_source import ReaderRows, RowSource
from claimpack.engine.scan.typed_columns import LOST, typed_columns
from claimpack.engine.table_checks import Scan
from claimpack.errors import UnreadableError, first_line
from claimpack.plan import TablePlan
from claimpack.quoting import literal, name
from claimpack.readers import csv_exact, csv_plainness, typed_rows
from claimpack.readers.checksum import size
from claimpack.readers.column_layout import Beyond, Layout
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from claimpack.engine.scan.row_source import Select

BATCH = 65_536
NO_COLUMNS = Layout(None, 0, 0, ())
PARQUET = "parquet"
TYPED = frozenset({"integer", "year", "number", "boolean", "date", "time", "datetime"})
"""Types whose values the engine has types for; values of all others are texts."""


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a field's values.

    Dates become date32, times time64, datetimes timestamps in UTC, numbers double,
    integers and years int64; what Arrow has no plain type for stays text.
    """
    import pyarrow as pa

    if field.categories is not None and field.type == "string":
        return pa.dictionary(pa.int32(), pa.string(), ordered=field.ordered)
    plain = {
        "integer": pa.int64(),
        "year": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "time": pa.time64("us"),
        "datetime": pa.timestamp("us"),
    }
    return plain.get(field.type, pa.string())


def arrow_schema(resource: Resource) -> pa.Schema:
    """The Arrow schema of a table, each field with its description; text without a schema."""
    import pyarrow as pa

    if resource.schema is None and as_exported(resource):
        return parquet_stream(resource).schema
    if resource.schema is None:
        return pa.schema([(label, pa.string()) for label in _head(resource).layout.names])
    return pa.schema(
        [
            pa.field(item.name, arrow_type(item), metadata=_metadata(item))
            for item in resource.schema.fields
        ]
    )


def absent(resource: Resource) -> frozenset[str]:
    """The fields that no column of the data holds, which `fieldsMatch` may allow."""
    if resource.schema is None:
        return frozenset()
    named = zip(resource.schema.fields, _head(resource).layout.fields, strict=True)
    return frozenset(item.name for item, column in named if column is None)


def _metadata(item: Field) -> dict[str, str]:
    wanted = ("title", "description", "unit", "example", "rdfType")
    return {key: str(item.raw[key]) for key in wanted if item.raw.get(key) not in (None, "")}


@contextmanager
def source(store: Store, resource: Resource) -> Iterator[tuple[str, Layout]]:
    """SQL of a source of columns `c0 ...` that holds a table's cells while the block lasts."""
    layout, stream = _cells(resource)
    with registered(store.connection, "outgoing", stream):
        yield "outgoing", layout


def _cells(resource: Resource) -> tuple[Layout, pa.RecordBatchReader]:
    """A table's layout, and its cells as a stream of `c0 ...`."""
    head = _head(resource)
    seen = plain_of(resource, head)
    if seen is None:
        return head.layout, _reader(resource, head).stream()
    return head.layout, _plain_stream(
        resource, PlainFile(_scan(resource, head.layout), head.lines, seen)
    )


def _plain_stream(resource: Resource, rows: PlainFile) -> pa.RecordBatchReader:
    """The cells of a plain file as a stream."""
    import polars as pl
    import pyarrow as pa

    columns = [f"c{column}" for column in range(len(rows.cells))]
    schema = pa.schema([(column, pa.large_string()) for column in columns])

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in whole_batches(resource, rows, lambda frame: frame.select(*rows.cells)):
            yield from batch.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()

    return pa.RecordBatchReader.from_batches(schema, batches())


def whole_batches(resource: Resource, rows: RowSource, select: Select) -> Iterator[pl.DataFrame]:
    """The batches of a valid table; UnreadableError where a row of it is missing."""
    import polars as pl

    count = 0
    try:
        for batch in rows.batches(select):
            count += batch.height
            yield batch
    except pl.exceptions.PolarsError as error:
        raise UnreadableError(f"{resource.path} cannot be read: {first_line(error)}") from error
    if not rows.complete(count):
        raise UnreadableError(f"{resource.path} changed while it was read")


def _scan(resource: Resource, layout: Layout) -> Scan:
    return Scan(TablePlan(resource), layout, "", "")


def _reader(
    resource: Resource, head: csv_exact.Head, beyond: Beyond | None = None
) -> csv_exact.ExactCsvReader | typed_rows.TypedRowReader:
    """The exact reader of a table whose faults are known."""
    read = csv_exact.ExactCsvReader if typed_rows.delimited(resource) else typed_rows.TypedRowReader
    return read(resource, head, lambda _: None, beyond=beyond)


def _rows(resource: Resource) -> tuple[Scan, RowSource]:
    """The rows of a table, and the scan that they are laid out by."""
    head = _head(resource)
    scan = _scan(resource, head.layout)
    plain = plain_file(scan, head)
    return scan, plain or ReaderRows(scan, lambda: _reader(resource, head).stream())


def exact_rows(
    resource: Resource, beyond: Beyond | None = None
) -> tuple[Layout, pa.RecordBatchReader]:
    """A table's layout, and its rows as the exact reader has them: `line`, then `c0 ...`.

    What is wrong with the rows is not reported, and no cell is left out for it.

    Args:
        resource: The resource.
        beyond: Takes the number of each row that is too long, and its cells behind the columns.

    Raises:
        UnreadableError: They cannot be read.
    """
    head = _head(resource)
    return head.layout, _reader(resource, head, beyond).stream()


def _head(resource: Resource) -> csv_exact.Head:
    return _text_head(resource) if typed_rows.delimited(resource) else typed_rows.head(resource)


def _text_head(resource: Resource) -> csv_exact.Head:
    """The header of a text file; UnreadableError where the rows below it cannot be read."""
    head = csv_exact.head(resource)
    why = f"the file is {head.kind}, not text" if head.kind else head.layout.unread
    if why:
        raise UnreadableError(f"{resource.path}: {why}")
    return head


def texts(resource: Resource, layout: Layout, origin: str) -> str:
    """A query for the cells as the file has them, under the fields' names.

    What only the dialect or the layout says to be null becomes a missing value of the field.
    White space around a value whose type ignores it is left out.
    """
    fields = resource.schema.fields if resource.schema else ()
    null = resource.dialect.null_sequence
    listed = []
    for item, column in zip(fields, layout.fields, strict=True):
        missing = "" if "" in item.missing_values else next(iter(item.missing_values), "")
        cell = "NULL::VARCHAR" if column is None else f"c{column}"
        if null is not None and null not in item.missing_values:
            cell = f"NULLIF({cell}, {literal(null)})"
        if column is not None and lexical.collapses(item):
            cell = _collapsed(f"c{column}", cell, item.missing_values)
        listed.append(f"COALESCE({cell}, {literal(missing)}) AS {name(item.name)}")
    listed = listed or [f"c{i} AS {name(label)}" for i, label in enumerate(layout.names)]
    return f"SELECT {', '.join(listed)} FROM {origin}"


def shown_cells(resource: Resource, layout: Layout) -> list[pl.Expr]:
    """The same for polars, over cells `c0 ...`, under the names `x0 ...`."""
    import polars as pl

    if resource.schema is None:
        return [pl.col(f"c{n}").fill_null("").alias(f"x{n}") for n in range(len(layout.names))]
    pairs = zip(resource.schema.fields, layout.fields, strict=True)
    null = resource.dialect.null_sequence
    return [
        _shown_cell(item, None if column is None else pl.col(f"c{column}"), null).alias(f"x{n}")
        for n, (item, column) in enumerate(pairs)
    ]


def _shown_cell(item: Field, column: pl.Expr | None, null: str | None) -> pl.Expr:
    import polars as pl

    missing = "" if "" in item.missing_values else next(iter(item.missing_values), "")
    if column is None:
        return pl.lit(missing)
    cell = column
    if null is not None and null not in item.missing_values:
        cell = pl.when(column == null).then(None).otherwise(column)
    if lexical.collapses(item):
        plain, listed = column.str.strip_chars(WHITE_SPACE), list(item.missing_values)
        kept = cell.is_null() | column.is_in(listed) | plain.is_in(listed)
        cell = pl.when(kept).then(cell).otherwise(plain)
    return cell.fill_null(missing)


def cell_batches(resource: Resource) -> Iterator[pl.DataFrame]:
    """The cells of a valid table as an export shows them, `x0 ...`, in batches."""
    scan, rows = _rows(resource)
    shown = shown_cells(resource, scan.layout)
    return whole_batches(resource, rows, lambda frame: frame.select(*rows.cells).select(*shown))


def _collapsed(column: str, cell: str, missing: Sequence[str]) -> str:
    """A cell without the white space around it, unless one of the two means null."""
    made = collapsed(column)
    listed = ", ".join(literal(text) for text in missing if text)
    if not listed:
        return f"CASE WHEN {cell} IS NOT NULL THEN {made} END"
    kept = f"{cell} IS NULL OR {column} IN ({listed}) OR {made} IN ({listed})"
    return f"CASE WHEN {kept} THEN {cell} ELSE {made} END"


def typed(
    resource: Resource,
    layout: Layout,
    origin: str,
    *,
    strict: bool = False,
    plain: bool = False,
    types: Container[str] = TYPED,
    more: str = "",
) -> str:
    """A query for the values, typed as the schema says, under the fields' names.

    Args:
        resource: The resource.
        layout: The columns of the source.
        origin: SQL of the source.
        strict: Whether a text that its type cannot hold is an error; null where not.
        plain: Whether each value is written as text again, and such a text kept.
        types: The types to give as values; fields of all others are the texts of the file.
        more: SQL of further columns, followed by a comma.
    """
    scan = _scan(resource, layout)
    listed = []
    for index, item in enumerate(scan.fields):
        value = sql(lexical.typed(item, lexical.cell(index)))
        if item.type in ("integer", "year"):
            value = f"TRY_CAST({value} AS BIGINT)"
        if item.type not in types:
            value = f"f{index}"
        if strict and value != f"f{index}":
            lost = literal(f"{item.name}: no {arrow_type(item)} can hold ")
            raised = f"CASE WHEN f{index} IS NOT NULL THEN error({lost} || left(f{index}, 80)) END"
            value = f"COALESCE({value}, {raised})"
        if plain and value != f"f{index}":
            value = f"COALESCE(CAST({value} AS VARCHAR), f{index})"
        listed.append(f"{value} AS {name(item.name)}")
    inner = f"SELECT *, {scan.texts()} FROM {origin}" if listed else f"SELECT * FROM {origin}"
    return f"SELECT {more}{', '.join(listed) or '*'} FROM ({inner})"


@contextmanager
def plain_source(store: Store, resource: Resource) -> Iterator[str]:
    """A query for the cells of a table as the file has them, then for their values as texts.

    Equal values are one text, whatever the file's format and spelling: a typed value is written
    as the engine writes it, and a text that its type cannot hold stays. There are twice as many
    columns as fields.
    """
    if as_exported(resource):
        stream = parquet_stream(resource)
        values = [f"CAST({name(item)} AS VARCHAR)" for item in stream.schema.names]
        shown = [f"regexp_replace({value}, '^(-?[0-9]+)\\.0$', '\\1')" for value in values]
        with registered(store.connection, "plain", stream):
            yield f"SELECT {', '.join([*shown, *values])} FROM plain"
        return
    with source(store, resource) as (origin, layout):
        _provide(store, resource)
        if resource.schema is None:
            columns = [f"c{i}" for i in range(len(layout.names))]
            yield f"SELECT {', '.join([*columns, *columns])} FROM {origin}"
            return
        texts = "".join(f"f{i}, " for i in range(len(resource.schema.fields)))
        yield typed(resource, layout, origin, plain=True, more=texts)


def as_exported(resource: Resource) -> bool:
    """Whether it is Parquet whose columns are those of the schema, in name and type.

    Other Parquet files may hold any values, such as texts that are dates by the field's
    format: these are read as every other format is.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if resource.format != PARQUET:
        return False
    try:
        found = [pq.read_schema(path) for path in resource.files]
    except (pa.ArrowException, OSError):
        return False
    if resource.schema is None:
        return bool(found)
    wanted = arrow_schema(resource)
    return all((item.names, item.types) == (wanted.names, wanted.types) for item in found)


def parquet_stream(resource: Resource) -> pa.RecordBatchReader:
    """A Parquet table's rows in its Arrow schema, read in parts.

    Raises:
        UnreadableError: It is not a Parquet file, or its columns are not those of the schema.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        files = [pq.ParquetFile(path) for path in resource.files]
        schema = files[0].schema_arrow if resource.schema is None else arrow_schema(resource)
        names = [item.name for item in schema]
        if any(file.schema_arrow.names != names for file in files):
            raise UnreadableError(f"the columns of {resource.path} are not those of its schema")
    except (pa.ArrowException, OSError, IndexError) as error:
        raise UnreadableError(f"{resource.path} cannot be read: {first_line(error)}") from error
    parts = (batch for file in files for batch in file.iter_batches(BATCH))
    return pa.RecordBatchReader.from_batches(schema, _cast(resource, schema, parts))


def parquet_rows(resource: Resource, parts: Sequence[range]) -> pa.RecordBatchReader:
    """Some rows of a Parquet table in its Arrow schema.

    Args:
        resource: The resource, of one file.
        parts: The numbers of the rows from 0, in order.

    Raises:
        UnreadableError: It is not a Parquet file, or its columns are not those of the schema.
    """
    import pyarrow as pa

    stream, wanted, done = parquet_stream(resource), list(parts), 0

    def chosen() -> Iterator[pa.RecordBatch]:
        nonlocal done
        for batch in stream:
            for part in wanted:
                start, stop = max(part.start, done), min(part.stop, done + batch.num_rows)
                if start < stop:
                    yield batch.slice(start - done, stop - start)
            done += batch.num_rows

    return pa.RecordBatchReader.from_batches(stream.schema, chosen())


def _cast(
    resource: Resource, schema: pa.Schema, parts: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    try:
        for batch in parts:
            columns = [c.cast(f.type) for c, f in zip(batch.columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(f"{resource.path} cannot be read: {first_line(error)}") from error


def batches(store: Store, resource: Resource, *, strict: bool = False) -> Iterator[pa.RecordBatch]:
    """A table's typed rows as record batches of its Arrow schema; text where it has no schema.

    Raises:
        UnreadableError: With `strict`, where a value is beyond what its type can hold.
    """
    import pyarrow as pa

    if as_exported(resource):
        yield from parquet_stream(resource)
        return
    if strict and resource.schema and (columns := typed_columns(_texts(resource))):
        scan, rows = _rows(resource)
        if len(rows.texts) == len(scan.fields):
            yield from _cast_batches(store, scan, rows, columns)
            return
    schema = arrow_schema(resource)
    with source(store, resource) as (origin, layout):
        if resource.schema is None:
            if not layout.names:  # an empty list of rows has no columns, and SQL needs one
                return
            for batch in _stream(store, texts(resource, layout, origin)):
                yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)
            return
        yield from _typed_stream(store, resource, layout, origin, strict=strict)


def _typed_stream(
    store: Store, resource: Resource, layout: Layout, origin: str, *, strict: bool
) -> Iterator[pa.RecordBatch]:
    """The rows of a source, typed by the database."""
    import duckdb
    import pyarrow as pa

    assert resource.schema is not None
    schema = arrow_schema(resource)
    try:
        _provide(store, resource)
        for batch in _stream(store, typed(resource, layout, origin, strict=strict)):
            columns = [
                _column(column, item, field.type)
                for column, item, field in zip(
                    batch.columns, resource.schema.fields, schema, strict=True
                )
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
    except (duckdb.InvalidInputException, pa.ArrowInvalid) as error:
        raise _untyped(resource, error) from error
    except OSError as error:  # what the database raises when a later batch is asked for
        if not str(error).startswith("Invalid Input Error"):
            raise
        raise _untyped(resource, error) from error


def plain_cells(resource: Resource) -> pl.LazyFrame | None:
    """The cells of a large plain file as a frame of polars, null where empty; else None."""
    head = _head(resource)
    seen = plain_of(resource, head)
    if seen is None or size(resource) <= csv_plainness.SMALL:
        return None
    return cells_of(resource, head.layout.width, head.lines)


def _texts(resource: Resource) -> dict[str, Field]:
    """The fields of a table by the names of their texts."""
    fields = resource.schema.fields if resource.schema else ()
    return {f"f{place}": item for place, item in enumerate(fields)}


def _cast_batches(
    store: Store, scan: Scan, rows: RowSource, columns: dict[str, pl.Expr]
) -> Iterator[pa.RecordBatch]:
    """The typed rows of a valid table whose types polars casts to."""

    def select(frame: pl.LazyFrame) -> pl.LazyFrame:
        return frame.select(*rows.cells, **columns)

    for batch in whole_batches(scan.resource, rows, select):
        for made in typed_batch(store, scan, batch):
            yield from made.to_batches()


def typed_batch(store: Store, scan: Scan, batch: pl.DataFrame) -> Iterator[pa.Table]:
    """The typed rows of a batch, in the Arrow schema of its table.

    Where a fast cast gives nothing for a text, the database types the whole batch.

    Args:
        store: The engine.
        scan: Over its columns.
        batch: Its cells, `c0 ...`, and what `typed_columns` makes of them.

    Raises:
        UnreadableError: A value is beyond what its type can hold.
    """
    import polars as pl

    resource = scan.resource
    schema = arrow_schema(resource)
    if not batch[LOST].any():
        columns = [f"t{place}" for place in range(len(scan.fields))]
        rows = batch.select(columns).to_arrow(compat_level=pl.CompatLevel.oldest())
        yield rows.rename_columns(schema.names).cast(schema)
        return
    cells = [f"c{column}" for column in range(scan.layout.width)]
    given = batch.select(cells).to_arrow(compat_level=pl.CompatLevel.oldest())
    with registered(store.connection, "exact", given.to_reader()):
        yield from map(_as_table, _typed_stream(store, resource, scan.layout, "exact", strict=True))


def _as_table(batch: pa.RecordBatch) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def mixed(store: Store, resource: Resource, types: Container[str]) -> Iterator[pa.RecordBatch]:
    """A table's rows: values where the field is of these types, the file's texts elsewhere.

    Raises:
        UnreadableError: A value is beyond what its type can hold.
    """
    import duckdb

    with source(store, resource) as (origin, layout):
        if resource.schema is None:
            query = texts(resource, layout, origin)
        else:
            query = typed(resource, layout, origin, strict=True, types=types)
        _provide(store, resource)
        try:
            yield from _stream(store, query)
        except duckdb.InvalidInputException as error:
            raise _untyped(resource, error) from error


def _untyped(resource: Resource, error: Exception) -> UnreadableError:
    said = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
    return UnreadableError(f"the table {resource.name} cannot be typed: {said}")


def _stream(store: Store, query: str) -> pa.RecordBatchReader:
    return store.connection.sql(query).to_arrow_reader(BATCH)


def _provide(store: Store, resource: Resource) -> None:
    """Make the functions and sets known that the values of a table's fields need."""
    fields = resource.schema.fields if resource.schema else ()
    store.provide(lexical.typed(item, lexical.cell(n)) for n, item in enumerate(fields))
    store.know(_scan(resource, NO_COLUMNS).sets())


def numbered(store: Store, resource: Resource) -> list[dict[str, Any]]:
    """A small table's typed rows, each with its number `_row` and physical line `_line`."""
    head = _head(resource)
    made, stream = head.layout, _reader(resource, head).stream()
    _provide(store, resource)
    query = typed(resource, made, "numbered", more=f"NULLIF(line % {FILE}, 0) AS _line, ")
    with registered(store.connection, "numbered", stream):
        rows = [row for batch in _stream(store, query) for row in batch.to_pylist()]
    for number, row in enumerate(rows, 1):
        row["_row"] = number
    return rows


def count(store: Store, resource: Resource) -> int | None:
    """A table's number of rows; None where it cannot be read."""
    try:
        if as_exported(resource):
            return sum(int(batch.num_rows) for batch in parquet_stream(resource))
        with source(store, resource) as (origin, _):
            return int(store.one(f"SELECT count(*) FROM {origin}"))
    except (UnreadableError, IndexError):
        return None


def _column(column: pa.Array, item: Field, kind: pa.DataType) -> pa.Array:
    """A column of the Arrow type; values that are none of the categories are kept behind them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(kind):
        return column.cast(kind)
    listed = dict.fromkeys(str(value) for value in item.categories or ())
    others = (value for value in pc.unique(column).to_pylist() if value is not None)
    values = pa.array([*listed, *(value for value in others if value not in listed)], pa.string())
    indices = pc.index_in(column, value_set=values).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, values, ordered=item.ordered)


__all__ = [
    "absent",
    "arrow_schema",
    "arrow_type",
    "as_exported",
    "batches",
    "cell_batches",
    "count",
    "exact_rows",
    "mixed",
    "numbered",
    "parquet_rows",
    "parquet_stream",
    "plain_cells",
    "plain_source",
    "shown_cells",
    "size",
    "source",
    "texts",
    "typed",
    "typed_batch",
]
