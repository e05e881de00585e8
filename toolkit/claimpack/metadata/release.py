"""The files that a description is about: those of a release, or of a package as it lies."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Protocol

from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.reading import NAME
from claimpack.errors import UnreadableError
from claimpack.metadata import values
from claimpack.progress import Progress, silent

BLOCK = 1 << 20
MEDIA_TYPES = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".duckdb": "application/vnd.duckdb",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".ndjson": "application/x-ndjson",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".parquet": "application/vnd.apache.parquet",
    ".ris": "application/x-research-info-systems",
    ".sqlite": "application/vnd.sqlite3",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
UNKNOWN = "application/octet-stream"
WHOLES = frozenset(MEDIA_TYPES[suffix] for suffix in (".duckdb", ".sqlite", ".xlsx", ".zip"))
"""Formats of which one file holds all tables."""
DESCRIPTOR = "Descriptor of the Data Package"
PARTS = {"schema": "Table Schema", "dialect": "Table Dialect"}
OF_FORMATS = {
    "bibtex": "The sources as BibTeX",
    "csl": "The sources as CSL-JSON",
    "quarantine": "Rows with errors, which are not in the tables",
    "duckdb": "All tables in one DuckDB file",
    "ris": "The sources as RIS",
    "sqlite": "All tables in one SQLite file",
    "xlsx": "All tables in one Excel workbook",
}
"""What a file of an export in these formats is."""
CHANGING = frozenset({MEDIA_TYPES[".duckdb"]})
"""Formats whose bytes differ from build to build. Sizes and checksums of such files are not
described, so that the descriptions stay the same; SHA256SUMS has them."""
READABLE = ("parquet", "csv", "tsv")
"""Formats that catalogues read tables from, the most exact first."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release.

    Attributes:
        path: Its path seen from the release's folder, or its address where it is remote.
        media_type: IANA media type.
        bytes: Size, None where it is not known.
        sha256: SHA-256 in hexadecimal, None where it is not known.
        resource: Name of the resource whose data it holds, None for other files.
        rows: Rows of a table, None where they were not counted.
        plain: Whether any reader of its format takes it as it is meant: UTF-8, a header,
            the format's own delimiter and quotes.
        description: What it is, where it holds no resource's data.
    """

    path: str
    media_type: str = UNKNOWN
    bytes: int | None = None
    sha256: str | None = None
    resource: str | None = None
    rows: int | None = None
    plain: bool = True
    description: str = ""

    @property
    def name(self) -> str:
        """The file's name without folders."""
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        """The ending of its name in lower case, with the full stop."""
        return PurePosixPath(self.path).suffix.lower()

    @property
    def holds_data(self) -> bool:
        """Whether it holds data rather than what is said of them."""
        return self.resource is not None or self.media_type in WHOLES


@dataclass(frozen=True, slots=True)
class Release:
    """What is described: files, and the day that they are published on, where it is known.

    Attributes:
        files: The files.
        day: The day.
        checks: How the files were checked, in a sentence or two; empty where nothing is known.
    """

    files: tuple[File, ...] = ()
    day: dt.date | None = None
    checks: str = ""

    def data(self) -> tuple[File, ...]:
        """The files that hold data."""
        return tuple(file for file in self.files if file.holds_data)

    def tables(self, resource: Resource) -> tuple[File, ...]:
        """The files of a table in the most exact format that catalogues read; none if none is."""
        own = [file for file in self.files if file.resource == resource.name and file.plain]
        for name in READABLE:
            found = [file for file in own if file.media_type == MEDIA_TYPES[f".{name}"]]
            if found:
                return tuple(found)
        return ()


