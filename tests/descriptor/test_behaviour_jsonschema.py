# ruff: noqa: E501  one case a line, so that the tables can be read
"""The constraint jsonSchema, categories, labels, and the types that are JSON inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_behaviour_constraints import column, holds

from packages import V2, Json, expect, field, judge, make, of, table, unchecked, valid


def held(schema: Json, kind: str = "object") -> Json:
    """A field whose values must fit a JSON Schema."""
    return field("x", kind, constraints={"jsonSchema": schema})


# jsonSchema


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"required": ["v"]}, '{"v":1}', "{}"),
        ({"properties": {"v": {"pattern": r"^\p{Lu}"}}}, '{"v":"\xc9"}', '{"v":"\xe9"}'),
        ({"patternProperties": {"^a": {"type": "integer"}}}, '{"ab":1,"b":"x"}', '{"ab":"x"}'),
        (
            {"properties": {"v": {}}, "patternProperties": {"^a": {}}, "additionalProperties": False},
            '{"v":1,"ab":1}',
            '{"b":1}',
        ),
        ({"additionalProperties": {"type": "integer"}}, '{"a":1}', '{"a":"1"}'),
        ({"properties": {"v": {"enum": [{"$ref": "#/x"}]}}}, '{"v":{"$ref":"#/x"}}', '{"v":1}'),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#",
             "properties": {"v": {"minimum": 1, "exclusiveMinimum": True}}},
            '{"v":2}',
            '{"v":1}',
        ),
    ],
)  # fmt: skip
def test_json_schema_is_held_against_the_value(
    tmp_path: Path, schema: Json, good: str, bad: str
) -> None:
    """Every keyword holds, in the draft that the schema names, else in the latest."""
    holds(tmp_path, held(schema), [good], [bad])


def test_json_schema_on_an_array(tmp_path: Path) -> None:
    """Arrays have the constraint, too."""
    holds(tmp_path, held({"items": {"type": "integer"}}, "array"), ["[1,2]", "[]"], ['["a"]'])


INTEGER = {"type": "integer"}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"v": {"$ref": "#/$defs/a"}}, "$defs": {"a": INTEGER}},
        {"properties": {"v": {"$ref": "#a"}}, "$defs": {"a": {"$anchor": "a", **INTEGER}}},
        {"$id": "https://example.org/s", "$defs": {"a": INTEGER},
         "properties": {"v": {"$ref": "https://example.org/s#/$defs/a"}}},
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": INTEGER},
         "properties": {"v": {"$ref": "#/definitions/a"}}},
        {"properties": {"v": {**INTEGER}, "w": {"$ref": "#"}}},
    ],
)  # fmt: skip
def test_json_schema_may_refer_to_itself(
    tmp_path: Path, no_network: list[object], schema: Json
) -> None:
    """A reference within the schema is followed, by pointer, anchor or its own address."""
    holds(tmp_path, held(schema), ['{"v":1}'], ['{"v":"x"}'])
    assert no_network == []


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.org/s"},
        {"$ref": "other.json"},
        {"$dynamicRef": "https://example.org/s#x"},
        {"properties": {"v": {"$ref": "file:///etc/passwd"}}},
    ],
)
def test_json_schema_that_refers_out_is_not_checked(
    tmp_path: Path, no_network: list[object], schema: Json
) -> None:
    """Nothing is fetched or opened: the constraint is said to be not checked."""
    report = judge(column(tmp_path, held(schema), "{}"))
    assert "jsonSchema" in unchecked(report, "t")["what"]
    assert no_network == []


@pytest.mark.parametrize(
    "schema",
    [{"type": "nonsense"}, {"pattern": "("}, {"$ref": "#/nowhere"}, {"properties": []}],
)
def test_json_schema_that_is_none(tmp_path: Path, schema: Json) -> None:
    """The descriptor's fault, told once; the rest is checked."""
    report = judge(column(tmp_path, held(schema), "{}", "[]"))
    expect(report, "invalid", {"rule": "descriptor-error"}, {"rule": "type-error", "row": 2})
    assert of(report, "descriptor-error")[0]["pointer"].startswith(
        "/resources/0/schema/fields/1/constraints/jsonSchema"
    )


def fan(depth: int) -> Json:
    """A small schema that takes two to the power of its depth steps."""
    made: dict[str, Any] = {"a0": {}}
    for number in range(1, depth):
        made[f"a{number}"] = {"allOf": [{"$ref": f"#/$defs/a{number - 1}"}] * 2}
    return {"$ref": f"#/$defs/a{depth - 1}", "$defs": made}


