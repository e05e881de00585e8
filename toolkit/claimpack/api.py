"""The library's surface: what the commands call, and what `import claimpack` gives."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from claimpack import descriptor, grades, settings
from claimpack.agreement import AgreementReport, measure
from claimpack.descriptor.model import Package as Model
from claimpack.descriptor.model import Resource
from claimpack.descriptor.reading import STANDARD_INPUT, Reading
from claimpack.errors import InvalidPackageError, UnreadableError, UsageError
from claimpack.grades import Grades
from claimpack.querying.result import QueryResult
from claimpack.report import Finding, FindingList, JoinedFindings, Report
from claimpack.versions.model import Difference

if TYPE_CHECKING:
    import pandas as pd
    import pandera
    import polars as pl
    import pyarrow as pa

    from claimpack.corpus import SourcesReport
    from claimpack.curate.canonical import Formatted
    from claimpack.curate.inference import AddedTable
    from claimpack.curate.passages import Located
    from claimpack.curate.sources import NewSource
    from claimpack.engine.run import Outcome
    from claimpack.exporters.files import WrittenFile
    from claimpack.metadata import Descriptions, Note
    from claimpack.plan import Plan
    from claimpack.release.model import Verification
    from claimpack.watching import Known, Watched

Progress = Callable[[str, int, int], None]
Backend = Literal["pyarrow", "polars", "pandas"]


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
        path: A folder that holds datapackage.json, a descriptor, or a zip file of such a folder.
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
    start = time.perf_counter()
    reading = _reading(path, text, follow_links)
    wanted, told = settings.gather(path, reading, rules, config=config, strict=strict)
    made = _judged(
        reading, wanted, told, None if metadata_only else lambda plan: _run(plan, memory, progress)
    )
    return replace(made, seconds=time.perf_counter() - start)


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
        made = _judged(reading, wanted, told, known.check)
        return replace(made, seconds=time.perf_counter() - start)

    return iter(
        Watcher(
            Path(path),
            lambda: descriptor.read(path, follow_links=follow_links),
            judge,
            Memory(lambda plan: _run(plan, memory, None)),
        )
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """The plan of a validation: every check, and the SQL that runs it."""

    plan: Plan

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON-ready values: for each table its checks and the SQL of its scan."""
        from claimpack.engine import describe

        return describe.plan(self.plan)

    def to_text(self) -> str:
        """The plan for reading."""
        from claimpack.engine import describe

        return describe.text(self.plan)


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
    return Outline(_planned(_found(reading), wanted))


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export wrote: the report it rests on, the folder, each file, and warnings."""

    report: Report
    folder: Path
    files: tuple[WrittenFile, ...]
    warnings: tuple[str, ...] = ()


def export(
    path: str | Path,
    out: str | Path,
    formats: Sequence[str] = ("parquet", "csv"),
    *,
    zipped: bool = False,
    spreadsheet_safe: bool = False,
    force: bool = False,
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
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        rules: Severity of rules, as for `validate`.
        config: Heed settings, as for `validate`.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        InvalidPackageError: The package has errors; its `report` says which. Nothing is written.
        UnreadableError: Something could not be checked, or the target cannot be written.
        UsageError: An unknown format, or a target that cannot be one.
    """
    from claimpack.exporters import package as exporting

    checked = validate(
        path,
        memory=memory,
        follow_links=follow_links,
        rules=rules,
        config=config,
        progress=progress,
    )
    _expect_valid(checked)
    warnings: list[str] = []
    files = exporting.write(
        _model(path, follow_links),
        Path(out),
        formats,
        zipped=zipped,
        spreadsheet_safe=spreadsheet_safe,
        force=force,
        memory=memory,
        progress=progress or (lambda *_: None),
        warn=warnings.append,
    )
    return ExportResult(checked, Path(out), files, tuple(warnings))


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
    """

    report: Report
    folder: Path
    files: tuple[WrittenFile, ...]
    verification: Verification
    notes: tuple[Note, ...]
    difference: Difference | None
    seconds: dict[str, float]
    warnings: tuple[str, ...] = ()


def publish(
    path: str | Path,
    out: str | Path,
    formats: Sequence[str] | None = None,
    *,
    since: str | Path | None = None,
    force: bool = False,
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
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        InvalidPackageError: The package has errors; its `report` says which. Nothing is written.
        BrokenPromiseError: Its version is too small a step from the release before, or a
            published id vanished; its `reasons` say which. Nothing is written.
        UnverifiedError: What was written did not pass its verification.
        UnreadableError: Something could not be checked, or the target cannot be written.
        UsageError: An unknown format, or a target that cannot be one.
    """
    from claimpack import exporters
    from claimpack.release import building

    checked = _apart(path, memory, follow_links, progress)
    _expect_valid(checked)
    built = building.build(
        _model(path, follow_links),
        Path(out),
        exporters.formats() if formats is None else formats,
        lambda folder: _apart(folder, memory),
        since=None if since is None else Path(since),
        force=force,
        memory=memory,
        progress=progress or (lambda *_: None),
    )
    seconds = {"validate": round(checked.seconds or 0.0, 6), **built.seconds}
    return Release(
        checked,
        Path(out),
        built.files,
        built.verification,
        built.notes,
        built.difference,
        seconds,
        built.warnings,
    )


