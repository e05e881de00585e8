"""A row is withdrawn or superseded and does not say why, or by what.

Why: Published ids are cited, so a row that no longer stands stays, with the reason;
whoever comes with the old id is led to the row that replaces it. A row that stands
has neither.

Fails:
    status `withdrawn` and an empty status_reason; or status `superseded` and an
    empty superseded_by; or status `current` and a status_reason

Passes:
    status `superseded`, status_reason `counted twice`, superseded_by another row

Mend: Fill in status_reason, and superseded_by where there is a successor; empty both
where the row stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import Expression, RowCheck
from claimpack.claims.tables import asked, empty, filled, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, status of published rows"

FIELDS = ("status", "status_reason", "superseded_by")


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """Status against reason and successor, in each table that has them."""
    if not asked(resource, package, resource.name, *FIELDS):
        return
    status = value(resource, "status")
    yield _check(
        resource,
        "status_reason",
        "a withdrawn or superseded row needs a reason: {value}",
        "Write the reason into status_reason",
        exp.and_(status.isin("withdrawn", "superseded"), empty(resource, "status_reason")),
    )
    yield _check(
        resource,
        "status_reason",
        "a current row needs no reason for its status: {value}",
        "Leave status_reason empty, or correct the status",
        exp.and_(status.eq("current"), filled(resource, "status_reason")),
    )
    yield _check(
        resource,
        "superseded_by",
        "a superseded row needs a successor: {value}",
        "Name the row that replaces it, or write the status withdrawn",
        exp.and_(status.eq("superseded"), empty(resource, "superseded_by")),
    )
    yield _check(
        resource,
        "superseded_by",
        "only a superseded row has a successor: {value}",
        "Leave superseded_by empty, or write the status superseded",
        exp.and_(status.isin("current", "withdrawn"), filled(resource, "superseded_by")),
    )
    assert resource.schema is not None
    if len(resource.schema.primary_key) == 1:
        yield _itself(resource, resource.schema.primary_key[0])


def _check(resource: Resource, field: str, message: str, fix: str, fault: Expression) -> RowCheck:
    return RowCheck("withdrawn-row", resource.name, ("status", field), message, fix, fault=fault)


def _itself(resource: Resource, key: str) -> RowCheck:
    return RowCheck(
        "withdrawn-row",
        resource.name,
        (key, "superseded_by"),
        "the row names itself as its successor: {value}",
        "Name the row that replaces it",
        fault=exp.EQ(this=value(resource, key), expression=value(resource, "superseded_by")),
    )
