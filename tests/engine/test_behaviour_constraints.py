# ruff: noqa: E501  one case a line, so that the tables can be read
"""Every constraint on each type and format that it is allowed for, and keys over each.

Constraints are held against the logical value (Table Schema, Field Constraints: "All
constraints MUST be tested against the logical representation of data, and the physical
representation of constraint values MAY be primitive types as possible in JSON, or
represented as strings that are castable with the type and format rules of the field").
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from packages import V2, Json, expect, field, judge, make, one, table, valid


def quoted(cell: str) -> str:
    """The cell in quotes."""
    return '"' + cell.replace('"', '""') + '"'


def column(folder: Path, described: Json, *cells: str, **more: Any) -> Path:
    """A package of one table with a number and the field `x`."""
    lines = [f"{number},{quoted(cell)}" for number, cell in enumerate(cells, 1)]
    more.setdefault("package", V2)
    return one(folder, "\n".join(["n,x", *lines, ""]), [field("n", "integer"), described], **more)


def holds(folder: Path, described: Json, good: list[str], bad: list[str]) -> None:
    """The good cells are fine, each of the bad breaks a constraint, nothing else is said."""
    report = judge(column(folder, described, *good, *bad))
    assert report["unchecked"] == []
    assert report["rules"] == ({"constraint-error": len(bad)} if bad else {}), report["findings"]
    assert [item["value"] for item in report["findings"]] == bad


DATES = {"format": "%d/%m/%Y"}
POINT = {"decimalChar": ",", "groupChar": "."}

BOUNDS: list[tuple[str, Json, Json, list[str], list[str]]] = [
    ("integer", {}, {"minimum": 5}, ["5", "+6", "007"], ["4", "-7", "04"]),
    ("integer", {}, {"maximum": "5"}, ["5", "-6"], ["6", "00006"]),
    ("integer", {}, {"exclusiveMinimum": 5}, ["6"], ["5", "05"]),
    ("integer", {}, {"exclusiveMaximum": 5.0}, ["4"], ["5"]),
    ("integer", {"groupChar": ","}, {"minimum": "1,000"}, ["1,000", "1001"], ["999"]),
    ("integer", {"groupChar": ","}, {"minimum": 1000}, ["1,000"], ["999", "9,99"]),
    ("integer", {"bareNumber": False}, {"maximum": 95}, ["95%", "EUR 9", "-96 %"], ["96%"]),
    ("number", {}, {"minimum": 0.1}, ["0.1", ".10", "1e-1", "INF"], ["0.09", "-INF", "NaN"]),
    ("number", {}, {"maximum": "0.1"}, ["0.1", "-INF"], ["0.11", "1e0", "INF", "NaN"]),
    ("number", {}, {"exclusiveMinimum": 1}, ["1.0000000000000000000001", "2"], ["1", "1.0"]),
    ("number", {}, {"exclusiveMaximum": 1}, ["0.9999999999999999999999"], ["1", "1e0"]),
    ("number", {"decimalChar": ","}, {"minimum": "1,5"}, ["1,5", "2"], ["1,49"]),
    ("number", {"decimalChar": ","}, {"minimum": 1.5}, ["1,5", "2"], ["1,49"]),
    ("number", POINT, {"maximum": 1000.5}, ["1.000,5", "1000,5"], ["1.000,51"]),
    ("number", POINT, {"maximum": "1.000,5"}, ["1.000,5"], ["1000,500000000000000000001"]),
    ("number", {"bareNumber": False}, {"maximum": 99.5}, ["99.5%", "$ 1.5", "ca. -5 kg"], ["99.6%", "NaN"]),
    ("number", {"bareNumber": False, "decimalChar": ","}, {"minimum": 0.5}, ["ca. ,5 m", "INF"], ["EUR -1,5", ",4%"]),
    ("date", {}, {"minimum": "2020-02-29"}, ["2020-02-29", "9999-12-31"], ["2020-02-28"]),
    ("date", {}, {"exclusiveMaximum": "2020-02-29"}, ["2020-02-28"], ["2020-02-29"]),
    ("date", DATES, {"minimum": "01/02/2020"}, ["01/02/2020", "1/3/2020"], ["31/01/2020"]),
    ("date", {"format": "%d %b %y"}, {"maximum": "01 Feb 20"}, ["31 Jan 20", "1 Feb 69"], ["2 Feb 20"]),
    ("date", {"format": "any"}, {"minimum": "2020-02-01"}, ["1 Feb 2020"], ["31 January 2020"]),
    ("date", {"format": "%Y-%j"}, {"minimum": "2020-032"}, ["2020-032"], ["2020-031"]),
    ("date", {"format": "%G-W%V-%u"}, {"maximum": "2020-W01-3"}, ["2020-W01-3"], ["2020-W01-4"]),
    ("time", {}, {"minimum": "09:30:00"}, ["09:30:00", "23:59:59"], ["09:29:59"]),
    ("time", {"format": "%I:%M %p"}, {"minimum": "09:30 AM"}, ["09:30 AM", "01:00 PM"], ["12:30 AM"]),
    ("time", {"format": "any"}, {"exclusiveMaximum": "9:30"}, ["9:29"], ["9:30", "10pm"]),
    ("datetime", {}, {"minimum": "2020-01-01T00:00:00Z"},
     ["2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2019-12-31T23:00:00-01:00"],
     ["2020-01-01T00:59:59+01:00"]),
    ("datetime", {}, {"maximum": "2019-12-31T24:00:00"},
     ["2020-01-01T00:00:00", "2019-12-31T24:00:00", "-0044-03-15T00:00:00", "2019-12-31T09:59:59.999Z"],
     ["2020-01-01T00:00:00.001", "12020-01-01T00:00:00", "2019-12-31T10:00:00Z", "2020-01-01T14:00:00.1Z"]),
    ("datetime", {"format": "%Y-%m-%d %H:%M:%S%z"}, {"minimum": "2020-01-01 00:00:00+0000"},
     ["2020-01-01 01:00:00+0100"], ["2020-01-01 00:59:59+0100"]),
    ("datetime", {"format": "%d.%m.%Y %H:%M:%S.%f"}, {"exclusiveMinimum": "01.01.2020 00:00:00.5"},
     ["01.01.2020 00:00:00.500001"], ["01.01.2020 00:00:00.500000", "1.1.2020 0:0:0.4"]),
    ("datetime", {"format": "any"}, {"minimum": "2020-01-01 10:00"}, ["1/1/2020 10am"], ["1 Jan 2020 9:59"]),
    ("year", {}, {"minimum": 2000}, ["2000", "12020", "2001Z"], ["1999", "-0044", "1999+01:00", "2000Z"]),
    ("year", {}, {"minimum": "2020+05:00"}, ["2020+05:00", "2020Z", "2021"], ["2020+05:01", "2020", "2019"]),
    ("year", {}, {"exclusiveMaximum": "2000"}, ["1999", "-2001"], ["2000"]),
    ("year", {}, {"minimum": -44}, ["-0044", "0001"], ["-0045"]),
    ("yearmonth", {}, {"minimum": "2020-02"}, ["2020-02", "12020-01", "2020-03Z"], ["2020-01", "-2020-03", "2020-02Z"]),
    ("yearmonth", {}, {"exclusiveMaximum": "-0044-03"}, ["-0044-02", "-0045-12"], ["-0044-03", "0001-01"]),
    ("duration", {}, {"minimum": "PT1H"}, ["PT1H", "PT60M", "P1D", "P1M"], ["PT59M", "-P1Y", "PT0S"]),
    ("duration", {}, {"maximum": "P1Y"}, ["P12M", "P364D", "P1Y", "P11M27D"], ["P1Y1D", "P13M", "P365D", "P11M30D"]),
    ("duration", {}, {"exclusiveMinimum": "P1M"}, ["P32D", "P1MT1S"], ["P1M", "P27D", "P30D"]),
    ("duration", {}, {"exclusiveMaximum": "PT0.5S"}, ["PT0.49999999999999999999S"], ["PT0.50S", "P1D"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "bounds", "good", "bad"), BOUNDS)
def test_bounds_are_values_of_the_type(
    tmp_path: Path, kind: str, more: Json, bounds: Json, good: list[str], bad: list[str]
) -> None:
    """A bound on a date is a date, on a zoned datetime a moment, on a duration a duration."""
    holds(tmp_path, field("x", kind, constraints=bounds, **more), good, bad)


ENUMS: list[tuple[str, Json, list[Any], list[str], list[str]]] = [
    ("string", {}, ["a", "B"], ["a", "B"], ["A", "a "]),
    ("string", {"format": "uri"}, ["urn:a"], ["urn:a"], ["urn:b"]),
    ("integer", {}, [1, "2"], ["1", "01", "+2"], ["3"]),
    ("integer", {}, [10**45], ["1" + "0" * 45, "0" + "1" + "0" * 45], ["1" + "0" * 44 + "1"]),
    ("integer", {"groupChar": ","}, ["1,000"], ["1000", "1,000"], ["1,001"]),
    ("number", {}, [1, 0.1], ["1.0", "1e0", ".1", "0.10"], ["0.10000000000000000000001", "2"]),
    ("number", {}, ["NaN", "-INF"], ["nan", "-inf"], ["INF"]),
    ("number", POINT, [1000.5, "2.000,5"], ["1.000,5", "2000,50"], ["1000,6"]),
    ("boolean", {}, [True], ["true", "1"], ["false", "0"]),
    ("boolean", {"trueValues": ["y"], "falseValues": ["n"]}, ["y"], ["y"], ["n"]),
    ("date", {}, ["2020-01-01"], ["2020-01-01"], ["2020-01-02"]),
    ("date", DATES, ["01/02/2020"], ["01/02/2020", "1/2/2020"], ["02/01/2020"]),
    ("date", {"format": "any"}, ["2020-02-01"], ["1 Feb 2020"], ["2 Feb 2020"]),
    ("time", {}, ["10:00:00"], ["10:00:00"], ["10:00:01"]),
    ("datetime", {}, ["2020-01-01T00:00:00Z"], ["2020-01-01T01:00:00+01:00"], ["2020-01-01T01:00:00Z"]),
    ("year", {}, [2020, "-0044"], ["2020", "-0044"], ["0044"]),
    ("yearmonth", {}, ["2020-01"], ["2020-01"], ["2020-02"]),
    ("duration", {}, ["P1Y", "PT60S"], ["P12M", "PT1M"], ["P365D", "PT61S"]),
    ("object", {}, [{"a": 1, "b": [2]}], ['{"b":[2],"a":1}', '{"a":1.0,"b":[2]}'], ['{"a":true,"b":[2]}']),
    ("object", {}, ['{"a": 1}'], ['{"a":1}'], ['{"a":2}', '{"a":"1"}']),
    ("array", {}, [[1, "a"], "[]"], ['[1,"a"]', "[ ]", '[1.0, "\\u0061"]'], ['["a",1]', '[true,"a"]']),
    ("list", {}, ["a,b", ["c"]], ["a,b", "c"], ["b,a", "a", "a, b"]),
    ("list", {"itemType": "integer", "delimiter": ";"}, ["1;2", [3]], ["1;2", "01;+2", "03"], ["2;1"]),
    ("geopoint", {}, ["80.5, 45"], ["80.50,45.0", "80.5, 45"], ["45,80.5"]),
    ("geopoint", {"format": "array"}, [[80.5, 45]], ["[80.50, 45.0]"], ["[45, 80.5]"]),
    ("geopoint", {"format": "object"}, [{"lon": 1, "lat": 2}], ['{"lat":2,"lon":1}'], ['{"lat":1,"lon":2}']),
    ("geojson", {}, [{"type": "Point", "coordinates": [1, 2]}], ['{"coordinates":[1,2.0],"type":"Point"}'],
     ['{"coordinates":[2,1],"type":"Point"}']),
    ("any", {}, ["a", 1], ["a", "1"], ["b", "01"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "values", "good", "bad"), ENUMS)
def test_enum_is_compared_by_value(
    tmp_path: Path, kind: str, more: Json, values: list[Any], good: list[str], bad: list[str]
) -> None:
    """A cell is held against the values of the list, however they and it are written."""
    holds(tmp_path, field("x", kind, constraints={"enum": values}, **more), good, bad)


LENGTHS: list[tuple[str, Json, Json, list[str], list[str]]] = [
    ("string", {}, {"minLength": 2}, ["ab", "\N{GRINNING FACE}b"], ["a", "\N{GRINNING FACE}"]),
    ("string", {"format": "email"}, {"maxLength": 5}, ["a@b.c"], ["aa@b.c"]),
    ("array", {}, {"minLength": 1, "maxLength": 2}, ["[1]", "[[],[]]"], ["[]", "[1,2,3]"]),
    ("object", {}, {"minLength": 1, "maxLength": 1}, ['{"a":[1,2]}'], ["{}", '{"a":1,"b":2}']),
    ("list", {}, {"minLength": 2, "maxLength": 2}, ["a,b", "a,"], ["a", "a,b,c"]),
    ("list", {"delimiter": "; "}, {"maxLength": 1}, ["a;b"], ["a; b"]),
]


@pytest.mark.parametrize(("kind", "more", "bounds", "good", "bad"), LENGTHS)
def test_length_counts_characters_or_items(
    tmp_path: Path, kind: str, more: Json, bounds: Json, good: list[str], bad: list[str]
) -> None:
    """Characters of a string are code points; items those of a collection, a list among them."""
    holds(tmp_path, field("x", kind, constraints=bounds, **more), good, bad)


SAME: list[tuple[str, Json, str, str, str]] = [
    ("string", {}, "a", "a", "A"),
    ("integer", {}, "1", "+01", "2"),
    ("integer", {}, "1" + "0" * 50, "01" + "0" * 50, "1" + "0" * 49 + "1"),
    ("integer", {"groupChar": ","}, "1,000", "1000", "1,001"),
    ("integer", {"bareNumber": False}, "95%", "EUR 95", "96%"),
    ("number", {}, "1", "1.0", "1.00000000000000000000001"),
    ("number", {}, "100", "1e2", "1e3"),
    ("number", {}, "10000000000000000000000", "1e22", "10000000000000000000001"),
    ("number", {}, "100000000000000001.0", "100000000000000001", "100000000000000002.0"),
    ("number", {}, "0", "-0.0", "0.1"),
    ("number", {}, "NaN", "nan", "INF"),
    ("number", {}, "inf", "INF", "-INF"),
    ("number", {"decimalChar": ","}, "1,5", "01,50", "1,51"),
    ("number", {}, "1e-400", "10e-401", "2e-400"),
    ("boolean", {}, "true", "1", "false"),
    ("date", {}, "2020-01-01", "2020-01-01", "2020-01-02"),
    ("date", DATES, "01/02/2020", "1/2/2020", "02/01/2020"),
    ("date", {"format": "any"}, "1 Feb 2020", "2020-02-01", "2020-01-02"),
    ("date", {"format": "%Y-%j"}, "2020-032", "2020-32", "2020-033"),
    ("time", {"format": "%I:%M %p"}, "01:00 PM", "1:00 pm", "01:00 AM"),
    ("datetime", {}, "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T01:00:00"),
    ("datetime", {}, "2020-01-01T00:00:00.1", "2020-01-01T00:00:00.100", "2020-01-01T00:00:00.11"),
    ("datetime", {}, "12020-01-01T00:00:00", "12019-12-31T24:00:00", "12020-01-01T00:00:01"),
    ("datetime", {"format": "%Y-%m-%d %H:%M%z"}, "2020-01-01 00:00+0000", "2020-01-01 01:00+0100", "2020-01-01 01:00+0000"),
    ("year", {}, "2020", "2020", "12020"),
    ("yearmonth", {}, "2020-01", "2020-01", "2020-02"),
    ("duration", {}, "P1Y", "P12M", "P365D"),
    ("duration", {}, "PT90S", "PT1M30.0S", "PT1M31S"),
    ("object", {}, '{"a":1,"b":2}', '{"b":2,"a":1.0}', '{"a":2,"b":1}'),
    ("array", {}, "[1, 2]", "[1,2.0]", "[2,1]"),
    ("array", {}, "[1]", "[1e0]", "[true]"),
    ("list", {}, "a,b", "a,b", "b,a"),
    ("list", {"itemType": "integer"}, "1,2", "01,+2", "2,1"),
    ("list", {"itemType": "number"}, "1.0,2", "1,2e0", "1,2.1"),
    ("list", {"itemType": "boolean"}, "true,0", "1,false", "0,1"),
    ("list", {"itemType": "datetime"}, "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T01:00:00Z"),
    ("geopoint", {}, "80.5,45", "80.50, 45.0", "45,80.5"),
    ("geopoint", {"format": "array"}, "[80.5,45]", "[80.50, 45.0]", "[45,80.5]"),
    ("geopoint", {"format": "object"}, '{"lon":1,"lat":2}', '{"lat":2.0,"lon":1}', '{"lon":2,"lat":1}'),
    ("geojson", {}, '{"type":"Point","coordinates":[1,2]}', '{"coordinates":[1.0,2],"type":"Point"}', '{"type":"Point","coordinates":[2,1]}'),
    ("any", {}, "1", "1", "01"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "first", "same", "other"), SAME)
@pytest.mark.parametrize("how", ["unique", "primaryKey", "uniqueKeys"])
def test_keys_are_compared_by_value(
    tmp_path: Path, kind: str, more: Json, first: str, same: str, other: str, how: str
) -> None:
    """Two spellings of one value are a duplicate, two values are none."""
    described = field("x", kind, **more)
    schema: Json = {"primaryKey": ["x"]} if how == "primaryKey" else {}
    if how == "unique":
        described["constraints"] = {"unique": True}
    if how == "uniqueKeys":
        schema = {"uniqueKeys": [["x"]]}
    rule = {"unique": "unique-error", "primaryKey": "primary-key", "uniqueKeys": "unique-key"}[how]
    report = judge(column(tmp_path, described, first, same, other, schema=schema))
    expect(report, "invalid", {"rule": rule, "row": 2, "line": 3, "value": same})
    valid(judge(column(tmp_path, described, first, other, schema=schema)), rows=2)


@pytest.mark.parametrize(("kind", "more", "first", "same", "other"), SAME)
def test_references_are_compared_by_value(
    tmp_path: Path, kind: str, more: Json, first: str, same: str, other: str
) -> None:
    """A reference finds its target however either is written, alone and beside another field."""
    described = field("x", kind, **more)
    for names in (["x"], ["n", "x"]):
        link = {"fields": names, "reference": {"resource": "p", "fields": names}}
        fields = [field("n"), described]
        make(
            tmp_path,
            [table("p", fields), table("c", fields, schema={"foreignKeys": [link]})],
            {"p.csv": f"n,x\n1,{quoted(first)}\n", "c.csv": f"n,x\n1,{quoted(same)}\n1,{quoted(other)}\n1,\n"},
            **V2,
        )  # fmt: skip
        report = judge(tmp_path)
        expect(report, "invalid", {"rule": "foreign-key", "resource": "c", "row": 2})
