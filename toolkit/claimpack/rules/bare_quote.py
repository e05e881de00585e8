"""A quote stands inside a cell that is not quoted.

Why: RFC 4180 allows quotes only in quoted cells. Most readers take it as a character of
the value, and so is it read here; some take it as the opening of a quoted cell.

Fails:
    size
    5" pipe

Passes:
    size
    "5"" pipe"

Mend: Quote the cell and double the quote in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "warning"
SCOPE = "file"
CLAUSE = "RFC 4180 section 2.5"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for quotes in cells that are not quoted."""
    yield StructureCheck("bare-quote", resource.name)
