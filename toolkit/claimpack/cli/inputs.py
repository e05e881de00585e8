"""Keeps a command's output off the package that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claimpack.errors import UsageError


def refuse_input(target: Path, package: str) -> None:
    """UsageError where writing the target would overwrite a file of the package."""
    if not target.is_file():
        return
    for source in _files(package):
        if source.is_file() and source.samefile(target):
            raise UsageError(f"{target} is a file of the package; -o would overwrite it")


def _files(path: str) -> Iterator[Path]:
    """Every file that reading the package opens."""
    from claimpack import descriptor

    package = descriptor.read(path).package
    yield Path(path)
    yield Path(path) / "datapackage.json"
    for resource in package.resources if package else ():
        yield from resource.files
        for name in ("schema", "dialect"):
            if package and isinstance(resource.raw.get(name), str):
                yield package.base / resource.raw[name]


__all__ = ["refuse_input"]
