"""Rejecting rows before a package is written: the steps that export and publish share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.api import steps
from claimpack.config import settings, severities
from claimpack.descriptor.model import Package
from claimpack.files import temporary_files
from claimpack.progress import Progress
from claimpack.report import Report

if TYPE_CHECKING:
    from claimpack.engine.run import Outcome
    from claimpack.exporters.quarantine.exportable import Exportable
    from claimpack.exporters.quarantine.sifting import Judged, Sifted
    from claimpack.exporters.sinks import ExportSinks
    from claimpack.plan import Plan


class Checked:
    """Runs the checks of a package, and keeps what they found for rows to be rejected."""

    def __init__(
        self, memory: str | None, progress: Progress | None, sinks: ExportSinks | None
    ) -> None:
        self._memory, self._progress, self._sinks = memory, progress, sinks
        self._kept: tuple[Plan, Outcome] | None = None

    def __call__(self, plan: Plan) -> Outcome:
        """Run the plan."""
        outcome = steps.run(plan, self._memory, self._progress, self._sinks)
        self._kept = plan, outcome
        return outcome

    @contextmanager
    def exportable(
        self, report: Report, package: Package | None, out: Path, *, quarantine: bool
    ) -> Iterator[Exportable]:
        """What of the package can be written, readable while the block lasts.

        Args:
            report: The report on the package.
            package: The package.
            out: The output folder.
            quarantine: Whether rows with errors are rejected.

        Raises:
            InvalidPackageError: It has errors; with `quarantine`, one that is not in a row.
            UnreadableError: Something could not be checked.
            UsageError: The output would take the place of the package or of its data.
        """
        from claimpack.exporters import package as exporting
        from claimpack.exporters.quarantine.exportable import Exportable

        if not quarantine or report.verdict != "invalid" or self._kept is None:
            steps.expect_valid(report)
        assert package is not None
        exporting.expect_apart(package, out)
        if report.verdict == "valid":
            yield Exportable.whole(package, report) if quarantine else Exportable(package)
            return
        if self._sinks is not None:
            self._sinks.discard()
        with self._sifted(report) as made:
            yield Exportable.without_rejected(made, report)

    @contextmanager
    def _sifted(self, report: Report) -> Iterator[Sifted]:
        """The package without the rows that are rejected."""
        from claimpack.exporters.quarantine import sifting

        assert self._kept is not None
        plan, outcome = self._kept
        others = tuple(item for item in report.unchecked if item not in outcome.unchecked)

        def again(package: Package) -> Judged:
            made = steps.planned(package, plan.grades)
            found = steps.run(made, self._memory, self._progress, closed=True)
            told = Report(package.name, found.findings, (*others, *found.unchecked), found.tables)
            stopping, unread = settings.stopping(plan.grades), steps.unread(package)
            graded = severities.apply(told, plan.grades, stopping, unread)
            return _judged(made, graded, found)

        folder = temporary_files.folder()
        try:
            made = sifting.sift(_judged(plan, report, outcome), again, folder)
            steps.expect_valid(made.report)
            yield made
        finally:
            temporary_files.remove(folder)


def _judged(plan: Plan, report: Report, outcome: Outcome) -> Judged:
    from claimpack.exporters.quarantine.sifting import Judged

    by_column = frozenset(check.rule for table in plan.tables for check in table.columns)
    return Judged(plan.package, report, outcome.findings, plan.grades, by_column)


__all__ = ["Checked"]
