"""The progress of a query that takes a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

SECONDS = 0.2


@contextmanager
def watched(connection: duckdb.DuckDBPyConnection, tell: Callable[[float], None]) -> Iterator[None]:
    """Tell a query's share done, from 0 to 1, every while as long as the block lasts."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(SECONDS):
            share = connection.query_progress()
            if share >= 0:
                tell(min(share / 100, 1.0))

    watcher = threading.Thread(target=look, name="claimpack-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
