"""The columns are in a different order than the fields of the schema.

Why: By default the first column belongs to the first field, whatever its label. Where the file
has all fields in another order, every cell is read under the wrong field, and most of the
errors on cells say nothing about the data.

Fails:
    the fields id, name and year, and the header `name,year,id`

Fix: Put the fields of the schema into the order of the columns. Under version 2 of the
standard, "fieldsMatch": "equal" in the schema accepts any order.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.diagnoses.symptoms import Proposal, TableSymptoms

SCOPE = "table"
SHOWN = 8
"""Labels that are shown."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To accept the order of the file, where it has all fields."""
    fields = table.schema.fields
    if not table.complaint("incorrect-label").count or table.schema.fields_match != "exact":
        return
    labels, names = table.look().labels or (), [item.name for item in fields]
    if len(set(labels)) != len(labels) or set(labels) != set(names) or len(names) != len(labels):
        return
    moved = tuple(name for name, label in zip(names, labels, strict=True) if name != label)
    if table.resource.standard == "2":
        change, fix = table.set_schema("fieldsMatch", "equal"), 'Declare "fieldsMatch": "equal".'
    else:
        by_name = {item.name: item.raw for item in fields}
        change = table.set_schema("fields", [dict(by_name[label]) for label in labels])
        fix = "Put the fields of the schema into the order of the columns."
    yield Proposal(
        "The columns are in a different order than the fields of the schema.",
        f"The header is {_listed(list(labels))}; the fields are {_listed(names)}.",
        fix,
        (change,),
        fields=moved,
        rules=("incorrect-label", "type-error", "constraint-error"),
        misread=True,
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
