"""The mutation run finds crashes, hangs and contradictions, and finds none in claimpack."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("the run forks", allow_module_level=True)

import mutation
import probes
from mutation import Mutant, Run
from packages import Json, judge, one
from probes import Case, Defects


@pytest.mark.property
def test_altered_packages_have_no_defect(many: int | None) -> None:
    """Packages altered at random: no exception, no hang, no report that contradicts itself.

    In a process of its own: polars hangs in the fork of a process that it has run in.
    """
    command = [sys.executable, mutation.__file__, "--count", str(many or 60)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == f"{many or 60} packages, 0 defects\n"


def test_a_number_is_always_the_same_package() -> None:
    """Seed and number alone say which package it is, and what was altered."""
    made = [Mutant(3, number).make() for number in range(40)]
    assert made == [Mutant(3, number).make() for number in range(40)]
    assert made != [Mutant(4, number).make() for number in range(40)]


def found(monkeypatch: pytest.MonkeyPatch, probe: object, timeout: float = 20) -> Run:
    """What a run of three packages finds with a probe of the test's own."""
    monkeypatch.setattr(mutation, "PROBES", (probe,))
    run = Run(timeout)
    run.look(Mutant(0, number) for number in range(3))
    assert run.tried == 3
    return run


def test_an_exception_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same place in the code is one defect, with its count and its smallest package."""

    def fails(case: Case) -> Defects:
        raise ZeroDivisionError("here")

    (defect,) = found(monkeypatch, fails).found.values()
    assert defect.place == "ZeroDivisionError in test_mutation.py:fails"
    assert defect.count == 3
    assert defect.done == []


def test_what_a_probe_says_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers do not make two defects of one."""

    def says(case: Case) -> Defects:
        yield f"row {case.number} of 0"

    (defect,) = found(monkeypatch, says).found.values()
    assert defect.place == "says: row N of N"
    assert defect.text == "row 0 of 0"


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that takes too long is told, and the next one is judged."""

    def sleeps(case: Case) -> Iterator[str]:
        time.sleep(0 if case.number == 1 else 30)
        yield from ()

    (defect,) = found(monkeypatch, sleeps, timeout=0.5).found.values()
    assert defect.place.startswith("hang in sleeps")
    assert defect.count == 2


def test_a_process_that_dies_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash below Python ends one process, not the run."""

    def dies(case: Case) -> Iterator[str]:
        if case.number == 1:
            os.kill(os.getpid(), signal.SIGABRT)
        yield from ()

    (defect,) = found(monkeypatch, dies).found.values()
    assert defect.place.startswith("exit -6 in dies")
    assert (defect.count, defect.mutant.number) == (1, 1)


FAULTS: tuple[tuple[Json, str], ...] = (
    ({"fix": ""}, "type-error: no fix"),
    ({"message": "Binder Error: x"}, "type-error: a library's words: Binder Error: x"),
    ({"row": 9}, "type-error: row 9 of 2"),
    ({"line": 9}, "type-error: line 9 of 4"),
    ({"path": None, "pointer": None, "row": None}, "type-error: no place"),
    ({"severity": "warning"}, "report disagrees with itself"),
)


@pytest.mark.parametrize(("change", "said"), FAULTS, ids=lambda item: str(item)[:40])
def test_a_report_that_is_wrong_is_found(tmp_path: Path, change: Json, said: str) -> None:
    """A finding without its parts or beyond the table, and counts that differ."""
    report = judge(one(tmp_path, "a\n1\nx\n", "a:integer"))
    assert list(probes.incoherent(report, tmp_path)) == []
    report["findings"][0] |= change
    assert any(text.startswith(said) for text in probes.incoherent(report, tmp_path))


def test_a_finding_told_twice_is_found(tmp_path: Path) -> None:
    """One fault is one finding."""
    report = judge(one(tmp_path, "a\n1\nx\n", "a:integer"))
    report["findings"] *= 2
    assert "type-error: the same finding 2 times" in list(probes.incoherent(report, tmp_path))
