"""Brings tables into the canonical form, and changes no value.

UTF-8 without a byte order mark, LF, the delimiter that the descriptor declares, quotes
only where RFC 4180 needs them, columns in the schema's order, rows sorted by the primary
key, a newline at the end; no white space around labels, no columns at the end without a label
and a value. What a spreadsheet makes of a file (a byte order mark, UTF-16,
CRLF, semicolons, quotes around everything) is known by its header and undone; what cannot
be read without a guess is left as it is, with the reason.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from claimpack.curate import files, rows
from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.values import WHITE_SPACE
from claimpack.errors import ClaimpackError, UnreadableError

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is formatted; it is held in memory."""
DELIMITERS = (",", ";", "\t", "|")
EXCELS_OWN = re.compile(r"(sep=[^\r\n]?)\r?\n", re.IGNORECASE)
"""A first line that tells Excel, and nobody else, what stands between the cells."""
BLANK = " \t\n\r\f\v\u00a0\u2007\u202f\ufeff\u200b\u200c\u200d\u2060"
"""White space around labels, and characters that nobody sees."""
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8"}

State = Literal["canonical", "changed", "foreign", "faulty", "unread"]
Records = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Formatted:
    """What became of a table.

    Attributes:
        name: The table.
        path: Its file as the descriptor names it.
        state: `canonical` as it was, `changed`, `foreign` where it has a form of its own
            that the descriptor asks for, `faulty` where a fault stands in the way,
            `unread` where it could not be read or written.
        notes: What was changed, or why nothing was.
    """

    name: str
    path: str
    state: State
    notes: tuple[str, ...] = ()


class FaultyError(ClaimpackError):
    """The file cannot be formatted before somebody mends it."""

    exit_code = 1


def tidy(package: Package, *, check: bool = False) -> Iterator[Formatted]:
    """Format each table of a package that is a file of delimited text.

    Args:
        package: A data package.
        check: Only say what would be done.
    """
    for resource in package.resources:
        if resource.tabular and resource.paths:
            path = str(resource.path)
            why = _own_form(resource)
            if why:
                yield Formatted(resource.name, path, "foreign", (why,))
                continue
            try:
                notes = _tidy(resource, check)
                yield Formatted(resource.name, path, "changed" if notes else "canonical", notes)
            except FaultyError as error:
                yield Formatted(resource.name, path, "faulty", (str(error),))
            except ClaimpackError as error:
                yield Formatted(resource.name, path, "unread", (str(error),))


def _own_form(resource: Resource) -> str:
    """Why a table is not ours to format; empty where it is."""
    dialect = resource.dialect
    plain = (
        dialect.quote_char == '"'
        and dialect.double_quote
        and dialect.header
        and dialect.header_rows == (1,)
        and dialect.line_terminator in (None, "\n", "\r\n")
        and len(dialect.delimiter) == 1
        and not dialect.comment_rows
        and not (dialect.comment_char or dialect.escape_char or dialect.skip_initial_space)
    )
    if resource.format not in ("csv", "tsv"):
        return f"its format is {resource.format or 'not CSV'}"
    if resource.compression:
        return "it is compressed"
    if len(resource.paths) > 1:
        return "it has several files"
    if resource.encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        return f"its declared encoding is {resource.encoding}"
    return "" if plain else "its declared dialect is not the standard one"


