"""One resource of a package."""

from __future__ import annotations

from typing import Any

from claimpack.descriptor import (
    dialect,
    formats,
    location,
    metadata,
    parts,
    profiles,
    schema,
    spelling,
)
from claimpack.descriptor.faults import Place, kind, shown
from claimpack.descriptor.location import Location
from claimpack.descriptor.model import Dialect, Resource, Standard
from claimpack.descriptor.parts import Part, Shelf

CLAUSE = "Data Resource"
_TEXTS = ("title", "description", "mediatype")


def read(
    raw: dict[str, Any], index: int, name: str, place: Place, shelf: Shelf, *, tables: bool
) -> Resource:
    """A resource, as far as it can be understood.

    Args:
        raw: Its descriptor.
        index: Its position in the package.
        name: The name that it goes by, unlike every other.
        place: Its place.
        shelf: What was read from files already.
        tables: Whether the package's profile says that every resource is a table.
    """
    spelling.check(raw, "resource", place)
    profiles.check(raw, place, shelf)
    metadata.texts(raw, _TEXTS, place)
    metadata.records(raw, place)
    where = location.read(raw, place, shelf.gate)
    form = formats.form(raw, where, place)
    part = _schema(raw, place, shelf)
    tabular = _tabular(raw, form.format, part, place, tables)
    if part is None and place.standard == "1" and profiles.name(raw) == "tabular-data-resource":
        place.error(
            "a tabular-data-resource has no schema",
            "Add a schema, or take the profile away",
            clause="Tabular Data Resource v1, Specification",
        )
    form = formats.table(form) if tabular else form
    encoding = formats.encoding(raw, place)
    found, lost = _dialect(raw, place, shelf, "\t" if form.format == "tsv" else ",")
    blocked = where.blocked or form.blocked or ("remote dialect" if lost == "remote" else "")
    if form.blocked:
        place.unchecked("data", form.blocked)
    if encoding is None:
        place.unchecked("data", "nobody knows the encoding that they are said to have")
    shaped = not tabular or _shaped(where, form.format, found, place)
    return Resource(
        name=name,
        index=index,
        standard="2" if part and profiles.version(part.value) == "2" else place.standard,
        paths=where.names,
        files=where.files,
        data=where.data,
        schema=schema.read(part, shelf) if part and tabular else None,
        dialect=found,
        encoding=encoding or "utf-8",
        encoding_declared="encoding" in raw,
        format=form.format,
        compression=form.compression,
        bytes=formats.size(raw, place),
        hash=formats.digest(raw, place),
        tabular=tabular,
        blocked=blocked,
        broken=where.broken or encoding is None or not shaped,
        title=_text(raw, "title"),
        description=_text(raw, "description"),
        raw=raw,
        pointer=place.pointer,
        archive=shelf.gate.archive,
    )


def standard(raw: dict[str, Any], package: Standard) -> Standard:
    """The version that holds for a resource: 2 where it or the package says so."""
    return "2" if profiles.version(raw) == "2" else package


def _schema(raw: dict[str, Any], place: Place, shelf: Shelf) -> Part | None:
    if _absent(raw, "schema", place):
        return None
    return shelf.take(raw["schema"], place.at("schema"), "schema", schema.CLAUSE)


def _tabular(
    raw: dict[str, Any], format_: str, part: Part | None, place: Place, tables: bool
) -> bool:
    type_ = raw.get("type")
    if "type" in raw and type_ != "table" and place.standard == "2":
        hint = spelling.suggestion(type_, ("table",))
        place.error(
            f"the type of the resource is {shown(type_)}{hint}",
            'Write "table", or leave it out where the resource is no table',
            "type",
        )
    if tables or type_ == "table" or profiles.name(raw) == "tabular-data-resource":
        return True
    if format_ in formats.TABLES:
        return True
    if part is None:
        return False
    # A schema of version 1 may be of any kind where the resource is no table.
    return part.value is None or "fields" in part.value or place.standard == "2"


def _dialect(
    raw: dict[str, Any], place: Place, shelf: Shelf, delimiter: str
) -> tuple[Dialect, parts.State]:
    if _absent(raw, "dialect", place):
        return Dialect(delimiter=delimiter), "read"
    part = shelf.take(raw["dialect"], place.at("dialect"), "dialect", dialect.CLAUSE)
    if part.value is None:
        if part.state == "remote":
            place.unchecked("data", "the dialect is remote, so that nobody knows how to read them")
        return Dialect(delimiter=delimiter), part.state
    if part.file is None:
        return dialect.read(part.value, part.place, delimiter), "read"
    key = (part.file, part.place.standard, delimiter, "dialect")
    if key not in shelf.built:
        profiles.check(part.value, part.place, shelf, ("$schema",))
        shelf.built[key] = dialect.read(part.value, part.place, delimiter)
    return shelf.built[key], "read"


def _absent(raw: dict[str, Any], name: str, place: Place) -> bool:
    """Whether a property is not there, or empty, which is reported."""
    if raw.get(name) == "":
        place.ignored(name)
        return True
    return name not in raw


def _shaped(where: Location, format_: str, found: Dialect, place: Place) -> bool:
    """Whether inline data have the shape of a table."""
    data = where.data
    if not where.inline or where.broken:
        return True
    if isinstance(data, str):
        if format_ in formats.TEXTS:
            return True
        message = f"data is a text of the format {shown(format_)}, which is not a table"
        place.error(message, "Write a list of rows, or a text of the format csv", "data")
        return False
    if isinstance(data, dict):
        if found.property and isinstance(data.get(found.property), list):
            return True
        place.error("data is an object, not a list of rows", "Write a list of rows", "data")
        return False
    wrong = [index for index, row in enumerate(data) if not isinstance(row, list | dict)]
    if not wrong:
        return True
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    place.error(
        f"row {wrong[0] + 1} of the data is {kind(data[wrong[0]])}{more}",
        "Write each row as a list of cells or as an object",
        "data",
        wrong[0],
    )
    return False


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""
