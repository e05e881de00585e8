"""A confidence interval does not hold its estimate, or has its ends in the wrong order.

Why: An estimate outside its own interval means that a sign, a digit or a pair of
ends was copied wrongly.

Fails:
    effect_low 3.94, ci_low 4.54, ci_high 10.1

Passes:
    effect_low 3.94, ci_low 1.54, ci_high 10.1

Mend: Compare the three numbers with the source and correct the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import Expression, RowCheck
from claimpack.claims.tables import asked, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, evidence"

FIELDS = ("effect_low", "effect_high", "ci_low", "ci_high")


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """The estimate, its interval, and the order of both."""
    if not asked(resource, package, "evidence", *FIELDS):
        return
    low, high, start, end = (value(resource, name) for name in FIELDS)
    outside = exp.or_(
        exp.LT(this=low.copy(), expression=start.copy()),
        exp.GT(this=high.copy(), expression=end.copy()),
    )
    yield _check(
        resource,
        FIELDS,
        "the interval does not contain the estimate: {value}",
        outside,
    )
    for first, second in (("effect_low", "effect_high"), ("ci_low", "ci_high")):
        yield _check(
            resource,
            (first, second),
            f"{first} is greater than {second}: {{value}}",
            exp.GT(this=value(resource, first), expression=value(resource, second)),
        )


def _check(
    resource: Resource, fields: tuple[str, ...], message: str, fault: Expression
) -> RowCheck:
    fix = "Compare the numbers with the source and correct the wrong one"
    return RowCheck("interval-estimate", resource.name, fields, message, fix, fault=fault)
