"""References and relations: what the rows of several tables say together."""

from __future__ import annotations

from claimpack.checks.model import ReferenceCheck, RelationCheck
from claimpack.engine.exact.database import INSERT
from claimpack.engine.keys import compare_texts
from claimpack.engine.keys.key_findings import KeyFindings
from claimpack.engine.keys.rescan import rescan_rows
from claimpack.engine.table_checks import Scan
from claimpack.engine.table_state import Notes, Table
from claimpack.errors import TooLargeError, UncomparableError
from claimpack.quoting import name
from claimpack.readers.column_layout import Layout

Asked = ReferenceCheck | RelationCheck


class Relations:
    """Puts findings on what tables say of one another into the store."""

    def __init__(self, tables: list[Table], notes: Notes, *, closed: bool = False) -> None:
        self.tables, self.notes, self.store = tables, notes, notes.store
        self._keys, self._closed = KeyFindings(notes), closed
        self._named = {table.resource.name: table for table in reversed(tables)}

    def expect(self) -> None:
        """Tell each table which of its keys other tables will look for."""
        for table in self.tables:
            for check in table.scan.references if table.scan else ():
                target = self._named.get(check.target)
                if target is not None and target.scan is not None:
                    for key in check.target_keys:
                        target.scan.key(key)
                    target.scan.keyset(check.target_keys, check.target_fields)

    def judge(self, table: Table) -> None:
        """References and relations: what rows of several tables say together."""
        if table.scan is None or table.read is None:
            return
        made = table.scan
        queries: list[tuple[Asked, str]] = [
            *((check, self._refer(table, made, check)) for check in made.references),
            *((check, self._relation(table, made, check)) for check in table.plan.relations),
        ]
        asked = {check: query for check, query in queries if query}
        if not asked:
            return
        try:
            self._ask(*asked.values())
        except (TooLargeError, UncomparableError):
            self._one_by_one(table, asked)
        for check in made.references:
            if check in asked:
                self._keys.suggest(table, self._named[check.target], check)

    def _ask(self, *queries: str) -> None:
        import duckdb

        union = " UNION ALL ".join(f"({query})" for query in queries)
        try:
            self.store.run(f"{INSERT} {union}")
        except (duckdb.BinderException, duckdb.ConversionException) as error:
            raise UncomparableError(
                "the schema gives a column that is compared another type than the rule needs"
            ) from error

    def _one_by_one(self, table: Table, asked: dict[Asked, str]) -> None:
        """What is too much at once may fit alone; what does not is not checked."""
        for check, query in asked.items():
            try:
                self._ask(query)
            except (TooLargeError, UncomparableError) as error:
                about = ", ".join(check.fields)
                self.notes.not_checked(table, f"{check.rule} {about}".strip(), str(error))

    def _refer(self, table: Table, made: Scan, check: ReferenceCheck) -> str:
        target = self._named.get(check.target)
        if why := self._doubts(check.target):
            self.notes.not_checked(table, f"foreign key {', '.join(check.fields)}", why)
            return ""
        assert target is not None
        assert target.scan is not None
        assert target.read is not None
        assert table.read is not None
        if not _covered(target.scan.layout, target.scan, check.target_fields):
            return ""
        own = made.keyset(check.keys, check.fields)
        others = target.scan.keyset(check.target_keys, check.target_fields)
        missing = table.read.indexes[own].missing_from(target.read.indexes[others])
        if not len(missing):
            return ""
        number = self.notes.number(table, check)
        if self._closed and target is table:
            rows = rescan_rows(table, None, self.store)
            return compare_texts.dangling(rows, name(rows.table), check, table.part, number)
        rows = rescan_rows(table, {own: missing}, self.store)
        return compare_texts.findings_on(rows, name(rows.table), check, table.part, number)

    def _doubts(self, *names: str) -> str:
        """Why not all rows of these tables are known; empty where they are.

        A key that is missing may be in a row that is broken, so that nothing follows from it.
        """
        tables = {name: self._named.get(name) for name in names}
        doubts = (item.doubt if item else f"{name} was not read" for name, item in tables.items())
        return "; ".join(doubt for doubt in doubts if doubt)

    def _relation(self, table: Table, made: Scan, check: RelationCheck) -> str:
        if why := self._doubts(*check.tables):
            self.notes.not_checked(table, check.rule, why)
            return ""
        for item in map(self._named.get, check.tables):
            if item and item.scan and not item.typed:
                self.store.run(
                    f"CREATE TEMP TABLE {name(item.resource.name)} AS {item.scan.typed()}"
                )
                item.typed = True
        line = ", rows.line" if made.line == "line" else ""
        value = _as_written(made, check) if table.typed else "hits.value::VARCHAR"
        typed = name(table.resource.name) if table.typed else "(SELECT 0 AS _row)"
        return (
            f"SELECT DISTINCT {table.part}, {self.notes.number(table, check)}, row, {made.line}, "
            f"[shown], detail::VARCHAR FROM (SELECT hits.*, {value} AS shown{line} "
            f"FROM ({check.query}) AS hits "
            f"LEFT JOIN {name(made.table)} AS rows ON rows.row = hits.row "
            f"LEFT JOIN {typed} AS typed ON typed._row = hits.row)"
        )


def _as_written(made: Scan, check: RelationCheck) -> str:
    """SQL of a hit's value: the text of the cell where that is what the value comes from."""
    value = "hits.value::VARCHAR"
    place = made.place(check.fields[0]) if len(check.fields) == 1 else None
    column = None if place is None else made.layout.fields[place]
    if column is None or not made.keep:
        return value
    own = f"typed.{name(check.fields[0])}::VARCHAR"
    return f"CASE WHEN {value} = {own} THEN rows.c{column} ELSE {value} END"


def _covered(layout: Layout, made: Scan, names: tuple[str, ...]) -> bool:
    places = [made.place(name) for name in names]
    return all(place is not None and layout.fields[place] is not None for place in places)
