"""Which rows to reject: those with an error, then those that are wrong once these are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package, Resource
from claimpack.engine.exact.stored_findings import StoredFindings, Template
from claimpack.errors import InvalidPackageError
from claimpack.exporters.quarantine import copying
from claimpack.exporters.quarantine.rejections import Rows, joined, none, original
from claimpack.report import Finding, Report, Severity

EMPTY_LINE = "blank-row"
"""A rule whose finding has no row where a line is empty: the line is no row, and is left out."""
BROKEN = frozenset({"extra-cell", "missing-cell", "quoting-error", "encoding-error"})
"""Rules that say that the values of a row are not known: whatever their severity in this run,
such a row is not exported."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A package that was validated.

    Attributes:
        package: The package.
        report: The report.
        findings: What the report has of the data.
        grades: The severities in force.
        by_column: Rules whose findings are about a column, not about the row that they name.
    """

    package: Package
    report: Report
    findings: StoredFindings
    grades: Grades
    by_column: frozenset[str]

    def rejects(self, found: Template) -> bool:
        """Whether the rows of these findings are rejected."""
        return found.rule not in self.by_column and (found.rule in BROKEN or self.wrong(found))

    def wrong(self, found: Template) -> bool:
        """Whether these findings are errors."""
        return self.grades.graded(found.rule, found.resource, found.severity) == "error"

    def stops(self, found: Template) -> bool:
        """Whether these findings, where they have no row, are errors that no row answers for."""
        return self.wrong(found) and found.rule not in {EMPTY_LINE, *self.by_column}


Judge = Callable[[Package], Judged]
Totals = tuple[str | None, str, Severity]


@dataclass(slots=True)
class Round:
    """A package that was validated, and the rows of each table that it lacks by then."""

    judged: Judged
    rejected: dict[int, Rows]


@dataclass(slots=True)
class Sifted:
    """A package without the rows that are rejected.

    Attributes:
        package: The package, valid but for what could not be checked.
        report: The report on it.
        tables: The tables as they were, in the order of the package.
        rejected: The rejected rows of each table by its place, in all.
        rounds: Each validation that found rows to reject.
    """

    package: Package
    report: Report
    tables: tuple[Resource, ...]
    rejected: dict[int, Rows]
    rounds: list[Round] = field(default_factory=list)


def sift(first: Judged, again: Judge, folder: Path) -> Sifted:
    """Reject rows until nothing is wrong with what is left.

    Args:
        first: The package, which has errors.
        again: Validates a package made of it.
        folder: An empty folder for the tables that lose rows; the package is read from there.

    Raises:
        InvalidPackageError: It has an error that no row answers for.
        UnreadableError: A table cannot be read, or the disk is full.
    """
    tables = tuple(item for item in first.package.resources if item.tabular)
    made = Sifted(first.package, first.report, tables, {})
    now = first
    while now.report.verdict == "invalid":
        _expect_rows(now)
        made.rounds.append(Round(now, dict(made.rejected)))
        changed = {}
        for part in sorted(now.findings.parts(now.rejects)):
            changed[part] = _reject(made, now, part, folder)
        if not changed:
            raise _refused(now, next(iter(now.report.findings)))
        made.package = _with(made.package, tables, changed)
        now = again(made.package)
    made.report = now.report
    return made


def _reject(made: Sifted, now: Judged, part: int, folder: Path) -> Resource:
    """The table at a place without the rows that are wrong now, and those before."""
    before = made.rejected.get(part, none())
    rows = original(now.findings.rows(part, now.rejects), before)
    made.rejected[part] = joined(before, rows)
    target = folder / f"{part}-{len(made.rounds)}.arrow"
    copy = copying.without(made.tables[part], made.rejected[part], target)
    (folder / f"{part}-{len(made.rounds) - 1}.arrow").unlink(missing_ok=True)
    return copy


def _with(package: Package, tables: tuple[Resource, ...], changed: dict[int, Resource]) -> Package:
    new = {tables[part].index: item for part, item in changed.items()}
    return replace(
        package, resources=tuple(new.get(item.index, item) for item in package.resources)
    )


def _expect_rows(now: Judged) -> None:
    """Go on only where every error is of a row.

    Raises:
        InvalidPackageError: One is not.
    """
    found = next(_beyond_rows(now), None)
    if found is not None:
        raise _refused(now, found)


def _beyond_rows(now: Judged) -> Iterator[Finding]:
    """The errors that no row answers for: of the descriptor, of a file, of a column."""
    totals = now.report.findings.totals()
    stored = now.findings.totals()
    own = [key for key in totals if key[0] is None or totals[key] > _known(stored, key[:2])]
    for resource, rule, severity in own:
        if severity == "error":
            yield from now.report.findings.some(resource, rule, 1)
    yield from now.findings.beyond_rows(now.stops)
    for resource, rule, severity in totals:
        if severity == "error" and rule in now.by_column:
            yield from now.report.findings.some(resource, rule, 1)


def _known(stored: Mapping[Totals, int], key: tuple[str | None, str]) -> int:
    return sum(count for (resource, rule, _), count in stored.items() if (resource, rule) == key)


def _refused(now: Judged, found: Finding) -> InvalidPackageError:
    line = f", line {found.line}" if found.line else ""
    where = f"{found.path or found.resource}{line}: " if found.path or found.resource else ""
    return InvalidPackageError(
        f"quarantine rejects rows, but an error is not in a row: {where}"
        f"{found.message} ({found.rule}); nothing was written",
        now.report,
    )


__all__ = ["Judged", "Round", "Sifted", "sift"]
