"""Alterations of a package: of bytes, cells, JSON, names, dialects and encodings.

Each takes the files of a package and a source of chance and says in words what it did.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from random import Random
from typing import Any, Literal

from samples import Files

Value = Any
Mutation = Callable[[Random, Files], str]

POOL = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
TEXTS = (*POOL["texts"], "x" * 5000, "9" * 400, "[" * 120)
"""Cells, and texts of a descriptor."""
VALUES: tuple[Value, ...] = (*POOL["values"], 10**400)
"""JSON of each kind, which may stand where another kind belongs."""
LONG_PATTERNS = ("(" * 300 + ")" * 300, "x" * 3000)
PROPERTIES: dict[str, list[Value]] = POOL["properties"]
"""Values of each property, right and wrong."""
PROPERTIES["pattern"] += LONG_PATTERNS
CODECS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"),
    *("shift_jis", "gb18030", "utf-7", "cp037", "iso2022_jp"),
)
NAMES = (
    "a b.csv",
    "\xe9.csv",
    "e\u0301.csv",
    "CON.csv",
    ".x.csv",
    "x/y.csv",
    "-a.csv",
    "a?b#c.csv",
)
BYTES = (
    *(
        b"\x00",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\r",
        b"\n",
        b'"',
        b",",
        b"\xef\xbb\xbf",
        b"\x1a",
    ),
    *(
        b"\xff\xfe",
        b"\xe2\x80\xa8",
        b"\\",
        b"'",
        b";",
        b"\n\n",
        b'""',
        b"\t",
        b" ",
        b"=",
        b"#",
        b"0",
    ),
)


def short(value: object) -> str:
    """A value as text of one line, cut."""
    text = repr(value)
    return text if len(text) < 90 else f"{text[:90]}... ({len(text)} characters)"


# Bytes


def change_bytes(random: Random, files: Files) -> str:
    """Insert, delete, repeat, flip or cut somewhere in a file."""
    name = random.choice(sorted(files))
    data = files[name]
    place = random.randint(0, len(data))
    length = random.choice((1, 1, 2, 5, 50))
    piece = data[place : place + length]
    choices: dict[str, bytes] = {
        "insert": data[:place] + (new := random.choice(BYTES)) + data[place:],
        "delete": data[:place] + data[place + length :],
        "repeat": data[:place] + piece * random.choice((2, 2, 1000)) + data[place + length :],
        "flip": data[:place] + bytes(255 - byte for byte in piece[:1]) + data[place + 1 :],
        "cut": data[:place],
        "append": data + new,
        "prepend": new + data,
        "double": data + data,
        "empty": b"",
    }
    what = random.choice(sorted(choices))
    files[name] = choices[what]
    return f"{name}: {what} {length} bytes at {place} ({new!r})"


# Cells


def change_cells(random: Random, files: Files) -> str:
    """Alter a cell, a row or a column of a file of delimited text."""
    names = [name for name in sorted(files) if name.endswith((".csv", ".tsv"))]
    if not names:
        return change_json(random, files)
    name = random.choice(names)
    text = files[name].decode("utf-8", "surrogateescape")
    delimiter = max(",;\t|", key=text.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not any(rows):
        return change_bytes(random, files)
    done = random.choice(CELLS)(random, rows)
    buffer = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if random.random() < 0.3 else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerows(rows)
    files[name] = buffer.getvalue().encode("utf-8", "surrogateescape")
    return f"{name}: {done}"


def _one(random: Random, rows: list[list[str]]) -> tuple[int, int]:
    row = random.choice([number for number, cells in enumerate(rows) if cells])
    return row, random.randrange(len(rows[row]))


def _text(random: Random, rows: list[list[str]]) -> str:
    row, column = _one(random, rows)
    rows[row][column] = random.choice(TEXTS)
    return f"cell {row},{column} := {short(rows[row][column])}"


def _copied(random: Random, rows: list[list[str]]) -> str:
    (row, column), (other, there) = _one(random, rows), _one(random, rows)
    rows[row][column] = rows[other][there]
    return f"cell {row},{column} := cell {other},{there}"


def _dropped(random: Random, rows: list[list[str]]) -> str:
    row, column = _one(random, rows)
    del rows[row][column]
    return f"cell {row},{column} deleted"


def _added(random: Random, rows: list[list[str]]) -> str:
    row, column = _one(random, rows)
    rows[row][column:column] = [random.choice(TEXTS)] * random.choice((1, 1, 3, 3000))
    return f"cells added at {row},{column}"


def _row_moved(random: Random, rows: list[list[str]]) -> str:
    (row, _), (other, _) = _one(random, rows), _one(random, rows)
    rows.insert(other, rows.pop(row) if random.random() < 0.5 else list(rows[row]))
    return f"row {row} copied or moved to {other}"


def _row_dropped(random: Random, rows: list[list[str]]) -> str:
    row, _ = _one(random, rows)
    rows[row] = random.choice(([], [""], [""] * len(rows[row])))
    return f"row {row} := {rows[row]}"


def _column_changed(random: Random, rows: list[list[str]]) -> str:
    row, column = _one(random, rows)
    text = random.choice(TEXTS)
    for cells in rows:
        if column < len(cells):
            cells[column] = text if row else cells[column] + text
    return f"column {column} filled with {short(text)}"


CELLS = (
    _text,
    _text,
    _text,
    _copied,
    _copied,
    _dropped,
    _added,
    _row_moved,
    _row_dropped,
    _column_changed,
)


# JSON


def change_json(random: Random, files: Files) -> str:
    """Replace, delete, copy, move, nest or add a value in a descriptor or a table of JSON."""
    names = [name for name in sorted(files) if name.endswith("json")]
    name = random.choice([*names, "datapackage.json"])
    try:
        root = json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        return change_bytes(random, files)
    holder = {"": root}
    done = random.choice(JSONS)(random, holder)
    files[name] = json.dumps(holder[""], indent=1, ensure_ascii=True).encode()
    return f"{name}: {done}"


def places(value: Value, above: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Every part: what holds it, its name or number there, and its pointer."""
    items = value.items() if isinstance(value, dict) else ()
    for key, part in list(enumerate(value) if isinstance(value, list) else items):
        pointer = f"{above}/{key}".lstrip("/")
        yield value, key, pointer
        yield from places(part, pointer)


