"""A cell that has not its field's type meets no other rule of that field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claimpack.readers import csv_plainness
from packages import V2, Json, field, judge, one

KINDS: dict[str, tuple[Any, ...]] = {
    "integer": ("integer", {}, "5", "5x", 7),
    "integer with text": ("integer", {"bareNumber": False}, "5 kg", "kg", 7),
    "number": ("number", {}, "5.0", "5,0", 7),
    "number with comma": ("number", {"decimalChar": ","}, "5,0", "5.0", 7),
    "boolean": ("boolean", {}, "true", "yes", True),
    "date": ("date", {}, "2020-01-05", "2020-02-30", "2020-01-07"),
    "date by pattern": ("date", {"format": "%d/%m/%Y"}, "05/01/2020", "31/01/200", "07/01/2020"),
    "date by odd pattern": ("date", {"format": "%d%b%Y"}, "05Jan2020", "31Foo2020", "07Jan2020"),
    "date of any form": ("date", {"format": "any"}, "5 Jan 2020", "no", "2020-01-07"),
    "time": ("time", {}, "05:00:00", "5:00", "07:00:00"),
    "time by pattern": ("time", {"format": "%H:%M"}, "05:00", "25:00", "07:00"),
    "datetime": (*("datetime", {}, "2020-01-05T00:00:00Z", "2020-01-05", "2020-01-07T00:00:00Z"),),
    "datetime by pattern": (
        *("datetime", {"format": "%Y-%m-%d %H:%M"}, "2020-01-05 00:00", "2020-01-05"),
        "2020-01-07 00:00",
    ),
    "year": ("year", {}, "2005", "20o5", 2007),
    "yearmonth": ("yearmonth", {}, "2020-05", "2020-13", "2020-07"),
    "duration": ("duration", {}, "P5D", "5D", "P7D"),
    "email": ("string", {"format": "email"}, "a@example.org", "a@", "b@example.org"),
    "uri": ("string", {"format": "uri"}, "http://example.org/a", "a b", "http://example.org/b"),
    "uuid": (
        *("string", {"format": "uuid"}, "123e4567-e89b-12d3-a456-426614174000", "123e"),
        "123e4567-e89b-12d3-a456-426614174001",
    ),
    "binary": ("string", {"format": "binary"}, "YWJj", "abc", "YQ=="),
    "object": ("object", {}, "{}", "{", {"a": 1}),
    "array": ("array", {}, "[]", "[", [1]),
    "list": ("list", {"itemType": "integer"}, "1,2", "1,x", [1]),
    "geopoint": ("geopoint", {}, "5, 5", "200, 5", "7, 7"),
    "geojson": (
        *("geojson", {}, '{"type": "Point", "coordinates": [5, 5]}', "{}"),
        {"type": "Point", "coordinates": [7, 7]},
    ),
}
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LENGTHS = {"minLength": 100, "maxLength": 1}


def _constraints(kind: str, bound: object) -> list[Json]:
    """Each constraint that fields of a type may have, broken by every cell."""
    made: list[Json] = [{"enum": [bound]}]
    if kind in ("integer", "number", "date", "time", "datetime", "year", "yearmonth", "duration"):
        made += [{name: bound} for name in BOUNDS]
    if kind in ("string", "array", "object", "list"):
        made += [{name: length} for name, length in LENGTHS.items()]
    if kind == "string":
        made += [{"pattern": "never"}, {"pattern": "(?=never).*"}]
    if kind in ("array", "object", "geojson"):
        made.append({"jsonSchema": {"not": {}}})
    return [*made, {"unique": True}]


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("name", KINDS)
def test_a_cell_of_the_wrong_type_has_one_finding(
    name: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One type error and nothing else, whatever the type, its format and the constraint."""
    if large:
        monkeypatch.setattr(csv_plainness, "SMALL", -1)
    kind, options, good, bad, bound = KINDS[name]
    constraints = _constraints(kind, bound)
    fields = [
        field(f"x{n}", kind, constraints=each, **options) for n, each in enumerate(constraints)
    ]
    labels = ",".join(item["name"] for item in fields)
    rows = [labels, *(",".join([_quoted(cell)] * len(fields)) for cell in (good, bad, bad))]
    schema = {"uniqueKeys": [[fields[0]["name"]]]}
    path = one(tmp_path, "\n".join(rows) + "\n", fields, package=V2, schema=schema)
    found = [item for item in judge(path)["findings"] if item["row"] and item["row"] > 1]
    assert {item["rule"] for item in found} == {"type-error"}
    assert len(found) == 2 * len(fields)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
