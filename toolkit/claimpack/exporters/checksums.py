"""Lists of checksums as `sha256sum` writes them and `sha256sum --check` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claimpack.exporters.files import WrittenFile

_LINE = re.compile(r"(\\?)([0-9a-f]{64}) {2}([^\0]+)")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_ESCAPED = re.compile(r"\\[\\nr]")


def text(files: Iterable[WrittenFile]) -> str:
    """One line a file. A name with a line end or a backslash is escaped, as the line says first."""
    return "".join(_line(item) for item in files)


def _line(item: WrittenFile) -> str:
    name = "".join(_ESCAPES.get(char, char) for char in item.path)
    mark = "\\" if name != item.path else ""
    return f"{mark}{item.sha256}  {name}\n"


def parsed(content: str) -> Iterator[tuple[int, tuple[str, str] | None]]:
    """The number of each line, with the path and checksum in it; None where it is no such line."""
    for number, line in enumerate(content.removesuffix("\n").split("\n"), 1):
        found = _LINE.fullmatch(line)
        yield number, None if found is None else (_name(found), found[2])


def _name(found: re.Match[str]) -> str:
    if not found[1]:
        return found[3]
    plain = {value: key for key, value in _ESCAPES.items()}
    return _ESCAPED.sub(lambda part: plain[part[0]], found[3])


__all__ = ["parsed", "text"]
