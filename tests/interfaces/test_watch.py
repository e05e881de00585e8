"""Watching a package: what is checked again, when, and that the report is the same as a new one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import claimpack
from claimpack import api, plan, watching
from claimpack.api import steps
from claimpack.report import Report
from packages import Json, command, make, one, table, timeless, write

ROOT = Path(__file__).parents[2]
KEY = {"primaryKey": ["id"]}


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """A table `parents`, `children` that refer to it, and `others` on their own."""
    refers = {
        "foreignKeys": [
            {"fields": ["parent"], "reference": {"resource": "parents", "fields": ["id"]}}
        ]
    }
    tables = [
        table("parents", "id", schema=KEY),
        table("children", "id parent", schema=refers),
        table("others", "id:integer"),
    ]
    data = {
        "parents.csv": "id\na\nb\n",
        "children.csv": "id,parent\n1,a\n2,b\n",
        "others.csv": "id\n1\n",
    }
    return make(tmp_path / "p", tables, data)


def plain(report: Report) -> Json:
    """A report without its times, its findings in one order."""
    found = timeless(json.loads(json.dumps(report.to_dict())))
    return found | {"findings": sorted(found["findings"], key=json.dumps)}


def same_as_new(item: watching.Watched, package: Path) -> None:
    """The report says what a new validation says."""
    assert plain(item.report) == plain(claimpack.validate(package))


def test_the_first_report_is_the_whole(family: Path) -> None:
    """It is what validate gives, and nothing had changed."""
    item = next(api.watch(family))
    same_as_new(item, family)
    assert (item.changed, item.checked) == ((), ("parents", "children", "others"))


@pytest.mark.parametrize(
    ("name", "data", "checked"),
    [
        ("parents", "id\na\n", ("parents", "children")),
        ("children", "id,parent\n1,c\n", ("children",)),
        ("others", "id\nx\n", ("others",)),
    ],
)
def test_an_edit_checks_the_table_and_what_refers_to_it(
    family: Path, name: str, data: str, checked: tuple[str, ...]
) -> None:
    """The rest is not read again, and the report is that of a new validation."""
    reports = api.watch(family)
    assert next(reports).report.valid
    before = (family / f"{name}.csv").read_text()
    write(family / f"{name}.csv", data)
    item = next(reports)
    assert (item.changed, item.checked) == ((name,), checked)
    assert item.report.verdict == "invalid"
    same_as_new(item, family)
    write(family / f"{name}.csv", before)
    item = next(reports)
    assert item.report.valid
    same_as_new(item, family)


def test_what_was_found_elsewhere_is_kept(family: Path) -> None:
    """A fault of a table that nobody touched stays in every report."""
    write(family / "others.csv", "id\nx\n")
    reports = api.watch(family)
    next(reports)
    write(family / "children.csv", "id,parent\n1,c\n")
    item = next(reports)
    assert item.checked == ("children",)
    assert item.report.rules == {"foreign-key": 1, "type-error": 1}
    same_as_new(item, family)


def test_a_change_of_the_descriptor_checks_all(family: Path) -> None:
    """So does one of a schema; a broken descriptor is told, a mended one forgotten."""
    reports = api.watch(family)
    next(reports)
    path = family / "datapackage.json"
    good = path.read_text()
    for text, verdict in (
        (good.replace("integer", "string"), "valid"),
        ("{", "invalid"),
        (good, "valid"),
    ):
        path.write_text(text)
        item = next(reports)
        assert item.report.verdict == verdict
        assert item.changed == ("p",)
        same_as_new(item, family)
    assert len(item.checked) == 3


def test_a_schema_or_a_setting_is_watched_too(tmp_path: Path) -> None:
    """Files that the descriptor names, and claimpack.toml, count like the descriptor."""
    make(
        tmp_path,
        [{"name": "t", "path": "t.csv", "schema": "s.json"}],
        {"t.csv": "id\nx\n", "s.json": '{"fields": [{"name": "id", "type": "integer"}]}'},
    )
    reports = api.watch(tmp_path)
    assert next(reports).report.verdict == "invalid"
    write(tmp_path / "claimpack.toml", '[rules]\ntype-error = "warning"\n')
    item = next(reports)
    assert item.report.counts["warning"] == 1
    same_as_new(item, tmp_path)
    write(tmp_path / "s.json", '{"fields": [{"name": "id", "type": "string"}]}')
    item = next(reports)
    assert item.report.counts["warning"] == 0
    same_as_new(item, tmp_path)


def test_a_table_that_vanishes_and_comes_back(family: Path) -> None:
    """A file that is gone is a missing file until it is there again."""
    reports = api.watch(family)
    next(reports)
    kept = (family / "parents.csv").read_text()
    (family / "parents.csv").unlink()
    item = next(reports)
    assert "missing-file" in item.report.rules
    same_as_new(item, family)
    write(family / "parents.csv", kept)
    item = next(reports)
    assert item.report.valid
    same_as_new(item, family)


def test_a_table_changed_while_it_is_checked_is_checked_again(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save in mid-check makes the report of before worthless: only the next is given."""
    reports = api.watch(family)
    next(reports)
    real, edits = steps.run, iter(["id\nx\n", "id\ny\n"])

    def run_and_save(*args: Any) -> Any:
        outcome = real(*args)
        text = next(edits, None)
        if text:
            write(family / "others.csv", text)
        return outcome

    monkeypatch.setattr(steps, "run", run_and_save)
    write(family / "others.csv", "id\n2\n")
    item = next(reports)
    assert [finding.value for finding in item.report.findings] == ["y"]
    same_as_new(item, family)


