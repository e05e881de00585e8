"""The sources as CSL-JSON, for Zotero, pandoc and whatever cites by the Citation Style Language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from claimpack.claims.bibliography import Reference
from claimpack.exporters.references import ReferenceList

TYPES = {
    "web-article": "webpage",
    "web-page": "webpage",
    "comment": "post",
    "video": "motion_picture",
    "journal-article": "article-journal",
    "systematic-review": "article-journal",
    "review": "article-journal",
    "instrument": "article-journal",
    "guideline": "report",
    "survey-report": "report",
    "regulatory-notice": "report",
    "news": "article-newspaper",
}
"""Types of CSL; all other kinds are documents."""


def _spell(listed: Iterable[Reference]) -> Iterator[str]:
    start = "[\n"
    for item in listed:
        yield start + json.dumps(_item(item), ensure_ascii=False)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def _item(item: Reference) -> dict[str, Any]:
    more = "There are more authors than are named." if item.others else ""
    date = [int(part) for part in item.date()]
    made = {
        "id": item.id,
        "type": TYPES.get(item.kind, "document"),
        "title": item.title,
        "author": [{"literal": name} for name in item.authors],
        "container-title": item.container,
        "publisher": item.publisher,
        "volume": item.volume,
        "issue": item.issue,
        "page": item.pages,
        "issued": {"date-parts": [date]} if date else {},
        "DOI": item.doi,
        "URL": item.url,
        "PMID": item.pmid,
        "note": " ".join(filter(None, (more, item.notes()))),
    }
    return {name: value for name, value in made.items() if value}


_FORMAT = ReferenceList(".json", _spell)
write, check = _FORMAT.write, _FORMAT.check

__all__ = ["check", "write"]
