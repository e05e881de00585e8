"""A table's values as typed columns of polars, where polars' casts are exact.

A cast is trusted to be right or to give nothing, on a text that is known to be well-formed:
`+7` or a year with a zone may give nothing, but never another value. Where a text gives
nothing the whole table is left to `tables.batches`, which is exact. The types are those of
`tables.arrow_type`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from claimpack.checks import lexical
from claimpack.descriptor.model import Field
from claimpack.descriptor.values import WHITE_SPACE

if TYPE_CHECKING:
    import polars as pl

LOST = "lost"
"""Name of the column that is true where a cast of a text gives nothing."""


def typed_columns(fields: dict[str, Field]) -> dict[str, pl.Expr] | None:
    """The value of each field, under `t0 ...`, and `LOST`; None where a cast may not be exact.

    Args:
        fields: The fields by the names of their texts in the frame, in the order of the schema.
    """
    import polars as pl

    made: dict[str, pl.Expr] = {}
    lost = pl.lit(False)
    for number, (text, field) in enumerate(fields.items()):
        cast = _cast(field)
        if cast is None:
            return None
        value = made[f"t{number}"] = cast(pl.col(text))
        if cast is not _as_it_is:
            lost |= value.is_null() & pl.col(text).is_not_null()
    return {**made, LOST: lost}


def _cast(field: Field) -> Callable[[pl.Expr], pl.Expr] | None:
    import polars as pl

    options = field.options
    if field.categories is not None and field.type == "string":
        return None
    if field.type == "boolean":
        return lambda text: text.is_in(list(options["trueValues"]))
    if field.type in ("integer", "number"):
        plain = options.get("bareNumber", True) and not options.get("groupChar")
        if not plain or options.get("decimalChar", ".") != ".":
            return None
        to = pl.Int64 if field.type == "integer" else pl.Float64
        return lambda text: text.cast(to, strict=False)
    if field.type in _MOMENTS:
        return _MOMENTS[field.type] if field.format == "default" else None
    return _stripped if lexical.collapses(field) else _as_it_is


def _as_it_is(text: pl.Expr) -> pl.Expr:
    return text


def _stripped(text: pl.Expr) -> pl.Expr:
    """Without white space around it, of a type whose values stay texts."""
    return text.str.strip_chars(WHITE_SPACE)


def _year(text: pl.Expr) -> pl.Expr:
    import polars as pl

    return text.cast(pl.Int64, strict=False)


def _date(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d", strict=False)


def _time(text: pl.Expr) -> pl.Expr:
    return text.str.to_time("%H:%M:%S", strict=False)


def _datetime(text: pl.Expr) -> pl.Expr:
    """In UTC; a datetime with an offset or a fraction of a second gives nothing."""
    bare = text.str.strip_suffix("Z")
    return bare.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)


_MOMENTS = {"year": _year, "date": _date, "time": _time, "datetime": _datetime}

__all__ = ["LOST", "typed_columns"]
