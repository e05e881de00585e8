"""A credibility rating is not what the assessments give.

Why: A rating follows from the answers: the sum of answer times weight over the
criteria that apply, beside the highest sum that they could give. A number that
differs was typed, or the answers changed after it was computed.

Fails:
    score 20 where the answers give 16

Passes:
    score 16 where the answers give 16

Mend: Write the numbers that the message gives, or correct the answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, has, number_text
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, credibility ratings"

TABLES = ("credibility_ratings", "assessments", "criteria", "instruments")


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """Score and maximum against the answers, the band against its limits."""
    fields = ("source_id", "instrument_id", "rater", "score", "maximum", "band")
    if not asked(resource, package, "credibility_ratings", *fields):
        return
    answers = has(package, "assessments", "source_id", "criterion_id", "rater", "answer")
    weights = has(package, "criteria", "criterion_id", "instrument_id", "weight", "maximum")
    if answers and weights and has(package, "instruments", "instrument_id", "scoring"):
        for name in ("score", "maximum"):
            yield RelationCheck(
                "rating-recomputed",
                resource.name,
                (name,),
                f"the {name} is {{value}}, the assessments give {{detail}}",
                f"Write the {name} that the assessments give, or correct the answers",
                query=_COMPUTED.format(name=name, shown=number_text(f"computed.{name}")),
                tables=TABLES,
            )
    if has(package, "instrument_bands", "instrument_id", "band", "score_low", "score_high"):
        yield RelationCheck(
            "rating-recomputed",
            resource.name,
            ("band",),
            "the band is {value}, the score falls into {detail}",
            "Write the band that the score falls into",
            query=_BAND,
            tables=("credibility_ratings", "instrument_bands"),
        )


_COMPUTED = """
WITH computed AS (
    SELECT a.source_id, c.instrument_id, a.rater,
           sum(CASE WHEN a.not_applicable THEN 0 ELSE a.answer * c.weight END) AS score,
           sum(CASE WHEN a.not_applicable THEN 0 ELSE c.maximum * c.weight END) AS maximum
    FROM assessments AS a JOIN criteria AS c ON c.criterion_id = a.criterion_id
    GROUP BY a.source_id, c.instrument_id, a.rater)
SELECT r._row AS row, r.{name} AS value,
       CASE WHEN computed.{name} IS NULL THEN 'nothing'
            ELSE {shown} END AS detail
FROM credibility_ratings AS r
JOIN instruments AS i ON i.instrument_id = r.instrument_id AND i.scoring = 'weighted-sum'
LEFT JOIN computed ON computed.source_id = r.source_id
     AND computed.instrument_id = r.instrument_id AND computed.rater = r.rater
WHERE computed.{name} IS NULL OR abs(computed.{name} - r.{name}) > 0.000001
"""
_BAND = """
SELECT r._row AS row, r.band AS value,
       CASE WHEN b.band IS NULL THEN 'none' ELSE b.band END AS detail
FROM credibility_ratings AS r LEFT JOIN instrument_bands AS b
     ON b.instrument_id = r.instrument_id AND r.score BETWEEN b.score_low AND b.score_high
WHERE r.band IS DISTINCT FROM b.band
"""