def test_a_file_that_never_rests_is_reported_on_all_the_same(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some checks in vain a report is given, and the next change is noticed."""
    monkeypatch.setattr(watching, "PATIENCE", 0.1)
    reports = api.watch(family)
    next(reports)
    real, count = steps.run, iter(range(1000))

    def run_and_save(*args: Any) -> Any:
        write(family / "others.csv", f"id\n{'1' * next(count)}\n")
        return real(*args)

    monkeypatch.setattr(steps, "run", run_and_save)
    write(family / "others.csv", "id\n22\n")
    assert next(reports).changed == ("others",)
    assert next(reports).changed == ("others",)


def test_a_table_replaced_by_a_rename_is_noticed(family: Path) -> None:
    """Many editors save beside the file and move it into place."""
    reports = api.watch(family)
    next(reports)
    before = (family / "others.csv").stat()
    write(family / "draft", "id\nx\n")
    os.utime(family / "draft", ns=(before.st_atime_ns, before.st_mtime_ns))
    (family / "draft").replace(family / "others.csv")
    assert next(reports).report.rules == {"type-error": 1}


def test_a_descriptor_that_is_gone_is_told_and_its_return_too(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor puts it back at once; where nobody does, nothing can be checked until then."""
    monkeypatch.setattr(watching, "PATIENCE", 0.1)
    reports = api.watch(family)
    next(reports)
    path = family / "datapackage.json"
    good = path.read_text()
    path.unlink()
    item = next(reports)
    assert item.report.verdict == "not-checked"
    assert "datapackage.json" in item.report.unchecked[0].why
    path.write_text(good)
    item = next(reports)
    assert (len(item.checked), item.report.verdict) == (3, "valid")
    same_as_new(item, family)


def test_patience_begins_anew_with_each_descriptor_that_is_read(
    family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two saves that each take the descriptor away for a moment are no absence of long."""
    reports = api.watch(family)
    next(reports)
    real, clock, looks = watching.Watcher._open, [1.0], [0]

    def open_after_a_moment(self: watching.Watcher) -> Any:
        looks[0] += 1
        if looks[0] % 2:
            raise claimpack.UnreadableError("taken away")
        return real(self)

    def sleep(seconds: float) -> None:
        clock[0] += seconds
        if looks[0] == 2:  # the first save changed nothing; long after it comes the second
            clock[0] += 10 * watching.PATIENCE
            write(family / "others.csv", "id\n2\n")

    fake = SimpleNamespace(monotonic=lambda: clock[0], sleep=sleep)
    monkeypatch.setattr(watching, "time", fake)
    monkeypatch.setattr(watching.Watcher, "_open", open_after_a_moment)
    os.utime(family / "datapackage.json", ns=(1, 1))
    item = next(reports)
    assert (item.changed, item.report.verdict, looks[0]) == (("others",), "valid", 4)


def test_no_package_is_wrong_usage_at_once(tmp_path: Path) -> None:
    """There has to be a package to begin with."""
    with pytest.raises(claimpack.UsageError):
        next(api.watch(tmp_path))


def test_a_plan_is_narrowed_to_what_an_edit_touches(family: Path) -> None:
    """Tables that are read for a comparison alone are scanned, and compared with nothing."""
    package = claimpack.open(family).model
    part, names = watching.narrowed(plan.make(package), frozenset({"children"}))
    assert names == ["children"]
    assert [item.resource.name for item in part.tables] == ["parents", "children"]
    assert watching.narrowed(plan.make(package), frozenset())[1] == []


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A copy of this repository's package."""
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    for name in ("schemas", "tables"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", ["sources", "claims", "statistics", "terms", "criteria"])
def test_the_dataset_is_judged_as_anew(dataset: Path, name: str) -> None:
    """Whatever table of the claims profile loses a row, watching says what validate says."""
    reports = api.watch(dataset)
    next(reports)
    path = dataset / "tables" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    item = next(reports)
    assert item.report.verdict == "invalid"
    same_as_new(item, dataset)


# The command


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["a", "b"], "one package"),
        (["-"], "one package"),
        ([".", "--metadata-only"], "reads its data"),
        ([".", "-f", "json"], "needs a file"),
    ],
)
def test_what_cannot_be_watched_is_told(argv: list[str], part: str) -> None:
    """Several packages, standard input, a descriptor alone: wrong usage."""
    code, out, err = command("validate", *argv, "--watch")
    assert (code, out) == (2, "")
    assert part in err


