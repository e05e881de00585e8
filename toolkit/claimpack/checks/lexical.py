"""What a text must look like to be a value of a field's type, and the value it stands for.

Both are expressions over the field's text, so that an engine can judge a whole
column at once. A cast alone will not do: engines trim, round and take underscores,
exponents and hexadecimal digits where the standard does not, so a type is a
pattern and a cast. Types that no expression can judge (JSON, patterns of dates)
have their tests in `texts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from claimpack.checks import logical
from claimpack.checks.model import Expression
from claimpack.descriptor import values
from claimpack.descriptor.model import Field, Schema

ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_EARLY = r"0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9]"
YEAR = rf"-?([1-9][0-9]{{3,}}|{_EARLY})"
DAY = r"-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
SURE_DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
"""Month and day that every year has."""
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
INTEGER = "[+-]?[0-9]+"
NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
SPECIAL = r"[nN][aA][nN]|-?[iI][nN][fF]"
_DAYS = r"[0-9]+Y([0-9]+M)?([0-9]+D)?|[0-9]+M([0-9]+D)?|[0-9]+D"
_SECONDS = r"[0-9]+(\.[0-9]+)?S"
_HOURS = rf"T([0-9]+H([0-9]+M)?({_SECONDS})?|[0-9]+M({_SECONDS})?|{_SECONDS})"

PATTERNS = {
    ("string", "email"): r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r'|"([ !#-\[\]-~]|\\[ -~])*")'
    r"@[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+",
    ("string", "uri"): r"[A-Za-z][A-Za-z0-9+.-]*:(//([A-Za-z0-9._~:!$&'()*+,;=%-]*@)?"
    r"\[[0-9A-Fa-fv:.]+\])?([A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*",
    ("string", "uuid"): r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}"
    r"-[0-9A-Fa-f]{12}",
    ("string", "binary"): r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    ("date", "default"): rf"([1-9][0-9]{{3}}|{_EARLY}){DAY}",
    ("time", "default"): CLOCK,
    ("datetime", "default"): rf"{YEAR}{DAY}T({CLOCK}(\.[0-9]+)?|24:00:00(\.0+)?){ZONE}",
    ("year", "default"): YEAR + ZONE,
    ("yearmonth", "default"): rf"{YEAR}-(0[1-9]|1[0-2]){ZONE}",
    ("duration", "default"): rf"-?P(({_DAYS})({_HOURS})?|{_HOURS})",
}
CANONICAL = r"0|-?([1-9][0-9]*(\.[0-9]*[1-9])?|0\.[0-9]*[1-9])"
SIMPLE_MOMENT = r"(%[YmdHMS][^%0-9A-Za-z]+)*%[YmdHMS]"
"""Patterns whose parts stand apart, which engines and Python read alike."""
COMPLEX = frozenset({"object", "array", "geojson", "geopoint", "list", "duration"})
"""Types whose values an engine cannot compare."""
CANONICAL_VALUE = "CANONICAL_VALUE"
"""A function that an engine provides: the text of `logical.canonical`, null where there is none."""
MOMENT_ORDER = "MOMENT_ORDER"
"""A function that an engine provides: -1, 0 or 1 as a year, month or datetime is before, at or
after another; null where that depends on a zone that is missing."""
ZONED = ("datetime", "year", "yearmonth")
"""Types whose values of the default format may have a time zone."""
_EVERYDAY = rf"[1-9][0-9]{{3}}{DAY}T[0-9:]{{8}}(\.[0-9]{{1,6}})?"
"""Datetimes that an engine holds to the last digit."""
EXACT_ORDER = "EXACT_ORDER"
"""A function that an engine provides: -1, 0 or 1 as a decimal is below, equal to, above another."""
ORDERED = ("integer", "number", "date", "time", "datetime", "year", "yearmonth")
CAST = {"date": "DATE", "time": "TIME", "datetime": "TIMESTAMP"}
_WITHOUT_ZONE = {
    "date": "^([0-9]+-[0-9]+-[0-9]+)",
    "time": "([0-9]+:[0-9]+:[0-9]+[.]?[0-9]*)Z?$",
    "datetime": "^([0-9: .-]+)",
}
"""Parts of what `logical.canonical` writes of a moment."""


def column(schema: Schema, name: str) -> Expression:
    """The text of a field: the first of that name."""
    return cell([field.name for field in schema.fields].index(name))


def cell(index: int) -> Expression:
    """The text of the field at a position; null where it is missing."""
    return exp.column(f"f{index}")


def uncollapsed(index: int) -> Expression:
    """The same with the white space around it, of a field that collapses it."""
    return exp.column(f"r{index}")


def collapses(field: Field) -> bool:
    """Whether white space around a text is no part of the field's value.

    Expressions over `cell` are told the text without it.
    """
    return values.collapses(field.type, field.format, field.options)


def matches(text: Expression, pattern: str) -> Expression:
    """Whether the whole text matches a pattern of RE2."""
    return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[text, exp.Literal.string(pattern)])


def cast(text: Expression, to: str) -> Expression:
    """The text as another type, null where it cannot be."""
    return exp.TryCast(this=text.copy(), to=data_type(to), safe=True)


def data_type(name: str) -> exp.DataType:
    """A type of the engine by its name."""
    return exp.DataType(this=exp.DataType.Type[name])


def text_of(value: Expression) -> Expression:
    """A value printed as text."""
    return exp.Cast(this=value, to=data_type("VARCHAR"))


def judged(field: Field) -> bool:
    """Whether an expression can judge texts of this field's type and format."""
    return field.type in ("integer", "number", "boolean") or _pattern(field) is not None


