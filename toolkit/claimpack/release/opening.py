"""Finds what a path names: a package, or a release, in a folder or in a zip file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from claimpack import descriptor
from claimpack.descriptor.archive import unsafe
from claimpack.descriptor.model import Package
from claimpack.descriptor.reading import NAME, is_archive
from claimpack.errors import (
    InvalidPackageError,
    TooLargeError,
    UnreadableError,
    UsageError,
)
from claimpack.exporters.folder import SUMS
from claimpack.files import decompression, temporary_files

READABLE = ("csv", "parquet", "jsonl")
"""Formats of which a release's package can be opened, the exactest first."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A release that was opened.

    Attributes:
        top: Its folder.
        damaged: Members of a zip file that did not get there, with the reason.
    """

    top: Path
    damaged: dict[str, str] = field(default_factory=dict)


@contextmanager
def package(path: str | Path, *, follow_links: bool = False) -> Iterator[Package]:
    """The package that a path names; of a release, that of one of its formats.

    Raises:
        UsageError: There is no such package or release.
        UnreadableError: It cannot be read.
        InvalidPackageError: Its descriptor is no JSON object.
    """
    if not holds_release(Path(path)):
        yield _model(path, follow_links)
        return
    with folder(Path(path)) as opened:
        for member, reason in opened.damaged.items():
            raise UnreadableError(f"{path}: the member {member!r} {reason}")
        yield _model(opened.top / readable(opened.top), follow_links)


def _model(path: str | Path, follow_links: bool) -> Package:
    reading = descriptor.read(path, follow_links=follow_links)
    if reading.package is None:
        first = reading.findings[0].message if reading.findings else "not a JSON object"
        raise InvalidPackageError(f"the descriptor of {path} cannot be used: {first}")
    return reading.package


def holds_release(path: Path) -> bool:
    """Whether a folder or zip file holds a release rather than a package."""
    if path.is_dir():
        return not (path / NAME).exists() and (path / SUMS).is_file()
    if not path.is_file() or not is_archive(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, EOFError, ValueError, OSError):
        return False
    top = _top(names)
    return top is not None and f"{top}{NAME}" not in names


def _top(names: list[str]) -> str | None:
    """The folder of an archive that holds the checksums, with its slash; empty at the top."""
    if SUMS in names:
        return ""
    found = [name for name in names if name.count("/") == 1 and name.endswith(f"/{SUMS}")]
    return found[0].removesuffix(SUMS) if len(found) == 1 else None


@contextmanager
def folder(path: Path, called: str | None = None) -> Iterator[Opened]:
    """The folder of a release; one in a zip file is unpacked while the block lasts.

    Args:
        path: Folder or zip file.
        called: What messages call it, such as the address that it was fetched from.

    Raises:
        UsageError: There is no release.
        UnreadableError: The zip file is broken or too large.
    """
    if path.is_dir():
        if not (path / SUMS).is_file():
            raise UsageError(f"{path} is not a release: it contains no {SUMS}")
        yield Opened(path)
        return
    if not path.is_file():
        raise UsageError(f"no such file or folder: {path}")
    place = temporary_files.folder()
    try:
        yield _unpacked(path, place / "release", called or str(path))
    finally:
        temporary_files.remove(place)


def _unpacked(path: Path, place: Path, called: str) -> Opened:
    try:
        with zipfile.ZipFile(path) as archive:
            top = _top(archive.namelist())
            if top is None:
                raise UsageError(f"{called} is not a release: it contains no {SUMS}")
            for member, reason in unsafe(archive.infolist()):
                raise InvalidPackageError(f"{called}: the member {member!r} {reason}")
            damaged = dict(_unpack(archive, place, path.stat().st_size))
            if f"{top}{SUMS}" in damaged:
                raise InvalidPackageError(f"{called}: {SUMS} {damaged[f'{top}{SUMS}']}")
            damaged |= dict(_outside(archive, top))
            return Opened(place / top, {_inside(name, top): why for name, why in damaged.items()})
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise UnreadableError(f"{called} is not a complete zip file") from error
    except OSError as error:
        raise UnreadableError(
            f"{called} could not be unpacked: {error.strerror or error}"
        ) from error


def _unpack(archive: zipfile.ZipFile, place: Path, size: int) -> Iterator[tuple[str, str]]:
    """Take everything out; the members that are damaged, with the reason.

    Raises:
        TooLargeError: There is more in it than the limits allow.
    """
    total = 0
    place.mkdir()
    for item in archive.infolist():
        target = place / item.filename
        if item.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("xb") as file:
                for block in decompression.blocks(partial(archive.open, item), item.compress_size):
                    total += len(block)
                    decompression.check(total, size)
                    file.write(block)
        except TooLargeError:
            raise
        except UnreadableError as error:
            target.unlink()
            yield item.filename, f"is damaged: {error}"


def _outside(archive: zipfile.ZipFile, top: str) -> Iterator[tuple[str, str]]:
    """The files that are not in the folder of the release."""
    for item in archive.infolist():
        if not item.filename.startswith(top) and not item.is_dir():
            yield item.filename, f"is outside the folder {top}"


def _inside(name: str, top: str) -> str:
    """A member's name as seen from the release's folder."""
    return name.removeprefix(top) if name.startswith(top) else f"../{name}"


def readable(top: Path) -> str:
    """The name of a format whose package the engine can open.

    Raises:
        UsageError: The release has none.
    """
    for name in READABLE:
        if (top / name / NAME).is_file():
            return name
    raise UsageError(f"{top} contains none of the formats {', '.join(READABLE)}")


__all__ = ["READABLE", "Opened", "folder", "holds_release", "package", "readable"]
