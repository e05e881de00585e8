"""Identifiers are declared as numbers, although they have letters or hyphens.

Why: A column named id looks like a column of numbers until the first A-17. Codes are texts:
nothing is computed with them, and 007 is not 7.

Fails:
    {"name": "id", "type": "integer"} and the cells `A-17`, `A-18`, `B-02`

Fix: Declare "type": "string".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from claimpack.descriptor.model import Field
from claimpack.diagnoses.allowed import NEARLY_ALL
from claimpack.diagnoses.causes.number_units import affix
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples, reads

SCOPE = "column"
FEW = 3
"""Distinct codes that a column has at least."""
OFTEN = {True: 0.2, False: 0.5}
"""Share of rows that have a code, in a field that is known to identify and in others."""
LONGEST = 64
"""Most characters of a code."""
RATHER = 0.1
"""Share of values of a narrower type from which they are no codes."""
NARROWER = ("date", "time", "datetime", "yearmonth", "duration", "boolean", "geopoint")
"""Types that a value is rather of than a text."""

_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_.:/][A-Za-z0-9]+)*")
_MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NO_CODE = re.compile(
    r"0[xX][0-9A-Fa-f]+|[0-9.]+[eE][-0-9]+|[0-9]+(?:[.:/][0-9]+)+"
    r"|[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,4}(?:T.*)?"
    rf"|[0-9]{{1,2}}[-./]?{_MONTH}[-./]?(?:[0-9]{{2}}){{0,2}}|{_MONTH}[-./]?[0-9]{{1,4}}"
)
"""Numbers in another notation, versions, dates."""
_RANGE = re.compile("([0-9]+)-([0-9]+)")
_NAME = re.compile(r"(?:.*[_\W])?(?:id|code|key|no|nr|number)|.*(?:ID|Id|Code|Key)")


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The type string for codes."""
    if column.field.type not in ("integer", "number") or not _labelled(column):
        return
    wrong = column.malformed
    often = OFTEN[_identifies(column)]
    if wrong.count >= often * column.table.rows and _codes(column):
        yield Proposal(
            f"The values are codes with letters or hyphens, not {column.field.type}s.",
            f"{examples(wrong.values)}.",
            'Declare "type": "string".',
            (column.set("type", "string"),),
            widens=2,
        )


def _labelled(column: ColumnSymptoms) -> bool:
    """Whether the column is certainly the field's: it has its label."""
    seen = column.table.look()
    places = [item.name for item in column.table.schema.fields]
    at = seen.columns[places.index(column.field.name)] if seen.columns else None
    return at is not None and (seen.labels or ())[at : at + 1] == (column.field.name,)


def _codes(column: ColumnSymptoms) -> bool:
    wrong = column.malformed
    texts = [value.text for value in wrong.values]
    ends = {re.sub(r"^[+-]?[0-9.,]+", "", text) for text in texts}
    units = len(ends) == 1 and "" not in ends
    letters = _identifies(column)
    return (
        len(texts) >= FEW
        and not units
        and wrong.share(lambda text: _code(text, letters=letters)) >= NEARLY_ALL
        and wrong.share(_range) < NEARLY_ALL
        and not any(wrong.share(partial(reads, Field("", kind))) > RATHER for kind in NARROWER)
    )


def _identifies(column: ColumnSymptoms) -> bool:
    """Whether the field is a key, or has the name of an identifier."""
    schema, name = column.table.schema, column.field.name
    keys = (schema.primary_key, *(link.fields for link in schema.foreign_keys))
    known = any(name in key for key in keys) or column.field.constraints.unique
    return known or _NAME.fullmatch(name) is not None


def _code(text: str, *, letters: bool) -> bool:
    """Whether a text is a code: letters or hyphens, and digits, and nothing else it could be."""
    if len(text) > LONGEST or not _CODE.fullmatch(text):
        return False
    if not any(map(str.isdigit, text)):
        return letters
    return _NO_CODE.fullmatch(text) is None and not affix(text)


def _range(text: str) -> bool:
    match = _RANGE.fullmatch(text)
    return match is not None and int(match[1]) < int(match[2])
