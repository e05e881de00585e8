"""What a renderer may know about where its text goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """How to write a report.

    Attributes:
        limit: Findings shown of one rule in one table, 0 for all; JSON is always whole.
        colour: Whether to colour; only a terminal should be.
        width: Columns to wrap at, None for no wrapping, as in a pipe.
        unicode: Whether the stream can take marks beyond ASCII.
    """

    limit: int = 10
    colour: bool = False
    width: int | None = None
    unicode: bool = True


__all__ = ["Options"]
