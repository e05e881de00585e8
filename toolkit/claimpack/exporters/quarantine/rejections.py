"""Rejected rows: their numbers in a table, and in what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Rows: TypeAlias = "npt.NDArray[np.int64]"
"""Numbers of rows from 1, sorted, each once."""


def none() -> Rows:
    """No rows."""
    import numpy as np

    return np.empty(0, dtype=np.int64)


def original(rows: Rows, rejected: Rows) -> Rows:
    """The numbers in the whole table of rows that are counted without the rejected ones."""
    import numpy as np

    before = rejected - np.arange(len(rejected))
    made: Rows = rows + np.searchsorted(before, rows, side="right")
    return made


def joined(one: Rows, other: Rows) -> Rows:
    """The rows of both."""
    import numpy as np

    made: Rows = np.union1d(one, other)
    return made


def within(rejected: Rows, done: int, count: int) -> Rows:
    """The places, from 0, of the rejected ones among so many rows behind those done."""
    import numpy as np

    first, last = np.searchsorted(rejected, (done + 1, done + count + 1))
    made: Rows = rejected[first:last] - done - 1
    return made


__all__ = ["Rows", "joined", "none", "original", "within"]
