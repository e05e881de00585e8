"""Typed columns as what a format without dates has, and back: texts, whole numbers, doubles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def spelled(column: pa.Array) -> pa.Array:
    """A column whose dates and times are texts of ISO 8601; all others stay as they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types = pa.types
    if types.is_dictionary(column.type):
        return column.dictionary_decode()
    if types.is_date(column.type):
        return column.cast(pa.string())
    if types.is_time(column.type) or types.is_timestamp(column.type):
        shorn = pc.replace_substring_regex(column.cast(pa.string()), r"(\.[0-9]*?)0+$", r"\1")
        return pc.replace_substring_regex(shorn, r"\.$", "")
    return column


def typed(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """A column of an Arrow type from values as `spelled` gives them; booleans may be 0 and 1.

    Raises:
        pyarrow.ArrowException, ValueError: A value is none of the type.
    """
    import pyarrow as pa

    types = pa.types
    if types.is_time(kind):
        return pa.array([v if v is None else time.fromisoformat(v) for v in values], kind)
    if types.is_boolean(kind):
        return pa.array([v if v is None else bool(v) for v in values], kind)
    if types.is_integer(kind) or types.is_floating(kind):
        return pa.array(values, kind)
    return pa.array(values, pa.string()).cast(kind)


__all__ = ["spelled", "typed"]
