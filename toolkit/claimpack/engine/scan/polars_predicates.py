"""Checks as predicates of polars: which rows may be invalid, and never one too few.

A fast engine need not judge as exactly as the database, if a row that it lets pass is sure
to be valid: those that it suspects are judged again. So a condition becomes two bounds, what
is surely true and what may be true, as in Kleene's three-valued logic. A function that
polars lacks is in doubt for every row that reaches it, a cast where it gives nothing, a
moment where it is not written in the everyday form, whose texts sort as their values do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import Expression

if TYPE_CHECKING:
    from typing import TypeAlias

    import polars as pl

    Condition: TypeAlias = "bool | pl.Expr"
    Join: TypeAlias = Callable[[Condition, Condition], Condition]

EVERYDAY = {
    "DATE": rf"[1-9][0-9]{{3}}-{lexical.SURE_DAY}",
    "TIME": lexical.CLOCK,
    "TIMESTAMPTZ": rf"[1-9][0-9]{{3}}-{lexical.SURE_DAY}T{lexical.CLOCK}Z?",
}
"""Forms of texts whose order as text is that of their values; of a moment without its Z, which
the database takes for the same: its own zone is UTC."""
NUMBERS = {"BIGINT": "Int64", "DOUBLE": "Float64"}
STRICT = frozenset({"REGEXP_EXTRACT", "REGEXP_REPLACE", "TIMEZONE", "REPLACE", "TRY_STRPTIME"})
"""Functions that give null where an argument is null."""
OTHERWISE = re.compile(r"&&|--|~~|\\[bBsSzZAQECGXpP]|\(\?|\[\[|\[:|\[[^\]\\]*\[")
"""What the two engines' pattern languages read otherwise, or may."""


SPACES = r"\t\n\f\r "
"""What `\\s` is to the database."""
FINITE = {f"{lexical.NUMBER}|{lexical.SPECIAL}": "Float64", lexical.INTEGER: "Int64"}
"""Patterns that a text surely has where a cast makes a finite number of it."""
FEW = 8
"""Texts that are compared one by one sooner than looked up."""


@dataclass(frozen=True)
class Truth:
    """What is surely true, and what may be true: the same where there is no doubt.

    Attributes:
        close: Whether no everyday value lies between the two.
    """

    sure: Condition
    maybe: Condition
    close: bool = False

    @property
    def certain(self) -> bool:
        """Whether there is no doubt."""
        return self.sure is self.maybe


@dataclass(frozen=True)
class Value:
    """A value where it is in no doubt; its kind, since only like is compared with like.

    Attributes:
        constant: The value itself, where it is one for all rows.
    """

    expression: pl.Expr
    kind: str
    doubt: Condition = False
    constant: str | float | None = None


@dataclass(frozen=True)
class Suspicion:
    """What may be true of a row at fault.

    Attributes:
        condition: Over the frame's columns and the steps'.
        steps: Expressions over the frame's columns that the condition names by their keys.
            The streaming engine would work them out anew wherever they stand.
    """

    condition: Condition
    steps: dict[str, pl.Expr]


def suspicion(
    faults: list[Expression], columns: Mapping[str, str] | None = None, prefix: str = ""
) -> Suspicion:
    """What may be true of a row at fault.

    Args:
        faults: Predicates that are true where a row is at fault.
        columns: For each column that they name, its name in the frame; None where all have
            the same names there.
        prefix: Begins the names of the steps.
    """
    bounds = _Bounds(columns, prefix)
    made: Condition = False
    for fault in faults:
        bounds.loose = False
        maybe = bounds.truth(fault).maybe
        made = _or(made, _and(bounds.not_null(fault), maybe) if bounds.loose else maybe)
    return Suspicion(_filled(made), bounds.steps)


