"""A cell's text is not a value of its field's type.

Why: Whoever loads the table casts the column to the declared type; one cell that
does not fit stops the load or turns into a silent null. The lexical forms are
those of the Table Schema, which takes most of them from XML Schema part 2:
ASCII digits only, no underscores. White space around a value of those types is ignored
(see `padded-value`); a date, a time or a boolean has none. Where a file tells numbers,
dates and texts apart (JSON, spreadsheets, Parquet), a value stored as another type
than its field's is at fault, too, but a text of the right form is not.

What the standard leaves open is read so. `date` and `time` of the default format are
`yyyy-mm-dd` and `hh:mm:ss` and nothing else; `datetime` is XML Schema's dateTime, with
a `T`, an optional fraction and zone, and 24:00:00 for the end of a day. No date, datetime,
year or month is in the year 0000 (XML Schema part 2, section 3.2.7.1). A pattern is
what Python's strptime reads; `any` is what dateutil's parser reads. With `bareNumber`
false, all up to the first digit (with its sign and decimal character) and all after
the last digit is stripped. The items of a list are in the default form of their type.
An e-mail address is a
mailbox of RFC 5321 (section 4.1.2) at a full domain name: its local part may be quoted.
A geopoint lies within 180 degrees of longitude and 90 of latitude. GeoJSON is that of
RFC 7946: a line has two positions or more, a ring four or more, the last as the first.
TopoJSON is a topology with objects and arcs, or a geometry. JSON holds no NaN, and is
nested no deeper than a limit.

Fails:
    {"name": "year", "type": "integer"} and the cell `20l3`

Passes:
    {"name": "year", "type": "integer"} and the cell `2013`

Mend: Correct the cell, declare the text as a missing value, or declare the type that
the column has.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks import constraints, lexical, text_tests
from claimpack.checks.model import Params, RowCheck, StructureCheck, ValueCheck
from claimpack.descriptor import formats
from claimpack.descriptor.model import Field, Package, Resource

SEVERITY = "error"
SCOPE = "table"
CLAUSE = "Table Schema, Field Types"

MOMENTS = ("date", "time", "datetime")
EXAMPLES = {
    "integer": "42",
    "boolean": "true",
    "date": "2024-01-26",
    "time": "15:00:00",
    "datetime": "2024-01-26T15:00:00Z",
    "year": "2024",
    "yearmonth": "2024-01",
    "duration": "P1DT12H",
    "object": '{"key": 1}',
    "array": "[1, 2]",
    "geopoint": "90.5, 45.5",
    "geojson": '{"type": "Point", "coordinates": [90.5, 45.5]}',
    "email": "name@example.org",
    "uri": "https://example.org/",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "binary": "aGVsbG8=",
}


def checks(
    resource: Resource, package: Package
) -> Iterator[RowCheck | ValueCheck | StructureCheck]:
    """One check a field whose type not every text fits; values with types the reader judges."""
    if resource.format not in formats.DELIMITED:
        yield StructureCheck("type-error", resource.name)
    for index, field in enumerate(resource.schema.fields if resource.schema else ()):
        if lexical.free(field):
            continue
        common = (
            "type-error",
            resource.name,
            (field.name,),
            "expected {type}, found {value}" + ("{departure}" if field.type in MOMENTS else ""),
            "{fix}",
        )
        params = (("type", _described(field)), ("fix", _fix(field)), *_form(field))
        if lexical.judged(field):
            text = lexical.cell(index)
            fault, proof = lexical.malformed(field, text), lexical.well_formed(field, text)
            yield RowCheck(*common, params=params, fault=fault, proof=proof)
        else:
            yield ValueCheck(*common, params=params, test=text_tests.malformed(field))


def _form(field: Field) -> Params:
    """What `departure` needs to know of a date or time."""
    return (("kind", field.type), ("form", field.format)) if field.type in MOMENTS else ()


def _described(field: Field) -> str:
    form = "" if field.format == "default" else f" in the format {field.format}"
    if field.type == "string":
        return f"text{form}"
    return f"{_named(field)}{form}"


def _named(field: Field) -> str:
    article = "an" if field.type[0] in "aeio" else "a"
    return f"{article} {field.type}"


def _fix(field: Field) -> str:
    if field.type == "boolean":
        listed = (*field.options["trueValues"], *field.options["falseValues"])
        return f"Replace the value with one of {constraints.listed(listed)}."
    if field.type in MOMENTS and field.format not in ("default", "any"):
        return f"Replace the value with a {field.type} in the format {field.format}."
    if field.type == "number":
        return f"Replace the value with a number such as 3{field.options['decimalChar']}14."
    example = EXAMPLES.get(field.format if field.type == "string" else field.type)
    if not example:
        return "Correct the value."
    what = f"a value in the format {field.format}" if field.type == "string" else _named(field)
    return f"Replace the value with {what} such as {example}."
