"""Checks tables again with a patch applied in memory: what is shown was tried before.

Small tables are checked in full. Of a larger file a sample is checked: its top, and slices
further down, cut at the ends of lines, in a temporary file.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package, Resource
from claimpack.diagnoses.gathering import Counts, Parts, complaints, counts
from claimpack.engine.run import Run
from claimpack.errors import ClaimpackError
from claimpack.files import temporary_files
from claimpack.plan import Plan, TablePlan, make
from claimpack.readers import typed_rows
from claimpack.readers.byte_stream import codec, source

WHOLE = 2 << 20
"""Bytes of the largest file that is checked in full again."""
TOP, SLICE, SLICES = 128 << 10, 32 << 10, 7
"""Bytes of a sample: from the top of the file, and from each of so many places below."""
WIDE = 1000
"""Bytes at the top of a file among which UTF-16 shows by its zeros."""
BYTEWISE = ("utf-8", "ascii", "latin", "iso8859", "cp12", "windows-12", "mac")
"""How the names of encodings begin in which a newline is one byte, and no other's part."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a check of some tables found.

    Attributes:
        parts: The findings in short.
        counts: Number of findings by resource, field and rule.
        rows: Number of rows checked, by resource.
        unread: The resources whose rows could not be read.
    """

    parts: Parts
    counts: Counts
    rows: Mapping[str, int]
    unread: frozenset[str] = frozenset()


@dataclass
class Rechecker:
    """Checks tables of a package again.

    Attributes:
        package: The package as it is.
        grades: Severities: findings of rules that are off are not counted.
        memory: Memory of the engine.
    """

    package: Package
    grades: Grades
    memory: str | None = None
    _samples: dict[str, Path | None] = field(default_factory=dict)
    _before: dict[str, Rechecked] = field(default_factory=dict)

    def sampled(self, name: str) -> bool:
        """Whether only a sample of a table is checked."""
        resource = self.package.resource(name)
        return bool(resource.files) and sum(map(size_of, resource.files)) > WHOLE

    def possible(self, name: str) -> bool:
        """Whether a table can be checked again at all without taking long."""
        return not self.sampled(name) or self._sample(self.package.resource(name)) is not None

    def check(self, package: Package, names: frozenset[str]) -> Rechecked:
        """Check these tables of a package, which is the package as it would be."""
        plan = self._plan(package, names)
        outcome = Run(plan, self.memory).outcome()
        parts = complaints(outcome, self.grades)
        judged = {table.resource.name: rules(table) for table in plan.tables}
        kept: Parts = {
            name: {
                item: {rule: made for rule, made in listed.items() if rule in judged[name]}
                for item, listed in fields.items()
            }
            for name, fields in parts.items()
            if name in names
        }
        rows = {table.name: table.rows for table in outcome.tables}
        unread = frozenset(i.resource or "" for i in outcome.unchecked if i.what == "data")
        return Rechecked(kept, counts(kept), rows, unread)

    def _plan(self, package: Package, names: frozenset[str]) -> Plan:
        """The checks of these tables; references only where all of the other table is checked."""
        aims = {item.name: _aims(item) for item in package.resources if item.name in names}
        whole = {name for name in names if not any(map(self.sampled, {name, *aims[name]}))}
        read = names.union(*(aims[name] for name in whole))
        needed = tuple(
            item if item.name in whole else _alone(item)
            for item in package.resources
            if item.name in read
        )
        made = make(replace(package, resources=needed), self.grades)
        tables = (self._narrowed(item, names) for item in made.tables)
        return replace(made, tables=tuple(tables))

    def _narrowed(self, table: TablePlan, names: frozenset[str]) -> TablePlan:
        """The checks of a table: no relations; no keys of its own if others only refer to it."""
        keys = table.keys if table.resource.name in names else ()
        return replace(table, resource=self._light(table.resource), relations=(), keys=keys)

    def _light(self, resource: Resource) -> Resource:
        """The resource without its checksum, over the sample of its file where there is one."""
        made = replace(resource, bytes=None, hash=None)
        path = self._sample(resource) if self.sampled(resource.name) else None
        if path is None:
            return made
        return replace(made, files=(path,), paths=resource.paths[:1], compression=None)

    def _sample(self, resource: Resource) -> Path | None:
        if resource.name not in self._samples:
            self._samples[resource.name] = self._made(resource)
        return self._samples[resource.name]

    def _made(self, resource: Resource) -> Path | None:
        if not typed_rows.delimited(resource) or not resource.files:
            return None
        folder = temporary_files.folder()
        weakref.finalize(self, temporary_files.remove, folder)
        path = folder / "sample"
        try:
            path.write_bytes(b"".join(_slices(resource)))
        except (ClaimpackError, OSError):
            return None
        return path


def _aims(resource: Resource) -> set[str]:
    """The tables that a table refers to."""
    foreign = resource.schema.foreign_keys if resource.schema else ()
    return {key.resource for key in foreign if key.resource}


def _alone(resource: Resource) -> Resource:
    """A table without its references to others."""
    if resource.schema is None:
        return resource
    return replace(resource, schema=replace(resource.schema, foreign_keys=()))


def rules(table: TablePlan) -> frozenset[str]:
    """The rules that a plan of a table can find errors of."""
    return table.structure.union(check.rule for check in table.checks)


def size_of(path: Path) -> int:
    """The size of a file, 0 where it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _slices(resource: Resource) -> Iterator[bytes]:
    """The top of a file up to the end of a line, and whole lines of slices below it."""
    held = b""
    for block in source(resource, 0):
        held += block
        if len(held) >= TOP:
            break
    if b"\0" in held[:WIDE]:
        yield held[: _wide_end(held[:TOP])] or held
        return
    top = held[: held.rfind(b"\n", 0, TOP) + 1] or held
    yield top
    if resource.compression is not None or not codec(resource.encoding).startswith(BYTEWISE):
        return
    whole = size_of(resource.files[0])
    with resource.files[0].open("rb") as file:
        for number in range(1, SLICES + 1):
            file.seek(len(top) + (whole - len(top) - SLICE) * number // SLICES)
            lines = file.read(SLICE).partition(b"\n")[2]
            yield lines[: lines.rfind(b"\n") + 1]


def _wide_end(data: bytes) -> int:
    """Where the last line of UTF-16 ends; 0 where none does."""
    places = (data.rfind(mark, 0) for mark in (b"\n\0", b"\0\n"))
    last = max(place - place % 2 for place in places)
    while last > 0 and data[last : last + 2] not in (b"\n\0", b"\0\n"):
        last -= 2
    return last + 2 if last > 0 else 0


__all__ = ["Rechecked", "Rechecker", "rules"]
