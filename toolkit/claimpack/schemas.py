"""pandera schemas: a table's Table Schema and row rules in the form that downstream code uses.

What pandera has a check of its own for becomes that check: types, nulls, `enum`
and categories, bounds, lengths, the primary key. Patterns, texts of the types that
Arrow keeps as text, unique keys that may hold nulls and the row rules of a profile
are the engine's own expressions: the frame's Arrow form is handed to the engine,
each cell as the text that a file would hold.

Foreign keys and rules between tables are no part of a schema: pandera sees one
table. Nothing here imports pandera or a frame library before `build` is called.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from claimpack.checks import constraints, lexical
from claimpack.checks.model import KeyCheck, RowCheck, Test, ValueCheck, filled
from claimpack.descriptor.model import Field, Package, Resource, Schema
from claimpack.engine import typed_tables
from claimpack.engine.exact import python_functions
from claimpack.engine.exact.expression_sql import sql
from claimpack.errors import UsageError
from claimpack.plan import TablePlan
from claimpack.quoting import literal

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Backend = Literal["pyarrow", "polars", "pandas"]
Judged = RowCheck | ValueCheck | KeyCheck

NEEDS = {
    "pyarrow": "pandera[pyarrow], a part of claimpack",
    "polars": "polars, a part of claimpack",
    "pandas": "pandas, the extra claimpack[pandas]",
}
BOUNDS = {
    "minimum": "ge",
    "maximum": "le",
    "exclusive_minimum": "gt",
    "exclusive_maximum": "lt",
}
NATIVE = frozenset({"string", "integer", "number", "boolean", "date", "time", "datetime", "year"})
"""Types whose values pandera can compare."""


def build(package: Package, resource: Resource, plan: TablePlan, backend: Backend) -> Any:
    """A pandera schema of a table, for frames as `to_arrow`, `to_polars` or `to_pandas` give them.

    Each backend is pandera's own: `pandera.pyarrow` (which works through narwhals),
    `pandera.polars`, `pandera.pandas` over Arrow-backed types. Foreign keys are not
    checked. pandas and polars take NaN for a missing value, the engine does not.

    Args:
        package: The package.
        resource: The table's resource.
        plan: The table's checks.
        backend: The frame that the schema is for.

    Raises:
        UsageError: An unknown backend, a library that is not installed, or a
            table without a schema.
    """
    if backend not in NEEDS:
        raise UsageError(f"no backend is called {backend!r}; known are {', '.join(NEEDS)}")
    schema = resource.schema
    if schema is None:
        raise UsageError(f"the table {resource.name} has no schema to build one from")
    pandera = _library(backend)
    kinds = _kinds(resource, backend)
    columns: dict[str, Any] = {}
    judged: list[Judged] = []
    for index, item in enumerate(schema.fields):
        native, rest = _native(pandera, item)
        columns[item.name] = pandera.Column(
            kinds[item.name],
            checks=native,
            nullable=not (item.constraints.required or item.name in schema.primary_key),
            title=item.raw.get("title"),
            description=item.raw.get("description"),
        )
        parts = _parts(item, rest, index)
        judged += (constraints.build(item, resource.name, part) for part in parts)
    judged += _others(plan, schema)
    return pandera.DataFrameSchema(
        columns,
        checks=[_check(pandera, backend, _Judge(schema.fields, check)) for check in judged],
        strict=schema.fields_match in ("exact", "equal", "superset"),
        ordered=schema.fields_match == "exact",
        unique=list(schema.primary_key) or None,
        name=resource.name,
        title=resource.title or None,
        description=resource.description or package.description or None,
    )


def _library(backend: str) -> Any:
    try:
        importlib.import_module(backend)
        return importlib.import_module(f"pandera.{backend}")
    except ImportError as error:
        raise UsageError(f"a schema for {backend} needs {NEEDS[backend]} ({error})") from error


def _kinds(resource: Resource, backend: Backend) -> dict[str, Any]:
    """The type of each column in a backend's words."""
    import pyarrow as pa

    schema = typed_tables.arrow_schema(resource)
    if backend == "polars":
        import polars as pl

        frame = pl.from_arrow(schema.empty_table())
        assert isinstance(frame, pl.DataFrame)
        return dict(frame.schema)
    if backend == "pandas":
        import pandas as pd

        return {item.name: pd.ArrowDtype(item.type) for item in schema}
    # narwhals' times have no type in pandera; their column is left open
    return {item.name: None if pa.types.is_time(item.type) else item.type for item in schema}


