"""Two judges of one package: claimpack, and frictionless as the reference implementation.

What each finds is put into terms that both have: a class of error, a resource, a data
row and a field. frictionless has no rule for `uniqueKeys`; it gives the values, and the
rule is added here (`_unique_keys`), so that those are compared as well.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import claimpack
from packages import Json

PACKAGE = (
    "descriptor-error unsafe-path missing-file package-error resource-error schema-error "
    "dialect-error field-error scheme-error format-error error"
)
FILE = (
    "encoding-error empty-file quoting-error nul-byte newline-error source-error compression-error"
)
CLASSES = {
    "hash-count": "hash-mismatch",
    "byte-count": "bytes-mismatch",
    **dict.fromkeys(PACKAGE.split(), "package"),
    **dict.fromkeys(FILE.split(), "file"),
}
ENCODINGS = {"utf-8", "utf-16", "iso-8859-1"}
WHOLE_ROW = {"missing-cell", "extra-cell", "primary-key", "blank-row"}
LABELS = {"missing-label", "extra-label", "incorrect-label", "duplicate-label", "blank-label"}
CRASH = "crash"


@dataclass(frozen=True, order=True)
class Fault:
    """One error, in terms that both tools have; row 0 is the header or the file."""

    kind: str
    resource: str
    row: int
    field: str


Faults = frozenset[Fault]


@dataclass(frozen=True)
class Table:
    """What a data file holds, as Python's csv module reads it by the dialect.

    Attributes:
        rows: The labels, then each data row; comments and empty lines are left out.
        numbers: For each data row the number of its record in the file, from 1.
        content: The bytes of the file.
    """

    rows: list[list[str]]
    numbers: list[int]
    content: bytes = b""

    def data_row(self, number: int) -> int:
        """The data row, from 1, of a record of that number; 0 where it is none."""
        return self.numbers.index(number) + 1 if number in self.numbers else 0


@dataclass(frozen=True)
class Case:
    """A package as both tools met it.

    Attributes:
        descriptor: The descriptor, empty where it is no object.
        tables: What the data files hold.
        ours: The errors that claimpack found.
        theirs: The errors that frictionless found.
    """

    descriptor: Json
    tables: dict[str, Table] = field(default_factory=dict)
    ours: Faults = frozenset()
    theirs: Faults = frozenset()

    @property
    def v2(self) -> bool:
        """Whether the descriptor is of version 2."""
        return "$schema" in self.descriptor

    @property
    def resources(self) -> list[Json]:
        """The package's resources, as far as they are objects."""
        return [item for item in self.descriptor.get("resources", []) if isinstance(item, dict)]

    @property
    def fields(self) -> Iterator[Json]:
        """The fields of all tables."""
        for resource in self.resources:
            schema = resource.get("schema")
            if isinstance(schema, dict):
                yield from (item for item in schema.get("fields", []) if isinstance(item, dict))

    def resource(self, name: str) -> Json:
        """The resource of that name, empty where there is none."""
        return next((item for item in self.resources if item.get("name") == name), {})

    def schema(self, resource: str) -> Json:
        """The schema of a resource, empty where it is none."""
        schema = self.resource(resource).get("schema")
        return schema if isinstance(schema, dict) else {}

    def field(self, resource: str, name: str) -> Json:
        """A field's descriptor, empty where there is none."""
        items = [item for item in self.schema(resource).get("fields", []) if isinstance(item, dict)]
        return next((item for item in items if item.get("name") == name), {})

    def names(self, resource: str) -> list[str]:
        """The names of a table's fields, in order."""
        items = self.schema(resource).get("fields", [])
        return [str(item.get("name")) for item in items if isinstance(item, dict)]

    def row(self, resource: str, number: int) -> list[str]:
        """The cells of a row, empty where there is none; row 0 is the header."""
        rows = self.tables[resource].rows if resource in self.tables else []
        return rows[number] if 0 <= number < len(rows) else []

    def text(self, fault: Fault, name: str | None = None) -> str | None:
        """The cell that a fault is about; None where there is none."""
        names, cells = self.names(fault.resource), self.row(fault.resource, fault.row)
        wanted = fault.field if name is None else name
        return dict(zip(names, cells, strict=False)).get(wanted)

    def missing(self, resource: str, name: str) -> list[str]:
        """What stands for null in a field."""
        default = self.schema(resource).get("missingValues", [""])
        described = self.field(resource, name)
        values: Any = described.get("missingValues", default)
        return [item["value"] if isinstance(item, dict) else item for item in values]

    def is_null(self, fault: Fault, name: str) -> bool:
        """Whether a cell of the fault's row is null, or not there."""
        text = self.text(fault, name)
        return text is None or text in self.missing(fault.resource, name)

    def key_of(self, fault: Fault) -> list[str]:
        """The fields of the key that a fault is about."""
        if fault.kind == "primary-key":
            key = self.schema(fault.resource).get("primaryKey", [])
            return [key] if isinstance(key, str) else list(key)
        return fault.field.split("+")

    def found(self, side: str, kind: str, like: Fault, field: str | None = None) -> bool:
        """Whether one side found such a fault in the row of another."""
        faults: Faults = getattr(self, side)
        return (
            Fault(kind, like.resource, like.row, like.field if field is None else field) in faults
        )


