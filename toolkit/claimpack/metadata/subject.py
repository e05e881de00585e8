"""What catalogues ask of a package, read once from its descriptor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from claimpack.descriptor.model import Package
from claimpack.metadata import agents, licences, values
from claimpack.metadata.agents import Agent
from claimpack.metadata.licences import Licence
from claimpack.metadata.release import Release


@dataclass(frozen=True, slots=True)
class Source:
    """A source that the descriptor names; any part of it may be empty."""

    title: str = ""
    url: str = ""
    version: str = ""

    @property
    def doi(self) -> str:
        """The DOI that the address is."""
        return values.doi(self.url)


@dataclass(frozen=True, slots=True)
class Subject:
    """A package and its release.

    Attributes:
        model: The package.
        release: Its files and the day of the release.
        name: The package's name, empty where it has none.
        title: Its title, else its name.
        description: As the descriptor has it, Markdown.
        version: As the descriptor has it.
        created: The day that the descriptor says it was created on.
        homepage: Address of the web.
        doi: DOI, without a prefix, where the property `id` is one.
        id: The property `id` as it is.
        licences: Licences.
        agents: Everyone named.
        keywords: Keywords.
        sources: Sources.
    """

    model: Package
    release: Release
    name: str
    title: str
    description: str
    version: str
    created: dt.date | None
    homepage: str
    doi: str
    id: str
    licences: tuple[Licence, ...]
    agents: tuple[Agent, ...]
    keywords: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def day(self) -> dt.date | None:
        """The day of publication: the release's, else that of `created`."""
        return self.release.day or self.created

    @property
    def creators(self) -> tuple[Agent, ...]:
        """Who made the package."""
        return agents.creators(self.agents)

    @property
    def publishers(self) -> tuple[Agent, ...]:
        """Who publishes it."""
        return agents.publishers(self.agents)

    @property
    def others(self) -> tuple[Agent, ...]:
        """Those who are neither creators nor publishers."""
        known = {*self.creators, *self.publishers}
        return tuple(agent for agent in self.agents if agent not in known)


def of(model: Package, release: Release) -> Subject:
    """The subject that a package and its release make."""
    raw = dict(model.raw)
    name = values.text(model.name)
    return Subject(
        model,
        release,
        name,
        values.text(model.title) or name,
        values.text(model.description),
        _version(raw.get("version")),
        values.day(raw.get("created")),
        values.address(raw.get("homepage")),
        values.doi(raw.get("id")),
        values.text(raw.get("id")),
        licences.read(raw),
        agents.read(raw),
        values.texts(raw.get("keywords")),
        tuple(dict.fromkeys(_sources(raw))),
    )


def _version(declared: Any) -> str:
    if isinstance(declared, (int, float)) and not isinstance(declared, bool):
        return str(declared)
    return values.text(declared)


def _sources(raw: dict[str, Any]) -> Iterator[Source]:
    declared = raw.get("sources")
    for item in declared if isinstance(declared, list) else [declared]:
        if isinstance(item, str):
            item = {"path" if values.address(item) else "title": item}
        if not isinstance(item, dict):
            continue
        url = (values.address(item.get(key)) for key in ("path", "web", "url"))
        source = Source(
            values.first(item, "title", "name"),
            next(filter(None, url), ""),
            _version(item.get("version")),
        )
        if source.title or source.url:
            yield source


__all__ = ["Source", "Subject", "of"]
