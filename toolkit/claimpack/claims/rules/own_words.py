"""A text of ours repeats six or more words in a row of a source.

Why: The package publishes what sources assert in words of its own: a sentence that
is taken over belongs to its author, and hides whether the claim was understood.

Fails:
    a statement that shares the run `one two three four five six` with its source

Passes:
    the same assertion said differently

Mend: Say it in other words.
"""

from __future__ import annotations

SEVERITY = "error"
SCOPE = "corpus"
CLAUSE = "Claims profile, claims"

RUN = 6
"""So many words in a row are taken over."""
