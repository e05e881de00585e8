"""Text from a descriptor set into Markdown or HTML: it can mark up no more than it may."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#+!|~&@:\"$]|(?<=www)\.", re.IGNORECASE)


def plain(text: str) -> str:
    """Without characters that control a terminal or the direction of writing."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, blank lines between them, each on one line."""
    parts = re.split(r"\n[ \t]*\n", plain(text))
    return [" ".join(part.split()) for part in parts if part.strip()]


def escaped(text: str) -> str:
    """One line of Markdown in which the text marks nothing up."""
    line = " ".join(plain(text).split())
    return _SPECIAL.sub(lambda match: f"&#{ord(match.group())};", line)


def prose(text: str) -> str:
    """Markdown as the descriptor has it, which the standard allows, without HTML in it."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").strip()


__all__ = ["escaped", "paragraphs", "plain", "prose"]
