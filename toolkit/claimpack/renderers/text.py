"""The report for a reader at a terminal: a block a table, the verdict last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from claimpack.renderers.options import Options
from claimpack.renderers.page import Page
from claimpack.renderers.printable import LONGEST, printable, quoted
from claimpack.renderers.words import count, counts, seconds
from claimpack.report import SEVERITIES, Finding, Regrade, Report, Severity, Unchecked

Totals = dict[Severity, int]

STYLES = {"error": "red", "warning": "yellow", "info": "blue"}
SHORTEST = 20
NAME_WIDTH = 40


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the package's own faults, the tables, what was not checked, the verdict."""
    page = Page(stream, options)
    blocks = _blocks(report)
    if report.package:
        page.line(page.paint(printable(report.package), "bold"))
        page.line()
    for block in blocks:
        if block.name is None and block.rules:
            _write_block(page, block, report)
    _write_clean(page, [block for block in blocks if not block.rules and block.name is not None])
    for block in blocks:
        if block.name is not None and block.rules:
            _write_block(page, block, report)
    _write_unchecked(page, report.unchecked)
    _write_config(page, report.config)
    write_closing(page, report)


def write_closing(page: Page, report: Report) -> None:
    """The last line: verdict, totals, rows, time."""
    parts = [counts(report.counts) or "no findings"]
    if report.unchecked:
        parts.append(f"{count(len(report.unchecked), 'thing')} not checked")
    off = len({item.rule for item in report.config if item.severity == "off"})
    if off:
        parts.append(f"{count(off, 'rule')} off")
    rows = sum(table.rows for table in report.tables)
    parts.append(f"{count(rows, 'row')} in {count(len(report.tables), 'table')}")
    parts.append(seconds(report.seconds))
    verdict = report.verdict
    page.hanging("; ".join(parts), f"{_VERDICTS[verdict]}: ", f"bold {_COLOURS[verdict]}")


_VERDICTS = {"valid": "valid", "invalid": "invalid", "not-checked": "not checked whole"}
_COLOURS = {"valid": "green", "invalid": "red", "not-checked": "yellow"}


@dataclass(slots=True)
class _Block:
    """What the report says of one table, or of the package itself (name None)."""

    name: str | None
    rows: int | None = None
    rules: dict[str, Totals] = field(default_factory=dict)
    whole: bool = True

    @property
    def totals(self) -> Totals:
        sums: Totals = dict.fromkeys(SEVERITIES, 0)
        for totals in self.rules.values():
            for severity, number in totals.items():
                sums[severity] += number
        return sums

    def by_gravity(self) -> list[tuple[str, Totals]]:
        """Rules with their totals, those with errors first."""
        return sorted(self.rules.items(), key=lambda item: (_gravest(item[1]), item[0]))


def _gravest(totals: Totals) -> int:
    return min(SEVERITIES.index(severity) for severity, number in totals.items() if number)


def _blocks(report: Report) -> list[_Block]:
    """One block for the package, each table read, and whatever else something is said of."""
    blocks: dict[str | None, _Block] = {None: _Block(None)}
    for table in report.tables:
        blocks[table.name] = _Block(table.name, table.rows)
    for (resource, rule, severity), number in sorted(report.findings.totals().items(), key=str):
        block = blocks.setdefault(resource, _Block(resource))
        totals = block.rules.setdefault(rule, {})
        totals[severity] = totals.get(severity, 0) + number
    for item in report.unchecked:
        blocks.setdefault(item.resource, _Block(item.resource)).whole = False
    return list(blocks.values())


def _write_clean(page: Page, blocks: list[_Block]) -> None:
    if not blocks:
        return
    names = [printable(block.name or "") for block in blocks]
    rows = ["not read" if block.rows is None else count(block.rows, "row") for block in blocks]
    width = min(max(map(len, names)), NAME_WIDTH)
    digits = max(len(text) for text in rows)
    for block, name, text in zip(blocks, names, rows, strict=True):
        mark = page.mark("✓", "green") if block.whole else page.mark("?", "yellow")
        page.line(f"{mark} {name.ljust(width)}  {text.rjust(digits)}")
    page.line()


def _write_block(page: Page, block: _Block, report: Report) -> None:
    page.line(_heading(page, block))
    for rule, totals in block.by_gravity():
        _write_rule(page, block.name, rule, totals, report)
    page.line()


