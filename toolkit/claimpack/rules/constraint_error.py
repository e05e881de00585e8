"""A cell breaks a constraint of its field.

Why: Constraints are what the publisher promises about a column beyond its type:
that it is filled in, within bounds, one of a list. They are held against the
value, not the text: a minimum on a date is a date. `enum` and `categories`
broken by one cell are one finding, and a cell of the wrong type has none.

Fails:
    {"name": "share", "type": "number", "constraints": {"maximum": 100}} and the cell `128`

Passes:
    {"name": "share", "type": "number", "constraints": {"maximum": 100}} and the cell `12.8`

Mend: Correct the cell, or the constraint where the cell is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.descriptor.model import Package, Resource
from claimpack.rules import constraints
from claimpack.rules.check import RowCheck, ValueCheck

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema, Field Constraints"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck | ValueCheck]:
    """One check a constraint; `required` on a field of the primary key is that rule's."""
    if resource.schema is None:
        return
    for index, field in enumerate(resource.schema.fields):
        if field.constraints.required and field.name not in resource.schema.primary_key:
            yield constraints.build(field, resource.name, constraints.required(field, index), ())
        for part in constraints.parts(field, index):
            yield constraints.build(field, resource.name, part)
