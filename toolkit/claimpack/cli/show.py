"""Puts a report on the screen or into a file."""

from __future__ import annotations

from pathlib import Path

from claimpack import renderers
from claimpack.cli import output
from claimpack.renderers.printable import printable
from claimpack.report import Report


def show_report(report: Report, format_name: str, limit: int, target: Path | None = None) -> None:
    """The report on the screen; with a target there, and its last line on the screen."""
    if target is None:
        with output.screen("utf-8" if format_name != "text" else None) as stream:
            renderers.render(report, format_name, stream, output.options_for(stream, limit))
        return
    with output.file(target) as stream:
        renderers.render(report, format_name, stream, renderers.Options(limit))
    from claimpack.renderers.text import write_closing

    with output.page() as page:
        write_closing(page, report)
        page.line(f"report in {printable(str(target))}")


__all__ = ["show_report"]
