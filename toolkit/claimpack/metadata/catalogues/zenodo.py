""".zenodo.json, which Zenodo takes the metadata of a deposit from."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from claimpack.metadata.agents import Agent
from claimpack.metadata.catalogues.datacite import contributor_type
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.subject import Subject
from claimpack.metadata.text import paragraphs
from claimpack.metadata.writing import filled, json_bytes

FILE = ".zenodo.json"


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The package as a deposit of the type dataset. Whether access is open is left to Zenodo."""
    lacks = [
        what
        for what, there in (
            ("a title or a name", subject.title),
            ("a contributor other than a publisher", subject.creators),
            ("a description", subject.description),
        )
        if not there
    ]
    if lacks:
        raise LackingError(f"Zenodo needs {', '.join(lacks)}")
    listed = [licence.spdx.lower() for licence in subject.licences if licence.spdx]
    lost = [licence.label for licence in subject.licences if not licence.spdx]
    for label in lost + listed[1:]:
        tell(f"the licence {label} is left out: Zenodo allows one SPDX identifier")
    return json_bytes(
        filled(
            {
                "title": subject.title,
                "upload_type": "dataset",
                "description": _description(subject.description),
                "creators": [_named(agent) for agent in subject.creators],
                "contributors": [
                    _named(agent) | {"type": contributor_type(agent)} for agent in subject.others
                ],
                "version": subject.version,
                "publication_date": subject.day and subject.day.isoformat(),
                "license": listed[0] if listed else "",
                "keywords": list(subject.keywords),
                "doi": subject.doi,
                "related_identifiers": [
                    {"identifier": item.doi or item.url, "relation": "isDerivedFrom"}
                    for item in subject.sources
                    if item.url
                ],
            }
        )
    )


def _named(agent: Agent) -> dict[str, Any]:
    parts = f"{agent.family}, {agent.given}" if agent.family and agent.given else ""
    return filled(
        {"name": parts or agent.name, "affiliation": agent.affiliation, "orcid": agent.orcid}
    )


def _description(text: str) -> str:
    """Paragraphs of HTML in which the text can mark nothing up."""
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs(text))
