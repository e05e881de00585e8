"""Descriptors with one thing altered: each part replaced by each kind of JSON, or left out.

Both tools are asked only whether the descriptor is at fault. `ALLOWED` lists where they
differ: each entry names the parts, and says of the value that it is wrong (or right) by the
section that it cites, so that no other value hides behind it.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from packages import V2, Json

Value = Any
DROPPED = object()
"""In place of a value: the part is left out."""
VALUES: tuple[Value, ...] = (
    *(7, -1, 1.5, True, "zz", "", [], ["zz"], [7], {}, {"zz": 1}, None, DROPPED),
)
FILES = {"t.csv": "a,b,c,d\n1,x,yes,1\n", "u.csv": "a\nx\n", "i.png": "", "zz": "a\nx\n"}

_PACKAGE = """
{
 "name": "p", "id": "x", "title": "T", "description": "D", "homepage": "https://example.org/",
 "version": "1.0.0", "created": "2024-01-26T15:00:00Z", "image": "i.png", "keywords": ["k"],
 "licenses": [{"name": "CC0-1.0", "path": "https://example.org/l", "title": "L"}],
 "sources": [{"title": "S", "path": "https://example.org/s", "email": "s@example.org"}],
 "contributors": [{"title": "C", "path": "https://example.org/c", "email": "c@example.org",
   "organization": "O"}],
 "resources": [
  {"name": "t", "path": "t.csv", "title": "T", "description": "D", "format": "csv",
   "profile": "tabular-data-resource", "mediatype": "text/csv", "encoding": "utf-8", "bytes": 8,
   "hash": "d41d8cd98f00b204e9800998ecf8427e",
   "licenses": [{"name": "CC0-1.0"}], "sources": [{"title": "S"}],
   "dialect": {"delimiter": ",", "lineTerminator": "\\n", "quoteChar": "'", "doubleQuote": true,
     "skipInitialSpace": false, "header": true, "commentChar": "#", "nullSequence": "NA"},
   "schema": {
     "missingValues": ["", "NA"], "primaryKey": ["a"],
     "foreignKeys": [{"fields": ["b"], "reference": {"resource": "u", "fields": ["a"]}}],
     "fields": [
      {"name": "a", "type": "integer", "format": "default", "title": "A", "description": "D",
       "rdfType": "http://example.org/A", "bareNumber": true,
       "constraints": {"required": true, "unique": true, "minimum": 1, "maximum": 9,
         "enum": [1, 2]}},
      {"name": "b", "type": "string",
       "constraints": {"minLength": 1, "maxLength": 3, "pattern": "[a-z]"}},
      {"name": "c", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
      {"name": "d", "type": "number", "decimalChar": ".", "groupChar": ",", "bareNumber": true}
     ]}},
  {"name": "u", "path": "u.csv", "profile": "tabular-data-resource",
   "schema": {"fields": [{"name": "a", "type": "string"}]}}
 ]
}
"""
_VERSION_2: Json = {
    "sources/0/version": "1",
    "contributors/0/roles": ["creator"],
    "resources/0/type": "table",
    "resources/0/dialect/headerRows": [1],
    "resources/0/dialect/headerJoin": " ",
    "resources/0/dialect/commentRows": [9],
    "resources/0/schema/fieldsMatch": "exact",
    "resources/0/schema/uniqueKeys": [["a", "b"]],
    "resources/0/schema/fields/0/constraints/exclusiveMinimum": 0,
    "resources/0/schema/fields/0/constraints/exclusiveMaximum": 10,
    "resources/0/schema/fields/1/categories": ["x", "y"],
    "resources/0/schema/fields/1/categoriesOrdered": True,
    "resources/0/schema/fields/1/missingValues": ["-"],
}


def whole(version: str) -> Json:
    """A descriptor without fault that has every property of a version."""
    made: Json = json.loads(_PACKAGE)
    if version == "1":
        return {**made, "profile": "tabular-data-package"}
    for pointer, value in _VERSION_2.items():
        _put(made, pointer, copy.deepcopy(value))
    return {**V2, **made}


def altered(version: str) -> Iterator[tuple[str, Value, Json]]:
    """Each part by its pointer, what stands in its place, and the descriptor."""
    made = whole(version)
    for pointer in _pointers(made):
        for value in VALUES:
            other = copy.deepcopy(made)
            _put(other, pointer, value)
            yield pointer, value, other


def _put(made: Json, pointer: str, value: Value) -> None:
    *steps, last = (int(step) if step.isdigit() else step for step in pointer.split("/"))
    place: Any = made
    for step in steps:
        place = place[step]
    if value is DROPPED:
        del place[last]
    else:
        place[last] = value


def _pointers(value: Value, above: str = "") -> Iterator[str]:
    items: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value)
    for name, part in items:
        if name != "$schema":
            yield f"{above}{name}"
            yield from _pointers(part, f"{above}{name}/")


# Where the two differ


@dataclass(frozen=True)
class Allowed:
    """A difference over one part of a descriptor.

    Attributes:
        clause: The section whose words decide.
        parts: The pointers of the parts, as a regular expression.
        when: Whether the entry speaks of a value there.
        why: What the words ask, where that is not plain.
        side: Who refuses the descriptor: `ours` or `theirs`.
        right: Who is right; `neither` where the words leave it open.
        version: The version that it holds for; both where empty.
    """

    clause: str
    parts: str
    when: Callable[[Value], bool]
    why: str = "frictionless does not look at it."
    side: str = "ours"
    right: str = "claimpack"
    version: str = ""

    def explains(self, side: str, version: str, pointer: str, value: Value) -> bool:
        """Whether it speaks of this difference."""
        return (
            side == self.side
            and self.version in ("", version)
            and bool(re.fullmatch(self.parts, pointer))
            and self.when(value)
        )


def is_one(*values: Value) -> Callable[[Value], bool]:
    """The value is one of these, of the same kind."""
    return lambda value: any(type(value) is type(other) and value == other for other in values)


def no_text(value: Value) -> bool:
    """No text."""
    return value is not DROPPED and not isinstance(value, str)


def no_filled_text(value: Value) -> bool:
    """No text, or an empty one."""
    return no_text(value) or value == ""


def no_boolean(value: Value) -> bool:
    """Neither true nor false."""
    return value is not DROPPED and not isinstance(value, bool)


def no_texts(value: Value) -> bool:
    """No list of texts."""
    listed = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return value is not DROPPED and not listed


def no_number(value: Value) -> bool:
    """No number from 1."""
    good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value is not DROPPED and not good


def no_integer(value: Value) -> bool:
    """No integer, nor the text of one."""
    return value is not DROPPED and (not isinstance(value, int) or isinstance(value, bool))


SCHEMA = "resources/0/schema"
DIALECT = "resources/0/dialect"
ALLOWED = (
    Allowed("Data Package, id", "id", no_text),
    Allowed("Data Package, contributors", "contributors/0/organization", no_text),
    Allowed("Data Package, contributors", "contributors/0/roles/0", no_text),
    Allowed("Data Package, contributors", "contributors/0/roles", no_texts),
    Allowed("Data Package, sources", "sources/0/version", no_text),
    Allowed(
        "Data Package, contributors and sources",
        "(resources/0/)?(sources|contributors)/0",
        is_one({}),
        "Each has one property at least.",
    ),
    Allowed(
        "Data Package v1, contributors and sources",
        "(resources/0/)?(sources|contributors)/0(/title)?",
        lambda value: value is DROPPED or value == {"zz": 1},
        "Each has a title.",
        version="1",
    ),
    Allowed(
        "Data Package, sources",
        "resources/0/sources/0/title",
        lambda value: value is DROPPED,
        "Nothing else is left of the source.",
    ),
    Allowed("Data Package, resources", "resources", is_one([]), "There is one at least."),
    Allowed("Data Package, created", "created", is_one("")),
    Allowed("Data Resource, type", "resources/0/type", is_one("", [], {}, None), version="2"),
    Allowed("Data Resource, name", "resources/[01]/name", is_one("")),
    Allowed("Data Resource, path", "resources/[01]/path", is_one("")),
    Allowed("Data Resource, encoding", "resources/0/encoding", is_one("zz", "")),
    Allowed(
        "Data Resource, bytes",
        "resources/0/bytes",
        is_one(-1, "", [], {}, None),
        "A size is a whole number. frictionless takes what is empty for no size.",
    ),
    Allowed(
        "Data Resource, hash",
        "resources/0/hash",
        is_one("zz"),
        "A hash has hexadecimal digits.",
    ),
    Allowed("Data Resource, hash", "resources/0/hash", is_one(""), version="2"),
    Allowed("Table Dialect, delimiter", f"{DIALECT}/delimiter", no_filled_text),
    Allowed("Table Dialect, lineTerminator", f"{DIALECT}/lineTerminator", no_filled_text),
    Allowed("Table Dialect, commentChar", f"{DIALECT}/commentChar", is_one("")),
    Allowed("Table Dialect, quoteChar", f"{DIALECT}/quoteChar", is_one("zz", "", None)),
    Allowed("Table Dialect, nullSequence", f"{DIALECT}/nullSequence", no_text),
    Allowed("Table Dialect", f"{DIALECT}/(doubleQuote|skipInitialSpace)", no_boolean),
    Allowed("Table Dialect, headerRows", f"{DIALECT}/(header|comment)Rows/0", no_number),
    Allowed("Table Dialect, headerRows", f"{DIALECT}/(header|comment)Rows", is_one(["zz"])),
    Allowed("Table Schema, missingValues", f"{SCHEMA}/missingValues/1", is_one(""), version="2"),
    Allowed("Table Schema, foreignKeys", f"{SCHEMA}/foreignKeys/0", is_one({}, {"zz": 1})),
    Allowed(
        "Table Schema, foreignKeys",
        f"{SCHEMA}/foreignKeys/0/reference/(resource|fields|fields/0)",
        is_one("zz", "", ["zz"]),
        "What it refers to is in the package. frictionless looks when it reads the data.",
    ),
    Allowed(
        "Table Schema, foreignKeys",
        "resources/1(/name|/schema/fields/0/name)?",
        lambda value: value is DROPPED or value in ("zz", ""),
        "What it refers to is in the package. frictionless looks when it reads the data.",
    ),
    Allowed("Table Schema, uniqueKeys", f"{SCHEMA}/uniqueKeys", lambda value: value is not DROPPED),
    Allowed("Table Schema, uniqueKeys", f"{SCHEMA}/uniqueKeys/0", lambda value: True),
    Allowed(
        "Table Schema, uniqueKeys",
        f"{SCHEMA}/uniqueKeys/0/[01]",
        lambda value: value is not DROPPED,
    ),
    Allowed(
        "Table Schema, categories",
        f"{SCHEMA}/fields/1/categories",
        lambda value: no_texts(value) or value == [],
    ),
    Allowed("Table Schema, categories", f"{SCHEMA}/fields/1/categories/[01]", no_text),
    Allowed("Table Schema, categoriesOrdered", f"{SCHEMA}/fields/1/categoriesOrdered", no_boolean),
    Allowed("Table Schema, integer", f"{SCHEMA}/fields/0/format", is_one("zz", "")),
    Allowed("Table Schema, number", f"{SCHEMA}/fields/3/decimalChar", is_one("")),
    Allowed(
        "Table Schema, minimum and its like",
        f"{SCHEMA}/fields/0/constraints/((exclusiveM|m)(in|ax)imum|enum/[01])",
        no_integer,
        "It is a value of the field's type. frictionless looks when it reads the data.",
    ),
    Allowed("Table Schema, enum", f"{SCHEMA}/fields/0/constraints/enum", is_one([], ["zz"])),
    Allowed(
        "Table Schema, minLength",
        f"{SCHEMA}/fields/1/constraints/(min|max)Length",
        is_one(-1),
        "No length is below 0.",
        right="neither",
    ),
    Allowed(
        "Table Schema, minLength",
        f"{SCHEMA}/fields/1/type",
        lambda value: value is DROPPED,
        "A field without a type is of any type, which has no length.",
        version="2",
    ),
    # What frictionless alone refuses
    Allowed(
        "Data Package, contributors and sources",
        "(sources|contributors)/0/email",
        is_one("zz"),
        "A text with an address; what form it has is left open.",
        "theirs",
        "neither",
    ),
    Allowed(
        "Data Package, licenses",
        "resources/0/licenses/0/name",
        is_one(""),
        "There is a name, though none that anybody knows; claimpack warns.",
        "theirs",
        "neither",
    ),
    Allowed(
        "Profiles v1, profile",
        "profile|resources/[01]/profile",
        is_one("zz"),
        "A profile that is not known is not applied, which is told. frictionless looks for a file.",
        "theirs",
    ),
    Allowed(
        "Data Resource, schema",
        "resources/[01]/schema",
        lambda value: value is DROPPED,
        "Version 2 recommends a schema and does not ask for it.",
        "theirs",
        version="2",
    ),
    Allowed(
        "Data Resource, schema and dialect",
        "resources/[01]/(schema|dialect)",
        is_one(""),
        "What is empty refers to nothing, as if it were not there; claimpack warns.",
        "theirs",
        "neither",
    ),
    Allowed(
        "CSV Dialect v1",
        f"{DIALECT}/commentChar",
        is_one(None),
        "Not set by default, which null says.",
        "theirs",
        version="1",
    ),
    Allowed(
        "Table Schema v1, number",
        f"{SCHEMA}/fields/3/groupChar",
        is_one(None),
        "Null is the default in version 1, and means the same in version 2.",
        "theirs",
    ),
    Allowed(
        "Table Schema, Field Constraints",
        f"{SCHEMA}/fields/[01]/constraints",
        is_one({"zz": 1}),
        "One that is not supported is reported, which is a warning.",
        "theirs",
    ),
)
