"""Parquet through pyarrow: true types, categories as dictionaries, the schema in the metadata."""

from __future__ import annotations

import json
from pathlib import Path

from claimpack.descriptor.model import Resource
from claimpack.engine import tables
from claimpack.engine.store import Store
from claimpack.exporters.tabular import Tabular

ROW_GROUP = 131_072


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = tables.arrow_schema(resource).with_metadata(_metadata(resource))
    rows, waiting, held = 0, [], 0
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=3) as writer:
        for batch in tables.batches(store, resource, strict=True):
            rows += batch.num_rows
            held += batch.num_rows
            waiting.append(batch)
            if held >= ROW_GROUP:
                table = pa.Table.from_batches(waiting, schema)
                whole = held - held % ROW_GROUP
                writer.write_table(table.slice(0, whole), row_group_size=ROW_GROUP)
                waiting, held = table.slice(whole).to_batches(), held - whole
        if held or not rows:
            writer.write_table(pa.Table.from_batches(waiting, schema), row_group_size=ROW_GROUP)
    return rows


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
