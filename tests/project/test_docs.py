"""The documentation says what the code and the data do."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import docs
from claimpack.cli.app import command_names
from claimpack.diagnoses import cause_names
from claimpack.rules import rule_names

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(kind: str | None = None) -> list[tuple[str, str]]:
    """The README's fenced blocks as (kind, text), in order."""
    found: list[tuple[str, str]] = FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return [block for block in found if kind in (None, block[0])]


def snippets() -> list[tuple[str, str]]:
    """The README's Python blocks, each with the text block that follows it."""
    found = blocks()
    pairs = zip(found, [*found[1:], ("", "")], strict=True)
    return [
        (code, after if kind_after == "text" else "")
        for (kind, code), (kind_after, after) in pairs
        if kind == "python"
    ]


def test_made_pages_are_up_to_date() -> None:
    """What tests/docs.py would write is what stands in docs/."""
    assert docs.stale(docs.pages()) == []


def test_a_stale_page_is_told(tmp_path: Path) -> None:
    """A page that differs or is missing counts as different; its kind of newline does not."""
    page = tmp_path / "page.md"
    assert docs.differs(page, "one\ntwo\n")
    page.write_bytes(b"one\r\ntwo\r\n")
    assert not docs.differs(page, "one\ntwo\n")
    assert docs.differs(page, "one\nthree\n")


def test_rules_pages_and_fixtures_are_the_same_set() -> None:
    """A rule has a page and a folder of tiny packages, and neither outlives its rule."""
    pages = {page.stem for page in (ROOT / "docs/rules").glob("*.md")} - {"README"}
    fixtures = {folder.name for folder in (ROOT / "tests/rules").iterdir() if folder.is_dir()}
    assert pages == set(rule_names())
    assert fixtures == set(rule_names())


def test_causes_pages_and_fixtures_are_the_same_set() -> None:
    """A cause has a page and a folder of tiny packages, and neither outlives its cause."""
    pages = {page.stem for page in (ROOT / "docs/causes").glob("*.md")} - {"README"}
    fixtures = {folder.name for folder in (ROOT / "tests/causes").iterdir() if folder.is_dir()}
    assert pages == set(cause_names())
    assert fixtures == set(cause_names())


@pytest.mark.parametrize("command", command_names())
def test_every_command_is_documented(command: str) -> None:
    """A command has a section, its help says what it does and ends with examples."""
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    _, _, section = text.partition(f"\n## {command}\n")
    shown = section.partition("\n## ")[0]
    assert f"Usage: claimpack {command} " in shown
    assert f"\n    claimpack {command}" in shown.partition("Examples:")[2]


def test_the_readme_has_two_commands_of_one_line_each() -> None:
    """CI runs the README's sh blocks: the main job, then the tests, and nothing else."""
    main_job, tests = blocks("sh")
    assert blocks()[:2] == [main_job, tests], "the two stand at the top"
    for _, text in (main_job, tests):
        assert text.count("\n") == 1
        assert text.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert "claimpack publish . " in main_job[1]
    assert "-m pytest" in tests[1]
    assert {kind for kind, _ in blocks()} <= {"sh", "console", "text", "python"}


@pytest.mark.parametrize(("code", "output"), snippets())
def test_the_readmes_python_runs(code: str, output: str) -> None:
    """Each Python block runs at the root and prints the text block below it."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == output


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Links between files of the repository end at a file, and at a heading of it."""
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        end = (page.parent / target).resolve() if target else page
        assert end.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", end.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_limits_tell_the_true_counts() -> None:
    """docs/limits.md counts the evidence by verification as the table does."""
    with (ROOT / "tables/evidence.csv").open(encoding="utf-8", newline="") as lines:
        counted = Counter(row["verification"] for row in csv.DictReader(lines))
    text = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([a-z]+) \| (\d+) \|$", text, re.MULTILINE)
    assert {level: int(number) for level, number in told} == counted
