"""The command line. Only this room prints; each command is one file in `commands`."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys

from claimpack import interrupts
from claimpack.cli.guard import BY_SIGNAL, outcome
from claimpack.files import temporary_files


def run(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; never raises and never prints a traceback."""
    with interrupts.installed():
        return _run(argv)


def main() -> None:
    """Run and leave with the exit code."""
    sys.exit(run())


def script() -> None:
    """The console script: run, clean up, and leave without taking everything down one by one.

    That would be a tenth of a run on a small package, for what goes with the process.
    """
    with interrupts.installed(stay=True):
        code = _run(None)
    if code < BY_SIGNAL:  # else a reader that takes no more would keep the process
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
    atexit._run_exitfuncs()
    temporary_files.clear()
    os._exit(code)


def _run(argv: list[str] | None) -> int:
    # What start-up makes stays: looking through it for garbage again and again costs 5 %.
    gc.set_threshold(100_000, 50, 50)
    return outcome(lambda: _dispatch(sys.argv[1:] if argv is None else argv))


def _dispatch(argv: list[str]) -> int:
    from claimpack.cli.app import dispatch

    return dispatch(argv)


__all__ = ["main", "run", "script"]
