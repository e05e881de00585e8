"""The scan of one table: the SQL that answers, in one pass, whether any row is at fault.

The scan's table has one row a data row, in the file's order: `fault`, the raw
`cells` of a row at fault, and what later steps compare: keys `k0 ...` and texts
`v0 ...`. Its rowid is the data row less one. A sweep (see `sweep`) puts the cells
apart: a table of its suspects alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from claimpack.descriptor.model import Field, Resource
from claimpack.engine.layout import Layout
from claimpack.engine.printer import guarded, literal, name, present, sql, suspicion
from claimpack.plan import TablePlan
from claimpack.rules import lexical
from claimpack.rules.check import AnyCheck, KeyCheck, ReferenceCheck, RowCheck, ValueCheck


@dataclass
class Scan:
    """A table's plan laid over the columns that its file really has.

    Attributes:
        plan: The table's plan.
        layout: The file's columns.
        table: Name of the scan's table.
        line: SQL of the physical line of a row, over `row` and, on the careful road, `line`.
        keep: Whether the cells of every row are kept, for relations to read.
        bare: Whether the source gives null for an empty cell already.
        hashed: Whether keys are kept as 64-bit hashes: equal keys have equal hashes, so that
            hashes that differ prove keys unique, and a hash without a target proves a
            fault, whose absence is all but proved (wrong below once in a million among
            ten million rows).
        apart: Whether the cells of rows at fault are in a table of their own, `suspects`.
    """

    plan: TablePlan
    layout: Layout
    table: str
    line: str
    keep: bool = False
    bare: bool = False
    hashed: bool = False
    apart: bool = False

    def __post_init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        schema = self.resource.schema
        self.fields: tuple[Field, ...] = schema.fields if schema else ()
        self._places = {f.name: i for i, f in reversed([*enumerate(self.fields)])}
        self.rows = [check for check in self.plan.rows if self.covers(check)]
        self.values = [check for check in self.plan.values if self.covers(check)]
        self.keys = [check for check in self.plan.keys if self.covers(check)]
        self.references = [check for check in self.plan.references if self.covers(check)]

    @property
    def resource(self) -> Resource:
        """The table's resource."""
        return self.plan.judged

    def covers(self, check: AnyCheck) -> bool:
        """Whether every field of a check has a column."""
        places = (self.place(name) for name in check.fields)
        return all(place is not None and self.layout.fields[place] is not None for place in places)

    def place(self, field_name: str) -> int | None:
        """Position of a field in the schema, None where there is none."""
        return self._places.get(field_name)

    def key(self, expression_sql: str) -> str:
        """The column that keeps a key of every row."""
        return self._keys.setdefault(expression_sql, f"k{len(self._keys)}")

    def text(self, field_name: str) -> str:
        """The column that keeps the text of a field."""
        wanted = f"f{self.place(field_name)}"
        if wanted in self._keys and not self.hashed:
            return self._keys[wanted]
        return self._kept.setdefault(wanted, f"v{len(self._kept)}")

    def columns(self) -> list[str]:
        """SQL of what is kept of every row, over the fields' texts, each under its name."""
        form = "hash({})" if self.hashed else "{}"
        keys = ((form.format(key), column) for key, column in self._keys.items())
        return [f"{kept} AS {column}" for kept, column in (*keys, *self._kept.items())]

    def there(self, column: str) -> str:
        """True where a key is not null; a null has a hash, since a CASE around it costs much."""
        return f"{column} <> hash(NULL::VARCHAR)" if self.hashed else f"{column} IS NOT NULL"

    def texts(self) -> str:
        """The select list that makes each field's text, null where missing, from its column."""
        made = []
        for index, (item, column) in enumerate(zip(self.fields, self.layout.fields, strict=True)):
            made.append(f"{self._text(item, column)} AS f{index}")
        return ", ".join(made)

    def _text(self, item: Field, column: int | None) -> str:
        if column is None:
            return "NULL::VARCHAR"
        missing = self._missing(item)
        if not missing or self.bare:
            return f"c{column}"
        if len(missing) == 1:
            return f"NULLIF(c{column}, {literal(*missing)})"
        listed = ", ".join(literal(text) for text in missing)
        return f"CASE WHEN c{column} NOT IN ({listed}) THEN c{column} END"

    def _missing(self, item: Field) -> tuple[str, ...]:
        null = self.resource.dialect.null_sequence
        return tuple(dict.fromkeys((*item.missing_values, *(() if null is None else (null,)))))

    def simple(self) -> bool:
        """Whether the empty text is null in every field, and no other text is."""
        return all(self._missing(item) == ("",) for item in self.fields)

    def _cells(self) -> str:
        """The raw cells of a row; the reader of plain files may have made nulls of empty ones."""
        columns = (f"c{i}" for i in range(max(self.layout.width, 1)))
        cells = (f"COALESCE({column}, '')" if self.bare else column for column in columns)
        return f"[{', '.join(cells)}]"

    def create(self, source: str, careful: bool) -> str:
        """The statement that scans a source of columns `c0 ...` into the table."""
        self._gather()
        faults = [f"({suspicion(check.fault)})" for check in self.rows]
        fault = f"COALESCE({' OR '.join(faults)}, FALSE)" if faults else "FALSE"
        fault, casts = _cast_once(fault)
        cells = self._cells()
        kept = cells if self.keep else f"CASE WHEN fault THEN {cells} END"
        more = "".join(f", {column}" for column in self.columns())
        line = ", line" if careful else ""
        texts = self.texts()
        return (
            f"CREATE TEMP TABLE {name(self.table)} AS SELECT fault, {kept} AS cells{line}{more} "
            f"FROM (SELECT *, {fault} AS fault FROM {casts[0]}"
            f"(SELECT *{', ' + texts if texts else ''} FROM {source}){casts[1]})"
        )

    def _gather(self) -> None:
        keyed: tuple[KeyCheck | ReferenceCheck, ...] = (*self.keys, *self.references)
        for check in keyed:
            for expression in check.keys:
                self.key(sql(expression))
            for field_name in () if self.hashed else check.fields:
                self.text(field_name)
        for value in self.values:
            self.text(value.fields[0])

    def again(self, table: str) -> Scan:
        """The same scan with its keys as texts, for a second look."""
        made = replace(self, table=table, hashed=False)
        made._gather()
        return made

    def keys_only(self, source: str) -> str:
        """The statement that reads the compared columns alone."""
        return (
            f"CREATE TEMP TABLE {name(self.table)} AS SELECT {', '.join(self.columns())} "
            f"FROM (SELECT {self.texts()} FROM {source})"
        )

    @property
    def suspects(self) -> str:
        """Name of the table of rows at fault, where they are apart: `row`, and `c0 ...`."""
        return f"{self.table} suspects"

    def needed(self) -> dict[str, int]:
        """The texts that what is kept is made of: their names, and their columns."""
        self._gather()
        named = re.findall(r"\bf(\d+)\b", " ".join(self.columns()))
        places = sorted({int(number) for number in named} & set(range(len(self.fields))))
        columns = {f"f{place}": self.layout.fields[place] for place in places}
        return {text: column for text, column in columns.items() if column is not None}

    def unpacked(self) -> str:
        """The rows kept, with their cells as columns and texts again."""
        cells = ", ".join(f"cells[{i + 1}] AS c{i}" for i in range(max(self.layout.width, 1)))
        whole = (
            f"SELECT *, TRUE AS fault FROM {name(self.suspects)}"
            if self.apart
            else f"SELECT rowid + 1 AS row, *, {cells} FROM {name(self.table)} "
            "WHERE cells IS NOT NULL"
        )
        bare, self.bare = self.bare, False
        texts, self.bare = self.texts(), bare
        return f"SELECT *{', ' + texts if texts else ''} FROM ({whole})"

    def explain(self, numbers: dict[int, int], part: int, blank: int | None = None) -> str:
        """The statement that looks at the rows at fault again, check by check.

        Args:
            numbers: The template's number of each check in `rows`.
            part: The table's position in the report.
            blank: Number of the template for a row at fault of which every cell is empty, None
                where such a row is reported as any other.
        """
        hits, values = [], []
        for position, check in enumerate(self.rows):
            predicate = guarded(check, self.guards(check), self._there(check))
            hits.append(f"CASE WHEN {predicate} THEN {numbers[position]} END")
            values.append(f"WHEN {numbers[position]} THEN {self._value(check)}")
        return (
            f"INSERT INTO findings SELECT {part}, chk, row, {self.line}, "
            f"CASE chk {' '.join(values)} END, NULL FROM "
            f"(SELECT *, unnest({self._told(blank)}) AS chk FROM "
            f"(SELECT *, list_filter([{', '.join(hits)}], lambda x: x IS NOT NULL) AS hits "
            f"FROM ({self.unpacked()}) WHERE fault))"
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
        return f"SELECT row AS _row, {', '.join(columns)} FROM ({self.unpacked()})"


def _cast_once(fault: str) -> tuple[str, tuple[str, str]]:
    """A predicate that names each repeated cast, and the query around its source for them."""
    found = Counter(re.findall(r"TRY_CAST\(f\d+ AS \w+\)", fault))
    made = {text: f"t{number}" for number, text in enumerate(found) if found[text] > 1}
    for text, column in made.items():
        fault = fault.replace(text, column)
    if not made:
        return fault, ("", "")
    listed = ", ".join(f"{text} AS {column}" for text, column in made.items())
    return fault, (f"(SELECT *, {listed} FROM ", ")")


NO_TEXT = "\ue000no such text\ue001"


def csv_source(
    resource: Resource, layout: Layout, null: str = NO_TEXT, *, parallel: bool = True
) -> str:
    """The engine's own reader of a plain file, every cell as text, one text as null.

    Newlines inside quotes it reads rightly only where it is not parallel.
    """
    dialect = resource.dialect
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(layout.width))
    quote = literal(dialect.quote_char or "")
    options = {
        "auto_detect": "false",
        "columns": f"{{{columns}}}",
        "delim": literal(dialect.delimiter),
        "quote": quote,
        "escape": quote,
        "header": "true" if dialect.header else "false",
        "nullstr": literal(null),
        "strict_mode": "true",
        "null_padding": "false",
        "parallel": "true" if parallel else "false",
    }
    listed = ", ".join(f"{key} = {value}" for key, value in options.items())
    return f"read_csv({literal(str(resource.files[0]))}, {listed})"
