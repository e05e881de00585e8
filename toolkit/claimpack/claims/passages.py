"""Finds words in a source's text and says where they stand, as a row of passages."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimpack.curate import files, rows
from claimpack.descriptor.model import Package
from claimpack.errors import UnreadableError, UsageError

TABLE = "passages"
WORDS = 4
"""Most words of a head or a tail."""
ALIKE = ("'\u2018\u2019\u02bc", '"\u201c\u201d\u201e', "-\u2010\u2011\u2013\u2014")
"""Marks that a keyboard has one of and typography several."""
AROUND = 24
"""Characters of the text shown on either side of a place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand, and what is around them."""

    start: int
    end: int
    context: str


class NotOneError(UsageError):
    """The words do not stand at exactly one place; `places` are those where they do."""

    def __init__(self, message: str, places: tuple[Place, ...] = ()) -> None:
        super().__init__(message)
        self.places = places


@dataclass(frozen=True, slots=True)
class Located:
    """A passage, as its row has it."""

    passage_id: str
    source_id: str
    char_start: int
    char_end: int
    sha256: str
    head: str
    tail: str


def locate(
    package: Package,
    source_id: str,
    words: str,
    corpus: Path,
    *,
    passage_id: str | None = None,
    nth: int | None = None,
) -> tuple[Located, str]:
    """The passage of these words in a source's text, and the line to put into passages.

    Any white space in the words stands for any in the text, and a typewriter's quotes
    and hyphens for those of typography; capitals count.

    Args:
        package: A claims data package.
        source_id: The source.
        words: Words of its text.
        corpus: Folder that holds the texts.
        passage_id: Key of the passage, made of its head where none is given.
        nth: Which of several places is meant, from 1.

    Raises:
        UsageError: There is no such source or folder, the passage or its key is registered
            already, or the words stand nowhere or at several places (`NotOneError`).
        UnreadableError: The text with the source's hash is not in the folder.
    """
    sources = rows.read(package, "sources")
    source = next((row for row in sources.dicts() if row["source_id"] == source_id), None)
    if source is None:
        raise UsageError(f'no source "{source_id}"; register it with claimpack new-source')
    text = _text(source_id, source.get("text_sha256", ""), corpus)
    place = _one(text, source_id, words, nth)
    table = rows.read(package, TABLE)
    span = text[place.start : place.end]
    head, tail = _head(span), _tail(span)
    if not head or not tail:
        raise UsageError("the passage begins or ends with a control character; choose other words")
    taken = _known(table, source_id, place)
    found = Located(
        _key(passage_id, source_id, head, taken),
        source_id,
        place.start,
        place.end,
        hashlib.sha256(span.encode("utf-8")).hexdigest(),
        head,
        tail,
    )
    values = {name: str(getattr(found, name)) for name in Located.__slots__}
    cells = [values.get(label, "") for label in table.labels]
    return found, rows.line(cells, table.resource.dialect.delimiter, "")


def _text(source_id: str, sha256: str, corpus: Path) -> str:
    """The text that the source was registered with."""
    if not corpus.is_dir():
        raise UsageError(f"the folder {corpus} does not exist")
    if not sha256:
        raise UsageError(f'no text is registered for "{source_id}"; its text_sha256 is empty')
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        data = files.read(path)
        if hashlib.sha256(data).hexdigest() == sha256:
            return files.decode(data, path)
    raise UnreadableError(
        f'no file in {corpus} has the text of "{source_id}" (SHA-256 {sha256[:12]}…)'
    )


def _one(text: str, source_id: str, words: str, nth: int | None) -> Place:
    if not words.strip():
        raise UsageError("expected words to look for, found none")
    places = tuple(_places(text, words))
    if nth is not None and places:
        if not 1 <= nth <= len(places):
            listed = "1 place" if len(places) == 1 else f"{len(places)} places"
            raise NotOneError(f"the words are at {listed} in {source_id}, not at {nth}", places)
        return places[nth - 1]
    if len(places) == 1:
        return places[0]
    if places:
        message = (
            f"the words are {len(places)} times in {source_id}; add words around them, "
            "or choose with --nth"
        )
        raise NotOneError(message, places)
    other = tuple(_places(text, words, re.IGNORECASE))
    hint = "; with other capitals they are" if other else ""
    raise NotOneError(f"the words are not in {source_id}{hint}", other)


def _places(text: str, words: str, flags: int = 0) -> Iterator[Place]:
    """Every place where the words stand as whole words."""
    pattern = re.compile(_pattern(words), flags)
    match = pattern.search(text)
    while match:
        start, end = match.span()
        around = text[max(start - AROUND, 0) : end + AROUND]
        yield Place(start, end, " ".join(around.split()))
        match = pattern.search(text, start + 1)


def _pattern(words: str) -> str:
    tokens = words.split()
    inner = r"\s+".join("".join(map(_alike, token)) for token in tokens)
    before = r"(?<!\w)" if re.match(r"\w", tokens[0]) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", tokens[-1]) else ""
    return f"{before}{inner}{after}"


def _alike(char: str) -> str:
    group = next((group for group in ALIKE if char in group), None)
    return f"[{re.escape(group)}]" if group else re.escape(char)


def _head(span: str) -> str:
    """The first words of a span, as they stand, up to a line's end or what cannot be seen."""
    end = next((place for place, char in enumerate(span) if not _visible(char)), len(span))
    words = list(re.finditer(r"\S+", span[:end]))[:WORDS]
    return span[: words[-1].end()] if words else ""


def _tail(span: str) -> str:
    """The last words of a span, in the same way."""
    hidden = (place for place in range(len(span), 0, -1) if not _visible(span[place - 1]))
    seen = span[next(hidden, 0) :]
    words = list(re.finditer(r"\S+", seen))[-WORDS:]
    return seen[words[0].start() :] if words else ""


def _visible(char: str) -> bool:
    return char.isprintable() or unicodedata.category(char) == "Zs"


def _known(table: rows.Rows, source_id: str, place: Place) -> set[str]:
    """The keys that are taken; UsageError where the passage is registered already."""
    for row in table.dicts():
        span = (row["source_id"], row["char_start"], row["char_end"])
        if span == (source_id, str(place.start), str(place.end)):
            raise UsageError(f'this is already the passage "{row["passage_id"]}"')
    return set(table.column("passage_id"))


def _key(given: str | None, source_id: str, head: str, taken: set[str]) -> str:
    if given is not None:
        if given in taken:
            raise UsageError(f'the passage "{given}" already exists; give another key with --id')
        return given
    base = rows.slug(f"{source_id} {head}") or source_id
    return next(key for key in _keys(base) if key not in taken)


def _keys(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


__all__ = ["Located", "NotOneError", "Place", "locate"]
