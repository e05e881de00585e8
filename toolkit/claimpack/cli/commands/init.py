"""claimpack init"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """\b
Examples:
  claimpack init sleep-claims
  claimpack init sleep-claims --title "Claims about sleep"

The package has every table of the claims profile, each with its header and no
row, and is valid as it stands. Exit codes: 0 made; 2 wrong usage; 3 not written.
"""


def command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Folder to make; the package is named after it.")
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
        screen.line(f"{shown}: {count(len(tables), 'table')}, ready to be filled")
        screen.line()
        screen.line("next:")
        screen.line(f"claimpack new-source TEXT {shown}", 2)
        screen.line(f'claimpack locate SOURCE "words" {shown} --corpus DIR', 2)
        screen.line(f"claimpack validate {shown} --watch", 2)
        screen.line()
        screen.line(f"before it is published: title and licences in {_descriptor(shown)}")
    return 0


def _descriptor(folder: str) -> str:
    return (Path(folder) / "datapackage.json").as_posix()
