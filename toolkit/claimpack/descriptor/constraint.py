"""The constraints of a field: which its type allows, and what their own values must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from claimpack.descriptor import jsonschemas, spelling, values
from claimpack.descriptor.faults import Place, example, kind, shown, whole
from claimpack.descriptor.model import Constraints

_ORDERED = ("integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth")
_SIZED = ("string", "array", "object", "list")
_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}
_LENGTHS = {"minLength": "min_length", "maxLength": "max_length"}
_ALLOWED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_BOUNDS, _ORDERED),
    **dict.fromkeys(_LENGTHS, _SIZED),
    "pattern": ("string",),
    "jsonSchema": ("array", "object"),
}
_NONE = Constraints()
CLAUSE = "Table Schema, Field Constraints"

Options = Mapping[str, Any]


def read(
    raw: dict[str, Any],
    type_: str,
    form: str,
    options: Options,
    known: bool,
    categories: tuple[Any, ...] | None,
    place: Place,
) -> Constraints:
    """The constraints of a field; one that is wrong is reported and left out.

    Args:
        raw: The field's descriptor.
        type_: Its type.
        form: Its format.
        options: The properties of its type.
        known: Whether the type is what the descriptor means, so that values can be held to it.
        categories: Its categories, which an enum must stay within.
        place: The field's place.
    """
    declared = raw.get("constraints")
    if not declared:
        if "constraints" in raw and not isinstance(declared, dict):
            _not_an_object(declared, place)
        return _NONE
    if not isinstance(declared, dict):
        _not_an_object(declared, place)
        return _NONE
    place = place.at("constraints", clause=CLAUSE)
    spelling.check(declared, "constraints", place)
    usable = {
        name: value
        for name, value in declared.items()
        if name in spelling.KNOWN["constraints"]
        and (not known or _allowed(name, raw, type_, place))
    }
    found: dict[str, Any] = {}
    _flags(usable, found, place)
    _lengths(usable, found, place)
    _pattern(usable, found, place)
    _json_schema(usable, found, place)
    if known:
        _bounds(usable, found, type_, form, options, place)
        _enum(usable, found, type_, form, options, categories, place)
    return Constraints(**found)


def _not_an_object(declared: Any, place: Place) -> None:
    message = f"constraints is {kind(declared)}, not an object"
    place.error(message, 'Write an object, such as {"required": true}', "constraints")


def _allowed(name: str, raw: dict[str, Any], type_: str, place: Place) -> bool:
    types = _ALLOWED.get(name)
    if types is None or type_ in types:
        return True
    has = f"the type {type_}" if "type" in raw else f"no type, so that it is {type_}"
    place.error(
        f"the constraint {name} does not apply: the field has {has}",
        f"Delete it, or give the field one of the types {', '.join(types)}",
        name,
    )
    return False


def _flags(usable: dict[str, Any], found: dict[str, Any], place: Place) -> None:
    for name in ("required", "unique"):
        value = usable.get(name, False)
        if isinstance(value, bool):
            found[name] = value
        else:
            message = f"{name} is {shown(value)}, neither true nor false"
            known = {"true": True, "false": False}.get(str(value).lower())
            fix = "true or false, without quotes" if known is None else shown(known)
            place.error(message, f"Write {fix}", name)


def _lengths(usable: dict[str, Any], found: dict[str, Any], place: Place) -> None:
    for name, ours in _LENGTHS.items():
        if name not in usable:
            continue
        value = usable[name]
        if whole(value) and value >= 0:
            found[ours] = value
        else:
            message = f"{name} is {shown(value)}, not a whole number of 0 or more"
            plain = re.fullmatch(r"\s*([0-9]{1,9})(?:\.0*)?\s*", str(value))
            fix = str(int(plain[1])) if plain else "a whole number of 0 or more"
            place.error(message, f"Write {fix}", name)
    if found.get("min_length", 0) > found.get("max_length", float("inf")):
        message = "minLength is greater than maxLength, so no value is valid"
        place.warn(message, "Correct one of the two", "minLength")


def _bounds(
    usable: dict[str, Any],
    found: dict[str, Any],
    type_: str,
    form: str,
    options: Options,
    place: Place,
) -> None:
    parsed: dict[str, Any] = {}
    for name, ours in _BOUNDS.items():
        if name not in usable:
            continue
        try:
            parsed[name] = values.parse(type_, form, options, usable[name])
        except ValueError:
            how = "" if form == "default" else f" of the format {shown(form)}"
            message = f"{name} {shown(usable[name])} is not a valid {type_}{how}"
            place.error(message, f"Write a value of the type {type_}", name)
        else:
            found[ours] = usable[name]
    for low in ("minimum", "exclusiveMinimum"):
        for high in ("maximum", "exclusiveMaximum"):
            if low in parsed and high in parsed and _crossed(parsed[low], parsed[high]):
                message = f"{low} is greater than {high}, so no value is valid"
                place.warn(message, "Correct one of the two", low)


def _crossed(low: Any, high: Any) -> bool:
    try:
        return bool(low > high)
    except TypeError:
        return False


def _enum(
    usable: dict[str, Any],
    found: dict[str, Any],
    type_: str,
    form: str,
    options: Options,
    categories: tuple[Any, ...] | None,
    place: Place,
) -> None:
    if "enum" not in usable:
        return
    declared = usable["enum"]
    if not isinstance(declared, list) or not declared:
        what = "empty" if declared == [] else f"{kind(declared)}, not a list"
        single = isinstance(declared, str | int | float) and not isinstance(declared, bool)
        fix = "List the values that are allowed"
        fix = example([declared], "a list of the values that are allowed") if single else fix
        place.error(f"enum is {what}", fix, "enum")
        return
    listed = [values.parse(type_, form, options, value) for value in categories or ()]
    kept = []
    for index, value in enumerate(declared):
        try:
            parsed = values.parse(type_, form, options, value)
        except ValueError:
            message = f"the enum value {shown(value)} is not a valid {type_}"
            fix = f"Write a value of the type {type_}, or correct the type"
            place.error(message, fix, "enum", index)
            continue
        kept.append(value)
        if categories is not None and parsed not in listed:
            message = f"the enum value {shown(value)} is not one of the categories"
            place.error(message, "Add it to the categories, or delete it here", "enum", index)
    if kept:
        found["enum"] = tuple(kept)


def _json_schema(usable: dict[str, Any], found: dict[str, Any], place: Place) -> None:
    if "jsonSchema" not in usable:
        return
    schema = usable["jsonSchema"]
    if not isinstance(schema, dict):
        message = f"jsonSchema is {kind(schema)}, not an object"
        place.error(message, "Write a JSON Schema", "jsonSchema")
        return
    what = f"the constraint jsonSchema of field {shown(place.field)}"
    try:
        jsonschemas.Checked(schema)
    except ImportError:
        place.unchecked(what, "needs the module jsonschema, which is not installed")
    except jsonschemas.OutsideError as error:
        place.unchecked(what, str(error))
    except jsonschemas.FaultError as error:
        where = "/".join(str(step) for step in error.steps)
        message = f"jsonSchema is not a valid JSON Schema: {f'see {where}' if where else error}"
        place.error(message, "Correct the JSON Schema", "jsonSchema", *error.steps)
    else:
        found["json_schema"] = schema


# --- patterns -----------------------------------------------------------------------------

_SIMPLE = r"(?:[\w \-@#%&~`'\";:,<>=!/]|\\[.dwsDWS\-/]|\[[\w. @]+\])*"
_CLASS = r"(?:[^\]\\]|\\.)*"
_SUBTRACTION = rf"-\[{_CLASS}\](?=\])"
_PROPERTY = r"\\[pP](?:\{\^?[A-Za-z][\w\- =]*\}|[A-Z])"


def _pattern(usable: dict[str, Any], found: dict[str, Any], place: Place) -> None:
    if "pattern" not in usable:
        return
    pattern = usable["pattern"]
    if not isinstance(pattern, str):
        message = f"pattern is {kind(pattern)}, not a text"
        place.error(message, "Write a regular expression in quotes", "pattern")
        return
    try:
        fault = fault_of(pattern)
    except (RecursionError, OverflowError, MemoryError):
        why = "the pattern is nested too deeply or repeats too often to be run"
        place.unchecked(f"pattern of {place.field or 'a field'}", why)
        return
    if fault is None:
        found["pattern"] = pattern
        return
    place.error(
        f"the pattern {shown(pattern)} is not a valid regular expression: {fault}",
        "Correct the pattern",
        "pattern",
        clause="Table Schema, pattern; XML Schema part 2, appendix F",
    )


@cache
def fault_of(pattern: str) -> str | None:
    """What is wrong with a pattern of the XML Schema or everyday kind; None where nothing.

    It is translated roughly, to be compiled only: classes that this library does
    not know become a letter.

    Raises:
        RecursionError: It is nested too deep to be read.
        OverflowError: It repeats a part too often.
    """
    if re.fullmatch(_SIMPLE, pattern):
        return None
    rough = re.sub(_PROPERTY, "w", pattern)
    rough = re.sub(_SUBTRACTION, "", rough)
    rough = re.sub(r"(?<!\\)((?:\\\\)*)\\[icIC]", r"\1w", rough)
    rough = rough.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
    rough = re.sub(r"\\k<(\w+)>", r"(?P=\1)", rough)
    rough = re.sub(r"\\x\{[0-9A-Fa-f]+\}|\\z", "w", rough)
    try:
        _compile(rough)
    except re.error as error:
        return str(error)
    return None


def _compile(pattern: str) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        re.compile(pattern)
