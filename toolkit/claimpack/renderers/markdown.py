"""Markdown, for the summary of a job or a comment on a change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from claimpack.renderers import diagnosed
from claimpack.renderers.blocks import Block, Totals, blocks, cell, place
from claimpack.renderers.marking import escaped, row
from claimpack.renderers.options import Options
from claimpack.renderers.words import VERDICTS, counts, regrade, summary
from claimpack.report import Finding, Report

HEAD = "| place | cell | what | fix | clause |\n| --- | --- | --- | --- | --- |\n"
LONGEST = 200


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the verdict, the tables, the findings, at most so many of a rule in a table."""
    found = blocks(report)
    stream.write(f"## {escaped(report.package or options.path)}: {VERDICTS[report.verdict]}\n\n")
    stream.write(f"{escaped(summary(report))}\n\n")
    if report.tables:
        stream.write("| table | rows | findings |\n| --- | ---: | --- |\n")
        for block in found:
            if block.name is not None:
                stream.write(_line(escaped(block.title), _rows(block), _state(block)))
        stream.write("\n")
    for block in found:
        stream.writelines(_diagnoses(report, block))
        for rule, totals in block.by_gravity():
            for line in _rule(report, options, block, rule, totals):
                stream.write(line)
    _write_unchecked(report, stream, options)
    if report.config:
        stream.write("### changed severities\n\n")
        stream.writelines(f"- {escaped(regrade(item))}\n" for item in report.config)
        stream.write("\n")


def _diagnoses(report: Report, block: Block) -> Iterator[str]:
    """The causes of a table's findings, a paragraph each."""
    told = diagnosed.of(report, block.name)
    if told:
        yield f"### {escaped(block.title)}: {'cause' if len(told) == 1 else 'causes'}\n\n"
    for item in told:
        yield f"- **{escaped(item.cause)}** {escaped(diagnosed.scope(item))}: "
        yield f"{escaped(item.message)} Evidence: {escaped(item.evidence)} "
        yield f"Fix: {escaped(diagnosed.fix(item))}\n"
    if told:
        yield "\n"


def _rule(
    report: Report, options: Options, block: Block, rule: str, totals: Totals
) -> Iterator[str]:
    total = sum(totals.values())
    shown = diagnosed.Shown(report, block.name, rule, total, options.limit)
    yield f"### {escaped(block.title)}: {escaped(rule)}, {counts(totals)}\n\n"
    for finding in shown:
        if shown.count == 1:
            yield HEAD
        yield _finding(finding, options)
    if shown.more:
        yield f"\n{shown.more}\n" if shown.count else f"{shown.more}\n"
    yield "\n"


def _finding(finding: Finding, options: Options) -> str:
    return _line(
        _code(place(finding, options.folder)),
        _code(cell(finding, LONGEST)),
        escaped(finding.message),
        escaped(finding.fix),
        escaped(finding.clause or ""),
    )


def _write_unchecked(report: Report, stream: IO[str], options: Options) -> None:
    if not report.unchecked:
        return
    shown = report.unchecked[: options.limit or None]
    stream.write("### not checked\n\n| table | what | why |\n| --- | --- | --- |\n")
    for item in shown:
        name = "the package" if item.resource is None else item.resource
        stream.write(_line(escaped(name), escaped(item.what), escaped(item.why)))
    left = len(report.unchecked) - len(shown)
    if left:
        stream.write(f"\n… and {left:,} more ({len(report.unchecked):,} in all)\n")
    stream.write("\n")


def _rows(block: Block) -> str:
    return "not read" if block.rows is None else f"{block.rows:,}"


def _state(block: Block) -> str:
    parts = [counts(block.totals) or "none"]
    return ", ".join(parts if block.whole else [*parts, "partly checked"])


def _line(*cells: str) -> str:
    return row(*cells) + "\n"


def _code(text: str) -> str:
    return f"<code>{escaped(text)}</code>" if text else ""


__all__ = ["render"]
