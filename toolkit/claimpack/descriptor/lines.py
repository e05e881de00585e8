"""On which line a part of a JSON text begins. Asked only where there is an error to report.

A text is scanned once for all the places that are wanted. What lies beside the way to
them is passed over bracket by bracket, so that the memory spent follows the number of
wanted places, not the size of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from claimpack import limits
from claimpack.descriptor.faults import escape, pointer_steps
from claimpack.report import Finding

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf'{_STRING}|[\[\]{{}},:]|[^\s\[\]{{}},:"]+', re.DOTALL)
_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_LONG = 1000

Tree = dict[str, Any]
"""The wanted places: the steps that lead on from a part, each with those that follow it."""


@dataclass(slots=True)
class Map:
    """What a scan found.

    Attributes:
        lines: Line of each wanted part, by JSON pointer; of a property, the line of its name.
        duplicates: Pointer and line of each property whose name its object has already.
        oddities: Pointer, token and line of each very long number and of NaN and infinities.
    """

    lines: dict[str, int] = field(default_factory=dict)
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    oddities: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    """A list or an object that the scan is in; `names` is None for a list."""

    pointer: str
    names: set[str] | None
    wanted: Tree | None
    index: int = 0
    name: str | None = None

    @property
    def step(self) -> str:
        return str(self.index) if self.names is None else self.name or ""

    @property
    def child(self) -> str:
        return f"{self.pointer}/{escape(self.step)}"


class _Scan:
    """One run through a text.

    Args:
        text: JSON, but for duplicate names and constants.
        wanted: The places whose lines are wanted; None to look for oddities everywhere.
    """

    def __init__(self, text: str, wanted: Tree | None) -> None:
        self.found = Map()
        self._text = text
        self._wanted = wanted
        self._frames: list[_Frame] = []
        self._line, self._counted = 1, 0

    def run(self) -> Map:
        """Go through the text from its first token to its last."""
        position, match = 0, _TOKEN.search(self._text)
        while match and self._room():
            position = self._take(match.group(), match.start(), match.end())
            match = _TOKEN.search(self._text, position)
        return self.found

    def _room(self) -> bool:
        """Whether more oddities than are ever told are still to be found."""
        most = limits.DESCRIPTOR_FINDINGS
        return len(self.found.duplicates) <= most and len(self.found.oddities) <= most

    def _take(self, mark: str, start: int, end: int) -> int:
        """Take one token; returns where the next one is looked for."""
        frame = self._frames[-1] if self._frames else None
        if mark == ":":
            return end
        if mark in ("}", "]"):
            self._frames.pop()
        elif mark == "," and frame:
            frame.name, frame.index = None, frame.index + 1
        elif frame and frame.names is not None and frame.name is None:
            self._name(frame, _text(mark), start)
        else:
            return self._value(frame, mark, start, end)
        return end

    def _name(self, frame: _Frame, name: str, start: int) -> None:
        frame.name = name
        if self._wanted is None and frame.names is not None:
            if name in frame.names:
                self.found.duplicates.append((frame.child, self._at(start)))
            frame.names.add(name)
        elif frame.wanted and name in frame.wanted:
            self.found.lines.setdefault(frame.child, self._at(start))

    def _value(self, frame: _Frame | None, mark: str, start: int, end: int) -> int:
        if self._wanted is None:
            self._odd(frame, mark, start)
            inner: Tree | None = None
        else:
            inner = self._wanted if frame is None else (frame.wanted or {}).get(frame.step)
            if inner is None:
                return _past(self._text, end) if mark in ("{", "[") else end
            pointer = frame.child if frame else ""
            self.found.lines.setdefault(pointer, self._at(start))
        if mark in ("{", "["):
            pointer = frame.child if frame else ""
            self._frames.append(_Frame(pointer, set() if mark == "{" else None, inner))
        return end

    def _odd(self, frame: _Frame | None, mark: str, start: int) -> None:
        if mark in ("NaN", "Infinity", "-Infinity") or _long(mark):
            self.found.oddities.append((frame.child if frame else "", mark, self._at(start)))

    def _at(self, start: int) -> int:
        """The line of a position that is not before the last one asked for."""
        self._line += self._text.count("\n", self._counted, start)
        self._counted = start
        return self._line


def scan(text: str, pointers: Iterable[str] | None = None) -> Map:
    """Scan a text that is known to be JSON but for duplicate names and constants.

    Args:
        text: The text.
        pointers: The places whose lines are wanted; None to look for duplicate names,
            constants and long numbers everywhere instead.
    """
    return _Scan(text, None if pointers is None else _tree(pointers)).run()


def with_lines(
    findings: list[Finding], texts: dict[str, str], known: dict[str, dict[str, int]]
) -> tuple[Finding, ...]:
    """The findings with the lines of what their pointers lead to.

    Args:
        findings: The findings.
        texts: The JSON files by name.
        known: The lines of files that are not JSON, by name and pointer.
    """
    wanted: dict[str, list[str]] = {}
    for finding in findings:
        if _placeless(finding) and finding.path in texts:
            wanted.setdefault(finding.path or "", []).append(finding.pointer or "")
    maps = {path: scan(texts[path], pointers).lines for path, pointers in wanted.items()} | known
    return tuple(
        _with_line(item, maps[item.path or ""]) if _placeless(item) and item.path in maps else item
        for item in findings
    )


def _placeless(finding: Finding) -> bool:
    return finding.line is None and finding.pointer is not None


def _tree(pointers: Iterable[str]) -> Tree:
    root: Tree = {}
    for pointer in pointers:
        part = root
        for step in pointer_steps(pointer):
            part = part.setdefault(step, {})
    return root


def _past(text: str, position: int) -> int:
    """The end of a list or an object whose opening bracket has just been read."""
    depth = 1
    for match in _brackets(text, position):
        depth += 1 if match.group() in ("{", "[") else -1
        if not depth:
            return match.end()
    return len(text)


def _brackets(text: str, position: int) -> Iterator[re.Match[str]]:
    return (match for match in _BRACKET.finditer(text, position) if match.group()[0] != '"')


def _text(token: str) -> str:
    return str(json.loads(token, strict=False)) if "\\" in token else token[1:-1]


def _long(token: str) -> bool:
    return len(token) > _LONG and token[-1].isdigit() and token.lstrip("-").isdigit()


def _with_line(finding: Finding, lines: dict[str, int]) -> Finding:
    """The finding with the line of its part, or of the part that its part is missing from."""
    from dataclasses import replace

    pointer = finding.pointer or ""
    while pointer and pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return replace(finding, line=lines.get(pointer))


__all__ = ["Map", "scan", "with_lines"]
