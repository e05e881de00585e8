"""claimpack export"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack import api

FORMATS = ["parquet", "csv"]
EXAMPLES = """\b
Examples:
  claimpack export                        dist/parquet and dist/csv
  claimpack export --to parquet -o out    only Parquet, into out
  claimpack export --force                replace what is there

A package with errors is not exported. Exit codes: 0 written; 1 invalid,
nothing written; 2 wrong usage; 3 not done, or not checked whole.
"""


def command(
    path: options.Package = ".",
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="FORMAT", help="parquet or csv; may be repeated; else both."),
    ] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder to write into.")
    ] = "dist",
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    rule: options.Rules = None,
    no_config: options.NoConfig = False,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
) -> int:
    """Check a package and write it as Parquet and CSV.

    Each format is a data package of its own, with checksums beside it.
    """
    from claimpack import api
    from claimpack.cli.progress import progress
    from claimpack.cli.show import show_report
    from claimpack.errors import InvalidPackageError

    try:
        with progress() as callback:
            result = api.export(
                path,
                Path(output),
                tuple(dict.fromkeys(to or FORMATS)),
                force=force,
                memory=memory,
                follow_links=follow_links,
                rules=options.graded(rule),
                config=not no_config,
                progress=callback,
            )
    except InvalidPackageError as error:
        report = getattr(error, "report", None)
        if report is not None:
            show_report(report, "text", 10)
        raise
    show_report(result.report, "text", 10)
    _show_files(result)
    return result.report.exit_code


def _show_files(result: api.ExportResult) -> None:
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import count, size

    rows = [
        (
            f"  {printable(file.path)}",
            "" if file.rows is None else count(file.rows, "row"),
            size(file.bytes),
        )
        for file in result.files
    ]
    with page() as screen:
        screen.line()
        screen.line(f"{screen.paint('written', 'bold')} to {printable(str(result.folder))}")
        if rows:
            screen.columns(rows, right=(1, 2))
        total = size(sum(file.bytes for file in result.files))
        screen.line(f"{count(len(rows), 'file')}, {total}")
