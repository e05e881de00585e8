"""A Table Dialect, or the CSV Dialect of version 1."""

from __future__ import annotations

from collections.abc import Callable, Set
from itertools import count
from typing import Any

from claimpack.descriptor import spelling
from claimpack.descriptor.faults import Place, kind, shown, whole
from claimpack.descriptor.model import Dialect

CLAUSE = "Table Dialect"
Test = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _character(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1


def _boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(whole(item) and item > 0 for item in value)


def _sheet(value: Any) -> bool:
    return _filled(value) or (whole(value) and value > 0)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_BOOLEAN = (_boolean, "true or false")
_NAME = (_text, "a text")
_CHARACTER = (_character, "one character")
_PROPERTIES: dict[str, tuple[str, Test, str]] = {
    "delimiter": ("delimiter", _filled, "one character or more"),
    "lineTerminator": ("line_terminator", _filled, "one character or more"),
    "quoteChar": ("quote_char", *_CHARACTER),
    "doubleQuote": ("double_quote", *_BOOLEAN),
    "escapeChar": ("escape_char", *_CHARACTER),
    "nullSequence": ("null_sequence", *_NAME),
    "skipInitialSpace": ("skip_initial_space", *_BOOLEAN),
    "header": ("header", *_BOOLEAN),
    "headerRows": ("header_rows", _rows, "a list of row numbers from 1"),
    "headerJoin": ("header_join", *_NAME),
    "commentChar": ("comment_char", _filled, "one character or more"),
    "commentRows": ("comment_rows", _rows, "a list of row numbers from 1"),
    "property": ("property", *_NAME),
    "itemType": ("item_type", lambda value: value in ("array", "object"), '"array" or "object"'),
    "itemKeys": ("item_keys", _texts, "a list of texts"),
    "sheetName": ("sheet_name", *_NAME),
    "sheetNumber": ("sheet_number", lambda value: whole(value) and value > 0, "a number from 1"),
    "sheet": ("sheet", _sheet, "a sheet's name, or its number from 1"),
    "table": ("table", *_NAME),
}
_UNFIT = {"\n": "a line feed", "\r": "a carriage return", "\0": "NUL"}
_UNFIT |= {"\ufeff": "a byte order mark"}
_OFF = ("quoteChar", "escapeChar", "nullSequence", "commentChar", "lineTerminator")
"""Properties that version 1 packages switch off with null."""


def read(raw: dict[str, Any], place: Place, delimiter: str) -> Dialect:
    """The dialect; what is wrong in it is reported and takes its default.

    Args:
        raw: The dialect's descriptor.
        place: Its place.
        delimiter: Delimiter of the resource's format, where the dialect names none.
    """
    spelling.check(raw, "dialect", place)
    found: dict[str, Any] = {"delimiter": delimiter}
    groups = [name for name in spelling.GROUPS if isinstance(raw.get(name), dict)]
    for name in groups:
        _take(raw[name], place.at(name), found)
    _take(raw, place, found)
    _version_1(raw, place)
    _clashes(found, raw, place)
    _name_sheet(found)
    found["comment_rows"] = frozenset(found.get("comment_rows", ()))
    if not found.get("header", True):
        found["header_rows"] = ()
    else:
        found.setdefault("header_rows", (_first(found["comment_rows"]),))
    return Dialect(**found, raw=raw)


def _take(raw: dict[str, Any], place: Place, found: dict[str, Any]) -> None:
    """Add the properties that are well-formed to those found; report the others."""
    for name in raw.keys() & _PROPERTIES.keys():
        ours, test, words = _PROPERTIES[name]
        value = raw[name]
        if test(value):
            found[ours] = tuple(value) if isinstance(value, list) else value
        elif name in _OFF and value is None and place.standard == "1":
            found[ours] = None
        else:
            if name == "quoteChar" and value == "":
                found[ours] = None
            what = f"is {shown(value)}" if _plain(value) else f"is {kind(value)}"
            place.error(f"{name} {what}", f"Write {_likely(value, test) or words}", name)


def _likely(value: Any, test: Test) -> str | None:
    """The value as it was most likely meant: without its quotes, or in a list."""
    texts = {"true": True, "false": False}
    meant: list[Any] = [texts.get(value.lower())] if isinstance(value, str) else []
    meant += [int(value)] if isinstance(value, str) and value.isdecimal() else []
    meant += [[item] for item in (value, *meant) if isinstance(item, str | int)]
    return next((shown(item) for item in meant if test(item)), None)


def _first(comments: Set[int]) -> int:
    """The first row that is not a comment: the header, where no other row is said to be."""
    return next(number for number in count(1) if number not in comments)


def _name_sheet(found: dict[str, Any]) -> None:
    """Other tools have one property for a sheet's name and number; the standard's own go first."""
    sheet = found.pop("sheet", None)
    if sheet is not None:
        found.setdefault("sheet_name" if isinstance(sheet, str) else "sheet_number", sheet)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool | list)


def _version_1(raw: dict[str, Any], place: Place) -> None:
    if not isinstance(raw.get("caseSensitiveHeader", False), bool):
        message = f"caseSensitiveHeader is {kind(raw['caseSensitiveHeader'])}"
        place.error(message, "Write true or false", "caseSensitiveHeader")


def _separators(found: dict[str, Any], place: Place) -> None:
    """Report a delimiter or quote that no reader could tell from the end of a row or file."""
    for name in ("delimiter", "quoteChar", "escapeChar", "commentChar"):
        ours = _PROPERTIES[name][0]
        value = found.get(ours)
        bad = next((words for mark, words in _UNFIT.items() if mark in (value or "")), None)
        if bad:
            message = f"{name}: expected a visible character or tab, found {shown(value)} ({bad})"
            place.error(message, f"Write the {name} that the file uses", name)
            del found[ours]
    found.setdefault("delimiter", ",")
    end = found.get("line_terminator")
    if end and (end in found["delimiter"] or found["delimiter"] in end):
        message = f"delimiter {shown(found['delimiter'])} and lineTerminator {shown(end)} overlap"
        place.error(message, "Change one of the two", "lineTerminator")
        del found["line_terminator"]
    for name in ("escapeChar", "commentChar"):
        if found.get(_PROPERTIES[name][0]) == found["delimiter"]:
            message = f"delimiter and {name} are both {shown(found['delimiter'])}"
            place.error(message, "Change one of the two", name)
            del found[_PROPERTIES[name][0]]


def _clashes(found: dict[str, Any], raw: dict[str, Any], place: Place) -> None:
    _separators(found, place)
    delimiter, quote = found["delimiter"], found.get("quote_char", '"')
    if quote and quote in delimiter:
        place.error(
            f"delimiter and quoteChar are both {shown(quote)}"
            if delimiter == quote
            else f"delimiter {shown(delimiter)} contains the quoteChar {shown(quote)}",
            "Change one of the two",
            "quoteChar",
        )
        found["quote_char"] = '"' if '"' not in delimiter else None
    if delimiter in ("\\t", "\\n", "\\r"):
        place.warn(
            f"the delimiter is two characters, a backslash and {delimiter[1]!r}",
            'Write "\\t" in the JSON for a tab',
            "delimiter",
        )
    if raw.get("escapeChar") and raw.get("quoteChar"):
        place.warn(
            "escapeChar and quoteChar exclude each other in the standard",
            "Keep the one that the file uses",
            "escapeChar",
        )
