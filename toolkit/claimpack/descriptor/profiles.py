"""Profiles: which version of the standard holds, and what more a package wants to be held to."""

from __future__ import annotations

import re
from typing import Any

from claimpack.descriptor import paths, strict
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
        if not isinstance(value, str) or not value:
            what = "empty" if value == "" else kind(value)
            fix = "Write the address of a profile" if key == "$schema" else "Write a profile's name"
            place.error(f"{key} is {what}", fix, key, clause="Glossary, Profile")
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
    shelf.names.add(value)
    try:
        data = paths.read_regular(located.path)
    except OSError as error:
        spot.unchecked(f"profile {value}", f"could not be read: {error.strerror}")
        return
    profile = strict.load_object(data, spot.inside(value, "Glossary, Profile"), "the profile")
    if profile is not None:
        _apply(profile, value, raw, place)


def _apply(profile: dict[str, Any], label: str, raw: dict[str, Any], place: Place) -> None:
    """Hold the descriptor against a JSON Schema of the package; nothing remote is fetched."""
    try:
        from jsonschema.exceptions import SchemaError
        from jsonschema.validators import Draft7Validator, validator_for
        from referencing import Registry
        from referencing.exceptions import Unresolvable
    except ImportError:
        place.unchecked(f"profile {label}", "needs the module jsonschema, which is not installed")
        return
    maker = validator_for(profile, default=Draft7Validator)
    try:
        maker.check_schema(profile)
        faults = list(maker(profile, registry=Registry()).iter_errors(raw))
    except SchemaError:
        place.error(
            f"the profile {shown(label)} is no valid JSON Schema",
            "Correct the profile",
            clause="Glossary, Profile",
        )
        return
    except (Unresolvable, RecursionError) as error:
        why = "refers to something that is not in it; nothing was fetched"
        place.unchecked(f"profile {label}", why if isinstance(error, Unresolvable) else "too deep")
        return
    for fault in faults:
        place.error(
            f"the descriptor breaks its profile {shown(label)}: {_short(fault.message)}",
            "Change the descriptor so that it fits the profile",
            *fault.absolute_path,
            clause=f"profile {label}",
        )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:200] + "..."
