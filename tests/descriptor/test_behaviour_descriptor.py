"""Missing, broken and hostile descriptors, as listed in docs/robustness.md."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from packages import (
    V2,
    Json,
    count_rows,
    expect,
    field,
    judge,
    judge_apart,
    make,
    of,
    one,
    refuse,
    table,
    unchecked,
    valid,
    write,
)

DATA = "id,name\n1,one\nx,two\n"
FIELDS = "id:integer name"
FAULT = {"rule": "type-error", "resource": "t", "row": 2, "line": 3, "value": "x"}


def raw(folder: Path, descriptor: str | bytes, data: str = DATA) -> Path:
    """A package with this text as its descriptor, and a table beside it."""
    write(folder / "t.csv", data)
    write(folder / "datapackage.json", descriptor)
    return folder


def text(**more: Any) -> str:
    """The descriptor of a package with one table, as JSON."""
    return json.dumps({"name": "p", "resources": [table("t", FIELDS)], **more})


def wrong(report: Json, pointer: str | None) -> Json:
    """The report has one descriptor error, at that pointer."""
    assert report["verdict"] == "invalid"
    found = of(report, "descriptor-error", "error")
    assert [item["pointer"] for item in found] == [pointer], report["findings"]
    return found[0]


# Missing or broken descriptors


def test_no_such_path_is_wrong_usage(tmp_path: Path) -> None:
    """PATH that is not there: one line, exit code 2."""
    code, line = refuse(tmp_path / "nowhere")
    assert code == 2
    assert "nowhere" in line


def test_folder_without_a_descriptor_is_told(tmp_path: Path) -> None:
    """A folder that holds no package: one line or one finding, with a right exit code."""
    code, line = refuse(tmp_path)
    assert code in {1, 2}
    assert "datapackage.json" in line


@pytest.mark.parametrize("content", ["", "{", '{"name": }', "name: p", "<html>", '{"a":1}{"b":2}'])
def test_descriptor_that_is_no_json_is_an_error(tmp_path: Path, content: str) -> None:
    """JSON that does not parse is the package's fault: exit code 1, with the line."""
    expect(judge(raw(tmp_path, content)), "invalid", {"rule": "descriptor-error", "resource": None})


def test_descriptor_error_in_json_has_its_line(tmp_path: Path) -> None:
    """Where the JSON breaks is told by its line."""
    report = judge(raw(tmp_path, '{\n  "name": "p",\n  "resources": [,]\n}\n'))
    expect(report, "invalid", {"rule": "descriptor-error", "line": 3})


def test_descriptor_that_is_no_utf8_is_an_error(tmp_path: Path) -> None:
    """JSON is UTF-8."""
    report = judge(raw(tmp_path, b'{"name": "caf\xe9", "resources": []}'))
    assert report["verdict"] == "invalid"
    assert {i["rule"] for i in report["findings"]} <= {"encoding-error", "descriptor-error"}


def test_path_may_be_a_descriptor(tmp_path: Path) -> None:
    """PATH may be a file of any name."""
    raw(tmp_path, text(), "id,name\n1,one\n")
    (tmp_path / "datapackage.json").rename(tmp_path / "other.json")
    valid(judge(tmp_path / "other.json"), rows=1)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    """A file that the descriptor names and that is not there, once; the others are read."""
    make(tmp_path, [table("no", FIELDS), table("t", FIELDS)], {"t.csv": DATA})
    missing = {"rule": "missing-file", "resource": "no", "path": "datapackage.json"}
    expect(judge(tmp_path), "invalid", missing, FAULT)


@pytest.mark.parametrize("part", ["schema", "dialect"])
def test_missing_part_is_an_error(tmp_path: Path, part: str) -> None:
    """The same for a schema or a dialect in a file."""
    make(tmp_path, [table("t", FIELDS) | {part: "no.json"}], {"t.csv": "id,name\n1,one\n"})
    report = judge(tmp_path)
    expect(report, "invalid", {"rule": "missing-file", "resource": "t"})
    assert report["findings"][0]["pointer"] == f"/resources/0/{part}"


@pytest.mark.parametrize("package", [{}, V2])
def test_unknown_type_is_a_descriptor_error(tmp_path: Path, package: Json) -> None:
    """A type that the standard does not have; the other fields are judged."""
    fields = [field("id", "integer"), field("name", "text")]
    report = judge(one(tmp_path, DATA, fields, package=package))
    expect(
        report,
        "invalid",
        {"rule": "descriptor-error", "pointer": "/resources/0/schema/fields/1/type"},
        FAULT,
    )


