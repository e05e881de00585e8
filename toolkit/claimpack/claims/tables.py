"""What the profile's rules need to know of the package: its tables, fields and values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import Expression
from claimpack.descriptor.model import Package, Resource

KEYS = {
    "sources": "source_id",
    "passages": "passage_id",
    "claims": "claim_id",
    "statistics": "statistic_id",
}


def recognised(package: Package) -> bool:
    """Whether a package is a claims data package, by its word or by its tables."""
    if "claimsProfile" in package.raw:
        return True
    keyed = {
        name
        for name, key in KEYS.items()
        if (item := package.find(name)) and item.schema and item.schema.primary_key == (key,)
    }
    return {"sources", "passages"} <= keyed and bool({"claims", "statistics"} & keyed)


def asked(resource: Resource, package: Package, name: str, *fields: str) -> bool:
    """Whether a resource is the profile's table of that name and has these fields."""
    return resource.name == name and recognised(package) and has(package, name, *fields)


def has(package: Package, name: str, *fields: str) -> bool:
    """Whether a package has a table of that name with these fields."""
    item = package.find(name)
    if item is None or item.schema is None:
        return False
    return set(fields) <= {field.name for field in item.schema.fields}


def value(resource: Resource, name: str) -> Expression:
    """The typed value of a field in a predicate on one row."""
    assert resource.schema is not None
    return lexical.typed(resource.schema.field(name), lexical.column(resource.schema, name))


def empty(resource: Resource, name: str) -> Expression:
    """Whether a field holds no value."""
    assert resource.schema is not None
    return lexical.column(resource.schema, name).is_(exp.null())


def filled(resource: Resource, name: str) -> Expression:
    """Whether a field holds a value."""
    return exp.not_(empty(resource, name))


def standing(resource: Resource) -> Expression:
    """Whether a row stands, in a predicate on one row; every row where there is no status."""
    assert resource.schema is not None
    if "status" not in {field.name for field in resource.schema.fields}:
        return exp.true()
    return value(resource, "status").eq("current")


def stands(row: Mapping[str, Any]) -> bool:
    """The same of a row at hand."""
    return bool(row.get("status", "current") == "current")


def number_text(column: str) -> str:
    """SQL of a number as a reader writes it: 4 and 0.5, not 4.0."""
    return f"regexp_replace(CAST({column} AS VARCHAR), '[.]0$', '')"


def current(package: Package, name: str, alias: str) -> str:
    """The same as a further condition of a query, ` AND ...`, on the table's alias."""
    return f" AND {alias}.status = 'current'" if has(package, name, "status") else ""