def free(field: Field) -> bool:
    """Whether every text is a value of this field's type."""
    return field.type == "any" or (field.type == "string" and field.format == "default")


def malformed(field: Field, text: Expression) -> Expression:
    """True where the text is no value of the field's type. For judged fields only."""
    if field.type == "boolean":
        return exp.not_(text.isin(*_booleans(field)))
    if field.type in ("integer", "number"):
        return _malformed_number(field, text)
    pattern = _pattern(field)
    assert pattern is not None
    wrong = exp.not_(matches(text, pattern))
    if field.type in ("date", "datetime"):
        there = exp.not_(text.is_(exp.null()))
        return exp.or_(wrong, exp.and_(there, typed(field, text).is_(exp.null())))
    return wrong


def well_formed(field: Field, text: Expression) -> Expression | None:
    """A condition that only well-formed texts meet, cheaper than their pattern.

    None where there is none. Most texts print as they were read.
    """
    if field.format != "default" or field.options.get("groupChar"):
        return None
    if field.type == "integer":
        return exp.and_(exp.not_(glob(text, "*[!0-9]*")), _filled(text))
    if field.type == "number" and field.options.get("decimalChar", ".") == ".":
        castable = exp.not_(cast(text, "DOUBLE").is_(exp.null()))
        return exp.and_(exp.not_(glob(text, "*[!0-9.]*")), castable)
    if field.type == "year":
        nought = exp.EQ(this=text.copy(), expression=_text("0000"))
        return exp.and_(glob(text, "[0-9]" * 4), exp.not_(nought))
    if field.type == "date":
        printed = exp.EQ(this=text_of(cast(text, "DATE")), expression=text.copy())
        ten = exp.EQ(this=exp.func("LENGTH", text.copy()), expression=_number(10))
        return exp.and_(printed, ten, exp.not_(glob(text, "0000*")))
    if field.type == "yearmonth":
        spring, autumn = glob(text, "[0-9]" * 4 + "-0[1-9]"), glob(text, "[0-9]" * 4 + "-1[0-2]")
        return exp.and_(exp.or_(spring, autumn), exp.not_(glob(text, "0000*")))
    if field.type == "time":
        early = exp.LT(this=text.copy(), expression=_text("24"))
        return exp.and_(glob(text, "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"), early)
    if field.type == "datetime":
        return matches(text, rf"{YEAR}-{SURE_DAY}T{CLOCK}(\.[0-9]+)?{ZONE}")
    return None


def glob(text: Expression, pattern: str) -> Expression:
    """Whether the whole text matches a pattern of shell wildcards."""
    return exp.Glob(this=text.copy(), expression=_text(pattern))


def _filled(text: Expression) -> Expression:
    return exp.not_(exp.EQ(this=text.copy(), expression=_text("")))


def typed(field: Field, text: Expression) -> Expression:
    """The value that a well-formed text stands for, in an engine's own type.

    Strings and what has no order stay text. Null where the text is malformed or
    the value too large for the engine.
    """
    build = _TYPED.get(field.type)
    return build(field, text) if build else text.copy()


def constant(field: Field, value: Any) -> Expression:
    """A JSON value of a constraint as the same kind of expression as `typed`."""
    if field.type == "boolean" and isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, bool):
        value = str(value).lower()
    if field.type in ("integer", "number"):
        literal = _text(logical.constant(field, value))
        return _integer(literal) if field.type == "integer" else cast(literal, "DOUBLE")
    if field.type in CAST and field.format != "default":
        known = _part(_text(logical.constant(field, value)), _WITHOUT_ZONE[field.type])
        return cast(known, CAST[field.type])
    return typed(field, _text(written(field, value)))


