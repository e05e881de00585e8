"""Where claimpack and frictionless differ, what decides, and who is right.

Each entry recognises exactly the errors that it explains: it looks at the text of the cell,
the constraint, the bytes of the file or the faults beside it, never at the class of an error
alone where that would hide another one. A difference that no entry explains fails a test;
an entry that explains nothing any more does, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claimpack.rules import rule_names
from oracle import CRASH, Case, Fault
from standard import (
    OF_XML_SCHEMA,
    WIDTH,
    broken,
    entered_twice,
    is_blank,
    is_error,
    is_null,
    kind_of,
    references,
    repeats,
)

Explains = Callable[[Case, Fault], bool]

PROFILE = {rule for rule, module in rule_names().items() if ".claims.rules." in module}
OF_CELLS = {
    *("type-error", "constraint-error", "primary-key", "unique-key", "unique-error", "foreign-key")
}
KEYS = OF_CELLS - {"type-error", "constraint-error"}
PADDED = r"(?s)[ \t\n\r].*|.*[ \t\n\r]"
BLANK = b" \t\r\n\xff\xfe"


def never(case: Case, fault: Fault) -> bool:
    """Explains nothing."""
    return False


@dataclass(frozen=True)
class Difference:
    """A difference that the standard explains.

    Attributes:
        name: What it is called.
        clause: The section whose words decide, of the standard or of what it builds on.
        why: What those words ask, and what the other tool does.
        right: The tool that does what they ask; `neither` where they leave it open.
        ours: Whether it explains an error that only claimpack finds.
        theirs: Whether it explains an error that only frictionless finds.
    """

    name: str
    clause: str
    why: str
    right: str = "claimpack"
    ours: Explains = never
    theirs: Explains = never


# Predicates


def text_of(kind: str, pattern: str) -> Explains:
    """A type error in a field of that type (`type/format`) whose whole text matches."""
    compiled = re.compile(pattern)

    def explains(case: Case, fault: Fault) -> bool:
        if fault.kind != "type-error":
            return False
        text = case.text(fault)
        return text is not None and kind_of(case, fault) == kind and bool(compiled.fullmatch(text))

    return explains


def any_of(*choices: Explains) -> Explains:
    """One of them explains it."""
    return lambda case, fault: any(choice(case, fault) for choice in choices)


def package_fault(holds: Callable[[Case], bool]) -> Explains:
    """The fault is the descriptor's, in a package of which this holds."""
    return lambda case, fault: fault.kind == "package" and holds(case)


def all_null(case: Case, fault: Fault) -> bool:
    """Every cell of a row that is there is null."""
    table = case.tables.get(fault.resource)
    return (
        table is not None
        and 0 < fault.row < len(table.rows)
        and all(case.is_null(fault, name) for name in case.names(fault.resource))
    )


def key_of_empty_line(case: Case, fault: Fault) -> bool:
    """The primary key of a row without values, which both call blank."""
    return (
        fault.kind == "primary-key"
        and case.found("ours", "blank-row", fault, "")
        and case.found("theirs", "blank-row", fault, "")
    )


def null_in_blank_row(case: Case, fault: Fault) -> bool:
    """A null that is a fault, in a row that frictionless calls blank."""
    if not all_null(case, fault) or not case.found("theirs", "blank-row", fault, ""):
        return False
    constraints = case.field(fault.resource, fault.field).get("constraints", {})
    if fault.kind in WIDTH:
        return len(case.row(fault.resource, fault.row)) != len(case.names(fault.resource))
    required = fault.kind == "constraint-error" and constraints.get("required") is True
    return fault.kind == "primary-key" or required


def empty_row(case: Case, fault: Fault) -> bool:
    """A row of empty cells that breaks a rule: of a key or a type, or a constraint on texts."""
    return (
        fault.kind == "blank-row"
        and is_blank(case, fault.resource, fault.row)
        and any(
            other.kind in OF_CELLS
            for other in case.theirs
            if (other.resource, other.row) == (fault.resource, fault.row)
        )
    )


