"""Functions that SQL lacks, provided to the engine in Python where a statement names them.

They run on single values and are slow; the expressions that name them guard them
so that everyday values never come here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from claimpack.rules import lexical, texts

if TYPE_CHECKING:
    import duckdb


def canonical_json(text: str | None) -> str | None:
    """JSON with sorted names and no white space; null where the text is none."""
    if text is None:
        return None
    try:
        value = texts.parse_json(text)
    except ValueError:
        return None
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def exact_order(text: str | None, bound: str) -> int | None:
    """-1, 0 or 1 as a decimal is below, equal to or above another; null where one is none."""
    if text is None:
        return None
    try:
        left, right = Decimal(text), Decimal(bound)
        return (left > right) - (left < right)
    except InvalidOperation:
        return None


def any_moment(text: str | None) -> str | None:
    """A date or time in any form, as the engine can cast it, in UTC; null where it is none."""
    if text is None:
        return None
    try:
        return texts.moment(text).isoformat(" ")
    except ValueError:
        return None


FUNCTIONS: dict[str, tuple[Callable[..., Any], int, str]] = {
    lexical.CANONICAL_JSON: (canonical_json, 1, "VARCHAR"),
    lexical.EXACT_ORDER: (exact_order, 2, "INTEGER"),
    lexical.ANY_MOMENT: (any_moment, 1, "VARCHAR"),
}


def provide(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make one of the functions known to a connection."""
    function, count, result = FUNCTIONS[name]
    connection.create_function(  # type: ignore[call-overload]
        name, function, ["VARCHAR"] * count, result, null_handling="special"
    )
