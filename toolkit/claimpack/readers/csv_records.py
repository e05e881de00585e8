r"""Records of delimited text: a grammar that says how far a text is well-formed, and a
reader that takes the odd record out apart by hand.

Both work on UTF-8 bytes; quotes, delimiters and newlines are single characters
there. The grammar is RFC 4180 with a dialect's delimiter and quote, possessive
throughout, so that it runs in linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claimpack import limits
from claimpack.descriptor.model import Dialect

Cells = list[bytes]


@dataclass(slots=True)
class Record:
    """One record read by hand.

    Attributes:
        cells: Its cells, as many as are kept; those lost to a quoting fault are not there.
        end: Position behind its newline.
        count: Number of its cells, of those that are not kept as well.
        newline: The newline that ended it, empty at the end of the text.
        faults: Rules that it breaks, each once.
        truncated: Whether the cells behind a quoting fault are lost.
    """

    cells: Cells
    end: int
    count: int = 0
    newline: bytes = b""
    faults: list[str] = field(default_factory=list)
    truncated: bool = False

    def fault(self, rule: str) -> None:
        """Note a rule that it breaks."""
        if rule not in self.faults:
            self.faults.append(rule)

    def add(self, cell: bytes, most: int) -> None:
        """Add a cell; keep it while there are fewer than so many."""
        self.count += 1
        if len(self.cells) < most:
            self.cells.append(cell)

    def extend(self, text: bytes, delimiter: bytes, most: int) -> None:
        """Add the cells of a text without quotes and newlines; keep the first ones."""
        parts = text.split(delimiter, max(most - len(self.cells), 0))
        rest = parts.pop() if len(self.cells) + len(parts) > most else None
        self.cells += parts
        self.count += len(parts) + (0 if rest is None else rest.count(delimiter) + 1)


class IncompleteError(Exception):
    """The record goes on behind the end of the buffer.

    Attributes:
        cells: Number of its cells so far.
    """

    def __init__(self, cells: int = 0) -> None:
        super().__init__()
        self.cells = cells


@dataclass(frozen=True, slots=True)
class Grammar:
    """A dialect as the reader by hand and the regular expressions need it."""

    delimiter: bytes
    quote: bytes
    escape: bytes
    double: bool
    skip_space: bool
    terminator: bytes

    @property
    def plain(self) -> bool:
        """Whether the dialect is the everyday one, which `run` can express."""
        return (
            len(self.delimiter) == 1
            and len(self.quote) <= 1
            and not self.escape
            and not self.skip_space
            and self.terminator in (b"", b"\n", b"\r\n")
            and (self.double or not self.quote)
        )

    def run(self, columns: int, *, flat: bool = False) -> re.Pattern[bytes]:
        """Matches the longest run of well-formed records of that many cells.

        Args:
            columns: Number of cells in each record.
            flat: Whether a newline in a quoted cell ends the run, too.
        """
        delimiter, quote = re.escape(self.delimiter), re.escape(self.quote)
        bare = rb"[^" + delimiter + quote + rb"\r\n\x00]*+"
        if self.quote:
            inner = rb"[^" + quote + (rb"\r\n" if flat else b"") + rb"\x00]++|" + quote * 2
            cell = rb"(?:" + quote + rb"(?:" + inner + rb")*+" + quote + rb"|" + bare + rb")"
        else:
            cell = bare
        more = rb"(?:" + delimiter + cell + rb"){%d}" % (columns - 1) if columns > 1 else b""
        blank = rb"(?!\r?\n)"
        return re.compile(rb"(?:" + blank + cell + more + rb"\r?\n)*+")


def grammar(dialect: Dialect) -> Grammar:
    """The grammar of a dialect."""
    quote = (dialect.quote_char or "").encode()
    return Grammar(
        dialect.delimiter.encode(),
        quote,
        (dialect.escape_char or "").encode(),
        dialect.double_quote,
        dialect.skip_initial_space,
        (dialect.line_terminator or "").encode(),
    )


class RecordReader:
    """Reads one record at a time, by the grammar, and names what is wrong with it.

    Cells without quotes are split many at once; only a cell with a quote or an escape is
    taken apart by hand. Of a record with very many cells the first are kept and the others
    counted, so that a line of nothing but delimiters takes neither time nor memory.
    """

    def __init__(self, grammar: Grammar, most: int = limits.COLUMNS + 1) -> None:
        """Compile a grammar.

        Args:
            grammar: The grammar.
            most: Number of cells of a record that are kept.
        """
        self.grammar, self._most = grammar, most
        terminator, escape, quote = grammar.terminator, grammar.escape, grammar.quote
        ends = {b"\r\n", b"\n", b"\r"} if terminator in (b"", b"\n", b"\r\n") else {terminator}
        self._end = _any(ends)
        self._stop = _any({*ends, grammar.delimiter, escape})
        self._odd = _any({*ends, quote, escape})
        self._inside = _any({quote, escape}) if quote else None
        inner = rb"(?:[^%b]++|%b)*+" % (re.escape(quote), re.escape(quote * 2))
        simple = grammar.double and len(quote) == 1 and escape in (b"", quote)
        self._doubled = re.compile(inner) if simple else None
        # Only such a delimiter is found by searching from behind as well as from the front.
        unlike = len(set(grammar.delimiter)) == len(grammar.delimiter)
        self._bulk = unlike and not (grammar.skip_space and b" " in grammar.delimiter)

    def read(self, data: bytes, start: int, final: bool) -> Record:
        """The record at a position.

        Raises:
            IncompleteError: It is not whole, and the text goes on.
        """
        record = Record([], start)
        try:
            return self._read(data, start, final, record)
        except IncompleteError:
            raise IncompleteError(record.count) from None

    def _read(self, data: bytes, start: int, final: bool, record: Record) -> Record:
        position = start
        while True:
            position = self._bare_cells(data, position, record)
            cell, position, fault = self._cell(data, position, final)
            if fault:
                record.fault(fault)
            if cell is None:
                return self._resume(data, record, position, final)
            if b"\x00" in cell:
                record.fault("nul-byte")
            record.add(cell, self._most)
            if data.startswith(self.grammar.delimiter, position):
                position += len(self.grammar.delimiter)
                continue
            match = self._end.match(data, position)
            record.newline = match.group() if match else b""
            record.end = position + len(record.newline)
            if not final and record.end >= len(data) and record.newline != b"\n":
                raise IncompleteError
            return record

    def _bare_cells(self, data: bytes, start: int, record: Record) -> int:
        """Take the cells in front of the next quote, escape or newline; where they end."""
        if not self._bulk:
            return start
        match = self._odd.search(data, start)
        delimiter = self.grammar.delimiter
        last = data.rfind(delimiter, start, match.start() if match else len(data))
        if last < 0:
            return start
        text = data[start:last]
        if b"\x00" in text:
            record.fault("nul-byte")
        before = len(record.cells)
        record.extend(text, delimiter, self._most)
        if self.grammar.skip_space:
            record.cells[before:] = [cell.lstrip(b" ") for cell in record.cells[before:]]
        return last + len(delimiter)

    def _cell(self, data: bytes, position: int, final: bool) -> tuple[bytes | None, int, str]:
        quote = self.grammar.quote
        if self.grammar.skip_space:
            while data.startswith(b" ", position):
                position += 1
        if quote and data.startswith(quote, position):
            return self._quoted(data, position, final)
        return self._bare(data, position, final)

    def _bare(self, data: bytes, start: int, final: bool) -> tuple[bytes, int, str]:
        quote, escape = self.grammar.quote, self.grammar.escape
        fault, made, kept, position = "", bytearray(), start, start
        while True:
            match = self._stop.search(data, position)
            if match is None and not final:
                raise IncompleteError
            end = match.start() if match else len(data)
            if quote and data.find(quote, position, end) >= 0:
                fault = "bare-quote"
            if match is None or match.group() != escape:
                return bytes(made) + data[kept:end] if made else data[kept:end], end, fault
            made += data[kept:end]
            kept, position = match.end(), match.end() + 1

    def _quoted(self, data: bytes, start: int, final: bool) -> tuple[bytes | None, int, str]:
        quote = self.grammar.quote
        body = start + len(quote)
        if self._doubled is not None:
            match = self._doubled.match(data, body)
            close = match.end() if match else body
            cell = data[body:close].replace(quote * 2, quote)
        else:
            cell, close = self._unescaped(data, body)
        position = close + len(quote)
        if not final and position >= len(data):
            raise IncompleteError
        if not data.startswith(quote, close):
            return None, start, "quoting-error"
        return self._closed(data, start, position, cell, final)

    def _unescaped(self, data: bytes, position: int) -> tuple[bytes, int]:
        """The inside of a quoted cell without its escapes, and where its closing quote is."""
        quote = self.grammar.quote
        assert self._inside is not None
        made = bytearray()
        while match := self._inside.search(data, position):
            made += data[position : match.start()]
            position = match.end()
            if match.group() != quote:
                made += data[position : position + 1]
                position += 1
            elif self.grammar.double and data.startswith(quote, position):
                made += quote
                position += len(quote)
            else:
                return bytes(made), match.start()
        return bytes(made), len(data)

    def _closed(
        self, data: bytes, start: int, position: int, cell: bytes, final: bool
    ) -> tuple[bytes | None, int, str]:
        """What follows a closing quote: a delimiter or newline, or a fault."""
        at_end = position >= len(data)
        if at_end or data.startswith(self.grammar.delimiter, position):
            return cell, position, ""
        if self._end.match(data, position):
            return cell, position, ""
        if b"\n" in cell or b"\r" in cell:
            return None, start, "quoting-error"
        rest, end, _ = self._bare(data, position, final)
        return cell + rest, end, "quoting-error"

    def _resume(self, data: bytes, record: Record, opened: int, final: bool) -> Record:
        """A quote that swallows lines ends its record at the first newline behind it."""
        match = self._end.search(data, opened)
        if match is None and not final:
            raise IncompleteError
        record.truncated = True
        record.newline = match.group() if match else b""
        record.end = match.end() if match else len(data)
        return record


def _any(marks: set[bytes]) -> re.Pattern[bytes]:
    """Matches the longest of some marks; the empty one is none."""
    longest_first = sorted(marks - {b""}, key=lambda mark: (-len(mark), mark))
    return re.compile(b"|".join(re.escape(mark) for mark in longest_first))
