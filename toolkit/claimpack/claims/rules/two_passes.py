"""A consensus answer does not rest on two independent passes.

Why: Two raters who answer apart from each other show how far an instrument can be
trusted; a consensus without both passes is one opinion. Where the passes differ, or
the consensus is neither answer, only its reason tells how it came about.

Fails:
    a row of consensus for a criterion that pass-2 has not answered; or pass-1 has 1,
    pass-2 has 2, and the reason of the consensus is empty

Passes:
    pass-1 1, pass-2 2, consensus 2 with a reason

Mend: Answer the criterion in both passes, the second without a look at the first,
then agree, and write down why.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, has, number_text
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, assessments"

FIELDS = ("source_id", "criterion_id", "rater")
ANSWER = ("answer", "not_applicable", "reason")


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """Consensus rows against the passes of the same source and criterion."""
    if not asked(resource, package, "assessments", *FIELDS):
        return
    yield RelationCheck(
        "two-passes",
        resource.name,
        ("rater",),
        "the consensus has no {detail}",
        "Add the pass, made without looking at the other",
        query=_MISSING,
        tables=(resource.name,),
    )
    if has(package, "assessments", *ANSWER):
        yield RelationCheck(
            "two-passes",
            resource.name,
            ("reason",),
            "{detail}, but no reason is given",
            "Write the reason for the consensus",
            query=_UNEXPLAINED,
            tables=(resource.name,),
        )


_MISSING = """
SELECT c._row AS row, c.rater AS value,
       p.rater || ' of ' || c.criterion_id || ' for ' || c.source_id AS detail
FROM assessments AS c
CROSS JOIN (SELECT 'pass-1' AS rater UNION ALL SELECT 'pass-2' AS rater) AS p
WHERE c.rater = 'consensus'
  AND NOT EXISTS (SELECT 1 FROM assessments AS a WHERE a.rater = p.rater
                  AND a.source_id = c.source_id AND a.criterion_id = c.criterion_id)
"""
_UNEXPLAINED = f"""
WITH said AS (
    SELECT *, CASE WHEN not_applicable THEN 'not applicable'
                   WHEN answer IS NULL THEN 'no answer'
                   ELSE {number_text("answer")} END AS words FROM assessments)
SELECT c._row AS row, c.reason AS value,
       'pass-1 has ' || a.words || ', pass-2 ' || b.words || ', the consensus ' || c.words AS detail
FROM said AS c
JOIN said AS a ON a.rater = 'pass-1'
     AND a.source_id = c.source_id AND a.criterion_id = c.criterion_id
JOIN said AS b ON b.rater = 'pass-2'
     AND b.source_id = c.source_id AND b.criterion_id = c.criterion_id
WHERE c.rater = 'consensus' AND (c.reason IS NULL OR trim(c.reason) = '')
  AND (a.words <> b.words OR c.words <> a.words)
"""
