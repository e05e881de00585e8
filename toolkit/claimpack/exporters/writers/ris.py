"""The sources as RIS in UTF-8, for reference managers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claimpack.claims.bibliography import Reference
from claimpack.exporters.references import ReferenceList

TYPES = {
    "web-article": "ELEC",
    "web-page": "ELEC",
    "comment": "ELEC",
    "video": "VIDEO",
    "journal-article": "JOUR",
    "systematic-review": "JOUR",
    "review": "JOUR",
    "instrument": "JOUR",
    "guideline": "RPRT",
    "survey-report": "RPRT",
    "regulatory-notice": "GOVDOC",
    "news": "NEWS",
}
"""Types of RIS; all other kinds are GEN."""
END = "\r\n"
_RANGE = re.compile(r"(\w+)[-\u2013](\w+)")


def _spell(listed: Iterable[Reference]) -> Iterator[str]:
    for item in listed:
        lines = (f"{tag}  - {value}{END}" for tag, value in _tags(item) if value)
        yield f"{''.join(lines)}ER  - {END}{END}"


def _tags(item: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES.get(item.kind, "GEN")
    yield "ID", item.id
    yield from (("AU", name) for name in item.authors)
    yield "TI", item.title
    yield "T2", item.container
    yield "PB", item.publisher
    yield "VL", item.volume
    yield "IS", item.issue
    span = _RANGE.fullmatch(item.pages)
    yield "SP", span[1] if span else item.pages
    yield "EP", span[2] if span else ""
    date = item.date()
    yield "PY", date[0] if date else ""
    yield "DA", "/".join((*date, "", "", "")[:3]) + "/" if len(date) > 1 else ""
    yield "DO", item.doi
    yield "UR", item.url
    yield "AN", item.pmid
    yield "DB", "PubMed" if item.pmid else ""
    more = "There are more authors than are named." if item.others else ""
    yield "N1", " ".join(filter(None, (more, item.notes())))


_FORMAT = ReferenceList(".ris", _spell)
write, check = _FORMAT.write, _FORMAT.check

__all__ = ["check", "write"]
