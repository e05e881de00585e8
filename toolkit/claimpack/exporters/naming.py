"""Names for what an export makes: files, tables, columns, sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from claimpack.descriptor.model import Package

LONGEST = 100
_UNSAFE = re.compile(r"[^\w.-]+")


def file_stem(package: Package) -> str:
    """The package's name as that of a file, without an ending; `package` where it has none."""
    stem = _UNSAFE.sub("-", package.name or "").strip(".-")
    return stem[:LONGEST] or "package"


def distinct(
    wanted: Iterable[str], shape: Callable[[str], str] = str, longest: int | None = None
) -> list[str]:
    """Names unlike one another, in whatever case; a name met again gets a number.

    Args:
        wanted: The names as they should be.
        shape: Makes a name one that the target allows.
        longest: Most characters that the target allows.
    """
    taken: set[str] = set()
    found = []
    for name in wanted:
        stem = shape(name)
        made, number = stem[:longest], 1
        while made.lower() in taken:
            number += 1
            ending = f"_{number}"
            made = stem[: longest and longest - len(ending)] + ending
        taken.add(made.lower())
        found.append(made)
    return found


__all__ = ["distinct", "file_stem"]
