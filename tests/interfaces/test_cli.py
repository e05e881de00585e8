"""The commands, with the library replaced by reports built by hand."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import claimpack
from claimpack import errors, rules
from claimpack.cli import app, main, progress, run
from claimpack.report import Finding, FindingList, Report, TableSummary, Unchecked
from packages import command, one

HOSTILE = "\x1b[31mred\n\u202eevil[bold]"
FAULT = Finding("type-error", "error", "No number.", "Write one.", "a", "a.csv", "x", 1, 2, HOSTILE)
TABLES = (TableSummary("a", 3, 30, 0.1),)
VALID = Report("p", FindingList(), (), TABLES, 0.5)
INVALID = Report("p", FindingList((FAULT,)), (), TABLES, 0.5)
PARTIAL = Report("p", FindingList(), (Unchecked("a", "data", "remote"),), TABLES, 0.5)

Api = Callable[..., None]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """Replaces `claimpack.api`; each name given becomes one of its functions."""
    module = ModuleType("claimpack.api")
    monkeypatch.setitem(sys.modules, "claimpack.api", module)
    monkeypatch.setattr(claimpack, "api", module, raising=False)

    def replace(**functions: Any) -> None:
        for name, function in functions.items():
            setattr(module, name, function if callable(function) else Calls(function))

    return replace


@dataclass
class Calls:
    """Notes how a function was called."""

    result: Any
    args: tuple[Any, ...] = ()
    options: dict[str, Any] | None = None

    def __call__(self, *args: Any, **options: Any) -> Any:
        self.args, self.options = args, options
        return self.result


def raising(error: BaseException) -> Callable[..., Any]:
    """A function that raises."""

    def function(*args: Any, **options: Any) -> Any:
        raise error

    return function


def visible(text: str) -> bool:
    """Whether a terminal shows all of the text and obeys none of it."""
    return all(char.isprintable() or char == "\n" for char in text)


# validate


@pytest.mark.parametrize(("report", "code"), [(VALID, 0), (INVALID, 1), (PARTIAL, 3)])
def test_validate_exits_by_verdict(
    api: Api, capsys: pytest.CaptureFixture[str], report: Report, code: int
) -> None:
    """Valid is 0, invalid 1, not checked 3; the verdict is the last line."""
    api(validate=report)
    assert run(["validate"]) == code
    out = capsys.readouterr()
    assert out.out.splitlines()[-1].startswith(
        {0: "valid: ", 1: "invalid: ", 3: "partly checked: "}[code]
    )
    assert out.err == ""


def test_validate_hands_its_options_on(api: Api) -> None:
    """Every option reaches the library; no progress is asked for without a terminal."""
    calls = Calls(VALID)
    api(validate=calls)
    assert run(["validate", "data", "--metadata-only", "--strict", "--memory", "1GB"]) == 0
    assert calls.args == ("data",)
    assert calls.options == {
        "metadata_only": True,
        "strict": True,
        "memory": "1GB",
        "follow_links": False,
        "rules": {},
        "config": True,
        "progress": None,
    }
    run(["validate", "--follow-links"])
    assert calls.args == (".",)
    assert calls.options["follow_links"] is True
    run(["validate", "--rule", "blank-row=off", "--rule", "type-error=info", "--no-config"])
    assert calls.options["rules"] == {"blank-row": "off", "type-error": "info"}
    assert calls.options["config"] is False


def test_validate_writes_json(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON on standard output is the report and nothing else."""
    api(validate=INVALID)
    assert run(["validate", "--format", "json"]) == 1
    out = capsys.readouterr().out
    assert json.loads(out) == INVALID.to_dict()
    assert visible(out)


