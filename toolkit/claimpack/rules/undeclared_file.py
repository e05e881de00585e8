"""A data file lies beside the declared ones and the descriptor does not name it.

Why: Such a file is published with the package, and nobody checks it or says what
it is. Often it is a copy that was left behind, or a table that was forgotten.

Fails:
    data/a.csv and data/b.csv, of which only data/a.csv is a resource

Passes:
    data/a.csv and data/b.csv, both of them resources

Mend: Declare the file as a resource, or move it elsewhere.
"""

from __future__ import annotations

SEVERITY = "warning"
SCOPE = "descriptor"
CLAUSE = "Data Package, resources"
