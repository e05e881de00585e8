"""A source whose text was read has no credibility rating.

Why: Readers weigh what a document says by how far the document can be trusted; a
document that is quoted and not rated looks as good as any other.

Fails:
    a source with a text_sha256 and no row in credibility_ratings

Passes:
    a source with a text_sha256 and its ratings

Mend: Answer the instrument's criteria in assessments, and add the rating.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.checks.model import RelationCheck
from claimpack.claims.tables import asked, has
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, credibility ratings"


def checks(resource: Resource, package: Package) -> Iterator[RelationCheck]:
    """Sources with a text against ratings."""
    rated = has(package, "credibility_ratings", "source_id")
    if rated and asked(resource, package, "sources", "source_id", "text_sha256"):
        yield RelationCheck(
            "unrated-source",
            resource.name,
            ("source_id",),
            "the text of {value} was read but is not rated",
            "Answer an instrument's criteria for it in assessments, and add the rating",
            query=(
                "SELECT s._row AS row, s.source_id AS value, NULL AS detail FROM sources AS s "
                "WHERE s.text_sha256 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
                "credibility_ratings AS r WHERE r.source_id = s.source_id)"
            ),
            tables=("sources", "credibility_ratings"),
        )
