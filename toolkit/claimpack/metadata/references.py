"""Foreign keys that a reader can follow: each to one row, and never back to where it began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from claimpack.descriptor.model import Resource, Schema

Place = tuple[str, str]
"""A table's name and a field's."""


@dataclass(slots=True)
class References:
    """What refers to what.

    Attributes:
        followed: For each field the one that it points to.
        left: Tables with keys that cannot be followed: of several fields, to a field that is
            not unique by itself, or in a circle.
    """

    followed: dict[Place, Place] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)


def find(resources: Iterable[Resource]) -> References:
    """The references between these tables; of a circle the key that closes it is left."""
    known = {item.name: item.schema for item in resources if item.schema}
    found = References()
    edges: dict[str, set[str]] = {}
    for name, schema in known.items():
        for key in schema.foreign_keys:
            target = key.resource or name
            if target not in known:
                continue
            if not _single(key.reference_fields, known[target]) or _leads(edges, target, name):
                found.left.add(name)
            elif (place := (name, key.fields[0])) not in found.followed:
                found.followed[place] = (target, key.reference_fields[0])
                edges.setdefault(name, set()).add(target)
    return found


def _single(names: tuple[str, ...], schema: Schema) -> bool:
    """Whether these are one field whose values are unique."""
    if len(names) != 1:
        return False
    if names == schema.primary_key or names in schema.unique_keys:
        return True
    return any(item.name == names[0] and item.constraints.unique for item in schema.fields)


def _leads(edges: Mapping[str, set[str]], start: str, end: str) -> bool:
    """Whether the references lead from one table to another."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting += edges.get(name, ())
    return False


__all__ = ["Place", "References", "find"]
