"""Temporary folders that bear their process's number: what killed runs left is swept."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "claimpack-"


def folder() -> Path:
    """A new temporary folder of this process; those of dead processes are removed."""
    place = Path(tempfile.gettempdir())
    _sweep(place)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))


def alive(process: int) -> bool:
    """Whether a process of that number runs, as far as the system tells."""
    if os.name == "nt":  # where to ask is to interrupt
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _sweep(place: Path) -> None:
    for left in place.glob(f"{PREFIX}*-*"):
        process = left.name.removeprefix(PREFIX).split("-")[0]
        if process.isdigit() and not alive(int(process)) and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
