"""Appraised claims, joined from the profile's tables for those who publish them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimpack.claims.tables import has, recognised, stands
from claimpack.descriptor.model import Package

Row = Mapping[str, Any]
Read = Callable[[str], Iterable[Row]]
DENIES = "denies"
"""The stance of a passage that contradicts the claim, and so is no place that makes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A source that makes a claim; what the table leaves empty is empty."""

    title: str
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class Review:
    """An appraisal of a claim, as the tables have it."""

    id: str
    claim: str
    statement: str
    verdict: str
    reason: str
    day: dt.date | None
    places: tuple[Place, ...]


def there(package: Package) -> bool:
    """Whether a package has the tables that reviews are made from."""
    return (
        recognised(package)
        and has(package, "claims", "claim_id", "statement")
        and has(package, "appraisals", "appraisal_id", "claim_id", "verdict")
    )


def read(package: Package, rows: Read) -> Iterator[Review]:
    """Each current appraisal of a current claim, in the order of the table.

    Args:
        package: A package that has the tables.
        rows: Gives the typed rows of a table by its name.
    """
    claims = {row["claim_id"]: row for row in rows("claims") if stands(row)}
    places = _places(package, rows)
    for row in rows("appraisals"):
        claim = claims.get(row["claim_id"])
        if claim is not None and stands(row):
            yield Review(
                str(row["appraisal_id"]),
                str(claim["claim_id"]),
                claim["statement"] or "",
                row["verdict"] or "",
                row.get("reason") or "",
                row.get("appraised_on"),
                tuple(places.get(claim["claim_id"], ())),
            )


def _places(package: Package, rows: Read) -> dict[Any, dict[Place, None]]:
    """The sources that make each claim, in the order of its mentions."""
    if not (
        has(package, "claim_mentions", "claim_id", "passage_id", "stance")
        and has(package, "passages", "passage_id", "source_id")
        and has(package, "sources", "source_id", "title")
    ):
        return {}
    passages = {row["passage_id"]: row["source_id"] for row in rows("passages")}
    sources = {row["source_id"]: row for row in rows("sources") if stands(row)}
    found: dict[Any, dict[Place, None]] = {}
    for row in rows("claim_mentions"):
        source = sources.get(passages.get(row["passage_id"]))
        if source is not None and row["stance"] != DENIES:
            place = Place(
                source["title"] or "", source.get("url") or "", source.get("published") or ""
            )
            found.setdefault(row["claim_id"], {})[place] = None
    return found


__all__ = ["DENIES", "Place", "Review", "read", "there"]
