"""Size, as listed in docs/robustness.md, scaled down or with the limits lowered.

A limit is never an error: what lies behind it is not checked, and the report says so.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack import limits
from claimpack.engine import table_loader, wide_tables
from claimpack.engine.exact.database import Store
from claimpack.engine.table_loader import Loader
from claimpack.readers import csv_plainness
from packages import (
    Json,
    count_rows,
    expect,
    field,
    judge,
    judge_apart,
    make,
    of,
    one,
    table,
    unchecked,
    valid,
)

MIB = 1024 * 1024
OVER = limits.CELL_BYTES + MIB


def too_large(report: Json, resource: str = "t") -> None:
    """Nothing is at fault; the resource is told as too large."""
    said = unchecked(report, resource)
    words = (said["what"] + " " + said["why"]).lower()
    assert any(word in words for word in ("large", "limit", "more than")), said


# Cells and lines over the limit


@pytest.mark.parametrize(("before", "after"), [("", ""), ('"', '"')])
def test_cell_over_the_limit_is_not_checked(tmp_path: Path, before: str, after: str) -> None:
    """A cell over the limit, quoted or not, is 'too large', never 'invalid'."""
    cell = before + "x" * OVER + after
    too_large(judge(one(tmp_path, f"a,b\n1,{cell}\n2,y\n", "a:integer b")))


def test_cell_of_many_lines_over_the_limit_is_not_checked(tmp_path: Path) -> None:
    """The same where the cell is quoted newlines."""
    cell = '"' + "x\n" * (OVER // 2) + '"'
    too_large(judge(one(tmp_path, f"a,b\n1,{cell}\n2,y\n", "a:integer b")))


def test_cell_under_the_limit_is_checked(tmp_path: Path) -> None:
    """One that is large, but within the limit, is judged like any other."""
    fields = [field("a", "integer"), field("b", constraints={"maxLength": 5})]
    report = judge(one(tmp_path, f"a,b\n1,{'x' * 4 * MIB}\n2,y\n", fields))
    assert report["verdict"] == "invalid"
    assert [(i["row"], i["line"]) for i in of(report, "constraint-error")] == [(1, 2)]


def test_file_without_a_newline_over_the_limit_is_not_checked(tmp_path: Path) -> None:
    """One record without an end is the same."""
    too_large(judge(one(tmp_path, "x" * OVER, "a b")))


def test_more_columns_than_the_limit_are_not_checked(tmp_path: Path) -> None:
    """More labels than limits.COLUMNS are told as such, without reading them all."""
    text = "x," * (2 * limits.COLUMNS)
    said = unchecked(judge_apart(one(tmp_path, text, "a b"), timeout=30), "t")
    assert "column" in said["what"] + said["why"]


# Many columns


@pytest.mark.parametrize("kind", ["integer", "string", None])
def test_many_columns_are_read_in_a_few_seconds(tmp_path: Path, kind: str | None) -> None:
    """100 000 columns and one row, with a schema and without: no quadratic work."""
    names = [f"c{number}" for number in range(100_000)]
    fields = [field(name, kind) for name in names] if kind else []
    text = ",".join(names) + "\n" + ",".join("1" for _ in names) + "\n"
    package = one(tmp_path, text, fields)
    if not kind:
        make(tmp_path, [{"name": "t", "path": "t.csv"}])
    valid(judge_apart(package, timeout=60), rows=1)


def test_faults_in_a_wide_table_have_their_own_places(tmp_path: Path) -> None:
    """1 500 columns: fields, rows, lines and keys are told as in a narrow table."""
    names = [f"c{number}" for number in range(1500)]
    kinds = ["integer", "number", "string"]
    fields = [field(name, kinds[number % 3]) for number, name in enumerate(names)]
    fields[5] = field("c5", "string", constraints={"required": True, "unique": True})
    rows = [["1"] * 1500 for _ in range(5)]
    for number, row in enumerate(rows):
        row[0], row[5], row[9] = str(number), f"k{number}", str(number)
    rows[1][3] = rows[3][1498] = "x"
    rows[2][1499] = ""
    rows[4][5] = "k1"
    rows[3][0] = "1"
    rows[2][9] = "7"
    text = "".join(",".join(row) + "\n" for row in [names, *rows])
    keys = {
        "primaryKey": ["c0"],
        "foreignKeys": [{"fields": ["c9"], "reference": {"resource": "", "fields": ["c0"]}}],
    }
    expect(
        judge(one(tmp_path, text, fields, schema=keys)),
        "invalid",
        {"rule": "type-error", "field": "c3", "row": 2, "line": 3, "value": "x"},
        {"rule": "type-error", "field": "c1498", "row": 4, "line": 5, "value": "x"},
        {"rule": "primary-key", "field": "c0", "row": 4, "line": 5, "value": "1"},
        {"rule": "unique-error", "field": "c5", "row": 5, "line": 6, "value": "k1"},
        {"rule": "foreign-key", "field": "c9", "row": 3, "line": 4, "value": "7"},
        {"rule": "foreign-key", "field": "c9", "row": 4, "line": 5, "value": "3"},
    )


def test_fields_of_one_name_in_a_wide_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With limits.WIDE lowered to 3: each column of a name that stands twice is judged."""
    enum = {"enum": ["1", "2"]}
    fields = [field("a", constraints=enum), *(field(name) for name in "bcd")]
    fields += [field("a", constraints=enum), field("a")]
    package = one(tmp_path, "a,b,c,d,a,a\n1,x,x,x,9,x\n9,x,x,x,1,x\n", fields)
    usual = judge(package)
    monkeypatch.setattr(limits, "WIDE", 3)
    assert [item["row"] for item in of(judge(package), "constraint-error")] == [1, 2]
    assert judge(package)["findings"] == usual["findings"]


