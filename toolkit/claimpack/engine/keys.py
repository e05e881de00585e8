"""Keys: uniqueness within a scan's table, references between two of them."""

from __future__ import annotations

from claimpack.engine.printer import name, sql
from claimpack.engine.scan import Scan
from claimpack.rules.check import KeyCheck, ReferenceCheck


def whole(scan: Scan, check: KeyCheck) -> str:
    """An aggregate that is true where no key stands twice."""
    columns = [scan.key(sql(key)) for key in check.keys]
    if len(columns) == 1:
        return f"count({columns[0]}) = count(DISTINCT {columns[0]})"
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    keyed = f"({', '.join(columns)})"
    return f"count(*) FILTER ({there}) = count(DISTINCT {keyed}) FILTER ({there})"


def rising(scan: Scan, check: KeyCheck) -> str:
    """A query that is true where keys rise from row to row, which proves them unique cheaply."""
    (column,) = (scan.key(sql(key)) for key in check.keys)
    return (
        f"SELECT bool_and(key > before) AND count(key) = count(*) FROM (SELECT {column} AS key, "
        f"lag({column}) OVER () AS before FROM {name(scan.table)})"
    )


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


def dangling(scan: Scan, target: Scan, check: ReferenceCheck, part: int, number: int) -> str:
    """A query for a finding for each row whose reference has no target."""
    joined, there = _joined(scan, target, check)
    return (
        f"SELECT {part}, {number}, row, {scan.line}, [{_texts(scan, check)}], NULL FROM "
        f"(SELECT rows.*, rows.rowid + 1 AS row FROM {name(scan.table)} AS rows "
        f"ANTI JOIN {name(target.table)} AS targets ON {joined} WHERE {there})"
    )


def holds(scan: Scan, target: Scan, check: ReferenceCheck) -> str:
    """A query that is true where every row's reference has a target."""
    joined, there = _joined(scan, target, check)
    return (
        f"SELECT count(*) = 0 FROM (SELECT rows.* FROM {name(scan.table)} AS rows "
        f"ANTI JOIN {name(target.table)} AS targets ON {joined} WHERE {there})"
    )


def _joined(scan: Scan, target: Scan, check: ReferenceCheck) -> tuple[str, str]:
    """When a row meets its target, and when it has a reference at all."""
    ours = [scan.reference(sql(key)) for key in check.keys]
    theirs = [f"targets.{target.key(sql(key))}" for key in check.target_keys]
    if scan.hashed:
        theirs = [f"hash({column})" for column in theirs]
        there = " AND ".join(f"rows.{column} <> hash(NULL::VARCHAR)" for column in ours)
    else:
        there = " AND ".join(f"rows.{column} IS NOT NULL" for column in ours)
    pairs = zip(ours, theirs, strict=True)
    return " AND ".join(f"rows.{our} = {their}" for our, their in pairs), there


def _texts(scan: Scan, check: KeyCheck | ReferenceCheck) -> str:
    return ", ".join(scan.text(field) for field in check.fields)
