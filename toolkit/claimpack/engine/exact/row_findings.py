"""Findings in single rows: which rows are invalid, by which check, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimpack.checks.model import AnyCheck, KeyCheck, ReferenceCheck, ValueCheck
from claimpack.engine.exact.column_findings import ColumnFindings
from claimpack.engine.exact.database import INSERT
from claimpack.engine.exact.stored_findings import Template
from claimpack.engine.keys import compare_texts
from claimpack.engine.keys.key_findings import KeyFindings
from claimpack.engine.keys.rescan import rescan_rows
from claimpack.engine.scan.table_pass import TablePass
from claimpack.engine.table_checks import Scan
from claimpack.engine.table_state import Notes, Table
from claimpack.quoting import name
from claimpack.readers.line_numbers import FILE

if TYPE_CHECKING:
    import pyarrow as pa

REFUSED = "the database engine cannot run this check on these values"
TIMEOUTS = 10
"""Values on which a test may run out of time before it is given up."""


class RowFindings:
    """Puts findings on the rows of single tables into the store."""

    def __init__(self, notes: Notes) -> None:
        self.notes, self.store = notes, notes.store
        self._keys = KeyFindings(notes)
        self._columns = ColumnFindings(notes)

    def rows(self, table: Table) -> None:
        """What a pass leaves open: texts that are tested in Python, and repeated keys."""
        if table.read is not None and table.read.rows:
            self._values(table)
            self._unique(table, table.read)

    def settle(self, table: Table) -> None:
        """Put right what the findings of a table say, once all of them are there."""
        self._silence(table)
        self._move(table)
        if table.folded:
            table.folded.undo(self.store, table.part, table.plan.structure)
        self._columns.settle(table)
        self._blank(table)
        self._keys.complete(table, _moves(table))

    def decide(self, table: Table, suspects: pa.Table) -> None:
        """Decide which checks some rows fail, and keep a finding of each.

        Args:
            table: Their table.
            suspects: Rows that may be invalid: `row`, `line` where known, and `c0 ...`.
        """
        made = table.scan
        assert made is not None
        numbers = self._numbers(table, made)
        blank = None if table.folded else self.notes.blank(table)
        self.store.connection.register(made.suspects, suspects)
        if not self._hit(table, made, numbers, blank):
            self._one_by_one(table, made, numbers, blank)
        self._columns.count(table, made, made.with_texts(made.suspects))
        self.store.connection.unregister(made.suspects)

    def forget(self, table: Table) -> None:
        """Take back what was decided of a table that is read anew."""
        assert table.scan is not None
        numbers = [*self._numbers(table, table.scan).values(), self.notes.blank(table) or -1]
        numbers += [self.notes.number(table, check) for check in table.scan.by_column]
        listed = ", ".join(map(str, numbers))
        self.store.run(f"DELETE FROM findings WHERE part = {table.part} AND chk IN ({listed})")

    def _numbers(self, table: Table, made: Scan) -> dict[int, int]:
        """The template's number of each check on rows, by its place."""
        return {place: self.notes.number(table, check) for place, check in enumerate(made.rows)}

    def _one_by_one(
        self, table: Table, made: Scan, numbers: dict[int, int], blank: int | None
    ) -> None:
        """Run each check alone, so that only what the database cannot run is skipped."""
        for position, number in numbers.items():
            if not self._hit(table, made, {position: number}, blank):
                check = made.rows[position]
                about = ", ".join(check.fields)
                self.notes.not_checked(table, f"{check.rule} of {about}", REFUSED)
        self._once(table, blank)

    def _once(self, table: Table, blank: int | None) -> None:
        """Keep one finding for an empty row, which every check that ran alone has reported."""
        if blank is not None:
            mine = f"part = {table.part} AND chk = {blank}"
            self.store.run(
                f"DELETE FROM findings WHERE {mine} AND rowid NOT IN "
                f"(SELECT min(rowid) FROM findings WHERE {mine} GROUP BY row)"
            )

    def _hit(self, table: Table, made: Scan, numbers: dict[int, int], blank: int | None) -> bool:
        """Keep what the checks of these numbers find; False where the database refuses one."""
        import duckdb

        try:
            self.store.run(made.explain(numbers, table.part, blank))
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            return False
        return True

    def _values(self, table: Table) -> None:
        """Tests in Python, once for each distinct text of a column."""
        made = table.scan
        assert made is not None
        by_field: dict[str, list[ValueCheck]] = {}
        for check in made.values:
            by_field.setdefault(check.fields[0], []).append(check)
        schema = table.resource.schema
        names = Counter(item.name for item in schema.fields) if schema else Counter[str]()
        for field_name, checks in by_field.items():
            if names[field_name] > 1:
                for check in checks:
                    why = f"the schema has {names[field_name]:,} fields of that name"
                    self.notes.not_checked(table, f"{check.rule} of {field_name}", why)
            else:
                self._value(table, field_name, checks)

    def _value(self, table: Table, field_name: str, checks: list[ValueCheck]) -> None:
        made = table.scan
        assert made is not None
        column = made.text(field_name)
        distinct = self.store.connection.execute(
            f"SELECT DISTINCT {column} FROM {name(made.table)} WHERE {column} IS NOT NULL"
        )
        bad: list[tuple[str, int]] = []
        timeouts: Counter[ValueCheck] = Counter()
        while rows := distinct.fetchmany(5000):
            for (text,) in rows:
                bad += ((text, n) for n in self._failed(table, text, checks, timeouts))
        if not bad:
            return
        import pyarrow as pa

        waiting = pa.table({"value": [v for v, _ in bad], "chk": [n for _, n in bad]})
        guards = [guard for check in checks for guard in made.guards(check)]
        silent = " AND ".join(f"NOT COALESCE({guard}, FALSE)" for guard in dict.fromkeys(guards))
        place = made.place(field_name)
        self.store.connection.register("bad", waiting)
        self.store.run(
            f"{INSERT} SELECT {table.part}, chk, row, {made.line}, [f{place}], NULL "
            f"FROM (SELECT rows.*, {column} AS f{place}, chk FROM "
            f"{name(made.table)} AS rows JOIN bad ON {column} = bad.value) "
            f"WHERE {silent or 'TRUE'}"
        )
        self.store.connection.unregister("bad")

    def _failed(
        self, table: Table, text: str, checks: list[ValueCheck], timeouts: Counter[ValueCheck]
    ) -> Iterator[int]:
        failed: set[str] = set()
        for check in sorted(checks, key=lambda check: len(check.after)):
            if failed.intersection(check.after) or timeouts[check] >= TIMEOUTS:
                continue
            try:
                wrong = check.test(text)
            except TimeoutError as error:
                timeouts[check] += 1
                self._slow(table, check, str(error))
                continue
            if wrong:
                failed.add(check.rule)
                yield self.notes.number(table, check)

    def _slow(self, table: Table, check: ValueCheck, why: str) -> None:
        self.notes.not_checked(table, f"{check.rule} of {check.fields[0]}", why)

    def _unique(self, table: Table, read: TablePass) -> None:
        wrong = [key for key in read.scan.keys if not read.unique(key)]
        if not wrong:
            return
        keysets = [read.scan.keyset(key.keys, key.fields) for key in wrong]
        scan = rescan_rows(table, {each: read.repeated[each] for each in keysets}, self.store)
        for check in wrong:
            number = self.notes.number(table, check)
            rows = name(scan.table)
            self.store.run(compare_texts.repeats(scan, rows, check, table.part, number))

    def _silence(self, table: Table) -> None:
        """Take back what was found in a cell of the wrong type: it meets no other rule.

        Only where the type is tested in Python, after everything else; an expression
        that judges a type guards the other ones.
        """
        made = table.scan
        if made is None or table.read is None:
            return
        for number, wrong in self.store.templates_of(table.resource.name):
            if wrong.rule != "type-error" or not set(wrong.fields) <= _tested(made):
                continue
            others = [self.notes.number(table, check) for check in _silenced(made, wrong)]
            if others:
                self.store.run(
                    f"DELETE FROM findings WHERE part = {table.part} AND chk IN "
                    f"({', '.join(map(str, others))}) AND row IN "
                    f"(SELECT row FROM findings WHERE part = {table.part} AND chk = {number})"
                )

    def _blank(self, table: Table) -> None:
        """Of a row without values only that is said, and which one to delete."""
        number = self.notes.blank(table)
        if number is None or table.read is None or not table.read.suspected:
            return
        if table.folded:
            table.folded.blank(self.store, table.part, number, table.plan.structure)
        own = f"part = {table.part} AND row IN (SELECT row FROM findings WHERE part = {table.part} "
        self.store.run(f"DELETE FROM findings WHERE chk <> {number} AND {own} AND chk = {number})")
        self.store.run(
            f"UPDATE findings SET detail = CASE WHEN line % {FILE} > 0 THEN 'line ' || "
            f"line % {FILE} ELSE 'row ' || row END WHERE part = {table.part} AND chk = {number}"
        )

    def _move(self, table: Table) -> None:
        """Newlines inside quotes move the lines of the rows behind them."""
        moves = _moves(table)
        if moves is None:
            return
        self.store.connection.register("moves", moves)
        self.store.run(
            "UPDATE findings SET line = findings.line + moved.lines FROM "
            "(SELECT f.rowid AS id, m.lines FROM findings AS f ASOF JOIN moves AS m "
            f"ON f.row > m.row WHERE f.part = {table.part}) AS moved "
            "WHERE findings.rowid = moved.id"
        )
        self.store.connection.unregister("moves")


def _moves(table: Table) -> pa.Table | None:
    """The rows that newlines in quotes move, each with the lines that all after it are moved by."""
    if not len(table.breaks):
        return None
    import numpy as np
    import pyarrow as pa

    header = 1 if table.resource.dialect.header else 0
    records, counts = np.unique(np.asarray(table.breaks), return_counts=True)
    return pa.table({"row": records - header + 1, "lines": np.cumsum(counts)})


def _silenced(made: Scan, wrong: Template) -> Iterator[AnyCheck]:
    """The checks that have nothing to say of a cell of the wrong type."""
    compared: tuple[KeyCheck | ReferenceCheck, ...] = (*made.keys, *made.references)
    yield from (check for check in compared if set(wrong.fields) <= set(check.fields))
    for check in made.rows:
        if wrong.rule in check.after and check.fields == wrong.fields:
            yield check


def _tested(made: Scan) -> set[str]:
    """The fields whose type is judged text by text, so that their keys are texts as well."""
    return {check.fields[0] for check in made.values if check.rule == "type-error"}
