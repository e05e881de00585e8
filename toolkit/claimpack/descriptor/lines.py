"""On which line a part of a JSON text stands. Asked only where there is a fault to tell."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from claimpack.descriptor.faults import escape
from claimpack.report import Finding

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_LONG = 1000


@dataclass(slots=True)
class Map:
    """What a scan found.

    Attributes:
        lines: Line of each part, by JSON pointer; of a property, the line of its name.
        duplicates: Pointer and line of each property whose name stood before in its object.
        oddities: Pointer, token and line of each very long number and of NaN and infinities.
    """

    lines: dict[str, int] = field(default_factory=dict)
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    oddities: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    pointer: str
    names: set[str] | None
    index: int = 0
    name: str | None = None

    @property
    def child(self) -> str:
        return f"{self.pointer}/{self.index if self.names is None else escape(self.name or '')}"


def scan(text: str) -> Map:
    """Scan a text that is known to be JSON but for duplicate names and constants."""
    found = Map()
    frames: list[_Frame] = []
    line, last = 1, 0
    for match in _TOKEN.finditer(text):
        mark, start = match.group(), match.start()
        line, last = line + text.count("\n", last, start), start
        frame = frames[-1] if frames else None
        if mark == ":":
            continue
        if mark in ("}", "]"):
            frames.pop()
        elif mark == "," and frame:
            frame.name, frame.index = None, frame.index + 1
        elif frame and frame.names is not None and frame.name is None:
            _name(found, frame, json.loads(mark, strict=False), line)
        else:
            pointer = frame.child if frame else ""
            found.lines.setdefault(pointer, line)
            if mark in ("{", "["):
                frames.append(_Frame(pointer, set() if mark == "{" else None))
            elif mark in ("NaN", "Infinity", "-Infinity") or _long(mark):
                found.oddities.append((pointer, mark, line))
    return found


def tell(findings: list[Finding], texts: dict[str, str]) -> tuple[Finding, ...]:
    """The findings with the lines that their pointers stand on."""
    maps: dict[str, dict[str, int]] = {}
    result = []
    for finding in findings:
        if finding.line is None and finding.pointer is not None and finding.path in texts:
            if finding.path not in maps:
                maps[finding.path] = _lines(texts[finding.path])
            result.append(_with_line(finding, _nearest(maps[finding.path], finding.pointer)))
        else:
            result.append(finding)
    return tuple(result)


def _name(found: Map, frame: _Frame, name: str, line: int) -> None:
    frame.name = name
    assert frame.names is not None
    if name in frame.names:
        found.duplicates.append((frame.child, line))
    frame.names.add(name)
    found.lines.setdefault(frame.child, line)


def _long(token: str) -> bool:
    return len(token) > _LONG and token[-1].isdigit() and token.lstrip("-").isdigit()


def _lines(text: str) -> dict[str, int]:
    return scan(text).lines


def _nearest(lines: dict[str, int], pointer: str) -> int | None:
    """The line of the part, or of the part that it is missing from."""
    while pointer and pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines.get(pointer)


def _with_line(finding: Finding, line: int | None) -> Finding:
    from dataclasses import replace

    return replace(finding, line=line)
