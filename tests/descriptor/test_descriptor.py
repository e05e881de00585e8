"""Reading descriptors: every fault at its place, and the model that is left."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from claimpack import descriptor
from claimpack.descriptor import Reading, constraint, lines, spelling, values
from claimpack.descriptor.faults import SEVERITIES
from claimpack.descriptor.model import Dialect, Field, ForeignKey, Resource, Schema
from claimpack.errors import UnreadableError, UsageError

ROOT = Path(__file__).parents[2]
V1 = "https://datapackage.org/profiles/1.0/datapackage.json"
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"

Json = dict[str, Any]
Fault = tuple[str, str]
"""Rule and pointer."""


def read(folder: Path, raw: object, **files: str) -> Reading:
    """Read a descriptor in a folder with the file t.csv and those given; `_` stands for a dot."""
    (folder / "t.csv").write_text("id\n1\n")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    text = raw if isinstance(raw, str) else json.dumps(raw)
    (folder / "datapackage.json").write_text(text)
    return descriptor.read(folder)


def package(*resources: Any, **more: Any) -> Json:
    return {"name": "p", **more, "resources": list(resources)}


def table(*fields: Any, resource: Json | None = None, **schema: Any) -> Json:
    """A resource `t` with a schema."""
    return {
        "name": "t",
        "path": "t.csv",
        "schema": {"fields": list(fields) or [{"name": "id"}], **schema},
        **(resource or {}),
    }


def faults(reading: Reading, severity: str = "error") -> list[Fault]:
    return [(i.rule, i.pointer or "") for i in reading.findings if i.severity == severity]


def only(reading: Reading) -> Resource:
    assert reading.package is not None
    assert len(reading.package.resources) == 1
    return reading.package.resources[0]


def schema_of(reading: Reading) -> Schema:
    schema = only(reading).schema
    assert schema is not None
    return schema


def field_of(folder: Path, field: Json, **more: Any) -> tuple[Field, Reading]:
    reading = read(folder, package(table(field), **more))
    return schema_of(reading).fields[0], reading


# --- what may be called --------------------------------------------------------------------


def test_own_package_is_without_fault_and_read_at_once() -> None:
    """The dataset's descriptor has no fault, and its 19 tables cost milliseconds."""
    reading = descriptor.read(ROOT)
    assert not reading.findings
    assert not reading.unchecked
    assert reading.package is not None
    assert len(reading.package.resources) == 19
    assert {item.standard for item in reading.package.resources} == {"2"}
    assert all(item.tabular and item.files and item.schema for item in reading.package.resources)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        descriptor.read(ROOT)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1


def test_path_is_a_folder_or_a_descriptor(tmp_path: Path) -> None:
    """Both name the same package; a descriptor may have another name."""
    reading = read(tmp_path, package(table()))
    assert descriptor.read(str(tmp_path / "datapackage.json")) == reading
    (tmp_path / "other.json").write_text((tmp_path / "datapackage.json").read_text())
    found = descriptor.read(tmp_path / "other.json").package
    assert found is not None
    assert found.descriptor == "other.json"


@pytest.mark.skipif(os.name == "nt", reason="needs pipes and devices of POSIX")
def test_path_that_is_no_package_is_wrong_usage(tmp_path: Path) -> None:
    """No such path, a folder without descriptor, an address, a pipe: exit code 2."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo" / "datapackage.json")
    (tmp_path / "file").write_text("x")
    wrong: list[str | Path] = [
        tmp_path,
        tmp_path / "no",
        tmp_path / "file" / "x",
        tmp_path / "pipe",
        tmp_path / "fifo",
        tmp_path / ("x" * 400),
        "http://example.org/datapackage.json",
        "https://example.org",
        "a\0b",
        "/dev/zero",
    ]
    for path in wrong:
        with pytest.raises(UsageError) as caught:
            descriptor.read(path)
        assert caught.value.exit_code == 2
        assert "\n" not in str(caught.value)


def test_unreadable_descriptor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A descriptor that is there and cannot be opened is a broken run: exit code 3."""
    read(tmp_path, package(table()))

    def refuse(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableError, match="permission denied"):
        descriptor.read(tmp_path)


def test_text_is_read_against_a_folder(tmp_path: Path) -> None:
    """A descriptor from standard input has the folder that it is told."""
    (tmp_path / "t.csv").write_text("id\n1\n")
    for text in (json.dumps(package(table())), json.dumps(package(table())).encode()):
        reading = descriptor.read_text(text, tmp_path, name="-")
        assert not reading.findings
        assert only(reading).files == (Path(os.path.realpath(tmp_path / "t.csv")),)
    with pytest.raises(UsageError):
        descriptor.read_text("{}", tmp_path / "no")


def test_rules_and_reader_agree_on_severities() -> None:
    """Each descriptor rule's module states what the reader gives."""
    for rule, severity in SEVERITIES.items():
        module = import_module(f"claimpack.rules.{rule.replace('-', '_')}")
        assert severity == module.SEVERITY
        assert module.SCOPE == "descriptor"


# --- strict JSON ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "it is empty"),
        ("  \n", 2, "it is empty"),
        ('{\n  "name": "p"\n  "x": 1\n}', 3, "a comma or a closing bracket is expected"),
        ('{\n  "name": "p",\n}', 3, "there is a comma before the closing bracket"),
        ("{'name': 1}", 1, "in double quotes is expected"),
        ('{"a": }', 1, "a value is expected"),
        ('{"a" 1}', 1, "a colon is expected"),
        ('{"a": 1} x', 1, "more text"),
        ('{"a": "x', 1, "no closing quote"),
        ('{"a": "x\ny"}', 1, "line break"),
        (r'{"a": "\x"}', 1, "backslash"),
    ],
)
def test_text_that_is_no_json(tmp_path: Path, text: str, line: int, words: str) -> None:
    """What is not JSON is one error that names line and column, and there is no package."""
    reading = read(tmp_path, text)
    assert reading.package is None
    (found,) = reading.findings
    assert (found.rule, found.line) == ("descriptor-error", line)
    assert words in found.message
    assert "column" in found.message


@pytest.mark.parametrize("text", ["[]", "null", "1", '"x"', "true", "NaN"])
def test_json_that_is_no_object(tmp_path: Path, text: str) -> None:
    """A descriptor is an object."""
    reading = read(tmp_path, text)
    assert reading.package is None
    assert ("descriptor-error", "") in faults(reading)


def test_a_name_three_times_is_one_error(tmp_path: Path) -> None:
    """Each property that is repeated is one finding, at the line of the second."""
    text = '{"name": "p",\n"name": "q",\n"name": "r", "resources": []}'
    found = [item for item in read(tmp_path, text).findings if item.pointer == "/name"]
    assert [(item.rule, item.line) for item in found] == [("descriptor-error", 2)]


def test_duplicate_names_are_errors(tmp_path: Path) -> None:
    """A name that stands twice in one object is an error at the second's line; the rest is read."""
    text = '{"name": "p", "resources": [{\n"name": "t",\n"path": "no.csv",\n"path": "t.csv"}]}'
    reading = read(tmp_path, text)
    assert faults(reading) == [("descriptor-error", "/resources/0/path")]
    assert reading.findings[0].line == 4
    assert only(reading).paths == ("t.csv",)


def test_duplicate_names_far_apart_and_escaped(tmp_path: Path) -> None:
    """Names are compared as read: an escape does not hide one. Equal names elsewhere are fine."""
    reading = read(tmp_path, package(table(), x={"a": {"a": [{"a": 1}, {"a": 2}]}}))
    assert not reading.findings
    text = json.dumps(package(table()))[:-1] + r', "x/y~": {"a": 1, "\u0061": 2}}'
    assert faults(read(tmp_path, text)) == [("descriptor-error", "/x~1y~0/a")]


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
def test_constants_that_are_no_json(tmp_path: Path, token: str) -> None:
    """NaN and infinities are errors at their place, wherever it is; the rest is read."""
    text = json.dumps(package(table(), x=[1, {"y": "?"}])).replace('"?"', token)
    reading = read(tmp_path, text)
    assert faults(reading) == [("descriptor-error", "/x/1/y")]
    assert only(reading).name == "t"


