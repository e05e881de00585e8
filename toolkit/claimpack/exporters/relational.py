"""A package as the tables of a database: names, columns, and the keys that a database can hold.

A key is declared where the database compares its columns as the package does: by text, whole
number, boolean, date or time. Numbers with fractions are stored as doubles, and durations,
points, lists and objects as the texts of the file, so that equal values may look unlike
there. What is not declared is told in `Table.notes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Field, ForeignKey, Package, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.exporters import dictionary
from claimpack.exporters.naming import distinct
from claimpack.quoting import name as quoted

if TYPE_CHECKING:
    import pyarrow as pa

COMPARED = frozenset(
    {"string", "any", "integer", "year", "yearmonth", "boolean", "date", "time", "datetime"}
)
"""Types whose values a database compares as the package does."""


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key: columns, and the table and columns that they refer to."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]

    def told(self) -> str:
        """The link in words."""
        return f"({', '.join(self.columns)}) refers to {self.table} ({', '.join(self.targets)})"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a database.

    Attributes:
        name: Its name there.
        resource: The table of the package.
        columns: Names of the columns there, in the order of the fields.
        comments: For each column what is said of it.
        schema: The types of its values.
        primary: Columns of the primary key.
        unique: Columns of each further key.
        links: Foreign keys.
        notes: Keys that are not declared, and why.
    """

    name: str
    resource: Resource
    columns: tuple[str, ...]
    comments: tuple[str, ...]
    schema: pa.Schema
    primary: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def about(self) -> str:
        """What is said of the table, with the keys that are not declared."""
        return " ".join(filter(None, (dictionary.about(self.resource.raw), *self.notes)))


def shaped(package: Package, shape: Callable[[str], str] = str) -> list[Table]:
    """The tables of a package with their keys, in its order.

    Args:
        package: The package.
        shape: Makes a table's name one that the database allows.
    """
    keyed = [_keyed(table) for table in keyless(package, shape)]
    return [_linked(table, keyed) for table in keyed]


def keyless(package: Package, shape: Callable[[str], str] = str) -> list[Table]:
    """The same tables without their keys: enough to find and to read a table's values."""
    found = [item for item in package.resources if item.tabular]
    names = distinct((item.name for item in found), lambda text: shape(_named(text)))
    return [_plain(item, name) for item, name in zip(found, names, strict=True)]


def batches(store: Store, table: Table) -> Iterator[pa.RecordBatch]:
    """A table's rows of the types of `table.schema`; texts where the package says no types.

    Raises:
        UnreadableError: A value is beyond what its type can hold.
    """
    if table.resource.schema is None:
        return typed_tables.mixed(store, table.resource, ())
    return typed_tables.batches(store, table.resource, strict=True)


def in_order(found: Sequence[Table]) -> list[Table]:
    """The tables so that each comes after those that it refers to.

    A reference that no order allows, into the table itself or around a circle, becomes a note.
    """
    waiting, made = [_cut(table, {table.name}) for table in found], list[Table]()
    while waiting:
        known = {table.name for table in made}
        free = next((t for t in waiting if {link.table for link in t.links} <= known), None)
        if free is None:
            free = _cut(waiting[0], {link.table for link in waiting[0].links} - known)
            waiting[0] = free
        waiting.remove(free)
        made.append(free)
    return made


def clauses(table: Table, spelled: Callable[[pa.DataType], str]) -> list[str]:
    """SQL of what stands in a table's definition: its columns first, then its keys.

    Args:
        table: The table.
        spelled: How the database calls a type.
    """
    columns = zip(table.columns, table.schema, strict=True)
    made = [f"{quoted(column)} {spelled(item.type)}" for column, item in columns]
    if table.primary:
        made.append(f"PRIMARY KEY ({listed(table.primary)})")
    made += [f"UNIQUE ({listed(names)})" for names in table.unique]
    made += [
        f"FOREIGN KEY ({listed(link.columns)}) REFERENCES {quoted(link.table)} "
        f"({listed(link.targets)})"
        for link in table.links
    ]
    return made


def listed(columns: Sequence[str]) -> str:
    """Names of columns as SQL lists them."""
    return ", ".join(map(quoted, columns))


def _cut(table: Table, names: set[str]) -> Table:
    lost = [link for link in table.links if link.table in names]
    notes = [f"Not declared, since rows are loaded in their order: {link.told()}." for link in lost]
    kept = tuple(link for link in table.links if link not in lost)
    return replace(table, links=kept, notes=(*table.notes, *notes))


