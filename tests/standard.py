"""The standard read a third time, in plain Python: which texts are values, and which keys match.

It shares no code with claimpack. Where the two tools differ, it decides who is right, so that
a listed difference cannot hide an error that claimpack missed or invented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import islice
from typing import Any

from oracle import Case, Fault

WIDTH = {"missing-cell", "extra-cell"}
UNIQUE = {"unique-error", "unique-key"}
KEYS = {"primary-key", "foreign-key", *UNIQUE}
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
YEAR = r"-?(?!0000)(?:\d{4}|[1-9]\d{4,})"
URI_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})"
NULL, REFUSED = "null", "refused"
Cell = tuple[str, Any]
"""`null`, `refused` or `value`; and the value."""


# Cells


def like(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text matches, with ASCII digits."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda text: bool(compiled.fullmatch(text))


def collapsed(text: str) -> str:
    """A text without what XML Schema calls white space around it."""
    return text.strip(" \t\n\r")


def of_calendar(text: str) -> bool:
    """Whether a text of the form yyyy-mm-dd names a day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_json(text: str, kind: type) -> bool:
    """Whether a text is JSON as RFC 8259 has it, of a value of that type."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        return isinstance(json.loads(text, parse_constant=refuse), kind)
    except ValueError:
        return False


def is_place(text: str) -> bool:
    """Whether a text is a longitude and a latitude."""
    match = re.fullmatch(rf"({NUMBER}), ?({NUMBER})", text, re.ASCII)
    if match is None:
        return False
    return abs(float(match[1])) <= 180 and abs(float(match[2])) <= 90


OF_XML_SCHEMA = {"integer", "number", "datetime", "year", "yearmonth", "duration"}
"""Types whose white space is collapsed before anything is compared (part 2, section 4.3.6)."""
FORMS: dict[str, Callable[[str], bool]] = {
    "integer": like(r"[+-]?\d+"),
    "number": like(rf"{NUMBER}|(?i:-?INF|NaN)"),
    "date": lambda text: like(r"\d{4}-\d\d-\d\d")(text) and of_calendar(text),
    "datetime": lambda text: (
        like(rf"\d{{4}}-\d\d-\d\dT(?:[01]\d|2[0-3])(?::[0-5]\d){{2}}(?:\.\d+)?{ZONE}")(text)
        and of_calendar(text[:10])
    ),
    "time": like(r"(?:[01]\d|2[0-3])(?::[0-5]\d){2}"),
    "year": like(rf"{YEAR}{ZONE}"),
    "yearmonth": like(rf"{YEAR}-(?:0[1-9]|1[0-2]){ZONE}"),
    "duration": like(
        r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
    ),
    "object": lambda text: is_json(text, dict),
    "array": lambda text: is_json(text, list),
    "geopoint": is_place,
    "string/binary": like(r"(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?(?<!_)"),
    "string/uuid": like(r"(?i)[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"),
    "string/uri": like(
        rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:\[[0-9A-Fa-f:.]+\])?)?{URI_CHARACTER}*"
        rf"(?:#{URI_CHARACTER}*)?"
    ),
}
"""By type, with its format where that is not the default: whether a text is a value."""
OF_NUMBERS = ("bareNumber", "decimalChar", "groupChar")


def kind_of(case: Case, fault: Fault) -> str:
    """Type of the fault's field, with its format where that is not the default."""
    return named(case.field(fault.resource, fault.field), v2=case.v2)


def named(described: Any, *, v2: bool) -> str:
    """Type of a field, with its format where that is not the default."""
    form = described.get("format", "default")
    name = str(described.get("type", "any" if v2 else "string"))
    return name if form == "default" else f"{name}/{form}"


