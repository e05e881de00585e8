"""Whole numbers are written with an exponent, or numbers with one are declared as integers.

Why: Programs write large round numbers in short: R writes 100000 as 1e+05. A field of type
number accepts an exponent, one of type integer does not.

Fails:
    {"name": "count", "type": "integer"} and the cells `1e+05`, `2E5`, `3e3`

Fix: Declare "type": "number". Or rewrite the cells with all their digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from claimpack.diagnoses.allowed import NEARLY_ALL
from claimpack.diagnoses.causes.integer_decimals import OFTEN
from claimpack.diagnoses.causes.spreadsheet_damage import rounded
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples, reads

SCOPE = "column"

_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.(?P<decimals>[0-9]*))?[eE](?P<power>[+-]?[0-9]{1,4})")


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The type number, where no digits were lost."""
    wrong, number = column.malformed, replace(column.field, type="number")
    if column.field.type != "integer" or rounded(wrong):
        return
    fits = wrong.share(lambda text: bool(_EXPONENT.fullmatch(text)) and reads(number, text))
    if fits < NEARLY_ALL:
        return
    shown, patch = f"{examples(wrong.values)}.", (column.set("type", "number"),)
    if wrong.share(_whole) >= NEARLY_ALL:
        message = "The whole numbers are written with an exponent, which no integer field accepts."
        rewrite = "Rewrite the cells with all their digits"
        advice = Proposal(message, shown, f"{rewrite}.", covers=wrong.count)
        fix = f'{rewrite}, or declare "type": "number".'
        yield Proposal(message, shown, fix, patch, widens=1, otherwise=advice)
    elif wrong.count >= OFTEN * column.table.rows:
        message = "The numbers have exponents and are not whole; the field is an integer."
        yield Proposal(message, shown, 'Declare "type": "number".', patch, widens=1)


def _whole(text: str) -> bool:
    match = _EXPONENT.fullmatch(text)
    return match is not None and len((match["decimals"] or "").rstrip("0")) <= int(match["power"])