def in_empty_row(case: Case, fault: Fault) -> bool:
    """What a row of empty cells breaks, which claimpack reports as one blank row."""
    return (
        fault.kind in OF_CELLS
        and is_blank(case, fault.resource, fault.row)
        and case.found("ours", "blank-row", fault, "")
        and not case.found("theirs", "blank-row", fault, "")
    )


def empty_line(case: Case, fault: Fault) -> bool:
    """An empty line in a table of one column, in which the empty text is no null."""
    names = case.names(fault.resource)
    return (
        len(names) == 1
        and "" not in case.missing(fault.resource, names[0])
        and fault.row > 0
        and not case.row(fault.resource, fault.row)
        and case.found("theirs", "blank-row", fault, "")
    )


def empty_line_in_parent(case: Case, fault: Fault) -> bool:
    """A reference to the empty text, which is the value of an empty line in that very parent."""
    if fault.kind != "foreign-key" or case.text(fault) != "":
        return False
    return any(
        case.names(parent) == names
        and [] in case.tables[parent].rows[1:]
        and "" not in case.missing(parent, names[0])
        for parent, names in references(case, fault)
        if parent in case.tables
    )


def absent(case: Case, fault: Fault) -> bool:
    """A cell that is not there, told again as a null."""
    return (
        fault.kind in {"constraint-error", "primary-key"}
        and case.found("ours", "missing-cell", fault, "")
        and any(case.text(fault, name) is None for name in case.key_of(fault))
    )


def in_broken_row(case: Case, fault: Fault) -> bool:
    """A fault in the cells of a row of the wrong width."""
    return fault.kind in OF_CELLS and fault.row in broken(case, fault.resource)


def key_in_broken_row(case: Case, fault: Fault) -> bool:
    """A key whose values an earlier row has, which is of the wrong width."""
    return fault.kind in KEYS - {"foreign-key"} and repeats(
        case, fault, broken(case, fault.resource)
    )


def key_in_empty_line(case: Case, fault: Fault) -> bool:
    """A key that an earlier empty line has, where the empty text is a value."""
    if fault.kind not in KEYS - {"foreign-key"} or any(
        case.text(fault, name) for name in case.key_of(fault)
    ):
        return False
    rows = case.tables[fault.resource].rows
    empty = {number for number, cells in enumerate(rows) if number and not cells}
    return len(case.names(fault.resource)) == 1 and repeats(case, fault, empty)


def to_broken_row(case: Case, fault: Fault) -> bool:
    """A reference to a table with a row of the wrong width, whose keys are not all known."""
    return fault.kind == "foreign-key" and any(
        broken(case, parent) for parent, _ in references(case, fault)
    )


def stopped(case: Case, fault: Fault) -> bool:
    """Frictionless found a fault in the descriptor or the file, or raised, and read no data."""
    if any(other.row and other.resource == fault.resource for other in case.theirs):
        return False
    return any(
        other.kind in {"package", CRASH}
        or (other.kind == "file" and other.resource == fault.resource)
        for other in case.theirs
    )


def crash(holds: Explains) -> Explains:
    """Frictionless raises in a package of which this holds."""
    return lambda case, fault: fault.kind == CRASH and holds(case, fault)


def duplicate_names(case: Case) -> bool:
    """A table has two fields of one name."""
    tables = [case.names(str(item.get("name"))) for item in case.resources]
    return any(len(set(names)) < len(names) for names in tables)


def hex_encoded(case: Case) -> bool:
    """A resource names a codec that is no text encoding."""
    return any(item.get("encoding") == "hex" for item in case.resources)


def outside_categories(case: Case, fault: Fault) -> bool:
    """The cell is a value, and none of the field's categories."""
    described = case.field(fault.resource, fault.field)
    values = described.get("categories", [])
    items = [item["value"] if isinstance(item, dict) else item for item in values]
    if fault.kind != "constraint-error" or not items or is_null(case, fault, fault.field):
        return False
    if case.found("ours", "type-error", fault):
        return False
    text = case.text(fault) or ""
    integers = described.get("type") == "integer"
    return (int(text) if integers else text) not in [int(x) if integers else x for x in items]


