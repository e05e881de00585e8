"""Each line ends in empty cells.

Why: A spreadsheet saves the columns that once held something, or were only formatted, as
delimiters at the end of each line. Every one of them is a column without a label, or cells too
many in every row, and holds nothing.

Fails:
    the fields a and b, and the lines `a,b,,,` and `1,2,,,`

Fix: Delete the empty columns from the file; claimpack fmt does it where the header has them, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, widespread

SCOPE = "table"
RULES = ("blank-label", "missing-cell", "extra-cell")
Row = Sequence[str | None]


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To delete the columns at the end that have neither labels nor values."""
    if table.complaint("blank-label").count:
        yield from _of_header(table)
    elif table.complaint("extra-cell").count:
        yield from _of_rows(table)


def _of_header(table: TableSymptoms) -> Iterator[Proposal]:
    labels = list(table.look().labels or ())
    kept = _filled(labels)
    if kept == len(labels) or not kept or kept < len(table.schema.fields):
        return
    shown, every = table.look().rows, table.source.rows(table.resource)
    rows = shown if every is None else every
    if not rows or any(_filled(row) > kept for row in (*rows, *shown)):
        return
    short = table.complaint("missing-cell").count
    if short and not all(len(row) in (kept, len(labels)) for row in shown):
        return
    blank, looked = len(labels) - kept, len(rows)
    yield _proposal(
        f"{'The header' if short else 'Each line'} ends in {_cells(blank)}.",
        f"{_named(blank)} no label and no value in {'all' if every else 'the first'} "
        f"{looked:,} rows.",
        blank + short,
        ("blank-label", "missing-cell"),
        "claimpack fmt" if table.standard_form and not short else "",
    )


def _of_rows(table: TableSymptoms) -> Iterator[Proposal]:
    """Where only the rows go on, not the header."""
    found, width = table.complaint("extra-cell"), len(table.look().labels or table.schema.fields)
    longer = [row for row in table.look().rows if len(row) > width]
    if not longer or not widespread(found.count, table.rows) or 2 * found.count < table.rows:
        return
    if any(_filled(row) > width for row in longer):
        return
    sizes = {len(row) - width for row in longer}
    most = max(sizes)
    yield _proposal(
        f"{'Each row' if found.count == table.rows else f'{found.count:,} rows'} "
        f"{'ends' if found.count == table.rows else 'end'} in {_cells(most)} that the header "
        "does not have.",
        f"They are empty in all of the first {len(longer):,} such rows.",
        found.count,
        ("extra-cell",),
    )


def _proposal(
    message: str, evidence: str, covers: int, rules: tuple[str, ...], command: str = ""
) -> Proposal:
    fix = "Delete the empty columns from the file."
    return Proposal(message, evidence, fix, (), command, covers=covers, rules=rules)


def _filled(row: Row) -> int:
    """The number of cells up to the last one that is not empty."""
    return next((at for at in range(len(row), 0, -1) if (row[at - 1] or "").strip()), 0)


def _cells(number: int) -> str:
    return "an empty cell" if number == 1 else f"{number} empty cells"


def _named(number: int) -> str:
    return "The last column has" if number == 1 else f"The last {number} columns have"
