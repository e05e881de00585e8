"""Croissant 1.1: what machine-learning tools need to load every table with its types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from claimpack.descriptor.model import Field, Resource
from claimpack.metadata import references, vocabulary
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.release import File
from claimpack.metadata.subject import Subject
from claimpack.metadata.values import address, text
from claimpack.metadata.writing import filled, json_bytes, one_or_all

FILE = "croissant.json"
CONFORMS = "http://mlcommons.org/croissant/1.1"
TYPES = {
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "time": "sc:Time",
}
"""Croissant's data types by those of Table Schema; whatever else is text."""
PARQUET = "application/x-parquet"
"""What readers of Croissant know Parquet by; the registered type is a later one."""
_OWN = """
    arrayShape citeAs column containedIn equivalentProperty extract field fileProperty fileObject
    fileSet format includes isArray isLiveDataset jsonPath key md5 parentField path recordSet
    references regex repeated replace samplingRate separator source subField transform
"""
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{word: f"cr:{word}" for word in _OWN.split()},
}
"""The context that the specification asks for, word by word."""


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The package as a Dataset: its files, a record set for each table, keys and references."""
    if not subject.title:
        raise LackingError("Croissant needs a name; give the package a title or a name")
    for what, there in (
        ("licence", subject.licences),
        ("contributor", subject.creators),
        ("description", subject.description),
        ("homepage", subject.homepage),
        ("date of publication", subject.day),
    ):
        if not there:
            tell(f"Croissant recommends a {what}, but the descriptor has none")
    known = vocabulary.dataset(subject)
    known.pop("isBasedOn", None)
    for word in ("creator", "contributor", "publisher"):
        known[word] = list(_typed(known.get(word, []), tell))
    described = _Records(subject, tell)
    return json_bytes(
        filled(
            {
                "@context": CONTEXT,
                "@type": "sc:Dataset",
                "conformsTo": CONFORMS,
                **known,
                "citeAs": vocabulary.citation(subject) if subject.creators else "",
                "distribution": described.files(),
                "recordSet": [described.record_set(item) for item in described.resources],
            }
        )
    )


def _typed(agents: list[dict[str, Any]], tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """The persons and organisations; Croissant has nothing for those of whom it is not known."""
    for agent in agents:
        if "@type" in agent:
            yield agent
        else:
            tell(
                f"{agent['name']} is left out: Croissant needs to know if it is a person or an "
                "organization; give names in parts, an organization, an ORCID or a ROR id"
            )


class _Records:
    """The tables that can be described, and the files that they are in."""

    def __init__(self, subject: Subject, tell: Callable[[str], None]) -> None:
        self._release = subject.release
        self._tell = tell
        self.resources = [item for item in subject.model.resources if self._readable(item)]
        found = references.find(self.resources)
        self._followed = found.followed
        if found.left:
            tell(
                "some keys are left out, because readers follow them: those of several fields, to "
                f"what is not unique, or in a circle; in {', '.join(sorted(found.left))}"
            )

    def _readable(self, resource: Resource) -> bool:
        if not resource.tabular:
            return False
        if resource.schema is None:
            self._tell(f"the table {resource.name} has no schema, so its fields are left out")
            return False
        files = self._release.tables(resource)
        if not any(file.sha256 for file in files) or len(files) > 1:
            self._tell(
                f"the table {resource.name} is in no single CSV or Parquet file that any reader "
                "can read as it is, so its fields are left out"
            )
            return False
        return True

    def files(self) -> list[dict[str, Any]]:
        """Each file of data with its checksum, which Croissant demands."""
        found = []
        for file in self._release.data():
            if file.sha256 is None:
                if file.resource is not None:
                    self._tell(f"the file {file.path} has no known checksum and is left out")
                continue
            found.append(
                filled(
                    {
                        "@type": "cr:FileObject",
                        "@id": _id(file.path),
                        "name": file.name,
                        "contentUrl": vocabulary.link(file),
                        "contentSize": vocabulary.size(file),
                        "encodingFormat": PARQUET if file.suffix == ".parquet" else file.media_type,
                        "sha256": file.sha256,
                    }
                )
            )
        return found

    def record_set(self, resource: Resource) -> dict[str, Any]:
        """A table: its key, and its fields with where they stand and what they refer to."""
        schema = resource.schema
        assert schema is not None
        (file,) = self._release.tables(resource)
        return filled(
            {
                "@type": "cr:RecordSet",
                "@id": _id(resource.name),
                "name": resource.title or resource.name,
                "description": resource.description,
                "key": one_or_all(
                    [{"@id": _id(resource.name, name)} for name in schema.primary_key]
                ),
                "field": [self._field(resource, field, file) for field in schema.fields],
            }
        )

    def _field(self, resource: Resource, field: Field, file: File) -> dict[str, Any]:
        target = self._followed.get((resource.name, field.name))
        return filled(
            {
                "@type": "cr:Field",
                "@id": _id(resource.name, field.name),
                "name": field.name,
                "description": text(field.raw.get("description")) or text(field.raw.get("title")),
                "dataType": TYPES.get(field.type, "sc:Text"),
                "equivalentProperty": address(field.raw.get("rdfType")),
                "source": {
                    "fileObject": {"@id": _id(file.path)},
                    "extract": {"column": field.name},
                },
                "references": {"field": {"@id": _id(*target)}} if target else None,
            }
        )


def _id(*parts: str) -> str:
    """An id of these parts: what could be taken for more than a name is percent-encoded."""
    return "/".join(quote(part, safe="/" if len(parts) == 1 else "") for part in parts)
