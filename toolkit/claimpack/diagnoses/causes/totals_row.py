"""The last row holds totals.

Why: A spreadsheet adds up the columns in its last row. To the schema that is one more row of data:
the word Total is not an identifier, and a sum over the column counts everything twice.

Fails:
    {"name": "id", "type": "integer"}, and the last line `Total,780`

Fix: Delete the last row.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from claimpack.diagnoses.symptoms import Proposal, TableSymptoms

SCOPE = "table"
RULES = ("type-error", "constraint-error", "primary-key", "foreign-key", "unique-error")
WORDS = frozenset(
    (
        *("total", "totals", "grand total", "sum", "sums", "overall total", "total sum"),
        *("summe", "gesamt", "gesamtsumme", "insgesamt", "total général", "somme", "totaux"),
        *("totale", "somma", "suma", "total general", "totales", "soma", "totais", "totaal"),
        *("som", "totalt", "i alt", "yhteensä", "razem", "suma końcowa", "celkem", "ukupno"),
        *("итого", "всего", "сумма", "合计", "总计", "合計", "총계", "\u03c3", "\u2211"),
    )
)
LEAST = 3
"""Rows that a table with a totals row has at least."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To delete the last row, where it says that it holds totals and is at fault."""
    found = table.findings_in(table.rows)
    if table.rows < LEAST or not found:
        return
    word, line = _word(table)
    sums = _sums(table)
    if not word:
        word = next((cell or "" for cell in _last(table) if _means(cell)), "") if sums else ""
        line = _line(table)
    if not word:
        return
    proof = f" {sums} is the sum of the rows above." if sums else ""
    yield Proposal(
        "The last row holds totals.",
        f'It has the word "{word}".{proof}',
        f"Delete the last row{f' (line {line})' if line else ''}.",
        fields=tuple(name for name, _ in found if name),
        by_field=found,
        rules=RULES,
    )


def _means(text: str | None) -> bool:
    return (text or "").strip(" :.*").casefold() in WORDS


def _word(table: TableSymptoms) -> tuple[str, int | None]:
    """The word for a total that is a malformed cell of the last row, and its line."""
    for rules in table.by_field.values():
        for value in rules["type-error"].values if "type-error" in rules else ():
            if value.row == table.rows and value.count == 1 and _means(value.text):
                return value.text.strip(), value.line
    return "", None


def _line(table: TableSymptoms) -> int | None:
    values = (
        v for rules in table.by_field.values() for made in rules.values() for v in made.values
    )
    return next((value.line for value in values if value.row == table.rows), None)


def _last(table: TableSymptoms) -> tuple[str | None, ...]:
    """The cells of the last row of a small table; none if its word is in another row, too."""
    rows = table.source.rows(table.resource)
    if rows is None or len(rows) != table.rows:
        return ()
    return tuple(
        cell for at, cell in enumerate(rows[-1]) if all(row[at] != cell for row in rows[:-1])
    )


def _sums(table: TableSymptoms) -> str:
    """The first cell of the last row that is the sum of its column; empty where none is."""
    names = [f.name for f in table.schema.fields if f.type in ("integer", "number")]
    rows = table.keys(names)
    if rows is None or len(rows) != table.rows:
        return ""
    for column in zip(*rows, strict=True):
        try:
            *above, last = [Decimal(text) if text else Decimal(0) for text in column]
        except InvalidOperation:
            continue
        if not all(number.is_finite() for number in (*above, last)):
            continue
        whole = sum(above, Decimal(0))
        if last and abs(whole - last) <= abs(whole) / 10_000:
            return str(column[-1])
    return ""
