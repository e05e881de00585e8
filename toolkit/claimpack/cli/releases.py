"""What is shown of a release: its checks, its files with sizes and checksums, its times."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from claimpack.cli import output, quarantine
from claimpack.cli.guard import tell
from claimpack.cli.show import show_report
from claimpack.errors import InvalidPackageError
from claimpack.exporters.folder import SUMS
from claimpack.release.errors import BrokenPromiseError, UnverifiedError
from claimpack.renderers.page import Page
from claimpack.renderers.printable import printable
from claimpack.renderers.words import VERDICTS, count, seconds, size
from claimpack.versions.words import advice

if TYPE_CHECKING:
    from claimpack import api
    from claimpack.release.model import Check, Verification

SHOWN = 20
DIGITS = 12
SUBJECTS = {
    "checksums": "as SHA256SUMS says",
    "claimpack": "valid by claimpack",
    "frictionless": "valid by frictionless",
    "pandera": "valid by pandera",
    "zip": "as their folders",
    "values": "with the values of the tables",
}
JUDGES = ("claimpack", "frictionless", "pandera")
NOUNS = {"checksums": "file", "zip": "zip file", "claimpack": "package", "frictionless": "package"}


def show_checks(found: Verification, page: Page) -> None:
    """What failed or was not checked, then each kind of check in a line, then the verdict."""
    wrong = [check for check in found.checks if check.outcome != "passed"]
    for check in wrong[:SHOWN]:
        _show_check(check, page)
    if len(wrong) > SHOWN:
        page.line(f"and {len(wrong) - SHOWN:,} more")
    passed = Counter(check.name for check in found.checks if check.outcome == "passed")
    for name, number in passed.items():
        what = count(number, NOUNS.get(name, "table"))
        page.line(f"{page.mark('✓', 'green')} {what} {SUBJECTS[name]}")
    for check in found.checks:
        if check.scope:
            page.prose(
                f"{check.name} checked {printable(check.scope)}",
                lead=f"{page.mark('·', 'yellow')} ",
            )
    page.line()
    verdict = {"valid": "as published", "invalid": "not as published"}
    told = verdict.get(found.verdict, VERDICTS[found.verdict])
    page.line(f"{page.paint(told, 'bold')}; {count(len(found.files), 'file')}, {_time(found)}")


def _show_check(check: Check, page: Page) -> None:
    sign = page.mark("✗", "red") if check.outcome == "failed" else page.mark("?", "yellow")
    where = printable(check.path) or "the release"
    if check.name in JUDGES:
        where += f", by {check.name}"
    for message in check.messages:
        page.prose(f"{where}: {printable(message)}", lead=f"{sign} ")


def _time(found: Verification) -> str:
    return seconds(found.seconds)


def show(release: api.Release, page: Page) -> None:
    """The files with rows, sizes and the first digits of their checksums; then the times."""
    page.line()
    rows = [
        (
            f"  {printable(file.path)}",
            "" if file.rows is None else count(file.rows, "row"),
            size(file.bytes),
            file.sha256[:DIGITS],
        )
        for file in release.files
    ]
    page.columns(rows, right=(1, 2))
    page.line()
    show_checks(release.verification, page)
    for warning in release.warnings:
        page.hanging(printable(warning), "warning ", "yellow")
    quarantine.show(release.quarantine, page)
    for note in release.notes:
        said = note.text if note.written else f"not written: {note.text}"
        page.prose(printable(f"{note.catalogue}: {said}"), lead=f"{page.mark('·', 'yellow')} ")
    if release.difference is not None:
        page.prose(printable(advice(release.difference)))
    times = ", ".join(f"{step} {seconds(time)}" for step, time in release.seconds.items())
    page.line(times)
    total = size(sum(file.bytes for file in release.files))
    page.line(f"{page.paint('published', 'bold')} in {printable(str(release.folder))}: {total}")
    page.line(f"sha256 of {SUMS}: {_sum_of_sums(release)}")


def show_refusal(error: InvalidPackageError | UnverifiedError, format_name: str) -> int:
    """Say once why nothing was published; the exit code.

    As text: one line and the list of reasons, or the report, or the checks that failed.
    """
    reasons = getattr(error, "reasons", ())
    if reasons and format_name == "text":
        tell(f"not published: {count(len(reasons), 'reason')}")
        for reason in reasons:
            print(f"  {printable(reason)}", file=sys.stderr)
        return error.exit_code
    _show_cause(error, format_name)
    tell(str(error))
    return error.exit_code


def _show_cause(error: InvalidPackageError | UnverifiedError, format_name: str) -> None:
    """The report of an invalid package, the checks that failed, or the reasons as JSON."""
    report = getattr(error, "report", None)
    if report is not None:
        show_report(report, format_name, SHOWN)
        return
    found = getattr(error, "verification", None)
    if format_name == "json":
        told = {"published": False, "reasons": list(getattr(error, "reasons", ()))}
        if isinstance(error, BrokenPromiseError):
            told["difference"] = error.difference.summary()
        if found is not None:
            told["verification"] = found.to_dict()
        output.write_json(told)
    elif found is not None:
        with output.page() as page:
            show_checks(found, page)


def as_json(release: api.Release) -> dict[str, Any]:
    """The release as JSON-ready values."""
    difference = release.difference
    return {
        "published": True,
        "folder": str(release.folder),
        "sha256": _sum_of_sums(release),
        "files": [asdict(file) for file in release.files],
        "verification": release.verification.to_dict(),
        "warnings": list(release.warnings),
        "quarantine": [asdict(item) for item in release.quarantine],
        "notes": [asdict(note) for note in release.notes],
        "difference": None if difference is None else difference.summary(),
        "seconds": release.seconds,
    }


def _sum_of_sums(release: api.Release) -> str:
    """The hash that stands for the whole release."""
    return hashlib.sha256((release.folder / SUMS).read_bytes()).hexdigest()


__all__ = ["as_json", "show", "show_checks"]
