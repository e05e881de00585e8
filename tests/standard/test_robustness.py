"""docs/robustness.md names tests, rules and limits that there are, and inputs that are measured."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from claimpack import limits
from claimpack.rules import rule_names

if sys.platform == "win32":
    pytest.skip("limits on processes are those of POSIX", allow_module_level=True)

import robustness
from hostile import INPUTS, Input

TEXT = robustness.PAGE.read_text(encoding="utf-8")


def names_in(path: Path) -> set[str]:
    """The tests of a module by name, read and not run."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {item.name for item in body if isinstance(item, ast.FunctionDef)}


def test_every_test_named_exists() -> None:
    """Each entry of the page shows a test of this folder."""
    named = re.findall(r"`tests/(\w+/test_\w+\.py)::(\w+)`", TEXT)
    assert len(named) > 100
    folder = Path(__file__).parents[1]
    assert [(module, name) for module, name in named if name not in names_in(folder / module)] == []


def test_every_entry_names_a_test() -> None:
    """No row of the tables of outcomes is without one."""
    before = TEXT.partition("## Where files")[2].partition("## Altered")[0]
    rows = [line for line in before.splitlines() if line.startswith("| ")]
    entries = [row for row in rows if not row.startswith(("| input |", "| --- |"))]
    assert [row for row in entries if "`tests/" not in row.rsplit(" | ", 1)[1]] == []


def test_every_rule_named_exists() -> None:
    """What follows the word invalid is a rule."""
    named = re.findall(r"invalid[:,] ([a-z]+-[a-z-]+)", TEXT)
    assert set(named) - set(rule_names()) == set()
    assert len(set(named)) > 10


def test_limits_and_inputs_are_those_of_the_code() -> None:
    """Each limit has its value and each input its row; tests/robustness.py writes both."""
    assert list(robustness.differing(TEXT)) == []
    names = {row[0].strip("`") for row in robustness.limit_rows()}
    units = {"MIB"}
    assert names == {name for name in vars(limits) if name.isupper()} - units


def test_a_limit_that_changed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that still tells the old value is out of date."""
    monkeypatch.setattr(limits, "JSON_DEPTH", 99)
    assert [line for line in robustness.differing(TEXT) if "limits" in line]


def test_inputs_have_names_of_their_own() -> None:
    """The page knows an input by its name."""
    names = [item.name for item in INPUTS]
    assert len(set(names)) == len(names)


def test_rows_that_are_not_measured_again_stay() -> None:
    """Writing the page and reading it gives the same rows, odd characters in them too."""
    rows: dict[str, tuple[str, ...]] = {
        item.name: (f"invalid: a | b {n}", "1", "0.5", "12") for n, item in enumerate(INPUTS)
    }
    made = robustness.page(TEXT, rows, "here; and there")
    assert robustness.known(made) == rows
    assert robustness.place(made) == "here; and there"
    assert robustness.page(made, robustness.known(made), robustness.place(made)) == made


@pytest.mark.parametrize("word", ["100,000 levels of lists", "extra cells", "[0-9]"])
def test_an_input_is_measured(word: str) -> None:
    """The command runs to its end; the row has its verdict, exit code, time and memory."""
    (item,) = (item for item in INPUTS if word in item.name)
    found = robustness.measure(item)
    assert found.code in (1, 3)
    assert found.line.startswith(("invalid", "not checked", "partly checked"))
    assert found.seconds > 0
    assert found.peak > 10**7


def test_a_run_that_does_not_end_is_killed() -> None:
    """An input that hangs has a row as well."""
    item = Input("Commands", "too slow", lambda folder: None, ("--version",))
    found = robustness.measure(item, timeout=0)
    assert (found.code, found.line) == (None, "SIGKILL")
