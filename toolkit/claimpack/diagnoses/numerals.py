"""How the numbers of a column are written: what separates decimals, and groups of digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from claimpack.diagnoses.symptoms import Complaint

SPACES = (" ", "\u00a0", "\u202f", "\u2009")
APOSTROPHES = ("'", "\u2019")
GROUPS = (",", ".", *SPACES, *APOSTROPHES, "_")
NAMES = {
    ",": "a comma",
    ".": "a point",
    " ": "a space",
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u2009": "a thin space",
    "'": "an apostrophe",
    "\u2019": "a typographic apostrophe",
    "_": "an underscore",
}
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Style:
    """A way to write numbers.

    Attributes:
        decimal: What separates the decimals; None for whole numbers.
        group: What separates groups of three digits; None where nothing does.
    """

    decimal: str | None = "."
    group: str | None = None

    def fits(self, text: str) -> bool:
        """Whether a text is a number written so, its groups of three digits each."""
        return _pattern(self).fullmatch(text) is not None

    @property
    def told(self) -> str:
        """The style in words: a comma before the decimals and a point between groups of digits."""
        decimal = None if self.decimal == "." else self.decimal
        marks = [f"{NAMES[decimal]} before the decimals"] if decimal else []
        marks += [f"{NAMES[self.group]} between groups of digits"] if self.group else []
        return " and ".join(marks) or "a point before the decimals"


@cache
def _pattern(style: Style) -> re.Pattern[str]:
    mark = re.escape(style.group or "")
    whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+)" if style.group else "[0-9]+"
    if style.decimal is None:
        return re.compile(rf"[+-]?{whole}")
    decimal = re.escape(style.decimal)
    digits = rf"(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)"
    return re.compile(rf"[+-]?{digits}(?:[eE][+-]?[0-9]+)?|(?i:nan|-?inf)")


def styles(wrong: Complaint, valid: Sequence[str], *, whole: bool) -> list[Style]:
    """The styles that nearly all malformed and all valid cells fit, the simplest first.

    Args:
        wrong: The malformed cells.
        valid: Cells of the column, of which those that are not malformed have to fit as well.
        whole: Whether only whole numbers are meant, so that nothing separates decimals.
    """
    malformed = {value.text for value in wrong.values}
    others = [text for text in valid if text not in malformed]
    used = set("".join(malformed))
    return [
        style
        for style in _all(whole)
        if {style.decimal, style.group} & used
        and (style.group is None or style.group in used or style.group == ".")
        and wrong.share(style.fits) >= NEARLY_ALL
        and all(map(style.fits, others))
    ]


def _all(whole: bool) -> Iterator[Style]:
    if whole:
        yield from (Style(None, group) for group in GROUPS)
        return
    for decimal in (",", "."):
        yield Style(decimal)
        yield from (Style(decimal, group) for group in GROUPS if group != decimal)


__all__ = ["APOSTROPHES", "GROUPS", "NAMES", "SPACES", "Style", "styles"]