@pytest.mark.parametrize("levels", [101, 900, 100_000])
def test_too_deep_json_is_not_checked(tmp_path: Path, levels: int) -> None:
    """Beyond 100 levels nothing is read, and that is said: no crash, no verdict."""
    reading = read(tmp_path, '{"x":' * levels + "1" + "}" * levels)
    assert reading.package is None
    assert not reading.findings
    assert "100 levels" in reading.unchecked[0].why


def test_hundred_levels_are_read(tmp_path: Path) -> None:
    """The limit itself is allowed."""
    text = json.dumps(package(table()))[:-1] + ', "x":' + "[" * 99 + "]" * 99 + "}"
    reading = read(tmp_path, text)
    assert not reading.unchecked
    assert reading.package is not None


def test_too_many_digits_are_said(tmp_path: Path) -> None:
    """A number of 5000 digits is told as beyond the limit; the rest is read."""
    reading = read(tmp_path, json.dumps(package(table()))[:-1] + f', "x": {"9" * 5000}}}')
    assert reading.package is not None
    assert not reading.findings
    assert reading.unchecked[0].what == "the number at /x"
    assert "4000" in reading.unchecked[0].why


def test_too_large_descriptor_is_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit of size nothing is read, and that is said."""
    monkeypatch.setattr("claimpack.limits.DESCRIPTOR_BYTES", 10)
    reading = read(tmp_path, package(table()))
    assert reading.package is None
    assert "limit" in reading.unchecked[0].why


def test_byte_order_mark_is_a_warning(tmp_path: Path) -> None:
    """A UTF-8 byte order mark is accepted with a warning."""
    read(tmp_path, package(table()))
    file = tmp_path / "datapackage.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    reading = descriptor.read(tmp_path)
    assert faults(reading) == []
    assert faults(reading, "warning") == [("descriptor-error", "")]
    assert only(reading).files


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
def test_other_encodings_are_errors(tmp_path: Path, encoding: str) -> None:
    """JSON is UTF-8; what else it is, is told, and it is read as well as can be."""
    text = json.dumps(package(table(), title="caf\xe9"), ensure_ascii=False)
    (tmp_path / "t.csv").write_text("id\n1\n")
    (tmp_path / "datapackage.json").write_bytes(text.encode(encoding))
    reading = descriptor.read(tmp_path)
    assert faults(reading) == [("descriptor-error", "")]
    assert only(reading).name == "t"


def test_half_a_surrogate_pair_is_an_error(tmp_path: Path) -> None:
    """Such a text could not be printed; it is mended in the model."""
    text = json.dumps(package(table(), title="?")).replace('"?"', r'"\ud800x"')
    reading = read(tmp_path, text)
    assert faults(reading) == [("descriptor-error", "/title")]
    assert reading.package is not None
    reading.package.title.encode()


def test_findings_know_their_lines(tmp_path: Path) -> None:
    """A fault's pointer is told as a line, of the nearest part where the part is missing."""
    raw = package(table({"name": "id", "type": "nope"}, {"type": "string"}))
    reading = read(tmp_path, json.dumps(raw, indent=1))
    rows = (tmp_path / "datapackage.json").read_text().splitlines()
    by_pointer = {item.pointer: item.line for item in reading.findings}
    line = by_pointer["/resources/0/schema/fields/0/type"]
    assert line is not None
    assert rows[line - 1].strip().startswith('"type": "nope"')
    nameless = by_pointer["/resources/0/schema/fields/1"]
    assert nameless is not None
    assert rows[nameless - 1].strip() == "{"


def test_scanner_agrees_with_the_parser() -> None:
    """Every part of a JSON text has a line, by its pointer."""
    value = {"a": [1, [], {}, {"b/c": None, "~": "[{,:}]", "": [True]}], 'q"\\': {"x": {}}}

    def pointers(part: Any, at: str = "") -> set[str]:
        items: Any = part.items() if isinstance(part, dict) else ()
        items = enumerate(part) if isinstance(part, list) else items
        names = [(str(name).replace("~", "~0").replace("/", "~1"), child) for name, child in items]
        return {at}.union(*(pointers(child, f"{at}/{name}") for name, child in names))

    for indent in (None, 1):
        assert set(lines.scan(json.dumps(value, indent=indent), pointers(value)).lines) == pointers(
            value
        )


# --- wrong kinds ---------------------------------------------------------------------------


def test_any_kind_in_any_place_is_survived(tmp_path: Path) -> None:
    """Whatever stands wherever, reading ends with findings and never with a crash."""
    whole = package(
        table(
            {
                "name": "id",
                "type": "integer",
                "format": "default",
                "constraints": {"enum": [1], "minimum": 1, "required": True},
                "categories": [{"value": 1, "label": "x"}],
                "missingValues": [{"value": "", "label": "y"}],
            },
            primaryKey=["id"],
            uniqueKeys=[["id"]],
            foreignKeys=[{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}],
            missingValues=[""],
            fieldsMatch=["exact"],
            resource={
                "dialect": {"delimiter": ",", "headerRows": [1]},
                "licenses": [{"name": "MIT"}],
                "bytes": 5,
                "hash": "0" * 32,
                "encoding": "utf-8",
            },
        ),
        sources=[{"title": "x"}],
        contributors=[{"title": "x", "roles": ["a"]}],
        keywords=["x"],
        created="2020-01-01T00:00:00Z",
        profile="data-package",
    )
    assert not read(tmp_path, whole).findings
    count = 0
    for change in _changes(whole):
        for standard in ("1", "2"):
            raw = dict(change, **{"$schema": V2}) if standard == "2" else change
            reading = descriptor.read_text(json.dumps(raw), tmp_path)
            assert reading.package is not None
            for finding in reading.findings:
                assert finding.pointer is None or finding.pointer.startswith("/") or not count
                json.dumps(finding.to_dict())
            count += 1
    assert count > 500


def _changes(value: Any) -> Any:
    """The value with each of its parts replaced by each kind of JSON in turn."""
    replacements: list[Any] = [None, True, 0, -1.5, "", "x", [], [None], {}, {"x": 1}]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in list(items):
        for other in replacements:
            yield _with(value, key, other)
        if isinstance(child, dict | list):
            for changed in _changes(child):
                yield _with(value, key, changed)


def _with(value: Any, key: Any, child: Any) -> Any:
    copy: Any = value.copy()
    copy[key] = child
    return copy


