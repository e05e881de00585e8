"""Rows of JSON, as they come from a file, a stream of lines or the descriptor itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.readers import undecodable
from claimpack.readers.byte_stream import Transcoder, source
from claimpack.readers.column_layout import Fault
from claimpack.readers.json_rows import JsonRows, parsed
from claimpack.readers.line_numbers import FILE

FORMATS = frozenset({"json", "ndjson", "geojson"})

Item = tuple[int, Any]
Report = Callable[[Fault], None]


def items(resource: Resource, report: Report) -> Iterator[Item]:
    """The rows of a table in JSON, each with its physical line where lines are rows.

    Raises:
        UnreadableError: The text is not JSON, or not a list of rows.
        TooLargeError: A row is over the limit, or nested too deeply.
    """
    if not isinstance(resource.data, str | None):
        yield from ((0, row) for row in _listed(resource, resource.data))
        return
    for number in range(max(len(resource.files), 1)):
        first = number * FILE
        if resource.format == "ndjson":
            yield from _lines(resource, number, report)
        else:
            found = JsonRows(_text(resource, number, report))
            yield from ((first, row) for row in found.rows(resource.dialect.property))


def mark(resource: Resource) -> str:
    """The encoding that a byte order mark at the start of the first file tells, or empty."""
    if resource.data is not None:
        return ""
    transcoder = Transcoder(resource.encoding)
    transcoder.feed(next(source(resource, 0), b"")[:64])
    return transcoder.mark


def _listed(resource: Resource, data: Any) -> list[Any]:
    if resource.dialect.property and isinstance(data, dict):
        data = data.get(resource.dialect.property)
    if not isinstance(data, list):
        raise UnreadableError("the data is not a table: expected a list of lists or of objects")
    return data


def _lines(resource: Resource, number: int, report: Report) -> Iterator[Item]:
    """One JSON value a line; empty lines are none, as the format has it."""
    line, rest = number * FILE, b""
    for part in _text(resource, number, report):
        *whole, rest = (rest + part).split(b"\n")
        if len(rest) > limits.CELL_BYTES:
            raise TooLargeError(f"a line is larger than {limits.CELL_BYTES} bytes")
        for text in whole:
            line += 1
            if text.strip():
                yield line, parsed(text, f"line {line % FILE} of the file")
    if rest.strip():
        yield line + 1, parsed(rest, f"line {line % FILE + 1} of the file")


def _text(resource: Resource, number: int, report: Report) -> Iterator[bytes]:
    """A file's text as UTF-8; what cannot be decoded is reported with its line."""
    transcoder = Transcoder(resource.encoding if resource.data is None else "utf-8")
    for block in chain(source(resource, number), [b""]):
        yield transcoder.feed(block, final=not block)
        while transcoder.faults:
            found, encoding = transcoder.faults.popleft(), resource.encoding
            message, fix = undecodable.message(found, encoding), undecodable.fix(encoding)
            line = number * FILE + found.lines + 1
            report(Fault("encoding-error", message, fix, line=line))
