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
  claimpack publish --quarantine           publish the valid rows only

The release appears only after every file has been read back and compared with the
tables, frictionless has validated the CSV package, pandera the Parquet tables, and the
checksums have been computed again. Of tables of more than 50,000 rows frictionless and
pandera check a sample unless --second-opinion is full; the release says which.

The previous release (--since, or the one being replaced) is compared first: published
ids must still exist, and the version must increase by enough.

The same package gives the same bytes, except for DuckDB files, which have the same
content. SOURCE_DATE_EPOCH sets the date in the metadata.

With --quarantine, the valid rows of a package with errors are published: rows with
errors, and rows that refer to them, go to quarantine/<table>.csv. The README.md and
the summary of the release give the number of rejected rows.

Exit codes: 0 published, with --quarantine also if rows were rejected; 1 the package
has errors, the version increases by too little, or a published id is missing; 2 usage
error; 3 failed, or not everything could be checked. Nothing is written unless the exit
code is 0.
"""

SHORT = "Build, verify and publish a release."


def command(
    path: options.Package = ".",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="DIR", help="Folder of the release.")
    ] = "release",
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="FORMAT", help="Output format (repeatable). Default: all."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="OLD",
            help="Previous release to compare with (folder, zip or package). Default: the one "
            "being replaced.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the output folder.")] = False,
    quarantine: options.Quarantine = False,
    second_opinion: options.SecondOpinion = "sample",
    format_name: options.TextOrJson = "text",
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
) -> int:
    """Build and verify a release; publish it only if every check passes."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output as screens
    from claimpack.cli import releases
    from claimpack.cli.progress import progress
    from claimpack.cli.show import show_report
    from claimpack.errors import InvalidPackageError
    from claimpack.release.errors import UnverifiedError

    try:
        with progress(steps=True) as callback:
            release = api.publish(
                path,
                Path(output),
                to,
                since=since,
                force=force,
                quarantine=quarantine,
                second_opinion=second_opinion,
                memory=memory,
                follow_links=follow_links,
                progress=callback,
            )
    except (InvalidPackageError, UnverifiedError) as error:
        return releases.show_refusal(error, format_name)
    if format_name == "json":
        screens.write_json(releases.as_json(release))
        return 0
    show_report(release.report, "text", 10)
    with screens.page() as page:
        releases.show(release, page)
    return 0