def _tidy(resource: Resource, check: bool) -> tuple[str, ...]:
    """Format a table; what was changed."""
    if resource.broken or resource.blocked or not resource.files:
        raise UnreadableError("it cannot be read; run claimpack validate to see why")
    path = resource.files[0]
    before = path.stat()
    if before.st_size > LARGEST:
        raise UnreadableError(f"it is larger than {LARGEST // 2**20} MiB")
    data = files.read(path)
    text, notes = _decoded(data)
    word = EXCELS_OWN.match(text)
    if word and resource.schema and word[1] not in {f.name for f in resource.schema.fields}:
        text = text[word.end() :]
        notes.append(f"the line {word[1]} removed")
    delimiter = _delimiter(resource, text)
    labels, records, empty = _parsed(text, delimiter)
    labels, records = _trimmed(resource, labels, records, notes)
    if empty:
        notes.append("empty lines removed")
    if delimiter != resource.dialect.delimiter:
        notes.append(f"{_named(delimiter)} is now {_named(resource.dialect.delimiter)}")
    made = _written(resource, labels, records, text, notes)
    if made == data:
        return ()
    if resource.hash or resource.bytes is not None:
        raise FaultyError("the descriptor declares its hash or size, which would no longer match")
    if not check:
        now = path.stat()
        if (now.st_mtime_ns, now.st_size) != (before.st_mtime_ns, before.st_size):
            raise UnreadableError("it changed while fmt was running; run fmt again")
        files.write(path, made)
    return tuple(notes)


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """The text without its mark, and what that changes."""
    mark = next((mark for mark in MARKS if data.startswith(mark)), b"")
    encoding = MARKS.get(mark, "utf-8")
    try:
        text = data.decode(encoding if encoding == "utf-16" else "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FaultyError(
            f"it is not UTF-8: the byte 0x{data[error.start]:02x} in line {line} cannot be read; "
            f'save it as "CSV UTF-8"'
        ) from error
    if "\0" in text:
        raise FaultyError('it holds NUL characters; save it as "CSV UTF-8"')
    notes = ["UTF-16 is now UTF-8"] if encoding == "utf-16" else []
    if mark == codecs.BOM_UTF8:
        notes.append("byte order mark removed")
    return text.removeprefix("\ufeff"), notes


def _delimiter(resource: Resource, text: str) -> str:
    """The delimiter under which the header has the schema's fields: the declared one first."""
    declared = resource.dialect.delimiter
    schema = resource.schema
    if schema is None:
        return declared
    wanted = {_folded(resource, field.name) for field in schema.fields}
    found = {
        delimiter: {_folded(resource, label) for label in _known(resource, text, delimiter)}
        for delimiter in dict.fromkeys((declared, *DELIMITERS))
    }
    if schema.fields_match != "exact":
        return max(found, key=lambda delimiter: len(found[delimiter] & wanted))
    for delimiter, labels in found.items():
        if labels == wanted:
            return delimiter
    lost, more = sorted(wanted - found[declared]), sorted(found[declared] - wanted)
    said = [f"has no label {_listed(lost)}"] if lost else []
    said += [f"has the extra label {_listed(more)}"] if more else []
    raise FaultyError(f"its header {' and '.join(said)}")


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _known(resource: Resource, text: str, delimiter: str) -> list[str]:
    """The labels under a delimiter, without what is removed from the header."""
    labels = tuple(_header(text, delimiter))
    if len(labels) > 1 and not labels[-1].strip():
        with contextlib.suppress(FaultyError):
            labels = labels[: _filled(labels, _parsed(text, delimiter)[1])]
    return list(_bare(resource, labels))


