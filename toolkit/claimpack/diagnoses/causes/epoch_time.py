"""Dates and times are written as numbers that count time: since 1970, or a spreadsheet's days.

Why: Programs keep moments as seconds, milliseconds, microseconds or nanoseconds since
1970-01-01, and spreadsheets keep dates as days since 1899-12-30. Table Schema has no format
for either: a date or a datetime is a text in a pattern.

Fails:
    {"name": "seen", "type": "datetime"} and the cells `1588320000`, `1588406400`

Fix: Rewrite the numbers as dates or datetimes, such as 2020-05-01T08:00:00Z. Or declare the
field as an integer, and write in its description what the number counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples

SCOPE = "column"
NEARLY_ALL = 0.9
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPREADSHEET = datetime(1899, 12, 30, tzinfo=UTC)
SINCE, UNTIL = datetime(1990, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
"""The time in which a number has to fall to be taken for a moment."""

_NUMBER = re.compile(r"[1-9][0-9]{4,18}(?:\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Count:
    """A way to count time.

    Attributes:
        words: What is counted, and since when.
        digits: Digits before the decimals.
        unit: What so many of them are.
        start: The moment of 0.
        per: How many of them the unit is.
    """

    words: str
    digits: range
    unit: timedelta
    start: datetime = EPOCH
    per: int = 1

    def moment(self, text: str) -> datetime | None:
        """The moment that a text counts to; None where it is none, or too far away."""
        whole = text.partition(".")[0]
        if _NUMBER.fullmatch(text) is None or len(whole) not in self.digits:
            return None
        days = self.start is SPREADSHEET  # a fraction of a day is the time
        made = self.start + (float(text) if days else int(whole) // self.per) * self.unit
        return made if SINCE <= made < UNTIL else None


COUNTS = (
    Count("seconds since 1970-01-01", range(9, 11), timedelta(seconds=1)),
    Count("milliseconds since 1970-01-01", range(12, 14), timedelta(milliseconds=1)),
    Count("microseconds since 1970-01-01", range(15, 17), timedelta(microseconds=1)),
    Count("nanoseconds since 1970-01-01", range(18, 20), timedelta(microseconds=1), per=1000),
    Count(
        "days since 1899-12-30, as a spreadsheet keeps dates",
        range(5, 6),
        timedelta(1),
        SPREADSHEET,
    ),
)


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """What nearly all malformed cells count."""
    wrong, kind = column.malformed, column.field.type
    if kind not in ("date", "datetime") or not wrong.values:
        return
    for way in COUNTS:
        shown = {value.text: moment for value in wrong.values if (moment := way.moment(value.text))}
        if len(shown) > 1 and wrong.share(shown.__contains__) >= NEARLY_ALL:
            text, moment = next(iter(shown.items()))
            meant = _written(moment, kind, "" if way.start is SPREADSHEET else "Z")
            yield Proposal(
                f"The {kind}s are written as {way.words}.",
                f'{examples(shown)}. "{text}" would be {meant}.',
                f"Rewrite the cells as {kind}s, such as {meant}.",
                covers=wrong.estimate(shown.__contains__),
            )
            return


def _written(moment: datetime, kind: str, zone: str) -> str:
    return moment.strftime("%Y-%m-%d" if kind == "date" else f"%Y-%m-%dT%H:%M:%S{zone}")
