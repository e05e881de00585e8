"""The primary key is not unique, and other columns are.

Why: A primary key names each row. Where it repeats all over a table, the table has rows of
another kind than the key says: one for each visit, not one for each site. Mostly one column is
missing in the key.

Fails:
    "primaryKey": "site", and the rows `A,2020`, `A,2021`, `B,2020` of site and year

Fix: Declare the columns that are unique together: "primaryKey": ["site", "year"].
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations

from claimpack.descriptor.model import Field
from claimpack.diagnoses.causes.spreadsheet_damage import rounded
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, Value, examples, widespread

SCOPE = "table"
OFTEN = 0.1
"""Share of the rows that repeat a key, from which the key is wrong and not the rows."""
KEYS = frozenset(("string", "integer", "date", "datetime", "time", "year", "yearmonth"))
"""Types that a key may have."""
NAMING = re.compile(
    r"(?:.*[_\W])?(?:id|uuid|guid|key|code|nr|no|number)|.*[a-z](?:ID|Id|Nr|No|Code)"
)
"""Names of columns that name something."""
PARTS = re.compile(
    r"(?:.*[_\W])?(?:date|time|datetime|timestamp|year|month|week|day|hour|visit|period|season|"
    r"quarter|wave|round|replicate|rep|sample|line|position|seq|sequence|version|item|variable|"
    r"parameter|species|taxon|language|lang|sex|age|group|type)",
    re.IGNORECASE,
)
"""Names of columns that tell apart what has one name."""
MOST, SHOWN = 40, 3
"""Columns that are tried, and sets of columns that are shown."""

Columns = tuple[str, ...]


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """The smallest set of columns that is unique in all rows."""
    key = table.schema.primary_key
    place = key[0] if len(key) == 1 else None
    rules = table.complaints if place is None else table.by_field.get(place, {})
    found = rules.get("primary-key")
    if found is None or not widespread(found.count, table.rows):
        return
    if found.count < OFTEN * table.rows or any(_missing(value) for value in found.values):
        return
    if rounded(found):  # the key was unique before a spreadsheet took its digits away
        return
    sure, others = _unique(table, key)
    if not sure and not others:
        return
    made = sure[0] if len(sure) == 1 else ()
    listed = [f"({', '.join(each)})" if len(each) > 1 else each[0] for each in sure or others]
    choice = ", ".join(listed[:SHOWN]) + (", …" if len(listed) > SHOWN else "")
    value = _value(table, made)
    verb = "is" if len(made) == 1 else "are unique together"
    yield Proposal(
        f"The primary key {', '.join(key)} is not unique"
        + (f"; {', '.join(made)} {verb}." if made else "."),
        f"{found.count:,} of {table.rows:,} rows repeat a key, such as {examples(found.values)}. "
        f"Unique in all rows: {choice}.",
        f'Declare "primaryKey": {json.dumps(value, ensure_ascii=False)}.'
        if made
        else f"Declare the columns that name a row as the primary key: {choice}.",
        (table.set_schema("primaryKey", value),) if made else (),
        fields=key,
        by_field=((place, found.count),),
        rules=("primary-key",),
    )


def _missing(value: Value) -> bool:
    """Whether a finding is on a key that is empty or incomplete, not on one that repeats."""
    return not value.text or None in value.cells


def _value(table: TableSymptoms, made: Columns) -> str | list[str]:
    """The key as JSON, in the form of the one that there is."""
    one = len(made) == 1 and isinstance(table.schema.raw["primaryKey"], str)
    return made[0] if one else list(made)


def _unique(table: TableSymptoms, key: Columns) -> tuple[list[Columns], list[Columns]]:
    """Sets of columns that are unique: those that may well be meant, else all others.

    A column that names the rows goes first, then the key with one column more, or with two.
    """
    fields = [item for item in table.schema.fields if item.type in KEYS and item.name not in key]
    fields = fields[:MOST]
    pointing = {name for link in table.schema.foreign_keys for name in link.fields}
    naming: list[Columns] = [(f.name,) for f in fields if _names(f) and f.name not in pointing]
    sure = [each for each in naming if _holds(table, each)]
    if sure:
        return sure, []
    parts = [f.name for f in fields if _tells_apart(f) or f.name in pointing or _names(f)]
    others: list[Columns] = []
    for size in (1, 2):
        sure = [each for more in combinations(parts, size) if _holds(table, each := (*key, *more))]
        if sure:
            return sure, []
        if not others:
            every = combinations([f.name for f in fields], size)
            others = [each for more in every if _holds(table, each := (*key, *more))]
    return [], others


def _names(item: Field) -> bool:
    return bool(NAMING.fullmatch(item.name)) and item.type in ("string", "integer")


def _tells_apart(item: Field) -> bool:
    times = ("date", "datetime", "time", "year", "yearmonth")
    return item.type in times or bool(PARTS.fullmatch(item.name))


def _holds(table: TableSymptoms, columns: Columns) -> bool:
    """Whether columns are whole and unique in all rows."""
    return table.source.unique(table.resource, columns)
