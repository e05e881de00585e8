"""The constraints of a field as checks; `constraint_error` is the rule that hands them on."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlglot import exp

from claimpack.checks import lexical, logical, text_tests
from claimpack.checks.model import MANY, Expression, Params, RowCheck, ValueCheck
from claimpack.checks.patterns import Unlike
from claimpack.descriptor import jsonschemas, timeline
from claimpack.descriptor.model import Field
from claimpack.descriptor.timeline import Moment

SHOWN = 12
"""Values of a list that a message shows."""


@dataclass(frozen=True)
class Part:
    """One constraint of a field.

    Attributes:
        message: What is wrong, as a template.
        fix: How to fix it, as a template.
        test: The predicate or test that is true at a fault.
        params: What fills the templates beside the cell.
        otherwise: The predicate as a test in Python, for an engine that cannot run it.
    """

    message: str
    fix: str
    test: Expression | text_tests.Test
    params: Params = ()
    otherwise: text_tests.Test | None = None


BOUNDS: tuple[tuple[str, type[exp.Binary], str], ...] = (
    ("minimum", exp.GTE, "at least"),
    ("maximum", exp.LTE, "at most"),
    ("exclusive_minimum", exp.GT, "more than"),
    ("exclusive_maximum", exp.LT, "less than"),
)


def parts(field: Field, index: int) -> Iterator[Part]:
    """Every constraint of a field but `required` and `unique`."""
    text = lexical.cell(index)
    yield from _values(field, text)
    yield from _bounds(field, text)
    yield from _lengths(field, text)
    yield from _pattern(field, text)
    if field.constraints.json_schema is not None:
        yield Part(
            "{value} does not match the JSON Schema of the field",
            "Change the value so that it matches the jsonSchema of the field.",
            _json_schema(field),
        )


def required(field: Field, index: int) -> Part:
    """The constraint that a value is there."""
    fault = lexical.cell(index).is_(exp.null())
    return Part("missing value in a required field", "Fill in the cell.", fault)


def _values(field: Field, text: Expression) -> Iterator[Part]:
    lists = [values for values in (field.constraints.enum, field.categories) if values is not None]
    if not lists:
        return
    values = common(field, lists)
    yield Part(
        "expected one of the listed values, found {value}",
        "Replace the value with one of {listed}.",
        _outside(field, text, values),
        (("listed", listed(values)),),
    )


def listed(values: Iterable[Any]) -> str:
    """The first values of a list, as a message shows them."""
    first = [_shown(value) for value in islice(values, SHOWN + 1)]
    return ", ".join([*first[:SHOWN], *(["..."] if first[SHOWN:] else [])])


def common(field: Field, lists: list[tuple[Any, ...]]) -> list[Any]:
    """The values of the first list that are in all of them, however they are written."""
    others = [{logical.constant(field, value) for value in other} for other in lists[1:]]
    kept = (v for v in lists[0] if all(logical.constant(field, v) in other for other in others))
    return list(kept)


def _outside(field: Field, text: Expression, values: list[Any]) -> Expression | text_tests.Test:
    if not values:
        return exp.not_(text.is_(exp.null()))
    if field.type in lexical.COMPLEX or lexical.odd(field) or len(values) > MANY:
        known = frozenset(logical.constant(field, value) for value in values)
        return partial(_not_listed, logical.canonical(field), known)
    names = [exp.Literal.string(logical.constant(field, value)) for value in values]
    if field.type in lexical.ZONED and field.format == "default":
        return _outside_moments(field, text, names)
    within = lexical.typed(field, text).isin(*[lexical.constant(field, v) for v in values])
    if field.type not in ("integer", "number"):
        return exp.not_(within)
    exact = exp.not_(lexical.value_key(field, text).isin(*names))
    # What is too long for the engine's number is compared as it is written.
    long = exp.GT(this=exp.func("LENGTH", text.copy()), expression=exp.Literal.number(15))
    return exp.Case().when(long, exact).else_(exp.not_(within))


def _outside_moments(field: Field, text: Expression, names: list[exp.Literal]) -> Expression:
    """None of these moments, where a zone is part of the value."""
    other = exp.not_(lexical.value_key(field, text).isin(*names))
    if field.type == "datetime":
        return other
    plain = exp.not_(text.isin(*[name.copy() for name in names]))
    return exp.Case().when(lexical.everyday(field, text), plain).else_(other)


def _not_listed(canonical: Callable[[str], str], values: frozenset[str], text: str) -> bool:
    try:
        return canonical(text) not in values
    except ValueError:
        return False


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _bounds(field: Field, text: Expression) -> Iterator[Part]:
    for name, holds, words in BOUNDS:
        bound = getattr(field.constraints, name)
        if bound is None:
            continue
        test: Expression | text_tests.Test
        if field.type == "duration":
            test = partial(_outside_duration, holds, str(bound))
        elif lexical.odd(field):
            yield from _odd_bounds(field, holds, bound, name, words)
            continue
        elif field.type in lexical.ZONED and field.format == "default":
            test = _beyond_moment(field, text, holds, lexical.written(field, bound))
            yield _unordered(field, text, name, lexical.written(field, bound))
        elif field.type in lexical.ORDERED:
            test = _beyond(field, text, holds, bound)
        else:
            continue
        message, fix = (
            f"expected a value of {words} {{bound}}, found {{value}}",
            f"Replace it with a value of {words} {{bound}}.",
        )
        yield Part(message, fix, test, (("bound", _shown(bound)),))


def _beyond_moment(field: Field, text: Expression, holds: type[exp.Binary], bound: str) -> exp.Expr:
    """Beyond a bound, by the order of XML Schema; not where that depends on a missing zone."""
    order = _moment_order(text, bound)
    exact = exp.not_(exp.paren(holds(this=order, expression=exp.Literal.number(0))))
    if not lexical.is_everyday(field, bound):
        return exact
    alike = lexical.everyday(field, text)
    if field.type == "datetime":
        marked = lexical.zoned(text)
        alike = exp.and_(alike, marked if lexical.is_zoned(bound) else exp.not_(marked))
    value, limit = lexical.typed(field, text), lexical.constant(field, bound)
    fault = exp.not_(exp.paren(holds(this=value, expression=limit)))
    return exp.Case().when(alike, fault).else_(exact)


def _moment_order(text: Expression, bound: str) -> Expression:
    listed = [text.copy(), exp.Literal.string(bound)]
    return exp.Anonymous(this=lexical.MOMENT_ORDER, expressions=listed)


def _unordered(field: Field, text: Expression, name: str, bound: str) -> Part:
    """A moment that a bound cannot be compared with, since one of the two has no time zone."""
    marked, unknown = lexical.zoned(text), _moment_order(text, bound).is_(exp.null())
    other = exp.not_(marked) if lexical.is_zoned(bound) else marked
    return _part_unordered(name, bound, lexical.is_zoned(bound), exp.and_(other, unknown))


def _part_unordered(name: str, bound: str, zoned: bool, test: Expression | text_tests.Test) -> Part:
    has, lacks, verb = ("bound", "value", "Add") if zoned else ("value", "bound", "Remove")
    return Part(
        f"{{value}} cannot be compared with the {{name}} {{bound}}: "
        f"the {has} has a time zone, the {lacks} does not",
        f"{verb} the time zone, or change the {{name}}.",
        test,
        (("name", _SPOKEN[name]), ("bound", bound)),
    )


_SPOKEN = {name: name.replace("_", " ") for name, *_ in BOUNDS}


def _odd_bounds(
    field: Field, holds: type[exp.Binary], bound: Any, name: str, words: str
) -> Iterator[Part]:
    """The bound of a field whose dates and times only Python can read."""
    limit = logical.moment(field, str(bound))
    message, fix = (
        f"expected a value of {words} {{bound}}, found {{value}}",
        f"Replace it with a value of {words} {{bound}}.",
    )
    test = partial(_outside_moment, field, holds, limit)
    yield Part(message, fix, test, (("bound", _shown(bound)),))
    unknown = partial(_unordered_moment, field, limit)
    yield _part_unordered(name, _shown(bound), limit.zoned, unknown)


def _beyond(field: Field, text: exp.Expr, holds: type[exp.Binary], bound: Any) -> exp.Expr:
    value, limit = lexical.typed(field, text), lexical.constant(field, bound)
    inside: exp.Expr = holds(this=value, expression=limit)
    if field.type == "number" and holds in (exp.GTE, exp.GT):
        # NaN is within no bounds; engines take it for the greatest number.
        inside = exp.and_(inside, exp.LTE(this=value.copy(), expression=_infinity()))
    fault = exp.not_(exp.paren(inside))
    if field.type not in ("integer", "number"):
        return fault
    order = exp.Anonymous(
        this=lexical.EXACT_ORDER,
        expressions=[
            lexical.digits(field, text),
            exp.Literal.string(logical.constant(field, bound)),
        ],
    )
    exact = exp.not_(exp.paren(holds(this=order, expression=exp.Literal.number(0))))
    unsure = _inexact(field, text, value, limit)
    if holds in (exp.GTE, exp.LTE):
        # Numbers that look equal may still be apart; those that look apart are.
        return exp.or_(fault, exp.Case().when(unsure, exact).else_(exp.false()))
    return exp.Case().when(unsure, exact).else_(fault)


def _inexact(field: Field, text: exp.Expr, value: exp.Expr, limit: exp.Expr) -> exp.Expr:
    """Where the engine's number cannot tell the text from the bound: too long, or too near."""
    if field.type == "integer":
        long = exp.GT(this=exp.func("LENGTH", text.copy()), expression=exp.Literal.number(38))
        return exp.and_(long, lexical.matches(lexical.digits(field, text), lexical.INTEGER))
    long = exp.GT(this=exp.func("LENGTH", text.copy()), expression=exp.Literal.number(15))
    near = exp.EQ(this=value.copy(), expression=limit.copy())
    return exp.and_(
        long,
        near,
        exp.LT(this=exp.func("ABS", value.copy()), expression=_infinity()),
    )


