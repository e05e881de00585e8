"""There is a space after each delimiter.

Why: In "id, name, day" the space belongs to the label and to each cell after the first, unless
the dialect says to skip spaces after the delimiter. Labels then differ from the names of the
fields, dates are malformed, and values are not found in their lists.

Fails:
    the lines `id, day` and `1, 2024-01-26`, and fields named id and day

Fix: Declare "dialect": {"skipInitialSpace": true}. Or remove the spaces from the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, examples

SCOPE = "table"
NEARLY_ALL = 0.9
ON_LABELS = ("incorrect-label", "missing-label", "extra-label")
ON_CELLS = ("type-error", "constraint-error", "foreign-key")


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To skip the spaces, where nearly all cells after the first of a row have one."""
    if not _troubled(table) or table.resource.dialect.skip_initial_space:
        return
    seen = table.look()
    cells = [cell for row in seen.rows for cell in row[1:] if cell]
    labels = list((seen.labels or ())[1:])
    if not cells or not _spaced(cells) or (labels and not (_spaced(labels) or _bare(labels))):
        return
    yield Proposal(
        "There is a space after each delimiter, which is part of the cells as declared.",
        f"{examples(text for text in (*labels, *cells) if _starts(text) and text.strip())}.",
        'Declare "skipInitialSpace": true in the dialect.',
        (table.set_dialect("skipInitialSpace", True),),
        rules=(*ON_LABELS, *ON_CELLS),
        misread=True,
    )


def _troubled(table: TableSymptoms) -> bool:
    """Whether findings are on labels or cells that begin with a space."""
    if any(table.complaint(rule).count for rule in ON_LABELS):
        return True
    return any(
        column.complaint(rule).share(_starts) > 1 - NEARLY_ALL
        for column in table.columns
        for rule in ON_CELLS
    )


def _starts(text: str) -> bool:
    return text.startswith(" ")


def _spaced(texts: list[str]) -> bool:
    return sum(map(_starts, texts)) >= NEARLY_ALL * len(texts)


def _bare(texts: list[str]) -> bool:
    return not any(map(_starts, texts))
