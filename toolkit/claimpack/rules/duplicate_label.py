"""A label stands twice in the header.

Why: Two columns of one name cannot be told apart by name; many readers keep the last
one and lose the other. Where the schema itself names two fields alike, the labels match
it and are no fault.

Fails:
    the header `id,name,name` and fields id, name, alias

Passes:
    the header `id,name,alias`

Mend: Give each column a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Table Schema, fields; CSV dialect, header"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for labels that stand twice."""
    yield StructureCheck("duplicate-label", resource.name)
