"""A cell breaks a constraint of its field.

Why: Constraints are what the publisher promises about a column beyond its type:
that it is filled in, within bounds, one of a list. "All constraints MUST be tested
against the logical representation of data" (Table Schema, Field Constraints), so
the value counts and not the text: a minimum on a date is a date, and `1.0` is in a
list that holds 1. `enum` and `categories` broken by one cell are one finding, and a
cell of the wrong type has none.

What the standard leaves open is read so. A bound is a value of the field's type,
written as JSON or as a text that the field itself could hold, with its decimal and
group characters. NaN is within no bounds; INF and -INF are greater and smaller than
every number. Datetimes, years and months have the order of XML Schema part 2 (section
3.2.7.4): with a time zone they are moments, of a year or month the first. A value with
a zone and a bound without one, or the other way round, can be compared only where they
are more than 14 hours apart; the bound is broken where they are not.
Durations have the partial order of XML Schema part 2 (section 3.2.6.2): a month is
longer than 27 days and shorter than 32; where the order depends on the month, the
bound is broken, since "indeterminate comparisons should be considered as false"
(section 3.2.6.3). The length of a string is counted in code points; a list is a
collection and has a length, in items.
`pattern` covers the whole value, as in XML Schema (part 2, appendix F: a regular
expression describes whole strings). `jsonSchema` is of the draft that its `$schema`
names, else of the latest; `format` within it is a note, as in JSON Schema; what it
refers to outside itself is not fetched, and the constraint is then not checked.

Fails:
    {"name": "share", "type": "number", "constraints": {"maximum": 100}} and the cell `128`

Passes:
    {"name": "share", "type": "number", "constraints": {"maximum": 100}} and the cell `12.8`

Mend: Correct the cell, or the constraint where the cell is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks import constraints
from claimpack.checks.model import RowCheck, ValueCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema, Field Constraints"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck | ValueCheck]:
    """One check a constraint; `required` on a field of the primary key is that rule's."""
    if resource.schema is None:
        return
    for index, field in enumerate(resource.schema.fields):
        if field.constraints.required and field.name not in resource.schema.primary_key:
            yield constraints.build(field, resource.name, constraints.required(field, index), ())
        for part in constraints.parts(field, index):
            yield constraints.build(field, resource.name, part)
