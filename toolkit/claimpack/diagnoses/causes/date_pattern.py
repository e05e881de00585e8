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
from claimpack.diagnoses.date_shapes import patterns
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


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The pattern that nearly all malformed cells are written in, or two that both fit."""
    item, wrong = column.field, column.malformed
    if item.type not in DEFAULTS or not wrong.values:
        return
    if offsets := _offsets(column):
        yield offsets
        return
    if item.format != "default" and _default_share(column) >= NEARLY_ALL:
        yield _default(column)
        return
    found = sorted(_candidates(wrong, item.type), key=lambda pair: -pair[1])
    made = []
    if found and found[0][1] > 0:
        made = list(_decided(column, *found[0], [pattern for pattern, _ in found[1:]]))
    yield from made or _several(column)


def _candidates(wrong: Complaint, kind: str) -> Iterator[tuple[str, float]]:
    tried = dict.fromkeys(
        pattern for value in wrong.values[:SHAPES] for pattern in patterns(value.text, kind)
    )
    for pattern in islice(tried, 4 * SHAPES):
        yield pattern, wrong.share(partial(_fits, pattern=pattern))


@lru_cache(maxsize=8192)
def _fits(text: str, pattern: str) -> bool:
    try:
        return moment(text, pattern).year > 0
    except (ValueError, re.error):
        return False


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


def _offsets(column: ColumnSymptoms) -> Proposal | None:
    """To declare %z for %Z, which stands for the name of a zone."""
    wrong, pattern = column.malformed, column.field.format.replace("%Z", "%z")
    if "%Z" not in column.field.format or wrong.share(partial(_fits, pattern=pattern)) < NEARLY_ALL:
        return None
    return Proposal(
        "The format has %Z, which stands for the name of a zone, but the cells have offsets: %z.",
        f"{examples(wrong.values)}.",
        f'Declare "format": "{pattern}".',
        (column.set("format", pattern),),
    )


def _several(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To write T and offsets in full, where datetimes are in no single pattern."""
    item = replace(column.field, format="default")
    part = column.malformed.only(lambda text: reads(item, _in_full(text)))
    if item.type != "datetime" or not 0 < NEARLY_ALL * column.malformed.count <= part.count:
        return
    text = part.values[0].text
    yield Proposal(
        "The datetimes are not in the default form, and no pattern fits all of them.",
        f"{examples(part.values)}.",
        f'Rewrite the cells in the default form, such as "{_in_full(text)}" for "{text}".',
        covers=part.count,
    )


def _in_full(text: str) -> str:
    """A datetime with T and its offset as the default form has them."""
    clock, zone = re.sub("^(.{10}) +", r"\1T", text), ""
    if match := re.fullmatch(r"(.*\d) ?(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)", clock[10:]):
        clock, zone = clock[:10] + match[1], match[2]
    if zone in ("UTC", "GMT"):
        zone = "Z"
    elif zone[:1] in ("+", "-") and zone:
        zone = f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    return clock.replace(",", ".") + zone


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
        otherwise=_without_patch(column, pattern, instead, evidence),
    )


def _without_patch(
    column: ColumnSymptoms, pattern: str, instead: str, evidence: str
) -> Proposal | None:
    """What to do where another pattern breaks other cells, or a bound, or another table."""
    kind, wrong = column.field.type, column.malformed
    covers = wrong.estimate(partial(_fits, pattern=pattern))
    if 2 * covers < column.table.rows:
        return None
    mixed = any(reads(column.field, text) for text in column.cells())
    some, rest, cells = ("Some", "others", "the former") if mixed else ("The", "not", "the cells")
    message = f"{some} {kind}s are written as {_words(pattern)}, {rest} as {instead}."
    return Proposal(message, evidence, f"Rewrite {cells} as {instead}.", covers=covers)


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
