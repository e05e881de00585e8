"""A label is not the name of the field in its place.

Why: Under fieldsMatch exact, fields are mapped by their order; another name there means
that columns were swapped, renamed or shifted. Version 1 lets the case differ.

Fails:
    fields id, name and the header `id,nmae`

Passes:
    fields id, name and the header `id,name`

Mend: Correct the label, or the field's name. Where both look the same, the message says what
the label has besides, such as a space at its end, or shows code points.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Table Schema v2, fieldsMatch exact; Tabular Data Resource v1"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for labels that differ from their field's name."""
    yield StructureCheck("incorrect-label", resource.name)
