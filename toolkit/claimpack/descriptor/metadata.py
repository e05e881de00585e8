"""What a package and its resources say of themselves: texts, licences, sources, contributors."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Any

from claimpack.descriptor import paths, spelling
from claimpack.descriptor.faults import Place, example, kind, shown

_NAME = r"[a-z0-9._-]+"
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029]"
_CREATED = (
    r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]"
    r":([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
_NEARLY_CREATED = (
    r"\s*([0-9]{4})([-/]?)([0-9]{2})\2([0-9]{2})"
    r"(?:[Tt\s]\s*([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]+)?)?"
    r"\s*(?:([Zz])|([+-][0-9]{2}):?([0-9]{2})?)?)?\s*"
)
"""A datetime whose parts are in the order of RFC 3339, but for a part that is missing."""
_SPDX = """
    AAL AFL-3.0 AGPL-3.0 AGPL-3.0-only AGPL-3.0-or-later APL-1.0 Apache-1.1 Apache-2.0
    Artistic-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5
    CC-BY-3.0 CC-BY-3.0-AU CC-BY-3.0-DE CC-BY-3.0-IGO CC-BY-3.0-US CC-BY-4.0 CC-BY-NC-2.0
    CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0
    CC-BY-ND-3.0 CC-BY-ND-4.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-PDDC
    CDDL-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 CECILL-2.1 EPL-1.0 EPL-2.0
    EUPL-1.1 EUPL-1.2 GFDL-1.3-only GFDL-1.3-or-later GPL-2.0 GPL-2.0-only GPL-2.0-or-later
    GPL-3.0 GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0
    LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MPL-1.1 MPL-2.0 MirOS NCGL-UK-2.0 NIST-PD NLOD-1.0
    NLOD-2.0 O-UDA-1.0 ODC-By-1.0 ODbL-1.0 OGL-Canada-2.0 OGL-UK-1.0 OGL-UK-2.0 OGL-UK-3.0
    OSL-3.0 PDDL-1.0 Unlicense W3C Zlib etalab-2.0
"""
_OPEN_DEFINITION = """
    DSL FAL-1.3 GFDL-1.3-no-cover-texts-no-invariant-sections LO-FR-2.0 ODC-BY-1.0 ODC-PDDL-1.0
    Talis against-drm dli-model-use geogratis hesa-withrights localauth-withrights met-office-cp
    notspecified other-at other-closed other-nc other-open other-pd ukclickusepsi ukcrown
    ukcrown-withrights ukpsi
"""
SPDX = frozenset(_SPDX.split())
"""Common identifiers of the SPDX's list."""
_ITEMS = {
    "licenses": ("name", "CC-BY-4.0"),
    "sources": ("title", "Title of the source"),
    "contributors": ("title", "Name of the person"),
}
"""The property by which an item of each list is known, and an example of it."""
LICENCES = SPDX | frozenset(_OPEN_DEFINITION.split())
"""Those and the ones that only the Open Definition's list has."""


def texts(raw: dict[str, Any], names: tuple[str, ...], place: Place) -> None:
    """Report each of the properties that is there and no text."""
    for name in names:
        if name in raw and not isinstance(raw[name], str):
            fix = example(str(raw[name]), "a text") if _scalar(raw[name]) else "Write a text"
            place.error(f"{name} is {kind(raw[name])}, not a text", fix, name)


def plain_name(name: str, place: Place) -> None:
    """Lower-case letters, digits, . - and _: version 1 demands it, version 2 recommends it."""
    if re.fullmatch(_NAME, name):
        return
    if re.search(_CONTROL, name):
        place.error(
            f"the name {shown(name)} contains a control character",
            "Write a name of lower-case letters, digits, full stops, hyphens and underscores",
            "name",
        )
        return
    place.error(
        f"the name {shown(name)} contains characters other than a-z, 0-9, . - _",
        "Write a name of lower-case letters, digits, full stops, hyphens and underscores",
        "name",
        severity="error" if place.standard == "1" else "warning",
    )


def records(raw: dict[str, Any], place: Place) -> None:
    """Licences, sources and contributors."""
    for item, spot in _objects(raw, "licenses", place):
        _licence(item, spot)
    for item, spot in _objects(raw, "sources", place):
        texts(item, ("title", "path", "email", "version", "name", "web"), spot)
        _ignore_empty(item, ("path",), spot)
        _titled(item, spot, "source", ("title", "name", "web"))
    for item, spot in _objects(raw, "contributors", place):
        texts(item, ("title", "givenName", "familyName", "path", "email", "organization"), spot)
        texts(item, ("role",), spot)
        _ignore_empty(item, ("path",), spot)
        _strings(item, "roles", spot)
        _titled(item, spot, "contributor", ("title",))


