"""Bounds on a user's query: its time, and the memory that the engine's own limit does not cover.

DuckDB counts what its operators hold, not what one function makes: `repeat('x', 4000000000)` takes
4 GB whatever `memory_limit` says. On Linux the process itself is kept from growing while the
engine works: an allocation beyond the limit fails, and the engine reports it. Elsewhere only the
engine's own limit holds.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack import limits

if TYPE_CHECKING:
    import duckdb

HEADROOM = 512 * limits.MIB
"""What the engine may take beyond its limit: buffers of threads and of results. Measured: sorts,
joins and distinct counts that spill to disk under a limit of 160 MiB pass with half of it."""


class Bounds:
    """The bounds of one query, from its start until its last row is read."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, memory: int, seconds: float | None
    ) -> None:
        """Set the bounds; the time runs from `start` on.

        Args:
            connection: What runs the query.
            memory: Bytes that the engine may use.
            seconds: Longest time, None for any.
        """
        self._memory, self.seconds = memory, seconds
        self.timed_out = False
        self._connection = connection
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        """Let the time run."""
        if self.seconds is not None:
            self._timer = threading.Timer(self.seconds, self._interrupt)
            self._timer.daemon = True
            self._timer.start()

    def _interrupt(self) -> None:
        self.timed_out = True
        self._connection.interrupt()

    def stop(self) -> None:
        """End the time: the query is done."""
        if self._timer is not None:
            self._timer.cancel()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the process from growing beyond the bound as long as the block lasts."""
        if not sys.platform.startswith("linux"):
            yield
            return
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = _data() + self._memory + HEADROOM
        if soft != resource.RLIM_INFINITY:
            most = min(most, soft)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data() -> int:
    """Bytes of private memory that this process has."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


__all__ = ["Bounds"]