@pytest.mark.parametrize("schema", [{"$ref": "#"}, fan(60)])
def test_json_schema_without_end_is_not_checked(tmp_path: Path, schema: Json) -> None:
    """A schema that does not come to an end on a value is given up, and said so."""
    said = unchecked(judge(column(tmp_path, held(schema), "{}")), "t")
    assert said["what"] == "constraint-error of x"


def test_json_schema_whose_pattern_explodes_is_answered_in_time(tmp_path: Path) -> None:
    """A pattern in a JSON Schema is bounded like any other: an answer, or not checked."""
    schema = {"properties": {"v": {"pattern": "^(?=a)(a|aa)+$"}}}
    report = judge(column(tmp_path, held(schema), '{"v":"' + "a" * 60 + '!"}'))
    assert report["verdict"] in {"invalid", "not-checked"}


# Categories and missing values


@pytest.mark.parametrize(
    ("kind", "more", "good", "bad"),
    [
        ("string", {"categories": ["a", "b"], "categoriesOrdered": True}, ["a", "b"], ["A", "c"]),
        ("string", {"categories": [{"value": "a", "label": "A"}]}, ["a"], ["A"]),
        ("integer", {"categories": [{"value": 0, "label": "no"}, {"value": 1}]}, ["0", "01"], ["2"]),
        ("integer", {"categories": ["1", 2], "constraints": {"enum": [1, "02"]}}, ["1", "2"], ["3"]),
        ("integer", {"categories": [1, 2], "constraints": {"enum": ["1"]}}, ["+1"], ["2"]),
        ("integer", {"categories": [10**40]}, ["0" + str(10**40)], [str(10**40 + 1)]),
    ],
)  # fmt: skip
def test_categories_are_compared_by_value(
    tmp_path: Path, kind: str, more: Json, good: list[str], bad: list[str]
) -> None:
    """Categories: "The logical representation of data in the field MUST exactly match one of the values";
    an enum beside them is a subset of them by value.
    """
    holds(tmp_path, field("x", kind, **more), good, bad)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("integer", {"categories": [1, "01"]}),
        ("string", {"categories": ["a", "a"]}),
        ("string", {"categories": [{"value": "a", "label": "x"}, {"value": "b", "label": "x"}]}),
        ("string", {"categories": [{"value": "a", "label": 1}]}),
        ("string", {"categories": ["a"], "categoriesOrdered": "yes"}),
        ("string", {"categories": ["a"], "constraints": {"enum": ["b"]}}),
        ("number", {"categories": [1.5]}),
        ("string", {"categories": "a"}),
        ("integer", {"categories": [1.5]}),
    ],
)
def test_categories_that_are_wrong(tmp_path: Path, kind: str, more: Json) -> None:
    """Values and labels are unique, of the field's type, and of a string or integer field."""
    report = judge(column(tmp_path, field("x", kind, **more), ""))
    expect(report, "invalid", {"rule": "descriptor-error"})


@pytest.mark.parametrize(
    ("own", "schema", "good", "bad"),
    [
        (None, [{"value": "-99", "label": "refused"}, {"value": "NA"}], ["-99", "NA", "1"], [""]),
        (["-"], ["", "NA"], ["-", "1"], ["", "NA"]),
        ([{"value": "-", "label": "none"}], None, ["-"], [""]),
        ([], ["", "NA"], ["1"], ["", "NA"]),
        (["1"], None, ["1", "2"], [""]),
    ],
)
def test_missing_values_of_a_field_replace_those_of_the_schema(
    tmp_path: Path, own: object, schema: object, good: list[str], bad: list[str]
) -> None:
    """Field-level: "it takes precedence over the schema-level property and completely replaces it"."""
    described = field("x", "integer", **({} if own is None else {"missingValues": own}))
    more = {"schema": {"missingValues": schema}} if schema is not None else {}
    report = judge(column(tmp_path, described, *good, *bad, **more))
    assert [item["value"] for item in of(report, "type-error")] == bad
    assert report["rules"] == {"type-error": len(bad)}


# GeoJSON and TopoJSON


def of_type(folder: Path, described: Json, good: list[str], bad: list[str]) -> None:
    """The good cells are values of the type, the bad are none."""
    report = judge(column(folder, described, *good, *bad))
    assert [item["value"] for item in of(report, "type-error")] == bad
    assert report["rules"] == ({"type-error": len(bad)} if bad else {})


