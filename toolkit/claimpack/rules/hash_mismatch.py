"""A file does not have the hash that the descriptor says.

Why: `hash` proves that the bytes are those that were published.

Fails:
    "hash": "sha256:..." of another file

Passes:
    the hash of this file

Mend: Correct `hash`, or restore the file that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Data Resource, hash"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for the file's hash."""
    if resource.hash is not None:
        yield StructureCheck("hash-mismatch", resource.name)
