"""claimpack publish"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack publish -o release
  claimpack publish data -o release --previous release-1.0.zip
  claimpack publish -o release -f json > release.json

Every format that claimpack knows is written. Nothing is shown before every file was read
back and compared with the tables, frictionless judged the CSV package, pandera the Parquet
tables, and the checksums were computed again. SOURCE_DATE_EPOCH sets the day.

Exit codes: 0 published; 1 the package has errors, its version is too small a step or a
published id vanished; 2 wrong usage; 3 not done, or not checked whole. Nothing is written
unless the exit code is 0.
"""


def command(
    path: options.Package = ".",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder of the release.")
    ] = "dist",
    previous: Annotated[
        str | None,
        typer.Option("--previous", metavar="PATH", help="The release before: a folder or zip."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    format_name: options.TextOrJson = "text",
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
) -> int:
    """Make a release: checked, in every format, verified, whole or not at all."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output as screens
    from claimpack.cli import releases
    from claimpack.cli.progress import progress
    from claimpack.cli.show import show_report
    from claimpack.errors import InvalidPackageError

    try:
        with progress(steps=True) as callback:
            release = api.publish(
                path,
                Path(output),
                previous=previous,
                force=force,
                memory=memory,
                follow_links=follow_links,
                progress=callback,
            )
    except InvalidPackageError as error:
        if error.report is not None:
            show_report(error.report, format_name, 10)
        raise
    if format_name == "json":
        screens.write_json(releases.as_json(release))
        return 0
    show_report(release.report, "text", 10)
    with screens.page() as page:
        releases.show(release, page)
    return 0
