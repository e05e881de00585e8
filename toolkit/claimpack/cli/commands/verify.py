"""claimpack verify"""

from __future__ import annotations

from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack verify release
  claimpack verify release.zip -f json
  claimpack verify https://example.org/release.zip

A URL is downloaded over http or https to a temporary file, up to 8 GiB and one hour. A
redirect to a private network or to this computer is followed only with
--allow-private; a redirect from https to http never is.

Exit codes: 0 verified; 1 a file differs from what was published, or a check failed;
2 usage error; 3 not everything could be checked.
"""
SHORT = "Verify a release."


def command(
    release: Annotated[
        str, typer.Argument(metavar="RELEASE", help="Folder, zip file or http(s) URL.")
    ],
    second_opinion: options.SecondOpinion = "sample",
    format_name: options.TextOrJson = "text",
    memory: options.Memory = None,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Follow redirects to private network addresses."),
    ] = False,
) -> int:
    """Verify a release: checksums, values and validation results."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output, releases
    from claimpack.cli.progress import progress

    with progress(steps=True) as callback:
        found = api.verify(
            release,
            second_opinion=second_opinion,
            memory=memory,
            allow_private=allow_private,
            progress=callback,
        )
    if format_name == "json":
        output.write_json(found.to_dict())
    else:
        with output.page() as page:
            releases.show_checks(found, page)
    return found.exit_code
