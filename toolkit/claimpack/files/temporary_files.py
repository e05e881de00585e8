"""Temporary folders that bear their process's number: what killed runs left is swept.

What a run makes and means to remove is listed before anything can interrupt it, so that the
command line can remove at its end what an interrupt kept from being removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from pathlib import Path

from claimpack import interrupts

PREFIX = "claimpack-"
_OWN: set[Path] = set()
_QUERY, _DENIED, _ACTIVE = 0x1000, 5, 259
"""PROCESS_QUERY_LIMITED_INFORMATION, ERROR_ACCESS_DENIED and STILL_ACTIVE of Windows."""
_FULL = ("no space left", "max_temp_directory_size", "disk quota exceeded", "disk is full")
"""How libraries word a full disk where they give no number of the system."""
_OURS = ("for temporary files", "max_temp_directory_size")
"""What an error says where it is about temporary files, beside their folder's name."""


def is_full(error: BaseException) -> bool:
    """Whether an error says that a disk is full, whichever library raised it."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(words in str(error).lower() for words in _FULL)


def full(error: BaseException | None = None) -> str:
    """The message where a disk is full: that of temporary files, or the one of the output.

    Args:
        error: What was raised, where it may have been either.
    """
    if error is not None and not any(words in str(error) for words in (PREFIX, *_OURS)):
        return "no space left on the disk that the output is written to"
    place = f"no space left in {tempfile.gettempdir()} for temporary files"
    return f"{place}; free up space, or set TMPDIR to another folder"


def folder() -> Path:
    """A new temporary folder of this process; those of dead processes are removed."""
    place = Path(tempfile.gettempdir())
    _sweep(place)
    return made(f"{PREFIX}{os.getpid()}-", place)


def made(prefix: str, place: Path, suffix: str = "") -> Path:
    """A new folder with a name of its own in a place, to be taken away by `remove`."""
    with interrupts.held():
        folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=place))
        _OWN.add(folder)
    return folder


def note(path: Path) -> None:
    """List a file that is going to be made, and to be taken away by `remove`."""
    _OWN.add(path)


def owned(path: Path) -> bool:
    """Whether this process made a path, and has not taken it away yet."""
    return path in _OWN


def remove(path: Path) -> None:
    """Take away what was made or noted, as far as it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    _OWN.discard(path)


def clear() -> None:
    """Take away what is left of all that was made or noted; for the end of a process."""
    for path in sorted(_OWN):
        remove(path)


def alive(process: int) -> bool:
    """Whether a process of that number runs, as far as the system tells."""
    if sys.platform == "win32":
        return _runs(process)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _runs(process: int) -> bool:
    """Whether a process of that number runs on Windows, where os.kill would interrupt it."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(_QUERY, False, process)
    if not handle:
        denied: bool = ctypes.get_last_error() == _DENIED  # type: ignore[attr-defined,unused-ignore]
        return denied
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return code.value == _ACTIVE


def _sweep(place: Path) -> None:
    for left in place.glob(f"{PREFIX}*-*"):
        process = left.name.removeprefix(PREFIX).split("-")[0]
        if process.isdigit() and not alive(int(process)) and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
