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

An address is fetched by this command alone, over http or https, into a temporary file,
up to 8 GiB and an hour. A redirect to an address of a private network or of this
computer is followed only with --allow-private; one from https to http never is.

Exit codes: 0 as published; 1 a file is not as published, or a check failed; 2 wrong usage;
3 not checked whole.
"""


def command(
    release: Annotated[
        str, typer.Argument(metavar="RELEASE", help="Folder, zip file or http(s) address.")
    ],
    format_name: options.TextOrJson = "text",
    memory: options.Memory = None,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Follow redirects to private network addresses."),
    ] = False,
) -> int:
    """Check a release: its checksums, values, verdicts."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output, releases
    from claimpack.cli.progress import progress

    with progress(steps=True) as callback:
        found = api.verify(release, memory=memory, allow_private=allow_private, progress=callback)
    if format_name == "json":
        output.write_json(found.to_dict())
    else:
        with output.page() as page:
            releases.show_checks(found, page)
    return found.exit_code
