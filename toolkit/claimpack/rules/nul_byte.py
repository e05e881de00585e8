"""A cell contains a NUL character.

Why: No two consumers agree on it: databases refuse it or cut the text there.

Fails:
    a cell with U+0000 in it

Passes:
    the same cell without it

Mend: Delete the character.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "RFC 4180 section 2, TEXTDATA"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for NUL characters."""
    yield StructureCheck("nul-byte", resource.name)
