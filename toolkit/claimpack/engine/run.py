"""Runs a plan: heads, scans, explanations, keys, references, relations; then the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from claimpack.descriptor.model import Resource
from claimpack.engine import cells, files, keys, reader, scan, survey
from claimpack.engine.layout import Fault, Layout
from claimpack.engine.printer import name, sql
from claimpack.engine.scan import Scan
from claimpack.engine.store import Store, StoredFindings, Template
from claimpack.engine.streams import UTF8, TooLargeError, codec
from claimpack.errors import UnreadableError
from claimpack.plan import Plan, TablePlan
from claimpack.report import TableSummary, Unchecked
from claimpack.rules import load
from claimpack.rules.check import AnyCheck, KeyCheck, ReferenceCheck, RelationCheck, ValueCheck

Progress = Callable[[str, int, int], None]


@dataclass
class Table:
    """One table on its way through the engine.

    Attributes:
        part: Its position in the report.
        scan: Its plan laid over its columns, None where they could not be read.
        rows: Data rows read.
        seconds: Time spent on it.
        scanned: Whether its rows, or some of them, are in the scan's table.
        source: SQL of what it was read from, on the fast road.
        whole: Whether every row is.
        texts: The scan with the references' texts, once they were looked at again.
        faulty: Whether any row of it is at fault.
        unique: For each of the scan's keys, whether no key stands twice.
        typed: Whether its typed rows are there for relations to read.
    """

    part: int
    plan: TablePlan
    scan: Scan | None = None
    head: reader.Head | None = None
    rows: int = 0
    seconds: float = 0.0
    scanned: bool = False
    source: str = ""
    whole: bool = False
    typed: bool = False
    texts: Scan | None = None
    faulty: bool = False
    unique: list[bool] = field(default_factory=list)

    @property
    def resource(self) -> Resource:
        """The table's resource."""
        return self.plan.resource


@dataclass
class Outcome:
    """What a run found."""

    findings: StoredFindings
    unchecked: tuple[Unchecked, ...]
    tables: tuple[TableSummary, ...]
    store: Store


