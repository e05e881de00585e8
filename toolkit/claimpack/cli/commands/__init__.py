"""The commands, one module each, found by being here; hyphens in a name are underscores.

A module has a function `command` that returns the exit code, whose docstring is
the help text, and `EXAMPLES`, shown below it. What a command needs beyond its
options it imports when it runs.
"""