def is_value(case: Case, fault: Fault) -> bool | None:
    """Whether the fault's cell is a value of its type; None where this module does not know."""
    text, described = case.text(fault), case.field(fault.resource, fault.field)
    if text is None and len(case.names(fault.resource)) == 1 and fault.row:
        text = ""
    if text is None or (text and any(name in described for name in OF_NUMBERS)):
        return None
    kind = kind_of(case, fault)
    if kind == "geojson":
        return None if is_json(text, dict) else False
    if kind in FORMS:
        return FORMS[kind](collapsed(text) if kind in OF_XML_SCHEMA else text)
    return False if not text and not _reads(described, text) else None


def _reads(described: Any, text: str) -> bool:
    """Whether frictionless reads a text as a value, of the empty line that it takes for none."""
    return _reader_of(described)(text) is not None


# Values


@cache
def reader(described: str) -> Callable[[str], Any]:
    """How frictionless reads the cells of a field."""
    import frictionless

    field = frictionless.Field.from_descriptor(json.loads(described))
    read = field.create_cell_reader()
    return lambda text: read(text)[0]


def read_value(described: Any, text: str) -> Any:
    """The logical value of a text, by its type; by frictionless where no more is asked."""
    kind = named(described, v2=False)
    if kind in OF_XML_SCHEMA:
        text = collapsed(text)
    if kind in ("year", "yearmonth"):
        return text
    if kind == "number" and text.casefold() == "nan":
        return "NaN"
    if kind == "datetime" and FORMS["datetime"](text):
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment
    value = _reader_of(described)(text)
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    return text if value is None else value


def _reader_of(described: Any) -> Callable[[str], Any]:
    dropped = ("constraints", "categories", "missingValues")
    plain = {key: value for key, value in described.items() if key not in dropped}
    return reader(json.dumps({**plain, "missingValues": []}))


# Rows and keys


def broken(case: Case, resource: str) -> set[int]:
    """The rows that claimpack calls too short or too long, and are."""
    width = len(case.names(resource))
    return {
        fault.row
        for fault in case.ours
        if fault.resource == resource
        and fault.kind in WIDTH
        and len(case.row(resource, fault.row)) != width
    }


def is_blank(case: Case, resource: str, row: int) -> bool:
    """Whether each cell of a row of several is the empty text."""
    cells = case.row(resource, row)
    return len(cells) == len(case.names(resource)) > 1 and not any(cells)


def key(case: Case, resource: str, row: int, names: list[str]) -> tuple[Cell, ...]:
    """What a row has in the fields of a key."""
    return tuple(_cell(case, Fault("", resource, row, name)) for name in names)


def _cell(case: Case, fault: Fault) -> Cell:
    if is_null(case, fault, fault.field):
        return NULL, None
    if case.found("ours", "type-error", fault):
        return REFUSED, None
    return "value", read_value(case.field(fault.resource, fault.field), case.text(fault) or "")


def is_null(case: Case, fault: Fault, name: str) -> bool:
    """Whether a cell is null; the cell of an empty line of one column is the empty text."""
    text = case.text(fault, name)
    if text is None and len(case.names(fault.resource)) == 1:
        text = ""
    return text is None or text in case.missing(fault.resource, name)


def holds(cells: tuple[Cell, ...], state: str) -> bool:
    """Whether some cell of a key is in that state."""
    return any(cell[0] == state for cell in cells)


def keys(case: Case, resource: str, names: list[str], before: int | None = None) -> set[Any]:
    """The whole keys of a table, or of its rows before one."""
    count = len(case.tables[resource].rows) if before is None else before
    left_out = broken(case, resource)
    found = (key(case, resource, row, names) for row in range(1, count) if row not in left_out)
    return {cells for cells in found if not holds(cells, NULL) and not holds(cells, REFUSED)}


def repeats(case: Case, fault: Fault, rows: set[int]) -> bool:
    """Whether the key of a row has the values of one of these rows.

    As the standard has it, or as frictionless reads the texts, of which the rows may have such
    as are no values: nothing is said of the cells of a broken row.
    """
    names, before = case.key_of(fault), [row for row in rows if row < fault.row]
    return any(
        read(case, fault.resource, fault.row, names)
        in [read(case, fault.resource, row, names) for row in before]
        for read in (key, _read_by_frictionless)
    )


