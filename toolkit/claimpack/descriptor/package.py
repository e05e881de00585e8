"""The package: its resources, and what holds between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from claimpack import limits
from claimpack.descriptor import (
    keys,
    metadata,
    portable,
    profiles,
    resource,
    sibling_files,
    spelling,
)
from claimpack.descriptor.faults import Place, kind, shown
from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.parts import Shelf

_TEXTS = ("title", "description", "homepage", "version", "id", "image", "created", "claimsProfile")


def read(raw: dict[str, Any], base: Path, place: Place, shelf: Shelf) -> Package:
    """The package that a descriptor describes, as far as it can be understood."""
    spelling.check(raw, "package", place)
    profiles.check(raw, place, shelf)
    metadata.texts(raw, _TEXTS, place)
    metadata.records(raw, place)
    metadata.package(raw, place)
    name = raw.get("name")
    if isinstance(name, str):
        metadata.plain_name(name, place)
    elif "name" in raw:
        place.error(f"name is {kind(name)}, not a text", "Write a text", "name")
    resources = keys.resolve(_resources(raw, place, shelf), place)
    sibling_files.clashes(resources, place)
    portable.reserved(resources, place)
    sibling_files.undeclared(resources, place.file, shelf, place)
    return Package(
        base,
        place.file,
        place.standard,
        name if isinstance(name, str) else None,
        _text(raw, "title"),
        _text(raw, "description"),
        _text(raw, "version") or None,
        resources,
        raw,
        tuple(sorted(shelf.profiles)),
    )


def _resources(raw: dict[str, Any], place: Place, shelf: Shelf) -> tuple[Resource, ...]:
    declared = raw.get("resources")
    if not isinstance(declared, list) or not declared:
        what = "are missing" if "resources" not in raw else f"are {kind(declared)}, not a list"
        if declared == []:
            what = "are an empty list"
        place.error(
            f"the resources {what}",
            "List at least one resource",
            *(["resources"] if "resources" in raw else []),
            clause="Data Package, resources",
        )
        return ()
    if len(declared) > limits.RESOURCES:
        place.unchecked("the resources", f"there are more than the limit of {limits.RESOURCES:,}")
        return ()
    tables = profiles.name(raw) == "tabular-data-package"
    names: set[str] = set()
    found = []
    for index, item in enumerate(declared):
        if not isinstance(item, dict):
            place.error(
                f"resource {index + 1} is {kind(item)}, not an object",
                'Write it as an object with name and path, such as {"name": "a", "path": "a.csv"}',
                "resources",
                index,
                clause="Data Package, resources",
            )
            continue
        spot = _place(item, index, place)
        name = _name(item, index, spot, names)
        spot = _place(item, index, place, name)
        if tables and place.standard == "1" and profiles.name(item) != "tabular-data-resource":
            spot.error(
                "expected a tabular-data-resource, as in every tabular-data-package",
                'Write "profile": "tabular-data-resource" into the resource',
                clause="Tabular Data Package v1, Specification",
            )
        found.append(resource.read(item, index, name, spot, shelf, tables=tables))
    return tuple(found)


def _place(raw: dict[str, Any], index: int, place: Place, name: str | None = None) -> Place:
    value = raw.get("name")
    return Place(
        place.faults,
        place.file,
        f"{place.pointer}/resources/{index}",
        resource.CLAUSE,
        resource.standard(raw, place.standard),
        name or (value if isinstance(value, str) and value else f"resource{index + 1}"),
    )


def _name(raw: dict[str, Any], index: int, place: Place, taken: set[str]) -> str:
    """The resource's name, or another that is free where it has none of its own."""
    value = raw.get("name")
    if isinstance(value, str) and value:
        metadata.plain_name(value, place)
        if value not in taken:
            taken.add(value)
            return value
        message = f"the name {shown(value)} is also the name of an earlier resource"
        place.error(message, "Give each resource a name of its own", "name")
    elif "name" not in raw:
        place.error(f"resource {index + 1} has no name", "Give it a name")
    else:
        what = "empty" if value == "" else f"{kind(value)}, not a text"
        place.error(f"the name of resource {index + 1} is {what}", "Give it a name", "name")
    free = f"resource{index + 1}"
    while free in taken:
        free += "_"
    taken.add(free)
    return free


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""
