"""The command line. Only this room prints; each command is one file in `commands`."""

from __future__ import annotations

import gc
import sys

from claimpack.cli.guard import exit_code


def run(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; never raises and never prints a traceback."""
    # What start-up makes stays: looking through it for garbage again and again costs 5 %.
    gc.set_threshold(100_000, 50, 50)
    return exit_code(lambda: _dispatch(sys.argv[1:] if argv is None else argv))


def main() -> None:
    """The console script: run and leave with the exit code."""
    sys.exit(run())


def _dispatch(argv: list[str]) -> int:
    from claimpack.cli.app import dispatch

    return dispatch(argv)


__all__ = ["main", "run"]
