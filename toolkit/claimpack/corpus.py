"""Holds a claims data package against the texts that it was curated from.

The published package carries no sentences of its sources. A reader who has the
documents proves the passages with them: each source's text is found by its
SHA-256, else by its file name, and every passage's hash is recomputed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from claimpack import limits
from claimpack.descriptor.model import Package
from claimpack.errors import UnreadableError, UsageError
from claimpack.profile.own_words import RUN
from claimpack.report import Finding, FindingList, Report, Severity, Unchecked
from claimpack.rules import load

PROSE = {
    "claims": ("statement", "note"),
    "claim_mentions": ("note",),
    "statistics": ("population", "comparator", "timepoint", "note"),
    "appraisals": ("reason",),
    "assessments": ("reason",),
    "conflicts": ("topic", "reason"),
    "conflict_members": ("note",),
    "evidence": ("finding", "note"),
    "exclusions": ("note",),
    "terms": ("definition",),
}
"""Fields that hold words of our own, by table."""

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
State = Literal["exact", "moved", "missing"]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one source's passages.

    Attributes:
        source_id: The source.
        file: The file that holds its text, None where none was found.
        how: Whether the file was found by its hash or its name.
        exact: Passages whose hash holds at their position.
        moved: Passages found elsewhere in the text.
        missing: Passages not found.
    """

    source_id: str
    file: str | None
    how: Literal["sha256", "name"] | None
    exact: int
    moved: int
    missing: int


@dataclass(frozen=True, slots=True)
class SourcesReport:
    """The outcome of `verify`: a result for each source with passages, and the report."""

    sources: tuple[SourceResult, ...]
    report: Report


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the corpus."""

    file: str
    how: Literal["sha256", "name"]
    text: str


def verify(package: Package, tables: Tables, corpus: Path) -> SourcesReport:
    """Recompute every passage, and compare our words with the sources'.

    Args:
        package: A claims data package.
        tables: Its tables as rows by name, each row with its number under `_row`
            and its line under `_line`.
        corpus: A folder with the documents.

    Raises:
        UsageError: The folder is not there, or the package has no passages.
    """
    if not corpus.is_dir():
        raise UsageError(f"there is no folder {corpus}")
    if "passages" not in tables or "sources" not in tables:
        raise UsageError("the package has no tables sources and passages")
    documents = dict(_documents(tables["sources"], corpus))
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    results = []
    by_source: dict[str, list[Row]] = {}
    for row in tables["passages"]:
        by_source.setdefault(row["source_id"], []).append(row)
    for source_id, rows in sorted(by_source.items()):
        document = documents.get(source_id)
        if document is None:
            why = "no file with its text was found, neither by its SHA-256 nor by its name"
            unchecked.append(Unchecked("passages", f"{len(rows)} passages of {source_id}", why))
            results.append(SourceResult(source_id, None, None, 0, 0, 0))
            continue
        states = [_passage(package, row, document, findings) for row in rows]
        counts = [states.count(state) for state in ("exact", "moved", "missing")]
        results.append(SourceResult(source_id, document.file, document.how, *counts))
    findings += _borrowed(package, tables, documents)
    report = Report(package.name, FindingList(tuple(findings)), tuple(unchecked))
    return SourcesReport(tuple(results), report)


def _documents(sources: Sequence[Row], corpus: Path) -> Iterator[tuple[str, Document]]:
    """The text of each source, by the SHA-256 of its file, else by the file's name."""
    paths = sorted(path for path in corpus.rglob("*") if path.is_file())
    hashes = {_digest(path): path for path in paths}
    names = {path.stem: path for path in paths}
    for row in sources:
        path, how = hashes.get(row.get("text_sha256") or ""), "sha256"
        if path is None:
            path, how = names.get(row["source_id"]), "name"
        if path is not None:
            text = _text(path)
            yield row["source_id"], Document(path.name, how, text)  # type: ignore[arg-type]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(path: Path) -> str:
    """The text of a document; UnreadableError where it is larger than the limit."""
    with path.open("rb") as file:
        data = file.read(limits.TEXT_BYTES + 1)
    if len(data) > limits.TEXT_BYTES:
        size = limits.TEXT_BYTES // limits.MIB
        raise UnreadableError(f"{path} is larger than the limit of {size} MiB")
    return data.decode("utf-8", "replace")


def _passage(package: Package, row: Row, document: Document, found: list[Finding]) -> State:
    start, end = row["char_start"] or 0, row["char_end"] or 0
    span = document.text[start:end]
    if _sha256(span) == row["sha256"]:
        if not (span.startswith(row["head"] or "") and span.endswith(row["tail"] or "")):
            message = "the passage does not begin and end with the words in head and tail"
            found.append(_finding(package, "passages", row, "passage-text", "head", message, ""))
        return "exact"
    place = _elsewhere(row, document.text, end - start)
    if place is not None:
        same = document.how == "sha256"
        message = f"the passage is at {place} to {place + end - start}, not at {start} to {end}"
        fix = f"Write char_start {place} and char_end {place + end - start}"
        severity: Severity = "error" if same else "warning"
        found.append(
            _finding(package, "passages", row, "passage-text", "char_start", message, fix, severity)
        )
        return "moved"
    message = f"no text with this hash was found in {document.file}"
    fix = "Anchor the passage anew in the text"
    found.append(_finding(package, "passages", row, "passage-text", "sha256", message, fix))
    return "missing"


def _elsewhere(row: Row, text: str, length: int) -> int | None:
    """Where a span of the passage's length, head and hash begins, nearest first."""
    if not row["head"] or length <= 0:
        return None
    places = [match.start() for match in re.finditer(re.escape(row["head"]), text)]
    for place in sorted(places, key=lambda place: abs(place - (row["char_start"] or 0))):
        if _sha256(text[place : place + length]) == row["sha256"]:
            return place
    return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower().replace("\u2019", "'"))


def runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    """Every run of so many words in a row."""
    listed = words(text)
    return {tuple(listed[i : i + length]) for i in range(len(listed) - length + 1)}


def _borrowed(
    package: Package, tables: Tables, documents: Mapping[str, Document]
) -> Iterator[Finding]:
    """Texts of ours that take over a run of words from any document."""
    theirs = {source_id: runs(document.text) for source_id, document in documents.items()}
    for table, fields in PROSE.items():
        for row in tables.get(table, ()):
            for field in fields:
                text = row.get(field)
                if not isinstance(text, str):
                    continue
                for source_id, taken in theirs.items():
                    shared = runs(text) & taken
                    if shared:
                        run = " ".join(sorted(shared)[0])
                        message = f'"{run}" stands word for word in {source_id}'
                        fix = "Say it in other words"
                        yield _finding(package, table, row, "own-words", field, message, fix)


def _finding(
    package: Package,
    table: str,
    row: Row,
    rule: str,
    field: str,
    message: str,
    fix: str,
    severity: Severity | None = None,
) -> Finding:
    known = load(rule)
    return Finding(
        rule=rule,
        severity=severity or known.severity,
        message=message,
        fix=fix,
        resource=table,
        path=package.resource(table).path,
        field=field,
        row=row.get("_row"),
        line=row.get("_line"),
        value=None if row.get(field) is None else str(row[field]),
        clause=known.clause,
    )
