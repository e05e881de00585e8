"""JUnit XML, for servers that show test results; every finding, a suite for each package."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import IO

from claimpack.renderers import diagnosed
from claimpack.renderers.blocks import cell, place
from claimpack.renderers.options import Options
from claimpack.renderers.printable import printable
from claimpack.renderers.words import regrade
from claimpack.report import Finding, Report, Unchecked, chunks

LONGEST = 200


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the report as one suite; no limit applies."""
    render_all([(report, options)], stream)


def render_all(entries: Iterable[tuple[Report, Options]], stream: IO[str]) -> None:
    """Write a suite for each report."""
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    for number, (report, options) in enumerate(entries):
        for chunk in chunks(_suite(report, options, number)):
            stream.write("\n".join([*chunk, ""]))
    stream.write("</testsuites>\n")


def _suite(report: Report, options: Options, number: int) -> Iterator[str]:
    """A test case for each error, for what was not checked, for each table without either.

    Errors are failures, and what was not checked was skipped. Warnings and notes fail
    nothing: they are the suite's output.
    """
    told = {resource for resource, _, grade in report.findings.totals() if grade == "error"}
    told |= {item.resource for item in report.unchecked}
    passed = [table.name for table in report.tables if table.name not in told]
    failures, skipped = report.counts["error"], len(report.unchecked)
    yield (
        f'<testsuite id="{number}" package="claimpack" '
        f'name="{_text(report.package or options.path)}" hostname="localhost" '
        f'timestamp="{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}" '
        f'tests="{failures + skipped + len(passed)}" failures="{failures}" errors="0" '
        f'skipped="{skipped}" time="{report.seconds:.3f}">'
    )
    yield "  <properties>"
    for setting in report.config:
        yield f'    <property name="config" value="{_text(regrade(setting))}"/>'
    yield "  </properties>"
    for name in passed:
        yield f'  <testcase classname="{_text(name)}" name="no errors" time="0"/>'
    for finding in report.findings:
        if finding.severity == "error":
            yield from _failure(finding, options)
    for item in report.unchecked:
        yield from _skipped(item)
    yield "  <system-out>"
    for cause in report.diagnoses:
        yield _text(f"{cause.resource}: {cause.cause} {diagnosed.scope(cause)}")
        yield _text(f"{cause.message} {cause.evidence} fix: {diagnosed.fix(cause)}")
    if failures < len(report.findings):
        for finding in report.findings:
            if finding.severity != "error":
                yield f"{finding.severity}: {finding.rule}: {_details(finding, options)}"
    yield "</system-out>"
    yield "  <system-err/>"
    yield "</testsuite>"


def _failure(finding: Finding, options: Options) -> Iterator[str]:
    where, rule = place(finding, options.folder), _once(finding.rule)
    yield (
        f'  <testcase classname="{_class(finding.resource)}" '
        f'name="{f"{rule} {_text(where)}" if where else rule}" time="0">'
    )
    yield (
        f'    <failure type="{rule}" message="{_text(finding.message)}">'
        f"{_details(finding, options)}</failure>"
    )
    yield "  </testcase>"


def _details(finding: Finding, options: Options) -> str:
    lines = [place(finding, options.folder), cell(finding, LONGEST), finding.message]
    said = "\n".join([printable(line) for line in lines if line])
    return escape(said) + _reason(finding.fix, finding.clause, bool(said))


@functools.lru_cache
def _reason(fix: str, clause: str | None, below: bool) -> str:
    lines = [f"fix: {fix}"] if fix else []
    lines += [f"clause: {clause}"] if clause else []
    return "\n".join([""] * below + [_text(line) for line in lines])


def _skipped(item: Unchecked) -> Iterator[str]:
    yield f'  <testcase classname="{_class(item.resource)}" name="{_text(item.what)}" time="0">'
    yield f'    <skipped message="{_text(f"not checked: {item.why}")}"/>'
    yield "  </testcase>"


@functools.lru_cache
def _class(resource: str | None) -> str:
    return _text(resource or "the package")


def _text(text: str) -> str:
    """Text for an element or an attribute; XML has no place for control characters."""
    return escape(printable(text))


_once = functools.lru_cache(_text)


__all__ = ["render", "render_all"]
