"""A percentage of a whole is below 0 or above 100.

Why: A share of patients cannot leave that range; a number that does is a slip of
the pen, or a change in per cent, which has the unit `percent-change`.

Fails:
    unit `percent` and value_low 170

Passes:
    unit `percent` and value_low 70; unit `percent-change` and value_low 170

Mend: Correct the number, or the unit where it is a change.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import RelationCheck, RowCheck
from claimpack.claims.tables import asked, has, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, statistics and evidence arms"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck | RelationCheck]:
    """Statistics by row; arms by the unit of their evidence."""
    if asked(resource, package, "statistics", "value_low", "value_high", "unit"):
        share = value(resource, "unit").eq("percent")
        for name in ("value_low", "value_high"):
            outside = exp.not_(value(resource, name).between(0, 100))
            yield RowCheck(
                "percent-range",
                resource.name,
                (name,),
                "{value} percent is not between 0 and 100",
                "Correct the number, or write the unit percent-change where it is a change",
                fault=exp.and_(share, outside),
            )
    arms = asked(resource, package, "evidence_arms", "evidence_id", "value")
    if arms and has(package, "evidence", "evidence_id", "unit"):
        yield RelationCheck(
            "percent-range",
            resource.name,
            ("value",),
            "{value} percent is not between 0 and 100",
            "Correct the number, or the unit of the evidence row",
            query=(
                "SELECT a._row AS row, a.value AS value, NULL AS detail FROM evidence_arms AS a "
                "JOIN evidence AS e ON a.evidence_id = e.evidence_id "
                "WHERE e.unit = 'percent' AND NOT a.value BETWEEN 0 AND 100"
            ),
            tables=("evidence_arms", "evidence"),
        )
