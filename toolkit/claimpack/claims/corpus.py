"""Verifies the passages of a claims data package against the source texts.

The published package contains no sentences of its sources. Readers who have the documents
can prove the passages: each source's text is found by its SHA-256, otherwise by its file
name, and every passage's hash is recomputed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from claimpack import limits
from claimpack.claims.anchoring import Anchor, Budget, ExhaustedError, Span, find
from claimpack.claims.rules.own_words import RUN
from claimpack.descriptor.model import Package
from claimpack.errors import UnreadableError, UsageError
from claimpack.report import Finding, FindingList, Report, Severity, Unchecked
from claimpack.rules import load

POSITION = ("char_start", "char_end")
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
        moved: Passages found elsewhere, in this source's text or in another's.
        missing: Passages not found anywhere. Passages that were not looked for everywhere
            are in none of the three numbers, and are reported as unchecked.
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
        raise UsageError(f"the folder {corpus} does not exist")
    if "passages" not in tables or "sources" not in tables:
        raise UsageError("the package has no tables sources and passages")
    documents = dict(_documents(tables["sources"], corpus))
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    results = []
    budget = Budget()
    by_source: dict[str, list[Row]] = {}
    for row in tables["passages"]:
        by_source.setdefault(row["source_id"], []).append(row)
    for source_id, rows in sorted(by_source.items()):
        document = documents.get(source_id)
        if document is None:
            why = "no file with its text was found, neither by its SHA-256 nor by its name"
            unchecked.append(Unchecked("passages", _passages(len(rows), source_id), why))
            results.append(SourceResult(source_id, None, None, 0, 0, 0))
            continue
        states: list[State] = []
        try:
            for row in rows:
                states.append(_passage(package, row, documents, budget, findings))
        except ExhaustedError:
            left = _passages(len(rows) - len(states), source_id)
            why = "too many places to look for passages that are not where their rows say"
            unchecked.append(Unchecked("passages", left, why))
        counts = [states.count(state) for state in ("exact", "moved", "missing")]
        results.append(SourceResult(source_id, document.file, document.how, *counts))
    findings += _borrowed(package, tables, documents)
    report = Report(package.name, FindingList(tuple(findings)), tuple(unchecked))
    return SourcesReport(tuple(results), report)


def _passages(count: int, source_id: str) -> str:
    return f"{count} passage{'' if count == 1 else 's'} of {source_id}"


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


def _passage(
    package: Package,
    row: Row,
    documents: Mapping[str, Document],
    budget: Budget,
    found: list[Finding],
) -> State:
    """What became of one passage; ExhaustedError where the run may look no further."""
    source_id = row["source_id"]
    document = documents[source_id]
    start, end = row["char_start"], row["char_end"]
    anchor = Anchor(start, end, row["head"] or "", row["tail"] or "", row["sha256"])
    if anchor.holds(document.text):
        found += _words_differ(package, row, document.text[start:end])
        return "exact"
    others = [other for other in documents if other != source_id]
    for place in (source_id, *others):
        span = find(anchor, documents[place].text, budget)
        if span is not None:
            found.append(_moved(package, row, place, span, document.how))
            return "moved"
    message = "no document contains a text with this hash"
    fix = "Locate the passage again, and write the position, words and hash that you get."
    found.append(_finding(package, "passages", row, "passage-text", "sha256", message, fix))
    return "missing"


def _moved(package: Package, row: Row, place: str, span: Span, how: str) -> Finding:
    """Where a passage is, in place of where its row says; a warning for other bytes than ours."""
    right = {"source_id": place, "char_start": span[0], "char_end": span[1]}
    wrong = {field: value for field, value in right.items() if row[field] != value}
    fix = "Write " + ", ".join(f"{field} {value}" for field, value in wrong.items()) + "."
    inside = f" in {place}" if "source_id" in wrong else ""
    written = " to ".join("nothing" if row[f] is None else str(row[f]) for f in POSITION)
    message = f"expected the passage at {written}, found it{inside} at {span[0]} to {span[1]}"
    severity: Severity = "error" if how == "sha256" else "warning"
    field = next(iter(wrong))
    return _finding(package, "passages", row, "passage-text", field, message, fix, severity)


def _words_differ(package: Package, row: Row, span: str) -> Iterator[Finding]:
    """A head or tail that the passage does not begin or end with."""
    for field, side, holds in (
        ("head", "begins", span.startswith(row["head"] or "")),
        ("tail", "ends", span.endswith(row["tail"] or "")),
    ):
        if not holds:
            real = _outer(span, field, len(row[field].split()))
            message = f'the passage {side} with "{real}"'
            fix = f'Write "{real}".'
            yield _finding(package, "passages", row, "passage-text", field, message, fix)


def _outer(span: str, side: str, count: int) -> str:
    """As many words as these from the beginning or the end of a text, spaces as they are."""
    found = list(re.finditer(r"\S+", span))
    if side == "head":
        return span[: found[min(count, len(found)) - 1].end()] if found else span
    return span[found[-min(count, len(found))].start() :] if found else span


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
                ours = runs(text)
                for source_id, taken in theirs.items():
                    shared = ours & taken
                    if shared:
                        run = " ".join(sorted(shared)[0])
                        message = f'"{run}" is copied word for word from {source_id}'
                        fix = "Say it in other words."
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
