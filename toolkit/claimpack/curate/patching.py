"""Writes patches into a package's descriptor and schemas, and into nothing else."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claimpack.curate import files
from claimpack.descriptor.json_text import edited
from claimpack.descriptor.model import Package
from claimpack.report import Operation


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file as it is and as it will be.

    Attributes:
        file: Its path within the package.
        path: Where it is.
        before: Its text.
        after: Its text with the patch.
    """

    file: str
    path: Path
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        made = difflib.unified_diff(before, after, f"a/{self.file}", f"b/{self.file}")
        return "".join(_ended(made))


def _ended(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def change(package: Package, file: str, operations: Iterable[Operation]) -> FileChange:
    """A file of a package with operations applied; nothing is written.

    Raises:
        LookupError: An operation's path leads nowhere.
        UsageError, UnreadableError: The file cannot be read.
    """
    path = package.base / file
    text = files.decode(files.read(path), path)
    return FileChange(file, path, text, edited(text, operations))


def obstacle(package: Package, file: str) -> str:
    """Why a file is not to be written, in a sentence; empty where it may be."""
    if any(item.archive is not None for item in package.resources):
        return "The package is in a zip file: unpack it first."
    path = package.base / file
    if "://" in file:
        return f"{file} is remote: change it where it is kept."
    if not path.resolve().is_relative_to(package.base.resolve()):
        return f"{file} is outside the package: change it where it is kept."
    if not path.is_file():
        return f"{file} is not a file that can be changed."
    if not (os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)):
        return f"{file} is read-only: make it writable first."
    return ""


def write(changes: Iterable[FileChange]) -> None:
    """Write every file whole, each in one step.

    Raises:
        UnreadableError: One cannot be written; it is as it was.
    """
    for item in changes:
        files.write(item.path, item.after.encode("utf-8"))


__all__ = ["FileChange", "change", "obstacle", "write"]
