"""What a cause sees: the findings of a table or column in short, and what it may propose.

All values are frozen, and bounded in size however many findings there are: the distinct
values that findings name are counted, the most frequent kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol

from claimpack.descriptor import values as parsing
from claimpack.descriptor.model import Field, Package, Resource, Schema
from claimpack.descriptor.revision import schema_file
from claimpack.report import Operation

ENOUGH = 3
"""Findings from which something is common in a column that has many rows."""


@dataclass(frozen=True, slots=True)
class Value:
    """A distinct value that findings name.

    Attributes:
        text: The cell, or the label; the first cell of a composite key.
        count: Number of findings that name it, among those looked at.
        row: The first data row with it.
        line: The line of that row.
        cells: All cells of a composite key.
    """

    text: str
    count: int = 1
    row: int | None = None
    line: int | None = None
    cells: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """The findings of one rule, on one column or on a whole table.

    Attributes:
        rule: Id of the rule.
        count: Number of findings.
        values: Their distinct values, the most frequent first; at most some hundreds.
    """

    rule: str
    count: int = 0
    values: tuple[Value, ...] = ()

    @property
    def known(self) -> int:
        """Number of findings whose values are listed."""
        return sum(value.count for value in self.values)

    def share(self, test: Callable[[str], bool]) -> float:
        """The share of the listed findings whose value passes a test, from 0 to 1."""
        return self.weight(test) / self.known if self.known else 0.0

    def weight(self, test: Callable[[str], bool]) -> int:
        """The number of listed findings whose value passes a test."""
        return sum(value.count for value in self.values if test(value.text))

    def estimate(self, test: Callable[[str], bool]) -> int:
        """The number of all findings whose value passes a test; estimated if not all are listed."""
        return round(self.share(test) * self.count)

    def only(self, test: Callable[[str], bool]) -> Complaint:
        """The complaint about the values that pass a test."""
        kept = tuple(value for value in self.values if test(value.text))
        return Complaint(self.rule, self.estimate(test), kept)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a cause proposes.

    Attributes:
        message: The cause, one sentence.
        evidence: What shows it: some values, or counts.
        fix: What to do, one instruction.
        patch: Changes of the descriptor or schema, made by `set` of column or table.
        command: A command that changes the data instead.
        fields: The fields that it is about; a column's own where left out.
        covers: Number of findings that it explains. May be left out where a patch makes
            malformed cells readable: claimpack counts those.
        by_field: The same by field, None for findings that no single field has, where they
            are not all of the table as a whole.
        rules: Ids of the rules whose findings it explains.
        widens: 0 where the field keeps its type, more the wider the new type: of proposals
            that explain as much, the narrowest wins.
        misread: Whether cells were read under the wrong field until now, so that findings on
            cells say nothing of their own. Such a patch goes first, then the table is read
            again, and what is found then belongs to it.
        otherwise: What is proposed instead where this turns out to be wrong.
    """

    message: str
    evidence: str
    fix: str
    patch: tuple[Operation, ...] = ()
    command: str = ""
    fields: tuple[str, ...] = ()
    covers: int | None = None
    by_field: tuple[tuple[str | None, int], ...] = ()
    rules: tuple[str, ...] = ("type-error",)
    widens: int = 0
    misread: bool = False
    otherwise: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The top of a table as it is in its file.

    Attributes:
        labels: The header's labels; None where there is no header or it cannot be read.
        rows: The cells of the first data rows; None is a cell that is not there.
        columns: For each field of the schema its column, None where it has none.
    """

    labels: tuple[str, ...] | None = None
    rows: tuple[tuple[str | None, ...], ...] = ()
    columns: tuple[int | None, ...] = ()


class Source(Protocol):
    """What a cause may learn of the data: claimpack reads when it is asked, once each."""

    def top(self, resource: Resource) -> Look:
        """The top of a table, by the dialect and encoding of that resource."""

    def rows(self, resource: Resource) -> tuple[tuple[str | None, ...], ...] | None:
        """All rows of a small table, their cells in the file's order; None of a larger one."""

    def unique(self, resource: Resource, names: Sequence[str]) -> bool:
        """Whether some fields together are unique, and never missing, in all rows.

        False of a table that is too large to be read once more.
        """

    def data(self, resource: Resource) -> bytes:
        """The first bytes of a table's file, some MiB; empty where it cannot be read."""

    def first(self, resource: Resource, name: str) -> frozenset[str]:
        """The different values of a field in the first rows, as they are written."""