# --- the package ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ({"name": "p"}, ""),
        ({"name": "p", "resources": []}, "/resources"),
        ({"name": "p", "resources": {}}, "/resources"),
        ({"name": "p", "resources": None}, "/resources"),
        ({"name": "p", "resources": ["t.csv"]}, "/resources/0"),
        (package({"path": "t.csv"}), "/resources/0"),
        (package({"name": "", "path": "t.csv"}), "/resources/0/name"),
        (package({"name": 1, "path": "t.csv"}), "/resources/0/name"),
        (package({"name": "T", "path": "t.csv"}), "/resources/0/name"),
        (package({"name": "t"}), "/resources/0"),
        (package({"name": "t", "path": "t.csv", "data": []}), "/resources/0"),
        (package({"name": "t", "path": []}), "/resources/0/path"),
        (package({"name": "t", "path": 1}), "/resources/0/path"),
        (package({"name": "t", "path": ["t.csv", None]}), "/resources/0/path/1"),
        (package({"name": "t", "path": ["t.csv", "http://a.b/c"]}), "/resources/0/path"),
        (package({"name": "t", "data": None}), "/resources/0/data"),
        (package({"name": "t", "data": 1}), "/resources/0/data"),
        (package({"name": "t", "data": "a,b"}), "/resources/0/data"),
        (package(table(), name="P p"), "/name"),
        (package(table(), name=None), "/name"),
        (package(table(), title=1), "/title"),
        (package(table(), keywords="a"), "/keywords"),
        (package(table(), keywords=[1]), "/keywords/0"),
        (package(table(), licenses={}), "/licenses"),
        (package(table(), licenses=["MIT"]), "/licenses/0"),
        (package(table(), licenses=[{"title": "x"}]), "/licenses/0"),
        (package(table(), sources=[{}]), "/sources/0"),
        (package(table(), sources=[{"path": "x"}]), "/sources/0"),
        (package(table(), contributors=[1]), "/contributors/0"),
        (package(table(), contributors=[{"title": "x", "roles": "a"}]), "/contributors/0/roles"),
        (package(table(), profile=1), "/profile"),
        (package(table(resource={"encoding": "utf-9"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": "hex"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": "rot13"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": "base64"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": "idna"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": "unicode_escape"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": "../x"})), "/resources/0/encoding"),
        (package(table(resource={"encoding": None})), "/resources/0/encoding"),
        (package(table(resource={"bytes": -1})), "/resources/0/bytes"),
        (package(table(resource={"bytes": "5"})), "/resources/0/bytes"),
        (package(table(resource={"bytes": True})), "/resources/0/bytes"),
        (package(table(resource={"hash": "xyz"})), "/resources/0/hash"),
        (package(table(resource={"hash": "0" * 31})), "/resources/0/hash"),
        (package(table(resource={"hash": "sha256:" + "0" * 63})), "/resources/0/hash"),
        (package(table(resource={"hash": 1})), "/resources/0/hash"),
        (package(table(resource={"format": 1})), "/resources/0/format"),
        (package(table(resource={"schema": []})), "/resources/0/schema"),
        (package(table(resource={"dialect": 1})), "/resources/0/dialect"),
    ],
)
def test_faults_of_package_and_resource(tmp_path: Path, raw: Json, pointer: str) -> None:
    """Each of these breaks the standard in one place, which the pointer names."""
    reading = read(tmp_path, raw)
    assert faults(reading) == [("descriptor-error", pointer)]
    assert reading.package is not None
    assert all(item.fix and item.clause for item in reading.findings)


def test_version_2_recommends_where_version_1_demands(tmp_path: Path) -> None:
    """Under version 2 any text may be a name; plain ones are recommended."""
    raw = package(table(resource={"name": "T t"}), **{"$schema": V2, "name": "P"})
    reading = read(tmp_path, raw)
    assert faults(reading) == []
    assert faults(reading, "warning") == [
        ("descriptor-error", "/name"),
        ("descriptor-error", "/resources/0/name"),
    ]
    assert only(reading).name == "T t"


def test_names_are_made_unlike(tmp_path: Path) -> None:
    """A duplicate or missing name is an error; every resource of the model has its own."""
    raw = package({"path": "t.csv"}, table(), table(), {"name": "resource1", "path": "t.csv"})
    reading = read(tmp_path, raw)
    assert faults(reading) == [
        ("descriptor-error", "/resources/0"),
        ("descriptor-error", "/resources/2/name"),
        ("descriptor-error", "/resources/3/name"),
    ]
    assert reading.package is not None
    names = [item.name for item in reading.package.resources]
    assert len(set(names)) == 4
    assert reading.package.resources[1].name == "t"


def test_one_wrong_part_does_not_stop_the_rest(tmp_path: Path) -> None:
    """Each fault of many is told, and what is right is read."""
    raw = package(
        "x",
        {"name": "gone", "path": "gone.csv"},
        table({"name": "id", "type": "int"}, {"name": "n", "type": "number"}, primaryKey="no"),
        title=1,
    )
    reading = read(tmp_path, raw)
    assert faults(reading) == [
        ("descriptor-error", "/title"),
        ("descriptor-error", "/resources/0"),
        ("missing-file", "/resources/1/path"),
        ("descriptor-error", "/resources/2/schema/fields/0/type"),
        ("descriptor-error", "/resources/2/schema/primaryKey"),
    ]
    assert reading.package is not None
    gone, good = reading.package.resources
    assert gone.broken
    assert not good.broken
    assert (good.index, good.pointer) == (2, "/resources/2")
    assert good.schema is not None
    assert [item.type for item in good.schema.fields] == ["any", "number"]


def test_licences(tmp_path: Path) -> None:
    """A name that is no common identifier is a warning unless a path leads to the text."""
    known = [{"name": "CC-BY-4.0"}, {"name": "ODC-PDDL-1.0"}, {"name": "mine", "path": "../L"}]
    assert not read(tmp_path, package(table(), licenses=known)).findings
    reading = read(tmp_path, package(table(), licenses=[{"name": "cc by 4.0"}, {"name": "mine"}]))
    assert faults(reading, "warning") == [
        ("unknown-licence", "/licenses/0/name"),
        ("unknown-licence", "/licenses/1/name"),
    ]
    assert 'did you mean "CC-BY-4.0"?' in reading.findings[0].message


def test_old_sources_and_url(tmp_path: Path) -> None:
    """What version 0 wrote is still understood: `url`, and sources with `name` and `web`."""
    raw = package({"name": "t", "url": "t.csv"}, sources=[{"name": "x", "web": "http://x.y"}])
    reading = read(tmp_path, raw)
    assert not reading.findings
    assert only(reading).paths == ("t.csv",)


# --- resources -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "more", "format_", "compression", "tabular"),
    [
        ("a.csv", {}, "csv", None, True),
        ("a.CSV", {}, "csv", None, True),
        ("a.tsv", {}, "tsv", None, True),
        ("a.csv.gz", {}, "csv", "gz", True),
        ("a.tsv.zip", {}, "tsv", "zip", True),
        ("a.zip", {"format": "csv"}, "csv", "zip", True),
        ("a.zip", {}, "zip", None, False),
        ("a.csv.zst", {}, "csv", "zst", True),
        ("a.csv", {"compression": "gz"}, "csv", "gz", True),
        ("a.csv.gz", {"compression": "no"}, "csv", None, True),
        ("a.txt", {}, "txt", None, False),
        ("a.txt", {"format": "csv"}, "csv", None, True),
        ("a.txt", {"type": "table"}, "csv", None, True),
        ("a", {"mediatype": "text/csv; header=present"}, "csv", None, True),
        ("a.json", {}, "json", None, False),
        ("a.json", {"type": "table"}, "json", None, True),
        ("a.jsonl", {}, "ndjson", None, False),
        ("a.pdf", {}, "pdf", None, False),
        ("a.png", {}, "png", None, False),
        ("a.parquet", {}, "parquet", None, False),
        (
            "a.xlsx",
            {"profile": "tabular-data-resource", "schema": {"fields": [{"name": "a"}]}},
            "xlsx",
            None,
            True,
        ),
        ("a.ods", {"schema": {"fields": [{"name": "a"}]}}, "ods", None, True),
        ("a.json", {"schema": {"type": "object"}}, "json", None, False),
        ("a.b/c", {}, "", None, False),
    ],
)
def test_format_and_compression(
    tmp_path: Path,
    path: str,
    more: Json,
    format_: str,
    compression: str | None,
    tabular: bool,
) -> None:
    """The declared format, else the extension below that of the compression."""
    file = tmp_path / path
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    reading = read(tmp_path, package({"name": "a", "path": path, **more}))
    found = only(reading)
    assert faults(reading) == []
    assert (found.format, found.compression, found.tabular) == (format_, compression, tabular)
    assert found.dialect.delimiter == ("\t" if format_ == "tsv" else ",")


def test_unknown_compression_is_not_checked(tmp_path: Path) -> None:
    """What cannot be inflated is told, and is no fault."""
    (tmp_path / "a.csv.7z").write_text("x")
    reading = read(tmp_path, package({"name": "a", "path": "a.csv.7z"}))
    assert faults(reading) == []
    assert only(reading).blocked
    assert reading.unchecked[0].resource == "a"


