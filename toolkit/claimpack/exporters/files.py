"""What is told of a file that was written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of an export: its path within the folder, size, rows of a table, SHA-256."""

    path: str
    bytes: int
    rows: int | None
    sha256: str


def written_file(top: Path, path: str, rows: int | None = None) -> WrittenFile:
    """What is told of a file below `top`, its hash read back from the disk."""
    target = top / path
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return WrittenFile(path, target.stat().st_size, rows, digest)


__all__ = ["WrittenFile", "written_file"]
