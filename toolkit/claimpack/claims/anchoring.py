"""Finds a passage whose position is wrong: the one span of a text that has its hash.

A curator mistypes one number, swaps the source, or edits a document above the passage. Each
of these keeps something: the length, one end, the first or the last words. The spans that keep
something are hashed, the likeliest first; a hash that matches is proof, whatever led to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

BUDGET = 4 << 30
"""Characters that one run may hash in search of passages: about ten seconds."""
CANDIDATE = 1_000
"""What one candidate costs, beside its characters."""


class ExhaustedError(Exception):
    """The run has hashed as many characters as it may."""


class Budget:
    """What a run may still hash."""

    def __init__(self, characters: int = BUDGET) -> None:
        """Allow so many characters."""
        self.left = characters

    def spend(self, characters: int) -> None:
        """Take from what is left, for one candidate of so many characters.

        Raises:
            ExhaustedError: Nothing is left.
        """
        self.left -= characters + CANDIDATE
        if self.left < 0:
            raise ExhaustedError


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a passage is said to be, and what proves it.

    Attributes:
        start: First character, from 0; None where nothing is written.
        end: The character after the last; None where nothing is written.
        head: Its first words.
        tail: Its last words.
        sha256: The hash of its UTF-8 text, in hexadecimal digits.
    """

    start: int | None
    end: int | None
    head: str
    tail: str
    sha256: str

    def holds(self, text: str) -> bool:
        """Whether the span is inside the text and has the hash."""
        if self.start is None or self.end is None or not 0 <= self.start < self.end <= len(text):
            return False
        return sha256_of(text[self.start : self.end]) == self.sha256


Span = tuple[int, int]


def find(anchor: Anchor, text: str, budget: Budget) -> Span | None:
    """The span of the text that has the hash and keeps something of the anchor.

    Raises:
        ExhaustedError: The budget does not allow looking everywhere.
    """
    heads = list(_places(text, anchor.head))
    ends = [place + len(anchor.tail) for place in _places(text, anchor.tail)]
    start = anchor.start if anchor.start is not None and 0 <= anchor.start < len(text) else None
    end = anchor.end if anchor.end is not None and 0 < anchor.end <= len(text) else None
    heads.sort(key=lambda place: abs(place - (anchor.start or 0)))
    if anchor.start is not None and anchor.end is not None:
        length = anchor.end - anchor.start
        for head in heads:
            if 0 < length <= len(text) - head and _is(anchor, text, head, head + length, budget):
                return head, head + length
    if start is not None and (found := _from(anchor, text, start, ends, budget)):
        return found
    for head in heads:
        if end is not None and head < end and _is(anchor, text, head, end, budget):
            return head, end
    for head in heads:
        if found := _from(anchor, text, head, ends, budget):
            return found
    return None


def sha256_of(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _places(text: str, words: str) -> Iterator[int]:
    """Where some words begin; overlapping places, too."""
    place = text.find(words) if words else -1
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _is(anchor: Anchor, text: str, start: int, end: int, budget: Budget) -> bool:
    budget.spend(end - start)
    return sha256_of(text[start:end]) == anchor.sha256


def _from(anchor: Anchor, text: str, start: int, ends: list[int], budget: Budget) -> Span | None:
    """The span from a start to one of the ends, read once for all of them."""
    running, read = hashlib.sha256(), start
    for end in ends:
        if end <= start:
            continue
        budget.spend(end - read)
        running.update(text[read:end].encode("utf-8"))
        read = end
        if running.hexdigest() == anchor.sha256:
            return start, end
    return None


__all__ = ["Anchor", "Budget", "ExhaustedError", "find", "sha256_of"]
