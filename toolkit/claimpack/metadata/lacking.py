"""What stops a description."""

from __future__ import annotations


class LackingError(Exception):
    """The descriptor lacks what the catalogue cannot do without; the message says what."""


__all__ = ["LackingError"]
