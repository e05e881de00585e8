"""Licences of a package, in the forms of both versions and of older descriptors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimpack.descriptor.metadata import SPDX
from claimpack.metadata import values

_SPDX = {name.lower(): name for name in SPDX}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as the descriptor states it."""

    name: str = ""
    title: str = ""
    path: str = ""

    @property
    def spdx(self) -> str:
        """Its identifier in the SPDX's list, whatever the case; empty where it has none."""
        return _SPDX.get(self.name.lower(), "")

    @property
    def url(self) -> str:
        """Address of its text: the descriptor's, else that of the SPDX's list."""
        listed = f"https://spdx.org/licenses/{self.spdx}.html" if self.spdx else ""
        return values.address(self.path) or listed

    @property
    def label(self) -> str:
        """What to call it."""
        return self.title or self.spdx or self.name or self.path


def read(raw: Mapping[str, Any]) -> tuple[Licence, ...]:
    """Every licence that a descriptor names."""
    found: dict[Licence, None] = {}
    for key in ("licenses", "license", "licences"):
        declared = raw.get(key)
        for item in declared if isinstance(declared, list) else [declared]:
            for licence in _licence(item):
                found[licence] = None
    return tuple(found)


def _licence(item: Any) -> Iterator[Licence]:
    if isinstance(item, str):
        item = {"path" if values.address(item) else "name": item}
    if not isinstance(item, dict):
        return
    licence = Licence(
        values.first(item, "name", "id", "type"),
        values.first(item, "title"),
        values.first(item, "path", "url"),
    )
    if licence.label:
        yield licence


__all__ = ["Licence", "read"]
