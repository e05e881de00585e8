"""Finding and Report: what a validation says, as data.

Both are frozen and JSON-serialisable and hold no opinion about the screen.
The engine may keep its findings in a table that spills to disk and hand them
over lazily; whoever reads a report sees only a sized, re-iterable collection.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import IO, Any, Literal, Protocol

Severity = Literal["error", "warning", "info"]
Grade = Literal["error", "warning", "info", "off"]
Verdict = Literal["valid", "invalid", "not-checked"]
Cell = str | None

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
GRADES: tuple[Grade, ...] = (*SEVERITIES, "off")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place.

    Attributes:
        rule: Kebab-case id of the rule.
        severity: How grave it is in this run, after any re-grading.
        message: What is wrong, one sentence.
        fix: How to mend it, one sentence.
        resource: Name of the resource, None for the package's own faults.
        path: File as the descriptor names it, None where there is none.
        field: Field name; a list for composite keys.
        row: 1-based data row, ragged rows counted; None for a blank line, a label, a descriptor.
        line: 1-based physical line on which the record begins.
        value: The raw cell; a list for composite keys.
        pointer: JSON pointer into the descriptor.
        clause: The clause of the standard or profile that asks for it.
    """

    rule: str
    severity: Severity
    message: str
    fix: str = ""
    resource: str | None = None
    path: str | None = None
    field: str | tuple[str, ...] | None = None
    row: int | None = None
    line: int | None = None
    value: Cell | tuple[Cell, ...] = None
    pointer: str | None = None
    clause: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON-ready values, in the published order of names."""
        return {name: _plain(getattr(self, name)) for name in FINDING_NAMES}


FINDING_NAMES = (
    "rule",
    "severity",
    "resource",
    "path",
    "field",
    "row",
    "line",
    "value",
    "pointer",
    "clause",
    "message",
    "fix",
)
assert set(FINDING_NAMES) == {field.name for field in fields(Finding)}


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that could not be checked, and why. Not knowing is no verdict."""

    resource: str | None
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Regrade:
    """A rule whose severity is another in this run than the rule states, or that is off.

    Attributes:
        rule: Id of the rule.
        resource: Name of the resource that it holds for, None where for all and the package.
        severity: Its severity in this run, or `off`.
        source: Where that is said: a file's name, or `call` for the command or the API.
    """

    rule: str
    resource: str | None
    severity: Grade
    source: str

    def to_dict(self) -> dict[str, Any]:
        """The regrade as JSON-ready values."""
        return {
            "rule": self.rule,
            "resource": self.resource,
            "severity": self.severity,
            "from": self.source,
        }


@dataclass(frozen=True, slots=True)
class TableSummary:
    """What was read of one table: data rows, bytes of its files, seconds spent."""

    name: str
    rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a JSON Patch (RFC 6902), with the file that it changes.

    Attributes:
        file: Descriptor or schema, as a path within the package.
        op: What it does: add, replace or remove.
        path: JSON pointer into the file.
        value: The JSON value to write; None where it removes.
    """

    file: str
    op: Literal["add", "replace", "remove"]
    path: str
    value: Any = None

    def to_dict(self) -> dict[str, Any]:
        """The operation as JSON-ready values."""
        value = {} if self.op == "remove" else {"value": self.value}
        return {"file": self.file, "op": self.op, "path": self.path, **value}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a patch changes in the text of a file, for tools that edit text.

    Attributes:
        file: The file, as a path within the package.
        start: Line and column, from 1, of the first character that goes.
        end: The same of the first one that stays behind it.
        text: What is put there instead.
    """

    file: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One cause of many findings, and the change that resolves them.

    Attributes:
        cause: Kebab-case id of the cause.
        resource: Name of the table.
        fields: The fields it is about, in the order of the schema; empty where it is all.
        covers: Number of findings that it explains.
        of: Number of rows of the table.
        message: The cause, one sentence.
        evidence: What shows it: some values, or counts.
        patch: The change of the descriptor or schema, empty where cells have to change.
        command: A command that makes the change in the data, empty where there is none.
        remaining: Findings of these fields that are left with the patch applied; None
            without a patch.
        fix: What to do, one instruction.
        rules: Ids of the rules whose findings on these fields it explains.
        misread: Whether the findings on the cells of these fields say nothing of their own,
            since the cells were read under the wrong field.
        edits: The patch as changes of text.
    """

    cause: str
    resource: str
    fields: tuple[str, ...]
    covers: int
    of: int
    message: str
    evidence: str
    patch: tuple[Operation, ...] = ()
    command: str = ""
    remaining: int | None = None
    fix: str = ""
    rules: tuple[str, ...] = ()
    misread: bool = False
    edits: tuple[Edit, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as JSON-ready values, in the published order of names."""
        return {
            "cause": self.cause,
            "resource": self.resource,
            "fields": list(self.fields),
            "covers": self.covers,
            "of": self.of,
            "message": self.message,
            "evidence": self.evidence,
            "patch": [item.to_dict() for item in self.patch],
            "command": self.command or None,
            "remaining": self.remaining,
            "fix": self.fix,
        }