def test_validate_shows_hostile_values_escaped(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cell with terminal escapes is shown with visible ones."""
    api(validate=INVALID)
    run(["validate"])
    out = capsys.readouterr().out
    assert visible(out)
    assert r"\x1b[31mred\n\u202eevil[bold]" in out


def test_validate_limits_findings_on_screen(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """--limit shortens, says the true total, and 0 lifts the limit."""
    api(validate=Report("p", FindingList((FAULT,) * 25), (), TABLES))
    run(["validate", "--limit", "4"])
    out = capsys.readouterr().out
    assert out.count("a.csv:2") == 4
    assert "… and 21 more (25 in all)" in out
    run(["validate", "--limit", "0"])
    assert capsys.readouterr().out.count("a.csv:2") == 25


@pytest.mark.parametrize("name", ["json", "text"])
def test_validate_writes_a_file(
    api: Api, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """-o writes the report in UTF-8, leaves nothing beside it, and the screen has the verdict."""
    api(validate=INVALID)
    target = tmp_path / "report"
    target.write_text("old")
    assert run(["validate", "-f", name, "-o", str(target)]) == 1
    written = target.read_text(encoding="utf-8")
    assert (
        json.loads(written)["verdict"] == "invalid" if name == "json" else "type-error" in written
    )
    assert "\x1b" not in written
    assert list(tmp_path.iterdir()) == [target]
    assert capsys.readouterr().out.startswith("invalid: 1 error")


def test_report_replaces_a_link_and_leaves_its_target(api: Api, tmp_path: Path) -> None:
    """A link as output is not followed."""
    api(validate=VALID)
    other = tmp_path / "other"
    other.write_text("precious")
    link = tmp_path / "link"
    link.symlink_to(other)
    assert run(["validate", "-o", str(link)]) == 0
    assert other.read_text() == "precious"
    assert not link.is_symlink()


def test_report_that_cannot_be_written_is_one_line(
    api: Api, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a missing folder: exit code 3, one line, nothing left, the old file whole."""
    api(validate=VALID)
    assert run(["validate", "-o", str(tmp_path / "no" / "report")]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    target = tmp_path / "report"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", raising(OSError(errno.ENOSPC, "No space left on device")))
    assert run(["validate", "-o", str(target)]) == 3
    assert capsys.readouterr().err == f"claimpack: {target}: No space left on device\n"
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text() == "old"


def test_report_never_overwrites_the_package(
    api: Api, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """-o refuses the descriptor, a table and a schema of the package; exit code 2."""
    api(validate=VALID)
    descriptor = {"resources": [{"name": "a", "path": "a.csv", "schema": "a.json"}]}
    files = {
        "datapackage.json": json.dumps(descriptor),
        "a.json": '{"fields": [{"name": "x"}]}',
        "a.csv": "x\n1\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    for name, content in files.items():
        assert run(["validate", str(tmp_path), "-o", str(tmp_path / name)]) == 2
        assert "would overwrite it" in capsys.readouterr().err
        assert (tmp_path / name).read_text() == content
    assert run(["validate", str(tmp_path), "-o", str(tmp_path / "report.txt")]) == 0


def test_report_file_must_be_no_folder(
    api: Api, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """-o with a folder is wrong usage."""
    api(validate=VALID)
    assert run(["validate", "-o", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_drafts_of_killed_runs_are_swept(api: Api, tmp_path: Path) -> None:
    """An old draft beside the target goes; a fresh one may be another run's and stays."""
    api(validate=VALID)
    old, fresh = tmp_path / ".r.txt.1.part", tmp_path / ".r.txt.2.part"
    for draft in (old, fresh):
        draft.write_text("")
    os.utime(old, (0, 0))
    assert run(["validate", "-o", str(tmp_path / "r.txt")]) == 0
    assert not old.exists()
    assert fresh.exists()


# errors and exit codes


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (errors.UsageError("no such path: x"), 2, "no such path: x"),
        (errors.UnreadableError("x: no"), 3, "x: no"),
        (errors.ClaimpackError("it\x1b[2J\nbroke"), 3, r"it\x1b[2J\nbroke"),
        (errors.InvalidPackageError("2 errors"), 1, "2 errors"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/t/x"),
            3,
            "/t/x: No space left on device",
        ),
        (PermissionError(errno.EACCES, "Permission denied"), 3, "Permission denied"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError(), 3, "out of memory; try a lower --memory limit"),
        (ValueError("odd"), 3, "internal error: ValueError: odd (CLAIMPACK_DEBUG=1 shows where)"),
        (
            RecursionError("deep"),
            3,
            "internal error: RecursionError: deep (CLAIMPACK_DEBUG=1 shows where)",
        ),
    ],
)
def test_errors_are_one_line(
    api: Api, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, line: str
) -> None:
    """Whatever the library raises becomes one line on stderr and an exit code."""
    api(validate=raising(error))
    assert run(["validate"]) == code
    out = capsys.readouterr()
    assert out.err == f"claimpack: {line}\n"
    assert out.out == ""


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["nosuch"], 'no command "nosuch"'),
        (["vaildate"], "did you mean validate?"),
        (["validate", "--nosuch"], "--nosuch"),
        (["export", "a", "b\x1b[2J"], "b"),
        (["validate", "--limit", "-1"], "--limit"),
        (["validate", "--limit", "many"], "--limit"),
        (["validate", "--format", "pdf"], 'unknown format "pdf"; known formats: text, github'),
        (["info", "--format", "sarif"], "known formats: text, json"),
        (["verify-sources"], "--corpus"),
        (["explain"], "RULE"),
        (["explain", "forein-key"], "did you mean foreign-key"),
        (["explain", "\x1b[2J"], "claimpack rules and claimpack causes list them"),
    ],
)
def test_wrong_usage_is_one_line_and_2(
    api: Api, capsys: pytest.CaptureFixture[str], argv: list[str], part: str
) -> None:
    """Wrong usage is told in one harmless line that says what is wrong."""
    api(validate=VALID)
    assert run(argv) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith("claimpack: ")
    assert out.err.count("\n") == 1
    assert part in out.err
    assert visible(out.err)


def test_no_command_is_wrong_usage_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command the help goes to stderr, exit code 2."""
    assert run([]) == 2
    out = capsys.readouterr()
    assert "Usage: claimpack" in out.err
    assert out.out == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--version names the program and its version."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("claimpack ")


def test_main_leaves_with_the_exit_code(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The console script exits with what run returns."""
    api(validate=INVALID)
    monkeypatch.setattr(sys, "argv", ["claimpack", "validate"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1


@pytest.mark.parametrize("name", app.command_names())
def test_every_command_has_help_with_examples(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Each command found in the folder explains itself and shows how it is called."""
    assert run([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: claimpack {name}" in out
    assert f"\n    claimpack {name}" in out
    assert max(map(len, out.splitlines())) <= 80


def test_help_lists_every_command_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The overview has a line for each command, none of them cut."""
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name in app.command_names():
        assert f"\n  {name} " in out
    assert "..." not in out.split("Commands:")[1]


# export


def exported(report: Report = VALID) -> SimpleNamespace:
    """What an export gives back."""
    files = (
        SimpleNamespace(path="parquet/tables/a.parquet", bytes=1234, rows=3, sha256="0" * 64),
        SimpleNamespace(path="SHA256SUMS", bytes=99, rows=None, sha256="0" * 64),
    )
    return SimpleNamespace(
        report=report, files=files, folder=Path("dist"), warnings=(), quarantine=()
    )


def test_export_says_what_was_written(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """After the report stand the files with rows and sizes; the default is both formats."""
    calls = Calls(exported())
    api(export=calls)
    assert run(["export"]) == 0
    out = capsys.readouterr().out
    assert calls.args == (".", Path("dist"), ("parquet", "csv"))
    assert "written to dist\n" in out
    assert "  parquet/tables/a.parquet  3 rows  1.2 kB\n" in out
    assert out.endswith("2 files, 1.3 kB\n")


def test_export_hands_its_options_on(api: Api) -> None:
    """Formats may be repeated, and are handed on once each."""
    calls = Calls(exported())
    api(export=calls)
    run(["export", "p", "--to", "csv", "--to", "csv", "-o", "x", "--force", "--memory", "1GB"])
    assert calls.args == ("p", Path("x"), ("csv",))
    assert calls.options == {
        "zipped": False,
        "spreadsheet_safe": False,
        "force": True,
        "quarantine": False,
        "memory": "1GB",
        "follow_links": False,
        "rules": {},
        "config": True,
        "progress": None,
    }


def test_export_of_an_invalid_package_shows_the_report(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written: the findings stand on stdout, one line on stderr, exit code 1."""
    error = errors.InvalidPackageError("nothing written: the package has 1 error")
    error.report = INVALID
    api(export=raising(error))
    assert run(["export"]) == 1
    out = capsys.readouterr()
    assert "a.csv:2" in out.out
    assert out.err == "claimpack: nothing written: the package has 1 error\n"


def test_export_of_a_package_not_checked_whole_is_3(api: Api) -> None:
    """What could not be checked makes the exit code 3, written or not."""
    api(export=exported(PARTIAL))
    assert run(["export"]) == 3


# info, plan, rules, explain, verify-sources


@dataclass(frozen=True)
class Info:
    """Stands for PackageInfo and TableInfo."""

    name: str = "p"
    title: str = "Claims"
    version: str | None = "1.0"
    standard: str = "2"
    licences: tuple[str, ...] = ("CC-BY-4.0",)
    tables: tuple[Any, ...] = ()
    description: str = "First.\n\nSecond\nline."
    path: str = "a.csv"
    rows: int | None = None
    fields: int = 0
    bytes: int = 0


def test_info_shows_tables_licence_version(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows not known are a question mark; hostile titles are harmless."""
    tables = (Info("a", "A", rows=1200, fields=3, bytes=5000), Info("b", HOSTILE, fields=2))
    api(info=Info(tables=tables))
    assert run(["info"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("p 1.0\nClaims\n\nFirst.\n\nSecond line.\n\nlicence   CC-BY-4.0\n")
    assert "a      1,200       3  5.0 kB  A\n" in out
    assert "b          ?       2     0 B  " in out
    assert visible(out)


def test_info_as_json(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON holds every attribute, and no raw escape."""
    api(info=Info(tables=(Info("b", HOSTILE),)))
    assert run(["info", "-f", "json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["tables"][0]["title"] == HOSTILE
    assert visible(out)


def test_info_of_a_bare_package(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """A package without name, licence or tables is shown as such."""
    api(info=Info("", "", None, "1", (), (), ""))
    assert run(["info"]) == 0
    assert "licence   none stated" in capsys.readouterr().out


def test_plan_prints_text_and_json(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan's lines are shown as they are, hostile ones escaped."""
    plan = SimpleNamespace(to_text=lambda: f"a\n  {HOSTILE!s}", to_dict=lambda: {"a": [1]})
    api(plan=lambda path, **_: plan)
    assert run(["plan"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("a\n  \\x1b[31mred\n")
    assert visible(out)
    assert run(["plan", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"a": [1]}


def test_explain_shows_a_rule_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """Reason, both examples, mend, severity, scope and clause stand in the page."""
    assert run(["explain", "blank-row"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("blank-row  error, scope: file\nA row has no values.")
    assert "\nInvalid example\n    id,name\n    1,one\n\n    2,two\n" in out
    assert "\nValid example\n    id,name\n    1,one\n    2,two\n" in out
    assert "How to fix: Delete the row." in out
    assert "Clause: RFC 4180 section 2" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("rule_id", rules.rule_names())
def test_every_rule_can_be_explained(capsys: pytest.CaptureFixture[str], rule_id: str) -> None:
    """No rule's docstring lacks what the page shows."""
    assert run(["explain", rule_id]) == 0
    out = capsys.readouterr().out
    for part in ("\nInvalid example\n", "\nValid example\n", "How to fix: ", "Clause: "):
        assert part in out


def test_rules_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a rule, in text and as records in JSON."""
    assert run(["rules"]) == 0
    ids = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert ids == list(rules.rule_names())
    assert run(["rules", "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["id"] for record in records] == ids
    assert {"severity", "scope", "clause", "title", "why", "mend"} <= records[0].keys()


@dataclass(frozen=True)
class Source:
    """Stands for SourceResult."""

    source_id: str
    file: str | None
    how: str | None
    exact: int = 0
    moved: int = 0
    missing: int = 0


def test_verify_sources_shows_sources_then_the_report(
    api: Api, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each source has a line with its file and how it was found; the report's code is returned."""
    sources = (Source("s01", "a.txt", "sha256", 9), Source(HOSTILE, None, None, 0, 1, 2))
    calls = Calls(SimpleNamespace(sources=sources, report=INVALID))
    api(verify_sources=calls)
    assert run(["verify-sources", "p", "--corpus", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert calls.args == ("p", tmp_path)
    assert "9      0        0  a.txt (same bytes)\n" in out
    assert "0      1        2  not found\n" in out
    assert "invalid: 1 error" in out
    assert visible(out)


def test_verify_sources_as_json(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON holds the sources and the whole report."""
    result = SimpleNamespace(sources=(Source(HOSTILE, "f", "name", 1),), report=VALID)
    api(verify_sources=result)
    assert run(["verify-sources", "--corpus", ".", "-f", "json"]) == 0
    out = capsys.readouterr().out
    read = json.loads(out)
    assert read["sources"][0]["source_id"] == HOSTILE
    assert read["report"] == VALID.to_dict()
    assert visible(out)


# progress


class Screen(io.StringIO):
    """A stream that passes for a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is called back where stderr is no terminal, or gone."""
    for stream in (io.StringIO(), None):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress.progress() as callback:
            assert callback is None


def test_progress_waits_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick run draws nothing."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress() as callback:
        assert callback is not None
        callback("a", 1, 2)
    assert screen.getvalue() == ""


def test_progress_draws_from_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow run draws each table; a hostile name is harmless; a call too late is ignored."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress() as callback:
        assert callback is not None
        names = [f"table{n}" for n in range(8)] + ["[red]\x1b[2J\u202e[/red]", "empty"]
        threads = [
            threading.Thread(target=callback, args=(name, 5, 10 * (name != "empty")))
            for name in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        callback("table1", 10, 10)
    callback("late", 1, 2)
    shown = screen.getvalue()
    assert "table3" in shown
    assert "late" not in shown
    assert r"[red]\x1b[2J\u202e[/red]" in shown


# the process

STUB = """
import sys, types
import claimpack
claimpack.api = api = sys.modules["claimpack.api"] = types.ModuleType("claimpack.api")
from claimpack.report import Finding, FindingList, Report
faults = (Finding("type-error", "error", "No number.", value=chr(27) + "[2J\\u202e\\u00e9"),)
api.validate = lambda *a, **k: Report("p", FindingList(faults * {number}))
from claimpack.cli import run
code = run({argv})
unwanted = {{"rich", "pydantic", "claimpack.cli.commands.export"}}
print(*sorted(unwanted & set(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


def process(
    argv: list[str],
    number: int = 1,
    stdout: Any = subprocess.PIPE,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """A process of its own that validates with a stub."""
    code = STUB.format(argv=argv, number=number)
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | (environment or {}),
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


def test_validate_in_a_pipe_imports_no_more_than_it_needs() -> None:
    """Neither a terminal library, nor a validation library, nor another command is imported."""
    done = process(["validate", "--limit", "3", "--memory", "1GB"])
    assert done.returncode == 1
    assert done.stderr == b"\n"
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_output_encoding_will_do(encoding: str) -> None:
    """Text is escaped where the encoding cannot hold it; JSON is UTF-8 everywhere."""
    environment = {"PYTHONIOENCODING": encoding}
    shown = process(["validate"], environment=environment).stdout
    assert b"Traceback" not in shown
    assert shown.decode(encoding)
    read = json.loads(process(["validate", "-f", "json"], environment=environment).stdout)
    assert read["findings"][0]["value"] == "\x1b[2J\u202eé"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_device_is_one_line_and_3() -> None:
    """Standard output that cannot take more is told once."""
    with Path("/dev/full").open("w") as full:
        done = process(["validate"], stdout=full)
    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == b"claimpack: standard output: No space left on device"


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_closed_pipe_is_quiet_and_keeps_the_verdict() -> None:
    """A reader that goes away, as head does, leaves no message; the exit code is the verdict's."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process(["validate", "--limit", "0"], number=10_000, stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == 1
    assert done.stderr == b"\n"


def test_terminal_gets_colours_unless_they_are_refused() -> None:
    """Colours are for a terminal, and NO_COLOR turns them off."""
    assert b"\x1b[31m" in on_terminal({"NO_COLOR": "", "TERM": "xterm"})
    assert b"\x1b" not in on_terminal({"NO_COLOR": "1", "TERM": "xterm"})
    assert b"\x1b" not in on_terminal({"NO_COLOR": "", "TERM": "dumb"})


def on_terminal(environment: dict[str, str]) -> bytes:
    """What a terminal is sent."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    try:
        process(["validate"], stdout=theirs, environment=environment)
        return os.read(ours, 100_000)
    finally:
        os.close(ours)
        os.close(theirs)


def test_module_runs_as_a_program() -> None:
    """`python -m claimpack` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "claimpack", "--help"], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert b"Usage: claimpack" in done.stdout


def test_a_message_is_broken_between_words_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A narrow terminal does not cut words; a file gets one line."""
    from claimpack.cli.guard import tell

    monkeypatch.setenv("COLUMNS", "40")
    tell("word " * 20 + "x" * 60)
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tell("word " * 20 + "x" * 60)
    lines = capsys.readouterr().err.splitlines()
    assert all(len(line) <= 40 for line in lines[:-1])
    assert lines[-1].strip() == "x" * 60


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_device_is_named(tmp_path: Path) -> None:
    """A report that cannot be written to the end says where."""
    code, out, err = command("validate", str(one(tmp_path, "a\n1\n", "a")), "-o", "/dev/full")
    assert (code, out) == (3, "")
    assert err == "claimpack: /dev/full: No space left on device\n"
