"""The plan: every check of a package gathered by table, before any data are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from claimpack.descriptor.model import Package, Resource
from claimpack.grades import Grades
from claimpack.rules import Rule, all_rules
from claimpack.rules.check import (
    AnyCheck,
    KeyCheck,
    ReferenceCheck,
    RelationCheck,
    RowCheck,
    StructureCheck,
    ValueCheck,
)

OWN = Grades()
"""Every rule in its own severity."""
COMPARING = (KeyCheck, ReferenceCheck, RelationCheck)
Makers = Iterable[tuple[Rule, Callable[[Resource, Package], Iterator[AnyCheck]]]]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """The checks of one table, which one scan of its rows answers."""

    resource: Resource
    structure: frozenset[str] = frozenset()
    rows: tuple[RowCheck, ...] = ()
    values: tuple[ValueCheck, ...] = ()
    keys: tuple[KeyCheck, ...] = ()
    references: tuple[ReferenceCheck, ...] = ()
    relations: tuple[RelationCheck, ...] = ()

    @property
    def checks(self) -> tuple[AnyCheck, ...]:
        """Every check that holds an expression, a test or a query."""
        return (*self.rows, *self.values, *self.keys, *self.references, *self.relations)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a validation will do."""

    package: Package
    tables: tuple[TablePlan, ...]
    grades: Grades = OWN

    def table(self, name: str) -> TablePlan:
        """The plan of the table of that name; KeyError where there is none."""
        for table in self.tables:
            if table.resource.name == name:
                return table
        raise KeyError(name)

    def read_by_relations(self) -> frozenset[str]:
        """Names of the tables whose typed rows some relation reads."""
        return frozenset(
            name for table in self.tables for check in table.relations for name in check.tables
        )


def make(package: Package, grades: Grades = OWN) -> Plan:
    """Gather the checks of every table of a package. Reads no data.

    What compares rows or tables for a rule that is off is left out. What judges single
    cells stays, since other checks wait for its answer; its findings are hidden later.
    """
    makers = [(rule, rule.module.checks) for rule in all_rules() if hasattr(rule.module, "checks")]
    tables = (item for item in package.resources if item.tabular)
    return Plan(package, tuple(_table(item, package, makers, grades) for item in tables), grades)


def _table(resource: Resource, package: Package, makers: Makers, grades: Grades) -> TablePlan:
    made: list[AnyCheck] = []
    for rule, checks in makers:
        off = grades.off(rule.id, resource.name)
        made.extend(
            check
            for check in checks(resource, package)
            if not (off and isinstance(check, COMPARING))
        )
    return TablePlan(
        resource,
        frozenset(check.rule for check in made if isinstance(check, StructureCheck)),
        tuple(check for check in made if isinstance(check, RowCheck)),
        tuple(check for check in made if isinstance(check, ValueCheck)),
        tuple(check for check in made if isinstance(check, KeyCheck)),
        tuple(check for check in made if isinstance(check, ReferenceCheck)),
        tuple(check for check in made if isinstance(check, RelationCheck)),
    )