class _Bounds:
    """Bounds of the expressions over one table's texts.

    Attributes:
        loose: Whether a condition since it was last set to false may be possible of null, though
            it is not true of it.
    """

    def __init__(self, columns: Mapping[str, str] | None, prefix: str) -> None:
        self._columns, self._prefix = columns, prefix
        self.steps: dict[str, pl.Expr] = {}
        self._known: dict[bytes, str] = {}
        self.loose = False

    def named(self, column: str) -> str:
        """The name that a column has in the frame."""
        return column if self._columns is None else self._columns[column]

    def once(self, made: pl.Expr) -> pl.Expr:
        """An expression that is worked out once, however often it is asked for."""
        import polars as pl

        if not self.steps.keys().isdisjoint(made.meta.root_names()):
            return made
        known = self._known.setdefault(
            made.meta.serialize(), f"{self._prefix}step {len(self.steps)}"
        )
        self.steps.setdefault(known, made)
        return pl.col(known)

    def truth(self, node: Expression) -> Truth:
        """A condition's bounds; anything where it is not understood."""
        build = _TRUTHS.get(type(node))
        return build(self, node) if build else self._open()

    def _open(self) -> Truth:
        """Anything."""
        self.loose = True
        return Truth(False, True)

    def value(self, node: Expression) -> Value:
        """A value's bounds; in doubt wherever it is not understood."""
        build = _VALUES.get(type(node))
        made = build(self, node) if build else None
        return made or self._unknown(node)

    def _unknown(self, node: Expression) -> Value:
        """No value; in doubt wherever the node may have one."""
        import polars as pl

        doubt: Condition = True
        called = str(node.this).upper() if isinstance(node, exp.Anonymous) else node.key.upper()
        if called in STRICT or isinstance(node, exp.Cast):
            doubt = self._there(node)
        self.loose |= doubt is True
        return Value(pl.lit(None), "unknown", doubt)

    def _there(self, node: Expression) -> Condition:
        """Whether all columns in a node have values."""
        import polars as pl

        made: Condition = True
        for column in node.find_all(exp.Column):
            made = _and(made, pl.col(self.named(column.name)).is_not_null())
        return made

    def not_null(self, fault: Expression) -> Condition:
        """Whether the one column of a fault that is never true of null is not null.

        Missing values are common: without this, many of them would be decided exactly.
        """
        import polars as pl

        names = {column.name for column in fault.find_all(exp.Column)}
        if len(names) != 1 or at_null(fault) not in (False, None):
            return True
        return pl.col(self.named(names.pop())).is_not_null()

    # --- conditions -----------------------------------------------------------------------

    def constant(self, node: Expression) -> Truth:
        """True or false as it stands."""
        return Truth(bool(node.this), bool(node.this))

    def within(self, node: Expression) -> Truth:
        """What parentheses hold."""
        return self.truth(node.this)

    def negation(self, node: Expression) -> Truth:
        """Surely not, where it may not be."""
        inner = self.truth(node.this)
        sure = _not(inner.maybe)
        return Truth(sure, sure if inner.certain else _not(inner.sure), inner.close)

    def both(self, node: Expression) -> Truth:
        """Two conditions at once."""
        left, right = self.truth(node.this), self.truth(node.expression)
        return self._joined(_and, left, right)

    def either(self, node: Expression) -> Truth:
        """One condition or the other."""
        left, right = self.truth(node.this), self.truth(node.expression)
        return self._joined(_or, left, right)

    def _joined(self, join: Join, left: Truth, right: Truth) -> Truth:
        sure = join(left.sure, right.sure)
        certain = left.certain and right.certain
        return Truth(sure, sure if certain else join(left.maybe, right.maybe))

    def null(self, node: Expression) -> Truth:
        """Whether there is no value."""
        if not isinstance(node.expression, exp.Null):
            return self._open()
        value = self.value(node.this)
        return _bounded(value.expression.is_null(), value.doubt)

    def compared(self, node: Expression) -> Truth:
        """Two values of a kind side by side."""
        if isinstance(node, exp.NEQ) and _is_condition(node.this):
            return self._unlike(node)
        left, right = self.value(node.this), self.value(node.expression)
        if left.kind == right.kind and left.expression.meta.eq(right.expression):
            same = isinstance(node, exp.EQ | exp.GTE | exp.LTE)
            return _bounded(left.expression.is_not_null() & same, _or(left.doubt, right.doubt))
        if left.kind != right.kind or left.kind == "unknown":
            return _bounded(left.expression.is_null() & False, _or(left.doubt, right.doubt))
        held = _COMPARED[type(node)](left.expression, right.expression)
        return _bounded(held, _or(left.doubt, right.doubt))

    def listed(self, node: Expression) -> Truth:
        """A text among texts, or a value among values."""
        value, others = self.value(node.this), [self.value(each) for each in node.expressions]
        constants = [o.constant for o in others if o.kind == value.kind and o.constant is not None]
        if len(constants) == len(others):
            return _bounded(_among(value.expression, constants), value.doubt)
        made = Truth(False, False)
        for other in node.expressions:
            one = self.compared(exp.EQ(this=node.this, expression=other))
            made = self._joined(_or, made, one)
        return made

    def globbed(self, node: Expression) -> Truth:
        """A text against wildcards."""
        return self._matched(self.value(node.this), _unglobbed(node.expression.this))

    def between(self, node: Expression) -> Truth:
        """A value within two bounds."""
        low = self.compared(exp.GTE(this=node.this, expression=node.args["low"]))
        high = self.compared(exp.LTE(this=node.this, expression=node.args["high"]))
        return self._joined(_and, low, high)

    def _unlike(self, node: Expression) -> Truth:
        """Two conditions of which one holds and the other does not."""
        left, right = self.truth(node.this), self.truth(node.expression)
        if not (left.certain and right.certain):
            return self._open()
        if isinstance(left.sure, bool) or isinstance(right.sure, bool):
            return self._open()
        differs = left.sure != right.sure
        return Truth(differs, differs)

    def called(self, node: Expression) -> Truth:
        """A function that says yes or no."""
        if str(node.this).upper() != "REGEXP_FULL_MATCH":
            return self._open()
        text, pattern = node.expressions
        if pattern.this in FINITE and isinstance(text, exp.Column):
            return self._finite(self.value(text).expression, FINITE[pattern.this])
        shown = _spaced(pattern.this)
        whole = None if _other(shown) else rf"\A(?:{shown})\z"
        return self._matched(self.value(text), whole)

    def _finite(self, text: pl.Expr, to: str) -> Truth:
        """Whether a cast makes a finite number of a text; null of what is null."""
        import polars as pl

        number = self.once(text.cast(getattr(pl, to), strict=False))
        there = pl.when(text.is_not_null())
        sure = there.then(number.is_finite().fill_null(False))
        return Truth(sure, there.then(True), close=True)

    def _matched(self, text: Value, pattern: str | None) -> Truth:
        if text.kind != "text" or pattern is None:
            return self._open()
        return _bounded(self.once(text.expression.str.contains(pattern)), text.doubt)

    def cases(self, node: Expression) -> Truth:
        """The first case whose condition holds, else the default.

        Of a proof that there is no fault and a test beside it, one is enough: the test
        where it leaves no doubt, or next to none.
        """
        default = node.args.get("default")
        made = Truth(False, False) if default is None else self.truth(default)
        for case in reversed(node.args["ifs"]):
            when, then = self.truth(case.this), self.truth(case.args["true"])
            sure, maybe = _filled(when.sure), _filled(when.maybe)
            if then.maybe is False:
                enough = made.certain or made.close
                self.loose |= not enough
                made = Truth(_and(_not(maybe), made.sure), made.maybe if enough else _not(sure))
                continue
            self.loose = True
            made = Truth(
                _or(_and(sure, then.sure), _and(_not(maybe), made.sure)),
                _or(_and(maybe, then.maybe), _and(_not(sure), made.maybe)),
            )
        return made

    # --- values ---------------------------------------------------------------------------

    def column(self, node: Expression) -> Value:
        """A field's text."""
        import polars as pl

        return Value(pl.col(self.named(node.name)), "text")

    def literal(self, node: Expression) -> Value | None:
        """A constant; none beyond what polars' integers can hold."""
        import polars as pl

        value = node.to_py()
        if isinstance(value, int) and abs(value) >= 1 << 63:
            return None
        kind = "text" if node.is_string else "number"
        return Value(pl.lit(value), kind, constant=value)

    def inside(self, node: Expression) -> Value:
        """What parentheses hold."""
        return self.value(node.this)

    def cast(self, node: Expression) -> Value | None:
        """A text as a number or moment; a moment as text again; a whole number as a longer one."""
        import polars as pl

        to = node.args["to"].this.name
        if isinstance(node.this, exp.Literal):
            return _constant(node.this.this, to)
        value = self.value(node.this)
        if to in EVERYDAY and value.kind == "text":
            plain = self.once(value.expression.str.contains(rf"\A(?:{EVERYDAY[to]})\z"))
            return Value(_unzoned(value.expression, to), to, _or(value.doubt, _not(plain)))
        if to in NUMBERS and value.kind == "text":
            number = self.once(value.expression.cast(getattr(pl, NUMBERS[to]), strict=False))
            lost = number.is_null() & value.expression.is_not_null()
            return Value(number, "number", _or(value.doubt, lost))
        if to == "INT128" and value.kind == "number":
            return value
        if to == "VARCHAR" and value.kind in ("DATE", "TIME"):
            return Value(value.expression, "text", value.doubt)
        return None

    def in_utc(self, node: Expression) -> Value | None:
        """A moment in UTC, which the everyday ones are in."""
        if str(node.this).upper() != "TIMEZONE":
            return None
        value = self.value(node.expressions[1])
        return value if value.kind == "TIMESTAMPTZ" else None

    def added(self, node: Expression) -> Value | None:
        """How many of some conditions hold."""
        parts = [self._flag(part) for part in node.flatten()]
        if any(part is None for part in parts):
            return None
        return Value(sum(part for part in parts if part is not None), "number")

    def _flag(self, node: Expression) -> pl.Expr | None:
        """A condition that is in no doubt as 1 or 0; null as neither."""
        import polars as pl

        if not isinstance(node, exp.Cast) or not _is_condition(node.this):
            return None
        truth = self.truth(node.this)
        if not truth.certain or isinstance(truth.sure, bool):
            return None
        return truth.sure.cast(pl.Int64)

    def length(self, node: Expression) -> Value | None:
        """Characters of a text."""
        value = self.value(node.this)
        if value.kind != "text":
            return None
        return Value(self.once(value.expression.str.len_chars()), "number", value.doubt)

    def absolute(self, node: Expression) -> Value | None:
        """A number without its sign."""
        value = self.value(node.this)
        if value.kind != "number":
            return None
        return Value(value.expression.abs(), "number", value.doubt)

    def first(self, node: Expression) -> Value:
        """The first of several that is there."""
        made = self.value(node.this)
        if made.constant is not None:
            return made
        for other in map(self.value, node.expressions):
            known = other.kind == made.kind
            absent = made.expression.is_null()
            chosen = made.expression.fill_null(other.expression) if known else made.expression
            made = Value(chosen, made.kind, _or(made.doubt, _and(absent, other.doubt)))
        return made