def _infinity() -> Expression:
    return lexical.cast(exp.Literal.string("inf"), "DOUBLE")


def _outside_duration(holds: type[exp.Binary], bound: str, text: str) -> bool:
    """Whether a duration is not as the bound asks; where nobody can say, it is not.

    XML Schema part 2, section 3.2.6.3: "indeterminate comparisons should be considered
    as false".
    """
    try:
        order = logical.order(logical.duration(text), logical.duration(bound))
    except ValueError:
        return False
    return order not in _FITTING[holds]


def _outside_moment(field: Field, holds: type[exp.Binary], limit: Moment, text: str) -> bool:
    try:
        order = timeline.order(logical.moment(field, text), limit)
    except ValueError:
        return False
    return order is not None and order not in _FITTING[holds]


def _unordered_moment(field: Field, limit: Moment, text: str) -> bool:
    try:
        return timeline.order(logical.moment(field, text), limit) is None
    except ValueError:
        return False


_FITTING: dict[type[exp.Binary], tuple[int, ...]] = {
    exp.GTE: (0, 1),
    exp.LTE: (-1, 0),
    exp.GT: (1,),
    exp.LT: (-1,),
}


def _lengths(field: Field, text: Expression) -> Iterator[Part]:
    for name, words in (("min_length", "at least"), ("max_length", "at most")):
        bound = getattr(field.constraints, name)
        if bound is None:
            continue
        unit = "characters" if field.type == "string" else "items"
        label = f"expected {words} {bound} {unit}, found {{value}}"
        fix = f"Replace it with a value of {words} {bound} {unit}."
        if field.type == "string":
            kind = exp.LT if name == "min_length" else exp.GT
            length = exp.func("LENGTH", text.copy())
            yield Part(label, fix, kind(this=length, expression=exp.Literal.number(bound)))
        elif field.type in ("array", "object", "list"):
            yield Part(label, fix, partial(_wrong_length, field, name, bound))


