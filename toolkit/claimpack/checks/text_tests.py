"""Tests on single texts, for the types that no expression can judge.

Each maker returns a function that is true where the text is at fault. An engine
runs it once for each distinct text of a column.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from claimpack import limits
from claimpack.descriptor import values
from claimpack.descriptor.model import Field

Test = Callable[[str], bool]


def malformed(field: Field) -> Test:
    """The test of a field whose type `lexical` cannot judge."""
    if field.type in ("object", "array"):
        return partial(_not_json, dict if field.type == "object" else list)
    if field.type == "geojson":
        return _not_topojson if field.format == "topojson" else _not_geojson
    if field.type == "geopoint":
        return partial(_not_geopoint, field.format)
    if field.type == "list":
        return partial(_not_list, field)
    return partial(_not_moment, field.format.removeprefix("fmt:"))


def parse_json(text: str) -> Any:
    """JSON of bounded depth without NaN and infinities; ValueError where it is none."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = match.group()
        depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
        if depth > limits.JSON_DEPTH:
            raise ValueError("nested too deeply")
    return json.loads(text, parse_constant=_refuse, parse_int=_integer)


_BRACKETS = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*"')


def repeats_name(text: str) -> bool:
    """Whether an object of a JSON text has a name twice."""
    found = []

    def collect(pairs: list[tuple[str, Any]]) -> None:
        found.append(len({name for name, _ in pairs}) < len(pairs))

    json.loads(text, object_pairs_hook=collect, parse_int=_integer)
    return any(found)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 4000 else math.inf


def _not_json(kind: type, text: str) -> bool:
    try:
        return not isinstance(parse_json(text), kind)
    except ValueError:
        return True


def _not_geopoint(form: str, text: str) -> bool:
    try:
        longitude, latitude = point(form, text)
    except ValueError:
        return True
    return not (-180 <= float(longitude) <= 180 and -90 <= float(latitude) <= 90)


def point(form: str, text: str) -> tuple[str, str]:
    """Longitude and latitude as numbers in text; ValueError where the text is no such point."""
    try:
        return _GEOPOINT[form](text)
    except (KeyError, TypeError) as error:
        raise ValueError(text) from error


def _point_text(text: str) -> tuple[str, str]:
    match = re.fullmatch(rf"({_COORDINATE}), ?({_COORDINATE})", text)
    if not match:
        raise ValueError(text)
    return match[1], match[2]


def _point_array(text: str) -> tuple[str, str]:
    value = parse_json(text)
    if not isinstance(value, list):
        raise ValueError(text)
    longitude, latitude = value
    return _coordinate(longitude), _coordinate(latitude)


def _point_object(text: str) -> tuple[str, str]:
    value = parse_json(text)
    if set(value) != {"lon", "lat"}:
        raise ValueError(text)
    return _coordinate(value["lon"]), _coordinate(value["lat"])


def _coordinate(value: object) -> str:
    if isinstance(value, str):
        if not re.fullmatch(_COORDINATE, value):
            raise ValueError(value)
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(value)
    return repr(value)


_COORDINATE = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_GEOPOINT: dict[str, Callable[[str], tuple[str, str]]] = {
    "default": _point_text,
    "array": _point_array,
    "object": _point_object,
}
_GEOMETRIES = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def _not_geojson(text: str) -> bool:
    try:
        return not _geojson(parse_json(text))
    except (ValueError, TypeError, KeyError):
        return True


def _geojson(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    if kind == "FeatureCollection":
        return isinstance(value["features"], list) and all(map(_feature, value["features"]))
    return _feature(value) if kind == "Feature" else _geometry(value)


def _feature(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("type") != "Feature":
        return False
    shape, properties = value["geometry"], value["properties"]
    return (shape is None or _geometry(shape)) and isinstance(properties, dict | None)


def _geometry(value: Any) -> bool:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "GeometryCollection":
        return isinstance(value["geometries"], list) and all(map(_geometry, value["geometries"]))
    if kind not in _GEOMETRIES or not _positions(value["coordinates"], _GEOMETRIES[kind]):
        return False
    return all(map(_LINES[kind], _lines(value["coordinates"], _GEOMETRIES[kind])))


def _lines(value: Any, depth: int) -> list[Any]:
    """The lines in coordinates that are nested so deep: lists of positions."""
    if depth < 2:
        return [value]
    return [line for part in value for line in _lines(part, depth - 1)]


def _is_line(positions: list[Any]) -> bool:
    """RFC 7946, section 3.1.4: two or more positions; empty is a geometry without a place."""
    return len(positions) != 1


def _is_ring(positions: list[Any]) -> bool:
    """RFC 7946, section 3.1.6: four or more positions, the last the same as the first."""
    return not positions or (len(positions) >= 4 and positions[0] == positions[-1])


def _is_anything(positions: list[Any]) -> bool:
    return True


_LINES: dict[str, Callable[[list[Any]], bool]] = {
    "Point": _is_anything,
    "MultiPoint": _is_anything,
    "LineString": _is_line,
    "MultiLineString": _is_line,
    "Polygon": _is_ring,
    "MultiPolygon": _is_ring,
}


def _positions(value: Any, depth: int) -> bool:
    if not isinstance(value, list):
        return False
    if depth:
        return all(_positions(item, depth - 1) for item in value)
    numbers = all(isinstance(item, int | float) and not isinstance(item, bool) for item in value)
    return numbers and (len(value) >= 2 or not value)


def _not_topojson(text: str) -> bool:
    try:
        value = parse_json(text)
    except ValueError:
        return True
    if not isinstance(value, dict):
        return True
    if value.get("type") == "Topology":
        return not (isinstance(value.get("objects"), dict) and isinstance(value.get("arcs"), list))
    return value.get("type") not in {*_GEOMETRIES, "GeometryCollection"}


def _not_list(field: Field, text: str) -> bool:
    item = field.options.get("itemType") or "string"
    pattern = _ITEMS.get(item)
    if pattern is None:
        return False
    items = text.split(field.options.get("delimiter") or ",")
    if values.collapses(item, "default", {}):
        items = [part.strip(values.WHITE_SPACE) for part in items]
    return not all(pattern.fullmatch(part) and _real(item, part) for part in items)


def _real(item: str, part: str) -> bool:
    """Whether the calendar has the day of an item."""
    if item not in ("date", "datetime"):
        return True
    try:
        values.parse(item, "default", {}, part)
    except ValueError:
        return False
    return True


_ITEMS = {
    "integer": re.compile("[+-]?[0-9]+", re.ASCII),
    "number": re.compile(rf"{_COORDINATE}|(?i:nan|-?inf)", re.ASCII),
    "boolean": re.compile("true|True|TRUE|1|false|False|FALSE|0"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
    "datetime": re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}.*"),
}


def _not_moment(form: str, text: str) -> bool:
    try:
        values.moment(text, form)
    except ValueError:
        return True
    return False
