"""Parquet through pyarrow: true types, categories as dictionaries, the schema in the metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine import tables
from claimpack.engine.store import Store
from claimpack.exporters.tabular import Tabular

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 131_072


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows.

    A group is written while the next one is read: each keeps a processor busy.
    """
    import pyarrow.parquet as pq

    schema = tables.arrow_schema(resource).with_metadata(_metadata(resource))
    rows, writing = 0, None
    with (
        pq.ParquetWriter(target, schema, compression="zstd", compression_level=3) as writer,
        ThreadPoolExecutor(1) as beside,
    ):
        for group in _groups(schema, tables.batches(store, resource, strict=True)):
            if writing is not None:
                writing.result()
            writing = beside.submit(writer.write_table, group, row_group_size=ROW_GROUP)
            rows += group.num_rows
        if writing is not None:
            writing.result()
    return rows


def _groups(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Rows in groups of one size, the last one shorter; one without rows where there are none."""
    import pyarrow as pa

    held = pa.Table.from_batches([], schema)
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch], schema)])
        while held.num_rows > ROW_GROUP:
            yield held.slice(0, ROW_GROUP)
            held = held.slice(ROW_GROUP)
    yield held


def _metadata(resource: Resource) -> dict[str, str]:
    schema = resource.schema.raw if resource.schema else {}
    return {
        "table_schema": json.dumps(schema, ensure_ascii=False, sort_keys=True),
        "title": resource.title,
        "description": resource.description,
    }


_FORMAT = Tabular("parquet", ".parquet", "application/vnd.apache.parquet", _write_table)
write, read = _FORMAT.write, _FORMAT.read

__all__ = ["read", "write"]
