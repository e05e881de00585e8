"""Gathers symptoms: the findings of a run, counted, by table and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package, Resource
from claimpack.diagnoses.symptoms import Complaint, Look, TableSymptoms, Value
from claimpack.engine.exact.finding_values import Values, values
from claimpack.engine.run import Outcome
from claimpack.errors import ClaimpackError
from claimpack.readers import csv_exact, typed_rows

if TYPE_CHECKING:
    import pyarrow as pa

OF_CELLS = frozenset(
    {"type-error", "constraint-error", "unique-error", "primary-key", "unique-key", "foreign-key"}
)
"""Rules whose findings belong to a column where they are about one field."""
LISTED = 300
"""Most distinct values of a complaint."""
TOP = 500
"""Rows that a cause may look at."""
REFERRED = 20_000
"""Rows of a table that is referred to that a cause may look at."""

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
    look = cache(lambda: top(resource))
    other = cache(lambda name: top(package.resource(name), REFERRED))
    return TableSymptoms(package, resource, rows, fields.get(None, {}), by_field, look, other)


def top(resource: Resource, most: int = TOP) -> Look:
    """The top of a table; empty where it cannot be read."""
    try:
        if typed_rows.delimited(resource):
            made = csv_exact.head(resource).layout
            return Look(made.labels, tuple(csv_exact.first_rows(resource, most)), made.fields)
        head = typed_rows.head(resource)
        typed = typed_rows.TypedRowReader(resource, head, lambda _: None)
        return Look(head.layout.labels, _rows(typed.stream(), most), head.layout.fields)
    except (ClaimpackError, OSError):
        return Look()


def _rows(batches: Iterable[pa.RecordBatch], most: int) -> tuple[tuple[str | None, ...], ...]:
    rows: list[tuple[str | None, ...]] = []
    for batch in batches:
        columns = [batch.column(i).slice(0, most) for i in range(1, batch.num_columns)]
        rows += zip(*(column.to_pylist() for column in columns), strict=True)
        if len(rows) >= most:
            break
    return tuple(rows[:most])


__all__ = ["Counts", "Parts", "complaints", "counts", "of_table", "symptoms", "top"]
