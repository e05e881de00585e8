"""Years, months and datetimes on the timeline of XML Schema, with and without a time zone.

XML Schema part 2, section 3.2.7.4: two values with a zone, or two without, are compared as
moments. A value with a zone and one without are never equal, and are in order only where
they are more than 14 hours apart, since the missing zone may be any from -14:00 to +14:00.
A year or a month counts from its first moment (sections 3.2.10 and 3.2.11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

DAY = 86400
WIDEST = 14 * 3600
"""Seconds that a zone differs from UTC at most."""

_TEXT = (
    r"(?P<year>-?[0-9]{4,})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]+))?)?)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True)
class Moment:
    """A moment, exact to the last digit.

    Attributes:
        seconds: Whole seconds from the beginning of the year 0; in UTC if it has a zone.
        fraction: The digits of the fraction of a second, without zeros at the end.
        zoned: Whether it has a time zone.
    """

    seconds: int
    fraction: str = ""
    zoned: bool = False

    def __gt__(self, other: Moment) -> bool:
        """Whether it is surely later."""
        return order(self, other) == 1

    def __lt__(self, other: Moment) -> bool:
        """Whether it is surely earlier."""
        return order(self, other) == -1


def order(one: Moment, other: Moment) -> int | None:
    """-1, 0 or 1 as a moment is before, at or after another; None where that depends on a zone."""
    apart = 0 if one.zoned == other.zoned else WIDEST
    if (one.seconds - apart, one.fraction) > (other.seconds, other.fraction):
        return 1
    if (one.seconds + apart, one.fraction) < (other.seconds, other.fraction):
        return -1
    return None if apart else 0


def parse(text: str) -> Moment:
    """The moment of a year, month or datetime; ValueError where the text is none."""
    match = re.fullmatch(_TEXT, text)
    if not match:
        raise ValueError(text)
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    # The year before 0001 is -0001.
    seconds = days(year + (year < 0), month, day) * DAY + (hour * 60 + minute) * 60 + second
    fraction = (match["fraction"] or "").rstrip("0")
    return Moment(seconds - offset(match["zone"]), fraction, match["zone"] is not None)


def of(found: datetime, kind: str = "datetime") -> Moment:
    """The moment of a value of Python; the first of its day for a `date`.

    Two values of the kind `time` are those of one and the same day.
    """
    if kind == "date":
        found = datetime.combine(found.date(), time(), found.tzinfo)
    elif kind == "time":
        found = datetime.combine(date(2000, 1, 1), found.timetz())
    shift = found.utcoffset()
    seconds = days(found.year, found.month, found.day) * DAY
    seconds += (found.hour * 60 + found.minute) * 60 + found.second
    fraction = f"{found.microsecond:06d}".rstrip("0")
    return Moment(seconds - int(shift.total_seconds() if shift else 0), fraction, shift is not None)


def written(moment: Moment) -> str:
    """A moment as a text that is equal for equal moments: date, space, time, and Z with a zone."""
    day, second = divmod(moment.seconds, DAY)
    minute, second = divmod(second, 60)
    clock = f"{minute // 60:02d}:{minute % 60:02d}:{second:02d}"
    fraction = f".{moment.fraction}" if moment.fraction else ""
    return f"{_date(day)} {clock}{fraction}{'Z' if moment.zoned else ''}"


def offset(zone: str | None) -> int:
    """Seconds that a zone is ahead of UTC."""
    if not zone or zone == "Z":
        return 0
    return (-1 if zone[0] == "-" else 1) * (int(zone[1:3]) * 60 + int(zone[4:6])) * 60


def days(year: int, month: int, day: int) -> int:
    """Days from 1 March of the year 0 to a day of the Gregorian calendar."""
    years, months = divmod(year * 12 + month - 3, 12)
    return (
        years * 365 + years // 4 - years // 100 + years // 400 + (months * 153 + 2) // 5 + day - 1
    )


def _date(day: int) -> str:
    """The day that many days after 1 March of the year 0, as yyyy-mm-dd."""
    cycle, rest = divmod(day, 146097)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    rest -= year * 365 + year // 4 - year // 100
    month = (rest * 5 + 2) // 153
    date = rest - (month * 153 + 2) // 5 + 1
    year += cycle * 400 + (month > 9)
    return f"{year:04d}-{(month + 2) % 12 + 1:02d}-{date:02d}"
