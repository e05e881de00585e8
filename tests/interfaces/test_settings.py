"""Rules that are switched off or graded otherwise: in files, in the descriptor, in the call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import claimpack
from packages import (
    Json,
    columns,
    command,
    expect,
    judge,
    make,
    of,
    one,
    options,
    refuse,
    table,
    unchecked,
    valid,
)

BAD = "n\nx\n1\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a package, beside an empty current folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "package"


def bad(folder: Path, **more: object) -> Path:
    """A package with one type error in row 1."""
    return one(folder, BAD, "n:integer", **more)  # type: ignore[arg-type]


def setting(rule: str, severity: str, source: str, resource: str | None = None) -> Json:
    """An entry of the report's `config`."""
    return {"rule": rule, "resource": resource, "severity": severity, "from": source}


# The call


def test_nothing_set_is_an_empty_list(folder: Path) -> None:
    """The report always says what was set; as a rule nothing."""
    assert judge(bad(folder))["config"] == []


def test_rule_off_hides_its_findings_and_is_listed(folder: Path) -> None:
    """A rule that is off has no findings, and the report says that it is off."""
    report = valid(judge(bad(folder), "--rule=type-error=off"), rows=2)
    assert report["findings"] == []
    assert report["config"] == [setting("type-error", "off", "call")]


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_rule_graded_down(folder: Path, severity: str) -> None:
    """A finding bears the severity that was set, and the verdict follows from it."""
    report = valid(judge(bad(folder), f"--rule=type-error={severity}"), rows=2)
    assert [item["severity"] for item in of(report, "type-error")] == [severity]
    assert report["config"] == [setting("type-error", severity, "call")]


def test_rule_graded_up(folder: Path) -> None:
    """A warning may be made an error."""
    make(folder, [table("t", "n")], {"t.csv": "n\n1\n", "u.csv": "n\n1\n"})
    valid(judge(folder))
    expect(judge(folder, "--rule=undeclared-file=error"), "invalid", {"rule": "undeclared-file"})


def test_strict_holds_for_what_was_graded(folder: Path) -> None:
    """`--strict` comes last: a rule that was made a warning is an error, one that is off stays."""
    bad(folder)
    expect(judge(folder, "--strict", "--rule=type-error=warning"), "invalid", {"row": 1})
    valid(judge(folder, "--strict", "--rule=type-error=info"))
    valid(judge(folder, "--strict", "--rule=type-error=off"))


def test_keys_of_a_rule_that_is_off_are_not_compared(folder: Path) -> None:
    """What compares rows or tables is left out of the plan; the rest is judged as before."""
    one(folder, "n\n1\n1\nx\n", "n:integer", schema={"primaryKey": ["n"]})
    report = judge(folder, "--rule=primary-key=off")
    expect(report, "invalid", {"rule": "type-error", "row": 3})
    plan = claimpack.api.plan(folder, rules={"primary-key": "off"}).to_dict()
    assert "key" not in {check["kind"] for check in plan["tables"][0]["checks"]}


def test_type_error_that_is_off_still_silences_constraints_and_keys(folder: Path) -> None:
    """To hide a finding changes no other one: a cell of the wrong type has no value."""
    fields = [{"name": "n", "type": "integer", "constraints": {"minimum": 5, "unique": True}}]
    valid(judge(one(folder, "n\nx\nx\n7\n", fields), "--rule=type-error=off"), rows=3)


def test_foreign_key_that_is_off_leaves_nothing_unchecked(folder: Path) -> None:
    """Nobody asks for a check that is off, so that it is not missed either."""
    key = {"fields": ["n"], "reference": {"resource": "p", "fields": ["n"]}}
    gone = table("p", "n", path="https://example.org/p.csv")
    make(folder, [gone, table("t", "n", schema={"foreignKeys": [key]})], {"t.csv": "n\n1\n"})
    assert [item["resource"] for item in judge(folder)["unchecked"]] == ["p", "t"]
    report = judge(folder, "--rule=foreign-key=off")
    assert [item["resource"] for item in report["unchecked"]] == ["p"]


# What could not be read


@pytest.mark.parametrize("severity", ["off", "warning", "info"])
def test_missing_file_cannot_be_graded_away(folder: Path, severity: str) -> None:
    """A table that is not there was not checked, whatever its fault is graded."""
    make(folder, [table("t", "n")])
    report = judge(folder, f"--rule=missing-file={severity}")
    assert "missing-file" in unchecked(report, "t")["why"]


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("encoding-error", b"n\n1\n\xff\n2\n"),
        ("quoting-error", b'n\n1\n"2\n3\n'),
        ("empty-file", b""),
    ],
)
def test_data_that_were_not_read_are_not_valid(folder: Path, rule: str, data: bytes) -> None:
    """A file that could not be read as it is stays not checked where the reason is hidden."""
    one(folder, data, "n")
    expect(judge(folder), "invalid", {"rule": rule})
    assert rule in unchecked(judge(folder, f"--rule={rule}=off"), "t")["why"]


