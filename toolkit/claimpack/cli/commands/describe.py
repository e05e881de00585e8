"""claimpack describe"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.metadata import Description, Descriptions, Note

EXAMPLES = """\b
Examples:
  claimpack describe --to citation            CITATION.cff on standard output
  claimpack describe -o metadata              every description, into a folder
  claimpack describe data --to croissant,ro-crate -o data

Everything comes from datapackage.json, its schemas and the files. What the descriptor
does not contain is left out; what a catalogue requires is reported. Exit codes:
0 written; 2 usage error; 3 the metadata for a catalogue in --to could not be written.
"""


def command(
    path: options.Package = ".",
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="NAME", help="Catalogue, or several separated by commas. Default: all."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="DIR", help="Write the files to DIR.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files in DIR.")] = False,
    follow_links: options.FollowLinks = False,
) -> int:
    """Write metadata files for data catalogues."""
    from claimpack import api
    from claimpack.cli.progress import progress
    from claimpack.errors import UsageError

    wanted = [name.strip() for text in to or () for name in text.split(",") if name.strip()]
    if output is None and len(set(wanted)) != 1:
        raise UsageError("name one catalogue with --to, or a folder for the files with -o")
    with progress() as callback:
        made = api.describe(path, wanted or None, follow_links=follow_links, progress=callback)
    if output is not None:
        _write(made.files, Path(output), force)
        _list(made, Path(output))
    elif made.files:
        _print(made.files[0])
    lost = [note for note in made.notes if not note.written]
    _warn(made.notes if output is None else ())
    return 3 if lost and wanted else 0


def _write(files: tuple[Description, ...], target: Path, force: bool) -> None:
    """Write each file beside its place and move it there; none where one would be replaced."""
    from claimpack.cli import output
    from claimpack.errors import UnreadableError, UsageError

    there = [file.path for file in files if (target / file.path).exists()]
    if there and not force:
        raise UsageError(f"{target} has {', '.join(there)} already; use --force to overwrite")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(f"cannot write to {target}: {error.strerror or error}") from error
    for file in files:
        with output.draft(target / file.path) as place:
            place.write_bytes(file.content)


def _list(made: Descriptions, target: Path) -> None:
    from claimpack.cli.output import page
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import size

    with page() as screen:
        for note in made.notes:
            screen.prose(printable(_said(note)))
        if made.notes:
            screen.line()
        screen.line(f"{screen.paint('written', 'bold')} to {printable(str(target))}")
        rows = [(f"  {file.path}", size(len(file.content)), file.catalogue) for file in made.files]
        if rows:
            screen.columns(rows, right=(1,))


def _print(file: Description) -> None:
    from claimpack.cli import output

    with output.screen("utf-8") as stream:
        stream.write(file.content.decode("utf-8"))


def _warn(notes: tuple[Note, ...]) -> None:
    from claimpack.cli.guard import tell

    for note in notes:
        tell(_said(note))


def _said(note: Note) -> str:
    return f"{note.catalogue}: {'' if note.written else 'not written: '}{note.text}"
