"""A table without some of its rows, as a resource that is read in place of the whole one.

The copy is an Arrow file of texts: it holds every cell as the reader has it, whatever dialect,
encoding or format the table came in.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Dialect, Resource
from claimpack.engine import typed_tables
from claimpack.exporters.quarantine.rejections import Rows, within
from claimpack.exporters.tabular import DROPPED
from claimpack.readers.column_layout import Layout

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "arrow"


def without(resource: Resource, rejected: Rows, target: Path) -> Resource:
    """The resource without some rows, whose data are a new file.

    Args:
        resource: The resource.
        rejected: Numbers of the rows.
        target: The file to write.

    Raises:
        UnreadableError: The table cannot be read, or the disk is full.
    """
    import pyarrow as pa

    layout, rows = typed_tables.exact_rows(resource)
    schema = pa.schema([(label, pa.string()) for label in _labels(resource, layout)])
    done = 0
    with pa.OSFile(str(target), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for batch in rows:
            kept = _kept(batch, within(rejected, done, batch.num_rows))
            cells = kept.columns[1 : len(schema) + 1]
            writer.write_batch(pa.RecordBatch.from_arrays(cells, schema=schema))
            done += batch.num_rows
    own = {key: value for key, value in resource.raw.items() if key not in DROPPED}
    return replace(
        resource,
        paths=(target.name,),
        files=(target,),
        data=None,
        dialect=Dialect(null_sequence=resource.dialect.null_sequence),
        encoding="utf-8",
        encoding_declared=False,
        format=FORMAT,
        compression=None,
        bytes=None,
        hash=None,
        raw=own | {"path": target.name, "format": FORMAT},
        archive=None,
    )


def _labels(resource: Resource, layout: Layout) -> tuple[str, ...]:
    """The header of the copy, which maps the columns to the same fields."""
    if layout.labels is not None:
        return layout.labels
    fields = resource.schema.fields if resource.schema else ()
    return tuple(item.name for item in fields) or layout.names


def _kept(batch: pa.RecordBatch, rejected: Rows) -> pa.RecordBatch:
    import numpy as np
    import pyarrow as pa

    if not len(rejected):
        return batch
    mask = np.ones(batch.num_rows, dtype=bool)
    mask[rejected] = False
    return batch.filter(pa.array(mask))


__all__ = ["without"]
