"""Expressions as SQL of DuckDB, and the few spellings that sqlglot does not know."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
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


def suspicion(fault: Expression) -> Expression:
    """A predicate that is true wherever the fault is, without the functions that are slow.

    A comparison with one of them counts as whatever makes the whole true; the rows that
    this lets in are judged by the fault itself when they are explained.
    """
    if not any(node.this == lexical.EXACT_ORDER for node in fault.find_all(exp.Anonymous)):
        return fault
    made = fault.copy()
    for node in list(made.find_all(exp.Anonymous)):
        if node.this != lexical.EXACT_ORDER or node.parent is None:
            continue
        above, turns = node.parent.parent, 0
        while above is not None:
            turns += isinstance(above, exp.Not)
            above = above.parent
        node.parent.replace(exp.false() if turns % 2 else exp.true())
    return made


def cast_once(faults: list[Expression]) -> tuple[list[Expression], dict[str, Expression]]:
    """Predicates in which each repeated cast of a field's text has a name, and those casts.

    The trees are changed, never their print: a text in them may look like a cast.
    """
    found = Counter(sql(node) for fault in faults for node in _field_casts(fault))
    names = {text: f"t{number}" for number, text in enumerate(found) if found[text] > 1}
    casts: dict[str, Expression] = {}

    def named(node: Expression) -> Expression:
        text = sql(node) if _is_field_cast(node) else ""
        if text not in names:
            return node
        casts.setdefault(names[text], node)
        return exp.column(names[text])

    return [fault.transform(named) if names else fault for fault in faults], casts


def _field_casts(fault: Expression) -> Iterator[Expression]:
    return (node for node in fault.find_all(exp.TryCast) if _is_field_cast(node))


def _is_field_cast(node: Expression) -> bool:
    return isinstance(node, exp.TryCast) and isinstance(node.this, exp.Column)


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
