"""URIs contain characters that a URI cannot hold, such as é or a space.

Why: The format uri means a URI of RFC 3986, which is made of ASCII characters: others are
percent-encoded. Browsers show and accept addresses such as https://example.org/café, so they
are copied that way. Without the format the field accepts them as texts, and nothing checks that
they are addresses.

Fails:
    {"name": "page", "format": "uri"} and the cells `https://example.org/café`

Fix: Percent-encode the characters, as in https://example.org/caf%C3%A9, or remove the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from claimpack.checks.lexical import PATTERNS
from claimpack.diagnoses.allowed import NEARLY_ALL
from claimpack.diagnoses.symptoms import ColumnSymptoms, Proposal, examples

SCOPE = "column"
KEPT = "%:/?#[]@!$&'()*+,;=~"
"""Characters that mean something in a URI, and stay."""
SHOWN = 80
"""Characters of the longest address that is shown."""
_URI = re.compile(PATTERNS["string", "uri"])


def propose(column: ColumnSymptoms) -> Iterator[Proposal]:
    """To percent-encode the characters, or to remove the format."""
    item, wrong = column.field, column.malformed
    if item.type != "string" or item.format != "uri":
        return
    part = wrong.only(
        lambda text: _encoded(text) != text and _URI.fullmatch(_encoded(text)) is not None
    )
    if not 0 < NEARLY_ALL * wrong.count <= part.count:
        return
    text = min(part.values, key=lambda value: len(value.text)).text
    such = f', such as "{_encoded(text)}" for "{text}"' if len(_encoded(text)) <= SHOWN else ""
    outside = part.share(str.isascii) < 1
    yield Proposal(
        f"The URIs have {'characters outside ASCII' if outside else 'spaces or other characters'} "
        "that have to be percent-encoded.",
        f"{examples(part.values)}.",
        f'Percent-encode the cells{such}, or remove "format": "uri" from the field.',
        (column.unset("format"),),
        widens=1,
    )


def _encoded(text: str) -> str:
    return quote(text.strip(), safe=KEPT)
