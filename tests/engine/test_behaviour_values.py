"""Patterns, numbers and dates, as listed in docs/robustness.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from packages import (
    V2,
    Json,
    expect,
    field,
    judge,
    judge_apart,
    make,
    of,
    one,
    table,
    unchecked,
    valid,
)

BOTH: Sequence[Json] = ({}, V2)


def quoted(cell: str) -> str:
    """The cell in quotes."""
    return '"' + cell.replace('"', '""') + '"'


def column(folder: Path, described: Json, *cells: str, **more: Any) -> Path:
    """A package of one table: a number and a field of the kind in question."""
    lines = [f"{number},{quoted(cell)}" for number, cell in enumerate(cells, 1)]
    text = "\n".join([f"n,{described['name']}", *lines, ""])
    return one(folder, text, [field("n", "integer"), described], **more)


def judged(folder: Path, described: Json, cell: str, **more: Any) -> Json:
    """The report on one such cell."""
    return judge(column(folder, described, cell, **more))


def type_error(report: Json, cell: str) -> None:
    """The cell is told as no value of its type, and nothing else is."""
    wanted = {"rule": "type-error", "field": "x", "row": 1, "line": 2, "value": cell}
    expect(report, "invalid", wanted)


def refused(
    folder: Path, kind: str, *cells: str, packages: Sequence[Json] = BOTH, **more: Any
) -> None:
    """Each cell of that type is a type error, under both versions of the standard."""
    for package in packages:
        report = judge(column(folder, field("x", kind, **more), *cells, package=package))
        assert [item["value"] for item in of(report, "type-error")] == list(cells)
        assert report["rules"] == {"type-error": len(cells)}
        assert [item["row"] for item in report["findings"]] == [*range(1, len(cells) + 1)]


def accepted(
    folder: Path, kind: str, *cells: str, packages: Sequence[Json] = BOTH, **more: Any
) -> None:
    """Each cell of that type is valid, under both versions of the standard."""
    for package in packages:
        path = column(folder, field("x", kind, **more), *cells, package=package)
        valid(judge(path), rows=len(cells))


def breaks(cell: str, row: int = 1, line: int | None = None) -> Json:
    """A constraint finding on a cell of the field `x`."""
    return {
        "rule": "constraint-error",
        "field": "x",
        "row": row,
        "line": row + 1 if line is None else line,
        "value": cell,
    }


# Patterns


@pytest.mark.parametrize("length", [28, 40, 5000])
def test_pattern_that_explodes_is_answered_in_time(tmp_path: Path, length: int) -> None:
    """Nested repetition is judged by a linear engine, or told as not checked in time."""
    described = field("x", constraints={"pattern": "(a+)+"})
    cell = "a" * length + "!"
    report = judge_apart(column(tmp_path, described, "aaa", cell), timeout=20)
    if report["unchecked"]:
        unchecked(report, "t")
    else:
        expect(report, "invalid", breaks(cell, 2))


def test_pattern_with_look_around_that_explodes_is_answered_in_time(tmp_path: Path) -> None:
    """A pattern that only a backtracking engine knows is bounded in time."""
    described = field("x", constraints={"pattern": "(?=a)(a+)+"})
    report = judge_apart(column(tmp_path, described, "a" * 40 + "!"), timeout=20)
    assert report["verdict"] in {"invalid", "not-checked"}


@pytest.mark.parametrize(
    ("cell", "good"),
    [("Book", True), ("Journal", True), ("Bookx", False), ("xJournal", False), ("", True)],
)
def test_pattern_covers_the_whole_value(tmp_path: Path, cell: str, good: bool) -> None:
    """`Book|Journal` is one group: neither half may match a part only; a null is not matched."""
    report = judged(tmp_path, field("x", constraints={"pattern": "Book|Journal"}), cell)
    expect(report, "valid") if good else expect(report, "invalid", breaks(cell))


@pytest.mark.parametrize("cell", ["abc\n", "\nabc", "a\nb"])
def test_pattern_covers_a_newline(tmp_path: Path, cell: str) -> None:
    """`[a-z]+` does not match a value that holds a newline, at the end neither."""
    report = judged(tmp_path, field("x", constraints={"pattern": "[a-z]+"}), cell)
    expect(report, "invalid", breaks(cell))


def test_anchored_pattern_does_not_match_before_a_newline(tmp_path: Path) -> None:
    """The same for `^[a-z]+$`, as people write it."""
    report = judged(tmp_path, field("x", constraints={"pattern": "^[a-z]+$"}), "abc\n")
    expect(report, "invalid", breaks("abc\n"))
    valid(judged(tmp_path, field("x", constraints={"pattern": "^[a-z]+$"}), "abc"))


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\p{Lu}", "\xc9", "\xe9"),
        (r"\P{Lu}", "\xe9", "\xc9"),
        (r"\p{Lu}\p{Ll}+", "\xc9t\xe9", "\xe9t\xe9"),
        (r"\p{IsGreek}+", "\u03b1", "a"),
        (r"\i\c*", "a-1", "-a"),
        (r"\d{3}", "123", "12"),
        (r"[^\s]+", "ab", "a b"),
        (r".", "a", "\n"),
        (r"[\w-]+", "a-b", "a b"),
    ],
)
def test_pattern_follows_xml_schema(tmp_path: Path, pattern: str, good: str, bad: str) -> None:
    """XML Schema's classes and escapes are translated, or told as not supported."""
    report = judge(column(tmp_path, field("x", constraints={"pattern": pattern}), good, bad))
    if report["unchecked"]:
        unchecked(report, "t")
    else:
        expect(report, "invalid", breaks(bad, 2))


