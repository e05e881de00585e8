"""A package in a zip file: members come into a folder of our own as they are asked for.

The folder lies among the system's temporary files and is swept when nobody holds
the archive any more, however the run ended. Nothing is ever written outside it: an
archive with a member that would leave it, or that is a link, is refused whole.
"""

from __future__ import annotations

import re
import stat
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.faults import Place, shown
from claimpack.errors import UnreadableError, UsageError
from claimpack.files import decompression, temporary_files

if TYPE_CHECKING:
    import zipfile

_DRIVE = re.compile(r"[A-Za-z]:")
_FIX = "Pack the folder again, with nothing but its files in it"


class Archive:
    """A zip file that holds a package.

    Attributes:
        folder: Where its members come to lie; it stands for the package's folder.
    """

    def __init__(self, path: Path, descriptor: str) -> None:
        """Read the list of members.

        Args:
            path: The zip file.
            descriptor: Name of the descriptor in it: at the top, or in one folder there.

        Raises:
            UnreadableError: It is no zip file, or a broken one.
            UsageError: It holds no descriptor, or several.
        """
        try:
            self._zip = decompression.archive(path)
        except UnreadableError as error:
            raise UnreadableError(f"{shown(str(path))} {error}") from error
        weakref.finalize(self, self._zip.close)
        self._size = path.stat().st_size
        self._inflated = 0
        self._done: set[str] = set()
        self._members = self._zip.infolist()
        self._top = _top([item.filename for item in self._members], path, descriptor)
        self._files = {i.filename: i for i in self._members if not i.is_dir()}
        own = temporary_files.folder()
        weakref.finalize(self, temporary_files.remove, own)
        self.folder = own / "package"
        self.folder.mkdir()

    def refused(self, place: Place) -> bool:
        """Whether a member stands against the whole archive; each one is reported."""
        wrong = list(unsafe(self._members))
        for member, reason in wrong:
            place.error(
                f"the member {shown(member)} of the archive {reason}",
                _FIX,
                rule="unsafe-path",
                clause="Data Resource, URL or Path",
            )
        return bool(wrong)

    def names(self, folder: str) -> list[str]:
        """The names of the members in a folder of the package."""
        prefix = self._top + (f"{folder}/".replace("\\", "/") if folder else "")
        inside = (name[len(prefix) :] for name in self._files if name.startswith(prefix))
        return [name for name in inside if "/" not in name]

    def entries(self, folder: str) -> list[str]:
        """The names of the files and folders in a folder of the package."""
        prefix = self._top + (f"{folder}/" if folder else "")
        inside = (name[len(prefix) :] for name in self._files if name.startswith(prefix))
        return sorted({name.partition("/")[0] for name in inside})

    def unpack(self, name: str) -> None:
        """Put a member into the folder, where there is one of that name and it is not there yet.

        Raises:
            OSError: There is no room for it.
            UnreadableError: It is broken, or it or all members together inflate beyond the limits.
        """
        target = self.folder / name
        item = self._files.get(self._top + name)
        if item is None:
            if any(other.startswith(f"{self._top}{name}/") for other in self._files):
                target.mkdir(parents=True, exist_ok=True)
            return
        if name in self._done:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        member = decompression.blocks(lambda: self._zip.open(item), item.compress_size)
        with target.open("xb") as file:
            for block in member:
                self._inflated += len(block)
                decompression.check(self._inflated, self._size)
                file.write(block)
        self._done.add(name)


def _top(names: list[str], path: Path, descriptor: str) -> str:
    """The folder of the archive that holds the descriptor, with its slash; empty at the top."""
    if descriptor in names:
        return ""
    found = [name for name in names if name.count("/") == 1 and name.endswith(f"/{descriptor}")]
    if len(found) == 1:
        return found[0].removesuffix(descriptor)
    what = f"several folders with a {descriptor}" if found else f"no {descriptor}"
    raise UsageError(f"the archive {shown(str(path))} holds {what}")


def unsafe(members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    """Members that stand against a whole archive: the name of each, and the reason."""
    seen: set[str] = set()
    for item in members:
        mode = item.external_attr >> 16
        if item.filename in seen:
            yield item.filename, "is in it twice, so two readers may see two packages"
        elif stat.S_ISLNK(mode):
            yield item.filename, "is a link"
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield item.filename, "is neither a file nor a folder"
        elif reason := _leaves(item.filename):
            yield item.filename, reason
        seen.add(item.filename)


def _leaves(name: str) -> str | None:
    """How a member's name leads out of the folder; None where it does not."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or _DRIVE.match(plain):
        return "has an absolute path"
    if ".." in plain.split("/"):
        return "leaves the folder with .."
    return None