def _place(random: Random, root: Value) -> tuple[Any, Any, str]:
    return random.choice(list(places(root)))


def _replaced(random: Random, root: Value) -> str:
    holder, key, pointer = _place(random, root)
    known = PROPERTIES.get(key) if isinstance(key, str) else None
    pool = known if known and random.random() < 0.6 else random.choice((VALUES, TEXTS))
    holder[key] = copy.deepcopy(random.choice(pool))
    return f"{pointer} := {short(holder[key])}"


def _deleted(random: Random, root: Value) -> str:
    holder, key, pointer = _place(random, root)
    if holder is not root:
        del holder[key]
    return f"{pointer} deleted"


def _duplicated(random: Random, root: Value) -> str:
    holder, key, pointer = _place(random, root)
    if isinstance(holder, list):
        times = random.choice((1, 1, 1, 40))
        holder[key:key] = [copy.deepcopy(holder[key]) for _ in range(times)]
    elif holder is not root:
        holder[random.choice((key.upper(), f"{key}s", f" {key}"))] = copy.deepcopy(holder[key])
    return f"{pointer} duplicated"


def _moved(random: Random, root: Value) -> str:
    holder, key, pointer = _place(random, root)
    other, there, target = _place(random, root)
    other[there] = copy.deepcopy(holder[key])
    return f"{target} := {pointer}"


def _nested(random: Random, root: Value) -> str:
    holder, key, pointer = _place(random, root)
    levels = random.choice((1, 1, 1, 2, 60, 120, 900))
    value = holder[key]
    for _ in range(levels):
        value = [value] if random.random() < 0.5 else {"a": value}
    holder[key] = value
    return f"{pointer} nested {levels} levels"