def written(field: Field, value: Any) -> str:
    """A constant as a cell would be written; a year with four digits or more."""
    if isinstance(value, str) and collapses(field):
        return value.strip(values.WHITE_SPACE)
    if field.type != "year":
        return str(value)
    return f"{'-' * (value < 0)}{abs(value):04d}" if isinstance(value, int) else str(value)


def canonical(field: Field, text: Expression) -> Expression:
    """The text's value as the engine's function writes it."""
    told = _text(logical.told(field))
    return exp.Anonymous(this=CANONICAL_VALUE, expressions=[text.copy(), told])


def odd(field: Field) -> bool:
    """Whether an engine cannot read this field's dates and times."""
    everyday = field.format == "default" or re.fullmatch(SIMPLE_MOMENT, _directives(field))
    return field.type in CAST and not everyday


def key(field: Field, text: Expression) -> Expression:
    """The value as text that is equal for equal values, between the numeric types, too.

    Null where the text is malformed: a cell of the wrong type is no key.
    """
    value = value_key(field, text)
    if free(field) or not judged(field):
        return value
    exact, proof = malformed(field, text), well_formed(field, text)
    wrong = exp.Case().when(proof, exp.false()).else_(exact) if proof is not None else exact
    return exp.Case().when(exp.not_(exp.paren(wrong)), value)


def value_key(field: Field, text: Expression) -> Expression:
    """The same for a text that is known to be well-formed."""
    if field.type == "number":
        plain = digits(field, text)
        shorn = exp.Case().when(matches(plain, CANONICAL), plain.copy())
        return shorn.when(_short(plain), _printed(plain)).else_(canonical(field, text))
    if field.type == "integer":
        return exp.func("COALESCE", text_of(typed(field, text)), _shorn(digits(field, text)))
    if field.type in ZONED and field.format == "default":
        return _moment_key(field, text)
    if field.type in _TYPED and not odd(field):
        return text_of(typed(field, text))
    return canonical(field, text) if field.type in COMPLEX or odd(field) else text.copy()


def own_key(field: Field) -> str | None:
    """The pattern of texts that are their own key; None where no such texts are known.

    Not every text that is its own key has to match.
    """
    plain = field.options.get("bareNumber", True) and not field.options.get("groupChar")
    if field.type == "integer":
        return r"0|-?[1-9][0-9]{0,17}" if plain else None
    if field.type == "number":
        return CANONICAL if plain and field.options.get("decimalChar", ".") == "." else None
    if field.type == "string":
        pattern = _pattern(field)
        text = cell(0)
        whole = pattern and malformed(field, text) == exp.not_(matches(text, pattern))
        return pattern if whole else None
    return _OWN_KEYS.get(field.type) if field.format == "default" else None


_OWN_KEYS = {
    "date": rf"[1-9][0-9]{{3}}-{SURE_DAY}",
    "time": CLOCK,
    "year": "[1-9][0-9]{3}",
    "yearmonth": "[1-9][0-9]{3}-(0[1-9]|1[0-2])",
}


def _moment_key(field: Field, text: Expression) -> Expression:
    """An everyday moment as the engine writes it, any other as `logical.canonical` does."""
    if field.type != "datetime":
        return exp.Case().when(everyday(field, text), text.copy()).else_(canonical(field, text))
    printed = text_of(typed(field, text))
    marked = exp.DPipe(this=printed.copy(), expression=_text("Z"), safe=True)
    there = everyday(field, text)
    made = exp.Case().when(exp.and_(there, zoned(text)), marked)
    return made.when(there.copy(), printed).else_(canonical(field, text))


def everyday(field: Field, text: Expression) -> Expression:
    """Whether the engine itself can compare a moment with others that have a zone as it has.

    A year or month is one only without a zone.
    """
    if field.type == "year":
        return glob(text, "[1-9]" + "[0-9]" * 3)
    if field.type == "yearmonth":
        return glob(text, "[1-9]" + "[0-9]" * 3 + "-[0-9][0-9]")
    return matches(text, _EVERYDAY + ZONE)


def zoned(text: Expression) -> Expression:
    """Whether a well-formed year, month or datetime has a time zone."""
    behind = glob(text, "*[+-][0-9][0-9]:[0-9][0-9]")
    return exp.paren(exp.or_(glob(text, "*Z"), behind))


def is_everyday(field: Field, text: str) -> bool:
    """The same of a constant."""
    forms = {"year": "[1-9][0-9]{3}", "yearmonth": "[1-9][0-9]{3}-[0-9]{2}"}
    return bool(re.fullmatch(forms.get(field.type, _EVERYDAY + ZONE), text))


