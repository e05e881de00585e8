"""Descriptors with one thing altered are judged alike by claimpack and frictionless."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from altered import ALLOWED, DROPPED, FILES, Allowed, altered, whole
from oracle import ours
from packages import Json, write


def refused_by_them(folder: Path) -> bool:
    """Whether frictionless finds a fault in the descriptor, or raises."""
    import frictionless

    try:
        return not frictionless.Package.validate_descriptor(str(folder / "datapackage.json")).valid
    except Exception:
        return True


def judged(folder: Path, descriptor: Json) -> tuple[bool, bool]:
    """Whether each of the two finds a fault in a descriptor."""
    write(folder / "datapackage.json", json.dumps(descriptor))
    return bool(ours(folder, metadata_only=True)), refused_by_them(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the descriptors name."""
    for name, text in FILES.items():
        write(tmp_path / name, text)
    return tmp_path


@pytest.mark.parametrize("version", ["1", "2"])
def test_descriptor_that_is_whole_is_accepted(folder: Path, version: str) -> None:
    """A descriptor with every property, each right, is refused by neither."""
    assert judged(folder, whole(version)) == (False, False)


@pytest.mark.property
def test_altered_descriptors_are_judged_alike(folder: Path) -> None:
    """With each part replaced by each kind of JSON the two agree, save where a section decides.

    Each entry on such a section is met, so that none outlives its difference.
    """
    found, met = [], set()
    for version in ("1", "2"):
        for pointer, value, descriptor in altered(version):
            by_us, by_them = judged(folder, descriptor)
            if by_us == by_them:
                continue
            side = "ours" if by_us else "theirs"
            entries = explained(side, version, pointer, value)
            met.update(entries)
            if not entries:
                shown = "left out" if value is DROPPED else json.dumps(value)
                found.append(f"refused by {side} alone: version {version}, {pointer} {shown}")
    assert found == []
    assert [entry.parts for entry in ALLOWED if entry not in met] == []


def explained(side: str, version: str, pointer: str, value: object) -> list[Allowed]:
    """The entries that speak of a difference."""
    return [entry for entry in ALLOWED if entry.explains(side, version, pointer, value)]
