"""Checks: what a rule makes of a resource. Frozen values that name their inputs.

A check holds either a predicate as an expression tree, true where a row is at
fault, or a relation between rows or tables. Nothing here opens or reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    Expression = exp.Expr
else:
    Expression = exp.Expr  # the name of every node before sqlglot 30

MANY = 256
"""Values from which a list is looked up as a set, and no longer part of an expression, of which
each value takes an engine a kilobyte and a step for every row."""
Test = Callable[[str], bool]
Params = tuple[tuple[str, str], ...]
"""Texts by the names of the place-holders that they fill."""
_PLACE = re.compile(r"\{(\w+)\}")


def filled(template: str, params: Mapping[str, str]) -> str:
    """A template with its place-holders filled, once: what fills one is never read as one."""
    return _PLACE.sub(lambda match: params.get(match[1], match[0]), template)


def parted(template: str, params: Mapping[str, str], left: tuple[str, ...]) -> tuple[str, ...]:
    """A template filled but for the place-holders in `left`: text, name, text, …, text."""
    parts = [""]
    for number, piece in enumerate(_PLACE.split(template)):
        if number % 2 == 0:
            parts[-1] += piece
        elif piece in left:
            parts += [piece, ""]
        else:
            parts[-1] += params.get(piece, f"{{{piece}}}")
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Check:
    """What every check carries.

    Attributes:
        rule: Id of the rule.
        resource: Name of the resource that findings belong to.
        fields: The fields that the check is about, in order.
        message: What is wrong, as a template: `{value}`, `{row}` and `{detail}` stand for
            the cell, another row, and what a relation adds, `{departure}` for where the cell
            departs from a format (`kind` and `form` of `params`), other names for `params`.
        fix: How to fix it; the same place-holders.
        clause: Clause of the standard, where it is narrower than the rule's.
        params: What the descriptor says, by name. Never write it into the templates
            themselves: a name of a field, a pattern or a value may look like a place-holder.
    """

    rule: str
    resource: str
    fields: tuple[str, ...] = ()
    message: str = ""
    fix: str = ""
    clause: str | None = None
    params: Params = ()


@dataclass(frozen=True, slots=True)
class RowCheck(Check):
    """A predicate on one row. `fault` is true where the row is at fault; null counts as false.

    Columns in `fault` are the table's fields as text: null for a missing value,
    and for a cell that is not there. `after` names rules whose findings on the
    same fields silence this check. `proof` is a cheaper condition under which `fault` is surely
    not true. `otherwise` is the same test in Python, for an engine that cannot run the
    expression.
    """

    fault: Expression = field(default_factory=exp.false)
    after: tuple[str, ...] = ()
    otherwise: Test | None = None
    proof: Expression | None = None

    @property
    def screened(self) -> Expression:
        """The fault with its proof before it: quicker where most rows are valid."""
        if self.proof is None:
            return self.fault
        return exp.Case().when(self.proof, exp.false()).else_(self.fault)

    def in_python(self) -> ValueCheck | None:
        """The check as a test in Python, where there is one."""
        if self.otherwise is None:
            return None
        common = (self.rule, self.resource, self.fields, self.message, self.fix)
        more = (self.clause, self.params)
        return ValueCheck(*common, *more, test=self.otherwise, after=self.after)


@dataclass(frozen=True, slots=True)
class ValueCheck(Check):
    """A test in Python on the distinct texts of one field, for what SQL cannot express.

    `test` is true where the text is at fault. It runs once for each distinct text.
    """

    test: Test = field(default=lambda _: False)
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnCheck(Check):
    """A predicate on one field's cells, reported once for the column and no error of any row.

    It may be true only of rows that the check of the field's type suspects, as the file has them.
    `{detail}` says how many values there are.
    """

    fault: Expression = field(default_factory=exp.false)


@dataclass(frozen=True, slots=True)
class KeyCheck(Check):
    """Rows whose key occurs in an earlier row. A null in the key is not checked.

    `keys` are the values to compare, one for each field.
    """

    keys: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceCheck(Check):
    """Rows whose key has no equal in another table. A null in the key is not checked."""

    keys: tuple[Expression, ...] = ()
    target: str = ""
    target_fields: tuple[str, ...] = ()
    target_keys: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationCheck(Check):
    """A query over the typed tables of the package that returns the rows at fault.

    `query` is a select in plain SQL that gives `row` (1-based data row in `resource`),
    `value` (text) and, where the message names more, `detail` (text). Tables bear the
    resources' names, columns the fields' names and types; each has `_row` as well.
    `tables` are the resources that it reads.
    """

    query: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StructureCheck(Check):
    """A fault of bytes, lines or labels that the reader itself notices."""


AnyCheck = (
    RowCheck | ValueCheck | ColumnCheck | KeyCheck | ReferenceCheck | RelationCheck | StructureCheck
)