@dataclass
class Run:
    """One run of a plan."""

    plan: Plan
    memory: str | None = None
    progress: Progress = lambda *_: None
    unchecked: list[Unchecked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.memory)
        self.tables = [Table(part, plan) for part, plan in enumerate(self.plan.tables)]
        self._named = {table.resource.name: table for table in reversed(self.tables)}

    def outcome(self) -> Outcome:
        """Run every step and give back what was found."""
        with ThreadPoolExecutor(1, thread_name_prefix="claimpack") as beside:
            for table in self.tables:
                self._timed(table, self._open)
            self._expect_references()
            for table in self.tables:
                self._timed(table, lambda table: self._scan(table, beside))
            for table in self.tables:
                self._timed(table, self._relate)
            self.store.flush()
            for table in self.tables:
                self._silence(table)
        summaries = tuple(
            TableSummary(t.resource.name, t.rows, size(t.resource), round(t.seconds, 6))
            for t in self.tables
        )
        return Outcome(self.store.findings(), tuple(self.unchecked), summaries, self.store)

    def _timed(self, table: Table, step: Callable[[Table], None]) -> None:
        start = time.perf_counter()
        try:
            step(table)
        except (UnreadableError, TooLargeError) as error:
            self._not_checked(table, "data", str(error))
        table.seconds += time.perf_counter() - start

    def _not_checked(self, table: Table, what: str, why: str) -> None:
        self.unchecked.append(Unchecked(table.resource.name, what, why))

    # --- opening --------------------------------------------------------------------------

    def _open(self, table: Table) -> None:
        """Read the header and lay the plan over the columns."""
        resource = table.resource
        for fault in files.faults(resource, table.plan.structure) if resource.files else ():
            self._fault(table, fault)
        if resource.broken or resource.blocked:
            return
        if cells.delimited(resource):
            table.head = reader.head(resource)
        else:
            table.head = cells.head(resource)
        layout = table.head.layout
        self._mark(table)
        for fault in layout.faults:
            self._fault(table, fault)
        if table.head.empty:
            self._empty(table)
            return
        keep = resource.name in self.plan.read_by_relations()
        table.scan = Scan(table.plan, layout, f"scan {table.part}", "", keep)

    def _empty(self, table: Table) -> None:
        message = "the file is empty"
        self._fault(table, Fault("empty-file", message, "Restore the file, or write its header"))

    def _mark(self, table: Table) -> None:
        """A byte order mark that does not fit what is declared, or is not needed."""
        head, resource = table.head, table.resource
        if head is None or not head.mark:
            return
        utf8 = codec(resource.encoding) in UTF8
        if head.mark == "utf-8" and utf8 and resource.encoding_declared:
            self._fault(
                table,
                Fault(
                    "byte-order-mark",
                    "the file begins with a byte order mark, which was stripped",
                    "Save the file as UTF-8 without a byte order mark",
                    line=1,
                ),
            )
        elif head.mark != "utf-8" and utf8:
            told = "is declared" if resource.encoding_declared else "holds where none is declared"
            self._fault(
                table,
                Fault(
                    "encoding-error",
                    f"the file begins with a byte order mark of {head.mark.upper()}, "
                    f"but {resource.encoding} {told}",
                    f'Declare "encoding": "{head.mark}", or save the file as UTF-8',
                    line=1,
                ),
            )
            raise UnreadableError(f"the text is {head.mark}, not {resource.encoding}")

    def _fault(self, table: Table, fault: Fault) -> None:
        """Keep a fault that the reader noticed, where its rule is asked for."""
        if fault.rule in table.plan.structure:
            fields = (fault.field,) if fault.field is not None else ()
            template = self._template(table, fault.rule, fields, "{detail}", fault.fix, None)
            self.store.add(table.part, template, fault)

    def _template(
        self,
        table: Table,
        rule_id: str,
        fields: tuple[str, ...],
        message: str,
        fix: str,
        clause: str | None,
    ) -> Template:
        rule, resource = load(rule_id), table.resource
        return Template(
            rule_id,
            rule.severity,
            resource.name,
            resource.paths,
            fields,
            message,
            fix,
            clause or rule.clause,
        )

    def _number(self, table: Table, check: AnyCheck) -> int:
        return self.store.number(
            self._template(table, check.rule, check.fields, check.message, check.fix, check.clause)
        )

    def _expect_references(self) -> None:
        """Tell each table which of its keys other tables will look for."""
        for table in self.tables:
            for check in table.scan.references if table.scan else ():
                target = self._named.get(check.target)
                if target is not None and target.scan is not None:
                    for key in check.target_keys:
                        target.scan.key(sql(key))

    # --- scanning -------------------------------------------------------------------------

    def _scan(self, table: Table, beside: ThreadPoolExecutor) -> None:
        if table.scan is None or table.head is None:
            return
        if not self._fast(table, beside):
            self._careful(table)
        self.store.flush()
        self._explain(table)
        self._values(table)
        self._unique(table)

    def _fast(self, table: Table, beside: ThreadPoolExecutor) -> bool:
        """The parallel reader, while the survey beside it proves that it may be trusted."""
        resource, made = table.resource, table.scan
        assert made is not None
        assert table.head is not None
        width = made.layout.width
        usable = cells.delimited(resource) and made.layout.fewest == width and made.fields
        if not usable or not survey.eligible(resource):
            return False
        small = size(resource) <= survey.SMALL
        trusted: Future[bool] = beside.submit(survey.plain, resource, width)
        if small and not trusted.result():
            return False
        made.line = f"row + {table.head.lines}"
        made.bare, made.hashed = made.simple(), not small
        source = scan.csv_source(resource, made.layout, "" if made.bare else scan.NO_TEXT)
        rows = self._create(table, source, careful=False)
        if rows is None or not trusted.result():
            self.store.run(f"DROP TABLE IF EXISTS {name(made.table)}")
            made.bare = made.hashed = False
            return False
        table.rows, table.whole, table.scanned = rows, True, True
        table.source = source
        return True

    def _create(self, table: Table, source: str, careful: bool) -> int | None:
        """Scan a source into the table; the number of rows, None where the reader balked."""
        import duckdb

        assert table.scan is not None
        try:
            with self._watched(table):
                self.store.run(table.scan.create(source, careful))
        except duckdb.Error as error:
            if careful or isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException):
                raise UnreadableError(_first_line(error)) from error
            return None
        made = table.scan
        proofs = ["count(*)", "bool_or(fault)", *(self._whole(table, check) for check in made.keys)]
        query = f"SELECT {', '.join(proofs)} FROM {name(made.table)}"
        rows, faulty, *unique = self.store.connection.execute(query).fetchall()[0]
        table.faulty, table.unique = bool(faulty), unique
        return int(rows)

    def _whole(self, table: Table, check: KeyCheck) -> str:
        """The proof that no key stands twice; that large tables rise is asked first."""
        assert table.scan is not None
        large = size(table.resource) > survey.SMALL and len(check.keys) == 1
        if large and self.store.one(keys.rising(table.scan, check)):
            return "TRUE"
        return keys.whole(table.scan, check)

    def _watched(self, table: Table) -> Any:
        from claimpack.engine.watch import watched

        return watched(
            self.store.connection,
            lambda share: self.progress(
                table.resource.name, int(share * size(table.resource)), size(table.resource)
            ),
        )

    def _careful(self, table: Table) -> None:
        """The exact reader, which names faults of structure and hands on what is readable."""
        assert table.scan is not None
        assert table.head is not None
        done = 0

        def progress(count: int) -> None:
            nonlocal done
            done += count
            self.progress(table.resource.name, done, size(table.resource))

        def report(fault: Fault) -> None:
            self._fault(table, fault)

        rows: Any
        if cells.delimited(table.resource):
            rows = reader.CarefulReader(table.resource, table.head, report, progress)
        else:
            rows = cells.CellReader(table.resource, table.head, report)
        stream = _Guarded(rows.stream())
        made = table.scan
        made.line = "line"
        self.store.connection.register("incoming", stream.reader)
        try:
            count = self._create(table, "incoming", careful=True)
        except UnreadableError:
            stream.raise_own()
            raise
        finally:
            self.store.connection.unregister("incoming")
        table.rows, table.whole, table.scanned = count or 0, stream.failure is None, True
        stream.raise_own(table, self)

    # --- explaining -----------------------------------------------------------------------

    def _explain(self, table: Table) -> None:
        made = table.scan
        assert made is not None
        if not table.faulty:
            return
        numbers = {position: self._number(table, check) for position, check in enumerate(made.rows)}
        self.store.run(made.explain(numbers, table.part))

    def _values(self, table: Table) -> None:
        """Tests in Python, once for each distinct text of a column."""
        made = table.scan
        assert made is not None
        by_field: dict[str, list[ValueCheck]] = {}
        for check in made.values:
            by_field.setdefault(check.fields[0], []).append(check)
        for field_name, checks in by_field.items():
            self._value(table, field_name, checks)

    def _value(self, table: Table, field_name: str, checks: list[ValueCheck]) -> None:
        made = table.scan
        assert made is not None
        column = made.text(field_name)
        distinct = self.store.connection.execute(
            f"SELECT DISTINCT {column} FROM {name(made.table)} WHERE {column} IS NOT NULL"
        )
        bad: list[tuple[str, int]] = []
        while rows := distinct.fetchmany(5000):
            for (text,) in rows:
                bad += ((text, n) for n in self._failed(table, text, checks))
        if not bad:
            return
        import pyarrow as pa

        waiting = pa.table({"value": [v for v, _ in bad], "chk": [n for _, n in bad]})
        guards = [guard for check in checks for guard in made.guards(check)]
        silent = " AND ".join(f"NOT COALESCE({guard}, FALSE)" for guard in dict.fromkeys(guards))
        place = made.place(field_name)
        self.store.connection.register("bad", waiting)
        self.store.run(
            f"INSERT INTO findings SELECT {table.part}, chk, row, {made.line}, [f{place}], NULL "
            f"FROM (SELECT rows.*, rowid + 1 AS row, {column} AS f{place}, chk FROM "
            f"{name(made.table)} AS rows JOIN bad ON {column} = bad.value) "
            f"WHERE {silent or 'TRUE'}"
        )
        self.store.connection.unregister("bad")

    def _failed(self, table: Table, text: str, checks: list[ValueCheck]) -> Iterator[int]:
        failed: set[str] = set()
        for check in sorted(checks, key=lambda check: len(check.after)):
            if failed.intersection(check.after):
                continue
            try:
                wrong = check.test(text)
            except TimeoutError as error:
                self._slow(table, check, str(error))
                continue
            if wrong:
                failed.add(check.rule)
                yield self._number(table, check)

    def _slow(self, table: Table, check: ValueCheck, why: str) -> None:
        item = Unchecked(table.resource.name, f"{check.rule} of {check.fields[0]}", why)
        if item not in self.unchecked:
            self.unchecked.append(item)

    # --- keys and relations ---------------------------------------------------------------

    def _unique(self, table: Table) -> None:
        made = table.scan
        assert made is not None
        for check, unique in zip(made.keys, table.unique, strict=True):
            if not unique:
                number = self._number(table, check)
                self.store.run(keys.repeats(made, check, table.part, number))

    def _relate(self, table: Table) -> None:
        """References and relations: what rows of several tables say together."""
        if table.scan is None or not table.scanned:
            return
        made = table.scan
        queries = [self._refer(table, made, check) for check in made.references]
        queries += [self._relation(table, made, check) for check in table.plan.relations]
        asked = " UNION ALL ".join(f"({query})" for query in queries if query)
        if asked:
            self.store.run(f"INSERT INTO findings {asked}")

    def _silence(self, table: Table) -> None:
        """A cell of the wrong type is no key: take back what was said of it as one."""
        made, kept = table.scan, self.store.templates
        if made is None or not table.scanned:
            return
        own = [(n, t) for n, t in enumerate(kept) if t.resource == table.resource.name]
        for number, wrong in own:
            if wrong.rule != "type-error" or not set(wrong.fields) <= _tested(made):
                continue
            names = set(wrong.fields)
            keyed = [n for n, t in own if t.rule in KEY_RULES and names <= set(t.fields)]
            if keyed:
                self.store.run(
                    f"DELETE FROM findings WHERE part = {table.part} AND chk IN "
                    f"({', '.join(map(str, keyed))}) AND row IN "
                    f"(SELECT row FROM findings WHERE part = {table.part} AND chk = {number})"
                )

    def _refer(self, table: Table, made: Scan, check: ReferenceCheck) -> str:
        target = self._named.get(check.target)
        if target is None or target.scan is None or not target.whole:
            self._not_checked(
                table,
                f"foreign key {', '.join(check.fields)}",
                f"the table {check.target} that it points to was not read",
            )
            return ""
        if not _covered(target.scan.layout, target.scan, check.target_fields):
            return ""
        if made.hashed:
            if self.store.one(keys.holds(made, target.scan, check)):
                return ""
            made = self._again(table, made)
        return keys.dangling(made, target.scan, check, table.part, self._number(table, check))

    def _again(self, table: Table, made: Scan) -> Scan:
        """The texts of a large table's references, read once more since one of them fails."""
        if table.texts is None:
            table.texts = made.again(f"again {table.part}")
            self.store.run(table.texts.keys_only(table.source))
        return table.texts

    def _relation(self, table: Table, made: Scan, check: RelationCheck) -> str:
        needed = [self._named.get(other) for other in check.tables]
        if not all(item and item.scan and item.whole for item in needed):
            self._not_checked(table, check.rule, "a table that it reads was not read")
            return ""
        for item in needed:
            if item and item.scan and not item.typed:
                self.store.run(
                    f"CREATE TEMP TABLE {name(item.resource.name)} AS {item.scan.typed()}"
                )
                item.typed = True
        line = made.line.replace("row +", "hits.row +")
        return (
            f"SELECT {table.part}, {self._number(table, check)}, hits.row, {line}, "
            f"[hits.value::VARCHAR], hits.detail::VARCHAR FROM ({check.query}) AS hits "
            f"LEFT JOIN {name(made.table)} AS rows ON rows.rowid + 1 = hits.row"
        )


