"""A reference in the descriptor leads out of the package, or to what is no file.

Why: Whoever opens a package must be sure that it can make no tool read other
files of the computer, wait for ever on a pipe, or fetch from a network. So a path
is relative, has no `..`, no backslash and no scheme but http and https (version 2:
ftp and ftps), follows no link out of the package's folder, and ends at a regular
file. Hidden folders are forbidden by version 2; under version 1 they are a warning.
A package in a zip file is refused whole where a member of it has such a path, is a
link, or stands in it twice.

Fails:
    {"name": "table", "path": "../table.csv"}

Passes:
    {"name": "table", "path": "data/table.csv"}

Mend: Put the file into the package's folder and name it by its path from there.
"""

from __future__ import annotations

SEVERITY = "error"
SCOPE = "descriptor"
CLAUSE = "Data Resource, URL or Path"
STOPS = True
