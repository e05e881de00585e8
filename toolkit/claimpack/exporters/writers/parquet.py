"""Parquet through pyarrow: true types, categories as dictionaries, the schema in the metadata."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.exporters.tabular import Tabular

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 131_072


class ParquetSink:
    """Writes the rows of one table into a file, in groups of one size.

    A group is written while the next one is read: each keeps a processor busy.

    Attributes:
        rows: Number of rows taken so far.
        closed: Whether all rows were written.
    """

    def __init__(self, resource: Resource, target: Path) -> None:
        import pyarrow.parquet as pq

        self.rows = 0
        self.closed = False
        self._target = target
        self._schema = typed_tables.arrow_schema(resource).with_metadata(_metadata(resource))
        self._writer = pq.ParquetWriter(
            target, self._schema, compression="zstd", compression_level=3
        )
        self._beside = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._held: list[pa.Table] = []
        self._count = 0

    def write(self, rows: pa.Table) -> None:
        """Take some rows."""
        self._held.append(rows.cast(self._schema))
        self._count += rows.num_rows
        self.rows += rows.num_rows
        if self._count > ROW_GROUP:
            self._write_groups()

    def _write_groups(self) -> None:
        """Write all whole groups but the last row, so that there is a last group."""
        import pyarrow as pa

        held = pa.concat_tables(self._held)
        while held.num_rows > ROW_GROUP:
            self._submit(held.slice(0, ROW_GROUP))
            held = held.slice(ROW_GROUP)
        self._held, self._count = [held], held.num_rows

    def _submit(self, group: pa.Table) -> None:
        self._wait()
        self._writing = self._beside.submit(
            self._writer.write_table, group, row_group_size=ROW_GROUP
        )

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def close(self) -> None:
        """Write what is left: one group without rows where there are none."""
        import pyarrow as pa

        try:
            self._submit(pa.concat_tables([pa.Table.from_batches([], self._schema), *self._held]))
            self._wait()
            self.closed = True
        finally:
            self._end()

    def discard(self) -> None:
        """Take the file away again."""
        try:
            self._wait()
        finally:
            self._end()
            self._target.unlink(missing_ok=True)

    def _end(self) -> None:
        self._held = []
        self._beside.shutdown()
        self._writer.close()


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    import pyarrow as pa

    sink = ParquetSink(resource, target)
    try:
        for batch in typed_tables.batches(store, resource, strict=True):
            sink.write(pa.Table.from_batches([batch]))
    except BaseException:
        sink.discard()
        raise
    sink.close()
    return sink.rows


class ParquetSinks:
    """Writes tables while they are validated, into the folder of the format.

    A table that cannot be written while it is read has no part in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[tuple[str, ParquetSink]] = []

    def __call__(self, resource: Resource) -> ParquetSink | None:
        """The sink of a table; None where another one has its file."""
        target = self._folder / _FORMAT.path(resource)
        if target.exists():
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        sink = ParquetSink(resource, target)
        self._made.append((resource.name, sink))
        return sink

    def discard(self) -> None:
        """Remove what was written, of tables that turned out to be invalid."""
        for _, sink in self._made:
            sink.discard()
        self._made = []

    @property
    def rows(self) -> dict[str, int]:
        """The number of rows of each table that was written whole, by its name."""
        return {name: sink.rows for name, sink in self._made if sink.closed}


def _metadata(resource: Resource) -> dict[str, str]:
    schema = resource.schema.raw if resource.schema else {}
    return {
        "table_schema": json.dumps(schema, ensure_ascii=False, sort_keys=True),
        "title": resource.title,
        "description": resource.description,
    }


_FORMAT = Tabular("parquet", ".parquet", "application/vnd.apache.parquet", _write_table)
write, read = _FORMAT.write, _FORMAT.read

__all__ = ["ParquetSinks", "read", "write"]
