"""What a descriptor may cost, what its separators may be, and what its fixes say to write."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack import limits
from claimpack.cli import inputs
from claimpack.descriptor import lines
from packages import V2, Json, judge, make, of, one, refuse, table, unchecked, write

MEMORY = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
import claimpack
text = sys.stdin.buffer.read()
report = claimpack.validate(sys.argv[1], text=text)
print(report.verdict, len(report.findings))
"""
NEEDS_LIMITS = pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_AS")


def many(before: str, item: str, after: str, count: int) -> str:
    """A JSON text with an item so many times in a list."""
    return f"{before}[{','.join([item] * count)}]{after}"


def schema_of(inside: str) -> tuple[str, str]:
    """What comes before and after a part of a schema."""
    return '{"resources": [{"name": "a", "data": [], "schema": {' + inside, "}}]}"


@NEEDS_LIMITS
@pytest.mark.parametrize(
    ("before", "item", "after"),
    [
        ("", "0", ""),
        ('{"x":', "{}", "}"),
        ('{"resources":', "{}", "}"),
        ('{"licenses":', "0", "}"),
        ('{"x":', "NaN", "}"),
        (schema_of('"fields":')[0], "{}", "}}]}"),
        (schema_of('"fields":[{"name":"a"}],"uniqueKeys":')[0], '["a"]', "}}]}"),
    ],
)
@pytest.mark.parametrize("count", [100_000, 20_000_000])
def test_memory_of_a_descriptor_is_bounded(
    tmp_path: Path, before: str, item: str, after: str, count: int
) -> None:
    """Below the limits and beyond them a descriptor is read within one and a half gigabytes."""
    if count * len(item) > 60_000_000:
        count = 12_000_000
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path)],
        input=many(before, item, after, count).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert done.stdout.split()[0] in {b"invalid", b"not-checked"}


def test_more_values_than_the_limit_are_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values of all JSON files of a package are counted together, texts not as values."""
    monkeypatch.setattr(limits, "DESCRIPTOR_VALUES", 60)
    schema = json.dumps({"fields": [{"name": "a"}], "x-own": [0] * 8})
    many_commas = {"name": "a", "path": "a.csv", "schema": "a.json", "title": "," * 200}
    make(tmp_path, [many_commas], {"a.csv": "a\n1\n", "a.json": '{"fields": [{"name": "a"}]}'})
    assert judge(tmp_path)["verdict"] == "valid"
    other = [{"name": f"t{n}", "path": "a.csv", "schema": f"{n}.json"} for n in range(9)]
    make(tmp_path, other, {f"{n}.json": schema for n in range(9)})
    assert "together" in unchecked(judge(tmp_path))["why"]


def test_findings_beyond_the_limit_are_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many errors of a descriptor are listed, and the report says that there are more."""
    monkeypatch.setattr(limits, "DESCRIPTOR_FINDINGS", 5)
    make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"}, licenses=[0] * 9)
    report = judge(tmp_path)
    assert report["verdict"] == "invalid"
    assert report["counts"]["error"] == 5
    assert "limit of 5" in report["unchecked"][0]["why"]


@pytest.mark.parametrize(("limit", "what"), [("RESOURCES", "resources"), ("FIELDS", "schema")])
def test_more_parts_than_the_limit_are_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, what: str
) -> None:
    """Resources and fields beyond their limits are skipped, with the reason."""
    monkeypatch.setattr(limits, limit, 2)
    tables = [table(name, "a b") for name in ("t", "u", "v")]
    make(tmp_path, tables, {f"{name}.csv": "a,b\n1,2\n" for name in "tuv"})
    assert what in unchecked(judge(tmp_path))["what"]


def test_lines_are_looked_up_without_noting_the_others() -> None:
    """The memory of a scan follows the places that are wanted, not the size of the text."""
    text = many('{"x":', "[{}]", ', "last":\n\n 1}', 50_000)
    found = lines.scan(text, ["/last", "/x/7/0/none"])
    assert found.lines == {"": 1, "/x": 1, "/x/7": 1, "/x/7/0": 1, "/last": 1}
    found = lines.scan('{"a":\n{"b":\n[1,\n2]}}', ["/a/b/1"])
    assert found.lines["/a/b/1"] == 4


class Endless(io.RawIOBase):
    """Zeros without end; counts those that were read."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        return len(buffer)


def test_standard_input_is_read_to_the_limit_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless input is cut where the limit on descriptors shows it to be too large."""
    monkeypatch.setattr(limits, "DESCRIPTOR_BYTES", 1000)
    endless = Endless()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    assert len(inputs.read_input()) == 1001
    assert endless.taken < 100_000


