"""Two claims say nearly the same.

Why: The same claim in several documents is one row with several mentions; counted
twice, it looks like two. Order, case and repeats aside, statements are near when nine
in ten of all their words stand in both, and neither has more than one that the other
has not.

Fails:
    `Ketamine works within a few hours` and `Within a few hours, ketamine works`

Passes:
    `GABA is a target of ketamine` and `Glutamate is a target of ketamine`

Mend: Keep one of the two and give it the mentions of both; a published claim is
superseded. Where they differ in a word that matters, say both more plainly.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, current
from claimpack.descriptor.model import Package, Resource

SEVERITY = "warning"
SCOPE = "package"
CLAUSE = "Claims profile, claims"


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """Statements of current claims against one another."""
    if asked(resource, package, "claims", "claim_id", "statement"):
        yield RelationCheck(
            "duplicate-claim",
            resource.name,
            ("statement",),
            "the statement says nearly the same as that of {detail}: {value}",
            "Keep one of the two, with the mentions of both",
            query=_NEAR.format(standing=current(package, "claims", "c")),
            tables=(resource.name,),
        )


# Statements that differ by a word at most have one signature in common: that of all words,
# or of all but one. Each is held against the first two with that signature alone, so that
# the work grows with the words and not with the square of the claims.
_NEAR = r"""
WITH split AS (
    SELECT c._row AS claim,
           list_distinct(regexp_extract_all(lower(c.statement), '[\p{{L}}\p{{N}}]+')) AS words
    FROM claims AS c WHERE c.statement IS NOT NULL{standing}),
hashed AS (SELECT claim, unnest(words) AS word, hash(word) AS part FROM split),
sums AS (SELECT claim, count(*) AS size, bit_xor(part) AS total FROM hashed GROUP BY claim),
signatures AS (
    SELECT claim, total AS signature, TRUE AS whole FROM sums
    UNION ALL
    SELECT h.claim, xor(s.total, h.part), FALSE
    FROM hashed AS h JOIN sums AS s ON s.claim = h.claim WHERE s.size >= 10),
firsts AS (
    SELECT signature, min(claim) AS claim, min(claim) FILTER (whole) AS other
    FROM signatures GROUP BY signature HAVING count(*) > 1),
earliest AS (
    SELECT signature, claim FROM firsts
    UNION SELECT signature, other FROM firsts WHERE other IS NOT NULL),
pairs AS (
    SELECT DISTINCT s.claim AS later, e.claim AS earlier
    FROM signatures AS s JOIN earliest AS e ON e.signature = s.signature AND e.claim < s.claim),
near AS (
    SELECT p.later, min(p.earlier) AS earlier FROM pairs AS p
    JOIN split AS a ON a.claim = p.later
    JOIN split AS b ON b.claim = p.earlier
    WHERE 10 * len(list_intersect(a.words, b.words))
          >= 9 * (len(a.words) + len(b.words) - len(list_intersect(a.words, b.words)))
    GROUP BY p.later)
SELECT c._row AS row, c.statement AS value, first.claim_id AS detail
FROM near JOIN claims AS c ON c._row = near.later
JOIN claims AS first ON first._row = near.earlier
"""
