"""Packages that the mutation run starts from: every fixture, and packages made at random.

A package is a mapping from file names to bytes, so that it can be altered before it is written.
"""

from __future__ import annotations

import gzip
import io
import json
import lzma
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import conformance
from made import KINDS, KINDS_2, MISSING, ORDERED, PATTERNS, SIZED, Kind
from packages import V2, Json, write

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "rules"
Files = dict[str, bytes]
Rows = list[list[str]]
DELIMITERS = (",", ",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8", "utf-8", "iso-8859-1", "utf-16", "utf-8-sig")


@dataclass(frozen=True)
class Sample:
    """A package by name: its files by their names within its folder."""

    name: str
    files: Files

    def write(self, folder: Path) -> Path:
        """Write the files into the folder; names that no file can have are left out."""
        for name, content in self.files.items():
            try:
                write(folder / name, content)
            except (OSError, ValueError):
                continue
        return folder


def pick(random: Random) -> Sample:
    """A package: a fixture, one that is made, or now and then the dataset."""
    choice = random.randrange(40)
    if choice == 0:
        return dataset()
    return random.choice(fixtures()) if choice < 16 else made(random)


@cache
def fixtures() -> tuple[Sample, ...]:
    """The packages of the rules and of the clauses of the standard."""
    rules = sorted(path.parent for path in FIXTURES.glob("*/*/datapackage.json"))
    return (*(_read(folder, folder.relative_to(FIXTURES).as_posix()) for folder in rules), *_held())


@cache
def dataset() -> Sample:
    """The dataset of the repository."""
    names = ["datapackage.json", *(f"{part}/" for part in ("schemas", "tables"))]
    files = [path for name in names for path in _below(ROOT / name)]
    return Sample(
        "dataset", {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    )


def _below(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(item for item in path.iterdir() if item.is_file())


def _held() -> Iterator[Sample]:
    with tempfile.TemporaryDirectory() as folder:
        for clause in conformance.clauses():
            for variant in clause.variants():
                yield _read(variant.make(Path(folder) / variant.id), variant.id)


def _read(folder: Path, name: str) -> Sample:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return Sample(name, {key: value for key, value in files.items() if key != "findings.json"})


# Packages made at random


def made(random: Random) -> Sample:
    """A package of one to three tables, of any type, key, dialect, format and compression."""
    v2 = random.random() < 0.6
    files: Files = {}
    resources: list[Json] = []
    for number in range(random.randint(1, 3)):
        table = _table(random, f"t{number}", v2, [item["schema"] for item in resources])
        resources.append(_placed(random, files, *table))
    package = {**(V2 if v2 else {}), "name": "p", "resources": resources}
    if random.random() < 0.2:
        _apart(files, resources)
    return Sample("made", {"datapackage.json": _json(package), **files})


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def _apart(files: Files, resources: list[Json]) -> None:
    """Put the schemas into files of their own."""
    for item in resources:
        files[f"{item['name']}.schema.json"] = _json(item["schema"])
        item["schema"] = f"{item['name']}.schema.json"


def _table(random: Random, name: str, v2: bool, before: list[Any]) -> tuple[Json, Rows]:
    kinds = [
        random.choice([*KINDS, *KINDS_2] if v2 else KINDS) for _ in range(random.randint(1, 5))
    ]
    key = {"type": "integer"}, [str(number) for number in range(200)], ["x"]
    kinds = [key, *kinds]
    names = [f"{'abcdef'[number]}{number}" for number in range(len(kinds))]
    fields = [_field(random, label, kind) for label, kind in zip(names, kinds, strict=True)]
    schema: Json = {"fields": fields}
    if (missing := random.choice(MISSING)) is not None:
        schema["missingValues"] = missing
    _keys(random, schema, names, v2, before)
    count = random.choice((0, 1, 3, 8, 20, 60))
    rows = [[str(row), *(_cell(random, kind) for kind in kinds[1:])] for row in range(count)]
    return {"name": name, "schema": schema}, [names, *rows]


def _field(random: Random, name: str, kind: Kind) -> Json:
    described, good, _ = kind
    made: Json = {"name": name, **described}
    sort = described.get("type", "any")
    held: Json = {}
    if random.random() < 0.15:
        held["required"] = True
    if random.random() < 0.1:
        held["enum"] = list(good)
    if random.random() < 0.1:
        held["unique"] = True
    if sort in ORDERED and random.random() < 0.4:
        held[random.choice(("minimum", "maximum"))] = random.choice(good)
    if sort == "string" and random.random() < 0.3:
        held["pattern"] = random.choice(sorted(PATTERNS))
    if sort in {*SIZED, "string"} and random.random() < 0.3:
        held[random.choice(("minLength", "maxLength"))] = random.randint(0, 3)
    return {**made, "constraints": held} if held else made


def _cell(random: Random, kind: Kind) -> str:
    _, good, broken = kind
    return random.choice(broken) if broken and random.random() < 0.01 else random.choice(good)


def _keys(random: Random, schema: Json, names: list[str], v2: bool, before: list[Any]) -> None:
    if random.random() < 0.7:
        schema["primaryKey"] = random.choice((names[0], names[:1], names[:2]))
    if v2 and random.random() < 0.3:
        schema["uniqueKeys"] = [names[:2]]
    if before and random.random() < 0.6:
        number = random.randrange(len(before))
        target = before[number]["fields"][0]["name"]
        reference = {"resource": f"t{number}", "fields": target}
        schema["foreignKeys"] = [{"fields": names[0], "reference": reference}]
    elif random.random() < 0.3:
        link = {"fields": [names[0]], "reference": {"resource": "", "fields": [names[0]]}}
        schema["foreignKeys"] = [link]


# Files of each format


def _placed(random: Random, files: Files, resource: Json, rows: Rows) -> Json:
    """The resource with its data in a file, or within itself."""
    name = resource["name"]
    form = random.choice(("csv", "csv", "csv", "csv", "json", "jsonl", "inline", *WRITERS))
    if form == "inline":
        return {**resource, "data": _objects(rows) if random.random() < 0.7 else rows}
    if form == "csv":
        more, content = _csv(random, rows)
        return {**resource, **more, **_packed(random, files, f"{name}.csv", content)}
    if form in ("json", "jsonl"):
        content = _json_text(random, form, rows)
        return {**resource, **_packed(random, files, f"{name}.{form}", content)}
    content = WRITERS[form](resource["schema"], rows)
    return {**resource, **_packed(random, files, f"{name}.{form}", content)}


def _packed(random: Random, files: Files, name: str, content: bytes) -> Json:
    choice = random.randrange(14)
    if choice == 0:
        name, content = f"{name}.gz", gzip.compress(content, mtime=0)
    elif choice == 1:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), content)
        name, content = f"{name}.zip", buffer.getvalue()
    elif choice == 2:
        name, content = f"{name}.xz", lzma.compress(content)
    files[name] = content
    return {"path": name}


