"""Rows in a file, for a while in which the database is busy or short of memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack.errors import UnreadableError
from claimpack.files import temporary_files

if TYPE_CHECKING:
    import pyarrow as pa


class SpillFile:
    """A file of record batches, written first and then read once or more.

    Writing raises UnreadableError where the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: Any = None

    def write(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Write rows; the first ones say what the columns are."""
        import pyarrow as pa

        try:
            if self._stream is None:
                self._stream = pa.ipc.new_stream(str(self._path), rows.schema)
            self._stream.write(rows)
        except OSError as error:
            if temporary_files.is_full(error):
                raise UnreadableError(temporary_files.full()) from error
            raise

    @property
    def empty(self) -> bool:
        """Whether nothing was written since it was taken last."""
        return self._stream is None

    @contextmanager
    def read(self) -> Iterator[pa.RecordBatchReader]:
        """All that was written, again and again; what is written from now on begins anew."""
        import pyarrow as pa

        if self._stream is not None:
            self._stream.close()
            self._stream = None
        with pa.OSFile(str(self._path)) as file:
            yield pa.ipc.open_stream(file)


__all__ = ["SpillFile"]
