"""Keys in SQL: uniqueness within a table, references between two of them."""

from __future__ import annotations

from claimpack.checks.model import KeyCheck, ReferenceCheck
from claimpack.engine.exact.database import INSERT
from claimpack.engine.scan.scan_sql import Scan
from claimpack.quoting import name


def whole(scan: Scan, check: KeyCheck) -> str:
    """An aggregate that is true where every key is unique."""
    columns = [scan.key(key) for key in check.keys]
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    keyed = columns[0] if len(columns) == 1 else f"({', '.join(columns)})"
    return f"count(*) FILTER ({there}) = count(DISTINCT {keyed}) FILTER ({there})"


def numbered(scan: Scan) -> str:
    """The rows of a scan's table, each with its number as `row`."""
    return f"(SELECT rowid + 1 AS row, * FROM {name(scan.table)})"


def repeats(scan: Scan, rows: str, check: KeyCheck, part: int, number: int) -> str:
    """The statement that keeps a finding for each row whose key stands in an earlier one.

    Args:
        scan: Says what the columns are; its keys are texts.
        rows: SQL of rows with their numbers; at least all those whose key is repeated.
        check: The key.
        part: The table's position in the report.
        number: The check's number in the report.
    """
    columns = [scan.key(key) for key in check.keys]
    listed = ", ".join(columns)
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    joined = " AND ".join(f"rows.{column} = firsts.{column}" for column in columns)
    return (
        f"{INSERT} SELECT {part}, {number}, row, {scan.line}, "
        f"[{_texts(scan, check)}], first::VARCHAR FROM "
        f"(SELECT rows.*, first FROM {rows} AS rows JOIN "
        f"(SELECT {listed}, min(row) AS first FROM {rows} WHERE {there} "
        f"GROUP BY {listed} HAVING count(*) > 1) AS firsts "
        f"ON {joined} WHERE rows.row > first)"
    )


def dangling(scan: Scan, target: Scan, check: ReferenceCheck, part: int, number: int) -> str:
    """A query for a finding for each row whose reference has no target."""
    return told(
        scan,
        f"(SELECT rows.rowid + 1 AS row, rows.* {_lost(scan, target, check)})",
        check,
        part,
        number,
    )


def told(scan: Scan, rows: str, check: ReferenceCheck, part: int, number: int) -> str:
    """A query for a finding for each of these rows."""
    return f"SELECT {part}, {number}, row, {scan.line}, [{_texts(scan, check)}], NULL FROM {rows}"


def _lost(scan: Scan, target: Scan, check: ReferenceCheck) -> str:
    """From where a row has a reference that meets no target."""
    ours = [scan.key(key) for key in check.keys]
    theirs = [target.key(key) for key in check.target_keys]
    kept = " AND ".join(f"{column} IS NOT NULL" for column in ours)
    rows = f"SELECT rowid, *, {_named(ours, 'our')} FROM {name(scan.table)} WHERE {kept}"
    targets = f"SELECT {_named(theirs, 'their')} FROM {name(target.table)}"
    pairs = " AND ".join(f"our{n} = their{n}" for n in range(len(ours)))
    return f"FROM ({rows}) AS rows ANTI JOIN ({targets}) AS targets ON {pairs}"


def _named(columns: list[str], word: str) -> str:
    return ", ".join(f"{column} AS {word}{n}" for n, column in enumerate(columns))


def _texts(scan: Scan, check: KeyCheck | ReferenceCheck) -> str:
    return ", ".join(scan.text(field) for field in check.fields)
