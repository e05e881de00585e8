"""Patterns of users tried on values, bounded in time: some take for ever on some texts."""

from __future__ import annotations

from collections.abc import Callable

from claimpack.checks.patterns import Unlike


def whole(pattern: str) -> Callable[[str], bool]:
    """A test of whether a whole text matches a pattern; false once the pattern took too long."""
    unlike, hopeless = Unlike(pattern), False

    def matches(text: str) -> bool:
        nonlocal hopeless
        if hopeless:
            return False
        try:
            return not unlike(text)
        except TimeoutError:
            hopeless = True
            return False

    return matches


__all__ = ["whole"]
