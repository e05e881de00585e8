"""Ctrl-C and requests to end: an exception at once, and a note that no library can swallow.

Libraries turn an exception that arrives in one of their callbacks into one of their own, and
the interpreter drops one that arrives in a finalizer. So a signal is noted as well: whoever
goes on after a failure calls `check`, and the command line asks `received` at the end.
Only the command line installs the handlers; elsewhere nothing here has an effect.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 3
"""The signal that ends the process on the spot, whatever it is cleaning up."""


class Interrupted(BaseException):
    """A signal asks the process to end. The option parser prints a line for KeyboardInterrupt."""


class _State:
    """What arrived, and what to do with what arrives."""

    first: int | None = None
    count = 0
    held = 0
    leaving = False


_state = _State()


@contextlib.contextmanager
def installed(*, stay: bool = False) -> Iterator[None]:
    """Take signals that end a process, which nobody else takes, as long as the block lasts.

    They are noted at once, and raised from `begin` on.

    Args:
        stay: Whether the handlers stay when the block ends, since the process ends, too.
    """
    _state.__init__()  # type: ignore[misc]
    before: dict[int, Any] = {}
    hook = sys.unraisablehook
    if threading.current_thread() is threading.main_thread():
        defaults = (signal.SIG_DFL, signal.default_int_handler)
        numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
        before = {each: signal.getsignal(each) for each in numbers}
        before = {each: kept for each, kept in before.items() if kept in defaults}
        sys.unraisablehook = _unraisable
        _state.held = 1
        for number in before:
            signal.signal(number, _handle)
    try:
        yield
    finally:
        leave()
        if not stay:
            sys.unraisablehook = hook
            for number, kept in before.items():
                signal.signal(number, kept)
            _state.__init__()  # type: ignore[misc]


def begin() -> None:
    """From here on a signal is raised, and so is one that has arrived before."""
    _state.held = 0
    check()


def received() -> int | None:
    """The number of the signal that asked the process to end, None where none did."""
    return _state.first


def check() -> None:
    """Raise `Interrupted` where a signal arrived and was swallowed. For the main thread alone."""
    if _state.first is not None and threading.current_thread() is threading.main_thread():
        raise Interrupted(_state.first)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """A block that no signal breaks into; one that arrives is raised after it."""
    _state.held += 1
    try:
        yield
    finally:
        _state.held -= 1
    if not _state.held and not _state.leaving:
        check()


def leave() -> None:
    """From here on signals are ignored: the process is ending, and cleans up."""
    _state.leaving = True


def _handle(number: int, _frame: object) -> None:
    _state.count += 1
    if _state.count >= PATIENCE:
        os._exit(128 + number)
    if _state.leaving or _state.first is not None:
        return
    _state.first = number
    if not _state.held:
        raise Interrupted(number)


def _unraisable(unraisable: Any) -> None:
    """Say nothing of an interrupt in a finalizer: it is noted, and reported once."""
    if _state.first is None:
        sys.__unraisablehook__(unraisable)


__all__ = ["Interrupted", "begin", "check", "held", "installed", "leave", "received"]