def test_metadata_only_reads_no_data(tmp_path: Path) -> None:
    """With the switch only the descriptor is judged."""
    report = judge(one(tmp_path, DATA, FIELDS), "--metadata-only")
    assert report["counts"]["error"] == 0


# Depth and long numbers


@pytest.mark.parametrize("inner", ['{"a":', "["])
def test_descriptor_of_vast_depth_is_told(tmp_path: Path, inner: str) -> None:
    """100 000 levels: a limit that is said plainly, no crash."""
    depth = 100_000
    close = "}" if inner.startswith("{") else "]"
    core = "1" if inner.startswith("{") else ""
    deep = inner * depth + core + close * depth
    report = judge_apart(raw(tmp_path, text()[:-1] + f', "x": {deep}}}'))
    assert report["verdict"] in {"invalid", "not-checked"}
    said = [i["message"] for i in report["findings"]] + [i["why"] for i in report["unchecked"]]
    assert any("deep" in words or "nest" in words for words in said)


def test_descriptor_with_a_vast_number_is_no_crash(tmp_path: Path) -> None:
    """An integer of 5000 digits is JSON."""
    report = judge_apart(raw(tmp_path, text()[:-1] + f', "x": {"7" * 5000}}}', "id,name\n"))
    assert report["verdict"] in {"valid", "not-checked"}


# Duplicate names, NaN, byte order marks


def test_duplicate_names_in_the_descriptor_are_an_error(tmp_path: Path) -> None:
    """`path` twice: two readers see two packages."""
    twice = text().replace('"path": "t.csv"', '"path": "t.csv", "path": "u.csv"')
    assert twice.count('"path"') == 2
    report = judge(raw(tmp_path, twice))
    assert report["verdict"] == "invalid"
    assert "/resources/0/path" in {i["pointer"] for i in of(report, "descriptor-error", "error")}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_descriptor_with_numbers_that_json_lacks_is_an_error(tmp_path: Path, value: str) -> None:
    """NaN and Infinity are not JSON."""
    report = judge(raw(tmp_path, text()[:-1] + f', "x": {value}}}', "id,name\n"))
    assert report["verdict"] == "invalid"
    assert of(report, "descriptor-error")


def test_mark_before_the_descriptor_is_a_warning(tmp_path: Path) -> None:
    """RFC 8259 8.1 lets a reader accept it."""
    report = valid(judge(raw(tmp_path, b"\xef\xbb\xbf" + text().encode(), "id,name\n1,x\n")), 1)
    assert [item["severity"] for item in report["findings"]] == ["warning"]


# Values of the wrong kind


