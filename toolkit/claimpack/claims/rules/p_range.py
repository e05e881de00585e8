"""A p value is no probability, or stands without its operator.

Why: p lies between 0 and 1; `0.003` without `lt` or `eq` does not say what was
reported.

Fails:
    p_value 1.2; or p_value 0.003 and p_operator empty

Passes:
    p_operator `lt`, p_value 0.003

Mend: Correct the p value, and fill in both fields or neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import RowCheck
from claimpack.claims.tables import asked, empty, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, evidence"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """The range of p, and that it comes with its operator."""
    if not asked(resource, package, "evidence", "p_value", "p_operator"):
        return
    yield RowCheck(
        "p-range",
        resource.name,
        ("p_value",),
        "expected a probability from 0 to 1, found {value}",
        "Write a number from 0 to 1",
        fault=exp.not_(value(resource, "p_value").between(0, 1)),
    )
    yield RowCheck(
        "p-range",
        resource.name,
        ("p_operator", "p_value"),
        "expected both a p value and its operator, found {value}",
        "Fill in both, or neither",
        fault=exp.NEQ(
            this=exp.paren(empty(resource, "p_value")),
            expression=exp.paren(empty(resource, "p_operator")),
        ),
    )