def is_zoned(text: str) -> bool:
    """Whether a constant has a time zone."""
    return bool(re.search(r"Z$|[+-][0-9]{2}:[0-9]{2}$", text))


def _shorn(plain: Expression) -> Expression:
    """The digits of a whole number, however many, without noughts in front; no sign but a minus."""
    signed = [plain, _text(r"^(\+|-(0*$))"), _text(r"\2")]
    unsigned = exp.Anonymous(this="REGEXP_REPLACE", expressions=signed)
    noughts = [unsigned, _text("^(-?)0+([0-9])"), _text(r"\1\2")]
    return exp.Anonymous(this="REGEXP_REPLACE", expressions=noughts)


def _short(plain: Expression) -> Expression:
    """Whether a number is one that an engine's double holds and prints in plain decimal form."""
    size = exp.func("ABS", cast(plain, "DOUBLE"))
    few = exp.LTE(this=exp.func("LENGTH", plain.copy()), expression=_number(15))
    large = exp.GTE(this=size, expression=cast(_text("0.001"), "DOUBLE"))
    small = exp.LT(this=size.copy(), expression=cast(_text("1e15"), "DOUBLE"))
    return exp.and_(few, large, small)


def _printed(plain: Expression) -> Expression:
    printed = text_of(cast(plain, "DOUBLE"))
    return exp.Anonymous(this="REGEXP_REPLACE", expressions=[printed, _text(r"\.0$"), _text("")])


def keys(schema: Schema, names: tuple[str, ...]) -> tuple[Expression, ...]:
    """The key values of several fields, in the order of the names."""
    positions = {field.name: index for index, field in reversed([*enumerate(schema.fields)])}
    return tuple(key_at(schema.fields[positions[name]], positions[name]) for name in names)


def key_at(field: Field, index: int) -> Expression:
    """The key of the field at a position; one tree for all fields that are alike.

    A package may have thousands of tables of one form, and trees are slow to build.
    """
    alike = (logical.told(field), index)
    if alike not in _KEYS:
        if len(_KEYS) >= MOST_KEYS:
            _KEYS.clear()
        _KEYS[alike] = key(field, cell(index))
    return _KEYS[alike]


_KEYS: dict[tuple[str, int], Expression] = {}
MOST_KEYS = 4096
"""Trees of keys that are held for fields to come."""


_KINDS = {"integer": "number", "year": "number", "object": "json", "array": "json"}
_KINDS["geojson"] = "json"


def comparable(one: Field, other: Field) -> bool:
    """Whether values of two fields can be equal: numbers of any kind, else those of one type.

    Values of the type `any` are compared as texts.
    """
    kinds = {_KINDS.get(field.type, field.type) for field in (one, other)}
    return len(kinds) == 1 or "any" in kinds


def apart(key: Expression, kind: str) -> Expression:
    """A key that equals none of another kind."""
    return exp.DPipe(this=_text(f"{kind} "), expression=key.copy(), safe=True)


def _pattern(field: Field) -> str | None:
    if field.type == "string" and field.format in ("default", ""):
        return None
    return PATTERNS.get((field.type, field.format))


def _booleans(field: Field) -> list[Expression]:
    texts = (*field.options["trueValues"], *field.options["falseValues"])
    return [exp.Literal.string(text) for text in texts]


def digits(field: Field, text: Expression) -> Expression:
    """The text with group characters, units and the decimal character put into plain form."""
    plain, decimal = _bare(field, text), field.options.get("decimalChar", ".")
    if field.type == "number" and decimal != ".":
        plain = exp.func("REPLACE", plain, _text(decimal), _text("."))
    return plain


def _bare(field: Field, text: Expression) -> Expression:
    """The text without group characters and units."""
    plain, group = text.copy(), field.options.get("groupChar")
    if not field.options.get("bareNumber", True):
        for edge in values.edges(field.options):
            parts = [plain, _text(edge), _text(r"\1")]
            plain = exp.Anonymous(this="REGEXP_REPLACE", expressions=parts)
    if group:
        plain = exp.func("REPLACE", plain, _text(group), _text(""))
    return plain


def _malformed_number(field: Field, text: Expression) -> Expression:
    plain = digits(field, text)
    if field.type == "integer":
        return exp.not_(matches(plain, INTEGER))
    wrong: Expression = exp.not_(matches(plain, f"{NUMBER}|{SPECIAL}"))
    if field.options.get("decimalChar", ".") != "." and field.options.get("groupChar") != ".":
        wrong = exp.or_(wrong, exp.func("CONTAINS", _bare(field, text), _text(".")))
    return wrong


