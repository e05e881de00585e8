"""Edits the text of a JSON file in place: what is not changed keeps its bytes.

A new part is written in the style of its neighbours: the same indentation, the same spaces
after colons and commas, on one line where they are on one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from claimpack.descriptor.faults import pointer_steps
from claimpack.report import Operation

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+', re.DOTALL)


@dataclass(slots=True)
class Node:
    """A value in a JSON text.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        keys: For an object, the names of its members, in order; None for anything else.
        starts: Where each member or item begins; a member begins with its name.
        children: The values of the members or items, in order.
    """

    start: int
    end: int = 0
    keys: list[str] | None = None
    starts: list[int] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def child(self, step: str) -> Node:
        """The value of a member, or an item; LookupError where there is none."""
        return self.children[self.place(step)]

    def place(self, step: str) -> int:
        """The position of a member, the last of its name, or of an item."""
        if self.keys is None:
            return int(step)
        if step not in self.keys:
            raise KeyError(step)
        return len(self.keys) - 1 - self.keys[::-1].index(step)


def edited(text: str, operations: Iterable[Operation]) -> str:
    """The text of a JSON file with operations applied, in order.

    Raises:
        LookupError: An operation's path leads nowhere.
        ValueError: The text is no JSON.
    """
    for operation in operations:
        *way, last = pointer_steps(operation.path)
        root = parent = _parse(text, _start(text))
        for step in way:
            parent = parent.child(step)
        text = _Edit(text, root, parent).apply(last, operation)
    return text


# --- where everything is ------------------------------------------------------------------


def _start(text: str) -> int:
    return _skip(text, 1 if text.startswith("\ufeff") else 0)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _parse(text: str, at: int) -> Node:
    """The value that begins at a position."""
    node = Node(at)
    if text[at] not in "{[":
        match = _SCALAR.match(text, at)
        if match is None:
            raise ValueError(f"no JSON value at character {at + 1}")
        node.end = match.end()
        return node
    node.keys = [] if text[at] == "{" else None
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        node.starts.append(at)
        if node.keys is not None:
            match = _SCALAR.match(text, at)
            assert match is not None
            node.keys.append(json.loads(match[0], strict=False))
            at = _skip(text, _skip(text, match.end()) + 1)
        node.children.append(_parse(text, at))
        at = _skip(text, node.children[-1].end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    node.end = at + 1
    return node


# --- one change ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edit:
    """One change of a text, in one object or list of it."""

    text: str
    root: Node
    parent: Node

    def apply(self, step: str, operation: Operation) -> str:
        parent = self.parent
        if operation.op == "remove":
            return self._without(parent.place(step))
        if parent.keys is not None and step in parent.keys:
            return self._replaced(parent.child(step), operation.value)
        if operation.op == "replace":
            return self._replaced(parent.child(step), operation.value)
        place = len(parent.children) if parent.keys is not None or step == "-" else int(step)
        if place > len(parent.children):
            raise IndexError(step)
        return self._with(place, step, operation.value)

    def _replaced(self, old: Node, value: Any) -> str:
        shuffled = self._shuffled(old, value)
        if shuffled is not None:
            return shuffled
        several = "\n" in self.text[old.start : old.end] if old.children else None
        made = self._written(value, self._indent(old.start), several)
        return self.text[: old.start] + made + self.text[old.end :]

    def _shuffled(self, old: Node, value: Any) -> str | None:
        """The text with the items of a list in another order; None where others are wanted."""
        if old.keys is not None or not old.children or not isinstance(value, list):
            return None
        pieces = [self.text[item.start : item.end] for item in old.children]
        left = [(json.loads(piece, strict=False), piece) for piece in pieces]
        order = []
        for item in value:
            found = next((pair for pair in left if pair[0] == item), None)
            if found is None:
                return None
            left.remove(found)
            order.append(found[1])
        if left:
            return None
        text, end = self.text[: old.children[0].start], old.children[0].start
        for node, piece in zip(old.children, order, strict=True):
            text += self.text[end : node.start] + piece
            end = node.end
        return text + self.text[end:]

    def _with(self, place: int, step: str, value: Any) -> str:
        """The text with a new member, or an item at a place."""
        parent, text = self.parent, self.text
        name = "" if parent.keys is None else f"{self._dump(step)}{self._colon()}"
        if not parent.children:
            made = name + self._written(value, self._indent(parent.start), False)
            return f"{text[: parent.start + 1]}{made}{text[parent.end - 1 :]}"
        inner = self._indent(parent.starts[0])
        several = self._several() if parent.keys is None else None
        made = name + self._written(value, inner, several)
        between = self._between()
        if place == len(parent.children):
            end = parent.children[-1].end
            return f"{text[:end]}{between}{made}{text[end:]}"
        start = parent.starts[place]
        return f"{text[:start]}{made}{between}{text[start:]}"

    def _without(self, place: int) -> str:
        parent, text = self.parent, self.text
        if len(parent.children) == 1:
            return text[: parent.start + 1] + text[parent.end - 1 :]
        if place:
            return text[: parent.children[place - 1].end] + text[parent.children[place].end :]
        return text[: parent.starts[0]] + text[parent.starts[1] :]

    # --- the style of the neighbours

    def _between(self) -> str:
        """What is between two members or items: a comma and space."""
        parent, text = self.parent, self.text
        if len(parent.starts) > 1:
            return text[parent.children[0].end : parent.starts[1]]
        before = text[parent.start + 1 : parent.starts[0]]
        return f",{before}" if "\n" in before else f",{self._blank()}"

    def _blank(self) -> str:
        return "" if self._compact() else " "

    def _compact(self) -> bool:
        """Whether no space follows a colon or comma in the file."""
        return self._colon() == ":" and "\n" not in self.text.strip()

    def _colon(self) -> str:
        """What is between a name and its value, as in the file's first member."""
        if self.root.keys and self.root.children:
            match = _SCALAR.match(self.text, self.root.starts[0])
            assert match is not None
            return self.text[match.end() : self.root.children[0].start]
        return ": "

    def _several(self) -> bool:
        """Whether the neighbours in a list take several lines each."""
        first = self.parent.children[0]
        return "\n" in self.text[first.start : first.end]

    def _indent(self, at: int) -> str:
        """The white space at the beginning of the line that a position is in."""
        start = self.text.rfind("\n", 0, at) + 1
        match = re.compile(r"[ \t]*").match(self.text, start)
        return match[0] if match else ""

    def _unit(self) -> str:
        """One step of indentation, as the file's first member has."""
        if self.root.starts:
            return self._indent(self.root.starts[0]) or "  "
        return "  "

    def _written(self, value: Any, indent: str, several: bool | None) -> str:
        """A value as JSON; on several lines where the neighbours are, or it is an object."""
        inline = "\n" not in self.text.strip() or not isinstance(value, dict | list)
        if inline or not (self._deep(value) if several is None else several):
            comma = f",{self._blank()}"
            return self._dump(value, separators=(comma, self._colon().rstrip("\r\n")))
        newline = "\r\n" if "\r\n" in self.text else "\n"
        lines = self._dump(value, indent=self._unit()).split("\n")
        return f"{newline}{indent}".join(lines)

    def _deep(self, value: Any) -> bool:
        """Whether a value goes on several lines: an object does, a list as others in the file."""
        if isinstance(value, dict):
            return (
                self.parent.keys is None or "\n" in self.text[self.parent.start : self.parent.end]
            )
        return any(isinstance(item, dict | list) for item in value) or self._long_lists()

    def _long_lists(self) -> bool:
        """Whether lists of texts take a line for each text in this file."""
        return bool(re.search(r'\[\s*\n\s*(?:"[^"\n]*"|[0-9.]+)\s*,?\s*\n', self.text))

    def _dump(self, value: Any, **style: Any) -> str:
        escaped = self.text.isascii() and "\\u" in self.text
        return json.dumps(value, ensure_ascii=escaped, **style)


__all__ = ["edited"]