@pytest.mark.parametrize("text", ["{", "[]", '{"resources": 1}'])
def test_descriptor_that_is_none_cannot_be_graded_away(folder: Path, text: str) -> None:
    """A descriptor that cannot be read is no valid package."""
    folder.mkdir()
    (folder / "datapackage.json").write_text(text)
    report = judge(folder, "--rule=descriptor-error=off")
    assert report["verdict"] == "not-checked"


def test_unsafe_path_cannot_be_graded_away(folder: Path) -> None:
    """What the gate refuses is not read, and not called valid."""
    make(folder, [table("t", "n", path="../t.csv")], {"../t.csv": "n\n1\n"})
    unchecked(judge(folder, "--rule=unsafe-path=off"), "t")


# Files


def test_file_beside_the_descriptor(folder: Path) -> None:
    """claimpack.toml in the package's folder grades rules; its name stands in the report."""
    bad(folder)
    (folder / "claimpack.toml").write_text('[rules]\ntype-error = "warning"\n')
    report = valid(judge(folder))
    assert report["config"] == [setting("type-error", "warning", str(folder / "claimpack.toml"))]
    valid(judge(folder / "datapackage.json"))


def test_table_of_pyproject(folder: Path) -> None:
    """The same in [tool.claimpack.rules] of pyproject.toml."""
    bad(folder)
    (folder / "pyproject.toml").write_text('[tool.claimpack.rules]\ntype-error = "off"\n')
    assert valid(judge(folder))["config"][0]["from"] == str(folder / "pyproject.toml")


def test_file_in_the_current_folder(folder: Path) -> None:
    """Where the package's folder has no settings, those of the current folder count."""
    bad(folder)
    Path("claimpack.toml").write_text('[rules]\ntype-error = "off"\n')
    assert valid(judge(folder))["config"] == [setting("type-error", "off", "claimpack.toml")]


def test_first_file_counts_alone(folder: Path) -> None:
    """Package before current folder, claimpack.toml before pyproject.toml; nothing is mixed."""
    bad(folder)
    (folder / "pyproject.toml").write_text("[tool.other]\n")
    Path("claimpack.toml").write_text('[rules]\ntype-error = "info"\n')
    assert judge(folder)["config"][0]["severity"] == "info"
    (folder / "pyproject.toml").write_text('[tool.claimpack.rules]\ntype-error = "warning"\n')
    assert judge(folder)["config"][0]["severity"] == "warning"
    (folder / "claimpack.toml").write_text('[rules]\nblank-row = "off"\n')
    assert [item["rule"] for item in judge(folder)["config"]] == ["blank-row"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[rules\n", "not valid TOML"),
        ('[rules]\ntype-eror = "off"\n', 'did you mean "type-error"?'),
        ('[rules]\ntype-error = "of"\n', "error, warning, info, off"),
        ("[rules]\ntype-error = false\n", "error, warning, info, off"),
        ("rules = 1\n", "not a table"),
        ('[rule]\ntype-error = "off"\n', 'no setting "rule"'),
        ("\x00", "not valid TOML"),
    ],
)
def test_file_that_is_wrong_is_wrong_usage(folder: Path, text: str, told: str) -> None:
    """One line names the file and what is wrong; nothing is checked."""
    bad(folder)
    (folder / "claimpack.toml").write_text(text)
    code, line = refuse(folder)
    assert code == 2
    assert told in line
    assert "claimpack.toml" in line
    expect(judge(folder, "--no-config"), "invalid", {"row": 1})


def test_pyproject_of_others_is_no_matter(folder: Path) -> None:
    """A pyproject.toml without our table sets nothing; one that is broken is told."""
    bad(folder)
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert judge(folder)["config"] == []
    (folder / "pyproject.toml").write_text("[tool]\nclaimpack = 1\n")
    assert refuse(folder)[0] == 2


def test_file_that_is_a_folder(folder: Path) -> None:
    """What cannot be read as a file is told in one line."""
    bad(folder)
    (folder / "claimpack.toml").mkdir()
    assert refuse(folder)[0] == 2


# The descriptor


def test_descriptor_grades_a_resource(folder: Path) -> None:
    """The property `claimpack` of a resource holds for it alone, and is listed."""
    wish = {"rules": {"type-error": "off"}}
    resources = [table("a", "n:integer", claimpack=wish), table("b", "n:integer")]
    report = judge(make(folder, resources, {"a.csv": BAD, "b.csv": BAD}))
    expect(report, "invalid", {"resource": "b", "row": 1})
    assert report["config"] == [setting("type-error", "off", "datapackage.json", "a")]


def test_descriptor_grades_the_package(folder: Path) -> None:
    """The same property of the package holds for all; a resource's goes before it."""
    resources = [
        table("a", "n:integer"),
        table("b", "n:integer", claimpack={"rules": {"type-error": "error"}}),
    ]
    wish = {"rules": {"type-error": "info"}}
    report = judge(make(folder, resources, {"a.csv": BAD, "b.csv": BAD}, claimpack=wish))
    expect(report, "invalid", {"resource": "b", "row": 1})
    assert [item["severity"] for item in of(report, "type-error")] == ["info", "error"]
    assert [item["resource"] for item in report["config"]] == [None, "b"]


