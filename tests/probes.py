"""What the mutation run asks of a package, and what counts as a defect of the answer.

A probe calls claimpack and yields defects: what is said twice, without a fix or a place, against
its own counts, or otherwise by another door. An exception that is none of claimpack's own is
raised, for the run to tell.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from packages import EXIT_CODES, Json, assert_sound, command

Defects = Iterator[str]
EXPORTS = ("bibtex", "csl", "csv", "duckdb", "jsonl", "parquet", "ris", "sqlite", "xlsx")
PACKAGES = ("csv", "jsonl", "parquet")
REPORTS = ("text", "github", "html", "json", "junit", "markdown", "sarif")
FOREIGN = re.compile(
    r"(Binder|Parser|Catalog|Conversion|Invalid Input|Internal|INTERNAL|Syntax) Error"
    r"|Traceback|internal error|object at 0x|LINE \d+:|maximum recursion"
)
"""Words of a library underneath, which a message of ours has no use for."""


@dataclass(frozen=True)
class Case:
    """A package in a folder, with its number in the run, and room for what is written."""

    folder: Path
    room: Path
    number: int

    def chosen(self, names: tuple[str, ...]) -> str:
        """One of the names, each in its turn."""
        return names[self.number // len(PROBES) % len(names)]


def validate(case: Case) -> Defects:
    """The report agrees with itself."""
    if (report := _report(case.folder)) is not None:
        yield from incoherent(report, case.folder)


def _report(path: Path) -> Json | None:
    """The report as JSON; None where claimpack says that there can be none."""
    import claimpack

    try:
        report = claimpack.validate(path)
    except claimpack.ClaimpackError as error:
        _expect_plain(error)
        return None
    stream = io.StringIO()
    report.write_json(stream)
    stream.getvalue().encode()
    found: Json = json.loads(stream.getvalue())
    return found


def _expect_plain(error: Exception) -> None:
    """An exception of claimpack's own says in one line, and in our words, what is wrong."""
    if FOREIGN.search(str(error)) or not str(error) or "\n" in str(error):
        raise AssertionError(f"refused with {error!r}")


def incoherent(report: Json, folder: Path) -> Defects:
    """What a report says against itself or leaves out."""
    try:
        assert_sound(report)
    except AssertionError as error:
        yield f"report disagrees with itself: {error}"
    rows = {item["name"]: item["rows"] for item in report["tables"]}
    for item in report["findings"]:
        yield from (f"{item['rule']}: {fault}" for fault in _faults(item, rows, folder))
    seen = Counter(json.dumps(item, sort_keys=True) for item in report["findings"])
    for text, count in seen.items():
        if count > 1:
            yield f"{json.loads(text)['rule']}: the same finding {count} times"
    for item in report["unchecked"]:
        if not item["what"] or not item["why"]:
            yield f"skipped without a reason: {item}"
        if FOREIGN.search(item["why"]):
            yield f"skipped in a library's words: {item['why'][:200]}"


def _faults(item: Json, rows: dict[str, int], folder: Path) -> Defects:
    for name in ("message", "fix", "clause"):
        if not item[name]:
            yield f"no {name}"
    if item["path"] is None and item["pointer"] is None and item["row"] is None:
        yield "no place"
    if FOREIGN.search(f"{item['message']} {item['fix']}"):
        yield f"a library's words: {item['message'][:200]}"
    if item["row"] is not None and item["row"] > rows.get(item["resource"], 0):
        yield f"row {item['row']} of {rows.get(item['resource'], 0)}"
    lines = _lines(folder, item["path"])
    if item["line"] is not None and lines is not None and item["line"] > lines:
        yield f"line {item['line']} of {lines}"


def _lines(folder: Path, path: str | None) -> int | None:
    """The most lines that a file can have; None where its bytes tell nothing of them."""
    try:
        data = (folder / (path or "")).read_bytes()
    except (OSError, ValueError):
        return None
    plain = str(path).endswith((".csv", ".tsv", ".jsonl")) and not re.search(
        rb'"(lineTerminator|encoding)"', (folder / "datapackage.json").read_bytes()
    )
    return data.count(b"\n") + data.count(b"\r") + 1 if plain else None


