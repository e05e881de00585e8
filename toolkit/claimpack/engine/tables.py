"""A table's rows as values: texts as the file has them, or typed as the schema says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claimpack.descriptor.model import Field, Resource
from claimpack.engine import cells, reader, survey
from claimpack.engine.layout import Layout
from claimpack.engine.printer import name, sql
from claimpack.engine.run import size
from claimpack.engine.scan import Scan, csv_source
from claimpack.engine.store import Store
from claimpack.engine.streams import TooLargeError
from claimpack.errors import UnreadableError
from claimpack.plan import TablePlan
from claimpack.rules import lexical

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 65_536


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
    """The Arrow schema of a table, each field with its description."""
    import pyarrow as pa

    fields = resource.schema.fields if resource.schema else ()
    return pa.schema(
        [
            pa.field(item.name, arrow_type(item), metadata=_metadata(item))
            for item in fields
        ]
    )


def _metadata(item: Field) -> dict[str, str]:
    wanted = ("title", "description", "unit", "example", "rdfType")
    return {key: str(item.raw[key]) for key in wanted if item.raw.get(key) not in (None, "")}


@contextmanager
def source(store: Store, resource: Resource) -> Iterator[tuple[str, Layout]]:
    """SQL of a source of columns `c0 ...` that holds a table's cells, as long as the block lasts."""
    head = reader.head(resource) if cells.delimited(resource) else cells.head(resource)
    made = head.layout
    if cells.delimited(resource) and made.fewest == made.width and survey.eligible(resource):
        if made.width and survey.plain(resource, made.width):
            yield csv_source(resource, made), made
            return
    stream = (
        reader.CarefulReader(resource, head, lambda _: None)
        if cells.delimited(resource)
        else cells.CellReader(resource, head, lambda _: None)
    ).stream()
    store.connection.register("outgoing", stream)
    try:
        yield "outgoing", made
    finally:
        store.connection.unregister("outgoing")


def texts(resource: Resource, layout: Layout, origin: str) -> str:
    """A query for the cells as the file has them, under the fields' names."""
    fields = resource.schema.fields if resource.schema else ()
    pairs = zip(fields, layout.fields, strict=True)
    listed = [
        f"{'NULL::VARCHAR' if column is None else f'c{column}'} AS {name(field.name)}"
        for field, column in pairs
    ] or [f"c{i} AS {name(label)}" for i, label in enumerate(layout.names)]
    return f"SELECT {', '.join(listed)} FROM {origin}"


def typed(resource: Resource, layout: Layout, origin: str) -> str:
    """A query for the values, typed as the schema says, under the fields' names."""
    scan = Scan(TablePlan(resource), layout, "", "")
    listed = []
    for index, item in enumerate(scan.fields):
        value = sql(lexical.typed(item, lexical.cell(index)))
        if item.type in ("integer", "year"):
            value = f"CAST({value} AS BIGINT)"
        elif item.type not in ("number", "boolean", "date", "time", "datetime"):
            value = f"f{index}"
        listed.append(f"{value} AS {name(item.name)}")
    inner = f"SELECT *, {scan.texts()} FROM {origin}" if listed else f"SELECT * FROM {origin}"
    return f"SELECT {', '.join(listed) or '*'} FROM ({inner})"


def batches(store: Store, resource: Resource) -> Iterator[pa.RecordBatch]:
    """A table's typed rows as record batches of its Arrow schema."""
    import pyarrow as pa

    schema = arrow_schema(resource)
    with source(store, resource) as (origin, layout):
        query = store.connection.execute(typed(resource, layout, origin))
        if resource.schema is None:
            yield from query.to_arrow_reader(BATCH)
            return
        for batch in query.to_arrow_reader(BATCH):
            columns = [
                _column(column, item, field.type)
                for column, item, field in zip(
                    batch.columns, resource.schema.fields, schema, strict=True
                )
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def numbered(store: Store, resource: Resource) -> list[dict[str, Any]]:
    """A small table's typed rows, each with its number `_row` and line `_line`."""
    with source(store, resource) as (origin, layout):
        query = store.connection.execute(typed(resource, layout, origin))
        rows = [row for batch in query.to_arrow_reader(BATCH) for row in batch.to_pylist()]
    for number, row in enumerate(rows, 1):
        row["_row"], row["_line"] = number, number + (1 if resource.dialect.header else 0)
    return rows


def count(store: Store, resource: Resource) -> int | None:
    """A table's number of rows; None where it cannot be read."""
    try:
        with source(store, resource) as (origin, _):
            return int(store.one(f"SELECT count(*) FROM {origin}"))
    except (UnreadableError, TooLargeError, IndexError):
        return None


def _column(column: pa.Array, item: Field, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(kind):
        return column.cast(kind)
    values = pa.array([str(value) for value in item.categories or ()], pa.string())
    indices = pc.index_in(column, value_set=values).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(indices, values, ordered=item.ordered)


__all__ = ["arrow_schema", "arrow_type", "batches", "count", "numbered", "size", "source", "texts", "typed"]
