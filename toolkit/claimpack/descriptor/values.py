"""JSON values of a descriptor (bounds, enums, categories) as values of a field's type.

Used on descriptors only; cells are the engine's. Each parser gives something that
can be compared with its like, and raises ValueError where the value is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from claimpack.descriptor import timeline

if TYPE_CHECKING:
    from datetime import datetime

# Patterns are texts, compiled at their first use: most descriptors need few of them.
_ZONE = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0(?!000)[0-9]{3})"
"""XML Schema part 2, section 3.2.7.1: "the year 0000 is prohibited", as is a longer year's 0."""
_DAY = rf"({_YEAR})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_DATETIME = rf"{_DAY}T(?:{_CLOCK}(?:\.[0-9]+)?|24:00:00(?:\.0+)?){_ZONE}"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DURATION = (
    r"(-)?P(?=.)(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=.)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)
_TEXTS = {
    "email": r"(?:[^@\s\"]+|\"(?:[ !#-\[\]-~]|\\[ -~])*\")@[^@\s]+\.[^@\s.]+",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+",
    "uuid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "binary": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

WHITE_SPACE = " \t\n\r"
"""What XML Schema part 2 (section 4.3.6) collapses before a value is read."""
_COLLAPSED = frozenset({"integer", "number", "year", "yearmonth", "duration"})

Options = Mapping[str, Any]
Parser = Callable[[Any, str, Options], Any]


def parse(type_: str, form: str, options: Options, value: Any) -> Any:
    """The value as one of a field's type.

    Args:
        type_: The field's type.
        form: The field's format.
        options: The properties of the type, defaults filled in.
        value: A JSON value.

    Raises:
        ValueError: It cannot be cast.
    """
    if value is None:
        raise ValueError("null")
    parser = _PARSERS.get(type_)
    if isinstance(value, str) and collapses(type_, form, options):
        value = value.strip(WHITE_SPACE)
    try:
        return parser(value, form, options) if parser else value
    except (TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def collapses(type_: str, form: str, options: Options) -> bool:
    """Whether white space around a text is no part of a value of this type.

    XML Schema collapses it in every type that the Table Schema takes from there: `number`
    (decimal), `year`, `yearmonth`, `duration`, and `datetime` in its default form. An `integer`
    is a number of the same kind. `date` and `time` have forms of their own.
    """
    if (options.get("decimalChar") or ".") in WHITE_SPACE:
        return False
    return type_ in _COLLAPSED or (type_ == "datetime" and form == "default")


def _match(pattern: str, value: Any) -> re.Match[str]:
    match = re.fullmatch(pattern, value) if isinstance(value, str) else None
    if not match:
        raise ValueError(value)
    return match


def _string(value: Any, form: str, options: Options) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    if form in _TEXTS:
        _match(_TEXTS[form], value)
    return value


def _digits(raw: Any, options: Options) -> str:
    """The digits in plain form: group characters and units put away."""
    value = _text(raw)
    if not options.get("bareNumber", True):
        for edge in edges(options):
            value = re.sub(edge, r"\1", value)
    if options.get("groupChar"):
        value = value.replace(str(options["groupChar"]), "")
    decimal = str(options.get("decimalChar") or ".")
    if decimal != ".":
        if "." in value:
            raise ValueError(value)
        value = value.replace(decimal, ".")
    return value


def edges(options: Options) -> tuple[str, str]:
    """What a number with text around it begins and ends with; the number's own part is a group.

    The standard has "leading and/or trailing non-numeric characters" stripped: all up to
    the first digit with its sign and decimal character, all after the last digit.
    """
    point = re.escape(options["decimalChar"]) if "decimalChar" in options else ""
    decimal = f"(?:{point})?" if point else ""
    return rf"^[^0-9]*?([+-]?{decimal}[0-9])", "([0-9])[^0-9]+$"


def _integer(value: Any, form: str, options: Options) -> int:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    text = _match("[+-]?[0-9]+", _digits(value, options))[0]
    if len(text) > 4000:
        raise ValueError("too many digits")
    return int(text)


def _number(value: Any, form: str, options: Options) -> int | float:
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float):
        return value
    text = _digits(value, options)
    if text.lower() in ("nan", "inf", "-inf"):
        return float(text)
    return float(_match(_NUMBER, text)[0])


def _boolean(value: Any, form: str, options: Options) -> bool:
    if isinstance(value, bool):
        return value
    if value in options.get("trueValues", ()):
        return True
    if value in options.get("falseValues", ()):
        return False
    raise ValueError(value)


def _check_day(year: str, month: str, day: str) -> None:
    """ValueError where the calendar has no such day."""
    number = int(year)
    leap = number % 4 == 0 and (number % 100 != 0 or number % 400 == 0)
    if int(day) > _DAYS[int(month) - 1] or (month == "02" and day == "29" and not leap):
        raise ValueError("no day of the calendar")


def _date(value: Any, form: str, options: Options) -> timeline.Moment:
    if form != "default":
        return timeline.of(moment(_text(value), form), "date")
    match = _match(_DAY, value)
    if len(match[1]) != 4:
        raise ValueError(value)
    _check_day(*match.groups())
    return timeline.parse(f"{value}T00:00:00")


def _time(value: Any, form: str, options: Options) -> timeline.Moment:
    if form != "default":
        return timeline.of(moment(_text(value), form), "time")
    return timeline.parse(f"2000-01-01T{_match(_CLOCK, value)[0]}")


def _datetime(value: Any, form: str, options: Options) -> timeline.Moment:
    if form != "default":
        return timeline.of(moment(_text(value), form))
    match = _match(_DATETIME, value)
    _check_day(match[1], match[2], match[3])
    return timeline.parse(match[0])


def moment(text: str, form: str) -> datetime:
    """A date or time read by a pattern, or in whatever form (`any`), with its zone if it has one.

    What `any` does not say is that of 1 January 2000.

    Raises:
        ValueError: The text does not fit.
    """
    from datetime import datetime

    if form == "any":
        from dateutil import parser

        try:
            found: datetime = parser.parse(text, default=datetime(2000, 1, 1))
        except (OverflowError, TypeError) as error:
            raise ValueError(text) from error
    else:
        found = datetime.strptime(text, form)
    return found


def _year(value: Any, form: str, options: Options) -> timeline.Moment:
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{'-' if value < 0 else ''}{abs(value):04d}"
    return timeline.parse(_match(f"{_YEAR}{_ZONE}", value)[0])


def _yearmonth(value: Any, form: str, options: Options) -> timeline.Moment:
    return timeline.parse(_match(f"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}", value)[0])


def _duration(value: Any, form: str, options: Options) -> float:
    match = _match(_DURATION, value)
    years, months, days, hours, minutes, seconds = (float(x or 0) for x in match.groups()[1:])
    days += (years * 12 + months) * 30.436875
    total = days * 86400 + hours * 3600 + minutes * 60 + seconds
    return -total if match[1] else total


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _json(kind: type) -> Parser:
    def parser(value: Any, form: str, options: Options) -> Any:
        if isinstance(value, str):
            import json

            try:
                value = json.loads(value, parse_constant=_no_constant)
            except RecursionError as error:
                raise ValueError("nested too deeply") from error
        if not isinstance(value, kind):
            raise ValueError("another kind of JSON")
        return value

    return parser


def _list(value: Any, form: str, options: Options) -> Any:
    if not isinstance(value, str | list):
        raise ValueError(value)
    items = value.split(options.get("delimiter") or ",") if isinstance(value, str) else value
    type_ = options.get("itemType") or "string"
    return [parse(type_, "default", _PLAIN.get(type_, {}), item) for item in items]


def _geopoint(value: Any, form: str, options: Options) -> Any:
    if form == "default":
        point: Any = _text(value).split(",")
    elif form == "array":
        point = _json(list)(value, form, options)
    else:
        found = dict(_json(dict)(value, form, options))
        point = [found.pop("lon", None), found.pop("lat", None), *found]
    longitude, latitude = (
        _number(part.lstrip() if isinstance(part, str) else part, "", {}) for part in point
    )
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(value)
    return [longitude, latitude]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")
_PLAIN: dict[str, Options] = {"boolean": {"trueValues": TRUE, "falseValues": FALSE}}
_PARSERS: dict[str, Parser] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "year": _year,
    "yearmonth": _yearmonth,
    "duration": _duration,
    "object": _json(dict),
    "array": _json(list),
    "geojson": _json(dict),
    "list": _list,
    "geopoint": _geopoint,
}