def _read_by_frictionless(case: Case, resource: str, row: int, names: list[str]) -> list[Any]:
    cells = [Fault("", resource, row, name) for name in names]
    return [
        str(_reader_of(case.field(resource, cell.field))(case.text(cell) or "")) for cell in cells
    ]


def references(case: Case, fault: Fault) -> Iterator[tuple[str, list[str]]]:
    """The tables and fields that the foreign key of a fault refers to."""
    for link in case.schema(fault.resource).get("foreignKeys", []):
        target = link["reference"]
        if "+".join(_listed(link["fields"])) == fault.field:
            yield target.get("resource") or fault.resource, _listed(target["fields"])


def _listed(fields: Any) -> list[str]:
    return [fields] if isinstance(fields, str) else list(fields)


def breaks_key(case: Case, fault: Fault) -> bool:
    """Whether the row of a fault breaks the key that it is about, computed anew."""
    if fault.row in broken(case, fault.resource) or case.found("ours", "blank-row", fault, ""):
        return False
    names = case.key_of(fault)
    cells = key(case, fault.resource, fault.row, names)
    if holds(cells, NULL):
        return fault.kind == "primary-key"
    if holds(cells, REFUSED):
        return False
    if fault.kind == "foreign-key":
        return any(_dangles(case, cells, *target) for target in references(case, fault))
    return cells in keys(case, fault.resource, names, fault.row)


def _dangles(case: Case, cells: tuple[Cell, ...], parent: str, names: list[str]) -> bool:
    if parent not in case.tables or Fault("file", parent, 0, "") in case.ours:
        return False
    return not broken(case, parent) and cells not in keys(case, parent, names)


def is_error(case: Case, fault: Fault) -> bool | None:
    """Whether the standard calls it an error; None where this module does not know."""
    if fault.kind == "type-error":
        if fault.row in broken(case, fault.resource) or is_reported_blank(case, fault):
            return False
        value = is_value(case, fault)
        return False if is_null(case, fault, fault.field) else None if value is None else not value
    if fault.kind in KEYS and fault.resource in case.tables and fault.row:
        return None if entered_twice(case, fault) else breaks_key(case, fault)
    return None


def entered_twice(case: Case, fault: Fault) -> bool:
    """A further repeated key of a row with the cells of an earlier one, reported once.

    Not in a table with rows of the wrong width, whose keys are all reported.
    """
    others = (
        other
        for other in case.ours - {fault}
        if (other.resource, other.row) == (fault.resource, fault.row) and repeatable(case, other)
    )
    return (
        repeatable(case, fault)
        and not broken(case, fault.resource)
        and any(map(partial(repeats_a_row, case), others))
    )


def repeats_a_row(case: Case, fault: Fault) -> bool:
    """Whether the first row with the key of a fault has all its other cells as well."""
    names, own = case.key_of(fault), case.row(fault.resource, fault.row)
    wanted = key(case, fault.resource, fault.row, names)
    rows = range(1, fault.row)
    first = (row for row in rows if key(case, fault.resource, row, names) == wanted)
    return any(case.row(fault.resource, row) == own for row in islice(first, 1))


def repeatable(case: Case, fault: Fault) -> bool:
    """Whether the fault is of a key that another row may have, not of a null in it."""
    return fault.kind in KEYS - {"foreign-key"} and not any(
        is_null(case, fault, name) for name in case.key_of(fault)
    )


def is_reported_blank(case: Case, fault: Fault) -> bool:
    """Whether a row of empty cells is one finding, for something that it breaks."""
    return is_blank(case, fault.resource, fault.row) and case.found("ours", "blank-row", fault, "")