def verify(
    release: str | Path, *, memory: str | None = None, progress: Progress | None = None
) -> Verification:
    """Check a release: every checksum, the values of every format, three validators.

    Args:
        release: Its folder, a zip file of it, or the http(s) address of such a zip file.
        memory: Memory of the engine.
        progress: Called with what is being done, steps done and steps in all.

    Raises:
        UsageError: There is no release.
        UnreadableError: It cannot be fetched or read.
    """
    from contextlib import ExitStack

    from claimpack.release import fetching, opening, verification

    told = progress or (lambda *_: None)
    with ExitStack() as stack:
        place = Path(release)
        if fetching.is_address(str(release)):
            place = stack.enter_context(fetching.fetched(str(release), told))
        opened = stack.enter_context(opening.folder(place, str(release)))
        return verification.verify(
            opened, lambda folder: _apart(folder, memory), memory=memory, progress=told
        )


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table in short. `rows` is None where it cannot be read."""

    name: str
    path: str | None
    title: str
    rows: int | None
    fields: int
    bytes: int


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """A package in short."""

    name: str | None
    title: str
    description: str
    version: str | None
    standard: str
    licences: tuple[str, ...]
    tables: tuple[TableInfo, ...]


def info(path: str | Path = ".", *, follow_links: bool = False) -> PackageInfo:
    """What a package holds: its tables with rows, fields and sizes, licence and version."""
    from claimpack.engine import tables
    from claimpack.engine.store import Store

    model = _model(path, follow_links)
    store = Store()
    listed = []
    for item in model.resources:
        if item.tabular:
            rows = tables.count(store, item)
            fields = len(item.schema.fields) if item.schema else 0
            listed.append(
                TableInfo(item.name, item.path, item.title, rows, fields, tables.size(item))
            )
    return PackageInfo(
        model.name,
        model.title,
        model.description,
        model.version,
        model.standard,
        _licences(model),
        tuple(listed),
    )


def _licences(model: Model) -> tuple[str, ...]:
    raw = model.raw.get("licenses")
    items = raw if isinstance(raw, list) else []
    named = (item.get("name") or item.get("path") for item in items if isinstance(item, dict))
    return tuple(str(name) for name in named if name)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an opened package, read when asked for."""

    resource: Resource
    memory: str | None = None

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.resource.name

    def to_batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as typed record batches; the whole is never in memory."""
        from claimpack.engine import tables
        from claimpack.engine.store import Store

        if self.resource.broken or self.resource.blocked:
            raise UnreadableError(f"the table {self.name} cannot be read")
        yield from tables.batches(Store(self.memory), self.resource)

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table: dates as date32, integers int64, numbers double."""
        import pyarrow as pa

        from claimpack.engine import tables

        batches = list(self.to_batches())
        return pa.Table.from_batches(batches, tables.arrow_schema(self.resource))

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars frame; needs the extra `polars`."""
        import polars as pl

        frame = pl.from_arrow(self.to_arrow())
        assert isinstance(frame, pl.DataFrame)
        return frame

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame of Arrow-backed types; needs the extra `pandas`."""
        import pandas as pd

        return self.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)

    def to_pylist(self) -> list[dict[str, Any]]:
        """The rows as dictionaries; for small tables."""
        return [row for batch in self.to_batches() for row in batch.to_pylist()]


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package: a mapping from names to tables, and the descriptor as written."""

    model: Model
    memory: str | None = None

    @property
    def name(self) -> str | None:
        """The package's name."""
        return self.model.name

    @property
    def descriptor(self) -> dict[str, Any]:
        """The descriptor as written."""
        return dict(self.model.raw)

    def __getitem__(self, name: str) -> Table:
        """The table of that name; KeyError where there is none."""
        return Table(self.model.resource(name), self.memory)

    def __iter__(self) -> Iterator[str]:
        return (item.name for item in self.model.resources if item.tabular)

    def __len__(self) -> int:
        return sum(item.tabular for item in self.model.resources)

    def __contains__(self, name: object) -> bool:
        return name in list(self)


