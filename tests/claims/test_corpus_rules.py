"""Rules that need the source documents: each fixture of theirs, held against its own corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack.rules import all_rules
from packages import assert_same, command

FIXTURES = Path(__file__).parents[1] / "rules"
RULES = sorted(rule.id for rule in all_rules() if rule.scope == "corpus")
CASES = [path for rule in RULES for path in sorted((FIXTURES / rule).iterdir())]
EXIT_CODES = {"valid": 0, "invalid": 1, "not-checked": 3}


def verify(folder: Path) -> dict[str, Any]:
    """What verify-sources says of a fixture, the same from the library and the command."""
    result = claimpack.verify_sources(folder, folder / "corpus")
    by_api = json.loads(json.dumps(result.report.to_dict()))
    code, out, err = command(
        "verify-sources", str(folder), "--corpus", str(folder / "corpus"), "--format", "json"
    )
    assert err == ""
    by_command = json.loads(out)["report"]
    assert by_command["findings"] == by_api["findings"]
    assert code == EXIT_CODES[by_api["verdict"]] == result.report.exit_code
    return dict(by_api)


def name(folder: Path) -> str:
    """Rule and case."""
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("rule", RULES)
def test_rule_has_passing_and_failing_fixtures(rule: str) -> None:
    """Every rule of the corpus shows a package that passes and one that fails."""
    kinds = {path.name.split("-")[0] for path in CASES if path.parent.name == rule}
    assert kinds == {"pass", "fail"}


@pytest.mark.parametrize("folder", CASES, ids=name)
def test_corpus_fixture(folder: Path) -> None:
    """A pass- fixture has no finding; a fail- fixture has exactly those it lists."""
    report = verify(folder)
    if folder.name.startswith("pass-"):
        expected = []
    else:
        expected = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        assert {item["rule"] for item in expected} == {folder.parent.name}
    assert_same(report["findings"], expected)
    assert report["unchecked"] == []


@pytest.mark.parametrize("folder", CASES, ids=name)
def test_validate_does_not_miss_the_texts(folder: Path) -> None:
    """Without the documents the same packages are valid: the published data never need them."""
    assert claimpack.validate(folder).verdict == "valid"


def test_source_without_its_text_is_not_checked(tmp_path: Path) -> None:
    """Where no file of the corpus is the source's, its passages are told as not checked."""
    report = claimpack.verify_sources(FIXTURES / "passage-text" / "pass-exact", tmp_path).report
    assert report.verdict == "not-checked"
    assert [item.resource for item in report.unchecked] == ["passages"]
