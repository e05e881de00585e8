"""Temporary folders that bear their process's number: what killed runs left is swept."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

PREFIX = "claimpack-"
_QUERY, _DENIED, _ACTIVE = 0x1000, 5, 259
"""PROCESS_QUERY_LIMITED_INFORMATION, ERROR_ACCESS_DENIED and STILL_ACTIVE of Windows."""


def folder() -> Path:
    """A new temporary folder of this process; those of dead processes are removed."""
    place = Path(tempfile.gettempdir())
    _sweep(place)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))


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
