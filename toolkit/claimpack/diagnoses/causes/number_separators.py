"""Numbers are written with another decimal mark, or with marks between groups of digits.

Why: 2,5 and 1.234,00 are numbers in most of Europe, 1,234.00 and 1 234 elsewhere. A field of
type number or integer accepts a point before the decimals and nothing between groups unless
the schema declares other marks. Where 1,234 may be one and a bit or more than a thousand, the
other values decide; if none does, claimpack names both readings and patches nothing.

Fails:
    {"name": "price", "type": "number"} and the cells `2,5`, `3,75`, `1.100,00`

Fix: Declare the marks in the field: "decimalChar": ",", "groupChar": ".". Or rewrite the
cells with a point before the decimals and nothing between groups of digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from claimpack.diagnoses.causes.integer_decimals import ambiguous
from claimpack.diagnoses.numerals import Style, styles
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples
from claimpack.report import Operation

SCOPE = "column"


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """The style that the malformed cells are written in, or two where both fit."""
    if column.field.type not in ("number", "integer") or not column.malformed.values:
        return
    if column.field.options.get("bareNumber") is False or ambiguous(column):
        return
    whole = column.field.type == "integer"
    found = styles(column.malformed, column.cells(), whole=whole)
    if not found and whole:
        comma = Style(",")
        if comma in styles(column.malformed, (), whole=False):
            yield _as_number(column, comma)
        return
    decimal, group = readings(found)
    if decimal and group:
        yield _ambiguous(column, decimal, group)
    elif found:
        yield _style(column, found[0])


def readings(found: list[Style]) -> tuple[Style | None, Style | None]:
    """The simplest style with a decimal mark, and one that has the same mark between groups."""
    decimal = next((style for style in found if style.group is None), None)
    if decimal is None:
        return None, None
    return decimal, next((style for style in found if style.group == decimal.decimal), None)


def operations(column: ColumnSymptoms, style: Style) -> tuple[Operation, ...]:
    """What declares a style in a field."""
    made = []
    for name, value, default in (
        ("decimalChar", style.decimal, "."),
        ("groupChar", style.group, None),
    ):
        declared = column.field.options.get(name, default)
        if value == declared or (name == "decimalChar" and value is None):
            continue
        made.append(column.unset(name) if value == default else column.set(name, value))
    return tuple(made)


def declared(changes: tuple[Operation, ...]) -> str:
    """An instruction that names what a patch declares: Declare "decimalChar": ","."""
    from json import dumps

    names = [(item, item.path.rpartition("/")[2]) for item in changes]
    said = [f'"{n}": {dumps(i.value, ensure_ascii=False)}' for i, n in names if i.op != "remove"]
    gone = [f'"{name}"' for item, name in names if item.op == "remove"]
    parts = [f"declare {', '.join(said)}"] if said else []
    parts += [f"remove {' and '.join(gone)} from the field"] if gone else []
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _style(column: ColumnSymptoms, style: Style) -> Proposal:
    changes = operations(column, style)
    return Proposal(
        f"The numbers are written with {style.told}.",
        f"{examples(column.malformed.values)}.",
        declared(changes),
        changes,
    )


def _as_number(column: ColumnSymptoms, style: Style) -> Proposal:
    """Decimals in a field of whole numbers: a wider type."""
    number = replace(column, field=replace(column.field, type="number", options={}))
    changes = (column.set("type", "number"), *operations(number, style))
    return Proposal(
        f"The numbers are not whole: they have decimals, with {style.told}.",
        f"{examples(column.malformed.values)}.",
        declared(changes),
        changes,
        widens=1,
    )


def _ambiguous(column: ColumnSymptoms, decimal: Style, group: Style) -> Proposal:
    wrong, mark = column.malformed, decimal.decimal
    return Proposal(
        f'"{mark}" separates decimals or groups of three digits: all values fit both.',
        f"{examples(wrong.values)}. No value has more or fewer than three digits after it.",
        f'Declare "decimalChar": "{mark}" or "groupChar": "{mark}", whichever is right.',
        covers=wrong.estimate(lambda text: decimal.fits(text) or group.fits(text)),
    )


__all__ = ["SCOPE", "declared", "operations", "propose", "readings"]
