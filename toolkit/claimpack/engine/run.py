"""Runs a plan: heads, scans, explanations, keys, references, relations; then the report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from claimpack.descriptor.model import Resource
from claimpack.engine import cells, files, keys, reader, scan, survey, sweep
from claimpack.engine.fold import Folded, folded
from claimpack.engine.layout import Fault, Layout
from claimpack.engine.printer import name, sql
from claimpack.engine.scan import Scan
from claimpack.engine.store import Store, StoredFindings, Template
from claimpack.engine.streams import UTF8, codec
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.plan import Plan, TablePlan
from claimpack.report import TableSummary, Unchecked
from claimpack.rules import load
from claimpack.rules.check import AnyCheck, KeyCheck, ReferenceCheck, RelationCheck, ValueCheck

Progress = Callable[[str, int, int], None]
Asked = ReferenceCheck | RelationCheck


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
        texts: The scan with its keys as texts, once they were looked at again.
        folded: How its rows were folded, where it is very wide.
        survey: What was seen of the file that a sweep read.
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
    folded: Folded | None = None
    survey: survey.Plain | None = None
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
                self._move(table)
                if table.folded:
                    table.folded.undo(self.store, table.part, table.plan.structure)
        summaries = tuple(
            TableSummary(t.resource.name, t.rows, size(t.resource), round(t.seconds, 6))
            for t in self.tables
        )
        return Outcome(self.store.findings(), tuple(self.unchecked), summaries, self.store)

    def _timed(self, table: Table, step: Callable[[Table], None]) -> None:
        start = time.perf_counter()
        try:
            step(table)
        except UnreadableError as error:
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
        table.folded = folded(table.plan, layout)
        layout = table.folded.layout if table.folded else layout
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
                    "Save the file as UTF-8 without a byte order mark, which claimpack fmt does",
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
                    "Save the file as UTF-8, which claimpack fmt does, or declare "
                    f'"encoding": "{head.mark}"',
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
        if not usable or table.folded or not survey.eligible(resource):
            return False
        small = size(resource) <= survey.SMALL
        sweeps = not small and made.simple() and not made.keep and sweep.installed()
        trusted = beside.submit(survey.plain, resource, width, broken=sweeps)
        if small and not trusted.result():
            return False
        made.line = f"row + {table.head.lines}"
        made.bare, made.hashed = made.simple(), not small
        null = "" if made.bare else scan.NO_TEXT
        source = scan.csv_source(resource, made.layout, null)
        rows = self._sweep(table, trusted) if sweeps else None
        if rows is None and not (trusted.done() and _rejected(trusted)):
            rows = self._create(table, source, careful=False)
        if rows is None or (not made.apart and _rejected(trusted)):
            self.store.run(f"DROP TABLE IF EXISTS {name(made.table)}")
            made.bare = made.hashed = False
            return False
        table.rows, table.whole, table.scanned = rows, True, True
        serial = table.survey is not None and len(table.survey.breaks) > 0
        table.source = scan.csv_source(resource, made.layout, null, parallel=not serial)
        return True

    def _create(self, table: Table, source: str, careful: bool) -> int | None:
        """Scan a source into the table; the number of rows, None where the reader balked."""
        import duckdb

        assert table.scan is not None
        try:
            with self._watched(table):
                self.store.run(table.scan.create(source, careful))
        except duckdb.Error as error:
            if careful:
                raise UnreadableError(_first_line(error)) from error
            return None
        return self._proved(table)

    def _proved(self, table: Table, rising: tuple[KeyCheck, ...] = ()) -> int:
        """Note what the scan's table proves; the number of rows.

        Args:
            table: A scanned table.
            rising: The keys that rise from row to row, which need no proof.
        """
        made = table.scan
        assert made is not None
        unique = ("TRUE" if key in rising else keys.whole(made, key) for key in made.keys)
        query = f"SELECT count(*), bool_or(fault), {', '.join(unique)} FROM {name(made.table)}"
        rows, faulty, *proofs = self.store.rows(query)[0]
        table.faulty, table.unique = bool(faulty), proofs
        return int(rows)

    def _sweep(self, table: Table, trusted: Future[survey.Plain | None]) -> int | None:
        """The second engine's parallel reader; None where it stands back."""
        made, head = table.scan, table.head
        assert made is not None
        assert head is not None
        whole = size(table.resource)

        def tell(done: int) -> None:
            self.progress(table.resource.name, min(done, whole), whole)

        swept = sweep.Sweep(made, head.lines, self.store, trusted, tell)
        made.apart = swept.run()
        if made.apart:
            table.survey = trusted.result()
            return self._proved(table, swept.rising)
        for void in (made.table, made.suspects):
            self.store.run(f"DROP TABLE IF EXISTS {name(void)}")
        return None

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
        read = rows.stream()
        stream = _Guarded(table.folded.stream(read) if table.folded else read)
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
        table.rows = (count or 0) // (table.folded.height if table.folded else 1)
        table.whole, table.scanned = stream.failure is None, True
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
            except TimeoutError:
                self._slow(table, check)
                continue
            if wrong:
                failed.add(check.rule)
                yield self._number(table, check)

    def _slow(self, table: Table, check: ValueCheck) -> None:
        why = "a pattern took longer than the limit on a value"
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
                texts = self._texts(table, made)
                self.store.run(keys.repeats(texts, check, table.part, number))

    def _relate(self, table: Table) -> None:
        """References and relations: what rows of several tables say together."""
        if table.scan is None or not table.scanned:
            return
        made = table.scan
        queries: list[tuple[Asked, str]] = [
            *((check, self._refer(table, made, check)) for check in made.references),
            *((check, self._relation(table, made, check)) for check in table.plan.relations),
        ]
        asked = {check: query for check, query in queries if query}
        if not asked:
            return
        try:
            self._ask(*asked.values())
        except TooLargeError:
            self._one_by_one(table, asked)

    def _ask(self, *queries: str) -> None:
        union = " UNION ALL ".join(f"({query})" for query in queries)
        self.store.run(f"INSERT INTO findings {union}")

    def _one_by_one(self, table: Table, asked: dict[Asked, str]) -> None:
        """What is too much at once may fit alone; what does not is not checked."""
        for check, query in asked.items():
            try:
                self._ask(query)
            except TooLargeError as error:
                about = ", ".join(check.fields)
                self._not_checked(table, f"{check.rule} {about}".strip(), str(error))

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
            compared: tuple[KeyCheck | ReferenceCheck, ...] = (*made.keys, *made.references)
            keyed = [self._number(table, key) for key in compared if names <= set(key.fields)]
            if keyed:
                self.store.run(
                    f"DELETE FROM findings WHERE part = {table.part} AND chk IN "
                    f"({', '.join(map(str, keyed))}) AND row IN "
                    f"(SELECT row FROM findings WHERE part = {table.part} AND chk = {number})"
                )

    def _move(self, table: Table) -> None:
        """Newlines inside quotes move the lines of the rows behind them."""
        if table.survey is None or not len(table.survey.breaks):
            return
        import numpy as np
        import pyarrow as pa

        header = 1 if table.resource.dialect.header else 0
        records, counts = np.unique(np.asarray(table.survey.breaks), return_counts=True)
        moves = pa.table({"row": records - header + 1, "lines": np.cumsum(counts)})
        self.store.connection.register("moves", moves)
        self.store.run(
            "UPDATE findings SET line = findings.line + moved.lines FROM "
            "(SELECT f.rowid AS id, m.lines FROM findings AS f ASOF JOIN moves AS m "
            f"ON f.row > m.row WHERE f.part = {table.part}) AS moved "
            "WHERE findings.rowid = moved.id"
        )
        self.store.connection.unregister("moves")

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
        if made.hashed and self.store.one(keys.holds(made, target.scan, check)):
            return ""
        number = self._number(table, check)
        return keys.dangling(made, self._texts(table, made), target.scan, check, table.part, number)

    def _texts(self, table: Table, made: Scan) -> Scan:
        """The scan with its keys as texts: a large table is read once more for them."""
        if not made.hashed:
            return made
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
        lines = ""
        if made.line == "line":
            lines = f" LEFT JOIN {name(made.table)} AS rows ON rows.rowid + 1 = hits.row"
        return (
            f"SELECT {table.part}, {self._number(table, check)}, row, {made.line}, "
            f"[value::VARCHAR], detail::VARCHAR FROM "
            f"(SELECT hits.*{', rows.line' if lines else ''} FROM ({check.query}) AS hits{lines})"
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
        if isinstance(self.failure, UnreadableError) and table and run:
            run._not_checked(table, "data", f"{self.failure}; {table.rows} rows were read")
        elif self.failure is not None:
            raise self.failure


def _rejected(trusted: Future[survey.Plain | None]) -> bool:
    """Whether the survey found that the engine's own parallel reader may not be trusted."""
    seen = trusted.result()
    return seen is None or len(seen.breaks) > 0


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
