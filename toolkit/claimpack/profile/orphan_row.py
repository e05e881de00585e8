"""A row that nothing uses.

Why: A passage without a claim, number or link, a claim that no passage makes, a
term that no row uses and a conflict without two members are left over from an
edit, or the edit is not finished. (A mention without its passage is no matter of
this rule: passage_id is part of the key of claim_mentions and a foreign key.)

Fails:
    a passage that no mention, statistic, link, exclusion or assessment names

Passes:
    a passage that a statistic names

Mend: Add the row that uses it, or delete it; a published claim is withdrawn instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.descriptor.model import Package, Resource
from claimpack.profile.tables import asked, has
from claimpack.rules.check import RelationCheck

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, orphans"

USES = {
    "passages": (
        "passage_id",
        (
            ("claim_mentions", "passage_id"),
            ("statistics", "passage_id"),
            ("source_links", "passage_id"),
            ("exclusions", "passage_id"),
            ("assessments", "passage_id"),
        ),
    ),
    "claims": ("claim_id", (("claim_mentions", "claim_id"),)),
    "terms": (
        "term_id",
        (
            ("claims", "intervention"),
            ("claims", "population"),
            ("claims", "outcome"),
            ("statistics", "measure"),
            ("evidence", "effect_measure"),
        ),
    ),
}


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """One check a table whose rows exist to be used."""
    key, uses = USES.get(resource.name, ("", ()))
    present = [(table, field) for table, field in uses if has(package, table, field)]
    if key and present and asked(resource, package, resource.name, key):
        named = " UNION ".join(f"SELECT {field} AS used FROM {table}" for table, field in present)
        current = " AND t.status <> 'withdrawn'" if has(package, resource.name, "status") else ""
        yield RelationCheck(
            "orphan-row",
            resource.name,
            (key,),
            "nothing uses {value}",
            "Add the row that uses it, or delete it",
            query=(
                f"SELECT t._row AS row, t.{key} AS value, NULL AS detail "
                f"FROM {resource.name} AS t "
                f"WHERE NOT EXISTS (SELECT 1 FROM ({named}) AS u WHERE u.used = t.{key}){current}"
            ),
            tables=(resource.name, *dict.fromkeys(table for table, _ in present)),
        )
    members = has(package, "conflict_members", "conflict_id")
    if members and asked(resource, package, "conflicts", "conflict_id"):
        yield _conflicts(resource)


def _conflicts(resource: Resource) -> RelationCheck:
    return RelationCheck(
        "orphan-row",
        resource.name,
        ("conflict_id",),
        "the conflict {value} has {detail} of the two members that it needs",
        "Add its members to conflict_members",
        query=(
            "SELECT c._row AS row, c.conflict_id AS value, count(m.conflict_id) AS detail "
            "FROM conflicts AS c LEFT JOIN conflict_members AS m "
            "ON m.conflict_id = c.conflict_id GROUP BY c._row, c.conflict_id "
            "HAVING count(m.conflict_id) < 2"
        ),
        tables=("conflicts", "conflict_members"),
    )
