"""Records of one file end in different newlines.

Why: Some readers settle on the first newline they see and take the rest of the other as
part of the last cell.

Fails:
    one record that ends in LF, the others in CRLF

Passes:
    all records end in LF

Mend: Save the file with one kind of line ending.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "warning"
SCOPE = "file"
CLAUSE = "Tabular Data Resource v1, CSV file requirements"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for newlines of two kinds."""
    yield StructureCheck("mixed-newlines", resource.name)
