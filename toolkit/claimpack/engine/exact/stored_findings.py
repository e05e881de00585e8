"""Where a finding is made: from a row of the database and the template of its check."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claimpack.checks.format_departure import departure
from claimpack.checks.model import Params, parted
from claimpack.readers.line_numbers import FILE
from claimpack.report import Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from claimpack.engine.exact.database import Store


@dataclass(frozen=True, slots=True)
class Template:
    """What all findings of one check have in common; `params` as in a check."""

    rule: str
    severity: Severity
    resource: str
    paths: tuple[str, ...]
    fields: tuple[str, ...]
    message: str
    fix: str
    clause: str
    params: Params = ()
    pointer: str | None = None


class StoredFindings:
    """Findings read from the store as they are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        counted = []
        if store.connected:
            counted = store.connection.execute(
                "SELECT part, chk, count(*) FROM findings GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        self._counts = [(store.templates[number], count) for _, number, count in counted]

    def __len__(self) -> int:
        return sum(count for _, count in self._counts)

    def __iter__(self) -> Iterator[Finding]:
        return self._read("", ())

    def totals(self) -> dict[tuple[str | None, str, Severity], int]:
        """Number of findings by (resource, rule, severity)."""
        totals: dict[tuple[str | None, str, Severity], int] = {}
        for template, count in self._counts:
            key = (template.resource, template.rule, template.severity)
            totals[key] = totals.get(key, 0) + count
        return totals

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        """The first findings of one rule in one resource, at most limit."""
        numbers = [
            number
            for number, template in enumerate(self._store.templates)
            if template.resource == resource and template.rule == rule
        ]
        if not numbers:
            return iter(())
        marks = ", ".join("?" * len(numbers))
        return self._read(f"WHERE chk IN ({marks})", numbers, f"LIMIT {int(limit)}")

    def rows(self, part: int, wanted: Callable[[Template], bool]) -> npt.NDArray[np.int64]:
        """The numbers of the rows of a table that have a finding wanted, each once, sorted.

        Args:
            part: The table's position in the report.
            wanted: Says of a template whether its findings are wanted.
        """
        import numpy as np

        numbers = self._numbers(wanted)
        if not numbers:
            return np.empty(0, dtype=np.int64)
        found: npt.NDArray[np.int64] = self._store.connection.execute(
            f"SELECT DISTINCT row FROM findings WHERE part = {part} AND chk IN ({numbers}) "
            "AND row IS NOT NULL ORDER BY row"
        ).fetchnumpy()["row"]
        return np.asarray(found, dtype=np.int64)

    def by_row(self, part: int, wanted: Callable[[Template], bool]) -> Iterator[Finding]:
        """The findings wanted that have a row of a table, in the order of the rows.

        Args:
            part: The table's position in the report.
            wanted: Says of a template whether its findings are wanted.
        """
        if numbers := self._numbers(wanted):
            yield from self._ordered(
                f"WHERE part = {part} AND chk IN ({numbers}) AND row IS NOT NULL", (), "row, chk"
            )

    def beyond_rows(self, wanted: Callable[[Template], bool]) -> Iterator[Finding]:
        """The findings wanted that have no row."""
        if numbers := self._numbers(wanted):
            yield from self._read(f"WHERE chk IN ({numbers}) AND row IS NULL", ())

    def parts(self, wanted: Callable[[Template], bool]) -> set[int]:
        """The positions of the tables that have a finding wanted."""
        numbers = self._numbers(wanted)
        if not numbers:
            return set()
        query = f"SELECT DISTINCT part FROM findings WHERE chk IN ({numbers})"
        return {part for (part,) in self._store.rows(query)}

    def _numbers(self, wanted: Callable[[Template], bool]) -> str:
        """The numbers of the templates wanted, as a list of SQL; empty where nothing was found."""
        if not self._store.connected:
            return ""
        templates = enumerate(self._store.templates)
        return ", ".join(str(number) for number, template in templates if wanted(template))

    def _read(self, where: str, values: Sequence[Any], limit: str = "") -> Iterator[Finding]:
        order = "part, line NULLS FIRST, row NULLS FIRST, chk, detail, value"
        return self._ordered(where, values, f"{order} {limit}")

    def _ordered(self, where: str, values: Sequence[Any], order: str) -> Iterator[Finding]:
        if not self._store.connected:
            return
        cursor = self._store.connection.cursor()
        with self._store.translated():
            cursor.execute(
                f"SELECT chk, row, line, value, detail, fix FROM findings {where} ORDER BY {order}",
                list(values),
            )
        while rows := cursor.fetchmany(5000):
            for number, *place in rows:
                yield finding(self._store.templates[number], *place)


def finding(
    template: Template,
    row: int | None,
    line: int | None,
    value: list[str | None] | None,
    detail: str | None,
    own: str | None,
) -> Finding:
    """A finding from its template, its place, and the fix that is its own."""
    message, fix = _parts(template)
    fields = template.fields
    many = len(fields) > 1
    raw = (tuple(value) if many else value[0]) if value else None
    file, place = divmod(line or 0, FILE)
    said = {}
    if len(message) > 1 or len(fix) > 1:
        where = f"line {place}" if place else f"row {row}"
        said = {"value": _shown(value), "row": detail or "", "detail": detail or "", "place": where}
        said["own"] = own or ""
        if "departure" in message:
            said["departure"] = _departure(template, raw)
    return Finding(
        template.rule,
        template.severity,
        _joined(message, said),
        _joined(fix, said),
        template.resource,
        template.paths[file] if template.paths else None,
        fields if many else (fields[0] if fields else None),
        row,
        place or None,
        raw,
        template.pointer,
        template.clause,
    )


VARYING = ("value", "row", "detail", "place", "own", "departure")
"""Place-holders that every finding fills for itself; a template's params fill the others."""


@functools.lru_cache(maxsize=1024)
def _parts(template: Template) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Message and fix, split once for millions of findings where each finding fills something."""
    params = dict(template.params)
    return parted(template.message, params, VARYING), parted(template.fix, params, VARYING)


def _departure(template: Template, value: str | tuple[str | None, ...] | None) -> str:
    """Where a value departs from the format of its field, behind a colon; empty where unknown."""
    params = dict(template.params)
    text = value if isinstance(value, str) else ""
    said = departure(params["kind"], params["form"], text)
    return f": {said}" if said else ""


def _joined(parts: tuple[str, ...], said: dict[str, str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return "".join([said[part] if at % 2 else part for at, part in enumerate(parts)])


def _shown(value: list[str | None] | None) -> str:
    cut = [
        "null" if cell is None else f'"{cell}"' if len(cell) <= 80 else f'"{cell[:77]}..."'
        for cell in value or []
    ]
    return cut[0] if len(cut) == 1 else f"({', '.join(cut)})"
