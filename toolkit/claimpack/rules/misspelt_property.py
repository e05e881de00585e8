"""A property has a name that the standard does not know, very near to one that it does.

Why: Properties of one's own are allowed, so no tool objects to `constrants`, and
the constraints in it are checked by none. The same holds for a known property in
the wrong place, such as `required` beside `constraints` instead of within it.
Names that are near to no known one are taken for properties of one's own; a
constraint that nobody knows is always told, since it is not checked.

Fails:
    {"name": "id", "constrants": {"required": true}}

Passes:
    {"name": "id", "constraints": {"required": true}}

Mend: Correct the name, or move the property to where it belongs.
"""

from __future__ import annotations

SEVERITY = "warning"
SCOPE = "descriptor"
CLAUSE = "Glossary, Custom Properties"
