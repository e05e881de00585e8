"""claimpack locate"""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack locate sleep-blog "sleeps too little" --corpus texts
  claimpack locate sleep-blog "sleep" data --corpus texts --nth 2 --id again
  claimpack locate sleep-blog "so they say" --corpus texts >> new-passages.csv

Prints one CSV line for the table passages, in the order of its header: passage_id,
source_id, char_start, char_end, sha256, head, tail. White space, quotes and hyphens may
differ from the text; upper and lower case may not. If the words occur nowhere or more
than once, every place is listed. Exit codes: 0 found; 2 usage error; 3 the text of the
source is missing.
"""


def command(
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Key of a source.")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Words of its text.")],
    corpus: Annotated[
        str, typer.Option("--corpus", metavar="DIR", help="Folder with the documents.")
    ],
    path: options.Package = ".",
    format_name: options.TextOrJson = "text",
    passage_id: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="KEY", help="Key of the passage. Default: from its first words."
        ),
    ] = None,
    nth: Annotated[
        int | None, typer.Option("--nth", min=1, metavar="N", help="Use the Nth of several places.")
    ] = None,
) -> int:
    """Find a quotation in a source and print its row."""
    options.known_format(format_name, ("text", "json"))
    from dataclasses import asdict

    from claimpack import api
    from claimpack.claims.passages import NotOneError
    from claimpack.cli import output
    from claimpack.cli.guard import tell

    try:
        found, line = api.locate(
            source_id, words, path, corpus=corpus, passage_id=passage_id, nth=nth
        )
    except NotOneError as error:
        tell(str(error))
        for number, place in enumerate(error.places, 1):
            tell(f'{number}: {place.start} to {place.end}: "{place.context}"')
        return error.exit_code
    if format_name == "json":
        output.write_json(asdict(found))
        return 0
    with output.screen("utf-8") as stream:
        stream.write(line + "\n")
    return 0