@pytest.mark.parametrize("pattern", ["([", "*a", "(?P<n", "[z-a]", "a)"])
def test_broken_pattern_is_a_descriptor_error(tmp_path: Path, pattern: str) -> None:
    """A pattern that is none is the descriptor's fault; the data are still judged."""
    described = field("x", constraints={"pattern": pattern, "maxLength": 2})
    report = judge(column(tmp_path, described, "abc"))
    assert [item["pointer"] for item in of(report, "descriptor-error")] == [
        "/resources/0/schema/fields/1/constraints/pattern"
    ]
    assert [item["row"] for item in of(report, "constraint-error")] == [1]


def test_pattern_with_class_subtraction(tmp_path: Path) -> None:
    """`[a-z-[aeiou]]` is translated, or told as not supported."""
    described = field("x", constraints={"pattern": "[a-z-[aeiou]]"})
    report = judge(column(tmp_path, described, "b", "a", "-"))
    if report["unchecked"]:
        unchecked(report, "t")
    else:
        expect(report, "invalid", breaks("a", 2), breaks("-", 3))


# Bounds


NOON = "2020-01-01T12:00:00Z"


NOON = "2020-01-01T12:00:00Z"


@pytest.mark.parametrize("name", ["minimum", "maximum"])
@pytest.mark.parametrize(
    ("kind", "bound"),
    [
        ("integer", "abc"),
        ("integer", "1.5"),
        ("number", "abc"),
        ("date", "2017-02-29"),
        ("datetime", "2017-01-01"),
        ("time", "25:00:00"),
        ("year", "abc"),
        ("yearmonth", "2017-13"),
        ("integer", []),
    ],
)
def test_bound_that_is_no_value_is_a_descriptor_error(
    tmp_path: Path, name: str, kind: str, bound: object
) -> None:
    """A bound that cannot be cast by the field's type is the descriptor's fault."""
    good = {"integer": "7", "number": "7", "year": "2020", "yearmonth": "2020-01"}
    cells = good | {"date": "2020-01-01", "datetime": "2020-01-01T00:00:00Z", "time": "01:00:00"}
    report = judged(tmp_path, field("x", kind, constraints={name: bound}), cells[kind])
    expect(
        report,
        "invalid",
        {
            "rule": "descriptor-error",
            "resource": "t",
            "pointer": f"/resources/0/schema/fields/1/constraints/{name}",
        },
    )


@pytest.mark.parametrize(
    ("kind", "name", "bound", "good", "bad"),
    [
        ("integer", "minimum", 9, "10", "8"),
        ("integer", "maximum", "10", "9", "11"),
        ("number", "minimum", 1.5, "10", "1.4"),
        ("number", "maximum", "1e3", "999", "1000.5"),
        ("date", "minimum", "2020-01-31", "2020-02-01", "2020-01-30"),
        ("datetime", "maximum", NOON, "2019-12-31T23:00:00Z", "2020-01-02T00:00:00Z"),
        ("time", "minimum", "09:00:00", "10:00:00", "08:59:59"),
        ("year", "minimum", 1999, "2000", "998"),
        ("year", "maximum", "2000", "1999", "12020"),
        ("yearmonth", "maximum", "2020-02", "2020-01", "2020-03"),
        ("duration", "minimum", "P1D", "PT36H", "PT23H"),
    ],
)  # fmt: skip
def test_bounds_compare_values_not_texts(
    tmp_path: Path, kind: str, name: str, bound: object, good: str, bad: str
) -> None:
    """A minimum on a date is a date, one on a duration a length of time."""
    described = field("x", kind, constraints={name: bound})
    if (kind, bad) == ("year", "998"):
        bad = "0998"
    expect(judge(column(tmp_path, described, good, bad, "")), "invalid", breaks(bad, 2))


