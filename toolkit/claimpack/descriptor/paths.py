"""The gate: every reference in a descriptor passes here before anything is opened.

A reference is first judged by its letters alone, then by what lies on the disk.
Only regular files within the package's folder come through; a link is followed
to its end before that is asked. Nothing is ever fetched, and no message tells
what a refused file holds.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from claimpack import limits
from claimpack.descriptor.faults import Place, kind, shown
from claimpack.descriptor.model import Standard
from claimpack.errors import UnreadableError
from claimpack.report import Severity

if TYPE_CHECKING:
    from claimpack.descriptor.archive import Archive

State = Literal["file", "remote", "refused", "missing", "unreadable"]
CLAUSE = "Data Resource, URL or Path"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ADDRESS = re.compile(r"(?:https?|ftps?)://[^/?#\s]+", re.IGNORECASE)
_VARIABLE = re.compile(r"(?:^|/)(?:\$\{?[A-Za-z_]\w*\}?|%[A-Za-z_]\w*%)(?:/|$)")
_SCHEMES: dict[Standard, tuple[str, ...]] = {
    "1": ("http", "https"),
    "2": ("http", "https", "ftp", "ftps"),
}
_KINDS = (
    (stat.S_ISDIR, "is a folder, not a file"),
    (stat.S_ISFIFO, "is a named pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_OPEN |= getattr(os, "O_BINARY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_INSIDE = "Name a file in the package's folder by its path from there, such as data/table.csv"


class Refusal(NamedTuple):
    """Why a reference is not followed: the rule, what is wrong with it, the mend."""

    rule: str
    reason: str
    fix: str = _INSIDE
    severity: Severity = "error"


class Located(NamedTuple):
    """Where a reference leads: the real path of a regular file, or why there is none."""

    state: State
    path: Path | None = None


def is_remote(reference: str) -> bool:
    """Whether it is an address on the web, by its scheme alone."""
    match = _SCHEME.match(reference)
    return bool(match) and match[1].lower() in _SCHEMES["2"] if match else False


def has_scheme(reference: str) -> bool:
    """Whether it begins with a scheme, or with the letter of a drive."""
    return bool(_SCHEME.match(reference))


def judge(reference: str, standard: Standard) -> Refusal | None:
    """What the letters of a reference have against them; None where nothing."""
    if "\0" in reference:
        return Refusal("descriptor-error", "contains a NUL character")
    scheme = _SCHEME.match(reference)
    if scheme:
        return _judge_address(reference, scheme[1].lower(), standard)
    reason = _shape(reference)
    if reason:
        return Refusal("unsafe-path", reason)
    hidden = [name for name in reference.split("/") if name.startswith(".") and name != "."]
    if hidden:
        severity: Severity = "warning" if standard == "1" else "error"
        fix = "Move the file to a folder whose name does not begin with a dot"
        return Refusal("unsafe-path", f"has a hidden part, {shown(hidden[0])}", fix, severity)
    return None


def _judge_address(reference: str, scheme: str, standard: Standard) -> Refusal | None:
    allowed = _SCHEMES[standard]
    if len(scheme) == 1:
        return Refusal("unsafe-path", "begins with a drive letter")
    if scheme not in allowed:
        return Refusal(
            "unsafe-path",
            f"has the scheme {shown(scheme)}; only {' and '.join(allowed)} are allowed",
            "Write a relative path or an http address",
        )
    if not _ADDRESS.match(reference):
        return Refusal("unsafe-path", "is not a full address", "Write the address with its host")
    return None


def _shape(reference: str) -> str | None:
    if not reference:
        return "is empty"
    if "\\" in reference:
        return "contains a backslash; folders are separated by /"
    if reference.startswith("/"):
        return "is absolute"
    if ".." in reference.split("/"):
        return "leaves the folder with .."
    if reference.startswith("~"):
        return "begins with ~, which means a home folder"
    if _VARIABLE.search(reference):
        return "contains an environment variable"
    return None


def read_regular(
    path: Path | str, *, follow: bool = False, most: int = limits.DESCRIPTOR_BYTES
) -> bytes:
    """The bytes of a regular file, never waiting for a pipe or a device.

    Args:
        path: The file.
        follow: Follow a link at the end of the path.
        most: Bytes from which on nothing is read but the next one.

    Raises:
        OSError: It cannot be opened, or is not a regular file (errno EINVAL).
    """
    with open(_open(path, follow), "rb") as file:
        return file.read(most + 1)


def _open(path: Path | str, follow: bool) -> int:
    handle = os.open(path, _OPEN | (0 if follow else _NOFOLLOW))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return handle


class Gate:
    """The gate of one package.

    Attributes:
        base: The package's folder.
        follow_links: Whether links may lead out of it.
        archive: What the folder is filled from, member by member as they are asked for.
        near: Paths of files that differ from a missing one by case or Unicode form only.
    """

    __slots__ = ("_folders", "_listed", "_real", "archive", "base", "follow_links", "near")

    def __init__(
        self, base: Path, follow_links: bool = False, archive: Archive | None = None
    ) -> None:
        self.base = base
        self.follow_links = follow_links
        self.archive = archive
        self._real = os.path.realpath(base)
        self._folders: set[str] = set()
        self._listed: dict[str, dict[str, str]] = {}
        self.near: set[str] = set()

    def locate(self, reference: object, place: Place, noun: str) -> Located:
        """Follow a reference, and report at its place whatever stands against it."""
        if not isinstance(reference, str):
            message = f"the {noun}{_owner(place)} is {kind(reference)}, not a text"
            place.error(message, "Write a relative path")
            return Located("refused")
        refusal = judge(reference, place.standard)
        if refusal:
            self._refuse(refusal, reference, place, noun)
            if refusal.severity == "error":
                return Located("refused")
        if is_remote(reference):
            return Located("remote")
        try:
            return self._find(reference, place, noun)
        except OSError as error:
            return self._lost(error, reference, place, noun)
        except UnreadableError as error:
            place.unchecked(noun, f"{shown(reference)} {error}")
            return Located("unreadable")

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder of the package; none where it cannot be read."""
        if self.archive is not None:
            return self.archive.names(folder)
        try:
            with os.scandir(Path(self._real, folder)) as entries:
                return [entry.name for entry in entries if entry.is_file()]
        except OSError:
            return []

    def _near(self, reference: str) -> str | None:
        """The path of a file that differs from a reference by case or Unicode form only."""
        found: list[str] = []
        for name in [name for name in reference.split("/") if name not in ("", ".")]:
            match = self._entries("/".join(found)).get(_folded(name))
            if match is None:
                return None
            found.append(match)
        return "/".join(found)

    def _entries(self, folder: str) -> dict[str, str]:
        """The names in a folder of the package, by what they are without case."""
        if folder not in self._listed:
            names: list[str] = []
            place = os.path.realpath(Path(self._real, folder))
            if self.archive is not None:
                names = self.archive.entries(folder)
            elif self.follow_links or _within(place, self._real):
                with contextlib.suppress(OSError):
                    names = [item.name for item in Path(place).iterdir()]
            self._listed[folder] = {_folded(name): name for name in sorted(names)}
        return self._listed[folder]

    def _find(self, reference: str, place: Place, noun: str) -> Located:
        real = self._resolve(reference)
        if not self.follow_links and not _within(real, self._real):
            self._refuse(Refusal(*_LINK), reference, place, noun)
            return Located("refused")
        mode = Path(real).stat().st_mode
        if not stat.S_ISREG(mode):
            reason = next((words for test, words in _KINDS if test(mode)), "is not a regular file")
            self._refuse(Refusal("unsafe-path", reason), reference, place, noun)
            return Located("refused")
        os.close(_open(real, follow=False))
        return Located("file", Path(real))

    def _resolve(self, reference: str) -> str:
        """The real path; asks the disk no more than once about each folder."""
        segments = [name for name in reference.split("/") if name not in ("", ".")]
        if self.archive is not None:
            self.archive.unpack("/".join(segments))
        path = self._real
        for segment in segments:
            path = f"{path.rstrip(os.sep)}{os.sep}{segment}"
            if path in self._folders:
                continue
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                return os.path.realpath(Path(self._real, *segments))
            if stat.S_ISDIR(mode):
                self._folders.add(path)
        return path

    def _refuse(self, refusal: Refusal, reference: str, place: Place, noun: str) -> None:
        place.error(
            f"the {noun} {shown(reference)}{_owner(place)} {refusal.reason}",
            refusal.fix,
            rule=refusal.rule,
            severity=refusal.severity,
            clause=CLAUSE,
        )

    def _lost(self, error: OSError, reference: str, place: Place, noun: str) -> Located:
        if error.errno in (errno.EACCES, errno.EPERM):
            place.unchecked(noun, f"{shown(reference)} could not be read: permission denied")
            return Located("unreadable")
        if error.errno not in _MISSING:
            reason = error.strerror or type(error).__name__
            place.unchecked(noun, f"{shown(reference)} could not be read: {reason}")
            return Located("unreadable")
        near = self._near(reference)
        hint, fix = "", "Add the file to the package, or correct the path"
        if near is not None:
            self.near.add(near)
            how = "by case" if _composed(near) != _composed(reference) else "in Unicode form"
            hint = f"; the file is named {shown(near)}: the names differ {how} only"
            fix = f"Rename the file, or write the path as {shown(near)}"
        place.error(
            f"the {noun} {shown(reference)}{_owner(place)} {_MISSING[error.errno]}{hint}",
            fix,
            rule="missing-file",
            clause=CLAUSE,
        )
        return Located("missing")


_LINK = (
    "unsafe-path",
    "leads by a link out of the package's folder",
    "Put the file itself in the package, or allow links with --follow-links",
)
_MISSING = {
    errno.ENOENT: "names no file",
    errno.ENOTDIR: "does not name a file: part of the path is not a folder",
    errno.ENAMETOOLONG: "names no file: the name is too long for this system",
    errno.ELOOP: "names no file: its links run in a circle",
    errno.EINVAL: "names no file that this system can hold",
}


def _composed(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(_composed(name).casefold())


def _owner(place: Place) -> str:
    return f" of resource {shown(place.resource)}" if place.resource else ""


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
