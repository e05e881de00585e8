"""Chooses, column by column, the proposal that explains most and keeps the narrowest type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from claimpack.descriptor.model import Field
from claimpack.descriptor.revision import changed_field
from claimpack.diagnoses import Cause
from claimpack.diagnoses.symptoms import (
    ColumnSymptoms,
    Proposal,
    TableSymptoms,
    reads,
    widespread,
)
from claimpack.report import Operation

ROUNDS = 3
"""Causes that one column may have at once."""
AS_GOOD = 0.9
"""A proposal that explains this share of what the best one explains may win by its type."""
WORTH = 0.1
"""Share of a column's findings that another cause has to explain to be told as well."""
COLUMNS = 200
"""Most columns of a table that causes are asked about."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A proposal that was chosen, before it is verified.

    Attributes:
        cause: Id of its cause.
        resource: Name of the table.
        fields: The fields it is about.
        proposal: The proposal.
        by_field: Number of findings that it seems to explain, by field; None for those that
            no single field has.
        rows: Number of rows of the table.
    """

    cause: str
    resource: str
    fields: tuple[str, ...]
    proposal: Proposal
    by_field: tuple[tuple[str | None, int], ...]
    rows: int

    @property
    def otherwise(self) -> Chosen | None:
        """The same with what is proposed instead, None where nothing is."""
        made = self.proposal.otherwise
        return None if made is None else replace(self, proposal=made)

    @property
    def ways(self) -> Iterator[Chosen]:
        """The same, and what is proposed instead, one after the other."""
        made: Chosen | None = self
        while made is not None:
            yield made
            made = made.otherwise

    @property
    def covers(self) -> int:
        """Number of findings that it seems to explain."""
        return sum(count for _, count in self.by_field)


def of_table(table: TableSymptoms, proposals: Iterable[tuple[Cause, Proposal]]) -> list[Chosen]:
    """The proposals about a whole table that explain something common."""
    made = (_of_table(table, cause, proposal) for cause, proposal in proposals)
    return [item for item in made if item.covers]


def _of_table(table: TableSymptoms, cause: Cause, proposal: Proposal) -> Chosen:
    found: list[tuple[str | None, int]]
    if proposal.by_field:
        found = list(proposal.by_field)
    elif proposal.covers is not None:
        found = [(None, proposal.covers)]
    else:
        columns = (item for item in table.columns if item.field.name in proposal.fields)
        found = [(item.field.name, _covered(item, proposal)) for item in columns]
    kept = tuple(pair for pair in found if pair[1])
    return Chosen(cause.id, table.resource.name, proposal.fields, proposal, kept, table.rows)


def of_columns(
    table: TableSymptoms, causes: Iterable[Cause], before: Iterable[Chosen]
) -> Iterator[Chosen]:
    """The proposals for each column, those that the table's own leave something to explain."""
    patch = tuple(operation for item in before for operation in item.proposal.patch)
    asked = tuple(causes)
    for number, column in enumerate(table.columns):
        if number >= COLUMNS:
            return
        yield from _of_column(_after(column, patch), asked)


def _of_column(column: ColumnSymptoms, causes: Iterable[Cause]) -> Iterator[Chosen]:
    whole = max(column.malformed.count, 1)
    left = list(causes)
    for turn in range(ROUNDS):
        scored = [
            _chosen(column, cause, proposal, covers)
            for cause in left
            for proposal in cause.module.propose(column)
            if (covers := _score(column, proposal))
            and widespread(covers, column.table.rows)
            and (not turn or covers >= WORTH * whole)
        ]
        if not scored:
            return
        best = _best(scored)
        yield best
        left = [cause for cause in left if cause.id != best.cause]
        if not best.proposal.patch:
            return
        column = _without(_after(column, best.proposal.patch), best.proposal)
        if not column.complaints:
            return


def _without(column: ColumnSymptoms, told: Proposal) -> ColumnSymptoms:
    """The column without the findings that a proposal says it explains."""
    rules = told.rules if told.covers is not None else ()
    left = {rule: made for rule, made in column.complaints.items() if rule not in rules}
    return replace(column, complaints=left)


def _chosen(column: ColumnSymptoms, cause: Cause, proposal: Proposal, covers: int) -> Chosen:
    table, name = column.table, column.field.name
    found = ((name, covers),)
    return Chosen(cause.id, table.resource.name, (name,), proposal, found, table.rows)


def _score(column: ColumnSymptoms, proposal: Proposal) -> int:
    return _covered(column, proposal) if proposal.covers is None else proposal.covers


def _best(scored: list[Chosen]) -> Chosen:
    most = max(item.covers for item in scored)
    near = [item for item in scored if item.covers >= AS_GOOD * most]
    return min(near, key=lambda item: (item.proposal.widens, -item.covers, not item.proposal.patch))


def _covered(column: ColumnSymptoms, proposal: Proposal) -> int:
    """The number of invalid cells of a column that a patch makes readable, or missing values."""
    table = column.table
    item = changed_field(table.package, table.resource, column.field, proposal.patch)
    unlisted = column.complaint("constraint-error").estimate(_becomes_missing(column.field, item))
    return unlisted + column.malformed.estimate(lambda text: reads(item, text))


def _becomes_missing(before: Field, item: Field) -> Callable[[str], bool]:
    new = set(item.missing_values) - set(before.missing_values)
    return new.__contains__


def _after(column: ColumnSymptoms, patch: tuple[Operation, ...]) -> ColumnSymptoms:
    """The column with a patch applied: what it makes readable is no finding any more."""
    if not patch:
        return column
    table = column.table
    item = changed_field(table.package, table.resource, column.field, patch)
    missing = _becomes_missing(column.field, item)
    left = {
        rule: made.only(lambda text: not missing(text)) for rule, made in column.complaints.items()
    }
    if "type-error" in left:
        left["type-error"] = left["type-error"].only(lambda text: not reads(item, text))
    kept = {rule: made for rule, made in left.items() if made.values}
    return replace(column, field=item, complaints=kept)


__all__ = ["Chosen", "of_columns", "of_table"]
