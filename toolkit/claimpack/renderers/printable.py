"""The one gate between foreign text and the screen.

A cell, a name or a path may hold terminal escapes, line ends, invisible or
direction-changing characters. Whatever is not plainly visible is written as a
Python escape (`\\x1b`, `\\u202e`), so that it can be seen and can do nothing.
"""

from __future__ import annotations

LONGEST = 40
"""Most characters of a value that are shown."""


def printable(text: str) -> str:
    """The text on one line, every character that is not plainly visible escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def quoted(value: str | None, longest: int = LONGEST) -> str:
    """A value in quotes; a longer one is cut and its true length stands beside it."""
    if value is None:
        return "null"
    if len(value) <= longest:
        return f'"{printable(value)}"'
    return f'"{printable(value[:longest])}…" ({len(value):,} characters)'


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")


__all__ = ["LONGEST", "printable", "quoted"]