class Written(Protocol):
    """What is told of a file that an export wrote."""

    @property
    def path(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    @property
    def rows(self) -> int | None: ...
    @property
    def sha256(self) -> str: ...


def of_export(package: Package, written: Iterable[Written], day: dt.date | None) -> Release:
    """The release that an export wrote: `<format>/tables/<table>.<format>`, and other files."""
    tables = {item.name.replace("/", "-"): item.name for item in package.resources if item.tabular}
    others = {
        path: item.name for item in package.resources if not item.tabular for path in item.paths
    }
    files = []
    for item in written:
        rest = item.path.partition("/")[2]
        place = PurePosixPath(rest)
        of_table = tables.get(place.stem) if str(place.parent) == "tables" else None
        kind = media_type(item.path)
        fixed = kind not in CHANGING
        files.append(
            File(
                item.path,
                kind,
                item.bytes if fixed else None,
                item.sha256 if fixed else None,
                of_table if item.rows is not None else others.get(rest),
                item.rows,
                description=_what(item.path),
            )
        )
    return Release(tuple(files), day)


def _what(path: str) -> str:
    """What a file of an export is, where it is no table."""
    place = PurePosixPath(path)
    if place.name == NAME:
        return DESCRIPTOR
    if place.suffix == ".zip" and len(place.parts) == 1:
        return f"The folder {place.stem} in one zip file"
    return OF_FORMATS.get(place.parts[0], "")


def of_package(package: Package, day: dt.date | None, progress: Progress = silent) -> Release:
    """A package as it lies: its descriptor, the parts of it in files of their own, its data.

    Args:
        package: The package.
        day: The day of publication, where it is known.
        progress: Called with a file's path, bytes read and bytes in all.

    Raises:
        UnreadableError: One of them cannot be read.
    """
    files = [
        replace(_measured(package.base / name, name, progress), description=said)
        for name, said in _descriptors(package).items()
    ]
    for resource in package.resources:
        files += _data(resource, progress)
    return Release(tuple({file.path: file for file in files}.values()), day)


def media_type(path: str, name: str = "") -> str:
    """The media type of a file by its format, else by its ending."""
    return MEDIA_TYPES.get(f".{name}") or MEDIA_TYPES.get(
        PurePosixPath(path).suffix.lower(), UNKNOWN
    )


def _descriptors(package: Package) -> dict[str, str]:
    """The descriptor and the files that it refers to for parts of it, with what each is."""
    found = {}
    if (package.base / package.descriptor).is_file():
        found[package.descriptor] = DESCRIPTOR
    for resource in package.resources:
        for part, said in PARTS.items():
            path = resource.raw.get(part)
            if isinstance(path, str) and not values.address(path) and _within(package, path):
                found.setdefault(path, f"{said} of {resource.name}")
    return found


def _within(package: Package, path: str) -> bool:
    place = (package.base / path).resolve()
    return place.is_file() and place.is_relative_to(package.base.resolve())


def _data(resource: Resource, progress: Progress) -> Iterator[File]:
    declared = values.text(resource.raw.get("mediatype"))
    here: Sequence[Path] = resource.files if len(resource.files) == len(resource.paths) else ()
    for number, path in enumerate(resource.paths):
        kind = declared or media_type(path, "" if resource.compression else resource.format)
        if here:
            yield _measured(here[number], path, progress, kind, resource.name, _plain(resource))
        else:
            size, digest = resource.bytes, resource.hash
            own = digest[1] if digest and digest[0] == "sha256" else None
            alone = len(resource.paths) == 1
            yield File(
                path,
                kind,
                size if alone else None,
                own if alone else None,
                resource.name,
                None,
                _plain(resource),
            )


def _plain(resource: Resource) -> bool:
    """Whether a reader that knows nothing but the format gets the table right."""
    if resource.compression or not resource.tabular:
        return False
    if resource.format == "parquet":
        return True
    dialect = resource.dialect
    delimiter = {"csv": ",", "tsv": "\t"}.get(resource.format)
    return (
        dialect.delimiter == delimiter
        and dialect.quote_char == '"'
        and dialect.escape_char is None
        and dialect.header
        and dialect.header_rows == (1,)
        and not (dialect.comment_char or dialect.comment_rows or dialect.skip_initial_space)
        and resource.encoding.lower().replace("-", "") in ("utf8", "usascii", "ascii")
    )


def _measured(
    file: Path,
    path: str,
    progress: Progress,
    kind: str = "",
    resource: str | None = None,
    plain: bool = True,
) -> File:
    try:
        size, digest = _digest(file, partial(progress, path))
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror or error}") from error
    return File(path, kind or media_type(path), size, digest, resource, None, plain)


def _digest(file: Path, progress: Callable[[int, int], None]) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    made = hashlib.sha256()
    done = 0
    with file.open("rb") as stream:
        total = file.stat().st_size
        while block := stream.read(BLOCK):
            made.update(block)
            done += len(block)
            progress(done, max(done, total))
    return done, made.hexdigest()


__all__ = [
    "MEDIA_TYPES",
    "READABLE",
    "UNKNOWN",
    "File",
    "Release",
    "media_type",
    "of_export",
    "of_package",
]
