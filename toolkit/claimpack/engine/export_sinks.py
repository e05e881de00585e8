"""What takes the typed rows of a table while they are validated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from claimpack.descriptor.model import Resource

if TYPE_CHECKING:
    import pyarrow as pa


class Sink(Protocol):
    """Takes the rows of one table. They may turn out to be invalid: then they are discarded."""

    def write(self, rows: pa.Table) -> None:
        """Take some rows, of the columns and types of `tables.arrow_schema`."""
        ...

    def close(self) -> None:
        """All rows were written."""
        ...

    def discard(self) -> None:
        """Forget what was written: the table cannot be written while it is read."""
        ...


Sinks = Callable[[Resource], Sink | None]
"""Makes the sink of a table; None where nobody wants its rows."""

__all__ = ["Sink", "Sinks"]