# --- what pandera checks itself -------------------------------------------------------------


def _native(pandera: Any, item: Field) -> tuple[list[Any], Field]:
    """Checks of pandera's own for a field, and the field with the constraints that are left."""
    if item.type not in NATIVE:
        return [], item
    left = item.constraints
    made = []
    if left.enum is not None or item.categories is not None:
        made.append(pandera.Check.isin(_listed(item)))
        left = replace(left, enum=None)
    if item.type == "string":
        if left.min_length is not None:
            made.append(pandera.Check.str_length(min_value=left.min_length))
        if left.max_length is not None:
            made.append(pandera.Check.str_length(max_value=left.max_length))
        left = replace(left, min_length=None, max_length=None)
    else:
        bounds = {key: getattr(left, key) for key in BOUNDS if getattr(left, key) is not None}
        values = zip(bounds, _values(item, list(bounds.values())), strict=True)
        made += (getattr(pandera.Check, BOUNDS[key])(v) for key, v in values if v is not None)
        empty: dict[str, Any] = dict.fromkeys(BOUNDS)
        left = replace(left, **empty)
    return made, replace(item, constraints=left, categories=None)


def _listed(item: Field) -> list[Any]:
    lists = [values for values in (item.constraints.enum, item.categories) if values is not None]
    values = constraints.common(item, lists)
    return [value for value in _values(item, values) if value is not None]


def _values(item: Field, raw: list[Any]) -> list[Any]:
    """Values of a descriptor as the engine reads them."""
    if not raw:
        return []
    listed = ", ".join(sql(lexical.constant(item, value)) for value in raw)
    with _engine() as engine:
        return list(engine.execute(f"SELECT {listed}").fetchall()[0])


# --- what the engine judges -----------------------------------------------------------------


def _parts(item: Field, rest: Field, index: int) -> Iterator[constraints.Part]:
    """The constraints that are left to the engine, and NaN, which fits no bound."""
    yield from constraints.parts(rest, index)
    if item.type == "number" and any(getattr(item.constraints, key) is not None for key in BOUNDS):
        nan = exp.func("ISNAN", lexical.typed(item, lexical.cell(index)))
        yield constraints.Part("{value} is NaN, which fits no bound", "Write a number", nan)


def _others(plan: TablePlan, schema: Schema) -> Iterator[Judged]:
    """The plan's checks beyond constraints: texts, unique keys and rules of the row."""
    checks: tuple[RowCheck | ValueCheck, ...] = (*plan.rows, *plan.values)
    for check in checks:
        if check.rule in ("constraint-error", "primary-key"):
            continue
        if check.rule != "type-error" or _is_text(schema.field(check.fields[0])):
            yield check
    yield from (check for check in plan.keys if check.rule != "primary-key")


def _is_text(item: Field) -> bool:
    """Whether Arrow keeps a field's values as text."""
    import pyarrow as pa

    return bool(pa.types.is_string(typed_tables.arrow_type(item)))


@dataclass(frozen=True, slots=True)
class _Judge:
    """A check of the engine over a frame's Arrow form."""

    fields: tuple[Field, ...]
    check: Judged

    @property
    def message(self) -> str:
        """What the check says of a row, without the row's values."""
        template = self.check.message.replace("{row}", "another row")
        return filled(
            template,
            {**dict(self.check.params), "value": ", ".join(self.check.fields), "departure": ""},
        )

    def passed(self, table: pa.Table) -> pa.ChunkedArray | pa.Array:
        """For each row whether it passes; every row where a field is missing from the frame."""
        import pyarrow as pa

        places = self._places()
        if any(self.fields[place].name not in table.column_names for place in places):
            return pa.repeat(True, table.num_rows)
        names = [self.fields[place].name for place in places]
        origin = table.select(names).rename_columns([f"c{place}" for place in places])
        origin = origin.append_column("row", pa.array(range(table.num_rows), pa.int64()))
        texts = ", ".join(f"{_text(self.fields[p], f'c{p}')} AS f{p}" for p in places)
        with _engine() as engine:
            engine.register("origin", origin)
            engine.execute(f"CREATE TEMP VIEW frame AS SELECT row, {texts} FROM origin")
            query = f"SELECT {self._passed(engine)} AS passed FROM frame ORDER BY row"
            return engine.sql(query).to_arrow_table().column("passed")

    def _places(self) -> list[int]:
        if isinstance(self.check, ValueCheck):
            return [self._place()]
        roots = (self.check.screened,) if isinstance(self.check, RowCheck) else self.check.keys
        names = {column.name for root in roots for column in root.find_all(exp.Column)}
        return sorted(int(text.removeprefix("f")) for text in names)

    def _place(self) -> int:
        return [item.name for item in self.fields].index(self.check.fields[0])

    def _passed(self, engine: duckdb.DuckDBPyConnection) -> str:
        if isinstance(self.check, RowCheck):
            return f"NOT COALESCE({sql(self.check.screened)}, FALSE)"
        if isinstance(self.check, KeyCheck):
            keys = [sql(key) for key in self.check.keys]
            empty = " OR ".join(f"({key}) IS NULL" for key in keys)
            return f"{empty} OR count(*) OVER (PARTITION BY {', '.join(keys)}) = 1"
        return _outside(engine, f"f{self._place()}", self.check.test)


