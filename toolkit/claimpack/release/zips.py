"""The zip files of a release, each held against the folder that was packed into it."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from claimpack import inflating
from claimpack.errors import UnreadableError
from claimpack.exporters.archive import SUFFIX
from claimpack.exporters.files import written_file
from claimpack.release.model import Check, check


def verify(top: Path) -> Iterator[Check]:
    """One check a zip file beside a folder of its name: the same files, byte by byte."""
    for path in sorted(top.glob(f"*{SUFFIX}")):
        folder = path.with_suffix("")
        if folder.is_dir():
            try:
                yield check("zip", path.name, _wrong(path, folder))
            except UnreadableError as error:
                yield Check("zip", path.name, "failed", (str(error),))


def _wrong(path: Path, folder: Path) -> Iterator[str]:
    files = (item for item in folder.rglob("*") if item.is_file())
    there = {item.relative_to(folder).as_posix() for item in files}
    with inflating.archive(path) as archive:
        members = {item.filename: item for item in archive.infolist() if not item.is_dir()}
        if len(members) != sum(not item.is_dir() for item in archive.infolist()):
            yield "a file stands in it twice"
        for name in sorted(there | set(members)):
            if name not in there:
                yield f"{name} is not in the folder {folder.name}"
            elif name not in members:
                yield f"{name} is missing in it"
            elif _digest(archive, members[name]) != written_file(folder, name).sha256:
                yield f"{name} is another than in the folder {folder.name}"


def _digest(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    made = hashlib.sha256()
    for block in inflating.blocks(partial(archive.open, member), member.compress_size):
        made.update(block)
    return made.hexdigest()


__all__ = ["verify"]
