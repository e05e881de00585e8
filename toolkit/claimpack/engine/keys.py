"""Keys: uniqueness within a scan's table, references between two of them."""

from __future__ import annotations

from claimpack.engine.printer import name, sql
from claimpack.engine.scan import Scan
from claimpack.rules.check import KeyCheck, ReferenceCheck


def whole(scan: Scan, check: KeyCheck) -> str:
    """An aggregate that is true where no key stands twice."""
    columns = [scan.key(sql(key)) for key in check.keys]
    there = " AND ".join(map(scan.there, columns))
    keyed = columns[0] if len(columns) == 1 else f"({', '.join(columns)})"
    return f"count(*) FILTER ({there}) = count(DISTINCT {keyed}) FILTER ({there})"


def repeats(scan: Scan, check: KeyCheck, part: int, number: int) -> str:
    """The statement that keeps a finding for each row whose key stands in an earlier one."""
    columns = [scan.key(sql(key)) for key in check.keys]
    listed = ", ".join(columns)
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    joined = " AND ".join(f"rows.{column} = firsts.{column}" for column in columns)
    return (
        f"INSERT INTO findings SELECT {part}, {number}, row, {scan.line}, "
        f"[{_texts(scan, check)}], (first + 1)::VARCHAR FROM "
        f"(SELECT rows.*, rows.rowid + 1 AS row, first FROM {name(scan.table)} AS rows JOIN "
        f"(SELECT {listed}, min(rowid) AS first FROM {name(scan.table)} WHERE {there} "
        f"GROUP BY {listed} HAVING count(*) > 1) AS firsts "
        f"ON {joined} WHERE rows.rowid > first)"
    )


def dangling(
    scan: Scan, texts: Scan, target: Scan, check: ReferenceCheck, part: int, number: int
) -> str:
    """A query for a finding for each row whose reference has no target.

    Args:
        scan: The rows that refer.
        texts: The same rows with the texts that they refer with; the scan itself has them
            where it is not hashed.
        target: The rows referred to.
        check: What refers to what.
        part: The table's position in the report.
        number: The check's number in the report.
    """
    lost = _lost(scan, target, check)
    if texts is not scan:
        own = f"rows.rowid IN (SELECT rows.rowid {lost})"
        lost = f"FROM {name(texts.table)} AS rows WHERE {own}"
    return (
        f"SELECT {part}, {number}, row, {scan.line}, [{_texts(texts, check)}], NULL FROM "
        f"(SELECT rows.*, rows.rowid + 1 AS row {lost})"
    )


def holds(scan: Scan, target: Scan, check: ReferenceCheck) -> str:
    """A query that is true where every row's reference has a target."""
    return f"SELECT count(*) = 0 FROM (SELECT rows.* {_lost(scan, target, check)})"


def _lost(scan: Scan, target: Scan, check: ReferenceCheck) -> str:
    """From where a row has a reference that meets no target."""
    ours = [scan.key(sql(key)) for key in check.keys]
    theirs = [target.key(sql(key)) for key in check.target_keys]
    pairs = [
        f"{_alike(f'rows.{our}', scan, target)} = {_alike(f'targets.{their}', target, scan)}"
        for our, their in zip(ours, theirs, strict=True)
    ]
    there = " AND ".join(scan.there(f"rows.{column}") for column in ours)
    return (
        f"FROM {name(scan.table)} AS rows ANTI JOIN {name(target.table)} AS targets "
        f"ON {' AND '.join(pairs)} WHERE {there}"
    )


def _alike(column: str, own: Scan, other: Scan) -> str:
    """A key as the other table keeps its own."""
    return f"hash({column})" if other.hashed and not own.hashed else column


def _texts(scan: Scan, check: KeyCheck | ReferenceCheck) -> str:
    return ", ".join(scan.text(field) for field in check.fields)
