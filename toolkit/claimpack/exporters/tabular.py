"""Formats of one file a table: `tables/<name><suffix>` and a descriptor, a data package."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from claimpack import descriptor
from claimpack.descriptor import profiles
from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.reading import NAME
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import UnreadableError, UsageError
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.job import Job
from claimpack.readers import formula_escape

if TYPE_CHECKING:
    import pyarrow as pa

DROPPED = frozenset(
    ("dialect", "encoding", "compression", "data", "profile", "path", "url", "hash", "bytes")
) | {formula_escape.PROPERTY}
"""Properties of a resource that tell of the file that it was, not of the one written."""
_NOT_IN_NAMES = r"^\.|[/\x00-\x1f\x7f-\x9f]"
_NAME_BYTES = 200
"""Longest name of a table's file without its ending: most systems allow 255 bytes."""
TABULAR = "tabular-data-package"
"""A profile of version 1: every file is CSV. The package that is written is a plain one."""
WriteTable = Callable[[Store, Resource, Path], int]


@dataclass(frozen=True, slots=True)
class Tabular:
    """A format of one file a table.

    Attributes:
        name: Name of the format, as in a resource's `format`.
        suffix: Ending of a table's file, with its dot.
        mediatype: A resource's `mediatype`.
        write_table: Writes a table into a file and returns its number of rows.
        properties: What a resource in this format says besides.
    """

    name: str
    suffix: str
    mediatype: str
    write_table: WriteTable
    properties: Mapping[str, object] = field(default_factory=dict)

    def write(self, job: Job) -> list[WrittenFile]:
        """Write each table, copy the resources that are none, and describe them all."""
        written: dict[str, WrittenFile] = {}
        (job.folder / "tables").mkdir(exist_ok=True)
        for resource in job.package.resources:
            if resource.tabular:
                job.begin(resource.name)
                path = self.path(resource)
                rows = job.done.get(resource.name)
                if rows is None:
                    if (job.folder / path).exists():
                        raise UsageError(f"two tables would both be {path}; rename {resource.name}")
                    rows = self.write_table(job.store, resource, job.folder / path)
                written[resource.name] = written_file(job.folder, path, rows)
        copies = list(_copies(job))
        return [*written.values(), *copies, self._describe(job, written)]

    def read(
        self, folder: Path, package: Package, store: Store, resource: Resource
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a table as the descriptor in the folder says where and what they are.

        Raises:
            UnreadableError: They cannot be read.
        """
        reading = descriptor.read(folder)
        found = () if reading.package is None else reading.package.resources
        for item in found:
            if item.name == resource.name:
                yield from typed_tables.batches(store, item, strict=True)
                return
        raise UnreadableError(f"the descriptor has no table {resource.name}")

    def path(self, resource: Resource) -> str:
        """The table's file."""
        return f"tables/{file_name(resource, self.suffix)}"

    def _describe(self, job: Job, written: Mapping[str, WrittenFile]) -> WrittenFile:
        raw = copy.deepcopy(dict(job.package.raw))
        if profiles.name(raw) == TABULAR:
            del raw["profile"]
        raw["resources"] = [
            self._described(resource, written[resource.name])
            if resource.name in written
            else dict(resource.raw)
            for resource in job.package.resources
        ]
        text = json.dumps(raw, indent=2, ensure_ascii=False) + "\n"
        (job.folder / NAME).write_text(text, encoding="utf-8", newline="\n")
        return written_file(job.folder, NAME)

    def _described(self, resource: Resource, file: WrittenFile) -> dict[str, object]:
        own = {key: value for key, value in resource.raw.items() if key not in DROPPED}
        own |= {"path": file.path, "format": self.name, "mediatype": self.mediatype}
        own |= self.properties
        own |= {"bytes": file.bytes, "hash": f"sha256:{file.sha256}", "rowCount": file.rows}
        if resource.schema is not None:
            own["schema"] = dict(resource.schema.raw)
        return own


def file_name(resource: Resource, suffix: str) -> str:
    """The name of a table's file: the table's, without what none can hold, not too long."""
    plain = re.sub(_NOT_IN_NAMES, "-", resource.name)
    stem = plain.encode("utf-8")[:_NAME_BYTES].decode("utf-8", "ignore")
    return f"{stem}{suffix}"


def _copies(job: Job) -> Iterator[WrittenFile]:
    """Resources that are no tables and the package's own profiles, copied as they are."""
    base = job.package.base
    files = {name: base / name for name in job.package.profiles}
    for resource in job.package.resources:
        if not resource.tabular:
            files |= dict(zip(resource.paths, resource.files, strict=False))
    for written, path in files.items():
        target = job.folder / written
        if target.exists() or written == NAME:
            raise UsageError(f"the export writes its own {written}; rename yours")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        yield written_file(job.folder, PurePosixPath(written).as_posix())


__all__ = ["DROPPED", "Tabular", "file_name"]
