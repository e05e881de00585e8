"""A full disk ends every command with one line and exit code 3, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from claimpack.cli.guard import exit_code
from claimpack.engine.exact.database import Store
from claimpack.errors import UnreadableError
from claimpack.files import temporary_files
from packages import one

TEMPORARY = "for temporary files; free up space, or set TMPDIR to another folder"
OUTPUT = "no space left on the disk that the output is written to"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def run(*arguments: str, temporary: Path | None = None) -> tuple[int, str]:
    """The exit code of a command in a process of its own, and what it says on both streams."""
    code = "from claimpack.cli import script; script()"
    environment = os.environ if temporary is None else {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    return done.returncode, done.stdout + done.stderr


def large(folder: Path, cell: str) -> str:
    """A package of 12 MB, with such a cell in each row."""
    digits = (sha256(str(n).encode()).hexdigest() for n in range(100_000))
    rows = "".join(f"{cell}{n},{text}{text}\n" for n, text in enumerate(digits))
    return str(one(folder / "p", f"a,b\n{rows}", "a:integer b"))


def test_temporary_files_that_do_not_fit(disk: Path, tmp_path: Path) -> None:
    """Findings that spill to a full disk: the table is not checked, and the reason names it."""
    code, said = run("validate", large(tmp_path, "x,"), temporary=disk)
    assert (code, f"no space left in {disk} {TEMPORARY}" in said) == (3, True)
    assert "errno" not in said.lower()
    assert not list(disk.iterdir())


@pytest.mark.parametrize("name", ["parquet", "csv", "jsonl", "duckdb", "sqlite"])
def test_an_export_that_does_not_fit(name: str, disk: Path, tmp_path: Path) -> None:
    """No format says more than one line, and no part of the export is left."""
    path = large(tmp_path, "")
    code, said = run("export", path, "-o", str(disk / "out"), "--to", name)
    lines = [line for line in said.splitlines() if line.startswith("claimpack:")]
    assert (code, len(lines)) == (3, 1), said
    assert "space left" in lines[0] or "full" in lines[0]
    assert not list(disk.iterdir())


def test_a_query_may_speak_of_disks(tmp_path: Path) -> None:
    """An error that only contains the words is no full disk."""
    path = str(one(tmp_path / "p", "a\n1\n", "a:integer"))
    code, said = run("query", "SELECT error('no space left')", path)
    assert (code, OUTPUT in said) == (2, False), said


def test_any_error_of_a_full_disk_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where no one expects it, it is no internal error."""

    def fails() -> int:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    assert exit_code(fails) == 3
    assert capsys.readouterr().err == f"claimpack: {OUTPUT}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'IO Error: Could not write "/t/claimpack-1-x/spill/a": No space left on device',
            TEMPORARY,
        ),
        ("Out of Memory Error: set by the 'max_temp_directory_size' setting", TEMPORARY),
        ('IO Error: Could not write file "/out/a.duckdb": No space left on device', OUTPUT),
    ],
)
def test_the_engine_s_words_are_replaced(text: str, message: str) -> None:
    """Whatever the engine says of a full disk, the message says which disk and what helps."""
    kind = duckdb.IOException if text.startswith("IO") else duckdb.OutOfMemoryException
    with pytest.raises(UnreadableError) as caught, Store().translated():
        raise kind(text)
    assert str(caught.value).endswith(message)
    assert temporary_files.is_full(kind(text))
