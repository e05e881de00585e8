"""Packages that Hypothesis makes: tables of all types, constraints, dialects and keys.

A package holds several tables, since that costs both judges less than many packages. Where
frictionless does not know a word of the standard (a null sequence, categories, a line
terminator), the same table is also written in words that it knows, and it judges that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from packages import V2, Json

Kind = tuple[Json, list[str], list[str]]
"""A field's type and format, texts that are values of it, and texts that are none."""

KINDS: list[Kind] = [
    (
        {"type": "string"},
        ["a", "b", "ab", "abc", "a b", "x,y", 'q"q', "l\nm", "\xe9", "A", " a", "a;b", "t\tu"],
        [],
    ),
    ({"type": "string", "format": "email"}, ["a@example.org", "b.c@example.com"], ["a@", "a b"]),
    (
        {"type": "string", "format": "uri"},
        ["http://example.org/a", "urn:x:y"],
        ["a b", "no", "http://[::1", "urn:x: y"],
    ),
    (
        {"type": "string", "format": "uuid"},
        ["123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174001"],
        ["{123e4567-e89b-12d3-a456-426614174000}", "123e4567", "x"],
    ),
    ({"type": "string", "format": "binary"}, ["YWJj", "YQ=="], ["abc", "!!!!", "YQ"]),
    (
        {"type": "integer"},
        ["0", "1", "2", "10", "-3", "+4", "007", "99999999999999999999", " 1", "1 ", "\t2"],
        ["1.0", "a", "1_000", "1 0", "1e3", "0x1A", "\uff11", "--1", "1,000", "\u20031", "- 1"],
    ),
    ({"type": "integer", "bareNumber": False}, ["1", "95%", "EUR 95", "-3 kg"], ["%", "no"]),
    (
        {"type": "number"},
        [
            "0",
            "1",
            "1.5",
            "-2.25",
            "1e3",
            "1E-2",
            ".5",
            "5.",
            "+1.0",
            "INF",
            "-INF",
            "1.50",
            " 1.5",
        ],
        ["a", "1,5", "1_0.5", "1 .5", "Infinity", "1e", ".", "+INF", "1.2.3"],
    ),
    ({"type": "number"}, ["NaN", "nan", "1", "1.0", "INF"], ["-NaN", "NaN1"]),
    (
        {"type": "number", "decimalChar": ",", "groupChar": "."},
        ["1", "1,5", "1.000,5", "-2.000"],
        ["a", "1,5,5", "x,1"],
    ),
    ({"type": "number", "groupChar": " "}, ["1 000", "1 000.5", "2"], ["1,000", "a"]),
    ({"type": "number", "bareNumber": False}, ["1.5 %", "EUR 2.5", "3"], ["%", "no"]),
    ({"type": "boolean"}, ["true", "false", "1", "0", "True", "FALSE"], ["yes", "tRUE", "2"]),
    (
        {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
        ["yes", "no"],
        ["true", "1", "Yes"],
    ),
    (
        {"type": "date"},
        ["2020-01-01", "2020-02-29", "1999-12-31", "2020-10-05"],
        ["2020-1-1", "2020-02-30", "2019-02-29", "01/02/2020", "20200101", "2020-01-01T00:00:00Z"],
    ),
    (
        {"type": "date", "format": "%d/%m/%Y"},
        ["01/02/2020", "31/12/1999", "29/02/2020"],
        ["2020-01-01", "32/01/2020", "29/02/2019"],
    ),
    (
        {"type": "date", "format": "any"},
        ["2020-01-01", "31 Dec 1999", "1 May 2020"],
        ["x", "2020-13-01"],
    ),
    (
        {"type": "datetime"},
        [
            "2020-01-01T00:00:00Z",
            "2020-02-29T23:59:59Z",
            "1999-12-31T12:00:00Z",
            "2020-01-01T01:00:00+01:00",
        ],
        ["2020-01-01 00:00:00Z", "2020-01-01", "2020-02-30T00:00:00Z", "2020-01-01T25:00:00Z", "x"],
    ),
    (
        {"type": "datetime", "format": "%Y-%m-%d %H:%M"},
        ["2020-01-01 00:00", "1999-12-31 23:59"],
        ["2020-01-01", "2020-01-01T00:00", "2020-01-01 24:01"],
    ),
    (
        {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
        ["2020-01-01T00:00:00+0000", "2020-01-01T00:00:00+0100", "1999-12-31T23:59:59+00:00"],
        ["2020-01-01T00:00:00", "2020-01-01 00:00:00+0000"],
    ),
    (
        {"type": "datetime", "format": "any"},
        ["2020-01-01 10:00", "1 May 2020 9 am"],
        ["x", "1-2-3-4"],
    ),
    (
        {"type": "date", "format": "%d %b %Y"},
        ["1 May 2020", "01 Jan 1999"],
        ["1 Mai 2020", "May 2020"],
    ),
    ({"type": "date", "format": "%j/%Y"}, ["001/2020", "366/2020"], ["366/2019", "0/2020"]),
    ({"type": "date", "format": "%d.%m.%y"}, ["01.02.20", "31.12.99"], ["01.02.2020", "31.02.20"]),
    (
        {"type": "time", "format": "%I:%M %p"},
        ["09:00 AM", "12:30 PM", "1:00 pm"],
        ["13:00 AM", "9 AM"],
    ),
    ({"type": "time", "format": "%H:%M:%S.%f"}, ["09:00:00.5", "09:00:00.500000"], ["09:00:00"]),
    ({"type": "time", "format": "any"}, ["09:00", "9 pm", "23:59:59"], ["25:00", "x"]),
    (
        {"type": "time"},
        ["00:00:00", "09:30:00", "23:59:59"],
        ["9:30:00", "09:30", "25:00:00", "x", "09:60:00", "24:00:00", "09:30:00.5"],
    ),
    ({"type": "time", "format": "%H:%M"}, ["00:00", "09:30", "23:59"], ["24:00", "x", "09:30:00"]),
    ({"type": "year"}, ["2020", "1999", "0998"], ["20", "12x4", "x", "+202", "2020-01", "998"]),
    ({"type": "year"}, ["-0044", "12020", "2020"], ["02020", "-44"]),
    ({"type": "yearmonth"}, ["-0044-03", "12020-01", "2020-01"], ["02020-01", "2020-1"]),
    ({"type": "yearmonth"}, ["2020-01", "1999-12"], ["2020-1", "2020-13", "2020", "x", "2020-00"]),
    ({"type": "duration"}, ["P1D", "PT36H", "P1Y2M", "PT0.5S"], ["P1W", "P", "1D", "P1YT", "x"]),
    ({"type": "object"}, ["{}", '{"a": 1}', '{"a": 1, "b": [2]}'], ["[]", "{", "1", '{"a": NaN}']),
    ({"type": "array"}, ["[]", "[1, 2]", '["a"]'], ["{}", "[1,]", "1", "[NaN]"]),
    (
        {"type": "geojson"},
        ['{"type": "Point", "coordinates": [1, 2]}'],
        ["{}", "[]", '{"type": "Point"}'],
    ),
    (
        {"type": "geopoint"},
        ["90.5, 45.5", "1,2", "-180,90"],
        ["181,2", "1", "a,b", "1,91", "1;2", "1_0,2"],
    ),
    ({"type": "geopoint", "format": "array"}, ["[90.5, 45.5]"], ["[1]", "1,2", "[181, 0]"]),
    ({"type": "geopoint", "format": "object"}, ['{"lon": 1, "lat": 2}'], ['{"lon": 1}', "1,2"]),
    ({"type": "any"}, ["a", "1", "{"], []),
    ({}, ["a", "1"], []),
]
KINDS_2: list[Kind] = [
    ({"type": "list"}, ["a", "a,b", "a,b,c"], []),
    ({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1", "1;2"], ["a", "1;", "1,2"]),
    ({"type": "list", "itemType": "date"}, ["2020-01-01", "2020-01-01,2020-02-29"], ["x", "2020"]),
]
"""Types that only version 2 has."""

ORDERED = {"integer", "number", "date", "datetime", "time", "year", "yearmonth"}
JSONS = {"object", "array", "geojson"}
SIZED = {"object", "array", "list"}
BARE = {"duration", "geopoint", *JSONS, "list"}
"""Types without an order whose values frictionless cannot put into a key or an enum."""
BEYOND = {"NaN", "-0044", "-0044-03"}
"""Values that frictionless cannot compare, and raises or refuses where a constraint has one."""
PATTERNS = {
    "[a-z]+": "[a-z]+",
    "a|ab": "a|ab",
    "a.*": "a.*",
    "[^b]+": "[^b]+",
    "(a|b)c?": "(a|b)c?",
    r"\w+": r"\w+",
    r"[a-z]{1,2}": r"[a-z]{1,2}",
    r"\p{L}*": r"[^\W\d_]*",
    r"[a-z-[b]]+": r"[ac-z]+",
    r"\d\D*": r"\d\D*",
    r"\i\c*": r"[^\W\d][\w.:-]*",
    r"(?:a|b)+;?.": "(?:a|b)+;?.",
}
"""Patterns of XML Schema, and the same for `re`."""
MISSING: list[list[str] | None] = [None, None, None, ["", "NA"], ["-"], ["NA", "a"], []]


@dataclass(frozen=True)
class Column:
    """A field, with the texts that its cells are drawn from; `plain` as frictionless knows it."""

    described: Json
    texts: list[str]
    plain: Json


@dataclass(frozen=True)
class Form:
    """How the cells of a table are written."""

    dialect: Json = field(default_factory=dict)
    quote: str = '"'
    delimiter: str = ","
    escape: str = ""
    double: bool = True
    end: str = "\n"
    space: str = ""
    full: bool = False
    known: bool = True
    null: str | None = None

    def write(self, rows: Sequence[Sequence[str]]) -> str:
        """The rows as text."""
        return "".join(self.line(row) + self.end for row in rows)

    def line(self, row: Sequence[str]) -> str:
        """One row as text, without its end."""
        alone = len(row) == 1
        return (self.delimiter + self.space).join(self.cell(text, alone) for text in row)

    def cell(self, text: str, alone: bool) -> str:
        """One cell as text; in quotes where it must be."""
        special = (
            self.delimiter[0],
            self.quote,
            self.end[0],
            "\n",
            "\r",
            self.escape or self.quote,
        )
        odd = any(mark in text for mark in special) or text.startswith((" ", "#"))
        if not (self.full or odd or (alone and not text)):
            return text
        inner = text.replace(self.escape, self.escape * 2) if self.escape else text
        doubled = self.quote * 2 if self.double else self.escape + self.quote
        return self.quote + inner.replace(self.quote, doubled) + self.quote


PLAIN: Json = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
    "headerRows": [1],
}
"""What frictionless must be told, lest it guesses."""


@dataclass(frozen=True)
class Table:
    """A resource and its file; and the same in words that frictionless knows."""

    resource: Json
    text: bytes
    plain: Json
    plain_text: bytes
    columns: tuple[Column, ...] = ()

    @property
    def name(self) -> str:
        """The resource's name."""
        return str(self.resource["name"])


@dataclass(frozen=True)
class Made:
    """A made package: what claimpack is given, and what frictionless is given."""

    properties: Json
    tables: tuple[Table, ...]

    @property
    def known(self) -> bool:
        """Whether frictionless knows every word of the package."""
        return all(
            table.resource == table.plain and table.text == table.plain_text
            for table in self.tables
        )


# Fields


def _bounds(draw: st.DrawFn, kind: Json, good: list[str], v2: bool) -> Json:
    found: Json = {}
    words = [("minimum", "maximum")]
    if v2:
        words.append(("exclusiveMinimum", "exclusiveMaximum"))
    for low, high in words:
        for name in (low, high):
            if draw(st.integers(0, 2)) == 0:
                text = draw(st.sampled_from(good))
                number = kind["type"] == "integer" and draw(st.booleans())
                bare = kind.get("bareNumber", True)
                found[name] = int(text) if number and bare and len(text) < 9 else text
    return found


def _constraints(draw: st.DrawFn, kind: Json, good: list[str], keyed: bool, v2: bool) -> Json:
    """Some constraints that the field's type has."""
    found: Json = {}
    sort = kind.get("type", "any")
    if draw(st.integers(0, 3)) == 0:
        found["required"] = draw(st.booleans())
    if keyed and draw(st.integers(0, 3)) == 0:
        found["unique"] = True
    if sort in ORDERED and not BEYOND & {*good} and draw(st.booleans()):
        found |= _bounds(draw, kind, good, v2)
    if sort not in BARE and not BEYOND & {*good} and draw(st.integers(0, 4)) == 0:
        found["enum"] = draw(st.lists(st.sampled_from(good), min_size=1, unique=True))
    if sort == "string" and "format" not in kind and draw(st.booleans()):
        name = draw(st.sampled_from(["minLength", "maxLength", "pattern"]))
        patterns = st.sampled_from(sorted(PATTERNS))
        found[name] = draw(patterns if name == "pattern" else st.integers(0, 3))
    if sort in SIZED and draw(st.booleans()):
        found[draw(st.sampled_from(["minLength", "maxLength"]))] = draw(st.integers(0, 3))
    return found


def _column(draw: st.DrawFn, name: str, v2: bool) -> Column:
    kind, good, broken = draw(st.sampled_from(KINDS + KINDS_2 if v2 else KINDS))
    keyed = kind.get("type", "any") not in BARE
    described: Json = {"name": name, **kind}
    if found := _constraints(draw, kind, good, keyed, v2):
        described["constraints"] = found
    plain = described
    if v2:
        described, plain = _version_2(draw, described, good)
    if "pattern" in found:
        whole = rf"(?:{PATTERNS[found['pattern']]})\Z"
        plain = {**plain, "constraints": {**plain["constraints"], "pattern": whole}}
    return Column(described, good * 3 + broken + ["", "", "NA", "-"], plain)


def _version_2(draw: st.DrawFn, described: Json, good: list[str]) -> tuple[Json, Json]:
    """The field with missing values of its own or categories, and as frictionless knows it."""
    choice = draw(st.integers(0, 9))
    if choice == 0:
        described = {**described, "missingValues": draw(st.sampled_from([["", "NA"], ["-"], []]))}
    elif choice == 1:
        labelled = [{"value": "-", "label": "none"}, {"value": "NA"}]
        described = {**described, "missingValues": labelled}
    constraints = described.get("constraints", {})
    if draw(st.integers(0, 2)) or described.get("type") not in ("string", "integer"):
        return described, described
    if "enum" in constraints or "bareNumber" in described:
        return described, described
    values: list[Any] = draw(st.lists(st.sampled_from(good[:6]), min_size=1, unique=True))
    plain = {**described, "constraints": {**constraints, "enum": values}}
    if described["type"] == "integer":
        values = [int(value) for value in values]
    if draw(st.booleans()):
        values = [{"value": value} for value in values]
    return {**described, "categories": values}, plain


# Rows and files


def _rows(draw: st.DrawFn, columns: Sequence[Column]) -> list[list[str]]:
    """Rows of cells, now and then one too short or too long."""
    row = st.tuples(*(st.sampled_from(column.texts) for column in columns)).map(list)
    rows = draw(st.lists(row, max_size=8))
    for cells in rows:
        change = draw(st.integers(0, 29))
        if change == 0 and len(cells) > 1:
            cells.pop()
        elif change == 1:
            cells.append("x")
    return rows


def _form(draw: st.DrawFn) -> Form:
    """A dialect; half of the tables have an everyday one."""
    full = draw(st.integers(0, 2)) == 0
    form = Form(
        delimiter=draw(st.sampled_from([",", ",", ";", "\t", "|"])),
        end=draw(st.sampled_from(["\n", "\n", "\r\n"])),
        full=full,
    )
    told: Json = {"delimiter": form.delimiter}
    choice = draw(st.integers(0, 13))
    if choice == 0:
        form, told = replace(form, quote="'"), told | {"quoteChar": "'"}
    elif choice == 1:
        form = replace(form, escape="\\", double=False)
        told |= {"escapeChar": "\\", "doubleQuote": False}
    elif choice == 2:
        form, told = replace(form, space=" "), told | {"skipInitialSpace": True}
    elif choice == 3:
        form, told = replace(form, known=False, end=";"), told | {"lineTerminator": ";"}
        if form.delimiter == ";":
            form, told = replace(form, delimiter=","), told | {"delimiter": ","}
    elif choice == 4:
        form, told = replace(form, known=False, delimiter="::"), told | {"delimiter": "::"}
    elif choice == 5:
        null = draw(st.sampled_from(["NA", "-", "\\N"]))
        form, told = replace(form, known=False, null=null), told | {"nullSequence": null}
    elif choice == 6:
        told |= {"lineTerminator": form.end}
    return replace(form, dialect=told)


Lines = list[tuple[str, list[str]]]
"""Each line's beginning that is no cell, and its cells."""


def _lines(draw: st.DrawFn, labels: list[str], rows: list[list[str]]) -> tuple[Lines, Json]:
    """The header, rows, comments and empty lines; and what the dialect says of them."""
    lines: Lines = [("", row) for row in rows]
    head: Lines = [("", labels)]
    place = draw(st.integers(0, len(lines)))
    choice = draw(st.integers(0, 9))
    told: Json = {}
    if choice == 0:
        head, told = [], {"header": False, "headerRows": []}
    elif choice == 1:
        head, told = [("", ["x"] * len(labels)), *head], {"headerRows": [2]}
    elif choice == 2:
        head = [("", [label[:1] for label in labels]), ("", [label[1:] for label in labels])]
        told = {"headerRows": [1, 2], "headerJoin": "."}
    elif choice == 3:
        lines.insert(place, ("# ", labels))
        told = {"commentChar": "#"}
    elif choice == 4:
        lines.insert(place, ("", ["omitted"]))
        told = {"commentRows": [place + 2]}
    elif draw(st.integers(0, 9 if len(labels) > 1 else 3)) == 0:
        lines.insert(place, ("", []))
    return [*head, *lines], told


def _text(form: Form, lines: Lines, ended: bool) -> str:
    written = [start + form.line(row) for start, row in lines]
    return form.end.join(written) + (form.end if ended and written else "")


# Keys


def _links(
    draw: st.DrawFn, name: str, columns: list[Column], made: Sequence[Table], v2: bool
) -> list[Json]:
    """A foreign key to an earlier table or to the table itself; columns take the key's types."""
    choice = draw(st.integers(0, 4))
    if choice == 1 and len(columns) > 1:
        target = replace(columns[0], texts=columns[0].texts)
        columns[1] = _child(target, columns[1].described["name"])
        where: Json = {} if v2 and draw(st.booleans()) else {"resource": ""}
        return [_link([columns[1]], [columns[0]], where, draw(st.booleans()))]
    if choice != 0 or not made:
        return []
    parent = draw(st.sampled_from(made))
    count = draw(st.integers(1, min(2, len(columns), len(parent.columns))))
    for number in range(count):
        columns[number] = _child(parent.columns[number], columns[number].described["name"])
    own, theirs = columns[:count], parent.columns[:count]
    return [_link(own, theirs, {"resource": parent.name}, count == 1 and draw(st.booleans()))]


def _child(parent: Column, name: str) -> Column:
    dropped = ("constraints", "categories")
    plain = {key: value for key, value in parent.plain.items() if key not in dropped}
    return Column({**plain, "name": name}, parent.texts, {**plain, "name": name})


def _link(own: Sequence[Column], theirs: Sequence[Column], where: Json, single: bool) -> Json:
    fields: Any = [column.described["name"] for column in own]
    target: Any = [column.described["name"] for column in theirs]
    if single:
        fields, target = fields[0], target[0]
    return {"fields": fields, "reference": {**where, "fields": target}}


def _hashable(columns: Sequence[Column]) -> list[str]:
    return [
        column.described["name"]
        for column in columns
        if column.described.get("type") not in {*JSONS, "list"}
    ]


def _keys(
    draw: st.DrawFn, name: str, columns: list[Column], made: Sequence[Table], v2: bool
) -> Json:
    found: Json = {}
    links = _links(draw, name, columns, made, v2)
    names = set(_hashable(columns))
    if links and len(names) == len(columns):
        found["foreignKeys"] = links
    hashable = _hashable(columns)
    if hashable and draw(st.integers(0, 2)) == 0:
        key = hashable[: draw(st.integers(1, 2))]
        found["primaryKey"] = key[0] if len(key) == 1 and draw(st.booleans()) else key
    if v2 and hashable and draw(st.integers(0, 3)) == 0:
        found["uniqueKeys"] = [hashable[: draw(st.integers(1, 2))]]
    return found


# Tables and packages


def _table(draw: st.DrawFn, name: str, made: Sequence[Table], v2: bool) -> Table:
    labels = ["aa", "bb", "cc", "dd"][: draw(st.integers(1, 4))]
    columns = [_column(draw, label, v2) for label in labels]
    keys = _keys(draw, name, columns, made, v2)
    missing = draw(st.sampled_from(MISSING))
    if missing is not None:
        keys["missingValues"] = missing
    form = _form(draw)
    lines, told = _lines(draw, labels, _rows(draw, columns))
    ended = draw(st.integers(0, 5)) > 0
    text = _text(form, lines, ended)
    bare: Json = {"name": name, "path": f"{name}.csv", "profile": "tabular-data-resource"}
    encoding = draw(st.sampled_from(["utf-8"] * 4 + ["iso-8859-1", "utf-16"]))
    if encoding != "utf-8" and _encodable(text, encoding):
        bare["encoding"] = encoding
    schema = {"fields": [column.described for column in columns], **keys}
    resource = {**bare, "dialect": {**PLAIN, **form.dialect, **told}, "schema": schema}
    schema = {"fields": [column.plain for column in columns], **keys}
    plain = {**resource, "schema": schema}
    plain_text = text
    if form.null is not None:
        plain = {**plain, "schema": _with_missing(schema, form.null)}
        plain["dialect"] = {**PLAIN, "delimiter": form.delimiter, **told}
    elif not form.known:
        plain, plain_text = {**plain, "dialect": {**PLAIN, **told}}, _text(Form(), lines, ended)
    codec = bare.get("encoding", "utf-8")
    written = text.encode(codec), plain_text.encode(codec)
    return Table(resource, written[0], plain, written[1], tuple(columns))


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _with_missing(schema: Json, null: str) -> Json:
    """The schema with one more missing value, wherever it names them."""

    def more(described: Json) -> Json:
        values = described["missingValues"]
        texts = [item["value"] if isinstance(item, dict) else item for item in values]
        return {**described, "missingValues": list(dict.fromkeys([*texts, null]))}

    fields = [more(item) if "missingValues" in item else item for item in schema["fields"]]
    return more({"missingValues": [""], **schema, "fields": fields})


@st.composite
def packages(draw: st.DrawFn, most: int = 8) -> Made:
    """A package of some tables."""
    v2 = draw(st.booleans())
    tables: list[Table] = []
    for number in range(draw(st.integers(1, most))):
        tables.append(_table(draw, f"t{number}", tables, v2))
    return Made(V2 if v2 else {}, tuple(tables))
