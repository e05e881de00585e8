"""The database of a run: its connection, and the findings in a table that spills to disk."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claimpack import interrupts, limits
from claimpack.checks.model import Expression
from claimpack.engine.exact import python_functions
from claimpack.engine.exact.expression_sql import columns, set_name, sql
from claimpack.engine.exact.spill import SpillFile
from claimpack.engine.exact.stored_findings import StoredFindings, Template
from claimpack.engine.keys.hash_index import KeyIndexes
from claimpack.errors import TooLargeError, UnreadableError, first_line
from claimpack.files import temporary_files
from claimpack.quoting import name
from claimpack.readers.column_layout import Fault

if TYPE_CHECKING:
    import duckdb

Row = tuple[int, int, int | None, int | None, list[str | None] | None, str | None, str | None]
COLUMNS = ("part", "chk", "row", "line", "value", "detail", "fix")
INSERT = f"INSERT INTO findings ({', '.join(COLUMNS[:-1])})"
"""Begins a statement that keeps findings. Only a fault that the reader noticed has a fix of its
own; that of the others is their template's."""
FLUSH = 2048


class Store:
    """An in-process database for one validation. Closed, and its files removed, when dropped."""

    def __init__(self, memory: str | None = None) -> None:
        folder = temporary_files.folder()
        weakref.finalize(self, temporary_files.remove, folder)
        self.memory = memory or limits.MEMORY
        self.templates: list[Template] = []
        self._of_resources: dict[str, list[int]] = {}
        self._numbers: dict[Template, int] = {}
        self._pending: list[Row] = []
        self._folder = folder
        self._waiting = SpillFile(folder / "waiting.arrows")
        self.indexes = KeyIndexes(folder)
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._known: set[str] = set()
        self._functions: set[str] = set()
        self._sets: dict[str, tuple[str, ...]] = {}

    @property
    def connected(self) -> bool:
        """Whether the database was needed so far; clean tables do without."""
        return self._connection is not None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection, made when it is asked for first: to start the database takes a while."""
        return self._connection or self.connect()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Start the database where it has not been started; the connection."""
        if self._connection is None:
            self._connection = self._started()
            self._complete(self._connection)
        return self._connection

    def _started(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        connection = duckdb.connect(
            config={
                "memory_limit": self.memory,
                "temp_directory": str(self._folder / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "true",
            }
        )
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        # An IN of five or more constants becomes a join, and loses the order of the rows.
        connection.execute("SET disabled_optimizers = 'in_clause'")
        connection.execute(
            "CREATE TABLE findings (part INTEGER, chk INTEGER, row BIGINT, line BIGINT, "
            "value VARCHAR[], detail VARCHAR, fix VARCHAR)"
        )
        return connection

    def _complete(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make known to the database what was asked for and is not known yet."""
        for function in sorted(self._functions - self._known):
            python_functions.provide(connection, function)
            self._known.add(function)
        for made in self._sets.keys() - self._known:
            import pyarrow as pa

            connection.register("listed", pa.table({"text": self._sets[made]}))
            self.run(f"CREATE TYPE {name(made)} AS ENUM (SELECT text FROM listed)")
            connection.unregister("listed")
            self._known.add(made)

    def run(self, statement: str) -> None:
        """Run a statement to its end."""
        self.rows(statement)

    def provide(self, expressions: Iterable[Expression]) -> None:
        """Make the functions known that expressions call and SQL lacks."""
        self._functions |= python_functions.named(expressions)
        if self._connection is not None:
            self._complete(self._connection)

    def know(self, sets: Iterable[tuple[str, ...]]) -> None:
        """Make types of lists of texts: a cast to one looks a text up in a hash table."""
        self._sets |= {set_name(texts): texts for texts in sets}
        if self._connection is not None:
            self._complete(self._connection)

    def runs(self, expressions: Sequence[Expression]) -> bool:
        """Whether the engine can run expressions over the texts of fields at all."""
        import duckdb

        named = sorted({name for each in expressions for name in columns(each)})
        texts = ", ".join(f"NULL::VARCHAR AS {name}" for name in named) or "NULL"
        listed = ", ".join(f"({sql(each)})" for each in expressions)
        try:
            self.rows(f"SELECT {listed} FROM (SELECT {texts})")
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            return False
        return True

    def one(self, query: str) -> Any:
        """The single value of a query."""
        return self.rows(query)[0][0]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query that has few.

        Raises:
            TooLargeError: It needs more memory than the engine may have.
            UnreadableError: What does not fit into memory cannot be written to disk either.
        """
        interrupts.check()
        with self.translated():
            return self.connection.execute(query).fetchall()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Raise what the engine says of memory and disk as an exception of claimpack.

        Raises:
            TooLargeError: The block needs more memory than the engine may have.
            UnreadableError: What does not fit into memory cannot be written to disk either.
        """
        import duckdb

        try:
            yield
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            if temporary_files.is_full(error):
                raise UnreadableError(temporary_files.full(error)) from error
            if isinstance(error, duckdb.IOException):
                raise UnreadableError(first_line(error)) from error
            raise TooLargeError(
                f"exceeded the memory limit of {self.memory}; raise it with --memory"
            ) from error

    def number(self, template: Template) -> int:
        """The number under which findings of a template are kept."""
        if template not in self._numbers:
            number = self._numbers[template] = len(self.templates)
            self.templates.append(template)
            self._of_resources.setdefault(template.resource, []).append(number)
        return self._numbers[template]

    def templates_of(self, resource: str) -> list[tuple[int, Template]]:
        """The templates of a resource, with their numbers."""
        return [(number, self.templates[number]) for number in self._of_resources.get(resource, ())]

    def add(self, part: int, template: Template, fault: Fault) -> None:
        """Keep one fault that the reader noticed; its message goes into the detail.

        The template must not hold what differs from row to row: a file of nothing but broken
        rows would have as many templates.

        Callable while a query pulls from the reader: nothing runs on the connection.
        """
        value: list[str | None] | None = None if fault.value is None else [fault.value]
        own = (fault.row, fault.line, value, fault.message, fault.fix)
        self._pending.append((part, self.number(template), *own))
        if len(self._pending) >= FLUSH:
            self._spill()

    def _spill(self) -> None:
        """Write what waits to a file, since the connection may be busy."""
        if not self._pending:
            return
        import pyarrow as pa

        text, number = pa.string(), pa.int64()
        kinds = (pa.int32(), pa.int32(), number, number, pa.list_(text), text, text)
        schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
        columns = zip(*self._pending, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        self._waiting.write(pa.RecordBatch.from_arrays(arrays, schema=schema))
        self._pending = []

    def flush(self) -> None:
        """Put what waits into the table; not while a query is running."""
        self._spill()
        if self._waiting.empty:
            return
        with self._waiting.read() as stream:
            self.connection.register("waiting", stream)
            self.run("INSERT INTO findings BY NAME SELECT * FROM waiting")
            self.connection.unregister("waiting")

    def findings(self) -> StoredFindings:
        """Everything kept so far, to be read lazily."""
        self.flush()
        return StoredFindings(self)
