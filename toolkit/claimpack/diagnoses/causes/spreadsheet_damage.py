"""A spreadsheet changed the values: long numbers rounded, codes made into dates, failed formulas.

Why: A spreadsheet shows a long identifier as 1.23457E+15 and saves what it shows: the other
digits are gone. It takes codes and ranges such as 3-1 for dates and saves 1-Mar, saves dates
without the part that a cell does not show, and saves #DIV/0! or #### where a formula failed or
a column was too narrow. No schema brings the values back.

Fails:
    {"name": "id", "type": "integer"} and the cells `1.23457E+15`, `1.23458E+15`

Fix: Take the values from the original source. Import that column as text, not as numbers or
dates, and export the table again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimpack.diagnoses.allowed import NEARLY_ALL
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, examples

SCOPE = "column"
RULES = ("type-error", "constraint-error", "foreign-key", "primary-key", "unique-error")
LOST = 2
"""Decimals of a rounded number from which digits were lost: 1.2E+12 may be an estimate."""

_ROUNDED = re.compile(r"[+-]?[1-9](?:\.(?P<decimals>[0-9]{1,5}))?E\+(?P<power>[0-9]{2,3})")
_PART = (
    "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|mär|mrz|mai|okt|dez|janv|févr|mars|avr"
    r"|juin|juil|août|déc|ene|abr|ago|dic)\.?"
)
_DAY_MONTH = re.compile(
    rf"[0-9]{{1,2}}(?:[-. ]|\. ){_PART}|{_PART}[-. ][0-9]{{1,2}}", re.IGNORECASE
)
_FAILED = re.compile(r"#(?:REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|#{3,}")


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """What a spreadsheet did to the values; there is no patch for any of it."""
    for rule in RULES:
        wrong = column.complaint(rule)
        if rounded(wrong):
            yield _advice(
                wrong.only(_is_rounded),
                "A spreadsheet rounded long numbers and saved them in scientific notation: digits "
                "are lost.",
                "Take the numbers from the original source, and import the column as text.",
            )
        if wrong.share(_is_day_month) >= NEARLY_ALL and len(wrong.values) > 1:
            yield _dates(column, wrong.only(_is_day_month))
    failed = column.malformed.only(lambda text: _FAILED.fullmatch(text) is not None)
    if failed.share(lambda text: not text.strip("#")) == 1:
        yield _advice(
            failed,
            "A spreadsheet saved #### in place of values: the column was too narrow for them.",
            "Widen the column in the spreadsheet, and export it again.",
        )
    elif failed.count:
        yield _advice(
            failed,
            "A spreadsheet saved errors of formulas in place of values.",
            "Correct the formulas in the spreadsheet, and export it again.",
        )


def rounded(wrong: Complaint) -> bool:
    """Whether nearly all values are long numbers that a spreadsheet cut to a few digits."""
    return wrong.share(_is_rounded) >= NEARLY_ALL and 2 * wrong.weight(_loses) >= wrong.known


def _is_rounded(text: str) -> bool:
    match = _ROUNDED.fullmatch(text)
    return match is not None and int(match["power"]) > 10


def _loses(text: str) -> bool:
    match = _ROUNDED.fullmatch(text)
    return match is not None and len(match["decimals"] or "") >= LOST


def _is_day_month(text: str) -> bool:
    return _DAY_MONTH.fullmatch(text) is not None


def _dates(column: ColumnSymptoms, wrong: Complaint) -> Proposal:
    if column.field.type in ("date", "datetime"):
        return _advice(
            wrong,
            "The dates are incomplete: a spreadsheet saved only two of day, month and year.",
            "Show the dates as YYYY-MM-DD in the spreadsheet, and export it again.",
        )
    return _advice(
        wrong,
        "A spreadsheet made dates of the values: 3-1 or 1/3 becomes 1-Mar.",
        "Take the values from the original source, and import the column as text.",
    )


def _advice(wrong: Complaint, message: str, fix: str) -> Proposal:
    shown = f"{examples(wrong.values)}."
    return Proposal(message, shown, fix, covers=wrong.count, rules=(wrong.rule,))


__all__ = ["SCOPE", "propose", "rounded"]