class Watching:
    """The command in a process of its own, its blocks of output as they come."""

    def __init__(self, *argv: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "claimpack", "validate", *argv, "--watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.blocks = self._blocks()

    def _blocks(self) -> Iterator[str]:
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("watching;"):
                yield "".join(lines)
                lines = []


@pytest.fixture
def watched(family: Path) -> Iterator[Watching]:
    """The command on the family; killed at the end."""
    running = Watching(str(family), "-f", "html", "-o", str(family.parent / "report.html"))
    timer = threading.Timer(60, running.process.kill)
    timer.start()
    yield running
    timer.cancel()
    running.process.kill()
    running.process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_the_command_reports_after_each_save(family: Path, watched: Watching) -> None:
    """Report, change, report; the file is rewritten; Ctrl-C ends it, in one line."""
    assert "valid: no findings" in next(watched.blocks)
    write(family / "others.csv", "id\n\x1b[2J\n")
    block = next(watched.blocks)
    assert "others changed; 1 table checked again" in block
    assert "invalid: 1 error" in block
    assert "\x1b" not in block
    assert "type-error" in (family.parent / "report.html").read_text(encoding="utf-8")
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(20) == 130
    assert watched.process.stderr is not None
    assert watched.process.stderr.read() == "claimpack: interrupted\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
def test_the_command_ends_when_nobody_reads(family: Path, watched: Watching) -> None:
    """A reader that went away ends the watch at the next change."""
    next(watched.blocks)
    assert watched.process.stdout is not None
    watched.process.stdout.close()
    write(family / "others.csv", "id\nx\n")
    assert watched.process.wait(20) == 1


def test_a_single_table_is_watched_by_its_descriptor(tmp_path: Path) -> None:
    """The path may be the descriptor itself."""
    one(tmp_path, "id\n1\n", "id:integer")
    reports = api.watch(tmp_path / "datapackage.json")
    assert next(reports).report.valid
    write(tmp_path / "t.csv", "id\nx\n")
    assert not next(reports).report.valid
