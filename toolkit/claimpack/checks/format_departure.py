"""At which part a text departs from the format of a date, time or datetime, in words.

A pattern is read from left to right: each directive takes the digits or letters that it may
have, and then they are judged, so that a day of 32 is told as one. Only of texts that are no
values; what cannot be said in this way is left out.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

DEFAULTS = {"date": "%Y-%m-%d", "time": "%H:%M:%S", "datetime": "%Y-%m-%dT%H:%M:%S"}
LONGEST = 20
"""Characters of a text that are shown."""
_ZONE = "a time zone such as Z or +01:00"
_WORDS = {1: "a digit", 2: "two digits", 4: "four digits"}


class _Part(NamedTuple):
    """What a directive stands for: its name, fewest and most digits, lowest and highest value."""

    name: str
    fewest: int
    most: int
    low: int
    high: int


_NUMBERS = {
    "Y": _Part("year", 4, 4, 0, 9999),
    "y": _Part("year", 2, 2, 0, 99),
    "m": _Part("month", 1, 2, 1, 12),
    "d": _Part("day", 1, 2, 1, 31),
    "j": _Part("day of the year", 1, 3, 1, 366),
    "H": _Part("hour", 1, 2, 0, 23),
    "I": _Part("hour", 1, 2, 1, 12),
    "M": _Part("minute", 1, 2, 0, 59),
    "S": _Part("second", 1, 2, 0, 61),
    "f": _Part("fraction", 1, 6, 0, 999_999),
}
_XML_HIGH = {"S": 59}
_LONG_YEAR = 18
"""Most digits of a year that are read."""
_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "b": ("the name of the month", tuple(calendar.month_abbr)),
    "B": ("the name of the month", tuple(calendar.month_name)),
    "a": ("the name of the weekday", tuple(calendar.day_abbr)),
    "A": ("the name of the weekday", tuple(calendar.day_name)),
    "p": ("AM or PM", ("AM", "PM")),
}


class _DepartedError(Exception):
    """Where a text departs, in words."""


class _Walk:
    """A text on its way through a format.

    Attributes:
        at: How many characters were read.
        after: What was read last, in words.
        found: The numbers that were read, by their directives.
    """

    def __init__(self, text: str, *, strict: bool, xml: bool) -> None:
        """Begin at the first character.

        Args:
            text: The text.
            strict: Whether numbers have all their digits, which are of ASCII.
            xml: Whether it is a datetime of XML Schema, with an hour 24 and any year.
        """
        self.text, self.strict, self.xml = text, strict, xml
        self.at, self.after = 0, ""
        self.found: dict[str, int] = {}

    def literal(self, mark: str) -> None:
        """Read what stands in the format itself; a space is any white space."""
        match = re.compile(r"\s+" if mark == " " else re.escape(mark), re.IGNORECASE).match(
            self.text, self.at
        )
        if match is None:
            where = f" after the {self.after}" if self.after else ""
            raise _DepartedError(f"expected {_quoted(mark)}{where}, found {self._next(1)}")
        self.at = match.end()

    def number(self, directive: str) -> None:
        """Read the digits of a directive."""
        name, fewest, most, low, high = _NUMBERS[directive]
        if self.strict:
            fewest, high = most, _XML_HIGH.get(directive, high)
        if self.xml and directive == "Y":
            most, high = _LONG_YEAR, 10**_LONG_YEAR
        if directive == "d" and not self.strict:
            self._read(r" (?=[1-9](?!\d))")
        digit = "[0-9]" if self.strict else r"\d"
        digits = self._read(f"{digit}{{0,{most}}}")
        if not digits:
            raise _DepartedError(
                f"expected the {name} at character {self.at + 1}, found {self._next()}"
            )
        if len(digits) < fewest:
            raise _DepartedError(f'expected {_WORDS[fewest]} for the {name}, found "{digits}"')
        value = int(digits)
        high += self.xml and directive == "H"
        if not low <= value <= high:
            raise _DepartedError(f"the {name} is {value}, expected {low} to {high}")
        self.after, self.found[directive] = name, value

    def word(self, directive: str) -> None:
        """Read a name."""
        name, listed = _NAMES[directive]
        known = [each.casefold() for each in listed]
        word = self._read(r"[^\W\d_]*").casefold()
        if word not in known or not word:
            self.at -= len(word)
            raise _DepartedError(
                f"expected {name} at character {self.at + 1}, found {self._next()}"
            )
        self.after = name.removeprefix("the ")
        if directive in "bB":
            self.found["m"] = known.index(word)

    def zone(self) -> None:
        """Read a time zone as a pattern may have one."""
        if not self._read(r"(?i:z|[+-]\d\d:?[0-5]\d(:?[0-5]\d(\.\d{1,6})?)?)"):
            raise _DepartedError(f"expected {_ZONE}, found {self._next()}")
        self.after = "time zone"

    def ending(self) -> None:
        """Read the optional end of a datetime of XML Schema: a fraction and a zone."""
        if self._read(r"\.") and not self._read("[0-9]+"):
            raise _DepartedError(f'expected digits after ".", found {self._next()}')
        if re.compile("[+-]").match(self.text, self.at):
            start = self.at
            if not self._read(r"[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)(?!.)"):
                raise _DepartedError(f"expected {_ZONE}, found {_quoted(self.text[start:])}")
        elif not self._read("Z"):
            return
        self.after = "time zone"

    def end(self) -> None:
        """Nothing comes behind the last part, and the calendar has the day."""
        if self.at < len(self.text):
            raise _DepartedError(f"expected the end after the {self.after}, found {self._next()}")
        year, month, day = (self.found.get(directive) for directive in "Ymd")
        if year == 0:
            raise _DepartedError("there is no year 0000")
        if month and day:
            days = calendar.monthrange(2000 if year is None else year, month)[1]
            if day > days:
                of = f" {year:04d}" if year is not None and month == 2 else ""
                raise _DepartedError(f"{calendar.month_name[month]}{of} has {days} days")

    def _read(self, pattern: str) -> str:
        match = re.compile(pattern).match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match[0] if match else ""

    def _next(self, most: int = LONGEST) -> str:
        """What stands here, in words, and where, unless that was said."""
        match = re.compile(r"\w+|\W").match(self.text, self.at)
        if match is None:
            return "the end"
        where = f" at character {self.at + 1}" if most == 1 else ""
        return f"{_quoted(match[0][:most])}{where}"


@lru_cache(maxsize=1024)
def departure(kind: str, form: str, text: str) -> str:
    """Where a text departs from the format of its field; empty where that cannot be said.

    Args:
        kind: The field's type.
        form: Its format.
        text: A text that is no value of it.
    """
    default = form == "default"
    if kind not in DEFAULTS or form == "any":
        return ""
    try:
        _walk(kind, DEFAULTS[kind] if default else form.removeprefix("fmt:"), text, default)
    except _DepartedError as departed:
        return str(departed)
    except (_UnknownError, ValueError):
        return ""
    return ""


class _UnknownError(Exception):
    """The pattern has a directive that cannot be told in words."""


def _walk(kind: str, form: str, text: str, strict: bool) -> None:
    xml = strict and kind == "datetime"
    walk = _Walk(text, strict=strict, xml=xml)
    if xml and text.startswith("-"):
        walk.literal("-")
    for directive, mark in _pieces(form):
        if not directive:
            walk.literal(mark)
        elif directive in _NUMBERS:
            walk.number(directive)
        elif directive in _NAMES:
            walk.word(directive)
        elif directive == "z":
            walk.zone()
        else:
            raise _UnknownError(directive)
    if xml:
        walk.ending()
    walk.end()
    if xml and walk.found.get("H") == 24:
        raise _DepartedError("the hour is 24, which only 24:00:00 may have")


def _pieces(form: str) -> Iterator[tuple[str, str]]:
    """Directives and single characters of a pattern; white space of any length is a space."""
    for directive, space, mark in re.findall(r"%(.)|(\s+)|(.)", form, re.DOTALL):
        if directive == "%":
            yield "", "%"
        elif directive:
            yield directive, ""
        else:
            yield "", " " if space else mark


def _quoted(text: str) -> str:
    if text.isspace():
        return {" ": "a space", "\t": "a tab"}.get(text, "white space")
    return f'"{text}"' if len(text) <= LONGEST else f'"{text[:LONGEST]}..."'


__all__ = ["departure"]