def read(folder: Path, plain: Path | None = None) -> Case:
    """The case that a folder holds, judged by both.

    Args:
        folder: The package.
        plain: The same package in words that frictionless knows, where it does not know
            those of the first; judged by frictionless in its stead, and what the case tells.
    """
    shown = folder if plain is None else plain
    case = _met(shown)
    return replace(case, ours=ours(folder), theirs=theirs(shown, case))


def _met(folder: Path) -> Case:
    try:
        descriptor = json.loads((folder / "datapackage.json").read_text("utf-8-sig"))
    except ValueError:
        descriptor = {}
    case = Case(descriptor)
    for item in case.resources:
        path = item.get("path")
        if isinstance(path, str) and ".." not in path and (folder / path).is_file():
            case.tables[item["name"]] = _table(folder / path, item, len(case.names(item["name"])))
    return case


def _table(path: Path, resource: Json, width: int) -> Table:
    encoding = resource.get("encoding", "utf-8")
    encoding = encoding if encoding in ENCODINGS else "utf-8"
    content = path.read_bytes()
    text = content.decode(encoding, "replace").replace("\0", "").lstrip("\ufeff")
    dialect = resource.get("dialect")
    dialect = dialect if isinstance(dialect, dict) else {}
    heads = dialect.get("headerRows", [1]) if dialect.get("header", True) else []
    comment, last = dialect.get("commentChar"), max(heads, default=0)
    rows: list[list[str]] = [[]]
    numbers = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), **_form(dialect)), 1):
        noted = bool(comment and cells and cells[0].startswith(comment))
        if number in heads:
            rows[0] = cells
        elif number <= last or number in dialect.get("commentRows", []) or noted:
            continue
        elif cells or width == 1:
            rows.append(cells)
            numbers.append(number)
    return Table(rows, numbers, content)


def _form(dialect: Json) -> Json:
    """A dialect in the words of Python's csv module."""
    form: Json = {"delimiter": dialect.get("delimiter", ",")}
    if dialect.get("quoteChar"):
        form["quotechar"] = dialect["quoteChar"]
    if dialect.get("escapeChar"):
        form["escapechar"] = dialect["escapeChar"]
        form["doublequote"] = dialect.get("doubleQuote", True)
    if dialect.get("skipInitialSpace"):
        form["skipinitialspace"] = True
    return form


# The two judges


def ours(folder: Path, **options: Any) -> Faults:
    """The errors that claimpack finds."""
    report = claimpack.validate(folder, **options).to_dict()
    errors = [item for item in report["findings"] if item["severity"] == "error"]
    faults = frozenset(
        fault(item["rule"], item["resource"], item["row"], item["field"]) for item in errors
    )
    assert (report["verdict"] == "invalid") is bool(faults)
    return faults


def theirs(folder: Path, case: Case) -> Faults:
    """The errors that frictionless finds; one of kind `crash` where it raises."""
    import frictionless

    path = str(folder / "datapackage.json")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = frictionless.validate(path, limit_errors=1_000_000)
    except Exception:
        return frozenset({Fault(CRASH, "", 0, "")})
    faults = {fault(error.type, None, 0, None) for error in report.errors}
    for task in report.tasks:
        table = case.tables.get(task.name)
        for error in task.errors:
            number = getattr(error, "row_number", 0)
            row = table.data_row(number) if table and number else 0
            faults.add(fault(error.type, task.name, row, _fields(error)))
    assert report.valid is not bool(faults)
    if not any(item.kind == "package" for item in faults):
        faults |= {item for name in case.tables for item in _unique_keys(folder, case, name)}
    return frozenset(faults)


def _unique_keys(folder: Path, case: Case, name: str) -> Iterator[Fault]:
    """Rows whose unique key stands in an earlier row, by the values that frictionless reads."""
    import frictionless

    keys = case.schema(name).get("uniqueKeys", [])
    if not keys:
        return
    table = case.tables[name]
    package = frictionless.Package(str(folder / "datapackage.json"))
    seen: dict[tuple[str, ...], set[tuple[Any, ...]]] = {}
    for row in package.get_resource(name).read_rows():
        for key in map(tuple, keys):
            values = tuple(_hashable(row[part]) for part in key)
            if None in values:
                continue
            if values in seen.setdefault(key, set()):
                yield Fault("unique-key", name, table.data_row(row.row_number), "+".join(key))
            seen[key].add(values)


def _hashable(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value


def _fields(error: Any) -> object:
    return getattr(error, "field_names", None) or getattr(error, "field_name", None)


def fault(rule: str, resource: str | None, row: int | None, fields: object) -> Fault:
    """A finding of either tool in the terms of both."""
    kind = CLASSES.get(rule, rule)
    if kind == "package":
        return Fault(kind, "", 0, "")
    if kind == "file":
        return Fault(kind, resource or "", 0, "")
    if kind in WHOLE_ROW or kind in LABELS or not fields:
        return Fault(kind, resource or "", row or 0, "")
    names = fields if isinstance(fields, list | tuple) else [fields]
    return Fault(kind, resource or "", row or 0, "+".join(map(str, names)))
