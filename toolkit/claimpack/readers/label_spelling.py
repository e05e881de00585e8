"""How a label differs from the name of its field where both look the same: in words."""

from __future__ import annotations

import unicodedata
from itertools import takewhile

_NAMES = {
    " ": "a space",
    "\t": "a tab",
    "\n": "a newline",
    "\r": "a carriage return",
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte order mark",
}
_PLAIN = " \t\n\r"
_BLANK = ("Zs", "Zl", "Zp")
_UNSEEN = (*_BLANK, "Cc", "Cf")
"""Categories of characters that leave no mark: separators, controls, formats."""


def show(text: str) -> str:
    """A name in quotes, as messages show it."""
    return f'"{text}"'


def compared(label: str, name: str) -> tuple[str, str, str]:
    """A label and the name of its field as a message shows them, and what the label has besides.

    Code points are shown only where both look the same and no words say why.
    """
    how = edges(label) or _inside(label, name)
    if how and _seen(label) == _seen(name):
        return show(label), show(name), how
    alike = unicodedata.normalize("NFKC", label) == unicodedata.normalize("NFKC", name)
    if alike or not (label + name).isascii():
        return f"{show(label)} ({_points(label)})", f"{show(name)} ({_points(name)})", ""
    return show(label), show(name), ""


def edges(label: str) -> str:
    """What a label has at its ends that cannot be seen; empty where nothing."""
    front = "".join(takewhile(_unseen, label))
    back = "".join(takewhile(_unseen, reversed(label))) if len(front) < len(label) else ""
    said = [f"starts with {_named(front)}"] if front else []
    said += [f"ends in {_named(back[::-1])}"] if back else []
    return f", which {' and '.join(said)}" if said else ""


def _inside(label: str, name: str) -> str:
    odd = dict.fromkeys(char for char in label if _unseen(char) and char not in name)
    return f", which contains {' and '.join(map(_named, odd))}" if odd else ""


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN


def _seen(text: str) -> str:
    """A text as it looks: every separator a space, and no space at its ends."""
    kinds = ((char, unicodedata.category(char)) for char in text)
    return "".join(
        " " if kind in _BLANK or char in _PLAIN else char
        for char, kind in kinds
        if kind not in _UNSEEN or kind in _BLANK or char in _PLAIN
    ).strip()


def _named(run: str) -> str:
    """A run of characters by the name of its first."""
    if len(run) > 1 and set(run) == {" "}:
        return f"{len(run)} spaces"
    name = _NAMES.get(run[0]) or f"a {unicodedata.name(run[0], 'control character').lower()}"
    return name if run[0] in _PLAIN else f"{name} (U+{ord(run[0]):04X})"


def _points(text: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in text[:24]) + (" ..." if text[24:] else "")


__all__ = ["compared", "edges", "show"]
