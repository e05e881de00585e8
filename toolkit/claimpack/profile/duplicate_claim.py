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

from claimpack.descriptor.model import Package, Resource
from claimpack.profile.tables import asked, current
from claimpack.rules.check import RelationCheck

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
WITH words AS (
    SELECT DISTINCT c._row AS claim,
           unnest(regexp_extract_all(lower(c.statement), '[\p{{L}}\p{{N}}]+')) AS word
    FROM claims AS c WHERE c.statement IS NOT NULL{standing}),
sums AS (
    SELECT claim, count(*) AS size, bit_xor(hash(word)) AS total FROM words GROUP BY claim),
signatures AS (
    SELECT claim, size, total AS signature, TRUE AS whole FROM sums
    UNION ALL
    SELECT w.claim, s.size, xor(s.total, hash(w.word)), FALSE
    FROM words AS w JOIN sums AS s ON s.claim = w.claim WHERE s.size >= 10),
firsts AS (
    SELECT signature, min(claim) AS claim, min(claim) FILTER (whole) AS other
    FROM signatures GROUP BY signature HAVING count(*) > 1),
earliest AS (
    SELECT signature, claim FROM firsts
    UNION SELECT signature, other FROM firsts WHERE other IS NOT NULL),
pairs AS (
    SELECT DISTINCT later.claim AS later, first.claim AS earlier, later.size + first.size AS sizes
    FROM signatures AS later
    JOIN earliest AS e ON e.signature = later.signature AND e.claim < later.claim
    JOIN sums AS first ON first.claim = e.claim
    WHERE 10 * least(later.size, first.size) >= 9 * greatest(later.size, first.size)),
near AS (
    SELECT p.later, p.earlier FROM pairs AS p
    JOIN words AS a ON a.claim = p.later
    JOIN words AS b ON b.claim = p.earlier AND b.word = a.word
    GROUP BY p.later, p.earlier, p.sizes HAVING 10 * count(*) >= 9 * (p.sizes - count(*)))
SELECT c._row AS row, c.statement AS value, first.claim_id AS detail
FROM (SELECT later, min(earlier) AS earlier FROM near GROUP BY later) AS n
JOIN claims AS c ON c._row = n.later
JOIN claims AS first ON first._row = n.earlier
"""
