"""Gathers symptoms: the findings of a run, counted, by table and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package, Resource
from claimpack.diagnoses.reading import Files
from claimpack.diagnoses.symptoms import Complaint, TableSymptoms, Value
from claimpack.engine.exact.finding_values import Values, values
from claimpack.engine.run import Outcome

OF_CELLS = frozenset(
    {"type-error", "constraint-error", "unique-error", "primary-key", "unique-key", "foreign-key"}
)
"""Rules whose findings belong to a column where they are about one field."""
LISTED = 300
"""Most distinct values of a complaint."""

Parts = dict[str, dict[str | None, dict[str, Complaint]]]
"""Complaints by resource, field and rule."""
SomeParts = Mapping[str, Mapping[str | None, Mapping[str, Complaint]]]
"""The same, only to be read."""
Counts = Counter[tuple[str, str | None, str]]
"""Number of findings by resource, field and rule."""


def complaints(outcome: Outcome, grades: Grades) -> Parts:
    """The findings of every table, those of rules that are off left out."""
    found: Parts = {}
    for item in values(outcome.store):
        made = item.template
        if grades.off(made.rule, made.resource):
            continue
        fields = found.setdefault(made.resource, {}).setdefault(_field(item), {})
        fields[made.rule] = _joined(fields.get(made.rule), _complaint(item))
    return found


def _field(item: Values) -> str | None:
    made = item.template
    return made.fields[0] if made.rule in OF_CELLS and len(made.fields) == 1 else None


def _complaint(item: Values) -> Complaint:
    listed = tuple(
        Value(
            (found.value or ("",))[0] or "", found.count, found.row, found.line, found.value or ()
        )
        for found in item.values
    )
    return Complaint(item.template.rule, item.count, listed)


def _joined(one: Complaint | None, other: Complaint) -> Complaint:
    if one is None:
        return other
    return Complaint(one.rule, one.count + other.count, (*one.values, *other.values)[:LISTED])


def counts(parts: SomeParts) -> Counts:
    """The number of findings by resource, field and rule."""
    return Counter(
        {
            (resource, field, rule): item.count
            for resource, fields in parts.items()
            for field, rules in fields.items()
            for rule, item in rules.items()
        }
    )


def symptoms(package: Package, parts: Parts, rows: Mapping[str, int]) -> Iterator[TableSymptoms]:
    """The symptoms of every table that has findings and a schema, in the package's order."""
    for resource in package.resources:
        if resource.name in parts and resource.schema is not None:
            yield of_table(package, resource, parts[resource.name], rows.get(resource.name, 0))


def of_table(
    package: Package,
    resource: Resource,
    fields: Mapping[str | None, Mapping[str, Complaint]],
    rows: int,
) -> TableSymptoms:
    """The symptoms of one table."""
    by_field = {name: rules for name, rules in fields.items() if name is not None}
    return TableSymptoms(package, resource, rows, fields.get(None, {}), by_field, Files())


__all__ = ["Counts", "Parts", "complaints", "counts", "of_table", "symptoms"]