@pytest.mark.parametrize("content", ["[]", "null", "1", '"text"', "true"])
def test_descriptor_that_is_no_object_is_an_error(tmp_path: Path, content: str) -> None:
    """The outermost value MUST be an object; the pointer is the empty one."""
    wrong(judge(raw(tmp_path, content)), "")


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("/resources", None),
        ("/resources", 1),
        ("/resources", {}),
        ("/resources", "t.csv"),
        ("/resources/0", None),
        ("/resources/0", "t.csv"),
        ("/resources/0", []),
        ("/resources/0/name", None),
        ("/resources/0/name", 1),
        ("/resources/0/name", []),
        ("/resources/0/path", None),
        ("/resources/0/path", 1),
        ("/resources/0/path", {}),
        ("/resources/0/path", []),
        ("/resources/0/path/0", 1),
        ("/resources/0/schema", 1),
        ("/resources/0/schema", []),
        ("/resources/0/schema/fields", None),
        ("/resources/0/schema/fields", {}),
        ("/resources/0/schema/fields", "id"),
        ("/resources/0/schema/fields/0", None),
        ("/resources/0/schema/fields/0", 1),
        ("/resources/0/schema/fields/0", []),
        ("/resources/0/schema/fields/0/name", None),
        ("/resources/0/schema/fields/0/name", 1),
        ("/resources/0/schema/fields/0/type", 1),
        ("/resources/0/schema/fields/0/type", []),
        ("/resources/0/schema/fields/0/format", 1),
        ("/resources/0/schema/fields/0/constraints", []),
        ("/resources/0/schema/fields/0/constraints", "required"),
        ("/resources/0/schema/fields/0/constraints/required", "yes"),
        ("/resources/0/schema/fields/0/constraints/unique", 1),
        ("/resources/0/schema/fields/0/constraints/enum", "a"),
        ("/resources/0/schema/fields/1/constraints/minLength", "a"),
        ("/resources/0/schema/fields/1/constraints/maxLength", -1),
        ("/resources/0/schema/fields/1/constraints/pattern", 1),
        ("/resources/0/schema/missingValues", "NA"),
        ("/resources/0/schema/missingValues/0", 1),
        ("/resources/0/schema/primaryKey", 1),
        ("/resources/0/schema/primaryKey", {}),
        ("/resources/0/schema/primaryKey/0", 1),
        ("/resources/0/schema/foreignKeys", {}),
        ("/resources/0/schema/foreignKeys", "id"),
        ("/resources/0/schema/foreignKeys/0", "id"),
        ("/resources/0/schema/foreignKeys/0/fields", 1),
        ("/resources/0/schema/foreignKeys/0/reference", "t"),
        ("/resources/0/schema/foreignKeys/0/reference/fields", 1),
        ("/resources/0/schema/uniqueKeys", "id"),
        ("/resources/0/schema/uniqueKeys", []),
        ("/resources/0/schema/uniqueKeys/0", "id"),
        ("/resources/0/schema/fieldsMatch", "nearly"),
        ("/resources/0/schema/fieldsMatch", 1),
        ("/resources/0/schema/fields/0/categories", "a"),
        ("/resources/0/schema/fields/0/categories/0", {"label": "a"}),
        ("/resources/0/schema/fields/0/missingValues", "a"),
        ("/resources/0/dialect", 1),
        ("/resources/0/dialect", []),
        ("/resources/0/dialect/delimiter", 1),
        ("/resources/0/dialect/header", "yes"),
        ("/resources/0/dialect/headerRows", 1),
        ("/resources/0/dialect/headerRows/0", 0),
        ("/resources/0/dialect/quoteChar", "''"),
        ("/resources/0/encoding", 1),
        ("/resources/0/bytes", "many"),
        ("/resources/0/bytes", -1),
        ("/resources/0/hash", 1),
        ("/name", 1),
        ("/licenses", "MIT"),
        ("/licenses/0", "MIT"),
        ("/contributors", "me"),
        ("/contributors/0", 1),
        ("/sources", "there"),
        ("/keywords", "a, b"),
        ("/created", "yesterday"),
        ("/$schema", 1),
    ],
)  # fmt: skip
def test_wrong_kind_in_the_descriptor_has_a_pointer(
    tmp_path: Path, where: str, value: object
) -> None:
    """Null, number, text or list in the wrong place: a clean error that points at it.

    For an item of a list the error may point at the list.
    """
    key = {"fields": ["id"], "reference": {"fields": ["id"]}}
    described = table("t", [field("id", constraints={}), field("name", constraints={})])
    if "Key" in where:
        described["schema"] |= {"primaryKey": ["id"], "foreignKeys": [key]}
    descriptor: Json = {"name": "p", "resources": [described], **V2}
    put(descriptor, where, value)
    write(tmp_path / "t.csv", "id,name\n1,one\n")
    write(tmp_path / "datapackage.json", json.dumps(descriptor))
    report = judge(tmp_path)
    assert report["verdict"] == "invalid"
    pointers = {item["pointer"] for item in of(report, "descriptor-error", "error")}
    parent, _, last = where.rpartition("/")
    places = {where, parent} if last.isdigit() else {where}
    assert len(pointers) == 1
    assert pointers <= places


def put(descriptor: Any, where: str, value: object) -> None:
    """Set the value at a JSON pointer, making lists and objects on the way."""
    names = where.strip("/").split("/")
    for name, following in itertools.pairwise(names):
        empty: Any = [] if following.isdigit() else {}
        if name.isdigit():
            if len(descriptor) <= int(name):
                descriptor.append(empty)
        elif following.isdigit() and not isinstance(descriptor.get(name), list):
            descriptor[name] = empty
        else:
            descriptor.setdefault(name, empty)
        descriptor = descriptor[int(name) if name.isdigit() else name]
    last = names[-1]
    if last.isdigit() and len(descriptor) <= int(last):
        descriptor.append(value)
    else:
        descriptor[int(last) if last.isdigit() else last] = value


# YAML


def test_yaml_schema_is_not_read(tmp_path: Path) -> None:
    """Nine levels of aliases: YAML is not read from packages at all."""
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    described = table("t", FIELDS) | {"schema": "schema.yaml"}
    make(tmp_path, [described], {"t.csv": DATA, "schema.yaml": "\n".join(levels)})
    assert judge_apart(tmp_path)["verdict"] in {"invalid", "not-checked"}


# No resources


