"""The values that findings are about, counted: what all findings of a check have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimpack.engine.exact.stored_findings import Template
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    from claimpack.engine.exact.database import Store

DISTINCT = 1_000
"""Most distinct values of a check that are told, the most frequent first."""
LOOKED_AT = 20_000
"""About so many findings of a check are looked at; of more, every so many-th."""


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
    totals = dict(store.rows("SELECT chk, count(*) FROM findings GROUP BY chk"))
    if not totals:
        return []
    steps = ", ".join(f"({n}, {max(1, count // LOOKED_AT)})" for n, count in totals.items())
    rows = store.rows(
        f"WITH steps(chk, step) AS (VALUES {steps}), "
        "seen AS (SELECT f.chk, f.value, f.row, f.line FROM findings AS f JOIN steps AS s "
        "ON f.chk = s.chk WHERE s.step = 1 OR hash(f.rowid) % s.step = 0), "
        "counted AS (SELECT chk, value, count(*) AS n, min(row) AS row, min(line) AS line "
        "FROM seen GROUP BY chk, value), "
        "ranked AS (SELECT *, sum(n) OVER (PARTITION BY chk) AS looked, row_number() OVER "
        "(PARTITION BY chk ORDER BY n DESC, row, line, value) AS rank FROM counted) "
        f"SELECT chk, looked, value, n, row, line FROM ranked WHERE rank <= {DISTINCT} "
        "ORDER BY chk, rank"
    )
    found: dict[int, list[Counted]] = {}
    looked: dict[int, int] = {}
    for number, seen, value, count, row, line in rows:
        place = (line or 0) % FILE or None
        cells = None if value is None else tuple(value)
        found.setdefault(number, []).append(Counted(cells, count, row, place))
        looked[number] = int(seen)
    return [
        Values(store.templates[number], totals[number], looked[number], tuple(listed))
        for number, listed in found.items()
    ]


__all__ = ["Counted", "Values", "values"]
