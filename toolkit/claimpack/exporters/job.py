"""What the writer of a format is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from claimpack.descriptor.model import Package
from claimpack.engine.exact.database import Store


@dataclass(frozen=True, slots=True)
class Job:
    """A package to be written in one format.

    Attributes:
        package: The package, which is valid.
        folder: The format's own folder, there and empty.
        store: The engine.
        begin: To be called with the name of a table before it is written.
        warn: To be called with what the user should know of what was written, a sentence.
        spreadsheet_safe: Whether CSV escapes the cells that a spreadsheet would run.
        done: The rows of each table that is there already, by its name: it was written while
            it was validated.
        harmless: Those of these tables of which a spreadsheet runs no cell.
    """

    package: Package
    folder: Path
    store: Store
    begin: Callable[[str], None]
    warn: Callable[[str], None] = lambda _: None
    spreadsheet_safe: bool = False
    done: Mapping[str, int] = field(default_factory=dict)
    harmless: frozenset[str] = frozenset()


__all__ = ["Job"]
