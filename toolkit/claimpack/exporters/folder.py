"""A folder that appears whole or not at all: written beside its place, then moved there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimpack import interrupts
from claimpack.errors import ClaimpackError, UnreadableError, UsageError
from claimpack.files import temporary_files
from claimpack.files.atomic_replace import exchange
from claimpack.files.temporary_files import alive

SUMS = "SHA256SUMS"
OLD = ".old"


@contextmanager
def replaced(target: Path, *, force: bool = False) -> Iterator[Path]:
    """A new folder to write into, which takes the target's place when the block ends well.

    The folder is made beside the target, on the same file system. Where the block
    fails nothing is left of it; where the process is killed, the next run sweeps it.

    Raises:
        UsageError: The target is a link or a file, or holds what no export wrote and
            `force` is not given.
        UnreadableError: The place cannot be written to.
    """
    target = target.absolute()
    try:
        _check(target, force)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        prefix = f"{_prefix(target)}{os.getpid()}-"
        fresh = temporary_files.made(prefix, target.parent)
    except OSError as error:
        raise UnreadableError(
            f"cannot write to {target.parent}: {error.strerror or error}"
        ) from error
    try:
        yield fresh
        _settle(fresh)
        interrupts.check()
        with interrupts.held():
            _move(fresh, target)
    except OSError as error:
        raise UnreadableError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        temporary_files.remove(fresh)


def _check(target: Path, force: bool) -> None:
    if target.is_symlink():
        raise UsageError(f"{target} is a link; name the folder itself")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; name a folder")
    if target.is_dir() and not force and any(target.iterdir()) and not (target / SUMS).exists():
        raise UsageError(f"{target} contains other files; replace the folder with --force")


def _prefix(target: Path) -> str:
    return f".{target.name}.claimpack-"


def _sweep(target: Path) -> None:
    """Remove what killed runs left; what a living process writes stays.

    An old folder whose run was killed before the new one was in place comes back.
    """
    prefix = _prefix(target)
    for left in sorted(target.parent.iterdir()):
        if not left.name.startswith(prefix) or _busy(left, prefix):
            continue
        if left.suffix == OLD and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _busy(left: Path, prefix: str) -> bool:
    """Whether a folder beside the target belongs to a process that lives, or to no run at all.

    A process in a container often has the number that the killed one had: what bears its
    number and was not made by it is left of a dead one.
    """
    process = left.name.removeprefix(prefix).split("-")[0]
    if not process.isdigit():
        return True
    own = int(process) == os.getpid()
    return temporary_files.owned(Path(str(left).removesuffix(OLD))) if own else alive(int(process))


def _settle(folder: Path) -> None:
    """Open to the umask's readers, and down on the disk."""
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            _settle_names(path)
        else:
            with path.open("r+b") as file:
                os.fsync(file.fileno())
    _settle_names(folder)


def _move(fresh: Path, target: Path) -> None:
    """Put the new folder in the old one's place; the old one comes back where that fails.

    Where the system lets the two change places in one step, either the old folder is there
    or the new one at any moment. Elsewhere there is a moment with neither, in which the old
    one waits beside, under a name that the next run knows.
    """
    if not target.exists():
        fresh.rename(target)
    elif not exchange(fresh, target):
        _move_in_turn(fresh, target)
    _settle_names(target.parent)


def _move_in_turn(fresh: Path, target: Path) -> None:
    old = Path(f"{fresh}{OLD}")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError as error:
        old.rename(target)
        raise ClaimpackError(f"cannot put {target} in place: {error}") from error
    old.rename(fresh)  # what is half deleted must never come back


def _settle_names(folder: Path) -> None:
    """The names of a folder down on the disk, where the system has it so."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