def test_nearer_to_the_data_goes_before(folder: Path) -> None:
    """File, package, resource, call: each goes before those that stand before it."""
    bad(folder, package={"claimpack": {"rules": {"type-error": "info"}}})
    (folder / "claimpack.toml").write_text('[rules]\ntype-error = "warning"\n')
    report = judge(folder)
    assert report["config"] == [setting("type-error", "info", "datapackage.json")]
    report = judge(folder, "--rule=type-error=error")
    assert report["config"] == [setting("type-error", "error", "call")]
    expect(report, "invalid", {"row": 1})


def test_call_goes_before_a_resource(folder: Path) -> None:
    """What the call says holds for every resource."""
    bad(folder, claimpack={"rules": {"type-error": "off"}})
    expect(judge(folder, "--rule=type-error=error"), "invalid", {"row": 1})


def test_no_config_heeds_the_call_alone(folder: Path) -> None:
    """A package that silences its own errors is seen through."""
    bad(folder, claimpack={"rules": {"type-error": "off"}})
    (folder / "claimpack.toml").write_text('[rules]\ntype-error = "off"\n')
    report = expect(judge(folder, "--no-config"), "invalid", {"row": 1})
    assert report["config"] == []
    report = judge(folder, "--no-config", "--rule=blank-row=off")
    assert report["config"] == [setting("blank-row", "off", "call")]


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (1, ""),
        ({"rules": []}, "/rules"),
        ({"rulez": {}}, "/rulez"),
        ({"rules": {"type-eror": "off"}}, "/rules/type-eror"),
        ({"rules": {"type-error": "offf"}}, "/rules/type-error"),
        ({"rules": {"type-error": None}}, "/rules/type-error"),
        ({"rules": {"type-error": ["off"]}}, "/rules/type-error"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_descriptor_with_a_wrong_wish_is_warned_of(
    folder: Path, wish: object, pointer: str, whole: bool
) -> None:
    """It has no effect, is told with its line, and the package is checked all the same."""
    bad(folder, **({"package": {"claimpack": wish}} if whole else {"claimpack": wish}))
    report = expect(judge(folder), "invalid", {"rule": "type-error"})
    (told,) = of(report, "descriptor-error", "warning")
    start = "" if whole else "/resources/0"
    assert told["pointer"] == f"{start}/claimpack{pointer}"
    assert told["resource"] == (None if whole else "t")
    assert told["line"] == 1
    assert report["config"] == []


# Other commands


def test_unknown_rule_or_severity_in_the_call(folder: Path) -> None:
    """Wrong usage, in one line, for every command that takes settings."""
    bad(folder)
    for arg in ("type-eror=off", "type-error=of", "type-error"):
        for name in ("validate", "plan", "export"):
            code, out, err = command(name, str(folder), "--rule", arg)
            assert (code, out) == (2, "")
            assert err.count("\n") == 1
    with pytest.raises(claimpack.UsageError):
        claimpack.validate(folder, rules={"nope": "off"})


def test_text_says_what_was_set(folder: Path) -> None:
    """One line a setting, never cut, and the closing line counts the rules that are off."""
    bad(folder, claimpack={"rules": {"type-error": "off"}})
    code, out, _ = command("validate", str(folder), "--rule", "blank-row=info")
    assert code == 0
    assert "  type-error: off in t (datapackage.json)\n" in out
    assert "  blank-row: info (command line)\n" in out
    assert "1 rule off" in out.splitlines()[-1]


def test_plan_says_what_was_set(folder: Path) -> None:
    """The plan lists the settings, and each check with its severity."""
    bad(folder, claimpack={"rules": {"type-error": "off"}})
    code, out, _ = command("plan", str(folder), "--format", "json", "--rule", "blank-row=info")
    told = json.loads(out)
    assert code == 0
    assert [item["rule"] for item in told["config"]] == ["blank-row", "type-error"]
    assert [check["severity"] for check in told["tables"][0]["checks"]] == ["off", "warning"]
    _, out, _ = command("plan", str(folder))
    assert "type-error is off in t, says datapackage.json" in out
    assert "type-error (off)" in out
    assert "type-error (error)" in command("plan", str(folder), "--no-config")[1]


def test_export_heeds_settings(folder: Path, tmp_path: Path) -> None:
    """What a setting lets pass is exported, and refused where no setting is heeded."""
    one(
        folder,
        "n,m\n1,a\n1,b\n",
        columns("n:integer m"),
        schema={"primaryKey": ["n"]},
        claimpack={"rules": {"primary-key": "off"}},
    )
    assert claimpack.export(folder, tmp_path / "out", ["csv"]).report.config
    with pytest.raises(claimpack.InvalidPackageError):
        claimpack.export(folder, tmp_path / "other", ["csv"], config=False)


def test_options_of_the_two_doors_are_the_same() -> None:
    """What the tests hand to the API is what they hand to the command."""
    assert options("--strict", "--rule=a=off") == {"strict": True, "rules": {"a": "off"}}
    assert options("--no-config") == {"config": False}
