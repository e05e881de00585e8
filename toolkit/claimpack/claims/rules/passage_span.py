"""A passage is no span of its source's text.

Why: A passage is known by its position; an end before its start, an end behind
the text's last character, or a source whose text was never read cannot be proved
by anybody. Head and tail are quoted in full, so they stay at four words each.

Fails:
    char_start 400, char_end 350; or char_end 9000 in a text of 6238 code points

Passes:
    char_start 350, char_end 400

Mend: Locate the passage again in the text that the source's text_sha256 names.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from claimpack.checks import lexical
from claimpack.checks.model import RelationCheck, RowCheck
from claimpack.claims.tables import asked, has, value
from claimpack.descriptor.model import Package, Resource

SEVERITY = "error"
SCOPE = "package"
CLAUSE = "Claims profile, passages; Web Annotation, TextPositionSelector"

WORDS = r"\s*(\S+\s+){0,3}\S+\s*"


def checks(resource: Resource, package: Package) -> Iterator[RowCheck | RelationCheck]:
    """The order of the ends, the text's length, and the words quoted."""
    if not asked(resource, package, "passages", "source_id", "char_start", "char_end"):
        return
    yield RowCheck(
        "passage-span",
        resource.name,
        ("char_start", "char_end"),
        "the passage does not end after its start: {value}",
        "Locate the passage again in the text",
        fault=exp.GTE(this=value(resource, "char_start"), expression=value(resource, "char_end")),
    )
    for name in ("head", "tail"):
        if has(package, "passages", name):
            text = value(resource, name)
            yield RowCheck(
                "passage-span",
                resource.name,
                (name,),
                "{value} is longer than four words",
                f"Keep the {'first' if name == 'head' else 'last'} four words",
                fault=exp.not_(lexical.matches(text, WORDS)),
            )
    if has(package, "sources", "source_id", "text_length", "text_sha256"):
        yield _beyond(resource)


def _beyond(resource: Resource) -> RelationCheck:
    return RelationCheck(
        "passage-span",
        resource.name,
        ("char_end",),
        "the passage ends at {value}, {detail}",
        "Locate the passage again in the text that the source names",
        query=(
            "SELECT p._row AS row, p.char_end AS value, CASE WHEN s.text_length IS NULL "
            "THEN 'and the source has no text_length' ELSE 'and the text has ' || "
            "s.text_length || ' code points' END AS detail FROM passages AS p "
            "JOIN sources AS s ON p.source_id = s.source_id "
            "WHERE s.text_sha256 IS NULL OR s.text_length IS NULL OR p.char_end > s.text_length"
        ),
        tables=("passages", "sources"),
    )
