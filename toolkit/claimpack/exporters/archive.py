"""Zip files whose bytes say nothing of where and when they were made."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from claimpack import clock
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.files import decompression

SUFFIX = ".zip"
COMPRESSED = frozenset({".parquet"})
"""Endings of files that are compressed already: another time takes long and gains nothing."""
LARGE = 64 << 20
"""Bytes from which a file is compressed at the fastest level: a third of the time of the usual
one, for archives that are a fifth larger."""
_READABLE = 0o100644 << 16
"""A regular file that its owner may write and all may read."""
_UNIX = 3


def entry(name: str) -> zipfile.ZipInfo:
    """A member of an archive, with the date and the permissions that all members have."""
    made = zipfile.ZipInfo(name, clock.stamp().timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = _READABLE
    made.create_system = _UNIX
    return made


def pack(top: Path, name: str) -> WrittenFile:
    """Pack the folder `top/name` into `top/name.zip`, its files sorted by their paths."""
    folder, path = top / name, f"{name}{SUFFIX}"
    with zipfile.ZipFile(top / path, "w") as archive:
        for inner, source in _members(folder):
            made = entry(inner)
            made.file_size = source.stat().st_size
            if source.suffix in COMPRESSED:
                made.compress_type = zipfile.ZIP_STORED
            elif made.file_size > LARGE:
                made._compresslevel = 1  # type: ignore[attr-defined]  # public from Python 3.13 on
            with source.open("rb") as file, archive.open(made, "w") as target:
                shutil.copyfileobj(file, target, 1 << 20)
    return written_file(top, path)


def unlike(top: Path, name: str) -> Iterator[str]:
    """What in `top/name.zip` is not as in the folder `top/name`, a sentence each.

    Raises:
        UnreadableError: It is not a complete zip file.
    """
    here = dict(_members(top / name))
    with decompression.archive(top / f"{name}{SUFFIX}") as found:
        packed = {item.filename: item for item in found.infolist()}
        if len(packed) < len(found.infolist()):
            yield "a file is in it twice"
        for inner in sorted({*here, *packed}):
            if inner not in packed:
                yield f"{inner} is missing"
            elif inner not in here:
                yield f"{inner} has an unknown format"
            else:
                item = packed[inner]
                blocks = decompression.blocks(partial(found.open, item), item.compress_size)
                if not _same(here[inner], blocks):
                    yield f"{inner} is not the file of the folder"


def _same(path: Path, blocks: Iterable[bytes]) -> bool:
    with path.open("rb") as file:
        return all(file.read(len(block)) == block for block in blocks) and not file.read(1)


def _members(folder: Path) -> Iterator[tuple[str, Path]]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    yield from sorted((path.relative_to(folder).as_posix(), path) for path in paths)


__all__ = ["SUFFIX", "entry", "pack", "unlike"]