def test_package_without_resources_is_an_error(tmp_path: Path) -> None:
    """`resources` MUST hold at least one."""
    wrong(judge(make(tmp_path, [])), "/resources")
    write(tmp_path / "datapackage.json", '{"name": "p"}')
    report = judge(tmp_path)
    assert report["verdict"] == "invalid"
    assert of(report, "descriptor-error")[0]["pointer"] in {"", "/resources"}


# Misspelt and misplaced properties


@pytest.mark.parametrize(
    ("pointer", "value", "word"),
    [
        ("/resources/0/schema/fields/0/required", True, "constraints"),
        ("/resources/0/schema/fields/0/constrants", {"required": True}, "constraints"),
        ("/resources/0/schema/fields/0/constraints/requird", True, "required"),
        ("/resources/0/schema/fields/0/constraints/maxlength", 3, "maxLength"),
        ("/resources/0/schema/primarykey", ["id"], "primaryKey"),
        ("/resources/0/missingValues", ["NA"], "schema"),
        ("/resources/0/dialect/delimeter", ";", "delimiter"),
        ("/licences", [], "licenses"),
        ("/missingValues", ["NA"], "resource"),
    ],
)
def test_stray_property_is_a_warning_with_the_likely_word(
    tmp_path: Path, pointer: str, value: object, word: str
) -> None:
    """A property misspelt or out of place: warn, say what was meant, and go on."""
    descriptor: Json = {"name": "p", "resources": [table("t", FIELDS)]}
    put(descriptor, pointer, value)
    report = judge(raw(tmp_path, json.dumps(descriptor)))
    expect(report, "invalid", FAULT)
    found = of(report, "misspelt-property", "warning")
    assert [item["pointer"] for item in found] == [pointer]
    assert word in found[0]["message"] + found[0]["fix"]


@pytest.mark.parametrize(
    ("holder", "misspelt", "word"),
    [
        ("", "resoures", "resources"),
        ("/resources/0", "shcema", "schema"),
        ("/resources/0", "Path", "path"),
        ("/resources/0/schema", "feilds", "fields"),
        ("/resources/0/schema", "missingvalues", "missingValues"),
        ("/resources/0/schema/fields/0", "typ", "type"),
        ("/resources/0/schema/fields/0/constraints", "minmum", "minimum"),
    ],
)
def test_property_in_the_place_of_another_is_a_warning(
    tmp_path: Path, holder: str, misspelt: str, word: str
) -> None:
    """A property misspelt where the right one is missing, whatever else that breaks."""
    fields = [field("id", "integer", constraints={"minimum": 1}), field("name")]
    described = table("t", fields, schema={"missingValues": ["NA"]})
    descriptor: Json = {"name": "p", "resources": [described]}
    place: Any = descriptor
    for name in holder.split("/")[1:]:
        place = place[int(name) if name.isdigit() else name]
    place[misspelt] = place.pop(word)
    report = judge(raw(tmp_path, json.dumps(descriptor)))
    found = of(report, "misspelt-property", "warning")
    assert [item["pointer"] for item in found] == [f"{holder}/{misspelt}"]
    assert word in found[0]["message"] + found[0]["fix"]


def test_custom_properties_are_no_fault(tmp_path: Path) -> None:
    """A descriptor MAY hold any further properties."""
    more = {"dc:temporal": {"name": "x"}, "x-note": 1, "views": [], "countryCode": "PS"}
    report = judge(one(tmp_path, "id,name\n1,a\n", FIELDS, package=more, note="x"))
    assert valid(report, rows=1)["findings"] == []


# Data of a wrong descriptor


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/name", 7),
        ("/licenses", "MIT"),
        ("/resources/0/title", []),
        ("/resources/0/schema/fields/1/type", "nonsense"),
        ("/resources/0/schema/fields/1/format", 7),
        ("/resources/0/schema/fields/1/constraints", "all"),
        ("/resources/0/schema/primaryKey", ["nope"]),
        ("/resources/0/schema/foreignKeys", {"a": 1}),
        ("/resources/0/schema/missingValues", 5),
        ("/resources/0/bytes", "many"),
        ("/resources/1", "text"),
        ("/resources/1", {"name": "u"}),
        ("/created", 1999),
    ],
)
def test_wrong_descriptor_leaves_the_data_checked(
    tmp_path: Path, pointer: str, value: object
) -> None:
    """Whatever else is wrong, the cell at fault is found."""
    descriptor: Json = {"name": "p", "resources": [table("t", FIELDS)]}
    put(descriptor, pointer, value)
    report = judge(raw(tmp_path, json.dumps(descriptor)))
    assert of(report, "descriptor-error", "error"), report["findings"]
    assert [(i["row"], i["value"]) for i in of(report, "type-error")] == [(2, "x")]
    assert count_rows(report) == 2


