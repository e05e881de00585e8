"""Names of files that Windows cannot store.

Source: Microsoft Learn, Win32, "Naming Files, Paths, and Namespaces".
"""

from __future__ import annotations

import re

from claimpack.descriptor.faults import Place, shown
from claimpack.descriptor.model import Resource

_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(\..*)?", re.I | re.S)
_RULE = "reserved-name"
_CHARACTERS = re.compile(r'[<>:"|?*\x00-\x1f]')


def reserved(resources: tuple[Resource, ...], place: Place) -> None:
    """Warn of paths that Windows cannot store, and of names that exports make such files of."""
    for item in resources:
        spot = Place(
            place.faults, place.file, item.pointer, "Data Resource", item.standard, item.name
        )
        name = item.raw.get("name")
        if isinstance(name, str) and _DEVICE.fullmatch(name):
            why = f"Windows cannot store its exported files: {_why(name)}"
            spot.warn(f"the name {shown(name)} is reserved; {why}", _fix(name), "name", rule=_RULE)
        many = isinstance(item.raw.get("path"), list)
        for index, path in enumerate(item.paths):
            if "://" not in path:
                _path(path, spot, ("path", index) if many else ("path",))


def _path(path: str, place: Place, steps: tuple[str | int, ...]) -> None:
    for part in path.split("/"):
        why = _why(part)
        if why:
            message = f"Windows cannot store {shown(path)}: {why}"
            place.warn(message, _fix(part), *steps, rule=_RULE)
            return


def _why(part: str) -> str:
    """Why Windows cannot store a file or folder of that name; empty where it can."""
    if found := _DEVICE.fullmatch(part):
        return f"{found[1].upper()} is the name of a device"
    if found := _CHARACTERS.search(part):
        return f"a name cannot contain {shown(found[0])}"
    if part not in (".", "..") and part.endswith((".", " ")):
        return f"a name cannot end with a {'dot' if part[-1] == '.' else 'space'}"
    return ""


def _fix(part: str) -> str:
    """An instruction with a name that Windows can store."""
    other = _CHARACTERS.sub("-", part).rstrip(". ")
    if found := _DEVICE.fullmatch(other):
        other = f"{found[1]}-1{other[found.end(1) :]}"
    return f"Rename it, for example to {shown(other or 'data')}."


__all__ = ["reserved"]
