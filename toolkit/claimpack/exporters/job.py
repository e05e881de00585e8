"""What the writer of a format is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from claimpack.descriptor.model import Package
from claimpack.engine.store import Store


@dataclass(frozen=True, slots=True)
class Job:
    """A package to be written in one format.

    Attributes:
        package: The package, which is valid.
        folder: The format's own folder, there and empty.
        store: The engine.
        begin: To be called with the name of a table before it is written.
    """

    package: Package
    folder: Path
    store: Store
    begin: Callable[[str], None]


__all__ = ["Job"]
