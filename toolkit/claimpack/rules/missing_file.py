"""A file that the descriptor names is not there.

Why: A package without its data is none. Often the name is misspelt, or differs by
case only, which some computers forgive and others do not.

Fails:
    {"name": "table", "path": "Table.csv"} and a file table.csv

Passes:
    {"name": "table", "path": "table.csv"} and a file table.csv

Mend: Add the file to the package, or correct the path.
"""

from __future__ import annotations

SEVERITY = "error"
SCOPE = "descriptor"
CLAUSE = "Data Resource, path"
STOPS = True
