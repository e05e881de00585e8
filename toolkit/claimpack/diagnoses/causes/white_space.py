"""There is white space around values whose type or pattern allows none.

Why: A date, a time, a boolean and most formats and patterns are exact: " 2024-01-26" is not a
date. The white space comes from fixed-width files, from typing, or from copies of web pages,
where it may be a no-break space that looks like any other.

Fails:
    {"name": "day", "type": "date"} and the cells ` 2024-01-26`, `2024-01-27 `

Fix: Remove the white space around the values.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.diagnoses.allowed import NEARLY_ALL
from claimpack.diagnoses.pattern_tests import whole
from claimpack.diagnoses.symptoms import ColumnSymptoms, Complaint, Proposal, Value, examples, reads

SCOPE = "column"


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To remove white space, where nearly all values are valid without it."""
    wrong = column.malformed
    yield from _advice(column, wrong, wrong.only(lambda text: reads(column.field, text.strip())))
    pattern = column.field.constraints.pattern
    if pattern is not None:
        wrong = column.complaint("constraint-error")
        padded, matches = wrong.only(lambda text: text != text.strip()), whole(pattern)
        yield from _advice(column, wrong, padded.only(lambda text: matches(text.strip())))


def _advice(column: ColumnSymptoms, wrong: Complaint, part: Complaint) -> Iterator[Proposal]:
    part = part.only(lambda text: text != text.strip())
    if not 0 < NEARLY_ALL * wrong.count <= part.count:
        return
    yield Proposal(
        f"There is white space {_where(part.values)} the values.",
        f"{examples(part.values)}.",
        "Remove the white space from the cells.",
        covers=part.count,
        rules=(part.rule,),
    )


def _where(values: tuple[Value, ...]) -> str:
    """Where the white space is: before, after or around."""
    before = any(value.text != value.text.lstrip() for value in values)
    after = any(value.text != value.text.rstrip() for value in values)
    return "around" if before and after else "before" if before else "after"
