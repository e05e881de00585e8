"""The physical line of a record, in a table of one file or of several."""

from __future__ import annotations

FILE = 1 << 40
"""A line number carries the number of its file: the second file's lines are counted from here
on, the third's from twice here on. No file has so many lines."""
