"""A row has more cells than the table has columns.

Why: A cell too many often means a delimiter inside a value that was not quoted, so that
all cells after it are shifted. The row is judged for its width only: its values, and what
other tables require of them, are skipped until the width is right.

Fails:
    id,name
    1,Smith, John

Passes:
    id,name
    1,"Smith, John"

Mend: Quote the value that contains the delimiter, or remove the extra cells.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "RFC 4180 section 2.4"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for rows that are too long."""
    yield StructureCheck("extra-cell", resource.name)
