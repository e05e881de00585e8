"""True and false are written in other words than the field declares.

Why: A boolean field accepts true, True, TRUE, 1 and false, False, FALSE, 0. Surveys and
databases export yes and no, t and f, ja and nein: the schema has to list them.

Fails:
    {"name": "consent", "type": "boolean"} and the cells `yes`, `no`, `yes`

Fix: Declare the words in the field: "trueValues": ["yes"], "falseValues": ["no"].
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, examples, reads

SCOPE = "column"
NEARLY_ALL = 0.9
WORDS = {
    True: frozenset(
        (
            *("true", "t", "yes", "y", "on", "1.0", "ja", "j", "oui", "vrai", "wahr", "sí", "si"),
            *("sim", "verdadero", "vero", "verdadeiro", "da", "да", "tak", "ano", "kyllä"),
            *(".true.", "yes.", "checked", "enabled", "waar", "sant", "ja."),
        )
    ),
    False: frozenset(
        (
            *("false", "f", "no", "n", "off", "0.0", "nein", "non", "faux", "falsch", "não"),
            *("nao", "falso", "nee", "nej", "nei", "нет", "nie", "ne", "ei", ".false.", "no."),
            *("unchecked", "disabled", "onwaar", "usant"),
        )
    ),
}


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To list the words that nearly all malformed cells are."""
    wrong = column.malformed
    if column.field.type != "boolean" or wrong.share(_known) < NEARLY_ALL:
        return
    if wrong.share(lambda text: reads(column.field, text.strip())) >= NEARLY_ALL:
        return  # white space is all that is wrong
    mixed = any(text not in {value.text for value in wrong.values} for text in column.cells())
    true, false = (_listed(column, wrong, meaning, mixed) for meaning in (True, False))
    changes = [("trueValues", true), ("falseValues", false)]
    told = ", ".join(f'"{name}": [{_quoted(words)}]' for name, words in changes)
    yield Proposal(
        f"True and false are written as {_quoted(_spelt(wrong, True) + _spelt(wrong, False))}.",
        f"{examples(wrong.values)}.",
        f"Declare {told}.",
        tuple(column.set(name, words) for name, words in changes),
    )


def _known(text: str) -> bool:
    return any(_means(text, meaning) for meaning in (True, False))


def _means(text: str, meaning: bool) -> bool:
    return text.strip().casefold() in WORDS[meaning]


def _spelt(wrong: Complaint, meaning: bool) -> list[str]:
    """The words of a meaning as the cells spell them."""
    return [value.text for value in wrong.values if _means(value.text, meaning)]


def _listed(column: ColumnSymptoms, wrong: Complaint, meaning: bool, mixed: bool) -> list[str]:
    """The words to declare: those of the cells, and the declared ones where cells use both."""
    known = list(column.field.options["trueValues" if meaning else "falseValues"])
    words = sorted(_spelt(wrong, meaning))
    return [*known, *words] if mixed or not words else words


def _quoted(words: list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
