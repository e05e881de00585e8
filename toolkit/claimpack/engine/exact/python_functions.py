"""Functions that SQL lacks, provided to the engine in Python where an expression names them.

They run on single values and are slow; the expressions that name them guard them
so that everyday values never come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from claimpack.checks import lexical, logical
from claimpack.checks.model import Expression
from claimpack.descriptor import timeline

if TYPE_CHECKING:
    import duckdb


def canonical_value(text: str | None, told: str) -> str | None:
    """The value of a text of the field that is told; null where it has none."""
    if text is None:
        return None
    try:
        return logical.of(told)(text)
    except ValueError:
        return None


def exact_order(text: str | None, bound: str) -> int | None:
    """-1, 0 or 1 as a decimal is below, equal to or above another; null where one is none."""
    if text is None:
        return None
    try:
        left, right = Decimal(text), Decimal(bound)
        return (left > right) - (left < right)
    except InvalidOperation:
        return None


def moment_order(text: str | None, bound: str) -> int | None:
    """-1, 0 or 1 as a moment is before, at or after another; null where nobody can say."""
    if text is None:
        return None
    try:
        return timeline.order(timeline.parse(text), timeline.parse(bound))
    except ValueError:
        return None


FUNCTIONS: dict[str, tuple[Callable[..., Any], int, str]] = {
    lexical.CANONICAL_VALUE: (canonical_value, 2, "VARCHAR"),
    lexical.EXACT_ORDER: (exact_order, 2, "INTEGER"),
    lexical.MOMENT_ORDER: (moment_order, 2, "INTEGER"),
}


def named(expressions: Iterable[Expression]) -> set[str]:
    """The functions that expressions call."""
    nodes = (node for each in expressions for node in each.find_all(exp.Anonymous))
    return {node.this for node in nodes} & FUNCTIONS.keys()


def provide(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make one of the functions known to a connection."""
    function, count, result = FUNCTIONS[name]
    connection.create_function(  # type: ignore[call-overload]
        name, function, ["VARCHAR"] * count, result, null_handling="special"
    )
