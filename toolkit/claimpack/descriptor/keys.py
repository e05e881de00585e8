"""Primary, unique and foreign keys: that they name fields which are there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from claimpack import limits
from claimpack.descriptor import paths, spelling
from claimpack.descriptor.faults import Place, example, kind, pointer_steps, shown
from claimpack.descriptor.model import ForeignKey, Resource, Schema

Names = frozenset[str]


def primary(raw: dict[str, Any], names: Names, place: Place) -> tuple[str, ...]:
    """The fields of the primary key; none where it names a field that is not there."""
    value = raw.get("primaryKey", [])
    if value == []:
        return ()
    return _known(value, names, place.at("primaryKey"), "the primary key") or ()


def unique(raw: dict[str, Any], names: Names, place: Place) -> tuple[tuple[str, ...], ...]:
    """The unique keys whose fields are all there."""
    if "uniqueKeys" not in raw:
        return ()
    declared = raw["uniqueKeys"]
    if not isinstance(declared, list) or not declared:
        what = "an empty list" if declared == [] else f"{kind(declared)}, not a list"
        likely = [declared] if isinstance(declared, str) else ["a", "b"]
        fix = example([likely], 'a list of keys, such as [["a", "b"]]')
        place.error(f"uniqueKeys is {what}", fix, "uniqueKeys")
        return ()
    found: dict[tuple[str, ...], int] = {}
    for index, item in enumerate(_few(declared, "uniqueKeys", place)):
        spot = place.at("uniqueKeys", index, clause="Table Schema, uniqueKeys")
        if isinstance(item, list):
            key = _known(item, names, spot, "the unique key")
            if key and found.setdefault(key, index) != index:
                spot.warn(
                    f"unique key {index + 1} is the same as key {found[key] + 1}", "Delete it"
                )
        else:
            message = f"the unique key is {kind(item)}, not a list of field names"
            fix = "Write each key as a list of field names"
            plain = isinstance(item, str) and item
            spot.error(message, example([item], "a list of field names") if plain else fix)
    return tuple(found)


def foreign(raw: dict[str, Any], names: Names, place: Place) -> tuple[ForeignKey, ...]:
    """The foreign keys whose own side is right; `resolve` looks at the other side."""
    if "foreignKeys" not in raw:
        return ()
    declared = raw["foreignKeys"]
    if not isinstance(declared, list):
        message = f"foreignKeys is {kind(declared)}, not a list"
        place.error(message, "Write a list of foreign keys", "foreignKeys")
        return ()
    found = []
    for index, item in enumerate(_few(declared, "foreignKeys", place)):
        spot = place.at("foreignKeys", index, clause="Table Schema, foreignKeys")
        if isinstance(item, dict):
            key = _foreign(item, names, spot)
            if key:
                found.append(key)
        else:
            spot.error(
                f"the foreign key is {kind(item)}, not an object",
                "Write an object with fields and reference",
            )
    return tuple(found)


def _few(declared: list[Any], name: str, place: Place) -> list[Any]:
    """The keys up to the limit; the others are noted as not checked."""
    if len(declared) > limits.KEYS:
        why = f"there are more than the limit of {limits.KEYS:,}; only those were checked"
        place.unchecked(name, why)
    return declared[: limits.KEYS]


def _foreign(raw: dict[str, Any], names: Names, place: Place) -> ForeignKey | None:
    spelling.check(raw, "foreign key", place)
    if "fields" not in raw:
        place.error("the foreign key names no fields of this table", "Add fields")
    own = (
        _known(raw["fields"], names, place.at("fields"), "the foreign key")
        if ("fields" in raw)
        else None
    )
    reference = raw.get("reference")
    if not isinstance(reference, dict):
        what = f"is {kind(reference)}" if "reference" in raw else "is missing"
        place.error(
            f"the foreign key's reference {what}",
            "Write an object with resource and fields",
            *(["reference"] if "reference" in raw else []),
        )
        return None
    spot = place.at("reference")
    spelling.check(reference, "reference", spot)
    target = reference.get("resource", "")
    if not isinstance(target, str):
        spot.error(f"the resource is {kind(target)}, not a text", "Write a name", "resource")
        return None
    if "fields" not in reference:
        spot.error("the reference names no fields", "Add fields")
        return None
    theirs = _names(reference["fields"], spot.at("fields"), "the reference")
    if _external(reference, spot) or not own or not theirs:
        return None
    if len(own) != len(theirs):
        place.error(
            f"the foreign key has {len(own)} fields and refers to {len(theirs)}",
            "Name as many fields on both sides, in the same order",
        )
        return None
    return ForeignKey(own, target, theirs, place.pointer)


def _external(reference: dict[str, Any], place: Place) -> bool:
    """Whether it refers to another package: those are not opened."""
    name = next((name for name in ("package", "datapackage") if name in reference), None)
    if name is None:
        return False
    value = reference[name]
    spot = place.at(name)
    if not isinstance(value, str):
        spot.error(f"{name} is {kind(value)}, not a text", "Write the package's address")
        return True
    refusal = paths.judge(value, place.standard)
    if refusal:
        spot.error(
            f"the package {shown(value)} {refusal.reason}",
            refusal.fix,
            rule=refusal.rule,
            severity=refusal.severity,
        )
    if not refusal or refusal.severity != "error":
        why = f"it refers to another package, {shown(value)}, which is not opened"
        place.unchecked("a foreign key", why)
    return True


def _names(value: Any, place: Place, noun: str) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    what = "an empty list" if value == [] else shown(value)
    place.error(f"{noun} is {what}, not a list of field names", 'Write a list, such as ["id"]')
    return None


def _known(value: Any, names: Names, place: Place, noun: str) -> tuple[str, ...] | None:
    found = _names(value, place, noun)
    if found and not _once(found, place, noun):
        return None
    strange = [name for name in dict.fromkeys(found or ()) if name not in names]
    for number, name in enumerate(strange):
        hint = spelling.suggestion(name, names) if number < spelling.HINTS else ""
        place.error(
            f"{noun} names {shown(name)}, which is not a field of the schema{hint}",
            "Name a field of the schema, or add the field",
        )
    return None if strange else found


def _once(names: tuple[str, ...], place: Place, noun: str) -> bool:
    """Whether a key names each of its fields once; each one that it repeats is reported."""
    counts = Counter(names)
    for name in [name for name, count in counts.items() if count > 1]:
        message = f"{noun} names the field {shown(name)} {counts[name]:,} times"
        place.error(message, "Name each field once")
    return len(counts) == len(names)


# --- the other side -----------------------------------------------------------------------


def resolve(resources: tuple[Resource, ...], package: Place) -> tuple[Resource, ...]:
    """The resources without the foreign keys whose other side is not there."""
    by_name = {item.name: item for item in resources}
    return tuple(_resolve(item, by_name, package) for item in resources)


def _resolve(resource: Resource, by_name: dict[str, Resource], package: Place) -> Resource:
    schema = resource.schema
    if schema is None or not schema.foreign_keys:
        return resource
    file = resource.raw.get("schema")
    place = Place(
        package.faults,
        file if isinstance(file, str) else package.file,
        clause="Table Schema, foreignKeys",
        standard=resource.standard,
        resource=resource.name,
    )
    kept = tuple(
        found
        for key in schema.foreign_keys
        if (found := _target(key, resource, schema, by_name, place))
    )
    if kept == schema.foreign_keys:
        return resource
    from dataclasses import replace

    return replace(resource, schema=replace(schema, foreign_keys=kept))


def _target(
    key: ForeignKey,
    resource: Resource,
    schema: Schema,
    by_name: dict[str, Resource],
    place: Place,
) -> ForeignKey | None:
    """The key if its other side is there, itself named ""."""
    spot = place.at(*pointer_steps(key.pointer), "reference")
    name = key.resource
    if name == resource.name or (name == "self" and name not in by_name):
        name = ""
    if name and name not in by_name:
        hint = spelling.suggestion(name, by_name)
        spot.error(
            f"the foreign key refers to the resource {shown(name)}, which is not there{hint}",
            "Name a resource of the package",
            "resource",
        )
        return None
    target = by_name[name].schema if name else schema
    if target is None:
        what = f"the foreign key to {shown(name)}"
        spot.unchecked(what, f"{shown(name)} has no schema to name its fields")
        return None
    names = frozenset(item.name for item in target.fields)
    whose = f"resource {shown(name)}" if name else "this table"
    strange = [item for item in key.reference_fields if item not in names]
    for number, item in enumerate(strange):
        hint = spelling.suggestion(item, names) if number < spelling.HINTS else ""
        spot.error(
            f"the foreign key refers to {shown(item)}, which is not a field of {whose}{hint}",
            f"Name a field of {whose}",
            "fields",
        )
    if strange:
        return None
    return ForeignKey(key.fields, name, key.reference_fields, key.pointer)
