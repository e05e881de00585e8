"""Version numbers, and the steps between them.

The steps are those of the recipe "Data Package Version" of the Data Package standard
(datapackage.org/recipes/data-package-version), which rests on Semantic Versioning 2.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Step = Literal["none", "patch", "minor", "major"]
STEPS: tuple[Step, ...] = ("none", "patch", "minor", "major")
_NUMBER = r"(0|[1-9]\d*)"
_FORM = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version number. `early` holds what stands behind a hyphen, empty where nothing does."""

    numbers: tuple[int, int, int]
    early: tuple[str, ...] = ()

    def __lt__(self, other: Version) -> bool:
        return self._order() < other._order()

    def __str__(self) -> str:
        early = f"-{'.'.join(self.early)}" if self.early else ""
        return ".".join(map(str, self.numbers)) + early

    def _order(self) -> tuple[object, ...]:
        """Precedence: an early version comes before the one that it leads to."""
        parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in self.early)
        return self.numbers, not self.early, parts

    def after(self, step: Step) -> Version:
        """The next version by that step."""
        major, minor, patch = self.numbers
        following = {
            "none": self.numbers,
            "patch": (major, minor, patch + 1),
            "minor": (major, minor + 1, 0),
            "major": (major + 1, 0, 0),
        }
        return Version(following[step])


def version(text: str | None) -> Version | None:
    """The version that a text is; None where it is none of the form MAJOR.MINOR.PATCH."""
    found = _FORM.fullmatch(text or "")
    if found is None:
        return None
    early = tuple(found[4].split(".")) if found[4] else ()
    return Version((int(found[1]), int(found[2]), int(found[3])), early)


def largest(steps: Iterable[Step]) -> Step:
    """The largest of the steps, `none` where there are none."""
    return max(steps, key=STEPS.index, default="none")


def taken(old: Version, new: Version) -> Step:
    """The step from one version to a later one; `none` where the later one is not later.

    What leads up to a version, as 1.0.0-beta, promises nothing: any step may follow it.
    """
    if not old < new:
        return "none"
    if old.early:
        return "major"
    for step, before, after in zip(STEPS[:0:-1], old.numbers, new.numbers, strict=True):
        if before != after:
            return step
    return "none"


def too_small(
    old: str | None, new: str | None, asked: Step, *, published: bool = False
) -> str | None:
    """Why the new version number is too low for the changes.

    Args:
        old: The previous version.
        new: The new version.
        asked: The step that the changes call for.
        published: Whether the previous version is known to be published.

    Returns:
        A clause without a full stop, None where the number is high enough.
    """
    before, after = version(old), version(new)
    if before is None:
        return None  # nothing was promised
    if after is None:
        given = f"version {new!r} is not MAJOR.MINOR.PATCH" if new else "the package has no version"
        return f"{given}, the previous one is {before}; use {_least(before, asked)} or later"
    if after < before:
        return f"version {after} is earlier than {before}"
    if STEPS.index(taken(before, after)) < STEPS.index(asked):
        call = f"these changes call for {_least(before, asked)} or later"
        if before < after:
            return f"{before} to {after} is too small a step; {call}"
        same = f"version {after} is already published" if published else f"both are version {after}"
        return f"{same}; {call}"
    return None


def _least(old: Version, step: Step) -> Version:
    return old.after("patch") if old.early and step == "none" else old.after(step)


__all__ = ["STEPS", "Step", "Version", "largest", "taken", "too_small", "version"]
