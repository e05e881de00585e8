"""CSV as RFC 4180 has it: UTF-8, LF, a header, quotes only where they are needed.

Cells keep their texts, in the file's order; only the dialect becomes the default one. Cells
that a spreadsheet would run as formulas are told, and escaped where that is asked for.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.exporters.files import WrittenFile
from claimpack.exporters.job import Job
from claimpack.exporters.tabular import Tabular
from claimpack.quoting import literal
from claimpack.readers import formula_escape

if TYPE_CHECKING:
    import polars as pl


def write(job: Job) -> list[WrittenFile]:
    """Write each table and the descriptor."""
    if job.spreadsheet_safe:
        return _SAFE.write(job)
    written = _FORMAT.write(job)
    for resource in job.package.resources:
        if resource.tabular:
            _tell(job, resource)
    return written


def _tell(job: Job, resource: Resource) -> None:
    """Warn of cells that a spreadsheet would run."""
    labels = typed_tables.arrow_schema(resource).names
    found = sum(formula_escape.safe_label(label) != label for label in labels)
    plain = typed_tables.plain_cells(resource)
    if plain is not None and not found and not _may_run(plain):
        return
    columns = [f"c{number}" for number in range(len(labels))]
    counts = ", ".join(
        f"count(*) FILTER (WHERE {formula_escape.is_run(column)})" for column in columns
    )
    with typed_tables.source(job.store, resource) as (origin, layout):
        query = typed_tables.texts(resource, layout, origin)
        [row] = job.store.rows(f"SELECT {counts} FROM ({query}) AS t({', '.join(columns)})")
    found += sum(row)
    if found:
        cells = "1 cell begins" if found == 1 else f"{found:,} cells begin"
        job.warn(
            f"csv: {cells} like a formula in the table {resource.name}, as a spreadsheet would "
            "take it; claimpack export --spreadsheet-safe escapes them"
        )


def _may_run(cells: pl.LazyFrame) -> bool:
    """Whether a spreadsheet may run any cell; almost always none, which is soon known."""
    checks = [formula_escape.may_run(name) for name in cells.collect_schema().names()]
    return any(cells.select(checks).collect(engine="streaming").row(0))


def _write_table(safe: bool, store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    labels = typed_tables.arrow_schema(resource).names
    columns = [f"c{number}" for number in range(len(labels))]
    cells = [formula_escape.safe_cell(column) if safe else column for column in columns]
    # an empty cell is nothing at all, but where it is a row's only one it is quoted:
    # an empty line is no row
    if len(columns) > 1:
        cells = [f"NULLIF({cell}, '')" for cell in cells]
    # labels are a row of their own, since a query cannot have two that differ by case alone
    head = ", ".join(literal(formula_escape.safe_label(x) if safe else x) for x in labels)
    with typed_tables.source(store, resource) as (origin, layout):
        query = typed_tables.texts(resource, layout, origin)
        rows = f"SELECT {', '.join(cells)} FROM ({query}) AS t({', '.join(columns)})"
        written = store.one(
            f"COPY (SELECT {head} UNION ALL {rows}) TO {literal(str(target))} "
            "(FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', "
            "COMMENT '')"
        )
        return int(written) - 1


_UTF8 = {"encoding": "utf-8"}
_SAID = _UTF8 | {formula_escape.PROPERTY: formula_escape.DESCRIBED}
_FORMAT = Tabular("csv", ".csv", "text/csv", partial(_write_table, False), _UTF8)
_SAFE = Tabular("csv", ".csv", "text/csv", partial(_write_table, True), _SAID)
read = _FORMAT.read

__all__ = ["read", "write"]