def _unzoned(text: pl.Expr, to: str) -> pl.Expr:
    return text.str.strip_suffix("Z") if to == "TIMESTAMPTZ" else text


OPEN = "open"
"""What `at_null` gives where it does not know."""
Known = bool | str | None


def at_null(node: Expression) -> Known:
    """What a condition gives where its columns are null: true, false, null, or `OPEN`."""
    if isinstance(node, exp.Paren):
        return at_null(node.this)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Not):
        inner = at_null(node.this)
        return not inner if isinstance(inner, bool) else inner
    if isinstance(node, exp.And | exp.Or):
        return _joined_at_null(node)
    if isinstance(node, exp.Case):
        return _case_at_null(node)
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        return True if _null_at_null(node.this) else OPEN
    strict = (*_COMPARED, exp.Glob, exp.In)
    if isinstance(node, strict) or _is_strict_call(node):
        return None if any(map(_null_at_null, node.iter_expressions())) else OPEN
    return OPEN


def _joined_at_null(node: Expression) -> Known:
    both = {at_null(node.this), at_null(node.expression)}
    decides = isinstance(node, exp.Or)
    if decides in both:
        return decides
    return OPEN if OPEN in both else None if None in both else not decides


def _case_at_null(node: Expression) -> Known:
    for case in node.args["ifs"]:
        when = at_null(case.this)
        if when in (True, OPEN):
            return at_null(case.args["true"]) if when is True else OPEN
    default = node.args.get("default")
    return None if default is None else at_null(default)


