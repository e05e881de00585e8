"""Workflow commands of GitHub Actions, which show findings beside the lines of a change."""

from __future__ import annotations

from typing import IO

from claimpack.renderers import diagnosed
from claimpack.renderers.blocks import Block, Totals, blocks, cell
from claimpack.renderers.options import Options
from claimpack.renderers.printable import printable
from claimpack.renderers.words import VERDICTS, regrade, summary
from claimpack.report import Diagnosis, Finding, Report

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
LONGEST = 200


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write a command for each finding, at most so many of a rule in a table, and the verdict."""
    for block in blocks(report):
        for cause in diagnosed.of(report, block.name):
            _write_diagnosis(stream, cause, options)
        for rule, totals in block.by_gravity():
            _write_rule(report, stream, options, block, rule, totals)
    for item in report.unchecked:
        what = ": ".join(part for part in (item.resource, item.what) if part)
        _write(stream, "warning", {"title": "not checked"}, f"{what}: {item.why}")
    for setting in report.config:
        _write(stream, "notice", {"title": "changed severity"}, regrade(setting))
    name = printable(report.package or options.path)
    stream.write(f"{name}: {VERDICTS[report.verdict]}: {summary(report)}\n")


def _write_rule(
    report: Report, stream: IO[str], options: Options, block: Block, rule: str, totals: Totals
) -> None:
    total = sum(totals.values())
    shown = diagnosed.Shown(report, block.name, rule, total, options.limit)
    for finding in shown:
        _write_finding(stream, finding, options)
    if total > shown.count:
        more = f"{block.title}: {total - shown.count:,} more of {rule} ({total:,} in all)"
        _write(stream, "notice", {"title": rule}, more)


def _write_diagnosis(stream: IO[str], item: Diagnosis, options: Options) -> None:
    """A cause, beside the file that its patch changes."""
    file = item.patch[0].file if item.patch else options.descriptor
    properties = {"file": f"{options.folder}{file}"}
    if item.edits:
        properties["line"] = str(item.edits[0].start[0])
    properties["title"] = item.cause
    head = f"{item.resource}: {item.message} It {diagnosed.scope(item)}."
    lines = (head, f"evidence: {item.evidence}", f"fix: {diagnosed.fix(item)}")
    _write(stream, "error", properties, *lines)


def _write_finding(stream: IO[str], finding: Finding, options: Options) -> None:
    properties = {"file": f"{options.folder}{finding.path or options.descriptor}"}
    if finding.line is not None:
        properties["line"] = str(finding.line)
    properties["title"] = finding.rule
    lines = [finding.message, cell(finding, LONGEST)]
    lines += [f"fix: {finding.fix}"] if finding.fix else []
    lines += [f"clause: {finding.clause}"] if finding.clause else []
    _write(stream, COMMANDS[finding.severity], properties, *(line for line in lines if line))


def _write(stream: IO[str], command: str, properties: dict[str, str], *lines: str) -> None:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    stream.write(f"::{command} {listed}::{'%0A'.join(map(_data, lines))}\n")


def _data(text: str) -> str:
    """Text of a message: on one line, and no escape of its own."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


__all__ = ["COMMANDS", "render"]
