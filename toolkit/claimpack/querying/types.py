"""The types that the rows of a query are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimpack.quoting import name

if TYPE_CHECKING:
    import duckdb

NUMBERS = (
    "tinyint smallint integer bigint utinyint usmallint uinteger ubigint hugeint float double "
    "decimal"
)
TIMES = "date time time_ns timestamp timestamp_s timestamp_ms timestamp_ns timestamptz_ns"
OTHERS = ("boolean", "uuid", "varchar", "blob", "enum", "null", "timestamp with time zone")
KEPT = frozenset((*NUMBERS.split(" "), *TIMES.split(" "), *OTHERS))
"""Types that Arrow and Parquet have; values of all others are written as texts."""


def listed(rows: duckdb.DuckDBPyRelation) -> str:
    """SQL of the columns of a query, each cast to a type that every format can hold."""
    return ", ".join(
        f"CAST(#{number} AS {written(kind)}) AS {name(column)}"
        for number, (column, kind) in enumerate(zip(rows.columns, rows.types, strict=True), 1)
    )


def written(kind: Any) -> str:
    """The type in which values of a type are written."""
    if kind.id in KEPT:
        return str(kind)
    if kind.id in ("list", "array"):
        return f"{written(kind.children[0][1])}[]"
    if kind.id == "struct" and kind.children:
        return f"STRUCT({', '.join(f'{name(n)} {written(part)}' for n, part in kind.children)})"
    if kind.id == "map":
        key, value = (part for _, part in kind.children)
        return f"MAP({written(key)}, {written(value)})"
    return "VARCHAR"


__all__ = ["listed", "written"]
