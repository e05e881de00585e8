"""A unique key of several fields stands in two rows.

Why: `uniqueKeys` promises that the combination names one row. A row with a null in any
field of the key is left out: "all the field values that are on the logical level
considered to be null values MUST be excluded from the uniqueness check" (Table Schema
v2, uniqueKeys). So it is in SQL, where a null is distinct from every other. Values are
compared as `unique-error` says.

Fails:
    {"uniqueKeys": [["a", "b"]]} and two rows with `1,2`

Passes:
    {"uniqueKeys": [["a", "b"]]} and rows with `1,2` and `1,3`

Mend: Change one of the two, or delete the row that was entered twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks import lexical
from claimpack.checks.model import KeyCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema v2, uniqueKeys"


def checks(resource: Resource, package: Package) -> Iterator[KeyCheck]:
    """One check a unique key."""
    schema = resource.schema
    if schema is None:
        return
    for names in dict.fromkeys(schema.unique_keys):
        yield KeyCheck(
            "unique-key",
            resource.name,
            names,
            "duplicate unique key {value} (first used in {row})",
            "Change one of the two rows, or delete one of them.",
            keys=lexical.keys(schema, names),
        )
