"""A release built beside its place, verified there, and only then put where it is to be."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimpack.descriptor.model import Package
from claimpack.errors import InvalidPackageError, UnverifiedError
from claimpack.exporters import exporter, folder
from claimpack.exporters import package as exporting
from claimpack.exporters.files import WrittenFile
from claimpack.release import opening, verification
from claimpack.release.model import Verification
from claimpack.release.verification import Judge
from claimpack.versions.comparison import compare
from claimpack.versions.model import Difference
from claimpack.versions.step import too_small
from claimpack.versions.words import warning

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What was built.

    Attributes:
        files: Every file with its size, rows of a table and SHA-256, sorted by path.
        verification: What was checked before it was put in its place.
        difference: How it differs from the release before, None where none was given.
        seconds: For each step the time that it took.
    """

    files: tuple[WrittenFile, ...]
    verification: Verification
    difference: Difference | None
    seconds: dict[str, float]


def build(
    package: Package,
    target: Path,
    formats: Sequence[str],
    judge: Judge,
    *,
    previous: Path | None = None,
    force: bool = False,
    memory: str | None = None,
    progress: Progress = lambda *_: None,
) -> Built:
    """Build, verify and publish a package that is taken to be valid.

    Raises:
        InvalidPackageError: Its version is too small a step from the previous release, or
            a published id vanished.
        UnverifiedError: What was written did not pass its verification.
        UsageError: An unknown format, or a target that cannot be one.
        UnreadableError: The target cannot be written, or the previous release not read.
    """
    clock = _Clock()
    for name in formats:
        exporter(name)
    exporting.expect_apart(package, target)
    difference = None
    if previous is not None:
        difference = _compared(package, previous, memory, progress)
        clock.lap("compare")
    with folder.replaced(target, force=force) as fresh:
        written = exporting.fill(package, fresh, formats, memory=memory, progress=progress)
        exporting.sum_up(fresh, written)
        clock.lap("export")
        checks = verification.verify(fresh, judge, source=package, memory=memory, progress=progress)
        _expect_verified(checks)
        clock.lap("verify")
    return Built(tuple(written), checks, difference, clock.seconds)


class _Clock:
    """The time of each step."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """The step that ends now."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 6)
        self._last = now


def _compared(
    package: Package, previous: Path, memory: str | None, progress: Progress
) -> Difference:
    """How the package differs from the release before, where that may be.

    Raises:
        InvalidPackageError: Its version is too small a step, or a published id vanished.
    """
    with opening.package(previous) as before:
        found = compare(before, package, memory, progress)
    wrong = [f"{table.name}: {warning(table)}" for table in found.tables if table.vanished]
    if told := too_small(found.old.version, found.new.version, found.step):
        wrong.append(told)
    if wrong:
        raise InvalidPackageError(f"{'; '.join(wrong)}; nothing was published")
    return found


def _expect_verified(checks: Verification) -> None:
    for check in checks.checks:
        if check.outcome != "passed":
            what = "; ".join(check.messages)
            raise UnverifiedError(
                f"{check.path}: {check.name}: {what}; nothing was published", checks
            )


__all__ = ["Built", "build"]