def _csv(random: Random, rows: Rows) -> tuple[Json, bytes]:
    delimiter, end = random.choice(DELIMITERS), random.choice(("\n", "\n", "\r\n"))
    full = random.random() < 0.3

    def cell(text: str) -> str:
        odd = full or text == "" or any(letter in text for letter in f'{delimiter}"\r\n')
        return '"' + text.replace('"', '""') + '"' if odd else text

    text = "".join(delimiter.join(map(cell, row)) + end for row in rows)
    dialect = {} if delimiter == "," else {"dialect": {"delimiter": delimiter}}
    encoding = random.choice(ENCODINGS)
    content = text.encode(encoding, "replace")
    return {**dialect, **({} if encoding == "utf-8" else {"encoding": encoding})}, content


def _objects(rows: Rows) -> list[Json]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _json_text(random: Random, form: str, rows: Rows) -> bytes:
    items: list[Any] = _objects(rows) if random.random() < 0.7 else rows
    if form == "json":
        return json.dumps(items).encode()
    return "".join(json.dumps(item) + "\n" for item in items).encode()


def _typed(described: Json, text: str) -> Any:
    """A cell as a value of its type, where Parquet and the like have such a type."""
    readers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "date": date.fromisoformat,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    try:
        return readers[described.get("type", "any")](text)
    except (KeyError, ValueError):
        return text


def _columns(schema: Json, rows: Rows) -> Any:
    import pyarrow as pa

    columns = {}
    for number, described in enumerate(schema["fields"]):
        texts = [row[number] for row in rows[1:]]
        try:
            columns[described["name"]] = pa.array([_typed(described, text) for text in texts])
        except (pa.ArrowException, OverflowError):
            columns[described["name"]] = pa.array(texts)
    return pa.table(columns)


def _parquet(schema: Json, rows: Rows) -> bytes:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(_columns(schema, rows), buffer)
    return buffer.getvalue()


def _arrow(schema: Json, rows: Rows) -> bytes:
    import pyarrow.feather as feather

    buffer = io.BytesIO()
    feather.write_feather(_columns(schema, rows), buffer)
    return buffer.getvalue()


def _xlsx(schema: Json, rows: Rows) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("t")
    sheet.append(rows[0])
    for row in rows[1:]:
        sheet.append(
            [_typed(field, text) for field, text in zip(schema["fields"], row, strict=True)]
        )
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless(buffer)


def _timeless(buffer: io.BytesIO) -> bytes:
    """The workbook without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"2\d{3}-\d\d-\d\dT[\d:]+Z", b"2020-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _ods(schema: Json, rows: Rows) -> bytes:
    return ods([[escape(text) for text in row] for row in rows])


def ods(rows: Rows, cell: str = "", row: str = "") -> bytes:
    """A spreadsheet of texts (as XML); `cell` and `row` are attributes of the last of each."""
    cells = [[_ods_cell(text) for text in texts] for texts in rows]
    cells[-1][-1] = _ods_cell(rows[-1][-1], cell)
    opened = ["<table:table-row>"] * (len(rows) - 1) + [f"<table:table-row {row}>"]
    body = "".join(
        start + "".join(line) + "</table:table-row>"
        for start, line in zip(opened, cells, strict=True)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), ODS_TYPE)
        archive.writestr(zipfile.ZipInfo("content.xml"), ODS_CONTENT.format(body=body))
    return buffer.getvalue()


def _ods_cell(text: str, more: str = "") -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind} {more}><text:p>{text}</text:p></table:table-cell>"


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    f' xmlns:office="{_NAMES}:office:1.0" xmlns:table="{_NAMES}:table:1.0"'
    f' xmlns:text="{_NAMES}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
    '<table:table table:name="t">{body}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
WRITERS: dict[str, Callable[[Json, Rows], bytes]] = {
    "parquet": _parquet,
    "arrow": _arrow,
    "xlsx": _xlsx,
    "ods": _ods,
}