class _Guarded:
    """A stream of batches that remembers what its source raised, and ends there."""

    def __init__(self, reader: Any) -> None:
        import pyarrow as pa

        self.failure: Exception | None = None
        self.reader = pa.RecordBatchReader.from_batches(reader.schema, self._through(reader))

    def _through(self, reader: Any) -> Iterator[Any]:
        try:
            yield from reader
        except Exception as error:
            self.failure = error

    def raise_own(self, table: Table | None = None, run: Run | None = None) -> None:
        """Raise what the source raised, if it did."""
        if isinstance(self.failure, TooLargeError | UnreadableError) and table and run:
            run._not_checked(table, "data", f"{self.failure}; {table.rows} rows were read")
        elif self.failure is not None:
            raise self.failure


KEY_RULES = frozenset({"unique-error", "unique-key", "primary-key", "foreign-key"})


def _tested(made: Scan) -> set[str]:
    """The fields whose type is judged text by text, so that their keys are texts as well."""
    return {check.fields[0] for check in made.values if check.rule == "type-error"}


def _covered(layout: Layout, made: Scan, names: tuple[str, ...]) -> bool:
    places = [made.place(name) for name in names]
    return all(place is not None and layout.fields[place] is not None for place in places)


def size(resource: Resource) -> int:
    """Bytes of a resource's files, 0 for inline data."""
    return sum(path.stat().st_size for path in resource.files)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
