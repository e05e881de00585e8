"""A date or time of the wrong form says at which part it departs from the format."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimpack.checks.format_departure import departure
from packages import field, judge, one

SAID = [
    ("date", "%d/%m/%Y", "01-02-2020", 'expected "/" after the day, found "-" at character 3'),
    ("date", "%d/%m/%Y", "01/02-2020", 'expected "/" after the month, found "-" at character 6'),
    ("date", "%d/%m/%Y", "01/13/2020", "the month is 13, expected 1 to 12"),
    ("date", "%d/%m/%Y", "32/01/2020", "the day is 32, expected 1 to 31"),
    ("date", "%d/%m/%Y", "30/02/2020", "February 2020 has 29 days"),
    ("date", "%m/%d/%Y", "02/29/2019", "February 2019 has 28 days"),
    ("date", "%d/%m", "31/04", "April has 30 days"),
    ("date", "%d/%m/%Y", "01/02/20", 'expected four digits for the year, found "20"'),
    ("date", "%d/%m/%Y", "01/02", 'expected "/" after the month, found the end'),
    ("date", "%d/%m/%Y", "01/", "expected the month at character 4, found the end"),
    ("date", "%d/%m/%Y", "01/02/2020 10:00", "expected the end after the year, found a space"),
    ("date", "%d.%m.%y", "01.02.2020", 'expected the end after the year, found "20"'),
    ("date", "%d/%m/%Y", "x", 'expected the day at character 1, found "x"'),
    (
        "date",
        "%d %b %Y",
        "1 Mai 2020",
        'expected the name of the month at character 3, found "Mai"',
    ),
    ("date", "%j/%Y", "367/2020", "the day of the year is 367, expected 1 to 366"),
    ("date", "%d%%%m", "01/02", 'expected "%" after the day, found "/" at character 3'),
    ("date", "default", "26.01.2024", 'expected four digits for the year, found "26"'),
    ("date", "default", "2024-1-26", 'expected two digits for the month, found "1"'),
    ("date", "default", "2024/01/26", 'expected "-" after the year, found "/" at character 5'),
    ("date", "default", "2023-02-29", "February 2023 has 28 days"),
    ("date", "default", "0000-01-01", "there is no year 0000"),
    ("date", "default", " 2024-01-26", "expected the year at character 1, found a space"),
    ("time", "default", "9:30:00", 'expected two digits for the hour, found "9"'),
    ("time", "default", "24:00:00", "the hour is 24, expected 0 to 23"),
    ("time", "default", "09:30", 'expected ":" after the minute, found the end'),
    ("time", "%H:%M", "09.30", 'expected ":" after the hour, found "." at character 3'),
    ("time", "%I:%M %p", "13:00 AM", "the hour is 13, expected 1 to 12"),
    ("time", "%I:%M %p", "1:00 xm", 'expected AM or PM at character 6, found "xm"'),
    (
        "datetime",
        "default",
        "2024-01-26 15:00:00",
        'expected "T" after the day, found a space at character 11',
    ),
    ("datetime", "default", "2024-01-26T15:60:00", "the minute is 60, expected 0 to 59"),
    ("datetime", "default", "-0044-13-01T00:00:00", "the month is 13, expected 1 to 12"),
    ("datetime", "default", "12020-01-32T00:00:00", "the day is 32, expected 1 to 31"),
    ("time", "default", "09:30:60", "the second is 60, expected 0 to 59"),
    ("datetime", "default", "2024-01-26", 'expected "T" after the day, found the end'),
    (
        "datetime",
        "default",
        "2024-01-26T15:00:00+0100",
        'expected a time zone such as Z or +01:00, found "+0100"',
    ),
    ("datetime", "default", "2024-01-26T15:00:00.", 'expected digits after ".", found the end'),
    (
        "datetime",
        "default",
        "2024-01-26T15:00:00 Z",
        "expected the end after the second, found a space",
    ),
    ("datetime", "default", "2024-01-26T24:00:01", "the hour is 24, which only 24:00:00 may have"),
    (
        "datetime",
        "%Y-%m-%d %H:%M",
        "2024-01-26T15:00",
        'expected a space after the day, found "T" at character 11',
    ),
    (
        "datetime",
        "%Y-%m-%dT%H:%M:%S%z",
        "2024-01-26T15:00:00",
        "expected a time zone such as Z or +01:00, found the end",
    ),
]


@pytest.mark.parametrize(("kind", "form", "text", "said"), SAID)
def test_the_part_is_named(tmp_path: Path, kind: str, form: str, text: str, said: str) -> None:
    """Behind what was expected and found, whichever reader and whichever check."""
    report = judge(one(tmp_path, f'x,n\n"{text}",1\n', [field("x", kind, format=form), field("n")]))
    (found,) = report["findings"]
    what = kind if form == "default" else f"{kind} in the format {form}"
    start = f'expected a {what}, found "{text}": '
    assert found["message"].startswith(start)
    assert found["message"].removeprefix(start).startswith(said)


@pytest.mark.parametrize(
    ("kind", "form", "text"),
    [
        ("date", "any", "x"),
        ("date", "%x", "x"),
        ("integer", "default", "x"),
        ("year", "default", "20"),
    ],
)
def test_nothing_is_added_where_no_pattern_says_what_comes_next(
    tmp_path: Path, kind: str, form: str, text: str
) -> None:
    """The format `any`, patterns of a locale, and types without parts."""
    report = judge(one(tmp_path, f"x,n\n{text},1\n", [field("x", kind, format=form), field("n")]))
    assert report["findings"][0]["message"].endswith(f'found "{text}"')


def test_a_list_of_dates_says_nothing_of_parts(tmp_path: Path) -> None:
    """Its items are no dates of the field."""
    fields = [field("x", "list", itemType="date"), field("n")]
    (found,) = judge(one(tmp_path, "x,n\n2020,1\n", fields))["findings"]
    assert found["message"] == 'expected a list, found "2020"'


def test_a_long_value_is_shortened(tmp_path: Path) -> None:
    """A message shows the beginning of what it found."""
    text = "y" * 500
    (found,) = judge(one(tmp_path, f"x,n\n{text},1\n", "x:date n"))["findings"]
    assert len(found["message"]) < 200
    assert found["value"] == text


FORMS = ["%d/%m/%Y", "%Y-%m-%d", "%H:%M:%S", "%I:%M %p", "%d %b %Y", "%y.%j", "%S,%f"]


@given(
    form=st.sampled_from(FORMS),
    text=st.text(alphabet="0123459/-.: ,TapmAPMJn\u0663", max_size=12),
)
def test_what_is_said_is_never_said_of_a_value(form: str, text: str) -> None:
    """A text that the pattern fits departs nowhere; any other, where one can be named."""
    try:
        datetime.strptime(text, form)
    except ValueError:
        assert isinstance(departure("datetime", form, text), str)
    else:
        assert departure("datetime", form, text) == ""


@given(
    moment=st.datetimes(min_value=datetime(1000, 1, 1)),
    form=st.sampled_from(FORMS),
    place=st.integers(0, 20),
)
def test_a_changed_character_is_where_it_departs(moment: datetime, form: str, place: int) -> None:
    """A separator that is another one is named with its position."""
    text = moment.strftime(form)
    marks = [match.start() for match in re.finditer(r"[/\-:.,]", text)]
    if not marks:
        return
    at = marks[place % len(marks)]
    said = departure("datetime", form, f"{text[:at]};{text[at + 1 :]}")
    assert said.endswith(f'found ";" at character {at + 1}')
