"""claimpack validate"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack validate                      the package in this folder
  claimpack validate data --limit 0       every finding
  claimpack validate --metadata-only      the descriptor, no data
  claimpack validate -f json -o report.json
  claimpack validate --rule undeclared-file=off --rule blank-row=warning

Exit codes: 0 valid; 1 invalid; 2 wrong usage; 3 not checked whole.
"""


def command(
    path: options.Package = ".",
    format_name: options.Format = "text",
    metadata_only: Annotated[
        bool, typer.Option("--metadata-only", help="Check the descriptor and read no data.")
    ] = False,
    limit: options.Limit = 10,
    strict: Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")] = False,
    rule: options.Rules = None,
    no_config: options.NoConfig = False,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the report to FILE.")
    ] = None,
) -> int:
    """Check a package; name each fault, its place, its mend.

    Checked are the descriptor, the files' structure, types and constraints, the keys
    between the tables and the rules of the claims profile. What settings switch off
    or grade otherwise is listed in the report.
    """
    options.known_format(format_name)
    from claimpack import api
    from claimpack.cli.progress import progress
    from claimpack.cli.show import show_report

    target = Path(output) if output else None
    if target is not None:
        from claimpack.cli.inputs import refuse_input

        refuse_input(target, path)
    with progress() as callback:
        report = api.validate(
            path,
            metadata_only=metadata_only,
            memory=memory,
            follow_links=follow_links,
            strict=strict,
            rules=options.graded(rule),
            config=not no_config,
            progress=callback,
        )
    show_report(report, format_name, limit, target)
    return report.exit_code
