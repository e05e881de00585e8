"""Profiles: which version of the standard holds, and what more a package wants to be held to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from claimpack.descriptor import jsonschemas, paths, strict
from claimpack.descriptor.faults import Place, kind, shown
from claimpack.descriptor.model import Standard
from claimpack.descriptor.parts import Shelf
from claimpack.descriptor.spelling import suggestion

_OWN = re.compile(
    r"https?://(?:www\.)?datapackage\.org/profiles/([12])\.[0-9]+/"
    r"(?:datapackage|dataresource|tableschema|tabledialect)\.json#?"
)
_OLD = (
    r"https?://(?:specs\.|www\.)?(?:frictionlessdata\.io|schemas\.datapackages\.org)/"
    r"(?:schemas/)?([a-z-]+?)(?:\.json)?"
)
NAMES = frozenset(
    (
        "data-package",
        "tabular-data-package",
        "data-resource",
        "tabular-data-resource",
        "table-schema",
        "csv-dialect",
    )
)
CLAUSE = "Glossary, Profile"
DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft of every profile: "a valid JSON Schema descriptor under the draft-07 version"."""
UNKNOWN = "unknown profile; not fetched, not applied"


def version(raw: object) -> Standard | None:
    """The version of the standard that an object's `$schema` names; None where it names none."""
    value = raw.get("$schema") if isinstance(raw, dict) else None
    match = _OWN.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    return "2" if match[1] == "2" else "1"


def name(raw: dict[str, Any]) -> str | None:
    """The short name of a version 1 profile, from the name itself or its address."""
    value = raw.get("profile")
    if not isinstance(value, str):
        return None
    match = re.fullmatch(_OLD, value)
    return match[1] if match else value


def check(
    raw: dict[str, Any], place: Place, shelf: Shelf, keys: tuple[str, ...] = ("$schema", "profile")
) -> None:
    """Apply what can be applied of `$schema` and `profile`; say so of the rest."""
    for key in keys:
        if key not in raw:
            continue
        value = raw[key]
        if value == "":
            place.ignored(key)
        elif not isinstance(value, str):
            fix = "Write the address of a profile" if key == "$schema" else "Write a profile's name"
            place.error(f"{key} is {kind(value)}", fix, key, clause=CLAUSE)
        elif not (_OWN.fullmatch(value) if key == "$schema" else name(raw) in NAMES):
            _other(value, raw, place.at(key), place, shelf)


def _other(value: str, raw: dict[str, Any], spot: Place, place: Place, shelf: Shelf) -> None:
    is_path = "/" in value or value.endswith(".json") or "\\" in value or ":" in value
    if not is_path and paths.judge(value, spot.standard) is None:
        spot.unchecked(f"profile {value}", UNKNOWN + suggestion(value, NAMES))
        return
    located = shelf.gate.locate(value, spot, "profile")
    if located.state == "remote":
        spot.unchecked(f"profile {value}", UNKNOWN)
    if located.path is None:
        return
    profile = _load(value, located.path, spot, shelf)
    if profile is not None:
        _apply(profile, value, raw, place, _beside(profile, value, spot, shelf))


def _load(name: str, path: Path, spot: Place, shelf: Shelf) -> dict[str, Any] | None:
    """A JSON file that the gate has let through; what keeps it from being read is told."""
    shelf.names.add(name)
    shelf.profiles.add(name)
    try:
        data = paths.read_regular(path)
    except OSError as error:
        spot.unchecked(f"profile {name}", f"could not be read: {error.strerror}")
        return None
    return strict.load_object(data, spot.inside(name, CLAUSE), "the profile")


def _beside(profile: dict[str, Any], name: str, spot: Place, shelf: Shelf) -> dict[str, Any]:
    """The other files of the package that a profile refers to, each through the gate."""
    found: dict[str, Any] = {}
    waiting = [(profile, name)]
    while waiting:
        schema, file = waiting.pop()
        for reference in jsonschemas.references(schema):
            other = _file(reference, file)
            if other is None or other == name or other in found:
                continue
            located = shelf.gate.locate(other, spot, "profile")
            part = _load(other, located.path, spot, shelf) if located.path else None
            found[other] = part
            if part is not None:
                waiting.append((part, other))
    return {_address(file): part for file, part in found.items() if part is not None}


def _file(reference: str, origin: str) -> str | None:
    """The file that a reference means, by its path in the package; None where it is no file."""
    file = unquote(reference.partition("#")[0])
    if not file or paths.is_remote(file):
        return None
    folder, mark, _ = origin.rpartition("/")
    own = file.startswith("/") or paths.has_scheme(file)
    return file if own else f"{folder}{mark}{file}"


def _address(file: str) -> str:
    """Where a file of the package is said to stand, for references to be relative to."""
    return jsonschemas.ADDRESS + quote(file)


def _apply(
    profile: dict[str, Any], label: str, raw: dict[str, Any], place: Place, beside: dict[str, Any]
) -> None:
    """Hold the descriptor against a JSON Schema of the package; nothing remote is fetched."""
    what = f"profile {label}"
    try:
        checked = jsonschemas.Checked(profile, draft=DRAFT, beside=beside, address=_address(label))
        faults = checked.faults(raw)
    except ImportError:
        place.unchecked(what, "needs the module jsonschema, which is not installed")
    except (jsonschemas.OutsideError, TimeoutError) as error:
        place.unchecked(what, str(error))
    except jsonschemas.FaultError as error:
        place.error(
            f"the profile {shown(label)} is not a valid JSON Schema: {error}",
            "Correct the profile",
            clause=CLAUSE,
        )
    else:
        for fault in faults:
            place.error(
                f"the descriptor breaks its profile {shown(label)}: {_short(fault.message)}",
                "Change the descriptor so that it fits the profile",
                *fault.absolute_path,
                clause=what,
            )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:200] + "..."
