"""A row has no values.

Why: A reader cannot tell an accident from a row whose cells were lost, and tools
disagree on an empty line: some skip it, some read a row of nulls. In a table of one
column an empty line is a row that holds a null. A row of empty cells, such as `,,`, is a
row of nulls as well, and valid where every field may be null. Where it breaks a rule, it is
one finding, and not one for each field: spreadsheets leave such rows at the end.

Fails:
    id,name
    1,one

    2,two

Passes:
    id,name
    1,one
    2,two

Mend: Delete the row.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import StructureCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "file"
CLAUSE = "RFC 4180 section 2; Data Package v2, Table Dialect"


def checks(resource: Resource, package: Package) -> Iterator[StructureCheck]:
    """Ask the reader for empty lines."""
    yield StructureCheck("blank-row", resource.name)
