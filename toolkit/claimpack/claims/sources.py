"""Registers a text as a source: the hash of its bytes, its length, what is left to fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from claimpack.curate import files, rows
from claimpack.descriptor.model import Package
from claimpack.errors import UsageError

TABLE = "sources"
DEFAULTS = {"verification": "unverified", "status": "current"}
"""What holds of a source of which nothing is said: nobody checked it, and it stands."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A row that was put into the table of sources.

    Attributes:
        source_id: Its key.
        sha256: SHA-256 of the file's bytes.
        length: Code points of the text.
        path: The table's file as the descriptor names it.
        row: Number of the row.
        missing: Fields that the schema asks for and that are still empty.
        empty: Further fields that are empty.
    """

    source_id: str
    sha256: str
    length: int
    path: str
    row: int
    missing: tuple[str, ...]
    empty: tuple[str, ...]


def register(
    package: Package, file: Path, source_id: str | None = None, values: Mapping[str, str] = {}
) -> NewSource:
    """Append a row for a text to the table of sources.

    Args:
        package: A claims data package.
        file: The text, in UTF-8.
        source_id: Key of the source, made of the file's name where none is given.
        values: Metadata by field.

    Raises:
        UsageError: The file is not there or no UTF-8, the key or the text is registered
            already, or a field is unknown.
        UnreadableError: A file cannot be read or written.
    """
    data = files.read(file)
    text = files.decode(data, file)
    if not text:
        raise UsageError(f"{file} is empty; there is no text to register")
    table = rows.read(package, TABLE)
    made = {
        "source_id": source_id or rows.slug(file.stem),
        "text_sha256": hashlib.sha256(data).hexdigest(),
        "text_length": str(len(text)),
    }
    _expect_new(table, made)
    _expect_fields(table, values, made)
    row = {**DEFAULTS, **values, **made}
    table.append(row)
    schema = table.resource.schema
    assert schema is not None
    empty = [field for field in schema.fields if not row.get(field.name)]
    return NewSource(
        made["source_id"],
        made["text_sha256"],
        len(text),
        str(table.resource.path),
        len(table.cells) + 1,
        tuple(field.name for field in empty if field.constraints.required),
        tuple(field.name for field in empty if not field.constraints.required),
    )


def _expect_new(table: rows.Rows, made: Mapping[str, str]) -> None:
    for row in table.dicts():
        if row["source_id"] == made["source_id"]:
            raise UsageError(
                f'the source "{made["source_id"]}" already exists; give another key with --id'
            )
        if row.get("text_sha256") == made["text_sha256"]:
            raise UsageError(f'this text is already registered as "{row["source_id"]}"')
    if not rows.slug(made["source_id"]) == made["source_id"]:
        raise UsageError(
            f'"{made["source_id"]}" is not a valid key: write lower-case letters and digits, '
            "joined by hyphens"
        )


def _expect_fields(table: rows.Rows, values: Mapping[str, str], made: Mapping[str, str]) -> None:
    for name in values:
        if name not in table.labels:
            raise UsageError(f'the table {TABLE} has no field "{name}"')
        if name in made:
            raise UsageError(f'the field "{name}" is filled in from the file itself')


__all__ = ["DEFAULTS", "NewSource", "register"]
