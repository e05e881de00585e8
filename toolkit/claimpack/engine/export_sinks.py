"""What takes the rows of a table while they are validated, to write them into files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from claimpack.descriptor.model import Resource

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa


class Rows(Protocol):
    """Some rows of a table, in the forms that files need."""

    def typed(self) -> Iterator[pa.Table]:
        """Values, of the columns and types of `typed_tables.arrow_schema`.

        Raises:
            UnreadableError: A value is beyond what its type can hold, or of another type.
        """
        ...

    def cells(self) -> pl.DataFrame:
        """Texts as the file has them, as `typed_tables.shown_cells` makes them."""
        ...

    def texts(self) -> pl.DataFrame:
        """Texts of the values `f0 ...`, null where a value is missing."""
        ...


class Sink(Protocol):
    """Takes the rows of one table. They may turn out to be invalid: then they are discarded."""

    def write(self, rows: Rows) -> None:
        """Take some rows.

        Raises:
            UnreadableError: The rows cannot be written while they are read.
        """
        ...

    def close(self) -> None:
        """All rows were written."""
        ...

    def discard(self) -> None:
        """Forget what was written."""
        ...


Sinks = Callable[[Resource, bool], Sink | None]
"""Makes the sink of a table; None where nobody wants its rows. The second argument says whether
the rows come as typed values, too."""

__all__ = ["Rows", "Sink", "Sinks"]
