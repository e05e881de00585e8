"""A row's primary key is empty or stands in an earlier row.

Why: The primary key is how other tables, releases and readers name the row. No two
rows can share it, and none of its fields can be null: "Per SQL standards, the fields
cannot be null, so their use in the primary key is equivalent to adding required: true"
(Table Schema, primaryKey). A row with a null in its key is one finding, however many
of its fields are null. Values are compared as `unique-error` says; a cell of the wrong
type is no key, and is told by `type-error` alone.

Fails:
    {"primaryKey": ["id"]} and two rows with the id `1`, or a row without one

Passes:
    {"primaryKey": ["id"]} and rows with the ids `1` and `2`

Mend: Give the row a key of its own; never reuse one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import KeyCheck, RowCheck
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema, primaryKey"


def checks(resource: Resource, package: Package) -> Iterator[KeyCheck | RowCheck]:
    """Two checks where the schema has a primary key: that it is whole, and there once."""
    schema = resource.schema
    if schema is None or not schema.primary_key:
        return
    common = ("primary-key", resource.name, schema.primary_key)
    texts = [lexical.column(schema, name) for name in schema.primary_key]
    yield RowCheck(
        *common,
        "the primary key is empty or incomplete",
        "Fill in the key.",
        fault=exp.or_(*[text.is_(exp.null()) for text in texts]),
    )
    yield KeyCheck(
        *common,
        "duplicate primary key {value} (first used in {row})",
        "Give one of the two rows another key, or delete one of them.",
        keys=lexical.keys(schema, schema.primary_key),
    )
