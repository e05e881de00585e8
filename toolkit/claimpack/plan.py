"""The plan: every check of a package gathered by table, before any data are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from claimpack import limits
from claimpack.checks.model import (
    AnyCheck,
    ColumnCheck,
    KeyCheck,
    ReferenceCheck,
    RelationCheck,
    RowCheck,
    StructureCheck,
    ValueCheck,
)
from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package, Resource
from claimpack.rules import Rule, all_rules

OWN = Grades()
"""Every rule in its own severity."""
PROFILE = "claimpack.claims.rules."
"""Modules of rules that know tables and fields by name."""
OPTIONAL = (ColumnCheck, KeyCheck, ReferenceCheck, RelationCheck)
"""Checks that no other one waits for."""
Makers = Iterable[tuple[Rule, Callable[[Resource, Package], Iterator[AnyCheck]]]]


@dataclass(frozen=True, slots=True)
class Fold:
    """A table of very many fields with those that are judged alike taken as one.

    Attributes:
        resource: The resource with one field for each group.
        members: For each group the positions of its fields in the whole schema.
        names: The same as the fields' names, by the name of the group's first.
    """

    resource: Resource
    members: tuple[tuple[int, ...], ...]
    names: Mapping[str, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """The checks of one table, which one scan of its rows answers.

    Attributes:
        resource: The table's resource.
        fold: What the checks are about where the table is too wide to be judged as it is.
    """

    resource: Resource
    structure: frozenset[str] = frozenset()
    rows: tuple[RowCheck, ...] = ()
    values: tuple[ValueCheck, ...] = ()
    columns: tuple[ColumnCheck, ...] = ()
    keys: tuple[KeyCheck, ...] = ()
    references: tuple[ReferenceCheck, ...] = ()
    relations: tuple[RelationCheck, ...] = ()
    fold: Fold | None = None

    @property
    def judged(self) -> Resource:
        """The resource whose fields the checks name."""
        return self.fold.resource if self.fold else self.resource

    @property
    def checks(self) -> tuple[AnyCheck, ...]:
        """Every check that holds an expression, a test or a query."""
        return (
            *self.rows,
            *self.values,
            *self.columns,
            *self.keys,
            *self.references,
            *self.relations,
        )


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
        """Names of the tables of which a relation reads typed rows, or shows rows."""
        return frozenset(
            name
            for table in self.tables
            for check in table.relations
            for name in (check.resource, *check.tables)
        )


def make(package: Package, grades: Grades = OWN) -> Plan:
    """Gather the checks of every table of a package. Reads no data.

    What compares rows or tables for a rule that is off is left out. What judges single
    cells stays, since other checks wait for its answer; its findings are hidden later.
    """
    makers = [(rule, rule.module.checks) for rule in all_rules() if hasattr(rule.module, "checks")]
    wide = [item for item in package.resources if _wide(item)]
    named = _read_by_name(package, makers) if wide else frozenset()
    folds = {
        item.name: made
        for item in wide
        if item.name not in named and (made := _fold(item, package))
    }
    judged = tuple(
        folds[item.name].resource if item.name in folds else item for item in package.resources
    )
    seen = replace(package, resources=judged)
    tables = (
        _table(item, folds.get(item.name), seen, makers, grades)
        for item in package.resources
        if item.tabular
    )
    return Plan(package, tuple(tables), grades)


def _table(
    resource: Resource, fold: Fold | None, package: Package, makers: Makers, grades: Grades
) -> TablePlan:
    made: list[AnyCheck] = []
    for rule, checks in makers:
        off = grades.off(rule.id, resource.name)
        made.extend(
            check
            for check in checks(fold.resource if fold else resource, package)
            if not (off and isinstance(check, OPTIONAL))
        )
    return TablePlan(
        resource,
        frozenset(check.rule for check in made if isinstance(check, StructureCheck)),
        tuple(check for check in made if isinstance(check, RowCheck)),
        tuple(check for check in made if isinstance(check, ValueCheck)),
        tuple(check for check in made if isinstance(check, ColumnCheck)),
        tuple(check for check in made if isinstance(check, KeyCheck)),
        tuple(check for check in made if isinstance(check, ReferenceCheck)),
        tuple(check for check in made if isinstance(check, RelationCheck)),
        fold,
    )


def _wide(resource: Resource) -> bool:
    return resource.schema is not None and len(resource.schema.fields) > limits.WIDE


def _read_by_name(package: Package, makers: Makers) -> frozenset[str]:
    """Tables of which a rule of the profile reads fields by their names, so that none may go."""
    found: set[str] = set()
    for rule, checks in makers:
        if not rule.module.__name__.startswith(PROFILE):
            continue
        for item in package.resources:
            for check in checks(item, package):
                found.update((item.name, *getattr(check, "tables", ())))
    return frozenset(found)


def _fold(resource: Resource, package: Package) -> Fold | None:
    """Fields of a wide table that are judged alike as one; None where few are alike."""
    schema = resource.schema
    assert schema is not None
    counts = Counter(item.name for item in schema.fields)
    apart = _named(resource, package) | {name for name, count in counts.items() if count > 1}
    groups: dict[Any, list[int]] = {}
    for place, item in enumerate(schema.fields):
        alone = item.name in apart or item.constraints.unique
        likeness = repr(replace(item, name="", pointer="", raw={}))
        groups.setdefault(place if alone else likeness, []).append(place)
    if len(groups) > len(schema.fields) // 2:
        return None
    firsts = tuple(schema.fields[group[0]] for group in groups.values())
    names = {
        first.name: tuple(schema.fields[place].name for place in group)
        for first, group in zip(firsts, groups.values(), strict=True)
    }
    members = tuple(tuple(group) for group in groups.values())
    return Fold(replace(resource, schema=replace(schema, fields=firsts)), members, names)


def _named(resource: Resource, package: Package) -> set[str]:
    """Fields that a key names, the table's own or one that points to it."""
    assert resource.schema is not None
    schema = resource.schema
    named = {*schema.primary_key, *(name for key in schema.unique_keys for name in key)}
    for other in package.resources:
        for key in other.schema.foreign_keys if other.schema else ():
            if other is resource:
                named.update(key.fields)
            if key.resource == resource.name or (other is resource and not key.resource):
                named.update(key.reference_fields)
    return named
