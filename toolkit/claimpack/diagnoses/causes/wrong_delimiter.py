"""The cells are separated by another character than the dialect declares.

Why: A file that is separated by semicolons is one column to a program that expects commas: the
whole header is one label, and no field finds its cells. Spreadsheets write semicolons wherever
the comma is the decimal mark, so the two often go together; claimpack reads the table again
with the right delimiter and adds what else the columns need.

Fails:
    a table of the fields id and price, and the lines `id;price` and `1;2,5`

Fix: Declare the delimiter in the dialect, such as "dialect": {"delimiter": ";"}. Or run
claimpack fmt, which rewrites the file with the declared delimiter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from claimpack.diagnoses.symptoms import Look, Proposal, TableSymptoms, examples

SCOPE = "table"
NAMES = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars", ":": "colons"}
RULES = ("incorrect-label", "missing-label", "missing-cell", "extra-cell", "extra-label")
LOOKED_AT = 20
"""Rows of a table without a header that are looked at."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """The delimiter that parts the header, or the first rows, into the table's fields."""
    wanted = [item.name for item in table.schema.fields]
    if len(wanted) < 2 or not any(table.complaint(rule).count for rule in RULES):
        return
    seen, declared = table.look(), table.resource.dialect.delimiter
    mark = next((m for m in NAMES if m != declared and _parts(seen, m, wanted)), None)
    if mark is None:
        return
    first = seen.labels[0] if seen.labels else (seen.rows[0][0] or "")
    yield Proposal(
        f"The cells are separated by {NAMES[mark]}, not by {NAMES.get(declared, declared)}.",
        f"The first line is {examples([first])}.",
        f'Declare "delimiter": {json.dumps(mark)} in the dialect.',
        (table.set_dialect("delimiter", mark),),
        rules=RULES,
        misread=True,
    )


def _parts(seen: Look, mark: str, wanted: list[str]) -> bool:
    """Whether a delimiter makes the table's columns of what is one cell a line now."""
    if seen.labels is not None:
        if len(seen.labels) != 1:
            return False
        found = [label.strip('" ').casefold() for label in seen.labels[0].split(mark)]
        alike = {name.casefold() for name in wanted} & set(found)
        return len(found) > 1 and 2 * len(alike) > len(wanted)
    rows = [row for row in seen.rows[:LOOKED_AT] if row and row[0]]
    return bool(rows) and all(
        (row[0] or "").count(mark) == len(wanted) - 1 and not any(row[1:]) for row in rows
    )
