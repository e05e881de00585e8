"""The comparison that a deviation is reckoned from, as SQL that two rules share.

A statistic's number is its only bound, or the middle of two; the primary number is the
value of the arm that appraisal_evidence names, or the middle of the effect's bounds
where it names none. Only rows marked compared take part.
"""

from __future__ import annotations

from claimpack.claims.tables import has
from claimpack.descriptor.model import Package

NEEDS = {
    "appraisals": ("appraisal_id", "statistic_id", "deviation"),
    "appraisal_evidence": ("appraisal_id", "evidence_id", "compared", "arm"),
    "statistics": ("statistic_id", "value_low", "value_high", "unit"),
    "evidence": ("evidence_id", "effect_low", "effect_high", "unit"),
    "evidence_arms": ("evidence_id", "arm", "value"),
}
TABLES = tuple(NEEDS)


def comparable(package: Package) -> bool:
    """Whether a package has every table and field that a comparison needs."""
    return all(has(package, table, *fields) for table, fields in NEEDS.items())


def _middle(low: str, high: str) -> str:
    return f"(COALESCE({low}, {high}) + COALESCE({high}, {low})) / 2"


COMPARED = f"""
compared AS (
    SELECT l._row AS link, l.appraisal_id, l.evidence_id, a.statistic_id,
           s.unit AS reported_unit, e.unit AS primary_unit,
           {_middle("s.value_low", "s.value_high")} AS reported,
           CASE WHEN l.arm IS NULL THEN {_middle("e.effect_low", "e.effect_high")}
                ELSE r.value END AS primary_number,
           l.arm IS NULL OR r.arm IS NOT NULL AS armed,
           count(*) OVER (PARTITION BY l.appraisal_id) AS times,
           row_number() OVER (PARTITION BY l.appraisal_id ORDER BY l._row) AS place
    FROM appraisal_evidence AS l
    JOIN appraisals AS a ON a.appraisal_id = l.appraisal_id
    LEFT JOIN statistics AS s ON s.statistic_id = a.statistic_id
    LEFT JOIN evidence AS e ON e.evidence_id = l.evidence_id
    LEFT JOIN evidence_arms AS r ON r.evidence_id = l.evidence_id AND r.arm = l.arm
    WHERE l.compared)
"""
"""A common table expression: one row for each row of appraisal_evidence marked compared."""
