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

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, has
from claimpack.descriptor.model import Package, Resource

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
        tables = tuple(dict.fromkeys(table for table, _ in present))
        current = " AND t.status <> 'withdrawn'" if has(package, resource.name, "status") else ""
        yield RelationCheck(
            "orphan-row",
            resource.name,
            (key,),
            "nothing uses {value}",
            f"Correct the key, or add the row that uses it to {_either(tables)}"
            f"{_else(package, resource)}.",
            query=(
                f"SELECT t._row AS row, t.{key} AS value, NULL AS detail "
                f"FROM {resource.name} AS t "
                f"WHERE NOT EXISTS (SELECT 1 FROM ({named}) AS u WHERE u.used = t.{key}){current}"
            ),
            tables=(resource.name, *tables),
        )
    members = has(package, "conflict_members", "conflict_id")
    if members and asked(resource, package, "conflicts", "conflict_id"):
        yield _conflicts(resource)


def _either(tables: tuple[str, ...]) -> str:
    """Table names as a choice: a, b or c."""
    return " or ".join(part for part in (", ".join(tables[:-1]), tables[-1]) if part)


def _else(package: Package, resource: Resource) -> str:
    """What to do with a row that nothing is to use: published rows are withdrawn, not deleted."""
    published = has(package, resource.name, "status")
    return "; otherwise set its status to withdrawn" if published else "; otherwise delete it"


def _conflicts(resource: Resource) -> RelationCheck:
    return RelationCheck(
        "orphan-row",
        resource.name,
        ("conflict_id",),
        "expected at least two members of the conflict {value}, found {detail}",
        "Add its members to conflict_members.",
        query=(
            "SELECT c._row AS row, c.conflict_id AS value, count(m.conflict_id) AS detail "
            "FROM conflicts AS c LEFT JOIN conflict_members AS m "
            "ON m.conflict_id = c.conflict_id GROUP BY c._row, c.conflict_id "
            "HAVING count(m.conflict_id) < 2"
        ),
        tables=("conflicts", "conflict_members"),
    )
