"""Two claims say nearly the same.

Why: The same claim in several documents is one row with several mentions; counted
twice, it looks like two. Statements are near when they share nine tenths of their
words, in whatever order: of all words that either has, nine in ten stand in both.

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


# Of two sets with nine tenths in common, the rarest few words of each must meet: only
# such pairs are compared, so that the work grows with the claims and not their square.
_NEAR = r"""
WITH words AS (
    SELECT DISTINCT c._row AS claim,
           unnest(regexp_extract_all(lower(c.statement), '[\p{{L}}\p{{N}}]+')) AS word
    FROM claims AS c WHERE c.statement IS NOT NULL{standing}),
counted AS (
    SELECT claim, word, count(*) OVER (PARTITION BY claim) AS size,
           count(*) OVER (PARTITION BY word) AS uses FROM words),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY claim ORDER BY uses, word) AS place FROM counted),
rare AS (SELECT * FROM ranked WHERE place <= size - (9 * size + 9) // 10 + 1),
pairs AS (
    SELECT DISTINCT a.claim AS later, b.claim AS earlier, a.size + b.size AS sizes
    FROM rare AS a JOIN rare AS b ON b.word = a.word AND b.claim < a.claim
    WHERE 10 * least(a.size, b.size) >= 9 * greatest(a.size, b.size)),
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