def open(
    path: str | Path = ".", *, memory: str | None = None, follow_links: bool = False
) -> Package:
    """Open a package without validating it. Tables are read when they are asked for.

    Raises:
        UsageError: There is no such package.
        UnreadableError: The descriptor cannot be read.
        InvalidPackageError: The descriptor is no JSON object.
    """
    return Package(_model(path, follow_links), memory)


def describe(
    path: str | Path = ".",
    catalogues: Sequence[str] | None = None,
    *,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> Descriptions:
    """Describe a package for catalogues of data: schema.org, DataCite, Croissant and others.

    Everything is made from the descriptor, its schemas and the files as they lie; the day of
    publication is that of SOURCE_DATE_EPOCH, else that of the descriptor's `created`.
    Nothing is validated, and nothing is written to the disk.

    Args:
        path: The package.
        catalogues: Names of catalogues; None for all that are for such a package.
        follow_links: Follow links that leave the package's folder.
        progress: Called with a file's path, bytes read and bytes in all.

    Returns:
        The files, and notes on what they do not say and on those that could not be made.

    Raises:
        UsageError: There is no such package or catalogue.
        UnreadableError: The descriptor or a file cannot be read.
        InvalidPackageError: The descriptor is no JSON object.
    """
    from claimpack import clock, metadata
    from claimpack.metadata import release

    moment = clock.given()
    model = _model(path, follow_links)
    day = moment.date() if moment else None
    files = release.of_package(model, day, progress or (lambda *_: None))
    return metadata.describe(model, files, catalogues)


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
        return compare(before, after, memory, progress or (lambda *_: None))


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
) -> QueryResult:
    """Run one select over the tables of a package; it can read nothing else.

    Args:
        sql: The select, in DuckDB's SQL; each table goes by its resource's name.
        path: The package: a folder, a descriptor, a zip file, or a release.
        memory: Memory of the engine.
        follow_links: Follow links that leave the package's folder.
        progress: Called with what is being done, steps done and steps in all.

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
        return run.run(model, sql, memory, progress or (lambda *_: None))


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
    from claimpack import corpus as verifying
    from claimpack.engine import tables
    from claimpack.engine.store import Store

    reading = descriptor.read(path)
    model = _found(reading)
    graded, _ = settings.gather(path, reading, rules, config=config)
    store = Store()
    wanted = {"sources", "passages", *verifying.PROSE}
    rows = {
        item.name: tables.numbered(store, item)
        for item in model.resources
        if item.name in wanted and item.schema and not (item.broken or item.blocked)
    }
    made = verifying.verify(model, rows, Path(corpus))
    report = grades.apply(made.report, graded, settings.stopping(graded), _unread(model))
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
    return measure(_model(path, False))


def pandera_schema(
    package: Package | str | Path, table: str, backend: Backend = "pyarrow"
) -> pandera.DataFrameSchema | Any:
    """A pandera schema built from a table's Table Schema and row rules.

    Args:
        package: An opened package, or its path.
        table: Name of a table.
        backend: The frame that the schema is for.

    Returns:
        A schema whose `validate` raises pandera's errors on a frame of that kind.

    Raises:
        KeyError: There is no such table.
        UsageError: An unknown backend, or the backend's library is not installed.
    """
    from claimpack import schemas

    opened = package if isinstance(package, Package) else open(package)
    resource = opened.model.resource(table)
    return schemas.build(opened.model, resource, _planned(opened.model).table(table), backend)


def _expect_valid(checked: Report) -> None:
    if checked.verdict == "invalid":
        raise InvalidPackageError(
            f"the package has {checked.counts['error']} errors; nothing was written", checked
        )
    if checked.verdict == "not-checked":
        what = checked.unchecked[0]
        raise UnreadableError(
            f"not everything could be checked ({what.resource or 'package'}: {what.why}); "
            "nothing was written"
        )


def init(path: str | Path, title: str = "") -> tuple[str, ...]:
    """Make a claims package in a new folder, named after it; it validates at once.

    Returns:
        The names of its tables, which are empty.

    Raises:
        UsageError: The folder's name is no name of a package, or it holds files already.
        UnreadableError: It cannot be written.
    """
    from claimpack.curate import starter

    return starter.init(Path(path), title)


def add_table(
    file: str | Path, path: str | Path = ".", *, name: str | None = None, title: str = ""
) -> AddedTable:
    """Add a file to a package as a table, its schema inferred.

    Args:
        file: CSV, TSV, Excel or Parquet, in the package's folder or below it.
        path: The package.
        name: Name of the table, made of the file's name where none is given.
        title: Title of the table.

    Raises:
        UsageError: The file is not there, not in the package, no table, or the name or the
            file is taken already.
        UnreadableError: A file cannot be read or written.
    """
    from claimpack.curate import inference

    return inference.add_table(_own_model(path), Path(file), name, title)


def fmt(path: str | Path = ".", *, check: bool = False) -> Iterator[Formatted]:
    """Bring a package's tables into the canonical form, without changing a value.

    Args:
        path: The package.
        check: Only say what would be done.

    Returns:
        What became of each table, as it is done.

    Raises:
        UsageError: There is no such package.
        InvalidPackageError: The descriptor is no JSON object.
    """
    from claimpack.curate import canonical

    return canonical.tidy(_model(path, False) if check else _own_model(path), check=check)


def new_source(
    file: str | Path,
    path: str | Path = ".",
    *,
    source_id: str | None = None,
    values: Mapping[str, str] | None = None,
) -> NewSource:
    """Register a text as a source: hash of its bytes, its length, metadata as given.

    Args:
        file: The text, in UTF-8.
        path: A claims data package.
        source_id: Key of the source, made of the file's name where none is given.
        values: Metadata by field.

    Raises:
        UsageError: The file is not there or no UTF-8, the key or the text is registered
            already, or a field is unknown.
        UnreadableError: A file cannot be read or written.
    """
    from claimpack.curate import sources

    return sources.register(_own_model(path), Path(file), source_id, values or {})


def locate(
    source_id: str,
    words: str,
    path: str | Path = ".",
    *,
    corpus: str | Path,
    passage_id: str | None = None,
    nth: int | None = None,
) -> tuple[Located, str]:
    """Where words stand in a source's text, and the line to put into the table of passages.

    Args:
        source_id: The source.
        words: Words of its text, at exactly one place in it.
        path: A claims data package.
        corpus: Folder that holds the texts.
        passage_id: Key of the passage, made of its first words where none is given.
        nth: Which of several places is meant, from 1.

    Raises:
        UsageError: There is no such source, the passage is registered already, or the
            words stand nowhere or at several places.
        UnreadableError: The source's text is not in the folder.
    """
    from claimpack.curate import passages

    model = _model(path, False)
    return passages.locate(model, source_id, words, Path(corpus), passage_id=passage_id, nth=nth)


def _reading(path: str | Path, text: str | bytes | None, follow_links: bool) -> Reading:
    if text is None:
        return descriptor.read(path, follow_links=follow_links)
    return descriptor.read_text(text, path, name=STANDARD_INPUT, follow_links=follow_links)


def _apart(
    path: str | Path,
    memory: str | None,
    follow_links: bool = False,
    progress: Progress | None = None,
) -> Report:
    """The report that anyone gets who has the package alone, without files of settings."""
    start = time.perf_counter()
    reading = _reading(path, None, follow_links)
    wanted, told = settings.gather(path, reading, files=False)
    made = _judged(reading, wanted, told, lambda plan: _run(plan, memory, progress))
    return replace(made, seconds=time.perf_counter() - start)


def _judged(
    reading: Reading,
    wanted: Grades,
    told: tuple[Finding, ...],
    check: Callable[[Plan], Outcome | Known] | None,
) -> Report:
    """The report on a descriptor and, where there is a check, on its data."""
    own = FindingList((*reading.findings, *told))
    made = Report(None, own, tuple(reading.unchecked))
    if reading.package is not None:
        made = Report(reading.package.name, own, tuple(reading.unchecked))
        if reading.package.resources and check is not None:
            outcome = check(_planned(reading.package, wanted))
            findings = JoinedFindings((own, outcome.findings))
            unchecked = (*reading.unchecked, *outcome.unchecked)
            made = Report(reading.package.name, findings, unchecked, outcome.tables)
    return grades.apply(made, wanted, settings.stopping(wanted), _unread(reading.package))


def _model(path: str | Path, follow_links: bool) -> Model:
    return _found(descriptor.read(path, follow_links=follow_links))


def _own_model(path: str | Path) -> Model:
    """The package in a folder, to be written to; UsageError for one in a zip file."""
    from claimpack.descriptor.reading import is_archive

    if Path(path).is_file() and is_archive(Path(path)):
        raise UsageError(f"{path} is a zip file, which is only read; unpack it, name the folder")
    return _model(path, False)


def _found(reading: descriptor.Reading) -> Model:
    if reading.package is None:
        first = reading.findings[0].message if reading.findings else "not a JSON object"
        raise InvalidPackageError(f"the descriptor cannot be used: {first}")
    return reading.package


def _planned(model: Model, wanted: Grades | None = None) -> Plan:
    from claimpack.plan import make

    return make(model, wanted or Grades())


def _run(plan: Plan, memory: str | None, progress: Progress | None) -> Outcome:
    from claimpack.engine.run import Run

    return Run(plan, memory, progress or (lambda *_: None)).outcome()


def _unread(model: Model | None) -> frozenset[str | None]:
    """What the descriptor's own faults keep from being read; None is the package itself."""
    if model is None or not model.resources:
        return frozenset((None,))
    return frozenset(item.name for item in model.resources if item.broken)


__all__ = [
    "AgreementReport",
    "Difference",
    "ExportResult",
    "Outline",
    "Package",
    "PackageInfo",
    "QueryResult",
    "Release",
    "Report",
    "Table",
    "TableInfo",
    "add_table",
    "agreement",
    "changelog",
    "describe",
    "diff",
    "export",
    "fmt",
    "info",
    "init",
    "locate",
    "new_source",
    "open",
    "pandera_schema",
    "plan",
    "publish",
    "query",
    "validate",
    "verify",
    "verify_sources",
    "watch",
]
