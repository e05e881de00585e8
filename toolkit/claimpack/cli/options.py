"""Options that several commands share, declared once."""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack import renderers
from claimpack.errors import UsageError

Package = Annotated[
    str,
    typer.Argument(
        metavar="PATH", help="Folder of the package, its datapackage.json, or a zip file."
    ),
]
Folder = Annotated[
    str, typer.Argument(metavar="PATH", help="Folder of the package, or its datapackage.json.")
]
Format = Annotated[
    str,
    typer.Option("--format", "-f", metavar="NAME", help=f"One of {', '.join(renderers.names())}."),
]
TextOrJson = Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="text or json.")]
Limit = Annotated[
    int,
    typer.Option(
        "--limit",
        min=0,
        metavar="N",
        help="Findings shown of one rule in one table, 0 for all; the total is always shown.",
    ),
]
Memory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="Memory to use, such as 400MB or 2GiB; what does not fit goes to disk.",
    ),
]
FollowLinks = Annotated[
    bool, typer.Option("--follow-links", help="Follow links that lead out of the package's folder.")
]

Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        metavar="ID=SEVERITY",
        help="Severity of a rule: error, warning, info or off; may be repeated.",
    ),
]
NoConfig = Annotated[
    bool,
    typer.Option(
        "--no-config",
        help="Heed no severities in claimpack.toml, pyproject.toml or the descriptor.",
    ),
]


def graded(rules: list[str] | None) -> dict[str, str]:
    """The severities that `--rule` gives, by rule; UsageError where one is not ID=SEVERITY."""
    pairs = [text.partition("=") for text in rules or ()]
    for rule, mark, _ in pairs:
        if not mark:
            raise UsageError(f"--rule {rule} names no severity; write --rule {rule}=off")
    return {rule.strip(): severity.strip() for rule, _, severity in pairs}


def known_format(name: str, known: tuple[str, ...] = ()) -> str:
    """The format's name; UsageError where there is no such format."""
    known = known or renderers.names()
    if name not in known:
        raise UsageError(f'no format "{name}"; there is {", ".join(known)}')
    return name


__all__ = [
    "Folder",
    "FollowLinks",
    "Format",
    "Limit",
    "Memory",
    "NoConfig",
    "Package",
    "Rules",
    "TextOrJson",
    "graded",
    "known_format",
]
