"""The report for a reader at a terminal: a block a table, the verdict last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from claimpack.renderers import diagnosed
from claimpack.renderers.blocks import Block, Totals, blocks, cell, gravest, place, skipped
from claimpack.renderers.options import Options
from claimpack.renderers.page import Page
from claimpack.renderers.printable import printable
from claimpack.renderers.words import SOURCES, VERDICTS, count, counts, summary
from claimpack.report import Diagnosis, Finding, Regrade, Report

STYLES = {"error": "red", "warning": "yellow", "info": "blue"}
NAME_WIDTH = 40


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the package's own faults, the tables, what was not checked, the verdict."""
    page = Page(stream, options)
    found = blocks(report)
    if report.package:
        page.line(page.paint(printable(report.package), "bold"))
        page.line()
    for block in found:
        if block.name is None and block.rules:
            _write_block(page, block, report)
    _write_clean(page, [block for block in found if not block.rules and block.name is not None])
    for block in found:
        if block.name is not None and block.rules:
            _write_block(page, block, report)
    _write_unchecked(page, skipped(report))
    _write_config(page, report.config)
    write_closing(page, report)


def render_all(entries: Iterable[tuple[Report, Options]], stream: IO[str]) -> None:
    """Write a block for each report, its path first."""
    for number, (report, options) in enumerate(entries):
        page = Page(stream, options)
        if number:
            page.line()
        page.line(page.paint(f"{printable(options.path)}:", "bold"))
        render(report, stream, options)


def write_closing(page: Page, report: Report) -> None:
    """The last line: verdict, totals, rows, time."""
    verdict = report.verdict
    page.hanging(summary(report), f"{VERDICTS[verdict]}: ", f"bold {_COLOURS[verdict]}")


_COLOURS = {"valid": "green", "invalid": "red", "not-checked": "yellow"}


def _write_clean(page: Page, clean: list[Block]) -> None:
    if not clean:
        return
    names = [printable(block.name or "") for block in clean]
    rows = ["not read" if block.rows is None else count(block.rows, "row") for block in clean]
    width = min(max(map(len, names)), NAME_WIDTH)
    digits = max(len(text) for text in rows)
    for block, name, text in zip(clean, names, rows, strict=True):
        mark = page.mark("✓", "green") if block.whole else page.mark("?", "yellow")
        page.line(f"{mark} {name.ljust(width)}  {text.rjust(digits)}")
    page.line()


def _write_block(page: Page, block: Block, report: Report) -> None:
    page.line(_heading(page, block))
    for item in diagnosed.of(report, block.name):
        _write_diagnosis(page, item)
    for rule, totals in block.by_gravity():
        _write_rule(page, block.name, rule, totals, report)
    page.line()


def _heading(page: Page, block: Block) -> str:
    rows = "" if block.rows is None else f"  {count(block.rows, 'row')}"
    if block.totals["error"]:
        mark = page.mark("✗", "red")
    else:
        mark = page.mark("✓", "green") if block.whole else page.mark("?", "yellow")
    return f"{mark} {page.paint(block.title, 'bold')}{rows}  {counts(block.totals)}"


def _write_diagnosis(page: Page, item: Diagnosis) -> None:
    """The cause in a sentence, what shows it, what to do."""
    page.line(f"{page.paint(item.cause, 'bold')}  {diagnosed.scope(item)}", 2)
    page.prose(printable(item.message), 4)
    page.prose(printable(item.evidence), 4, lead="evidence: ", style="dim")
    page.prose(printable(diagnosed.fix(item)), 4, lead="fix: ")


def _write_rule(
    page: Page, resource: str | None, rule: str, totals: Totals, report: Report
) -> None:
    total = sum(totals.values())
    style = STYLES[gravest(totals)]
    page.line(f"{page.paint(printable(rule), style)}  {counts(totals)}", 2)
    shown = diagnosed.Shown(report, resource, rule, total, page.options.limit)
    _write_findings(page, iter(shown))
    if shown.more:
        page.line(shown.more, 4)


def _write_findings(page: Page, findings: Iterator[Finding]) -> None:
    """Places line by line; message and mend once where neighbours share them."""
    last: Finding | None = None
    for finding in findings:
        if last and (last.message, last.fix) != (finding.message, finding.fix):
            _write_advice(page, last)
        _write_place(page, place(finding), cell(finding))
        last = finding
    if last:
        _write_advice(page, last)


def _write_advice(page: Page, finding: Finding) -> None:
    page.prose(printable(finding.message), 6)
    if finding.fix:
        page.prose(printable(finding.fix), 6, lead="fix: ", style="dim")


def _write_place(page: Page, where: str, what: str) -> None:
    """Place and cell on one line, or below one another where the page is too narrow."""
    width = page.options.width
    painted = page.paint(where, "cyan")
    if where and what and width and len(where) + len(what) + 6 > width:
        page.line(painted, 4)
        page.prose(what, 6)
    elif where or what:
        page.line("  ".join(part for part in (painted, what) if part), 4)


def _write_unchecked(page: Page, items: list[tuple[str, str, str]]) -> None:
    if not items:
        return
    shown = min(page.options.limit or len(items), len(items))
    page.line(f"{page.mark('?', 'yellow')} {page.paint('skipped', 'bold')}")
    for where, what, why in items[:shown]:
        page.line(f"{page.paint(printable(where), 'cyan')}  {printable(what)}", 2)
        page.prose(printable(why), 6, lead="why: ", style="dim")
    if len(items) > shown:
        page.line(f"… and {len(items) - shown:,} more ({len(items):,} in all)", 2)
    page.line()


def _write_config(page: Page, items: tuple[Regrade, ...]) -> None:
    """Which rules are off or graded otherwise, one line each, never cut."""
    if not items:
        return
    page.line(page.paint("changed severities", "bold"))
    for item in items:
        where = f" in {printable(item.resource)}" if item.resource is not None else ""
        page.line(
            f"{page.paint(printable(item.rule), 'cyan')}: {item.severity}{where} "
            f"({SOURCES.get(item.source, printable(item.source))})",
            2,
        )
    page.line()


__all__ = ["STYLES", "render", "render_all", "write_closing"]
