"""claimpack fix"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.api.fixing import FixResult, Prepared
    from claimpack.renderers.page import Page
    from claimpack.report import Diagnosis, Report

EXAMPLES = """\b
Examples:
  claimpack fix                           show each change, then ask
  claimpack fix data --dry-run            show the changes and write nothing
  claimpack fix data --yes                write without asking
  claimpack fix --only date-pattern       fix one cause

Changes the descriptor and schemas, never a cell; where cells have to change, it says how.
Exit codes: 0 valid afterwards; 1 errors remain, or --dry-run found changes; 2 usage error,
or no terminal to ask at and no --yes; 3 not everything could be checked or written.
"""
SHORT = "Fix the descriptor and schemas as the diagnoses say."


def command(
    path: options.Folder = ".",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the changes and write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CAUSE", help="Fix this cause only (repeatable)."),
    ] = None,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
    no_config: options.NoConfig = False,
) -> int:
    """Fix the descriptor and schemas as the diagnoses say, after showing each change.

    Each change was tried before: claimpack applied it in memory and checked the table again.
    """
    from claimpack.api import fixing
    from claimpack.cli import output
    from claimpack.cli.progress import progress

    settings: dict[str, Any] = {"memory": memory, "follow_links": follow_links}
    settings["config"] = not no_config
    with progress() as callback:
        made = fixing.prepared(path, only or (), **settings, progress=callback)
    with output.page() as page:
        _show(page, made.result)
    if not made.changes:
        return made.result.before.exit_code
    if dry_run:
        return 1
    if not yes and not _agreed(made):
        return made.result.before.exit_code
    made.write()
    from claimpack import api

    with progress() as callback:
        after = api.validate(path, **settings, progress=callback)
    with output.page() as page:
        _close(page, made.result.before, after)
    return after.exit_code


def _show(page: Page, result: FixResult) -> None:
    """Each change with its diff, then what is left to do by hand."""
    for fix in result.fixes:
        _cause(page, fix.diagnosis)
        for line in fix.diff.splitlines():
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            page.line(page.paint(_printable(line), style), 2)
        page.line()
    for item in result.manual:
        _cause(page, item)
        page.line()
    for sentence in result.left:
        page.prose(f"Not changed: {_printable(sentence)}")
    if not (result.fixes or result.manual or result.left):
        page.line("nothing to fix: no finding has a cause that claimpack knows")


def _cause(page: Page, item: Diagnosis) -> None:
    from claimpack.renderers import diagnosed

    table = page.paint(_printable(item.resource), "bold")
    page.line(f"{table}: {item.cause} {diagnosed.scope(item)}")
    page.prose(_printable(item.message), 2)
    page.prose(_printable(diagnosed.fix(item, command=False)), 2, lead="fix: ")


def _agreed(made: Prepared) -> bool:
    """Whether the user agrees; UsageError without a terminal to ask at."""
    from claimpack.errors import UsageError
    from claimpack.renderers.words import count

    files = count(len(made.changes), "file")
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError(f"{files} would change; add --yes to write, or run this in a terminal")
    return typer.confirm(f"Change {files}?")


def _close(page: Page, before: Report, after: Report) -> None:
    from claimpack.renderers.text import write_closing
    from claimpack.renderers.words import count

    page.line(f"before: {count(len(before.findings), 'finding')}")
    page.line(f"after: {count(len(after.findings), 'finding')}")
    write_closing(page, after)


def _printable(text: str) -> str:
    from claimpack.renderers.printable import printable

    return printable(text)