# Keys of JSON values

TWINS = [("array", "[1,2]", "[1, 2]"), ("object", '{"a":1,"b":[2]}', '{ "b" : [2], "a" : 1 }')]


@pytest.mark.parametrize(("kind", "first", "again"), TWINS)
def test_json_values_are_unique_by_value(tmp_path: Path, kind: str, first: str, again: str) -> None:
    """`unique` compares what the JSON says, not how it is spaced or ordered."""
    described = field("x", kind, constraints={"unique": True})
    report = judge(column(tmp_path, described, first, again))
    expect(report, "invalid", {"rule": "unique-error", "field": "x", "row": 2, "value": again})


@pytest.mark.parametrize(("kind", "first", "again"), TWINS)
def test_json_keys_are_compared_by_value(tmp_path: Path, kind: str, first: str, again: str) -> None:
    """The same for a primary key."""
    report = judge(column(tmp_path, field("x", kind), first, again, schema={"primaryKey": ["x"]}))
    expect(report, "invalid", {"rule": "primary-key", "row": 2, "line": 3})


@pytest.mark.parametrize(("kind", "first", "again"), TWINS)
def test_json_references_are_compared_by_value(
    tmp_path: Path, kind: str, first: str, again: str
) -> None:
    """The same for a foreign key."""
    other = '{"a":2}' if kind == "object" else "[2,1]"
    keys = [{"fields": ["x"], "reference": {"resource": "a", "fields": ["k"]}}]
    make(
        tmp_path,
        [
            table("a", [field("k", kind)]),
            table("b", [field("n", "integer"), field("x", kind)], schema={"foreignKeys": keys}),
        ],
        {"a.csv": f"k\n{quoted(first)}\n", "b.csv": f"n,x\n1,{quoted(again)}\n2,{quoted(other)}\n"},
    )
    expect(judge(tmp_path), "invalid", {"rule": "foreign-key", "resource": "b", "row": 2})


# Integers


def test_integer_has_the_digits_of_xml_schema(tmp_path: Path) -> None:
    """Underscores, spaces inside, other scripts' digits, fractions: none is an integer."""
    cells = [
        "1_000",
        "1 0",
        "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}",
        "\N{ARABIC-INDIC DIGIT THREE}",
        "1.0",
        "1.",
        "1e3",
        "0x1A",
        "--1",
        "+",
        "1,000",
        "true",
        "\N{SUPERSCRIPT TWO}",
    ]
    refused(tmp_path, "integer", *cells)


def test_integer_has_no_width(tmp_path: Path) -> None:
    """Signs, leading zeros and any length are fine."""
    cells = ["0", "-0", "+1", "007", "-12", "9" * 18, "9" * 19, "9" * 40]
    accepted(tmp_path, "integer", *cells)


def test_integer_of_5000_digits_is_valid(tmp_path: Path) -> None:
    """It is an integer; a limit on it would be told."""
    report = judged(tmp_path, field("x", "integer"), "7" * 5000)
    assert report["verdict"] in {"valid", "not-checked"}


def test_long_integers_are_compared_exactly(tmp_path: Path) -> None:
    """Two integers that differ in the last of 40 digits differ."""
    bound = "1" + "0" * 39
    described = field("x", "integer", constraints={"minimum": bound, "unique": True})
    low = "9" * 39
    report = judge(column(tmp_path, described, bound, bound[:-1] + "1", low))
    expect(report, "invalid", breaks(low, 3))


def test_integers_are_unique_by_value(tmp_path: Path) -> None:
    """`1`, `01` and `+1` are one integer."""
    described = field("x", "integer", constraints={"unique": True})
    expect(
        judge(column(tmp_path, described, "1", "01", "2", "+1")),
        "invalid",
        {"rule": "unique-error", "field": "x", "row": 2, "line": 3, "value": "01"},
        {"rule": "unique-error", "field": "x", "row": 4, "line": 5, "value": "+1"},
    )


