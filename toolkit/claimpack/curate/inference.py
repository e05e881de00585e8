"""Adds a table to a package, its schema inferred from its file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimpack import descriptor, plan
from claimpack.curate import files, insertion
from claimpack.descriptor.model import Package
from claimpack.descriptor.yaml_objects import is_yaml
from claimpack.engine.run import Run
from claimpack.errors import UnreadableError, UsageError

V2 = "https://datapackage.org/profiles/2.0"
SAMPLE = 10_000
"""Rows that types are inferred from; all rows are then held against them."""
DELIMITERS = {".csv": ",;\t|", ".tsv": "\t", ".tab": "\t"}
KINDS = {
    ".csv": ("csv", "text/csv"),
    ".tsv": ("tsv", "text/tab-separated-values"),
    ".tab": ("tsv", "text/tab-separated-values"),
    ".xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AddedTable:
    """A table that was added to a package.

    Attributes:
        name: Its name.
        path: Its file, seen from the package's folder.
        schema: The file of its schema.
        fields: Its fields with their types.
        rows: Data rows, None where its format is not read.
        findings: How many findings `validate` has on it, by rule.
    """

    name: str
    path: str
    schema: str
    fields: tuple[tuple[str, str], ...]
    rows: int | None
    findings: Mapping[str, int]


def add_table(package: Package, file: Path, name: str | None = None, title: str = "") -> AddedTable:
    """Infer a schema for a file, write it to `schemas/`, and add the resource.

    Args:
        package: A data package.
        file: CSV, TSV, Excel or Parquet, in the package's folder or below it.
        name: Name of the table, made of the file's name where none is given.
        title: Title of the table.

    Raises:
        UsageError: The file is not there, not in the package, no table, or the name or the
            file is taken already.
        UnreadableError: A file cannot be read or written.
    """
    if is_yaml(package.descriptor):
        raise UsageError(f"{package.descriptor} is YAML; convert the descriptor to JSON first")
    path = _inside(package, file)
    name = name or re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_")
    _expect_new(package, name, path)
    schema_path = f"schemas/{name}.json"
    target = package.base / schema_path
    if target.exists():
        raise UsageError(f"{target} already exists; delete it, or choose another --name")
    resource, schema = _described(file, path, name, title)
    if package.standard == "2":
        resource = {"$schema": f"{V2}/dataresource.json", **resource, "type": "table"}
        schema = {"$schema": f"{V2}/tableschema.json", **schema}
    else:
        resource = {"profile": "tabular-data-resource", **resource}
    rows, findings = _try(package, resource, schema)
    source = package.base / package.descriptor
    text = files.decode(files.read(source), source)
    text = insertion.insert(text, {**resource, "schema": schema_path})
    target.parent.mkdir(exist_ok=True)
    files.write(target, (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode())
    try:
        files.write(source, text.encode("utf-8"))
    except UnreadableError:
        target.unlink()
        raise
    fields = tuple((field["name"], field["type"]) for field in schema["fields"])
    return AddedTable(name, path, schema_path, fields, rows, findings)


def _inside(package: Package, file: Path) -> str:
    """The file's path as the descriptor is to write it."""
    if not file.is_file():
        raise UsageError(f"the file {file} does not exist")
    if file.suffix.lower() not in KINDS:
        raise UsageError(f"{file} has none of the formats {', '.join(sorted(KINDS))}")
    try:
        return file.resolve().relative_to(package.base.resolve()).as_posix()
    except ValueError as error:
        raise UsageError(
            f"{file} is not in the package's folder; move it there, into tables/ for example"
        ) from error


def _expect_new(package: Package, name: str, path: str) -> None:
    if not re.fullmatch(r"[a-z0-9._-]+", name):
        raise UsageError(f'"{name}" is not a valid table name; choose one with --name')
    for item in package.resources:
        if item.name == name:
            raise UsageError(f'the table "{name}" already exists; choose another --name')
        if path in item.paths:
            raise UsageError(f'{path} is already the table "{item.name}"')


