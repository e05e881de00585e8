"""Every rule, judged on its own tiny packages, `rules/<rule-id>/{pass,fail}-<case>/`.

A `pass-` package makes no finding of its rule; a `fail-` package makes exactly those
in its `findings.json`, where only the names given are compared. Neither makes any other
error. Rules that need the source documents are judged in test_corpus_rules.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimpack.rules import SECTIONS, load, rule_names
from packages import Json, assert_same, judge

FIXTURES = Path(__file__).parents[1] / "rules"
SEVERITIES = {"error", "warning", "info"}
SCOPES = {"descriptor", "file", "table", "package", "corpus"}


def folders(rule: str, kind: str = "") -> list[Path]:
    """The cases of a rule."""
    return sorted(path for path in (FIXTURES / rule).glob(f"{kind}*") if path.is_dir())


def cases() -> list[Path]:
    """Every case that `validate` can judge."""
    rules = [rule for rule in rule_names() if load(rule).scope != "corpus"]
    return [folder for rule in rules for folder in folders(rule)]


def case_name(folder: Path) -> str:
    """Rule and case."""
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("folder", cases(), ids=case_name)
def test_fixture_is_judged_as_it_says(folder: Path, regenerate: bool) -> None:
    """Through both doors: the findings of its rule are those listed, and no error is beside."""
    rule = folder.parent.name
    report = judge(folder)
    expected: list[Json] = []
    if folder.name.startswith("fail-"):
        if regenerate:
            _rewrite(folder / "findings.json", rule, report)
        expected = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        assert expected
        assert {item["rule"] for item in expected} == {rule}
    assert_same([item for item in report["findings"] if item["rule"] == rule], expected)
    others = [item for item in report["findings"] if item["rule"] != rule]
    assert [item for item in others if item["severity"] == "error"] == []
    for item in report["findings"]:
        assert item["fix"]
        assert item["clause"]
        assert item["path"] or item["pointer"] is not None


def _rewrite(path: Path, rule: str, report: Json) -> None:
    """Write what was found in place of what was expected: the same names of each finding."""
    before = json.loads(path.read_text(encoding="utf-8"))
    found = [item for item in report["findings"] if item["rule"] == rule]
    names = [list(item) for item in before] + [list(before[-1])] * len(found)
    after = [{name: item[name] for name in kept} for kept, item in zip(names, found, strict=False)]
    path.write_text(json.dumps(after, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def test_every_rule_has_its_folder() -> None:
    """The ids of the rules are the names of the folders: none is missing, none left over."""
    assert sorted(rule_names()) == sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


@pytest.mark.parametrize("rule", rule_names())
def test_rule_has_a_case_that_passes_and_one_that_fails(rule: str) -> None:
    """At least one each, and nothing beside them."""
    assert folders(rule, "pass-")
    assert folders(rule, "fail-")
    assert {path.name[:5] for path in folders(rule)} == {"pass-", "fail-"}
    for folder in folders(rule):
        assert (folder / "datapackage.json").is_file()
        assert (folder / "findings.json").is_file() is folder.name.startswith("fail-")


@pytest.mark.parametrize("rule", rule_names())
def test_rule_explains_itself(rule: str) -> None:
    """Its docstring has a title, why, what fails, what passes and how to fix it."""
    loaded = load(rule)
    assert loaded.id == rule
    assert loaded.title
    assert "\n\n" not in loaded.title
    assert [name for name in SECTIONS if not loaded.sections.get(name)] == []
    assert loaded.clause
    assert loaded.severity in SEVERITIES
    assert loaded.scope in SCOPES