# Numbers


def test_number_has_the_form_of_the_standard(tmp_path: Path) -> None:
    """Nothing but decimal digits, a point, a sign, an exponent and three special values."""
    cells = [
        "1_0.5",
        "Infinity",
        "-Infinity",
        "+INF",
        "sNaN",
        "-NaN",
        "NaN1",
        "\N{FULLWIDTH DIGIT ONE}.5",
        "\N{ARABIC-INDIC DIGIT THREE}",
        "1 .5",
        ".",
        "",
        "1e",
        "e5",
        "1e5.5",
        "1,5",
        "1.2.3",
        "0x1p3",
        "1.5f",
    ]
    refused(tmp_path, "number", *cells, missingValues=["-"])


def test_number_takes_special_values_in_any_case(tmp_path: Path) -> None:
    """NaN, INF and -INF need not respect case; zeros and the fraction are optional."""
    cells = [
        "NaN",
        "nan",
        "INF",
        "-INF",
        "inf",
        "-inf",
        "1",
        "+1.50",
        "-.5",
        "5.",
        "1E5",
        "1e+05",
        "1e-9",
    ]
    accepted(tmp_path, "number", *cells)


@pytest.mark.parametrize("cell", ["1e1000000000", "-1e1000000000", "1e-1000000000", "1" * 5000])
def test_number_with_a_vast_exponent_is_valid(tmp_path: Path, cell: str) -> None:
    """It is a decimal, and never made an integer of a thousand million digits."""
    path = column(tmp_path, field("x", "number"), cell)
    valid(judge_apart(path, timeout=20), rows=1)


def test_number_is_compared_exactly(tmp_path: Path) -> None:
    """A bound holds beyond the digits of a double."""
    described = field("x", "number", constraints={"maximum": "0.1"})
    bad = "0.10000000000000000000001"
    expect(judge(column(tmp_path, described, "0.1", "1e-1", bad)), "invalid", breaks(bad, 3))


def test_nan_is_alike_under_unique_and_in_a_primary_key(tmp_path: Path) -> None:
    """Whether NaN equals NaN is a choice; it is the same everywhere and in any case."""
    found = []
    for schema, constraints in [({"primaryKey": ["x"]}, {}), ({}, {"unique": True})]:
        described = field("x", "number", constraints=constraints)
        report = judge(column(tmp_path, described, "NaN", "nan", "1", schema=schema))
        found.append([item["row"] for item in report["findings"]])
    assert found[0] == found[1]
    assert found[0] in ([], [2])


# Dates, times and durations


def test_date_has_one_form(tmp_path: Path) -> None:
    """`yyyy-mm-dd`, in ASCII digits, of a day that exists."""
    cells = [
        "2020-1-1",
        "\N{FULLWIDTH DIGIT TWO}020-01-01",
        "2020-02-30",
        "2019-02-29",
        "2020-13-01",
        "20200101",
        "2020-01-01T00:00:00",
        " 2020-01-01",
        "2020-01-01\n",
        "01/02/2020",
        "20-01-01",
        "2020-00-10",
    ]
    refused(tmp_path, "date", *cells)


def test_date_that_exists_is_valid(tmp_path: Path) -> None:
    """Leap days and the ends of the calendar are dates."""
    cells = ["2020-02-29", "0001-01-01", "9999-12-31"]
    accepted(tmp_path, "date", *cells)


def test_datetime_has_the_form_of_xml_schema(tmp_path: Path) -> None:
    """A `T` between date and time, seconds, a time zone with a colon."""
    cells = [
        "2020-01-01 00:00:00",
        "2020-01-01X00:00:00",
        "2020-01-01t00:00:00",
        "2020-01-01",
        "2020-01-01T00:00",
        "2020-01-01T25:00:00",
        "2020-01-01T00:60:00",
        "2020-01-01T00:00:00z",
        "2020-01-01T00:00:00+0100",
        "2020-01-01T00:00:00+15:00",
        "2020-01-01T00:00:00,5",
        "2020-02-30T00:00:00",
    ]
    refused(tmp_path, "datetime", *cells, packages=[V2])


def test_datetime_takes_fractions_and_zones(tmp_path: Path) -> None:
    """Version 2: optional fraction and time zone; 24:00:00 is XML Schema's end of day."""
    cells = [
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00.123456789Z",
        "2020-01-01T00:00:00-05:00",
        "2020-01-01T24:00:00",
    ]
    accepted(tmp_path, "datetime", *cells, packages=[V2])


