"""The files that catalogues ask for, put beside the formats of a release.

Which there are is the business of `claimpack.metadata`. Everything in them is made from the
descriptor and from what was written; nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from claimpack import clock, metadata
from claimpack.descriptor.model import Package
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.metadata import Note
from claimpack.metadata.release import of_export
from claimpack.release.sampling import SecondOpinion, statement


def describe(
    package: Package,
    fresh: Path,
    written: Sequence[WrittenFile],
    opinion: SecondOpinion,
    left_out: str = "",
) -> tuple[list[WrittenFile], tuple[Note, ...]]:
    """Write a description for each catalogue; all files, sorted by path, and the notes.

    The day is that of SOURCE_DATE_EPOCH. Where that is not set it may come from the descriptor
    only, so that the same package gives the same bytes on any day.

    Args:
        package: The package.
        fresh: The release's folder.
        written: The files in it.
        opinion: Whether frictionless and pandera are asked about large tables in full.
        left_out: Which rows are not in the tables, in a sentence; empty where all are.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
        UnreadableError: A table that a description is made of cannot be read.
    """
    moment = clock.given()
    release = of_export(package, written, moment and moment.date())
    formats = {item.path.partition("/")[0] for item in written}
    checks = [_checks(written, opinion)] if {"csv", "parquet"} <= formats else []
    release = replace(release, checks=" ".join([*checks, left_out]).strip())
    made = metadata.describe(package, release)
    files = [*written]
    for item in made.files:
        with (fresh / item.path).open("xb") as file:
            file.write(item.content)
        files.append(written_file(fresh, item.path))
    return sorted(files, key=lambda item: item.path), made.notes


def _checks(written: Sequence[WrittenFile], opinion: SecondOpinion) -> str:
    """What the release says of how it was checked; it appears only if the checks are passed."""
    rows = {
        PurePosixPath(item.path).stem: item.rows
        for item in written
        if item.rows is not None and item.path.startswith("parquet/")
    }
    own = "Before publication claimpack compared every value of every file with the package."
    return f"{own} {statement(rows, opinion)}"


__all__ = ["describe"]
