"""Windows cannot store a file of this name.

Why: A package that is copied or unpacked on Windows loses the file, or the copy stops.
Windows reserves the names of devices (CON, PRN, AUX, NUL, COM0 to COM9, LPT0 to LPT9) whatever
ending follows, does not allow < > : " | ? * and control characters in a name, and drops a dot or
a space at its end. A resource with the name of a device is exported as such a file.

Fails:
    {"name": "aux", "path": "data.csv"}
    {"name": "data", "path": "10:30.csv"}

Passes:
    {"name": "auxiliary", "path": "10-30.csv"}

Mend: Rename the file or the resource.
"""

from __future__ import annotations

SEVERITY = "warning"
SCOPE = "descriptor"
CLAUSE = "Data Resource, name; Data Resource, path; Microsoft, Naming Files, Paths, and Namespaces"