def _outside(engine: duckdb.DuckDBPyConnection, column: str, test: Test) -> str:
    """Whether a text is none of those that fail a test in Python, run once a distinct text."""
    query = f"SELECT DISTINCT {column} FROM frame WHERE {column} IS NOT NULL"
    wrong = [text for (text,) in engine.execute(query).fetchall() if test(text)]
    listed = ", ".join(literal(text) for text in wrong)
    return f"COALESCE({column} NOT IN ({listed}), TRUE)" if wrong else "TRUE"


def _text(item: Field, column: str) -> str:
    """A typed value as the text that stands for it in a file: what `lexical.typed` reads."""
    plain = f"CAST({column} AS VARCHAR)"
    form = None if item.format in ("default", "any") else item.format.removeprefix("fmt:")
    if item.type == "boolean":
        true, false = (
            literal([*item.options.get(key, ()), other][0])
            for key, other in (("trueValues", "true"), ("falseValues", "false"))
        )
        return f"CASE WHEN {column} THEN {true} WHEN NOT {column} THEN {false} END"
    if item.type == "number":
        return f"REPLACE({plain}, '.', {literal(item.options.get('decimalChar') or '.')})"
    if item.type == "datetime":
        return f"strftime({column}, {literal(form or '%Y-%m-%dT%H:%M:%S.%f')})"
    if item.type == "date" and form:
        return f"strftime({column}, {literal(form)})"
    if item.type == "time" and form:
        return f"strftime(DATE '1970-01-01' + {column}, {literal(form)})"
    return plain


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One engine for all checks: to start one costs more than most checks do."""
    import duckdb

    off = ("autoinstall_known_extensions", "autoload_known_extensions")
    database = duckdb.connect(config=dict.fromkeys(off, "false"))
    for function in python_functions.FUNCTIONS:
        python_functions.provide(database, function)
    return database


def _engine() -> duckdb.DuckDBPyConnection:
    """A connection of its own, with temporary tables and views of its own."""
    engine = _database().cursor()
    engine.execute("SET TimeZone = 'UTC'")
    return engine


# --- the engine's checks in each backend ----------------------------------------------------


def _check(pandera: Any, backend: Backend, judge: _Judge) -> Any:
    rule = judge.check.rule
    return pandera.Check(
        _FUNCTIONS[backend](judge), name=rule, error=f"{rule}: {judge.message}", ignore_na=False
    )


def _on_pyarrow(judge: _Judge) -> Callable[[Any], Any]:
    def function(data: Any) -> Any:
        import narwhals.stable.v1 as narwhals
        from pandera.constants import CHECK_OUTPUT_KEY

        table = data.table.append_column(CHECK_OUTPUT_KEY, judge.passed(data.table))
        return narwhals.from_native(table, eager_only=True)

    return function


def _on_polars(judge: _Judge) -> Callable[[Any], Any]:
    def function(data: Any) -> Any:
        import polars as pl

        passed = judge.passed(data.lazyframe.collect().to_arrow())
        return pl.LazyFrame({"passed": pl.from_arrow(passed)})

    return function


def _on_pandas(judge: _Judge) -> Callable[[Any], Any]:
    def function(frame: Any) -> Any:
        import pandas as pd
        import pyarrow as pa

        passed = judge.passed(pa.Table.from_pandas(frame, preserve_index=False))
        return pd.Series(passed.to_numpy(zero_copy_only=False), index=frame.index)

    return function


_FUNCTIONS: dict[str, Callable[[_Judge], Callable[[Any], Any]]] = {
    "pyarrow": _on_pyarrow,
    "polars": _on_polars,
    "pandas": _on_pandas,
}
