r"""Records of delimited text: a grammar that says how far a text is well-formed, and a
reader that takes the odd record out apart by hand.

Both work on UTF-8 bytes; quotes, delimiters and newlines are single characters
there. The grammar is RFC 4180 with a dialect's delimiter and quote, possessive
throughout, so that it runs in linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claimpack.descriptor.model import Dialect

Cells = list[bytes]


@dataclass(slots=True)
class Record:
    """One record read by hand.

    Attributes:
        cells: Its cells; those lost to a quoting fault are not there.
        end: Position behind its newline.
        newline: The newline that ended it, empty at the end of the text.
        faults: Rules that it breaks.
        truncated: Whether the cells behind a quoting fault are lost.
    """

    cells: Cells
    end: int
    newline: bytes = b""
    faults: list[str] = field(default_factory=list)
    truncated: bool = False


class IncompleteError(Exception):
    """The record goes on behind the end of the buffer."""


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
    """Reads one record at a time, by the grammar, and names what is wrong with it."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        stops = [grammar.delimiter, grammar.terminator or b"\n"]
        ends = [b"\r\n", b"\n", b"\r"] if grammar.terminator in (b"", b"\n", b"\r\n") else []
        self._ends = [*ends, grammar.terminator] if grammar.terminator else ends
        marks = [re.escape(mark) for mark in {*stops, *self._ends}]
        specials = [re.escape(mark) for mark in (grammar.escape, grammar.quote) if mark]
        marks.sort(key=len, reverse=True)
        self._stop = re.compile(b"|".join([*marks, *specials]))
        self._end = re.compile(
            b"|".join(re.escape(end) for end in sorted(set(self._ends), key=len, reverse=True))
        )

    def read(self, data: bytes, start: int, final: bool) -> Record:
        """The record at a position.

        Raises:
            IncompleteError: It is not whole, and the text goes on.
        """
        record = Record([], start)
        position = start
        while True:
            cell, position, fault = self._cell(data, position, final)
            if fault:
                record.faults.append(fault)
                if fault == "quoting-error" and cell is None:
                    return self._resume(data, start, record, position, final)
            assert cell is not None
            if b"\x00" in cell:
                record.faults.append("nul-byte")
            record.cells.append(cell)
            if data.startswith(self.grammar.delimiter, position):
                position += len(self.grammar.delimiter)
                continue
            match = self._end.match(data, position)
            record.newline = match.group() if match else b""
            record.end = position + len(record.newline)
            if not final and record.end >= len(data) and record.newline != b"\n":
                raise IncompleteError
            return record

    def _cell(self, data: bytes, position: int, final: bool) -> tuple[bytes | None, int, str]:
        quote = self.grammar.quote
        if self.grammar.skip_space:
            while data.startswith(b" ", position):
                position += 1
        if quote and data.startswith(quote, position):
            return self._quoted(data, position, final)
        return self._bare(data, position, final)

    def _bare(self, data: bytes, start: int, final: bool) -> tuple[bytes, int, str]:
        fault, parts, position, kept = "", [], start, start
        while True:
            match = self._stop.search(data, position)
            if match is None:
                if not final:
                    raise IncompleteError
                parts.append(data[kept:])
                return b"".join(parts), len(data), fault
            found = match.group()
            if found == self.grammar.escape and found:
                parts.append(data[kept : match.start()])
                kept, position = match.end(), match.end() + 1
            elif found == self.grammar.quote:
                fault, position = "bare-quote", match.end()
            else:
                parts.append(data[kept : match.start()])
                return b"".join(parts), match.start(), fault

    def _quoted(self, data: bytes, start: int, final: bool) -> tuple[bytes | None, int, str]:
        quote, escape = self.grammar.quote, self.grammar.escape
        parts: list[bytes] = []
        position = start + len(quote)
        while True:
            close = data.find(quote, position)
            if escape:
                slash = data.find(escape, position, close if close >= 0 else len(data))
                if slash >= 0 and (escape != quote):
                    parts.append(data[position:slash] + data[slash + 1 : slash + 2])
                    position = slash + 2
                    continue
            if close < 0:
                if not final:
                    raise IncompleteError
                return None, start, "quoting-error"
            parts.append(data[position:close])
            position = close + len(quote)
            if self.grammar.double and data.startswith(quote, position):
                parts.append(quote)
                position += len(quote)
                continue
            if position >= len(data) and not final:
                raise IncompleteError
            return self._closed(data, start, position, b"".join(parts), final)

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

    def _resume(self, data: bytes, start: int, record: Record, opened: int, final: bool) -> Record:
        """A quote that swallows lines ends its record at the first newline behind it."""
        match = self._end.search(data, opened)
        if match is None and not final:
            raise IncompleteError
        record.truncated = True
        record.newline = match.group() if match else b""
        record.end = match.end() if match else len(data)
        return record
