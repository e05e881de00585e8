"""Diagnoses the findings of a run: asks every cause, chooses, verifies, and counts.

Where cells were read under the wrong field, that is put right in memory first and the table
is read again; what is found then belongs to the same diagnosis. Then each column is asked
about, and all patches are checked together in one run over the tables that they touch. A
patch that breaks valid cells, or resolves too little, is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package
from claimpack.descriptor.revision import revised
from claimpack.diagnoses import Cause, all_causes, choosing
from claimpack.diagnoses.choosing import Chosen
from claimpack.diagnoses.gathering import Counts, complaints, counts, of_table, symptoms
from claimpack.diagnoses.rechecking import Rechecked, Rechecker
from claimpack.diagnoses.symptoms import Complaint, Proposal, TableSymptoms
from claimpack.diagnoses.telling import TableCourse, diagnoses_of
from claimpack.diagnoses.verifying import Verifier
from claimpack.engine.run import Outcome
from claimpack.report import Diagnosis, Operation

TABLES = 50
"""Most tables that are diagnosed: those with the most findings."""
FIELDS = 5_000
"""Most fields of a table that is diagnosed."""
ON_LABELS = frozenset(
    ("blank-label", "duplicate-label", "incorrect-label", "missing-label", "extra-label")
)
ON_ROWS = frozenset(
    ("extra-cell", "missing-cell", "quoting-error", "bare-quote", "encoding-error", "nul-byte")
)
"""Rules that say that cells and fields do not belong together."""


def diagnose(
    package: Package, outcome: Outcome, grades: Grades, memory: str | None = None
) -> tuple[Diagnosis, ...]:
    """The common causes of what a run found, in the order of the tables.

    Args:
        package: The package.
        outcome: What a run of its plan found.
        grades: Severities; findings of rules that are off have no cause.
        memory: Memory of the engine for the checks of patches.
    """
    if not len(outcome.findings):
        return ()
    parts = complaints(outcome, grades)
    rows = {table.name: table.rows for table in outcome.tables}
    found = [item for item in symptoms(package, parts, rows) if _small(item)]
    found.sort(key=lambda item: -_total(counts({item.resource.name: parts[item.resource.name]})))
    checker = Rechecker(package, grades, memory)
    tables = [_table(item, checker) for item in found[:TABLES]]
    tables.sort(key=lambda item: item.first.resource.index)
    before = counts(parts)
    verifier = Verifier(package, checker, _put_right(before, tables), _rereads(tables))
    results = verifier.verified(
        [item for table in tables for item in (*table.reread, *table.chosen)]
    )
    return tuple(made for table in tables for made in diagnoses_of(table, results, before))


def _rereads(tables: list[TableCourse]) -> frozenset[str]:
    patched = (t for t in tables if any(item.proposal.patch for item in t.reread))
    return frozenset(table.first.resource.name for table in patched)


def _put_right(before: Counts, tables: list[TableCourse]) -> Counts:
    """The findings with the cells under their right fields."""
    moved = _rereads(tables)
    kept = Counts({key: n for key, n in before.items() if key[0] not in moved})
    for table in tables:
        name = table.first.resource.name
        if name in moved:
            fields: dict[str | None, Mapping[str, Complaint]] = {None: table.now.complaints}
            for field_name, rules in table.now.by_field.items():
                fields[field_name] = rules
            kept.update(counts({name: fields}))
    return kept


def _small(table: TableSymptoms) -> bool:
    return len(table.schema.fields) <= FIELDS


def _total(found: Counts) -> int:
    return sum(found.values())


def _table(table: TableSymptoms, checker: Rechecker) -> TableCourse:
    made = TableCourse(table, table)
    causes = tuple(all_causes())
    tried: set[str] = set()
    while (again := _reread(made, tried, checker)) is not None:
        made.now = again
    others = [
        (cause, proposal)
        for cause, proposal in _asked(made.now)
        if not proposal.misread and cause.id not in tried
    ]
    made.chosen = choosing.of_table(made.now, others)
    columns = (cause for cause in causes if cause.scope == "column")
    made.chosen += choosing.of_columns(made.now, columns, made.chosen)
    return made


def _asked(table: TableSymptoms) -> Iterator[tuple[Cause, Proposal]]:
    for cause in all_causes():
        if cause.scope == "table":
            for proposal in cause.module.propose(table):
                yield cause, proposal


def _reread(made: TableCourse, tried: set[str], checker: Rechecker) -> TableSymptoms | None:
    """The symptoms with the cells under their right fields; None where nothing puts them there."""
    name = made.now.resource.name
    for cause, proposal in _asked(made.now):
        if not proposal.misread or cause.id in tried:
            continue
        tried.add(cause.id)
        covers = proposal.covers or sum(item.count for item in made.now.complaints.values())
        counted = ((None, covers),)
        item = Chosen(cause.id, name, proposal.fields, proposal, counted, made.now.rows)
        if not proposal.patch:
            made.reread.append(item)
            return None
        for way in item.ways:
            after = _tried(made.now, way.proposal.patch, checker)
            if after is not None:
                made.reread.append(way)
                return after
    return None


def _tried(
    table: TableSymptoms, patch: tuple[Operation, ...], checker: Rechecker
) -> TableSymptoms | None:
    """The symptoms that a table has with a patch; None where it puts nothing right."""
    name = table.resource.name
    if not checker.possible(name):
        return None
    revision = revised(table.package, patch)
    if revision.errors:
        return None
    after = checker.check(revision.package, frozenset((name,)))
    if name in after.unread or not _belongs(table, after):
        return None
    known = {item.name for item in table.schema.fields}
    if any(where == name and item not in {None, *known} for where, item, _ in after.counts):
        return None  # a field that the patch adds has another type than its column
    resource = revision.package.resource(name)
    rows = table.rows or after.rows.get(name, 0)
    return of_table(revision.package, resource, after.parts.get(name, {}), rows)


def _belongs(table: TableSymptoms, after: Rechecked) -> bool:
    """Whether cells and fields belong together now, or better than before."""
    name = table.resource.name
    broken, rows = _structural(after, name, ON_ROWS), after.rows.get(name, 0)
    if not rows or broken > rows // 100:
        return False
    labels = _structural(after, name, ON_LABELS)
    whole = labels <= _before(table, ON_LABELS) and broken < _before(table, ON_ROWS)
    return not table.rows or whole or 2 * labels <= _before(table, ON_LABELS | ON_ROWS)


def _structural(found: Rechecked, name: str, rules: frozenset[str]) -> int:
    return sum(n for (where, _, rule), n in found.counts.items() if where == name and rule in rules)


def _before(table: TableSymptoms, rules: frozenset[str]) -> int:
    return sum(item.count for rule, item in table.complaints.items() if rule in rules)


__all__ = ["diagnose"]
