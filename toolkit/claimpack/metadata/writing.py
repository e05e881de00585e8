"""Bytes of what is written: JSON, and YAML whose texts can be nothing but texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"(?!(null|true|false|yes|no|on|off|y|n)$)[a-z][a-z_-]*")
"""Keys that need no quotes, as they can be nothing but texts."""
_NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What a YAML text may hold only as an escape, beside what JSON escapes already."""


def filled(node: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that hold something: None, empty texts and empty lists are left out."""
    return {key: value for key, value in node.items() if value not in (None, "", [], (), {})}


def one_or_all(values: list[Any]) -> Any:
    """One value as itself, several as a list: what JSON-LD takes for the same thing."""
    return values[0] if len(values) == 1 else values


def json_bytes(value: object) -> bytes:
    """A JSON document. `<` is an escape, so that it can stand inside of a web page."""
    text = json.dumps(value, ensure_ascii=False, indent=2).replace("<", "\\u003c")
    return encoded(text + "\n")


def yaml_text(value: Mapping[str, Any]) -> str:
    """A YAML document of mappings, lists, texts, whole numbers and booleans.

    Texts stand in double quotes with JSON's escapes, so that none is taken for another type.
    """
    return "".join(f"{line}\n" for line in _mapping(value))


def encoded(text: str) -> bytes:
    """UTF-8; a half of a surrogate pair, which no UTF-8 can hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


def _mapping(value: Mapping[str, Any]) -> Iterator[str]:
    for key, item in value.items():
        name = key if _PLAIN.fullmatch(key) else _scalar(key)
        if isinstance(item, Mapping) and item:
            yield f"{name}:"
            yield from (f"  {line}" for line in _mapping(item))
        elif isinstance(item, (list, tuple)) and item:
            yield f"{name}:"
            yield from (f"  {line}" for entry in item for line in _entry(entry))
        else:
            yield f"{name}: {_scalar(item)}"


def _entry(item: Any) -> Iterator[str]:
    """An item of a list; the first line of a mapping stands beside the dash."""
    lines = _mapping(item) if isinstance(item, Mapping) and item else iter((_scalar(item),))
    for number, line in enumerate(lines):
        yield f"  {line}" if number else f"- {line}"


def _scalar(value: object) -> str:
    """A text, a number or a boolean, or what is empty, as JSON and so as YAML has it."""
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_PRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


__all__ = ["encoded", "filled", "json_bytes", "one_or_all", "yaml_text"]