def roads(case: Case) -> Defects:
    """The exact readers and rules, and the way of wide tables, find what the usual way finds."""
    from claimpack import limits
    from claimpack.engine.scan import plain_csv, polars_predicates

    everything = polars_predicates.Suspicion(True, {})
    usual = _report(case.folder)
    with (
        mock.patch.object(plain_csv, "plain_of", return_value=None),
        mock.patch.object(polars_predicates, "suspicion", return_value=everything),
        mock.patch.object(limits, "WIDE", 2),
    ):
        other = _report(case.folder)
    if usual is None or other is None:
        if (usual is None) is not (other is None):
            yield "one road gives no report"
        return
    yield from incoherent(other, case.folder)
    yield from _unlike(usual, other, "the roads differ")


def _unlike(one: Json, other: Json, what: str) -> Defects:
    texts = [Counter(json.dumps(item) for item in report["findings"]) for report in (one, other)]
    for number, more in enumerate((texts[0] - texts[1], texts[1] - texts[0])):
        for rule in sorted({json.loads(text)["rule"] for text in more}):
            yield f"{what}: {rule} only {('usually', 'otherwise')[number]}"
    if one["verdict"] != other["verdict"]:
        yield f"{what}: {one['verdict']} against {other['verdict']}"


def export(case: Case) -> Defects:
    """What is exported is a package that is valid in turn."""
    import claimpack

    name = case.chosen(EXPORTS)
    try:
        claimpack.export(case.folder, case.room / "out", [name])
    except claimpack.ClaimpackError as error:
        _expect_plain(error)
        return
    if name in PACKAGES:
        report = _report(case.room / "out" / name)
        if report is None or report["verdict"] != "valid":
            rules = ", ".join(report["rules"]) if report else "no report"
            yield f"{name}: the export is {report and report['verdict']} ({rules})"


def commands(case: Case) -> Defects:
    """The command says what the library says, in every form of report."""
    expected = _report(case.folder)
    name = case.chosen(REPORTS)
    code, out, err = command("validate", str(case.folder), "--format", name)
    if expected is None:
        if code not in (1, 2, 3) or err.count("\n") != 1 or FOREIGN.search(err):
            yield f"refused with {code}: {err[:200]}"
        return
    if code != EXIT_CODES[expected["verdict"]]:
        yield f"{name}: exit code {code} for {expected['verdict']}"
    if err:
        yield f"{name}: on standard error: {err[:200]}"
    if name == "junit":
        ET.fromstring(out)
    elif name in ("json", "sarif"):
        yield from _unlike(expected, json.loads(out), "command") if name == "json" else ()
    if "\x1b" in out or "\x00" in out:
        yield f"{name}: control characters"


def process(case: Case) -> Defects:
    """The same in a process of its own, for what is set up only there."""
    argv = [sys.executable, "-m", "claimpack", "validate", str(case.folder), "--limit", "1"]
    done = subprocess.run(argv, capture_output=True, check=False)
    err = done.stderr.decode("utf-8", "replace")
    if done.returncode not in (0, 1, 2, 3) or FOREIGN.search(err):
        yield f"exit code {done.returncode}: {err[-300:]}"


def reading(case: Case) -> Defects:
    """Tables can be opened, queried, listed and planned, or the reason is said in a line."""
    import claimpack
    from claimpack.api import plan

    yield from ()
    for call in (claimpack.info, plan, claimpack.describe):
        _tried(call, case.folder)
    package = _tried(claimpack.open, case.folder)
    if not isinstance(package, claimpack.Package):
        return
    for name in package:
        _tried(package[name].to_arrow)
        quoted = name.replace('"', '""')
        _tried(
            lambda quoted=quoted: claimpack.query(
                f'SELECT * FROM "{quoted}"', case.folder
            ).to_pylist()
        )


def changing(case: Case) -> Defects:
    """It can be compared with itself, which gives no difference, and be reformatted."""
    import claimpack
    from claimpack.api import fmt

    difference = _tried(lambda: claimpack.diff(case.folder, case.folder))
    if isinstance(difference, claimpack.Difference) and not difference.empty:
        yield "differs from itself"
    copied = shutil.copytree(case.folder, case.room / "copy")
    if _tried(lambda: list(fmt(copied))) is not None:
        before, after = _report(case.folder), _report(copied)
        if before and after and before["verdict"] == "valid" != after["verdict"]:
            yield f"fmt makes a valid package {after['verdict']}"


def _tried(call: Callable[..., object], *args: object) -> object:
    """What a call gives; None where claimpack says in a line why it gives nothing."""
    import claimpack

    try:
        return call(*args)
    except claimpack.ClaimpackError as error:
        _expect_plain(error)
        return None


PROBES: tuple[Callable[[Case], Defects], ...] = (
    *(validate, roads, validate, commands, validate, export, validate, reading, roads, validate),
    *(export, commands, validate, changing, roads, validate, process),
)
