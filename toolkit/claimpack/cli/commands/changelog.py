"""claimpack changelog"""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """\b
Examples:
  claimpack changelog release-1.0.zip
  claimpack changelog old new > entry.md

The version is taken from NEW; the date is today, or SOURCE_DATE_EPOCH.
"""


def command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The previous package.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new package.")] = ".",
) -> int:
    """Write a changelog entry in Markdown."""
    from claimpack import api
    from claimpack.cli import output

    text = api.changelog(old, new)
    with output.screen("utf-8") as stream:
        stream.write(text)
    return 0
