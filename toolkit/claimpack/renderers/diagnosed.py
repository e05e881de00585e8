"""Diagnoses in words, and the findings that they leave to be told one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claimpack.renderers.printable import printable
from claimpack.renderers.words import count
from claimpack.report import Diagnosis, Finding, Report

LOOKED_AT = 1_000
"""Findings of a rule that are looked at for those that no diagnosis explains."""
ON_CELLS = frozenset({"type-error", "constraint-error"})
"""Rules that say nothing of their own about a cell that was read under the wrong field."""


def of(report: Report, resource: str | None) -> tuple[Diagnosis, ...]:
    """The diagnoses of a table."""
    return tuple(item for item in report.diagnoses if item.resource == resource)


def scope(item: Diagnosis) -> str:
    """How far a diagnosis reaches: explains 60 findings in d (60 rows)."""
    where = f" in {', '.join(map(printable, item.fields))}" if item.fields else ""
    return f"explains {count(item.covers, 'finding')}{where} ({count(item.of, 'row')})"


def fix(item: Diagnosis, *, command: bool = True) -> str:
    """What to do, with the command that does it and what remains then."""
    if item.command:
        return f"{item.fix} Run {item.command}.".strip()
    if not item.patch:
        return item.fix
    how = f"{item.fix.rstrip('.')} (run claimpack fix)." if command else item.fix
    return f"{how} {_remaining(item.remaining or 0)}"


def _remaining(left: int) -> str:
    if not left:
        return "No findings remain then."
    return f"{count(left, 'finding')} {'remains' if left == 1 else 'remain'} then."


def explained(diagnoses: tuple[Diagnosis, ...], finding: Finding) -> bool:
    """Whether one of a table's diagnoses explains a finding."""
    return any(_explains(item, finding) for item in diagnoses)


def misread(diagnoses: tuple[Diagnosis, ...], rule: str) -> bool:
    """Whether all findings of a rule are on cells that were read under the wrong field."""
    return rule in ON_CELLS and any(item.misread for item in diagnoses)


def _explains(item: Diagnosis, finding: Finding) -> bool:
    if item.misread and finding.rule in ON_CELLS:
        return not item.fields or finding.field in item.fields
    fields = finding.field if isinstance(finding.field, tuple) else (finding.field,)
    return finding.rule in item.rules and (not item.fields or set(fields) <= set(item.fields))


@dataclass
class Shown:
    """The findings of a rule to show, one by one; then a line on the others.

    Of what diagnoses explain, one finding is shown as an example where there are no others.
    Without a limit all are shown.
    """

    report: Report
    resource: str | None
    rule: str
    total: int
    limit: int
    count: int = 0
    others: bool = False

    def __iter__(self) -> Iterator[Finding]:
        told = of(self.report, self.resource)
        for finding in self._chosen(told):
            self.count += 1
            self.others = self.others or not explained(told, finding)
            yield finding

    @property
    def more(self) -> str:
        """A line on those that were not shown; empty where all were."""
        left = self.total - self.count
        if left <= 0:
            return ""
        if of(self.report, self.resource) and not self.others:
            return f"… {left:,}{' more' if self.count else ''}, see the diagnosis above"
        return f"… and {left:,} more ({self.total:,} in all)"

    def _chosen(self, told: tuple[Diagnosis, ...]) -> Iterator[Finding]:
        some = self.report.findings.some
        if not (self.limit and told):
            yield from some(self.resource, self.rule, min(self.limit or self.total, self.total))
            return
        first: Finding | None = None
        for finding in some(self.resource, self.rule, LOOKED_AT):
            first = first or finding
            if not explained(told, finding):
                yield finding
                if self.count == self.limit:
                    return
        if not self.count and first is not None and not misread(told, self.rule):
            yield first


__all__ = ["LOOKED_AT", "Shown", "explained", "fix", "misread", "of", "scope"]
