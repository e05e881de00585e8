"""Where a resource's data are: in files of the package, on the web, or in the descriptor."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from claimpack.descriptor import paths
from claimpack.descriptor.faults import Place, kind
from claimpack.descriptor.paths import Gate

CLAUSE = "Data Resource, path or data"
REMOTE = "remote path"
_FETCH = "the path is remote; nothing was fetched, so the data was not checked"


class Location(NamedTuple):
    """Names as written, the files they lead to, inline data, and what hinders the reading."""

    names: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    data: Any = None
    inline: bool = False
    blocked: str = ""
    broken: bool = False


def read(raw: dict[str, Any], place: Place, gate: Gate) -> Location:
    """Find a resource's data."""
    key = "path" if "path" in raw or "url" not in raw else "url"
    if key in raw and "data" in raw:
        place.error(
            f"the resource has both {key} and data, so it is unclear which is meant",
            "Delete one of the two",
            clause=CLAUSE,
        )
        return Location(broken=True)
    if "data" in raw:
        return _inline(raw, place)
    if key not in raw:
        place.error(
            "the resource has neither path nor data", "Add the path of its file", clause=CLAUSE
        )
        return Location(broken=True)
    return _files(raw, key, place, gate)


def _inline(raw: dict[str, Any], place: Place) -> Location:
    data = raw["data"]
    if not isinstance(data, list | dict | str):
        place.error(
            f"data is {kind(data)}; inline data are a list, an object or a text",
            "Write the data as a list of rows, or name a file by path",
            "data",
        )
        return Location(data=data, inline=True, broken=True)
    if isinstance(data, str) and not (raw.get("format") or raw.get("mediatype")):
        place.error(
            "data is a text, and neither format nor mediatype says how to read it",
            'Add a format, such as "csv"',
            "data",
        )
        return Location(data=data, inline=True, broken=True)
    return Location(data=data, inline=True)


def _files(raw: dict[str, Any], key: str, place: Place, gate: Gate) -> Location:
    value = raw[key]
    if isinstance(value, list):
        if not value:
            message = f"{key} is an empty list"
            place.error(message, "Name at least one file, or give the data inline", key)
            return Location(broken=True)
        items: list[tuple[object, Place]] = [
            (item, place.at(key, index)) for index, item in enumerate(value)
        ]
    else:
        items = [(value, place.at(key))]
    items += _extra(raw, place)
    names = tuple(item for item, _ in items if isinstance(item, str))
    remote = [paths.is_remote(name) for name in names]
    if any(remote) and not all(remote):
        place.error(
            f"{key} mixes addresses on the web and files; none of them was opened",
            "Name either files only or addresses only",
            key,
        )
        return Location(names, broken=True)
    found = [gate.locate(item, spot, "path") for item, spot in items]
    states = {item.state for item in found}
    if "remote" in states:
        place.unchecked("data", _FETCH)
    blocked = REMOTE if "remote" in states else ""
    return Location(
        names,
        tuple(item.path for item in found if item.path is not None),
        blocked="could not be read" if "unreadable" in states else blocked,
        broken=bool(states & {"refused", "missing"}),
    )


def _extra(raw: dict[str, Any], place: Place) -> list[tuple[object, Place]]:
    """Further files of the same table, by the properties that other tools have for them."""
    found: list[tuple[object, Place]] = []
    for key in ("paths", "extrapaths"):
        extra = raw.get(key, [])
        if isinstance(extra, list):
            found += [(item, place.at(key, index)) for index, item in enumerate(extra)]
        else:
            place.error(f"{key} is {kind(extra)}, not a list", "Write a list of paths", key)
    return found
