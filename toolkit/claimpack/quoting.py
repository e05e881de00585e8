"""Texts as SQL literals and as SQL names."""

from __future__ import annotations


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A text as an SQL name."""
    return '"' + text.replace('"', '""') + '"'


__all__ = ["literal", "name"]
