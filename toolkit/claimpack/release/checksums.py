"""The checksums of a release, recomputed from the disk and held against SHA256SUMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from claimpack.exporters import checksums
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.folder import SUMS
from claimpack.progress import Progress
from claimpack.release.model import Check

LARGEST = 64 * 1024 * 1024
"""Most bytes of a list of checksums that are read."""


def verify(
    top: Path, damaged: Mapping[str, str], progress: Progress
) -> tuple[list[Check], list[WrittenFile]]:
    """One check a file, and the files as they are on the disk.

    Args:
        top: Folder of the release.
        damaged: Files that could not be taken out of a zip file, with the reason.
        progress: Called with what is being done, steps done and steps in all.
    """
    listed: dict[str, str] = {}
    checks = list(_read(top, listed))
    there: dict[str, str | None] = dict(_there(top)) | dict(damaged)
    names = sorted({*listed, *there})
    files = []
    for number, path in enumerate(names):
        progress("checksums", number, len(names))
        wrong = there.get(path, "is missing") or _unlisted(path, listed)
        if wrong is None:
            file = written_file(top, path)
            files.append(file)
            wrong = _differs(file, listed[path])
        checks.append(_failed(path, wrong) if wrong else Check("checksums", path, "passed"))
    progress("checksums", len(names), len(names))
    return checks, files


def _read(top: Path, listed: dict[str, str]) -> Iterator[Check]:
    """Fill in the checksum of each path; a failed check for each line that tells none."""
    with (top / SUMS).open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        yield _failed(SUMS, f"has more than {LARGEST} bytes")
        return
    for number, line in checksums.parsed(content.decode("utf-8", "backslashreplace")):
        if line is None:
            yield _failed(SUMS, f"line {number} is not a checksum with a path")
        elif line[0] in listed:
            yield _failed(SUMS, f"line {number} lists a path a second time: {line[0]}")
        else:
            listed[line[0]] = line[1]


def _failed(path: str, message: str) -> Check:
    return Check("checksums", path, "failed", (message,))


def _there(top: Path) -> Iterator[tuple[str, str | None]]:
    """Every file of a folder with what is wrong with it; links are not followed."""
    for path in top.rglob("*"):
        name = PurePosixPath(path.relative_to(top)).as_posix()
        if path.is_symlink():
            yield name, "is a link"
        elif path.is_file() and name != SUMS:
            yield name, None
        elif not path.is_dir() and name != SUMS:
            yield name, "is not a regular file"


def _unlisted(path: str, listed: dict[str, str]) -> str | None:
    return None if path in listed else f"is not listed in {SUMS}"


def _differs(file: WrittenFile, expected: str) -> str | None:
    if file.sha256 == expected:
        return None
    return f"has the SHA-256 {file.sha256}, {SUMS} says {expected}"


__all__ = ["verify"]
