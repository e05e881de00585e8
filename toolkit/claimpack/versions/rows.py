"""The rows of two packages compared in the engine, by primary key; what does not fit spills.

Each table's cells are compared as canonical texts: the typed value as text, so that 1.50 and
1.5 are one number and a CSV file equals its Parquet export; a text that its type cannot hold
stays as it is. Rows are told apart by key and, where a key stands twice, by its occurrence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from claimpack.descriptor.model import Package, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import UnreadableError
from claimpack.progress import Progress
from claimpack.versions.model import KINDS, Cell, Kind, Row, TableDifference
from claimpack.versions.step import Step, largest

STATUS, WITHDRAWN = "status", "withdrawn"
"""A field and one of its values: in a table that has them a row is withdrawn, never deleted."""
NUMERIC = frozenset({"integer", "number", "year"})
SIDES = {"o": "old_rows", "n": "new_rows"}
FETCH = 1024


@dataclass(frozen=True, slots=True)
class Pair:
    """A table of both packages, and the fields that are compared.

    Attributes:
        number: Its position among the pairs.
        key: Fields that rows are told apart by.
        common: Fields of both tables, in the new order.
        fields: All fields of the old table and of the new one.
    """

    number: int
    old: Resource
    new: Resource
    key: tuple[str, ...]
    common: tuple[str, ...]
    fields: tuple[tuple[str, ...], tuple[str, ...]]


class Comparison:
    """The rows that differ, in a database that lives as long as this."""

    def __init__(self, old: Package, new: Package, memory: str | None, progress: Progress) -> None:
        """Compare the tables of both packages.

        Raises:
            UnreadableError: A table cannot be read.
        """
        self._store = Store(memory)
        self._store.run(
            "CREATE TABLE differences (pair INTEGER, kind INTEGER, row BIGINT, field INTEGER, "
            "key VARCHAR[], old VARCHAR, new VARCHAR, cells VARCHAR[])"
        )
        self._pairs: dict[str, Pair] = {}
        self.tables: tuple[TableDifference, ...] = tuple(self._compared(old, new, progress))

    def rows(self, table: str, kind: Kind | None, limit: int) -> Iterator[Row]:
        """Rows of a table, those added first, then removed, then changed."""
        pair = self._pairs[table]
        for wanted in KINDS if kind is None else (kind,):
            left = limit
            for row in self._rows(pair, wanted, limit):
                yield row
                left -= 1
                if not left:
                    break

    def _rows(self, pair: Pair, kind: Kind, limit: int) -> Iterator[Row]:
        found = self._found(pair, kind, limit)
        fields = pair.fields[kind == "added"]
        for _, group in groupby(found, lambda item: item[0]):
            parts = list(group)
            key = dict(zip(pair.key, parts[0][2], strict=True))
            if kind == "changed":
                made = tuple(
                    Cell(pair.common[field], old, new) for _, field, _, old, new, _ in parts
                )
                yield Row(pair.new.name, kind, key, cells=made)
            else:
                yield Row(pair.new.name, kind, key, dict(zip(fields, parts[0][5], strict=True)))

    def _found(self, pair: Pair, kind: Kind, limit: int) -> Iterator[tuple[Any, ...]]:
        cursor = self._store.connection.cursor()
        most = f" LIMIT {limit * max(len(pair.common), 1)}" if limit else ""
        cursor.execute(
            "SELECT row, field, key, old, new, cells FROM differences "
            f"WHERE pair = {pair.number} AND kind = {KINDS.index(kind)} ORDER BY row, field{most}"
        )
        while block := cursor.fetchmany(FETCH):
            yield from block

    # --- comparing ------------------------------------------------------------------------

    def _compared(
        self, old: Package, new: Package, progress: Progress
    ) -> Iterator[TableDifference]:
        before = {item.name: item for item in old.resources if item.tabular}
        both = [item for item in new.resources if item.tabular and item.name in before]
        linked = _linked(old)
        for number, resource in enumerate(both):
            progress(f"compare {resource.name}", number, len(both))
            pair = self._pair(number, before[resource.name], resource)
            self._pairs[resource.name] = pair
            self._fill(pair)
            yield self._told(pair, linked.get(resource.name, frozenset()))
            self._store.run("DROP TABLE old_rows; DROP TABLE new_rows; DROP TABLE matched")
        progress("compare", len(both), len(both))

    def _pair(self, number: int, old: Resource, new: Resource) -> Pair:
        """Load both tables; they are dropped once their difference is kept."""
        fields = self._load("old_rows", old), self._load("new_rows", new)
        common = tuple(item for item in fields[1] if item in fields[0])
        keys = [item.schema.primary_key for item in (new, old) if item.schema]
        key = next((key for key in keys if key and set(key) <= set(common)), common)
        return Pair(number, old, new, key, common, fields)

    def _load(self, table: str, resource: Resource) -> tuple[str, ...]:
        """Put a table's rows into the engine; the names of its fields.

        Values that are compared are columns `v0 ...`, the cells that are shown `t0 ...`.
        """
        if resource.broken or resource.blocked:
            why = resource.blocked or "its file is missing"
            raise UnreadableError(f"the table {resource.name} cannot be read: {why}")
        names = tuple(typed_tables.arrow_schema(resource).names)
        columns = ", ".join(f"{kind}{place}" for kind in "tv" for place in range(len(names)))
        with typed_tables.plain_source(self._store, resource) as query:
            made = f"SELECT * FROM ({query}) AS read({columns})" if names else "SELECT 1 LIMIT 0"
            self._store.run(f"CREATE TABLE {table} AS {made}")
        return names

    def _fill(self, pair: Pair) -> None:
        """Match the rows of both tables, and keep what differs."""
        self._match(pair)
        for kind, side, other in (("added", "n", "o"), ("removed", "o", "n")):
            cells = ", ".join(f"r.t{place}" for place in range(len(pair.fields[kind == "added"])))
            self._store.run(
                f"INSERT INTO differences SELECT {pair.number}, {KINDS.index(kind)}, m.{side}, "
                f"NULL, {_key(pair, 'r', side)}, NULL, NULL, [{cells}]::VARCHAR[] "
                f"FROM matched AS m JOIN {SIDES[side]} AS r ON r.rowid = m.{side} "
                f"WHERE m.{other} IS NULL"
            )
        for index, item in enumerate(pair.common):
            if item not in pair.key:
                self._cells(pair, index)

    def _match(self, pair: Pair) -> None:
        """For each row that has no equal its number on either side; null where it is missing."""
        others = (_values(pair, item) for item in pair.common if item not in pair.key)
        differs = " OR ".join(f"{old} IS DISTINCT FROM {new}" for old, new in others)
        keys = (_values(pair, item) for item in pair.key)
        same = [f"{old} IS NOT DISTINCT FROM {new}" for old, new in keys]
        sides = (
            f"(SELECT *, rowid AS place, {self._turn(pair, side)} AS turn FROM {table}) AS {side}"
            for side, table in SIDES.items()
        )
        self._store.run(
            "CREATE TABLE matched AS SELECT o.place AS o, n.place AS n "
            f"FROM {' FULL JOIN '.join(sides)} ON {' AND '.join([*same, 'o.turn = n.turn'])} "
            f"WHERE o.place IS NULL OR n.place IS NULL OR {differs or 'FALSE'}"
        )

    def _turn(self, pair: Pair, side: str) -> str:
        """SQL of a row's occurrence among those of its key; costly, so only where one repeats."""
        keys = ", ".join(_column(pair, item, side) for item in pair.key) or "1"
        twice = self._store.rows(
            f"SELECT 1 FROM {SIDES[side]} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
        )
        return f"row_number() OVER (PARTITION BY {keys} ORDER BY rowid)" if twice else "1"

    def _cells(self, pair: Pair, index: int) -> None:
        """Keep the cells of one field that are others in rows of both tables."""
        item = pair.common[index]
        old, new = _values(pair, item)
        shown = (f"{side}.{_column(pair, item, side, 't')}" for side in SIDES)
        self._store.run(
            f"INSERT INTO differences SELECT {pair.number}, {KINDS.index('changed')}, m.n, "
            f"{index}, {_key(pair, 'n', 'n')}, {', '.join(shown)}, NULL FROM matched AS m "
            "JOIN old_rows AS o ON o.rowid = m.o JOIN new_rows AS n ON n.rowid = m.n "
            f"WHERE {old} IS DISTINCT FROM {new}"
        )

    def _told(self, pair: Pair, linked: frozenset[str]) -> TableDifference:
        one, rows = self._store.one, self._store.rows
        came = one("SELECT count(*) FROM matched WHERE o IS NULL")
        went = one("SELECT count(*) FROM matched WHERE n IS NULL")
        counted = rows(
            "SELECT field, count(*) FROM differences WHERE field IS NOT NULL "
            f"AND pair = {pair.number} GROUP BY field ORDER BY field"
        )
        cells = {pair.common[index]: number for index, number in counted}
        return TableDifference(
            pair.new.name,
            pair.key if pair.key != pair.common or _keyed(pair) else (),
            one("SELECT count(*) FROM old_rows"),
            one("SELECT count(*) FROM new_rows"),
            came,
            went,
            one("SELECT count(*) FROM matched WHERE o IS NOT NULL AND n IS NOT NULL"),
            cells,
            bool(went) and keeps_ids(pair.old),
            largest(_steps(pair, linked, came, went, cells)),
        )


