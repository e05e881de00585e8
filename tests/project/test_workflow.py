"""Every example of the command's help and of docs/workflow.md runs; so do hooks and action."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import claimpack
from claimpack import api
from claimpack.cli import app
from packages import command, one, write

ROOT = Path(__file__).parents[2]
DATASET = ("datapackage.json", "schemas", "tables")
SLEEP = (
    "He who sleeps too little never learns.\n"
    "Sleep helps; to sleep is to learn, so they say; sleep well.\n"
)
TRIALS = "trial,n\na,1\nb,2\n"
OUT_OF_REACH = ("verify-sources", "https:")
"""What asks for documents or an address, which a test has none of: exit code 3."""

posix = pytest.mark.skipif(os.name == "nt", reason="the script is for bash")


def examples() -> list[str]:
    """Each example of each command's help, without the words that explain it."""
    modules = [
        importlib.import_module(f"claimpack.cli.commands.{name.replace('-', '_')}")
        for name in app.command_names()
    ]
    texts = [app.EPILOG, *(module.EXAMPLES for module in modules)]
    lines = [line for text in texts for line in re.findall(r"^  (claimpack .*)$", text, re.M)]
    return list(dict.fromkeys(re.split(r" {2,}", line)[0] for line in lines))


def steps(name: str) -> list[str]:
    """The commands of a page of docs/, in order."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the examples take for granted: packages and releases, `texts`."""
    here = tmp_path_factory.mktemp("workshop")
    write(here / "texts" / "sleep.txt", SLEEP)
    write(here / "texts" / "article.txt", "Another text.\n")
    for folder in (here, *(here / name for name in ("data", "other", "old", "new"))):
        folder.mkdir(exist_ok=True)
        for name in DATASET:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    api.publish(here / "old", here / "release", formats=("csv",))
    for name in ("release", "release-1.0"):
        shutil.make_archive(str(here / name), "zip", here / "release")
    for folder in (here, here / "data"):
        write(folder / "tables" / "trials.csv", TRIALS)
    return here


