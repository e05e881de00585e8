"""Markdown in which foreign text can mark nothing up."""

from __future__ import annotations

import re

from claimpack.renderers.printable import printable

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#+!|~&@\"$]|:(?!\s)|(?<=www)\.", re.IGNORECASE)


def escaped(text: str) -> str:
    """Text in which nothing is markup: each mark as a reference to its character."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", printable(text))


def row(*cells: str) -> str:
    """A row of a table, its cells escaped already."""
    return f"| {' | '.join(cells)} |"


__all__ = ["escaped", "row"]
