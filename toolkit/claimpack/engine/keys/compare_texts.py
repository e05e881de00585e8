"""Keys in SQL: uniqueness within a table, references between two of them."""

from __future__ import annotations

from claimpack.checks.model import KeyCheck, ReferenceCheck
from claimpack.engine.exact.database import INSERT
from claimpack.engine.table_checks import Scan


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


def findings_on(scan: Scan, rows: str, check: ReferenceCheck, part: int, number: int) -> str:
    """A query for a finding for each of these rows."""
    return f"SELECT {part}, {number}, row, {scan.line}, [{_texts(scan, check)}], NULL FROM {rows}"


def dangling(scan: Scan, rows: str, check: ReferenceCheck, part: int, number: int) -> str:
    """A query for a finding for each row whose reference to its own table leads nowhere.

    A reference to a row whose own leads nowhere does so, too, unless another row has the key:
    a chain of any length ends here at once.

    Args:
        scan: Says what the columns are; its keys are texts.
        rows: SQL of all rows of the table.
        check: The reference.
        part: The table's position in the report.
        number: The check's number in the report.
    """
    own = [scan.key(key) for key in check.keys]
    others = [scan.key(key) for key in check.target_keys]
    keys = ", ".join(others)
    met = " AND ".join(f"own.{a} = target.{b}" for a, b in zip(own, others, strict=True))
    there = " AND ".join(f"own.{column} IS NOT NULL" for column in own)
    single = f"SELECT {keys}, min(row) AS row FROM {rows} GROUP BY {keys} HAVING count(*) = 1"
    return (
        "WITH RECURSIVE "
        f"links AS MATERIALIZED (SELECT own.row AS row, target.row AS target "
        f"FROM {rows} AS own JOIN ({single}) AS target ON {met}), "
        f"gone AS (SELECT own.row FROM {rows} AS own WHERE {there} "
        f"AND NOT EXISTS (SELECT 1 FROM {rows} AS target WHERE {met}) "
        "UNION SELECT links.row FROM links JOIN gone ON links.target = gone.row) "
        f"{findings_on(scan, f'{rows} WHERE row IN (FROM gone)', check, part, number)}"
    )


def _texts(scan: Scan, check: KeyCheck | ReferenceCheck) -> str:
    return ", ".join(scan.text(field) for field in check.fields)
