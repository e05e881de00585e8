"""Numbers in words: counts, sizes, times."""

from __future__ import annotations

from collections.abc import Mapping

from claimpack.report import SEVERITIES, Regrade, Report, Severity

PLURALS = {"info": "notes"}
SINGULARS = {"info": "note"}
VERDICTS = {"valid": "valid", "invalid": "invalid", "not-checked": "partly checked"}
SOURCES = {"call": "command line"}
"""Where a severity was changed, other than in a file, in words."""
UNITS = ("kB", "MB", "GB", "TB")


def count(number: int, word: str) -> str:
    """A number with its noun: 1 row, 1,244 rows."""
    if number == 1:
        return f"1 {SINGULARS.get(word, word)}"
    return f"{number:,} {PLURALS.get(word, word + 's')}"


def counts(numbers: Mapping[Severity, int]) -> str:
    """Numbers by severity, the gravest first; empty where there are none."""
    return ", ".join(count(numbers[key], key) for key in SEVERITIES if numbers.get(key))


def summary(report: Report) -> str:
    """A report in a line: totals, rows, time."""
    parts = [counts(report.counts) or "no findings"]
    if report.unchecked:
        parts.append(f"{count(len(report.unchecked), 'check')} skipped")
    off = len({item.rule for item in report.config if item.severity == "off"})
    if off:
        parts.append(f"{count(off, 'rule')} off")
    if report.tables:
        rows = sum(table.rows for table in report.tables)
        parts.append(f"{count(rows, 'row')} in {count(len(report.tables), 'table')}")
        parts.append(seconds(report.seconds))
    return "; ".join(parts)


def regrade(item: Regrade) -> str:
    """A rule whose severity was changed, in a line: orphan-row: off in claims (command line)."""
    where = f" in {item.resource}" if item.resource is not None else ""
    return f"{item.rule}: {item.severity}{where} ({SOURCES.get(item.source, item.source)})"


def seconds(time: float) -> str:
    """A span of time: 0.31 s, 12.3 s, 2 min 5 s."""
    if time < 10:
        return f"{time:.2f} s"
    if time < 59.95:
        return f"{time:.1f} s"
    minutes, rest = divmod(round(time), 60)
    return f"{minutes} min {rest} s"


def size(number: int) -> str:
    """A number of bytes: 812 B, 4.2 kB, 1.0 GB."""
    if number < 1000:
        return f"{number} B"
    power = min((len(str(number)) - 1) // 3, len(UNITS))
    return f"{number / 1000**power:.1f} {UNITS[power - 1]}"


__all__ = ["SOURCES", "VERDICTS", "count", "counts", "regrade", "seconds", "size", "summary"]