def test_datetimes_are_compared_as_moments(tmp_path: Path) -> None:
    """Two zones, one moment: a duplicate."""
    described = field("x", "datetime", constraints={"unique": True})
    cells = ("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:01Z")
    expect(
        judge(column(tmp_path, described, *cells, package=V2)),
        "invalid",
        {"rule": "unique-error", "field": "x", "row": 2},
    )


@pytest.mark.parametrize(
    ("kind", "form", "low", "good", "bad"),
    [
        ("date", "any", "1 May 2020", ["2020-05-01", "31 Dec 2020"], ["30 Apr 2020", "1999"]),
        ("datetime", "any", "2020-05-01 12:00", ["May 1 2020 12:00"], ["2020-05-01T11:59:59"]),
        ("datetime", "any", "2020-05-01T12:00Z", ["2020-05-01T14:00+02:00"], ["1 May 2020 11:00"]),
        ("time", "any", "9 am", ["09:00", "10 pm"], ["8:59"]),
        ("date", "%j/%Y", "122/2020", ["122/2020", "001/2021"], ["121/2020"]),
        ("date", "%d %b %Y", "1 May 2020", ["01 May 2020", "2 may 2020"], ["30 Apr 2020"]),
        ("time", "%I:%M %p", "09:00 AM", ["09:00 AM", "01:00 PM"], ["08:59 AM", "12:30 AM"]),
        (
            "datetime",
            "%Y-%m-%dT%H:%M:%S%z",
            "2020-05-01T12:00:00+00:00",
            ["2020-05-01T13:00:00+0100"],
            ["2020-05-01T12:30:00+0100"],
        ),
        ("time", "%H:%M:%S.%f", "09:00:00.5", ["09:00:00.500", "09:00:00.51"], ["09:00:00.4"]),
    ],
)
def test_moments_of_other_formats_are_compared_as_moments(
    tmp_path: Path, kind: str, form: str, low: str, good: list[str], bad: list[str]
) -> None:
    """A bound is held against the moment that a text stands for, whatever its format."""
    described = field("m", kind, format=form, constraints={"minimum": low})
    report = judge(column(tmp_path, described, *good, *bad))
    wrong = range(len(good) + 1, len(good) + len(bad) + 1)
    expect(report, "invalid", *({"rule": "constraint-error", "row": row} for row in wrong))


def test_moments_of_any_format_are_unique_by_moment(tmp_path: Path) -> None:
    """Two texts of one day are one value under `any`."""
    described = field("m", "date", format="any", constraints={"unique": True})
    report = judge(column(tmp_path, described, "1 May 2020", "2020-05-01", "2 May 2020"))
    expect(report, "invalid", {"rule": "unique-error", "row": 2})


def test_time_has_one_form(tmp_path: Path) -> None:
    """`hh:mm:ss`."""
    cells = ["1:00:00", "01:00", "24:30:00", "01:00:60", "01:00:00 PM"]
    refused(tmp_path, "time", *cells)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "year",
            ["2020", "12020", "-0044", "2020Z", "2020+01:00", "0998"],
            ["998", "02020", "0000", "+2020", "20 20", "2020-01"],
        ),
        (
            "yearmonth",
            ["2020-01", "-0044-03", "12020-12", "2020-01Z"],
            ["999-01", "2020-1", "2020-13", "2020-00", "2020", "2020-01-01"],
        ),
    ],
)
def test_year_and_yearmonth_follow_xml_schema(
    tmp_path: Path, kind: str, good: list[str], bad: list[str]
) -> None:
    """GYear and gYearMonth: four digits or more, a sign, a time zone."""
    accepted(tmp_path, kind, *good)
    refused(tmp_path, kind, *bad)


def test_duration_that_xml_schema_does_not_know(tmp_path: Path) -> None:
    """No weeks, no fraction but of seconds, no `T` without a time."""
    cells = ["PT", "P1YT", "P1W", "P0.5Y", "P", "1Y", "P1M2Y", "P1S", "PT1D", "p1y", "P-1Y", "+P1Y"]
    refused(tmp_path, "duration", *cells)


def test_duration_of_xml_schema(tmp_path: Path) -> None:
    """Every part is optional where one is there."""
    cells = ["P1Y2M3DT4H5M6.7S", "-P1D", "PT0.5S", "P0Y", "PT36H", "P400D", "P1M"]
    accepted(tmp_path, "duration", *cells)


