"""The rows of a query written as a table, CSV, JSON or Parquet, batch by batch."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import decimal
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from claimpack.querying.values import values
from claimpack.renderers.page import Page
from claimpack.renderers.printable import printable
from claimpack.renderers.words import count

if TYPE_CHECKING:
    from claimpack.querying.result import QueryResult


class Writable(Protocol):
    """What texts can be written to."""

    def write(self, text: str, /) -> Any:
        """Write a text."""
        ...


FORMATS = ("table", "csv", "json", "parquet")
LONGEST = 60
"""Most characters of a cell that a table shows."""


def write_table(result: QueryResult, page: Page, limit: int) -> None:
    """Write the first rows in aligned columns, and the true number of all.

    Args:
        result: The rows.
        page: Where to write.
        limit: Rows shown, 0 for all.
    """
    import pyarrow as pa

    shown, total = [], 0
    for batch in result.to_batches():
        if not limit or total < limit:
            part = batch.slice(0, limit - total) if limit else batch
            shown += [tuple(_cut(row[at]) for at in range(len(row))) for row in _rows(part)]
        total += batch.num_rows
    kinds = [field.type for field in result.reader.schema]
    right = [
        at
        for at, kind in enumerate(kinds)
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    ]
    page.columns([tuple(printable(name) for name in result.columns), *shown], right)
    page.line()
    more = f", {count(total - len(shown), 'row')} more not shown" if total > len(shown) else ""
    page.line(f"{count(total, 'row')}{more}")


def write_csv(result: QueryResult, stream: IO[str]) -> None:
    """Write RFC 4180 with a header: UTF-8, LF, null as an empty cell."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(result.columns)
    for batch in result.to_batches():
        # an empty cell alone is quoted, so that the row is no empty line
        writer.writerows(
            ["" if cell is None else _text(cell) for cell in row] for row in _rows(batch)
        )


def write_json(result: QueryResult, stream: Writable) -> None:
    """Write a list of objects, one a line; what a JSON number cannot tell as a text."""
    result.expect_distinct()
    lead = "[\n"
    for batch in result.to_batches():
        for row in _rows(batch):
            item = {name: _plain(cell) for name, cell in zip(result.columns, row, strict=True)}
            stream.write(f"{lead}  {json.dumps(item, ensure_ascii=False)}")
            lead = ",\n"
    stream.write("[]\n" if lead == "[\n" else "\n]\n")


def write_parquet(result: QueryResult, target: Path) -> None:
    """Write a Parquet file with the types that the query gave."""
    import pyarrow.parquet as pq

    result.expect_distinct()
    with pq.ParquetWriter(target, result.reader.schema, compression="zstd") as writer:
        for batch in result.to_batches():
            writer.write_batch(batch)


def _rows(batch: Any) -> Iterator[tuple[Any, ...]]:
    columns = [values(column) for column in batch.columns]
    return zip(*columns, strict=True)


def _cut(value: Any) -> str:
    text = printable("" if value is None else _text(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(value: Any) -> str:
    """A value as a text: lists and objects as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _number(value: decimal.Decimal) -> int | float | str:
    """A decimal as a number where that is the same value, else its digits as a text."""
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if decimal.Decimal(repr(near)) == value else f"{value:f}"


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if isinstance(value, decimal.Decimal):
        return _number(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if isinstance(value, str | int | float | None) else str(value)


__all__ = ["FORMATS", "Writable", "write_csv", "write_json", "write_parquet", "write_table"]
