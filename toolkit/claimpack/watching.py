"""Watches a package while somebody edits it, and checks again what an edit touches.

Files are looked at by time, size and inode, a few times a second. A table that changed is
checked again, and so is every table that refers to it or is compared with it; what is known
of the others stays. A change of the descriptor or of a schema checks all. A file that changes
while it is being checked is checked once more before anything is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from claimpack.config.settings import OWN, SHARED
from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.reading import NAME, Reading
from claimpack.engine.run import Outcome
from claimpack.errors import ClaimpackError
from claimpack.plan import Plan, TablePlan
from claimpack.report import (
    Finding,
    FindingList,
    Findings,
    JoinedFindings,
    Report,
    Severity,
    TableSummary,
    Unchecked,
)

PAUSE = 0.1
"""Seconds between two looks at the files."""
CALM = 0.05
"""Seconds for which the files have to stay as they are before they are read."""
PATIENCE = 2.0
"""Seconds after which they are read although they go on changing."""
RETRIES = 3
"""Checks in a row that are thrown away since a file changed meanwhile."""

TOLD = frozenset({OWN, SHARED})
"""Files whose change may change a report although nothing else did."""

Runner = Callable[[Plan], Outcome]
Stamp = tuple[int, int, int] | None
Stamps = dict[Path, Stamp]


@dataclass(frozen=True, slots=True)
class Watched:
    """A report, and what it was made for.

    Attributes:
        report: On the whole package.
        changed: Tables and files that changed since the last report; empty in the first.
        checked: Tables that were checked again.
    """

    report: Report
    changed: tuple[str, ...]
    checked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingsOf:
    """The findings of some resources among others."""

    inner: Findings
    names: frozenset[str | None]

    def __len__(self) -> int:
        return sum(self.totals().values())

    def __iter__(self) -> Iterator[Finding]:
        return (item for item in self.inner if item.resource in self.names)

    def totals(self) -> dict[tuple[str | None, str, Severity], int]:
        """Number of findings by (resource, rule, severity)."""
        return {key: n for key, n in self.inner.totals().items() if key[0] in self.names}

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        """The first findings of one rule in one resource, at most limit."""
        return self.inner.some(resource, rule, limit) if resource in self.names else iter(())


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a package: findings, what was not checked, tables.

    Attributes:
        runs: Each run with the tables that it was the last to check.
    """

    findings: Findings
    unchecked: tuple[Unchecked, ...]
    tables: tuple[TableSummary, ...]
    runs: tuple[tuple[Outcome, frozenset[str]], ...] = ()


@dataclass
class Memory:
    """What the last check of each table found.

    Attributes:
        run: Runs a plan.
        touched: Tables to check again, None for all.
        checked: Tables that the last call checked.
    """

    run: Runner
    touched: frozenset[str] | None = None
    checked: tuple[str, ...] = ()
    _package: Package | None = None
    _grades: object = None
    _latest: dict[str, Outcome] = field(default_factory=dict)

    def check(self, plan: Plan) -> Known:
        """Check what is to be checked again, and tell what is known of all."""
        if self.touched is None or (plan.package, plan.grades) != (self._package, self._grades):
            part, names = plan, [table.resource.name for table in plan.tables]
            self._latest = {}
        else:
            part, names = narrowed(plan, self.touched)
        self.checked = tuple(names)
        if names:
            outcome = self.run(part)
            self._latest |= dict.fromkeys(names, outcome)
        self._package, self._grades = plan.package, plan.grades
        return self._known(plan)

    def forget(self) -> None:
        """Check everything next time."""
        self._package = None

    def _known(self, plan: Plan) -> Known:
        order = [table.resource.name for table in plan.tables]
        groups: dict[int, tuple[Outcome, list[str]]] = {}
        for name in order:
            groups.setdefault(id(self._latest[name]), (self._latest[name], []))[1].append(name)
        findings = [
            FindingsOf(outcome.findings, frozenset(names)) for outcome, names in groups.values()
        ]
        return Known(
            JoinedFindings(tuple(findings)),
            tuple(
                item
                for name in order
                for item in self._latest[name].unchecked
                if item.resource == name
            ),
            tuple(
                item for name in order for item in self._latest[name].tables if item.name == name
            ),
            tuple((outcome, frozenset(names)) for outcome, names in groups.values()),
        )


def narrowed(plan: Plan, touched: frozenset[str]) -> tuple[Plan, list[str]]:
    """The part of a plan that an edit of these tables makes necessary.

    Returns:
        A plan of the touched tables, of those that refer to them or are compared with
        them, and of those that are only read for that; and the names of the former.
    """
    affected = [table for table in plan.tables if ({table.resource.name} | _read(table)) & touched]
    names = [table.resource.name for table in affected]
    needed = {name for table in affected for name in _read(table)}
    tables = tuple(
        table if table.resource.name in names else replace(table, references=(), relations=())
        for table in plan.tables
        if table.resource.name in needed.union(names)
    )
    return replace(plan, tables=tables), names


