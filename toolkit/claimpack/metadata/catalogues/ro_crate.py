"""RO-Crate 1.2: every file of the release, described in one JSON-LD file beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from claimpack.metadata import vocabulary
from claimpack.metadata.agents import Agent
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.licences import Licence
from claimpack.metadata.release import File
from claimpack.metadata.subject import Source, Subject
from claimpack.metadata.writing import filled, json_bytes, one_or_all

FILE = "ro-crate-metadata.json"
LAST = True
CONFORMS = "https://w3id.org/ro/crate/1.2"
Entity = dict[str, Any]


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The package as a crate; people, licences and sources are entities of their own."""
    _expect_whole(subject)
    graph = _Graph(tell)
    root = _root(subject, graph)
    files = [_file(file, subject) for file in subject.release.files if file.path != FILE]
    root["hasPart"] = one_or_all([{"@id": file["@id"]} for file in files])
    return json_bytes(
        {
            "@context": f"{CONFORMS}/context",
            "@graph": [_descriptor(), filled(root), *files, *graph.entities.values()],
        }
    )


def _expect_whole(subject: Subject) -> None:
    lacks = [
        what
        for what, there in (
            ("a title or a name", subject.title),
            ("a description", subject.description),
            ("a licence", subject.licences),
            ("a date of publication (created, or SOURCE_DATE_EPOCH)", subject.day),
        )
        if not there
    ]
    if lacks:
        raise LackingError(f"RO-Crate needs {', '.join(lacks)}")


def _descriptor() -> Entity:
    return {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": CONFORMS},
        "about": {"@id": "./"},
    }


def _root(subject: Subject, graph: _Graph) -> Entity:
    known = vocabulary.dataset(subject)
    known["keywords"] = one_or_all(known.get("keywords", []))
    for word in ("license", "creator", "contributor", "publisher", "isBasedOn"):
        known.pop(word, None)
    return {
        "@id": "./",
        "@type": "Dataset",
        **known,
        "license": one_or_all([graph.licence(item) for item in subject.licences]),
        "author": one_or_all([graph.agent(item) for item in subject.creators]),
        "contributor": one_or_all([graph.agent(item) for item in subject.others]),
        "publisher": one_or_all(list(graph.publishers(subject.publishers))),
        "isBasedOn": one_or_all([graph.source(item) for item in subject.sources]),
    }


def _file(file: File, subject: Subject) -> Entity:
    about = next((r for r in subject.model.resources if r.name == file.resource), None)
    return filled(
        {
            "@id": vocabulary.link(file),
            "@type": "File",
            "name": file.name,
            "description": about.description if about else file.description,
            "encodingFormat": file.media_type,
            "contentSize": "" if file.bytes is None else str(file.bytes),
            "sha256": file.sha256,
        }
    )


class _Graph:
    """Entities that the root refers to, each once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.entities: dict[str, Entity] = {}
        self._tell = tell

    def _add(self, found: str, stem: str, entity: Entity) -> Entity:
        """A reference to an entity, under an address of its own or else a number."""
        for key, known in self.entities.items():
            if {**known, "@id": None} == {**entity, "@id": None}:
                return {"@id": key}
        key = found if found and found not in self.entities else ""
        key = key or f"#{stem}-{len(self.entities) + 1}"
        self.entities[key] = {"@id": key, **entity}
        return {"@id": key}

    def licence(self, item: Licence) -> Entity:
        """A licence as a CreativeWork."""
        known = {"@type": "CreativeWork", "name": item.label, "alternateName": item.name}
        if item.name == item.label:
            del known["alternateName"]
        return self._add(item.url, "licence", filled(known))

    def agent(self, item: Agent) -> Entity:
        """A Person or an Organization; a Thing where the descriptor does not tell which."""
        known = vocabulary.agent(item)
        if item.affiliation:
            within = known["affiliation"]
            known["affiliation"] = self._add("", "organization", within)
        if item.kind is None:
            self._tell(f"{item.name} is not declared as a person or an organization")
        kind = vocabulary.KINDS.get(item.kind or "", "Thing")
        return self._add(item.url, "agent", known | {"@type": kind})

    def publishers(self, items: tuple[Agent, ...]) -> Iterator[Entity]:
        """Publishers, which have to be a Person or an Organization."""
        for item in items:
            if item.kind is None:
                self._tell(
                    f"the publisher {item.name} is left out: it is not declared as a person "
                    "or an organization"
                )
            else:
                yield self.agent(item)

    def source(self, item: Source) -> Entity:
        """What the package is made from."""
        return self._add(item.url, "source", vocabulary.source(item))