def package(raw: dict[str, Any], place: Place) -> None:
    """The metadata that only a package has."""
    _strings(raw, "keywords", place)
    _ignore_empty(raw, ("homepage", "image"), place)
    image = raw.get("image")
    refusal = paths.judge(image, place.standard) if isinstance(image, str) and image else None
    if refusal:
        place.error(
            f"the image {shown(image)} {refusal.reason}",
            refusal.fix,
            "image",
            rule=refusal.rule,
            severity=refusal.severity,
        )
    created = raw.get("created")
    if isinstance(created, str) and not _is_created(created):
        place.error(
            f'"created": expected an RFC 3339 datetime, found {shown(created)}',
            _created_fix(created),
            "created",
        )


def _ignore_empty(raw: dict[str, Any], names: tuple[str, ...], place: Place) -> None:
    for name in names:
        if raw.get(name) == "":
            place.ignored(name)


def _is_created(text: str) -> bool:
    """Whether a text is a datetime of RFC 3339, section 5.6, on a day that the calendar has."""
    match = re.fullmatch(_CREATED, text)
    if not match:
        return False
    year, month, day = map(int, match.groups()[:3])
    return day <= monthrange(year or 4, month)[1]


def _created_fix(text: str) -> str:
    """The same moment in the form of RFC 3339, where the text gives one; else an example."""
    match = re.fullmatch(_NEARLY_CREATED, text)
    if match:
        year, _, month, day, clock, seconds, utc, hours, minutes = match.groups()
        zone = f"{hours}:{minutes or '00'}" if hours and not utc else "Z"
        made = f"{year}-{month}-{day}T{clock or '00:00'}{seconds or ':00'}{zone}"
        if _is_created(made):
            return f'Write "{made}".'
    return 'Write a datetime such as "2026-01-31T12:00:00Z".'


def _objects(raw: dict[str, Any], name: str, place: Place) -> list[tuple[dict[str, Any], Place]]:
    if name not in raw:
        return []
    declared = raw[name]
    if not isinstance(declared, list):
        place.error(
            f"{name} is {kind(declared)}, not a list", _list_of_objects(name, declared), name
        )
        return []
    found = []
    for index, item in enumerate(declared):
        spot = place.at(name, index, clause=f"{place.clause}, {name}")
        if isinstance(item, dict):
            found.append((item, spot))
        else:
            spot.error(f"the item is {kind(item)}, not an object", _object(name, item))
    return found


def _list_of_objects(name: str, value: Any) -> str:
    """The fix for a list that is not one: the same value, as the only item."""
    item = value if isinstance(value, dict) and value else _item(name, value)
    return example([item], f"a list such as {shown([_item(name, None)])}")


def _object(name: str, value: Any) -> str:
    """The fix for an item that is not an object."""
    return example(_item(name, value), f"an object such as {shown(_item(name, None))}")


def _item(name: str, value: Any) -> dict[str, Any]:
    key, usual = _ITEMS[name]
    return {key: value if isinstance(value, str) and value else usual}


def _scalar(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _strings(raw: dict[str, Any], name: str, place: Place) -> None:
    value = raw.get(name, [])
    if not isinstance(value, list):
        words = re.split(r"\s*[,;]\s*", value.strip()) if isinstance(value, str) else []
        fix = example([word for word in words if word] or ["a", "b"], "a list of texts")
        place.error(f"{name} is {kind(value)}, not a list", fix, name)
        return
    for index, item in enumerate(value):
        if not isinstance(item, str):
            place.error(f"the item is {kind(item)}, not a text", "Write a text", name, index)


def _titled(item: dict[str, Any], place: Place, noun: str, names: tuple[str, ...]) -> None:
    if not item:
        place.error(f"the {noun} is an empty object", "Give it a title")
    elif place.standard == "1" and not any(name in item for name in (*names, "givenName")):
        place.error(f"the {noun} has no title", "Give it a title")


def _licence(item: dict[str, Any], place: Place) -> None:
    texts(item, ("name", "path", "title"), place)
    _ignore_empty(item, ("path",), place)
    name, path = item.get("name"), item.get("path")
    if name is None and path is None:
        old = [key for key in ("id", "url", "type") if key in item]
        hint = f"; {old[0]} is of an old version of the standard" if old else ""
        place.error(
            f"the licence has neither name nor path{hint}",
            'Give it a name, such as "CC-BY-4.0", or the path of its text',
        )
    elif isinstance(name, str) and not path and name not in LICENCES:
        place.warn(
            f"{shown(name)} is not a common licence identifier{_likely(name)}",
            "Write the identifier of the Open Definition or the SPDX, or add the licence's path",
            "name",
            rule="unknown-licence",
        )


def _likely(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    same = [item for item in sorted(LICENCES) if re.sub(r"[^a-z0-9]", "", item.lower()) == plain]
    if not same and len(plain) > 3:
        same = [
            item
            for item in sorted(LICENCES, reverse=True)
            if re.sub(r"[^a-z0-9]", "", item.lower()).startswith(plain)
        ]
    return f"; did you mean {shown(same[0])}?" if same else spelling.suggestion(name, LICENCES)