def _named(text: str) -> str:
    """A name without the NUL that ends one in C, and not the empty one."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") or "unnamed"


def _plain(resource: Resource, name: str) -> Table:
    import pyarrow as pa

    schema = typed_tables.arrow_schema(resource)
    if resource.schema is None:
        schema = pa.schema([(label, pa.string()) for label in schema.names])
    fields = resource.schema.fields if resource.schema else ()
    comments = tuple(dictionary.about(item.raw) for item in fields) or ("",) * len(schema)
    return Table(name, resource, tuple(distinct(schema.names, _named)), comments, schema)


def _keyed(table: Table) -> Table:
    schema = table.resource.schema
    if schema is None:
        return table
    single = tuple((item.name,) for item in schema.fields if item.constraints.unique)
    notes, kept = list[str](), list[tuple[str, ...]]()
    for names in dict.fromkeys((schema.primary_key, *schema.unique_keys, *single)):
        why = _unfit(table, names)
        if why:
            notes.append(f"The key ({', '.join(names)}) is not declared: {why}.")
        elif names:
            kept.append(_columns(table, names))
    primary = schema.primary_key and _columns(table, schema.primary_key)
    return replace(
        table,
        primary=primary if primary in kept else (),
        unique=tuple(names for names in kept if names != primary),
        notes=tuple(notes),
    )


def _columns(table: Table, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(table.columns[table.schema.names.index(name)] for name in names)


def _unfit(table: Table, names: Sequence[str]) -> str:
    """Why a database cannot compare these fields as the package does; empty where it can."""
    absent = typed_tables.absent(table.resource)
    for item in _fields(table, names):
        if item.name in absent:
            return f"the data has no column {item.name}"
        if item.type not in COMPARED:
            return f"values of the type {item.type} are not compared by their texts"
    return ""


def _fields(table: Table, names: Sequence[str]) -> Iterator[Field]:
    schema = table.resource.schema
    assert schema is not None
    return (schema.field(name) for name in names)


def _linked(table: Table, all_: Sequence[Table]) -> Table:
    if table.resource.schema is None:
        return table
    links, notes = list[Link](), list(table.notes)
    for item in table.resource.schema.foreign_keys:
        target = _target(table, item, all_)
        why = "the table does not exist" if target is None else _unlinked(table, target, item)
        if target is None or why:
            link = Link(item.fields, item.resource or table.name, item.reference_fields)
            notes.append(f"Not declared, since {why}: {link.told()}.")
        else:
            links.append(_link(table, target, item))
    return replace(table, links=tuple(dict.fromkeys(links)), notes=tuple(notes))


def _link(table: Table, target: Table, item: ForeignKey) -> Link:
    """The link with its columns in the order of the key that they refer to."""
    targets = _columns(target, item.reference_fields)
    pairs = dict(zip(targets, _columns(table, item.fields), strict=True))
    key = next(names for names in _keys(target) if frozenset(names) == frozenset(targets))
    return Link(tuple(pairs[column] for column in key), target.name, key)


def _keys(table: Table) -> list[tuple[str, ...]]:
    return [names for names in (table.primary, *table.unique) if names]


def _target(table: Table, item: ForeignKey, all_: Sequence[Table]) -> Table | None:
    if not item.resource:
        return table
    return next((other for other in all_ if other.resource.name == item.resource), None)


def _unlinked(table: Table, target: Table, item: ForeignKey) -> str:
    if target.resource.schema is None:
        return f"{target.name} has no keys"
    why = _unfit(table, item.fields) or _unfit(target, item.reference_fields)
    if why:
        return why
    wanted = sorted(_columns(target, item.reference_fields))
    if not any(sorted(names) == wanted for names in _keys(target)):
        return f"that is not a declared key of {target.name}"
    pairs = zip(item.fields, item.reference_fields, strict=True)
    for own, other in pairs:
        if _kind(table, own) != _kind(target, other):
            return f"{own} and {other} are of different types"
    return ""


def _kind(table: Table, name: str) -> pa.DataType:
    import pyarrow as pa

    kind = table.schema.field(table.schema.names.index(name)).type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


__all__ = ["Link", "Table", "batches", "clauses", "in_order", "keyless", "listed", "shaped"]
