"""The data dictionary, a row a field, for formats that carry it as a table of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from claimpack.descriptor.model import Field, Package, Resource

NAME = "data_dictionary"
_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "minLength": "length at least",
    "maxLength": "length at most",
    "pattern": "pattern",
}


class Entry(NamedTuple):
    """One field of the dictionary; the names are the labels of its columns."""

    table: str
    field: str
    type: str
    constraints: str
    title: str
    description: str
    unit: str
    example: str


def entries(package: Package) -> Iterator[Entry]:
    """An entry for each field of each table, in the package's order."""
    for resource in package.resources:
        if resource.tabular and resource.schema is not None:
            for field in resource.schema.fields:
                yield _entry(resource, field)


def about(raw: Mapping[str, Any]) -> str:
    """Title, description and unit of a table or a field in one line; empty where it has none."""
    title, description, unit = (text(raw, name) for name in ("title", "description", "unit"))
    title = title if not title or title.endswith((".", "?", "!")) else f"{title}."
    return " ".join(filter(None, (title, description, unit and f"Unit: {unit}.")))


def text(raw: Mapping[str, Any], name: str) -> str:
    """A property as a line of text, empty where there is none."""
    value = raw.get(name)
    if value is None:
        return ""
    found = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(found.split())


def _entry(resource: Resource, field: Field) -> Entry:
    form = "" if field.format == "default" else f" ({field.format})"
    rest = (text(field.raw, name) for name in ("title", "description", "unit", "example"))
    told = "; ".join(_constraints(resource, field))
    return Entry(resource.name, field.name, field.type + form, told, *rest)


def _constraints(resource: Resource, field: Field) -> Iterator[str]:
    schema = resource.schema
    assert schema is not None
    if field.name in schema.primary_key:
        together = len(schema.primary_key) > 1
        yield f"primary key ({', '.join(schema.primary_key)})" if together else "primary key"
    for names in schema.unique_keys:
        if field.name in names:
            yield f"unique together ({', '.join(names)})" if len(names) > 1 else "unique"
    if field.constraints.required:
        yield "required"
    if field.constraints.unique:
        yield "unique"
    for link in schema.foreign_keys:
        if field.name in link.fields:
            target = link.resource or resource.name
            yield f"refers to {target} ({', '.join(link.reference_fields)})"
    given = field.raw.get("constraints")
    for name, words in _BOUNDS.items():
        if isinstance(given, dict) and name in given:
            yield f"{words} {text(given, name)}"
    listed = field.categories or field.constraints.enum
    if listed:
        yield "one of " + ", ".join(_spelled(value) for value in listed)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


__all__ = ["NAME", "Entry", "about", "entries", "text"]
