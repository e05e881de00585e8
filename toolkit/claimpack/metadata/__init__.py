"""Descriptions of a package for catalogues, made from its descriptor and its files.

One module a catalogue in `catalogues/`, found by its name: `schema_org.py` is `schema-org`.
Each has `FILE`, the name of its file, and `describe(subject, tell) -> bytes`, which calls
`tell` for what it could not carry over and raises `LackingError` where the descriptor lacks what
the catalogue cannot do without. One that is not for every package has `applies(subject)`,
one that describes the other descriptions too has `LAST = True`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from types import ModuleType

from claimpack.descriptor.model import Package
from claimpack.errors import UsageError
from claimpack.metadata import catalogues
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.release import File, Release, media_type
from claimpack.metadata.subject import Subject, of


@dataclass(frozen=True, slots=True)
class Note:
    """What a catalogue's file does not say, and why; `written` is false where there is none."""

    catalogue: str
    text: str
    written: bool = True


@dataclass(frozen=True, slots=True)
class Description:
    """A file for a catalogue."""

    catalogue: str
    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Descriptions:
    """The files for catalogues, sorted by path, and the notes on them."""

    files: tuple[Description, ...]
    notes: tuple[Note, ...]


def names() -> tuple[str, ...]:
    """Every catalogue's name, sorted."""
    found = (info.name.replace("_", "-") for info in pkgutil.iter_modules(catalogues.__path__))
    return tuple(sorted(found))


def describe(
    package: Package, release: Release, wanted: Sequence[str] | None = None
) -> Descriptions:
    """Describe a package for catalogues. The same package and release give the same bytes.

    Args:
        package: The package.
        release: Its files, and the day of publication.
        wanted: Names of catalogues; None for all that are for such a package.

    Raises:
        UsageError: There is no such catalogue.
    """
    subject = of(package, release)
    modules = {name: _module(name) for name in (names() if wanted is None else wanted)}
    files: list[Description] = []
    notes: list[Note] = []
    for name in sorted(modules, key=lambda item: (getattr(modules[item], "LAST", False), item)):
        module = modules[name]
        if wanted is None and not getattr(module, "applies", lambda _: True)(subject):
            continue
        told: list[str] = []
        try:
            whole = replace(subject, release=_with(release, files))
            content = module.describe(whole, told.append)
        except LackingError as lack:
            notes.append(Note(name, str(lack), written=False))
            continue
        files.append(Description(name, module.FILE, content))
        notes += map(partial(Note, name), dict.fromkeys(told))
    return Descriptions(tuple(sorted(files, key=lambda item: item.path)), tuple(notes))


def _module(name: str) -> ModuleType:
    if name not in names():
        raise UsageError(f'no catalogue is called "{name}"; known are {", ".join(names())}')
    return importlib.import_module(f"{catalogues.__name__}.{name.replace('-', '_')}")


def _with(release: Release, made: Iterable[Description]) -> Release:
    """The release with the descriptions made so far."""
    known = {item.path for item in made}
    kept = tuple(file for file in release.files if file.path not in known)
    more = tuple(
        File(
            item.path,
            media_type(item.path),
            len(item.content),
            sha256(item.content).hexdigest(),
            description=f"Description of the package for the catalogue {item.catalogue}",
        )
        for item in made
    )
    return replace(release, files=kept + more)


__all__ = [
    "Description",
    "Descriptions",
    "File",
    "LackingError",
    "Note",
    "Release",
    "Subject",
    "describe",
    "names",
]
