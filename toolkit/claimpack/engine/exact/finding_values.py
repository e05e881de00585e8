"""The values that findings are about, counted: what all findings of a check have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from claimpack.engine.exact.stored_findings import Template
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    from claimpack.engine.exact.database import Store

DISTINCT = 300
"""Most distinct values of a check that are told, the most frequent first."""
LOOKED_AT = 20_000
"""About so many findings of a check are looked at; of more, so many in slices."""
SLICES = 32
LONGEST = 4_096
"""Most characters of a value that is told: no cause shows in a longer one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One value, and how often findings of a check name it.

    Attributes:
        value: The cell; several for a composite key; None where there is none.
        count: Number of findings among those looked at.
        row: The first data row that has it.
        line: The line of that row.
    """

    value: tuple[str | None, ...] | None
    count: int
    row: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one check's findings.

    Attributes:
        template: What the findings have in common.
        count: Number of findings.
        looked: Number of findings looked at: all, or a sample of them.
        values: Distinct values of those, the most frequent first; perhaps not all.
    """

    template: Template
    count: int
    looked: int
    values: tuple[Counted, ...]


def values(store: Store) -> list[Values]:
    """The counted values of every check that has findings; few rows, whatever their number."""
    if not store.connected:
        return []
    checks = store.rows(
        "SELECT chk, count(*), min(rowid), max(rowid) FROM findings GROUP BY chk ORDER BY chk"
    )
    few = [number for number, count, _, _ in checks if count <= LOOKED_AT]
    rows = _counted(store, f"chk IN ({', '.join(map(str, few))})") if few else []
    for number, count, first, last in checks:
        if count > LOOKED_AT:
            rows += _counted(store, f"chk = {number} AND {_slices(count, first, last)}")
    totals = {number: count for number, count, _, _ in checks}
    return list(_by_check(store, rows, totals))


def _slices(count: int, first: int, last: int) -> str:
    """A condition for slices of the findings, evenly spaced: they lie in the order of the rows."""
    span = last - first + 1
    width = max(1, span * LOOKED_AT // (count * SLICES))
    starts = (first + span * number // SLICES for number in range(SLICES))
    return f"({' OR '.join(f'rowid BETWEEN {at} AND {at + width - 1}' for at in starts)})"


def _counted(store: Store, condition: str) -> list[tuple[Any, ...]]:
    """Check, findings looked at, value, its count, its first row and line."""
    return store.rows(
        "WITH counted AS (SELECT chk, value, count(*) AS n, min(row) AS row, min(line) AS line "
        f"FROM findings WHERE {condition} AND "
        f"coalesce(length(array_to_string(value, '')), 0) <= {LONGEST} GROUP BY chk, value), "
        "ranked AS (SELECT *, sum(n) OVER (PARTITION BY chk) AS looked, row_number() OVER "
        "(PARTITION BY chk ORDER BY n DESC, row, line, value) AS rank FROM counted) "
        f"SELECT chk, looked, value, n, row, line FROM ranked WHERE rank <= {DISTINCT} "
        "ORDER BY chk, rank"
    )


def _by_check(
    store: Store, rows: list[tuple[Any, ...]], totals: Mapping[int, int]
) -> Iterator[Values]:
    groups = {number: list(group) for number, group in groupby(rows, key=lambda row: int(row[0]))}
    for number, count in totals.items():
        listed = groups.get(number, [])
        found = tuple(
            Counted(None if value is None else tuple(value), times, row, _line(line))
            for _, _, value, times, row, line in listed
        )
        looked = int(listed[0][1]) if listed else 0
        yield Values(store.templates[number], count, looked, found)


def _line(line: int | None) -> int | None:
    return (line or 0) % FILE or None


__all__ = ["Counted", "Values", "values"]
