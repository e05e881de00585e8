"""A descriptor in YAML: found, named, and read where the user names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimpack
from claimpack import limits
from claimpack.descriptor import yaml_objects
from claimpack.descriptor.faults import Faults, Place
from packages import V2, Json, command, judge, judge_apart, of, refuse, write

PACKAGE = """\
name: p
resources:
  - name: t
    path: t.csv
    schema:
      fields:
        - name: id
          type: integer
        - {name: name, type: string}
"""


def named(folder: Path, text: str, name: str = "datapackage.yaml") -> Path:
    """A package with this text as its descriptor in YAML, and a table beside it."""
    write(folder / "t.csv", "id,name\n1,one\nx,two\n")
    write(folder / name, text)
    return folder / name


@pytest.mark.parametrize("name", ["datapackage.yaml", "datapackage.yml"])
def test_a_folder_with_a_yaml_descriptor_says_how_to_read_it(tmp_path: Path, name: str) -> None:
    """One line: that the standard requires JSON, and what was found."""
    named(tmp_path, PACKAGE, name)
    code, line = refuse(tmp_path)
    assert code == 2
    said = f"holds no datapackage.json, which the standard requires, but the YAML descriptor {name}"
    assert said in line
    assert line.endswith("; name that file to read it, or convert it to JSON\n")


@pytest.mark.parametrize("name", ["datapackage.yaml", "datapackage.yml", "other.YAML"])
def test_a_yaml_descriptor_is_read_where_it_is_named(tmp_path: Path, name: str) -> None:
    """The data are checked as with JSON, and a warning says that it is not to be published."""
    report = judge(named(tmp_path, PACKAGE, name))
    assert report["package"] == "p"
    assert [(i["row"], i["value"]) for i in of(report, "type-error")] == [(2, "x")]
    (warned,) = of(report, "descriptor-error")
    assert (warned["severity"], warned["path"], warned["line"]) == ("warning", name, 1)
    assert warned["message"] == "the descriptor is YAML; the standard requires JSON"
    assert warned["fix"] == "Publish it as JSON, in datapackage.json."


def test_what_frictionless_writes_is_read(tmp_path: Path) -> None:
    """With its anchors, and as the same package as in JSON."""
    import frictionless

    described: Json = {**V2, **json.loads(json.dumps(AS_JSON))}
    folder = tmp_path / "p"
    write(folder / "t.csv", "id,name\n1,one\n")
    write(folder / "datapackage.json", json.dumps(described))
    package = frictionless.Package(str(folder / "datapackage.json"))
    package.to_yaml(str(folder / "other.yaml"))
    report = judge(folder / "other.yaml")
    assert [i["rule"] for i in report["findings"]] == ["descriptor-error"]
    assert report["findings"][0]["severity"] == "warning"
    assert report["tables"] == [{**report["tables"][0], "name": "t", "rows": 1}]


AS_JSON: Json = {
    "name": "p",
    "created": "2026-01-31T12:00:00Z",
    "version": "1.0.0",
    "resources": [
        {
            "name": "t",
            "path": "t.csv",
            "type": "table",
            "schema": {
                "fields": [
                    {"name": "id", "type": "integer", "constraints": {"required": True}},
                    {"name": "name", "type": "string"},
                ],
                "primaryKey": ["id"],
                "missingValues": ["", "NA", "yes", "2020-01-01", "10:30:00"],
            },
        }
    ],
}


def test_lines_of_findings_are_those_of_the_file(tmp_path: Path) -> None:
    """Of a property, the line of its name; of an item, where it begins."""
    text = PACKAGE.replace("type: integer", "type: int").replace("name: p", "name: 5")
    report = judge(named(tmp_path, text))
    found = {i["pointer"]: i["line"] for i in of(report, "descriptor-error")}
    assert found == {"": 1, "/name": 1, "/resources/0/schema/fields/0/type": 8}


def test_a_property_twice_is_an_error(tmp_path: Path) -> None:
    """As in JSON, with its line; each of them once."""
    report = judge(named(tmp_path, f"{PACKAGE}name: q\nname: r\n"))
    (found,) = of(report, "descriptor-error", "error")
    assert (found["pointer"], found["line"]) == ("/name", 10)
    assert found["message"].startswith("the property 'name' is twice in one object")


def test_dates_are_texts(tmp_path: Path) -> None:
    """JSON has no dates: a date or time that is not quoted is the text that was written."""
    report = judge(named(tmp_path, f"created: 2026-01-31T12:00:00Z\n{PACKAGE}"))
    assert [i["pointer"] for i in of(report, "descriptor-error")] == [""]
    report = judge(named(tmp_path, f"created: 2026-01-31\n{PACKAGE}"))
    (found,) = of(report, "descriptor-error", "error")
    assert found["fix"] == 'Write "2026-01-31T00:00:00Z".'


def value_of(text: str) -> tuple[Any, Faults]:
    """What a text of YAML under the name x holds, and what was said of it."""
    faults = Faults()
    found = yaml_objects.load_object(f"x: {text}\n".encode(), Place(faults, "a.yaml"), "the file")
    return (found or {}).get("x"), faults


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1.5", -1.5),
        ("1.5e+3", 1500.0),
        ("'1'", "1"),
        ("yes", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("2020-01-01", "2020-01-01"),
        ("2020-01-01 10:00:00", "2020-01-01 10:00:00"),
        ("10:30:00", "10:30:00"),
        ("010", "010"),
        ("0x1A", "0x1A"),
        ("1_000", "1_000"),
        ("!!str 5", "5"),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("{1: a, true: b}", {"1": "a", "true": "b"}),
        ("|\n  a\n  b", "a\nb\n"),
        ("&a [1]\ny: *a", [1]),
        ('"\\ud800"', "\ufffd"),
    ],
)
def test_values_are_those_of_json(text: str, value: object) -> None:
    """Numbers in decimal form, texts, booleans and null; what JSON lacks is a text."""
    found, _ = value_of(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (".inf", ".inf is not JSON"),
        (".NaN", ".NaN is not JSON"),
        ("!!binary YQ==", "the tag !!binary has no meaning in JSON"),
        ("!!python/object/apply:os.system [ls]", "has no meaning in JSON"),
        ("!own 5", "the tag !own has no meaning in JSON"),
        ("{[a]: 1}", "the name of a property is a list, not a text"),
        ("{<<: {a: 1}}", "the merge key << has no meaning in JSON"),
        ("!!set {a, b}", "the tag !!set has no meaning in JSON"),
    ],
)
def test_what_json_cannot_say_is_an_error(text: str, said: str) -> None:
    """And is left out; nothing that a tag names is run."""
    _, faults = value_of(text)
    assert any(said in item.message for item in faults.findings), faults.findings


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("", "the descriptor is not YAML: it is empty", 1),
        ("a: [1\n", "the descriptor is not YAML", 2),
        ("a: b: c\n", "the descriptor is not YAML", 1),
        ("a: 1\n---\nb: 1\n", "the descriptor is not YAML", 2),
        ("a: *b\n", "the descriptor is not YAML", 1),
        ("a: \x07\n", "the descriptor is not YAML", 1),
        ("- a\n", "the descriptor is a list, not an object", 1),
        ("a\n", "the descriptor is a text, not an object", 1),
    ],
)
def test_a_file_that_is_no_object_in_yaml(tmp_path: Path, text: str, said: str, line: int) -> None:
    """An error with its line, in one sentence."""
    report = judge(named(tmp_path, text))
    (found,) = of(report, "descriptor-error", "error")
    assert found["message"].startswith(said)
    assert "\n" not in found["message"]
    assert found["line"] == line


def test_a_descriptor_that_is_no_utf_8(tmp_path: Path) -> None:
    """As in JSON: an error with the line."""
    write(tmp_path / "a.yaml", b"name: caf\xe9\n")
    found = of(judge(tmp_path / "a.yaml"), "descriptor-error", "error")
    assert "the descriptor is not UTF-8" in found[0]["message"]


def laughs(levels: int) -> str:
    """Aliases of aliases: nine times as many values on each level."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        laughs(12),
        "a: &a [*a]\n",
        "a: &a {b: *a}\n",
        f"a: {'[' * 5000}{']' * 5000}\n",
        f"a: {'[' * 150}{']' * 150}\n",
        "- " * 3000 + "a\n",
        f"a: [{'x, ' * 300_000}]\n",
        f"a: {'x' * 3_000_000}\n",
    ],
    ids=["laughs", "itself", "own map", "deep", "too deep", "dashes", "many", "long"],
)
def test_a_hostile_file_is_not_read_to_its_end(tmp_path: Path, text: str) -> None:
    """Aliases that multiply or hold themselves, deep nesting and long files meet a limit."""
    report = judge_apart(named(tmp_path, text), timeout=60)
    assert report["verdict"] == "not-checked"
    assert "limit" in report["unchecked"][0]["why"]


