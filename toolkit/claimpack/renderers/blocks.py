"""A report in blocks for reading: the package's own faults, then a block a table."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimpack.renderers.printable import LONGEST, printable, quoted
from claimpack.report import SEVERITIES, Finding, Report, Severity, Unchecked

Totals = dict[Severity, int]
SHORTEST = 20
NAMED = 3
"""Tables that are named where one cause keeps back checks of many."""
CAUSES = (
    *("unsafe-path", "missing-file", "bytes-mismatch", "hash-mismatch", "empty-file"),
    *("encoding-error", "byte-order-mark", "nul-byte", "newline-error", "mixed-newlines"),
    *("blank-label", "duplicate-label", "incorrect-label", "missing-label", "extra-label"),
    *("quoting-error", "bare-quote", "extra-cell", "missing-cell", "blank-row"),
)
"""Rules on files, labels and rows: what they find is often the cause of what others find."""


@dataclass(slots=True)
class Block:
    """What the report says of one table, or of the package itself (name None).

    Attributes:
        name: Name of the table.
        rows: Data rows read, None where it was not read.
        rules: Number of findings by rule and severity.
        whole: Whether all of it was checked.
    """

    name: str | None
    rows: int | None = None
    rules: dict[str, Totals] = field(default_factory=dict)
    whole: bool = True

    @property
    def title(self) -> str:
        """The table's name as it may be shown."""
        return "the package" if self.name is None else printable(self.name)

    @property
    def totals(self) -> Totals:
        """Number of findings by severity."""
        sums: Totals = dict.fromkeys(SEVERITIES, 0)
        for totals in self.rules.values():
            for severity, number in totals.items():
                sums[severity] += number
        return sums

    def by_gravity(self) -> list[tuple[str, Totals]]:
        """Rules with their totals: errors first, and of these the likely causes first."""

        def rank(item: tuple[str, Totals]) -> tuple[int, int, str]:
            rule, totals = item
            cause = CAUSES.index(rule) if rule in CAUSES else len(CAUSES)
            return SEVERITIES.index(gravest(totals)), cause, rule

        return sorted(self.rules.items(), key=rank)


def blocks(report: Report) -> list[Block]:
    """One block for the package, each table read, and whatever else something is said of."""
    found: dict[str | None, Block] = {None: Block(None)}
    for table in report.tables:
        found[table.name] = Block(table.name, table.rows)
    for (resource, rule, severity), number in sorted(report.findings.totals().items(), key=str):
        block = found.setdefault(resource, Block(resource))
        totals = block.rules.setdefault(rule, {})
        totals[severity] = totals.get(severity, 0) + number
    for item in report.unchecked:
        found.setdefault(item.resource, Block(item.resource)).whole = False
    return list(found.values())


def skipped(report: Report) -> list[tuple[str, str, str]]:
    """What was not checked, as (where, what, why): checks that one cause keeps back are one."""
    causes: dict[str, list[Unchecked]] = {}
    for item in report.unchecked:
        causes.setdefault(item.why, []).append(item)
    return [_skipped(why, items) for why, items in causes.items()]


def _skipped(why: str, items: list[Unchecked]) -> tuple[str, str, str]:
    known = dict.fromkeys("the package" if i.resource is None else i.resource for i in items)
    names, left = list(known)[:NAMED], len(known) - NAMED
    if left > 0:
        names[-1] += f" and {left:,} others" if left > 1 else " and 1 other"
    what = items[0].what if len(items) == 1 else f"{len(items):,} checks"
    return ", ".join(names), what, why


def gravest(totals: Totals) -> Severity:
    """The gravest severity of which there is any."""
    return next(severity for severity in SEVERITIES if totals.get(severity))


def place(finding: Finding, folder: str = "") -> str:
    """Where it is: file:line, else row or pointer; what an editor can jump to.

    Args:
        finding: The finding.
        folder: Where the package is, ending with a slash, empty where it is here.
    """
    path = f"{folder}{finding.path}" if finding.path else ""
    if finding.line is not None:
        return printable(f"{path}:{finding.line}")
    if finding.row is not None:
        return printable(f"{path} row {finding.row}".strip())
    if finding.pointer:
        return printable(f"{path}#{finding.pointer}" if path else finding.pointer)
    return printable(path)


def cell(finding: Finding, longest: int = LONGEST) -> str:
    """Which cell: field = "value", each pair of a composite key."""
    if isinstance(finding.value, str) and isinstance(finding.field, str):
        return f"{printable(finding.field)} = {quoted(finding.value, max(SHORTEST, longest))}"
    fields = _listed(finding.field)
    values = _listed(finding.value)
    if not values:
        return ", ".join(printable(name) for name in fields if name)
    each = max(SHORTEST, longest // len(values))
    texts = [quoted(value, each) for value in values]
    if len(fields) != len(values):
        return ", ".join([*(printable(name) for name in fields if name), *texts])
    pairs = zip(fields, texts, strict=True)
    return ", ".join(f"{printable(name or '')} = {text}" for name, text in pairs)


def _listed(item: str | tuple[str | None, ...] | None) -> tuple[str | None, ...]:
    if item is None:
        return ()
    return item if isinstance(item, tuple) else (item,)


__all__ = ["Block", "Totals", "blocks", "cell", "gravest", "place", "skipped"]
