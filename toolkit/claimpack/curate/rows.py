"""Rows of CSV in the canonical form: quotes only where RFC 4180 needs them, LF."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claimpack.curate import files
from claimpack.descriptor.model import Package, Resource
from claimpack.errors import UnreadableError, UsageError

csv.field_size_limit(1 << 30)


def line(cells: Sequence[str], delimiter: str = ",", newline: str = "\n") -> str:
    """A record with its newline."""
    if len(cells) == 1 and not cells[0]:
        return f'""{newline}'  # an empty line would be no record
    return delimiter.join(_cell(cell, delimiter) for cell in cells) + newline


def _cell(text: str, delimiter: str) -> str:
    if delimiter in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's records as texts.

    Attributes:
        resource: The table.
        path: Its file.
        data: The file's bytes.
        labels: The header.
        cells: The records below it.
    """

    resource: Resource
    path: Path
    data: bytes
    labels: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        """The cells of a column."""
        place = self.labels.index(name)
        return [row[place] for row in self.cells]

    def dicts(self) -> list[dict[str, str]]:
        """The records by label."""
        return [dict(zip(self.labels, row, strict=True)) for row in self.cells]

    def append(self, values: dict[str, str]) -> None:
        """Put a record at the end of the file; every byte before it stays.

        Raises:
            UnreadableError: The file cannot be written.
        """
        newline = "\r\n" if self.data.partition(b"\n")[0].endswith(b"\r") else "\n"
        cells = [values.get(label, "") for label in self.labels]
        added = line(cells, self.resource.dialect.delimiter, newline)
        last = b"" if self.data.endswith((b"\n", b"\r")) else newline.encode()
        files.write(self.path, self.data + last + added.encode("utf-8"))


def read(package: Package, name: str) -> Rows:
    """A table of the claims profile in memory.

    Raises:
        UsageError: The package has no such table, or its file has another form than
            the descriptor says.
        UnreadableError: Its file cannot be read.
    """
    resource = next((item for item in package.resources if item.name == name), None)
    if resource is None:
        raise UsageError(f"the package has no table {name}, which claimpack init makes")
    if resource.broken or resource.blocked or len(resource.files) != 1:
        raise UnreadableError(f"the table {name} cannot be read; run claimpack validate to see why")
    path = resource.files[0]
    data = files.read(path)
    text = files.decode(data, path).removeprefix("\ufeff")
    delimiter = resource.dialect.delimiter
    try:
        listed = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _malformed(resource) from error
    records = [tuple(record) for record in listed if record]
    fields = {field.name for field in resource.schema.fields} if resource.schema else set()
    if not records or set(records[0]) != fields or any(len(r) != len(fields) for r in records):
        raise _malformed(resource)
    return Rows(resource, path, data, records[0], tuple(records[1:]))


def _malformed(resource: Resource) -> UsageError:
    return UsageError(
        f"the file {resource.path} does not match its schema; "
        "run claimpack fmt, then claimpack validate"
    )


def slug(text: str) -> str:
    """A short readable key: lower-case letters and digits of ASCII, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


__all__ = ["Rows", "line", "read", "slug"]
