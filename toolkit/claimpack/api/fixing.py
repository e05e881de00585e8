"""Fixing a package: the patches of its diagnoses, shown and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack.api import judging
from claimpack.curate import patching
from claimpack.errors import UsageError
from claimpack.progress import Progress
from claimpack.report import Diagnosis, Operation, Report

if TYPE_CHECKING:
    from claimpack.descriptor.model import Package


@dataclass(frozen=True, slots=True)
class Fix:
    """One diagnosis with what its patch changes.

    Attributes:
        diagnosis: The diagnosis.
        changes: The files, each as it is before this patch and after it.
    """

    diagnosis: Diagnosis
    changes: tuple[patching.FileChange, ...]

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        return "".join(item.diff for item in self.changes)


@dataclass(frozen=True, slots=True)
class FixResult:
    """What `fix` found and did.

    Attributes:
        before: The report before.
        after: The report after; None where nothing was written.
        fixes: The patches, written unless `dry_run` was asked for.
        left: Why other patches were left alone, a sentence each.
        manual: The diagnoses that no patch resolves, since cells have to change or only the
            owner can decide.
    """

    before: Report
    after: Report | None
    fixes: tuple[Fix, ...]
    left: tuple[str, ...]
    manual: tuple[Diagnosis, ...]


@dataclass(frozen=True)
class Prepared:
    """Patches that are ready to be written.

    Attributes:
        result: What would be done.
        changes: Every file with all patches.
    """

    result: FixResult
    changes: tuple[patching.FileChange, ...]

    def write(self) -> None:
        """Write the files."""
        patching.write(self.changes)


def fix(
    path: str | Path = ".",
    *,
    only: Collection[str] = (),
    dry_run: bool = False,
    memory: str | None = None,
    follow_links: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
    progress: Progress | None = None,
) -> FixResult:
    """Apply the patches of a package's diagnoses to its descriptor and schemas, never to a cell.

    Args:
        path: The package.
        only: Ids of the causes to fix; all where empty.
        dry_run: Write nothing.
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder; their files are not changed.
        rules: Severity of rules, as for `validate`.
        config: Heed settings, as for `validate`.
        progress: Called with a table's name, bytes done and bytes in all.

    Returns:
        The reports before and after, and what was changed.

    Raises:
        UsageError: There is no such package or cause.
        UnreadableError: A file cannot be read or written.
    """
    settings: dict[str, Any] = {"memory": memory, "follow_links": follow_links}
    settings |= {"rules": rules, "config": config, "progress": progress}
    made = prepared(path, only, **settings)
    if dry_run or not made.changes:
        return made.result
    made.write()
    after = judging.validate(path, **settings)
    return replace(made.result, after=after)


def prepared(
    path: str | Path,
    only: Collection[str] = (),
    *,
    memory: str | None = None,
    follow_links: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
    progress: Progress | None = None,
) -> Prepared:
    """The patches of a package's diagnoses, ready to be written; arguments as for `fix`."""
    _known(only)
    report, package = judging.judge(
        path,
        memory=memory,
        follow_links=follow_links,
        rules=rules,
        config=config,
        progress=progress,
    )
    wanted = [item for item in report.diagnoses if not only or item.cause in only]
    manual = tuple(item for item in wanted if not item.patch)
    fixes: list[Fix] = []
    left: dict[str, None] = {}
    done: list[Operation] = []
    for item in wanted if package else ():
        assert package is not None
        why = next(filter(None, (patching.obstacle(package, op.file) for op in item.patch)), "")
        if why:
            left[why] = None
        elif item.patch:
            new = [operation for operation in item.patch if operation not in done]
            fixes.append(Fix(item, tuple(_steps(package, done, new))))
            done += new
    result = FixResult(report, None, tuple(fixes), tuple(left), manual)
    return Prepared(result, tuple(_steps(package, [], done)) if package and done else ())


def _steps(
    package: Package, done: list[Operation], new: list[Operation]
) -> list[patching.FileChange]:
    """What new operations change in each file, where others were applied before."""
    made = []
    for file in dict.fromkeys(operation.file for operation in new):
        before = patching.change(package, file, [op for op in done if op.file == file])
        whole = [op for op in (*done, *new) if op.file == file]
        after = patching.change(package, file, whole).after
        made.append(patching.FileChange(file, before.path, before.after, after))
    return made


def _known(causes: Collection[str]) -> None:
    from claimpack.descriptor.faults import shown
    from claimpack.descriptor.spelling import suggestion
    from claimpack.diagnoses import cause_names

    for name in causes:
        if name not in cause_names():
            hint = suggestion(name, cause_names())
            raise UsageError(f"no cause {shown(name)}{hint}")


__all__ = ["Fix", "FixResult", "Prepared", "fix", "prepared"]
