"""claimpack new-source"""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack.cli import options
from claimpack.errors import UsageError

EXAMPLES = """\b
Examples:
  claimpack new-source texts/article.txt
  claimpack new-source texts/article.txt data --id a1 --set kind=web-article

The row contains the SHA-256 of the file and its length in code points. The text is not
copied into the package. Exit codes: 0 registered; 2 usage error, such as a text that is
not valid UTF-8 or is already registered; 3 could not be written.
"""


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text, in UTF-8.")],
    path: options.Folder = ".",
    source_id: Annotated[
        str | None,
        typer.Option("--id", metavar="KEY", help="Key of the source. Default: from the file name."),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Value of a field (repeatable)."),
    ] = None,
) -> int:
    """Register a text as a source of the package."""
    from claimpack import api
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable

    made = api.new_source(file, path, source_id=source_id, values=dict(map(_pair, values or [])))
    with page() as screen:
        screen.line(f"{made.source_id}: row {made.row} of {printable(made.path)}")
        screen.line(f"SHA-256 {made.sha256}", 2)
        screen.line(f"{made.length:,} code points", 2)
        if made.missing:
            screen.line(f"to fill in: {', '.join(map(printable, made.missing))}")
        if made.empty:
            screen.prose(
                f"{', '.join(map(printable, made.empty))}", lead="still empty; fill in if known: "
            )
        screen.line("run claimpack fmt to sort the row into place")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise UsageError(f'--set: expected FIELD=VALUE, found "{text}"')
    return name, value
