"""Properties that the standard does not know: misspelt, or in the wrong place.

Properties of one's own are allowed, so only those are told that are very near to
a known one, or known elsewhere. What is near is meant narrowly: one letter more,
less, other or swapped in a word of at least four, two in a word of at least eight
that begins and ends alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from claimpack.descriptor.faults import Place, shown

_METADATA = "name title description homepage version keywords licenses sources contributors created"
KNOWN: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "package": f"$schema resources profile id image claimsProfile claimpack {_METADATA}",
        "resource": "$schema name path data type title description format mediatype encoding bytes"
        " hash sources licenses dialect schema profile compression innerpath extrapaths paths url"
        " scheme homepage version keywords contributors id claimpack",
        "schema": "$schema fields fieldsMatch missingValues primaryKey uniqueKeys foreignKeys"
        f" uniqueNulls profile {_METADATA}",
        "field": "name type format title description example examples constraints categories"
        " categoriesOrdered missingValues rdfType decimalChar groupChar bareNumber trueValues"
        " falseValues itemType delimiter",
        "constraints": "required unique pattern enum minimum maximum exclusiveMinimum"
        " exclusiveMaximum minLength maxLength jsonSchema",
        "dialect": "$schema delimiter lineTerminator quoteChar doubleQuote escapeChar nullSequence"
        " skipInitialSpace header headerRows headerJoin commentChar commentRows"
        " caseSensitiveHeader csvddfVersion property itemType itemKeys sheetName sheetNumber"
        " sheet table name title description profile",
        "foreign key": "fields reference name title description",
        "reference": "resource fields package datapackage",
    }.items()
}
_CONSTRAINTS = KNOWN["constraints"]
_OF_SCHEMA = frozenset(
    ("fields", "fieldsMatch", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys")
)
_OF_DIALECT = (
    KNOWN["dialect"]
    - KNOWN["resource"]
    - frozenset(
        ("property", "table", "itemType", "itemKeys", "caseSensitiveHeader", "csvddfVersion")
    )
)
ELSEWHERE: dict[str, tuple[tuple[frozenset[str], str], ...]] = {
    "package": (
        (frozenset(("path", "schema", "dialect")), "a resource"),
        (_OF_SCHEMA, "a resource's schema"),
    ),
    "resource": (
        (_OF_SCHEMA, "the resource's schema"),
        (_OF_DIALECT, "the resource's dialect"),
    ),
    "schema": ((frozenset(("path", "dialect", "encoding")), "the resource"),),
    "field": (
        (_CONSTRAINTS, "the field's constraints"),
        (_OF_SCHEMA - {"missingValues"}, "the schema"),
    ),
    "constraints": (
        (
            frozenset(("type", "format", "missingValues", "categories", "rdfType")),
            "the field itself",
        ),
    ),
    "dialect": (
        (frozenset(("encoding", "format")), "the resource"),
        (_OF_SCHEMA, "the resource's schema"),
    ),
    "foreign key": ((frozenset(("resource",)), "the foreign key's reference"),),
}
RULE = "misspelt-property"
GROUPS = ("csv", "excel", "ods", "json")
"""Groups that other tools write into a dialect, one for each format, and that are read."""
MANY = 300
"""Most words among which a likely one is looked for."""


HINTS = 20
"""Most strange words of one list for which a likely one is looked for."""


def check(raw: dict[str, Any], part: str, place: Place) -> None:
    """Warn of each property that is near to a known one, or known elsewhere."""
    strange = raw.keys() - KNOWN[part]
    for name in sorted(strange) if strange else ():
        _check(name, raw, part, place)


def _check(name: str, raw: dict[str, Any], part: str, place: Place) -> None:
    where = next((words for names, words in ELSEWHERE.get(part, ()) if name in names), None)
    if where:
        place.warn(
            f"{shown(name)} has no effect here: it belongs in {where}",
            f"Move it into {where}",
            name,
            rule=RULE,
        )
        return
    likely = nearest(name, KNOWN[part] - raw.keys())
    if likely:
        place.warn(
            f"the property {shown(name)} is unknown; did you mean {shown(likely)}?",
            f"Write {shown(likely)}, or keep it if it is a property of your own",
            name,
            rule=RULE,
        )
    elif part == "constraints":
        place.warn(
            f"the constraint {shown(name)} is unknown and is not checked",
            "Delete it, or use a constraint of the standard",
            name,
            rule=RULE,
        )
    elif part == "dialect" and isinstance(raw[name], dict) and raw[name].keys() & KNOWN[part]:
        what = (
            f"{shown(name)} is not a group of the standard, but its properties were read"
            if name in GROUPS
            else f"the properties in {shown(name)} have no effect: the standard has no such group"
        )
        place.warn(
            what,
            "Move its properties up into the dialect",
            name,
            rule=RULE,
        )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is very near to this one, None where there is none."""
    plain = _plain(word)
    if ":" in word or len(plain) < 3:
        return None
    best, least, letters = None, 3, set(plain)
    for other in sorted(known):
        target = _plain(other)
        allowed = 0 if len(target) < 4 else 1 if len(target) < 8 else 2
        if abs(len(target) - len(plain)) > allowed or len(letters ^ set(target)) > 2 * allowed:
            continue
        found = distance(plain, target)
        if len(target) == len(plain) <= 4 and sorted(plain) != sorted(target):
            continue
        if found == 2 and (plain[0], plain[-1]) != (target[0], target[-1]):
            continue
        if found <= allowed and found < least:
            best, least = other, found
    return best


def distance(one: str, other: str) -> int:
    """How many letters must be added, dropped, changed or swapped with a neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if last and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def suggestion(word: object, known: Collection[str]) -> str:
    """`; did you mean "x"?` where a known word is very near, else nothing."""
    likely = nearest(word, known) if isinstance(word, str) and len(known) <= MANY else None
    return f"; did you mean {shown(likely)}?" if likely else ""


def _plain(word: str) -> str:
    return word.replace("_", "").replace("-", "").lower()
