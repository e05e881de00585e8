"""What is told of a release: its files, what was checked, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from claimpack.exporters.files import WrittenFile

Outcome = Literal["passed", "failed", "not-checked"]
EXIT_CODES = {"valid": 0, "invalid": 1, "not-checked": 3}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a release.

    Attributes:
        name: checksums, zip, claimpack, frictionless, pandera or values.
        path: The file or folder that it looked at, seen from the release; empty for all of it.
        outcome: What came of it.
        messages: What is wrong, or why it was not checked; empty where it passed.
        scope: What was looked at, in words; empty where it was everything.
    """

    name: str
    path: str
    outcome: Outcome
    messages: tuple[str, ...] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """The checks of a release, and its files as they are on the disk."""

    files: tuple[WrittenFile, ...]
    checks: tuple[Check, ...]
    seconds: float = 0.0

    @property
    def verdict(self) -> Literal["valid", "invalid", "not-checked"]:
        """Invalid where a check failed, not-checked where one could not be made."""
        outcomes = {check.outcome for check in self.checks}
        if "failed" in outcomes:
            return "invalid"
        return "not-checked" if "not-checked" in outcomes or not self.checks else "valid"

    @property
    def exit_code(self) -> int:
        """The exit code that the verdict stands for."""
        return EXIT_CODES[self.verdict]

    @property
    def faults(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.outcome == "failed")

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON-ready values."""
        return {
            "verdict": self.verdict,
            "checks": [asdict(check) | {"messages": list(check.messages)} for check in self.checks],
            "files": [asdict(file) for file in self.files],
            "seconds": self.seconds,
        }


def check(name: str, path: str, messages: Iterable[str], scope: str = "") -> Check:
    """A check that failed where there is a message, and passed where there is none."""
    told = tuple(messages)
    return Check(name, path, "failed" if told else "passed", told, scope)


__all__ = ["Check", "Outcome", "Verification", "check"]
