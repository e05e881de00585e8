"""Grades: how grave each rule is in one run, where somebody wants it otherwise than it states.

A grade changes what is said of a finding, never what is found: a rule that is off
hides its findings, and the report lists it among its settings. What could not be
read stays unread, however its fault is graded, so the report says then that it was
not checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from claimpack.report import (
    Finding,
    Findings,
    Grade,
    Regrade,
    Report,
    Severity,
    Unchecked,
)

Key = tuple[str | None, str, Severity]


@dataclass(frozen=True, slots=True)
class Grades:
    """The regrades in force, at most one for each rule and resource.

    Attributes:
        regrades: As the report lists them; one of a resource goes before one of all.
        strict: Whether warnings are errors.
    """

    regrades: tuple[Regrade, ...] = ()
    strict: bool = False
    _set: dict[tuple[str, str | None], Grade] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = {(item.rule, item.resource): item.severity for item in self.regrades}
        object.__setattr__(self, "_set", table)

    def of(self, rule: str, resource: str | None) -> Grade | None:
        """The grade that a rule has in a resource; None where it keeps its own."""
        return self._set.get((rule, resource)) or self._set.get((rule, None))

    def off(self, rule: str, resource: str | None) -> bool:
        """Whether a rule is switched off in a resource."""
        return self.of(rule, resource) == "off"

    def graded(self, rule: str, resource: str | None, own: Severity) -> Grade:
        """The grade of a finding whose rule states a severity of its own."""
        found = self.of(rule, resource) or own
        return "error" if self.strict and found == "warning" else found


@dataclass(frozen=True, slots=True)
class GradedFindings:
    """Findings as the grades have them; those of a rule that is off are left out."""

    inner: Findings
    grades: Grades

    def __len__(self) -> int:
        return sum(self.totals().values())

    def __iter__(self) -> Iterator[Finding]:
        return (graded for item in self.inner if (graded := self._graded(item)))

    def totals(self) -> dict[Key, int]:
        """Number of findings by (resource, rule, severity)."""
        counts: dict[Key, int] = {}
        for (resource, rule, severity), count in self.inner.totals().items():
            grade = self.grades.graded(rule, resource, severity)
            if grade != "off":
                key = (resource, rule, grade)
                counts[key] = counts.get(key, 0) + count
        return counts

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        """The first findings of one rule in one resource, at most limit."""
        found = self.inner.some(resource, rule, limit)
        return (graded for item in found if (graded := self._graded(item)))

    def _graded(self, finding: Finding) -> Finding | None:
        grade = self.grades.graded(finding.rule, finding.resource, finding.severity)
        if grade == "off":
            return None
        return finding if grade == finding.severity else replace(finding, severity=grade)


def apply(
    report: Report, grades: Grades, stopping: Collection[str], unread: Collection[str | None]
) -> Report:
    """The report as the grades have it.

    Args:
        report: What was found, each finding in the severity of its rule.
        grades: The grades.
        stopping: Ids of the rules whose errors keep data from being read as they are.
        unread: Resources whose data were not read, whatever the reason; None is the package.
    """
    if not (grades.regrades or grades.strict):
        return report
    findings = GradedFindings(report.findings, grades)
    known = {item.resource for item in report.unchecked}
    lost = {
        resource: rule
        for resource, rule in _lowered(report.findings, grades)
        if (rule in stopping or resource in unread) and resource not in known
    }
    more = tuple(
        Unchecked(
            resource,
            "the descriptor" if resource is None else "data",
            f"they could not be read completely, and {rule}, which says why, is not an error here",
        )
        for resource, rule in lost.items()
    )
    return replace(
        report,
        findings=findings,
        unchecked=(*report.unchecked, *more),
        config=grades.regrades,
    )


def _lowered(findings: Findings, grades: Grades) -> Iterator[tuple[str | None, str]]:
    """Each resource and rule that had errors, and has none now."""
    for resource, rule, severity in findings.totals():
        if severity == "error" and grades.graded(rule, resource, severity) != "error":
            yield resource, rule


__all__ = ["GradedFindings", "Grades", "apply"]
