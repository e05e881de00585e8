"""A label is empty.

Why: A column without a name cannot be mapped to a field.

Fails:
    the header `id,,name`

Passes:
    the header `id,code,name`

Mend: Write the column's name into the header, or delete the column.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Tabular Data Resource v1; Table Dialect v2, header"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for empty labels."""
    yield StructureCheck("blank-label", resource.name)
