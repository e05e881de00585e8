"""README.md as a dataset card of Hugging Face: YAML front matter, then Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from claimpack.descriptor.model import Field, Resource
from claimpack.metadata import vocabulary
from claimpack.metadata.lacking import LackingError
from claimpack.metadata.licences import Licence
from claimpack.metadata.subject import Subject
from claimpack.metadata.text import escaped, prose
from claimpack.metadata.values import text
from claimpack.metadata.writing import encoded, filled, yaml_text

FILE = "README.md"
LICENCES = {
    "ODC-By-1.0": "odc-by",
    "ODbL-1.0": "odbl",
    "PDDL-1.0": "pddl",
}
"""Licences that Hugging Face calls otherwise than by the SPDX identifier in lower case."""
_LISTED = """
    afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd-2-clause bsd-3-clause bsl-1.0 cc-by-2.0 cc-by-2.5
    cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0
    cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0
    cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1
    eupl-1.2 gpl-2.0 gpl-3.0 isc lgpl-2.1 lgpl-3.0 mit mpl-2.0 osl-3.0 unlicense zlib
"""
LISTED = frozenset(_LISTED.split()) | frozenset(LICENCES.values())
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
    (10_000_000_000, "1B<n<10B"),
    (100_000_000_000, "10B<n<100B"),
    (1_000_000_000_000, "100B<n<1T"),
)
_PATTERN = frozenset('<>:"|?*[]{}\\')
"""What a path or a configuration's name may not hold: there it would stand for other files."""


def describe(subject: Subject, tell: Callable[[str], None]) -> bytes:
    """The card: metadata that the Hub reads, a configuration for each table, and a page."""
    if not subject.title:
        raise LackingError("a card needs a heading; give the package a title or a name")
    front = filled(
        {
            "pretty_name": subject.title,
            **_licence(subject.licences),
            "tags": subject.keywords,
            "size_categories": list(_size(subject)),
            "configs": list(_configs(subject, tell)),
        }
    )
    body = "\n\n".join(_page(subject))
    return encoded(f"---\n{yaml_text(front)}---\n\n{body}\n")


def _licence(licences: tuple[Licence, ...]) -> dict[str, Any]:
    """The identifier from the Hub's list, or `other` with a name and an address."""
    if not licences:
        return {}
    found = [LICENCES.get(item.spdx, item.spdx.lower()) for item in licences]
    if all(name in LISTED for name in found):
        return {"license": found[0] if len(found) == 1 else found}
    other = next(item for item, name in zip(licences, found, strict=True) if name not in LISTED)
    return filled(
        {"license": "other", "license_name": _slug(other.label), "license_link": other.url}
    )


def _slug(label: str) -> str:
    """A name as the Hub takes it: lower-case letters, digits, full stops and hyphens."""
    kept = "".join(
        char if char.isascii() and (char.isalnum() or char == ".") else "-"
        for char in label.lower()
    )
    return "-".join(part for part in kept.split("-") if part) or "other"


def _size(subject: Subject) -> Iterator[str]:
    """The category of the number of rows, where every table's was counted."""
    rows = []
    for resource in subject.model.resources:
        files = subject.release.tables(resource)
        rows += [file.rows for file in files]
    if rows and None not in rows:
        total = sum(number or 0 for number in rows)
        yield next((name for limit, name in SIZES if total < limit), "n>1T")


def _configs(subject: Subject, tell: Callable[[str], None]) -> Iterator[Mapping[str, Any]]:
    for resource in subject.model.resources:
        if not resource.tabular:
            continue
        paths = [file.path for file in subject.release.tables(resource)]
        if not paths:
            tell(f"the table {resource.name} is not in a CSV or Parquet file that the Hub can show")
        elif _PATTERN & set("".join((resource.name, *paths))) or "/" in resource.name:
            tell(f"the table {resource.name} has a name or path that the Hub cannot use as it is")
        else:
            yield {
                "config_name": resource.name,
                "data_files": paths[0] if len(paths) == 1 else paths,
            }


def _page(subject: Subject) -> Iterator[str]:
    yield f"# {escaped(subject.title)}"
    if subject.description:
        yield prose(subject.description)
    tables = [item for item in subject.model.resources if item.tabular]
    if tables:
        yield "## Tables"
    for resource in tables:
        yield from _table(resource)
    if subject.release.checks:
        yield "## Checks"
        yield escaped(subject.release.checks)
    if subject.sources:
        yield "## Sources"
        yield "\n".join(f"- {_linked(item.title, item.url)}" for item in subject.sources)
    if subject.licences:
        yield "## Licence"
        yield "\n".join(f"- {_linked(item.label, item.url)}" for item in subject.licences)
    if subject.creators:
        yield "## Citation"
        yield escaped(vocabulary.citation(subject))


def _table(resource: Resource) -> Iterator[str]:
    yield f"### {escaped(resource.name)}"
    if resource.description:
        yield prose(resource.description)
    if resource.schema and resource.schema.fields:
        rows = ["| field | type | description |", "| --- | --- | --- |"]
        rows += [_row(field) for field in resource.schema.fields]
        yield "\n".join(rows)


def _row(field: Field) -> str:
    said = text(field.raw.get("description")) or text(field.raw.get("title"))
    return f"| {escaped(field.name)} | {escaped(field.type)} | {escaped(said)} |"


def _linked(label: str, url: str) -> str:
    if not url:
        return escaped(label)
    return f"[{escaped(label or url)}](<{url}>)"
