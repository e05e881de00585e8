"""claimpack publish"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack publish -o release             a release in every format
  claimpack publish data -o release --since release-1.0.zip
  claimpack publish -o release -f json > release.json

Nothing is shown before every file was read back and compared with the tables,
frictionless judged the CSV package, pandera the Parquet tables, and the checksums
were computed again. A release that is replaced, or that of --since, is compared
first: its ids must live on, and the version must step far enough.

The same package gives the same bytes; a DuckDB file, which has marks of its build,
the same content. SOURCE_DATE_EPOCH sets the day in metadata.

Exit codes: 0 published; 1 the package has errors, its version is too small a step
or a published id vanished; 2 wrong usage; 3 not done, or not checked whole.
Nothing is written unless the exit code is 0.
"""


def command(
    path: options.Package = ".",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder of the release.")
    ] = "release",
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="FORMAT", help="A format; may be repeated; else all."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="OLD",
            help="The release before: folder, zip or package; else the one that is replaced.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there, whatever it is.")
    ] = False,
    format_name: options.TextOrJson = "text",
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
) -> int:
    """Make a release, verified, whole or not at all."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output as screens
    from claimpack.cli import releases
    from claimpack.cli.progress import progress
    from claimpack.cli.show import show_report
    from claimpack.errors import InvalidPackageError, UnverifiedError

    try:
        with progress(steps=True) as callback:
            release = api.publish(
                path,
                Path(output),
                to,
                since=since,
                force=force,
                memory=memory,
                follow_links=follow_links,
                progress=callback,
            )
    except (InvalidPackageError, UnverifiedError) as error:
        releases.show_refusal(error, format_name)
        raise
    if format_name == "json":
        screens.write_json(releases.as_json(release))
        return 0
    show_report(release.report, "text", 10)
    with screens.page() as page:
        releases.show(release, page)
    return 0