def _null_at_null(node: Expression) -> bool:
    """Whether a value is surely null where its columns are."""
    if isinstance(node, exp.Column):
        return True
    if isinstance(node, exp.Paren | exp.Cast | exp.TryCast | exp.Length | exp.Abs):
        return _null_at_null(node.this)
    return _is_strict_call(node) and any(map(_null_at_null, node.iter_expressions()))


def _is_strict_call(node: Expression) -> bool:
    """Whether a function gives null where an argument is null."""
    called = isinstance(node, exp.Anonymous)
    return called and str(node.this).upper() in {
        *STRICT,
        "REGEXP_FULL_MATCH",
        lexical.MOMENT_ORDER,
        lexical.EXACT_ORDER,
    }


def _among(value: pl.Expr, listed: list[str | float]) -> pl.Expr:
    """Whether a value is one of those listed."""
    if not 0 < len(listed) <= FEW:
        return value.is_in(listed)
    made = value == listed[0]
    for other in listed[1:]:
        made |= value == other
    return made


def _constant(text: str, to: str) -> Value | None:
    """A constant of another type, where it is of the everyday form."""
    import polars as pl

    if to in EVERYDAY and re.fullmatch(EVERYDAY[to], text):
        text = text.removesuffix("Z")
        return Value(pl.lit(text), to, constant=text)
    if to == "BIGINT" and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return Value(pl.lit(int(text)), "number", constant=int(text))
    if to == "DOUBLE" and re.fullmatch(rf"{lexical.NUMBER}|-?inf", text):
        return Value(pl.lit(float(text)), "number", constant=float(text))
    return None


