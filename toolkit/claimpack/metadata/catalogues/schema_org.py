"""schema.org Dataset as JSON-LD, which search engines for data read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from claimpack.metadata import vocabulary
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.release import File
from claimpack.metadata.subject import Subject
from claimpack.metadata.values import address, text
from claimpack.metadata.writing import filled, json_bytes

FILE = "schema-org.jsonld"
CONTEXT = "https://schema.org/"


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The package as a Dataset, its files as DataDownload, its fields as PropertyValue."""
    if not subject.title:
        raise LackingError("a Dataset needs a name; give the package a title or a name")
    for agent in (*subject.creators, *subject.publishers):
        if agent.kind is None:
            tell(f"the descriptor does not say whether {agent.name} is a person or an organization")
    return json_bytes(
        filled(
            {
                "@context": CONTEXT,
                "@type": "Dataset",
                **vocabulary.dataset(subject),
                "distribution": [_download(file) for file in subject.release.data()],
                "variableMeasured": list(_variables(subject)),
            }
        )
    )


def _download(file: File) -> dict[str, Any]:
    return filled(
        {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": vocabulary.link(file),
            "encodingFormat": file.media_type,
            "contentSize": vocabulary.size(file),
            "sha256": file.sha256,
        }
    )


def _variables(subject: Subject) -> Iterator[dict[str, Any]]:
    for resource in subject.model.resources:
        for field in resource.schema.fields if resource.schema else ():
            yield filled(
                {
                    "@type": "PropertyValue",
                    "name": f"{resource.name}.{field.name}",
                    "alternateName": text(field.raw.get("title")),
                    "description": text(field.raw.get("description")),
                    "unitText": text(field.raw.get("unit")),
                    "propertyID": address(field.raw.get("rdfType")),
                }
            )
