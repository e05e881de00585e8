"""Dates, times or datetimes are written in another pattern than the field declares.

Why: Dates written day/month/year, a space in place of the T, or seconds left out make every
cell of the column an error, although all of them are dates. The schema can say how they are
written. Whether 3/4/2017 is in March or April is decided by the values: one with a first part
above 12 begins with the day. Where no value decides, only the owner of the data knows, so
claimpack names both patterns and patches nothing.

Fails:
    {"name": "d", "type": "date"} and the cells `1/13/2017`, `2/14/2017`, `3/15/2017`

Fix: Declare the pattern as the field's format, such as "format": "%m/%d/%Y". Or rewrite the
cells in the default form, such as 2017-01-13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice

from claimpack.descriptor.values import moment
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, examples, reads

SCOPE = "column"
DEFAULTS = {"date": "YYYY-MM-DD", "time": "hh:mm:ss", "datetime": "YYYY-MM-DDThh:mm:ss"}
"""The default forms of the types that have patterns."""
NEARLY_ALL = 0.9
MIXED = 0.02
"""Share of values that only the other order of day and month can read, from which both are
in the column."""
SHAPES = 8
"""Distinct values whose shape is looked at."""

_NUMBER, _WORD = r"\d{1,4}", r"[A-Za-z]{3,9}"
_DATE = re.compile(
    rf"(?P<a>{_NUMBER}|{_WORD})(?P<s>[-/. ]|\. )(?P<b>{_NUMBER}|{_WORD})(?P<t>[-/. ]|\. |, )"
    rf"(?P<c>\d{{1,4}})"
)
_COMPACT = re.compile(r"\d{8}(?!\d)")
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?P<s>[:.])\d{2}(?:(?P=s)\d{2}(?P<f>\.\d{1,6})?)?"
    r"(?P<p> ?[AaPp][Mm])?(?P<z> ?(?:Z|[+-]\d{2}:?\d{2}))?"
)
_JOINS = re.compile(r"T|, | +|_")


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The pattern that nearly all malformed cells are written in, or two that both fit."""
    item, wrong = column.field, column.malformed
    if item.type not in DEFAULTS or not wrong.values:
        return
    if item.format != "default" and _default_share(column) >= NEARLY_ALL:
        yield _default(column)
        return
    found = sorted(_candidates(wrong, item.type), key=lambda pair: -pair[1])
    if found and found[0][1] > 0:
        yield from _decided(column, *found[0], [pattern for pattern, _ in found[1:]])


def _candidates(wrong: Complaint, kind: str) -> Iterator[tuple[str, float]]:
    patterns = dict.fromkeys(
        pattern for value in wrong.values[:SHAPES] for pattern in _patterns(value.text, kind)
    )
    for pattern in islice(patterns, 4 * SHAPES):
        yield pattern, wrong.share(partial(_fits, pattern=pattern))


@lru_cache(maxsize=8192)
def _fits(text: str, pattern: str) -> bool:
    try:
        return moment(text, pattern).year > 0
    except (ValueError, re.error):
        return False


# --- from the shape of a value to patterns ------------------------------------------------


def _patterns(text: str, kind: str) -> Iterator[str]:
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
        return
    half = match["p"]
    parts = ["%I" if half else "%H", "%M"]
    clock = match["s"].join([*parts, *(["%S"] if _seconds(match) else [])])
    clock += ".%f" if match["f"] else ""
    clock += (" %p" if half.startswith(" ") else "%p") if half else ""
    zone = match["z"] or ""
    yield clock + (" %z" if zone.startswith(" ") else "%z" if zone else "")


def _seconds(match: re.Match[str]) -> bool:
    clock = match[0].removesuffix(match["z"] or "").removesuffix(match["p"] or "")
    return clock.removesuffix(match["f"] or "").count(match["s"]) == 2


# --- from patterns to a proposal ----------------------------------------------------------


def _default_share(column: ColumnSymptoms) -> float:
    item = replace(column.field, format="default")
    return column.malformed.share(lambda text: reads(item, text))


def _default(column: ColumnSymptoms) -> Proposal:
    kind = column.field.type
    return Proposal(
        f"The {kind}s are written as {DEFAULTS[kind]}, not as {column.field.format}.",
        f"{examples(column.malformed.values)}.",
        'Remove "format" from the field: this is the default form.',
        (column.unset("format"),),
    )


def _decided(
    column: ColumnSymptoms, best: str, share: float, others: list[str]
) -> Iterator[Proposal]:
    """The one pattern that the values decide for, or the two that fit."""
    wrong = column.malformed
    rival = next((pattern for pattern in others if sorted(pattern) == sorted(best)), None)
    if rival is None or best.startswith("%Y"):
        if share >= NEARLY_ALL:
            yield _pattern(column, best, f"{examples(wrong.values)}.")
        return
    alone = wrong.only(lambda text: _fits(text, best) and not _fits(text, rival))
    other = wrong.only(lambda text: _fits(text, rival) and not _fits(text, best))
    if share >= NEARLY_ALL and alone.count and other.count <= MIXED * alone.count:
        yield _pattern(column, best, f"{examples(wrong.values)}. {_proof(best, alone)}")
    elif wrong.share(lambda text: _fits(text, best) or _fits(text, rival)) >= NEARLY_ALL:
        yield _ambiguous(column, best, rival, alone, other)


def _proof(pattern: str, alone: Complaint) -> str:
    """What shows that a pattern is the right one, where another one has the same parts."""
    count = "1 value has" if alone.count == 1 else f"{alone.count:,} values have"
    parts = re.findall("%[dmyY]", pattern)
    if "%y" in parts and parts[0] == "%y":
        return f'"{alone.values[0].text}" can only be read as {_words(pattern)}.'
    place = ("first", "second", "third")[parts.index("%d")]
    order = "day/month" if parts.index("%d") < parts.index("%m") else "month/day"
    return f"{count} a {place} part above 12, so the order is {order}."


def _pattern(column: ColumnSymptoms, pattern: str, evidence: str) -> Proposal:
    kind, declared = column.field.type, column.field.format
    instead = DEFAULTS[kind] if declared == "default" else declared
    return Proposal(
        f"The {kind}s are written as {_words(pattern)}, not as {instead}.",
        evidence,
        f'Declare "format": "{pattern}".',
        (column.set("format", pattern),),
    )


def _ambiguous(
    column: ColumnSymptoms, best: str, rival: str, alone: Complaint, other: Complaint
) -> Proposal:
    wrong = column.malformed
    one, two = sorted((best, rival))
    covers = wrong.estimate(lambda text: _fits(text, one) or _fits(text, two))
    said = f"The {column.field.type}s are written as {_words(one)} or {_words(two)}"
    if alone.count and other.count:
        return Proposal(
            f"{said}: both orders are in the column.",
            f"{examples(alone.values, 2)}, but {examples(other.values, 2)}.",
            "Find out which rows have which order, and rewrite these cells in one pattern.",
            covers=covers,
        )
    return Proposal(
        f"{said}: all values fit both.",
        f"{examples(wrong.values)}. No value has a part above 12 that would decide.",
        f'Declare "format": "{one}" or "{two}", whichever is right.',
        covers=covers,
    )


_NAMES = {"%d": "day", "%m": "month", "%b": "month", "%B": "month", "%Y": "year", "%y": "year"}


def _words(pattern: str) -> str:
    """A pattern in words: day/month/year, and the pattern itself where it has more parts."""
    words = re.sub("%[dmbBYy]", lambda match: _NAMES[match[0]], pattern)
    return pattern if "%" in words or words == "yearmonthday" else words
