"""Whole numbers are written with .0, or numbers with decimals are declared as integers.

Why: A program that meets a missing value in a column of whole numbers often keeps the column as
decimals, and writes 5 as 5.0 and the year 1990 as 1990.0. No integer field and no year field
accepts that. As a key, 5.0 is not the text 5. A field of type number accepts both forms; a
year, or an identifier that is a text, has to be rewritten.

Fails:
    {"name": "count", "type": "integer"} and the cells `0.0`, `1.0`, `2.0`

Fix: Rewrite the cells without .0, or declare "type": "number".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from claimpack.diagnoses.allowed import NEARLY_ALL, unlisted
from claimpack.diagnoses.numerals import Style
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples, reads

SCOPE = "column"
OFTEN = 0.2
"""Share of rows with decimals from which a column is not one of whole numbers with slips."""

_WHOLE = re.compile(r"([+-]?[0-9]+)\.0*")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)")
_THOUSAND = Style(None, ".")


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The type number for integers; to rewrite years and keys."""
    if column.field.type == "integer":
        yield from _integers(column)
    elif column.field.type == "year":
        yield from _years(column)
    for item in unlisted(column):
        part = item.corrected(_shorn)
        if item.nearly_all(part):
            text = part.values[0].text
            yield Proposal(
                f'The values are in {item.place} once ".0" is removed from their end.',
                f"{examples(part.values)}.",
                f'Rewrite the cells without ".0", such as "{_shorn(text)}" for "{text}".',
                covers=part.count,
                rules=(part.rule,),
            )


def ambiguous(column: ColumnSymptoms) -> bool:
    """Whether all malformed integers end in .000: five with decimals, or five thousand."""
    wrong = column.malformed
    return column.field.type == "integer" and wrong.share(_thousand_or_whole) == 1


def _thousand_or_whole(text: str) -> bool:
    return text.endswith(".000") and _THOUSAND.fits(text)


def _shorn(text: str) -> str:
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text


def _integers(column: ColumnSymptoms) -> Iterator[Proposal]:
    wrong, number = column.malformed, replace(column.field, type="number")
    fits = wrong.share(lambda text: bool(_DECIMAL.fullmatch(text)) and reads(number, text))
    if fits < NEARLY_ALL:
        return
    shown = f"{examples(wrong.values)}."
    if ambiguous(column):
        yield Proposal(
            'The numbers are whole with the decimals ".000", or "." separates groups of three '
            "digits: all values fit both.",
            shown,
            'Declare "type": "number" or "groupChar": ".", whichever is right.',
            covers=wrong.count,
        )
    elif wrong.share(_THOUSAND.fits) < NEARLY_ALL:
        yield from _numbers(column, shown)


def _numbers(column: ColumnSymptoms, shown: str) -> Iterator[Proposal]:
    wrong = column.malformed
    patch = (column.set("type", "number"),)
    if wrong.share(lambda text: _WHOLE.fullmatch(text) is not None) >= NEARLY_ALL:
        message = 'The whole numbers are written with ".0", which no integer field accepts.'
        rewrite = 'Rewrite the cells without ".0"'
        advice = Proposal(message, shown, f"{rewrite}.", covers=wrong.count)
        fix = f'{rewrite}, or declare "type": "number".'
        yield Proposal(message, shown, fix, patch, widens=1, otherwise=advice)
    elif wrong.count >= OFTEN * column.table.rows:
        message = "The numbers are not whole, but the field is declared as an integer."
        yield Proposal(message, shown, 'Declare "type": "number".', patch, widens=1)


def _years(column: ColumnSymptoms) -> Iterator[Proposal]:
    part = column.malformed.only(
        lambda text: _shorn(text) != text and reads(column.field, _shorn(text))
    )
    if 0 < NEARLY_ALL * column.malformed.count <= part.count:
        text = part.values[0].text
        yield Proposal(
            'The years are written with ".0", which no year field accepts.',
            f"{examples(part.values)}.",
            f'Rewrite the cells without ".0", such as "{_shorn(text)}" for "{text}".',
            covers=part.count,
        )


__all__ = ["SCOPE", "ambiguous", "propose"]
