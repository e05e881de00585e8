"""claimpack fmt"""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack fmt                           tidy every table of the package
  claimpack fmt data --check              change nothing; for CI

The canonical form: UTF-8, LF, quotes only where they are needed, columns in the
schema's order, rows sorted by the primary key. No value changes. Exit codes: 0
done; 1 a table has a fault that stands in the way or, with --check, is not in
form; 2 wrong usage; 3 a table could not be read or written.
"""


def command(
    path: options.Folder = ".",
    check: Annotated[
        bool, typer.Option("--check", help="Say what would be done, and change nothing.")
    ] = False,
) -> int:
    """Tidy the tables' files; no value changes."""
    from claimpack import api
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import count

    states = []
    with page() as screen:
        for item in api.fmt(path, check=check):
            states.append(item.state)
            if item.state != "canonical":
                lead = "" if item.state == "changed" else "left as it is: "
                told = printable("; ".join(item.notes))
                screen.hanging(f"{lead}{told}", f"{printable(item.path)}: ")
        changed, tidy = states.count("changed"), states.count("canonical")
        left = len(states) - changed - tidy
        would = "would be " if check else ""
        told = f"{count(changed, 'table')} {would}changed, {tidy:,} in form"
        screen.line(f"{told}, {left:,} left" if left else told)
    if "faulty" in states or (check and changed):
        return 1
    return 3 if "unread" in states else 0
