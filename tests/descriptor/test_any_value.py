"""Any JSON value in any property of a descriptor: there is a report, never an exception."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack.descriptor import spelling
from claimpack.descriptor.model import FIELD_TYPES
from packages import V2, Json, judge, write

VALUES = {
    "null": "null",
    "true": "true",
    "zero": "0",
    "negative": "-1",
    "fraction": "1.5",
    "infinite": "1e400",
    "huge": "9" * 3999,
    "empty text": '""',
    "text": '"x"',
    "number as text": '"12"',
    "NUL": '"a\\u0000b"',
    "surrogate": '"\\ud800"',
    "newline": '"a\\nb"',
    "byte order mark": '"\\ufeff"',
    "percent": '"%d %d"',
    "long text": json.dumps("x" * 5000),
    "deep JSON in a text": json.dumps("[" * 100_000),
    "empty list": "[]",
    "mixed list": '[1, "x", null, [], {}]',
    "nested lists": '[[["x"]]]',
    "empty object": "{}",
    "object": '{"name": [], "value": {}, "x": 1}',
    "list of objects": '[{"name": {}, "value": [], "label": 1}]',
    "deep list": "[" * 90 + "]" * 90,
    "too deep": "[" * 100_000 + "]" * 100_000,
}
"""JSON texts, so that values can be written that Python's own writer refuses."""
MARK = "the value in question"
CELLS = {
    **dict.fromkeys(FIELD_TYPES, "x"),
    "number": "1.5",
    "integer": "2",
    "boolean": "true",
    "object": "{}",
    "array": "[]",
    "date": "2020-01-01",
    "time": "10:00:00",
    "datetime": "2020-01-01T10:00:00Z",
    "year": "2020",
    "yearmonth": "2020-01",
    "duration": "P1D",
    "geopoint": '"1,2"',
    "geojson": '"{""type"":""Point"",""coordinates"":[1,2]}"',
}
TABLE = f"{','.join(FIELD_TYPES)}\n{','.join(CELLS[name] for name in FIELD_TYPES)}\n"


def descriptor(version: str) -> Json:
    """A package with a field of every type and every kind of key."""
    fields = [{"name": name, "type": name, "constraints": {}} for name in FIELD_TYPES]
    reference = {"resource": "", "fields": ["string"]}
    schema = {
        "fields": fields,
        "primaryKey": ["string"],
        "uniqueKeys": [["integer"]],
        "foreignKeys": [{"fields": ["string"], "reference": reference}],
    }
    return {
        **(V2 if version == "2" else {}),
        "name": "p",
        "licenses": [{"name": "MIT"}],
        "sources": [{"title": "a"}],
        "contributors": [{"title": "a"}],
        "resources": [{"name": "t", "path": "t.csv", "dialect": {}, "schema": schema}],
    }


def parts(raw: Json) -> dict[str, tuple[list[Json], frozenset[str]]]:
    """The objects of a descriptor by kind, and the properties that such an object may have."""
    resource = raw["resources"][0]
    schema = resource["schema"]
    people = "title path email version givenName familyName organization role roles web name"
    objects = {
        "package": [raw],
        "resource": [resource],
        "schema": [schema],
        "field": schema["fields"],
        "constraints": [item["constraints"] for item in schema["fields"]],
        "dialect": [resource["dialect"]],
        "foreign key": schema["foreignKeys"],
        "reference": [item["reference"] for item in schema["foreignKeys"]],
    }
    found = {name: (items, spelling.KNOWN[name]) for name, items in objects.items()}
    found["dialect"] = (found["dialect"][0], found["dialect"][1] | frozenset(spelling.GROUPS))
    for name in ("licenses", "sources", "contributors"):
        found[name] = (raw[name], frozenset(people.split()))
    return found


def altered(version: str, part: str, name: str, value: str) -> str:
    """The descriptor with a value in a property of every object of a kind."""
    raw = descriptor(version)
    for item in parts(raw)[part][0]:
        item[name] = MARK
    return json.dumps(raw).replace(json.dumps(MARK), value)


def places() -> Iterator[tuple[str, str]]:
    """Every property known, with the kind of object that it belongs to."""
    for part, (_, names) in parts(descriptor("2")).items():
        yield from ((part, name) for name in sorted(names))


def check(folder: Path, text: str, **options: Any) -> None:
    """There is a report, it is sound, and nothing in it comes from a limit of Python."""
    report = claimpack.validate(folder, text=text, config=True, **options).to_dict()
    assert report["verdict"] in {"valid", "invalid", "not-checked"}
    assert all(item["message"] for item in report["findings"])
    said = json.dumps([report["findings"], report["unchecked"]])
    assert "recursion" not in said
    assert "internal error" not in said


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize(("part", "name"), list(places()))
def test_any_value_in_any_property_is_reported(
    tmp_path: Path, part: str, name: str, version: str
) -> None:
    """Reading a descriptor ends with a report, whatever a property holds."""
    write(tmp_path / "t.csv", TABLE)
    for value in VALUES.values():
        check(tmp_path, altered(version, part, name, value), metadata_only=True)


DATA = [
    (part, name)
    for part, name in places()
    if part in ("constraints", "dialect", "foreign key", "reference")
    or (part == "schema" and name not in spelling._METADATA.split())
    or (part == "field" and name not in ("title", "description", "rdfType", "example"))
    or name in ("path", "data", "format", "encoding", "compression", "hash", "bytes", "schema")
]
FEW = ("null", "infinite", "huge", "text", "newline", "percent", "mixed list", "object")


@pytest.mark.parametrize(("part", "name"), DATA)
def test_any_value_is_survived_by_the_checks_of_the_data(
    tmp_path: Path, part: str, name: str
) -> None:
    """What reading keeps of a wrong descriptor never stops the checks of the data."""
    write(tmp_path / "t.csv", TABLE)
    for value in FEW:
        check(tmp_path, altered("2", part, name, VALUES[value]))


@pytest.mark.parametrize("name", ["minimum", "maximum", "exclusiveMaximum", "enum"])
@pytest.mark.parametrize("value", ["mixed list", "object", "infinite"])
def test_command_reports_a_bound_of_the_wrong_kind(tmp_path: Path, name: str, value: str) -> None:
    """A list or an object in a number's bound is an error of the descriptor."""
    write(tmp_path / "t.csv", TABLE)
    write(tmp_path / "datapackage.json", altered("2", "constraints", name, VALUES[value]))
    report = judge(tmp_path)
    assert report["rules"].get("descriptor-error", 0) >= (value != "infinite")
