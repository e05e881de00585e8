"""Bytes are not text in the declared encoding.

Why: A text that cannot be decoded is lost or garbled for everybody who reads the file
as its descriptor says. Without a declaration the encoding is UTF-8; claimpack never guesses
another. A cell with such a byte is not judged any further.

Fails:
    a Latin-1 file with `\xe9`, and no encoding declared

Passes:
    the same file with "encoding": "iso-8859-1"

Mend: Save the file as UTF-8. Where it is meant to have another encoding, declare that.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "Data Resource, encoding"
STOPS = True


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for bytes that cannot be decoded."""
    yield StructureCheck("encoding-error", resource.name)
