"""How many rows of each table were read, are valid and were rejected, as data and in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.quarantine.sifting import Sifted
from claimpack.exporters.tabular import file_name
from claimpack.report import Report

FOLDER = "quarantine"
PAGE = """\
# Rejected rows

claimpack left the rows in this folder out of the tables because they have errors, or refer to \
a row that has. Each file lists the rejected rows of a table with their line and row in the \
source, the rules they break, the messages, and their cells.

| table | rows read | valid | rejected |
| --- | ---: | ---: | ---: |
"""


@dataclass(frozen=True, slots=True)
class TableCounts:
    """The rows of a table that were read, written as valid, and rejected.

    Attributes:
        table: The table's name.
        rows: Rows read.
        valid: Rows that the formats have.
        rejected: Rows in quarantine.
        path: The file with the rejected rows, seen from the output folder; None where none is.
    """

    table: str
    rows: int
    valid: int
    rejected: int
    path: str | None = None


def counts(sifted: Sifted, whole: Report) -> tuple[TableCounts, ...]:
    """The rows of each table; those that are valid and those rejected are all that were read.

    Args:
        sifted: What was sifted.
        whole: The report on the package as it was.
    """
    made = []
    pairs = zip(whole.tables, sifted.report.tables, strict=True)
    for part, (before, after) in enumerate(pairs):
        rejected = len(sifted.rejected.get(part, ()))
        assert after.rows + rejected == before.rows, before.name
        path = f"{FOLDER}/{file_name(sifted.tables[part], '.csv')}" if rejected else None
        made.append(TableCounts(before.name, before.rows, after.rows, rejected, path))
    return tuple(made)


def statement(tables: tuple[TableCounts, ...]) -> str:
    """How many rows are in quarantine, in two sentences; empty where none is."""
    listed = [
        f"{item.rejected:,} of {item.rows:,} rows of {item.table}"
        for item in tables
        if item.rejected
    ]
    if not listed:
        return ""
    where = f"Rejected rows are in the folder {FOLDER}, not in the tables."
    return f"claimpack rejected {', '.join(listed)}. {where}"


def page(top: Path, tables: tuple[TableCounts, ...]) -> WrittenFile:
    """Write what the folder holds, for someone who finds it."""
    rows = [
        f"| {_plain(item.table)} | {item.rows} | {item.valid} | {item.rejected} |\n"
        for item in tables
    ]
    path = f"{FOLDER}/README.md"
    (top / path).write_text(PAGE + "".join(rows), encoding="utf-8", newline="\n")
    return written_file(top, path)


def _plain(name: str) -> str:
    return " ".join(name.replace("|", "\\|").split())


__all__ = ["FOLDER", "TableCounts", "counts", "page", "statement"]
