"""CSV as RFC 4180 has it: UTF-8, LF, a header, quotes only where they are needed.

Cells keep their texts, in the file's order; only the dialect becomes the default one.
"""

from __future__ import annotations

from pathlib import Path

from claimpack.descriptor.model import Resource
from claimpack.engine import tables
from claimpack.engine.printer import literal
from claimpack.engine.store import Store
from claimpack.exporters.tabular import Tabular


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    # a row of its own, since a query cannot have two names that differ by case alone
    labels = ", ".join(map(literal, tables.arrow_schema(resource).names))
    with tables.source(store, resource) as (origin, layout):
        query = tables.texts(resource, layout, origin)
        # an empty cell is nothing at all, but where it is a row's only one it is quoted:
        # an empty line is no row
        if (len(resource.schema.fields) if resource.schema else layout.width) > 1:
            query = f"SELECT NULLIF(COLUMNS(*), '') FROM ({query})"
        written = store.one(
            f"COPY (SELECT {labels} UNION ALL {query}) TO {literal(str(target))} "
            "(FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', "
            "COMMENT '')"
        )
        return int(written) - 1


_FORMAT = Tabular("csv", ".csv", "text/csv", _write_table, {"encoding": "utf-8"})
write, read = _FORMAT.write, _FORMAT.read

__all__ = ["read", "write"]
