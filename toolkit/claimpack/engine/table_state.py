"""One table during a run, and what is noted about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimpack.checks.model import AnyCheck, StructureCheck
from claimpack.config.severities import Grades
from claimpack.descriptor.model import Resource
from claimpack.engine.exact.broken_rows import Broken
from claimpack.engine.exact.database import Store
from claimpack.engine.exact.stored_findings import Template
from claimpack.engine.scan.table_pass import TablePass
from claimpack.engine.table_checks import Scan
from claimpack.engine.wide_tables import Folded
from claimpack.plan import OWN, TablePlan
from claimpack.readers.column_layout import Fault
from claimpack.readers.csv_exact import Head
from claimpack.report import Unchecked
from claimpack.rules import load

if TYPE_CHECKING:
    import numpy as np


@dataclass
class Table:
    """One table on its way through the engine.

    Attributes:
        part: Its position in the report.
        scan: Its plan laid over its columns, None where they could not be read.
        rows: Data rows read.
        seconds: Time spent on it.
        whole: Whether every row was read.
        read: The pass that read it, None where no row was read or it was proved as a whole.
        rescans: The tables of rows of it that were read again.
        folded: How its rows were folded, where it is very wide.
        breaks: Of a plain file, for each newline inside quotes the records before its own.
        broken: The rows whose values are not known, or not all of them.
        typed: Whether its typed rows are there for relations to read.
    """

    part: int
    plan: TablePlan
    scan: Scan | None = None
    head: Head | None = None
    rows: int = 0
    seconds: float = 0.0
    whole: bool = False
    typed: bool = False
    read: TablePass | None = None
    rescans: list[str] = field(default_factory=list)
    folded: Folded | None = None
    breaks: Sequence[int] | np.ndarray = ()
    broken: Broken = field(default_factory=Broken)

    @property
    def resource(self) -> Resource:
        """The table's resource."""
        return self.plan.resource

    @property
    def doubt(self) -> str:
        """Why its values are not known, or not all of them; empty where they are."""
        if self.scan is None or not self.whole:
            return f"{self.resource.name} was not read"
        return f"{self.resource.name} has {self.broken.shown}" if self.broken.rows else ""


@dataclass
class Notes:
    """What is noted of all tables: findings in the store, and what could not be checked."""

    store: Store
    grades: Grades = OWN
    unchecked: list[Unchecked] = field(default_factory=list)

    def not_checked(self, table: Table, what: str, why: str) -> None:
        """Something of a table could not be checked; told once."""
        item = Unchecked(table.resource.name, what, why)
        if item not in self.unchecked:
            self.unchecked.append(item)

    def fault(self, table: Table, fault: Fault) -> None:
        """Keep a fault that the reader noticed, where its rule is asked for."""
        if fault.rule in table.plan.structure:
            fields = (fault.field,) if fault.field is not None else ()
            own = StructureCheck(fault.rule, table.resource.name, fields, "{detail}", "{own}")
            self.store.add(table.part, self._template(table, own), fault)

    def blank(self, table: Table) -> int | None:
        """The number of findings on rows of which every cell is empty.

        None where such a row is no error, so that what it breaks is reported rule by rule.
        """
        grade = self.grades.graded("blank-row", table.resource.name, "error")
        if "blank-row" not in table.plan.structure or grade != "error":
            return None
        message, fix = "the row has no values", "Delete {detail}."
        check = StructureCheck("blank-row", table.resource.name, (), message, fix)
        return self.number(table, check)

    def _template(self, table: Table, check: AnyCheck) -> Template:
        rule, resource = load(check.rule), table.resource
        return Template(
            check.rule,
            rule.severity,
            resource.name,
            resource.paths,
            check.fields,
            check.message,
            check.fix,
            check.clause or rule.clause,
            check.params,
            None if resource.paths else f"{resource.pointer}/data",
        )

    def number(self, table: Table, check: AnyCheck) -> int:
        """The number under which findings of a check are kept."""
        return self.store.number(self._template(table, check))
