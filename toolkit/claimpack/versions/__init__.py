"""Versions: two states of a package compared, and the step of the version that they ask for.

`comparison.compare` gives a `Difference`: what changed in the descriptor, and the rows
that were added, removed or changed cell by cell, read lazily. `text` and `markdown` write
it for reading, `changelog` as an entry of a change log.
"""