@pytest.mark.parametrize("profile", ["tabular-data-package", "data-package"])
def test_tabular_data_package(tmp_path: Path, profile: str) -> None:
    """The package's profile makes every resource a table."""
    (tmp_path / "a.json").write_text("[]")
    found = only(read(tmp_path, package({"name": "a", "path": "a.json"}, profile=profile)))
    assert found.tabular is (profile == "tabular-data-package")


@pytest.mark.parametrize(
    ("more", "tabular"),
    [
        ({"data": [{"a": 1}]}, False),
        ({"data": {"a": 1}}, False),
        ({"data": [[1], [2]], "format": "json", "type": "table"}, True),
        ({"data": [["a"], {"a": 1}], "type": "table"}, True),
        ({"data": "a,b\n1,2", "format": "csv"}, True),
        ({"data": {"rows": [[1]]}, "type": "table", "dialect": {"property": "rows"}}, True),
        ({"data": [], "type": "table"}, True),
    ],
)
def test_inline_data(tmp_path: Path, more: Json, tabular: bool) -> None:
    """Lists, objects and texts with a format stand in the descriptor itself."""
    reading = read(tmp_path, package({"name": "a", **more}))
    found = only(reading)
    assert faults(reading) == []
    assert found.data == more["data"]
    assert (found.tabular, found.broken, found.paths) == (tabular, False, ())


@pytest.mark.parametrize(
    ("data", "pointer"),
    [({"a": 1}, "/resources/0/data"), ([[1], 2, 3], "/resources/0/data/1")],
)
def test_inline_data_that_are_no_table(tmp_path: Path, data: Any, pointer: str) -> None:
    """A table's inline data are a list of rows."""
    reading = read(tmp_path, package({"name": "a", "type": "table", "data": data}))
    assert faults(reading) == [("descriptor-error", pointer)]
    assert only(reading).broken


def test_unknown_type_of_resource(tmp_path: Path) -> None:
    """Version 2 knows the type `table` only; to version 1 it is a property of one's own."""
    raw = package({"name": "t", "path": "t.csv", "type": "file"})
    assert not read(tmp_path, raw).findings
    assert faults(read(tmp_path, raw | {"$schema": V2})) == [
        ("descriptor-error", "/resources/0/type")
    ]


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ("A" * 32, ("md5", "a" * 32)),
        ("md5:" + "0" * 32, ("md5", "0" * 32)),
        ("sha1:" + "0" * 40, ("sha1", "0" * 40)),
        ("sha256:" + "0" * 64, ("sha256", "0" * 64)),
        ("sha512:" + "0" * 128, ("sha512", "0" * 128)),
    ],
)
def test_hashes(tmp_path: Path, declared: str, found: tuple[str, str]) -> None:
    """A hash is MD5 unless its prefix says another algorithm."""
    reading = read(tmp_path, package(table(resource={"hash": declared})))
    assert not reading.findings
    assert only(reading).hash == found


def test_hash_without_prefix_of_another_length(tmp_path: Path) -> None:
    """The likely algorithm is named."""
    reading = read(tmp_path, package(table(resource={"hash": "0" * 64})))
    assert "did you mean sha256:?" in reading.findings[0].message


def test_unknown_hash_is_not_checked(tmp_path: Path) -> None:
    """An algorithm that nobody here knows is no fault."""
    reading = read(tmp_path, package(table(resource={"hash": "crc32:00000000"})))
    assert not reading.findings
    assert reading.unchecked[0].what == "hash"
    assert only(reading).hash is None


@pytest.mark.parametrize("name", ["UTF-8", "latin-1", "windows-1252", "Shift_JIS", "utf-16le"])
def test_encodings(tmp_path: Path, name: str) -> None:
    """Names of the IANA's list are kept as declared."""
    found = only(read(tmp_path, package(table(resource={"encoding": name}))))
    assert (found.encoding, found.encoding_declared, found.broken) == (name, True, False)
    plain = only(read(tmp_path, package(table())))
    assert (plain.encoding, plain.encoding_declared) == ("utf-8", False)


def test_remote_things_are_not_checked(tmp_path: Path) -> None:
    """Addresses are never asked: path, schema and dialect are told, the rest is read."""
    far = "https://example.org/x"
    reading = read(
        tmp_path,
        package(
            {"name": "far", "path": [far + ".csv", far + "2.csv"]},
            table(resource={"schema": far}),
            table(resource={"name": "u", "schema": far}),
            table(resource={"name": "d", "dialect": far}),
        ),
    )
    assert not reading.findings
    assert {(item.resource, item.what) for item in reading.unchecked} == {
        ("far", "data"),
        ("t", "schema"),
        ("u", "schema"),
        ("d", "dialect"),
        ("d", "data"),
    }
    assert reading.package is not None
    assert [item.blocked for item in reading.package.resources] == [
        "remote path",
        "",
        "",
        "remote dialect",
    ]


def test_several_files(tmp_path: Path) -> None:
    """A list of paths is one table; `extrapaths` of another tool are read, too."""
    raw = {"name": "t", "path": ["t.csv", "u.csv"], "extrapaths": ["v.csv"]}
    reading = read(tmp_path, package(raw), u_csv="x", v_csv="x")
    assert not reading.findings
    assert only(reading).paths == ("t.csv", "u.csv", "v.csv")
    assert len(only(reading).files) == 3


# --- schemas in files ----------------------------------------------------------------------


def test_schema_and_dialect_in_files(tmp_path: Path) -> None:
    """They are read once, and their faults are told at their own file and line."""
    schema = '{"fields": [\n{"name": "id", "type": "nope"}]}'
    parts = {"schema": "s.json", "dialect": "d.json"}
    raw = package(table(resource=parts), table(resource={**parts, "name": "u"}))
    reading = read(tmp_path, raw, s_json=schema, d_json='{"delimiter": ";", "header": "no"}')
    assert sorted((item.path, item.pointer, item.line) for item in reading.findings) == [
        ("d.json", "/header", 1),
        ("s.json", "/fields/0/type", 2),
    ]
    assert reading.package is not None
    for item in reading.package.resources:
        assert item.dialect.delimiter == ";"
        assert item.schema is not None
        assert item.schema.raw == json.loads(schema)


@pytest.mark.parametrize(
    ("reference", "rule"),
    [
        ("no.json", "missing-file"),
        ("../x.json", "unsafe-path"),
        ("s.yaml", "descriptor-error"),
        ("broken.json", "descriptor-error"),
        ("list.json", "descriptor-error"),
    ],
)
def test_schema_that_cannot_be_had(tmp_path: Path, reference: str, rule: str) -> None:
    """The fault is told, and the data are still there to be read."""
    raw = package(table(resource={"schema": reference}))
    files = {"s_yaml": "fields: []", "broken_json": "{", "list_json": "[]"}
    reading = read(tmp_path, raw, **files)
    assert [item.rule for item in reading.findings if item.severity == "error"] == [rule]
    assert only(reading).schema is None
    assert only(reading).tabular
    assert not only(reading).broken


# --- profiles ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "profile",
    ["fiscal-data-package", "my-profile", "https://example.org/p.json", "tabular-data-packege"],
)
def test_unknown_profiles_are_not_applied(tmp_path: Path, profile: str) -> None:
    """A profile that is none of the standard's is told; the package is checked otherwise."""
    reading = read(tmp_path, package(table(), profile=profile))
    assert not reading.findings
    assert reading.unchecked[0].what == f"profile {profile}"
    assert "not applied" in reading.unchecked[0].why


