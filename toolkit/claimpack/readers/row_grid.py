"""A table of rows that are lists of cells or objects: its labels, and its data behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.readers import row_width, spreadsheet, value_text
from claimpack.readers.column_layout import Beyond, Fault, Layout, joined
from claimpack.readers.header_rows import HeaderRows
from claimpack.readers.line_numbers import FILE

Item = tuple[int, Any]
Report = Callable[[Fault], None]


def whole(text: str) -> str:
    """A text without halves of characters, each of which becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _headless(resource: Resource) -> bool:
    """Whether a file without a byte is a table without rows: JSON Lines have no header."""
    lists = resource.dialect.item_type == "array"
    return resource.data is None and resource.format == "ndjson" and not lists


class Grid:
    """Rows, the first of which tell the labels. Rows as objects tell them by their names.

    Attributes:
        labels: The labels, None where the dialect has no header.
        first: Number of cells of the first data row, where there is no header.
        line: Line of the header, None where there is none or it has none.
        keyed: Whether the rows are objects.
        empty: Whether there is nothing at all.
    """

    def __init__(
        self, resource: Resource, items: Iterator[Item], labels: Sequence[str] | None = None
    ) -> None:
        """Read as far as the labels.

        Args:
            resource: The resource.
            items: The rows, each with its line.
            labels: The labels of rows that are objects, where they are known already.
        """
        self.resource = resource
        start = next(items, None)
        self.empty = start is None
        self.keyed = start is not None and isinstance(start[1], dict)
        self.first: int | None = None
        self.line: int | None = None
        self.labels: list[str] | None = None
        self._number = 0
        self._items = items if start is None else chain([start], items)
        if start is None and _headless(resource):
            self.keyed, self.empty = True, False
        if self.keyed:
            self.labels = list(labels) if labels is not None else self._names()
        elif resource.dialect.header:
            self.labels = self._header()
        elif start is not None:
            self.first = len(_cells(start))

    def _names(self) -> list[str]:
        """The names in all rows, those of the schema's fields first and in their order."""
        if self.resource.dialect.item_keys is not None:
            return list(self.resource.dialect.item_keys)
        found: dict[str, None] = {}
        for _, row in self._items:
            if isinstance(row, dict):
                found.update(dict.fromkeys(row))
            if len(found) > limits.COLUMNS:
                raise TooLargeError(f"more than {limits.COLUMNS} columns")
        schema = self.resource.schema
        own = [field.name for field in schema.fields] if schema else []
        if not found and _headless(self.resource):
            return own
        return [n for n in own if n in found] + [whole(n) for n in found if n not in own]

    def _header(self) -> list[str]:
        """The labels, joined where the header has several rows; comments before it do not count."""
        header = HeaderRows(self.resource.dialect)
        rows: list[list[str]] = []
        while header.more and (item := next(self._items, None)) is not None:
            if header.step(marked=self._marked(item[1])):
                self.line = self.line or item[0] or None
                rows.append([_text(cell) for cell in _cells(item)])
        self._number = header.number
        return joined(rows, self.resource.dialect.header_join)

    def data(
        self, report: Report, layout: Layout, beyond: Beyond | None = None
    ) -> Iterator[tuple[int, list[Any]]]:
        """The rows of data with their lines; what is wrong with their length is reported."""
        sheet = self.resource.data is None and self.resource.format in spreadsheet.FORMATS
        row = file = empty = 0
        for line, item in self._items:
            self._number += 1
            if line // FILE != file and not self.keyed:
                file = line // FILE
                if self._repeats(item):
                    continue
            if self._comment(item):
                continue
            if sheet and not item and layout.width > 1:
                empty += 1
                continue
            if empty:
                report(row_width.blank(line - empty, empty))
                empty = 0
            row += 1
            cells = self._row(item, line)
            if sheet:
                cells = cells + [None] * (layout.width - len(cells))
            self._count(cells, layout, row, line, report)
            if beyond and len(cells) > layout.width:
                beyond(row, [_text(cell) for cell in cells[layout.width :]])
            yield line, cells[: max(layout.width, 1)]

    def _repeats(self, item: Any) -> bool:
        """Whether a later file begins with the labels of the first."""
        named = [value_text.plain(cell) for cell in item] if isinstance(item, list) else None
        return self.labels is not None and named == self.labels

    def _comment(self, item: Any) -> bool:
        if self.keyed or not isinstance(item, list):
            return False
        return self._marked(item) or self._number in self.resource.dialect.comment_rows

    def _marked(self, item: Any) -> bool:
        """Whether a row begins as a comment does."""
        mark = self.resource.dialect.comment_char
        first = item[0] if isinstance(item, list) and item else None
        return bool(mark) and isinstance(first, str) and first.startswith(str(mark))

    def _row(self, item: Any, line: int) -> list[Any]:
        if not self.keyed:
            return _cells((line, item))
        if not isinstance(item, dict):
            where = f" in line {line % FILE}" if line % FILE else ""
            raise UnreadableError(f"the data mix objects with rows of another kind{where}")
        return [item.get(name) for name in self.labels or ()]

    def _count(self, cells: list[Any], layout: Layout, row: int, line: int, report: Report) -> None:
        """Report a row with too many cells or too few."""
        if layout.fewest <= len(cells) <= layout.width:
            return
        first = cells[: layout.width + 1]
        texts = [_text(cell) for cell in first]
        broken = row_width.Ragged(texts, len(cells), row, line)
        if fault := row_width.ragged(self.resource, layout, broken):
            report(fault)


def _text(cell: Any) -> str:
    return "" if cell is None else whole(value_text.plain(cell))


def _cells(item: Item) -> list[Any]:
    line, row = item
    if isinstance(row, list):
        return row
    where = f" in line {line % FILE}" if line % FILE else ""
    if isinstance(row, dict):
        raise UnreadableError(f"the data mix lists with rows of another kind{where}")
    raise UnreadableError(f"the data is not a table: a row{where} is neither a list nor an object")
