"""claimpack info"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack import api
    from claimpack.renderers.page import Page

EXAMPLES = """\b
Examples:
  claimpack info                          the package in this folder
  claimpack info data/datapackage.json
  claimpack info -f json
"""


def command(path: options.Package = ".", format_name: options.TextOrJson = "text") -> int:
    """Show the contents, licence and version of a package."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output

    info = api.info(path)
    if format_name == "json":
        from dataclasses import asdict

        output.write_json(asdict(info))
        return 0
    with output.page(width=80) as page:
        _write_head(page, info)
        _write_tables(page, info)
    return 0


def _write_head(page: Page, info: api.PackageInfo) -> None:
    from claimpack.renderers.page import paragraphs
    from claimpack.renderers.printable import printable

    name = printable(" ".join(part for part in (info.name, info.version) if part))
    page.line(page.paint(name or "(a package without a name)", "bold"))
    if info.title:
        page.prose(printable(info.title))
    for text in paragraphs(info.description or ""):
        page.line()
        page.prose(printable(text))
    page.line()
    licences = ", ".join(info.licences) or "none stated"
    page.prose(printable(licences), lead="licence   ")
    page.prose(printable(f"Data Package {info.standard}"), lead="standard  ")


def _write_tables(page: Page, info: api.PackageInfo) -> None:
    from claimpack.renderers.printable import printable
    from claimpack.renderers.words import count, size

    page.line()
    if not info.tables:
        page.line("no tables")
        return
    rows = [("table", "rows", "fields", "size")]
    for table in info.tables:
        number = "?" if table.rows is None else f"{table.rows:,}"
        rows.append((printable(table.name), number, f"{table.fields:,}", size(table.bytes)))
    titles = ["title", *(printable(table.title or "") for table in info.tables)]
    page.columns([(*row, title) for row, title in zip(rows, titles, strict=True)], (1, 2, 3))
    page.line()
    total = sum(table.rows or 0 for table in info.tables)
    page.line(f"{count(len(info.tables), 'table')}, {count(total, 'row')}")
