"""The rejected rows of each table with their reasons.

`quarantine/<table>.csv` has a line for each rejected row: its line and number, the rules that it
breaks, their messages, and its cells as the file has them.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from claimpack.engine import typed_tables
from claimpack.errors import UnreadableError, UsageError
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.quarantine.counting import FOLDER, TableCounts, page
from claimpack.exporters.quarantine.rejections import Rows, none, original, within
from claimpack.exporters.quarantine.sifting import Round, Sifted
from claimpack.readers import formula_escape
from claimpack.readers.line_numbers import FILE
from claimpack.report import Finding

if TYPE_CHECKING:
    import pyarrow as pa

LEADING = ("line", "row", "rule", "message")
FILE_LABEL, EXTRA = "file", "extra cells"
SEPARATOR = "; "
_SPECIAL = re.compile(r'[",\r\n]')
LATER = " (once the rows with errors are rejected)"


def write(
    sifted: Sifted, tables: tuple[TableCounts, ...], top: Path, *, spreadsheet_safe: bool = False
) -> list[WrittenFile]:
    """Write the rejected rows below `top`; nothing where there are none.

    Args:
        sifted: What was sifted.
        tables: The counts of each table.
        top: The output folder.
        spreadsheet_safe: Whether cells that a spreadsheet would run as formulas are escaped.

    Raises:
        UsageError: Two tables would have one file.
        UnreadableError: A table changed since it was read.
    """
    listed = [(part, item) for part, item in enumerate(tables) if item.path]
    if not listed:
        return []
    (top / FOLDER).mkdir()
    safe = formula_escape.safe_label if spreadsheet_safe else str
    written = [page(top, tables)]
    for part, item in listed:
        assert item.path is not None
        if (top / item.path).exists():
            raise UsageError(f"two tables would both be {item.path}; rename {item.table}")
        with (top / item.path).open("x", encoding="utf-8", newline="") as file:
            _Table(sifted, part, safe).write(file)
        written.append(written_file(top, item.path, item.rejected))
    return written


class _Table:
    """The rejected rows of one table."""

    def __init__(self, sifted: Sifted, part: int, safe: Callable[[str], str]) -> None:
        self._resource = sifted.tables[part]
        self._rejected = sifted.rejected[part]
        self._rounds, self._part, self._safe = sifted.rounds, part, safe
        self._beyond: dict[int, list[str]] = {}
        self._several = len(self._resource.paths) > 1

    def write(self, file: TextIO) -> None:
        """Write the header and the rows, in the order of the table."""
        wide = self._too_wide()
        beyond = self._note if wide else None
        layout, rows = typed_tables.exact_rows(self._resource, beyond)
        lead = (FILE_LABEL,) * self._several + LEADING
        labels = layout.labels if layout.labels is not None else self._names() or layout.names
        file.write(_line([*lead, *map(self._safe, labels), *((EXTRA,) if wide else ())]))
        reasons = groupby(self._reasons(), lambda item: item[0])
        places = {name: at for at, name in self._columns(layout.fields)}
        done = 0
        for batch in rows:
            for row, line, cells in self._of(batch, done):
                number, found = next(reasons, (0, iter(())))
                if number != row:
                    raise UnreadableError(f"{self._resource.path} changed while it was read")
                told = [(reason, later) for _, reason, later in found]
                record = self._record(row, line, cells[: len(labels)], told, places, wide)
                file.write(_line(record))
            done += batch.num_rows

    def _names(self) -> tuple[str, ...]:
        schema = self._resource.schema
        return tuple(item.name for item in schema.fields) if schema else ()

    def _columns(self, fields: tuple[int | None, ...]) -> Iterator[tuple[int, str]]:
        """The column of each field that has one, with the field's name."""
        for name, column in zip(self._names(), fields, strict=True):
            if column is not None:
                yield column, name

    def _of(self, batch: pa.RecordBatch, done: int) -> Iterator[tuple[int, int, list[str | None]]]:
        """The rejected rows of a batch: number, line, cells."""
        import pyarrow as pa

        places = within(self._rejected, done, batch.num_rows)
        if not len(places):
            return
        chosen = batch.take(pa.array(places))
        for place, (line, *cells) in zip(
            places.tolist(), zip(*(c.to_pylist() for c in chosen.columns), strict=True), strict=True
        ):
            yield done + place + 1, line, cells

    def _record(
        self,
        row: int,
        line: int,
        cells: list[str | None],
        told: list[tuple[Finding, bool]],
        places: dict[str, int],
        wide: bool,
    ) -> list[str]:
        """A line of the file.

        A value of the wrong type, which the reader has no cell for, is as its error has it.
        """
        for reason, _ in told:
            place = places.get(reason.field) if isinstance(reason.field, str) else None
            if place is not None and cells[place] is None and isinstance(reason.value, str):
                cells[place] = reason.value
        number, at = divmod(line, FILE)
        lead = [str(at or ""), str(row), SEPARATOR.join(reason.rule for reason, _ in told)]
        lead.append(self._safe(SEPARATOR.join(_message(*each) for each in told)))
        if self._several:
            lead.insert(0, self._safe(self._resource.paths[number]))
        extra = [_listed(self._beyond.pop(row, []))] if wide else []
        return [*lead, *(self._safe(cell or "") for cell in cells), *extra]

    def _too_wide(self) -> bool:
        """Whether a row has cells behind those of the columns."""
        return any(
            key[1] == "extra-cell" and key[0] == self._resource.name
            for each in self._rounds[:1]
            for key in each.judged.findings.totals()
        )

    def _note(self, row: int, cells: list[str]) -> None:
        self._beyond[row] = cells

    def _reasons(self) -> Iterator[tuple[int, Finding, bool]]:
        """Why each row is rejected, in the order of the rows: number, finding, whether later."""
        return heapq.merge(
            *(self._of_round(number, each) for number, each in enumerate(self._rounds)),
            key=lambda item: item[0],
        )

    def _of_round(self, number: int, each: Round) -> Iterator[tuple[int, Finding, bool]]:
        import numpy as np

        before: Rows = each.rejected.get(self._part, none())
        for found in each.judged.findings.by_row(self._part, each.judged.rejects):
            assert found.row is not None
            row = found.row
            if len(before):
                row = int(original(np.array([row]), before)[0])
            yield row, found, number > 0


def _line(cells: list[str]) -> str:
    """A line of CSV. Python's own writer leaves a carriage return without quotes."""
    quoted = (
        '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell for cell in cells
    )
    return ",".join(quoted) + "\n"


def _message(found: Finding, later: bool) -> str:
    """What is wrong, and in which field."""
    fields = found.field if isinstance(found.field, tuple) else (found.field,)
    about = ", ".join(field for field in fields if field)
    lead = f"{about}: " if about else ""
    return f"{lead}{found.message}{LATER if later else ''}"


def _listed(cells: list[str]) -> str:
    return json.dumps(cells, ensure_ascii=False) if cells else ""


__all__ = ["write"]
