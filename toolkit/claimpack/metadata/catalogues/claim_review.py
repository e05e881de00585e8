"""ClaimReview of schema.org: the appraised claims of a claims data package, as JSON-LD."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from claimpack.claims import reviews
from claimpack.claims.reviews import Place, Review
from claimpack.descriptor.model import Package
from claimpack.engine import typed_tables
from claimpack.engine.exact.database import Store
from claimpack.errors import UnreadableError
from claimpack.metadata import vocabulary
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.subject import Subject
from claimpack.metadata.values import address, text
from claimpack.metadata.writing import filled, json_bytes

FILE = "claim-reviews.jsonld"
CONTEXT = "https://schema.org/"


def applies(subject: Subject) -> bool:
    """Whether the package has claims and appraisals."""
    return reviews.there(subject.model)


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """A ClaimReview for each current appraisal of a current claim, verdicts as they stand."""
    if not applies(subject):
        raise LackingError("the package is not a claims data package with claims and appraisals")
    authors = [vocabulary.agent(agent) for agent in subject.creators]
    part = filled({"@type": "Dataset", "name": subject.title, "version": subject.version})
    store = Store()
    made = [
        _review(item, authors, part)
        for item in reviews.read(subject.model, lambda name: _rows(store, subject.model, name))
    ]
    if not made:
        raise LackingError("no current claim has a current appraisal")
    if not authors:
        tell("a ClaimReview needs an author, but the package names no contributor")
    return json_bytes({"@context": CONTEXT, "@graph": made})


def _rows(store: Store, package: Package, name: str) -> Iterator[dict[str, Any]]:
    """The typed rows of a table; without one of the tables there are no reviews."""
    resource = package.resource(name)
    if resource.broken or resource.blocked:
        raise LackingError(f"the table {name} cannot be read")
    try:
        for batch in typed_tables.batches(store, resource):
            yield from batch.to_pylist()
    except UnreadableError as error:
        raise LackingError(f"the table {name} cannot be read: {error}") from error


def _review(item: Review, authors: list[dict[str, Any]], part: dict[str, Any]) -> dict[str, Any]:
    return filled(
        {
            "@type": "ClaimReview",
            "@id": f"#{item.id}",
            "claimReviewed": item.statement,
            "datePublished": item.day and item.day.isoformat(),
            "author": authors,
            "reviewRating": filled(
                {
                    "@type": "Rating",
                    "alternateName": item.verdict,
                    "ratingExplanation": item.reason,
                }
            ),
            "itemReviewed": filled(
                {
                    "@type": "Claim",
                    "@id": f"#{item.claim}",
                    "name": item.statement,
                    "appearance": [_appearance(place) for place in item.places],
                }
            ),
            "isPartOf": part,
        }
    )


def _appearance(place: Place) -> dict[str, Any]:
    return filled(
        {
            "@type": "CreativeWork",
            "name": place.title,
            "url": address(place.url),
            "datePublished": text(place.published),
        }
    )