def _keyed(pair: Pair) -> bool:
    return any(item.schema and item.schema.primary_key == pair.key for item in (pair.old, pair.new))


def keeps_ids(resource: Resource) -> bool:
    """Whether a table's ids stay once they are published: where a row can be withdrawn."""
    fields = {item.name: item for item in resource.schema.fields} if resource.schema else {}
    if STATUS not in fields:
        return False
    listed = fields[STATUS].categories, fields[STATUS].constraints.enum
    return any(WITHDRAWN in values for values in listed if values is not None)


def _steps(
    pair: Pair, linked: frozenset[str], came: int, went: int, cells: dict[str, int]
) -> Iterator[Step]:
    """The steps that the rows ask for, one for each kind of change.

    Rows that other tables point to are not taken away, nor is what they are pointed to by
    altered, without a major step. Rows that nothing points to may go by a minor one: there
    the recipe is silent.
    """
    if came:
        yield "minor"
    if went:
        yield "major" if linked else "minor"
    keys = pair.new.schema.foreign_keys if pair.new.schema else ()
    own = {item for key in keys for item in key.fields}
    for item in cells:
        yield "major" if item in linked else "minor" if item in own else "patch"


def _linked(package: Package) -> dict[str, frozenset[str]]:
    """For each table that others point to, the fields that are pointed to."""
    found: dict[str, frozenset[str]] = {}
    for resource in package.resources:
        for key in resource.schema.foreign_keys if resource.schema else ():
            if key.resource not in ("", resource.name):
                had = found.get(key.resource, frozenset())
                found[key.resource] = had | set(key.reference_fields)
    return found


