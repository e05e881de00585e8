"""Puts a resource into a descriptor's text; every other character stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from claimpack.errors import UsageError

_SPACE = re.compile(r"[ \t\r\n]*")
Span = tuple[int, int]


def insert(text: str, resource: dict[str, Any]) -> str:
    """The descriptor's text with one resource more, indented as its neighbours are.

    Raises:
        UsageError: The descriptor has no list of resources.
    """
    before = json.loads(text.removeprefix("\ufeff"))
    start, end = _resources(text)
    items = list(_items(text, start))
    if items:
        first, last = items[0], items[-1]
        made = text[: last[1]] + _after(text, first, resource) + text[last[1] :]
    else:
        made = text[:start] + _only(text, start, resource) + text[end:]
    after = json.loads(made.removeprefix("\ufeff"))
    assert after == {**before, "resources": [*before["resources"], resource]}
    return made


def _after(text: str, first: Span, resource: dict[str, Any]) -> str:
    """The new item behind the last one, with the layout of the first."""
    indent = _indent(text, first[0])
    if indent is None:
        return ", " + json.dumps(resource, ensure_ascii=False)
    inner = re.match(r"\{[ \t]*(\r?\n)([ \t]*)", text[first[0] : first[1]])
    newline = "\r\n" if "\r\n" in text else "\n"
    if not inner or not inner.group(2).startswith(indent):
        return f",{newline}{indent}" + json.dumps(resource, ensure_ascii=False)
    return f",{newline}" + _block(resource, indent, inner.group(2)[len(indent) :], newline)


def _only(text: str, start: int, resource: dict[str, Any]) -> str:
    """A list of the new item alone."""
    unit = _unit(text)
    if unit is None:
        return "[" + json.dumps(resource, ensure_ascii=False) + "]"
    newline = "\r\n" if "\r\n" in text else "\n"
    return f"[{newline}{_block(resource, unit * 2, unit, newline)}{newline}{unit}]"


def _block(resource: dict[str, Any], indent: str, unit: str, newline: str) -> str:
    lines = json.dumps(resource, ensure_ascii=False, indent=unit or None).split("\n")
    return newline.join(indent + line for line in lines)


def _indent(text: str, start: int) -> str | None:
    """What stands before a value on its line, None where that is not white space alone."""
    lead = text[text.rfind("\n", 0, start) + 1 : start]
    return lead if not lead.strip() else None


def _unit(text: str) -> str | None:
    """The indentation of the descriptor's own properties."""
    match = re.match(r"\s*\ufeff?\{[ \t]*\r?\n([ \t]+)", text)
    return match.group(1) if match else None


def _resources(text: str) -> Span:
    """From where to where the list of resources goes."""
    place = _skip(text, text.index("{") + 1)
    while text[place] == '"':
        key, place = scanstring(text, place + 1)
        place = _skip(text, _skip(text, place) + 1)
        value, end = json.JSONDecoder().raw_decode(text, place)
        if key == "resources" and isinstance(value, list):
            return place, end
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)
    raise UsageError("the descriptor has no list of resources")


def _items(text: str, start: int) -> Iterator[Span]:
    """From where to where each item of a list goes."""
    place = _skip(text, start + 1)
    while text[place] != "]":
        _, end = json.JSONDecoder().raw_decode(text, place)
        yield place, end
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    assert match is not None
    return match.end()


__all__ = ["insert"]
