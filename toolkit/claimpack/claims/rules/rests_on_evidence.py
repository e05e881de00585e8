"""An appraisal rests on no evidence and does not say that it is untestable.

Why: A verdict is worth what stands behind it. Where nothing can be held against the
assertion, the verdict is `untestable`, and there is no certainty to grade; any other
verdict names its evidence and how certain that is.

Fails:
    verdict `overstated` and no row in appraisal_evidence; or verdict `untestable`
    with certainty `low`

Passes:
    verdict `overstated`, certainty `low`, and a row in appraisal_evidence

Mend: Add the evidence rows and the certainty, or write the verdict `untestable` and
leave the certainty empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import RelationCheck, RowCheck
from claimpack.claims.tables import asked, current, empty, has, standing, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, appraisals"

UNTESTABLE = "untestable"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck | RelationCheck]:
    """The certainty of each row, and its rows in appraisal_evidence."""
    if asked(resource, package, "appraisals", "verdict", "certainty"):
        untestable = value(resource, "verdict").eq(UNTESTABLE)
        ungraded = empty(resource, "certainty")
        yield RowCheck(
            "rests-on-evidence",
            resource.name,
            ("verdict", "certainty"),
            f"the verdict is {UNTESTABLE}, but a certainty is given",
            f"Leave certainty empty, or correct the verdict {UNTESTABLE}.",
            fault=exp.and_(standing(resource), untestable, exp.not_(ungraded)),
        )
        yield RowCheck(
            "rests-on-evidence",
            resource.name,
            ("verdict", "certainty"),
            f"the verdict is not {UNTESTABLE}, but certainty is empty",
            "Fill in the certainty of the evidence.",
            fault=exp.and_(standing(resource), exp.not_(untestable.copy()), ungraded.copy()),
        )
    linked = has(package, "appraisal_evidence", "appraisal_id")
    if linked and asked(resource, package, "appraisals", "appraisal_id", "verdict"):
        yield RelationCheck(
            "rests-on-evidence",
            resource.name,
            ("verdict",),
            "the verdict of {detail} is {value} and rests on no evidence",
            f"Add its evidence to appraisal_evidence, or change the verdict to {UNTESTABLE}.",
            query=(
                "SELECT a._row AS row, a.verdict AS value, a.appraisal_id AS detail "
                f"FROM appraisals AS a WHERE a.verdict <> '{UNTESTABLE}' "
                "AND NOT EXISTS (SELECT 1 FROM appraisal_evidence AS e "
                f"WHERE e.appraisal_id = a.appraisal_id){current(package, 'appraisals', 'a')}"
            ),
            tables=("appraisals", "appraisal_evidence"),
        )
