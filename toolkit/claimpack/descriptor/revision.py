"""A package as it would be read if its descriptor or a schema were changed. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from claimpack.descriptor import dialect, field, formats, keys, profiles, schema
from claimpack.descriptor.faults import Faults, Place
from claimpack.descriptor.model import Dialect, Field, Package, Resource, Schema
from claimpack.descriptor.parts import Part, Shelf
from claimpack.descriptor.patches import applied
from claimpack.descriptor.paths import Gate
from claimpack.report import Operation

Files = Mapping[str, Any]
"""JSON values by the name of their file."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A package with changes applied.

    Attributes:
        package: The package as it is read with the changes.
        names: The resources that the changes affect.
        errors: Number of errors of the descriptor that the changes add.
    """

    package: Package
    names: frozenset[str]
    errors: int


def files(package: Package) -> dict[str, Any]:
    """The descriptor, and the schemas and dialects in files of their own."""
    found: dict[str, Any] = {package.descriptor: package.raw}
    for item in package.resources:
        for name, part in (("schema", item.schema), ("dialect", item.dialect)):
            file = item.raw.get(name)
            if isinstance(file, str) and part is not None:
                found[file] = part.raw
    return found


def schema_file(package: Package, resource: Resource) -> tuple[str, str]:
    """The file that a resource's schema is in, and the pointer to it there."""
    return _home(package, resource, "schema")


def _home(package: Package, resource: Resource, name: str) -> tuple[str, str]:
    file = resource.raw.get(name)
    if isinstance(file, str):
        return file, ""
    return package.descriptor, f"{resource.pointer}/{name}"


def revised(package: Package, operations: Iterable[Operation]) -> Revision:
    """The package with the operations applied in order.

    Raises:
        LookupError: An operation's path leads nowhere.
    """
    by_file: dict[str, list[Operation]] = {}
    for operation in operations:
        by_file.setdefault(operation.file, []).append(operation)
    before = files(package)
    after = before | {name: applied(before[name], items) for name, items in by_file.items()}
    raws = after[package.descriptor]["resources"]
    names = frozenset(
        item.name
        for item in package.resources
        if raws[item.index] is not item.raw or _named(item, by_file)
    )
    _, old = _read(package, names, before)
    resources, new = _read(package, names, after)
    changed = replace(package, resources=resources, raw=after[package.descriptor])
    return Revision(changed, names, max(0, new - old))


def _read(package: Package, names: frozenset[str], held: Files) -> tuple[tuple[Resource, ...], int]:
    """The resources, those of these names read again; and the number of errors in them."""
    faults = Faults()
    raws = held[package.descriptor]["resources"]
    made = tuple(
        _reread(package, item, raws[item.index], held, faults) if item.name in names else item
        for item in package.resources
    )
    place = Place(faults, package.descriptor, standard=package.standard)
    resources = keys.resolve(made, place)
    return resources, sum(finding.severity == "error" for finding in faults.findings)


def _named(resource: Resource, by_file: Mapping[str, object]) -> bool:
    """Whether a resource's schema or dialect is in a file that is changed."""
    named = (resource.raw.get("schema"), resource.raw.get("dialect"))
    return any(isinstance(name, str) and name in by_file for name in named)


def _reread(
    package: Package, resource: Resource, raw: dict[str, Any], after: Files, faults: Faults
) -> Resource:
    """The resource with its schema, dialect and encoding read again."""
    place = Place(
        faults,
        package.descriptor,
        resource.pointer,
        standard=resource.standard,
        resource=resource.name,
    )
    encoding = formats.encoding(raw, place)
    return replace(
        resource,
        schema=_schema(package, resource, raw, after, place),
        dialect=_dialect(package, resource, raw, after, place),
        encoding=encoding or resource.encoding,
        encoding_declared="encoding" in raw,
        raw=raw,
    )


def _schema(
    package: Package, resource: Resource, raw: dict[str, Any], after: Files, place: Place
) -> Schema | None:
    if resource.schema is None:
        return None
    value = raw.get("schema")
    file, pointer = schema_file(package, replace(resource, raw=raw))
    found = after.get(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        return resource.schema
    if profiles.version(found) == "2":
        place = place._replace(standard="2")
    place = place._replace(file=file, pointer=pointer, clause=schema.CLAUSE)
    return schema.read(Part(found, place), Shelf(Gate(package.base)))


def _dialect(
    package: Package, resource: Resource, raw: dict[str, Any], after: Files, place: Place
) -> Dialect:
    value = raw.get("dialect")
    found = after.get(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        return resource.dialect
    delimiter = "\t" if resource.format == "tsv" else ","
    return dialect.read(found, place.at("dialect", clause=dialect.CLAUSE), delimiter)


def changed_field(
    package: Package, resource: Resource, old: Field, operations: Iterable[Operation]
) -> Field:
    """One field with operations on it, or on the missing values of its schema, applied."""
    assert resource.schema is not None
    file, pointer = schema_file(package, resource)
    place = Place(Faults(), file, old.pointer, standard=resource.standard)
    raw, missing = old.raw, resource.schema.missing_values
    for operation in operations:
        if operation.file == file and operation.path.startswith(f"{old.pointer}/"):
            inner = replace(operation, path=operation.path.removeprefix(old.pointer))
            raw = applied(raw, (inner,))
        elif operation.file == file and operation.path == f"{pointer}/missingValues":
            missing = field.missing_values({"missingValues": operation.value}, place) or ()
    return field.read(raw, 0, place, missing)


__all__ = ["Revision", "changed_field", "files", "revised", "schema_file"]
