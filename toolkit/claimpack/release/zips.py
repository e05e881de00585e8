"""The zip files of a release, each held against the folder that was packed into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claimpack.errors import UnreadableError
from claimpack.exporters import archive
from claimpack.release.model import Check, check


def verify(top: Path) -> Iterator[Check]:
    """One check a zip file beside a folder of its name: the same files, byte by byte."""
    for path in sorted(top.glob(f"*{archive.SUFFIX}")):
        if (top / path.stem).is_dir():
            try:
                yield check("zip", path.name, archive.unlike(top, path.stem))
            except UnreadableError as error:
                yield Check("zip", path.name, "failed", (str(error),))


__all__ = ["verify"]