# Formats of strings


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (
            "uuid",
            [
                "{123e4567-e89b-12d3-a456-426614174000}",
                "123e4567e89b12d3a456426614174000",
                "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
                "123e4567-e89b-12d3-a456-42661417400g",
            ],
        ),
        ("uri", ["http://example.org/a b", "no scheme", "http://[bad"]),
        ("binary", ["!!!!", "abc"]),
        ("email", ["no-at-sign", "two words@example.org", "@example.org"]),
    ],
)
def test_string_that_is_not_of_its_format(tmp_path: Path, kind: str, cells: list[str]) -> None:
    """Each format of a string is checked."""
    refused(tmp_path, "string", *cells, format=kind)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"]),
        ("uri", ["https://example.org/a?b=c#d", "urn:isbn:0451450523", "mailto:a@example.org"]),
        ("binary", ["YWJj", "YQ=="]),
        ("email", ["a.b+c@example.org"]),
        ("default", ["anything at all \N{GRINNING FACE}"]),
    ],
)
def test_string_that_is_of_its_format(tmp_path: Path, kind: str, cells: list[str]) -> None:
    """And what has it is let through."""
    accepted(tmp_path, "string", *cells, format=kind)


# JSON cells


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("object", ['{"a": NaN}', "[1]", "{'a': 1}", "{", "1"]),
        ("array", ["[Infinity]", "[-Infinity]", '{"a": 1}', "[1,]", "[01]"]),
        ("geojson", ["{}", '{"type":"Point","coordinates":["a","b"]}']),
        ("geopoint", ["190,10", "10,100", "10"]),
    ],
)
def test_json_cell_that_is_no_such_json(tmp_path: Path, kind: str, cells: list[str]) -> None:
    """NaN and the like are not JSON, and the outermost value has the field's type."""
    refused(tmp_path, kind, *cells)


def test_duplicate_names_in_a_json_cell_are_warned_of(tmp_path: Path) -> None:
    """Two readers see two objects: a warning at the row."""
    report = valid(judged(tmp_path, field("x", "object"), '{"a": 1, "a": 2}'), rows=1)
    assert [(i["severity"], i["field"], i["row"]) for i in report["findings"]] == [
        ("warning", "x", 1)
    ]


@pytest.mark.parametrize("kind", ["array", "object", "geojson"])
@pytest.mark.parametrize("depth", [2000, 100_000])
def test_json_cell_nested_deeply_is_no_crash(tmp_path: Path, kind: str, depth: int) -> None:
    """A depth limit makes it a type error, or tells it as not checked: never valid, no crash."""
    array = kind == "array"
    cell = "[" * depth + "]" * depth if array else '{"a":' * depth + "1" + "}" * depth
    report = judge_apart(column(tmp_path, field("x", kind), cell))
    assert report["verdict"] in {"invalid", "not-checked"}
    assert report["counts"]["error"] == len(of(report, "type-error"))


# Properties of version 2


def test_group_char_on_an_integer(tmp_path: Path) -> None:
    """Version 2 lets an integer group its digits."""
    described = field("x", "integer", groupChar=",", constraints={"minimum": 1000})
    report = judge(column(tmp_path, described, "1,000", "1000", "1,000,000", "9,99", package=V2))
    assert {item["row"] for item in report["findings"]} == {4}
    expect(judge(column(tmp_path, field("x", "integer"), "1,000")), "invalid", {"row": 1})


@pytest.mark.parametrize(
    ("kind", "categories", "good", "bad"),
    [
        ("string", ["apple", "orange"], "apple", "Apple"),
        ("string", [{"value": "a", "label": "A"}, {"value": "b"}], "b", "A"),
        ("integer", [0, 1], "1", "2"),
        ("integer", [{"value": 0, "label": "no"}, {"value": 1, "label": "yes"}], "01", "10"),
    ],
)
def test_categories_close_the_list(
    tmp_path: Path, kind: str, categories: list[object], good: str, bad: str
) -> None:
    """A value that is no category is a constraint error; a null is none of them and fine."""
    described = field("x", kind, categories=categories)
    report = judge(column(tmp_path, described, good, bad, "", package=V2))
    expect(report, "invalid", breaks(bad, 2))


