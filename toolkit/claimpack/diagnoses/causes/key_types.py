"""A foreign key and the field that it refers to have different types.

Why: Values of two types are never equal: the integer 5 finds no text 5, so every row of the
table is an error. A tool that makes a schema from data often finds different types for the two
columns, because one of them has a code with a letter and the other has none.

Fails:
    a foreign key of type string that refers to a field of type integer, and cells that are there

Fix: Declare the type of the field that the key refers to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from claimpack.descriptor.model import Field, ForeignKey
from claimpack.diagnoses.allowed import NEARLY_ALL, referred
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples, reads
from claimpack.report import Operation

SCOPE = "column"
NUMBERS = ("integer", "number")


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The type and format of the field that the keys are found in."""
    missing = column.complaint("foreign-key")
    for link in column.table.schema.foreign_keys:
        if link.fields != (column.field.name,) or not missing.count:
            continue
        other = _other(column, link)
        if other is None or _comparable(column.field, other) or not _readable(column, other):
            continue
        part = missing.only(partial(_found, other=other, keys=referred(column, link)))
        if not 0 < NEARLY_ALL * missing.count <= part.count:
            continue
        place = f"{link.resource or column.table.resource.name}.{other.name}"
        yield Proposal(
            f"The key has the type {column.field.type}, but refers to {place}, which has the type "
            f"{other.type}.",
            f"{examples(part.values)} are in {place} once both have that type.",
            f'Declare "type": "{other.type}".',
            tuple(_changes(column, other)),
            covers=part.count,
            rules=("foreign-key",),
            widens=2 if other.type == "string" else 0,
        )


def _found(text: str, other: Field, keys: frozenset[str]) -> bool:
    """Whether a text is one of the keys; as an integer, whatever its leading zeros."""
    shorn = text.lstrip("0") or "0"
    return text in keys or (other.type == "integer" and shorn in keys)


def _other(column: ColumnSymptoms, link: ForeignKey) -> Field | None:
    table = column.table
    target = table.package.resource(link.resource) if link.resource else table.resource
    return target.schema.field(link.reference_fields[0]) if target.schema else None


def _comparable(one: Field, other: Field) -> bool:
    return one.type == other.type or (one.type in NUMBERS and other.type in NUMBERS)


def _readable(column: ColumnSymptoms, other: Field) -> bool:
    """Whether all cells of the top are values of the other field's type."""
    item = replace(other, missing_values=column.field.missing_values)
    return all(reads(item, text) for text in column.cells())


def _changes(column: ColumnSymptoms, other: Field) -> Iterator[Operation]:
    yield column.set("type", other.type)
    if other.raw.get("format") is not None:
        yield column.set("format", other.raw["format"])
    elif "format" in column.field.raw:
        yield column.unset("format")
