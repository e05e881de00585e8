"""A verdict contradicts the deviation beside it.

Why: What is overstated lies above the primary number, what is understated below it,
and what is supported close to it. Close is within 10 percent of the primary number,
or, where both are percentages, within one point.

Fails:
    verdict `overstated` and deviation -7; or verdict `supported` where the statistic
    says 70 percent and the compared arm has 45

Passes:
    verdict `overstated` and deviation 25

Mend: Correct the verdict, or mark another evidence row as compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import RelationCheck, RowCheck
from claimpack.claims.comparisons import COMPARED, TABLES, comparable
from claimpack.claims.tables import asked, current, number_text, standing, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, appraisals"

SHARE = 0.1
"""So far from the primary number, as a part of it, a statistic is supported."""
POINTS = 1
"""So many percentage points away a percentage is supported."""


def checks(resource: Resource, package: Package) -> Iterator[RowCheck | RelationCheck]:
    """The sign of the deviation, and its size where the verdict is supported."""
    if not asked(resource, package, "appraisals", "verdict", "deviation"):
        return
    nought = exp.Literal.number(0)
    for verdict, side, wrong in (
        ("overstated", "above", exp.LTE),
        ("understated", "below", exp.GTE),
    ):
        yield RowCheck(
            "deviation-verdict",
            resource.name,
            ("verdict", "deviation"),
            f"what is {verdict} lies {side} the primary number: {{value}}",
            "Correct the verdict, or mark another evidence row as compared",
            fault=exp.and_(
                value(resource, "verdict").eq(verdict),
                wrong(this=value(resource, "deviation"), expression=nought.copy()),
                standing(resource),
            ),
        )
    if comparable(package):
        yield RelationCheck(
            "deviation-verdict",
            resource.name,
            ("verdict",),
            "the verdict is {value}, and {detail}",
            "Correct the verdict, or mark another evidence row as compared",
            query=_SUPPORTED + current(package, "appraisals", "a"),
            tables=TABLES,
        )


_SUPPORTED = f"""
WITH {COMPARED}
SELECT a._row AS row, a.verdict AS value,
       'the statistic is ' || {number_text("a.deviation")} || ' away from '
       || {number_text("c.primary_number")} AS detail
FROM appraisals AS a JOIN compared AS c ON c.appraisal_id = a.appraisal_id
WHERE a.verdict = 'supported' AND c.times = 1
  AND abs(a.deviation) > abs(c.primary_number) * {SHARE} + 0.000001
  AND NOT (c.reported_unit IS NOT DISTINCT FROM 'percent' AND abs(a.deviation) <= {POINTS})
"""
