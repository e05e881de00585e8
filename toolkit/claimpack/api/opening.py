"""Opening a package: what it holds, its tables as frames, its description for catalogues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimpack.api import steps
from claimpack.descriptor.model import Package as Model
from claimpack.descriptor.model import Resource
from claimpack.errors import UnreadableError
from claimpack.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd
    import pandera
    import polars as pl
    import pyarrow as pa

    from claimpack.metadata import Descriptions
    from claimpack.schemas import Backend


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
    from claimpack.engine import typed_tables
    from claimpack.engine.exact.database import Store

    model = steps.package(path, follow_links)
    store = Store()
    listed = []
    for item in model.resources:
        if item.tabular:
            rows = typed_tables.count(store, item)
            fields = len(item.schema.fields) if item.schema else 0
            listed.append(
                TableInfo(item.name, item.path, item.title, rows, fields, typed_tables.size(item))
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
        from claimpack.engine import typed_tables
        from claimpack.engine.exact.database import Store

        if self.resource.broken or self.resource.blocked:
            raise UnreadableError(f"the table {self.name} cannot be read")
        yield from typed_tables.batches(Store(self.memory), self.resource)

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table: dates as date32, integers int64, numbers double."""
        import pyarrow as pa

        from claimpack.engine import typed_tables

        batches = list(self.to_batches())
        return pa.Table.from_batches(batches, typed_tables.arrow_schema(self.resource))

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars frame."""
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
    return Package(steps.package(path, follow_links), memory)


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
    model = steps.package(path, follow_links)
    day = moment.date() if moment else None
    files = release.of_package(model, day, progress or silent)
    return metadata.describe(model, files, catalogues)


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
    return schemas.build(opened.model, resource, steps.planned(opened.model).table(table), backend)
