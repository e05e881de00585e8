"""A file is not as long as the descriptor says.

Why: `bytes` lets a reader see a broken download at once; a wrong one makes every
download look broken.

Fails:
    "bytes": 10 and a file of 12 bytes

Passes:
    "bytes": 12 and a file of 12 bytes

Mend: Correct `bytes`, or restore the file that was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Data Resource, bytes"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for the file's size."""
    if resource.bytes is not None:
        yield StructureCheck("bytes-mismatch", resource.name)
