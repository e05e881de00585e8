"""Each number has a percent sign, a currency sign or a unit beside it.

Why: 12%, $3.50 and 5 kg are not numbers to a program: the field has to say that the text around
the number may be passed over. The number stays as it is: 12% is read as 12. Where units differ
from row to row, or a sign such as < changes what the number means, claimpack proposes nothing.

Fails:
    {"name": "share", "type": "number"} and the cells `0%`, `12%`, `99.5%`

Fix: Declare "bareNumber": false in the field. Or move the unit into the field's description and
rewrite the cells as plain numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimpack.diagnoses.causes.number_separators import declared, operations, readings
from claimpack.diagnoses.numerals import NEARLY_ALL, styles
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, Value, examples, reads
from claimpack.report import Operation

SCOPE = "column"

_SPACE = "[ \u00a0\u202f]?"
_SIGN = r"[$€£¥₹₽₩₺฿]|(?:US|CA|AU|NZ|HK|R)\$|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN"
_MEASURES = (
    "kg|g|mg|[uµμ]g|ng|t|lbs?|oz|km|m|cm|mm|[uµμ]m|nm|mi|ft|in|l|L|ml|mL|dl|ha|km²|m²|m2|km2|m³|m3|"
    "hrs?|hours?|min|sec|ms|days?|years?|yrs?|ppm|ppb|mol|mmol|°|°C|°F|h?Pa|kPa|MPa|bar|kW|kWh|MW|"
    "MWh|GW|GWh|TWh|Hz|kHz|MHz|GHz|kJ|kcal|cal|km/h|m/s|mph|bps|dB|pt|px|MB|GB|KB|kB"
)
_UNIT = rf"[%‰]|{_SIGN}|{_MEASURES}"
_TEXT = re.compile(
    rf"(?P<minus>[+-]?)(?P<sign>(?:{_SIGN}){_SPACE})?"
    rf"(?P<number>[+-]?[0-9](?:[0-9.,'\u2019 \u00a0\u202f]*[0-9.,])?)(?P<unit>{_SPACE}(?:{_UNIT}))?"
)
_WORDS = {"%": "a percent sign", "‰": "a per mille sign", "€": "a euro sign"}
_WORDS |= {"$": "a dollar sign", "£": "a pound sign", "¥": "a yen sign"}


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To pass over the one unit that nearly all malformed cells have."""
    wrong = column.malformed
    if column.field.type not in ("number", "integer") or not wrong.values:
        return
    if 2 * wrong.count < column.table.rows or column.field.options.get("bareNumber") is False:
        return
    unit = _unit(wrong)
    if not unit or wrong.share(lambda text: affix(text) == unit) < NEARLY_ALL:
        return
    bare = _bare(wrong, unit)
    changes: tuple[Operation, ...] = (column.set("bareNumber", False),)
    if bare.share(lambda text: reads(column.field, text)) < NEARLY_ALL:
        others = [text for text in column.cells() if reads(column.field, text)]
        found = styles(bare, others, whole=column.field.type == "integer")
        if not found or all(readings(found)):
            return
        changes = (*changes, *operations(column, found[0]))
    yield Proposal(
        f"Each number has {_WORDS.get(unit, f'the unit {unit}')} beside it.",
        f"{examples(wrong.values)}.",
        declared(changes),
        changes,
    )


def _unit(wrong: Complaint) -> str:
    """The unit of the most frequent malformed cell that has one."""
    return next((unit for value in wrong.values if (unit := affix(value.text))), "")


def affix(text: str) -> str:
    """The sign before or after a number; empty where there is none, or one on both sides."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return ""
    before, after = (match["sign"] or "").strip(), (match["unit"] or "").strip()
    return "" if before and after else before or after


def _bare(wrong: Complaint, unit: str) -> Complaint:
    """The malformed cells without their unit."""
    bare = tuple(
        Value(f"{match['minus']}{match['number']}".strip(), value.count)
        for value in wrong.values
        if affix(value.text) == unit and (match := _TEXT.fullmatch(value.text))
    )
    return Complaint(wrong.rule, wrong.count, bare)


__all__ = ["SCOPE", "affix", "propose"]
