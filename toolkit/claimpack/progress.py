"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called every while with what is being done, how much of it is done, and how much there is.

    The amounts are bytes of a table, or steps of an export or a release.
    """

    def __call__(self, what: str, done: int, whole: int, /) -> None:
        """Take what is being done, and how far it is."""
        ...


def silent(what: str, done: int, whole: int, /) -> None:
    """Tell nobody."""


__all__ = ["Progress", "silent"]