def _read(table: TablePlan) -> set[str]:
    """The tables that a table's checks read beside itself."""
    targets = {check.target for check in table.references}
    return targets.union(*(check.tables for check in table.relations))


@dataclass
class Watcher:
    """Reports on a package, one after each change, for ever.

    Attributes:
        path: The package as the caller named it.
        read: Reads its descriptor.
        judge: Makes a report of a descriptor and of what is known of its tables.
        memory: What the tables were found to be.
        pause: Seconds between two looks at the files.
    """

    path: Path
    read: Callable[[], Reading]
    judge: Callable[[Reading, Memory], Report]
    memory: Memory
    pause: float = PAUSE
    _told: bool = False

    def __iter__(self) -> Iterator[Watched]:
        reading, stamps = self._open()
        changed: dict[str, None] = {}
        checked: dict[str, None] = {}
        retries = 0
        while True:
            report = self._judged(reading)
            checked |= dict.fromkeys(self.memory.checked)
            if retries < RETRIES and self._stamps(reading) != stamps:
                retries += 1
            else:
                self._told = True
                yield Watched(report, tuple(changed), tuple(checked))
                changed, checked, retries = {}, {}, 0
            before, gone = reading, False
            while True:
                try:
                    reading, fresh = self._next(reading, stamps, gone)
                    break
                except ClaimpackError as error:
                    gone = True
                    yield Watched(_unread(error), (self._name(),), ())
            names = _changed(reading.package, stamps, fresh)
            same = before.package == reading.package and not gone
            self.memory.touched = frozenset(names) if same else None
            changed |= dict.fromkeys(names)
            changed |= {} if same else {self._name(): None}
            stamps = fresh

    def _name(self) -> str:
        return self.path.name or str(self.path)

    def _judged(self, reading: Reading) -> Report:
        """The report; where a file is gone or half written, that nothing could be checked."""
        try:
            return self.judge(reading, self.memory)
        except (ClaimpackError, OSError) as error:
            if not self._told:
                raise
            self.memory.forget()
            return _unread(error)

    def _next(self, reading: Reading, stamps: Stamps, gone: bool) -> tuple[Reading, Stamps]:
        """Wait for a change that matters; the descriptor and the files as they are then.

        Args:
            reading: The descriptor as it was.
            stamps: The files as they were.
            gone: Whether it was told that there is no descriptor; its return matters then.

        Raises:
            ClaimpackError: The descriptor is gone, and was not put back at once.
        """
        missed: float | None = None
        while True:
            while self._stamps(reading) == stamps:
                time.sleep(self.pause)
            self._calm(reading)
            try:
                found, fresh = self._open()
            except ClaimpackError:
                now = time.monotonic()
                missed = missed or now
                if now - missed > PATIENCE and not gone:
                    raise
                time.sleep(self.pause)  # most editors put it back
                continue
            told = any(stamps.get(path) != fresh.get(path) for path in fresh if path.name in TOLD)
            if gone or told or found != reading or _changed(found.package, stamps, fresh):
                return found, fresh
            stamps, missed = fresh, None

    def _calm(self, reading: Reading) -> None:
        """Wait until nobody is writing any more."""
        end = time.monotonic() + PATIENCE
        last = self._stamps(reading)
        while time.monotonic() < end:
            time.sleep(CALM)
            now = self._stamps(reading)
            if now == last:
                return
            last = now

    def _open(self) -> tuple[Reading, Stamps]:
        """The descriptor, and how the files were when it was as it is."""
        for _ in range(RETRIES):
            reading = self.read()
            stamps = self._stamps(reading)
            if self.read() == reading:
                break
        return reading, stamps

    def _stamps(self, reading: Reading) -> Stamps:
        return {path: _stamp(path) for path in _files(self.path, reading.package)}


def _unread(error: Exception) -> Report:
    return Report(None, FindingList(), (Unchecked(None, "package", str(error)),))


def _files(path: Path, package: Package | None) -> Iterator[Path]:
    """Every file that a report depends on, and the folders that they are in."""
    yield path
    yield path / NAME
    base = package.base if package else path.parent
    for folder in (base, Path()):
        yield folder / OWN
        yield folder / SHARED
    yield base
    for resource in package.resources if package else ():
        parts = (resource.raw.get(name) for name in ("schema", "dialect", "profile"))
        for name in (*resource.paths, *(part for part in parts if isinstance(part, str))):
            yield base / name
            yield (base / name).parent
        yield from resource.files


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _changed(package: Package | None, before: Stamps, now: Stamps) -> list[str]:
    """The tables whose files are others than before."""
    if package is None:
        return []
    return [
        resource.name
        for resource in package.resources
        if any(
            path in before and before[path] != now.get(path) for path in _data(package, resource)
        )
    ]


def _data(package: Package, resource: Resource) -> Iterator[Path]:
    yield from resource.files
    yield from (package.base / name for name in resource.paths)


__all__ = ["FindingsOf", "Known", "Memory", "Watched", "Watcher", "narrowed"]
