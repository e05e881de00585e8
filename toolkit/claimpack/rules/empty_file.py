"""A file of a table is empty.

Why: A table has at least its header; a file without a byte, or with nothing but a
byte order mark, is most often a broken download or an export that failed.

Fails:
    a file of 0 bytes

Passes:
    a file that holds a header and no rows

Mend: Restore the file, or write its header.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Tabular Data Resource v1; Table Dialect v2, header"
STOPS = True


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for files that are empty."""
    yield StructureCheck("empty-file", resource.name)
