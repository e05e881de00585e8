"""Judging a package: validate, watch, plan, verify its sources, weigh its ratings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack import descriptor
from claimpack.api import steps
from claimpack.claims.raters import AgreementReport, measure
from claimpack.config import settings, severities
from claimpack.descriptor.reading import Reading
from claimpack.progress import Progress
from claimpack.report import Report

if TYPE_CHECKING:
    from claimpack.claims.corpus import SourcesReport
    from claimpack.descriptor.model import Package
    from claimpack.engine.run import Outcome
    from claimpack.plan import Plan
    from claimpack.watching import Watched


def validate(
    path: str | Path = ".",
    *,
    metadata_only: bool = False,
    memory: str | None = None,
    follow_links: bool = False,
    strict: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
    progress: Progress | None = None,
    text: str | bytes | None = None,
) -> Report:
    """Validate a data package: descriptor, structure, types, constraints, keys, profile.

    Args:
        path: A folder that holds datapackage.json, a descriptor (in YAML where it ends in .yaml
            or .yml), or a zip file of such a folder.
        metadata_only: Check the descriptor and read no data.
        memory: Memory of the engine, such as `"1GB"`; what does not fit spills to disk.
        follow_links: Follow links that leave the package's folder.
        strict: Turn warnings into errors.
        rules: Severity of rules in this run: `error`, `warning`, `info` or `off` by id.
        config: Heed claimpack.toml, pyproject.toml and the descriptor's own settings.
        progress: Called with a table's name, bytes done and bytes in all.
        text: The descriptor itself, where it is at hand already, as from standard input;
            `path` is then the folder that its paths are relative to.

    Returns:
        The report. Its findings may be read lazily from disk.

    Raises:
        UsageError: There is no such package, or a setting is wrong.
        UnreadableError: The descriptor exists and cannot be read.
    """
    made, _ = judge(
        path,
        metadata_only=metadata_only,
        memory=memory,
        follow_links=follow_links,
        strict=strict,
        rules=rules,
        config=config,
        progress=progress,
        text=text,
    )
    return made


def judge(
    path: str | Path,
    *,
    metadata_only: bool = False,
    memory: str | None = None,
    follow_links: bool = False,
    strict: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
    progress: Progress | None = None,
    text: str | bytes | None = None,
    check: Callable[[Plan], Outcome] | None = None,
) -> tuple[Report, Package | None]:
    """As `validate`, with the package that was read; `check` runs the checks where it is given."""
    start = time.perf_counter()
    reading = steps.read(path, text, follow_links)
    wanted, told = settings.gather(path, reading, rules, config=config, strict=strict)
    check = check or (lambda plan: steps.run(plan, memory, progress))
    made = steps.judged(reading, wanted, told, None if metadata_only else check)
    return replace(made, seconds=time.perf_counter() - start), reading.package


def watch(
    path: str | Path = ".",
    *,
    memory: str | None = None,
    follow_links: bool = False,
    strict: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
) -> Iterator[Watched]:
    """Validate a package now, and again after each change of its files, for ever.

    A change of a table checks that table and what refers to it, any other change all.

    Args:
        path: The package.
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        strict: Turn warnings into errors.
        rules: Severity of rules, as for `validate`.
        config: Heed settings, as for `validate`.

    Returns:
        A report for each change, as they come; asking for the next waits for it.

    Raises:
        UsageError: There is no such package, or a setting is wrong.
        UnreadableError: The descriptor exists and cannot be read.
    """
    from claimpack.watching import Memory, Watcher

    def judge(reading: Reading, known: Memory) -> Report:
        start = time.perf_counter()
        wanted, told = settings.gather(path, reading, rules, config=config, strict=strict)
        made = steps.judged(reading, wanted, told, known.check)
        return replace(made, seconds=time.perf_counter() - start)

    return iter(
        Watcher(
            Path(path),
            lambda: descriptor.read(path, follow_links=follow_links),
            judge,
            Memory(lambda plan: steps.run(plan, memory, None)),
        )
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """The plan of a validation: every check, and the SQL that runs it."""

    plan: Plan

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON-ready values: for each table its checks and the SQL of its scan."""
        from claimpack.engine import explain_plan

        return explain_plan.plan(self.plan)

    def to_text(self) -> str:
        """The plan for reading."""
        from claimpack.engine import explain_plan

        return explain_plan.text(self.plan)


def plan(
    path: str | Path = ".",
    *,
    follow_links: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
) -> Outline:
    """The checks that a validation would make, and their SQL. Reads no data.

    Args:
        path: A folder that holds datapackage.json, or a descriptor.
        follow_links: Follow links that leave the package's folder.
        rules: Severity of rules, as for `validate`.
        config: Heed settings, as for `validate`.

    Raises:
        UsageError: There is no such package, or a setting is wrong.
        InvalidPackageError: The descriptor is no JSON object.
    """
    reading = descriptor.read(path, follow_links=follow_links)
    wanted, _ = settings.gather(path, reading, rules, config=config)
    return Outline(steps.planned(steps.found(reading), wanted))


def verify_sources(
    path: str | Path,
    corpus: str | Path,
    *,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
) -> SourcesReport:
    """Recompute every passage from the documents, and compare our words with theirs.

    Args:
        path: A claims data package.
        corpus: A folder with the source documents.
        rules: Severity of rules, as for `validate`.
        config: Heed settings, as for `validate`.

    Raises:
        UsageError: There is no such package or folder, the package has no passages, or a
            setting is wrong.
    """
    from claimpack.claims import corpus as verifying
    from claimpack.engine import typed_tables
    from claimpack.engine.exact.database import Store

    reading = descriptor.read(path)
    model = steps.found(reading)
    graded, _ = settings.gather(path, reading, rules, config=config)
    store = Store()
    wanted = {"sources", "passages", *verifying.PROSE}
    rows = {
        item.name: typed_tables.numbered(store, item)
        for item in model.resources
        if item.name in wanted and item.schema and not (item.broken or item.blocked)
    }
    made = verifying.verify(model, rows, Path(corpus))
    report = severities.apply(made.report, graded, settings.stopping(graded), steps.unread(model))
    return replace(made, report=report)


def agreement(path: str | Path = ".") -> AgreementReport:
    """How far the two passes of each rating agree, by item and by instrument.

    Args:
        path: A claims data package; it is not validated.

    Raises:
        UsageError: There is no such package, it holds no assessments, or the extra
            `agreement` is not installed.
        UnreadableError: A table cannot be read.
    """
    return measure(steps.package(path, False))
