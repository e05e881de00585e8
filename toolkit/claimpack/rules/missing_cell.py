"""A row has fewer cells than the table has columns.

Why: The reader cannot know which cells are lost. The row is judged for its width only: its
values, and what other tables require of them, are skipped until the width is right.

Fails:
    id,name,year
    1,one

Passes:
    id,name,year
    1,one,

Mend: Add the missing cells.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "RFC 4180 section 2.4"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for rows that are too short."""
    yield StructureCheck("missing-cell", resource.name)
