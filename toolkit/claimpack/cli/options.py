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
        help="Findings to show per rule and table; 0 shows all. Totals are always shown.",
    ),
]
Memory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="Memory limit, such as 400MB or 2GiB; data that does not fit is spilled to disk.",
    ),
]
SecondOpinion = Annotated[
    str,
    typer.Option(
        "--second-opinion",
        metavar="HOW",
        help="How frictionless and pandera check tables of more than 50,000 rows: sample or full.",
    ),
]
Quarantine = Annotated[
    bool,
    typer.Option(
        "--quarantine",
        help="Write the valid rows of a package with errors, and the rejected rows to "
        "quarantine/<table>.csv.",
    ),
]
FollowLinks = Annotated[
    bool,
    typer.Option(
        "--follow-links", help="Follow symbolic links that lead out of the package folder."
    ),
]

Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        metavar="ID=SEVERITY",
        help="Severity of a rule: error, warning, info or off (repeatable).",
    ),
]
NoConfig = Annotated[
    bool,
    typer.Option(
        "--no-config",
        help="Ignore severity settings in claimpack.toml, pyproject.toml and the descriptor.",
    ),
]


def graded(rules: list[str] | None) -> dict[str, str]:
    """The severities that `--rule` gives, by rule; UsageError where one is not ID=SEVERITY."""
    pairs = [text.partition("=") for text in rules or ()]
    for rule, mark, _ in pairs:
        if not mark:
            raise UsageError(f"--rule {rule} has no severity; write --rule {rule}=off")
    return {rule.strip(): severity.strip() for rule, _, severity in pairs}


def known_format(name: str, known: tuple[str, ...] = ()) -> str:
    """The format's name; UsageError where there is no such format."""
    known = known or renderers.names()
    if name not in known:
        raise UsageError(f'unknown format "{name}"; known formats: {", ".join(known)}')
    return name


__all__ = [
    "Folder",
    "FollowLinks",
    "Format",
    "Limit",
    "Memory",
    "NoConfig",
    "Package",
    "Quarantine",
    "Rules",
    "TextOrJson",
    "graded",
    "known_format",
]
