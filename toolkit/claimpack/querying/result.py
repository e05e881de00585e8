"""What a query gave, and what its engine says where it gives nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claimpack.errors import ClaimpackError, TooLargeError, UnreadableError, UsageError
from claimpack.files import temporary_files
from claimpack.querying.values import values
from claimpack.renderers.printable import quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from claimpack.engine.exact.database import Store
    from claimpack.querying.bounds import Bounds

HINTS = ("Did you mean", "Candidate")
"""How the lines begin in which the engine names what it has instead."""


@dataclass(slots=True)
class QueryResult:
    """What a query gave: rows that are read once, as they are asked for.

    Attributes:
        reader: The rows as Arrow record batches.
        store: The database, which lives as long as the result.
        bounds: The bounds of the query, which hold until its last row is read.
    """

    reader: pa.RecordBatchReader
    store: Store
    bounds: Bounds

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.reader.schema.names)

    def to_batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as record batches.

        Raises:
            UsageError: A row makes the query fail, as in a cast that cannot be done.
            TooLargeError: It needs more memory than the engine may have.
        """
        while batch := self._next():
            yield batch

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        import pyarrow as pa

        return pa.Table.from_batches(self.to_batches(), self.reader.schema)

    def to_pylist(self) -> list[dict[str, Any]]:
        """The rows as dictionaries.

        Raises:
            UsageError: Two columns have one name.
        """
        self.expect_distinct()
        return [
            dict(zip(self.columns, row, strict=True))
            for batch in self.to_batches()
            for row in zip(*(values(column) for column in batch.columns), strict=True)
        ]

    def expect_distinct(self) -> None:
        """UsageError where two columns have one name, so that a name would tell but one of them."""
        for name, number in Counter(self.columns).items():
            if number > 1:
                raise UsageError(
                    f"{number} columns are named {quoted(name)}: name each with AS, or leave it "
                    "out with EXCLUDE"
                )

    def _next(self) -> pa.RecordBatch | None:
        import duckdb
        import pyarrow as pa

        try:
            with self.bounds.held():
                return self.reader.read_next_batch()
        except StopIteration:
            self.bounds.stop()
            return None
        except (duckdb.Error, pa.ArrowException, OSError, ValueError, MemoryError) as error:
            self.bounds.stop()
            raise told(error, self.store, self.bounds) from error


def told(error: Exception, store: Store, bounds: Bounds | None = None) -> ClaimpackError:
    """The engine's error as one line.

    Raises:
        InterruptException: The query was interrupted, and not by its own time limit.
    """
    import duckdb

    if bounds is not None and bounds.timed_out:
        return TooLargeError(
            f"the query took longer than {bounds.seconds:g} s; raise the limit with --timeout"
        )
    if isinstance(error, duckdb.InterruptException):
        raise error

    lines = [line for line in str(error).splitlines() if line.strip()]
    said = lines[0].strip() if lines else type(error).__name__
    system = isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException | OSError)
    if system and temporary_files.is_full(error):
        return UnreadableError(temporary_files.full(error))
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError) or "Out of Memory" in said:
        return TooLargeError(f"exceeded the memory limit of {store.memory}; raise it with --memory")
    if "disabled by configuration" in said or "disabled through configuration" in said:
        return UsageError("a query can read only the package's tables, no files and no network")
    hints = "".join(f"; {line.strip()}" for line in lines[1:] if line.startswith(HINTS))
    return UsageError(f"the query cannot be run: {said}{hints}")


__all__ = ["QueryResult", "told"]
