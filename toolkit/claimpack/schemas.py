"""pandera schemas: a table's Table Schema and row rules in the form that downstream code uses.

What pandera has a check of its own for becomes that check: types, nulls, `enum`
and categories, bounds, lengths, keys whose fields are never null. Patterns, the
texts of types that Arrow keeps as text, keys that may hold nulls and the row
rules of a profile are the engine's own expressions: the frame is handed to the
engine as Arrow, each cell as the text that a file would hold.

Foreign keys and rules between tables are no part of a schema: pandera sees one
table. Nothing here imports pandera or a frame library before `build` is called.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from claimpack.descriptor.model import Constraints, Field, Package, Resource
from claimpack.engine import tables
from claimpack.engine.printer import literal, name, sql
from claimpack.errors import UsageError
from claimpack.plan import TablePlan
from claimpack.rules import constraints, lexical
from claimpack.rules.check import AnyCheck, KeyCheck, RowCheck, ValueCheck

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Backend = Literal["pyarrow", "polars", "pandas"]
BACKENDS = ("pyarrow", "polars", "pandas")
NATIVE = frozenset({"string", "integer", "number", "boolean", "date", "time", "datetime", "year"})
"""Types whose values pandera can compare."""

BOUNDS = {
    "minimum": "ge",
    "maximum": "le",
    "exclusive_minimum": "gt",
    "exclusive_maximum": "lt",
}


def build(package: Package, resource: Resource, plan: TablePlan, backend: Backend) -> Any:
    """A pandera schema of a table.

    The three backends are pandera's own: `pandera.pyarrow` (through narwhals),
    `pandera.polars` and `pandera.pandas`. The frames are those that `to_arrow`,
    `to_polars` and `to_pandas` give; a pandas frame has Arrow-backed types.
    Foreign keys are not checked. pandas and polars take NaN in a required
    field for a missing value, the engine does not.

    Args:
        package: The package.
        resource: The table's resource.
        plan: The table's checks.
        backend: The frame that the schema is for.

    Raises:
        UsageError: An unknown backend, a library that is not installed, or a
            table without a schema.
    """
    if backend not in BACKENDS:
        raise UsageError(f"there is no backend {backend!r}; known are {', '.join(BACKENDS)}")
    schema = resource.schema
    if schema is None:
        raise UsageError(f"the table {resource.name} has no schema")
    pandera = _library(backend)
    kinds = _kinds(resource, backend)
    columns: dict[str, Any] = {}
    rows: list[Any] = []
    with _engine() as engine:
        for index, item in enumerate(schema.fields):
            native, rest = _native(engine, pandera, item)
            columns[item.name] = pandera.Column(
                kinds[item.name],
                checks=native,
                nullable=not (item.constraints.required or item.name in schema.primary_key),
                title=item.raw.get("title") or None,
                description=item.raw.get("description") or None,
            )
            for part in constraints.parts(rest, index):
                rows.append(constraints.build(rest, resource.name, part))
    unique = [names for names in _keys(plan) if not any(columns[n].nullable for n in names)]
    rows += (check for check in _others(plan, kinds, schema.fields) if check not in rows)
    rows += (check for check in plan.keys if check.fields not in unique)
    return pandera.DataFrameSchema(
        columns,
        checks=[_check(pandera, backend, schema.fields, check) for check in rows],
        strict=schema.fields_match in ("exact", "equal", "superset"),
        ordered=schema.fields_match == "exact",
        unique=[list(names) for names in unique] or None,
        name=resource.name,
        title=resource.title or None,
        description=resource.description or package.title or None,
    )
