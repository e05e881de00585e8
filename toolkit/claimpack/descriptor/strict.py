"""JSON read strictly: what two readers could read in two ways is a fault.

The standard library's parser does the work. Where it meets a name twice, a
constant that is not JSON or a number that is too long, the slow scanner of
`lines` is asked for the place.
"""

from __future__ import annotations

import json
import re
from typing import Any

from claimpack import limits
from claimpack.descriptor.faults import Place, kind, pointer_steps

DIGITS = 4000
"""Most digits of a whole number in JSON."""

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_WORDS = (
    ("Expecting property name", "a property's name in double quotes is expected"),
    ("Expecting ',' delimiter", "a comma or a closing bracket is expected"),
    ("Expecting ':' delimiter", "a colon is expected after the property's name"),
    ("Expecting value", "a value is expected"),
    ("Extra data", "there is more text after the end of the JSON value"),
    ("Unterminated string", "the text that begins here has no closing quote"),
    ("Invalid control character", "a text contains an unescaped control character or line break"),
    ("Invalid \\u", "\\u must be followed by four hexadecimal digits"),
    ("Invalid \\", 'a backslash in a text must be followed by one of "\\/bfnrtu'),
    ("Illegal trailing comma", "there is a comma before the closing bracket"),
)
_SURROGATE = r"\\u[dD][89a-fA-F]"
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_LONE = "[\ud800-\udfff]"


class _Parser:
    """One run of the parser; remembers what a look at the places must explain."""

    def __init__(self) -> None:
        self.doubtful = False

    def parse(self, text: str) -> Any:
        return json.loads(
            text,
            object_pairs_hook=self._pairs,
            parse_constant=self._constant,
            parse_int=self._integer,
        )

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            self.doubtful = True
        return result

    def _constant(self, name: str) -> None:
        self.doubtful = True

    def _integer(self, digits: str) -> int | float:
        if len(digits) <= DIGITS:
            return int(digits)
        self.doubtful = True
        return float(digits)


def load_object(data: bytes | str, place: Place, noun: str) -> dict[str, Any] | None:
    """The JSON object in the data; None where there is none, after reporting why.

    Args:
        data: The file's bytes, or its text.
        place: The file's place; every fault goes there.
        noun: What the file is, for messages: `the descriptor`, `the schema`.
    """
    text = text_of(data, place, noun)
    if text is None:
        return None
    if not _affordable("values", _values(text), limits.DESCRIPTOR_VALUES, place, noun):
        return None
    place.faults.texts[place.file] = text
    value, found = _parse(text, place, noun)
    if found and not isinstance(value, dict):
        place.error(f"{noun} is {kind(value)}, not an object", "Write a JSON object: { ... }")
    return value if isinstance(value, dict) else None


def text_of(data: bytes | str, place: Place, noun: str) -> str | None:
    """The text of a file, without its byte order mark; None where it is too large."""
    if not _affordable("MiB", len(data), limits.DESCRIPTOR_BYTES, place, noun):
        return None
    return _decode(data, place, noun) if isinstance(data, bytes) else data


def _affordable(what: str, count: int, most: int, place: Place, noun: str) -> bool:
    """Whether a file, and all JSON files read so far with it, stay within a limit."""
    if place.faults.spend(what, count, most):
        return True
    limit = f"{most // limits.MIB} MiB" if what == "MiB" else f"{most:,} {what}"
    why = "it is" if count > most else "the package's JSON files together are"
    place.unchecked(noun, f"{why} larger than the limit of {limit}")
    return False


def _values(text: str) -> int:
    """How many values the JSON holds: none comes without a comma or a bracket before it."""
    count = _marks(text)
    return count if count <= limits.DESCRIPTOR_VALUES else _marks(re.sub(_STRING, "", text))


def _marks(text: str) -> int:
    return 1 + sum(map(text.count, ",[{"))


