"""One HTML page that needs nothing else: no script, no request, safe whatever the data hold."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from typing import IO

from claimpack.renderers import diagnosed
from claimpack.renderers.blocks import Block, Totals, blocks, cell, gravest, place
from claimpack.renderers.options import Options
from claimpack.renderers.printable import printable
from claimpack.renderers.words import VERDICTS, count, counts, regrade, summary
from claimpack.report import Diagnosis, Finding, Report

LONGEST = 200
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --error: #b3261e;
  --warning: #8a5a00; --info: #1f5fa8; --good: #1b6e35; }
@media (prefers-color-scheme: dark) {
  :root { --error: #ff8a80; --warning: #ffc966; --info: #8ab8ff; --good: #7fd79a; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem;
  padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { border-top: 1px solid var(--line); padding-top: 1rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem 0.3rem 0;
  text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { overflow-wrap: normal; }
section + section { border-top: 3px double var(--line); margin-top: 3rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.scroll { overflow-x: auto; }
.error, .invalid { color: var(--error); }
.warning, .not-checked { color: var(--warning); }
.info { color: var(--info); }
.valid { color: var(--good); }
.note { background: var(--soft); padding: 0.3rem 0.6rem; }
"""
POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
    + "'; base-uri 'none'; form-action 'none'"
)
HEAD = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>claimpack report</title>
<style>{STYLE}</style>
</head>
<body>
"""
COLUMNS = ("place", "cell", "what is wrong", "how to fix it", "clause")


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the report as a page, at most so many findings of a rule in a table."""
    render_all([(report, options)], stream)


def render_all(entries: Iterable[tuple[Report, Options]], stream: IO[str]) -> None:
    """Write a page with a section for each report."""
    stream.write(HEAD)
    for report, options in entries:
        for part in _section(report, options):
            stream.write(part + "\n")
    stream.write("</body>\n</html>\n")


def _section(report: Report, options: Options) -> Iterator[str]:
    found = blocks(report)
    yield "<section>"
    yield f"<h1>{_text(report.package or options.path)}</h1>"
    verdict = f'<strong class="{report.verdict}">{VERDICTS[report.verdict]}</strong>'
    yield f"<p>{verdict}: {_text(summary(report))}</p>"
    yield from _overview([block for block in found if block.name is not None])
    yield from _unchecked(report, options)
    for block in found:
        if block.rules:
            yield f"<h2>{_text(block.title)}</h2>"
            for item in diagnosed.of(report, block.name):
                yield from _diagnosis(item)
            for rule, totals in block.by_gravity():
                yield from _rule(report, options, block, rule, totals)
    if report.config:
        yield "<h2>changed severities</h2>"
        yield from (f"<p>{_text(regrade(item))}</p>" for item in report.config)
    yield "</section>"


def _overview(tables: list[Block]) -> Iterator[str]:
    if not tables:
        return
    yield '<div class="scroll"><table>'
    yield (
        '<thead><tr><th scope="col">table</th><th scope="col" class="number">rows</th>'
        '<th scope="col">findings</th></tr></thead><tbody>'
    )
    for block in tables:
        rows = "not read" if block.rows is None else f"{block.rows:,}"
        yield (
            f'<tr><th scope="row">{_text(block.title)}</th><td class="number">{rows}</td>'
            f"<td>{_state(block)}</td></tr>"
        )
    yield "</tbody></table></div>"


def _state(block: Block) -> str:
    totals = block.totals
    parts = []
    if any(totals.values()):
        parts.append(f'<span class="{gravest(totals)}">{counts(totals)}</span>')
    if not block.whole:
        parts.append('<span class="not-checked">partly checked</span>')
    return ", ".join(parts) or "none"


def _diagnosis(item: Diagnosis) -> Iterator[str]:
    """A cause: what it is, what shows it, what to do."""
    yield f"<h3>{_text(item.cause)} {_text(diagnosed.scope(item))}</h3>"
    yield f"<p>{_text(item.message)}</p>"
    yield f'<p class="note">{_text(item.evidence)}</p>'
    yield f"<p>{_text(diagnosed.fix(item))}</p>"


def _rule(
    report: Report, options: Options, block: Block, rule: str, totals: Totals
) -> Iterator[str]:
    total = sum(totals.values())
    shown = diagnosed.Shown(report, block.name, rule, total, options.limit)
    yield f'<h3><span class="{gravest(totals)}">{_text(rule)}</span> {counts(totals)}</h3>'
    for finding in shown:
        if shown.count == 1:
            yield from _table(COLUMNS)
        yield _finding(finding, options)
    if shown.count:
        yield "</tbody></table></div>"
    if shown.more:
        yield f'<p class="note">{shown.more}</p>'


def _finding(finding: Finding, options: Options) -> str:
    return _row(
        _code(place(finding, options.folder)),
        _code(cell(finding, LONGEST)),
        _text(finding.message),
        _text(finding.fix),
        _text(finding.clause or ""),
    )


def _unchecked(report: Report, options: Options) -> Iterator[str]:
    items = report.unchecked
    if not items:
        return
    shown = items[: options.limit or None]
    yield f"<h2>{count(len(items), 'thing')} not checked</h2>"
    yield from _table(("table", "what", "why"))
    for item in shown:
        yield _row(_text(item.resource or "the package"), _text(item.what), _text(item.why))
    yield "</tbody></table></div>"
    if len(items) > len(shown):
        left = len(items) - len(shown)
        yield f'<p class="note">… and {left:,} more ({len(items):,} in all)</p>'


def _table(columns: tuple[str, ...]) -> Iterator[str]:
    labels = "".join(f'<th scope="col">{label}</th>' for label in columns)
    yield f'<div class="scroll"><table><thead><tr>{labels}</tr></thead><tbody>'


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _text(text: str) -> str:
    """Text in which nothing is markup and nothing acts."""
    return escape(printable(text))


__all__ = ["POLICY", "STYLE", "render", "render_all"]
