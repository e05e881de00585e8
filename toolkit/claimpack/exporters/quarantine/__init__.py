"""Quarantine: the valid rows of an invalid package, and the rejected ones in files of their own.

`sifting` finds the rows to reject and gives the package without them, `copying` writes a table
without some of its rows, and `writing` writes the rejected ones with their reasons.
"""