def _decode(data: bytes, place: Place, noun: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            _wrong_encoding(place, f"{noun} begins with the byte order mark of {name.upper()}")
            return data.decode(name, "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        place.error(
            f"{noun} begins with a byte order mark, which some readers refuse",
            "Save it as UTF-8 without byte order mark",
            severity="warning",
            clause="RFC 8259 section 8.1",
            line=1,
        )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        where = f"line {line}, byte {error.start}"
        _wrong_encoding(place, f"{noun} is not UTF-8: {where}", line)
        return data.decode(errors="replace")


def _wrong_encoding(place: Place, message: str, line: int = 1) -> None:
    place.error(message, "Save it as UTF-8", clause="RFC 8259 section 8.1", line=line)


def _parse(text: str, place: Place, noun: str) -> tuple[Any, bool]:
    parser = _Parser()
    try:
        value = parser.parse(text)
    except json.JSONDecodeError as error:
        _broken(error, place, noun)
        return None, False
    except RecursionError:
        value, depth = None, limits.JSON_DEPTH + 1
    else:
        depth = _depth(value)
    if depth > limits.JSON_DEPTH:
        place.unchecked(
            noun, f"it is nested more deeply than the limit of {limits.JSON_DEPTH} levels"
        )
        return None, False
    if parser.doubtful:
        _explain(text, place)
    return (mended(value, place) if re.search(_SURROGATE, text) else value), True


def _broken(error: json.JSONDecodeError, place: Place, noun: str) -> None:
    before = error.doc[: error.pos].rstrip()
    if not error.doc.strip():
        words = "it is empty"
    elif before.endswith(",") and error.doc[error.pos : error.pos + 1] in ("}", "]"):
        words = "there is a comma before the closing bracket"
    else:
        words = next((ours for theirs, ours in _WORDS if error.msg.startswith(theirs)), error.msg)
    place.error(
        f"{noun} is not JSON: {words}, line {error.lineno}, column {error.colno}",
        "Fix the JSON there; everything after it was not read.",
        clause="RFC 8259",
        line=error.lineno,
    )


def _depth(value: Any) -> int:
    """How deep containers are nested, counted level by level."""
    depth = 0
    level = [value] if isinstance(value, dict | list) else []
    while level and depth <= limits.JSON_DEPTH:
        depth += 1
        level = [
            part
            for item in level
            for part in (item.values() if type(item) is dict else item)
            if type(part) is dict or type(part) is list
        ]
    return depth


def _explain(text: str, place: Place) -> None:
    from claimpack.descriptor import lines

    found = lines.scan(text)
    first: dict[str, int] = {}
    for pointer, line in found.duplicates:  # twice the same where a name is there three times
        first.setdefault(pointer, line)
    for pointer, line in first.items():
        *steps, name = pointer_steps(pointer)
        repeated(name, place.at(*steps), line)
    for pointer, token, line in found.oddities:
        spot = place.at(*pointer_steps(pointer))
        if token[-1].isdigit():
            if len(token) > DIGITS:
                count = len(token.lstrip("-"))
                why = f"its {count} digits are more than the limit of {DIGITS}"
                spot.unchecked(f"the number at {spot.pointer}", why)
        else:
            spot.error(f"{token} is not JSON", "Write a number or null", line=line)


def repeated(name: str, place: Place, line: int) -> None:
    """Report a name that an object has twice."""
    place.error(
        f"the property {name!r} is twice in one object; readers may see different values",
        "Delete one of the two",
        name,
        clause="RFC 8259 section 4",
        line=line,
    )


def mended(value: Any, place: Place) -> Any:
    """The value without lone surrogates, which no text can hold."""
    if isinstance(value, str) and re.search(_LONE, value):
        place.error(
            "the text contains half of a surrogate pair, which is not a character",
            "Write the character itself, or both halves",
            clause="RFC 8259 section 8.2",
        )
        return re.sub(_LONE, "\ufffd", value)
    if isinstance(value, list):
        return [mended(item, place.at(index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {re.sub(_LONE, "\ufffd", k): mended(v, place.at(k)) for k, v in value.items()}
    return value
