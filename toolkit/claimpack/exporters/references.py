"""Formats of reference managers: one file that lists the sources of a claims package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from claimpack.claims import bibliography
from claimpack.claims.bibliography import Reference
from claimpack.descriptor.model import Package
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.job import Job
from claimpack.exporters.naming import file_stem


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A format of reference managers.

    Attributes:
        suffix: Ending of the file, with its dot.
        spell: The text of the file, part by part, from the references.
    """

    suffix: str
    spell: Callable[[Iterable[Reference]], Iterator[str]]

    def write(self, job: Job) -> list[WrittenFile]:
        """Write the list; nothing where the package has no table of sources."""
        resource = bibliography.table(job.package)
        if resource is None:
            return []
        job.begin(resource.name)
        path = f"{file_stem(job.package)}{self.suffix}"
        with (job.folder / path).open("w", encoding="utf-8", newline="") as file:
            file.writelines(self.spell(_listed(job.package, job.store)))
        return [written_file(job.folder, path)]

    def check(self, folder: Path, package: Package, store: Store) -> Iterator[str]:
        """What in a folder is not as the package says: the first line that differs."""
        path = f"{file_stem(package)}{self.suffix}"
        if not (folder / path).is_file():
            yield f"{path} is missing"
            return
        expected = "".join(self.spell(_listed(package, store))).split("\n")
        with (folder / path).open(encoding="utf-8", errors="backslashreplace", newline="") as file:
            found = file.read().split("\n")
        for number, (one, other) in enumerate(zip_longest(expected, found), 1):
            if one != other:
                yield f"{path}, line {number} does not match the sources"
                return


def _listed(package: Package, store: Store) -> Iterator[Reference]:
    resource = bibliography.table(package)
    if resource is None:
        return
    for batch in typed_tables.batches(store, resource, strict=True):
        for row in batch.to_pylist():
            found = bibliography.reference(row)
            if found is not None:
                yield found


__all__ = ["ReferenceList"]
