"""Loads tables: the header first, then the rows by the fastest reader that gets them right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.descriptor.model import Resource
from claimpack.engine.exact.broken_rows import Broken
from claimpack.engine.exact.row_findings import RowFindings
from claimpack.engine.export_sinks import Sinks
from claimpack.engine.scan import plain_csv, wide_table_proof
from claimpack.engine.scan.row_source import ReaderRows
from claimpack.engine.scan.table_pass import TablePass
from claimpack.engine.table_checks import Scan
from claimpack.engine.table_state import Notes, Table
from claimpack.engine.wide_tables import Folded, folded
from claimpack.errors import UnreadableError
from claimpack.progress import Progress
from claimpack.readers import checksum, csv_exact, typed_rows
from claimpack.readers.byte_stream import UTF8, MisdeclaredError, codec
from claimpack.readers.checksum import size
from claimpack.readers.column_layout import Fault
from claimpack.readers.csv_exact import ExactCsvReader, Head
from claimpack.readers.line_numbers import FILE
from claimpack.readers.typed_rows import TypedRowReader

if TYPE_CHECKING:
    import pyarrow as pa


CELLS_FREE, CELLS_PER_BYTE = 10_000_000, 16
"""A row of two bytes under a header of 100,000 labels lacks nearly all of its cells. So many are
judged whatever the size of a file, and so many more for each of its bytes; CSV spends a byte on
every cell that is there."""


class Loader:
    """Reads tables; notes what their readers find.

    Attributes:
        findings: Decides what a pass suspects.
    """

    def __init__(
        self,
        notes: Notes,
        findings: RowFindings,
        progress: Progress,
        sinks: Sinks | None = None,
    ) -> None:
        self.notes, self.store, self.progress = notes, notes.store, progress
        self.findings = findings
        self._sinks = sinks

    def open(self, table: Table, keep: bool) -> None:
        """Read the header and lay the plan over the columns.

        Args:
            table: The table.
            keep: Whether the cells of every row are kept, for relations to read.
        """
        resource = table.resource
        for fault in checksum.faults(resource, table.plan.structure) if resource.files else ():
            self.notes.fault(table, fault)
        if resource.broken or resource.blocked:
            return
        if keep or not typed_rows.delimited(resource):
            # Under a limit on address space the database starts only before pyarrow allocates.
            self.store.connect()
        try:
            table.head = (csv_exact if typed_rows.delimited(resource) else typed_rows).head(
                resource
            )
        except MisdeclaredError as error:
            self._misdeclared(table, error, 0)
            raise
        layout = table.head.layout
        self._mark(table)
        if table.head.empty:
            self._empty(table)
            return
        for fault in layout.faults:
            self.notes.fault(table, fault)
        if layout.unread:
            raise UnreadableError(layout.unread)
        table.folded = folded(table.plan, layout)
        layout = table.folded.layout if table.folded else layout
        table.scan = Scan(table.plan, layout, f"scan {table.part}", "", keep)
        self._ready(table.scan)

    def _ready(self, made: Scan) -> None:
        """Make sure that the engine can run what it is going to be asked.

        A pattern that it cannot run goes to the slower test in Python.
        """
        doubtful = [check for check in made.rows if check.otherwise is not None]
        if doubtful and not self.store.runs([check.fault for check in doubtful]):
            for check in doubtful:
                if not self.store.runs([check.fault]):
                    made.in_python(check)
        self.store.provide(made.expressions())
        self.store.know(made.sets())

    def _empty(self, table: Table) -> None:
        message = "the file is empty"
        self.notes.fault(
            table, Fault("empty-file", message, "Restore the file, or write its header")
        )

    def _misdeclared(self, table: Table, error: MisdeclaredError, file: int) -> None:
        """A file that cannot be text in the encoding that is declared."""
        line = 1 + file * FILE
        self.notes.fault(table, Fault("encoding-error", str(error), error.fix, line=line))

    def _mark(self, table: Table) -> None:
        """A byte order mark that does not fit what is declared, or is not needed."""
        head, resource = table.head, table.resource
        if head is not None and head.kind:
            what = f"the file is {head.kind}, not text"
            fix = 'Save the table as "CSV UTF-8", or declare the format that the file has'
            self.notes.fault(table, Fault("encoding-error", what, fix, line=1))
            raise UnreadableError(what)
        if head is None or not head.mark:
            return
        name = codec(resource.encoding)
        if head.mark == "utf-8" and name in UTF8 and resource.encoding_declared:
            self.notes.fault(
                table,
                Fault(
                    "byte-order-mark",
                    "the file begins with a byte order mark, which was stripped",
                    "Save the file as UTF-8 without a byte order mark, which claimpack fmt does",
                    line=1,
                ),
            )
        elif not name.startswith(head.mark):
            declared = resource.encoding_declared
            told = "is declared" if declared else "is the default when none is declared"
            self.notes.fault(
                table,
                Fault(
                    "encoding-error",
                    f"the file begins with a byte order mark of {head.mark.upper()}, "
                    f"but {resource.encoding} {told}",
                    "Save the file as UTF-8, which claimpack fmt does, or declare "
                    f'"encoding": "{head.mark}"',
                    line=1,
                ),
            )
            if head.mark != "utf-8":
                raise UnreadableError(f"the text is {head.mark}, not {resource.encoding}")

    def read(self, table: Table) -> None:
        """Read the rows; where that fails, as many as can be.

        A fast reader gets no file that was not proved plain first: some files end the process.
        """
        assert table.scan is not None
        assert table.head is not None
        if table.folded:
            if not self._prove_wide(table, table.folded):
                self._exactly(table, table.scan, table.head)
        elif not self._plainly(table, table.scan, table.head):
            self._exactly(table, table.scan, table.head)
        self.store.flush()

    def _plainly(self, table: Table, scan: Scan, head: Head) -> bool:
        """Read a plain file; False where the file is not plain."""
        import polars as pl

        rows = plain_csv.plain_file(scan, head)
        if rows is None:
            return False
        scan.line = f"row + {head.lines}"
        whole, each = size(table.resource), _record_bytes(table.resource.files[0])

        def tell(done: int) -> None:
            self.progress(table.resource.name, min(int(done * each), whole), whole)

        made = TablePass(scan, rows, self.store, again=True)
        try:
            done = made.run(partial(self.findings.decide, table), tell, self._sinks)
        except pl.exceptions.PolarsError:
            done = False
        if not done:
            if made.suspected:
                self.findings.forget(table)
            return False
        table.read, table.breaks = made, rows.seen.breaks
        table.rows, table.whole = made.rows, True
        return True

    def _prove_wide(self, table: Table, folded: Folded) -> bool:
        """Whether a table of very many columns, whose keys nobody compares, is surely valid."""
        made, head = table.scan, table.head
        assert made is not None
        assert head is not None
        if made.keep or made.values or made.keys or made.references or made.keysets:
            return False
        seen = plain_csv.plain_of(table.resource, head)
        if seen is None or not made.fields:
            return False
        width = head.layout.width
        rows = wide_table_proof.proved_rows(made, folded.columns, width, head.lines, seen)
        if rows is None:
            return False
        table.rows, table.whole = rows, True
        return True

    def _exactly(self, table: Table, scan: Scan, head: Head) -> None:
        """Read by the readers that name faults of structure, as far as they can.

        Raises:
            UnreadableError: The values cannot be compared.
        """
        reader = _Reader(table, head, self._note_fault, self.progress)
        scan.line = "line"
        made = TablePass(scan, ReaderRows(scan, reader.stream), self.store)
        try:
            made.run(partial(self.findings.decide, table), lambda _: None, self._sinks)
        finally:
            table.read = made
            table.rows = made.rows // (table.folded.height if table.folded else 1)
        failure = made.failure
        table.whole = failure is None
        if isinstance(failure, MisdeclaredError):
            self._misdeclared(table, failure, reader.file)
        if failure is not None:
            self.notes.not_checked(table, "data", f"{failure}; {table.rows} rows were read")
        if table.broken.rows:
            rows = "row" if table.broken.rows == 1 else "rows"
            what = f"the values of {table.broken.rows:,} {rows}"
            self.notes.not_checked(table, what, table.doubt)

    def _note_fault(self, table: Table, fault: Fault) -> None:
        if table.broken.note(fault):
            self.notes.fault(table, fault)


class _Reader:
    """Reads a table by the exact readers; it reports faults the first time only.

    The readers are given functions that do not know this object: a circle of references would
    keep the database and its threads until the garbage collector comes.
    """

    def __init__(
        self, table: Table, head: Head, report: Callable[[Table, Fault], None], progress: Progress
    ) -> None:
        self._table, self._head, self._report, self._progress = table, head, report, progress
        self._again = False
        self._rows: ExactCsvReader | TypedRowReader | None = None

    @property
    def file(self) -> int:
        """The number of the file that is being read."""
        return self._rows.file if self._rows else 0

    def stream(self) -> pa.RecordBatchReader:
        """Begin to read, from the first row."""
        table, again = self._table, self._again
        self._again = True
        broken = Broken() if again else table.broken
        report = _noting(broken) if again else partial(self._report, table)
        resource = table.resource
        if typed_rows.delimited(resource):
            tell = (lambda _: None) if again else _telling(resource, self._progress)
            self._rows = ExactCsvReader(resource, self._head, report, tell)
        else:
            self._rows = TypedRowReader(resource, self._head, report)
        read = broken.stream(self._rows.stream())
        if table.folded:
            return table.folded.stream(read, _most_cells(table), again=again)
        return read


def _noting(broken: Broken) -> Callable[[Fault], None]:
    """What notes broken rows and reports nothing."""

    def note(fault: Fault) -> None:
        broken.note(fault)

    return note


def _telling(resource: Resource, progress: Progress) -> Callable[[int], None]:
    """What adds up the bytes of each block read."""
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(resource.name, done, size(resource))

    return tell


def _most_cells(table: Table) -> int | None:
    """Cells that the rows of a very wide table may have, missing ones included."""
    if table.resource.compression is not None or not table.resource.files:
        return None
    return CELLS_FREE + CELLS_PER_BYTE * size(table.resource)


def _record_bytes(path: Path) -> float:
    """About how long a record is."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return len(head) / max(head.count(b"\n"), 1)


__all__ = ["Loader", "Progress"]
