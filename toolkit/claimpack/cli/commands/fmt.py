"""claimpack fmt"""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack fmt                           reformat every table of the package
  claimpack fmt data --check              change nothing, for CI

The canonical form is UTF-8 with LF, quotes only where needed, columns in the order of
the schema and rows sorted by primary key, no white space around labels, no empty columns
at the end. Values never change. Exit codes: 0 done; 1 a table could not be formatted or,
with --check, needs formatting; 2 usage error; 3 a table could not be read or written.
"""


def command(
    path: options.Folder = ".",
    check: Annotated[
        bool, typer.Option("--check", help="Report what would change, and change nothing.")
    ] = False,
) -> int:
    """Reformat tables without changing any value."""
    from claimpack import api
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import count

    states = []
    with page() as screen:
        for item in api.fmt(path, check=check):
            states.append(item.state)
            if item.state != "canonical":
                lead = "" if item.state == "changed" else "not changed: "
                told = printable("; ".join(item.notes))
                screen.hanging(f"{lead}{told}", f"{printable(item.path)}: ")
        changed, tidy = states.count("changed"), states.count("canonical")
        left = len(states) - changed - tidy
        would = "would be " if check else ""
        told = f"{count(changed, 'table')} {would}changed, {tidy:,} unchanged"
        screen.line(f"{told}, {left:,} skipped" if left else told)
    if "faulty" in states or (check and changed):
        return 1
    return 3 if "unread" in states else 0
