"""The careful road: an exact, position-true reader for files that are not plain.

The text goes through in blocks. Where the grammar finds it well-formed, pyarrow
parses the run; the odd record is taken apart by hand, reported, and put back with
what is readable of it, so that one ragged line hides no key. What comes out are
record batches of text: `line`, then one column a cell; null is a cell that is not
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.engine import layout as lay
from claimpack.engine import ragged, spreadsheet, undecoded
from claimpack.engine.layout import Fault, Layout
from claimpack.engine.records import IncompleteError, Record, RecordReader, grammar
from claimpack.engine.store import FILE
from claimpack.engine.streams import Transcoder, source
from claimpack.errors import TooLargeError

if TYPE_CHECKING:
    import pyarrow as pa

SHORT = 4096
"""Runs of fewer bytes than this are cheaper to split by hand than to hand over."""

ROWS = 8192
"""Rows by hand in one batch."""

Report = Callable[[Fault], None]


@dataclass(slots=True)
class Position:
    """Where the reader stands: data rows read, physical line of the next record."""

    rows: int = 0
    line: int = 1


@dataclass
class Text:
    """The decoded text of a resource's files, record by record or run by run."""

    resource: Resource
    file: int
    report: Report
    progress: Callable[[int], None]
    newlines: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    data: bytes = b""
    start: int = 0
    final: bool = False

    def __post_init__(self) -> None:
        inline = isinstance(self.resource.data, str)
        self.transcoder = Transcoder("utf-8" if inline else self.resource.encoding)
        self._blocks = source(self.resource, self.file)
        self.grammar = grammar(self.resource.dialect)
        self.records = RecordReader(self.grammar)

    def more(self) -> None:
        """Read on; drop what was consumed."""
        block = next(self._blocks, None)
        self.progress(len(block or b""))
        text = self.transcoder.feed(block or b"", final=block is None)
        self.data = self.data[self.start :] + text
        self.start, self.final = 0, block is None
        if len(self.data) > limits.CELL_BYTES + (1 << 20):
            raise TooLargeError(f"a record is larger than {limits.CELL_BYTES} bytes")

    def record(self) -> Record | None:
        """The next record by hand; None at the end."""
        while True:
            if self.start >= len(self.data):
                if self.final:
                    return None
                self.more()
                continue
            try:
                record = self.records.read(self.data, self.start, self.final)
            except IncompleteError:
                self.more()
                continue
            if record.end - self.start > limits.CELL_BYTES:
                raise TooLargeError(f"a record is larger than {limits.CELL_BYTES} bytes")
            return record

    def consume(self, record: Record, at: Position) -> tuple[int, int]:
        """Step over a record; (its first line, its number of lines)."""
        first = at.line
        span = self.data[self.start : record.end]
        lines = span.count(b"\n") + (1 if record.newline == b"\r" else 0)
        if not lines and record.newline:
            lines = 1
        if record.newline:
            count, line = self.newlines.get(record.newline, (0, first))
            self.newlines[record.newline] = (count + 1, line)
        at.line += lines
        self.start = record.end
        return first, lines


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a table and where its data begin.

    Attributes:
        layout: The columns.
        lines: Physical lines before the first data row.
        mark: The encoding that a byte order mark tells, or empty.
        empty: Whether there is nothing at all in the file.
        kind: What the file is, where it is no text: a workbook, an archive; or empty.
    """

    layout: Layout
    lines: int
    mark: str
    empty: bool
    kind: str = ""


def head(resource: Resource, report: Report | None = None) -> Head:
    """Read the header of a resource's first file.

    Raises:
        UnreadableError, TooLargeError: See `streams`.
    """
    silent: list[Fault] = []
    text = Text(resource, 0, report or silent.append, lambda _: None)
    at = Position()
    text.more()
    if text.transcoder.kind:
        return Head(Layout(None, 0, 0, ()), 0, "", False, text.transcoder.kind)
    labels, line = _header(text, at)
    first = None
    if labels is None:
        record = text.record()
        first = len(record.cells) if record else None
    empty = not text.data.strip(b"\xef\xbb\xbf") and text.final and labels in (None, [])
    if labels is not None and len(labels) > limits.COLUMNS:
        raise TooLargeError(f"more than {limits.COLUMNS} columns")
    found = text.transcoder.faults
    saved = undecoded.saved_as(found[0]) if found else ""
    made = lay.parted(resource, lay.layout(resource, labels, first, line), saved)
    return Head(made, at.line - 1, text.transcoder.mark, empty)


def _header(text: Text, at: Position) -> tuple[list[str] | None, int]:
    """The labels, joined where the header has several rows, and the line of the first of them.

    There are no labels, None, without a header.
    """
    dialect = text.resource.dialect
    wanted = set(dialect.header_rows) if dialect.header else set()
    rows: list[list[str]] = []
    number, start = 0, 0
    last = max([*wanted, 0])
    while number < last:
        record = text.record()
        if record is None:
            break
        number += 1
        raw = text.data[text.start : record.end]
        line, _ = text.consume(record, at)
        for rule in dict.fromkeys(record.faults):
            text.report(Fault(rule, *_MESSAGES[rule], line=line))
        if number in wanted and not _comment(text, raw, number):
            start = start or line
            rows.append([_decode(cell) for cell in record.cells])
        elif _comment(text, raw, number) and number not in dialect.comment_rows:
            last += 1
            wanted = {n + 1 if n >= number else n for n in wanted}
    if not wanted:
        return None, start or 1
    labels = lay.joined(rows, dialect.header_join)
    escaped = spreadsheet.escaped(text.resource)
    return [spreadsheet.plain_label(label) for label in labels] if escaped else labels, start or 1


def _comment(text: Text, raw: bytes, number: int) -> bool:
    dialect = text.resource.dialect
    if dialect.comment_char and raw.startswith(dialect.comment_char.encode()):
        return True
    return number in dialect.comment_rows


def _decode(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


class CarefulReader:
    """Reads the data of a resource on the careful road.

    Args:
        resource: A resource with delimited text in files.
        head: Its header.
        report: Takes every fault of structure as it is found.
        progress: Takes the number of bytes of each block read.
    """

    def __init__(
        self,
        resource: Resource,
        head: Head,
        report: Report,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        import pyarrow as pa
        import pyarrow.csv

        self._pa, self._csv = pa, pyarrow.csv
        self.resource, self.head, self.layout = resource, head, head.layout
        self.report, self.progress = report, progress
        self.at = Position()
        self.width = max(self.layout.width, 1)
        self.schema = pa.schema(
            [("line", pa.int64()), *((f"c{i}", pa.string()) for i in range(self.width))]
        )
        self._rows: list[tuple[int, Record]] = []

    def stream(self) -> pa.RecordBatchReader:
        """The data as a stream of record batches."""
        batches = self._batches()
        if spreadsheet.escaped(self.resource):
            batches = map(spreadsheet.plain_batch, batches)
        return self._pa.RecordBatchReader.from_batches(self.schema, batches)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for number in range(max(len(self.resource.files), 1)):
            text = Text(self.resource, number, self.report, self.progress)
            self.at.line = 1 + number * FILE
            if number == 0 or self._repeats(number):
                _header(text, self.at)
            self._undecoded(text, lambda _: None)
            yield from self._file(text)
            yield from self._flush()
            self._close(text)

    def _repeats(self, number: int) -> bool:
        """Whether a later file begins with the header of the first."""
        if not self.resource.dialect.header:
            return False
        text = Text(self.resource, number, lambda _: None, lambda _: None)
        labels, _ = _header(text, Position())
        return tuple(labels or ()) == self.layout.labels

    def _file(self, text: Text) -> Iterator[pa.RecordBatch]:
        rules = text.grammar
        everyday = rules.plain and not self.resource.dialect.comment_char
        everyday = everyday and not self.resource.dialect.comment_rows
        run = rules.run(self.layout.width) if everyday and self.layout.width else None
        number = max(self.resource.dialect.header_rows, default=0)
        while True:
            if run is not None and text.start < len(text.data):
                match = run.match(text.data, text.start)
                if match and match.end() - text.start >= SHORT:
                    yield from self._flush()
                    yield from self._parse(text, match.end())
                    continue
            record = text.record()
            if record is None:
                return
            number += 1
            raw = text.data[text.start : text.start + 64]
            empty = record.end - text.start == len(record.newline)
            first, _ = text.consume(record, self.at)
            self._undecoded(text, lambda _: self.at.rows + 1)
            if not everyday and _comment(text, raw, number):
                continue
            self._take(record, first, empty)
            if len(self._rows) >= ROWS:
                yield from self._flush()

    def _parse(self, text: Text, end: int) -> Iterator[pa.RecordBatch]:
        """A well-formed run, parsed by pyarrow, with the line of each record."""
        pa, csv, rules = self._pa, self._csv, text.grammar
        chunk = text.data[text.start : end]
        names = self.schema.names[1 : self.layout.width + 1]
        table = csv.read_csv(
            pa.BufferReader(chunk),
            csv.ReadOptions(column_names=names, block_size=len(chunk) + 1, use_threads=False),
            csv.ParseOptions(
                delimiter=rules.delimiter.decode(),
                quote_char=rules.quote.decode() or False,
                double_quote=rules.double,
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
            csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        newlines, returns = chunk.count(b"\n"), chunk.count(b"\r\n")
        for kind, count in ((b"\r\n", returns), (b"\n", newlines - returns)):
            if count:
                before, line = text.newlines.get(kind, (0, self.at.line))
                text.newlines[kind] = (before + count, line)
        lines = self._lines(table, newlines)
        self.at.line += newlines
        row = self.at.rows
        self._undecoded(text, lambda line: row + _behind(lines, line))
        self.at.rows += table.num_rows
        text.start = end
        filled = table.add_column(0, "line", lines)
        for name in self.schema.names[filled.num_columns :]:
            filled = filled.append_column(name, pa.nulls(table.num_rows, pa.string()))
        yield from filled.cast(self.schema).to_batches()

    def _lines(self, table: pa.Table, newlines: int) -> pa.Array:
        import numpy as np
        import pyarrow.compute as pc

        rows = table.num_rows
        lines = np.arange(self.at.line, self.at.line + rows, dtype=np.int64)
        if newlines > rows:
            inner = sum(
                pc.count_substring(column, "\n").to_numpy().astype(np.int64)
                for column in table.columns
            )
            lines[1:] += np.cumsum(inner)[:-1]
        return self._pa.array(lines)

    def _take(self, record: Record, line: int, empty: bool) -> None:
        """One record by hand: its faults reported, its readable cells kept."""
        if empty and self.width > 1:
            self.report(ragged.blank(line))
            return
        self.at.rows += 1
        for rule in dict.fromkeys(record.faults):
            self._fault(rule, *_MESSAGES[rule], self.at.rows, line)
        self._count(record, line)
        self._rows.append((line, record))

    def _count(self, record: Record, line: int) -> None:
        count, layout = len(record.cells), self.layout
        if record.truncated or layout.fewest <= count <= layout.width:
            return
        cells = [_decode(cell) for cell in record.cells]
        delimiter = self.resource.dialect.delimiter
        fault = ragged.ragged(self.resource, layout, cells, self.at.rows, line, delimiter=delimiter)
        if fault:
            self.report(fault)

    def _fault(
        self,
        rule: str,
        message: str,
        fix: str,
        row: int | None,
        line: int | None,
        name: str | None = None,
        value: str | None = None,
    ) -> None:
        self.report(Fault(rule, message, fix, name, row, line, value))

    def _flush(self) -> Iterator[pa.RecordBatch]:
        """The rows taken by hand as one batch."""
        if not self._rows:
            return
        pa, width = self._pa, self.width
        columns: list[Any] = [pa.array([line for line, _ in self._rows], pa.int64())]
        for index in range(width):
            columns.append(
                pa.array(
                    [
                        _decode(record.cells[index]) if index < len(record.cells) else None
                        for _, record in self._rows
                    ],
                    pa.string(),
                )
            )
        self._rows = []
        yield pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _close(self, text: Text) -> None:
        """What can be said only at the end of a file: its newlines and its bytes."""
        terminator = text.grammar.terminator
        single = text.newlines.pop(b"\r", None)
        if single and terminator != b"\r":
            count, line = single
            self._fault(
                "newline-error",
                f"{count} records end in a carriage return alone",
                "Save the file with LF line endings, or declare the lineTerminator",
                None,
                line,
            )
        if len(text.newlines) > 1 and not terminator:
            (kind, (count, line)), *_ = sorted(text.newlines.items(), key=lambda item: item[1])
            self._fault(
                "mixed-newlines",
                f"{count} records end in {_NEWLINES.get(kind, 'another newline')}, the others not",
                "Save the file with one kind of line ending",
                None,
                line,
            )
        self._undecoded(text, lambda _: None, all_of_them=True)

    def _undecoded(
        self, text: Text, row: Callable[[int], int | None], *, all_of_them: bool = False
    ) -> None:
        """Report what could not be decoded in the lines that were just stepped over."""
        first, waiting = text.file * FILE + 1, text.transcoder.faults
        while waiting and (all_of_them or first + waiting[0].lines < self.at.line):
            found = waiting.pop(0)
            encoding, line = self.resource.encoding, first + found.lines
            message, fix = undecoded.message(found, encoding), undecoded.fix(encoding)
            self._fault("encoding-error", message, fix, row(line), line)


def _behind(lines: pa.Array, line: int) -> int:
    """How many of these records begin on a line or before it."""
    import numpy as np

    return int(np.searchsorted(lines.to_numpy(), line, side="right"))


_NEWLINES = {b"\n": "LF", b"\r\n": "CRLF"}
_MESSAGES = {
    "quoting-error": (
        "a quote is opened and not closed as RFC 4180 asks: text follows it, or the end",
        "Close the quote, or double a quote that belongs to the value",
    ),
    "bare-quote": (
        "a quote stands inside a cell that is not quoted; it is read as part of the value",
        "Quote the cell and double the quote in it",
    ),
    "nul-byte": ("a cell holds a NUL character", "Delete the character"),
}
