"""A relative date stands without a note.

Why: "Last year" means nothing without the year of writing, and no year is invented
here: the note says what is known of it, and which year is likely. The same holds for
a date that was left empty.

Fails:
    qualifier `relative` and an empty note; or measure `approval-date` without a date
    and without a note

Passes:
    qualifier `relative` and a note that tells which year is likely

Mend: Say in the note when the text was probably written, and what follows from that.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import RowCheck
from claimpack.claims.tables import asked, empty, has, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, statistics"

DATES = "(.*-)?date"
"""Measures that are dates."""


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """Relative statistics, and dates without a date."""
    if not asked(resource, package, "statistics", "qualifier", "note"):
        return
    silent = empty(resource, "note")
    yield RowCheck(
        "relative-date",
        resource.name,
        ("qualifier", "note"),
        "a relative date needs a note that says what it is relative to: {value}",
        "Write the likely date and the reason into the note",
        fault=exp.and_(value(resource, "qualifier").eq("relative"), silent),
    )
    if has(package, "statistics", "measure", "date_low", "date_high"):
        undated = [empty(resource, name) for name in ("date_low", "date_high")]
        other = exp.NullSafeNEQ(
            this=value(resource, "qualifier"), expression=exp.Literal.string("relative")
        )
        yield RowCheck(
            "relative-date",
            resource.name,
            ("measure", "date_low", "date_high", "note"),
            "an empty date needs a note: {value}",
            "Fill in the date, or say in the note what is known of it",
            fault=exp.and_(
                lexical.matches(value(resource, "measure"), DATES), *undated, silent.copy(), other
            ),
        )
