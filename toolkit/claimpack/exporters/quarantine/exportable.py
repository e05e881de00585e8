"""A package that can be written: valid, or without its rejected rows, which go beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from claimpack.descriptor.model import Package
from claimpack.exporters.files import WrittenFile
from claimpack.exporters.quarantine import counting, writing
from claimpack.exporters.quarantine.counting import TableCounts
from claimpack.exporters.quarantine.sifting import Sifted
from claimpack.report import Report


@dataclass(frozen=True, slots=True)
class Exportable:
    """A package that can be written.

    Attributes:
        package: The package.
        counts: The rows of each table, where rows with errors were to be rejected.
        sifted: What was rejected; None where nothing was.
    """

    package: Package
    counts: tuple[TableCounts, ...] = ()
    sifted: Sifted | None = None

    @classmethod
    def whole(cls, package: Package, report: Report) -> Exportable:
        """A valid package, of which no row was to be rejected."""
        return cls(package, tuple(TableCounts(t.name, t.rows, t.rows, 0) for t in report.tables))

    @classmethod
    def without_rejected(cls, sifted: Sifted, report: Report) -> Exportable:
        """A package with errors, of which this is the report, without its rejected rows."""
        return cls(sifted.package, counting.counts(sifted, report), sifted)

    @property
    def statement(self) -> str:
        """How many rows are in quarantine, in two sentences; empty where none is."""
        return counting.statement(self.counts)

    def write_rejected(self, top: Path, *, spreadsheet_safe: bool = False) -> list[WrittenFile]:
        """Write the rejected rows below the output folder; nothing where there are none.

        Args:
            top: The output folder.
            spreadsheet_safe: Whether cells that a spreadsheet would run are escaped.

        Raises:
            UsageError: Two tables would have one file.
            UnreadableError: A table changed since it was read.
        """
        if self.sifted is None:
            return []
        return writing.write(self.sifted, self.counts, top, spreadsheet_safe=spreadsheet_safe)


__all__ = ["Exportable"]
