"""Codes lost their leading zeros: 5 in place of 005.

Why: A spreadsheet or a data frame that takes codes for numbers drops their leading zeros. The
key 5 no longer finds the row 005, and a list or a pattern of three digits no longer accepts
it. Postcodes, county codes and station numbers are the usual victims.

Fails:
    a foreign key whose cells are `5`, `6`, `17`, and the keys `005`, `006`, `017`

Fix: Pad the cells with zeros. Import such columns as text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from claimpack.diagnoses.allowed import NEARLY_ALL, Unlisted, unlisted
from claimpack.diagnoses.pattern_tests import whole
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, examples

SCOPE = "column"


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To pad the cells, or those that they refer to, to the digits of the others."""
    for item in unlisted(column):
        width = _width(item.allowed)
        part = item.corrected(lambda text, width=width: _padded(text, width))  # type: ignore[misc]
        if item.nearly_all(part):
            yield _pad(column, part, width, f"{item.place} has {_shown(part, width)}.")
        elif short := _reverse(item):
            yield _pad_target(item, short)
    if column.field.constraints.pattern and column.field.type == "string":
        yield from _pattern(column, column.field.constraints.pattern)


def _padded(text: str, width: int) -> str:
    return text.zfill(width) if text.isascii() and text.isdigit() else text


def _width(allowed: frozenset[str]) -> int:
    """The length that codes of digits have, those with a leading zero in particular."""
    counts = Counter(len(t) for t in allowed if t.isascii() and t.isdigit() and t.startswith("0"))
    return counts.most_common(1)[0][0] if counts else 0


def _shown(part: Complaint, width: int) -> str:
    return examples(_padded(value.text, width) for value in part.values)


def _pad(column: ColumnSymptoms, part: Complaint, width: int, evidence: str) -> Proposal:
    text = part.values[0].text
    string = "" if column.field.type == "string" else ', and declare "type": "string"'
    return Proposal(
        "The codes lost their leading zeros: a spreadsheet or a program took them for numbers.",
        f"{examples(part.values)}; {evidence}",
        f'Pad the cells to {width} digits, such as "{_padded(text, width)}" for "{text}"{string}.',
        covers=part.count,
        rules=(part.rule,),
    )


def _reverse(item: Unlisted) -> Complaint | None:
    """The findings on keys with zeros that those they refer to have lost."""
    if item.complaint.rule != "foreign-key":
        return None
    short = {text for text in item.allowed if text.isascii() and text.isdigit()}
    part = item.complaint.only(lambda t: t.startswith("0") and (t.lstrip("0") or "0") in short)
    widths = {len(value.text) for value in part.values}
    return part if item.nearly_all(part) and len(widths) == 1 else None


def _pad_target(item: Unlisted, part: Complaint) -> Proposal:
    text = part.values[0].text
    return Proposal(
        f"The codes in {item.place} lost their leading zeros: a spreadsheet or a program took them "
        "for numbers.",
        f"{examples(part.values)}; {item.place} has "
        f"{examples(value.text.lstrip('0') or '0' for value in part.values)}.",
        f'Pad the cells of {item.place} to {len(text)} digits, such as "{text}" for '
        f'"{text.lstrip("0") or "0"}".',
        covers=part.count,
        rules=(part.rule,),
    )


def _pattern(column: ColumnSymptoms, pattern: str) -> Iterator[Proposal]:
    """One more digit than most cells have, where nearly all match the field's pattern with it.

    Where more are missing, they may be anything: a year of two digits, say.
    """
    wrong = column.complaint("constraint-error")
    short = wrong.only(lambda text: text.isascii() and text.isdigit())
    matches = whole(pattern)
    width = max((len(value.text) for value in short.values), default=0) + 1
    part = short.only(lambda text: matches(_padded(text, width)))
    by_one = part.estimate(lambda text: len(text) == width - 1)
    nearly_all = 0 < NEARLY_ALL * wrong.count <= part.count <= 2 * by_one
    if nearly_all and not any(text.startswith("0") for text in column.cells()):
        yield _pad(column, part, width, f"the pattern is {pattern}.")
