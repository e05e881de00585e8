"""Expressions as SQL of the engine, and the few spellings that the library does not know."""

from __future__ import annotations

from functools import cache

from sqlglot.dialects.dialect import Dialect
from sqlglot.generator import Generator

from claimpack.engine.layout import Layout
from claimpack.rules.check import Expression, RowCheck

DIALECT = "duckdb"


@cache
def _generator() -> Generator:
    return Dialect.get_or_raise(DIALECT).generator()


def sql(expression: Expression) -> str:
    """An expression in the engine's dialect."""
    return _generator().generate(expression)


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A text as an SQL name."""
    return '"' + text.replace('"', '""') + '"'


def present(fields: tuple[int, ...], layout: Layout) -> str:
    """True where the cells of all these fields are there, empty or not."""
    columns = [layout.fields[index] for index in fields]
    return " AND ".join(f"c{column} IS NOT NULL" for column in columns) or "TRUE"


def guarded(check: RowCheck, guards: list[str], there: str) -> str:
    """The predicate of a check, silenced by its guards and where a cell is not there."""
    parts = [f"({sql(check.fault)})", *(f"NOT COALESCE({guard}, FALSE)" for guard in guards)]
    return " AND ".join([*parts, there])
