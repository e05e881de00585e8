"""A rater left a criterion of an instrument open, or answered out of its range.

Why: A score over some of the criteria cannot be compared with one over all. Each
criterion is answered within its range, or marked not applicable; an item that
depends on another has its lowest answer where the other's is too low.

Fails:
    six of seven criteria answered by pass-1 for a source

Passes:
    seven criteria, six answered and one marked not applicable

Mend: Add the missing row to assessments, or correct the answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, has, number_text
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, assessments"

FIELDS = ("source_id", "criterion_id", "rater", "answer", "not_applicable")
CRITERIA = ("criterion_id", "instrument_id", "minimum", "maximum")


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """Missing answers, answers out of range, and conditions between items."""
    if not asked(resource, package, "assessments", *FIELDS):
        return
    if not has(package, "criteria", *CRITERIA):
        return
    tables = ("assessments", "criteria")
    yield RelationCheck(
        "whole-instrument",
        resource.name,
        ("criterion_id",),
        "the rater of this row left open {detail}",
        "Add a row for the criterion, answered or marked not applicable",
        query=_MISSING,
        tables=tables,
    )
    yield RelationCheck(
        "whole-instrument",
        resource.name,
        ("answer",),
        "the answer {value} does not fit: {detail}",
        "Answer within the criterion's range, or mark it not applicable and leave the answer empty",
        query=_RANGE,
        tables=tables,
    )
    if has(package, "criteria", "condition_criterion_id", "condition_minimum"):
        yield RelationCheck(
            "whole-instrument",
            resource.name,
            ("answer",),
            "the answer is {value}, but {detail}",
            "Give the item its lowest answer, or correct the item that it depends on",
            query=_CONDITION,
            tables=tables,
        )


_MISSING = """
SELECT min(a._row) AS row, min(a.criterion_id) AS value,
       c.criterion_id || ' for ' || a.source_id || ' (' || a.rater || ')' AS detail
FROM assessments AS a
JOIN criteria AS own ON own.criterion_id = a.criterion_id
JOIN criteria AS c ON c.instrument_id = own.instrument_id
WHERE NOT EXISTS (SELECT 1 FROM assessments AS b WHERE b.source_id = a.source_id
                  AND b.rater = a.rater AND b.criterion_id = c.criterion_id)
GROUP BY a.source_id, a.rater, c.criterion_id
"""
_RANGE = f"""
SELECT a._row AS row, a.answer AS value,
       CASE WHEN a.not_applicable AND NOT a.answer IS NULL
            THEN 'the criterion is marked not applicable'
            WHEN a.answer IS NULL THEN 'it is empty and not marked not applicable'
            ELSE 'the range is ' || {number_text("c.minimum")} || ' to '
                 || {number_text("c.maximum")} END AS detail
FROM assessments AS a JOIN criteria AS c ON c.criterion_id = a.criterion_id
WHERE (a.not_applicable AND NOT a.answer IS NULL)
   OR (NOT a.not_applicable AND a.answer IS NULL)
   OR a.answer < c.minimum OR a.answer > c.maximum
"""
_CONDITION = f"""
SELECT a._row AS row, a.answer AS value,
       b.criterion_id || ' has ' || {number_text("b.answer")} || ', less than '
       || {number_text("c.condition_minimum")} AS detail
FROM assessments AS a
JOIN criteria AS c ON c.criterion_id = a.criterion_id
JOIN assessments AS b ON b.criterion_id = c.condition_criterion_id
     AND b.source_id = a.source_id AND b.rater = a.rater
WHERE b.answer < c.condition_minimum AND a.answer > c.minimum
"""
