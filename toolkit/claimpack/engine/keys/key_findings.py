"""What findings on keys say beside the key: where it was used first, and what may be meant.

The statements that find repeated keys note the number of the first row as the finding's detail.
Readers of a report look at lines, so that it becomes `line 2`, or `row 2` where a format has no
lines. A row that repeats an earlier one in every cell was entered twice: that is one finding,
however many keys it repeats. A reference that has no target but is nearly the key of one was
probably mistyped.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from claimpack.checks.model import ReferenceCheck
from claimpack.descriptor.spelling import nearest
from claimpack.engine import typed_tables
from claimpack.engine.exact.stored_findings import Template
from claimpack.engine.keys.rescan import rescan_rows
from claimpack.engine.table_state import Notes, Table
from claimpack.errors import UnreadableError
from claimpack.quoting import literal, name
from claimpack.readers import csv_plainness
from claimpack.readers.checksum import size
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    import pyarrow as pa

PLACE = "{row}"
"""The place-holder by which a message names another row."""

TWICE = "the same row was entered twice (first in {row})"
DELETE = "Delete {place}."

PAIRS = 10_000
"""Repeated rows that are read again to see whether they are the same in every cell."""
CELLS = 10_000_000
"""Most cells of those rows; the keys of more are reported as they are."""

MISTYPED = 20
"""Different values of one foreign key for which a similar key is looked up."""


class KeyFindings:
    """Completes the findings on keys once all of them are there."""

    def __init__(self, notes: Notes) -> None:
        self.notes, self.store = notes, notes.store

    def complete(self, table: Table, moves: pa.Table | None) -> None:
        """Name lines in place of rows, and report a row that was entered twice once.

        Args:
            table: A table whose findings have their own rows.
            moves: The rows behind newlines in quotes, and by how many lines they are moved.
        """
        if table.scan is None or table.read is None:
            return
        repeated = [n for n, kept in self._templates(table) if PLACE in kept.message]
        if not repeated:
            return
        mine = f"part = {table.part} AND chk IN ({', '.join(map(str, repeated))})"
        if not self.store.one(f"SELECT count(*) FROM findings WHERE {mine}"):
            return
        if not table.broken.rows:
            self._entered_twice(table, mine)
        self._name_places(table, mine, moves)

    def _templates(self, table: Table) -> list[tuple[int, Template]]:
        return self.store.templates_of(table.resource.name)

    # --- rows that were entered twice ------------------------------------------------------

    def _entered_twice(self, table: Table, mine: str) -> None:
        """Keep one finding of each row that has the cells of an earlier one.

        Not in a table with rows of the wrong width: each repeated key is reported.
        """
        pairs = f"SELECT DISTINCT row, CAST(detail AS BIGINT) AS first FROM findings WHERE {mine}"
        import duckdb

        count = self.store.one(f"SELECT count(*) FROM ({pairs})")
        schema = table.resource.schema
        if count > PAIRS or schema is None or count * len(schema.fields) > CELLS:
            return
        asked = f"SELECT row FROM ({pairs}) UNION SELECT first FROM ({pairs})"
        try:
            with typed_tables.source(self.store, table.resource) as (origin, layout):
                cells = ", ".join(f"c{i}" for i in range(layout.width))
                self.store.run(
                    f"CREATE OR REPLACE TEMP TABLE read_again AS SELECT row, [{cells}] AS cells "
                    f"FROM (SELECT row_number() OVER () AS row, * FROM {origin}) "
                    f"WHERE row IN ({asked})"
                )
        except duckdb.InterruptException:
            raise
        except (UnreadableError, duckdb.Error):
            return
        # Of several keys, one may have been used first in another row than the one entered twice.
        self.store.run(
            "CREATE OR REPLACE TEMP TABLE entered_twice AS SELECT DISTINCT p.row, p.first "
            f"FROM ({pairs}) AS p JOIN read_again AS a ON a.row = p.row "
            "JOIN read_again AS b ON b.row = p.first WHERE a.cells = b.cells"
        )
        twice = f"{mine} AND row IN (SELECT row FROM entered_twice)"
        same = f"{mine} AND (row, CAST(detail AS BIGINT)) IN (SELECT row, first FROM entered_twice)"
        ranks = " ".join(f"WHEN {n} THEN {rank}" for rank, n in enumerate(self._ranked(table)))
        self.store.run(
            f"DELETE FROM findings WHERE {twice} AND rowid NOT IN (SELECT arg_min(rowid, "
            f"CASE chk {ranks} END) FROM findings WHERE {same} GROUP BY row)"
        )
        for (number,) in self.store.rows(f"SELECT DISTINCT chk FROM findings WHERE {twice}"):
            kept = replace(self.store.templates[number], message=TWICE, fix=DELETE)
            own = self.store.number(kept)
            self.store.run(f"UPDATE findings SET chk = {own} WHERE {twice} AND chk = {number}")

    def _ranked(self, table: Table) -> list[int]:
        """The numbers of the key templates, the one to keep first: the primary key's."""
        keys = [(n, kept) for n, kept in self._templates(table) if PLACE in kept.message]
        return [n for n, kept in sorted(keys, key=lambda item: (item[1].rule, item[1].message))]

    # --- lines ------------------------------------------------------------------------------

    def _name_places(self, table: Table, mine: str, moves: pa.Table | None) -> None:
        """Put the line of the first row in place of its number."""
        repeated = [n for n, kept in self._templates(table) if PLACE in kept.message]
        mine = f"part = {table.part} AND chk IN ({', '.join(map(str, repeated))})"
        places = self._lines(table, mine, moves)
        files = ", ".join(literal(path) for path in table.resource.paths) or "''"
        other = f"CASE WHEN p.line // {FILE} <> findings.line // {FILE} "
        other += f"THEN ' of ' || [{files}][p.line // {FILE} + 1] ELSE '' END"
        self.store.run(
            f"UPDATE findings SET detail = CASE WHEN p.line % {FILE} > 0 "
            f"THEN 'line ' || p.line % {FILE} || {other} ELSE 'row ' || p.row END "
            f"FROM ({places}) AS p WHERE {mine} AND TRY_CAST(findings.detail AS BIGINT) = p.row"
        )
        if moves is not None:
            self.store.connection.unregister("moves")

    def _lines(self, table: Table, mine: str, moves: pa.Table | None) -> str:
        """A query for the line of each row that a key was first used in: `row`, `line`."""
        made = table.scan
        assert made is not None
        firsts = f"SELECT DISTINCT CAST(detail AS BIGINT) AS row FROM findings WHERE {mine}"
        if made.line == "line":
            height = table.folded.height if table.folded else 1
            known = " UNION ALL ".join(
                f"SELECT (row - 1) // {height} + 1 AS row, line FROM {name(rescan)}"
                for rescan in table.rescans
            )
            return (
                f"SELECT f.row, min(s.line) AS line FROM ({firsts}) AS f "
                f"JOIN ({known}) AS s ON s.row = f.row GROUP BY f.row"
            )
        lines = table.head.lines if table.head else 0
        if moves is None:
            return f"SELECT row, row + {lines} AS line FROM ({firsts})"
        self.store.connection.register("moves", moves)
        return (
            f"SELECT f.row, f.row + {lines} + COALESCE(m.lines, 0) AS line FROM ({firsts}) AS f "
            "ASOF LEFT JOIN moves AS m ON f.row > m.row"
        )

    # --- mistyped references -----------------------------------------------------------------

    def suggest(self, table: Table, target: Table, check: ReferenceCheck) -> None:
        """Name the key that a reference without a target was probably meant to be.

        Only where the target is a file of a few megabytes, and only for the first different
        values: each takes a pass over the keys.
        """
        made = target.scan
        large = size(target.resource) > csv_plainness.SMALL
        if made is None or target.read is None or large or len(check.fields) != 1:
            return
        mine = f"part = {table.part} AND chk = {self.notes.number(table, check)}"
        lost = self.store.rows(
            f"SELECT DISTINCT value[1] FROM findings WHERE {mine} ORDER BY 1 LIMIT {MISTYPED}"
        )
        if lost:
            made = rescan_rows(target, None, self.store)
        keys = made.key(check.target_keys[0])
        for (text,) in lost:
            if not text:
                continue
            close = self.store.rows(
                f"SELECT DISTINCT {keys} FROM {name(made.table)} WHERE "
                f"abs(length({keys}) - {len(text)}) <= 2 AND "
                f"damerau_levenshtein({keys}, {literal(text)}) <= 3 LIMIT 50"
            )
            likely = nearest(text, (key for (key,) in close))
            if likely is not None:
                hint = f"Did you mean {json.dumps(likely, ensure_ascii=False)}? "
                self.store.run(
                    f"UPDATE findings SET detail = {literal(hint)} "
                    f"WHERE {mine} AND value[1] = {literal(text)}"
                )


__all__ = ["KeyFindings"]
