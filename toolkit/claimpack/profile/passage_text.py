"""A passage's text is not where it was, or not there at all.

Why: A passage proves itself by the hash of its text. Where the hash does not hold at
its position, the row names other words than the curator read; `verify-sources`
looks for them elsewhere in the text by head and tail.

Fails:
    char_start 400 where the words of the passage begin at 412

Passes:
    a passage whose sha256 is that of the text from char_start to char_end

Mend: Take over the position that the message gives, or anchor the passage anew.
"""

from __future__ import annotations

SEVERITY = "error"
SCOPE = "corpus"
CLAUSE = "Claims profile, passages; Web Annotation, TextPositionSelector"
