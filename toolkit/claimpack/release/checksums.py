"""The checksums of a release, recomputed from the disk and held against SHA256SUMS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.folder import SUMS
from claimpack.release.model import Check

Progress = Callable[[str, int, int], None]
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
LARGEST = 64 * 1024 * 1024
"""Most bytes of a list of checksums that are read."""


def verify(top: Path, progress: Progress) -> tuple[list[Check], list[WrittenFile]]:
    """One check a file, and the files as they are on the disk."""
    checks: list[Check] = []
    listed: dict[str, str] = {}
    for number, line in enumerate(_lines(top), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            checks.append(_failed(SUMS, f"line {number} is no checksum with a path"))
        elif found[2] in listed:
            checks.append(_failed(SUMS, f"{found[2]!r} stands in it twice"))
        else:
            listed[found[2]] = found[1]
    there = dict(_there(top))
    names = sorted({*listed, *there})
    files = []
    for number, path in enumerate(names):
        progress("checksums", number, len(names))
        wrong = there.get(path, "is missing") or _unlisted(path, listed)
        if wrong is None:
            file = written_file(top, path, None)
            files.append(file)
            wrong = _differs(file, listed[path])
        checks.append(_failed(path, wrong) if wrong else Check("checksums", path, "passed"))
    progress("checksums", len(names), len(names))
    return checks, files


def _failed(path: str, message: str) -> Check:
    return Check("checksums", path, "failed", (message,))


def _lines(top: Path) -> list[str]:
    with (top / SUMS).open("rb") as file:
        return file.read(LARGEST).decode("utf-8", "backslashreplace").splitlines()


def _there(top: Path) -> Iterator[tuple[str, str | None]]:
    """Every file of a folder with what is wrong with it; links are not followed."""
    for path in top.rglob("*"):
        name = PurePosixPath(path.relative_to(top)).as_posix()
        if path.is_symlink():
            yield name, "is a link"
        elif path.is_file() and name != SUMS:
            yield name, None
        elif not path.is_dir() and name != SUMS:
            yield name, "is no regular file"


def _unlisted(path: str, listed: dict[str, str]) -> str | None:
    return None if path in listed else f"is not listed in {SUMS}"


def _differs(file: WrittenFile, expected: str) -> str | None:
    if file.sha256 == expected:
        return None
    return f"has the SHA-256 {file.sha256}, {SUMS} says {expected}"


__all__ = ["verify"]