def test_geojson_is_that_of_rfc_7946(tmp_path: Path) -> None:
    """Positions of two numbers or more, lines of two positions, closed rings of four."""
    good = [
        '{"type":"Point","coordinates":[1,2,3]}',
        '{"type":"Point","coordinates":[]}',
        '{"type":"LineString","coordinates":[[0,0],[1,1]]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}',
        '{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}',
        '{"type":"Feature","geometry":null,"properties":null}',
        '{"type":"FeatureCollection","features":[]}',
        '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}',
    ]
    bad = [
        '{"type":"Point","coordinates":[1]}',
        '{"type":"Point","coordinates":[1,true]}',
        '{"type":"LineString","coordinates":[[0,0]]}',
        '{"type":"MultiLineString","coordinates":[[[0,0]]]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}',
        '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}',
        '{"type":"Circle","coordinates":[1,2]}',
    ]
    of_type(tmp_path, field("x", "geojson"), good, bad)


def test_topojson_is_a_topology_or_a_geometry(tmp_path: Path) -> None:
    """A topology has objects and arcs; a GeoJSON feature is none."""
    good = [
        '{"type":"Topology","objects":{},"arcs":[]}',
        '{"type":"Point","coordinates":[1,2]}',
        '{"type":"GeometryCollection","geometries":[]}',
    ]
    bad = [
        '{"type":"Topology"}',
        '{"type":"Topology","objects":[],"arcs":[]}',
        '{"type":"FeatureCollection","features":[]}',
        "{}",
        "[]",
    ]
    of_type(tmp_path, field("x", "geojson", format="topojson"), good, bad)


# Lists


ITEMS: list[tuple[str, list[str], list[str]]] = [
    ("string", ["a,b", "a,,b"], []),
    ("integer", ["1,-2,+3", "1, 2"], ["1.5", "1,", "1, 2 3", "a"]),
    ("number", ["1,2.5,1e3,NaN,-INF"], ["1_0", "+INF", "1,,2"]),
    ("boolean", ["true,0,TRUE"], ["yes", "true,"]),
    ("date", ["2020-02-29,2021-01-01"], ["2020-02-30", "2020-1-1", "2020-01-01T00:00:00"]),
    ("time", ["10:00:00,23:59:59"], ["24:00:00", "10:00", "10:00:00Z", "10:00:60"]),
    (
        "datetime",
        ["2020-01-01T00:00:00Z,2020-01-01T00:00:00.5+01:00"],
        ["2020-01-01", "2020-01-01 00:00:00", "2020-13-01T00:00:00", "2020-01-01T00:00:00x"],
    ),
]


@pytest.mark.parametrize(("item", "good", "bad"), ITEMS)
def test_items_of_a_list_are_values_of_their_type(
    tmp_path: Path, item: str, good: list[str], bad: list[str]
) -> None:
    """List: "A data consumer MUST process list items as it were individual values of the
    corresponding data type", in the type's default form.
    """
    of_type(tmp_path, field("x", "list", itemType=item), good, bad)


# NaN, and keys across types


def test_nan_equals_itself_in_keys(tmp_path: Path) -> None:
    """A choice of ours: the standard and XML Schema's decimal know no NaN among keys."""
    described = field("x", "number", constraints={"unique": True})
    report = judge(column(tmp_path, described, "NaN", "nan", "INF", "-INF"))
    expect(report, "invalid", {"rule": "unique-error", "row": 2, "value": "nan"})


@pytest.mark.parametrize(
    ("parent", "child", "key", "reference"),
    [
        (field("x", "number"), field("x", "integer"), "1.0", "1"),
        (field("x", "integer"), field("x", "number"), "1", "1e0"),
        (field("x", "date"), field("x", "date", format="%d/%m/%Y"), "2020-02-01", "1/2/2020"),
        (field("x", "date"), field("x", "date", format="any"), "2020-02-01", "1 Feb 2020"),
        (
            field("x", "list", itemType="integer"),
            field("x", "list", itemType="integer", delimiter=";"),
            "1,2",
            "01;2",
        ),
        (field("x", "geopoint"), field("x", "geopoint", format="array"), "1,2", "[1.0, 2]"),
    ],
)
def test_reference_between_two_forms_of_one_type(
    tmp_path: Path, parent: Json, child: Json, key: str, reference: str
) -> None:
    """Each side is read in its own form; equal values meet."""
    link = {"fields": ["x"], "reference": {"resource": "p", "fields": ["x"]}}
    make(
        tmp_path,
        [
            table("p", [field("n"), parent]),
            table("c", [field("n"), child], schema={"foreignKeys": [link]}),
        ],
        {"p.csv": f'n,x\n1,"{key}"\n', "c.csv": f'n,x\n1,"{reference}"\n'},
        **V2,
    )
    valid(judge(tmp_path), rows=2)
