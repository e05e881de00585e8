"""claimpack agreement."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.claims.raters import Agreement, AgreementReport, Estimate
    from claimpack.renderers.page import Page

EXAMPLES = """\b
Examples:
  claimpack agreement                   the package in this folder
  claimpack agreement data -f json      with every number unrounded

Reports the percentage of equal answers, Cohen's kappa with quadratic weights and
Krippendorff's alpha for ordered answers. Intervals come from a bootstrap with a fixed
seed; there are none for fewer than ten units. Needs pip install "claimpack[agreement]".
"""
ABSENT = "-"


def command(path: options.Package = ".", format_name: options.TextOrJson = "text") -> int:
    """Report how well two rating passes agree."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output

    report = api.agreement(path)
    if format_name == "json":
        from dataclasses import asdict

        output.write_json(asdict(report))
        return 0
    with output.page() as page:
        _write(page, report)
    return 0


def _write(page: Page, report: AgreementReport) -> None:
    from claimpack.renderers.printable import printable

    page.line(f"{report.raters[0]} against {report.raters[1]}")
    for instrument, items in groupby(report.items, lambda item: item.instrument_id):
        page.line()
        page.line(page.paint(printable(instrument), "bold"))
        rows: list[tuple[str, ...]] = [("item", "units", "equal", "kappa", "alpha", "")]
        rows += map(_row, items)
        page.columns(rows, right=(1, 2, 3, 4))
    page.line()
    page.prose(_closing(report))


def _row(item: Agreement) -> tuple[str, ...]:
    from claimpack.renderers.printable import printable

    return (
        printable(item.criterion_id or item.title),
        f"{item.units:,}"
        if item.units == item.compared
        else f"{item.compared:,} of {item.units:,}",
        ABSENT if item.equal is None else f"{item.equal:.0%}",
        _estimate(item.kappa),
        _estimate(item.alpha),
        "; ".join(item.remarks),
    )


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None:
        return ABSENT
    value = f"{estimate.value:.2f}"
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} ({estimate.low:.2f} to {estimate.high:.2f})"


def _closing(report: AgreementReport) -> str:
    few = sum(item.compared < report.fewest for item in report.items)
    if few == len(report.items):
        return (
            f"too few units: with fewer than {report.fewest} sources rated twice these "
            "numbers say little, and there is no interval."
        )
    told = f"{report.level:.0%} intervals from {report.resamples:,} resamples"
    return told + (f"; none with fewer than {report.fewest} units." if few else ".")
