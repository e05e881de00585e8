"""A release checked from the disk: checksums, values, and the verdicts of three validators.

The checksums come first: what is not as it was published is looked at no further. Then the
CSV package is judged by claimpack and by frictionless, each Parquet table by pandera, and
the rows of every format are compared with those of the tables that they were made from, or,
where these are not at hand, with those of the CSV package.
"""

from __future__ import annotations

import filecmp
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from claimpack import descriptor
from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.reading import NAME
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import ClaimpackError
from claimpack.exporters import exporter, formats
from claimpack.progress import Progress, silent
from claimpack.release import checksums, judges, zips
from claimpack.release.model import Check, Verification, check
from claimpack.release.opening import READABLE, Opened
from claimpack.release.sampling import SecondOpinion
from claimpack.release.values import first_difference
from claimpack.report import Report

Judge = Callable[[Path], Report]
SHOWN = 5


def verify(
    opened: Opened,
    judge: Judge,
    *,
    source: Package | None = None,
    opinion: SecondOpinion = "sample",
    memory: str | None = None,
    progress: Progress = silent,
) -> Verification:
    """Every check of a release.

    Args:
        opened: The release.
        judge: Validates the package in a folder.
        source: The package that it was made from, where it is at hand.
        opinion: Whether frictionless and pandera are asked about large tables in full.
        memory: Memory of the engine.
        progress: Called with what is being done, steps done and steps in all.
    """
    start = time.perf_counter()
    checks, files = checksums.verify(opened.top, opened.damaged, progress)
    if all(item.outcome == "passed" for item in checks):
        checks += _contents(opened.top, judge, source, opinion, memory, progress)
    return Verification(tuple(files), tuple(checks), round(time.perf_counter() - start, 6))


def _contents(
    top: Path,
    judge: Judge,
    source: Package | None,
    opinion: SecondOpinion,
    memory: str | None,
    progress: Progress,
) -> Iterator[Check]:
    """What the validators say, then the values of every format."""
    packages: dict[str, Package] = {}
    for path in sorted(top.glob(f"*/{NAME}")):
        form = path.parent.name
        reading = descriptor.read(path.parent)
        errors = [f.message for f in reading.findings if f.severity == "error"]
        if reading.package is None or errors:
            yield check("claimpack", f"{form}/{NAME}", errors[:SHOWN])
        else:
            packages[form] = reading.package
    progress("zip files", 0, 1)
    yield from zips.verify(top)
    if "csv" in packages:
        yield from _csv(top, packages["csv"], judge, opinion, progress)
    if "parquet" in packages:
        yield from judges.by_pandera(packages["parquet"], "parquet", progress, opinion)
    known = source or next((packages[form] for form in READABLE if form in packages), None)
    if known is None:
        yield Check("values", "", "not-checked", ("no format of it can be read",))
        return
    stores = Store(memory), Store(memory)
    for form in formats():
        if (top / form).is_dir() and packages.get(form) is not known:
            yield from _values(top / form, known, stores, progress)
    for form in sorted(set(packages) - set(formats())):
        yield Check("values", form, "not-checked", ("this version does not know the format",))


def _csv(
    top: Path, package: Package, judge: Judge, opinion: SecondOpinion, progress: Progress
) -> Iterator[Check]:
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
        yield judges.by_frictionless(top, "csv", package, opinion)
        progress("frictionless csv", 1, 1)


def _first(messages: Iterable[str]) -> list[str]:
    return [message for _, message in zip(range(SHOWN), messages, strict=False)]


def _values(
    folder: Path, known: Package, stores: tuple[Store, Store], progress: Progress
) -> Iterator[Check]:
    """One check a resource: the rows of a table, the bytes of what is none and was copied."""
    module, form = exporter(folder.name), folder.name
    ours, theirs = stores
    if not hasattr(module, "read"):
        progress(f"values {form}", 0, 1)
        try:
            yield check("values", form, _first(module.check(folder, known, ours)))
        except ClaimpackError as error:
            yield Check("values", form, "failed", (str(error),))
        return
    copied = (folder / NAME).exists()
    listed = [item for item in known.resources if item.tabular or copied]
    for number, resource in enumerate(listed):
        progress(f"values {form} {resource.name}", number, len(listed))
        try:
            if resource.tabular:
                expected = typed_tables.batches(ours, resource, strict=True)
                found = module.read(folder, known, theirs, resource)
                fields = resource.schema.fields if resource.schema else ()
                wrong = first_difference(expected, found, fields)
            else:
                wrong = _uncopied(folder, resource)
            yield check("values", f"{form}/{resource.name}", [wrong] if wrong else [])
        except ClaimpackError as error:
            yield Check("values", f"{form}/{resource.name}", "failed", (str(error),))
    progress(f"values {form}", len(listed), len(listed))


def _uncopied(folder: Path, resource: Resource) -> str | None:
    for written, path in zip(resource.paths, resource.files, strict=False):
        target = folder / written
        if not target.is_file() or not filecmp.cmp(path, target, shallow=False):
            return f"{written} is not a copy of the package's file"
    return None


__all__ = ["verify"]
