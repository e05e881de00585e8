"""Expressions as SQL of DuckDB, and the few spellings that sqlglot does not know."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.generator import Generator

from claimpack.checks import lexical
from claimpack.checks.model import Expression, RowCheck
from claimpack.readers.column_layout import Layout

DIALECT = "duckdb"


@cache
def _generator() -> Generator:
    return Dialect.get_or_raise(DIALECT).generator()


def sql(expression: Expression) -> str:
    """An expression in the engine's dialect."""
    return _generator().generate(expression, copy=False)


def printed(key: Expression) -> str:
    """A key's expression in the engine's dialect; printed once, however often it is asked for.

    Only of trees that are never changed.
    """
    held = _PRINTED.get(id(key))
    if held is None or held[0] is not key:
        if len(_PRINTED) >= lexical.MOST_KEYS:
            _PRINTED.clear()
        held = _PRINTED[id(key)] = (key, sql(key))
    return held[1]


_PRINTED: dict[int, tuple[Expression, str]] = {}


def columns(expression: Expression) -> set[str]:
    """The names of the columns that an expression reads."""
    return {column.name for column in expression.find_all(exp.Column)}


def collapsed(text: str) -> str:
    """SQL of a text without the white space around it; a text that has none costs little."""
    odd = f"{text} < '!' OR {text}[-1] < '!'"
    return f"CASE WHEN {odd} THEN trim({text}, E' \\t\\n\\r') ELSE {text} END"


@lru_cache(maxsize=8)
def set_name(texts: tuple[str, ...]) -> str:
    """The name of the type whose values are these texts."""
    listed = json.dumps(texts).encode()
    return f"texts {hashlib.sha256(listed).hexdigest()}"


def present(fields: tuple[int, ...], layout: Layout) -> str:
    """True where the cells of all these fields are there, empty or not."""
    columns = [layout.fields[index] for index in fields]
    return " AND ".join(f"c{column} IS NOT NULL" for column in columns) or "TRUE"


def guarded(check: RowCheck, guards: list[str], there: str) -> str:
    """The predicate of a check, silenced by its guards and where a cell is not there."""
    parts = [f"({sql(check.fault)})", *(f"NOT COALESCE({guard}, FALSE)" for guard in guards)]
    return " AND ".join([*parts, there])