def test_commands_that_rewrite_the_descriptor_refuse_yaml(tmp_path: Path) -> None:
    """add-table writes JSON; it says so and leaves the file as it is."""
    path = named(tmp_path, PACKAGE)
    write(tmp_path / "u.csv", "a\n1\n")
    code, _, err = command("add-table", str(tmp_path / "u.csv"), str(path))
    assert (code, "YAML" in err) == (2, True)
    assert path.read_text(encoding="utf-8") == PACKAGE
    assert not (tmp_path / "schemas").exists()


def test_a_yaml_package_can_be_opened_and_exported(tmp_path: Path) -> None:
    """The export has a descriptor in JSON."""
    path = named(tmp_path / "p", PACKAGE)
    write(tmp_path / "p" / "t.csv", "id,name\n1,one\n")
    assert claimpack.open(path)["t"].to_arrow().num_rows == 1
    claimpack.export(path, tmp_path / "out", formats=["csv"])
    assert judge(tmp_path / "out/csv")["findings"] == []


JSONS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(value=JSONS)
def test_what_is_written_as_yaml_is_read_as_json(value: Any) -> None:
    """Any JSON value that PyYAML writes comes back."""
    import yaml

    faults = Faults()
    text = yaml.safe_dump({"x": value}).encode()
    found = yaml_objects.load_object(text, Place(faults, "a.yaml"), "the file")
    assert (found, len(faults.findings)) == ({"x": value}, 1)


def test_the_limits_have_names() -> None:
    """What they are is told where all limits are."""
    assert limits.YAML_BYTES < limits.DESCRIPTOR_BYTES
    assert limits.YAML_VALUES < limits.DESCRIPTOR_VALUES
