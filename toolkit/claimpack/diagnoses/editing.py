"""Patches as changes of text, for viewers that apply such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from claimpack.descriptor.json_text import edited
from claimpack.report import Diagnosis, Edit

LONGEST = 1 << 20
"""Most characters of a file whose changes are worked out."""


def with_edits(item: Diagnosis, texts: Mapping[str, str]) -> Diagnosis:
    """The diagnosis with its patch as changes of text, where the files' texts are known."""
    return replace(item, edits=tuple(_edits(item, texts)))


def _edits(item: Diagnosis, texts: Mapping[str, str]) -> Iterator[Edit]:
    for file in dict.fromkeys(operation.file for operation in item.patch):
        text = texts.get(file)
        if text is None or len(text) > LONGEST:
            continue
        after = edited(text, [operation for operation in item.patch if operation.file == file])
        start = _alike(text, after)
        rest, new = text[start:], after[start:]
        same = _alike(rest[::-1], new[::-1])
        end = len(text) - same
        yield Edit(file, _place(text, start), _place(text, end), new[: len(new) - same])


def _alike(one: str, other: str) -> int:
    """The number of characters that two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a position."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


__all__ = ["with_edits"]
