"""Texts as logical values, in Python: for what an engine cannot compare itself.

The logical value is written as a canonical text that is equal for equal values, so
that keys and closed lists compare values, not spellings. Durations have an order
of their own. Everyday values never come here: `lexical` judges them in the engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Context, Decimal, InvalidOperation
from functools import cache
from typing import Any

from claimpack.checks import text_tests
from claimpack.descriptor import timeline, values
from claimpack.descriptor.model import Field

Canonical = Callable[[str], str]
MOMENTS = ("date", "time", "datetime", "year", "yearmonth")
EXPANDED = 4000
"""Exponents up to which a number is written out."""


def canonical(field: Field) -> Canonical:
    """The function that writes a text's value; ValueError where it has none."""
    written = _canonical(field)
    if not values.collapses(field.type, field.format, field.options):
        return written
    return lambda text: written(text.strip(values.WHITE_SPACE))


def _canonical(field: Field) -> Canonical:
    if field.type in ("object", "array", "geojson"):
        return lambda text: canonical_json(text_tests.parse_json(text))
    if field.type == "geopoint":
        return lambda text: _point(field.format, text)
    if field.type == "list":
        return _list(field)
    if field.type == "duration":
        return lambda text: "{} {}".format(*_whole(duration(text)))
    if field.type in ("integer", "number"):
        return lambda text: number(plain(field, text))
    if field.type in MOMENTS:
        return _moment(field)
    if field.type == "boolean":
        return lambda text: "true" if text in field.options["trueValues"] else "false"
    return lambda text: text


def constant(field: Field, value: Any) -> str:
    """A JSON value of a descriptor, as `canonical` writes the texts that mean it.

    What is no value of the field's type stays as it is, and is equal to none.
    """
    try:
        return _constant(field, value)
    except (ValueError, TypeError):
        return str(value)


def _constant(field: Field, value: Any) -> str:
    if isinstance(value, str):
        return canonical(field)(value)
    if field.type in ("integer", "number"):
        return number(repr(value))
    if field.type == "list" and isinstance(value, list):
        item = _item(field)
        return json.dumps([_constant(item, part) for part in value])
    if field.type == "geopoint":
        return canonical(field)(json.dumps(value))
    return canonical_json(value)


# --- numbers ------------------------------------------------------------------------------


def plain(field: Field, text: str) -> str:
    """The digits with group characters, units and the decimal character put into plain form."""
    group, decimal = field.options.get("groupChar"), field.options.get("decimalChar", ".")
    if not field.options.get("bareNumber", True):
        for edge in values.edges(field.options):
            text = re.sub(edge, r"\1", text)
    if group:
        text = text.replace(group, "")
    return text.replace(decimal, ".") if field.type == "number" else text


def number(text: str) -> str:
    """A number in plain decimal form, without needless zeros; NaN and infinities as they are."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        return str(float(value))
    sign, digits, exponent = value.as_tuple()
    shorn = "".join(map(str, digits)).lstrip("0")
    ending = len(shorn) - len(shorn.rstrip("0"))
    shorn, exponent = shorn.rstrip("0"), int(exponent) + ending
    if not shorn:
        return "0"
    if abs(exponent) > EXPANDED:
        written = f"{shorn}e{exponent}"
    elif exponent >= 0:
        written = shorn + "0" * exponent
    else:
        whole = shorn.rjust(1 - exponent, "0")
        written = f"{whole[:exponent]}.{whole[exponent:]}"
    return "-" * sign + written


# --- moments ------------------------------------------------------------------------------


def _moment(field: Field) -> Canonical:
    """Dates and times of any format: in UTC and marked with a Z where they have a zone."""
    if field.format != "default":
        return lambda text: _part(field.type, moment(field, text))
    if field.type in ("year", "yearmonth"):
        return _interval
    if field.type == "datetime":
        return lambda text: timeline.written(timeline.parse(text))
    return lambda text: text


def moment(field: Field, text: str) -> timeline.Moment:
    """The moment that a text of a field stands for; ValueError where it stands for none."""
    if field.format == "default":
        return timeline.parse(text.strip(values.WHITE_SPACE))
    found = values.moment(text, field.format.removeprefix("fmt:"))
    return timeline.of(found, field.type)


def _part(kind: str, found: timeline.Moment) -> str:
    """A moment as its kind writes it, and whole where its zone leads into another day."""
    written = timeline.written(found)
    if kind == "date" and not found.zoned:
        return written.removesuffix(" 00:00:00")
    return written.removeprefix("2000-01-01 ") if kind == "time" else written


_INTERVAL = re.compile(r"(-?)0*([0-9]+?)(-[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")


def _interval(text: str) -> str:
    """A year or month: as everyday texts are, but for noughts in front of a year and its zone.

    Two that begin at the same moment have one year, one month and one offset, since years
    and months are longer than zones are apart.
    """
    match = _INTERVAL.fullmatch(text)
    if not match:
        raise ValueError(text)
    sign, year, month, zone = match.groups()
    zone = "Z" if zone and not timeline.offset(zone) else zone
    return f"{sign}{year.rjust(4, '0') if month else year}{month or ''}{zone or ''}"


# --- durations ----------------------------------------------------------------------------

Duration = tuple[int, Decimal]
"""Months and seconds; negative where the duration is."""

STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""The months from which XML Schema part 2, section 3.2.6.2, orders durations."""

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<Y>[0-9]+)Y)?(?:(?P<M>[0-9]+)M)?(?:(?P<D>[0-9]+)D)?"
    r"(?:T(?:(?P<h>[0-9]+)H)?(?:(?P<m>[0-9]+)M)?(?:(?P<s>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_EXACT = Context(prec=200)


