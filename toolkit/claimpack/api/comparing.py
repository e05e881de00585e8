"""Comparing two states of a package, and asking one: diff, changelog, query."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack import limits
from claimpack.progress import Progress, silent

if TYPE_CHECKING:
    from claimpack.querying.result import QueryResult
    from claimpack.versions.model import Difference


def diff(
    old: str | Path,
    new: str | Path = ".",
    *,
    memory: str | None = None,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> Difference:
    """How two states of a package differ: schemas, and rows by primary key, cell by cell.

    Args:
        old: The package before: a folder, a descriptor, a zip file, or a release.
        new: The package after.
        memory: Memory of the engine.
        follow_links: Follow links that leave a package's folder.
        progress: Called with what is being done, steps done and steps in all.

    Returns:
        The difference, with the step of the version that it asks for; its rows are read
        as they are asked for. Neither package is validated.

    Raises:
        UsageError: There is no such package.
        UnreadableError: A table cannot be read.
        InvalidPackageError: A descriptor is no JSON object.
    """
    from claimpack.release import opening
    from claimpack.versions.comparison import compare

    with (
        opening.package(old, follow_links=follow_links) as before,
        opening.package(new, follow_links=follow_links) as after,
    ):
        return compare(before, after, memory, progress or silent)


def changelog(old: str | Path, new: str | Path = ".", *, day: dt.date | None = None) -> str:
    """The entry of a change log for the step from one state of a package to another.

    Args:
        old: The package before: a folder, a descriptor, a zip file, or a release.
        new: The package after; its version heads the entry.
        day: Date of the entry; else that of SOURCE_DATE_EPOCH, else today.

    Raises:
        UsageError: There is no such package.
        UnreadableError: A table cannot be read.
        InvalidPackageError: A descriptor is no JSON object.
    """
    return diff(old, new).to_changelog(day)


def query(
    sql: str,
    path: str | Path = ".",
    *,
    memory: str | None = None,
    follow_links: bool = False,
    progress: Progress | None = None,
    timeout: float | None = limits.QUERY_SECONDS,
) -> QueryResult:
    """Run one select over the tables of a package; it can read nothing else.

    Args:
        sql: The select, in DuckDB's SQL; each table goes by its resource's name.
        path: The package: a folder, a descriptor, a zip file, or a release.
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        progress: Called with what is being done, steps done and steps in all.
        timeout: Seconds that the query may take, its rows read; None for any time.

    Returns:
        The rows, to be read once: `to_arrow()`, `to_pylist()` or `to_batches()`.

    Raises:
        UsageError: There is no such package, or the query is none or is refused.
        UnreadableError: A table cannot be read.
        InvalidPackageError: The descriptor is no JSON object.
    """
    from claimpack.querying import run
    from claimpack.release import opening

    with opening.package(path, follow_links=follow_links) as model:
        return run.run(model, sql, memory, progress or silent, timeout)