def _column(pair: Pair, item: str, side: str, kind: str = "v") -> str:
    """The column of a field on one side: its values, or its cells with the kind `t`."""
    return f"{kind}{pair.fields[side == 'n'].index(item)}"


def _key(pair: Pair, alias: str, side: str) -> str:
    """SQL of a row's key as a list, as the file has it."""
    columns = (f"{alias}.{_column(pair, item, side, 't')}" for item in pair.key)
    return f"[{', '.join(columns)}]::VARCHAR[]"


def _values(pair: Pair, item: str) -> tuple[str, str]:
    """SQL of a field's value on both sides; as numbers where its types are two kinds of number."""
    old, new = (f"{side}.{_column(pair, item, side)}" for side in SIDES)
    kinds = [_kind(side, item) for side in (pair.old, pair.new)]
    if kinds[0] != kinds[1] and NUMERIC.issuperset(kinds):
        return _number(old), _number(new)
    return old, new


def _kind(resource: Resource, item: str) -> str:
    fields = resource.schema.fields if resource.schema else ()
    return next((field.type for field in fields if field.name == item), "")


def _number(value: str) -> str:
    return f"COALESCE(TRY_CAST({value} AS DOUBLE)::VARCHAR, {value})"


__all__ = ["Comparison", "keeps_ids"]
