"""A quote is not closed, or text follows a closing quote.

Why: No two readers agree on such a record: some swallow the rest of the file into one
cell.

Fails:
    id,name
    1,"one
    2,two

Passes:
    id,name
    1,"one"
    2,two

Mend: Close the quote, or double a quote that belongs to the value.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "RFC 4180 section 2.5 to 2.7"
STOPS = True


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for quotes that are not closed and text behind closing ones."""
    yield StructureCheck("quoting-error", resource.name)
