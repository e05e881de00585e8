"""The sources as BibTeX in UTF-8, for LaTeX and reference managers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claimpack.claims.bibliography import Reference
from claimpack.exporters.naming import distinct
from claimpack.exporters.references import ReferenceList

ARTICLES = frozenset({"journal-article", "systematic-review", "review", "instrument"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{mark: f"\\{mark}" for mark in "$&#_%"},
    }
)
_BRACES = str.maketrans({"{": "%7B", "}": "%7D"})
_RANGE = re.compile(r"(?<=\d)[-\u2013](?=[A-Za-z]?\d+$)")


def _spell(listed: Iterable[Reference]) -> Iterator[str]:
    items = list(listed)
    for item, key in zip(items, distinct((item.id for item in items), _key), strict=True):
        kind = "article" if item.kind in ARTICLES and item.container else "misc"
        lines = [f"  {name} = {value},\n" for name, value in _fields(item, kind)]
        yield f"@{kind}{{{key},\n{''.join(lines)}}}\n\n"


def _key(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9:._+/-]+", "-", text) or "source"


def _fields(item: Reference, kind: str) -> Iterator[tuple[str, str]]:
    """Names and values, the values as they stand in the file."""
    names = [f"{{{_tex(name)}}}" for name in item.authors] + ["others"] * item.others
    if names:
        yield "author", f"{{{' and '.join(names)}}}"
    yield "title", f"{{{{{_tex(item.title)}}}}}"
    container = "journal" if kind == "article" else "howpublished"
    pages = _RANGE.sub("--", item.pages)
    given = [(container, item.container), ("publisher", item.publisher)]
    given += [("volume", item.volume), ("number", item.issue), ("pages", pages)]
    yield from ((name, f"{{{_tex(value)}}}") for name, value in given if value)
    year, month, day = (*item.date(), "", "", "")[:3]
    if year:
        yield "year", f"{{{year}}}"
    if month:
        yield "month", MONTHS[int(month) - 1]
    if day:
        yield "date", f"{{{item.published}}}"
    if item.doi:
        yield "doi", f"{{{item.doi.translate(_BRACES)}}}"
    if item.url:
        yield "url", f"{{{item.url.translate(_BRACES)}}}"
    if item.pmid:
        yield "pmid", f"{{{_tex(item.pmid)}}}"
    if item.notes():
        yield "note", f"{{{_tex(item.notes())}}}"


def _tex(text: str) -> str:
    """A text in which nothing is a command of TeX."""
    return text.translate(_SPECIAL)


_FORMAT = ReferenceList(".bib", _spell)
write, check = _FORMAT.write, _FORMAT.check

__all__ = ["check", "write"]