@pytest.mark.parametrize(
    "known",
    [
        {"profile": "data-package"},
        {"profile": "https://specs.frictionlessdata.io/schemas/data-package.json"},
        {"$schema": V1},
        {"$schema": V2},
        {"claimsProfile": "1.0"},
    ],
)
def test_profiles_of_the_standard_are_known(tmp_path: Path, known: Json) -> None:
    """The standard's own and the claims profile leave nothing unchecked."""
    reading = read(tmp_path, package(table(), **known))
    assert reading == Reading(reading.package)


def test_profile_in_the_package_is_applied(tmp_path: Path) -> None:
    """A JSON Schema of the package is held against the descriptor."""
    pytest.importorskip("jsonschema")
    profile = '{"required": ["title"], "properties": {"name": {"const": "q"}}}'
    reading = read(tmp_path, package(table(), profile="p.json"), p_json=profile)
    assert sorted(faults(reading)) == [("descriptor-error", ""), ("descriptor-error", "/name")]


def test_profile_that_refers_out_is_not_applied(tmp_path: Path) -> None:
    """Nothing is fetched for it."""
    pytest.importorskip("jsonschema")
    profile = '{"$ref": "http://example.org/x.json"}'
    reading = read(tmp_path, package(table(), profile="p.json"), p_json=profile)
    assert not reading.findings
    assert "nothing was fetched" in reading.unchecked[0].why


def test_profile_that_is_no_json_schema(tmp_path: Path) -> None:
    """A profile that is wrong itself is an error."""
    pytest.importorskip("jsonschema")
    reading = read(tmp_path, package(table(), profile="p.json"), p_json='{"type": 1}')
    assert faults(reading) == [("descriptor-error", "")] or faults(reading) == [
        ("descriptor-error", "/profile")
    ]


# --- versions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_package", "at_resource", "standard"),
    [
        (None, None, "1"),
        (V1, None, "1"),
        (V2, None, "2"),
        ("http://datapackage.org/profiles/2.1/datapackage.json", None, "2"),
        (None, "https://datapackage.org/profiles/2.0/dataresource.json", "2"),
    ],
)
def test_version_of_the_standard(
    tmp_path: Path, at_package: str | None, at_resource: str | None, standard: str
) -> None:
    """Version 2 is what says so; all else is version 1."""
    raw = package(table(resource={"$schema": at_resource} if at_resource else None))
    raw |= {"$schema": at_package} if at_package else {}
    reading = read(tmp_path, raw)
    assert only(reading).standard == standard
    assert schema_of(reading).fields[0].type == ("any" if standard == "2" else "string")


def test_version_of_a_schema(tmp_path: Path) -> None:
    """A schema of version 2 makes its table one, inline or in a file."""
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [{"name": "id"}],
    }
    for value in (schema, "s.json"):
        raw = package(table(resource={"schema": value}))
        reading = read(tmp_path, raw, s_json=json.dumps(schema))
        assert not reading.findings
        assert only(reading).standard == "2"
        assert schema_of(reading).fields[0].type == "any"


def test_version_1_forms_become_the_same_model(tmp_path: Path) -> None:
    """Keys as texts, self as "" or "self" or left out, `profile` for `type`."""
    for target in ({}, {"resource": ""}, {"resource": "self"}, {"resource": "t"}):
        reading = read(
            tmp_path,
            package(
                table(
                    {"name": "id"},
                    {"name": "up"},
                    primaryKey="id",
                    foreignKeys=[{"fields": "up", "reference": {**target, "fields": "id"}}],
                    resource={"profile": "tabular-data-resource"},
                )
            ),
        )
        assert not reading.findings
        schema = schema_of(reading)
        assert schema.primary_key == ("id",)
        assert schema.foreign_keys == (
            ForeignKey(("up",), "", ("id",), "/resources/0/schema/foreignKeys/0"),
        )


def test_version_2_features_hold_in_version_1(tmp_path: Path) -> None:
    """fieldsMatch, categories, uniqueKeys, labelled missing values, lists, exclusive bounds."""
    reading = read(
        tmp_path,
        package(
            table(
                {"name": "a", "type": "integer", "categories": [{"value": 1, "label": "x"}, 2]},
                {"name": "b", "categories": ["x", "y"], "categoriesOrdered": True},
                {"name": "c", "type": "list", "itemType": "date", "delimiter": ";"},
                {
                    "name": "d",
                    "type": "duration",
                    "constraints": {"exclusiveMinimum": "P1D", "exclusiveMaximum": "P1Y"},
                    "missingValues": ["-"],
                },
                fieldsMatch=["subset"],
                uniqueKeys=[["a", "b"], ["c"]],
                missingValues=[{"value": "", "label": "left out"}, {"value": "-99"}],
            )
        ),
    )
    assert not reading.findings
    schema = schema_of(reading)
    assert schema.fields_match == "subset"
    assert schema.unique_keys == (("a", "b"), ("c",))
    assert schema.missing_values == ("", "-99")
    a, b, c, d = schema.fields
    assert (a.categories, b.categories, b.ordered) == ((1, 2), ("x", "y"), True)
    assert (c.options["itemType"], c.options["delimiter"]) == ("date", ";")
    assert (d.constraints.exclusive_minimum, d.constraints.exclusive_maximum) == ("P1D", "P1Y")
    assert (a.missing_values, d.missing_values) == (("", "-99"), ("-",))


# --- schemas -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({}, ""),
        ({"fields": {}}, "/fields"),
        ({"fields": ["../../x.json"]}, "/fields/0"),
        ({"fields": ["http://example.org/x.json"]}, "/fields/0"),
        ({"fields": [None]}, "/fields/0"),
        ({"fields": [{}]}, "/fields/0"),
        ({"fields": [{"name": 1}]}, "/fields/0/name"),
        ({"missingValues": ""}, "/missingValues"),
        ({"missingValues": ["", -99]}, "/missingValues/1"),
        ({"missingValues": [{"label": "x"}]}, "/missingValues/0"),
        ({"missingValues": [{"value": "", "label": 1}]}, "/missingValues/0/label"),
        ({"fieldsMatch": "exakt"}, "/fieldsMatch"),
        ({"fieldsMatch": ["exact", "equal"]}, "/fieldsMatch"),
        ({"primaryKey": "no"}, "/primaryKey"),
        ({"primaryKey": ["id", "no"]}, "/primaryKey"),
        ({"primaryKey": [1]}, "/primaryKey"),
        ({"uniqueKeys": []}, "/uniqueKeys"),
        ({"uniqueKeys": ["id"]}, "/uniqueKeys/0"),
        ({"uniqueKeys": [["no"]]}, "/uniqueKeys/0"),
        ({"foreignKeys": {}}, "/foreignKeys"),
        ({"foreignKeys": ["id"]}, "/foreignKeys/0"),
        ({"foreignKeys": [{"fields": "id"}]}, "/foreignKeys/0"),
        ({"foreignKeys": [{"fields": "id", "reference": "t"}]}, "/foreignKeys/0/reference"),
        ({"foreignKeys": [{"reference": {"fields": "id"}}]}, "/foreignKeys/0"),
        ({"foreignKeys": [{"fields": "id", "reference": {}}]}, "/foreignKeys/0/reference"),
        (
            {"foreignKeys": [{"fields": "no", "reference": {"fields": "id"}}]},
            "/foreignKeys/0/fields",
        ),
        (
            {"foreignKeys": [{"fields": "id", "reference": {"fields": "no"}}]},
            "/foreignKeys/0/reference/fields",
        ),
        (
            {"foreignKeys": [{"fields": "id", "reference": {"resource": "no", "fields": "id"}}]},
            "/foreignKeys/0/reference/resource",
        ),
        (
            {"foreignKeys": [{"fields": "id", "reference": {"fields": ["id", "id"]}}]},
            "/foreignKeys/0",
        ),
    ],
)
def test_faults_of_a_schema(tmp_path: Path, schema: Json, pointer: str) -> None:
    """Each of these breaks the standard in one place; keys that are wrong are left out."""
    fields = {} if "fields" in schema or not schema else {"fields": [{"name": "id"}]}
    raw = package({"name": "t", "path": "t.csv", "schema": {**fields, **schema}})
    reading = read(tmp_path, raw)
    assert faults(reading) == [("descriptor-error", "/resources/0/schema" + pointer)]
    if only(reading).schema and "Key" in str(schema):
        made = schema_of(reading)
        assert (made.primary_key, made.unique_keys, made.foreign_keys) == ((), (), ())