def _described(file: Path, path: str, name: str, title: str) -> tuple[Json, Json]:
    """The resource and its schema."""
    form, mediatype = KINDS[file.suffix.lower()]
    resource: Json = {"name": name, "path": path}
    resource |= {"title": title} if title else {}
    resource |= {"format": form, "mediatype": mediatype}
    if form == "parquet":
        fields = _parquet_fields(file)
    elif form == "xlsx":
        fields = _fields(file, {})
    else:
        resource["encoding"] = "utf-8"
        delimiter = _delimiter(file, DELIMITERS[file.suffix.lower()])
        if delimiter != ("\t" if form == "tsv" else ","):
            resource["dialect"] = {"delimiter": delimiter}
        fields = _fields(file, {"csv": {"delimiter": delimiter}})
    return resource, {"name": name, "fields": fields, "missingValues": [""]}


def _delimiter(file: Path, candidates: str) -> str:
    """The delimiter that parts the header most often; the file is known to be UTF-8 then."""
    text = files.decode(files.read(file), file).removeprefix("\ufeff")
    if "\0" in text:
        raise UsageError(f"{file} holds NUL bytes; save it as CSV in UTF-8")

    def columns(delimiter: str) -> int:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []))

    if not columns(candidates[0]):
        raise UsageError(f"{file} is empty; a table needs a header")
    return max(candidates, key=columns)


def _fields(file: Path, dialect: Json) -> list[Json]:
    """Names and types as frictionless infers them; every row of the sample has to fit."""
    from frictionless import Detector, Dialect, FrictionlessException, system
    from frictionless import Resource as Theirs

    trusted, system.trusted = system.trusted, True
    try:
        theirs = Theirs(
            path=file.name,
            basepath=str(file.parent.resolve()),
            detector=Detector(field_confidence=1, sample_size=SAMPLE),
            dialect=Dialect.from_descriptor(dialect),
            **({"encoding": "utf-8-sig"} if dialect else {}),
        )
        theirs.infer()
        found = theirs.schema.to_descriptor()["fields"]
    except (FrictionlessException, OSError, ValueError) as error:
        raise UnreadableError(f"no table could be read from {file}: {error}") from error
    finally:
        system.trusted = trusted  # its own context would stay trusted behind an error
    known = ("integer", "number", "boolean", "date", "time", "datetime", "year")
    return [
        {"name": field["name"], "type": field["type"] if field["type"] in known else "string"}
        for field in found
    ]


def _parquet_fields(file: Path) -> list[Json]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(file)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(f"{file} is not a Parquet file: {error}") from error
    return [{"name": field.name, "type": _type(pa, field.type)} for field in schema]


def _type(pa: Any, kind: Any) -> str:
    """The field type of an Arrow type."""
    types = pa.types
    tests = {
        "boolean": types.is_boolean,
        "integer": types.is_integer,
        "number": lambda kind: types.is_floating(kind) or types.is_decimal(kind),
        "date": types.is_date,
        "datetime": types.is_timestamp,
        "time": types.is_time,
        "array": lambda kind: types.is_list(kind) or types.is_large_list(kind),
        "object": types.is_struct,
    }
    return next((name for name, test in tests.items() if test(kind)), "string")


def _try(package: Package, resource: Json, schema: Json) -> tuple[int | None, dict[str, int]]:
    """Hold every row against the schema; a type that does not fit all of them becomes string.

    Returns:
        The number of rows, and the findings that are left.
    """
    for _ in range(2):
        raw: Json = {"resources": [{**resource, "schema": schema}]}
        if package.standard == "2":
            raw = {"$schema": f"{V2}/datapackage.json", **raw}
        reading = descriptor.read_text(json.dumps(raw), package.base)
        assert reading.package is not None
        outcome = Run(plan.make(reading.package)).outcome()
        totals = outcome.findings.totals()
        own = {rule: count for (name, rule, _), count in totals.items() if name == resource["name"]}
        if "type-error" not in own:
            break
        wrong = {item.field for item in outcome.findings if item.rule == "type-error"}
        for field in schema["fields"]:
            field["type"] = "string" if field["name"] in wrong else field["type"]
    unread = any(item.what == "data" for item in outcome.unchecked)
    return None if unread or not outcome.tables else outcome.tables[0].rows, own


__all__ = ["AddedTable", "add_table"]
