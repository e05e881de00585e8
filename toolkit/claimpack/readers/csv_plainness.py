"""Whether a CSV file is plain, so that a fast reader can be trusted with it.

DuckDB's parallel reader is wrong on newlines inside quotes, skips empty lines in silence and
strips a space before a quote; polars fills missing cells with nulls. A file is plain where
it is UTF-8 with one kind of newline, LF or CRLF, has no empty line and no NUL, and quotes
stand only around whole cells, or doubled inside them. A harmless file may be called not
plain, and the exact reader then reads it; never the other way round.

Left to the fast reader, which raises an error: rows with a cell too many, and bytes that are
not UTF-8. The delimiters outside quotes are counted: where no row has too many cells, their
number proves that none has too few. Their number after each block, and the length of the
longest record, also keep files away that would take the fast reader more memory than there
is. The records with newlines inside quotes are noted: those move the lines behind them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.readers import formula_escape
from claimpack.readers.byte_stream import UTF8, codec, mark
from claimpack.readers.csv_records import grammar

if TYPE_CHECKING:
    import numpy as np

SMALL = 2 << 20
"""Files up to this size are surveyed by the grammar, larger ones block by block."""

BLOCK = 1 << 18
LONG = limits.MIB
"""Bytes of the longest record of a plain file."""
BREAKS = 1 << 22
"""Most newlines inside quotes of a plain file: their places are kept in memory."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file that is written again surely has another time stamp."""
LF, CR, NUL, END = 10, 13, 0, 256
"""Bytes that matter, and what stands behind the last one."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What was seen of a plain file; the counts are of large files only.

    Attributes:
        delimiters: Number of delimiters outside quotes.
        records: Number of records, the header's among them.
        breaks: For each newline inside quotes the number of records before its own.
    """

    delimiters: int = -1
    records: int = -1
    breaks: Sequence[int] | np.ndarray = ()


def fits(seen: Plain, rows: int, width: int, *, header: bool) -> bool:
    """Whether a reader that found so many rows read what was seen, and no record is too short.

    Of a small file it is proved already, record by record.

    Args:
        seen: What was seen of the file.
        rows: Number of rows that the reader found.
        width: Number of columns.
        header: Whether the file has a header.
    """
    if seen.records < 0:
        return True
    if len(seen.breaks) and seen.breaks[0] < header:
        return False
    whole = seen.delimiters == seen.records * (width - 1)
    return whole and seen.records == rows + header


def eligible(resource: Resource) -> bool:
    """Whether the descriptor alone allows the engine's own reader."""
    dialect, rules = resource.dialect, grammar(resource.dialect)
    return (
        rules.plain
        and rules.quote in (b'"', b"")
        and len(resource.files) == 1
        and resource.compression is None
        and not formula_escape.escaped(resource)
        and codec(resource.encoding) in UTF8
        and dialect.comment_char is None
        and not dialect.comment_rows
        and (not dialect.header or tuple(dialect.header_rows) == (1,))
        and not set("*?[") & set(str(resource.files[0]))
    )


def plain(resource: Resource, width: int) -> Plain | None:
    """What was seen of the one file of an eligible resource where it is plain, else None.

    Args:
        resource: The resource.
        width: Number of cells of a record.
    """
    path, rules = resource.files[0], grammar(resource.dialect)
    state = path.stat()
    if state.st_size <= SMALL:
        return Plain() if _plain_text(path.read_bytes(), rules.run(width, flat=True)) else None
    quote = rules.quote[0] if rules.quote else -1
    version = (state.st_size, state.st_mtime_ns, state.st_ino)
    settled = time.time_ns() - state.st_mtime_ns > SETTLED
    look = _plain_file if settled else _plain_file.__wrapped__
    return look(path, version, rules.delimiter[0], quote, width)


@lru_cache(maxsize=8)
def _plain_file(
    path: Path, version: tuple[int, ...], delimiter: int, quote: int, width: int
) -> Plain | None:
    """What was seen of one version of a large file: publishing reads each several times."""
    return _Blocks(delimiter, quote, width).plain(path) if _decodes(path) else None


def _decodes(path: Path) -> bool:
    """Whether the first line is UTF-8: the readers step over a header, and do not look at it."""
    with path.open("rb") as file:
        try:
            file.readline(limits.CELL_BYTES).decode("utf-8")
        except UnicodeDecodeError:
            return False
    return True


def _plain_text(text: bytes, run: re.Pattern[bytes]) -> bool:
    bom, _ = mark(text[:4])
    text = text[len(bom) :]
    if text.endswith(b"\r"):
        return False
    if not text.endswith(b"\n"):
        text += b"\n"
    returns = text.count(b"\r")
    if returns and returns != text.count(b"\n"):
        return False
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    match = run.match(text)
    return match is not None and match.end() == len(text)


