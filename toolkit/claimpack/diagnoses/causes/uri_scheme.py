"""URIs have no scheme, such as https:.

Why: The format uri means a URI of RFC 3986, which begins with a scheme. People write
www.example.org, a DOI without https://doi.org/, or the path of a file. Without the format the
field accepts them as texts, and nothing checks that they are addresses.

Fails:
    {"name": "page", "format": "uri"} and the cells `www.example.org`, `example.org/a`

Fix: Write each URI with its scheme, as in https://www.example.org, or remove the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claimpack.diagnoses.allowed import NEARLY_ALL
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples

SCOPE = "column"

_PART = r"[^\s:/?#.<>\"{}|\\^`]+"
_WITHOUT = re.compile(
    rf"//.+|{_PART}(?:\.{_PART})+(?:[:/?#]\S*)?|\.{{0,2}}(?:/{_PART}(?:\.{_PART})*)+/?"
    rf"|(?:{_PART}/)+{_PART}(?:\.{_PART})+"
)
"""A host with what follows it, or the path of a file."""


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To write the scheme, or to remove the format."""
    wrong = column.malformed
    if column.field.type != "string" or column.field.format != "uri":
        return
    part = wrong.only(_without)
    if len(part.values) > 1 and part.count >= NEARLY_ALL * wrong.count:
        yield Proposal(
            "The URIs have no scheme, such as https:.",
            f"{examples(part.values)}.",
            'Write each with its scheme, or remove "format": "uri" from the field.',
            (column.unset("format"),),
            widens=1,
        )


def _without(text: str) -> bool:
    """Whether a text is an address without its scheme, and not a number or a date."""
    return _WITHOUT.fullmatch(text) is not None and any(c.isalpha() or c == "/" for c in text)
