"""The one model of a package that versions 1 and 2 of the standard are read into.

Everything here is frozen and already checked: a descriptor's own faults were
reported while reading it, and what could not be understood is left out or set
to the standard's default, so that the data can be checked as far as they can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Standard = Literal["1", "2"]
FieldsMatch = Literal["exact", "equal", "subset", "superset", "partial"]
JSONObject = Mapping[str, Any]

FIELD_TYPES = (
    "string",
    "number",
    "integer",
    "boolean",
    "object",
    "array",
    "list",
    "date",
    "time",
    "datetime",
    "year",
    "yearmonth",
    "duration",
    "geopoint",
    "geojson",
    "any",
)


@dataclass(frozen=True, slots=True)
class Constraints:
    """Constraints of a field. Bounds, enum and examples keep their JSON form."""

    required: bool = False
    unique: bool = False
    pattern: str | None = None
    enum: tuple[Any, ...] | None = None
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Any = None
    exclusive_maximum: Any = None
    min_length: int | None = None
    max_length: int | None = None
    json_schema: JSONObject | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a Table Schema.

    Attributes:
        name: Name as declared, one made up for it where none is.
        type: One of FIELD_TYPES; `any` where the declared one is unknown.
        format: Format as declared, `default` where none is.
        missing_values: Texts that stand for null, the schema's or the field's own.
        categories: Values of `categories` as JSON values, None where not declared.
        ordered: Whether the categories are ordered (`categoriesOrdered`).
        options: The type's own properties: decimalChar, groupChar, bareNumber,
            trueValues, falseValues, delimiter, itemType; defaults filled in.
        raw: The field's descriptor as written.
        pointer: JSON pointer to it.
        named: Whether the descriptor gives it a name, so that its label can be judged.
    """

    name: str
    type: str = "string"
    format: str = "default"
    constraints: Constraints = Constraints()
    missing_values: tuple[str, ...] = ("",)
    categories: tuple[Any, ...] | None = None
    ordered: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    raw: JSONObject = field(default_factory=dict)
    pointer: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Fields that point to fields of a resource; resource "" is the table itself."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A Table Schema."""

    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)
    fields_match: FieldsMatch = "exact"
    raw: JSONObject = field(default_factory=dict)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A Table Dialect (CSV dialect of version 1), defaults filled in."""

    delimiter: str = ","
    line_terminator: str | None = None
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    null_sequence: str | None = None
    skip_initial_space: bool = False
    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment_char: str | None = None
    comment_rows: frozenset[int] = frozenset()
    property: str | None = None
    item_type: str | None = None
    item_keys: tuple[str, ...] | None = None
    sheet_name: str | None = None
    sheet_number: int | None = None
    table: str | None = None
    raw: JSONObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Attributes:
        name: Name; `resource<N>` (from 1) where the descriptor gives none.
        index: Position in the package, from 0.
        paths: The file names as the descriptor writes them; empty for inline data.
        files: The same, resolved, safe and existing; shorter where one is not.
        data: Inline data as JSON values, None where there are none.
        schema: The Table Schema, None where none is declared.
        encoding: IANA name as declared, `utf-8` where none is.
        encoding_declared: Whether the descriptor names an encoding.
        format: csv, tsv, json, ndjson, parquet, xlsx, ods ... in lower case.
        compression: gz, bz2, xz, zip, zst or None.
        bytes: Declared size.
        hash: Declared hash as (algorithm, hex digits).
        tabular: Whether the resource is a table to be checked as one.
        blocked: Why its data cannot be read although nothing is wrong with them
            (remote, unsupported), empty where they can.
        broken: True where an error of the descriptor or a missing file keeps
            the data from being read.
        pointer: JSON pointer to it.
        archive: What keeps the files in their place as long as the resource is in use.
    """

    name: str
    index: int
    standard: Standard = "1"
    paths: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    data: Any = None
    schema: Schema | None = None
    dialect: Dialect = Dialect()
    encoding: str = "utf-8"
    encoding_declared: bool = False
    format: str = "csv"
    compression: str | None = None
    bytes: int | None = None
    hash: tuple[str, str] | None = None
    tabular: bool = True
    blocked: str = ""
    broken: bool = False
    title: str = ""
    description: str = ""
    raw: JSONObject = field(default_factory=dict)
    pointer: str = ""
    archive: object = field(default=None, repr=False, compare=False)

    @property
    def path(self) -> str | None:
        """The first path as written, None for inline data."""
        return self.paths[0] if self.paths else None


@dataclass(frozen=True, slots=True)
class Package:
    """A Data Package.

    Attributes:
        base: Folder that the descriptor lies in; every path is relative to it.
        descriptor: File name of the descriptor within base.
        standard: Version of the standard that the descriptor follows.
        raw: The descriptor as written, `$ref`-like schemas not put in.
        profiles: Paths of the profiles in the package that its descriptor names.
    """

    base: Path
    descriptor: str = "datapackage.json"
    standard: Standard = "1"
    name: str | None = None
    title: str = ""
    description: str = ""
    version: str | None = None
    resources: tuple[Resource, ...] = ()
    raw: JSONObject = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    _named: dict[str, Resource] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = {item.name: item for item in reversed(self.resources)}
        object.__setattr__(self, "_named", first)

    def resource(self, name: str) -> Resource:
        """The first resource of that name; KeyError where there is none."""
        return self._named[name]

    def find(self, name: str) -> Resource | None:
        """The first resource of that name, if there is one."""
        return self._named.get(name)