def test_files_that_are_read_whole_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings beyond their limit are refused, not read."""
    one(tmp_path, "a\n1\n", "a")
    write(tmp_path / "claimpack.toml", "#" * 100)
    monkeypatch.setattr(limits, "SETTINGS_BYTES", 50)
    assert refuse(tmp_path)[0] == 2


# --- separators, names, keys ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        *(({"delimiter": mark}, "delimiter") for mark in ("\n", "\r", "\r\n", "\0", "\ufeff", "")),
        ({"delimiter": ",\n"}, "delimiter"),
        ({"delimiter": '"'}, "quoteChar"),
        ({"delimiter": ',"'}, "quoteChar"),
        ({"delimiter": ";", "quoteChar": ";"}, "quoteChar"),
        ({"delimiter": ";", "lineTerminator": ";"}, "lineTerminator"),
        ({"delimiter": ";", "escapeChar": ";"}, "escapeChar"),
        ({"delimiter": ";", "commentChar": ";"}, "commentChar"),
        *(({"quoteChar": mark}, "quoteChar") for mark in ("\n", "\r", "\0", "\ufeff", "ab")),
        *(({"escapeChar": mark}, "escapeChar") for mark in ("\n", "\0", "")),
        *(({"commentChar": mark}, "commentChar") for mark in ("\n", "\0", "")),
    ],
)
def test_separators_that_no_reader_can_use(tmp_path: Path, dialect: Json, name: str) -> None:
    """A delimiter or quote that is a newline, NUL or another separator is an error there."""
    report = judge(one(tmp_path, "a\n1\n", "a", package=V2, dialect=dialect))
    found = of(report, "descriptor-error", "error")
    assert [item["pointer"] for item in found] == [f"/resources/0/dialect/{name}"]


@pytest.mark.parametrize("package", [{}, V2])
@pytest.mark.parametrize("name", ["a\0b", "a\nb", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b"])
def test_control_characters_in_a_resource_name(tmp_path: Path, name: str, package: Json) -> None:
    """A resource's name with a control character is an error in both versions."""
    make(tmp_path, [{**table("t", "a"), "name": name}], {"t.csv": "a\n1\n"}, **package)
    found = of(judge(tmp_path), "descriptor-error", "error")
    assert [item["pointer"] for item in found] == ["/resources/0/name"]


def test_field_name_with_nul_is_an_error(tmp_path: Path) -> None:
    """No label of a column can contain NUL."""
    report = judge(one(tmp_path, "a\n1\n", [{"name": "a\0", "type": "string"}]))
    assert "NUL" in of(report, "descriptor-error", "error")[0]["message"]


@pytest.mark.parametrize("name", ["x" * 300, "é" * 200, "a/b", "..", "a\x7f", "con:1", "-x", " "])
def test_every_name_can_be_exported(tmp_path: Path, name: str) -> None:
    """A table's file gets a name that a file can have, whatever the table is called."""
    package = tmp_path / "p"
    make(package, [{**table("t", "a"), "name": name}], {"t.csv": "a\n1\n"}, **V2)
    if judge(package)["verdict"] == "valid":
        claimpack.export(package, tmp_path / "out", formats=["csv", "parquet", "jsonl"])
        assert claimpack.validate(tmp_path / "out" / "csv").verdict == "valid"


