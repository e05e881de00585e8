"""Writes tables while they are validated, in every format that can be written so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from claimpack.descriptor.model import Resource
from claimpack.engine.export_sinks import Rows, Sink
from claimpack.errors import UnreadableError
from claimpack.exporters import exporter


class ExportSinks:
    """The sinks of all tables, in the folders of their formats.

    A table that cannot be written while it is read has no part in it.
    """

    def __init__(self, folder: Path, formats: Sequence[str]) -> None:
        self._folder = folder
        self._writers = {name: exporter(name) for name in dict.fromkeys(formats)}
        self._made: list[tuple[str, str, Any]] = []

    def __call__(self, resource: Resource, typed: bool) -> TableSinks | None:
        """The sinks of a table; None where no format can be written, or another has its file.

        Args:
            resource: The table.
            typed: Whether its rows come as typed values, too.
        """
        made = dict(self._sinks(resource, typed))
        self._made += [(name, resource.name, sink) for name, sink in made.items()]
        return TableSinks(list(made.values())) if made else None

    def _sinks(self, resource: Resource, typed: bool) -> Iterator[tuple[str, Any]]:
        for name, module in self._writers.items():
            if not hasattr(module, "sink"):
                continue
            target = self._folder / name / module.path(resource)
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if (sink := module.sink(resource, target, typed)) is not None:
                yield name, sink

    def discard(self) -> None:
        """Remove what was written, of tables that turned out to be invalid."""
        for _, _, sink in self._made:
            sink.discard()
        self._made = []

    def rows(self, form: str) -> dict[str, int]:
        """The number of rows of each table that was written whole in a format, by its name."""
        return {
            table: sink.rows for name, table, sink in self._made if name == form and sink.closed
        }

    def harmless(self, form: str) -> frozenset[str]:
        """Those of the tables of which a spreadsheet runs no cell."""
        return frozenset(
            table
            for name, table, sink in self._made
            if name == form and sink.closed and not getattr(sink, "may_run", True)
        )


class TableSinks:
    """The sinks of one table as one. A format that cannot hold a value drops out alone."""

    def __init__(self, sinks: list[Sink]) -> None:
        self._sinks = sinks

    def write(self, rows: Rows) -> None:
        """Take some rows."""
        for sink in [*self._sinks]:
            try:
                sink.write(rows)
            except UnreadableError:
                self._sinks.remove(sink)
                sink.discard()

    def close(self) -> None:
        """All rows were written."""
        for sink in self._sinks:
            sink.close()

    def discard(self) -> None:
        """Forget what was written."""
        for sink in self._sinks:
            sink.discard()


__all__ = ["ExportSinks", "TableSinks"]
