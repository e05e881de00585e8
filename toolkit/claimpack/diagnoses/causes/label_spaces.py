"""Labels have white space around them.

Why: A label is compared with its field's name character by character. Somebody who writes
`id, name` by hand, or pads columns so that they line up, makes each label another one, which
nobody sees on a screen. No-break spaces from web pages and byte order marks do the same.

Fails:
    the fields id and name, and the header `id , name`

Fix: Delete the white space from the header; claimpack fmt does it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, examples

SCOPE = "table"
RULES = ("incorrect-label", "missing-label", "extra-label")
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
"""Characters that take no place on a screen, and are no white space to Python."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """To delete the white space, where every label is right then."""
    labels = table.look().labels
    if not labels or not any(table.complaint(rule).count for rule in RULES):
        return
    wrong = _wrong(table, labels)
    if not wrong:
        return
    whole = len(wrong) == len(labels)
    message = (
        f'The label "{trimmed(wrong[0])}" has white space around it.'
        if len(wrong) == 1
        else f"{'All' if whole else f'{len(wrong)} of the {len(labels)}'} labels have white space "
        "around them."
    )
    evidence = f"{examples(wrong)}{_unseen(wrong)}."
    covers = sum(min(table.complaint(rule).count, len(wrong)) for rule in RULES)
    command = "claimpack fmt" if table.standard_form else ""
    fix = "Delete the white space from the header."
    yield Proposal(message, evidence, fix, (), command, covers=covers, rules=RULES)


def _wrong(table: TableSymptoms, labels: tuple[str, ...]) -> list[str]:
    """The labels that are field names once trimmed; none if another label is wrong besides."""
    names = [item.name for item in table.schema.fields]
    folded = table.resource.standard == "1"
    if table.schema.fields_match == "exact":
        pairs = list(zip(names, labels, strict=False))
        wrong = [pair for pair in pairs if not _same(pair[1], pair[0], folded=folded)]
        alike = all(_same(trimmed(label), name, folded=folded) for name, label in wrong)
        return [label for _, label in wrong] if alike and len(labels) >= len(names) else []
    others = [label for label in labels if label not in names]
    found = [label for label in others if trimmed(label) in set(names) - set(labels)]
    return found if len({trimmed(label) for label in found}) == len(found) else []


def trimmed(label: str) -> str:
    """A label without white space, or characters that nobody sees, at its ends."""
    before = ""
    while before != label:
        before, label = label, label.strip().strip(UNSEEN)
    return label


def _same(label: str, name: str, *, folded: bool) -> bool:
    return label == name or (folded and label.casefold() == name.casefold())


def _unseen(labels: list[str]) -> str:
    """What other characters than spaces there are, in words."""
    found = {char for label in labels for char in label if char.isspace() or char in UNSEEN}
    names = sorted(unicodedata.name(char, "tab").lower() for char in found - {" "})
    return f" (with {', '.join(names)})" if names else ""
