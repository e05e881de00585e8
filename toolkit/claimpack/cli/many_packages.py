"""Judges one package or several in one call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimpack.cli.guard import tell
from claimpack.cli.inputs import STANDARD_INPUT, read_input, refuse_input
from claimpack.cli.progress import progress
from claimpack.cli.show import show_report, show_reports
from claimpack.errors import ClaimpackError, UsageError
from claimpack.report import FindingList, Report, Unchecked

Settings = dict[str, Any]

BEST_FIRST = (0, 3, 1, 2)
"""Exit codes from the best to the worst: valid, partly checked, errors, usage error."""


def judge_one(
    path: str, settings: Settings, format_name: str, limit: int, target: Path | None
) -> int:
    """Judge one package and show its report; the exit code."""
    report = _judge(path, settings, target)
    show_report(report, format_name, limit, target, path)
    return report.exit_code


def judge_all(
    paths: list[str], settings: Settings, format_name: str, limit: int, target: Path | None
) -> int:
    """Judge several packages, each shown as it is done; the worst exit code.

    A package that cannot be read at all is told on stderr and stands in the report as
    not checked; the others are judged all the same.
    """
    if paths.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input can be read once; give - once")
    codes = [0]

    def judged() -> Iterator[tuple[str, Report]]:
        for path in paths:
            try:
                report = _judge(path, settings, target)
                codes.append(report.exit_code)
            except ClaimpackError as error:
                tell(str(error))
                codes.append(error.exit_code)
                report = Report(None, FindingList(), (Unchecked(None, "package", str(error)),))
            yield path, report

    show_reports(judged(), format_name, limit, target)
    return max(codes, key=BEST_FIRST.index)


def _judge(path: str, settings: Settings, target: Path | None) -> Report:
    text = read_input() if path == STANDARD_INPUT else None
    place = "." if text is not None else path
    if target is not None:
        refuse_input(target, place, text)
    if text is not None:
        settings = settings | {"text": text}
    from claimpack import api

    with progress() as callback:
        return api.validate(place, **settings, progress=callback)


__all__ = ["BEST_FIRST", "judge_all", "judge_one"]
