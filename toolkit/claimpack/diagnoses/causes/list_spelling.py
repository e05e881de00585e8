"""Values differ from the listed ones, or from the keys they refer to, in case or white space only.

Why: An enum, a list of categories and a foreign key compare values exactly: Male is not male,
and "female " has a space at its end. People and forms write both. To add every spelling to the
list would make one category into several, so the cells have to be rewritten.

Fails:
    {"name": "sex", "constraints": {"enum": ["male", "female"]}} and the cells `Male`, `female `

Fix: Rewrite the cells as in the list, such as male for Male.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from claimpack.diagnoses.allowed import Unlisted, unlisted
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, examples

SCOPE = "column"


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To write values as they are listed, where they differ in case and white space only."""
    for item in unlisted(column):
        listed = spellings(item.allowed)
        part = item.complaint.only(lambda text, listed=listed: _folded(text) in listed)  # type: ignore[misc]
        if item.nearly_all(part):
            yield _rewrite(item, part, listed)


def spellings(allowed: frozenset[str]) -> dict[str, str]:
    """The allowed values by what is left of them; those that only case or space part left out."""
    counts = Counter(map(_folded, allowed))
    return {key: text for text in sorted(allowed) if counts[key := _folded(text)] == 1}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _rewrite(item: Unlisted, part: Complaint, listed: dict[str, str]) -> Proposal:
    def meant(text: str) -> str:
        return listed[_folded(text)]

    case = part.estimate(lambda text: _spaced(text) != _spaced(meant(text)))
    space = part.estimate(lambda text: text.casefold() != meant(text).casefold())
    ways = {"letter case": case, "white space": space}
    ways = {name: count for name, count in ways.items() if count}
    counts = (f"{count:,} differ in {name}" for name, count in ways.items())
    text = part.values[0].text
    fix = f'Rewrite the cells as in {item.place}, such as "{meant(text)}" for "{text}".'
    if not case and part.share(lambda text: text == _spaced(text)) == 1:
        fix = f'Remove the white space from {item.place}, as in "{meant(text)}".'
    return Proposal(
        f"The values are in {item.place} once {' and '.join(ways)} "
        f"{'are' if len(ways) > 1 else 'is'} ignored.",
        f"{examples(part.values)}. {', '.join(counts)}.",
        fix,
        covers=part.count,
        rules=(part.rule,),
    )
