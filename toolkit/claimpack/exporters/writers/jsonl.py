"""JSON Lines: an object a row, numbers and booleans as such, lists and objects as JSON.

What JSON has no type for, dates among them, is text in the form that the field asks for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from claimpack.descriptor.model import Field, Resource
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.engine.export_sinks import Rows
from claimpack.errors import UsageError
from claimpack.exporters.tabular import Tabular

NUMBERS = frozenset({"integer", "year", "number", "boolean"})
Spell = Callable[[Any], str]


class JsonLinesSink:
    """Writes the rows of one table into a file.

    Attributes:
        rows: Number of rows taken so far.
        closed: Whether all rows were written.
    """

    def __init__(self, resource: Resource, target: Path) -> None:
        names = typed_tables.arrow_schema(resource).names
        _expect_distinct(resource, names)
        self.rows = 0
        self.closed = False
        self._labels = [f"{_text(name)}: " for name in names]
        fields = resource.schema.fields if resource.schema else ()
        self._numbers = [item.type in NUMBERS for item in fields]
        self._spellers = [_speller(item) for item in fields] or [_text] * len(names)
        self._target = target
        self._file = target.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: Rows) -> None:
        """Take some rows: numbers as values, the rest as texts."""
        import pyarrow as pa

        values = pa.concat_tables(rows.typed()).combine_chunks()
        texts = rows.texts()
        self.add(
            [
                values.column(n).to_pylist() if number else texts[f"f{n}"].to_list()
                for n, number in enumerate(self._numbers)
            ]
        )

    def add(self, columns: Sequence[list[Any]]) -> None:
        """Take some rows, column by column."""
        spelled = [
            _spelled(label, spell, column)
            for label, spell, column in zip(self._labels, self._spellers, columns, strict=True)
        ]
        rows = [f"{{{', '.join(row)}}}\n" for row in zip(*spelled, strict=True)]
        self._file.writelines(rows)
        self.rows += len(rows)

    def close(self) -> None:
        """All rows were written."""
        self._file.close()
        self.closed = True

    def discard(self) -> None:
        """Take the file away again."""
        self._file.close()
        self._target.unlink(missing_ok=True)


def sink(resource: Resource, target: Path, typed: bool) -> JsonLinesSink | None:
    """What writes a table while it is validated; None where its values are not at hand."""
    names = typed_tables.arrow_schema(resource).names
    return JsonLinesSink(resource, target) if typed and len({*names}) == len(names) else None


def _write_table(store: Store, resource: Resource, target: Path) -> int:
    """Write a table and return its number of rows."""
    made = JsonLinesSink(resource, target)
    try:
        for batch in typed_tables.mixed(store, resource, NUMBERS):
            made.add([column.to_pylist() for column in batch.columns])
    except BaseException:
        made.discard()
        raise
    made.close()
    return made.rows


def _expect_distinct(resource: Resource, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"the table {resource.name} has several fields {name}, but a JSON object "
                "can have a name only once; rename them"
            )


def _spelled(label: str, spell: Spell, column: list[Any]) -> list[str]:
    return [f"{label}null" if value is None else label + spell(value) for value in column]


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
write, read, path = _FORMAT.write, _FORMAT.read, _FORMAT.path

__all__ = ["JsonLinesSink", "path", "read", "sink", "write"]
