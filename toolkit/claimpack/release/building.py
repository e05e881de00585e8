"""A release built beside its place, verified there, and only then put where it is to be."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimpack.descriptor.model import Package
from claimpack.errors import UsageError
from claimpack.exporters import exporter, folder
from claimpack.exporters import formats as every
from claimpack.exporters import package as exporting
from claimpack.exporters.files import WrittenFile
from claimpack.exporters.quarantine.counting import TableCounts
from claimpack.exporters.quarantine.exportable import Exportable
from claimpack.exporters.sinks import ExportSinks
from claimpack.metadata import Note
from claimpack.progress import Progress, silent
from claimpack.release import describing, opening, verification
from claimpack.release.errors import BrokenPromiseError, UnverifiedError
from claimpack.release.model import Verification
from claimpack.release.sampling import SecondOpinion
from claimpack.release.verification import Judge
from claimpack.versions.comparison import compare
from claimpack.versions.model import Difference
from claimpack.versions.promises import broken


@dataclass(frozen=True, slots=True)
class Built:
    """What was built.

    Attributes:
        files: Every file with its size, rows of a table and SHA-256, sorted by path.
        verification: What was checked before it was put in its place.
        notes: What descriptions for catalogues do not say, and those that could not be made.
        difference: How it differs from the release before, None where there is none.
        seconds: For each step the time that it took.
        warnings: What the user should know of what was written, a sentence each.
        quarantine: The rows of each table, where rows with errors were to be rejected.
    """

    files: tuple[WrittenFile, ...]
    verification: Verification
    notes: tuple[Note, ...]
    difference: Difference | None
    seconds: dict[str, float]
    warnings: tuple[str, ...]
    quarantine: tuple[TableCounts, ...]


def build(
    check: Callable[[ExportSinks], Exportable],
    target: Path,
    formats: Sequence[str] | None,
    judge: Judge,
    *,
    since: Path | None = None,
    force: bool = False,
    opinion: SecondOpinion = "sample",
    memory: str | None = None,
    progress: Progress = silent,
) -> Built:
    """Validate, build, verify and publish a package.

    Args:
        check: Validates the package and returns what of it can be written, or raises; the rows
            of its tables go to what it is given as well.
        target: Folder of the release.
        formats: Names of formats; None for all that the package has something for.
        judge: Validates the package in a folder.
        since: The release before, or its package; None for the release in the target's place.
        force: Replace whatever is there, and hold nothing against it.
        opinion: Whether frictionless and pandera are asked about large tables in full.
        memory: Memory of the engine.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        BrokenPromiseError: Its version is too small a step from the release before, or a
            published id vanished.
        UnverifiedError: What was written did not pass its verification.
        UsageError: An unknown format, or a target that cannot be one.
        UnreadableError: The target cannot be written, or the release before not read.
    """
    clock = _Clock()
    warnings: list[str] = []
    wanted = every() if formats is None else formats
    for name in wanted:
        exporter(name)
    with folder.replaced(target, force=force) as fresh:
        sinks = ExportSinks(fresh, wanted)
        exportable = check(sinks)
        package = exportable.package
        clock.lap("validate")
        difference = None
        before = since or (None if force else _standing(target))
        if before is not None:
            difference = _compared(package, before, memory, progress, own=since is None)
            clock.lap("compare")
        tables = exporting.fill(
            package,
            fresh,
            wanted,
            zipped=True,
            memory=memory,
            progress=progress,
            warn=warnings.append,
            sinks=sinks,
        )
        if formats is not None:
            exporting.expect_each(fresh, formats)
        tables += exportable.write_rejected(fresh)
        clock.lap("export")
        progress("describe", 0, 1)
        written, notes = describing.describe(package, fresh, tables, opinion, exportable.statement)
        exporting.sum_up(fresh, written)
        clock.lap("describe")
        checks = verification.verify(
            opening.Opened(fresh),
            judge,
            source=package,
            opinion=opinion,
            memory=memory,
            progress=progress,
        )
        _expect_verified(checks)
        clock.lap("verify")
    return Built(
        tuple(written),
        checks,
        notes,
        difference,
        clock.seconds,
        tuple(warnings),
        exportable.counts,
    )


def _standing(target: Path) -> Path | None:
    """The release in the target's place, where there is one."""
    return target if opening.holds_release(target) else None


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
    package: Package, before: Path, memory: str | None, progress: Progress, *, own: bool
) -> Difference:
    """How the package differs from the release before, which has to bear its name where `own`.

    Raises:
        BrokenPromiseError: It may not differ so.
        UsageError: The release before is that of another package.
    """
    with opening.package(before) as old:
        if own and old.name != package.name:
            held = f"{before} contains a release of {old.name or 'a package without a name'}"
            raise UsageError(f"{held}; replace it with --force, or compare with it with --since")
        found = compare(old, package, memory, progress)
        reasons = tuple(broken(old, package, found))
    if reasons:
        raise BrokenPromiseError(reasons, found)
    return found


def _expect_verified(checks: Verification) -> None:
    for check in checks.checks:
        if check.outcome != "passed":
            what = "; ".join(check.messages)
            raise UnverifiedError(
                f"{check.path}: {check.name}: {what}; nothing was published", checks
            )


__all__ = ["Built", "build"]