@pytest.mark.parametrize(
    "folder",
    sorted((Path(__file__).parents[1] / "rules").glob("*/fail-*")),
    ids=lambda path: path.name,
)
def test_every_rule_holds_in_a_wide_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With limits.WIDE lowered to 2, all tables are wide; the findings stay the same."""
    usual = claimpack.validate(folder).to_dict()
    monkeypatch.setattr(limits, "WIDE", 2)
    assert claimpack.validate(folder).to_dict()["findings"] == usual["findings"]


def test_many_extra_cells_are_one_finding(tmp_path: Path) -> None:
    """100 000 cells too many in a row: one finding, with the count."""
    text = "a,b\n1,2" + ",x" * 100_000 + "\n3,4\n"
    report = judge(one(tmp_path, text, "a:integer b:integer"))
    expect(report, "invalid", {"rule": "extra-cell", "row": 1, "line": 2})
    assert of(report, "extra-cell")[0]["message"] == "expected 2 cells, found 100002"
    assert count_rows(report) == 2


# Many errors, rows and resources


def test_every_error_is_counted(tmp_path: Path) -> None:
    """40 000 faults are 40 000 findings, in the order of the rows."""
    many = 20_000
    report = judge(one(tmp_path, "a,b\n" + "x,y\n" * many, "a:integer b:integer"))
    assert report["counts"]["error"] == len(report["findings"]) == 2 * many
    rows = [item["row"] for item in report["findings"] if item["field"] == "a"]
    assert rows == sorted(rows) == list(range(1, many + 1))
    assert report["rules"] == {"type-error": 2 * many}


def test_every_ragged_row_is_counted(tmp_path: Path) -> None:
    """The same for faults of structure."""
    many = 20_000
    report = judge(one(tmp_path, "a,b\n" + "1\n1,2,3\n" * many, "a:integer b:integer"))
    assert report["rules"] == {"extra-cell": many, "missing-cell": many}
    assert count_rows(report) == 2 * many


def test_many_rows_with_keys_are_valid(tmp_path: Path) -> None:
    """A key, a unique field and a reference over 100 000 rows."""
    many = 100_000
    unique = field("u", constraints={"unique": True})
    fields = [field("id", "integer"), unique, field("up", "integer")]
    schema = {
        "primaryKey": "id",
        "foreignKeys": [{"fields": "up", "reference": {"resource": "", "fields": "id"}}],
    }
    lines = (f"{number},u{number},{number // 2 or ''}\n" for number in range(1, many + 1))
    valid(judge(one(tmp_path, "id,u,up\n" + "".join(lines), fields, schema=schema)), rows=many)


def test_duplicates_among_many_rows_are_found(tmp_path: Path) -> None:
    """The first and the last of 100 000 rows share a key."""
    many = 100_000
    lines = "".join(f"{number},x\n" for number in range(1, many))
    text = "id,n\n" + lines + "1,x\n"
    expect(
        judge(one(tmp_path, text, "id:integer n", schema={"primaryKey": "id"})),
        "invalid",
        {"rule": "primary-key", "row": many, "line": many + 1},
    )


def test_many_resources_are_linear(tmp_path: Path) -> None:
    """500 tables in a package."""
    names = [f"t{number}" for number in range(500)]
    files = {f"{name}.csv": "a,b\n1,x\n" for name in names}
    make(tmp_path, [table(name, "a:integer b") for name in names], files)
    valid(judge_apart(tmp_path, timeout=60), rows=500)


# Compressed files


def zipped(name: str, content: bytes) -> bytes:
    """A zip file with one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def packed(folder: Path, ending: str, content: bytes) -> Path:
    """A package of one table in a compressed file."""
    data = gzip.compress(content, 6) if ending == "gz" else zipped("t.csv", content)
    described = table("t", "a:integer b", path=f"t.csv.{ending}", format="csv")
    return make(folder, [described], {f"t.csv.{ending}": data})