def _typed_boolean(field: Field, text: Expression) -> Expression:
    return text.isin(*[_text(value) for value in field.options["trueValues"]])


def _typed_moment(field: Field, text: Expression) -> Expression:
    to = CAST[field.type]
    if field.format != "default":
        exact = cast(_part(canonical(field, text), _WITHOUT_ZONE[field.type]), to)
        if odd(field):
            return exact
        moment = exp.func("TRY_STRPTIME", text.copy(), _text(_directives(field)))
        made = moment if to == "TIMESTAMP" else exp.Cast(this=moment, to=data_type(to))
        return exp.func("COALESCE", made, exact)
    if field.type == "datetime":
        zoned = cast(text, "TIMESTAMPTZ")
        return exp.Anonymous(this="TIMEZONE", expressions=[_text("UTC"), zoned])
    return cast(text, to)


def _typed_year(field: Field, text: Expression) -> Expression:
    zoned = cast(_part(text, "^(-?[0-9]+)"), "BIGINT")
    return exp.func("COALESCE", cast(text, "BIGINT"), zoned)


def _typed_month(field: Field, text: Expression) -> Expression:
    """Year times 100 and month, which the digits of an everyday text are already."""
    plain = exp.func("REPLACE", text.copy(), _text("-"), _text(""))
    year = cast(_part(text, "^(-?[0-9]+)-[0-9]{2}"), "BIGINT")
    month = cast(_part(text, "^-?[0-9]+-([0-9]{2})"), "BIGINT")
    whole = exp.Add(this=exp.Mul(this=year, expression=_number(100)), expression=month)
    everyday = glob(text, "[0-9]" * 4 + "-" + "[0-9]" * 2)
    return exp.Case().when(everyday, cast(plain, "BIGINT")).else_(whole)


def _part(text: Expression, pattern: str) -> Expression:
    """The first group of a pattern in the text."""
    parts = [text.copy(), _text(pattern), _number(1)]
    return exp.Anonymous(this="REGEXP_EXTRACT", expressions=parts)


def _directives(field: Field) -> str:
    return field.format.removeprefix("fmt:")


def _typed_integer(field: Field, text: Expression) -> Expression:
    return _integer(digits(field, text))


def _integer(plain: Expression) -> Expression:
    small = exp.Cast(this=cast(plain, "BIGINT"), to=data_type("INT128"))
    return exp.func("COALESCE", small, cast(plain, "INT128"))


def _typed_number(field: Field, text: Expression) -> Expression:
    return cast(digits(field, text), "DOUBLE")


_TYPED: dict[str, Callable[[Field, Expression], Expression]] = {
    "boolean": _typed_boolean,
    "integer": _typed_integer,
    "number": _typed_number,
    "date": _typed_moment,
    "time": _typed_moment,
    "datetime": _typed_moment,
    "year": _typed_year,
    "yearmonth": _typed_month,
}


def _text(value: str) -> Expression:
    return exp.Literal.string(value)


def _number(value: int) -> Expression:
    return exp.Literal.number(value)


# --- patterns of users ------------------------------------------------------------------

_BEYOND_RE2 = re.compile(
    r"\(\?[=!]|\(\?<[=!]|\(\?>|\\[1-9]|\\k<|\\[icIC]|\\p\{Is|[*+?]\+|\{[0-9]{4,}"
)


def translate(pattern: str) -> str | None:
    """A pattern of the XML Schema or everyday kind for RE2; None where RE2 cannot say it.

    Digits and word characters are those of Unicode, as in XML Schema. The
    pattern is to be matched against the whole value.
    """
    if _BEYOND_RE2.search(pattern.replace("\\\\", "")):
        return None
    wide = {"d": r"\p{Nd}", "w": r"\p{L}\p{M}\p{N}_"}
    result, inside, position = [], False, 0
    while position < len(pattern):
        char = pattern[position]
        following = pattern[position + 1 : position + 2]
        if char == "\\" and following in wide:
            result.append(wide[following] if inside or following == "d" else f"[{wide['w']}]")
            position += 2
            continue
        if char == "\\" and following in ("D", "W"):
            if inside:
                return None
            result.append(r"\P{Nd}" if following == "D" else f"[^{wide['w']}]")
            position += 2
            continue
        if char == "\\":
            result.append(char + following)
            position += 2
            continue
        if inside and char == "-" and following == "[":
            return None
        inside = (inside or char == "[") and char != "]"
        result.append(char)
        position += 1
    return "".join(result)
