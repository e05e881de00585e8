"""Values of Arrow columns as Python has them; dates and times beyond its range as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
DAY = 86_400
GREATEST = {32: (1 << 31) - 1, 64: (1 << 63) - 1}
"""What the engine keeps for a date or a timestamp that is infinite."""


def values(column: pa.Array) -> list[Any]:
    """The values of a column."""
    if not _special(column.type):
        try:
            found: list[Any] = column.to_pylist()
        except (OverflowError, ValueError):
            pass
        else:
            return found
    return [_value(cell) for cell in column]


def _special(kind: pa.DataType) -> bool:
    """Whether Python would lose something: nanoseconds, or the time 24:00."""
    import pyarrow as pa

    if pa.types.is_nested(kind):
        return any(_special(kind.field(place).type) for place in range(kind.num_fields))
    return bool(pa.types.is_time(kind) or (pa.types.is_timestamp(kind) and kind.unit == "ns"))


def _value(cell: pa.Scalar) -> Any:
    import pyarrow as pa

    kind = cell.type
    if not cell.is_valid:
        return None
    if pa.types.is_map(kind):
        return [(_value(item["key"]), _value(item["value"])) for item in cell.values]
    if pa.types.is_list(kind):
        return [_value(item) for item in cell.values]
    if pa.types.is_struct(kind):
        return {key: _value(item) for key, item in cell.items()}
    if pa.types.is_time(kind):
        return _time(cell.value, kind.unit)
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return _moment(cell)
    try:
        return cell.as_py()
    except (OverflowError, ValueError):
        return _moment(cell)


def _moment(cell: pa.Scalar) -> str:
    """A date or timestamp as ISO 8601, with a sign where the year has not four digits."""
    import pyarrow as pa

    if abs(cell.value) == GREATEST[cell.type.bit_width]:
        return "infinity" if cell.value > 0 else "-infinity"
    if pa.types.is_date(cell.type):
        return _date(cell.value)
    days, rest = divmod(cell.value, DAY * PER_SECOND[cell.type.unit])
    zone = "+00:00" if cell.type.tz else ""
    return f"{_date(days)}T{_time(rest, cell.type.unit)}{zone}"


def _time(ticks: int, unit: str) -> str:
    seconds, rest = divmod(ticks, PER_SECOND[unit])
    digits = len(str(PER_SECOND[unit])) - 1
    fraction = f".{rest:0{digits}}" if rest else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _date(days: int) -> str:
    """The date of a number of days since 1970, by the Gregorian calendar in all times."""
    import datetime as dt

    # the calendar repeats after 400 years, which have 146,097 days
    cycles, rest = divmod(days + 719_162, 146_097)
    near = dt.date.fromordinal(rest + 1)
    year = near.year + 400 * cycles
    shown = f"{year:04}" if 0 <= year <= 9999 else f"{year:+05}"
    return f"{shown}-{near.month:02}-{near.day:02}"


__all__ = ["values"]
