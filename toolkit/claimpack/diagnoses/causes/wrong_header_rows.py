"""The header is not where the dialect says.

Why: By default the first line of a file is its header. Titles, notes and empty lines above the
header, a header of two rows, no header at all, or one that the dialect denies: each makes
claimpack take a row for the labels that is none, and the labels for a row.

Fails:
    the fields id and price, and the lines `Prices 2024`, `id,price`, `1,2.50`

Fix: Under version 2 of the standard declare "headerRows": [2] in the dialect, with the number of
the row. Under version 1 delete the lines above the header; where each of them begins with #,
declare "commentChar": "#". For a file without a header declare "header": false.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from claimpack.checks.lexical import free
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, examples, reads
from claimpack.report import Operation

SCOPE = "table"
RULES = (
    *("incorrect-label", "missing-label", "extra-label", "blank-label", "duplicate-label"),
    *("missing-cell", "extra-cell"),
)
ON_CELLS = ("type-error", "constraint-error")
MARKS = "#%;*!"
"""What lines begin with that are comments."""
DEEP = 50
"""Rows among which the header is looked for."""
YEARS = range(1500, 2200)
Row = Sequence[str | None]


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To read the header where it is."""
    dialect, labels = table.resource.dialect, table.look().labels
    faulty = any(table.complaint(rule).count for rule in RULES)
    if labels is None:
        yield from _denied(table)
        return
    if not faulty or _fits(table, labels):
        return
    records = table.records(DEEP)
    place = next((at for at, row in enumerate(records) if _fits(table, row)), None)
    if place is not None:
        yield from _moved(table, place, records)
    elif dialect.header_rows == (1,) and table.resource.standard == "2" and _joined(table):
        yield _made(
            "The header has two rows.",
            f"They begin with {examples([str(row[0]) for row in records[:2] if row[0]])}.",
            'Declare "headerRows": [1, 2] in the dialect.',
            (table.set_dialect("headerRows", [1, 2]),),
        )
    elif dialect.header_rows == (1,) and _is_data(table, labels):
        yield _made(
            "The file has no header: its first line is a row of data.",
            f"The first line is {examples(labels)}.",
            'Declare "header": false in the dialect.',
            (table.set_dialect("header", False),),
        )


def _denied(table: TableSymptoms) -> Iterator[Proposal]:
    """A header where the dialect says that there is none."""
    records = table.records(1)
    if records and _fits(table, records[0]) and len(table.schema.fields) > 1:
        yield _made(
            "The file has a header, which is read as a row of data.",
            f"The first line is {examples([cell or '' for cell in records[0]])}.",
            'Declare "header": true in the dialect.',
            (table.set_dialect("header", True),),
        )


def _moved(table: TableSymptoms, place: int, records: Sequence[Row]) -> Iterator[Proposal]:
    above = [next(filter(None, row), "") for row in records[:place]]
    now = ", ".join(map(str, table.resource.dialect.header_rows))
    message = f"The header is in row {place + 1} of the file, not in row {now}."
    told = f"Above it {'is' if place == 1 else 'are'} {examples([t for t in above if t])}."
    evidence = told if any(above) else f"Row {place + 1} is {examples(map(str, records[place]))}."
    if table.resource.standard == "2" or table.resource.dialect.header_rows != (1,):
        fix = f'Declare "headerRows": [{place + 1}] in the dialect.'
        patch: tuple[Operation, ...] = (table.set_dialect("headerRows", [place + 1]),)
        if table.resource.standard == "2" and _reordered(table, records[place]):
            patch = (*patch, table.set_schema("fieldsMatch", "equal"))
            message = f"{message} The columns are in a different order than the fields."
            fix = f'{fix} Declare "fieldsMatch": "equal" in the schema.'
        yield _made(message, evidence, fix, patch)
    elif mark := _comment(table, place, records):
        fix = f'Declare "commentChar": {json.dumps(mark)} in the dialect.'
        yield _made(message, evidence, fix, (table.set_dialect("commentChar", mark),))
    else:
        lines = "line" if place == 1 else f"{place} lines"
        covers = sum(item.count for item in table.complaints.values())
        cells = (rules.get(rule) for rules in table.by_field.values() for rule in ON_CELLS)
        covers += sum(item.count for item in cells if item)
        yield _made(message, evidence, f"Delete the {lines} above the header.", (), covers)


def _made(
    message: str,
    evidence: str,
    fix: str,
    patch: tuple[Operation, ...],
    covers: int | None = None,
) -> Proposal:
    rules = (*RULES, *ON_CELLS)
    return Proposal(message, evidence, fix, patch, covers=covers, rules=rules, misread=True)


def _fits(table: TableSymptoms, row: Row) -> bool:
    """Whether a row has the names of all fields."""
    names = {item.name for item in table.schema.fields}
    found = set(row)
    if table.resource.standard == "1":
        names, found = {n.casefold() for n in names}, {(c or "").casefold() for c in row}
    return bool(names) and names <= found


def _reordered(table: TableSymptoms, row: Row) -> bool:
    """Whether a header has all fields and no others, in another order."""
    names = [item.name for item in table.schema.fields]
    ordered = table.schema.fields_match == "exact"
    return ordered and list(row) != names and sorted(map(str, row)) == sorted(names)


def _comment(table: TableSymptoms, place: int, records: Sequence[Row]) -> str:
    """The character that all lines above the header begin with, and no row below it."""
    first = {(row[0] or "")[:1] for row in records[:place] if row}
    mark = first.pop() if len(first) == 1 else ""
    below = ((row[0] or "")[:1] for row in table.look().rows[place:] if row)
    free_below = mark and mark in MARKS and mark not in below
    return mark if free_below and table.resource.dialect.comment_char is None else ""


def _joined(table: TableSymptoms) -> bool:
    """Whether the first two rows together make the labels."""
    labels = table.look_by(header_rows=(1, 2)).labels
    return labels is not None and _fits(table, labels)


def _is_data(table: TableSymptoms, labels: Sequence[str]) -> bool:
    """Whether the labels are values of the fields, and cannot be labels as well."""
    fields = table.schema.fields
    if len(labels) != len(fields) or not table.complaint("incorrect-label").count:
        return False
    names = {item.name.casefold() for item in fields}
    typed = [pair for pair in zip(fields, labels, strict=True) if not free(pair[0])]
    read = all(reads(*pair) for pair in typed) and any(label for _, label in typed)
    alike = any(label.strip().casefold() in names for label in labels)
    return read and not alike and not _numbered([label for _, label in typed])


def _numbered(labels: Sequence[str]) -> bool:
    """Whether labels are what columns are called that are years, or counted."""
    if not all(label.isdecimal() for label in labels):
        return False
    numbers = [int(label) for label in labels]
    steps = {after - before for before, after in pairwise(numbers)}
    return all(number in YEARS for number in numbers) or (len(numbers) > 1 and len(steps) == 1)
