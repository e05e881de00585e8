"""What a command reads: packages by path or on standard input, and its output kept off them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from claimpack import limits
from claimpack.errors import UnreadableError, UsageError
from claimpack.renderers import Options

STANDARD_INPUT = "-"


def read_input() -> bytes:
    """The descriptor on standard input, up to one byte more than the limit.

    Raises:
        UnreadableError: There is no standard input, or it cannot be read.
    """
    if sys.stdin is None:
        raise UnreadableError("there is no standard input to read a descriptor from")
    try:
        return sys.stdin.buffer.read(limits.DESCRIPTOR_BYTES + 1)
    except OSError as error:
        raise UnreadableError(f"standard input: {error.strerror or error}") from error


def placed(options: Options, path: str) -> Options:
    """The options of a report on the package of that path, seen from the current folder."""
    if path == STANDARD_INPUT:
        return replace(options, path=path, descriptor="<stdin>")
    base = Path(os.path.abspath(path))  # noqa: PTH100  # links stay as they were written
    folder, name = (base, options.descriptor) if base.is_dir() else (base.parent, base.name)
    try:
        shown = folder.relative_to(Path.cwd()).as_posix()
    except ValueError:
        shown = folder.as_posix()
    prefix = "" if shown == "." else f"{shown.rstrip('/')}/"
    return replace(options, path=path, folder=prefix, descriptor=name)


def refuse_input(target: Path, package: str, text: bytes | None = None) -> None:
    """UsageError where writing the target would overwrite a file of the package."""
    if not target.is_file():
        return
    for source in _files(package, text):
        if source.is_file() and source.samefile(target):
            raise UsageError(f"{target} is a file of the package; -o would overwrite it")


def _files(path: str, text: bytes | None) -> Iterator[Path]:
    """Every file that reading the package opens."""
    from claimpack import descriptor

    reading = descriptor.read(path) if text is None else descriptor.read_text(text, path)
    package = reading.package
    yield Path(path)
    yield Path(path) / "datapackage.json"
    for resource in package.resources if package else ():
        yield from resource.files
        for name in ("schema", "dialect"):
            if package and isinstance(resource.raw.get(name), str):
                yield package.base / resource.raw[name]


__all__ = ["STANDARD_INPUT", "placed", "read_input", "refuse_input"]