def test_field_with_an_empty_name_can_be_read(tmp_path: Path) -> None:
    """A field without a name goes by its number: no database has a column without a name."""
    one(tmp_path, "1,2\n", [{"name": ""}, {"name": "b"}], dialect={"header": False})
    report = judge(tmp_path)
    assert [item["pointer"] for item in of(report, "descriptor-error", "warning")] == [
        "/resources/0/schema/fields/0/name"
    ]
    assert claimpack.open(tmp_path)["t"].to_pylist() == [{"field1": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("keys", "pointer"),
    [
        ({"primaryKey": ["a"] * 10_000}, "/primaryKey"),
        ({"uniqueKeys": [["a"] * 10_000]}, "/uniqueKeys/0"),
        (
            {"foreignKeys": [{"fields": ["a"] * 9, "reference": {"fields": ["a"] * 9}}]},
            "/foreignKeys/0/fields",
        ),
    ],
)
def test_key_names_each_field_once(tmp_path: Path, keys: Json, pointer: str) -> None:
    """A field that a key repeats is one error, however often it is repeated."""
    report = judge(one(tmp_path, "a\n1\n", "a", schema=keys, package=V2))
    found = of(report, "descriptor-error", "error")
    assert [item["pointer"] for item in found] == [f"/resources/0/schema{pointer}"]


def test_unique_key_twice_is_a_warning(tmp_path: Path) -> None:
    """A unique key that is listed twice is checked once."""
    report = judge(one(tmp_path, "a\n1\n1\n", "a", schema={"uniqueKeys": [["a"], ["a"]]}))
    assert [item["pointer"] for item in of(report, "descriptor-error", "warning")] == [
        "/resources/0/schema/uniqueKeys/1"
    ]
    assert len(of(report, "unique-key")) == 1


def test_date_format_with_a_part_twice_is_an_error(tmp_path: Path) -> None:
    """Python's own reader of dates cannot run such a pattern."""
    fields = [{"name": "a", "type": "date", "format": "%d %d"}]
    report = judge(one(tmp_path, "a\n1 1\n", fields))
    assert "twice" in of(report, "descriptor-error", "error")[0]["message"]


def test_comment_rows_are_taken_in_linear_time(tmp_path: Path) -> None:
    """The header is found among 200,000 comment rows without comparing each with all."""
    report = judge(one(tmp_path, "a\n1\n", "a", dialect={"commentRows": [*range(2, 200_000)]}))
    assert report["verdict"] in {"valid", "invalid", "not-checked"}


# --- files that are not there -----------------------------------------------------------------


def test_missing_file_is_placed_in_the_descriptor(tmp_path: Path) -> None:
    """The place is the property that names the file, in the file that holds the property."""
    make(tmp_path, [table("t", "a"), table("u", "a")], {"t.csv": "a\n1\n"})
    raw = json.loads((tmp_path / "datapackage.json").read_text())
    write(tmp_path / "datapackage.json", json.dumps(raw, indent=1))
    found = of(judge(tmp_path), "missing-file")[0]
    text = (tmp_path / "datapackage.json").read_text().splitlines()
    assert (found["path"], found["pointer"]) == ("datapackage.json", "/resources/1/path")
    assert '"u.csv"' in text[found["line"] - 1]


@pytest.mark.parametrize(
    ("written", "there", "how"),
    [
        ("d/claims.csv", "d/Claims.csv", "by case"),
        ("d/claims.csv", "D/claims.csv", "by case"),
        ("d/caf\N{LATIN SMALL LETTER E WITH ACUTE}.csv", "d/cafe\u0301.csv", "in Unicode form"),
    ],
)
def test_missing_file_names_the_one_that_differs_by_case(
    tmp_path: Path, written: str, there: str, how: str
) -> None:
    """A file whose name differs by case or Unicode form only is named, and is reported once."""
    other = f"{there[0]}/o.csv"
    tables = [table("o", "a", path=other), table("t", "a", path=written)]
    make(tmp_path, tables, {other: "a\n1\n", there: "a\n1\n"})
    if (tmp_path / written).exists():
        pytest.skip("this file system takes both names for one")
    report = judge(tmp_path)
    found = of(report, "missing-file")[0]
    assert there in unicodedata.normalize("NFC", found["message"]) or there in found["message"]
    assert f"differ {how} only" in found["message"]
    assert of(report, "undeclared-file") == []


def test_undeclared_file_names_the_command(tmp_path: Path) -> None:
    """The fix is the command that declares the file."""
    make(tmp_path, [table("t", "a", path="d/t.csv")], {"d/t.csv": "a\n1\n", "d/u.csv": "a\n1\n"})
    assert "claimpack add-table d/u.csv" in of(judge(tmp_path), "undeclared-file")[0]["fix"]


# --- fixes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "schema", "fix"),
    [
        ({"licenses": "CC-BY-4.0"}, {}, 'Write [{"name": "CC-BY-4.0"}]'),
        ({"licenses": {"name": "MIT"}}, {}, 'Write [{"name": "MIT"}]'),
        ({"licenses": ["MIT"]}, {}, 'Write {"name": "MIT"}'),
        ({"contributors": "A. Curator"}, {}, 'Write [{"title": "A. Curator"}]'),
        ({"sources": 5}, {}, 'Write [{"title": "Title of the source"}]'),
        ({"keywords": "sleep, health"}, {}, 'Write ["sleep", "health"]'),
        ({"version": 1.0}, {}, 'Write "1.0"'),
        ({}, {"missingValues": "NA"}, 'Write ["", "NA"]'),
        ({}, {"uniqueKeys": "a"}, 'Write [["a"]]'),
        ({}, {"uniqueKeys": ["a"]}, 'Write ["a"]'),
        ({}, {"fields": ["a"]}, 'Write {"name": "a"}'),
        ({}, {"fields": [{"name": "a", "constraints": {"required": "yes"}}]}, "Write true"),
        ({}, {"fields": [{"name": "a", "constraints": {"required": "true"}}]}, "Write true"),
        ({}, {"fields": [{"name": "a", "constraints": {"minLength": "3"}}]}, "Write 3"),
        ({}, {"fields": [{"name": "a", "constraints": {"enum": "x"}}]}, 'Write ["x"]'),
    ],
)
def test_fix_shows_what_to_write(tmp_path: Path, package: Json, schema: Json, fix: str) -> None:
    """Where a value is of the wrong kind, the fix is the value as it is to be written."""
    report = judge(one(tmp_path, "a\nx\n", "a", schema=schema, package=package))
    assert of(report, "descriptor-error", "error")[0]["fix"].startswith(fix)


@pytest.mark.parametrize(
    ("dialect", "fix"),
    [
        ({"header": "false"}, "Write false"),
        ({"headerRows": 1}, "Write [1]"),
        ({"commentRows": "2"}, "Write [2]"),
        ({"quoteChar": 5}, "Write one character"),
    ],
)
def test_fix_of_a_dialect_shows_what_to_write(tmp_path: Path, dialect: Json, fix: str) -> None:
    """The same for the properties of a dialect."""
    report = judge(one(tmp_path, "a\nx\n", "a", dialect=dialect))
    assert of(report, "descriptor-error", "error")[0]["fix"] == fix
