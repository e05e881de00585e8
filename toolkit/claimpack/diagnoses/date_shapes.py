"""From the shape of a text to the patterns of strptime that it may be written in."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER, _WORD = r"\d{1,4}", r"[A-Za-z]{3,9}"
_DATE = re.compile(
    rf"(?P<a>{_NUMBER}|{_WORD})(?P<s>[-/. ]|\. )(?P<b>{_NUMBER}|{_WORD})(?P<t>[-/. ]|\. |, )"
    rf"(?P<c>\d{{1,4}})"
)
_COMPACT = re.compile(r"\d{8}(?:(?!\d)|(?=\d{4}(?:\d{2})?(?!\d)))")
_COMPACT_TIME = re.compile(
    r"\d{4}(?P<s>\d{2})?(?P<f>\.\d{1,6})?(?P<z> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?P<s>[:.])\d{2}(?:(?P=s)\d{2}(?P<f>[.,]\d{1,6})?)?"
    r"(?P<p> ?[AaPp][Mm])?(?P<z> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_JOINS = re.compile(r"T|, | +|_|(?=\d{4})")


def patterns(text: str, kind: str) -> Iterator[str]:
    """The patterns that a text may be written in."""
    if kind == "time":
        yield from _clocks(text)
        return
    for length, day in _days(text):
        rest = text[length:]
        if not rest:
            yield day
        elif join := _JOINS.match(rest):
            for clock in _clocks(rest[join.end() :]):
                yield f"{day}{join[0]}{clock}"


def _days(text: str) -> Iterator[tuple[int, str]]:
    """Patterns of a date at the start of a text, with the length of it."""
    if _COMPACT.match(text):
        yield 8, "%Y%m%d"
        return
    match = _DATE.match(text)
    if match is None:
        return
    a, b, c = match["a"], match["b"], match["c"]
    for order in _orders(a, b, c, match["s"]):
        yield match.end(), match["s"].join(order[:2]) + match["t"] + order[2]


def _orders(a: str, b: str, c: str, mark: str) -> Iterator[tuple[str, str, str]]:
    year = "%Y" if len(c) == 4 else "%y"
    if a.isalpha():
        yield (_month(a), "%d", year)
    elif b.isalpha():
        yield ("%Y", _month(b), "%d") if len(a) == 4 else ("%d", _month(b), year)
    elif len(a) == 4:
        yield ("%Y", "%m", "%d")
        yield ("%Y", "%d", "%m")
    else:
        yield ("%d", "%m", year)
        yield ("%m", "%d", year)
        if year == "%y" and len(a) == 2 and mark == "-":
            yield ("%y", "%m", "%d")


def _month(word: str) -> str:
    return "%b" if len(word) == 3 else "%B"


def _clocks(text: str) -> Iterator[str]:
    """The pattern of a text that is a time and nothing else."""
    match = _TIME.fullmatch(text)
    if match is None:
        yield from _compact_clocks(text)
        return
    half = match["p"]
    parts = ["%I" if half else "%H", "%M"]
    clock = match["s"].join([*parts, *(["%S"] if _seconds(match) else [])])
    clock += f"{match['f'][0]}%f" if match["f"] else ""
    clock += (" %p" if half.startswith(" ") else "%p") if half else ""
    yield clock + _zone(match["z"] or "")


def _compact_clocks(text: str) -> Iterator[str]:
    match = _COMPACT_TIME.fullmatch(text)
    if match is not None:
        parts = "%H%M" + ("%S" if match["s"] else "") + (".%f" if match["f"] else "")
        yield parts + _zone(match["z"] or "")


def _zone(text: str) -> str:
    """An offset, or the name of the only zone that every system knows."""
    space = " " if text.startswith(" ") else ""
    return f"{space}%{'Z' if 'UTC' in text or 'GMT' in text else 'z'}" if text else ""


def _seconds(match: re.Match[str]) -> bool:
    clock = match[0].removesuffix(match["z"] or "").removesuffix(match["p"] or "")
    return clock.removesuffix(match["f"] or "").count(match["s"]) == 2


__all__ = ["patterns"]
