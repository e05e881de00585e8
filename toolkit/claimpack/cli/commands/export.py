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
  claimpack export --to csv --zip         dist/csv, and as dist/csv.zip
  claimpack export --to csv --spreadsheet-safe
  claimpack export --to xlsx --to sqlite  one workbook and one SQLite file
  claimpack export --to bibtex            the sources, for a reference manager
  claimpack export --force                overwrite the output folder
  claimpack export --quarantine           the valid rows, and dist/quarantine

\b
Formats:
  csv, jsonl, parquet   a data package: a file a table, with a descriptor
  duckdb, sqlite        one database with types, keys and descriptions
  xlsx                  one workbook: a data dictionary, then a sheet a table
  bibtex, csl, ris      the table of sources of a claims package

With --spreadsheet-safe, a cell that begins with = + - @, a tab or a carriage
return and is not a number is prefixed with '. The descriptor says so, and
claimpack removes the prefix when it reads the file.

A package with errors is not exported. With --quarantine, its valid rows are:
rows with errors, and rows that refer to them, go to quarantine/<table>.csv with
line, row, rule, message and cells. An error that is not in a row (a wrong header,
a missing file) still stops the export.

Exit codes: 0 exported, with --quarantine also if rows were rejected; 1 invalid,
nothing written; 2 usage error; 3 failed, or not everything could be checked.
"""


def command(
    path: options.Package = ".",
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="FORMAT", help="Output format (repeatable). Default: parquet and csv."
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Output folder.")
    ] = "dist",
    zipped: Annotated[
        bool, typer.Option("--zip", help="Also pack each data package into a zip file.")
    ] = False,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe",
            help="Escape CSV cells that a spreadsheet would run as formulas.",
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the output folder.")] = False,
    quarantine: options.Quarantine = False,
    rule: options.Rules = None,
    no_config: options.NoConfig = False,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
) -> int:
    """Validate a package and export it to other formats.

    Each format gets a folder of its own, with the checksums of all files beside it.
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
                zipped=zipped,
                spreadsheet_safe=spreadsheet_safe,
                force=force,
                quarantine=quarantine,
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
    return 0 if quarantine and result.report.verdict == "invalid" else result.report.exit_code


def _show_files(result: api.ExportResult) -> None:
    from claimpack.cli import quarantine
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
        for warning in result.warnings:
            screen.hanging(printable(warning), "warning ", "yellow")
        quarantine.show(result.quarantine, screen)
