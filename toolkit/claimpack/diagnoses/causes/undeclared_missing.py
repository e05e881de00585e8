"""Words such as NA or - mark missing values, and the schema does not declare them.

Why: Only an empty cell is missing unless the schema says otherwise. Statistics programs write
NA, NULL or a point, people write - or n/a: each of them is then a malformed value. A word that
a text column of the table uses as a value, such as NA for Namibia, is declared only in the
fields where it marks missing values.

Fails:
    {"name": "weight", "type": "number"} and the cells `NA`, `-`, `12.5`

Fix: Declare the words in the schema: "missingValues": ["", "NA", "-"].
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from claimpack.checks.lexical import free
from claimpack.diagnoses.symptoms import (
    ColumnSymptoms,
    Complaint,
    Proposal,
    TableSymptoms,
    widespread,
)
from claimpack.report import Operation

SCOPE = "table"
RULES = ("type-error", "constraint-error")
WORDS = frozenset(
    (
        *("na", "n/a", "n.a.", "n.a", "#n/a", "#na", "<na>", "(na)", "nan", "nat", "-nan"),
        *("null", "none", "nil", "\\n", "(null)", "<null>", "undefined", "(blank)", "blank"),
        *("-", "--", "---", "\u2013", "\u2014", "\u2212"),
        *(".", "..", "...", "…", "?", "??", "???"),
        *("missing", "unknown", "not available", "not applicable", "not reported", "not known"),
        *("not recorded", "not measured", "not specified", "no data", "nodata", "no value"),
        *("nd", "n.d.", "n/d", "s/d", "s.d.", "k.a.", "k. a.", "keine angabe", "unbekannt"),
        *("unk", "unk.", "inconnu", "desconocido", "sin dato", "sin datos", "onbekend"),
        *("0000-00-00", "00/00/0000", "0000-00-00 00:00:00"),
    )
)
"""Words that mean that there is no value, in lower case."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To declare the words in the schema, or in the fields that use them."""
    found = {column.field.name: words for column in table.columns if (words := _words(column))}
    if not found:
        return
    words = list(dict.fromkeys(word for listed in found.values() for word in listed))
    columns = [column for column in table.columns if column.field.name in found]
    changes = tuple(_changes(table, columns, found, words))
    if not changes:
        return
    yield Proposal(
        f"{_listed(words)} {'marks' if len(words) == 1 else 'mark'} missing values, "
        f"but {'is' if len(words) == 1 else 'are'} not declared.",
        f"{_evidence(columns, words)}.",
        f'Declare "missingValues": {dumps(changes[0].value, ensure_ascii=False)}.',
        changes,
        fields=tuple(found),
        rules=RULES,
    )


def _words(column: ColumnSymptoms) -> list[str]:
    """The words for missing values among a column's invalid cells, where they are common."""
    counts: dict[str, int] = {}
    for rule in RULES:
        for value in column.complaint(rule).only(_marks).values:
            counts[value.text] = counts.get(value.text, 0) + value.count
    return list(counts) if widespread(sum(counts.values()), column.table.rows) else []


def _marks(text: str) -> bool:
    return text.strip().casefold() in WORDS


def _changes(
    table: TableSymptoms,
    columns: list[ColumnSymptoms],
    found: dict[str, list[str]],
    words: list[str],
) -> Iterator[Operation]:
    own = [column for column in columns if "missingValues" in column.field.raw]
    rest = [column for column in columns if column not in own]
    if rest and not _used(table, words, found):
        yield table.set_schema("missingValues", _extended(table.schema.raw, words))
    else:
        own = columns
    for column in own:
        raw = column.field.raw if "missingValues" in column.field.raw else table.schema.raw
        yield column.set("missingValues", _extended(raw, found[column.field.name]))


def _used(table: TableSymptoms, words: list[str], found: dict[str, list[str]]) -> bool:
    """Whether a text column has one of the words as a value."""
    others = (item for item in table.schema.fields if free(item) and item.name not in found)
    cells = (cell for item in others for cell in ColumnSymptoms(table, item, {}).cells())
    return not set(words).isdisjoint(cells)


def _extended(raw: Any, words: list[str]) -> list[Any]:
    declared = raw.get("missingValues")
    known = declared if isinstance(declared, list) else [""]
    return [*known, *(word for word in words if word not in known)]


def _listed(words: list[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _evidence(columns: list[ColumnSymptoms], words: list[str]) -> str:
    complaints: list[Complaint] = [c.complaint(rule) for c in columns for rule in RULES]
    told = []
    for word in words[:3]:
        count = sum(item.estimate(lambda text, word=word: text == word) for item in complaints)  # type: ignore[misc]
        told.append(f'"{word}" in {count:,} {"cell" if count == 1 else "cells"}')
    return ", ".join(told)
