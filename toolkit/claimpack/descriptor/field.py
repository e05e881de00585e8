"""One field of a Table Schema: its type, format, options, categories and missing values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from claimpack.descriptor import constraint, spelling, values
from claimpack.descriptor.faults import Place, example, kind, shown
from claimpack.descriptor.model import FIELD_TYPES, Field

_TEMPORAL = ("date", "time", "datetime")
_FORMATS: dict[str, tuple[str, ...]] = {
    "string": ("default", "email", "uri", "binary", "uuid"),
    "geopoint": ("default", "array", "object"),
    "geojson": ("default", "topojson"),
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "number": {"decimalChar": ".", "groupChar": None, "bareNumber": True},
    "integer": {"groupChar": None, "bareNumber": True},
    "boolean": {"trueValues": values.TRUE, "falseValues": values.FALSE},
    "list": {"delimiter": ",", "itemType": "string"},
}
_OPTIONS = frozenset(name for options in _DEFAULTS.values() for name in options)
_ITEMS = ("string", "integer", "boolean", "number", "datetime", "date", "time")
_OLD_TYPES = {
    "int": "integer",
    "bigint": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "numeric": "number",
    "bool": "boolean",
    "text": "string",
    "str": "string",
    "varchar": "string",
    "timestamp": "datetime",
    "date-time": "datetime",
    "gyear": "year",
    "gyearmonth": "yearmonth",
    "json": "object",
    "dict": "object",
}
_STRPTIME = frozenset("aAwdbBmyYHIMpSfzZjUWcxXGuV%")
_OF_C = {
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "e": "%d",
    "h": "%b",
    "r": "%I:%M:%S %p",
    "n": " ",
    "t": " ",
}
"""Directives that strptime of C knows and Python's does not, in Python's."""


def read(raw: object, index: int, place: Place, missing: tuple[str, ...]) -> Field:
    """A field, whatever its descriptor is like, so that every column keeps its position.

    Args:
        raw: The field's descriptor.
        index: Its position, from 0.
        place: Its place.
        missing: Missing values of the schema.
    """
    if not isinstance(raw, dict):
        place.error(
            f"field {index + 1} is {kind(raw)}, not an object",
            example({"name": raw}, 'an object with a name, such as {"name": "id"}')
            if isinstance(raw, str) and raw
            else 'Write it as an object with a name, such as {"name": "id"}',
            clause="Table Schema, fields",
        )
        name = raw if isinstance(raw, str) else f"field{index + 1}"
        return Field(name, "any", missing_values=missing, pointer=place.pointer, named=False)
    name = _name(raw, index, place)
    place = place.at(field=name)
    spelling.check(raw, "field", place)
    _texts(raw, place)
    type_, known = _type(raw, place)
    options = _options(raw, type_, place) if known else {}
    form, understood = _format(raw, type_, place) if known else ("default", True)
    if not understood:
        type_, known = "any", False
    own = missing_values(raw, place)
    categories = _categories(raw, type_, form, options, place) if known else None
    return Field(
        name,
        type_,
        form,
        constraint.read(raw, type_, form, options, known, categories, place),
        missing if own is None else own,
        categories,
        _ordered(raw, place),
        options,
        raw,
        place.pointer,
        isinstance(raw.get("name"), str) and raw["name"] != "",
    )


def missing_values(raw: dict[str, Any], place: Place) -> tuple[str, ...] | None:
    """`missingValues` of a schema or field as texts; None where there are none."""
    if "missingValues" not in raw:
        return None
    declared = raw["missingValues"]
    if not isinstance(declared, list):
        place.error(
            f"missingValues is {kind(declared)}, not a list",
            example(["", declared], 'a list of texts, such as ["", "NA"]')
            if isinstance(declared, str) and declared
            else 'Write a list of texts, such as ["", "NA"]',
            "missingValues",
        )
        return None
    found = [
        text
        for index, item in enumerate(declared)
        if (text := _missing(item, index, place)) is not None
    ]
    if place.standard == "2":
        _unique(found, "missingValues", "missing value", place)
        labels = [item.get("label") for item in declared if isinstance(item, dict)]
        _unique([item for item in labels if item], "missingValues", "label", place)
    return tuple(dict.fromkeys(found))


def _missing(item: object, index: int, place: Place) -> str | None:
    value = item
    if isinstance(item, dict):
        _label(item, place, "missingValues", index)
        value = item.get("value")
    if isinstance(value, str):
        return value
    place.error(
        f"the missing value {shown(value)} is {kind(value)}, not a text",
        f"Write {shown(str(value))}: missing values are compared with the cells' texts"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else "Write it in quotes: missing values are compared with the cells' texts",
        "missingValues",
        index,
    )
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _label(item: dict[str, Any], place: Place, *steps: str | int) -> None:
    label = item.get("label", "")
    if not isinstance(label, str):
        place.error(f"the label is {kind(label)}, not a text", "Write a text", *steps, "label")


def _unique(items: list[Any], step: str, noun: str, place: Place) -> None:
    texts = [item if isinstance(item, str) else shown(item) for item in items]
    if len(set(texts)) == len(texts):
        return
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    for text in [text for text, count in counts.items() if count > 1]:
        message = f"the {noun} {shown(text)} is twice in {step}"
        place.error(message, "Delete one of the two", step)


def _name(raw: dict[str, Any], index: int, place: Place) -> str:
    value = raw.get("name")
    if isinstance(value, str):
        if "\0" in value:
            message = f"the name of field {index + 1} contains NUL, which no column label can"
            place.error(message, "Write the label of its column", "name")
        if not value:
            message = f"the name of field {index + 1} is empty"
            place.warn(message, "Give it the name of its column", "name")
        return value or f"field{index + 1}"
    if "name" not in raw:
        place.error(f"field {index + 1} has no name", "Give it the name of its column")
    else:
        place.error(
            f"the name of field {index + 1} is {kind(value)}, not a text",
            "Write the name in quotes",
            "name",
        )
    return str(value) if isinstance(value, int) else f"field{index + 1}"


def _texts(raw: dict[str, Any], place: Place) -> None:
    for key in ("title", "description", "rdfType"):
        if key in raw and not isinstance(raw[key], str):
            value = raw[key]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            fix = example(str(value), "a text") if number else "Write a text"
            place.error(f"{key} is {kind(value)}, not a text", fix, key)


def _type(raw: dict[str, Any], place: Place) -> tuple[str, bool]:
    """The type, and whether it is one that the descriptor means."""
    if "type" not in raw:
        return ("any" if place.standard == "2" else "string"), True
    value = raw["type"]
    if isinstance(value, str) and value in FIELD_TYPES:
        return value, True
    words = f"the type is {kind(value)}, not a text"
    if isinstance(value, str):
        likely = _OLD_TYPES.get(value.lower()) or spelling.nearest(value, FIELD_TYPES)
        words = f"{shown(value)} is not a type of the standard"
        words += f"; did you mean {shown(likely)}?" if likely else ""
    place.error(words, f"Write one of {', '.join(FIELD_TYPES)}", "type")
    return "any", False


def _format(raw: dict[str, Any], type_: str, place: Place) -> tuple[str, bool]:
    """The format, and whether cells can be checked by it."""
    value = raw.get("format", "default")
    if not isinstance(value, str):
        place.error(f"the format is {kind(value)}, not a text", "Write a text", "format")
        return "default", type_ not in _TEMPORAL
    if type_ in _TEMPORAL:
        return _moment(value.removeprefix("fmt:"), type_, place)
    allowed = _FORMATS.get(type_, ("default",))
    if value in allowed or type_ == "any":
        return value, True
    hint = spelling.suggestion(value, allowed)
    place.error(
        f"{shown(value)} is not a format of the type {type_}{hint}",
        f"Write {' or '.join(allowed)}, or leave it out",
        "format",
        clause=f"Table Schema, {type_}",
    )
    return "default", True


def _moment(value: str, type_: str, place: Place) -> tuple[str, bool]:
    if value in ("default", "any"):
        return value, True
    translated = re.sub("%(.)", lambda match: _OF_C.get(match[1], match[0]), value)
    directives = re.findall("%(.?)", translated)
    strange = next((mark for mark in directives if mark not in _STRPTIME or not mark), None)
    twice = _repeats(translated) if directives and strange is None else False
    if directives and strange is None and not twice:
        return translated, True
    message = (
        f"the format {shown(value)} contains a part of a date or time twice"
        if twice
        else f"the directive {shown('%' + (strange or ''))} of the format {shown(value)} is unknown"
        if directives
        else f"{shown(value)} is not a format of the type {type_}"
    )
    place.error(
        message,
        "Write default, any, or a pattern of strptime such as %d/%m/%Y",
        "format",
        clause=f"Table Schema, {type_}",
    )
    return "default", False


def _repeats(pattern: str) -> bool:
    """Whether a pattern has a directive twice, on its own or within another such as %c."""
    from datetime import datetime

    try:
        datetime.strptime("", pattern)
    except re.error:
        return True
    except ValueError:
        return False
    return False


def _options(raw: dict[str, Any], type_: str, place: Place) -> dict[str, Any]:
    defaults = _DEFAULTS.get(type_, {})
    for key in sorted((raw.keys() & _OPTIONS) - defaults.keys()):
        place.warn(
            f"{key} has no effect on a field of the type {type_}",
            "Delete it, or correct the type",
            key,
            rule=spelling.RULE,
        )
    options = dict(defaults)
    for key in raw.keys() & defaults.keys():
        test, words = _TESTS[key]
        if test(raw[key]):
            options[key] = tuple(raw[key]) if isinstance(raw[key], list) else raw[key]
        elif key != "groupChar" or raw[key] not in (None, ""):
            place.error(f"{key} is {shown(raw[key])}", f"Write {words}", key)
    if type_ == "number" and options["decimalChar"] == options["groupChar"]:
        place.error("decimalChar and groupChar are the same", "Change one", "groupChar")
        options["groupChar"] = None
    return options


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _listed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_TESTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "decimalChar": (_filled, "a character, such as ."),
    "groupChar": (_filled, "a character, such as ,"),
    "bareNumber": (lambda value: isinstance(value, bool), "true or false"),
    "trueValues": (_listed, "a list of texts"),
    "falseValues": (_listed, "a list of texts"),
    "delimiter": (_filled, "a text, such as ;"),
    "itemType": (lambda value: value in _ITEMS, f"one of {', '.join(_ITEMS)}"),
}


def _categories(
    raw: dict[str, Any], type_: str, form: str, options: dict[str, Any], place: Place
) -> tuple[Any, ...] | None:
    if "categories" not in raw:
        return None
    declared = raw["categories"]
    if type_ not in ("string", "integer"):
        place.error(
            f"categories have no effect on a field of the type {type_}, only on string and integer",
            "Use the constraint enum, or correct the type",
            "categories",
        )
        return None
    if not isinstance(declared, list):
        place.error(
            f"categories is {kind(declared)}, not a list", "Write a list of values", "categories"
        )
        return None
    if not declared:
        place.warn("categories is empty, so no value is valid", "List them", "categories")
    found, parsed = [], []
    for index, item in enumerate(declared):
        value = item
        if isinstance(item, dict):
            _label(item, place, "categories", index)
            value = item.get("value")
        try:
            parsed.append(values.parse(type_, form, options, value))
        except ValueError:
            message = f"the category {shown(value)} is not a valid {type_}"
            fix = f"Write a value of the type {type_}, or correct the type"
            place.error(message, fix, "categories", index)
        else:
            found.append(value)
    _unique(parsed, "categories", "category", place)
    labels = [item.get("label") for item in declared if isinstance(item, dict)]
    _unique([label for label in labels if label is not None], "categories", "label", place)
    return tuple(found)


def _ordered(raw: dict[str, Any], place: Place) -> bool:
    value = raw.get("categoriesOrdered", False)
    if not isinstance(value, bool):
        message = f"categoriesOrdered is {kind(value)}, neither true nor false"
        place.error(message, "Write true or false", "categoriesOrdered")
        return False
    return value
