"""The header has a label that the schema has no field for.

Why: A column that the schema does not describe has no type and no meaning that a reader
could rely on.

Fails:
    the field id and the header `id,name`

Passes:
    fields id, name and the header `id,name`

Mend: Describe the column as a field of the schema, or delete it. Where more columns are
allowed, declare fieldsMatch subset or partial.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Table Schema v2, fieldsMatch; Tabular Data Resource v1"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for labels without a field."""
    yield StructureCheck("extra-label", resource.name)
