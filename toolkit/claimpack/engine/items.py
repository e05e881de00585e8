"""Rows of JSON, as they come from a file, a stream of lines or the descriptor itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.engine.layout import Fault
from claimpack.engine.store import FILE
from claimpack.engine.streams import UNDECODED_FIX, Transcoder, source
from claimpack.errors import TooLargeError, UnreadableError

FORMATS = frozenset({"json", "ndjson", "geojson"})

Item = tuple[int, Any]
Report = Callable[[Fault], None]


def items(resource: Resource, report: Report) -> Iterator[Item]:
    """The rows of a table in JSON, each with its physical line where lines are rows.

    Raises:
        UnreadableError: The text is no JSON, or no list of rows.
        TooLargeError: What has to be read whole is over the limit.
    """
    if not isinstance(resource.data, str | None):
        yield from ((0, row) for row in _listed(resource, resource.data))
        return
    for number in range(max(len(resource.files), 1)):
        first = number * FILE
        if resource.format == "ndjson":
            yield from _lines(resource, number, report)
        else:
            found = _parsed(_whole(resource, number, report), "the file")
            yield from ((first, row) for row in _listed(resource, found))


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
        raise UnreadableError("the data are no table: a list of lists or of objects is expected")
    return data


def _whole(resource: Resource, number: int, report: Report) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in _text(resource, number, report):
        size += len(part)
        if size > limits.READ_WHOLE:
            raise TooLargeError(f"the JSON is larger than {limits.READ_WHOLE} bytes")
        parts.append(part)
    return b"".join(parts)


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
                yield line, _parsed(text, f"line {line % FILE} of the file")
    if rest.strip():
        yield line + 1, _parsed(rest, f"line {line % FILE + 1} of the file")


def _text(resource: Resource, number: int, report: Report) -> Iterator[bytes]:
    """A file's text as UTF-8; what cannot be decoded is reported with its line."""
    transcoder = Transcoder(resource.encoding if resource.data is None else "utf-8")
    for block in chain(source(resource, number), [b""]):
        yield transcoder.feed(block, final=not block)
        while transcoder.faults:
            found = transcoder.faults.popleft()
            message, line = found.message(resource.encoding), number * FILE + found.lines + 1
            report(Fault("encoding-error", message, UNDECODED_FIX, line=line))


def _parsed(text: bytes, what: str) -> Any:
    try:
        return _DECODER.decode(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{what} is no JSON: {error}") from error


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
"""One for all lines: to make one costs more than to read a line."""
