"""The survey: whether a file is plain, so that the engine's own parallel reader is to be trusted.

That reader is wrong on newlines inside quotes, skips empty lines in silence and
strips a space before a quote. A file is plain where it is UTF-8 with one kind of
newline, LF or CRLF, and has no newline inside quotes, no empty line, no NUL, and
quotes only where a cell begins or ends, or doubled. The survey may call a harmless
file not plain (the careful road then reads it as well), never the other way round.
What it leaves to the reader, which raises on it: cells too many or too few, and
bytes that are no UTF-8. It counts the delimiters, for a reader that makes nulls of
missing cells in silence: where no row has too many cells, their number proves that
none has too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.engine.records import grammar
from claimpack.engine.streams import UTF8, codec, mark

if TYPE_CHECKING:
    import numpy as np

SMALL = 2 << 20
"""Files up to this size are surveyed by the grammar, larger ones block by block."""

BLOCK = 1 << 18
LF, CR, NUL, END = 10, 13, 0, 256
"""Bytes that matter, and what stands behind the last one."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What was seen of a plain file.

    Attributes:
        delimiters: Number of delimiters outside quotes, None where they were not counted.
    """

    delimiters: int | None = None


def eligible(resource: Resource) -> bool:
    """Whether the descriptor alone allows the engine's own reader."""
    dialect, rules = resource.dialect, grammar(resource.dialect)
    return (
        rules.plain
        and rules.quote in (b'"', b"")
        and len(resource.files) == 1
        and resource.compression is None
        and codec(resource.encoding) in UTF8
        and dialect.comment_char is None
        and not dialect.comment_rows
        and (not dialect.header or tuple(dialect.header_rows) == (1,))
        and not set("*?[") & set(str(resource.files[0]))
    )


def plain(resource: Resource, width: int) -> Plain | None:
    """What was seen of the one file of an eligible resource where it is plain, else None."""
    path, rules = resource.files[0], grammar(resource.dialect)
    size = path.stat().st_size
    if size <= SMALL:
        return Plain() if _plain_text(path.read_bytes(), rules.run(width, flat=True)) else None
    if not _decodes(path):
        return None
    return _Blocks(rules.delimiter[0], rules.quote[0] if rules.quote else -1).plain(path)


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

    def __init__(self, delimiter: int, quote: int) -> None:
        self.delimiter, self.quote = delimiter, quote
        self.delimiters = 0
        self.parity = 0

    def plain(self, path: Path) -> Plain | None:
        """What was seen of the file at a path where it is plain, else None."""
        import numpy as np

        before, returns, length = LF, None, 0
        for piece, after in _pieces(path):
            block = np.frombuffer(piece, dtype=np.uint8)
            if returns is None:
                returns = CR in piece
            newline = block == LF
            if NUL in piece or not _newlines(block, newline, before, after, returns):
                return None
            if not self._counted(piece, block, newline, before, after):
                return None
            last = piece.rfind(b"\n")
            length = len(piece) - 1 - last if last >= 0 else length + len(piece)
            if length > limits.CELL_BYTES:
                return None
            before = int(block[-1])
        return Plain(self.delimiters) if self.parity == 0 else None

    def _counted(
        self, piece: bytes, block: np.ndarray, newline: np.ndarray, before: int, after: int
    ) -> bool:
        """Count the delimiters outside quotes; whether the quotes are in their places."""
        import numpy as np

        delimiter = block == self.delimiter
        if self.quote not in piece:
            self.delimiters += 0 if self.parity else int(np.count_nonzero(delimiter))
            return not (self.parity and newline.any())
        quote = block == self.quote
        events = np.flatnonzero(quote | newline | delimiter)
        quotes = quote[events]
        inside = np.bitwise_xor.accumulate(quotes.view(np.uint8)) ^ self.parity
        quiet = inside == 0
        if not quiet[newline[events]].all():
            return False
        if not self._quotes(block, events[quotes], self.parity, before, after):
            return False
        self.delimiters += int(np.count_nonzero(quiet & delimiter[events]))
        self.parity = int(inside[-1])
        return True

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
    block: np.ndarray, newline: np.ndarray, before: int, after: int, returns: bool
) -> bool:
    """No empty line, and either no carriage return or one before each newline."""
    import numpy as np

    places = np.flatnonzero(newline)
    if (np.diff(places) == 1).any() or (before == LF and block[0] == LF):
        return False
    if not returns:
        return not (block == CR).any()
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
