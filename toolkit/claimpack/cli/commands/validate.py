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
  claimpack validate data other -f html -o report.html
  claimpack validate - < datapackage.json
  claimpack validate --watch              validate again after each save

With several packages, the exit code is the worst one, and JSON is an object with
"packages" (each with "path" and "report"), "counts", "verdict" and "valid". JSON, SARIF
and JUnit always contain every finding.

Exit codes: 0 valid; 1 invalid; 2 usage error; 3 no errors, but
not everything could be checked.
"""

SHORT = "Validate data packages and report every error."


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Folders of packages, or their descriptors; - for one on standard input. "
            "[default: .]",
            show_default=False,
        ),
    ] = None,
    format_name: options.Format = "text",
    metadata_only: Annotated[
        bool, typer.Option("--metadata-only", help="Check the descriptor and read no data.")
    ] = False,
    limit: options.Limit = 10,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    rule: options.Rules = None,
    no_config: options.NoConfig = False,
    memory: options.Memory = None,
    follow_links: options.FollowLinks = False,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help="Write the report to FILE.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Validate again after each change; stop with Ctrl-C.")
    ] = False,
) -> int:
    """Validate data packages and report every error with its location and fix.

    Checks the descriptor, the structure of the files, types and constraints, the keys
    between tables, and the rules of the claims profile. The report lists every rule that
    settings turn off or give another severity.
    """
    options.known_format(format_name)
    from claimpack.cli.many_packages import judge_all, judge_one

    settings = {
        "metadata_only": metadata_only,
        "memory": memory,
        "follow_links": follow_links,
        "strict": strict,
        "rules": options.graded(rule),
        "config": not no_config,
    }
    target = Path(output) if output else None
    if target is not None:
        from claimpack.cli.output import expect_writable

        expect_writable(target)
    if watch:
        from claimpack.cli.watch import watch as watching

        return watching(paths or ["."], settings, format_name, limit, target)
    if paths and len(paths) > 1:
        return judge_all(paths, settings, format_name, limit, target)
    return judge_one((paths or ["."])[0], settings, format_name, limit, target)
