"""A source is linked or named as a voice, and never described.

Why: A reader who counts independent voices must know what each of them is. A source
that others point to has a title and a kind; a document or a study also says where it
comes from, or a note says why that is not known.

Fails:
    a target of source_links of kind `unidentified-study` without publisher,
    container, authors and note

Passes:
    the same with the note `No study is named.`

Mend: Fill in what is known of the source, and say in the note what is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, has
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, sources"

NAMES = (("source_links", "target_source_id"), ("claim_mentions", "attributed_source_id"))
ORIGIN = ("publisher", "container", "authors", "note")
BARE = ("organisation",)
"""Kinds that a title alone describes."""


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """Sources that links and mentions point to."""
    present = [(table, field) for table, field in NAMES if has(package, table, field)]
    if not present or not asked(resource, package, "sources", "source_id", "title", "kind"):
        return
    named = " UNION ".join(f"SELECT {field} AS named FROM {table}" for table, field in present)
    pointed = f"s.source_id IN (SELECT named FROM ({named}) AS u WHERE named IS NOT NULL)"
    tables = (resource.name, *(table for table, _ in present))
    for field in ("title", "kind"):
        yield _check(
            resource,
            field,
            f"{{detail}} is referred to but has no {field}",
            f"Give the source a {field}",
            f"{pointed} AND s.{field} IS NULL",
            tables,
        )
    if has(package, "sources", *ORIGIN):
        bare = ", ".join(f"'{kind}'" for kind in BARE)
        unknown = " AND ".join(f"s.{field} IS NULL" for field in ORIGIN)
        yield _check(
            resource,
            "note",
            "{detail} is referred to, but nothing says where it comes from",
            f"Fill in {', '.join(ORIGIN[:-1])} or say in the note what is known",
            f"{pointed} AND s.kind NOT IN ({bare}) AND {unknown}",
            tables,
        )


def _check(
    resource: Resource, field: str, message: str, fix: str, fault: str, tables: tuple[str, ...]
) -> RelationCheck:
    query = (
        f"SELECT s._row AS row, s.{field} AS value, s.source_id AS detail "
        f"FROM sources AS s WHERE {fault}"
    )
    return RelationCheck(
        "described-source", resource.name, (field,), message, fix, query=query, tables=tables
    )
