"""What the texts about a difference have in common."""

from __future__ import annotations

import json
from typing import Any

from claimpack.renderers.words import count
from claimpack.versions.model import Change, Difference, TableDifference
from claimpack.versions.step import too_small

LONGEST = 80
NOUNS = {"table": "table", "field": "field", "order": "order of the fields"}


def counted(table: TableDifference) -> str:
    """A table's rows in numbers: 2 rows added, 1 row changed (3 cells)."""
    parts = [
        f"{count(number, 'row')} {kind}"
        for kind, number in (("added", table.added), ("removed", table.removed))
        if number
    ]
    if table.changed:
        cells = count(sum(table.cells.values()), "cell")
        parts.append(f"{count(table.changed, 'row')} changed ({cells})")
    return ", ".join(parts)


def warning(table: TableDifference) -> str:
    """What is said where ids went that had to stay; empty where none did."""
    if not table.vanished:
        return ""
    ids = "id has" if table.removed == 1 else "ids have"
    rows = "row and set its" if table.removed == 1 else "rows and set their"
    return (
        f"{table.removed:,} {ids} been removed; keep the {rows} status to withdrawn, with a reason"
    )


def shown(change: Change) -> str:
    """A change of the descriptor in words, without its place."""
    noun = NOUNS.get(change.what, change.what)
    if change.what in ("table", "field"):
        return f"{noun} {change.kind}"
    if change.kind == "changed":
        return f"{noun} changed from {value(change.old)} to {value(change.new)}"
    return f"{noun} {value(change.new if change.kind == 'added' else change.old)} {change.kind}"


def value(given: Any) -> str:
    """A value of a descriptor, cut where it is long."""
    text = json.dumps(given, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def advice(difference: Difference) -> str:
    """The step that is asked for, and whether the declared version takes it."""
    if difference.step == "none":
        return "version step: none"
    wrong = too_small(difference.old.version, difference.new.version, difference.step)
    if wrong is not None:
        return f"version step: {difference.step}; {wrong}"
    if difference.next_version is None:
        return f"version step: {difference.step}"
    declared = f"{difference.old.version} to {difference.new.version}"
    return f"version step: {difference.step} ({declared})"


__all__ = ["advice", "counted", "shown", "value", "warning"]
