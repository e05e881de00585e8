"""claimpack verify-sources"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.claims.corpus import SourcesReport

EXAMPLES = """\b
Examples:
  claimpack verify-sources --corpus texts
  claimpack verify-sources data --corpus ~/texts --limit 0

The published package contains no sentences of its sources. If you have the documents,
this command proves that every passage is where the package says it is.
"""
HOW = {"sha256": "same bytes", "name": "same name, other bytes", None: "not found"}
SHORT = "Verify passages against the source texts."


def command(
    corpus: Annotated[
        str, typer.Option("--corpus", metavar="DIR", help="Folder with the documents.")
    ],
    path: options.Package = ".",
    format_name: options.TextOrJson = "text",
    limit: options.Limit = 10,
    rule: options.Rules = None,
    no_config: options.NoConfig = False,
) -> int:
    """Verify every passage against your own copies of the sources."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api

    result = api.verify_sources(
        path, Path(corpus), rules=options.graded(rule), config=not no_config
    )
    if format_name == "json":
        _write_json(result)
    else:
        _write_sources(result)
        from claimpack.cli.show import show_report

        show_report(result.report, "text", limit)
    return result.report.exit_code


def _write_json(result: SourcesReport) -> None:
    """The sources, then the report, streamed."""
    from dataclasses import asdict
    from json import dumps

    from claimpack import renderers
    from claimpack.cli import output
    from claimpack.renderers.json import EscapingStream

    with output.screen("utf-8") as stream:
        sources = dumps([asdict(source) for source in result.sources], ensure_ascii=False)
        EscapingStream(stream).write(f'{{\n"sources": {sources},\n"report": ')
        renderers.render(result.report, "json", stream)
        stream.write("}\n")


def _write_sources(result: SourcesReport) -> None:
    from claimpack.cli import output
    from claimpack.renderers.printable import printable

    rows: list[tuple[str, ...]] = [("source", "exact", "moved", "missing", "file")]
    for source in result.sources:
        file = HOW[source.how]
        if source.file is not None:
            file = f"{printable(str(source.file))} ({file})"
        numbers = (f"{n:,}" for n in (source.exact, source.moved, source.missing))
        rows.append((printable(source.source_id), *numbers, file))
    with output.page() as page:
        page.columns(rows, right=(1, 2, 3))
        page.line()
