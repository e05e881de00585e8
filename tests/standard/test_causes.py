"""Every cause, judged on its own tiny packages, `causes/<cause-id>/<case>/`.

The diagnoses of a case are those in its `diagnoses.json`, where only the names given are
compared; a case without one, whose name begins with `clean-`, has none. Where the diagnoses
have patches, `claimpack fix` leaves as many findings as they say.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import claimpack
from claimpack.descriptor.patches import applied
from claimpack.diagnoses import SECTIONS, cause_names, load
from packages import Json, assert_same, judge

FIXTURES = Path(__file__).parents[1] / "causes"
RULES = Path(__file__).parents[1] / "rules"
FITTING = {
    "encoding-error/fail-declared-utf-8": "wrong-encoding",
    "encoding-error/fail-latin-1-undeclared": "wrong-encoding",
    "extra-label/fail-last": "extra-column",
    "incorrect-label/fail-order": "column-order",
    "incorrect-label/fail-space": "label-spaces",
    "missing-label/fail-equal": "missing-column",
    "missing-label/fail-last": "missing-column",
    "missing-label/fail-subset": "missing-column",
}
"""Cases of rules whose few cells do have one cause: case to cause."""


def folders(cause: str) -> list[Path]:
    """The cases of a cause."""
    return sorted(path for path in (FIXTURES / cause).iterdir() if path.is_dir())


def cases() -> list[Path]:
    """Every case."""
    return [folder for cause in cause_names() for folder in folders(cause)]


def causes_of(folder: Path) -> list[str]:
    """The causes that have patches in a case."""
    listed = folder / "diagnoses.json"
    told = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else []
    return [item["cause"] for item in told if item["patch"]]


def case_name(folder: Path) -> str:
    """Cause and case."""
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("folder", cases(), ids=case_name)
def test_case_is_diagnosed_as_it_says(folder: Path, regenerate: bool) -> None:
    """Through both doors, the diagnoses are those listed and no others."""
    report = judge(folder)
    listed = folder / "diagnoses.json"
    assert listed.is_file() is not folder.name.startswith("clean-")
    if regenerate and listed.is_file():
        listed.write_text(_pretty(report["diagnoses"]), encoding="utf-8")
    expected = json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else []
    assert_same(report["diagnoses"], expected)
    for item in report["diagnoses"]:
        assert 0 < item["covers"] <= max(len(report["findings"]), 1)
        assert item["message"].endswith(".")
        assert item["evidence"].endswith(".")
        assert item["fix"].endswith(".")
        assert (item["remaining"] is None) is (not item["patch"])
        assert all((folder / change["file"]).is_file() for change in item["patch"])


def _pretty(diagnoses: list[Json]) -> str:
    """Diagnoses as their file holds them: what a reviewer wants to see."""
    names = ("cause", "fields", "covers", "message", "evidence", "patch", "command", "remaining")
    kept = [{name: item[name] for name in names} for item in diagnoses]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(
    "folder", [item for item in cases() if not item.name.startswith("clean-")], ids=case_name
)
def test_fix_leaves_as_many_findings_as_diagnosed(folder: Path, tmp_path: Path) -> None:
    """`claimpack fix` changes the files of the patches alone, by those patches, and once."""
    copy = tmp_path / "package"
    shutil.copytree(folder, copy)
    result = claimpack.fix(copy)
    patched = [item for item in result.before.diagnoses if item.patch]
    resolved = sum(item.covers for item in patched)
    left = len(result.before.findings) - resolved + sum(item.remaining or 0 for item in patched)
    assert [fix.diagnosis for fix in result.fixes] == patched
    assert len(result.manual) == len(result.before.diagnoses) - len(patched)
    assert (result.after is not None) is bool(patched)
    assert result.after is None or len(result.after.findings) <= left
    for path in (path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        changes = [op for item in patched for op in item.patch if op.file == name]
        text = (copy / name).read_bytes()
        if changes:
            assert json.loads(text) == applied(json.loads(path.read_bytes()), changes)
        else:
            assert text == path.read_bytes()
    assert claimpack.fix(copy).fixes == ()


@pytest.mark.parametrize(
    "folder",
    [item for item in cases() if len(causes_of(item)) > 1],
    ids=case_name,
)
def test_each_cause_can_be_fixed_alone(folder: Path, tmp_path: Path) -> None:
    """A patch means the same without those of the other diagnoses."""
    for cause in causes_of(folder):
        copy = tmp_path / cause
        shutil.copytree(folder, copy)
        result = claimpack.fix(copy, only=[cause])
        (item,) = (fix.diagnosis for fix in result.fixes)
        assert result.after is not None
        assert len(result.after.findings) <= len(result.before.findings) - item.covers


def test_every_cause_has_its_folder() -> None:
    """The ids of the causes are the names of the folders: none is missing, none left over."""
    assert sorted(cause_names()) == sorted(path.name for path in FIXTURES.iterdir())


@pytest.mark.parametrize("cause", cause_names())
def test_cause_has_cases_of_both_kinds(cause: str) -> None:
    """At least one case that has the cause, and one that only looks like it."""
    assert [path for path in folders(cause) if path.name.startswith("clean-")]
    found = [path for path in folders(cause) if not path.name.startswith("clean-")]
    told = [json.loads((path / "diagnoses.json").read_text(encoding="utf-8")) for path in found]
    assert all(any(item["cause"] == cause for item in listed) for listed in told)


@pytest.mark.parametrize("cause", cause_names())
def test_cause_explains_itself(cause: str) -> None:
    """Its docstring has a title, why, what fails and how to fix it; it says what it looks at."""
    loaded = load(cause)
    assert loaded.id == cause
    assert "\n\n" not in loaded.title
    assert [name for name in SECTIONS if not loaded.sections.get(name)] == []
    assert loaded.scope in ("column", "table")


@pytest.mark.parametrize(
    "folder",
    sorted(path for path in RULES.glob("*/*") if path.is_dir()),
    ids=case_name,
)
def test_rules_fixtures_have_no_false_cause(folder: Path) -> None:
    """The few errors in a rule's fixture have no common cause, but for those that really do."""
    found = {item.cause for item in claimpack.validate(folder).diagnoses}
    assert found == ({FITTING[case_name(folder)]} if case_name(folder) in FITTING else set())
