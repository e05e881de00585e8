"""A deviation is not what the statistic and its evidence give.

Why: A deviation follows from two numbers: the reported number minus the primary one.
For that the appraisal is of a statistic, one evidence row is marked compared, both
sides have a number, and their units are the same.

Fails:
    deviation 30 where the statistic says 70 and the compared arm has 45

Passes:
    deviation 25 where the statistic says 70 and the compared arm has 45

Mend: Write the number that the message gives; mark the one evidence row that is the
yardstick as compared, with its arm, or leave the deviation empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.comparisons import COMPARED, TABLES, comparable
from claimpack.claims.tables import asked, current, has, number_text
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, appraisals and appraisal evidence"


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """What is marked compared, and the number reckoned from it."""
    arms = has(package, "evidence_arms", "evidence_id", "arm")
    if arms and asked(resource, package, "appraisal_evidence", "evidence_id", "arm"):
        yield _check(
            resource,
            "arm",
            "{detail} has no arm {value}",
            "Name an arm of that evidence row, or leave the arm empty",
            _NO_ARM,
            ("appraisal_evidence", "evidence_arms"),
        )
    if comparable(package) and asked(resource, package, "appraisal_evidence"):
        yield from _links(resource)
    if comparable(package) and asked(resource, package, "appraisals"):
        yield from _deviations(resource, current(package, "appraisals", "a"))


def _links(resource: Resource) -> Iterator[RelationCheck]:
    yield _check(
        resource,
        "compared",
        "{detail} is marked as compared, but its appraisal is not of a statistic",
        "Write false: a claim has no number to compare",
        _compared("compared", "true", "evidence_id", "statistic_id IS NULL"),
    )
    yield _check(
        resource,
        "compared",
        "{detail} already has another evidence row marked as compared",
        "Mark only one row as compared",
        _compared("compared", "true", "appraisal_id", "place > 1"),
    )
    yield _check(
        resource,
        "evidence_id",
        "expected one unit, found {detail}",
        "Bring both to one unit, or write compared false",
        _compared(
            "evidence_id",
            "evidence_id",
            "COALESCE(reported_unit, 'none') || ' and ' || COALESCE(primary_unit, 'none')",
            "statistic_id IS NOT NULL AND reported_unit IS DISTINCT FROM primary_unit",
        ),
    )
    yield _check(
        resource,
        "evidence_id",
        "{value} is marked as compared, but {detail} has no number",
        "Name the arm that has the number, or write compared false",
        _compared(
            "evidence_id",
            "evidence_id",
            "CASE WHEN reported IS NULL THEN 'the statistic' ELSE 'this evidence' END",
            "statistic_id IS NOT NULL AND (reported IS NULL OR (primary_number IS NULL AND armed))",
        ),
    )


def _deviations(resource: Resource, standing: str) -> Iterator[RelationCheck]:
    yield _check(
        resource,
        "deviation",
        "the deviation is {value}, but no evidence row is marked as compared",
        "Mark the evidence row it is measured against as compared, or leave the deviation empty",
        "SELECT a._row AS row, a.deviation AS value, NULL AS detail FROM appraisals AS a "
        "WHERE a.deviation IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appraisal_evidence AS l "
        f"WHERE l.appraisal_id = a.appraisal_id AND l.compared){standing}",
    )
    for message, fault in (
        ("the deviation is empty, but the numbers give {detail}", "a.deviation IS NULL"),
        (
            "the deviation is {value}, but the numbers give {detail}",
            f"abs(a.deviation - (c.reported - c.primary_number)) > {_TOLERANCE}",
        ),
    ):
        yield _check(
            resource,
            "deviation",
            message,
            "Write the deviation that the numbers give",
            f"WITH {COMPARED} SELECT a._row AS row, a.deviation AS value, "
            f"{number_text('round(c.reported - c.primary_number, 6)')} AS detail "
            "FROM appraisals AS a JOIN compared AS c ON c.appraisal_id = a.appraisal_id "
            "WHERE c.times = 1 AND c.reported - c.primary_number IS NOT NULL "
            f"AND c.reported_unit IS NOT DISTINCT FROM c.primary_unit AND {fault}{standing}",
        )


def _compared(field: str, value: str, detail: str, fault: str) -> str:
    shown = "'true'" if field == "compared" else value
    return (
        f"WITH {COMPARED} SELECT link AS row, {shown} AS value, {detail} AS detail "
        f"FROM compared WHERE {fault}"
    )


def _check(
    resource: Resource,
    field: str,
    message: str,
    fix: str,
    query: str,
    tables: tuple[str, ...] = TABLES,
) -> RelationCheck:
    return RelationCheck(
        "deviation", resource.name, (field,), message, fix, query=query, tables=tables
    )


_TOLERANCE = "0.000001 * greatest(1, abs(c.reported), abs(c.primary_number))"
_NO_ARM = """
SELECT l._row AS row, l.arm AS value, l.evidence_id AS detail
FROM appraisal_evidence AS l
WHERE l.arm IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM evidence_arms AS r WHERE r.evidence_id = l.evidence_id AND r.arm = l.arm)
"""
