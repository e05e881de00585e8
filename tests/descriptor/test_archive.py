"""Packages in a zip file: read as the folder that was packed, through every command."""

from __future__ import annotations

import json
import stat
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack import limits
from packages import Json, command, expect, judge, of, refuse, table, unchecked, valid

MIB = 1024 * 1024
ROWS = "a,b\n1,x\ny,z\n"


def pack(folder: Path, *resources: Json, top: str = "", **files: str | bytes) -> Path:
    """A zip file of a package; a file's name has `__` for its dots' slash."""
    described = json.dumps({"name": "p", "resources": list(resources)})
    path = folder / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{top}datapackage.json", described)
        for name, content in files.items():
            archive.writestr(top + name.replace("__", "/").replace("_csv", ".csv"), content)
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("top", ["", "folder/"])
def test_rows_are_judged_as_in_a_folder(tmp_path: Path, top: str) -> None:
    """The descriptor lies at the top or in the one folder there; findings name the files."""
    path = pack(tmp_path, table("t", "a:integer b"), top=top, t_csv=ROWS)
    found = {"rule": "type-error", "row": 2, "line": 3, "value": "y", "path": "t.csv"}
    expect(judge(path), "invalid", found)


def test_archive_is_known_by_its_bytes(tmp_path: Path) -> None:
    """The name's ending does not matter."""
    path = pack(tmp_path, table("t", "a b"), t_csv=ROWS)
    valid(judge(path.rename(tmp_path / "package")), rows=2)


def test_schema_in_a_member(tmp_path: Path) -> None:
    """Parts of the descriptor in files of their own come from the archive, too."""
    item = {"name": "t", "path": "data/t.csv", "schema": "schema.json"}
    schema = json.dumps({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]})
    report = judge(pack(tmp_path, item, data__t_csv=ROWS, **{"schema.json": schema}))
    expect(report, "invalid", {"rule": "type-error", "row": 2})


def test_undeclared_member_is_told_and_missing_one(tmp_path: Path) -> None:
    """The same findings as for a folder."""
    path = pack(tmp_path, table("t", "a b"), table("u", "a b"), t_csv=ROWS, more_csv=ROWS)
    report = judge(path)
    expect(report, "invalid", {"rule": "missing-file", "resource": "u"})
    assert [item["path"] for item in of(report, "undeclared-file")] == ["more.csv"]


def test_path_that_leads_out_is_refused(tmp_path: Path) -> None:
    """A path in the descriptor meets the same gate as ever, and a folder is no file."""
    (tmp_path / "out.csv").write_text(ROWS)
    items = [table("t", "a b", path="../out.csv"), table("u", "a b", path="data")]
    report = judge(pack(tmp_path, *items, data__x_csv=ROWS))
    expect(report, "invalid", *[{"rule": "unsafe-path", "resource": name} for name in "tu"])


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFLNK])
def test_member_that_is_no_file_is_refused(tmp_path: Path, kind: int) -> None:
    """Devices, pipes and links do not come out of an archive, wherever it was made."""
    path = pack(tmp_path, table("t", "a b"), t_csv=ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("odd")
        info.create_system, info.external_attr = 0, (kind | 0o666) << 16
        archive.writestr(info, b"/etc/passwd")
    report = judge(path)
    assert "odd" in of(report, "unsafe-path", "error")[0]["message"]


@pytest.mark.parametrize("name", ["..\\evil.csv", "C:\\evil.csv", "c:/evil.csv", "\\evil.csv"])
def test_member_that_leaves_the_folder_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """Backslashes and drive letters lead out on other systems."""
    evil: dict[str, Any] = {name: b"x"}
    report = judge(pack(tmp_path, table("t", "a b"), t_csv=ROWS, **evil))
    expect(report, "invalid", {"rule": "unsafe-path"})


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_member_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Two readers would see two packages."""
    path = pack(tmp_path, table("t", "a b"), t_csv=ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("t.csv", "a,b\n")
    assert "twice" in of(judge(path), "unsafe-path", "error")[0]["message"]


def test_member_over_the_limits_is_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each member has the limit, and so have all together."""
    monkeypatch.setattr(limits, "INFLATED_BYTES", MIB)
    large = "a,b\n" + "1,x\n" * (MIB // 6)
    path = pack(tmp_path, table("t", "a b"), table("u", "a b"), t_csv=large, u_csv=large)
    assert "more than" in unchecked(judge(path), "u")["why"]


def test_member_that_is_broken_is_not_checked(tmp_path: Path) -> None:
    """A false checksum, as of a file cut or changed."""
    path = pack(tmp_path, table("t", "a b"), t_csv="a,b\n" + "1,x\n" * 1000)
    data = path.read_bytes()
    start = data.index(b"t.csv") + 5
    path.write_bytes(data[:start] + bytes(8) + data[start + 8 :])
    assert "t.csv" in unchecked(judge(path), "t")["why"]


def test_archive_without_a_descriptor(tmp_path: Path) -> None:
    """One line: wrong usage, as for a folder without one."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t.csv", ROWS)
    code, message = refuse(path)
    assert (code, "datapackage.json" in message) == (2, True)
    with zipfile.ZipFile(path, "a") as archive:
        for folder in "ab":
            archive.writestr(f"{folder}/datapackage.json", "{}")
    code, message = refuse(path)
    assert (code, "several" in message) == (2, True)


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_file_that_is_no_archive(tmp_path: Path, data: bytes) -> None:
    """One line: it could not be read."""
    path = tmp_path / "p.zip"
    path.write_bytes(data)
    code, message = refuse(path)
    assert (code, "zip" in message) == (3, True)


def test_every_command_takes_an_archive(tmp_path: Path) -> None:
    """info, plan, export and the library read it like a folder."""
    path = pack(tmp_path, table("t", "a:integer b"), t_csv="a,b\n1,x\n")
    code, out, _ = command("info", str(path), "-f", "json")
    assert (code, json.loads(out)["tables"][0]["rows"]) == (0, 1)
    assert command("plan", str(path))[0] == 0
    assert command("export", str(path), "-o", str(tmp_path / "out"), "--to", "csv")[0] == 0
    assert (tmp_path / "out/csv/tables/t.csv").read_text() == "a,b\n1,x\n"
    assert claimpack.open(path)["t"].to_pylist() == [{"a": 1, "b": "x"}]


def test_report_never_overwrites_the_archive(tmp_path: Path) -> None:
    """The archive is the command's input."""
    path = pack(tmp_path, table("t", "a b"), t_csv=ROWS)
    before = path.read_bytes()
    assert command("validate", str(path), "-o", str(path))[0] == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["t.csv", "../t.csv"])
def test_nothing_is_left_behind(tmp_path: Path, temporary: Path, name: str) -> None:
    """What was unpacked is swept, whatever came of it, and nothing lies elsewhere."""
    path = pack(tmp_path, table("t", "a b", path=name), **{name: ROWS})
    claimpack.validate(path)
    assert list(temporary.iterdir()) == []
    assert sorted(item.name for item in tmp_path.iterdir()) == ["p.zip", "temporary"]


def test_table_keeps_its_file(tmp_path: Path, temporary: Path) -> None:
    """A table outlives the package that it was taken from; then the folder goes."""
    held = claimpack.open(pack(tmp_path, table("t", "a b"), t_csv=ROWS))["t"]
    assert len(held.to_pylist()) == 2
    assert len(list(temporary.iterdir())) == 1
    del held
    assert list(temporary.iterdir()) == []