@dataclass(frozen=True, slots=True)
class TableSymptoms:
    """The findings of one table.

    Attributes:
        package: The package.
        resource: The table's resource, with schema and dialect.
        rows: Number of data rows.
        complaints: By rule, the findings that no single column has: labels, structure, keys
            of several fields.
        by_field: By field, its findings by rule.
        source: Reads the file.
    """

    package: Package
    resource: Resource
    rows: int
    complaints: Mapping[str, Complaint]
    by_field: Mapping[str, Mapping[str, Complaint]]
    source: Source = field(repr=False, compare=False)

    def look(self) -> Look:
        """The top of the file as the dialect reads it."""
        return self.source.top(self.resource)

    def look_by(self, **dialect: Any) -> Look:
        """The top of the file as it is read with other properties of the dialect."""
        changed = replace(self.resource.dialect, **dialect)
        return self.source.top(replace(self.resource, dialect=changed))

    def records(self, most: int = 20) -> tuple[tuple[str | None, ...], ...]:
        """The first records of the file, the header and what is above it among them."""
        bare = {"header": False, "header_rows": (), "comment_char": None}
        return self.look_by(**bare, comment_rows=frozenset()).rows[:most]

    def keys(
        self, names: Sequence[str], resource: Resource | None = None
    ) -> list[tuple[str | None, ...]] | None:
        """The cells of some fields in all rows, missing values as None; None of a large table.

        Args:
            names: The fields.
            resource: Another table of the package.
        """
        aim = resource or self.resource
        rows, columns = self.source.rows(aim), self.source.top(aim).columns
        if rows is None or aim.schema is None:
            return None
        at = {item.name: place for item, place in zip(aim.schema.fields, columns, strict=False)}
        if any(at.get(name) is None for name in names):
            return None
        asked = [
            (at[name] or 0, frozenset(aim.schema.field(name).missing_values)) for name in names
        ]
        return [tuple(_cell(row, place, empty) for place, empty in asked) for row in rows]

    def findings_in(self, row: int) -> tuple[tuple[str | None, int], ...]:
        """The number of findings in one row, by field, of those whose value is in no other row."""
        every: dict[str | None, Mapping[str, Complaint]] = {None: self.complaints}
        for field_name, rules in self.by_field.items():
            every[field_name] = rules
        counted = (
            (name, sum(_only_in(row, made) for made in rules.values()))
            for name, rules in every.items()
        )
        return tuple((name, count) for name, count in counted if count)

    @property
    def standard_form(self) -> bool:
        """Whether the file has the form that `claimpack fmt` takes."""
        aim = self.resource
        known = aim.format in ("csv", "tsv") and aim.encoding.lower() in ("utf-8", "utf8")
        whole = len(aim.paths) == 1 and not (aim.compression or aim.hash or aim.bytes is not None)
        return known and whole and not aim.dialect.raw.keys() - {"delimiter"}

    @property
    def schema(self) -> Schema:
        """The table's schema; there is one wherever causes are asked."""
        assert self.resource.schema is not None
        return self.resource.schema

    @property
    def columns(self) -> Iterator[ColumnSymptoms]:
        """The columns that have findings, in the order of the schema; the first of a name.

        Columns that are read under the wrong field are left out: their cells are another's.
        """
        first = {item.name: item for item in reversed(self.schema.fields)}
        misread = self._misread() if self.complaint("incorrect-label").count else ()
        for item in self.schema.fields:
            if item.name in self.by_field and first[item.name] is item and item.name not in misread:
                yield ColumnSymptoms(self, item, self.by_field[item.name])

    def _misread(self) -> frozenset[str]:
        """The fields whose column has the label of another field."""
        seen, names = self.look(), {item.name for item in self.schema.fields}
        labels = seen.labels or ()
        pairs = zip(self.schema.fields, seen.columns, strict=False)
        found = ((f.name, labels[at]) for f, at in pairs if at is not None and at < len(labels))
        return frozenset(name for name, label in found if label != name and label in names)

    def complaint(self, rule: str) -> Complaint:
        """The table's findings of a rule; empty where there are none."""
        return self.complaints.get(rule, Complaint(rule))

    def set(self, name: str, value: Any) -> Operation:
        """Set a property of the resource, such as `encoding`."""
        return _put(self.package.descriptor, self.resource.pointer, self.resource.raw, name, value)

    def set_schema(self, name: str, value: Any) -> Operation:
        """Set a property of the schema, such as `missingValues`, wherever the schema is."""
        file, pointer = schema_file(self.package, self.resource)
        return _put(file, pointer, self.schema.raw, name, value)

    def add_field(self, place: int, item: Mapping[str, Any]) -> Operation:
        """Insert a field into the schema, at a position from 0."""
        file, pointer = schema_file(self.package, self.resource)
        return Operation(file, "add", f"{pointer}/fields/{place}", dict(item))

    def set_dialect(self, name: str, value: Any) -> Operation:
        """Set a property of the dialect, such as `delimiter`, wherever the dialect is."""
        declared = self.resource.raw.get("dialect")
        if declared is None:
            return self.set("dialect", {name: value})
        raw = self.resource.dialect.raw
        if isinstance(declared, str):
            return _put(declared, "", raw, name, value)
        place = f"{self.resource.pointer}/dialect"
        return _put(self.package.descriptor, place, raw, name, value)


