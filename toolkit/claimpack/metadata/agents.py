"""Who made a package: contributors in the forms of both versions and of older descriptors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from claimpack.metadata import values

Kind = Literal["person", "organisation"]

CREATORS = frozenset({"author", "creator"})
PUBLISHER = "publisher"
_OLDER = (("author", "author"), ("authors", "author"), ("maintainers", "maintainer"))
_PUBLISHERS = (("publisher", PUBLISHER), ("publishers", PUBLISHER))
_SIGNED = re.compile(r"([^<(]*)(?:<([^>]*)>)?\s*(?:\(([^)]*)\))?")
"""`Name <mail> (address)`, each but the first to be left out."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or an organisation.

    Attributes:
        name: The name in one piece.
        given: Given name of a person, where it is stated.
        family: Family name, likewise.
        kind: Whether it is a person or an organisation; None where the descriptor does not
            tell: names in parts, an affiliation or an ORCID make a person, a ROR id or a
            title that is the `organization` itself an organisation.
        affiliation: The organisation that a person belongs to.
        mail: Address of mail.
        url: Address of the web.
        roles: Roles in lower case.
    """

    name: str
    given: str = ""
    family: str = ""
    kind: Kind | None = None
    affiliation: str = ""
    mail: str = ""
    url: str = ""
    roles: tuple[str, ...] = ()

    @property
    def orcid(self) -> str:
        """The ORCID that the address is."""
        return values.orcid(self.url)

    @property
    def ror(self) -> str:
        """The ROR id that the address is."""
        return values.ror(self.url)


def read(raw: Mapping[str, Any]) -> tuple[Agent, ...]:
    """Everyone whom a descriptor names and who has a name, each once."""
    found: dict[Agent, None] = {}
    for key, role in (("contributors", ""), *_OLDER, *_PUBLISHERS):
        declared = raw.get(key)
        for item in declared if isinstance(declared, list) else [declared]:
            for agent in _agent(item, role):
                found[agent] = None
    return tuple(found)


def creators(agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """Those with the role of author or creator; where nobody has, all but mere publishers."""
    named = tuple(agent for agent in agents if CREATORS & set(agent.roles))
    return named or tuple(agent for agent in agents if set(agent.roles) != {PUBLISHER})


def publishers(agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """Those with the role of publisher."""
    return tuple(agent for agent in agents if PUBLISHER in agent.roles)


def _agent(item: Any, role: str) -> Iterator[Agent]:
    if isinstance(item, str):
        item = _signed(item)
    if not isinstance(item, dict):
        return
    given, family = values.first(item, "givenName"), values.first(item, "familyName")
    name = values.first(item, "title", "name") or " ".join(filter(None, (given, family)))
    within = values.first(item, "organization", "organisation")
    name = name or within
    if not name:
        return
    url = next(filter(None, (values.address(item.get(key)) for key in ("path", "web", "url"))), "")
    own = (*values.texts(item.get("roles")), *values.texts(item.get("role")), role)
    yield Agent(
        name,
        given,
        family,
        _kind(name, given or family, within, url),
        "" if within == name else within,
        values.mail(item.get("email")),
        url,
        tuple(dict.fromkeys(text.lower() for text in own if text)),
    )


def _kind(name: str, parts: str, within: str, url: str) -> Kind | None:
    if parts or values.orcid(url):
        return "person"
    if within == name or values.ror(url):
        return "organisation"
    return "person" if within else None


def _signed(text: str) -> dict[str, str]:
    match = _SIGNED.fullmatch(text.strip())
    name, mail, web = match.groups(default="") if match else (text, "", "")
    return {"title": name, "email": mail, "path": web}


__all__ = ["CREATORS", "PUBLISHER", "Agent", "Kind", "creators", "publishers", "read"]
