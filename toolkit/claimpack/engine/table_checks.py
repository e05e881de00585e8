"""One table's plan laid over its columns, and the SQL that decides what a pass left open.

Rows that may be invalid come to the database with their cells, `c0 ...`, their number and, from
the exact readers, their line; it says which checks each of them fails. What relations read and
texts that are tested in Python are in the scan's table, one row for each data row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claimpack.checks import lexical
from claimpack.checks.model import (
    MANY,
    AnyCheck,
    ColumnCheck,
    Expression,
    KeyCheck,
    ReferenceCheck,
    RowCheck,
    ValueCheck,
)
from claimpack.descriptor.model import Field, Resource
from claimpack.descriptor.values import WHITE_SPACE
from claimpack.engine.exact.database import INSERT
from claimpack.engine.exact.expression_sql import (
    collapsed,
    columns,
    guarded,
    present,
    printed,
    set_name,
    sql,
)
from claimpack.engine.keys.hash_keys import KeyPart
from claimpack.plan import TablePlan
from claimpack.quoting import literal, name
from claimpack.readers.column_layout import Layout

if TYPE_CHECKING:
    import polars as pl


@dataclass
class Scan:
    """A table's plan laid over the columns that its file really has.

    Attributes:
        plan: The table's plan.
        layout: The file's columns.
        table: Name of the scan's table.
        line: SQL of the physical line of a row, over `row` and, from the exact readers, `line`.
        keep: Whether the cells of every row are kept, for relations to read.
    """

    plan: TablePlan
    layout: Layout
    table: str
    line: str
    keep: bool = False

    def __post_init__(self) -> None:
        self._keys: dict[str, tuple[str, Expression]] = {}
        self.keysets: dict[tuple[str, ...], tuple[KeyPart, ...]] = {}
        self._kept: dict[int | None, str] = {}
        self._nulls: dict[int, tuple[str, ...]] = {}
        schema = self.resource.schema
        self.fields: tuple[Field, ...] = schema.fields if schema else ()
        self._places = {f.name: i for i, f in reversed([*enumerate(self.fields)])}
        self.rows = [check for check in self.plan.rows if self.covers(check)]
        self.values = [check for check in self.plan.values if self.covers(check)]
        self.by_column = [check for check in self.plan.columns if self.covers(check)]
        self.keys = [check for check in self.plan.keys if self.covers(check)]
        self.references = [check for check in self.plan.references if self.covers(check)]

    @property
    def resource(self) -> Resource:
        """The table's resource."""
        return self.plan.judged

    def expressions(self) -> Iterator[Expression]:
        """Every expression that the engine may be asked for."""
        judged: tuple[RowCheck | ColumnCheck, ...] = (*self.rows, *self.by_column)
        yield from (check.fault for check in judged)
        yield from (key for check in self.keys for key in check.keys)
        for check in self.references:
            yield from (*check.keys, *check.target_keys)
        if self.keep:
            yield from (lexical.typed(item, lexical.cell(n)) for n, item in enumerate(self.fields))

    def in_python(self, check: RowCheck) -> None:
        """Test a check's texts in Python, since the engine cannot run its expression."""
        test = check.in_python()
        assert test is not None
        self.rows.remove(check)
        self.values.append(test)

    def covers(self, check: AnyCheck) -> bool:
        """Whether every field of a check has a column."""
        places = (self.place(name) for name in check.fields)
        return all(place is not None and self.layout.fields[place] is not None for place in places)

    def place(self, field_name: str) -> int | None:
        """Position of a field in the schema, None where there is none."""
        return self._places.get(field_name)

    def key(self, key: Expression) -> str:
        """The column that keeps a key of every row; one for all keys that print alike."""
        return self._keys.setdefault(printed(key), (f"k{len(self._keys)}", key))[0]

    def keyset(self, keys: Sequence[Expression], fields: Sequence[str]) -> tuple[str, ...]:
        """The name of a whole key, which is noted as one that is going to be compared.

        Args:
            keys: The key of each field.
            fields: The fields' names.
        """
        made = tuple(printed(key) for key in keys)
        if made not in self.keysets:
            places = [self._places[name] for name in fields]
            self.keysets[made] = tuple(
                KeyPart.of(key, place, self.fields[place])
                for key, place in zip(keys, places, strict=True)
            )
        return made

    def text(self, field_name: str) -> str:
        """The column that keeps the text of a field."""
        place = self.place(field_name)
        bare = self._keys.get(f"f{place}")
        if bare is not None:
            return bare[0]
        return self._kept.setdefault(place, f"v{len(self._kept)}")

    def columns(self) -> list[str]:
        """SQL of what is kept of every row, over the fields' texts, each under its name."""
        keys = (f"{key} AS {column}" for key, (column, _) in self._keys.items())
        return [*keys, *(f"f{place} AS {column}" for place, column in self._kept.items())]

    def texts(self) -> str:
        """The select list that makes each field's text, null where missing, from its column.

        A text whose type ignores white space around it has none; what the file has is `r0 ...`.
        """
        made = []
        for index, (item, column) in enumerate(zip(self.fields, self.layout.fields, strict=True)):
            text = self._text(item, column)
            if column is None or not lexical.collapses(item):
                made.append(f"{text} AS f{index}")
            else:
                made += [f"{text} AS r{index}", f"{collapsed(f'r{index}')} AS f{index}"]
        return ", ".join(made)

    def collapsed(self, texts: Iterable[str]) -> str:
        """The select list of all columns, with some texts as `texts` makes them from raw ones."""
        padded = [text for text in texts if lexical.collapses(self.fields[int(text[1:])])]
        listed = ", ".join(f"{collapsed(text)} AS {text}" for text in padded)
        return f"* REPLACE ({listed})" if listed else "*"

    def _text(self, item: Field, column: int | None) -> str:
        if column is None:
            return "NULL::VARCHAR"
        missing = self._missing(item)
        if not missing:
            return f"c{column}"
        if len(missing) > MANY:
            known = name(set_name(missing))
            return f"CASE WHEN TRY_CAST(c{column} AS {known}) IS NULL THEN c{column} END"
        if len(missing) == 1:
            return f"NULLIF(c{column}, {literal(*missing)})"
        listed = ", ".join(literal(text) for text in missing)
        return f"CASE WHEN c{column} NOT IN ({listed}) THEN c{column} END"

    def _missing(self, item: Field) -> tuple[str, ...]:
        """The texts that mean null; worked out once for a list that fields share."""
        listed, null = item.missing_values, self.resource.dialect.null_sequence
        if id(listed) not in self._nulls:
            more = () if null is None else (null,)
            self._nulls[id(listed)] = tuple(dict.fromkeys((*listed, *more)))
        return self._nulls[id(listed)]

    def sets(self) -> set[tuple[str, ...]]:
        """The lists of texts that the engine is to know as sets, since they are long."""
        missing = {self._missing(item) for item in self.fields}
        return {texts for texts in missing if len(texts) > MANY}

    def text_of(self, place: int, cell: pl.Expr) -> pl.Expr:
        """The text of the field at a position for polars, over its cell."""
        import polars as pl

        missing = self._missing(self.fields[place])
        return pl.when(cell.is_in(missing)).then(None).otherwise(cell) if missing else cell

    def texts_of(self, cell: Callable[[int], pl.Expr]) -> dict[str, pl.Expr]:
        """The text of each field that has a column for polars, by its name `f0 ...`.

        Args:
            cell: Gives the cell of a column.
        """
        return {
            f"f{place}": self.text_of(place, cell(column))
            for place, column in enumerate(self.layout.fields)
            if column is not None
        }

    def collapsed_of(self, text: str) -> pl.Expr:
        """The same for polars, over a raw text by its name."""
        import polars as pl

        made = pl.col(text)
        padded = lexical.collapses(self.fields[int(text[1:])])
        return made.str.strip_chars(WHITE_SPACE) if padded else made

    def tested(self) -> dict[str, str]:
        """The columns of texts that are tested in Python, and the fields' texts in them."""
        fields = {check.fields[0] for check in self.values}
        return {self.text(field): f"f{self.place(field)}" for field in sorted(fields)}

    def simple(self) -> bool:
        """Whether the empty text is null in every field, and no other text is."""
        return all(self._missing(item) == ("",) for item in self.fields)

    def _gather(self) -> None:
        keyed: tuple[KeyCheck | ReferenceCheck, ...] = (*self.keys, *self.references)
        for check in keyed:
            for expression in check.keys:
                self.key(expression)
            for field_name in check.fields:
                self.text(field_name)
        for value in self.values:
            self.text(value.fields[0])

    def again(self, table: str) -> Scan:
        """The same scan with a table of its own, for a second look at some rows."""
        made = replace(self, table=table)
        made._keys, made._kept = dict(self._keys), dict(self._kept)
        made._gather()
        return made

    @property
    def suspects(self) -> str:
        """Name of the rows that may be invalid: `row`, `line` where known, and `c0 ...`."""
        return f"{self.table} suspects"

    def needed(self) -> dict[str, int]:
        """The texts that what is kept is made of: their names, and their columns."""
        self._gather()
        named = {text for _, key in self._keys.values() for text in columns(key)}
        return self._columns(named | {f"f{place}" for place in self._kept})

    def compared(self) -> dict[str, int]:
        """The texts that keys are made of: their names, and their columns."""
        for check in self.keys:
            self.keyset(check.keys, check.fields)
        for link in self.references:
            self.keyset(link.keys, link.fields)
        parts = (part for keyset in self.keysets.values() for part in keyset)
        return self._columns({part.text for part in parts})

    def _columns(self, named: set[str]) -> dict[str, int]:
        made = {f"f{place}": column for place, column in enumerate(self.layout.fields)}
        return {text: at for text, at in made.items() if text in named and at is not None}

    def with_texts(self, rows: str) -> str:
        """Rows with their fields' texts beside their cells."""
        texts = self.texts()
        return f"SELECT *{', ' + texts if texts else ''} FROM {name(rows)}"

    def explain(self, numbers: dict[int, int], part: int, blank: int | None = None) -> str:
        """The statement that looks at the rows at fault again, check by check.

        Args:
            numbers: The template's number of each check to look at, by its place in `rows`.
            part: The table's position in the report.
            blank: Number of the template for a row at fault of which every cell is empty, None
                where such a row is reported as any other.
        """
        hits, values = [], []
        for position in numbers:
            check = self.rows[position]
            predicate = guarded(check, self.guards(check), self._there(check))
            hits.append(f"CASE WHEN {predicate} THEN {numbers[position]} END")
            values.append(f"WHEN {numbers[position]} THEN {self._value(check)}")
        return (
            f"{INSERT} SELECT {part}, chk, row, {self.line}, "
            f"CASE chk {' '.join(values)} END, NULL FROM "
            f"(SELECT *, unnest({self._told(blank)}) AS chk FROM "
            f"(SELECT *, list_filter([{', '.join(hits)}], lambda x: x IS NOT NULL) AS hits "
            f"FROM ({self.with_texts(self.suspects)})))"
        )

    def _told(self, blank: int | None) -> str:
        """What is reported of the checks that a row fails: of an empty row that it is empty."""
        if blank is None or self.layout.width < 2:
            return "hits"
        empty = " AND ".join(f"COALESCE(c{i}, '') = ''" for i in range(self.layout.width))
        return f"CASE WHEN len(hits) > 0 AND {empty} THEN [{blank}] ELSE hits END"

    def guards(self, check: RowCheck | ValueCheck) -> list[str]:
        """The predicates of the row checks that silence a check on the same field."""
        return [
            sql(other.fault)
            for other in self.rows
            if other.rule in check.after and other.fields == check.fields
        ]

    def _there(self, check: RowCheck) -> str:
        places = tuple(p for p in map(self.place, check.fields) if p is not None)
        return present(places, self.layout)

    def _value(self, check: RowCheck) -> str:
        places = [self.layout.fields[self._places[name]] for name in check.fields]
        return "[" + ", ".join(f"c{place}" for place in places) + "]"

    def typed(self) -> str:
        """A query that gives the rows kept as typed columns under the fields' names, and `_row`."""
        columns = []
        for index, item in enumerate(self.fields):
            made = sql(lexical.typed(item, lexical.cell(index)))
            if item.type in ("integer", "year"):
                made = f"TRY_CAST({made} AS BIGINT)"
            columns.append(f"{made} AS {name(item.name)}")
        return f"SELECT row AS _row, {', '.join(columns)} FROM ({self.with_texts(self.table)})"