def _wrong_length(field: Field, name: str, bound: int, text: str) -> bool:
    if field.type == "list":
        length = len(text.split(field.options.get("delimiter") or ","))
    else:
        try:
            length = len(text_tests.parse_json(text))
        except (ValueError, TypeError):
            return False
    return length < bound if name == "min_length" else length > bound


def _pattern(field: Field, text: Expression) -> Iterator[Part]:
    pattern = field.constraints.pattern
    if pattern is None or field.type != "string":
        return
    common = (
        "{value} does not match the pattern {pattern}",
        "Replace it with a value that matches the whole pattern.",
    )
    params, unlike = (("pattern", _brief(pattern)),), Unlike(pattern)
    simple = lexical.translate(pattern)
    if simple is None:
        yield Part(*common, unlike, params)
    else:
        otherwise = None if _surely_runs(simple) else unlike
        yield Part(*common, exp.not_(lexical.matches(text, simple)), params, otherwise=otherwise)


SHORT, REPEATS = 500, 1000
"""Characters of a pattern, and repetitions within repetitions, that RE2 always has memory for."""


def _surely_runs(pattern: str) -> bool:
    """Whether RE2 runs a translated pattern: its limits are the only thing left to refuse it."""
    counts = re.findall(r"\{\d*,?(\d*)\}|\{(\d+)\}", pattern)
    repeats = math.prod(int(most or exact or 1) for most, exact in counts)
    return len(pattern) <= SHORT and repeats <= REPEATS


def _brief(pattern: str) -> str:
    """A pattern as a message shows it: its beginning where it is very long."""
    return pattern if len(pattern) <= 500 else f"{pattern[:500]}..."


def _json_schema(field: Field) -> text_tests.Test:
    """Built at the first value: to plan a check is no reason to load a library."""
    made: list[jsonschemas.Checked] = []

    def unfit(text: str) -> bool:
        try:
            value = text_tests.parse_json(text)
        except ValueError:
            return False
        if not made:
            made.append(jsonschemas.Checked(field.constraints.json_schema or {}))
        return not made[0].fits(value)

    return unfit


def build(
    field: Field, resource: str, part: Part, after: tuple[str, ...] = ("type-error",)
) -> RowCheck | ValueCheck:
    """A part as a check of `constraint-error`."""
    common = ("constraint-error", resource, (field.name,), part.message, part.fix)
    if isinstance(part.test, Expression):
        return RowCheck(
            *common, params=part.params, fault=part.test, after=after, otherwise=part.otherwise
        )
    return ValueCheck(*common, params=part.params, test=part.test, after=after)
