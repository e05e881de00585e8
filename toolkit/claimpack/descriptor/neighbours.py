"""What stands beside the declared files: names that clash, and data that nobody declared."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator

from claimpack.descriptor.faults import Place, shown
from claimpack.descriptor.model import Resource
from claimpack.descriptor.parts import Shelf
from claimpack.report import Finding

_DATA = (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".ods", ".parquet", ".ndjson", ".jsonl", ".json")
_COMPRESSED = (".gz", ".zip", ".zst")
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
        key = unicodedata.normalize("NFC", key)
    other = seen.setdefault(key, text)
    if other != text:
        place.warn(
            f"the {noun} {shown(text)} differs from {shown(other)} by case or accents' form only",
            "Rename one: on many computers the two are one",
            *steps,
            rule="name-clash",
        )


def undeclared(
    resources: tuple[Resource, ...], descriptor: str, shelf: Shelf, place: Place
) -> None:
    """Warn of each data-like file beside a declared one that the descriptor does not name."""
    gate = shelf.gate
    base = os.path.realpath(gate.base)
    declared = {os.path.normpath(name) for name in shelf.names} | {descriptor}
    folders: dict[str, bool] = {}
    for item in resources:
        if item.blocked == "remote path":
            continue
        for name in item.paths if not item.broken or item.files else ():
            declared.add(os.path.normpath(name))
            if not name.startswith(("/", "~")) and ".." not in name.split("/"):
                folder = os.path.dirname(os.path.normpath(name))
                folders[folder] = folders.get(folder, False) or "json" in item.format
    real = {str(path) for item in resources for path in item.files}
    for folder, json in sorted(folders.items()):
        for name in sorted(_data(os.path.join(base, folder), json=json or bool(folder))):
            relative = os.path.join(folder, name)
            path = os.path.realpath(os.path.join(base, relative))
            if relative not in declared and path not in real:
                _undeclared(relative.replace(os.sep, "/"), place)


def _data(folder: str, *, json: bool) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_file()]
    except OSError:
        return
    for name in names:
        plain = _without(name.lower(), _COMPRESSED)
        is_json = plain.endswith(".json")
        if plain.endswith(_DATA) and not name.startswith((".", "~$")):
            if not is_json or (json and plain not in _CONFIGURATION):
                yield name


def _without(name: str, endings: Iterable[str]) -> str:
    return next((name.removesuffix(end) for end in endings if name.endswith(end)), name)


def _undeclared(path: str, place: Place) -> None:
    place.faults.findings.append(
        Finding(
            "undeclared-file",
            "warning",
            f"the file {shown(path)} lies beside the data and is not declared",
            "Declare it as a resource, or move it elsewhere",
            path=path,
            clause="Data Package, resources",
        )
    )
