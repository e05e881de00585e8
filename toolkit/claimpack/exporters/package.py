"""A package written in one or several formats, each in a folder of its own.

Which formats there are, and what each module has, says the docstring of `claimpack.exporters`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from claimpack.descriptor.model import Package
from claimpack.descriptor.reading import NAME
from claimpack.engine.exact.database import Store
from claimpack.errors import UsageError
from claimpack.exporters import archive, checksums, exporter, folder
from claimpack.exporters.files import WrittenFile
from claimpack.exporters.job import Job
from claimpack.exporters.sinks import ExportSinks
from claimpack.progress import Progress, silent

Warn = Callable[[str], None]


@contextmanager
def written(
    target: Path, formats: Sequence[str], *, force: bool = False, spreadsheet_safe: bool = False
) -> Iterator[tuple[Path, ExportSinks]]:
    """A folder to `fill`, which takes the target's place when the block ends well.

    With it comes what writes tables into it while they are validated, for `fill` to find.

    Raises:
        UsageError: An unknown format, or a target that cannot be one.
        UnreadableError: The target cannot be written.
    """
    for name in formats:
        exporter(name)
    with folder.replaced(target, force=force) as fresh:
        yield fresh, ExportSinks(fresh, streamed(formats, spreadsheet_safe))


def streamed(formats: Sequence[str], spreadsheet_safe: bool) -> list[str]:
    """The formats that may be written while tables are validated.

    CSV with formulas escaped is not: which cells need it is a question for the database.
    """
    return [name for name in formats if not (spreadsheet_safe and name == "csv")]


def expect_each(fresh: Path, formats: Sequence[str]) -> None:
    """What was asked for by name is there."""
    for name in formats:
        if not (fresh / name).is_dir():
            raise UsageError(f"the package has nothing for the format {name}: no such table")


def fill(
    package: Package,
    fresh: Path,
    formats: Sequence[str],
    *,
    zipped: bool = False,
    spreadsheet_safe: bool = False,
    memory: str | None = None,
    progress: Progress = silent,
    warn: Warn = lambda _: None,
    sinks: ExportSinks | None = None,
) -> list[WrittenFile]:
    """Write a package in each format to `fresh/<format>/`; the files, sorted by path.

    With `zipped`, each of these that is a data package is packed into `<format>.zip`, too; with
    `spreadsheet_safe`, CSV escapes the cells that a spreadsheet would run as formulas. What the
    user should know of what was written is told to `warn`, a sentence each. What `sinks` wrote
    while the package was validated is left as it is.

    Raises:
        UsageError: An unknown format.
        UnreadableError: A value is beyond what a format can hold.
    """
    writers = {name: exporter(name) for name in dict.fromkeys(formats)}
    store = Store(memory)
    steps = _Steps(progress, len(writers) * sum(item.tabular for item in package.resources))
    written: list[WrittenFile] = []
    for name, module in writers.items():
        place = fresh / name
        place.mkdir(exist_ok=True)
        done = sinks.rows(name) if sinks is not None else {}
        harmless = sinks.harmless(name) if sinks is not None else frozenset[str]()
        begin = partial(steps.begin, name)
        made = module.write(
            Job(package, place, store, begin, warn, spreadsheet_safe, done, harmless)
        )
        written += [replace(item, path=f"{name}/{item.path}") for item in made]
        if not made:
            place.rmdir()
        if zipped and (place / NAME).exists():
            written.append(archive.pack(fresh, name))
    return sorted(written, key=lambda item: item.path)


class _Steps:
    """Tells the progress from table to table, over all formats."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._begun = 0

    def begin(self, form: str, table: str) -> None:
        """A table that is written now."""
        self._progress(f"{form} {table}", self._begun, self._total)
        self._begun += 1


def sum_up(fresh: Path, written: Sequence[WrittenFile]) -> None:
    """Write the checksums of all files in the form that `sha256sum --check` reads."""
    (fresh / folder.SUMS).write_text(checksums.text(written), encoding="utf-8", newline="\n")


def expect_apart(package: Package, target: Path) -> None:
    """UsageError where the target would take the place of the package or of its data."""
    base, place = package.base.resolve(), target.resolve()
    if place == base or place in base.parents:
        raise UsageError(f"{target} contains the package itself; write to another folder")
    data = {path.resolve().parent for item in package.resources for path in item.files}
    if any(place == parent or place in parent.parents for parent in data):
        raise UsageError(f"{target} contains the package's data; write to another folder")


__all__ = [
    "WrittenFile",
    "expect_apart",
    "expect_each",
    "fill",
    "streamed",
    "sum_up",
    "written",
]
