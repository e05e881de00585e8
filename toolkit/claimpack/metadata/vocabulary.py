"""A package in the words of schema.org, which several catalogues build on."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from claimpack.metadata.agents import Agent
from claimpack.metadata.licences import Licence
from claimpack.metadata.release import File
from claimpack.metadata.subject import Source, Subject
from claimpack.metadata.values import address
from claimpack.metadata.writing import filled

KINDS = {"person": "Person", "organisation": "Organization"}


def dataset(subject: Subject) -> dict[str, Any]:
    """The properties of a Dataset that stand in the descriptor."""
    other = subject.name if subject.name != subject.title else ""
    return filled(
        {
            "name": subject.title,
            "alternateName": other,
            "description": subject.description,
            "url": subject.homepage,
            "identifier": f"https://doi.org/{subject.doi}" if subject.doi else subject.id,
            "version": subject.version,
            "datePublished": subject.day and subject.day.isoformat(),
            "dateCreated": subject.created and subject.created.isoformat(),
            "license": [licence(item) for item in subject.licences],
            "keywords": list(subject.keywords),
            "creator": [agent(item) for item in subject.creators],
            "contributor": [agent(item) for item in subject.others],
            "publisher": [agent(item) for item in subject.publishers],
            "isBasedOn": [source(item) for item in subject.sources],
        }
    )


def agent(item: Agent) -> dict[str, Any]:
    """A Person or an Organization; without a type where the descriptor does not tell which."""
    within = {"@type": "Organization", "name": item.affiliation} if item.affiliation else None
    return filled(
        {
            "@type": KINDS.get(item.kind or ""),
            "name": item.name,
            "givenName": item.given,
            "familyName": item.family,
            "affiliation": within,
            "email": item.mail,
            "url": item.url,
        }
    )


def licence(item: Licence) -> str | dict[str, Any]:
    """The address of a licence, else its name."""
    return item.url or filled(
        {"@type": "CreativeWork", "name": item.label, "alternateName": item.name}
    )


def source(item: Source) -> dict[str, Any]:
    """What the package is made from."""
    return filled(
        {
            "@type": "CreativeWork",
            "name": item.title,
            "url": item.url,
            "version": item.version,
        }
    )


def citation(subject: Subject) -> str:
    """How to cite the package: who, when, what, and the DOI where there is one."""
    names = "; ".join(agent.name for agent in subject.creators)
    year = f" ({subject.day.year})" if subject.day else ""
    version = f", version {subject.version}" if subject.version else ""
    doi = f" https://doi.org/{subject.doi}" if subject.doi else ""
    return f"{names}{year}. {subject.title}{version}.{doi}"


def link(file: File) -> str:
    """The file's address, relative to the description where it is not remote."""
    return address(file.path) or quote(file.path)


def size(file: File) -> str:
    """The file's size in bytes, empty where it is not known."""
    return "" if file.bytes is None else f"{file.bytes} B"


__all__ = ["KINDS", "agent", "citation", "dataset", "licence", "link", "size", "source"]