class Findings(Protocol):
    """A sized collection of findings that can be read more than once."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Finding]: ...

    def totals(self) -> dict[tuple[str | None, str, Severity], int]:
        """Number of findings by (resource, rule, severity)."""
        ...

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        """The first findings of one rule in one resource, at most limit."""
        ...


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings held in memory, in the order given."""

    items: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def totals(self) -> dict[tuple[str | None, str, Severity], int]:
        """Number of findings by (resource, rule, severity)."""
        counts: dict[tuple[str | None, str, Severity], int] = {}
        for item in self.items:
            key = (item.resource, item.rule, item.severity)
            counts[key] = counts.get(key, 0) + 1
        return counts

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        """The first findings of one rule in one resource, at most limit."""
        chosen = (item for item in self.items if item.resource == resource and item.rule == rule)
        for _, item in zip(range(limit), chosen, strict=False):
            yield item


@dataclass(frozen=True, slots=True)
class JoinedFindings:
    """Several collections of findings read as one."""

    parts: tuple[Findings, ...]

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def __iter__(self) -> Iterator[Finding]:
        for part in self.parts:
            yield from part

    def totals(self) -> dict[tuple[str | None, str, Severity], int]:
        """Number of findings by (resource, rule, severity)."""
        counts: dict[tuple[str | None, str, Severity], int] = {}
        for part in self.parts:
            for key, count in part.totals().items():
                counts[key] = counts.get(key, 0) + count
        return counts

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        """The first findings of one rule in one resource, at most limit."""
        for part in self.parts:
            for item in part.some(resource, rule, limit):
                yield item
                limit -= 1
            if limit <= 0:
                return


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one validation.

    Attributes:
        package: The package's name, None where it has none.
        findings: Every finding; may be read lazily from disk.
        unchecked: What could not be checked.
        tables: One summary for each table that was read.
        seconds: Wall time of the whole validation.
        config: The rules that are off or have another severity than their own.
        diagnoses: The common causes of findings, in the order of the tables.
    """

    package: str | None
    findings: Findings
    unchecked: tuple[Unchecked, ...] = ()
    tables: tuple[TableSummary, ...] = ()
    seconds: float = 0.0
    config: tuple[Regrade, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Invalid where there is an error, else not-checked where anything was not, else valid."""
        if self.counts["error"]:
            return "invalid"
        return "not-checked" if self.unchecked else "valid"

    @property
    def valid(self) -> bool | None:
        """True or False, None where the verdict is not-checked."""
        return {"valid": True, "invalid": False, "not-checked": None}[self.verdict]

    @property
    def counts(self) -> dict[Severity, int]:
        """Number of findings by severity."""
        counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
        for (_, _, severity), count in self.findings.totals().items():
            counts[severity] += count
        return counts

    @property
    def rules(self) -> dict[str, int]:
        """Number of findings by rule, sorted by rule."""
        counts: dict[str, int] = {}
        for (_, rule, _), count in self.findings.totals().items():
            counts[rule] = counts.get(rule, 0) + count
        return dict(sorted(counts.items()))

    @property
    def exit_code(self) -> int:
        """0 valid, 1 invalid, 3 no error found but something not checked."""
        return {"valid": 0, "invalid": 1, "not-checked": 3}[self.verdict]

    def to_dict(self) -> dict[str, Any]:
        """The whole report as JSON-ready values; findings as a list in memory."""
        return {
            **self._head(),
            "findings": [finding.to_dict() for finding in self.findings],
            **self._tail(),
        }

    def write_json(self, stream: IO[str]) -> None:
        """Write the report as JSON, one finding at a time, never holding them all."""
        stream.write("{\n")
        for name, value in self._head().items():
            stream.write(f"  {json.dumps(name)}: {_dump(value)},\n")
        stream.write('  "findings": [')
        separator = "\n    "
        for chunk in chunks(_json_line(finding) for finding in self.findings):
            stream.write(separator + ",\n    ".join(chunk))
            separator = ",\n    "
        stream.write("\n  ]")
        for name, value in self._tail().items():
            stream.write(f",\n  {json.dumps(name)}: {_dump(value)}")
        stream.write("\n}\n")

    def _head(self) -> dict[str, Any]:
        return {
            "package": self.package,
            "verdict": self.verdict,
            "valid": self.valid,
            "counts": dict(self.counts),
            "rules": self.rules,
        }

    def _tail(self) -> dict[str, Any]:
        return {
            "diagnoses": [item.to_dict() for item in self.diagnoses],
            "unchecked": [_record(item) for item in self.unchecked],
            "tables": [_record(item) for item in self.tables],
            "config": [item.to_dict() for item in self.config],
            "seconds": round(self.seconds, 6),
        }


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order: by line, those without one first."""
    return tuple(sorted(findings, key=lambda item: (item.line or 0, item.rule)))


CHUNK = 1 << 14
"""Characters that are collected before they are written: one write a finding costs more than
the finding."""


def chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in lists of so many characters, or of one text that is longer."""
    chunk, size = [], 0
    for text in texts:
        chunk.append(text)
        size += len(text)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _json_line(finding: Finding) -> str:
    """`to_dict()` as JSON; what is the same in millions of findings is encoded once."""
    row, line, value = finding.row, finding.line, finding.value
    about = (finding.rule, finding.severity, finding.resource, finding.path, finding.field)
    return (
        f"{_json_head(*about)}"
        f'"row": {"null" if row is None else row}, "line": {"null" if line is None else line}, '
        f'"value": {"null" if value is None else _dump(value)}, '
        f"{_json_reason(finding.pointer, finding.clause)}"
        f'"message": {_dump(finding.message)}, "fix": {_dump(finding.fix)}}}'
    )


@lru_cache
def _json_head(*values: object) -> str:
    return "{" + _json_items(FINDING_NAMES[:5], values)


@lru_cache
def _json_reason(*values: object) -> str:
    return _json_items(("pointer", "clause"), values)


def _json_items(names: Iterable[str], values: Iterable[object]) -> str:
    return "".join(f'"{name}": {_dump(value)}, ' for name, value in zip(names, values, strict=True))


def _record(item: Unchecked | TableSummary) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


_dump = json.JSONEncoder(ensure_ascii=False).encode
"""As `json.dumps`, which makes an encoder for each call."""


__all__ = [
    "FINDING_NAMES",
    "GRADES",
    "SEVERITIES",
    "Cell",
    "Diagnosis",
    "Edit",
    "Finding",
    "FindingList",
    "Findings",
    "Grade",
    "JoinedFindings",
    "Operation",
    "Regrade",
    "Report",
    "Severity",
    "TableSummary",
    "Unchecked",
    "Verdict",
    "chunks",
    "sort_findings",
]
