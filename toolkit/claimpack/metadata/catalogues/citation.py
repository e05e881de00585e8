"""CITATION.cff, the Citation File Format 1.2, which GitHub and reference managers read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from claimpack.metadata.agents import Agent
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.licences import Licence
from claimpack.metadata.subject import Subject
from claimpack.metadata.writing import encoded, filled, yaml_text

FILE = "CITATION.cff"
MESSAGE = "If you use the data, please cite them as below."
NEWER = frozenset(
    {"CC-BY-3.0-AU", "CC-BY-3.0-DE", "CC-BY-3.0-IGO", "CDLA-Permissive-2.0", "NLOD-2.0"}
)
"""Licences that the SPDX's list has and the older one in the format's version 1.2 has not."""
_DOI = re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The package as a dataset to be cited."""
    if not subject.title or not subject.creators:
        raise LackingError("a citation needs a title and a contributor other than a publisher")
    if subject.doi and not _DOI.fullmatch(subject.doi):
        tell(f"the DOI {subject.doi} has characters that the format does not allow")
    listed = [item.spdx for item in subject.licences if item.spdx and item.spdx not in NEWER]
    return encoded(
        yaml_text(
            filled(
                {
                    "cff-version": "1.2.0",
                    "message": MESSAGE,
                    "title": subject.title,
                    "type": "dataset",
                    "version": subject.version,
                    "doi": subject.doi if _DOI.fullmatch(subject.doi) else "",
                    "date-released": subject.day and subject.day.isoformat(),
                    "license": listed[0] if len(listed) == 1 else listed,
                    "license-url": _address(subject.licences, listed, tell),
                    "url": subject.homepage,
                    "authors": [_author(agent) for agent in subject.creators],
                    "abstract": subject.description,
                    "keywords": subject.keywords,
                }
            )
        )
    )


def _address(licences: tuple[Licence, ...], listed: list[str], tell: Callable[[str], None]) -> str:
    """The address of a licence where none has an identifier that the format knows."""
    urls = [item.url for item in licences if item.url and item.spdx not in listed]
    lost = [item.label for item in licences if item.spdx not in listed and not item.url]
    if listed:
        lost = [item.label for item in licences if item.spdx not in listed]
    else:
        lost += urls[1:]
    for label in lost:
        tell(f"the licence {label} is left out: the format allows SPDX identifiers or one address")
    return "" if listed or not urls else urls[0]


def _author(agent: Agent) -> dict[str, Any]:
    """A person where there is a name in parts, else an entity of that name."""
    if agent.given or agent.family:
        return filled(
            {
                "given-names": agent.given,
                "family-names": agent.family,
                "affiliation": agent.affiliation,
                "orcid": f"https://orcid.org/{agent.orcid}" if agent.orcid else "",
                "email": agent.mail,
                "website": "" if agent.orcid else agent.url,
            }
        )
    return filled(
        {
            "name": agent.name,
            "orcid": f"https://orcid.org/{agent.orcid}" if agent.orcid else "",
            "email": agent.mail,
            "website": "" if agent.orcid else agent.url,
        }
    )
