"""A field of the schema has no column in the file.

Why: By default the first column belongs to the first field, whatever its label. A column that
is left out of the file moves every column behind it under the wrong field, and most errors on
cells say nothing about the data.

Fails:
    the fields a, b and c, and the header `a,c`

Fix: Restore the column, or delete the field from the schema. Under version 2 of the standard,
"fieldsMatch": "superset" lets a file leave fields out.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.descriptor.revision import schema_file
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms
from claimpack.report import Operation

SCOPE = "table"
ON_LABELS = ("incorrect-label", "missing-label")
ON_CELLS = ("type-error", "constraint-error")
LOOSER = {"exact": "superset", "equal": "superset", "subset": "partial"}
"""What accepts a file with fewer fields, and all else that was accepted before."""
SHOWN = 8
"""Labels and fields that are shown."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To leave out the fields without a column, where all other labels are field names."""
    labels, names = list(table.look().labels or ()), [item.name for item in table.schema.fields]
    lost = [name for name in names if name not in labels]
    if not table.complaint("missing-label").count or not _only_lost(table, labels, lost):
        return
    ordered = table.schema.fields_match == "exact"
    if ordered and [name for name in names if name in labels] != labels:
        return
    moved = names[names.index(lost[0]) :] if ordered else []
    shifts = bool(set(moved) - set(lost))
    noun = "a column for the field" if len(lost) == 1 else "columns for the fields"
    fix, patch = _change(table, lost)
    yield Proposal(
        f"The file does not have {noun} {_listed(lost)}."
        + (" The cells behind are read under the wrong fields." if shifts else ""),
        f"The header is {_listed(labels)}; the fields are {_listed(names)}.",
        fix,
        patch,
        fields=tuple(moved if shifts else lost),
        covers=_covers(table, moved if shifts else []),
        rules=(*ON_LABELS, *ON_CELLS) if shifts else ON_LABELS,
        misread=shifts,
    )


def _only_lost(table: TableSymptoms, labels: list[str], lost: list[str]) -> bool:
    """Whether the labels are names of fields, most of them, each once."""
    names = [item.name for item in table.schema.fields]
    more = table.schema.fields_match == "subset"
    known = (more or set(labels) <= set(names)) and len(set(labels)) == len(labels)
    return known and len(set(names)) == len(names) and 0 < 2 * len(lost) <= len(names)


def _covers(table: TableSymptoms, moved: list[str]) -> int:
    cells = (table.by_field.get(name, {}) for name in moved)
    found = sum(rules[rule].count for rules in cells for rule in ON_CELLS if rule in rules)
    return found + sum(table.complaint(rule).count for rule in ON_LABELS)


def _change(table: TableSymptoms, lost: list[str]) -> tuple[str, tuple[Operation, ...]]:
    """The instruction and the patch; none where a key or a promise needs the column."""
    noun = "the field" if len(lost) == 1 else "the fields"
    restore = f"restore the column{'s' if len(lost) > 1 else ''}"
    if any(name in _needed(table) for name in lost):
        return f"{restore.capitalize()} {_listed(lost)}.", ()
    if table.resource.standard == "2":
        match = LOOSER[table.schema.fields_match]
        change = table.set_schema("fieldsMatch", match)
        return f'Declare "fieldsMatch": "{match}", or {restore}.', (change,)
    file, pointer = schema_file(table.package, table.resource)
    places = [at for at, item in enumerate(table.schema.fields) if item.name in lost]
    patch = tuple(Operation(file, "remove", f"{pointer}/fields/{at}") for at in reversed(places))
    return f"Delete {noun} {_listed(lost)} from the schema, or {restore}.", patch


def _needed(table: TableSymptoms) -> set[str]:
    """The fields that a value is asked of, or that a key consists of."""
    schema, name = table.schema, table.resource.name
    found = {item.name for item in schema.fields if item.constraints.required}
    found |= {*schema.primary_key, *(each for key in schema.unique_keys for each in key)}
    for other in table.package.resources:
        for key in other.schema.foreign_keys if other.schema else ():
            found |= set(key.fields) if other.name == name else set()
            aim = key.resource or other.name
            found |= set(key.reference_fields) if aim == name else set()
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