@dataclass(frozen=True, slots=True)
class ColumnSymptoms:
    """The findings of one column.

    Attributes:
        table: The table's.
        field: The field.
        complaints: The column's findings by rule.
    """

    table: TableSymptoms
    field: Field
    complaints: Mapping[str, Complaint]

    @property
    def malformed(self) -> Complaint:
        """The cells that are not of the field's type."""
        return self.complaint("type-error")

    def complaint(self, rule: str) -> Complaint:
        """The column's findings of a rule; empty where there are none."""
        return self.complaints.get(rule, Complaint(rule))

    def set(self, name: str, value: Any) -> Operation:
        """Set a property of the field, such as `format`."""
        file, _ = schema_file(self.table.package, self.table.resource)
        return _put(file, self.field.pointer, self.field.raw, name, value)

    def unset(self, name: str) -> Operation:
        """Remove a property of the field."""
        file, _ = schema_file(self.table.package, self.table.resource)
        return Operation(file, "remove", f"{self.field.pointer}/{name}")

    def cells(self) -> tuple[str, ...]:
        """The column's cells in the first rows, valid ones too; missing values left out."""
        seen = self.table.look()
        place = [item.name for item in self.table.schema.fields].index(self.field.name)
        column = seen.columns[place] if place < len(seen.columns) else None
        if column is None:
            return ()
        texts = (row[column] for row in seen.rows if column < len(row))
        return tuple(t for t in texts if t is not None and t not in self.field.missing_values)


def _cell(row: tuple[str | None, ...], place: int, empty: frozenset[str]) -> str | None:
    text = row[place] if place < len(row) else None
    return None if text in empty else text


def _only_in(row: int, made: Complaint) -> int:
    return sum(value.count == 1 and value.row == row for value in made.values)


def reads(item: Field, text: str) -> bool:
    """Whether a cell is a value of a field, or a missing value of it; constraints aside."""
    if text in item.missing_values:
        return True
    return _parses(item.type, item.format, tuple(item.options.items()), text)


@lru_cache(maxsize=1 << 14)
def _parses(kind: str, form: str, options: tuple[tuple[str, Any], ...], text: str) -> bool:
    """Whether a text is of a type: columns share values, and causes try the same fields."""
    try:
        parsing.parse(kind, form, dict(options), text)
    except ValueError:
        return False
    return True


def widespread(count: int, rows: int) -> bool:
    """Whether so many findings are a common fault of a table, and not single slips."""
    return count >= ENOUGH or (count > 1 and 2 * count >= rows)


def examples(values: Iterable[Value | str], most: int = 3) -> str:
    """Some distinct values in quotes: "1/1/2017", "2/2/2017", "3/3/2017"."""
    texts = [value if isinstance(value, str) else value.text for value in values]
    return ", ".join(f'"{_short(text)}"' for text in list(dict.fromkeys(texts))[:most])


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _put(file: str, pointer: str, raw: Mapping[str, Any], name: str, value: Any) -> Operation:
    return Operation(file, "replace" if name in raw else "add", f"{pointer}/{name}", value)


__all__ = [
    "ENOUGH",
    "ColumnSymptoms",
    "Complaint",
    "Look",
    "Proposal",
    "Source",
    "TableSymptoms",
    "Value",
    "examples",
    "reads",
    "widespread",
]
