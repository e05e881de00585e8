"""An arm has more events than people.

Why: Events are people who had the event; more of them than were analysed means
that two numbers were swapped or taken from different groups.

Fails:
    events 17, n 12

Passes:
    events 12, n 17

Mend: Compare both numbers with the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import RowCheck
from claimpack.claims.tables import asked, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, evidence arms"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """Events against people analysed."""
    if asked(resource, package, "evidence_arms", "events", "n"):
        yield RowCheck(
            "arm-counts",
            resource.name,
            ("events", "n"),
            "the arm has more events than participants: {value}",
            "Compare both numbers with the source",
            fault=exp.GT(this=value(resource, "events"), expression=value(resource, "n")),
        )