def labels_differ_by(case: Case, fault: Fault, change: Callable[[str], str]) -> bool:
    """A label is wrong, but none is once all are changed so."""
    labels, names = case.row(fault.resource, 0), case.names(fault.resource)
    return fault.kind == "incorrect-label" and [*map(change, labels)] == [*map(change, names)]


def refused_by_us(case: Case, fault: Fault) -> bool:
    """A text is a type error with claimpack alone, so that frictionless alone has a value of it.

    It stands in the fault's own row, or for a duplicate in a row before it.
    """
    if fault.kind not in {"constraint-error", *KEYS}:
        return False
    if fault.kind == "constraint-error":
        alone = case.found("ours", "type-error", fault)
        return alone and not case.found("theirs", "type-error", fault)
    names = case.key_of(fault)
    earlier = fault.kind in {"unique-error", "unique-key", "primary-key"}
    return any(
        other.kind == "type-error"
        and other.resource == fault.resource
        and other.field in names
        and (other.row == fault.row or (earlier and other.row < fault.row))
        for other in case.ours - case.theirs
    )


def parent_refused_by_us(case: Case, fault: Fault) -> bool:
    """The key that is referred to holds a text that is a type error with claimpack alone."""
    return fault.kind == "foreign-key" and any(
        other.kind == "type-error" and other.resource == parent and other.field in names
        for parent, names in references(case, fault)
        for other in case.ours - case.theirs
    )


def refused_by_them(case: Case, fault: Fault) -> bool:
    """A cell of the key is a value that frictionless alone refuses."""
    return fault.kind in KEYS and any(
        case.found("theirs", "type-error", fault, name)
        and not case.found("ours", "type-error", fault, name)
        for name in case.key_of(fault)
    )


def parent_refused_by_them(case: Case, fault: Fault) -> bool:
    """The key is there, in a row of the parent of which frictionless alone refuses a cell."""
    return fault.kind == "foreign-key" and any(
        other.kind == "type-error" and other.resource == parent and other.field in names
        for parent, names in references(case, fault)
        for other in case.theirs - case.ours
    )


def has_nan(case: Case, fault: Fault) -> bool:
    """A cell of the key is the number NaN."""
    return fault.kind in KEYS and any(
        kind_of(case, Fault("", fault.resource, 0, name)) == "number"
        and (case.text(fault, name) or "").casefold() == "nan"
        for name in case.key_of(fault)
    )


def has_type_error(case: Case, fault: Fault) -> bool:
    """A cell of the key has a type error, and none of a primary key is null."""
    if fault.kind not in {"primary-key", "foreign-key"}:
        return False
    names = case.key_of(fault)
    if fault.kind == "primary-key" and any(case.is_null(fault, name) for name in names):
        return False
    return any(
        case.found("ours", "type-error", fault, name)
        or case.found("theirs", "type-error", fault, name)
        for name in names
    )


def empty_parent(case: Case, fault: Fault) -> bool:
    """A reference to a table whose file both call empty."""
    both = case.ours & case.theirs
    return fault.kind == "foreign-key" and any(
        Fault("file", parent, 0, "") in both and not case.tables[parent].content.strip(BLANK)
        for parent, _ in references(case, fault)
    )


def composite_null(case: Case, fault: Fault) -> bool:
    """Some field of a key of several is null."""
    nulls = [case.is_null(fault, name) for name in case.key_of(fault)]
    return len(nulls) > 1 and any(nulls)


def null_told_of_the_key(case: Case, fault: Fault) -> bool:
    """A null in a required field, which the primary key has told already."""
    key = case.key_of(Fault("primary-key", fault.resource, 0, ""))
    return (
        fault.kind == "constraint-error"
        and case.is_null(fault, fault.field)
        and fault.field in key
        and case.found("ours", "primary-key", fault, "")
    )