def test_columns_keep_their_position(tmp_path: Path) -> None:
    """A field that is none still stands for its column."""
    reading = read(tmp_path, package(table({"name": "a"}, "b", {}, {"name": "d"})))
    assert [item.name for item in schema_of(reading).fields] == ["a", "b", "field3", "d"]


def test_duplicate_field_names_are_a_warning(tmp_path: Path) -> None:
    """Version 2 wants names unique and forbids to refuse them where they are not."""
    for more in ({}, {"$schema": V2}):
        reading = read(tmp_path, package(table({"name": "a"}, {"name": "a"}), **more))
        assert faults(reading) == []
        assert faults(reading, "warning") == [
            ("descriptor-error", "/resources/0/schema/fields/1/name")
        ]


def test_foreign_key_between_resources(tmp_path: Path) -> None:
    """Keys in a circle are as good as any; the other side is looked at once all is read."""

    def key(resource: str) -> list[Json]:
        return [{"fields": ["id"], "reference": {"resource": resource, "fields": ["id"]}}]

    raw = package(
        table(foreignKeys=key("u")),
        table(foreignKeys=key("t"), resource={"name": "u"}),
        table(foreignKeys=key("plain"), resource={"name": "v"}),
        {"name": "plain", "path": "t.csv"},
    )
    reading = read(tmp_path, raw)
    assert not reading.findings
    assert reading.package is not None
    keys = [item.schema.foreign_keys for item in reading.package.resources if item.schema]
    assert [[item.resource for item in found] for found in keys] == [["u"], ["t"], []]
    assert [(item.resource, item.what) for item in reading.unchecked] == [
        ("v", 'the foreign key to "plain"')
    ]


def test_foreign_key_into_another_package(tmp_path: Path) -> None:
    """It passes the gate and is not followed."""

    def raw(package_: str) -> Json:
        reference = {"package": package_, "resource": "x", "fields": ["id"]}
        return package(table(foreignKeys=[{"fields": ["id"], "reference": reference}]))

    reading = read(tmp_path, raw("https://example.org/datapackage.json"))
    assert not reading.findings
    assert reading.unchecked
    assert faults(read(tmp_path, raw("../datapackage.json"))) == [
        ("unsafe-path", "/resources/0/schema/foreignKeys/0/reference/package")
    ]


# --- fields --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "step"),
    [
        ({"type": "int"}, "type"),
        ({"type": None}, "type"),
        ({"type": ["string"]}, "type"),
        ({"type": "string", "format": "mail"}, "format"),
        ({"type": "integer", "format": "x"}, "format"),
        ({"type": "date", "format": "YYYY-MM-DD"}, "format"),
        ({"type": "date", "format": "%Q"}, "format"),
        ({"type": "date", "format": "%d/%m/%"}, "format"),
        ({"type": "geopoint", "format": "x"}, "format"),
        ({"type": "string", "format": 1}, "format"),
        ({"type": "number", "decimalChar": ""}, "decimalChar"),
        ({"type": "number", "groupChar": 1}, "groupChar"),
        ({"type": "number", "groupChar": "."}, "groupChar"),
        ({"type": "number", "bareNumber": "no"}, "bareNumber"),
        ({"type": "boolean", "trueValues": "yes"}, "trueValues"),
        ({"type": "boolean", "falseValues": [0]}, "falseValues"),
        ({"type": "list", "itemType": "list"}, "itemType"),
        ({"type": "list", "delimiter": ""}, "delimiter"),
        ({"type": "number", "categories": [1]}, "categories"),
        ({"type": "string", "categories": "a"}, "categories"),
        ({"type": "string", "categories": [1]}, "categories/0"),
        ({"type": "integer", "categories": [1, "x"]}, "categories/1"),
        ({"type": "string", "categories": ["a", "a"]}, "categories"),
        ({"type": "string", "categories": [{"label": "a"}]}, "categories/0"),
        ({"type": "string", "categoriesOrdered": 1}, "categoriesOrdered"),
        ({"title": 1}, "title"),
        ({"constraints": []}, "constraints"),
        ({"constraints": None}, "constraints"),
        ({"constraints": {"required": "true"}}, "constraints/required"),
        ({"constraints": {"unique": 1}}, "constraints/unique"),
        ({"constraints": {"minLength": -1}}, "constraints/minLength"),
        ({"constraints": {"maxLength": 1.5}}, "constraints/maxLength"),
        ({"constraints": {"maxLength": True}}, "constraints/maxLength"),
        ({"constraints": {"pattern": 1}}, "constraints/pattern"),
        ({"constraints": {"pattern": "(["}}, "constraints/pattern"),
        (
            {"constraints": {"pattern": "a{2"}} | {"constraints": {"pattern": "*a"}},
            "constraints/pattern",
        ),
        ({"constraints": {"enum": []}}, "constraints/enum"),
        ({"constraints": {"enum": "a"}}, "constraints/enum"),
        ({"constraints": {"enum": ["a", 1]}}, "constraints/enum/1"),
        ({"constraints": {"minimum": 1}}, "constraints/minimum"),
        (
            {"type": "string", "constraints": {"exclusiveMaximum": "a"}},
            "constraints/exclusiveMaximum",
        ),
        ({"type": "integer", "constraints": {"pattern": "1"}}, "constraints/pattern"),
        ({"type": "number", "constraints": {"minLength": 1}}, "constraints/minLength"),
        ({"type": "string", "constraints": {"jsonSchema": {}}}, "constraints/jsonSchema"),
        ({"type": "object", "constraints": {"jsonSchema": 1}}, "constraints/jsonSchema"),
        (
            {"type": "object", "constraints": {"jsonSchema": {"type": 1}}},
            "constraints/jsonSchema/type",
        ),
        ({"type": "boolean", "constraints": {"maximum": True}}, "constraints/maximum"),
        ({"type": "number", "constraints": {"minimum": "abc"}}, "constraints/minimum"),
        ({"type": "number", "constraints": {"minimum": True}}, "constraints/minimum"),
        ({"type": "integer", "constraints": {"minimum": 1.5}}, "constraints/minimum"),
        ({"type": "integer", "constraints": {"minimum": "1_0"}}, "constraints/minimum"),
        ({"type": "date", "constraints": {"minimum": "2017-02-29"}}, "constraints/minimum"),
        ({"type": "date", "constraints": {"minimum": 2017}}, "constraints/minimum"),
        ({"type": "year", "constraints": {"maximum": "20"}}, "constraints/maximum"),
        ({"type": "integer", "constraints": {"enum": [1, "a", None]}}, "constraints/enum/1"),
        (
            {"type": "string", "categories": ["a"], "constraints": {"enum": ["b"]}},
            "constraints/enum/0",
        ),
    ],
)
def test_faults_of_a_field(tmp_path: Path, field: Json, step: str) -> None:
    """Each of these breaks the standard at the place that the pointer names."""
    _, reading = field_of(tmp_path, {"name": "a", **field})
    found = faults(reading)
    assert found
    assert found[0] == ("descriptor-error", f"/resources/0/schema/fields/0/{step}")
    assert {pointer.count("/enum") for _, pointer in found} in ({0}, {1})
    assert len(found) == (2 if "None" in str(field.get("constraints")) and "enum" in step else 1)
    assert all(item.field == "a" for item in reading.findings)


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ({"type": "integer"}, "minimum", 1),
        ({"type": "integer"}, "minimum", "-1"),
        ({"type": "integer", "groupChar": ","}, "minimum", "1,000"),
        ({"type": "integer", "bareNumber": False}, "minimum", "5 kg"),
        ({"type": "number"}, "maximum", 1.5),
        ({"type": "number"}, "maximum", "1e3"),
        ({"type": "number"}, "maximum", "INF"),
        ({"type": "number", "decimalChar": ","}, "maximum", "1,5"),
        ({"type": "date"}, "minimum", "2016-02-29"),
        ({"type": "date", "format": "%d/%m/%Y"}, "minimum", "29/02/2016"),
        ({"type": "date", "format": "fmt:%d/%m/%Y"}, "minimum", "29/02/2016"),
        ({"type": "datetime"}, "minimum", "2016-02-29T12:00:00.5+01:00"),
        ({"type": "time"}, "minimum", "12:00:00"),
        ({"type": "year"}, "minimum", 2020),
        ({"type": "year"}, "minimum", "2020"),
        ({"type": "yearmonth"}, "minimum", "2020-02"),
        ({"type": "duration"}, "minimum", "P1Y2M3DT4H5M6.7S"),
        ({"type": "string"}, "minLength", 0),
        ({"type": "list"}, "maxLength", 3),
        ({"type": "array"}, "maxLength", 3),
        ({"type": "any"}, "enum", [1, "a", {"b": 2}]),
        ({"type": "boolean"}, "enum", [True, "false"]),
        ({"type": "string"}, "enum", ["a", ""]),
        ({"type": "object"}, "jsonSchema", {"type": "object"}),
        ({"type": "string"}, "pattern", r"\p{Lu}[a-z-[aeiou]]+\i\c*(?<x>a)\k<x>"),
    ],
)
def test_constraints_that_are_right(tmp_path: Path, field: Json, name: str, value: Any) -> None:
    """They come into the model in the form that they have in JSON."""
    made, reading = field_of(tmp_path, {"name": "a", **field, "constraints": {name: value}})
    assert not reading.findings
    ours = "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
    assert getattr(made.constraints, ours) == (tuple(value) if isinstance(value, list) else value)


