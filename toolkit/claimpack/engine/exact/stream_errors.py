"""Streams that the database reads, whose errors are raised as themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class Guarded:
    """A stream of batches that remembers what its source raised.

    The engine reports an error of a stream as a text of its own, traceback included.
    """

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        import pyarrow as pa

        # The stream must not know this object: the circle would keep a database and its threads.
        self._raised: list[BaseException] = []
        passed = _through(reader, self._raised)
        self.reader = pa.RecordBatchReader.from_batches(reader.schema, passed)

    @property
    def failure(self) -> BaseException | None:
        """What the source raised, None where nothing."""
        return self._raised[0] if self._raised else None


def _through(reader: pa.RecordBatchReader, raised: list[BaseException]) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except GeneratorExit:
        raise
    except BaseException as error:
        raised.append(error)
        raise


@contextmanager
def registered(
    connection: duckdb.DuckDBPyConnection, name: str, reader: pa.RecordBatchReader
) -> Iterator[None]:
    """Let SQL read a stream under this name while the block lasts.

    What the stream raises is raised again as itself, not as an error of the engine.
    """
    stream = Guarded(reader)
    connection.register(name, stream.reader)
    try:
        yield
    except Exception:
        if stream.failure is not None:
            raise stream.failure from None
        raise
    finally:
        connection.unregister(name)
    if stream.failure is not None:
        raise stream.failure


__all__ = ["Guarded", "registered"]
