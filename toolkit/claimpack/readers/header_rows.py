"""Which rows of a file make its header, and which are comments."""

from __future__ import annotations

from claimpack.descriptor.model import Dialect


class HeaderRows:
    """Steps through the first rows of a file; a comment among them moves the header down.

    Attributes:
        number: Rows stepped over.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.wanted = frozenset(dialect.header_rows) if dialect.header else frozenset()
        self._comments = dialect.comment_rows
        self._last = max(self.wanted, default=0)
        self._moved = 0
        self.number = 0

    @property
    def more(self) -> bool:
        """Whether rows of the header may come."""
        return self.number < self._last + self._moved

    @property
    def near(self) -> bool:
        """Whether the next row belongs to the header, unless it is a comment."""
        number = self.number + 1
        return number - self._moved in self.wanted and number not in self._comments

    def step(self, *, marked: bool) -> bool:
        """Step over a row; whether it belongs to the header.

        Args:
            marked: Whether it begins as a comment does.
        """
        near = self.near
        self.number += 1
        if marked and self.number not in self._comments:
            self._moved += 1
        return near and not marked