def test_category_and_enum_broken_by_one_cell_are_one_finding(tmp_path: Path) -> None:
    """A closed list said twice is broken once."""
    described = field("x", categories=["a", "b"], constraints={"enum": ["a", "b"]})
    expect(judge(column(tmp_path, described, "c", package=V2)), "invalid", breaks("c"))


def test_unique_keys_exclude_nulls(tmp_path: Path) -> None:
    """A duplicate is reported at each later row, and a null is no duplicate."""
    text = "a,b\nx,1\nx,1\ny,\ny,\nx,1\nx,2\n"
    expect(
        judge(one(tmp_path, text, "a b:integer", schema={"uniqueKeys": [["a", "b"]]}, package=V2)),
        "invalid",
        {"rule": "unique-key", "field": ["a", "b"], "row": 2, "line": 3, "value": ["x", "1"]},
        {"rule": "unique-key", "field": ["a", "b"], "row": 5, "line": 6, "value": ["x", "1"]},
    )


def test_json_schema_constraint(tmp_path: Path) -> None:
    """A JSON value that its JSON Schema refuses breaks a constraint."""
    wanted = {"type": "object", "properties": {"value": {"type": "integer"}}}
    described = field("x", "object", constraints={"jsonSchema": wanted})
    bad = '{"value": "bad"}'
    report = judge(column(tmp_path, described, '{"value": 100}', bad, package=V2))
    expect(report, "invalid", breaks(bad, 2))


def test_json_schema_with_a_remote_reference_is_not_checked(
    tmp_path: Path, no_network: list[object]
) -> None:
    """A remote `$ref` is not fetched: what it would say is not checked."""
    wanted = {"$ref": "http://127.0.0.1:9/schema.json"}
    described = field("x", "object", constraints={"jsonSchema": wanted})
    unchecked(judge(column(tmp_path, described, '{"value": 100}', package=V2)), "t")
    assert no_network == []


def test_json_schema_that_is_none_is_a_descriptor_error(tmp_path: Path) -> None:
    """A JSON Schema that is no JSON Schema is the descriptor's fault."""
    described = field("x", "object", constraints={"jsonSchema": {"type": "nonsense"}})
    report = judge(column(tmp_path, described, "{}", package=V2))
    assert report["verdict"] == "invalid"
    assert of(report, "descriptor-error")[0]["pointer"].startswith(
        "/resources/0/schema/fields/1/constraints/jsonSchema"
    )


# Hashes


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha512"])
def test_hash_is_computed_whatever_the_algorithm(tmp_path: Path, name: str) -> None:
    """The right hash is fine, a wrong one an error, in upper case too."""
    text = "a\nx\n"
    right = hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()
    prefix = "" if name == "md5" else f"{name}:"
    valid(judge(one(tmp_path, text, "a", hash=prefix + right)), rows=1)
    valid(judge(one(tmp_path, text, "a", hash=prefix + right.upper())), rows=1)
    wrong = ("0" if right[0] != "0" else "1") + right[1:]
    report = judge(one(tmp_path, text, "a", hash=prefix + wrong))
    expect(report, "invalid", {"rule": "hash-mismatch", "resource": "t", "row": None})


def test_hash_of_an_unknown_algorithm_is_not_checked(tmp_path: Path) -> None:
    """Not knowing is no verdict."""
    unchecked(judge(one(tmp_path, "a\nx\n", "a", hash="crc32:e8b7be43")), "t")


# Not a row: the standard's words on nulls and order, which the rows above lean on


def test_missing_values_come_before_everything(tmp_path: Path) -> None:
    """What stands for null is null for types and constraints alike."""
    described = field("x", "integer", constraints={"required": True})
    report = judge(column(tmp_path, described, "NA", "", "5", schema={"missingValues": ["NA"]}))
    expect(report, "invalid", breaks("NA", 1), {"rule": "type-error", "row": 2, "value": ""})


def test_type_error_silences_constraints(tmp_path: Path) -> None:
    """A cell with a type error gets no constraint finding."""
    described = field("x", "integer", constraints={"minimum": 5, "enum": [7]})
    type_error(judged(tmp_path, described, "abc"), "abc")


def test_report_is_json_with_any_value(tmp_path: Path) -> None:
    """Values are shown as they are, whatever they hold."""
    cell = "\x1b[31m\u202e\u2028<script>\t"
    report = judged(tmp_path, field("x", "integer"), cell)
    type_error(report, cell)
    assert json.loads(json.dumps(report)) == report
