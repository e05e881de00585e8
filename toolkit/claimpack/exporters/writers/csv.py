"""CSV as RFC 4180 has it: UTF-8, LF, a header, quotes only where they are needed.

Cells keep their texts, in the file's order; only the dialect becomes the default one. Cells
that a spreadsheet would run as formulas are told, and escaped where that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.engine.export_sinks import Rows
from claimpack.exporters.files import WrittenFile
from claimpack.exporters.job import Job
from claimpack.exporters.tabular import Tabular
from claimpack.quoting import literal
from claimpack.readers import formula_escape

if TYPE_CHECKING:
    import polars as pl


class CsvSink:
    """Writes the cells of one table into a file.

    Attributes:
        rows: Number of rows taken so far.
        closed: Whether all rows were written.
        may_run: Whether a spreadsheet may run a cell or a label.
    """

    def __init__(self, labels: Sequence[str], target: Path) -> None:
        import polars as pl

        self.rows = 0
        self.closed = False
        self.may_run = any(formula_escape.safe_label(label) != label for label in labels)
        self._target = target
        self._file = target.open("wb")
        self._width = len(labels)
        # a row of its own, since a frame cannot have two labels that are alike
        self._put(pl.DataFrame({f"x{n}": [label] for n, label in enumerate(labels)}))

    def write(self, rows: Rows) -> None:
        """Take some rows."""
        self.add(rows.cells())

    def add(self, cells: pl.DataFrame) -> None:
        """Take some rows of cells `x0 ...`.

        An empty cell is nothing at all, but where it is a row's only one it is quoted: an
        empty line is no row.
        """
        import polars as pl

        if not self.may_run:
            checks = [formula_escape.may_run(name) for name in cells.columns]
            self.may_run = any(cells.select(checks).row(0)) if cells.height else False
        if self._width > 1:
            cells = cells.with_columns(pl.when(pl.all() != "").then(pl.all()))
        self._put(cells)
        self.rows += cells.height

    def _put(self, cells: pl.DataFrame) -> None:
        cells.write_csv(self._file, include_header=False, quote_style="necessary", null_value="")

    def close(self) -> None:
        """All rows were written."""
        self._file.close()
        self.closed = True

    def discard(self) -> None:
        """Take the file away again."""
        self._file.close()
        self._target.unlink(missing_ok=True)


def sink(resource: Resource, target: Path, typed: bool) -> CsvSink:
    """What writes a table while it is validated."""
    return CsvSink(typed_tables.arrow_schema(resource).names, target)


def write(job: Job) -> list[WrittenFile]:
    """Write each table and the descriptor."""
    if job.spreadsheet_safe:
        return _SAFE.write(job)
    written = _FORMAT.write(job)
    for resource in job.package.resources:
        if resource.tabular and resource.name not in job.harmless:
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


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    made = sink(resource, target, False)
    try:
        for cells in typed_tables.cell_batches(resource):
            made.add(cells)
    except BaseException:
        made.discard()
        raise
    made.close()
    return made.rows


def _write_safe(store: Store, resource: Resource, target: Path) -> int:
    """Write a table with its formulas escaped and return its number of rows."""
    labels = typed_tables.arrow_schema(resource).names
    columns = [f"c{number}" for number in range(len(labels))]
    cells = [formula_escape.safe_cell(column) for column in columns]
    if len(columns) > 1:  # as in `CsvSink.add`
        cells = [f"NULLIF({cell}, '')" for cell in cells]
    head = ", ".join(literal(formula_escape.safe_label(label)) for label in labels)
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
_FORMAT = Tabular("csv", ".csv", "text/csv", _write_table, _UTF8)
_SAFE = Tabular("csv", ".csv", "text/csv", _write_safe, _SAID)
read, path = _FORMAT.read, _FORMAT.path

__all__ = ["CsvSink", "path", "read", "sink", "write"]
