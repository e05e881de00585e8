"""The file begins with a byte order mark although UTF-8 is declared.

Why: The mark is stripped; some readers take it as part of the first label.

Fails:
    U+FEFF before the first label, "encoding": "utf-8" declared

Passes:
    the same file without it

Mend: Save the file as UTF-8 without a byte order mark.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "info"
SCOPE = "file"
CLAUSE = "RFC 3629 section 6"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for a byte order mark."""
    yield StructureCheck("byte-order-mark", resource.name)
