"""Which column of a file holds which field, and what is wrong with the labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from claimpack import limits
from claimpack.descriptor.model import Field, Resource, Schema
from claimpack.errors import TooLargeError
from claimpack.readers import label_spelling
from claimpack.readers.label_spelling import show


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of bytes, lines or labels, as the reader notices it."""

    rule: str
    message: str
    fix: str = ""
    field: str | None = None
    row: int | None = None
    line: int | None = None
    value: str | None = None


Beyond = Callable[[int, list[str]], None]
"""Takes the number of a row that is too long, and its cells behind those of the columns."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table.

    Attributes:
        labels: The header's labels, None where the table has no header.
        width: Number of cells that a record should have.
        fewest: Number of cells that a record may have where a label is missing.
        fields: For each field of the schema its column, None where it has none.
        faults: What is wrong with the labels.
        unread: Why the rows cannot be read by this dialect at all, or empty.
    """

    labels: tuple[str, ...] | None
    width: int
    fewest: int
    fields: tuple[int | None, ...]
    faults: tuple[Fault, ...] = ()
    unread: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each column: its label, else its number."""
        labels = self.labels or ()
        return tuple(
            labels[i] if i < len(labels) and labels[i] else f"column{i + 1}"
            for i in range(self.width)
        )


def called(resource: Resource, layout: Layout, column: int) -> str:
    """What a column is called in a finding: its field's name, else its label or number."""
    fields = resource.schema.fields if resource.schema else ()
    if column in layout.fields:
        return fields[layout.fields.index(column)].name
    return layout.names[column]


def joined(rows: Sequence[list[str]], join: str) -> list[str]:
    """The labels that the rows of a header make.

    A shorter row of several goes on to the right, as a merged cell of a spreadsheet does.

    Raises:
        TooLargeError: They have too many cells.
    """
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > limits.HEADER_CELLS:
        raise TooLargeError(f"more than {limits.HEADER_CELLS} cells in the header")
    padded = [row + (row[-1:] or [""]) * (width - len(row)) for row in rows]
    return [
        join.join(part for part in parts if part) if len(rows) > 1 else parts[0]
        for parts in zip(*padded, strict=True)
    ]


def layout(
    resource: Resource,
    labels: Sequence[str] | None,
    first: int | None,
    line: int | None,
    *,
    keyed: bool = False,
) -> Layout:
    """Map the columns of a table to the fields of its schema.

    Args:
        resource: The resource.
        labels: The header's labels, None where the dialect has no header.
        first: Number of cells of the first data record, where there is no header.
        line: Physical line of the header, None where its format has no lines.
        keyed: Whether rows are objects, whose names have no order: they map by name.
    """
    schema = resource.schema
    if keyed and schema is not None and schema.fields_match == "exact":
        schema = replace(schema, fields_match="equal")
    fields = schema.fields if schema else ()
    if labels is None:
        width = len(fields) if schema else first or 0
        return Layout(None, width, width, tuple(range(len(fields))))
    own = tuple(_own_faults(labels, fields, line))
    if schema is None:
        return Layout(tuple(labels), len(labels), len(labels), (None,) * len(fields), own)
    if schema.fields_match == "exact":
        columns, faults = _by_order(resource, schema, labels, line)
        width = max(len(labels), len(fields))
    else:
        columns, faults = _by_name(schema, labels, line)
        width = len(labels)
    return Layout(tuple(labels), width, min(len(labels), width), tuple(columns), (*own, *faults))


def _own_faults(
    labels: Sequence[str], fields: Sequence[Field], line: int | None
) -> Iterator[Fault]:
    names = [field.name for field in fields]
    seen: dict[str, int] = {}
    for position, label in enumerate(labels, 1):
        if not label:
            yield Fault(
                "blank-label",
                f"column {position} has no label",
                "Write the column's name into the header, or delete the column.",
                field=names[position - 1] if position <= len(names) else None,
                line=line,
                value="",
            )
        elif label in seen and names.count(label) < 2:
            yield Fault(
                "duplicate-label",
                f"columns {seen[label]} and {position} have the same label {show(label)}",
                "Give each column a name of its own",
                field=label,
                line=line,
                value=label,
            )
        seen.setdefault(label, position)


def _by_order(
    resource: Resource, schema: Schema, labels: Sequence[str], line: int | None
) -> tuple[list[int | None], list[Fault]]:
    faults: list[Fault] = []
    for index, (field, label) in enumerate(zip(schema.fields, labels, strict=False), 1):
        if label and field.named and not _same(resource, label, field.name):
            faults.append(_incorrect(field.name, label, index, line))
    lost = schema.fields[len(labels) :]
    faults += _missing((field.name for field in lost if field.named), line)
    extra = range(len(schema.fields), len(labels))
    faults += [_extra(labels[i], i + 1, line) for i in extra if labels[i]]
    return list(range(len(schema.fields))), faults


def _by_name(
    schema: Schema, labels: Sequence[str], line: int | None
) -> tuple[list[int | None], list[Fault]]:
    places: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        places.setdefault(label, []).append(index)
    columns = [places[f.name].pop(0) if places.get(f.name) else None for f in schema.fields]
    faults: list[Fault] = []
    found = any(column is not None for column in columns)
    if schema.fields_match in ("equal", "subset") or not found:
        pairs = zip(schema.fields, columns, strict=True)
        lost = (field.name for field, column in pairs if column is None and field.named)
        faults += _missing(lost, line)
    if schema.fields_match in ("equal", "superset") and all(f.named for f in schema.fields):
        names = {field.name for field in schema.fields}
        faults += [
            _extra(label, index + 1, line)
            for index, label in enumerate(labels)
            if label and label not in names
        ]
    return columns, faults


def _same(resource: Resource, label: str, name: str) -> bool:
    return label == name or (resource.standard == "1" and label.casefold() == name.casefold())


def _incorrect(name: str, label: str, position: int, line: int | None) -> Fault:
    ours, theirs, how = label_spelling.compared(label, name)
    return Fault(
        "incorrect-label",
        f"column {position}: expected {theirs}, found {ours}{how}",
        f"Write the label {show(name)}, or correct the order or names of the fields",
        field=name,
        line=line,
        value=label,
    )


def _missing(names: Iterable[str], line: int | None) -> list[Fault]:
    """Fields without a label, each name once: a schema may have two fields of one name."""
    return [
        Fault(
            "missing-label",
            f"the header has no label for the field {show(name)}",
            f"Add a column {show(name)}, or delete the field from the schema",
            field=name,
            line=line,
        )
        for name in dict.fromkeys(names)
    ]


def _extra(label: str, position: int, line: int | None) -> Fault:
    return Fault(
        "extra-label",
        f"column {position} ({show(label)}{label_spelling.edges(label)}) is not in the schema",
        "Describe the column as a field of the schema, or delete it",
        field=label,
        line=line,
        value=label,
    )
