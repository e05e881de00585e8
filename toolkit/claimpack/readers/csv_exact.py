"""The exact CSV reader, for files that are not plain: it knows the row and line of every record.

It reads in blocks. Where the grammar finds the text well-formed, pyarrow parses the run; an
odd record is taken apart by hand and reported, and what can be read of it is kept, so that
one broken line hides no key. It gives record batches of text: `line`, then one column for
each cell; null is a cell that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.errors import TooLargeError
from claimpack.readers import column_layout as lay
from claimpack.readers import formula_escape, header_delimiter, row_width, undecodable
from claimpack.readers.byte_stream import Transcoder, source
from claimpack.readers.column_layout import Beyond, Fault, Layout
from claimpack.readers.csv_records import IncompleteError, Record, RecordReader, grammar
from claimpack.readers.header_rows import HeaderRows
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    import pyarrow as pa

SHORT = 4096
"""Runs of fewer bytes than this are cheaper to split by hand than to hand over."""

ROWS = 8192
"""Rows by hand in one batch, at most; fewer where they are long or the table is wide."""
HELD = 4 * limits.MIB
"""Bytes of the rows by hand in one batch, about."""
CELLS = 1 << 22
"""Cells of one batch, about: rows that are too short have their missing cells there, too."""

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
    most: int = limits.COLUMNS + 1
    records: int = 0
    blank: bool = True

    def __post_init__(self) -> None:
        inline = isinstance(self.resource.data, str)
        self.transcoder = Transcoder("utf-8" if inline else self.resource.encoding)
        self._blocks = source(self.resource, self.file)
        self.grammar = grammar(self.resource.dialect)
        self._reader = RecordReader(self.grammar, self.most)

    def more(self, least: int = 1) -> None:
        """Read on until so many bytes are there, or to the end; drop what was consumed."""
        parts = [self.data[self.start :]]
        held = len(parts[0])
        while held < least and not self.final:
            block = next(self._blocks, None)
            self.progress(len(block or b""))
            parts.append(self.transcoder.feed(block or b"", final=block is None))
            held += len(parts[-1])
            self.blank = self.blank and not parts[-1]
            self.final = block is None
        self.data, self.start = b"".join(parts), 0

    def record(self, most: int | None = None) -> Record | None:
        """The next record by hand; None at the end.

        As long as it goes on behind what was read, twice as much is read, so that to read a
        long record takes time in proportion to its length.

        Args:
            most: Number of cells beyond which it is too long.

        Raises:
            TooLargeError: It has more cells, or more bytes than any record may have.
        """
        while True:
            held = len(self.data) - self.start
            if not held and self.final:
                return None
            try:
                record = self._reader.read(self.data, self.start, self.final) if held else None
                cells = record.count if record else 0
            except IncompleteError as error:
                record, cells = None, error.cells
            if most is not None and cells > most:
                raise TooLargeError(f"more than {most} columns")
            if (record.end - self.start if record else held) > limits.CELL_BYTES:
                raise TooLargeError(f"a record is larger than {limits.CELL_BYTES} bytes")
            if record is not None:
                return record
            self.more(min(2 * held + 1, limits.CELL_BYTES + 1))

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
        self.records += 1
        return first, lines

    def marked(self) -> bool:
        """Whether the next record begins as a comment does."""
        mark = (self.resource.dialect.comment_char or "").encode()
        return bool(mark) and self.data.startswith(mark, self.start)


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
    text = Text(resource, 0, report or (lambda _: None), lambda _: None)
    at = Position()
    text.more()
    if text.transcoder.kind:
        return Head(Layout(None, 0, 0, ()), 0, "", False, text.transcoder.kind)
    labels, line = _header(text, at)
    first = None
    if labels is None:
        record = text.record(None if resource.schema else limits.COLUMNS)
        first = record.count if record else None
    made = lay.layout(resource, labels, first, line)
    if made.width > limits.COLUMNS:
        raise TooLargeError(f"more than {limits.COLUMNS} columns")
    found, empty = text.transcoder.faults, text.blank and text.final
    saved = undecodable.saved_as(found[0]) if found else ""
    return Head(
        header_delimiter.parted(resource, made, saved), at.line - 1, text.transcoder.mark, empty
    )


def first_rows(resource: Resource, most: int) -> list[tuple[str, ...]]:
    """The cells of the first data rows, as they are; without the reader for whole files.

    Raises:
        UnreadableError, TooLargeError: See `streams`.
    """
    text, at = Text(resource, 0, lambda _: None, lambda _: None), Position()
    text.more()
    _header(text, at)
    rows: list[tuple[str, ...]] = []
    while len(rows) < most and (record := text.record()) is not None:
        marked = text.marked()
        text.consume(record, at)
        if not marked and text.records not in resource.dialect.comment_rows:
            rows.append(tuple(map(_decode, record.cells)))
    return rows


def _header(text: Text, at: Position) -> tuple[list[str] | None, int]:
    """The labels, joined where the header has several rows, and the line of the first of them.

    There are no labels, None, without a header.
    """
    dialect = text.resource.dialect
    header = HeaderRows(dialect)
    rows: list[list[str]] = []
    start = size = 0
    while header.more:
        near = header.near and not dialect.comment_char
        record = text.record(limits.COLUMNS if near else None)
        if record is None:
            break
        marked = text.marked()
        line, _ = text.consume(record, at)
        for rule in record.faults:
            text.report(Fault(rule, *_MESSAGES[rule], line=line))
        if not header.step(marked=marked):
            continue
        start = start or line
        rows.append([_decode(cell) for cell in record.cells])
        size = _header_size(size, rows[-1])
    if not header.wanted:
        return None, start or 1
    labels = lay.joined(rows, dialect.header_join)
    if formula_escape.escaped(text.resource):
        labels = [formula_escape.plain_label(label) for label in labels]
    return labels, start or 1


def _header_size(size: int, labels: list[str]) -> int:
    """The characters of a header of several rows, with one more row.

    Raises:
        TooLargeError: It is larger than a record may be, or wider than a table.
    """
    size += sum(map(len, labels)) + len(labels)
    if size > limits.CELL_BYTES:
        raise TooLargeError(f"the header is larger than {limits.CELL_BYTES} bytes")
    if len(labels) > limits.COLUMNS:
        raise TooLargeError(f"more than {limits.COLUMNS} columns")
    return size


def _decode(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


_EMPTY_LINES = re.compile(rb"\n{1000,}+|(?:\r\n){1000,}+|\r{1000,}+(?!\n)")
"""Empty lines that are one finding: a file of nothing else would have millions of them."""


class ExactCsvReader:
    """Reads the data of a resource, record by record where it must.

    Args:
        resource: A resource with delimited text in files.
        head: Its header.
        report: Takes every fault of structure as it is found.
        progress: Takes the number of bytes of each block read.
        beyond: Takes the number of each row that is too long, and its cells behind the columns.

    Attributes:
        file: The number of the file that is being read.
    """

    def __init__(
        self,
        resource: Resource,
        head: Head,
        report: Report,
        progress: Callable[[int], None] = lambda _: None,
        beyond: Beyond | None = None,
    ) -> None:
        import pyarrow as pa
        import pyarrow.csv

        self._pa, self._csv = pa, pyarrow.csv
        self.resource, self.head, self.layout = resource, head, head.layout
        self.report, self.progress, self.beyond = report, progress, beyond
        self.at = Position()
        self.width = max(self.layout.width, 1)
        self.schema = pa.schema(
            [("line", pa.int64()), *((f"c{i}", pa.string()) for i in range(self.width))]
        )
        self._rows: list[tuple[int, Record]] = []
        self._held = self.file = 0
        self._most_rows = max(min(ROWS, CELLS // self.width), 1)

    def stream(self) -> pa.RecordBatchReader:
        """The data as a stream of record batches."""
        batches = self._batches()
        if formula_escape.escaped(self.resource):
            batches = map(formula_escape.plain_batch, batches)
        return self._pa.RecordBatchReader.from_batches(self.schema, batches)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for number in range(max(len(self.resource.files), 1)):
            self.file = number
            most = limits.COLUMNS if self.beyond else self.layout.width
            text = Text(self.resource, number, self.report, self.progress, most=most + 1)
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
        rules, dialect = text.grammar, self.resource.dialect
        everyday = rules.plain and not dialect.comment_char and not dialect.comment_rows
        run = rules.run(self.layout.width) if everyday and self.layout.width else None
        by_hand = 0  # Where a run ends that is too short to hand over: none is sought before it.
        while True:
            if run is not None and text.start < len(text.data) and text.start >= by_hand:
                match = run.match(text.data, text.start)
                by_hand = match.end() if match else 0
                if by_hand - text.start >= SHORT:
                    yield from self._flush()
                    yield from self._parse(text, by_hand)
                    continue
            if everyday and self.width > 1 and self._empty_lines(text):
                continue
            buffer = text.data
            record = text.record()
            if record is None:
                return
            by_hand = by_hand if buffer is text.data else 0
            self._one(text, record)
            if len(self._rows) >= self._most_rows or self._held >= HELD:
                yield from self._flush()

    def _empty_lines(self, text: Text) -> bool:
        """Step over a long run of empty lines, which is one finding; whether there was one."""
        match = _EMPTY_LINES.match(text.data, text.start)
        if match is None:
            return False
        newline = b"\r\n" if match[0].startswith(b"\r\n") else match[0][:1]
        count = len(match[0]) // len(newline)
        before, line = text.newlines.get(newline, (0, self.at.line))
        text.newlines[newline] = (before + count, line)
        self.report(row_width.blank(self.at.line, count))
        self.at.line += count
        text.records += count
        text.start = match.end()
        return True

    def _one(self, text: Text, record: Record) -> None:
        """Take a record by hand, unless it is a comment."""
        marked = text.marked()
        empty = record.end - text.start == len(record.newline)
        self._held += record.end - text.start
        first, _ = text.consume(record, self.at)
        last = not record.newline
        self._undecoded(text, lambda _: self.at.rows + 1, all_of_them=last)
        if not marked and text.records not in self.resource.dialect.comment_rows:
            self._take(record, first, empty)

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
            self.report(row_width.blank(line))
            return
        self.at.rows += 1
        for rule in record.faults:
            self._fault(rule, *_MESSAGES[rule], self.at.rows, line)
        self._count(record, line)
        self._rows.append((line, record))

    def _count(self, record: Record, line: int) -> None:
        layout, count = self.layout, record.count
        if record.truncated or layout.fewest <= count <= layout.width:
            return
        if self.beyond and count > layout.width:
            self.beyond(self.at.rows, [_decode(cell) for cell in record.cells[layout.width :]])
        row = row_width.Ragged([_decode(cell) for cell in record.cells], count, self.at.rows, line)
        delimiter = self.resource.dialect.delimiter
        if fault := row_width.ragged(self.resource, layout, row, delimiter=delimiter):
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
        widest = max(len(record.cells) for _, record in self._rows)
        nothing = pa.nulls(len(self._rows), pa.string())
        columns: list[Any] = [pa.array([line for line, _ in self._rows], pa.int64())]
        for index in range(min(width, widest)):
            columns.append(
                pa.array(
                    [
                        _decode(record.cells[index]) if index < len(record.cells) else None
                        for _, record in self._rows
                    ],
                    pa.string(),
                )
            )
        columns += [nothing] * (width - widest)
        self._rows, self._held = [], 0
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
                f"{count} records end in {_NEWLINES.get(kind, 'another newline')}, others do not",
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
            found = waiting.popleft()
            encoding, line = self.resource.encoding, first + found.lines
            message, fix = undecodable.message(found, encoding), undecodable.fix(encoding)
            self._fault("encoding-error", message, fix, row(line), line)


def _behind(lines: pa.Array, line: int) -> int:
    """How many of these records begin on a line or before it."""
    import numpy as np

    return int(np.searchsorted(lines.to_numpy(), line, side="right"))


_NEWLINES = {b"\n": "LF", b"\r\n": "CRLF"}
_MESSAGES = {
    "quoting-error": (
        "a quote is opened but not closed: text follows the closing quote, or the file ends",
        "Close the quote, or double a quote that belongs to the value",
    ),
    "bare-quote": (
        "a cell that is not quoted contains a quote, which is read as part of the value",
        "Quote the cell and double the quote in it",
    ),
    "nul-byte": ("a cell contains a NUL character", "Delete the character"),
}
