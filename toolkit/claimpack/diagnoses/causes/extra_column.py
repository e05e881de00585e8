"""The file has columns that the schema does not describe.

Why: A tool added a column, such as a row number, and the schema was not updated. At the end of
the file it is one error. In the middle, or at the beginning, it moves every cell behind it under
the wrong field, and most errors on cells say nothing about the data.

Fails:
    the fields a and b, and the header `a,b,_id`

Fix: Add a field for the column to the schema, at its place. Or delete the column from the
file. Under version 2 of the standard, "fieldsMatch": "subset" accepts any further columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from claimpack.descriptor.model import Field
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, reads
from claimpack.report import Operation

SCOPE = "table"
KINDS = ("integer", "number", "date", "datetime")
"""Types that a new field may have, the narrowest first."""
SHOWN = 5
"""Columns that are named."""
RULES = ("extra-label", "incorrect-label", "missing-label")
Column = tuple[int, str]
"""A column that has no field: its position, from 0, and its label."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To describe the columns that the fields leave over."""
    if not any(table.complaint(rule).count for rule in RULES):
        return
    labels = table.look().labels or ()
    names = [item.name for item in table.schema.fields]
    extra = _extra(list(labels), names, ordered=table.schema.fields_match == "exact")
    if not extra:
        return
    shifts = table.schema.fields_match == "exact" and extra[0][0] < len(names)
    yield _proposal(table, extra, names, shifts=shifts)


def _extra(labels: list[str], names: list[str], *, ordered: bool) -> list[Column]:
    """The columns left over, where all fields have theirs, in their order; else none."""
    if len(set(labels)) != len(labels):
        return []
    known = set(names)
    found = [(place, label) for place, label in enumerate(labels) if label not in known]
    kept = [label for label in labels if label in known]
    whole = kept == names if ordered else set(kept) == known
    return found if whole and all(label for _, label in found) else []


def _proposal(
    table: TableSymptoms, extra: list[Column], names: list[str], *, shifts: bool
) -> Proposal:
    labels = [label for _, label in extra]
    shown = ", ".join(labels[:SHOWN]) + (", …" if len(labels) > SHOWN else "")
    noun = "column" if len(labels) == 1 else "columns"
    first = extra[0][0]
    where = f"before the column {names[first]}" if first < len(names) else "at the end"
    moved = " It moves the cells behind it under the wrong fields." if shifts else ""
    made = Proposal(
        f"The file has {'a ' if len(labels) == 1 else ''}{noun} that the schema does not "
        f"describe: {shown}, {where}.{moved}",
        f"The header is {', '.join(table.look().labels or ())[:200]}.",
        "",
        fields=tuple(names[first:]) if shifts else tuple(labels),
        covers=sum(table.complaint(rule).count for rule in RULES),
        rules=(*RULES, "type-error", "constraint-error") if shifts else RULES,
        misread=shifts,
    )
    kinds = tuple(_kind(table, place) for place, _ in extra)
    ways = [_fields(table, extra, kinds), _fields(table, extra, ("string",) * len(extra))]
    if table.resource.standard == "2":
        change = table.set_schema("fieldsMatch", "subset")
        ways.append(('Declare "fieldsMatch": "subset".', (change,)))
    best: Proposal | None = None
    for fix, patch in reversed(ways):
        best = replace(made, fix=fix, patch=patch, otherwise=best)
    return best or made


def _fields(
    table: TableSymptoms, extra: list[Column], kinds: Sequence[str]
) -> tuple[str, tuple[Operation, ...]]:
    """The instruction and the patch that add a field for each column."""
    items = [{"name": name, "type": kind} for (_, name), kind in zip(extra, kinds, strict=True)]
    told = ", ".join(json.dumps(item, ensure_ascii=False) for item in items[:SHOWN])
    more = ", …" if len(items) > SHOWN else ""
    fix = f"Add the {'field' if len(items) == 1 else 'fields'} {told}{more} to the schema."
    places = (place for place, _ in extra)
    return fix, tuple(table.add_field(*pair) for pair in zip(places, items, strict=True))


def _kind(table: TableSymptoms, place: int) -> str:
    """The narrowest type that the cells of a column at the top of the file have."""
    rows = table.look().rows
    cells = [row[place] for row in rows if place < len(row) and row[place]]
    texts = [cell for cell in cells if cell not in (None, *table.schema.missing_values)]
    return next((kind for kind in KINDS if texts and _all(kind, texts)), "string")


def _all(kind: str, texts: Sequence[str | None]) -> bool:
    if kind in ("integer", "number") and any(_padded(text or "") for text in texts):
        return False
    return all(reads(Field("x", kind), text or "") for text in texts)


def _padded(text: str) -> bool:
    """Whether a number begins with a zero that it would lose."""
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()
