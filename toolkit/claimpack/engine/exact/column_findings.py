"""Findings on whole columns: how many values, and where the first of them is."""

from __future__ import annotations

from claimpack.checks.model import ColumnCheck
from claimpack.engine.exact.database import INSERT
from claimpack.engine.exact.expression_sql import sql
from claimpack.engine.table_checks import Scan
from claimpack.engine.table_state import Notes, Table


class ColumnFindings:
    """Puts findings on the columns of single tables into the store."""

    def __init__(self, notes: Notes) -> None:
        self.notes, self.store = notes, notes.store

    def count(self, table: Table, scan: Scan, rows: str) -> None:
        """Keep a finding for each check and column, with the number of values in some rows.

        Args:
            table: The table.
            scan: Over the table; what it checks by column.
            rows: SQL of the rows with their texts.
        """
        if not scan.by_column:
            return
        numbers = [self.notes.number(table, check) for check in scan.by_column]
        pairs = list(zip(numbers, scan.by_column, strict=True))
        hits = ", ".join(f"CASE WHEN {sql(check.fault)} THEN {n} END" for n, check in pairs)
        cells = " ".join(f"WHEN {n} THEN {_cell(scan, check)}" for n, check in pairs)
        # A folded row holds the cells of one column only, so that its rank tells the column.
        height = table.folded.height if table.folded else 1
        self.store.run(
            f"{INSERT} SELECT {table.part}, chk, min(row), arg_min({scan.line}, row), "
            f"[arg_min(CASE chk {cells} END, row)], count(*)::VARCHAR "
            f"FROM (SELECT *, unnest([{hits}]) AS chk FROM ({rows})) "
            f"WHERE chk IS NOT NULL GROUP BY chk, (row - 1) % {height}"
        )

    def settle(self, table: Table) -> None:
        """Make one finding of those of a column, and say how many values there are."""
        scan = table.scan
        if scan is None or not scan.by_column:
            return
        numbers = [
            number
            for number, template in self.store.templates_of(table.resource.name)
            if template.rule in {check.rule for check in scan.by_column}
        ]
        if not numbers:
            return
        mine = f"part = {table.part} AND chk IN ({', '.join(map(str, numbers))})"
        first = f"SELECT chk, min(row) FROM findings WHERE {mine} GROUP BY chk"
        total = f"SELECT chk AS n, sum(detail::BIGINT) AS t FROM findings WHERE {mine} GROUP BY chk"
        self.store.run(
            "UPDATE findings SET detail = CASE WHEN t = 1 "
            "THEN '1 value has white space around it' "
            "ELSE format('{:,} values have white space around them', t::BIGINT) END "
            f"FROM ({total}) WHERE {mine} AND chk = n"
        )
        self.store.run(f"DELETE FROM findings WHERE {mine} AND (chk, row) NOT IN ({first})")


def _cell(scan: Scan, check: ColumnCheck) -> str:
    place = scan.place(check.fields[0])
    assert place is not None
    return f"c{scan.layout.fields[place]}"


__all__ = ["ColumnFindings"]