def test_bounds_that_cross_are_a_warning(tmp_path: Path) -> None:
    """No value fits, which is foolish and not forbidden."""
    for field in (
        {"type": "integer", "constraints": {"minimum": 2, "maximum": "1"}},
        {"type": "date", "constraints": {"minimum": "2020-01-02", "maximum": "2020-01-01"}},
        {"type": "string", "constraints": {"minLength": 2, "maxLength": 1}},
    ):
        _, reading = field_of(tmp_path, {"name": "a", **field})
        assert faults(reading) == []
        assert len(reading.findings) == 1


def test_remote_reference_in_a_json_schema_constraint(tmp_path: Path) -> None:
    """It is not fetched; the constraint is told as not checked and left out."""
    schema = {"properties": {"a": {"$ref": "http://example.org/x.json"}}}
    field = {"name": "a", "type": "object", "constraints": {"jsonSchema": schema}}
    made, reading = field_of(tmp_path, field)
    assert not reading.findings
    assert len(reading.unchecked) == 1
    assert made.constraints.json_schema is None


@pytest.mark.parametrize(
    ("declared", "found"),
    [("fmt:%d.%m.%y", "%d.%m.%y"), ("%F %T", "%Y-%m-%d %H:%M:%S"), ("any", "any")],
)
def test_formats_of_moments(tmp_path: Path, declared: str, found: str) -> None:
    """The old prefix is put away, and directives of C become Python's."""
    made, reading = field_of(tmp_path, {"name": "a", "type": "datetime", "format": declared})
    assert not reading.findings
    assert made.format == found


def test_unknown_type_and_format_are_checked_as_any(tmp_path: Path) -> None:
    """What cannot be understood makes no faults in the data."""
    for field in ({"type": "int"}, {"type": "date", "format": "DD.MM."}):
        made, _ = field_of(tmp_path, {"name": "a", **field, "constraints": {"minimum": "x"}})
        assert (made.type, made.constraints.minimum) == ("any", None)


def test_options_have_their_defaults(tmp_path: Path) -> None:
    """The model holds each property of the type."""
    made, _ = field_of(tmp_path, {"name": "a", "type": "boolean", "trueValues": ["yes"]})
    assert made.options == {"trueValues": ("yes",), "falseValues": values.FALSE}
    made, _ = field_of(tmp_path, {"name": "a", "type": "number"})
    assert made.options == {"decimalChar": ".", "groupChar": None, "bareNumber": True}


# --- dialects ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "step"),
    [
        ({"delimiter": ""}, "delimiter"),
        ({"delimiter": 1}, "delimiter"),
        ({"quoteChar": "''"}, "quoteChar"),
        ({"quoteChar": ""}, "quoteChar"),
        ({"delimiter": '"'}, "quoteChar"),
        ({"escapeChar": "ab"}, "escapeChar"),
        ({"doubleQuote": "yes"}, "doubleQuote"),
        ({"header": 1}, "header"),
        ({"headerRows": [0]}, "headerRows"),
        ({"headerRows": 1}, "headerRows"),
        ({"commentRows": ["1"]}, "commentRows"),
        ({"commentChar": ""}, "commentChar"),
        ({"lineTerminator": 1}, "lineTerminator"),
        ({"itemType": "x"}, "itemType"),
        ({"itemKeys": [1]}, "itemKeys"),
        ({"sheetNumber": 0}, "sheetNumber"),
        ({"sheetName": 1}, "sheetName"),
        ({"caseSensitiveHeader": 1}, "caseSensitiveHeader"),
    ],
)
def test_faults_of_a_dialect(tmp_path: Path, dialect: Json, step: str) -> None:
    """What is wrong is told and takes its default."""
    reading = read(tmp_path, package(table(resource={"dialect": dialect})))
    assert faults(reading) == [("descriptor-error", f"/resources/0/dialect/{step}")]


def test_dialect(tmp_path: Path) -> None:
    """Both versions' properties come into the model."""
    raw = {
        "csvddfVersion": 1.2,
        "caseSensitiveHeader": False,
        "delimiter": "||",
        "lineTerminator": ";",
        "quoteChar": "'",
        "doubleQuote": False,
        "nullSequence": "\\N",
        "skipInitialSpace": True,
        "headerRows": [1, 2],
        "headerJoin": "-",
        "commentChar": "#",
        "commentRows": [3],
        "sheetName": "x",
    }
    reading = read(tmp_path, package(table(resource={"dialect": raw})))
    assert not reading.findings
    assert only(reading).dialect == Dialect(
        delimiter="||",
        line_terminator=";",
        quote_char="'",
        double_quote=False,
        null_sequence="\\N",
        skip_initial_space=True,
        header_rows=(1, 2),
        header_join="-",
        comment_char="#",
        comment_rows=frozenset({3}),
        sheet_name="x",
        raw=raw,
    )


def test_groups_of_other_tools(tmp_path: Path) -> None:
    """Properties in a group for a format are read; those of the dialect itself go before them."""
    raw = {"csv": {"delimiter": ";", "quoteChar": "'"}, "excel": {"sheet": 2}, "quoteChar": "|"}
    reading = read(tmp_path, package(table({"name": "id"}, resource={"dialect": raw})))
    found = only(reading).dialect
    assert (found.delimiter, found.quote_char, found.sheet_number) == (";", "|", 2)
    assert faults(reading) == []
    warned = [("misspelt-property", f"/resources/0/dialect/{name}") for name in ("csv", "excel")]
    assert faults(reading, "warning") == warned


def test_fault_in_a_group_of_other_tools(tmp_path: Path) -> None:
    """What is wrong in a group is told where it stands, and takes its default."""
    raw = {"csv": {"delimiter": 5, "doubleQuote": "no"}}
    reading = read(tmp_path, package(table({"name": "id"}, resource={"dialect": raw})))
    pointers = [f"/resources/0/dialect/csv/{name}" for name in ("delimiter", "doubleQuote")]
    assert sorted(faults(reading)) == [("descriptor-error", pointer) for pointer in pointers]
    assert only(reading).dialect.delimiter == ","


