"""claimpack init"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """\b
Examples:
  claimpack init sleep-claims
  claimpack init sleep-claims --title "Claims about sleep"

The new package has every table of the claims profile, with headers and no rows, and
is valid. Exit codes: 0 created; 2 usage error; 3 could not be written.
"""


def command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Folder to create; the package is named after it.")
    ],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title.")] = "",
) -> int:
    """Start a claims package in a new folder."""
    from claimpack import api
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import count

    tables = api.init(name, title)
    shown = printable(name)
    with page() as screen:
        screen.line(f"{shown}: {count(len(tables), 'table')}, ready to fill in")
        screen.line()
        screen.line("next:")
        screen.line(f"claimpack new-source TEXT {shown}", 2)
        screen.line(f'claimpack locate SOURCE "words" {shown} --corpus DIR', 2)
        screen.line(f"claimpack validate {shown} --watch", 2)
        screen.line()
        screen.line(f"before you publish: add a title and licences to {_descriptor(shown)}")
    return 0


def _descriptor(folder: str) -> str:
    return (Path(folder) / "datapackage.json").as_posix()
