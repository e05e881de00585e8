"""A progress bar on a terminal's stderr, for runs that take longer than a second."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from claimpack.progress import Progress
from claimpack.renderers.printable import printable

PATIENCE = 1.0
NAME_LENGTH = 30


@contextlib.contextmanager
def progress(*, steps: bool = False) -> Iterator[Progress | None]:
    """The callback to hand to the API; None where nobody would see a bar.

    Args:
        steps: Whether one thing is done after another, told in one line, rather than
            tables side by side, told in bytes.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    bar = Bar(steps)
    try:
        yield bar
    finally:
        bar.stop()


class Bar:
    """A line for each table under way, or one for all steps. May be called from several threads."""

    def __init__(self, steps: bool = False) -> None:
        self._steps = steps
        self._start = time.monotonic()
        self._lock = threading.Lock()
        self._tasks: dict[str, Any] = {}
        self._screen: Any = None
        self._stopped = False

    def __call__(self, table: str, done: int, total: int) -> None:
        """Show how far a table is."""
        with self._lock:
            if self._stopped or time.monotonic() - self._start < PATIENCE:
                return
            self._screen = self._screen or _open_screen(self._steps)
            self._show(table, done, total)

    def stop(self) -> None:
        """Take the bar from the screen."""
        with self._lock:
            self._stopped = True
            if self._screen is not None:
                self._screen.stop()

    def _show(self, table: str, done: int, total: int) -> None:
        name = printable(table)[:NAME_LENGTH]
        line = "" if self._steps else table
        if line not in self._tasks:
            self._tasks[line] = self._screen.add_task(name, total=total or None)
        self._screen.update(
            self._tasks[line],
            description=name,
            completed=done,
            total=total or None,
            visible=self._steps or done < total,
        )


def _open_screen(steps: bool) -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    screen = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn() if steps else DownloadColumn(),
        TimeElapsedColumn() if steps else TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    screen.start()
    return screen


__all__ = ["Bar", "Progress", "progress"]