def test_no_header_means_no_header_rows(tmp_path: Path) -> None:
    """The one follows from the other."""
    found = only(read(tmp_path, package(table(resource={"dialect": {"header": False}})))).dialect
    assert (found.header, found.header_rows) == (False, ())


def test_version_1_switches_off_by_null(tmp_path: Path) -> None:
    """Version 2 has a text or nothing there."""
    raw = package(table(resource={"dialect": {"quoteChar": None, "escapeChar": None}}))
    reading = read(tmp_path, raw)
    assert not reading.findings
    assert only(reading).dialect.quote_char is None
    assert len(faults(read(tmp_path, raw | {"$schema": V2}))) == 2


# --- warnings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "pointer", "word"),
    [
        (lambda p, r, s, f: p.update(licences=[]), "/licences", "licenses"),
        (lambda p, r, s, f: p.update(path="x"), "/path", "a resource"),
        (lambda p, r, s, f: r.update(mediaType="x"), "/resources/0/mediaType", "mediatype"),
        (lambda p, r, s, f: r.update(shema={}), "/resources/0/shema", None),
        (lambda p, r, s, f: r.update(missingValues=[]), "/resources/0/missingValues", "schema"),
        (lambda p, r, s, f: r.update(delimiter=";"), "/resources/0/delimiter", "dialect"),
        (
            lambda p, r, s, f: s.update(primary_key="id"),
            "/resources/0/schema/primary_key",
            "primaryKey",
        ),
        (
            lambda p, r, s, f: f.update(constrants={}),
            "/resources/0/schema/fields/0/constrants",
            "constraints",
        ),
        (
            lambda p, r, s, f: f.update(required=True),
            "/resources/0/schema/fields/0/required",
            "constraints",
        ),
        (
            lambda p, r, s, f: f.update(trueValues=["x"]),
            "/resources/0/schema/fields/0/trueValues",
            "no effect",
        ),
        (
            lambda p, r, s, f: f.update(constraints={"requried": True}),
            "/resources/0/schema/fields/0/constraints/requried",
            "required",
        ),
        (
            lambda p, r, s, f: f.update(constraints={"odd": True}),
            "/resources/0/schema/fields/0/constraints/odd",
            "not checked",
        ),
        (
            lambda p, r, s, f: r.update(dialect={"csv": {"delimiter": ";"}}),
            "/resources/0/dialect/csv",
            "its properties were read",
        ),
        (
            lambda p, r, s, f: r.update(dialect={"mine": {"delimiter": ";"}}),
            "/resources/0/dialect/mine",
            "no effect",
        ),
    ],
)
def test_misspelt_properties(
    tmp_path: Path,
    change: Callable[[Json, Json, Json, Json], None],
    pointer: str,
    word: str | None,
) -> None:
    """A property near to a known one, or known elsewhere, is a warning with the likely word."""
    raw = package(table({"name": "id"}))
    resource = raw["resources"][0]
    change(raw, resource, resource["schema"], resource["schema"]["fields"][0])
    reading = read(tmp_path, raw)
    assert faults(reading) == []
    if word is None:  # the right property is there as well, so this is one of their own
        assert not reading.findings
        return
    assert faults(reading, "warning") == [("misspelt-property", pointer)]
    assert word in reading.findings[0].message


def test_properties_of_ones_own_are_free(tmp_path: Path) -> None:
    """Names that are near to nothing give nothing."""
    raw = package(
        table(
            {"name": "id", "unit": "kg", "label": "x", "examples": [1], "a:tpye": 1, "source": "y"},
            resource={"date": "2020", "stats": {}, "_x": 1},
            owner="me",
        ),
        creator="me",
        publisher=[],
        updated="now",
    )
    assert not read(tmp_path, raw).findings


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ab", "ba", 1)],
)
def test_distance(one: str, other: str, steps: int) -> None:
    """Adding, dropping, changing and swapping neighbours count one each."""
    assert spelling.distance(one, other) == spelling.distance(other, one) == steps


def test_name_clashes(tmp_path: Path) -> None:
    """Names and paths that differ by case only collide on many computers."""
    (tmp_path / "T.csv").write_text("id\n1\n")
    raw = package(table(), table(resource={"name": "T", "path": ["T.csv"]}), **{"$schema": V2})
    assert [item for item in faults(read(tmp_path, raw), "warning") if item[0] == "name-clash"] == [
        ("name-clash", "/resources/1/name"),
        ("name-clash", "/resources/1/path/0"),
    ]


def test_undeclared_files(tmp_path: Path) -> None:
    """Data-like files beside the declared ones are told, one a file; other files are not."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("a.csv", "b.csv", "c.CSV.gz", "d.json", "s.json", "x.md", ".e.csv", "~$f.xlsx"):
        (folder / name).write_text('{"fields": [{"name": "id"}]}')
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "g.csv").write_text("x")
    raw = package(table(resource={"path": "data/a.csv", "schema": "data/s.json"}))
    found = read(tmp_path, raw).findings
    assert [(item.rule, item.path) for item in found] == [
        ("undeclared-file", "data/b.csv"),
        ("undeclared-file", "data/c.CSV.gz"),
        ("undeclared-file", "data/d.json"),
    ]


# --- values and patterns -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "form", "value"),
    [
        ("integer", "default", "\uff11"),
        ("integer", "default", "1 0"),
        ("number", "default", "Infinity"),
        ("date", "default", "2020-1-1"),
        ("date", "default", "1900-02-29"),
        ("date", "%d/%m/%Y", "31/02/2020"),
        ("time", "default", "24:00:00"),
        ("datetime", "default", "2020-01-01 00:00:00"),
        ("year", "default", "12"),
        ("yearmonth", "default", "2020-13"),
        ("duration", "default", "P"),
        ("duration", "default", "P1YT"),
        ("duration", "default", "P1W"),
        ("boolean", "default", "yes"),
        ("object", "default", "[]"),
        ("array", "default", "{"),
        ("string", "uuid", "x"),
        ("string", "email", "x"),
        ("geopoint", "default", "1"),
        ("string", "default", None),
    ],
)
def test_values_that_are_none(type_: str, form: str, value: Any) -> None:
    """What cannot be cast is refused."""
    with pytest.raises(ValueError):  # noqa: PT011
        values.parse(type_, form, {}, value)


@pytest.mark.parametrize(
    ("type_", "smaller", "greater"),
    [
        ("integer", "9", 10),
        ("number", "1e2", 100.5),
        ("date", "2020-01-31", "2020-02-01"),
        ("datetime", "2020-01-01T01:00:00+02:00", "2020-01-01T00:00:00Z"),
        ("time", "09:00:00", "10:00:00"),
        ("year", "-0001", 2000),
        ("yearmonth", "2019-12", "2020-01"),
        ("duration", "P1D", "PT25H"),
    ],
)
def test_values_can_be_compared(type_: str, smaller: Any, greater: Any) -> None:
    """Bounds are compared as values, whatever form they have in JSON."""
    low, high = (values.parse(type_, "default", {}, value) for value in (smaller, greater))
    assert low < high


@pytest.mark.parametrize("pattern", ["([", "*", "a)", "(?P<", "[z-a]", "\\", "a{2,1}"])
def test_broken_patterns(pattern: str) -> None:
    """What no engine takes is no regular expression."""
    assert constraint.fault_of(pattern) is not None


@pytest.mark.parametrize(
    "pattern", ["", "a|b", r"\p{Lu}", r"[\p{L}\d]", r"[a-z-[aeiou]]", r"\i\c*", "a++", r"\d{2,}"]
)
def test_patterns_of_xml_schema(pattern: str) -> None:
    """What XML Schema allows passes, though Python's engine would not take it."""
    assert constraint.fault_of(pattern) is None
