"""The first row below the header holds the units of the columns.

Why: Instruments and spreadsheets write the unit of each column below its label. To the schema
it is a row of data, and no unit is a number.

Fails:
    the fields plot, weight and height, and the lines `plot,weight,height`, `,kg,cm`, `A1,2.5,30`

Fix: Under version 2 of the standard declare the row in the dialect: "commentRows": [2]. Under
version 1 delete it. Keep the units in the descriptions of the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimpack.checks.lexical import free
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, examples, reads

SCOPE = "table"
ON_LABELS = ("incorrect-label", "missing-label", "extra-label")
RULES = ("type-error", "constraint-error")
SIZES = "|".join(("da", *"YZEPTGMkhdcmµμunpfaz"))
BASES = (
    *("m", "g", "s", "sec", "min", "h", "hr", "hrs", "d", "day", "days", "yr", "year", "years"),
    *("A", "K", "mol", "cd", "Hz", "N", "Pa", "J", "W", "V", "C", "F", "S", "T", "lx", "lm", "Bq"),
    *("Gy", "Sv", "L", "l", "ha", "t", "bar", "eV", "cal", "Wh", "B", "bit", "bp", "M", "Ohm", "Ω"),
    *("degC", "degF", "°C", "°F", "°", "deg", "degrees", "degree", "degrees_north", "degrees_east"),
    *("rad", "%", "‰", "ppm", "ppb", "ppt", "psu", "PSU", "dB", "rpm", "ft", "in", "mi", "lb"),
    *("oz", "mph", "kn", "kt", "celsius", "Celsius", "percent", "meters", "metres", "meter"),
    *("metre", "grams", "kilograms", "seconds", "minutes", "hours", "months", "USD", "EUR", "GBP"),
    *("€", "$", "£", "individuals", "ind", "cells", "counts", "count", "number", "no.", "pH"),
)
UNIT = rf"(?:{SIZES})?(?:{'|'.join(map(re.escape, sorted(BASES, key=len, reverse=True)))})"
POWER = r"(?:\^?[-\u2212+]?[1-4]|[²³]|⁻[¹²³])?"
COMPOUND = re.compile(rf"1?/?{UNIT}{POWER}(?:(?:[ */·.]| per ){UNIT}{POWER}){{0,3}}")
FORM = re.compile(r"(?:[YyMDdHhmSsT]{1,4}[-/.: ]?){2,8}[Zz]?")
"""What a date's pattern looks like, such as yyyy-mm-dd."""
NEXT = 5
"""Rows below, in which no typed cell is a unit."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To leave the row out, where it has units and no values in the typed columns."""
    rows, labels = table.look().rows, table.look().labels
    misplaced = any(table.complaint(rule).count for rule in ON_LABELS)
    if len(rows) < 2 or labels is None or misplaced:
        return
    pairs = zip(table.schema.fields, table.look().columns, strict=False)
    typed = [(item, at) for item, at in pairs if at is not None and not free(item)]
    cells = [
        [(item, row[at] or "") for item, at in typed if at < len(row)] for row in rows[: NEXT + 1]
    ]
    told = [(item, text) for item, text in cells[0] if text not in item.missing_values]
    units = [text for _, text in told if _unit(text)]
    texts = [text for at, text in enumerate(rows[0]) if at not in {place for _, place in typed}]
    if len(units) == 1 and any((text or "").strip(" -.") for text in texts):
        return
    if not units or any(reads(item, text) or not _apt(text) for item, text in told):
        return
    if any(_unit(text) and not reads(item, text) for row in cells[1:] for item, text in row):
        return
    found = table.findings_in(1)
    listed = {name for name, _ in found}
    found += tuple((item.name, 1) for item, _ in told if item.name not in listed)
    dialect = table.resource.dialect
    number = max(dialect.header_rows) + 1
    standard = table.resource.standard == "2" and not dialect.comment_char
    change = sorted({*dialect.comment_rows, number})
    yield Proposal(
        "The first row below the header holds the units of the columns.",
        f"It is {examples(units)}.",
        f'Declare "commentRows": {change} in the dialect.'
        if standard
        else f"Delete row {number} of the file, and keep the units in the descriptions.",
        (table.set_dialect("commentRows", change),) if standard else (),
        fields=tuple(name for name, _ in found if name),
        by_field=found,
        rules=RULES,
    )


def _unit(text: str) -> bool:
    bare = text.strip().removeprefix("(").removesuffix(")").removeprefix("[").removesuffix("]")
    return bool(COMPOUND.fullmatch(bare.strip()))


def _apt(text: str) -> bool:
    """Whether a cell may stand among units: a unit, a pattern, or words without digits."""
    bare = text.strip()
    return _unit(bare) or bool(FORM.fullmatch(bare)) or not any(map(str.isdigit, bare))
