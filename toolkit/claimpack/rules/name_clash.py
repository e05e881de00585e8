"""Two names or paths differ by case only.

Why: `Data.csv` and `data.csv` are two files on Linux and one on macOS and Windows,
where one of them overwrites the other without a word when the package is
unpacked. The same holds for letters with accents that are encoded in two forms.

Fails:
    {"name": "a", "path": "data.csv"} and {"name": "A", "path": "Data.csv"}

Passes:
    {"name": "a", "path": "data.csv"} and {"name": "b", "path": "other.csv"}

Mend: Rename one of the two.
"""

from __future__ import annotations

SEVERITY = "warning"
SCOPE = "descriptor"
CLAUSE = "Data Resource, name; Data Resource, path"
