"""Runs a plan over all tables: headers, rows, keys, references, relations, then the findings."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from claimpack.engine.exact.database import Store
from claimpack.engine.exact.row_findings import RowFindings
from claimpack.engine.exact.stored_findings import StoredFindings
from claimpack.engine.exact.table_relations import Relations
from claimpack.engine.export_sinks import Sinks
from claimpack.engine.table_loader import Loader
from claimpack.engine.table_state import Notes, Table
from claimpack.errors import UnreadableError
from claimpack.plan import Plan
from claimpack.progress import Progress, silent
from claimpack.readers.checksum import size
from claimpack.report import TableSummary, Unchecked


@dataclass
class Outcome:
    """What a run found."""

    findings: StoredFindings
    unchecked: tuple[Unchecked, ...]
    tables: tuple[TableSummary, ...]
    store: Store


class Run:
    """One run of a plan."""

    def __init__(
        self,
        plan: Plan,
        memory: str | None = None,
        progress: Progress = silent,
        sinks: Sinks | None = None,
        *,
        closed: bool = False,
    ) -> None:
        """Prepare the run.

        Args:
            plan: The plan.
            memory: Memory of the engine.
            progress: Called with a table's name, bytes done and bytes in all.
            sinks: Makes what takes the typed rows of a table.
            closed: Whether a row that refers to a wrong one of its own table is wrong, too.
        """
        self.notes = Notes(Store(memory), plan.grades)
        self.tables = [Table(part, made) for part, made in enumerate(plan.tables)]
        self._kept = plan.read_by_relations()
        self._judge = RowFindings(self.notes)
        self._intake = Loader(self.notes, self._judge, progress, sinks)
        self._relations = Relations(self.tables, self.notes, closed=closed)

    def outcome(self) -> Outcome:
        """Run every step and give back what was found."""
        try:
            return self._outcome()
        finally:
            # a pass and its reader know their table: without this, only the garbage collector
            # would close the store and remove its files
            for table in self.tables:
                table.read = None

    def _outcome(self) -> Outcome:
        self._each(lambda table: self._intake.open(table, table.resource.name in self._kept))
        self._relations.expect()
        self._each(self._rows)
        self._each(self._relations.judge)
        self.notes.store.flush()
        self._each(self._judge.settle)
        summaries = tuple(
            TableSummary(t.resource.name, t.rows, size(t.resource), round(t.seconds, 6))
            for t in self.tables
        )
        store = self.notes.store
        return Outcome(store.findings(), tuple(self.notes.unchecked), summaries, store)

    def _rows(self, table: Table) -> None:
        if table.scan is not None:
            self._intake.read(table)
            self._judge.rows(table)

    def _each(self, step: Callable[[Table], None]) -> None:
        """Do a step for every table; a table that cannot be read stops no other."""
        for table in self.tables:
            start = time.perf_counter()
            try:
                step(table)
            except UnreadableError as error:
                self.notes.not_checked(table, "data", str(error))
            table.seconds += time.perf_counter() - start