def _added_property(random: Random, root: Value) -> str:
    objects = [
        (item[key], pointer) for item, key, pointer in places(root) if isinstance(item[key], dict)
    ]
    if not objects:
        return _replaced(random, root)
    value, pointer = random.choice(objects)
    key = random.choice(sorted(PROPERTIES))
    value[key] = copy.deepcopy(random.choice(PROPERTIES[key]))
    return f"{pointer}/{key} := {short(value[key])}"


def _renamed(random: Random, root: Value) -> str:
    holder, key, pointer = _place(random, root)
    if not isinstance(holder, dict) or holder is root:
        return _replaced(random, root)
    name = random.choice((*sorted(PROPERTIES), key[:-1], key.upper(), *TEXTS))
    holder[name] = holder.pop(key)
    return f"{pointer} renamed to {short(name)}"


def _constrained(random: Random, root: Value) -> str:
    fields = [
        (item[key], pointer)
        for item, key, pointer in places(root)
        if isinstance(item[key], dict) and "/fields/" in pointer and pointer.count("/") < 7
    ]
    if not fields:
        return _added_property(random, root)
    value, pointer = random.choice(fields)
    key = random.choice(
        ("pattern", "enum", "minimum", "maximum", "unique", "jsonSchema", "maxLength")
    )
    held = value.get("constraints")
    held = held if isinstance(held, dict) else {}
    value["constraints"] = {**held, key: copy.deepcopy(random.choice(PROPERTIES[key]))}
    return f"{pointer}/constraints/{key} := {short(value['constraints'][key])}"


JSONS = (
    *(_replaced, _replaced, _replaced, _deleted, _duplicated, _moved, _nested),
    *(_added_property, _added_property, _added_property, _renamed, _constrained, _constrained),
)


def repeat_name(random: Random, files: Files) -> str:
    """Write a name of an object twice, as no parser would hand it on."""
    text = files.get("datapackage.json", b"")
    starts = [place for place, byte in enumerate(text) if byte == ord("{")]
    if not starts:
        return change_bytes(random, files)
    place = random.choice(starts) + 1
    name = random.choice(sorted(PROPERTIES))
    value = json.dumps(random.choice(PROPERTIES[name]))
    new = f'"{name}": {value}, "{name}": {value}, '.encode()
    files["datapackage.json"] = text[:place] + new + text[place:]
    return f"datapackage.json: {name!r} twice at {place}"


# Names and encodings


def rename_file(random: Random, files: Files) -> str:
    """Give a file another name, which the descriptor follows or does not."""
    name = random.choice(sorted(files))
    new = random.choice((*NAMES, name.upper(), f"{name}.gz", f"{name}.csv", f"sub/{name}"))
    new = new if PurePosixPath(new).suffix else f"{new}{PurePosixPath(name).suffix}"
    if name != "datapackage.json":
        files[new] = files.pop(name)
        if random.random() < 0.6:
            old, now = json.dumps(name).encode(), json.dumps(new).encode()
            files["datapackage.json"] = files.get("datapackage.json", b"").replace(old, now)
    return f"{name} renamed to {new}"


def copy_file(random: Random, files: Files) -> str:
    """Put the content of one file into another."""
    name, other = random.choice(sorted(files)), random.choice(sorted(files))
    files[name] = files[other]
    return f"{name} := {other}"


def encode_file(random: Random, files: Files) -> str:
    """Write a file in another encoding, declared or not."""
    name = random.choice(sorted(files))
    codec = random.choice(CODECS)
    text = files[name].decode("utf-8", "replace")
    files[name] = text.encode(codec, "replace")
    declared = random.choice((None, codec, random.choice(CODECS)))
    if declared:
        quoted = json.dumps(name)
        new = f'{quoted}, "encoding": "{declared}"'.encode()
        files["datapackage.json"] = files.get("datapackage.json", b"").replace(quoted.encode(), new)
    return f"{name} in {codec}, declared {declared}"


MUTATIONS: tuple[Mutation, ...] = (
    *(change_bytes, change_bytes, change_cells, change_cells, change_cells, change_cells),
    *(change_json, change_json, change_json, change_json, change_json, change_json),
    *(repeat_name, rename_file, copy_file, encode_file),
)
