"""Tables that are no delimited text: inline data, JSON, spreadsheets, Parquet and Arrow files.

Their cells have types of their own; each becomes the text that stands for it in a
delimited file (see `native`), so that one engine judges all tables. A value of
another type than its field's is reported here and handed on as a cell that is not
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from claimpack import limits
from claimpack.descriptor import formats
from claimpack.descriptor.model import Field, Resource
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.readers import arrow, json_items, row_grid, spreadsheet, value_text
from claimpack.readers import column_layout as lay
from claimpack.readers.column_layout import Beyond, Fault
from claimpack.readers.csv_exact import Head
from claimpack.readers.line_numbers import FILE
from claimpack.readers.value_text import Misfit

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 8192
CELLS = 1 << 20
"""Rows and cells that are handed on at once, whichever are fewer."""

Report = Callable[[Fault], None]


def delimited(resource: Resource) -> bool:
    """Whether a resource is delimited text in files."""
    return isinstance(resource.data, str | None) and resource.format in formats.DELIMITED


def head(resource: Resource) -> Head:
    """The labels of such a table.

    Raises:
        UnreadableError: The format is unknown, its library missing, or the file broken.
        TooLargeError: It is over a limit.
    """
    if _is_arrow(resource):
        labels = arrow.labels(resource)
        return Head(_layout(resource, labels, None, None, False), 0, "", not labels)
    table = row_grid.Grid(resource, _rows(resource, lambda _: None))
    mark = "" if _is_sheet(resource) else json_items.mark(resource)
    made = _layout(resource, table.labels, table.first, table.line, table.keyed)
    return Head(made, 0, mark, table.empty)


def _layout(
    resource: Resource,
    labels: Sequence[str] | None,
    first: int | None,
    line: int | None,
    keyed: bool,
) -> lay.Layout:
    if max(len(labels or ()), first or 0) > limits.COLUMNS:
        raise TooLargeError(f"more than {limits.COLUMNS} columns")
    return lay.layout(resource, labels, first, line, keyed=keyed)


def _is_arrow(resource: Resource) -> bool:
    return resource.data is None and resource.format in arrow.FORMATS


def _is_sheet(resource: Resource) -> bool:
    return resource.data is None and resource.format in spreadsheet.FORMATS


def _rows(resource: Resource, report: Report) -> Iterator[row_grid.Item]:
    if _is_sheet(resource):
        return spreadsheet.rows(resource)
    if resource.data is not None or resource.format in json_items.FORMATS:
        return json_items.items(resource, report)
    raise UnreadableError(f"the format {resource.format!r} is not supported")


class TypedRowReader:
    """Reads such a table as record batches of text, with the line of each record.

    Attributes:
        file: The number of the file that is being read, as far as its rows tell.
    """

    def __init__(
        self, resource: Resource, head: Head, report: Report, beyond: Beyond | None = None
    ) -> None:
        """Prepare to read.

        Args:
            resource: The resource.
            head: Its header.
            report: Takes every fault as it is found.
            beyond: Takes the number of each row that is too long, and its cells behind the
                columns.
        """
        self.resource, self.layout, self.report = resource, head.layout, report
        self.beyond = beyond
        self.rows = self.file = 0
        self._width = max(self.layout.width, 1)
        fields = resource.schema.fields if resource.schema else ()
        named = zip(self.layout.fields, fields, strict=False)
        by_column = {column: field for column, field in named if column is not None}
        self._fields: list[Field | None] = [by_column.get(i) for i in range(self._width)]

    def stream(self) -> pa.RecordBatchReader:
        """The data as a stream of record batches."""
        import pyarrow as pa

        self._schema = pa.schema(
            [("line", pa.int64()), *((f"c{i}", pa.string()) for i in range(self._width))]
        )
        made = self._of_columns() if _is_arrow(self.resource) else self._of_rows()
        return pa.RecordBatchReader.from_batches(self._schema, made)

    def _of_columns(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for number, batch in arrow.batches(self.resource):
            lines = [number * FILE] * batch.num_rows
            columns = [
                self._arrow(field, values, lines)
                for field, values in zip(self._fields, batch.columns, strict=False)
            ]
            short = self._width - len(columns)
            columns += [pa.nulls(batch.num_rows, pa.string())] * short
            yield self._batch(lines, columns)

    def _arrow(self, field: Field | None, values: pa.Array, lines: list[int]) -> pa.Array:
        texts, misfits = arrow.column(field, values)
        texts, broken = arrow.decoded(texts)
        fix = "Write the column from texts, or declare it as binary"
        self._broken("a text is not valid UTF-8", fix, broken, lines)
        return self._column(field, texts, misfits, lines)

    def _of_rows(self) -> Iterator[pa.RecordBatch]:
        labels = self.layout.labels
        table = row_grid.Grid(self.resource, _rows(self.resource, self.report), labels)
        lines: list[int] = []
        rows: list[list[Any]] = []
        most = min(ROWS, max(CELLS // self._width, 1))
        for line, row in table.data(self.report, self.layout, self.beyond):
            self.file = line // FILE
            lines.append(line)
            rows.append(row)
            if len(rows) == most:
                yield self._of_block(lines, rows)
                lines, rows = [], []
        if rows:
            yield self._of_block(lines, rows)

    def _of_block(self, lines: list[int], rows: list[list[Any]]) -> pa.RecordBatch:
        """A block of rows; a row that is too short lacks its last cells."""
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = []
        short = any(len(row) < self._width for row in rows)
        for index, field in enumerate(self._fields):
            values = [row[index] if index < len(row) else None for row in rows]
            texts, misfits = value_text.column(field, values)
            column = self._column(field, self._array(texts, lines), misfits, lines)
            if short:
                there = pa.array([index < len(row) for row in rows])
                column = pc.if_else(there, column, pa.scalar(None, pa.string()))
            columns.append(column)
        return self._batch(lines, columns)

    def _array(self, texts: list[str | None], lines: list[int]) -> pa.Array:
        """The texts of a column; half a character, which only JSON can hold, is reported."""
        import pyarrow as pa

        try:
            return pa.array(texts, pa.string())
        except UnicodeEncodeError:
            whole = [text if text is None else row_grid.whole(text) for text in texts]
        broken = [place for place, text in enumerate(texts) if text != whole[place]]
        message = "a text contains half of a surrogate pair, which is not a character"
        self._broken(message, "Correct the escape sequence, \\ud800 or the like", broken, lines)
        return pa.array(whole, pa.string())

    def _broken(self, message: str, fix: str, places: list[int], lines: list[int]) -> None:
        for place in places:
            row = self.rows + place + 1
            self.report(Fault("encoding-error", message, fix, row=row, line=lines[place]))

    def _column(
        self, field: Field | None, texts: pa.Array, misfits: list[Misfit], lines: list[int]
    ) -> pa.Array:
        """The texts with nulls spelled out; those that misfit are reported, and not there."""
        import pyarrow as pa
        import pyarrow.compute as pc

        null = value_text.null(field)
        if texts.null_count and null is not None:
            texts = texts.fill_null(null)
        found = pc.match_substring(texts, "\0")
        if pc.any(found).as_py():
            self._nul(found, lines)
        if not misfits or field is None:
            return texts
        for misfit in misfits:
            self._misfit(field, misfit, lines[misfit.place])
        wrong = {misfit.place for misfit in misfits}
        mask = pa.array([index in wrong for index in range(len(texts))])
        return pc.if_else(mask, pa.scalar(None, pa.string()), texts)

    def _nul(self, found: pa.Array, lines: list[int]) -> None:
        for place, wrong in enumerate(found.to_pylist()):
            if wrong:
                row, line = self.rows + place + 1, lines[place]
                message, fix = "a cell contains a NUL character", "Delete the character"
                self.report(Fault("nul-byte", message, fix, row=row, line=line))

    def _misfit(self, field: Field, misfit: Misfit, line: int) -> None:
        article = "an" if field.type[0] in "aeio" else "a"
        text = row_grid.whole(misfit.text)
        text = text if len(text) <= 80 else text[:77] + "..."
        self.report(
            Fault(
                "type-error",
                f'"{text}" is stored as {misfit.kind}, but the field is {article} {field.type}',
                f"Store the column as {field.type}, or declare the type that it has",
                field.name,
                self.rows + misfit.place + 1,
                line,
                row_grid.whole(misfit.text),
            )
        )

    def _batch(self, lines: list[int], columns: list[pa.Array]) -> pa.RecordBatch:
        import pyarrow as pa

        self.rows += len(lines)
        return pa.RecordBatch.from_arrays(
            [pa.array(lines, pa.int64()), *columns], schema=self._schema
        )
