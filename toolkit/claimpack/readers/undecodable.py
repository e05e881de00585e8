"""Bytes that are not text in the declared encoding, in words: where, and what they probably are."""

from __future__ import annotations

import re
from typing import NamedTuple

UTF8_NAMES = {"utf-8": "UTF-8", "utf8": "UTF-8", "utf-8-sig": "UTF-8"}
AROUND = 40
"""Bytes on either side that are kept, to show the word that a byte belongs to."""
_WORD_END = re.compile(r"[\s,;|\"\t]")


class Undecoded(NamedTuple):
    """The first bytes of a line that cannot be decoded.

    Attributes:
        offset: Where they are in the file.
        lines: Number of newlines before them.
        context: The bytes around them.
        at: Their place in the context.
    """

    offset: int
    lines: int
    context: bytes = b""
    at: int = 0

    def behind(self, offset: int) -> Undecoded:
        """The same, its own offset being counted from another one."""
        return self._replace(offset=offset + self.offset)


def undecoded(offset: int, lines: int, data: bytes, start: int) -> Undecoded:
    """What is kept of a run of bytes at a place in the data."""
    first = max(start - AROUND, 0)
    return Undecoded(offset, lines, data[first : start + AROUND], start - first)


def message(found: Undecoded, encoding: str) -> str:
    """Which byte is not valid, and where."""
    name = UTF8_NAMES.get(encoding.lower(), encoding)
    byte = f"byte 0x{found.context[found.at]:02X}" if found.context else "the byte"
    probable = f'; in Windows-1252 it is "{char}"' if (char := _character(found)) else ""
    word = probable and _word(found)
    shown = f' ("{word}")' if len(word) > 1 else ""
    return f"{byte} at offset {found.offset} is not valid {name}{probable}{shown}"


def fix(encoding: str) -> str:
    """How to save the file so that it can be read."""
    name = UTF8_NAMES.get(encoding.lower(), encoding)
    if name != "UTF-8":
        return f"Save the file as {name}, or as UTF-8 and correct the declared encoding."
    return (
        'Save the file as UTF-8: in Excel as "CSV UTF-8", in LibreOffice with the character set '
        '"Unicode (UTF-8)".'
    )


def saved_as(found: Undecoded) -> str:
    """The encoding that a file was probably saved in, with the word that shows it; or empty."""
    if not _character(found):
        return ""
    return f'Windows-1252 (line {found.lines + 1} has "{_word(found)}")'


def _character(found: Undecoded) -> str:
    """The character in Windows-1252, where that is one that people write; else empty."""
    try:
        char = found.context[found.at : found.at + 1].decode("windows-1252")
    except UnicodeDecodeError:
        return ""
    return char if char.isprintable() and not char.isspace() else ""


def _word(found: Undecoded) -> str:
    """The word that a byte belongs to, in Windows-1252."""
    text = found.context.decode("windows-1252", "replace")
    before, after = _WORD_END.split(text[: found.at]), _WORD_END.split(text[found.at :])
    return before[-1] + after[0]


__all__ = ["Undecoded", "fix", "message", "saved_as", "undecoded"]