def _bare(resource: Resource, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, those without white space that are names of fields only so."""
    names = (
        {_folded(resource, f.name) for f in resource.schema.fields} if resource.schema else set()
    )
    taken = {_folded(resource, label) for label in labels} & names
    made = []
    for label in labels:
        bare = label.strip(BLANK)
        wanted = _folded(resource, bare) in names - taken
        taken |= {_folded(resource, bare)} if wanted else set()
        made.append(bare if wanted else label)
    return tuple(made)


def _filled(labels: tuple[str, ...], records: Records) -> int:
    """The number of columns up to the last one that has a label or a value."""
    width = len(labels)
    while width > 1 and not labels[width - 1].strip():
        if any(row[width - 1].strip() for row in records):
            break
        width -= 1
    return width


def _trimmed(
    resource: Resource, labels: tuple[str, ...], records: Records, notes: list[str]
) -> tuple[tuple[str, ...], Records]:
    """The table without white space around labels, and without empty columns at its end."""
    width = _filled(labels, records) if resource.schema else len(labels)
    if resource.schema and width < len(resource.schema.fields):
        width = len(labels)
    if width < len(labels):
        columns = "column" if len(labels) - width == 1 else "columns"
        notes.append(f"{len(labels) - width} empty {columns} removed")
        labels, records = labels[:width], [row[:width] for row in records]
    bare = _bare(resource, labels)
    if bare != labels:
        notes.append("white space around labels removed")
    return bare, records


def _folded(resource: Resource, name: str) -> str:
    """A label as it is compared: version 1 of the standard leaves capitals out of account."""
    return name.casefold() if resource.standard == "1" else name


def _parsed(text: str, delimiter: str) -> tuple[tuple[str, ...], Records, int]:
    """The header, the records, and the number of empty lines that are neither."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    labels: tuple[str, ...] = ()
    records: Records = []
    empty = 0
    try:
        for cells in reader:
            if not labels:
                labels = tuple(cells)
            elif cells or len(labels) == 1:
                records.append(tuple(cells) or ("",))
            else:
                empty += 1
            if cells and len(cells) != len(labels):
                raise FaultyError(
                    f"the row that ends in line {reader.line_num} has {len(cells)} cells, the "
                    f"header {len(labels)}; fix that first"
                )
    except csv.Error as error:
        raise FaultyError(f"line {reader.line_num}: {error}; fix that first") from error
    if not labels:
        raise FaultyError("it is empty; write its header")
    return labels, records, empty


def _written(
    resource: Resource, labels: tuple[str, ...], records: Records, text: str, notes: list[str]
) -> bytes:
    """The canonical file; what differs is added to the notes."""
    cells = [labels, *records]
    if text.count("\r") > sum(cell.count("\r") for row in cells for cell in row):
        notes.append("line ends are now LF")
    order = _order(resource, labels)
    if order != list(range(len(labels))):
        notes.append("columns are in the schema's order")
        cells = [tuple(row[place] for place in order) for row in cells]
    body = _sorted(resource, cells[0], cells[1:])
    if body != cells[1:]:
        assert resource.schema is not None
        notes.append(f"rows are sorted by {', '.join(resource.schema.primary_key)}")
    if not text.endswith(("\n", "\r")):
        notes.append("newline added at the end")
    delimiter = resource.dialect.delimiter
    made = "".join(rows.line(row, delimiter) for row in [cells[0], *body])
    quotes = made.count('"') - text.count('"')
    if quotes:
        notes.append("unnecessary quotes removed" if quotes < 0 else "missing quotes added")
    assert _parsed(made, delimiter) == (cells[0], body, 0), "a value would change"
    return made.encode("utf-8")


def _order(resource: Resource, labels: tuple[str, ...]) -> list[int]:
    """The places of the columns in the schema's order, where that is known."""
    schema = resource.schema
    folded = [_folded(resource, label) for label in labels]
    names = [_folded(resource, field.name) for field in schema.fields] if schema else []
    if sorted(folded) != sorted(names) or len(set(folded)) < len(folded):
        return list(range(len(labels)))
    return [folded.index(name) for name in names]


def _sorted(resource: Resource, labels: tuple[str, ...], records: Records) -> Records:
    """The records in the order of their primary key: integers by value, all else by text."""
    schema = resource.schema
    folded = [_folded(resource, label) for label in labels]
    key = [_folded(resource, name) for name in schema.primary_key] if schema else []
    if schema is None or not key or not set(key) <= set(folded):
        return records
    whole = [schema.field(name).type == "integer" for name in schema.primary_key]
    places = list(zip((folded.index(name) for name in key), whole, strict=True))
    return sorted(records, key=lambda row: [_rank(row[place], kind) for place, kind in places])


def _rank(text: str, whole: bool) -> tuple[int, int, str]:
    """Where a cell of a key stands; what is no whole number comes behind those that are."""
    digits = text.strip(WHITE_SPACE).removeprefix("-")
    if whole and digits.isascii() and digits.isdigit() and len(digits) < 1000:
        return 0, int(text), text
    return 1, 0, text


def _listed(labels: list[str]) -> str:
    return ", ".join(f'"{label}"' for label in labels)


def _named(delimiter: str) -> str:
    return "a tab" if delimiter == "\t" else f'"{delimiter}"'


__all__ = ["LARGEST", "FaultyError", "Formatted", "tidy"]
