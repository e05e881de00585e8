"""A row points to a row that is not there.

Why: A foreign key promises that the row it names exists; a join would lose this
one in silence. A key with a null in any of its fields points nowhere and is not
checked: foreign keys "are directly modelled on the concept of foreign keys in SQL"
(Table Schema, foreignKeys), whose default is MATCH SIMPLE. A null in the table that is
pointed to is no target.

The table itself is meant where `resource` is left out, is "" (version 1) or is its own
name. The fields that are pointed to need not be a primary key. Values are compared as
`unique-error` says, each side read in its own form: an integer finds an equal number,
a date its day in another format, a list its items behind another delimiter. NaN finds
NaN. Values of two types that are not both numbers are never equal, so that the integer 1
does not find the text `1`; a field of the type `any` is compared by its text. A key into
another package (`package`) is not checked, since that is not opened; nor is one into a
table that could not be read.

Fails:
    a claim whose source_id is `jones-2001`, and no such row in sources

Passes:
    a claim whose source_id is in sources, or is empty

Mend: Correct the key, or add the row that it names.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks import lexical
from claimpack.checks.model import Expression, ReferenceCheck
from claimpack.descriptor.model import Field, ForeignKey, Package, Resource, Schema

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Table Schema, foreignKeys"


def checks(resource: Resource, package: Package) -> Iterator[ReferenceCheck]:
    """One check a foreign key whose target is a table of the package."""
    schema = resource.schema
    for link in schema.foreign_keys if schema else ():
        target = package.resource(link.resource) if link.resource else resource
        if schema is None or target.schema is None:
            continue
        fields = link.reference_fields
        named = fields[0] if len(fields) == 1 else f"({', '.join(fields)})"
        own, others = _keys(schema, target.schema, link)
        types = _types(schema, target.schema, link)
        yield ReferenceCheck(
            "foreign-key",
            resource.name,
            link.fields,
            "{value} not found in {target}" + (": {types}" if types else ""),
            "Give both fields the same type."
            if types
            else "{detail}Correct the value, or add the row to {table}.",
            params=(
                ("target", f"{target.name}.{named}"),
                ("table", target.name),
                ("types", types),
            ),
            keys=own,
            target=target.name,
            target_fields=link.reference_fields,
            target_keys=others,
        )


Keys = tuple[Expression, ...]


def _keys(schema: Schema, target: Schema, link: ForeignKey) -> tuple[Keys, Keys]:
    """The keys of both sides; those of types that cannot be equal are kept apart."""
    own, others = lexical.keys(schema, link.fields), lexical.keys(target, link.reference_fields)
    alike = [lexical.comparable(*pair) for pair in _pairs(schema, target, link)]
    return (
        tuple(k if same else lexical.apart(k, "own") for k, same in zip(own, alike, strict=True)),
        tuple(k if same else lexical.apart(k, "to") for k, same in zip(others, alike, strict=True)),
    )


def _types(schema: Schema, target: Schema, link: ForeignKey) -> str:
    """Which fields can never be equal, in words; empty where all can."""
    found = [pair for pair in _pairs(schema, target, link) if not lexical.comparable(*pair)]
    return "; ".join(
        f"{one.name} has the type {one.type}, {other.name} the type {other.type}"
        for one, other in found
    )


def _pairs(schema: Schema, target: Schema, link: ForeignKey) -> Iterator[tuple[Field, Field]]:
    for name, other in zip(link.fields, link.reference_fields, strict=True):
        yield schema.field(name), target.field(other)
