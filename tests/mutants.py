"""Alterations of a package: of bytes, cells, JSON, names, dialects and encodings.

Each takes the files of a package and a source of chance and says in words what it did.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from random import Random
from typing import Any

from samples import Files

Value = Any
Mutation = Callable[[Random, Files], str]

TEXTS = (
    *("", " ", "0", "-1", "1e999", "NaN", "-INF", "1_0", "9" * 400, "\u0663", "1,5", "1.0"),
    *("2020", "2020+05:00", "0000", "-0044", "2020-02-30", "0000-01-01", "2020-01", "31/01/200"),
    *("2020-01-01T24:00:00Z", "P1Y", "PT", "true", "TRUE", "[", "[1]", "{}", "null", "[" * 120),
    *("x" * 5000, "a\nb", "a\r\nb", "\r", '"', '""', '"a', 'a"b', ",", ";", "\t", "\x00", "\x1b[31m"),
    *("\ufeff", "\u2028", "\x85", "\u202e", "e\u0301", "\xe9", "\U0001f600", "\ue000", "\ue001"),
    *("=1+1", "@x", "<b>", "javascript:x", "{value}", "{row}", "{}", "{0}", "%s", "%d", "$1", "?"),
    *("TRY_CAST(f0 AS DOUBLE)", "t0", "f0", "c0", "'", "';--", "/*", "\\", "\\N", ":x", "$$", "`"),
)
VALUES: tuple[Value, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.5, 1e308, 10**30, 10**400, "", "a", [], {}, [[]], [{}]),
    *([None], [1], ["a", "a"], {"a": 1}, {"name": "a"}, [["a"]], "\ud800", "\x00"),
)
PATTERNS = (
    *("(a+)+", "(a|a)*b", ".{1,2000}", "[0-9]{1,1001}", "(x{1,1000}){1,1000}", "(" * 300 + ")" * 300),
    *("([", "[a-z-[aeiou]]", r"\p{Lu}", r"\p{IsGreek}", r"\i\c*", r"(?<=a)b", r"(a)\1", "^a$", "a{,2}"),
    *(r"\Z", "(?i)a", "[^]", "a|", "", "x" * 3000, r"\d\u0041", "[[:alpha:]]", "(?P<n>a)", "\n", "\x00"),
)
PROPERTIES: dict[str, tuple[Value, ...]] = {
    "type": (
        *("string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth"),
        *("duration", "geopoint", "geojson", "object", "array", "list", "any", "zz", "table"),
    ),
    "format": (
        *("default", "any", "%d/%m/%Y", "%", "%%", "%Q", "%Y", "%H:%M", "email", "uri", "uuid"),
        *("binary", "array", "object", "topojson", "csv", "json", "jsonl", "xlsx", "ods", "parquet"),
    ),
    "constraints": ({"required": True}, {"unique": True}, {"enum": ["1", 2, None]}, {"minimum": 2}),
    "pattern": PATTERNS,
    "minimum": ("2020-01-01", 1, "x", [1], {"a": 1}, "NaN", "2020", "P1D"),
    "maximum": ("2020-01-01", 1, "x", [1], {"a": 1}, "-INF", "0000"),
    "exclusiveMinimum": (0, "1", [], {}),
    "exclusiveMaximum": (0, "1", [], {}),
    "enum": ([], ["a"], ["{value}", "{row}"], [[1]], [{}], ["TRY_CAST(f0 AS DOUBLE)", "x"], "a", [1.0]),
    "minLength": (0, 2, 10**9, "1"),
    "maxLength": (0, 2, -1, 2.0),
    "jsonSchema": ({}, {"type": "object"}, {"$ref": "#"}, {"pattern": "(a+)+"}, {"$ref": "http://x"}, 1),
    "unique": (True, "true", 1),
    "required": (True, "true", 1),
    "categories": (["a", "b"], [{"value": "a", "label": "A"}], [1], [], ["{value}"]),
    "categoriesOrdered": (True, 1),
    "missingValues": ([], [""], ["-", ""], [{"value": "-", "label": "x"}], "NA", ["\n"], ["0", "1"]),
    "primaryKey": ("a0", ["a0"], ["a0", "a0"], ["a0"] * 50, ["zz"], [], "", ["id"]),
    "uniqueKeys": ([["a0"]], [[]], ["a0"], [["a0", "a0"]]),
    "foreignKeys": (
        [{"fields": "a0", "reference": {"resource": "", "fields": "a0"}}],
        [{"fields": ["a0"], "reference": {"fields": ["a0"]}}],
        [{"fields": ["a0", "a0"], "reference": {"resource": "t0", "fields": ["a0", "a0"]}}],
        [{"fields": "id", "reference": {"resource": "t", "fields": "id"}}],
    ),
    "fieldsMatch": ("exact", "equal", "subset", "superset", "partial", ["exact"], "zz"),
    "decimalChar": (",", ".", "", "ab", "-", "0"),
    "groupChar": (",", ".", " ", "", "1"),
    "bareNumber": (False, "false"),
    "trueValues": (["yes"], [], ["a", "a"], [1]),
    "falseValues": (["no"], [], ["true"]),
    "itemType": ("integer", "date", "zz", "list"),
    "delimiter": (";", "\t", "::", "", "\n", '"', "\r\n", "a", "\x00", "\u20ac", "\\"),
    "quoteChar": ("'", "", None, '"', ",", "ab", "\n", "\x00"),
    "escapeChar": ("\\", '"', "", ",", "ab"),
    "doubleQuote": (False, True),
    "lineTerminator": ("\n", "\r\n", "\r", ";", "", ",", "ab", '"'),
    "nullSequence": ("NA", "\\N", "", "a"),
    "skipInitialSpace": (True,),
    "commentChar": ("#", "a", "", ",", "//", '"'),
    "header": (False, True, 0),
    "headerRows": ([1], [2], [1, 2], [2, 1], [], [0], [99], [1, 1], [-1]),
    "headerJoin": (" ", "", "\n", 1),
    "commentRows": ([1], [2, 3], [99], [1, 1], [0], [10**12]),
    "sheetName": ("t", "zz", "", "Sheet1"),
    "sheetNumber": (1, 2, 0, -1, 10**9),
    "property": ("a", "", "0", "rows"),
    "itemKeys": (["a0"], [], ["zz"], ["a0", "a0"]),
    "itemType ": ("object",),
    "encoding": (
        *("utf-8", "utf-16", "utf-16-le", "utf-32", "utf-7", "ascii", "latin-1", "windows-1252"),
        *("shift_jis", "gb18030", "iso-2022-jp", "hz", "hex", "rot13", "idna", "zz", "big5", "cp037"),
    ),
    "path": ("", "a/../b.csv", "..", "/x", "http://x/y.csv", ["t0.csv", "t0.csv"], [], "C:\\x", "t.CSV"),
    "data": ([], [[]], [{}], [{"a0": 1}], [["a0"], [1]], "a0\n1\n", {"a": []}, 1, [1, 2], [[], []]),
    "schema": ({}, {"fields": []}, "zz.json", {"fields": ["a"]}, {"fields": [{}]}),
    "dialect": ({}, "zz.json", {"delimiter": ";"}, {"csv": {"delimiter": ";"}}),
    "profile": ("tabular-data-resource", "tabular-data-package", "zz", "http://x"),
    "$schema": ("https://datapackage.org/profiles/2.0/datapackage.json", "zz", "http://x/y"),
    "compression": ("gz", "zip", "xz", "bz2", "zst", "no", "", "zz"),
    "mediatype": ("text/csv", "application/json", "x"),
    "hash": ("d41d8cd98f00b204e9800998ecf8427e", "sha256:00", "zz", "sha1:" + "0" * 40),
    "bytes": (0, -1, 10**20, 8),
    "name": ("t0", "a", "A", "", "con", "AUX", "a/b", "..", "\x00", "x" * 300, "a.b", "\xe9", "t1"),
    "resources": ([], [{}], [{"name": "t"}]),
    "claimpack": ({"rules": {"type-error": "off"}}, {"rules": 1}, {"rules": {"zz": "error"}}),
    "licenses": ([{"name": "x"}], [{}], []),
    "created": ("2020-01-01", "x", "2020-01-01T00:00:00Z"),
    "title": ("<script>", "\x1b[31m", "", "{value}"),
    "description": ("| a |", "\n\n# x", "--"),
    "rdfType": ("x", ""),
}
CODECS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"),
    *("shift_jis", "gb18030", "utf-7", "cp037", "iso2022_jp"),
)
NAMES = ("a b.csv", "\xe9.csv", "e\u0301.csv", "CON.csv", ".x.csv", "x/y.csv", "-a.csv", "a?b#c.csv")
BYTES = (
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\r", b"\n", b'"', b",", b"\xef\xbb\xbf", b"\x1a"),
    *(b"\xff\xfe", b"\xe2\x80\xa8", b"\\", b"'", b";", b"\n\n", b'""', b"\t", b" ", b"=", b"#", b"0"),
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
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
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


CELLS = (_text, _text, _text, _copied, _copied, _dropped, _added, _row_moved, _row_dropped, _column_changed)


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
    objects = [(item[key], pointer) for item, key, pointer in places(root) if isinstance(item[key], dict)]
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
    key = random.choice(("pattern", "enum", "minimum", "maximum", "unique", "jsonSchema", "maxLength"))
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
