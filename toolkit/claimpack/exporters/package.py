"""A package written in one or several formats, each a data package of its own."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from claimpack.descriptor.model import Package, Resource
from claimpack.engine.store import Store
from claimpack.errors import UsageError
from claimpack.exporters import exporter, folder

DROPPED = ("dialect", "encoding", "compression", "data", "profile", "path", "url", "hash", "bytes")
DESCRIPTOR = "datapackage.json"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of an export: its path within the folder, size, rows of a table, SHA-256."""

    path: str
    bytes: int
    rows: int | None
    sha256: str


def write(
    package: Package,
    target: Path,
    formats: Sequence[str],
    *,
    force: bool = False,
    memory: str | None = None,
    progress: Progress = lambda *_: None,
) -> tuple[WrittenFile, ...]:
    """Write a package in each format to `target/<format>/`, with `SHA256SUMS` at the top.

    The package is taken to be valid. Running it twice gives the same bytes.

    Raises:
        UsageError: An unknown format, or a target that is the package itself.
        UnreadableError: The target cannot be written.
    """
    for name in formats:
        exporter(name)
    expect_apart(package, target)
    with folder.replaced(target, force=force) as fresh:
        written = fill(package, fresh, formats, memory=memory, progress=progress)
        sum_up(fresh, written)
    return tuple(written)


def fill(
    package: Package,
    fresh: Path,
    formats: Sequence[str],
    *,
    memory: str | None = None,
    progress: Progress = lambda *_: None,
) -> list[WrittenFile]:
    """Write a package in each format to `fresh/<format>/`; the files, sorted by path.

    Raises:
        UsageError: An unknown format.
        UnreadableError: A value is beyond what a format can hold.
    """
    exporters = {name: exporter(name) for name in dict.fromkeys(formats)}
    store = Store(memory)
    tables = [item for item in package.resources if item.tabular]
    total = len(tables) * len(exporters)
    written: list[WrittenFile] = []
    for number, (name, module) in enumerate(exporters.items()):
        made: list[WrittenFile] = []
        for count, resource in enumerate(tables, number * len(tables)):
            progress(f"{name} {resource.name}", count, total)
            made.append(_table(store, resource, fresh, name, module))
        made += _others(package, fresh, name)
        written += [*made, _descriptor(package, fresh, name, module, made)]
    return sorted(written, key=lambda item: item.path)


def sum_up(fresh: Path, written: Sequence[WrittenFile]) -> None:
    """Write the checksums of all files in the form that `sha256sum --check` reads."""
    lines = [f"{item.sha256}  {item.path}\n" for item in written]
    (fresh / folder.SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def expect_apart(package: Package, target: Path) -> None:
    """UsageError where the target would take the place of the package or of its data."""
    base, place = package.base.resolve(), target.resolve()
    if place == base or place in base.parents:
        raise UsageError(f"{target} holds the package itself; write to another folder")
    data = {path.resolve().parent for item in package.resources for path in item.files}
    if any(place == parent or place in parent.parents for parent in data):
        raise UsageError(f"{target} holds the package's data; write to another folder")


def _table(store: Store, resource: Resource, top: Path, name: str, module: Any) -> WrittenFile:
    path = PurePosixPath(name, "tables", f"{_file_name(resource.name)}{module.SUFFIX}")
    target = top / path
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = module.write(store, resource, target)
    return written_file(top, str(path), rows)


def _file_name(name: str) -> str:
    return name.replace("/", "-")


def _others(package: Package, top: Path, name: str) -> list[WrittenFile]:
    """Resources that are no tables, copied as they are."""
    made = []
    for resource in package.resources:
        if resource.tabular:
            continue
        for written, path in zip(resource.paths, resource.files, strict=False):
            target = top / name / written
            if target.exists() or written == DESCRIPTOR:
                raise UsageError(f"the export has a file {written} of its own; rename yours")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            made.append(written_file(top, f"{name}/{written}", None))
    return made


def written_file(top: Path, path: str, rows: int | None) -> WrittenFile:
    """What is told of a file that was written, its hash read back from the disk."""
    target = top / path
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return WrittenFile(path, target.stat().st_size, rows, digest)


def _descriptor(
    package: Package, top: Path, name: str, module: Any, made: Sequence[WrittenFile]
) -> WrittenFile:
    by_path = {item.path: item for item in made}
    raw = copy.deepcopy(dict(package.raw))
    raw["resources"] = []
    for resource in package.resources:
        path = f"tables/{_file_name(resource.name)}{module.SUFFIX}"
        item = by_path.get(f"{name}/{path}")
        if not resource.tabular or item is None:
            raw["resources"].append(dict(resource.raw))
            continue
        own = {key: value for key, value in resource.raw.items() if key not in DROPPED}
        own |= {"path": path, "format": name, "mediatype": module.MEDIATYPE}
        own |= {"encoding": "utf-8"} if name == "csv" else {}
        own |= {"bytes": item.bytes, "hash": f"sha256:{item.sha256}", "rowCount": item.rows}
        if resource.schema is not None:
            own["schema"] = dict(resource.schema.raw)
        raw["resources"].append(own)
    text = json.dumps(raw, indent=2, ensure_ascii=False) + "\n"
    target = top / name / DESCRIPTOR
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return written_file(top, f"{name}/{DESCRIPTOR}", None)
