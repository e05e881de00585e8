"""Cells of a sheet: the attributes and the content of each, from `s=` to `</c>`."""

from __future__ import annotations

import re
from functools import cache
from xml.sax.saxutils import escape

from claimpack.errors import TooLargeError

CHARACTERS = 32_767
"""Most UTF-16 units of a cell."""
PLAIN, LABEL, QUOTED, DATE, MOMENT, TIME = range(6)
"""Styles of cells, by their place in the list of styles."""
ODD = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold in a text, or reads as something else, and what begins an escape."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LOOKS = re.compile(r"[=+\-@'\t\r0-9.]")
"""The beginning of a text that a spreadsheet takes for a formula or number when it is typed."""


def text_cell(text: str) -> str:
    """A text, which stays one whatever it looks like.

    Raises:
        TooLargeError: It is longer than a cell may be.
    """
    return _inline_cell(QUOTED if _LOOKS.match(text) else PLAIN, text)


def label_cell(text: str) -> str:
    """A column's label."""
    return _inline_cell(LABEL, text)


def number_cell(text: str, style: int = PLAIN) -> str:
    """A number, or with a style a date or time as its number of days."""
    return f"{_styled(style)}><v>{text}</v></c>"


def boolean_cell(value: bool) -> str:
    """A boolean."""
    return f' t="b"><v>{value:d}</v></c>'


def _inline_cell(style: int, text: str) -> str:
    """A text cell. What XML cannot hold, and what looks like this escape, is escaped."""
    if len(text) > CHARACTERS // 2 and len(text.encode("utf-16-le")) // 2 > CHARACTERS:
        raise TooLargeError(f"a text is longer than the {CHARACTERS:,} characters of a cell")
    if ODD.search(text):
        text = ODD.sub(lambda match: f"_x{ord(match.group()):04X}_", text)
    made = f'<t xml:space="preserve">{escape(text)}</t>'
    return f'{_styled(style)} t="inlineStr"><is>{made}</is></c>'


def _styled(style: int) -> str:
    return f' s="{style}"' if style else ""


def unescaped(text: str) -> str:
    """A text as it was before it was put into a cell."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


@cache
def letters(number: int) -> str:
    """The letters of a column, from 0."""
    text = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        text, number = chr(65 + rest) + text, number - 1
    return text
