"""claimpack add-table"""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack add-table tables/trials.csv
  claimpack add-table data/tables/trials.csv data --name trials --title Trials

Types are inferred from the first 10,000 rows and checked against all rows; a column
that does not fit becomes string. The schema is written to schemas/, the resource is
appended to the descriptor, and its other lines stay unchanged. Exit codes: 0 added;
2 usage error; 3 could not be read or written.
"""


def command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="CSV, TSV, Excel (xlsx) or Parquet in the package's folder."
        ),
    ],
    path: options.Folder = ".",
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of the table.")
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title.")] = "",
) -> int:
    """Add a file to a package as a table and infer its schema."""
    from claimpack import api
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import count

    added = api.add_table(file, path, name=name, title=title)
    rows = "rows not read" if added.rows is None else count(added.rows, "row")
    with page() as screen:
        screen.line(f"{printable(added.name)}: {count(len(added.fields), 'field')}, {rows}")
        for field, kind in added.fields:
            screen.line(f"{printable(field)}  {kind}", 2)
        screen.line(f"schema in {printable(added.schema)}; add titles, descriptions, keys")
        if added.findings:
            total = sum(added.findings.values())
            screen.line(f"{count(total, 'finding')}: claimpack validate shows them")
    return 0