def _heading(page: Page, block: _Block) -> str:
    name = "the package" if block.name is None else printable(block.name)
    rows = "" if block.rows is None else f"  {count(block.rows, 'row')}"
    if block.totals["error"]:
        mark = page.mark("✗", "red")
    else:
        mark = page.mark("✓", "green") if block.whole else page.mark("?", "yellow")
    return f"{mark} {page.paint(name, 'bold')}{rows}  {counts(block.totals)}"


def _write_rule(
    page: Page, resource: str | None, rule: str, totals: Totals, report: Report
) -> None:
    total = sum(totals.values())
    shown = min(page.options.limit or total, total)
    style = STYLES[SEVERITIES[_gravest(totals)]]
    page.line(f"{page.paint(printable(rule), style)}  {counts(totals)}", 2)
    _write_findings(page, report.findings.some(resource, rule, shown))
    if total > shown:
        page.line(f"… and {total - shown:,} more (true total {total:,})", 4)


def _write_findings(page: Page, findings: Iterator[Finding]) -> None:
    """Places line by line; message and mend once where neighbours share them."""
    last: Finding | None = None
    for finding in findings:
        if last and (last.message, last.fix) != (finding.message, finding.fix):
            _write_advice(page, last)
        _write_place(page, _place(finding), _what(finding))
        last = finding
    if last:
        _write_advice(page, last)


def _write_advice(page: Page, finding: Finding) -> None:
    page.prose(printable(finding.message), 6)
    if finding.fix:
        page.prose(printable(finding.fix), 6, lead="fix: ", style="dim")


def _write_place(page: Page, place: str, what: str) -> None:
    """Place and cell on one line, or below one another where the page is too narrow."""
    width = page.options.width
    painted = page.paint(place, "cyan")
    if place and what and width and len(place) + len(what) + 6 > width:
        page.line(painted, 4)
        page.prose(what, 6)
    elif place or what:
        page.line("  ".join(part for part in (painted, what) if part), 4)


def _place(finding: Finding) -> str:
    """Where it is: file:line, else row or pointer; what an editor can jump to."""
    path = finding.path or ""
    if finding.line is not None:
        return printable(f"{path}:{finding.line}")
    if finding.row is not None:
        return printable(f"{path} row {finding.row}".strip())
    if finding.pointer:
        return printable(f"{path}#{finding.pointer}" if path else finding.pointer)
    return printable(path)


def _what(finding: Finding) -> str:
    """Which cell: field = "value", each pair of a composite key."""
    fields = _listed(finding.field)
    values = _listed(finding.value)
    if not values:
        return ", ".join(printable(name) for name in fields if name)
    each = max(SHORTEST, LONGEST // len(values))
    texts = [quoted(value, each) for value in values]
    if len(fields) != len(values):
        return ", ".join([*(printable(name) for name in fields if name), *texts])
    pairs = zip(fields, texts, strict=True)
    return ", ".join(f"{printable(name or '')} = {text}" for name, text in pairs)


def _listed(item: str | tuple[str | None, ...] | None) -> tuple[str | None, ...]:
    if item is None:
        return ()
    return item if isinstance(item, tuple) else (item,)


def _write_unchecked(page: Page, items: tuple[Unchecked, ...]) -> None:
    if not items:
        return
    shown = min(page.options.limit or len(items), len(items))
    page.line(f"{page.mark('?', 'yellow')} {page.paint('not checked', 'bold')}")
    for item in items[:shown]:
        name = "the package" if item.resource is None else printable(item.resource)
        page.line(f"{page.paint(name, 'cyan')}  {printable(item.what)}", 2)
        page.prose(printable(item.why), 6, lead="why: ", style="dim")
    if len(items) > shown:
        page.line(f"… and {len(items) - shown:,} more (true total {len(items):,})", 2)
    page.line()


def _write_config(page: Page, items: tuple[Regrade, ...]) -> None:
    """Which rules are off or graded otherwise, one line each, never cut."""
    if not items:
        return
    page.line(page.paint("severities that were set", "bold"))
    for item in items:
        where = f" in {printable(item.resource)}" if item.resource is not None else ""
        page.line(
            f"{page.paint(printable(item.rule), 'cyan')}  {item.severity}{where}, "
            f"says {_SAID.get(item.source, printable(item.source))}",
            2,
        )
    page.line()


_SAID = {"call": "the call"}

__all__ = ["STYLES", "render", "write_closing"]
