"""claimpack query"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimpack import limits
from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.querying.result import QueryResult

EXAMPLES = """\b
Examples:
  claimpack query "show tables"
  claimpack query "select kind, count(*) from sources group by kind"
  claimpack query "from statistics" data -f csv -o statistics.csv
  claimpack query "from claims" release.zip -f parquet -o claims.parquet

The SQL is DuckDB's. Every table of the package is available under its name, typed by its
schema. Runs one select, which cannot reach files, the network or settings. A query that
exceeds the time or the memory limit fails with exit code 3.
"""


def command(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A select.", show_default=False)],
    path: options.Package = ".",
    format_name: Annotated[
        str,
        typer.Option("--format", "-f", metavar="NAME", help="table, csv, json or parquet."),
    ] = "table",
    limit: Annotated[
        int,
        typer.Option("--limit", min=0, metavar="N", help="Rows to show in a table; 0 shows all."),
    ] = 40,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout", min=0, metavar="SECONDS", help="Longest time for the query; 0 for any."
        ),
    ] = limits.QUERY_SECONDS,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the rows to FILE.")
    ] = None,
) -> int:
    """Run SQL over the tables of a package."""
    from claimpack import api
    from claimpack.cli.inputs import refuse_input
    from claimpack.cli.output import expect_writable
    from claimpack.cli.progress import progress
    from claimpack.errors import UsageError
    from claimpack.querying.writers import FORMATS

    options.known_format(format_name, FORMATS)
    target = Path(output) if output else None
    if target is not None:
        expect_writable(target)
        refuse_input(target, path)
    elif format_name == "parquet":
        raise UsageError("Parquet cannot be shown on the screen: name a file with -o")
    with progress(steps=True) as callback:
        result = api.query(
            sql,
            path,
            memory=memory,
            follow_links=follow_links,
            progress=callback,
            timeout=timeout or None,
        )
    _write(result, format_name, target, limit)
    if target is not None:
        _tell(target)
    return 0


def _tell(target: Path) -> None:
    from claimpack.cli import output
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import size

    if target.is_file():
        with output.page() as page:
            page.line(f"written to {printable(str(target))}: {size(target.stat().st_size)}")


def _write(result: QueryResult, format_name: str, target: Path | None, limit: int) -> None:
    from claimpack.cli import output
    from claimpack.querying import writers
    from claimpack.renderers.json import EscapingStream
    from claimpack.renderers.options import Options
    from claimpack.renderers.page import Page

    if target is not None and format_name == "parquet":
        with output.draft(target) as place:
            writers.write_parquet(result, place)
        return
    encoding = None if format_name == "table" else "utf-8"
    with output.screen(encoding) if target is None else output.file(target) as stream:
        if format_name == "table":
            shown = output.options_for(stream) if target is None else Options()
            writers.write_table(result, Page(stream, shown), limit)
        elif format_name == "csv":
            writers.write_csv(result, stream)
        else:
            writers.write_json(result, EscapingStream(stream))
