"""Loads tables: the header first, then the rows by the fastest reader that gets them right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from claimpack.engine.exact.broken_rows import Broken
from claimpack.engine.keys import compare_texts
from claimpack.engine.scan import polars_scan, scan_sql, wide_table_proof
from claimpack.engine.scan.scan_sql import Scan
from claimpack.engine.table_run import Notes, Table
from claimpack.engine.typed_row_sinks import Sinks
from claimpack.engine.wide_tables import Folded, folded
from claimpack.errors import UnreadableError, first_line
from claimpack.quoting import name
from claimpack.readers import checksum, csv_exact, csv_plainness, typed_rows
from claimpack.readers.byte_stream import UTF8, MisdeclaredError, codec
from claimpack.readers.checksum import size
from claimpack.readers.column_layout import Fault
from claimpack.readers.line_numbers import FILE

Progress = Callable[[str, int, int], None]
REFUSED = "the database engine cannot read or compare the values of this table"


CELLS_FREE, CELLS_PER_BYTE = 10_000_000, 16
"""A row of two bytes under a header of 100,000 labels lacks nearly all of its cells. So many are
judged whatever the size of a file, and so many more for each of its bytes; CSV spends a byte on
every cell that is there."""


class Loader:
    """Reads tables; notes what their readers find."""

    def __init__(self, notes: Notes, progress: Progress, sinks: Sinks | None = None) -> None:
        self.notes, self.store, self.progress = notes, notes.store, progress
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
            told = "is declared" if resource.encoding_declared else "holds where none is declared"
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
        """Read the rows into the scan's table; where that fails, as many as can be."""
        if not self._fast(table):
            self._careful(table)
        self.store.flush()

    def _fast(self, table: Table) -> bool:
        """Read a plain file with polars or DuckDB; False where neither can be trusted with it.

        Neither gets a file that was not proved plain first: some files end the process.
        """
        resource, made = table.resource, table.scan
        assert made is not None
        assert table.head is not None
        width = made.layout.width
        usable = typed_rows.delimited(resource) and made.layout.fewest == width and made.fields
        if not usable or not csv_plainness.eligible(resource):
            return False
        if table.folded:
            return self._prove_wide(table, table.folded)
        fast = not made.keep
        seen = csv_plainness.plain(resource, width, broken=fast)
        if seen is None:
            return False
        made.line = f"row + {table.head.lines}"
        made.bare = made.simple()
        null = "" if made.bare else scan_sql.NO_TEXT
        rows = self._scan_fast(table, seen) if fast else None
        if rows is None and not len(seen.breaks):
            source = scan_sql.csv_source(resource, made.layout, null)
            rows = self._create(table, source, careful=False)
        if rows is None:
            self.store.run(f"DROP TABLE IF EXISTS {name(made.table)}")
            made.bare = False
            return False
        table.rows, table.whole, table.scanned = rows, True, True
        return True

    def _prove_wide(self, table: Table, folded: Folded) -> bool:
        """Whether a table of very many columns, whose keys nobody compares, is surely valid."""
        made, head = table.scan, table.head
        assert made is not None
        assert head is not None
        if made.keep or made.values or made.keys or made.references or made.keysets:
            return False
        layout = head.layout
        alone = layout.labels is not None and not head.lines
        if alone or layout.fewest != layout.width:
            return False
        seen = csv_plainness.plain(table.resource, layout.width, broken=True)
        if seen is None:
            return False
        made.bare = made.simple()
        rows = wide_table_proof.proved_rows(made, folded.columns, layout.width, head.lines, seen)
        made.bare = False
        if rows is None:
            return False
        table.rows, table.whole, table.scanned = rows, True, True
        return True

    def _create(self, table: Table, source: str, careful: bool) -> int | None:
        """Scan a source into the table; the number of rows, None where the reader fails."""
        import duckdb

        assert table.scan is not None
        try:
            with (
                self._watched(table)
                if size(table.resource) > csv_plainness.SMALL
                else nullcontext()
            ):
                self.store.run(table.scan.create(source, careful))
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            if careful:
                raise RefusedError(first_line(error)) from error
            return None
        return self._proved(table)

    def _proved(self, table: Table) -> int:
        """Note what the scan's table proves; the number of rows."""
        made = table.scan
        assert made is not None
        unique = (compare_texts.whole(made, key) for key in made.keys)
        query = f"SELECT count(*), bool_or(fault), {', '.join(unique)} FROM {name(made.table)}"
        rows, faulty, *proofs = self.store.rows(query)[0]
        table.faulty, table.unique = bool(faulty), proofs
        return int(rows)

    def _scan_fast(self, table: Table, seen: csv_plainness.Plain) -> int | None:
        """The number of rows that polars read; None where it stands back."""
        made, head = table.scan, table.head
        assert made is not None
        assert head is not None
        whole = size(table.resource)

        def tell(done: int) -> None:
            self.progress(table.resource.name, min(done, whole), whole)

        fast = polars_scan.PolarsScan(made, head.lines, self.store, seen)
        made.apart = fast.run(tell, self._sinks)
        if made.apart:
            table.survey, table.fast = seen, fast
            table.faulty = not fast.suspects.empty
            table.unique = [fast.unique(key) for key in made.keys]
            return fast.rows
        self.store.run(f"DROP TABLE IF EXISTS {name(made.table)}")
        return None

    def _watched(self, table: Table) -> Any:
        from claimpack.engine.exact.query_progress import watched

        return watched(
            self.store.connection,
            lambda share: self.progress(
                table.resource.name, int(share * size(table.resource)), size(table.resource)
            ),
        )

    def _careful(self, table: Table) -> None:
        """The exact reader, which names faults of structure and hands on what is readable.

        Where the engine refuses the checks, the table is read again and every row kept, so
        that each check can be run by itself.
        """
        assert table.scan is not None
        try:
            self._carefully(table)
        except RefusedError as error:
            self.store.run(f"DROP TABLE IF EXISTS {name(table.scan.table)}")
            table.scan.singly, table.broken = True, Broken()
            self._again(table, error.noted)

    def _again(self, table: Table, noted: int) -> None:
        """Read a table exactly, with no check run on the way."""
        try:
            self._carefully(table, noted)
        except RefusedError as error:
            raise UnreadableError(REFUSED) from error

    def _carefully(self, table: Table, noted: int = 0) -> None:
        """Read a table exactly.

        Args:
            table: The table.
            noted: Faults of structure that were noted when it was read before.

        Raises:
            RefusedError: The engine cannot run a check.
        """
        assert table.scan is not None
        assert table.head is not None
        done = seen = 0

        def progress(count: int) -> None:
            nonlocal done
            done += count
            self.progress(table.resource.name, done, size(table.resource))

        def report(fault: Fault) -> None:
            nonlocal seen
            seen += 1
            if table.broken.note(fault) and seen > noted:
                self.notes.fault(table, fault)

        rows: Any
        if typed_rows.delimited(table.resource):
            rows = csv_exact.ExactCsvReader(table.resource, table.head, report, progress)
        else:
            rows = typed_rows.TypedRowReader(table.resource, table.head, report)
        read = table.broken.stream(rows.stream())
        stream = _Guarded(table.folded.stream(read, _most_cells(table)) if table.folded else read)
        made = table.scan
        made.line = "line"
        self.store.connection.register("incoming", stream.reader)
        try:
            count = self._create(table, "incoming", careful=True)
        except RefusedError as error:
            stream.raise_own()
            error.noted = max(seen, noted)
            raise
        except UnreadableError:
            stream.raise_own()
            raise
        finally:
            self.store.connection.unregister("incoming")
        table.rows = (count or 0) // (table.folded.height if table.folded else 1)
        table.whole, table.scanned = stream.failure is None, True
        if isinstance(stream.failure, MisdeclaredError):
            self._misdeclared(table, stream.failure, rows.file)
        if isinstance(stream.failure, UnreadableError):
            why = f"{stream.failure}; {table.rows} rows were read"
            self.notes.not_checked(table, "data", why)
        else:
            stream.raise_own()
        if table.broken.rows:
            rows = "row" if table.broken.rows == 1 else "rows"
            what = f"the values of {table.broken.rows:,} {rows}"
            self.notes.not_checked(table, what, table.doubt)


class RefusedError(UnreadableError):
    """The engine refused to run what it was asked.

    Attributes:
        noted: Faults of structure that were noted by then.
    """

    noted = 0


class _Guarded:
    """A stream of batches that remembers what its source raised, and ends there."""

    def __init__(self, reader: Any) -> None:
        import pyarrow as pa

        self.failure: BaseException | None = None
        self.reader = pa.RecordBatchReader.from_batches(reader.schema, self._through(reader))

    def _through(self, reader: Any) -> Iterator[Any]:
        try:
            yield from reader
        except GeneratorExit:
            raise
        except Exception as error:
            self.failure = error
        except BaseException as error:
            # the engine turns what reaches it, an interrupt too, into a text
            self.failure = error
            raise

    def raise_own(self) -> None:
        """Raise what the source raised, if it did."""
        if self.failure is not None:
            raise self.failure


def _most_cells(table: Table) -> int | None:
    """Cells that the rows of a very wide table may have, missing ones included."""
    if table.resource.compression is not None or not table.resource.files:
        return None
    return CELLS_FREE + CELLS_PER_BYTE * size(table.resource)
