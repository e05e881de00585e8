"""Where the faults of a descriptor are gathered, each with its place."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

from claimpack import limits
from claimpack.descriptor.model import Standard
from claimpack.report import Finding, Severity, Unchecked

SEVERITIES: dict[str, Severity] = {
    "descriptor-error": "error",
    "missing-file": "error",
    "unsafe-path": "error",
    "misspelt-property": "warning",
    "name-clash": "warning",
    "reserved-name": "warning",
    "undeclared-file": "warning",
    "unknown-licence": "warning",
}
"""The descriptor's rules with their severities, as their modules state them."""


class Faults:
    """Findings and what could not be checked, as they are met.

    Attributes:
        findings: In the order in which they were met.
        full: Whether there are more findings than are kept.
        unchecked: The same for what could not be checked.
        texts: The JSON files that were read, by name, so that a pointer can be told as a line.
        lines: For a file that is not JSON, the line of each part by its pointer.
    """

    __slots__ = ("_spent", "findings", "full", "lines", "texts", "unchecked")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.full = False
        self.unchecked: dict[Unchecked, None] = {}
        self.texts: dict[str, str] = {}
        self.lines: dict[str, dict[str, int]] = {}
        self._spent: Counter[str] = Counter()

    def room(self, severity: Severity) -> bool:
        """Whether one more finding of a severity is kept; that some are not is remembered."""
        if self.spend(severity, 1, limits.DESCRIPTOR_FINDINGS):
            return True
        self.full = True
        return False

    def spend(self, what: str, count: int, most: int) -> bool:
        """Whether so many more of a thing stay within the limit of a package."""
        if self._spent[what] + count > most:
            return False
        self._spent[what] += count
        return True


class Place(NamedTuple):
    """A part of a JSON file, to which faults are reported.

    Attributes:
        faults: Where they are gathered.
        file: Name of the JSON file.
        pointer: JSON pointer to the part.
        clause: Section of the standard that speaks of it.
        standard: Version that holds here.
        resource: Name of the resource, if the part belongs to one.
        field: Name of the field, if the part belongs to one.
    """

    faults: Faults
    file: str
    pointer: str = ""
    clause: str = "Data Package"
    standard: Standard = "1"
    resource: str | None = None
    field: str | None = None

    def at(self, *steps: str | int, clause: str | None = None, field: str | None = None) -> Place:
        """A part of this part."""
        return Place(
            self.faults,
            self.file,
            self.pointer + _steps(steps),
            clause or self.clause,
            self.standard,
            self.resource,
            field or self.field,
        )

    def inside(self, file: str, clause: str) -> Place:
        """The whole of another JSON file that this part refers to."""
        return Place(self.faults, file, "", clause, self.standard, self.resource)

    def error(
        self,
        message: str,
        fix: str,
        *steps: str | int,
        rule: str = "descriptor-error",
        severity: Severity | None = None,
        clause: str | None = None,
        line: int | None = None,
        path: str | None = None,
    ) -> None:
        """Report a fault here, or at the part that the steps lead to; `path` is another file."""
        severity = severity or SEVERITIES[rule]
        if not self.faults.room(severity):
            return
        self.faults.findings.append(
            Finding(
                rule=rule,
                severity=severity,
                message=message,
                fix=fix,
                resource=self.resource,
                path=path or self.file,
                field=self.field,
                line=line,
                pointer=self.pointer + _steps(steps),
                clause=clause or self._clause(steps),
            )
        )

    def warn(
        self, message: str, fix: str, *steps: str | int, rule: str = "descriptor-error"
    ) -> None:
        """Report a warning."""
        self.error(message, fix, *steps, rule=rule, severity="warning")

    def ignored(self, name: str) -> None:
        """Report an optional property that holds the empty text, so that it refers to nothing."""
        self.warn(
            f'"{name}" is empty and was ignored', f'Delete "{name}", or give it a value.', name
        )

    def unchecked(self, what: str, why: str) -> None:
        """Note once that something could not be checked."""
        self.faults.unchecked.setdefault(Unchecked(self.resource, what, why))

    def _clause(self, steps: tuple[str | int, ...]) -> str:
        names = [step for step in steps if isinstance(step, str) and step.isalpha()]
        return f"{self.clause}, {names[0]}" if names else self.clause


def escape(step: str | int) -> str:
    """A name as a step of a JSON pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


def pointer_steps(pointer: str) -> list[str]:
    """The steps of a JSON pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def shown(value: Any, limit: int = 80) -> str:
    """A JSON value in quotes as it may stand in a message: escaped, shortened."""
    if isinstance(value, str) and len(value) > limit:
        value = value[:limit] + "..."
    text = json.dumps(value, ensure_ascii=False)
    text = "".join(char if char.isprintable() else _code(char) for char in text)
    return text if len(text) <= 2 * limit else text[: 2 * limit] + "..."


def example(value: Any, otherwise: str) -> str:
    """How a fix says what to write: the value itself where it is short, else an example."""
    text = shown(value)
    return f"Write {text if len(text) <= 100 else otherwise}"


def kind(value: Any) -> str:
    """What kind of JSON value it is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    for type_, words in ((str, "a text"), (int, "a number"), (float, "a number"), (list, "a list")):
        if isinstance(value, type_):
            return words
    return "an object"


def whole(value: Any) -> bool:
    """Whether a JSON value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _code(char: str) -> str:
    return f"\\u{ord(char):04x}"


def _steps(steps: tuple[str | int, ...]) -> str:
    return "".join("/" + escape(step) for step in steps)
