"""What stands beside the declared files: names that clash, and data that nobody declared."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from claimpack.descriptor.faults import Place, shown
from claimpack.descriptor.model import Resource
from claimpack.descriptor.parts import Shelf
from claimpack.report import Finding

_DATA = (
    *(".csv", ".tsv", ".tab", ".xlsx", ".xls", ".ods"),
    *(".parquet", ".feather", ".arrow", ".ndjson", ".jsonl", ".json"),
)
_ADDABLE = (".csv", ".tsv", ".xlsx", ".parquet")
_COMPRESSED = (".gz", ".zip", ".zst", ".bz2", ".xz")
_CONFIGURATION = frozenset(
    ("package.json", "package-lock.json", "composer.json", "tsconfig.json", "codemeta.json")
)


def clashes(resources: tuple[Resource, ...], place: Place) -> None:
    """Warn of names and paths that are equal but for case."""
    names: dict[str, str] = {}
    paths: dict[str, str] = {}
    for item in resources:
        spot = Place(
            place.faults, place.file, item.pointer, "Data Resource", item.standard, item.name
        )
        written = item.raw.get("name")
        if isinstance(written, str):
            _clash(written, names, spot, "name", ("name",))
        many = isinstance(item.raw.get("path"), list)
        for index, path in enumerate(item.paths):
            _clash(path, paths, spot, "path", ("path", index) if many else ("path",))


def _clash(
    text: str, seen: dict[str, str], place: Place, noun: str, steps: tuple[str | int, ...]
) -> None:
    key = text.casefold()
    if not text.isascii():
        import unicodedata

        key = unicodedata.normalize("NFC", key)
    other = seen.setdefault(key, text)
    if other != text:
        place.warn(
            f"the {noun} {shown(text)} differs from {shown(other)} only in case or accents",
            "Rename one of them: on many computers they are the same",
            *steps,
            rule="name-clash",
        )


def undeclared(
    resources: tuple[Resource, ...], descriptor: str, shelf: Shelf, place: Place
) -> None:
    """Warn of each data-like file beside a declared one that the descriptor does not name."""
    declared = {os.path.normpath(name) for name in (*shelf.names, *shelf.gate.near, descriptor)}
    folders: dict[str, bool] = {}
    for item in resources:
        if "://" in (item.path or "") or not item.files:
            continue
        for name in map(os.path.normpath, item.paths):
            declared.add(name)
            folder = name.rpartition(os.sep)[0]
            if not folder.startswith((os.sep, "..")):
                folders[folder] = folders.get(folder, False) or "json" in item.format
    base = Path(os.path.realpath(shelf.gate.base))
    real = {path for item in resources for path in item.files}
    for folder, json in sorted(folders.items()):
        names = shelf.gate.names(folder)
        for name in sorted(_data(names, json=json or bool(folder))):
            relative = os.path.normpath(f"{folder or '.'}{os.sep}{name}")
            if relative not in declared and Path(os.path.realpath(base / relative)) not in real:
                _undeclared(relative.replace(os.sep, "/"), place)


def _data(names: Iterable[str], *, json: bool) -> Iterator[str]:
    for name in names:
        plain = _without(name.lower(), _COMPRESSED)
        if not plain.endswith(_DATA) or name.startswith((".", "~$")):
            continue
        if not plain.endswith(".json") or (json and plain not in _CONFIGURATION):
            yield name


def _without(name: str, endings: Iterable[str]) -> str:
    return next((name.removesuffix(end) for end in endings if name.endswith(end)), name)


def _undeclared(path: str, place: Place) -> None:
    if not place.faults.room("warning"):
        return
    place.faults.findings.append(
        Finding(
            "undeclared-file",
            "warning",
            f"the file {shown(path)} is in a folder with data files but is not declared",
            _declare(path),
            path=path,
            clause="Data Package, resources",
        )
    )


def _declare(path: str) -> str:
    """How the file is declared: by a command where it is a table that the command can read."""
    import shlex

    if path.lower().endswith(_ADDABLE) and path.isprintable():
        return f"Add it with `claimpack add-table {shlex.quote(path)}`, or move it elsewhere"
    return "Declare it as a resource, or move it elsewhere"
