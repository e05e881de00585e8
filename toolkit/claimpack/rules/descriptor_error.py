"""The descriptor breaks the standard.

Why: The descriptor is all that a reader knows of the data. Where it is wrong, two
tools read two packages, or none. Every part that can be understood is used all
the same, so that one wrong property does not keep the data from being checked.

Fails:
    {"name": "price", "type": "number", "constraints": {"minimum": "abc"}}

Passes:
    {"name": "price", "type": "number", "constraints": {"minimum": 0}}

Mend: Correct the descriptor at the place that the JSON pointer names.
"""

from __future__ import annotations

SEVERITY = "error"
SCOPE = "descriptor"
CLAUSE = "Data Package; Data Resource; Table Schema; Table Dialect"
