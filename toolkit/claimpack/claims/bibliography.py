"""The sources of a claims package as references: what each says of itself, and nothing more.

Names stay as the document gives them, since nobody can tell a family name from a given one
in all of them; volume, issue and pages are told apart where they are written as usual.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claimpack.claims.tables import recognised, stands
from claimpack.descriptor.model import Package, Resource

TABLE = "sources"
KEY = "source_id"

_OTHERS = frozenset({"et al", "et al.", "and others", "others"})
_PLACE = re.compile(
    r"(?P<volume>[\w.]+)(?:\((?P<issue>[^()]+)\))?(?::(?P<pages>[\w.]+(?:[-\u2013][\w.]+)*))?"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One source. What is not known is empty.

    Attributes:
        id: Its key in the package.
        kind: What sort of document it is, as the table says.
        title: Title as the document gives it.
        authors: Authors as the document names them.
        others: Whether there are more authors than are named.
        publisher: Who published it.
        container: Journal, series or site that it is part of.
        volume: Volume; empty where volume and pages are not written as usual.
        issue: Issue, likewise.
        pages: Pages or article number, likewise.
        place: Volume and pages as they are written, where they are not told apart.
        published: Year, year-month or day.
        url: Address.
        doi: DOI without a prefix.
        pmid: Identifier in PubMed.
        verification: How far all this was checked.
        note: What else is to be known.
    """

    id: str
    kind: str
    title: str
    authors: tuple[str, ...]
    others: bool
    publisher: str
    container: str
    volume: str
    issue: str
    pages: str
    place: str
    published: str
    url: str
    doi: str
    pmid: str
    verification: str
    note: str

    def date(self) -> tuple[str, ...]:
        """Year, month and day, as far as they are known."""
        return tuple(self.published.split("-")) if self.published else ()

    def notes(self) -> str:
        """Everything that has no field of its own, in one line."""
        told = [f"Verification: {self.verification}." if self.verification else "", self.place]
        return " ".join(filter(None, (*told, self.note)))


def table(package: Package) -> Resource | None:
    """The package's table of sources; None where it has none."""
    if not recognised(package):
        return None
    for item in package.resources:
        if item.tabular and item.name == TABLE and item.schema is not None:
            names = {field.name for field in item.schema.fields}
            return item if {KEY, "title"} <= names else None
    return None


def reference(row: Mapping[str, Any]) -> Reference | None:
    """A row as a reference; None for one that was withdrawn or replaced by another."""
    if not stands(row):
        return None
    named = [name for part in _cell(row, "authors").split(";") if (name := part.strip())]
    written = _cell(row, "volume_pages")
    found = _PLACE.fullmatch(written)
    parts = found.groupdict("") if found and (found["issue"] or found["pages"]) else {}
    return Reference(
        id=_cell(row, KEY),
        kind=_cell(row, "kind"),
        title=_cell(row, "title"),
        authors=tuple(name for name in named if name.lower() not in _OTHERS),
        others=any(name.lower() in _OTHERS for name in named),
        publisher=_cell(row, "publisher"),
        container=_cell(row, "container"),
        volume=parts.get("volume", ""),
        issue=parts.get("issue", ""),
        pages=parts.get("pages", ""),
        place="" if parts else written,
        published=_cell(row, "published"),
        url=_cell(row, "url"),
        doi=_cell(row, "doi"),
        pmid=_cell(row, "pmid"),
        verification=_cell(row, "verification"),
        note=_cell(row, "note"),
    )


def _cell(row: Mapping[str, Any], name: str) -> str:
    """A cell as one line of text, empty for null."""
    value = row.get(name)
    return "" if value is None else " ".join(str(value).split())


__all__ = ["KEY", "TABLE", "Reference", "reference", "table"]
