"""Writing a package: export it, publish a release, verify a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.api import steps
from claimpack.api.judging import judge
from claimpack.api.quarantining import Checked
from claimpack.progress import Progress, silent
from claimpack.report import Report

if TYPE_CHECKING:
    from claimpack.exporters.files import WrittenFile
    from claimpack.exporters.quarantine.counting import TableCounts
    from claimpack.exporters.quarantine.exportable import Exportable
    from claimpack.exporters.sinks import ExportSinks
    from claimpack.metadata import Note
    from claimpack.release.model import Verification
    from claimpack.versions.model import Difference


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export wrote.

    Attributes:
        report: The report on the package.
        folder: The output folder.
        files: Each file with size, rows and SHA-256.
        warnings: What the user should know of what was written, a sentence each.
        quarantine: With `quarantine`, the rows of each table: read, valid and rejected.
    """

    report: Report
    folder: Path
    files: tuple[WrittenFile, ...]
    warnings: tuple[str, ...] = ()
    quarantine: tuple[TableCounts, ...] = ()


def export(
    path: str | Path,
    out: str | Path,
    formats: Sequence[str] = ("parquet", "csv"),
    *,
    zipped: bool = False,
    spreadsheet_safe: bool = False,
    force: bool = False,
    quarantine: bool = False,
    memory: str | None = None,
    follow_links: bool = False,
    rules: Mapping[str, str] | None = None,
    config: bool = True,
    progress: Progress | None = None,
) -> ExportResult:
    """Validate a package and write it in other formats, each in a folder of its own.

    Args:
        path: The package.
        out: Folder to write; it appears whole or stays as it was.
        formats: Names of formats: `bibtex`, `csl`, `csv`, `duckdb`, `jsonl`, `parquet`, `ris`,
            `sqlite`, `xlsx`.
        zipped: Also pack each format that is a data package into a zip file.
        spreadsheet_safe: Escape the cells of CSV that a spreadsheet would run as formulas; the
            descriptor says so, and claimpack reads them as they were.
        force: Replace a folder that holds what no export wrote.
        quarantine: Write the valid rows of a package with errors. Rows with errors, and rows
            that refer to them, are rejected: they go to `quarantine/<table>.csv`.
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        rules: Severity of rules, as for `validate`.
        config: Heed settings, as for `validate`.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        InvalidPackageError: The package has errors; its `report` says which. Nothing is written.
            With `quarantine`, it has errors that are not in a row.
        UnreadableError: Something could not be checked, or the target cannot be written.
        UsageError: An unknown format, or a target that cannot be one.
    """
    from claimpack.exporters import package as exporting

    warnings: list[str] = []
    with ExitStack() as stack:
        fresh, sinks = stack.enter_context(
            exporting.written(Path(out), formats, force=force, spreadsheet_safe=spreadsheet_safe)
        )
        check = Checked(memory, progress, sinks)
        checked, package = judge(
            path, follow_links=follow_links, rules=rules, config=config, check=check
        )
        exportable = stack.enter_context(
            check.exportable(checked, package, Path(out), quarantine=quarantine)
        )
        files = exporting.fill(
            exportable.package,
            fresh,
            formats,
            zipped=zipped,
            spreadsheet_safe=spreadsheet_safe,
            memory=memory,
            progress=progress or silent,
            warn=warnings.append,
            sinks=sinks,
        )
        exporting.expect_each(fresh, formats)
        files += exportable.write_rejected(fresh, spreadsheet_safe=spreadsheet_safe)
        files.sort(key=lambda item: item.path)
        exporting.sum_up(fresh, files)
    return ExportResult(checked, Path(out), tuple(files), tuple(warnings), exportable.counts)


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was published.

    Attributes:
        report: The report on the package.
        folder: Where the release is.
        files: Each of its files, with size, rows and SHA-256.
        verification: The checks that it passed before it was put there.
        notes: What descriptions for catalogues do not say, and those that could not be made.
        difference: How it differs from the release before, None where there is none.
        seconds: For each step the time that it took.
        warnings: What the user should know of what was written, a sentence each.
        quarantine: With `quarantine`, the rows of each table: read, valid and rejected.
    """

    report: Report
    folder: Path
    files: tuple[WrittenFile, ...]
    verification: Verification
    notes: tuple[Note, ...]
    difference: Difference | None
    seconds: dict[str, float]
    warnings: tuple[str, ...] = ()
    quarantine: tuple[TableCounts, ...] = ()


def publish(
    path: str | Path,
    out: str | Path,
    formats: Sequence[str] | None = None,
    *,
    since: str | Path | None = None,
    force: bool = False,
    quarantine: bool = False,
    second_opinion: str = "sample",
    memory: str | None = None,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> Release:
    """Make a release: validate, export, verify every written file, and only then show it.

    Only the settings that the descriptor holds are heeded: they go with the release.

    Args:
        path: The package.
        out: Folder of the release; it appears whole or stays as it was.
        formats: Names of formats; None for all.
        since: The release before, or its package; else the release that is replaced. Its
            published ids must live on, and the version must step far enough from its own.
        force: Replace whatever is there, and hold nothing against it.
        quarantine: Publish the valid rows of a package with errors. Rows with errors, and rows
            that refer to them, are rejected: they go to `quarantine/<table>.csv`.
        second_opinion: Whether frictionless and pandera check tables of more than 50,000 rows
            by a `sample`, the same whenever it is drawn, or in `full`.
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        InvalidPackageError: The package has errors; its `report` says which. Nothing is written.
            With `quarantine`, it has errors that are not in a row.
        BrokenPromiseError: Its version is too small a step from the release before, or a
            published id vanished; its `reasons` say which. Nothing is written.
        UnverifiedError: What was written did not pass its verification.
        UnreadableError: Something could not be checked, or the target cannot be written.
        UsageError: An unknown format, or a target that cannot be one.
    """
    from claimpack.release import building, sampling

    opinion = sampling.opinion(second_opinion)
    reports: list[Report] = []
    with ExitStack() as stack:

        def check(sinks: ExportSinks | None) -> Exportable:
            checked = Checked(memory, progress, sinks)
            report, package = steps.apart(path, memory, follow_links, checked)
            reports.append(report)
            return stack.enter_context(
                checked.exportable(report, package, Path(out), quarantine=quarantine)
            )

        built = building.build(
            check,
            Path(out),
            formats,
            lambda folder: steps.apart(folder, memory)[0],
            since=None if since is None else Path(since),
            force=force,
            opinion=opinion,
            memory=memory,
            progress=progress or silent,
        )
    return Release(
        reports[0],
        Path(out),
        built.files,
        built.verification,
        built.notes,
        built.difference,
        built.seconds,
        built.warnings,
        built.quarantine,
    )


def verify(
    release: str | Path,
    *,
    second_opinion: str = "sample",
    memory: str | None = None,
    allow_private: bool = False,
    progress: Progress | None = None,
) -> Verification:
    """Check a release: every checksum, the values of every format, three validators.

    Args:
        release: Its folder, a zip file of it, or the http(s) address of such a zip file.
        second_opinion: Whether frictionless and pandera check large tables by a `sample` or in
            `full`, as for `publish`.
        memory: Memory of the engine.
        allow_private: Follow redirects to addresses of private networks, too.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        UsageError: There is no release.
        UnreadableError: It cannot be fetched or read.
    """
    from claimpack.release import fetching, opening, sampling, verification

    told, opinion = progress or silent, sampling.opinion(second_opinion)
    with ExitStack() as stack:
        place = Path(release)
        if fetching.is_address(str(release)):
            place = stack.enter_context(
                fetching.fetched(str(release), told, allow_private=allow_private)
            )
        opened = stack.enter_context(opening.folder(place, str(release)))
        return verification.verify(
            opened,
            lambda folder: steps.apart(folder, memory)[0],
            opinion=opinion,
            memory=memory,
            progress=told,
        )
