"""Interrupting a command: at any moment one line, one exit code, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import packages

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

COMMANDS = {
    "validate": ["validate", "p", "-f", "json", "-o", "out"],
    "export": ["export", "p", "--to", "csv", "--force", "-o", "out"],
    "publish": ["publish", "p", "--to", "csv", "--force", "-o", "out"],
    "query": ["query", "SELECT * FROM t", "p", "-f", "csv", "-o", "out"],
    "fmt": ["fmt", "p"],
}
SCRIPT = """
import importlib, json, os, signal, sys
from pathlib import Path

number, moments, argv = getattr(signal, sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
top = Path.cwd()

def files():
    kept = [p for p in top.rglob("*") if p.is_file() and p.parent != top / "seen"]
    return {str(p): p.read_bytes() for p in sorted(kept)} | {str(p): b"" for p in top.iterdir()}

def forked(last=None):
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    for stream, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(f"seen/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    count, leave = 0, os._exit

    def hook(*_):
        nonlocal count
        count += 1
        if count == last:
            sys.setprofile(None)
            signal.raise_signal(number)

    def ended(code):
        sys.setprofile(None)
        Path("seen/count").write_text(json.dumps([count, list(sys.modules)]))
        leave(code)

    from claimpack.cli import guard, script
    leaving = guard.interrupts.leave

    def no_more():
        sys.setprofile(None)
        leaving()

    guard.interrupts.leave, os._exit, sys.argv = no_more, ended, ["claimpack", *argv]
    begin = guard.interrupts.begin

    def begun():
        begin()
        sys.setprofile(hook)

    guard.interrupts.begin = begun
    try:
        script()
    finally:
        leave(99)

def outcome(moment):
    code = forked(moment)
    calls = json.loads(Path("seen/count").read_text())[0]
    if code == 0 and calls < moment:
        # DuckDB read the rows in a thread of its own, where no call is counted: an earlier moment
        moment = calls // 2
        code = forked(moment)
    return code, Path("seen/stderr").read_text()

before = files()
import claimpack.cli.app
if argv[0] != "fmt":
    forked()  # what it makes is the old output of the runs that follow
    before = files()
forked()
for name in json.loads(Path("seen/count").read_text())[1]:  # so that no child has to do it again
    importlib.import_module(name) if name not in sys.modules else None
forked()
length = json.loads(Path("seen/count").read_text())[0]
new = files()
for turn in range(moments):
    moment = 1 + length * turn // moments
    if argv[0] == "fmt":
        Path("p/t.csv").write_bytes(b"id,name\\r\\n1,a\\r\\n2,b\\r\\n")
        before = files()
    got = outcome(moment)
    word = "interrupted" if number == signal.SIGINT else "terminated"
    assert got == (128 + number, f"claimpack: {word}\\n"), (moment, length, got)
    there = files()
    assert there in (before, new), (moment, set(there) ^ set(before))
    assert not os.listdir(os.environ["TMPDIR"]), moment
print(length)
"""


def interrupted(tmp_path: Path, name: str, signal: str, moments: int) -> int:
    """Interrupt a command at so many moments; the number of moments that there are."""
    packages.one(tmp_path / "p", "id,name\n1,a\n2,b\n", "id:integer name")
    for folder in ("seen", "tmp"):
        (tmp_path / folder).mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, signal, str(moments), *COMMANDS[name]],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupt_at_any_moment_is_one_line(name: str, tmp_path: Path) -> None:
    """Ctrl-C at any call of a function ends with 130 and one line, and leaves no file behind."""
    assert interrupted(tmp_path, name, "SIGINT", 24) > 1000


def test_a_request_to_end_is_one_line(tmp_path: Path) -> None:
    """SIGTERM ends with 143 and one line, and leaves no file behind."""
    assert interrupted(tmp_path, "export", "SIGTERM", 12) > 1000


LOADING = """
import signal, sys
wanted = sys.argv[1]

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder())
from claimpack.cli import script
sys.argv = ["claimpack", "validate", "."]
script()
"""


@pytest.mark.parametrize("module", ["typer", "claimpack.cli.app", "claimpack.api", "polars"])
def test_an_interrupt_while_modules_load_is_one_line(module: str, tmp_path: Path) -> None:
    """The command line takes signals before it loads anything large."""
    packages.one(tmp_path, "id\n1\n", "id:integer")
    command = [sys.executable, "-W", "ignore", "-c", LOADING, module]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (130, "claimpack: interrupted\n")


def test_little_is_loaded_before_signals_are_taken() -> None:
    """What the console script imports first is a few small modules."""
    code = "import sys; from claimpack.cli import script; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.startswith("claimpack")} == {
        "claimpack",
        "claimpack.cli",
        "claimpack.cli.guard",
        "claimpack.errors",
        "claimpack.files",
        "claimpack.interrupts",
        "claimpack.files.temporary_files",
    }
    assert not loaded & {"frictionless", "typer", "pyarrow", "polars", "duckdb", "pandera"}
