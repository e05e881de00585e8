"""The header lacks the label of a field.

Why: Cells are mapped to fields by the labels; a field without a label has no values,
and what stands in its place belongs to another.

Fails:
    fields id, name and the header `id`

Passes:
    fields id, name and the header `id,name`

Mend: Add the label and its column, or delete the field from the schema. Where fields
may be absent, declare fieldsMatch superset or partial.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Table Schema v2, fieldsMatch; Tabular Data Resource v1"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for labels that are not there."""
    yield StructureCheck("missing-label", resource.name)