@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_compressed_table_is_read(tmp_path: Path, ending: str) -> None:
    """Rows and lines are those of the table inside."""
    report = judge(packed(tmp_path, ending, b"a,b\n1,x\ny,z\n"))
    expect(report, "invalid", {"rule": "type-error", "row": 2, "line": 3, "value": "y"})


@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_compressed_table_over_the_size_limit_is_not_checked(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With limits.INFLATED_BYTES lowered to 1 MiB, 4 MiB of rows are too large."""
    monkeypatch.setattr(limits, "INFLATED_BYTES", MIB)
    too_large(judge(packed(tmp_path, ending, b"a,b\n" + b"1,x\n" * MIB)))


@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_compressed_table_over_the_ratio_is_not_checked(tmp_path: Path, ending: str) -> None:
    """80 MiB from 80 KiB is past limits.INFLATED_RATIO, which counts beyond 64 MiB."""
    too_large(judge_apart(packed(tmp_path, ending, b"a,b\n" + b"1,x\n" * (20 * MIB))))


@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_compressed_cell_over_the_limit_is_not_checked(tmp_path: Path, ending: str) -> None:
    """A cell over the limit is the same inside a compressed file."""
    too_large(judge(packed(tmp_path, ending, b"a,b\n1," + b"x" * OVER + b"\n")))


@pytest.mark.parametrize("cut", [True, False])
def test_compressed_table_that_is_broken_is_told(tmp_path: Path, cut: bool) -> None:
    """A file cut short, or no gzip file at all, is never valid and no traceback."""
    path = packed(tmp_path, "gz", b"a,b\n" + b"1,x\n" * 1000)
    data = (path / "t.csv.gz").read_bytes()
    (path / "t.csv.gz").write_bytes(data[: len(data) // 2] if cut else b"no gzip at all")
    assert judge(path)["verdict"] in {"invalid", "not-checked"}


# Zip packages


def archive_of(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """A package in a zip file, with members of any name."""
    described = json.dumps({"name": "p", "resources": [table("t", "a:integer b")]})
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", described)
        archive.writestr("t.csv", "a,b\n1,x\n")
        for member, content in members:
            archive.writestr(member, content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    """A member that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_package_in_a_zip_file_is_read(tmp_path: Path) -> None:
    """A harmless archive is a package."""
    valid(judge(archive_of(tmp_path)), rows=1)


@pytest.mark.parametrize("member", ["../evil.csv", "/abs/evil.csv", "a/../../evil.csv"])
def test_archive_with_a_member_outside_is_refused(tmp_path: Path, member: str) -> None:
    """Members that would leave the folder: refused, and the member is named."""
    report = judge(archive_of(tmp_path, (member, b"x")))
    assert report["verdict"] == "invalid"
    assert any(member in i["message"] for i in of(report, "unsafe-path", "error"))
    assert not (tmp_path.parent / "evil.csv").exists()


def test_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    """A member that is a link: the same."""
    report = judge(archive_of(tmp_path, (link("evil.csv"), b"/etc/passwd")))
    assert report["verdict"] == "invalid"
    assert any("evil.csv" in i["message"] for i in of(report, "unsafe-path", "error"))


def test_member_of_an_archive_that_nobody_needs_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With limits.INFLATED_BYTES lowered to 1 MiB, an unnamed member of 32 MiB does no harm."""
    monkeypatch.setattr(limits, "INFLATED_BYTES", MIB)
    valid(judge(archive_of(tmp_path, ("big.bin", bytes(32 * MIB)))), rows=1)


def test_too_little_memory_is_not_checked(tmp_path: Path) -> None:
    """Errors that the memory allowed cannot hold: not checked, no crash, no verdict."""
    rows = "".join(f"identifier-{number:012d}\n" for number in range(120_000))
    package = one(tmp_path, f"id\n{rows}", "id:integer")
    report = claimpack.validate(package, memory="1MB")
    assert report.verdict == "not-checked"
    assert [item.resource for item in report.unchecked] == ["t"]
    assert "--memory" in report.unchecked[0].why


def test_what_killed_runs_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder of a dead process is removed by the next run; a living one's stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    place = tmp_path / "temporary"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (dead.pid, os.getpid()):
        (place / f"claimpack-{process}-left").mkdir(parents=True)
    judge(one(tmp_path / "p", "id\n1\n", "id:integer"))
    assert [path.name for path in place.iterdir()] == [f"claimpack-{os.getpid()}-left"]


def test_fixes_of_broken_rows_take_no_memory_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of nothing but broken rows has one kind of finding, whatever their fixes say."""
    stores: list[Store] = []
    made = Store.__init__

    def watched(self: Store, memory: str | None = None) -> None:
        made(self, memory)
        stores.append(self)

    monkeypatch.setattr(Store, "__init__", watched)
    rows = "".join(f"x{n}, and so on,y\n" for n in range(20_000))
    found = claimpack.validate(one(tmp_path, f"a,b\n{rows}", "a b")).findings
    assert len(found) == 20_000
    assert [len(store.templates) < 10 for store in stores] == [True]
    last = list(found)[-1]
    assert (last.line, "x19999, and so on" in last.fix) == (20_001, True)


@pytest.mark.parametrize("missing", [[""], ["NA", "-"]])
@pytest.mark.parametrize("rows", [3, 20_000])
def test_a_wide_table_is_proved_valid_in_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: list[str], rows: int
) -> None:
    """A table of very many columns is read exactly only where polars suspects a row."""
    monkeypatch.setattr(limits, "WIDE", 4)
    monkeypatch.setattr(csv_plainness, "SMALL", 100_000)
    exact: list[int] = []
    exactly = Loader._exactly

    def watched(self: Loader, *given: Any) -> None:
        exact.append(1)
        exactly(self, *given)

    monkeypatch.setattr(Loader, "_exactly", watched)
    fields = [field(f"n{n}", "integer", constraints={"maximum": 9}) for n in range(8)]
    cells = ["1", "2", missing[0], "4", "5", "6", "7", "8"]
    header = ",".join(f"n{n}" for n in range(8))
    text = f"{header}\n" + (",".join(cells) + "\n") * rows
    schema = {"missingValues": missing}
    valid(judge(one(tmp_path, text, fields, schema=schema)), rows=rows)
    assert exact == []
    wrong = text + ",".join([*cells[:7], "10"]) + "\n"
    report = judge(one(tmp_path, wrong, fields, schema=schema))
    expect(report, "invalid", {"field": "n7", "row": rows + 1, "value": "10"})
    assert exact


def test_short_rows_of_a_very_wide_table_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of four bytes may lack thousands of cells: beyond a limit the rest is not checked."""
    monkeypatch.setattr(limits, "WIDE", 100)
    monkeypatch.setattr(table_loader, "CELLS_FREE", 50_000)
    monkeypatch.setattr(wide_tables, "CELLS", 1000)
    names = [f"c{n}" for n in range(1000)]
    text = ",".join(names) + "\n" + "1,2\n" * 2000
    report = judge(one(tmp_path, text, " ".join(names)))
    assert report["verdict"] == "invalid"
    assert any("cells of its rows are missing" in item["why"] for item in report["unchecked"])