@pytest.fixture
def here(workshop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the workshop as the current folder and home; a watch ends after its report."""
    folder = tmp_path / "here"
    shutil.copytree(workshop, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    watch: Callable[..., Any] = api.watch
    monkeypatch.setattr(
        api, "watch", lambda *args, **more: itertools.islice(watch(*args, **more), 1)
    )
    return folder


def perform(line: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Run a line as a shell would, with `<`, `>` and `>>`."""
    words = [os.path.expanduser(word) for word in shlex.split(line)]  # noqa: PTH111
    assert words.pop(0) == "claimpack"
    with contextlib.ExitStack() as stack:
        for mark in ("<", ">", ">>"):
            if mark in words:
                place = words.index(mark)
                file = Path(words[place + 1])
                del words[place : place + 2]
                if mark == "<":
                    stream = stack.enter_context(file.open(encoding="utf-8"))
                    monkeypatch.setattr(sys, "stdin", stream)
        return command(*words)


def sources_of(line: str) -> list[str]:
    """The packages that a line of locate or new-source is about."""
    return ["data"] if " data" in line else ["."]


@pytest.mark.parametrize("line", examples())
def test_every_example_of_the_help_runs(
    here: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """An example does what it says on packages that are in order; nothing is told on stderr."""
    if line.startswith("claimpack locate"):
        api.new_source("texts/sleep.txt", sources_of(line)[0], source_id="sleep-blog")
    code, out, err = perform(line, monkeypatch)
    absent = any(part in line for part in OUT_OF_REACH)
    assert (err == "") != ("https:" in line)
    assert out != "" or err != ""
    assert code == (3 if absent else 0)


def test_the_pages_commands_run_one_after_the_other(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/workflow.md starts a package, fills it, and ends with reports on it."""
    write(here / "texts" / "article.txt", SLEEP)
    codes = {}
    for line in steps("workflow.md"):
        if line.startswith("claimpack add-table"):
            write(here / "sleep-claims" / "tables" / "trials.csv", TRIALS)
        codes[line], _, err = perform(line, monkeypatch)
        assert err == "", line
    made = ("init", "new-source", "locate", "add-table", "fmt")
    for line, code in codes.items():
        assert code in ((0,) if line.split()[1] in made else (0, 1)), line
    for name in ("report.html", "report.sarif", "report.xml", "claimpack.xml"):
        assert (here / name).stat().st_size


def test_every_kind_of_report_is_told_of() -> None:
    """The page's table has a row for each format."""
    from claimpack import renderers

    text = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\w+) \|", text, re.MULTILINE)[1:] == [
        "text",
        "json",
        "sarif",
        "junit",
        "github",
        "markdown",
        "html",
    ]
    assert set(renderers.names()) == set(re.findall(r"^\| (\w+) \|", text, re.MULTILINE)[1:])


def test_the_pages_yaml_is_yaml() -> None:
    """What is to be copied into settings can be read, and names hooks and inputs that exist."""
    text = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    hooks, jobs = map(yaml.safe_load, re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S))
    known = {item["id"] for item in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {item["id"] for item in hooks["repos"][0]["hooks"]} == known
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    assert set(jobs["jobs"]["data"]["steps"][1]["with"]) <= set(inputs)


def hooks() -> list[Any]:
    """The hooks of pre-commit."""
    listed: list[Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return listed


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: str(hook["id"]))
def test_a_hook_runs_a_command_and_sees_the_packages_files(
    here: Path, monkeypatch: pytest.MonkeyPatch, hook: Any
) -> None:
    """The entry runs as it stands; a change of a table or of the descriptor calls it."""
    assert perform(hook["entry"], monkeypatch)[0] == 0
    for name in ("tables/sources.csv", "datapackage.json", "data/datapackage.json"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "toolkit/claimpack/plan.py")
    assert hook["pass_filenames"] is False


@pytest.fixture
def action(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good package and a bad one, and `claimpack` on the path."""
    one(tmp_path / "good", "id\n1\n", "id:integer")
    one(tmp_path / "a bad one", "id\r\nx\r\n", "id:integer")
    write(tmp_path / "bin" / "claimpack", f'#!/bin/sh\nexec "{sys.executable}" -m claimpack "$@"\n')
    (tmp_path / "bin" / "claimpack").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    package = str(Path(claimpack.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([package, os.environ.get("PYTHONPATH", "")]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(folder: Path, **inputs: str) -> tuple[int, str]:
    """Run the last step of the action as GitHub does: exit code and log."""
    described = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    step = described["runs"]["steps"][-1]
    names = {name.upper(): item["default"] for name, item in described["inputs"].items()}
    for name, value in step["env"].items():
        assert value == f"${{{{ inputs.{name.lower()} }}}}"
    given = {**names, **inputs, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, **given},
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@posix
def test_the_action_annotates_and_sums_up(action: Path) -> None:
    """A bad package fails the step, beside its line; summary and SARIF are written all the same."""
    code, log = check(action, PATHS="good\na bad one\n", OPTIONS="--strict", SARIF="r.sarif")
    assert code == 1
    assert "::error file=a bad one/t.csv,line=2,title=type-error::" in log
    assert "invalid" in (action / "summary.md").read_text(encoding="utf-8")
    assert '"ruleId": "type-error"' in (action / "r.sarif").read_text(encoding="utf-8")


@posix
def test_the_action_is_content_with_a_good_package(action: Path) -> None:
    """Nothing is written that was not asked for."""
    code, log = check(action, PATHS="good", SUMMARY="false")
    assert (code, "::" in log) == (0, False)
    assert not (action / "summary.md").exists()


@posix
def test_the_action_may_ask_for_the_canonical_form(action: Path) -> None:
    """With `fmt`, a table that is not in form fails the step, and nothing is changed."""
    one(action / "crlf", "id\r\n1\r\n", "id:integer")
    assert check(action, PATHS="good", FMT="true")[0] == 0
    code, log = check(action, PATHS="crlf\ngood", FMT="true")
    assert code == 1
    assert "line ends are now LF" in log
    assert (action / "crlf" / "t.csv").read_bytes() == b"id\r\n1\r\n"
    assert check(action, PATHS="crlf")[0] == 0


def test_the_actions_values_never_reach_the_script_as_text() -> None:
    """Inputs go through the environment, so that none of them is run."""
    described = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    scripts = [step["run"] for step in described["runs"]["steps"] if "run" in step]
    assert not [script for script in scripts if "${{" in script]
