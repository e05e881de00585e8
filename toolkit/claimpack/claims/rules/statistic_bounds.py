"""The bounds of a statistic do not make sense.

Why: A statistic says low and high, equal for a single number and one of them
empty for an open bound. Bounds in the wrong order, a closed bound where the source
says "over", or a date without its precision make every computation on them wrong.

Fails:
    value_low 70, value_high 50; or qualifier `over` with a value_high

Passes:
    value_low 50, value_high empty, qualifier `over`

Mend: Put the smaller bound first; leave value_high empty for at-least and over,
value_low for up-to; give a date its precision.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks.model import RowCheck
from claimpack.claims.tables import asked, empty, filled, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Claims profile, statistics"

NEEDED = ("value_low", "value_high", "date_low", "date_high", "date_precision", "qualifier")


def checks(resource: Resource, package: Package) -> Iterator[RowCheck]:
    """Order, openness and completeness of the bounds."""
    if not asked(resource, package, "statistics", *NEEDED):
        return
    for kind in ("value", "date"):
        low, high = f"{kind}_low", f"{kind}_high"
        yield RowCheck(
            "statistic-bounds",
            resource.name,
            (low, high),
            f"{low} is greater than {high}: {{value}}",
            "Put the smaller bound first",
            fault=exp.GT(this=value(resource, low), expression=value(resource, high)),
        )
    yield from _open(resource)
    yield from _complete(resource)


def _open(resource: Resource) -> Iterator[RowCheck]:
    for words, closed, bound in (
        (("at-least", "over"), "value_high", "value_low"),
        (("up-to",), "value_low", "value_high"),
    ):
        said = value(resource, "qualifier").isin(*words)
        shut = exp.or_(filled(resource, closed), empty(resource, bound))
        dated = exp.or_(filled(resource, "date_low"), filled(resource, "date_high"))
        yield RowCheck(
            "statistic-bounds",
            resource.name,
            ("qualifier", "value_low", "value_high"),
            f"the qualifier is {' or '.join(words)}, so only {bound} is filled in: {{value}}",
            f"Fill in {bound} and leave {closed} empty, or correct the qualifier",
            fault=exp.and_(said, shut, exp.not_(exp.paren(dated))),
        )


def _complete(resource: Resource) -> Iterator[RowCheck]:
    names = ("value_low", "value_high", "date_low", "date_high")
    sure = value(resource, "qualifier").isin("exact", "about")
    yield RowCheck(
        "statistic-bounds",
        resource.name,
        names,
        "the statistic has no value and no date",
        "Fill in the bounds, or qualify the statistic as vague",
        fault=exp.and_(sure, *[empty(resource, name) for name in names]),
    )
    dated = exp.or_(filled(resource, "date_low"), filled(resource, "date_high"))
    yield RowCheck(
        "statistic-bounds",
        resource.name,
        ("date_low", "date_high", "date_precision"),
        "expected both a date and its precision, found {value}",
        "Fill in date_precision with the date, or empty both",
        fault=exp.NEQ(
            this=exp.paren(dated), expression=exp.paren(filled(resource, "date_precision"))
        ),
    )
