"""Puts reports on the screen or into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from claimpack import renderers
from claimpack.cli import output
from claimpack.cli.inputs import placed
from claimpack.renderers import Options
from claimpack.renderers.printable import printable
from claimpack.report import Report


def show_report(
    report: Report, format_name: str, limit: int, target: Path | None = None, path: str = "."
) -> None:
    """The report on the screen; with a target there, and its last line on the screen."""

    def write(stream: IO[str], options: Options) -> None:
        renderers.render(report, format_name, stream, placed(options, path))

    _write(write, format_name, limit, target)
    if target is not None:
        from claimpack.renderers.text import write_closing

        with output.page() as page:
            write_closing(page, report)
            page.line(f"report in {printable(str(target))}")


def show_reports(
    reports: Iterator[tuple[str, Report]], format_name: str, limit: int, target: Path | None = None
) -> None:
    """Reports as they come, each with its package's path; with a target, last lines on screen."""
    told: list[tuple[str, Report]] = []

    def write(stream: IO[str], options: Options) -> None:
        entries = ((report, placed(options, path)) for path, report in noted())
        renderers.render_all(entries, format_name, stream)

    def noted() -> Iterator[tuple[str, Report]]:
        for path, report in reports:
            if target is not None:
                told.append((path, report))
            yield path, report

    _write(write, format_name, limit, target)
    if target is not None:
        from claimpack.renderers.text import write_closing

        with output.page() as page:
            for path, report in told:
                page.line(f"{printable(path)}:")
                write_closing(page, report)
            page.line(f"report in {printable(str(target))}")


def _write(
    write: Callable[[IO[str], Options], None], format_name: str, limit: int, target: Path | None
) -> None:
    if target is None:
        with output.screen("utf-8" if format_name != "text" else None) as stream:
            write(stream, output.options_for(stream, limit))
        return
    with output.file(target) as stream:
        write(stream, Options(limit))


__all__ = ["show_report", "show_reports"]
