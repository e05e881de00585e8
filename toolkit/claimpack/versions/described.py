"""What changed in the descriptor, and the step of the version that each change asks for.

Where the recipe is silent: what alters how a file's texts become values (missing values,
marks of decimals and of true and false) counts as a change of format; a key that is added
as a restriction; a pattern that is another as a narrower one, since nobody can tell. Where
and how the files lie (path, format, dialect, size, hash) is no change at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from claimpack.descriptor.model import Field, Package, Resource, Schema
from claimpack.versions.model import Change, Kind
from claimpack.versions.step import Step

PHYSICAL = frozenset(
    {
        *("$schema", "profile", "path", "url", "data", "format", "mediatype", "encoding"),
        *("dialect", "compression", "bytes", "hash", "rowCount", "type", "schema", "name"),
        *("resources", "version"),
    }
)
"""Properties that tell how the files lie, and those that are compared on their own."""
READING = frozenset(
    {
        *("missingValues", "decimalChar", "groupChar", "bareNumber", "trueValues"),
        *("falseValues", "delimiter", "itemType", "fieldsMatch", "categoriesOrdered"),
    }
)
"""Properties of a schema or field that alter how texts become values."""
KEYS = ("primaryKey", "uniqueKeys", "foreignKeys")
LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength"})
MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength"})
OUT: Step = "major"


def changes(old: Package, new: Package) -> Iterator[Change]:
    """Every change of the descriptor: the package, then each resource in the new order."""
    yield from _properties(None, None, old.raw, new.raw, {"name": OUT, "id": OUT})
    before = {item.name: item for item in old.resources}
    after = {item.name: item for item in new.resources}
    for name, resource in after.items():
        if name in before:
            yield from _resource(before[name], resource)
        else:
            yield Change(name, None, "table", "added", None, name, "minor")
    for name in before:
        if name not in after:
            yield Change(name, None, "table", "removed", name, None, OUT)


def _resource(old: Resource, new: Resource) -> Iterator[Change]:
    yield from _properties(new.name, None, old.raw, new.raw, {"id": OUT})
    before, after = old.schema or Schema(()), new.schema or Schema(())
    yield from _fields(new.name, before, after)
    yield from _keys(new.name, before, after)
    own = dict.fromkeys(READING, OUT)
    left = {"fields", *KEYS}
    yield from _properties(
        new.name, None, _without(before.raw, left), _without(after.raw, left), own
    )


def _without(raw: Mapping[str, Any], left: set[str]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key not in left}


def _properties(
    table: str | None,
    field: str | None,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    steps: Mapping[str, Step],
) -> Iterator[Change]:
    """Properties that differ; those without a step of their own describe: a patch."""
    for key in dict.fromkeys([*new, *old]):
        if old.get(key) != new.get(key) and (key in steps or key not in PHYSICAL):
            yield _change(table, field, key, old.get(key), new.get(key), steps.get(key, "patch"))


def _change(
    table: str | None, field: str | None, what: str, old: Any, new: Any, step: Step
) -> Change:
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    return Change(table, field, what, kind, old, new, step)


def _fields(table: str, old: Schema, new: Schema) -> Iterator[Change]:
    before = {item.name: item for item in old.fields}
    after = {item.name: item for item in new.fields}
    for name, item in after.items():
        if name in before:
            yield from _field(table, before[name], item)
        else:
            yield Change(table, name, "field", "added", None, item.type, OUT)
    for name, item in before.items():
        if name not in after:
            yield Change(table, name, "field", "removed", item.type, None, OUT)
    orders = [name for name in before if name in after], [name for name in after if name in before]
    if orders[0] != orders[1]:
        yield Change(table, None, "order", "changed", *orders, OUT)


def _field(table: str, old: Field, new: Field) -> Iterator[Change]:
    if old.type != new.type:
        yield Change(table, new.name, "type", "changed", old.type, new.type, OUT)
    if old.format != new.format:
        yield Change(table, new.name, "format", "changed", old.format, new.format, OUT)
    yield from _constraints(table, old, new)
    left = {"type", "format", "constraints", "categories"}
    own = dict.fromkeys(READING, OUT)
    yield from _properties(table, new.name, _without(old.raw, left), _without(new.raw, left), own)
    labels = old.raw.get("categories"), new.raw.get("categories")
    if labels[0] != labels[1] and _same(old.categories, new.categories):
        yield _change(table, new.name, "categories", *labels, "patch")


def _constraints(table: str, old: Field, new: Field) -> Iterator[Change]:
    before = _restrictions(old)
    after = _restrictions(new)
    for key in dict.fromkeys([*after, *before]):
        if before.get(key) != after.get(key):
            wider = _wider(key, before.get(key), after.get(key))
            step: Step = "minor" if wider else OUT
            yield _change(table, new.name, key, before.get(key), after.get(key), step)


def _restrictions(field: Field) -> dict[str, Any]:
    """What a field's values must be; false for `required` is no restriction."""
    given = field.raw.get("constraints")
    made = dict(given) if isinstance(given, Mapping) else {}
    if field.categories is not None:
        made["categories"] = sorted(field.categories, key=str)
    return {key: value for key, value in made.items() if value is not False}


def _wider(key: str, old: Any, new: Any) -> bool:
    """Whether a constraint lets in all that it let in before."""
    if new is None:
        return True
    if old is None:
        return False
    if key in ("enum", "categories"):
        return isinstance(old, list) and isinstance(new, list) and all(v in new for v in old)
    if key in LEAST:
        return _ordered(new, old)
    return key in MOST and _ordered(old, new)


def _ordered(low: Any, high: Any) -> bool:
    """Whether two bounds are known to stand in that order."""
    try:
        numbers = float(low), float(high)
    except (TypeError, ValueError):
        # dates and years in their default form are ordered as their texts are
        return (
            isinstance(low, str)
            and isinstance(high, str)
            and len(low) == len(high)
            and (low <= high)
        )
    return not any(map(math.isnan, numbers)) and numbers[0] <= numbers[1]


def _same(old: Iterable[Any] | None, new: Iterable[Any] | None) -> bool:
    if old is None or new is None:
        return False
    return sorted(map(str, old)) == sorted(map(str, new))


def _keys(table: str, old: Schema, new: Schema) -> Iterator[Change]:
    if old.primary_key != new.primary_key:
        before, after = (list(item.primary_key) or None for item in (old, new))
        yield _change(table, None, "primaryKey", before, after, OUT)
    yield from _listed(table, "uniqueKeys", _uniques(old), _uniques(new))
    links, targets = _links(old), _links(new)
    for item in targets:
        moved = [link for link in links if _moved(link, item) and link not in targets]
        if item not in links and len(moved) == 1:
            yield Change(table, None, "foreignKeys", "changed", moved[0], item, "minor")
            links[links.index(moved[0])] = item
    yield from _listed(table, "foreignKeys", links, targets)


def _uniques(schema: Schema) -> list[Any]:
    return [list(names) for names in schema.unique_keys]


def _links(schema: Schema) -> list[dict[str, Any]]:
    return [
        {
            "fields": list(key.fields),
            "reference": {"resource": key.resource, "fields": list(key.reference_fields)},
        }
        for key in schema.foreign_keys
    ]


def _moved(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether the same fields point elsewhere."""
    return bool(old["fields"] == new["fields"] and old != new)


def _listed(table: str, what: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    """Keys that came, which restrict, and keys that went."""
    for item in new:
        if item not in old:
            yield Change(table, None, what, "added", None, item, OUT)
    for item in old:
        if item not in new:
            yield Change(table, None, what, "removed", item, None, "minor")


__all__ = ["changes"]