def duration(text: str) -> Duration:
    """A duration; ValueError where the text is none."""
    match = _DURATION.fullmatch(text.strip(values.WHITE_SPACE))
    if not match:
        raise ValueError(f"{text!r} is no duration")
    years, months, days, hours, minutes = (
        int(match[name] or 0) for name in ("Y", "M", "D", "h", "m")
    )
    whole = ((days * 24 + hours) * 60 + minutes) * 60
    seconds = _EXACT.add(Decimal(whole), Decimal(match["s"] or 0))
    sign = -1 if match["sign"] else 1
    return sign * (years * 12 + months), sign * seconds


def _whole(value: Duration) -> tuple[int, str]:
    return value[0], number(str(value[1]))


def order(one: Duration, other: Duration) -> int | None:
    """-1, 0 or 1 as a duration is shorter, equal or longer; None where it depends on the month.

    A month is shorter than 32 days and longer than 27; how it stands to 30 days nobody
    can say. It is shorter only where it is from each of the four starts.
    """
    if one == other:
        return 0
    signs = {_sign(_lasts(one, start) - _lasts(other, start)) for start in STARTS}
    return signs.pop() if len(signs) == 1 else None


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def _lasts(value: Duration, start: tuple[int, int]) -> Decimal:
    """Seconds that a duration lasts when it begins with a month."""
    year, month = start
    count = year * 12 + month - 1
    days = _days(count + value[0]) - _days(count)
    return _EXACT.add(Decimal(days * 86400), value[1])


def _days(months: int) -> int:
    """Days from 1 March of the year 0 to the first of a month, counted from January of year 0."""
    year, month = divmod(months - 2, 12)
    return year * 365 + year // 4 - year // 100 + year // 400 + (month * 153 + 2) // 5


# --- collections --------------------------------------------------------------------------


def canonical_json(value: Any) -> str:
    """JSON with sorted names, no white space, and numbers by value."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return number(repr(value))
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canonical_json, value))}]"
    pairs = (f"{json.dumps(name)}:{canonical_json(value[name])}" for name in sorted(value))
    return f"{{{','.join(pairs)}}}"


def _point(form: str, text: str) -> str:
    longitude, latitude = text_tests.point(form, text)
    return f"{number(longitude)} {number(latitude)}"


def _list(field: Field) -> Canonical:
    item, delimiter = canonical(_item(field)), field.options.get("delimiter") or ","
    return lambda text: json.dumps([item(part) for part in text.split(delimiter)])


def _item(field: Field) -> Field:
    """A list's item as a field: "as it were individual values of the data type"."""
    return item_field(field.options.get("itemType") or "string")


@cache
def item_field(kind: str) -> Field:
    """A field of a kind in its default form."""
    booleans = {
        "trueValues": ("true", "True", "TRUE", "1"),
        "falseValues": ("false", "False", "FALSE", "0"),
    }
    return Field("item", kind, options=booleans if kind == "boolean" else {})


# --- for engines --------------------------------------------------------------------------


def told(field: Field) -> str:
    """All that `canonical` needs of a field, as a text that a statement can hold."""
    return json.dumps({"type": field.type, "format": field.format, "options": dict(field.options)})


@cache
def of(told: str) -> Canonical:
    """The function of a field that was told so."""
    return canonical(Field("x", **json.loads(told)))
