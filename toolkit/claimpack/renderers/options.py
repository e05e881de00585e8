"""What a renderer may know about where its text goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """How to write a report.

    Attributes:
        limit: Findings shown of one rule in one table, 0 for all. The formats that
            programs read (JSON, SARIF, JUnit) are always whole.
        colour: Whether to colour; only a terminal should be.
        width: Columns to wrap at, None for no wrapping, as in a pipe.
        unicode: Whether the stream can take marks beyond ASCII.
        path: The package as the caller named it.
        folder: Where the package is, seen from where the report is read: empty where it
            is there itself, else ending with a slash; absolute where it is elsewhere.
        descriptor: File name of the descriptor, the place of what has no file of its own.
    """

    limit: int = 10
    colour: bool = False
    width: int | None = None
    unicode: bool = True
    path: str = "."
    folder: str = ""
    descriptor: str = "datapackage.json"


__all__ = ["Options"]
