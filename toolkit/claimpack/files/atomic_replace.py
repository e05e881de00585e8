"""Two folders that change places in one step, where the system can do that.

Linux has renameat2 with RENAME_EXCHANGE, macOS renamex_np with RENAME_SWAP. Elsewhere, and
on file systems that know neither, nothing is done and the caller is told so.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_HERE = -100
"""AT_FDCWD: paths are relative to the current folder."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS alike."""


def exchange(one: Path, other: Path) -> bool:
    """Let two existing paths of one file system change places; False where it cannot be done."""
    paths = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            return not library.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)
        if sys.platform == "darwin":
            return not library.renamex_np(*paths, _EXCHANGE)
    except (AttributeError, OSError, TypeError):
        return False
    return False


__all__ = ["exchange"]
