"""A JSON cell has the same name twice in one object.

Why: RFC 8259 calls the result unpredictable: most readers keep the last value,
some the first, and nobody is told.

Fails:
    the cell `{"a": 1, "a": 2}`

Passes:
    the cell `{"a": 1, "b": 2}`

Mend: Delete one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks import text_tests
from claimpack.checks.model import ValueCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "warning"
SCOPE = "table"
CLAUSE = "RFC 8259 section 4"


def checks(resource: Resource, package: Package) -> Iterator[ValueCheck]:
    """One check a field that holds JSON."""
    for field in resource.schema.fields if resource.schema else ():
        if field.type in ("object", "array", "geojson"):
            yield ValueCheck(
                "json-duplicate-name",
                resource.name,
                (field.name,),
                "{value} has the same name twice in one object",
                "Delete one of the two",
                test=text_tests.repeats_name,
                after=("type-error",),
            )
