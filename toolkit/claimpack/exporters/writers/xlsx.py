"""One Excel workbook: a data dictionary, then a sheet a table.

What a sheet cannot hold as a value is text in the form of ISO 8601 or Table Schema: whole
numbers of more than 15 digits, dates before March 1900, fractions of seconds, infinities.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack.descriptor.model import Package, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.exporters import dictionary, plain, relational
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.job import Job
from claimpack.exporters.naming import distinct, file_stem
from claimpack.exporters.relational import Table
from claimpack.exporters.workbook import reading
from claimpack.exporters.workbook.cells import (
    DATE,
    MOMENT,
    TIME,
    boolean_cell,
    number_cell,
    text_cell,
)
from claimpack.exporters.workbook.reading import Cell
from claimpack.exporters.workbook.writing import NAME, Workbook, sheet_name

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".xlsx"
DICTIONARY = "data dictionary"
DIGITS = 10**15
LEAST, MOST = 2.2250738585072014e-308, 9.99999999999999e307
"""Smallest and largest number of a sheet, other than 0."""
EPOCH = date(1899, 12, 30)
"""Day 0 of a sheet; right from March 1900 on, since Excel has a 29 February before."""
SINCE = date(1900, 3, 1)
WIDTHS = (22, 26, 20, 50, 26, 80, 14, 26)
"""Of the columns of the dictionary, in characters."""
_DAY, _SECOND = 86_400, 1_000_000
_UNIX = date(1970, 1, 1)


def write(job: Job) -> list[WrittenFile]:
    """Write the dictionary and the tables."""
    path = f"{file_stem(job.package)}{SUFFIX}"
    shaped = relational.keyless(job.package)
    sheets = _sheets(shaped)
    title = job.package.title or job.package.name or ""
    with Workbook(job.folder / path, sheets, title) as book:
        names = {
            table.resource.name: sheet for table, sheet in zip(shaped, sheets[1:], strict=True)
        }
        entries = (
            [text_cell(text) if text else None for text in entry._replace(table=names[entry.table])]
            for entry in dictionary.entries(job.package)
        )
        book.sheet(0, dictionary.Entry._fields, WIDTHS, entries)
        for place, table in enumerate(shaped, 1):
            job.begin(table.resource.name)
            labels = table.schema.names
            widths = [min(max(len(label) + 2, 12), 40) for label in labels]
            try:
                book.sheet(place, labels, widths, _rows(job.store, table))
            except TooLargeError as error:
                raise TooLargeError(
                    f"the table {table.resource.name} does not fit into a sheet: {error}"
                ) from error
    return [written_file(job.folder, path)]


def read(
    folder: Path, package: Package, store: Store, resource: Resource
) -> Iterator[pa.RecordBatch]:
    """The rows of a table, in their order.

    Raises:
        UnreadableError: The file is none, or its cells are no values of the table.
    """
    import pyarrow as pa

    shaped = relational.keyless(package)
    place, table = next((n, t) for n, t in enumerate(shaped, 1) if t.resource.name == resource.name)
    path = folder / f"{file_stem(package)}{SUFFIX}"
    readers = [_reader(item.type) for item in table.schema]
    found = reading.rows(path, place, len(readers))
    try:
        while block := [row for _, row in zip(range(typed_tables.BATCH), found, strict=False)]:
            columns = [
                plain.typed([None if cell is None else reads(cell) for cell in cells], item.type)
                for cells, reads, item in zip(
                    zip(*block, strict=True), readers, table.schema, strict=True
                )
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=table.schema)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise UnreadableError(f"{path.name}: {error}") from error


def _sheets(shaped: list[Table]) -> list[str]:
    wanted = (DICTIONARY, *(table.resource.name for table in shaped))
    return distinct(wanted, sheet_name, NAME)


def _rows(store: Store, table: Table) -> Iterator[tuple[str | None, ...]]:
    for batch in relational.batches(store, table):
        yield from zip(*(_cells(column) for column in batch.columns), strict=True)


def _cells(column: pa.Array) -> list[str | None]:
    """A column's values as cells."""
    import pyarrow as pa

    types, kind = pa.types, column.type
    texts = plain.spelled(column).to_pylist()
    if types.is_date(kind) or types.is_timestamp(kind) or types.is_time(kind):
        numbers = column.cast(pa.int32() if types.is_date(kind) else pa.int64()).to_pylist()
        spell, style = _moments(kind)
        serials = [None if number is None else spell(number) for number in numbers]
        return [
            None if text is None else number_cell(serial, style) if serial else text_cell(text)
            for text, serial in zip(texts, serials, strict=True)
        ]
    made = _speller(kind)
    return [None if value is None else made(value) for value in texts]


def _speller(kind: pa.DataType) -> Callable[[Any], str]:
    import pyarrow as pa

    if pa.types.is_boolean(kind):
        return boolean_cell
    if pa.types.is_integer(kind):
        return _integer
    return _number if pa.types.is_floating(kind) else text_cell


def _integer(value: int) -> str:
    return number_cell(str(value)) if abs(value) < DIGITS else text_cell(str(value))


def _number(value: float) -> str:
    if value == 0 or LEAST <= abs(value) <= MOST:
        return number_cell(repr(value))
    if math.isfinite(value):
        return text_cell(repr(value))
    return text_cell("NaN" if math.isnan(value) else "INF" if value > 0 else "-INF")


def _moments(kind: pa.DataType) -> tuple[Callable[[int], str], int]:
    """What turns days or microseconds into a sheet's days, empty where it has none; the style."""
    import pyarrow as pa

    if pa.types.is_date(kind):
        return _days, DATE
    return (_fraction, TIME) if pa.types.is_time(kind) else (_moment, MOMENT)


def _days(days: int) -> str:
    return str(days + (_UNIX - EPOCH).days) if days >= (SINCE - _UNIX).days else ""


def _fraction(microseconds: int) -> str:
    seconds, rest = divmod(microseconds, _SECOND)
    return "" if rest else repr(seconds / _DAY)


def _moment(microseconds: int) -> str:
    days, rest = divmod(microseconds, _DAY * _SECOND)
    whole, part = _days(days), _fraction(rest)
    return repr(int(whole) + float(part)) if whole and part else ""


def _reader(kind: pa.DataType) -> Callable[[Cell], Any]:
    """What turns a cell into a value as `plain.typed` takes it."""
    import pyarrow as pa

    types = pa.types
    if types.is_boolean(kind):
        return lambda cell: bool(int(cell.value))
    if types.is_integer(kind):
        return lambda cell: int(cell.value)
    if types.is_floating(kind):
        return lambda cell: float(cell.value)
    if types.is_date(kind):
        return lambda cell: cell.value if cell.text else _at(cell).date().isoformat()
    if types.is_time(kind):
        return lambda cell: cell.value if cell.text else _at(cell).time().isoformat()
    if types.is_timestamp(kind):
        return lambda cell: cell.value if cell.text else _at(cell).isoformat(" ")
    return lambda cell: cell.value


def _at(cell: Cell) -> datetime:
    """The second that a number of days tells."""
    start = datetime(EPOCH.year, EPOCH.month, EPOCH.day)
    return start + timedelta(seconds=round(float(cell.value) * _DAY))


__all__ = ["read", "write"]