class _Blocks:
    """The survey of a large file, block by block, carrying the quotes' parity along."""

    def __init__(self, delimiter: int, quote: int, width: int) -> None:
        self.delimiter, self.quote, self.width = delimiter, quote, width
        self.left = BREAKS
        self.delimiters = self.records = self.parity = self.length = 0
        self.breaks: list[np.ndarray] = []

    def plain(self, path: Path) -> Plain | None:
        """What was seen of the file at a path where it is plain, else None."""
        import numpy as np

        before, returns = LF, None
        for piece, after in _pieces(path):
            block = np.frombuffer(piece, dtype=np.uint8)
            if returns is None:
                returns = CR in piece
            newline = block == LF
            if NUL in piece or not _newlines(piece, block, newline, before, after, returns):
                return None
            if self.quote in piece:
                fits = self._quoted(block, newline, before, after)
            else:
                fits = self._bare(block, newline, piece.rfind(LF) + 1)
            if not fits or self.length > LONG or not self._even():
                return None
            before = int(block[-1])
        if self.parity:
            return None
        breaks = np.concatenate(self.breaks) if self.breaks else np.empty(0, dtype=np.int64)
        return Plain(self.delimiters, self.records + (before != LF), breaks)

    def _even(self) -> bool:
        """Whether so many delimiters are those of so many records, and of the start of another."""
        return 0 <= self.delimiters - self.records * (self.width - 1) < self.width

    def _bare(self, block: np.ndarray, newline: np.ndarray, last: int) -> bool:
        """Count in a block without quotes; whether no newline breaks a cell against the rules.

        Args:
            block: The block.
            newline: Where it has newlines.
            last: Bytes up to its last newline.
        """
        import numpy as np

        newlines = int(np.count_nonzero(newline))
        if self.parity:
            self.length += len(block)
            return self._break(np.full(newlines, self.records))
        self.delimiters += int(np.count_nonzero(block == self.delimiter))
        self.records += newlines
        self.length = len(block) - last + (0 if newlines else self.length)
        return True

    def _quoted(self, block: np.ndarray, newline: np.ndarray, before: int, after: int) -> bool:
        """Count outside quotes; whether the quotes, and the newlines inside them, may be there."""
        import numpy as np

        quote, delimiter = block == self.quote, block == self.delimiter
        events = np.flatnonzero(quote | newline | delimiter)
        quotes, newlines = quote[events], newline[events]
        quiet = (np.bitwise_xor.accumulate(quotes.view(np.uint8)) ^ self.parity) == 0
        if not self._quotes(block, events[quotes], self.parity, before, after):
            return False
        ends = quiet & newlines
        inside = newlines & ~quiet
        if inside.any() and not self._break(self.records + np.cumsum(ends)[inside]):
            return False
        self.delimiters += int(np.count_nonzero(quiet & delimiter[events]))
        self.records += int(np.count_nonzero(ends))
        last = events[ends]
        self.length = len(block) - int(last[-1]) if len(last) else self.length + len(block)
        self.parity = 0 if quiet[-1] else 1
        return True

    def _break(self, records: np.ndarray) -> bool:
        """Note newlines inside quotes; whether there may be any."""
        if len(records):
            self.breaks.append(records)
        self.left -= len(records)
        return self.left >= 0

    def _quotes(
        self, block: np.ndarray, places: np.ndarray, parity: int, before: int, after: int
    ) -> bool:
        """Opening quotes stand behind a delimiter or newline, closing ones in front of one.

        A doubled quote is a closing and an opening one side by side.
        """
        import numpy as np

        framed = np.empty(len(block) + 2, dtype=np.uint8)
        framed[0], framed[1:-1], framed[-1] = before, block, LF if after == END else after
        opening, closing = places[parity::2], places[1 - parity :: 2]
        left, right = framed[opening], framed[closing + 2]
        fits_left = (left == self.delimiter) | (left == LF) | (left == self.quote)
        fits_right = (right == self.delimiter) | (right == LF) | (right == CR)
        return bool(fits_left.all() and (fits_right | (right == self.quote)).all())


def _newlines(
    piece: bytes, block: np.ndarray, newline: np.ndarray, before: int, after: int, returns: bool
) -> bool:
    """No empty line, and either no carriage return or one before each newline."""
    if (newline[1:] & newline[:-1]).any() or (before == LF and block[0] == LF):
        return False
    if not returns:
        return CR not in piece
    carriage = block == CR
    if (carriage[-1] and after != LF) or (newline[0] and before != CR):
        return False
    paired = bool((carriage[:-1] == newline[1:]).all())
    twice = (newline[:-1] & carriage[1:]).any() or (before == LF and carriage[0])
    return paired and not twice


def _pieces(path: Path) -> Iterator[tuple[bytes, int]]:
    """The blocks of a file behind its byte order mark, each with the byte that follows it."""
    with path.open("rb") as file:
        piece = file.read(BLOCK)
        piece = piece[len(mark(piece[:4])[0]) :]
        while piece:
            following = file.read(BLOCK)
            yield piece, following[0] if following else END
            piece = following
