"""A licence has a name that is no common identifier, and no path to its text.

Why: A licence is found, compared and trusted by its identifier. A name of one's
own tells nobody what is allowed, unless a path leads to the text.

Fails:
    "licenses": [{"name": "cc by"}]

Passes:
    "licenses": [{"name": "CC-BY-4.0"}]

Mend: Write the identifier of the Open Definition or the SPDX, or add the path of the text.
"""

from __future__ import annotations

SEVERITY = "warning"
SCOPE = "descriptor"
CLAUSE = "Data Package, licenses"
