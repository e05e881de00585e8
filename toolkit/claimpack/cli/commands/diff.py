"""claimpack diff"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.versions.model import Difference

FORMATS = ("text", "json", "markdown")
EXAMPLES = """\b
Examples:
  claimpack diff release-1.0.zip          against the package in this folder
  claimpack diff old new --limit 0        every row
  claimpack diff old new -f json          every row, for programs
  claimpack diff old new --exit-code      exit with 1 if there are differences

OLD and NEW are folders, descriptors, zip files or releases. Rows are matched by primary
key; without one, whole rows are compared. The version step follows the recipe "Data
Package Version" of the standard. JSON contains every row.

Exit codes: 0 compared; 1 with --exit-code if there are differences, or a descriptor
cannot be used; 2 usage error; 3 a table cannot be read.
"""


def command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The previous package.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new package.")] = ".",
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="text, json or markdown.")
    ] = "text",
    limit: Annotated[
        int,
        typer.Option(
            "--limit", min=0, metavar="N", help="Rows to show of each kind in a table; 0 shows all."
        ),
    ] = 10,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if there are differences.")
    ] = False,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
) -> int:
    """Compare two versions of a package, cell by cell."""
    options.known_format(format_name, FORMATS)
    from claimpack import api
    from claimpack.cli import output
    from claimpack.cli.progress import progress

    with progress(steps=True) as callback:
        found = api.diff(old, new, memory=memory, follow_links=follow_links, progress=callback)
    if format_name == "json":
        _write_json(found)
    else:
        with output.screen("utf-8" if format_name == "markdown" else None) as stream:
            stream.writelines(f"{line}\n" for line in _lines(found, format_name, limit))
    return int(exit_code and not found.empty)


def _lines(found: Difference, format_name: str, limit: int) -> Iterator[str]:
    from claimpack.versions import markdown, text

    writer = markdown.lines if format_name == "markdown" else text.lines
    return writer(found, limit)


def _write_json(found: Difference) -> None:
    """The difference, its rows streamed one a line."""
    from json import dumps

    from claimpack.cli import output
    from claimpack.renderers.json import EscapingStream
    from claimpack.versions.model import plain

    with output.screen("utf-8") as stream:
        target = EscapingStream(stream)
        head = dumps(found.summary(), ensure_ascii=False, indent=2)
        target.write(head.removesuffix("\n}") + ',\n  "rows": [')
        lead = "\n"
        for row in found.rows():
            target.write(f"{lead}    {dumps(plain(row), ensure_ascii=False)}")
            lead = ",\n"
        target.write("\n  ]\n}\n")
