"""A value stands twice in a field whose values are unique.

Why: `unique` promises that a value names one row. Nulls are left out, as in SQL.
Values are compared, not texts: `1` and `01` are the same integer.

Fails:
    {"name": "code", "constraints": {"unique": true}} and two rows with the code `a`

Passes:
    {"name": "code", "constraints": {"unique": true}} and rows with the codes `a` and `b`

Mend: Change one of the two, or delete the row that was entered twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.descriptor.model import Package, Resource
from claimpack.rules import lexical
from claimpack.rules.check import KeyCheck

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema, Field Constraints, unique"


def checks(resource: Resource, package: Package) -> Iterator[KeyCheck]:
    """One check a unique field."""
    for index, field in enumerate(resource.schema.fields if resource.schema else ()):
        if field.constraints.unique:
            yield KeyCheck(
                "unique-error",
                resource.name,
                (field.name,),
                "{value} stands already in row {row}",
                "Change one of the two, or delete the row that was entered twice",
                keys=(lexical.key(field, lexical.cell(index)),),
            )
