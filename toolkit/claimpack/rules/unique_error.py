"""A value stands twice in a field whose values are unique.

Why: `unique` promises that a value names one row: "all values for that field MUST be
unique within the data file". Nulls are left out: a null is no value, and `uniqueKeys`,
"modeled on the concept of unique constraint in SQL", says so in words (Table Schema
v2, uniqueKeys, Handling null values).

Values are compared, not texts: `1` and `01` are one integer, `1` and `1.0` one number,
`P1Y` and `P12M` one duration; datetimes, years and months with a time zone are compared
as moments (a year is the moment at which it begins), and one without a zone never equals
one with a zone (XML Schema part 2, section 3.2.7.4). Lists are compared item by item,
objects whatever the order of their names. Strings are compared as they are, code point
by code point. NaN equals NaN, whatever its case: the standard does not say, and two
rows that cannot be told apart are no two keys.

Fails:
    {"name": "code", "constraints": {"unique": true}} and two rows with the code `a`

Passes:
    {"name": "code", "constraints": {"unique": true}} and rows with the codes `a` and `b`

Mend: Change one of the two, or delete the row that was entered twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks import lexical
from claimpack.checks.model import KeyCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema, Field Constraints, unique"


def checks(resource: Resource, package: Package) -> Iterator[KeyCheck]:
    """One check a unique field."""
    for index, field in enumerate(resource.schema.fields if resource.schema else ()):
        if field.constraints.unique:
            yield KeyCheck(
                "unique-error",
                resource.name,
                (field.name,),
                "duplicate value {value} (first used in {row})",
                "Change one of the two values, or delete one of the rows.",
                keys=(lexical.key_at(field, index),),
            )
