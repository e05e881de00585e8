"""Cells are quoted with another character than the dialect declares.

Why: Cells are quoted with `"` unless the dialect says otherwise. To a program that expects
that, an apostrophe is part of the value: numbers are malformed, no label fits, and a delimiter
inside a quoted cell cuts it in two.

Fails:
    a table of the fields id and name, and the lines `'id','name'` and `'1','Smith, J.'`

Fix: Declare the character in the dialect: "dialect": {"quoteChar": "'"}.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from claimpack.diagnoses.symptoms import ENOUGH, Look, Proposal, TableSymptoms, examples

SCOPE = "table"
NAMES = {"'": "apostrophes", '"': "double quotes"}
RULES = ("incorrect-label", "missing-label", "extra-label", "extra-cell", "missing-cell")
ON_CELLS = ("type-error", "constraint-error")
COMMON = 0.5
"""Share of the cells that have the quotes on either side, where only some are quoted."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """The quotes that make the table's labels and cells of what is there."""
    dialect = table.resource.dialect
    if dialect.escape_char is not None or not table.look().rows or not _complains(table):
        return
    declared = dialect.quote_char or ""
    for mark in NAMES:
        if mark != declared and (found := _quoted(table, mark)):
            instead = f", not with {NAMES[declared]}" if declared in NAMES else ""
            yield Proposal(
                f"The cells are quoted with {NAMES[mark]}{instead}.",
                f"{examples(found)}.",
                f'Declare "quoteChar": {json.dumps(mark)} in the dialect.',
                (table.set_dialect("quoteChar", mark),),
                rules=(*RULES, *ON_CELLS),
                misread=True,
            )
            return


def _complains(table: TableSymptoms) -> bool:
    on_cells = any(rule in rules for rules in table.by_field.values() for rule in ON_CELLS)
    return on_cells or any(table.complaint(rule).count for rule in RULES)


def _quoted(table: TableSymptoms, mark: str) -> list[str]:
    """The cells in these quotes; none where they do not make the table right."""
    now = table.look()
    if not any(text.startswith(mark) for text in _texts(now)):
        return []
    then = table.look_by(quote_char=mark)
    width = len(table.schema.fields)
    if any(len(row) != width for row in then.rows) or _stray(then, mark):
        return []
    names = {item.name.casefold() for item in table.schema.fields}
    found = [text for text in _texts(now) if _between(text, mark)]
    if now.labels is not None and any(mark in label for label in now.labels):
        return found if names == {label.casefold() for label in then.labels or ()} else []
    if _parts(now, width):
        delimiter = table.resource.dialect.delimiter
        return [f"{mark}{text}{mark}" for text in _texts(then) if delimiter in text]
    common = len(found) >= max(ENOUGH, COMMON * _at_fault(table))
    return found if common and _all_quoted(table, mark) else []


def _parts(now: Look, width: int) -> bool:
    """Whether quoted cells with delimiters are cut in two, in more than single rows."""
    wide = sum(len(row) > width for row in now.rows)
    return wide >= ENOUGH and 2 * wide >= len(now.rows)


def _texts(seen: Look) -> list[str]:
    return [text for row in (seen.labels or (), *seen.rows) for text in row if text]


def _between(text: str, mark: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] == mark


def _stray(seen: Look, mark: str) -> bool:
    """Whether cells still begin or end with the mark: it does not quote them then."""
    return any(text.startswith(mark) or text.endswith(mark) for text in _texts(seen))


def _at_fault(table: TableSymptoms) -> int:
    """The number of malformed cells, no more than there are rows to look at."""
    found = (rules.get(rule) for rules in table.by_field.values() for rule in ON_CELLS)
    return min(sum(item.count for item in found if item), len(table.look().rows))


def _all_quoted(table: TableSymptoms, mark: str) -> bool:
    """Whether in each column most malformed values are in these quotes."""
    found = [rules["type-error"] for rules in table.by_field.values() if "type-error" in rules]
    return bool(found) and all(each.share(lambda t: _between(t, mark)) > COMMON for each in found)
