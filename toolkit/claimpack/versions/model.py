"""The difference of two packages: frozen values, the rows of it read lazily."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from claimpack.versions.step import Step, largest, version

Kind = Literal["added", "removed", "changed"]
KINDS: tuple[Kind, ...] = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the descriptor.

    Attributes:
        table: Name of the resource, None for the package itself.
        field: Name of the field, None for the table as a whole.
        what: What changed: `table`, `field`, `order`, or the name of a property.
        kind: Whether it came, went or is another.
        old: Its old value as in the descriptor, None where there was none.
        new: Its new value, None where there is none.
        step: The step of the version that it asks for.
    """

    table: str | None
    field: str | None
    what: str
    kind: Kind
    old: Any
    new: Any
    step: Step


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a changed row: both values as text, None for null."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was added, removed or changed.

    Attributes:
        table: Name of the table.
        kind: What happened to it.
        key: Its key, or all of its values where the table has no key.
        values: The values of a row added or removed, by field; empty for a changed one.
        cells: The cells of a changed row that are others; empty for the rest.
    """

    table: str
    kind: Kind
    key: dict[str, str | None]
    values: dict[str, str | None] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDifference:
    """What changed in the rows of a table, in numbers.

    Attributes:
        name: Name of the table.
        key: Fields that rows were told apart by; empty where whole rows were compared.
        old_rows: Rows before.
        new_rows: Rows after.
        added: Rows that came.
        removed: Rows that went.
        changed: Rows of which a cell is another.
        cells: For each field the number of its cells that are others.
        vanished: Whether ids went that had to stay, as withdrawn (the table has a status).
        step: The step of the version that the rows ask for.
    """

    name: str
    key: tuple[str, ...]
    old_rows: int
    new_rows: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    cells: dict[str, int] = field(default_factory=dict)
    vanished: bool = False
    step: Step = "none"

    @property
    def empty(self) -> bool:
        """Whether no row differs."""
        return not (self.added or self.removed or self.changed)


class RowSource(Protocol):
    """Where the rows of a difference are kept."""

    def rows(self, table: str, kind: Kind | None, limit: int) -> Iterator[Row]:
        """Rows of a table, of one kind or all, at most so many; 0 for all."""
        ...


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two packages: its name and version as the descriptor has them."""

    name: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How two packages differ.

    Attributes:
        old: The package before.
        new: The package after.
        changes: What changed in the descriptor.
        tables: What changed in the rows, a table at a time; those of both packages.
    """

    old: Side
    new: Side
    changes: tuple[Change, ...]
    tables: tuple[TableDifference, ...]
    source: RowSource = field(repr=False, compare=False)

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not self.changes and all(table.empty for table in self.tables)

    @property
    def step(self) -> Step:
        """The step of the version that the changes ask for."""
        return largest([*(c.step for c in self.changes), *(t.step for t in self.tables)])

    @property
    def next_version(self) -> str | None:
        """The least version that the new package may have; None where the old one has none."""
        before = version(self.old.version)
        return None if before is None else str(before.after(self.step))

    def rows(
        self, table: str | None = None, kind: Kind | None = None, limit: int = 0
    ) -> Iterator[Row]:
        """The rows that differ, read as they are asked for.

        Args:
            table: Name of a table, None for all.
            kind: `added`, `removed` or `changed`, None for all, in that order.
            limit: Most rows of each table, 0 for all.
        """
        for item in self.tables:
            if table in (None, item.name) and not item.empty:
                yield from self.source.rows(item.name, kind, limit)

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON-ready values, the rows too; `summary` leaves them out."""
        return self.summary() | {"rows": [plain(row) for row in self.rows()]}

    def to_text(self, limit: int = 10) -> str:
        """The difference for reading; at most so many rows of each kind in each table."""
        from claimpack.versions import text

        return _joined(text.lines(self, limit))

    def to_markdown(self, limit: int = 10) -> str:
        """The difference in Markdown; at most so many rows of each kind in each table."""
        from claimpack.versions import markdown

        return _joined(markdown.lines(self, limit))

    def to_changelog(self, day: dt.date | None = None) -> str:
        """An entry for a change log, of that day; else of SOURCE_DATE_EPOCH or today."""
        from claimpack import clock
        from claimpack.versions import changelog

        return _joined(changelog.lines(self, day or clock.today()))

    def summary(self) -> dict[str, Any]:
        """Versions, step, changes of the descriptor, and the rows in numbers."""
        return {
            "old": asdict(self.old),
            "new": asdict(self.new),
            "step": self.step,
            "next_version": self.next_version,
            "changes": [asdict(change) for change in self.changes],
            "tables": [_table(table) for table in self.tables],
        }


def plain(row: Row) -> dict[str, Any]:
    """A row as JSON-ready values: `values` of one added or removed, `cells` of one changed."""
    made: dict[str, Any] = {"table": row.table, "kind": row.kind, "key": row.key}
    if row.kind == "changed":
        return made | {"cells": [asdict(cell) for cell in row.cells]}
    return made | {"values": row.values}


def _joined(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _table(table: TableDifference) -> dict[str, Any]:
    return asdict(table) | {"key": list(table.key)}


__all__ = [
    "KINDS",
    "Cell",
    "Change",
    "Difference",
    "Kind",
    "Row",
    "RowSource",
    "Side",
    "TableDifference",
    "plain",
]
