"""A record ends in a carriage return alone.

Why: The standard allows LF and CRLF. Readers that know only these see one endless line.

Fails:
    records that end in CR, and no lineTerminator declared

Passes:
    records that end in LF or CRLF

Mend: Save the file with LF line endings, or declare the lineTerminator.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Tabular Data Resource v1, CSV file requirements"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for carriage returns that end a record."""
    yield StructureCheck("newline-error", resource.name)