def _bounded(held: pl.Expr, doubt: Condition) -> Truth:
    if doubt is False:
        return Truth(held, held)
    return Truth(_and(held, _not(doubt)), _or(held, doubt))


def _and(left: Condition, right: Condition) -> Condition:
    if isinstance(left, bool):
        return right if left else False
    if isinstance(right, bool):
        return left if right else False
    return left & right


def _or(left: Condition, right: Condition) -> Condition:
    if isinstance(left, bool):
        return True if left else right
    if isinstance(right, bool):
        return True if right else left
    return left | right


def _not(inner: Condition) -> Condition:
    return not inner if isinstance(inner, bool) else ~inner


def _filled(inner: Condition) -> Condition:
    """Null as false."""
    return inner if isinstance(inner, bool) else inner.fill_null(False)


def _is_condition(node: Expression) -> bool:
    """Whether a node is true or false, within parentheses or not."""
    return type(node.unnest()) in _TRUTHS and not isinstance(
        node.unnest(), exp.Anonymous | exp.Case
    )


def _spaced(pattern: str) -> str:
    """A pattern with white space listed: the engines differ in what counts as such.

    A `\\S` within brackets stays, and with it the doubt.
    """
    made, inside = [], False
    for part in re.findall(r"\\.|.", pattern, re.DOTALL):
        inside = part == "[" or (inside and part != "]")
        if part == r"\s":
            part = SPACES if inside else f"[{SPACES}]"
        elif part == r"\S" and not inside:
            part = f"[^{SPACES}]"
        made.append(part)
    return "".join(made)


def _other(pattern: str) -> bool:
    """Whether the engines may read a pattern otherwise; properties of Unicode they read alike."""
    return bool(OTHERWISE.search(re.sub(r"\\[pP]\{\w+\}|\\[\[\]\\&~-]", "x", pattern)))


def _unglobbed(pattern: str) -> str | None:
    """Shell wildcards as a pattern."""
    front, back = pattern.startswith("*"), pattern.endswith("*")
    made = []
    for part in re.findall(r"\[!?[^\]]+\]|.", pattern.strip("*"), re.DOTALL):
        if part in "*?\\":
            return None
        made.append(part.replace("[!", "[^") if part[0] == "[" and part[1:] else re.escape(part))
    return ("" if front else r"\A") + "".join(made) + ("" if back else r"\z")


_COMPARED: dict[type, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    exp.EQ: lambda left, right: left == right,
    exp.NEQ: lambda left, right: left != right,
    exp.GT: lambda left, right: left > right,
    exp.GTE: lambda left, right: left >= right,
    exp.LT: lambda left, right: left < right,
    exp.LTE: lambda left, right: left <= right,
}
_TRUTHS: dict[type, Callable[[_Bounds, Expression], Truth]] = {
    exp.Boolean: _Bounds.constant,
    exp.Paren: _Bounds.within,
    exp.Not: _Bounds.negation,
    exp.And: _Bounds.both,
    exp.Or: _Bounds.either,
    exp.Is: _Bounds.null,
    exp.In: _Bounds.listed,
    exp.Between: _Bounds.between,
    exp.Glob: _Bounds.globbed,
    exp.Anonymous: _Bounds.called,
    exp.Case: _Bounds.cases,
    **dict.fromkeys(_COMPARED, _Bounds.compared),
}
_VALUES: dict[type, Callable[[_Bounds, Expression], Value | None]] = {
    exp.Column: _Bounds.column,
    exp.Literal: _Bounds.literal,
    exp.Paren: _Bounds.inside,
    exp.TryCast: _Bounds.cast,
    exp.Cast: _Bounds.cast,
    exp.Length: _Bounds.length,
    exp.Abs: _Bounds.absolute,
    exp.Add: _Bounds.added,
    exp.Anonymous: _Bounds.in_utc,
    exp.Coalesce: _Bounds.first,
}