def test_unknown_encoding_leaves_nothing_unsaid(tmp_path: Path) -> None:
    """Data in an encoding that nobody knows are judged as UTF-8, or told as not checked."""
    report = judge(one(tmp_path, DATA, FIELDS, encoding="nope"))
    assert [item["rule"] for item in report["findings"]][:1] == ["descriptor-error"]
    said = [item["resource"] for item in report["unchecked"]]
    assert said == ["t"] or [i["row"] for i in of(report, "type-error")] == [2]


# Inline data


@pytest.mark.parametrize(
    "described",
    [
        {"format": "json", "data": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]},
        {"data": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]},
        {"format": "json", "data": [["id", "name"], [1, "a"], [2, "b"]]},
        {"format": "csv", "data": "id,name\n1,a\n2,b\n"},
        {"mediatype": "text/csv", "data": "id,name\n1,a\n2,b\n"},
    ],
)
@pytest.mark.parametrize("package", [{}, V2])
def test_inline_table_is_read(tmp_path: Path, described: Json, package: Json) -> None:
    """Rows of objects, rows of lists and CSV text, in the descriptor itself."""
    valid(judge(make(tmp_path, [table("t", FIELDS, **described)], **package)), rows=2)


@pytest.mark.parametrize(
    "data",
    [
        [{"id": 1, "name": "a"}, {"id": "x", "name": "b"}],
        [["id", "name"], [1, "a"], ["x", "b"]],
        "id,name\n1,a\nx,b\n",
    ],
)
def test_inline_table_is_judged(tmp_path: Path, data: object) -> None:
    """And its cells are judged by row, field and value."""
    kind = "csv" if isinstance(data, str) else "json"
    report = judge(make(tmp_path, [table("t", FIELDS, data=data, format=kind)]))
    expect(report, "invalid", {"rule": "type-error", "field": "id", "row": 2, "value": "x"})


def test_inline_object_is_accepted(tmp_path: Path) -> None:
    """An object is data of another kind: accepted, with nothing to judge."""
    report = judge(make(tmp_path, [{"name": "o", "data": {"any": ["thing"]}}]))
    assert report["counts"]["error"] == 0


@pytest.mark.parametrize("described", [{"name": "t"}, {"name": "t", "path": "t.csv", "data": []}])
def test_resource_has_path_or_data(tmp_path: Path, described: Json) -> None:
    """One, and only one, of the two MUST be there."""
    report = judge(make(tmp_path, [described], {"t.csv": "a\n1\n"}))
    assert report["verdict"] == "invalid"
    assert of(report, "descriptor-error")[0]["pointer"].startswith("/resources/0")


def test_file_that_is_no_table_is_accepted(tmp_path: Path) -> None:
    """A resource may be any file; one without a schema has nothing to judge but itself."""
    report = judge(make(tmp_path, [{"name": "doc", "path": "a.txt"}], {"a.txt": "words"}))
    assert report["counts"]["error"] == 0


def test_remote_and_wrong_at_once_is_invalid(tmp_path: Path) -> None:
    """An error outweighs what was not checked, which is still told."""
    far = table("far", FIELDS, path="http://127.0.0.1:9/x.csv")
    report = judge(make(tmp_path, [far, table("t", FIELDS)], {"t.csv": DATA}))
    expect(report, "invalid", FAULT)
    assert [item["resource"] for item in report["unchecked"]] == ["far"]


def test_unreadable_file_is_not_checked(tmp_path: Path) -> None:
    """A file that is there and cannot be read is no fault of the data."""
    one(tmp_path, DATA, FIELDS)
    (tmp_path / "t.csv").chmod(0)
    try:
        (tmp_path / "t.csv").read_bytes()
    except PermissionError:
        unchecked(judge(tmp_path), "t")
    else:
        pytest.skip("this user reads everything")


def test_findings_on_inline_data_have_a_place(tmp_path: Path) -> None:
    """They have no file: the pointer leads to the data in the descriptor."""
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    resources = [
        {"name": "t", "data": [{"a": "x"}], "schema": schema},
        {"name": "u", "data": [{"b": 1}], "schema": schema},
    ]
    report = judge(make(tmp_path, resources))
    places = {(item["resource"], item["pointer"]) for item in report["findings"]}
    assert places == {("t", "/resources/0/data"), ("u", "/resources/1/data")}
