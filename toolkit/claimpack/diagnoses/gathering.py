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
    found = cache(lambda name, item: keys(package.resource(name), item))
    return TableSymptoms(package, resource, rows, fields.get(None, {}), by_field, look, found)


def top(resource: Resource) -> Look:
    """The top of a table; empty where it cannot be read."""
    try:
        if typed_rows.delimited(resource):
            made = csv_exact.head(resource).layout
            return Look(made.labels, tuple(csv_exact.first_rows(resource, TOP)), made.fields)
        head = typed_rows.head(resource)
        typed = typed_rows.TypedRowReader(resource, head, lambda _: None)
        return Look(head.layout.labels, _rows(typed.stream()), head.layout.fields)
    except (ClaimpackError, OSError):
        return Look()


def keys(resource: Resource, name: str) -> frozenset[str]:
    """The values of a field in the first rows of a table, as they are written."""
    names = [item.name for item in resource.schema.fields] if resource.schema else []
    found: set[str] = set()
    try:
        columns, batches = _read(resource)
        at = columns[names.index(name)] if name in names and columns else None
        left = REFERRED if at is not None else 0
        for batch in batches if left else ():
            found.update(batch.column(1 + (at or 0)).slice(0, left).unique().to_pylist())
            left -= batch.num_rows
            if left <= 0:
                break
    except (ClaimpackError, OSError):
        return frozenset()
    return frozenset(found) - {None, ""}


def _read(resource: Resource) -> tuple[tuple[int | None, ...], Iterable[pa.RecordBatch]]:
    """The column of each field, and the rows, the number of their line first."""
    if typed_rows.delimited(resource):
        head = csv_exact.head(resource)
        return head.layout.fields, csv_exact.ExactCsvReader(resource, head, _ignore).stream()
    typed = typed_rows.head(resource)
    return typed.layout.fields, typed_rows.TypedRowReader(resource, typed, _ignore).stream()


def _ignore(fault: object) -> None:
    """What is wrong with the file was reported when it was read."""


def _rows(batches: Iterable[pa.RecordBatch]) -> tuple[tuple[str | None, ...], ...]:
    rows: list[tuple[str | None, ...]] = []
    for batch in batches:
        columns = [batch.column(i).slice(0, TOP) for i in range(1, batch.num_columns)]
        rows += zip(*(column.to_pylist() for column in columns), strict=True)
        if len(rows) >= TOP:
            break
    return tuple(rows[:TOP])


__all__ = ["Counts", "Parts", "complaints", "counts", "keys", "of_table", "symptoms", "top"]
