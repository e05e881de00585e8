"""A passage's text is not at its position, or not in any document.

Why: The hash of a passage's text proves it. If the hash does not hold at the position, the
row points at other words than the curator read. `verify-sources` then looks for the text with
that hash: first where one number or the source may be mistyped, then from any place with the
words in `head` to any place with those in `tail`. What is not looked for everywhere, because
there are too many such places, is reported as not checked, never as missing.

Fails:
    char_start 400, but the words of the passage begin at 412
    source_id blog, but the passage is in the text of another source
    head "Ketamine harms", but the passage begins with "Ketamine heals"

Passes:
    a passage whose sha256 is that of the text from char_start to char_end

Mend: Write the position or the words that the fix gives, or locate the passage again.
"""

from __future__ import annotations

SEVERITY = "error"
SCOPE = "corpus"
CLAUSE = "Claims profile, passages; Web Annotation, TextPositionSelector"
