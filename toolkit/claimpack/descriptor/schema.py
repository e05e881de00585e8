"""A Table Schema: its fields, how they match the columns, its missing values and keys."""

from __future__ import annotations

from typing import Any, cast

from claimpack import limits
from claimpack.descriptor import field, keys, profiles, spelling
from claimpack.descriptor.faults import Place, kind, shown
from claimpack.descriptor.model import Field, FieldsMatch, Schema
from claimpack.descriptor.parts import Part, Shelf

MATCHES = ("exact", "equal", "subset", "superset", "partial")
CLAUSE = "Table Schema"


def read(part: Part, shelf: Shelf) -> Schema | None:
    """The schema that a part describes; None where it has no fields to check by."""
    if part.value is None:
        return None
    if part.file is None:
        return _read(part.value, part.place, shelf, inline=True)
    key = (part.file, part.place.standard)
    if key not in shelf.built:
        shelf.built[key] = _read(part.value, part.place, shelf, inline=False)
    schema: Schema | None = shelf.built[key]
    return schema


def _read(raw: dict[str, Any], place: Place, shelf: Shelf, *, inline: bool) -> Schema | None:
    if profiles.version(raw) == "2":
        place = place._replace(standard="2")
    spelling.check(raw, "schema", place)
    if not inline:
        profiles.check(raw, place, shelf, ("$schema",))
    missing = field.missing_values(raw, place)
    missing = ("",) if missing is None else missing
    fields = _fields(raw, place, missing)
    if not fields and raw.get("fields") != []:
        return None
    names = frozenset(item.name for item in fields)
    found = Schema(
        fields,
        keys.primary(raw, names, place),
        keys.unique(raw, names, place),
        keys.foreign(raw, names, place),
        missing,
        _fields_match(raw, place),
        raw,
    )
    return found if fields else None


def _fields(raw: dict[str, Any], place: Place, missing: tuple[str, ...]) -> tuple[Field, ...]:
    declared = raw.get("fields")
    if not isinstance(declared, list):
        what = "has no fields" if "fields" not in raw else f"has {kind(declared)} as its fields"
        place.error(
            f"the schema {what}",
            "Write a list of fields, one for each column",
            *(["fields"] if "fields" in raw else []),
            clause=f"{CLAUSE}, fields",
        )
        return ()
    if not declared:
        place.warn("the schema has no fields", "List a field for each column", "fields")
    if not place.faults.spend("fields", len(declared), limits.FIELDS):
        why = f"the schemas together have more than {limits.FIELDS:,} fields, the limit"
        place.unchecked("the schema", why)
        return ()
    fields = tuple(
        field.read(item, index, place.at("fields", index), missing)
        for index, item in enumerate(declared)
    )
    _same_names(fields, place)
    return fields


def _same_names(fields: tuple[Field, ...], place: Place) -> None:
    """Version 2 wants names unique, and forbids to refuse a schema where they are not."""
    seen: set[str] = set()
    for index, item in enumerate(fields):
        if item.name in seen:
            place.at("fields", index, field=item.name).warn(
                f"the name {shown(item.name)} is that of an earlier field, too",
                "Give each field a name of its own",
                "name",
            )
        seen.add(item.name)


def _fields_match(raw: dict[str, Any], place: Place) -> FieldsMatch:
    value = raw.get("fieldsMatch", "exact")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) and value in MATCHES:
        return cast("FieldsMatch", value)
    hint = spelling.suggestion(value, MATCHES)
    place.error(
        f"fieldsMatch is {shown(value)}{hint}", f"Write one of {', '.join(MATCHES)}", "fieldsMatch"
    )
    return "exact"
