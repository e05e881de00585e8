"""Which column of a file holds which field, and what is wrong with the labels."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from claimpack import limits
from claimpack.descriptor.model import Field, Resource, Schema
from claimpack.errors import TooLargeError

DELIMITERS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
"""What spreadsheets and other tools put between cells."""

EXCELS_OWN = re.compile("sep=.?", re.IGNORECASE)
"""A first line that tells Excel, and nobody else, what stands between the cells."""


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


def parted(resource: Resource, made: Layout, saved: str = "") -> Layout:
    """The layout, marked as unread where the file has another delimiter than the dialect's.

    The whole header is one label then, and every row would be wrong in each of its cells. So
    one finding names the cause and the fix, and no row is read.

    Args:
        resource: The resource.
        made: The layout of the header as it was read.
        saved: The encoding that the file was saved in instead of its own; empty where in its own.
    """
    names = [field.name for field in resource.schema.fields] if resource.schema else []
    labels = made.labels
    if not labels or not names or not made.faults:
        return made
    if EXCELS_OWN.fullmatch(labels[0]) and not any(labels[1:]) and labels[0] not in names:
        why = f"expected the header in line 1, found {show(labels[0])}, which only Excel reads"
        fix = "Run claimpack fmt, which deletes the line."
    elif mark := _mark_between(labels, names):
        why = f"the cells are separated by {DELIMITERS[mark]}, not by {_separator(resource)}"
        if saved:
            why = f"{why}, and the text is saved as {saved}"
        fix = _resave(mark, saved)
    else:
        return made
    fault = replace(made.faults[0], message=why, fix=fix, field=None, value=labels[0])
    return replace(made, faults=(fault,), unread=why)


def _separator(resource: Resource) -> str:
    declared = resource.dialect.delimiter
    return DELIMITERS.get(declared, json.dumps(declared))


def _resave(mark: str, saved: str) -> str:
    """The fix of a file that has another delimiter, and perhaps another encoding."""
    if saved:
        return (
            'Save the file as UTF-8 (in LibreOffice: "Edit filter settings"), then run '
            "claimpack fmt, which rewrites it with the declared delimiter."
        )
    return (
        "Run claimpack fmt, which rewrites the file with the declared delimiter; or declare "
        f'"delimiter": {json.dumps(mark)}.'
    )


def _mark_between(labels: Sequence[str], names: Sequence[str]) -> str:
    """What parts the only label of a header into the names of the fields; empty where nothing."""
    if len(labels) > 1 or len(names) < 2:
        return ""
    parts = ((mark, labels[0].split(mark)) for mark in DELIMITERS)
    return next((m for m, found in parts if {x.strip('"') for x in found} == set(names)), "")


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
    alike = unicodedata.normalize("NFKC", label).strip() == unicodedata.normalize("NFKC", name)
    shown = (f"{show(label)} ({_points(label)})", f"{show(name)} ({_points(name)})")
    ours, theirs = shown if alike or not (label + name).isascii() else (show(label), show(name))
    return Fault(
        "incorrect-label",
        f"the label of column {position} is {ours}, but the field at that position is {theirs}",
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
        f"the schema has no field for the label {show(label)} of column {position}",
        "Describe the column as a field of the schema, or delete it",
        field=label,
        line=line,
        value=label,
    )


def show(text: str) -> str:
    """A name in quotes, as messages show it."""
    return f'"{text}"'


def _points(text: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in text[:24]) + (" ..." if text[24:] else "")
