"""Values with types of their own, as the texts that stand for them under a field.

JSON, spreadsheets and Arrow files tell numbers, dates and texts apart. A value of the
field's type becomes the text that the field itself would have for it, in its own
format, so that one engine judges all tables. A text is judged as a text. A value of
another type is of the wrong type, whatever it would look like written down.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from claimpack.descriptor.model import Field
from claimpack.errors import TooLargeError

Speller = Callable[[Field, Any], "str | None"]


class WrongTypeError(Exception):
    """A value is of another type than its field's."""


class Misfit(NamedTuple):
    """A value of the wrong type: its place in the column, how it looks, what it is."""

    place: int
    text: str
    kind: str


def column(field: Field | None, values: Sequence[Any]) -> tuple[list[str | None], list[Misfit]]:
    """The texts of a column's values, None for nulls and for misfits, and the misfits."""
    if field is None or field.type == "any":
        return [None if value is None else plain(value) for value in values], []
    texts: list[str | None] = []
    misfits: list[Misfit] = []
    for index, value in enumerate(values):
        if value is None or isinstance(value, str):
            texts.append(value)
            continue
        try:
            texts.append(_spelled(field, value))
        except WrongTypeError:
            texts.append(None)
            misfits.append(Misfit(index, plain(value), kind(value)))
    return texts, misfits


def null(field: Field | None) -> str | None:
    """The text that stands for null in a field; None where its descriptor allows none."""
    if field is None or "" in field.missing_values:
        return ""
    return next(iter(field.missing_values), None)


def plain(value: Any) -> str:
    """A value as text where no field says how."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dict | list):
        try:
            return json.dumps(value, ensure_ascii=False, default=plain)
        except RecursionError as error:
            raise TooLargeError("a value is nested too deeply") from error
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, timedelta):
        return _iso_duration(value)
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def kind(value: Any) -> str:
    """What a value is, in words."""
    return _kind(type(value))[0]


def _spelled(field: Field, value: Any) -> str:
    text = _kind(type(value))[1](field, value)
    if text is None:
        raise WrongTypeError
    return text


def _boolean(field: Field, value: bool) -> str | None:
    if field.type != "boolean":
        return None
    listed = field.options["trueValues" if value else "falseValues"]
    usual = "true" if value else "false"
    return usual if usual in listed else next(iter(listed), None)


def _integer(field: Field, value: int) -> str | None:
    if field.type == "year":
        return f"{value:05d}" if value < 0 else f"{value:04d}"
    return str(value) if field.type in ("integer", "number") else None


def _number(field: Field, value: float | Decimal) -> str | None:
    whole = value == value and abs(value) != float("inf") and value == int(value)
    if field.type in ("integer", "year"):
        return _integer(field, int(value)) if whole else None
    if field.type != "number":
        return None
    text = str(value) if isinstance(value, Decimal) else plain(value)
    return text.replace(".", field.options.get("decimalChar") or ".")


def _datetime(field: Field, value: datetime) -> str | None:
    if field.type == "date" and value.time() == time() and value.tzinfo is None:
        return _moment(field, value.date())
    return _moment(field, value) if field.type == "datetime" else None


def _date(field: Field, value: date) -> str | None:
    return _moment(field, value) if field.type == "date" else None


def _time(field: Field, value: time) -> str | None:
    return _moment(field, value) if field.type == "time" else None


def _moment(field: Field, value: date | time) -> str:
    """In the field's own format.

    Typed columns have moments in UTC and no zone, so that is what a format with a zone gets.
    """
    if field.format in ("default", "any"):
        return value.isoformat()
    if "%z" in field.format and isinstance(value, datetime | time) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.strftime(field.format.removeprefix("fmt:"))


def _duration(field: Field, value: timedelta) -> str | None:
    """Spreadsheets have times of the day as durations since midnight."""
    if field.type == "time" and timedelta() <= value < timedelta(days=1):
        return _moment(field, (datetime.min + value).time())
    return _iso_duration(value) if field.type == "duration" else None


def _iso_duration(value: timedelta) -> str:
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    seconds = f"{value.seconds}.{value.microseconds:06d}".rstrip("0").rstrip(".")
    if not value.microseconds:
        seconds = str(value.seconds)
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}" + (
        f"T{seconds}S" if value.seconds or value.microseconds or not days else ""
    )


def _bytes(field: Field, value: bytes) -> str | None:
    return plain(value) if (field.type, field.format) == ("string", "binary") else None


def _list(field: Field, value: list[Any]) -> str | None:
    if field.type == "list":
        if any(isinstance(item, dict | list) for item in value):
            return None
        return (field.options.get("delimiter") or ",").join(
            "" if item is None else plain(item) for item in value
        )
    fits = field.type == "array" or (field.type, field.format) == ("geopoint", "array")
    return plain(value) if fits else None


def _object(field: Field, value: dict[str, Any]) -> str | None:
    fits = field.type in ("object", "geojson")
    return plain(value) if fits or (field.type, field.format) == ("geopoint", "object") else None


_KINDS: tuple[tuple[type | tuple[type, ...], str, Speller], ...] = (
    (bool, "a boolean", _boolean),
    (int, "an integer", _integer),
    ((float, Decimal), "a number", _number),
    (datetime, "a datetime", _datetime),
    (date, "a date", _date),
    (time, "a time", _time),
    (timedelta, "a duration", _duration),
    (bytes, "binary", _bytes),
    (list, "an array", _list),
    (dict, "an object", _object),
)
"""Each kind of value in words and under a field; None where the field is of another type."""


_KNOWN: dict[type, tuple[str, Speller]] = {}
"""The types met, with what `_KINDS` says of them."""


def _kind(type_: type) -> tuple[str, Speller]:
    """The words and the speller for values of a type."""
    if type_ not in _KNOWN:
        found = ((words, spell) for types, words, spell in _KINDS if issubclass(type_, types))
        _KNOWN[type_] = next(found, ("a value", lambda field, value: None))
    return _KNOWN[type_]
