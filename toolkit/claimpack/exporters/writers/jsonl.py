"""JSON Lines: an object a row, numbers and booleans as such, lists and objects as JSON.

What JSON has no type for, dates among them, is text in the form that the field asks for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack.descriptor.model import Field, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import UsageError
from claimpack.exporters.tabular import Tabular

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS = frozenset({"integer", "year", "number", "boolean"})
Spell = Callable[[Any], str]


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    names = typed_tables.arrow_schema(resource).names
    _expect_distinct(resource, names)
    labels = [f"{_text(name)}: " for name in names]
    fields = resource.schema.fields if resource.schema else ()
    spellers = [_speller(item) for item in fields] or [_text] * len(names)
    rows = 0
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for batch in typed_tables.mixed(store, resource, NUMBERS):
            columns = [
                _spelled(label, spell, column)
                for label, spell, column in zip(labels, spellers, batch.columns, strict=True)
            ]
            file.writelines(f"{{{', '.join(row)}}}\n" for row in zip(*columns, strict=True))
            rows += batch.num_rows
    return rows


def _expect_distinct(resource: Resource, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"the table {resource.name} has several fields {name}, but a JSON object "
                "can have a name only once; rename them"
            )


def _spelled(label: str, spell: Spell, column: pa.Array) -> list[str]:
    return [
        f"{label}null" if value is None else label + spell(value) for value in column.to_pylist()
    ]


def _speller(field: Field) -> Spell:
    """How a field's values are written as JSON; the text of JSON stands as it is."""
    if field.type in ("object", "array", "geojson"):
        return _line
    if field.type == "geopoint" and field.format in ("array", "object"):
        return _line
    if field.type == "list":
        return _lister(field)
    return _number if field.type == "number" else _json if field.type in NUMBERS else _text


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


_json = json.dumps


def _number(value: float) -> str:
    """A number; infinities and NaN, which JSON has not, by their names in Table Schema."""
    if math.isfinite(value):
        return json.dumps(value)
    return '"NaN"' if math.isnan(value) else '"INF"' if value > 0 else '"-INF"'


def _line(text: str) -> str:
    """A text of JSON on one line: its newlines can only be white space."""
    return text.replace("\r", " ").replace("\n", " ")


def _lister(field: Field) -> Spell:
    delimiter = field.options.get("delimiter") or ","
    item: dict[str, Spell] = {"integer": _integer_item, "number": _number_item}
    spell = item.get(field.options.get("itemType") or "string", _text)
    return lambda text: f"[{', '.join(spell(part) for part in text.split(delimiter))}]"


def _integer_item(text: str) -> str:
    return str(int(text))


def _number_item(text: str) -> str:
    return _number(float(text))


_FORMAT = Tabular("jsonl", ".jsonl", "application/x-ndjson", _write_table, {"encoding": "utf-8"})
write, read = _FORMAT.write, _FORMAT.read

__all__ = ["read", "write"]
