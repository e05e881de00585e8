"""White space stands around a value whose type ignores it.

Why: The Table Schema takes `number`, `datetime`, `year`, `yearmonth` and `duration` from XML
Schema, which collapses white space before a value is read (part 2, section 4.3.6): spaces,
tabs and newlines around it do not belong to it. So ` 79` is the number 79, in keys and
constraints as well, and exports are written without the white space. Other tools may read such
a cell as a text. `date`, `time`, `boolean` and text have forms of their own, in which a space is
an error or a part of the value. With `bareNumber` false a number may have any text around it,
and a `groupChar` that is a space may be anywhere in it.

Fails:
    {"name": "weight", "type": "number"} and the cell ` 79`

Passes:
    {"name": "weight", "type": "number"} and the cell `79`

Mend: Remove the white space around the values.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import ColumnCheck
from claimpack.descriptor.model import Field, Package, Resource
from claimpack.descriptor.values import WHITE_SPACE

SEVERITY = "warning"
SCOPE = "table"
CLAUSE = "Table Schema, Field Types; XML Schema part 2, section 4.3.6"


def checks(resource: Resource, package: Package) -> Iterator[ColumnCheck]:
    """One check for each field that collapses white space."""
    for index, field in enumerate(resource.schema.fields if resource.schema else ()):
        if not lexical.collapses(field) or _strips_more(field):
            continue
        text = lexical.cell(index)
        padded = exp.NEQ(this=lexical.uncollapsed(index), expression=text.copy())
        yield ColumnCheck(
            "padded-value",
            resource.name,
            (field.name,),
            "{detail}, such as {value}",
            "Remove the white space; claimpack ignores it, other tools may not.",
            fault=exp.and_(padded, exp.not_(exp.paren(lexical.malformed(field, text)))),
        )


def _strips_more(field: Field) -> bool:
    """Whether the descriptor says that white space may be there."""
    bare = field.options.get("bareNumber", True)
    return not bare or (field.options.get("groupChar") or "x") in WHITE_SPACE
