"""A row points to none, or to more than one, of the things that it is about.

Why: An appraisal is of a claim or of a statistic; a member of a conflict is a
claim, a statistic, a source or an evidence row. Two at once, or none, leave open
what is meant.

Fails:
    an appraisal with a claim_id and a statistic_id

Passes:
    an appraisal with a statistic_id and an empty claim_id

Mend: Fill in exactly one of the keys; make a second row for a second subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from sqlglot import exp

from claimpack.checks.model import Expression, RowCheck
from claimpack.claims.tables import asked, filled
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, appraisals and conflict members"

SUBJECTS = {
    "appraisals": ("claim_id", "statistic_id"),
    "conflict_members": ("claim_id", "statistic_id", "source_id", "evidence_id"),
}


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """The number of keys that are filled in."""
    fields = SUBJECTS.get(resource.name, ())
    if not fields or not asked(resource, package, resource.name, *fields):
        return
    ones: list[Expression] = [exp.cast(exp.paren(filled(resource, name)), "INT") for name in fields]
    count = reduce(lambda left, right: exp.Add(this=left, expression=right), ones)
    yield RowCheck(
        "one-subject",
        resource.name,
        fields,
        f"expected exactly one of {', '.join(fields)} to be filled in, found {{value}}",
        "Fill in one of the keys and empty the others",
        fault=exp.NEQ(this=exp.paren(count), expression=exp.Literal.number(1)),
    )
