"""Tables that are no delimited text: inline data, JSON and what frictionless reads.

Their cells have types of their own; each becomes the text that stands for it in a
delimited file, so that one engine judges all tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from claimpack.descriptor.model import Resource
from claimpack.engine import layout as lay
from claimpack.engine.layout import Fault
from claimpack.engine.reader import Head
from claimpack.engine.streams import Transcoder, blocks
from claimpack.errors import UnreadableError

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITED = frozenset({"csv", "tsv", "txt", "tab", "dat", "psv", ""})
JSON = frozenset({"json", "ndjson", "jsonl", "geojson"})
BY_FRICTIONLESS = frozenset({"xlsx", "xls", "ods"})
ROWS = 8192

Cell = str | None


def delimited(resource: Resource) -> bool:
    """Whether a resource is delimited text in files."""
    return isinstance(resource.data, str | None) and resource.format in DELIMITED


def head(resource: Resource) -> Head:
    """The labels of such a table."""
    rows = _table(resource)
    first = next(rows, None)
    labels = [cell or "" for cell in first] if first is not None else []
    return Head(lay.layout(resource, labels, None, 1), 0, "", first is None)


class CellReader:
    """Reads such a table as record batches of text; `line` is null."""

    def __init__(self, resource: Resource, head: Head, report: Callable[[Fault], None]) -> None:
        self.resource, self.layout, self.report = resource, head.layout, report

    def stream(self) -> pa.RecordBatchReader:
        """The data as a stream of record batches."""
        import pyarrow as pa

        self._width = max(self.layout.width, 1)
        self._schema = pa.schema(
            [("line", pa.int64()), *((f"c{i}", pa.string()) for i in range(self._width))]
        )
        return pa.RecordBatchReader.from_batches(self._schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        rows: list[list[Cell]] = []
        table = _table(self.resource)
        next(table, None)
        for number, row in enumerate(table, 1):
            self._count(row, number)
            rows.append((row + [None] * self._width)[: self._width])
            if len(rows) == ROWS:
                yield self._batch(pa, rows)
                rows = []
        if rows:
            yield self._batch(pa, rows)

    def _batch(self, pa: Any, rows: list[list[Cell]]) -> pa.RecordBatch:
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        return pa.RecordBatch.from_arrays(
            [pa.nulls(len(rows), pa.int64()), *columns], schema=self._schema
        )

    def _count(self, row: list[Cell], number: int) -> None:
        width, count = self.layout.width, len(row)
        if count > width:
            message = f"the row has {count} cells, {count - width} more than the {width} columns"
            fix = "Delete the cells too many"
            self.report(Fault("extra-cell", message, fix, row=number, value=row[width]))
        elif count < self.layout.fewest:
            message = f"the row has {count} cells, {width - count} fewer than the {width} columns"
            name = self.layout.names[count]
            self.report(Fault("missing-cell", message, "Add the cells", name, number))


def _table(resource: Resource) -> Iterator[list[Cell]]:
    """The rows of a table as texts, its labels first."""
    if resource.data is None and resource.format in BY_FRICTIONLESS:
        yield from _by_frictionless(resource)
        return
    if resource.data is None and resource.format not in JSON:
        raise UnreadableError(f"the format {resource.format!r} is not supported")
    data = resource.data if resource.data is not None else _json(resource)
    if resource.dialect.property and isinstance(data, dict):
        data = data.get(resource.dialect.property)
    yield from _rows(resource, data)


def _json(resource: Resource) -> Any:
    transcoder = Transcoder(resource.encoding)
    text = b"".join(
        transcoder.feed(block) for path in resource.files for block in blocks(resource, path)
    ) + transcoder.feed(b"", final=True)
    try:
        if resource.format in ("ndjson", "jsonl"):
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the file is no JSON: {error}") from error


def _rows(resource: Resource, data: Any) -> Iterator[list[Cell]]:
    """Rows from an array of arrays (labels first) or of objects."""
    if not isinstance(data, list):
        raise UnreadableError("the data are no table: an array of arrays or objects is expected")
    if data and isinstance(data[0], dict):
        names = list(dict.fromkeys(key for row in data if isinstance(row, dict) for key in row))
        if resource.schema:
            own = [field.name for field in resource.schema.fields]
            names = [n for n in own if n in names] + [n for n in names if n not in own]
        yield list(names)
        for row in data:
            yield [text(row.get(name)) if name in row else None for name in names]
        return
    for row in data:
        yield [text(cell) for cell in row] if isinstance(row, list) else [text(row)]


def _by_frictionless(resource: Resource) -> Iterator[list[Cell]]:
    """Rows of a spreadsheet, as frictionless reads them."""
    from frictionless import Dialect, formats
    from frictionless import Resource as Theirs

    control: Any = None
    if resource.format in ("xlsx", "xls"):
        control = formats.ExcelControl(
            sheet=resource.dialect.sheet_name or (resource.dialect.sheet_number or 1)
        )
    elif resource.format == "ods":
        control = formats.OdsControl(
            sheet=resource.dialect.sheet_name or (resource.dialect.sheet_number or 1)
        )
    path = resource.files[0]
    dialect = Dialect(header=False, controls=[control])
    theirs = Theirs(path=path.name, basepath=str(path.parent), dialect=dialect)
    with theirs:
        for row in theirs.cell_stream:
            yield [text(cell) for cell in row]


def text(value: Any) -> Cell:
    """The text that stands for a cell of another kind; None stands for the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