def irregular(case: Case, fault: Fault) -> bool:
    """The bytes of the file do break what the sections on files ask."""
    table = case.tables.get(fault.resource)
    if fault.kind != "file" or table is None:
        return False
    encoding = case.resource(fault.resource).get("encoding", "utf-8")
    try:
        text = table.content.decode(encoding)
    except UnicodeDecodeError:
        return True
    return not re.fullmatch(_grammar(case.resource(fault.resource)), text.lstrip("\ufeff"))


def _grammar(resource: object) -> str:
    """RFC 4180 with LF or CRLF and the dialect's delimiter, as one regular expression."""
    dialect = resource.get("dialect", {}) if isinstance(resource, dict) else {}
    delimiter = re.escape(dialect.get("delimiter", ",")) if isinstance(dialect, dict) else ","
    cell = rf'(?:"(?:[^"\0]|"")*+"|[^"\r\n\0{delimiter}]*+)'
    record = rf"{cell}(?:{delimiter}{cell})*+"
    return rf"(?:{record}(?:\n{record})*+|{record}(?:\r\n{record})*+)\r?\n?"


JSON_NOT = r"(?s).*(NaN|Infinity).*"
DIFFERENCES = (
    # Cells
    Difference(
        "digits of integers",
        "Table Schema, integer; XML Schema part 2, 3.3.13",
        "An optional sign and ASCII digits. int() takes underscores, other digits and spaces.",
        ours=text_of("integer", r"(?s).*_.*|.*[^\x00-\x7f].*"),
    ),
    Difference(
        "digits of numbers",
        "Table Schema, number",
        "Decimal digits, an exponent, NaN, INF and -INF. Decimal() takes underscores, other digits "
        "and spaces, Infinity, +INF, and NaN with a sign or digits.",
        ours=text_of("number", r"(?si).*_.*|.*[^\x00-\x7f].*|[+-]?infinity|\+inf|[+-]?s?nan\d*"),
    ),
    Difference(
        "white space around values",
        "XML Schema part 2, 4.3.6",
        "Collapsed before a value of any of its types is read. frictionless does so for numbers.",
        theirs=any_of(*(text_of(kind, PADDED) for kind in OF_XML_SCHEMA)),
    ),
    Difference(
        "digits of dates",
        "Table Schema, date",
        "The form is yyyy-mm-dd. strptime() takes fewer digits.",
        ours=text_of("date", r"\d+-\d{1,2}-\d{1,2}"),
    ),
    Difference(
        "form of datetimes",
        "Table Schema, datetime; XML Schema part 2, 3.2.7.1",
        "T, seconds, and a zone with a colon. isoparse() takes any separator, zones without a "
        "colon and fewer parts.",
        ours=text_of("datetime", r"\d{4}-\d\d-\d\d.\d\d:\d\d:\d\d([.,]\d+)?([+-]\d{2}(\d{2})?)?.?"),
    ),
    Difference(
        "form of times",
        "Table Schema, time",
        "The form is hh:mm:ss. isoparse() takes fractions, zones and 24:00:00.",
        ours=text_of("time", r"24:00:00|\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-].*)?"),
    ),
    Difference(
        "form of years",
        "Table Schema, year; XML Schema part 2, 3.2.11",
        "Four digits or more, a minus, a zone; no year 0000. int() takes a plus, spaces and "
        "underscores, and frictionless wants four characters.",
        ours=text_of("year", r"0000|[+ -].{3}|.{3} |.*_.*"),
        theirs=text_of("year", r"-?(\d{4}|[1-9]\d{4,})(Z|[+-]\d\d:\d\d)?"),
    ),
    Difference(
        "form of months",
        "Table Schema, yearmonth; XML Schema part 2, 3.2.10",
        "As gYearMonth. frictionless splits at the hyphen and calls int().",
        ours=text_of("yearmonth", r"\s*\d+\s*-\s*\d+\s*|[+].*|.*_.*"),
        theirs=text_of("yearmonth", r"-?(\d{4}|[1-9]\d{4,})-\d\d(Z|[+-]\d\d:\d\d)?"),
    ),
    Difference(
        "form of durations",
        "Table Schema, duration; XML Schema part 2, 3.2.6.1",
        "No weeks, a fraction of seconds only, T where there is a time. isodate takes more of "
        "ISO 8601.",
        ours=text_of(
            "duration", r"[+-]?P\d+([.,]\d+)?W|\+.*|P[^T]*[.,].*|P.*T|P|P\d{4}.*|PT.*[.,].*[HM].*"
        ),
    ),
    Difference(
        "numbers of geopoints",
        "Table Schema, geopoint",
        "Each value is a number. Decimal() takes underscores and other digits.",
        ours=text_of("geopoint", r".*_.*|.*[^\x00-\x7f].*"),
    ),
    Difference(
        "NaN in JSON",
        "RFC 8259 section 6",
        "NaN and Infinity are not JSON. json.loads() takes them.",
        ours=any_of(*(text_of(kind, JSON_NOT) for kind in ("object", "array", "geojson"))),
    ),
    Difference(
        "alphabet of base64",
        "RFC 4648 section 3.3",
        "Characters outside the alphabet are refused. b64decode() drops them.",
        ours=text_of("string/binary", r"(?s).*[^A-Za-z0-9+/=].*"),
    ),
    Difference(
        "form of UUIDs",
        "RFC 9562 section 4",
        "Five groups of hexadecimal digits with hyphens. uuid.UUID() takes braces and drops "
        "hyphens.",
        ours=text_of("string/uuid", r"\{.*\}|urn:.*|[0-9a-fA-F]{32}"),
    ),
    Difference(
        "form of URIs",
        "RFC 3986 section 3.2.2",
        "A host in brackets is closed by one, and no character is white space.",
        ours=text_of("string/uri", r".*\[[^\]]*|.*\s.*"),
    ),
    # Rows
    Difference(
        "a row of nulls",
        "Table Schema, missingValues",
        "A null is a value's absence in a row that is there. frictionless calls a row of nulls "
        "blank and forgets its other faults.",
        theirs=lambda case, fault: fault.kind == "blank-row" and all_null(case, fault),
        ours=null_in_blank_row,
    ),
    Difference(
        "a row of empty cells",
        "RFC 4180 section 2.4; Table Schema, missingValues",
        "What a row without values breaks is one finding, which says that the row is blank. "
        "frictionless reports it field by field where the empty text is not a null.",
        "neither",
        ours=empty_row,
        theirs=in_empty_row,
    ),
    Difference(
        "the key of a blank row",
        "RFC 4180 section 2.4",
        "Each line has as many fields. A row without values is reported once, as blank, and not "
        "again as a row without a key.",
        "neither",
        theirs=key_of_empty_line,
    ),
    Difference(
        "a cell that is not there",
        "RFC 4180 section 2.4",
        "Each line has as many fields. The cell that is not there is told once, as missing, and "
        "not again as a null.",
        "neither",
        theirs=absent,
    ),
    Difference(
        "a row of the wrong width",
        "RFC 4180 section 2.4",
        "Each line has as many fields. Which cells of a row of another width belong to which field "
        "is unknown, so that it is judged for its width only.",
        "neither",
        theirs=in_broken_row,
    ),
    Difference(
        "a key in a row of the wrong width",
        "RFC 4180 section 2.4",
        "The same: no later row repeats its key.",
        "neither",
        theirs=key_in_broken_row,
    ),
    Difference(
        "a reference to a table with a row of the wrong width",
        "RFC 4180 section 2.4",
        "The same: the key that is missing may be in that row, so that the check is skipped.",
        "neither",
        theirs=to_broken_row,
    ),
    Difference(
        "an empty line in a table of one column",
        "RFC 4180 section 2.1; Table Schema, missingValues",
        "The line is a record whose one cell is the empty text, which is a null where the missing "
        "values say so, and here they do not. frictionless takes the cell for one that is not "
        "there, and so for a null.",
        ours=any_of(empty_line, key_in_empty_line),
        theirs=any_of(empty_line, empty_line_in_parent),
    ),
    # Constraints and keys
    Difference(
        "categories",
        "Table Schema, categories",
        "The value is one of them. frictionless ignores them.",
        ours=outside_categories,
    ),
    Difference(
        "nulls in a composite primary key",
        "Table Schema, primaryKey",
        "None of its fields is null. frictionless lets some be null, and compares the rest.",
        ours=lambda case, fault: fault.kind == "primary-key" and composite_null(case, fault),
    ),
    Difference(
        "a required field of the primary key",
        "Table Schema, primaryKey",
        "The key asks the same as `required`, so that a null in it is told once, of the key.",
        "neither",
        theirs=null_told_of_the_key,
    ),
    Difference(
        "a row entered twice",
        "Table Schema, primaryKey, uniqueKeys, unique",
        "A row with all cells of an earlier one repeats each of its keys for one reason, so that "
        "it is one finding. frictionless reports it once for each key.",
        "neither",
        theirs=entered_twice,
    ),
    Difference(
        "nulls in a composite foreign key",
        "Table Schema, foreignKeys",
        "Modelled on SQL, whose MATCH SIMPLE lets a key with a null refer to nothing.",
        theirs=lambda case, fault: fault.kind == "foreign-key" and composite_null(case, fault),
    ),
    Difference(
        "a cell of the wrong type in a key",
        "Glossary, Data Representation",
        "Keys compare logical values, and a cell with a type error has none. frictionless takes "
        "it for a null.",
        theirs=has_type_error,
    ),
    Difference(
        "what follows from a refused cell",
        "Glossary, Data Representation",
        "Where only claimpack refuses the text (see the entries on cells), frictionless has a "
        "value to compare and to constrain.",
        theirs=refused_by_us,
        ours=parent_refused_by_us,
    ),
    Difference(
        "what follows from a cell that frictionless refuses",
        "Glossary, Data Representation",
        "The same the other way: a value that frictionless alone refuses is a part of keys.",
        ours=refused_by_them,
        theirs=parent_refused_by_them,
    ),
    Difference(
        "NaN in a key",
        "Table Schema, number; XML Schema part 2, 3.2.5.1",
        "NaN equals itself. Decimal('NaN') does not.",
        ours=has_nan,
        theirs=has_nan,
    ),
    Difference(
        "a reference to an empty file",
        "Table Schema, foreignKeys",
        "The file that should hold the key is told of as empty; what refers to it is not checked "
        "then. frictionless takes it for a table without rows.",
        "neither",
        theirs=empty_parent,
    ),
    # Labels
    Difference(
        "case of labels",
        "Table Schema v1, name",
        "Names are not case sensitive; a label in another case is no other name.",
        theirs=lambda case, fault: not case.v2 and labels_differ_by(case, fault, str.casefold),
    ),
    Difference(
        "space before a label",
        "Table Dialect, skipInitialSpace",
        "False by default, so that a space is part of the label. frictionless guesses the dialect.",
        ours=lambda case, fault: labels_differ_by(case, fault, str.strip),
    ),
    Difference(
        "a label twice under fieldsMatch",
        "Table Schema, fieldsMatch",
        "Fields are mapped by their names, so that a label that is there twice is the header's "
        "fault. frictionless ends with a general error.",
        theirs=package_fault(
            lambda case: any(fault.kind == "duplicate-label" for fault in case.ours)
        ),
    ),
    # Files
    Difference(
        "form of files",
        "RFC 4180 sections 2.5 to 2.7; Tabular Data Resource v1, CSV file requirements; Data "
        "Resource v1, encoding",
        "Quotes, newlines and characters of a record; UTF-8 by default. Python's csv module takes "
        "anything, and frictionless guesses the encoding.",
        ours=irregular,
    ),
    Difference(
        "other hashes",
        "Data Resource, hash",
        "Other algorithms have a prefix. frictionless computes md5 and sha256.",
        ours=lambda case, fault: (
            fault.kind == "hash-mismatch"
            and str(case.resource(fault.resource).get("hash", "")).startswith("sha")
        ),
    ),
    # Descriptors
    Difference(
        "no resources",
        "Data Package, resources",
        "Required, with at least one. frictionless takes none for fine.",
        ours=package_fault(lambda case: not case.resources),
    ),
    Difference(
        "a name twice in JSON",
        "RFC 8259 section 4",
        "Where names are not unique, readers differ, and frictionless keeps the last.",
        ours=package_fault(lambda case: case.descriptor.get("name") == "again"),
    ),
    Difference(
        "hidden folders",
        "Glossary, URL or Path",
        "Hidden folders are not used. frictionless opens them.",
        ours=package_fault(lambda case: any(item["path"][0] == "." for item in case.resources)),
    ),
    Difference(
        "an encoding that is none",
        "Data Resource, encoding",
        "One that is registered with IANA, which hex is not. frictionless tells it of the file.",
        "neither",
        ours=package_fault(hex_encoded),
        theirs=lambda case, fault: fault.kind == "file" and hex_encoded(case),
    ),
    Difference(
        "field names twice",
        "Table Schema, name",
        "Names that are not unique make no descriptor invalid.",
        theirs=package_fault(duplicate_names),
    ),
    Difference(
        "a stray property",
        "Glossary, Custom Properties",
        "A descriptor has any number of other properties, so that a stray `required` is a warning.",
        theirs=package_fault(lambda case: any("required" in item for item in case.fields)),
    ),
    Difference(
        "an unknown constraint",
        "Table Schema, Field Constraints",
        "An unsupported one is reported, which is a warning.",
        theirs=package_fault(
            lambda case: any("minimun" in item.get("constraints", {}) for item in case.fields)
        ),
    ),
    Difference(
        "jsonSchema",
        "Table Schema, jsonSchema",
        "A constraint of arrays and objects. frictionless does not know it.",
        theirs=package_fault(
            lambda case: any("jsonSchema" in item.get("constraints", {}) for item in case.fields)
        ),
    ),
    Difference(
        "constraints that are no values",
        "Table Schema, Field Constraints",
        "The values of constraints are castable. frictionless raises where one is not.",
        ours=package_fault(lambda case: Fault(CRASH, "", 0, "") in case.theirs),
        theirs=crash(lambda case, fault: Fault("package", "", 0, "") in case.ours),
    ),
    Difference(
        "the claims profile",
        "The claims profile",
        "Its rules are not the standard's.",
        "neither",
        ours=lambda case, fault: fault.kind in PROFILE,
    ),
    Difference(
        "data behind a wrong descriptor",
        "Data Package, Descriptor",
        "What is wrong with a part of the descriptor is told, and the data are still judged. "
        "frictionless stops at the first such fault. Made tables never use this entry.",
        "neither",
        ours=stopped,
    ),
)


def unexplained(case: Case) -> Iterator[str]:
    """Each difference between the two that no entry explains."""
    for side, fault in differing(case):
        if not explanations(case, side, fault):
            text = json.dumps(case.text(fault), ensure_ascii=False)
            yield f"only {side}: {fault}, cell {text}"


def differing(case: Case) -> Iterator[tuple[str, Fault]]:
    """Each fault that one side alone has."""
    for side, faults in (("ours", case.ours - case.theirs), ("theirs", case.theirs - case.ours)):
        for fault in sorted(faults):
            yield side, fault


def explanations(case: Case, side: str, fault: Fault) -> list[Difference]:
    """The entries that explain a fault that one side alone has.

    None does where the standard, read anew, says that claimpack is wrong; nor for a type error
    of which it does not say that claimpack is right.
    """
    right = is_error(case, fault)
    if right is not None and right is not (side == "ours"):
        return []
    if right is None and fault.kind == "type-error" and not in_broken_row(case, fault):
        return []
    return [entry for entry in DIFFERENCES if getattr(entry, side)(case, fault)]
