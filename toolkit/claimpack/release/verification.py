"""A release checked from the disk: checksums, values, and the verdicts of three validators.

The checksums come first: what is not as it was published is looked at no further. Then the
CSV package is judged by claimpack and by frictionless, each Parquet table by pandera, and
the rows of every format are compared with those of the tables that they were made from, or,
where these are not at hand, with those of the CSV package.
"""

from __future__ import annotations

import filecmp
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack import descriptor
from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.reading import NAME
from claimpack.engine import tables
from claimpack.engine.store import Store
from claimpack.errors import ClaimpackError
from claimpack.exporters import exporter, formats
from claimpack.release import checksums, judges
from claimpack.release.model import Check, Verification, check
from claimpack.release.opening import readable
from claimpack.release.values import first_difference
from claimpack.report import Report

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, int, int], None]
Judge = Callable[[Path], Report]
SHOWN = 5


def verify(
    top: Path,
    judge: Judge,
    *,
    source: Package | None = None,
    memory: str | None = None,
    progress: Progress = lambda *_: None,
) -> Verification:
    """Every check of a release.

    Args:
        top: Its folder.
        judge: Validates the package in a folder.
        source: The package that it was made from, where it is at hand.
        memory: Memory of the engine.
        progress: Called with what is being done, steps done and steps in all.
    """
    start = time.perf_counter()
    checks, files = checksums.verify(top, progress)
    if all(item.outcome == "passed" for item in checks):
        checks += _contents(top, judge, source, memory, progress)
    return Verification(tuple(files), tuple(checks), round(time.perf_counter() - start, 6))


def _contents(
    top: Path, judge: Judge, source: Package | None, memory: str | None, progress: Progress
) -> Iterator[Check]:
    forms = [path.parent.name for path in sorted(top.glob(f"*/{NAME}"))]
    packages: dict[str, Package] = {}
    for form in forms:
        reading = descriptor.read(top / form)
        if reading.package is None or any(f.severity == "error" for f in reading.findings):
            told = (f.message for f in reading.findings if f.severity == "error")
            yield check("claimpack", f"{form}/{NAME}", list(told)[:SHOWN])
        else:
            packages[form] = reading.package
    if "csv" in packages:
        yield from _csv(top, judge, progress)
    if "parquet" in packages:
        yield from judges.by_pandera(packages["parquet"], "parquet", progress)
    if not packages:
        yield Check("values", "", "not-checked", ("no format of it can be read",))
        return
    known = source or packages[readable(top)]
    for form, package in packages.items():
        if package is not known:
            yield from _values(form, package, known, memory, progress)


def _csv(top: Path, judge: Judge, progress: Progress) -> Iterator[Check]:
    """Ours, then frictionless, which is asked only of what is found to need no network."""
    progress("claimpack csv", 0, 1)
    report = judge(top / "csv")
    errors = (f.message for f in report.findings if f.severity == "error")
    unchecked = tuple(f"{item.resource}: {item.why}" for item in report.unchecked)
    if report.verdict == "not-checked":
        yield Check("claimpack", "csv", "not-checked", unchecked[:SHOWN])
        return
    yield check("claimpack", "csv", _first(errors))
    if report.verdict == "valid":
        progress("frictionless csv", 0, 1)
        yield judges.by_frictionless(top, "csv")
        progress("frictionless csv", 1, 1)


def _first(messages: Iterator[str]) -> list[str]:
    return [message for _, message in zip(range(SHOWN), messages, strict=False)]


def _values(
    form: str, package: Package, known: Package, memory: str | None, progress: Progress
) -> Iterator[Check]:
    """One check a resource: its rows, or its bytes where it is no table."""
    written = {item.name: item for item in package.resources}
    for number, resource in enumerate(known.resources):
        progress(f"values {form}", number, len(known.resources))
        other = written.get(resource.name)
        path = f"{form}/{(other.path if other else None) or resource.name}"
        if other is None:
            yield Check("values", path, "failed", (f"{form} has no table {resource.name}",))
            continue
        try:
            wrong = _difference(form, resource, other, memory)
            yield check("values", path, [wrong] if wrong else [])
        except ClaimpackError as error:
            yield Check("values", path, "failed", (str(error),))
    progress(f"values {form}", len(known.resources), len(known.resources))


def _difference(form: str, known: Resource, other: Resource, memory: str | None) -> str | None:
    if not known.tabular:
        pairs = zip(known.files, other.files, strict=False)
        same = all(filecmp.cmp(one, two, shallow=False) for one, two in pairs)
        return None if same else "it is no copy of the package's file"
    expected = tables.batches(Store(memory), known, strict=True)
    return first_difference(expected, _rows(form, known, other, memory))


def _rows(
    form: str, known: Resource, other: Resource, memory: str | None
) -> Iterator[pa.RecordBatch]:
    """The rows of a written table: by the format's own reader where it has one."""
    module = exporter(form) if form in formats() else None
    if hasattr(module, "read"):
        yield from module.read(known, other.files[0])  # type: ignore[union-attr]
        return
    yield from tables.batches(Store(memory), other, strict=True)


__all__ = ["verify"]
