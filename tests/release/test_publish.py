"""A release is whole or absent, verified before it is shown, and always the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import claimpack
import packages
from claimpack.exporters import checksums
from claimpack.exporters.files import WrittenFile, written_file
from claimpack.exporters.writers import csv as csv_exporter
from claimpack.exporters.writers import parquet as parquet_exporter
from claimpack.release import judges
from claimpack.release.model import Check
from packages import Json, one, table
from releases import (
    NOTES,
    PEOPLE,
    Door,
    checksums_hold,
    contents,
    package,
    publish_by_api,
    publish_by_command,
    verify,
)

WITHDRAWN = PEOPLE.replace("3,Cy,current", "3,Cy,withdrawn")
SHORTER = PEOPLE.replace("3,Cy,current\n", "")
NO_VISIT = "visit,person,minutes,day\na,1,10,2020-01-01\n"
needs_sha256sum = pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum here")


@pytest.fixture(params=[publish_by_api, publish_by_command], ids=["api", "command"])
def publish(request: pytest.FixtureRequest) -> Door:
    """One of the two doors."""
    door: Door = request.param
    return door


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


# What is in it


def test_a_format_that_has_nothing(tmp_path: Path) -> None:
    """A format asked for by name has to be there; of all formats, those that fit are made."""
    path = package(tmp_path / "p")
    code, told, err = packages.command(
        "publish", str(path), "-o", str(tmp_path / "o"), "--to", "ris"
    )
    assert (code, "nothing for the format ris" in told + err) == (2, True)
    with pytest.raises(claimpack.UsageError, match="nothing for the format bibtex"):
        claimpack.publish(path, tmp_path / "o", ["csv", "bibtex"])
    assert not (tmp_path / "o").exists()
    assert publish_by_api(path, tmp_path / "o") == (0, "")


@needs_sha256sum
def test_release_holds_each_format(publish: Door, tmp_path: Path) -> None:
    """Each format has a folder of its own; the checksums of all files are at the top."""
    assert publish(package(tmp_path / "p"), tmp_path / "out")[0] == 0
    found = contents(tmp_path / "out")
    for form in ("csv", "parquet"):
        assert f"{form}/datapackage.json" in found
        assert f"{form}/tables/people.{form}" in found
        assert found[f"{form}/{NOTES}"] == b"# About\n"
    listed = dict(line for _, line in checksums.parsed(found["SHA256SUMS"].decode()) if line)
    assert sorted(listed) == sorted(set(found) - {"SHA256SUMS"})
    assert checksums_hold(tmp_path / "out")
    assert names(tmp_path) == ["out", "p"]


def test_summary_tells_sizes_times_and_checksums(tmp_path: Path) -> None:
    """The text ends with each file, the checks, the time of each step and one checksum of all."""
    out = tmp_path / "out"
    code, told, _ = packages.command("publish", str(package(tmp_path / "p")), "-o", str(out))
    listed = contents(out)["SHA256SUMS"].decode()
    assert code == 0
    for part in ("csv/tables/people.csv", "3 rows", "as published", "valid by frictionless"):
        assert part in told
    assert all(line.split()[0][:12] in told for line in listed.splitlines())
    for step in ("validate", "export", "describe", "verify"):
        assert f"{step} 0." in told or f"{step} 1." in told or f"{step} " in told
    assert f"sha256 of SHA256SUMS: {written_file(out, 'SHA256SUMS').sha256}" in told


def test_both_doors_tell_the_same(tmp_path: Path) -> None:
    """The command's JSON is what the library returns."""
    path = package(tmp_path / "p")
    made = claimpack.publish(path, tmp_path / "one")
    code, told, err = packages.command(
        "publish", str(path), "-o", str(tmp_path / "two"), "-f", "json"
    )
    read = json.loads(told)
    assert (code, err, read["published"]) == (0, "", True)
    assert [(f["path"], f["bytes"], f["rows"], f["sha256"]) for f in read["files"]] == [
        (f.path, f.bytes, f.rows, f.sha256) for f in made.files
    ]
    assert [c["outcome"] for c in read["verification"]["checks"]] == [
        c.outcome for c in made.verification.checks
    ]
    assert list(read["seconds"]) == list(made.seconds)
    assert read["difference"] is made.difference is None


def test_chosen_formats(tmp_path: Path) -> None:
    """`--to` writes that format alone; an unknown one is a wrong call."""
    path, out = package(tmp_path / "p"), tmp_path / "out"
    assert packages.command("publish", str(path), "-o", str(out), "--to", "csv")[0] == 0
    assert [path.name for path in out.iterdir() if path.is_dir()] == ["csv"]
    assert packages.command("publish", str(path), "-o", str(out), "--to", "x")[0] == 2


def test_progress_tells_every_stage(tmp_path: Path) -> None:
    """A caller hears of the tables exported, of the checksums, of each validator and of values."""
    heard = set()

    def progress(what: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        heard.add(what.partition(" ")[0])

    path = package(tmp_path / "p")
    claimpack.publish(path, tmp_path / "out", progress=progress)
    claimpack.publish(path, tmp_path / "out", progress=progress)
    wanted = {"csv", "parquet", "describe", "checksums", "claimpack", "frictionless", "pandera"}
    assert heard >= {*wanted, "values", "compare"}


def test_described_for_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Descriptions name the release's files, checksums and day; without an epoch the descriptor's.

    What a catalogue cannot do without and the descriptor lacks is told.
    """
    said: Json = {"title": "People", "description": "Some.", "created": "2020-02-29T00:00:00Z"}
    path = package(tmp_path / "p", licenses=[{"name": "CC0-1.0"}], **said)
    made = claimpack.publish(path, tmp_path / "one")
    crate = json.loads((tmp_path / "one/ro-crate-metadata.json").read_text())
    named = {item["@id"] for item in crate["@graph"]}
    data = {file.path for file in made.files if "/" in file.path}
    assert data <= named
    first = (tmp_path / "one/schema-org.jsonld").read_text()
    hashes = {file.sha256 for file in made.files if file.path.startswith("csv/tables/")}
    assert all(value in first for value in hashes)
    assert any(note.catalogue == "datacite" and not note.written for note in made.notes)
    assert not (tmp_path / "one/datacite.json").exists()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert publish_by_command(path, tmp_path / "two")[0] == 0
    second = (tmp_path / "two/schema-org.jsonld").read_text()
    assert ("2020-02-29" in first, "2023-11-14" in first) == (True, False)
    assert "2023-11-14" in second
    assert verify(tmp_path / "two")[0] == 0


def test_epoch_that_is_none(publish: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOURCE_DATE_EPOCH that is no number is a wrong call."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    code, told = publish(package(tmp_path / "p"), tmp_path / "out")
    assert (code, "yesterday" in told, names(tmp_path)) == (2, True, ["p"])


def test_dataset_is_published(tmp_path: Path) -> None:
    """The dataset of this repository makes a release in every format, and passes every check."""
    made = claimpack.publish(Path(__file__).parents[2], tmp_path / "out")
    assert made.verification.verdict == "valid"
    formats = {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()}
    assert formats >= {"csv", "parquet"}
    values = [c.path.partition("/")[0] for c in made.verification.checks if c.name == "values"]
    assert set(values) == formats
    assert all(values.count(form) in (1, 19) for form in formats)


def test_tabular_package_of_version_1(publish: Door, tmp_path: Path) -> None:
    """A `tabular-data-package` becomes plain data packages: of its profile no format is one."""
    people = {**table("people", "id:integer name status"), "profile": "tabular-data-resource"}
    path = package(tmp_path / "p", resources=[people], profile="tabular-data-package")
    descriptor = json.loads((path / "datapackage.json").read_text())
    del descriptor["$schema"]
    packages.write(path / "datapackage.json", json.dumps(descriptor))
    assert claimpack.validate(path).valid
    assert publish(path, tmp_path / "out")[0] == 0
    for form in ("csv", "parquet", "jsonl"):
        assert claimpack.validate(tmp_path / "out" / form).valid


def test_profile_of_the_package_itself(publish: Door, tmp_path: Path) -> None:
    """A profile that lies in the package goes with it, and so does what it refers to."""
    own: Json = {"$schema": "own/profile.json"}
    path = package(tmp_path / "p", **own)
    packages.write(path / "own/profile.json", '{"allOf": [{"$ref": "more.json"}]}')
    packages.write(path / "own/more.json", '{"required": ["name"]}')
    assert claimpack.validate(path).valid
    assert publish(path, tmp_path / "out")[0] == 0
    for form in ("csv", "parquet", "jsonl"):
        assert claimpack.validate(tmp_path / "out" / form).valid
        assert (tmp_path / "out" / form / "own/more.json").is_file()


def test_cells_that_a_spreadsheet_would_run_are_told(tmp_path: Path) -> None:
    """They are published as they are, with a warning on the screen, in JSON and in Python."""
    path = package(tmp_path / "p", {"people.csv": PEOPLE.replace("Ann", "=A1")})
    made = claimpack.publish(path, tmp_path / "one")
    assert ["1 cell begins like a formula" in text for text in made.warnings] == [True]
    out = str(tmp_path / "two")
    assert "1 cell begins like a formula" in packages.command("publish", str(path), "-o", out)[1]
    told = packages.command("publish", str(path), "-o", out, "-f", "json")[1]
    assert json.loads(told)["warnings"] == list(made.warnings)


# What is not published


def test_invalid_package(publish: Door, tmp_path: Path) -> None:
    """A package with an error is not published; the old release stays."""
    out = tmp_path / "out"
    publish(package(tmp_path / "p"), out)
    before = contents(out)
    path = package(tmp_path / "p", {"people.csv": PEOPLE.replace("3,", "x,")})
    code, told = publish(path, out)
    assert code == 1
    assert "error" in told
    assert contents(out) == before
    assert names(tmp_path) == ["out", "p"]


def test_package_that_is_not_checked_whole(publish: Door, tmp_path: Path) -> None:
    """What could not be checked is not published."""
    remote = {"name": "far", "path": "https://example.org/t.csv"}
    near = table("t", "a")
    path = packages.make(tmp_path / "p", [near, remote], {"t.csv": "a\nx\n"}, **packages.V2)
    code, told = publish(path, tmp_path / "out")
    assert (code, "far" in told, names(tmp_path)) == (3, True, ["p"])


def spoil(write: Any, name: str, change: Any) -> Any:
    """A writer that spoils one of its files, and tells of it as if nothing were."""

    def spoiling(job: Any) -> list[WrittenFile]:
        files: list[WrittenFile] = write(job)
        target = job.folder / name
        target.write_bytes(change(target.read_bytes()))
        return [written_file(job.folder, item.path, item.rows) for item in files]

    return spoiling


def test_changed_value_is_not_published(
    publish: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that is another than the table's is found in what was written, and named."""
    change = spoil(csv_exporter.write, "tables/visits.csv", lambda x: x.replace(b"20.5", b"20.6"))
    monkeypatch.setattr(csv_exporter, "write", change)
    code, told = publish(package(tmp_path / "p"), tmp_path / "out")
    assert code == 3
    assert "nothing was published" in told
    assert names(tmp_path) == ["p"]


def test_changed_value_is_found_though_all_validators_agree(
    publish: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values are compared with the tables, not only judged: row, field and both values are told."""

    def lying(self: Any, rows: pa.Table) -> None:
        if "minutes" in rows.column_names:
            minutes = pa.array([20.6 if x == 20.5 else x for x in rows["minutes"].to_pylist()])
            rows = rows.set_column(rows.column_names.index("minutes"), "minutes", minutes)
        write(self, rows)

    path = package(tmp_path / "p")
    write = parquet_exporter.ParquetSink.add
    monkeypatch.setattr(parquet_exporter.ParquetSink, "add", lying)
    code, told = publish(path, tmp_path / "out")
    assert code == 3
    told = " ".join(told.split())
    assert "parquet/visits" in told
    assert "row 2, minutes: 20.6 instead of 20.5" in told
    assert names(tmp_path) == ["p"]


@pytest.mark.parametrize("judge", ["by_frictionless", "by_pandera"])
def test_validators_that_disagree(
    judge: str, publish: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one of the validators finds a fault there is no release, and it is named."""
    failed = Check(judge.removeprefix("by_"), "x", "failed", ("it does not look right",))
    found: Any = failed if judge == "by_frictionless" else [failed]
    monkeypatch.setattr(judges, judge, lambda *_: found)
    code, told = publish(package(tmp_path / "p"), tmp_path / "out")
    assert code == 3
    assert "it does not look right" in told
    assert judge.removeprefix("by_") in told.partition("nothing was published")[0]
    assert names(tmp_path) == ["p"]


def test_both_validators_look_at_the_values(tmp_path: Path) -> None:
    """Frictionless and pandera each find a fault in data that their schemas forbid."""
    made = claimpack.publish(package(tmp_path / "p"), tmp_path / "out")
    passed = {(item.name, item.path) for item in made.verification.checks}
    assert {("frictionless", "csv"), ("pandera", "parquet/tables/people.parquet")} <= passed
    for form in ("csv", "parquet"):
        descriptor = tmp_path / "out" / form / "datapackage.json"
        narrowed = json.loads(descriptor.read_text())
        narrowed["resources"][0]["schema"]["fields"][1]["constraints"] = {"maxLength": 2}
        descriptor.write_text(json.dumps(narrowed))
    written = claimpack.open(tmp_path / "out/csv").model
    found = judges.by_frictionless(tmp_path / "out", "csv", written, "sample")
    assert found.outcome == "failed"
    assert "Ann" in found.messages[0]
    opened = claimpack.open(tmp_path / "out/parquet").model
    told = judges.by_pandera(opened, "parquet", lambda *_: None, "sample")
    outcomes = {check.path: check.outcome for check in told}
    assert outcomes["parquet/tables/people.parquet"] == "failed"
    assert outcomes["parquet/tables/visits.parquet"] == "passed"


def test_target_that_holds_other_files(publish: Door, tmp_path: Path) -> None:
    """A folder that no release stands in is not replaced without --force."""
    packages.write(tmp_path / "out" / "mine.txt", "mine")
    path = package(tmp_path / "p")
    assert publish(path, tmp_path / "out")[0] == 2
    assert names(tmp_path / "out") == ["mine.txt"]
    assert publish(path, tmp_path / "out", "--force")[0] == 0
    assert publish(path, path)[0] == publish(path, tmp_path)[0] == 2


def test_settings_that_stay_behind(publish: Door, tmp_path: Path) -> None:
    """Settings in files do not go with a release, so they are not heeded; the descriptor's are."""
    path = one(tmp_path / "p", "a,x\n1,2\n", "a b", package=packages.V2)
    packages.write(path / "claimpack.toml", '[rules]\n"incorrect-label" = "off"\n')
    assert claimpack.validate(path).valid
    assert publish(path, tmp_path / "out")[0] == 1
    own = {**packages.V2, "claimpack": {"rules": {"incorrect-label": "off"}}}
    assert publish(one(tmp_path / "q", "a,x\n1,2\n", "a b", package=own), tmp_path / "out")[0] == 0
    assert verify(tmp_path / "out")[0] == 0


# The release before


def test_same_again(publish: Door, tmp_path: Path) -> None:
    """The same package over its own release needs no new version."""
    path = package(tmp_path / "p")
    assert publish(path, tmp_path / "out")[0] == 0
    before = contents(tmp_path / "out")
    assert publish(path, tmp_path / "out")[0] == 0
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("declared", "code"),
    [("1.0.0", 1), ("1.0.1", 1), ("1.1.0", 0), ("2.0.0", 0), ("0.9.0", 1), ("new", 1), ("", 1)],
)
def test_step_that_is_declared(declared: str, code: int, publish: Door, tmp_path: Path) -> None:
    """New rows ask for a minor step: a smaller one is not published, and the least is named."""
    publish(package(tmp_path / "p"), tmp_path / "out")
    before = contents(tmp_path / "out")
    path = package(tmp_path / "p", {"people.csv": f"{PEOPLE}4,Di,current\n"}, version=declared)
    found, told = publish(path, tmp_path / "out")
    assert found == code
    assert (contents(tmp_path / "out") == before) == bool(code)
    if code:
        assert "nothing was published" in told or "not published" in told
    if declared == "1.0.1":
        assert "1.1.0 or later" in told
    assert ("1.0.0 is already published" in told) == (declared == "1.0.0")


def test_vanished_id(publish: Door, tmp_path: Path) -> None:
    """An id that vanished is named, whatever the version; withdrawn with its row it may go on."""
    out = tmp_path / "out"
    publish(package(tmp_path / "p"), out)
    before = contents(out)
    fewer = {"people.csv": SHORTER, "visits.csv": NO_VISIT}
    code, told = publish(package(tmp_path / "p", fewer, version="2.0.0"), out)
    told = " ".join(told.split())
    assert code == 1
    assert "people: 1 id has been removed; keep the row and set its status" in told
    assert '"3"' in told
    assert "visits" not in told.replace("visits.csv", "")  # no status, so nothing was promised
    assert contents(out) == before
    gone = {"people.csv": WITHDRAWN}
    assert publish(package(tmp_path / "p", gone, version="1.0.1"), out)[0] == 0


def test_vanished_table(publish: Door, tmp_path: Path) -> None:
    """A table of published ids that is gone is told."""
    publish(package(tmp_path / "p"), tmp_path / "out")
    other = [table("visits", "visit person:integer minutes:number day:date")]
    code, told = publish(
        package(tmp_path / "p", resources=other, version="2.0.0"), tmp_path / "out"
    )
    assert (code, "people: the table was removed" in told) == (1, True)


def test_since(publish: Door, tmp_path: Path) -> None:
    """`--since` names the release before, elsewhere: a folder, a zip file or a package."""
    old = package(tmp_path / "old")
    claimpack.publish(old, tmp_path / "first")
    with zipfile.ZipFile(tmp_path / "first.zip", "w") as archive:
        for name, content in contents(tmp_path / "first").items():
            archive.writestr(f"first/{name}", content)
    new = package(tmp_path / "new", {"people.csv": WITHDRAWN})
    for before in ("old", "first", "first.zip"):
        code, told = publish(new, tmp_path / "out", "--since", str(tmp_path / before))
        assert (code, "1.0.1 or later" in told) == (1, True)
        assert not (tmp_path / "out").exists()
    assert publish(new, tmp_path / "out", "--since", str(tmp_path / "none"))[0] == 2
    newer = package(tmp_path / "new", {"people.csv": WITHDRAWN}, version="1.0.1")
    assert publish(newer, tmp_path / "out", "--since", str(tmp_path / "first.zip"))[0] == 0


def test_force_holds_nothing_against_what_is_there(publish: Door, tmp_path: Path) -> None:
    """`--force` replaces a release without reading it; --since still counts."""
    publish(package(tmp_path / "p"), tmp_path / "out")
    old = shutil.copytree(tmp_path / "out", tmp_path / "old")
    (tmp_path / "out/csv/datapackage.json").write_text("broken")
    path = package(tmp_path / "p", {"people.csv": WITHDRAWN})
    assert publish(path, tmp_path / "out")[0] in (1, 3)
    assert publish(path, tmp_path / "out", "--since", str(old), "--force")[0] == 1
    assert publish(path, tmp_path / "out", "--force")[0] == 0


def test_release_of_another_package(publish: Door, tmp_path: Path) -> None:
    """A release of another package is not replaced by mistake, only where that is asked for."""
    publish(package(tmp_path / "p"), tmp_path / "out")
    before = contents(tmp_path / "out")
    other = package(tmp_path / "q", name="q")
    code, told = publish(other, tmp_path / "out")
    assert (code, "contains a release of p" in told) == (2, True)
    assert contents(tmp_path / "out") == before
    assert publish(other, tmp_path / "out", "--force")[0] == 0


def test_refusal_as_json(tmp_path: Path) -> None:
    """The command tells in JSON what was promised and broken, with the difference."""
    claimpack.publish(package(tmp_path / "p"), tmp_path / "out")
    fewer = {"people.csv": SHORTER, "visits.csv": NO_VISIT}
    path = package(tmp_path / "p", fewer)
    code, told, err = packages.command(
        "publish", str(path), "-o", str(tmp_path / "out"), "-f", "json"
    )
    read = json.loads(told)
    assert (code, read["published"], len(read["reasons"])) == (1, False, 2)
    assert read["difference"]["step"] == "major"
    assert err.count("\n") == 1


def test_refusal_is_written_once(tmp_path: Path) -> None:
    """As text, a refusal is one short line and the list of its reasons, both on stderr."""
    claimpack.publish(package(tmp_path / "p"), tmp_path / "out")
    fewer = {"people.csv": SHORTER, "visits.csv": NO_VISIT}
    path = package(tmp_path / "p", fewer)
    with pytest.raises(claimpack.BrokenPromiseError) as refused:
        claimpack.publish(path, tmp_path / "out")
    code, told, err = packages.command("publish", str(path), "-o", str(tmp_path / "out"))
    assert (code, told) == (1, "")
    first, *rest = err.splitlines()
    assert first == "claimpack: not published: 2 reasons"
    assert [line.strip() for line in rest] == list(refused.value.reasons)


# The same bytes


def settled(release: Path) -> dict[str, bytes]:
    """The files of a release without its DuckDB file, whose bytes differ from build to build.

    What is told of its bytes elsewhere, size and checksum, is taken out there.
    """
    found = contents(release)
    for name in [name for name in found if name.endswith(".duckdb")]:
        content = found.pop(name)
        for told in (hashlib.sha256(content).hexdigest(), str(len(content))):
            found = {path: text.replace(told.encode(), b"~") for path, text in found.items()}
    return found


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """Two folders, two processes, two time zones and days: the same bytes, and no path in them.

    A DuckDB file is compared by content, as every build compares it with the tables.
    """
    made: list[dict[str, bytes]] = []
    for place, zone in (("a", "Asia/Tokyo"), ("much/longer/b", "America/New_York")):
        path = package(tmp_path / place / "p")
        os.utime(path / "people.csv", (len(made) * 1e9, len(made) * 1e9))
        subprocess.run(
            [sys.executable, "-m", "claimpack", "publish", "p"],
            cwd=path.parent,
            env=os.environ | {"TZ": zone, "PYTHONHASHSEED": str(len(made))},
            check=True,
            capture_output=True,
        )
        made.append(settled(path.parent / "release"))
    assert made[0] == made[1]
    assert not any(str(tmp_path).encode() in content for content in made[0].values())


@needs_sha256sum
def test_names_of_any_kind_in_the_checksums(tmp_path: Path) -> None:
    """A name with a line end or a backslash is listed so that sha256sum finds it."""
    listed = ["plain", "a b", "new\nline", "back\\slash", "\\n", "é\u2028x"]
    files = []
    for name in listed:
        packages.write(tmp_path / name, name)
        files.append(written_file(tmp_path, name))
    text = checksums.text(files)
    packages.write(tmp_path / "SHA256SUMS", text)
    assert checksums_hold(tmp_path)
    assert [line[0] for _, line in checksums.parsed(text) if line] == listed


# Killed

PRELUDE = """
import importlib, json, os, pathlib, random, shutil, signal, sys
from claimpack import api
from claimpack.exporters import folder
path, out, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[4])
if "in-turn" in sys.argv:
    folder.exchange = lambda *_: False

def forked(task, *given):
    process = os.fork()
    if process:
        return os.waitpid(process, 0)[1]
    try:
        task(*given)
        os._exit(0)
    finally:
        os._exit(1)

def publish(target, then=lambda: None):
    api.publish(path, target, ("csv", "parquet"), force=True)
    then()

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def killed(status):
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

def files(top):
    return {str(p.relative_to(top)): p.read_bytes() for p in top.rglob("*") if p.is_file()}

def standing():
    waiting = [out, *out.parent.glob(".out.claimpack-*.old")]
    return files(next(place for place in waiting if place.exists()))

def restore():
    for left in out.parent.glob("*out*"):
        if left.name not in ("out-old", "out-new"):
            shutil.rmtree(left)
    shutil.copytree(out.with_name("out-old"), out)

def expect_mended(task, *given):
    assert forked(task, *given) == 0
    assert files(out) == new
    beside = sorted(p.name for p in out.parent.iterdir())
    assert beside == ["note", "out", "out-new", "out-old", "p"], beside

note = out.with_name("note")
fresh = out.with_name("out-new")
shutil.copytree(out, out.with_name("out-old"))
assert forked(publish, fresh, lambda: note.write_text(json.dumps(list(sys.modules)))) == 0
old, new = files(out), files(fresh)
assert old and new and old != new
"""
AT_TWENTY_MOMENTS = """
for name in json.loads(note.read_text()):  # so that no child has to import them again
    importlib.import_module(name) if name not in sys.modules else None
events = 0

def watched(target, last=None):
    def hook(*_):
        global events
        events += 1
        if events == last:
            die()
    sys.addaudithook(hook)
    publish(target, lambda: None if last else note.write_text(str(events)))

assert forked(watched, fresh) == 0
length, dice = int(note.read_text()), random.Random(seed)
for turn in range(20):
    moment = 1 + int(length * (turn + dice.random()) / 20)
    assert killed(forked(watched, out, moment)), (moment, length)
    there = standing()
    assert there in (old, new), (moment, length, sorted(there))
    if there == new:
        restore()
expect_mended(publish, out)
print(length)
"""
AT_EACH_STEP = """
def replace(last=0):
    def at(call):
        def counting(*given, **options):
            arrive()
            made = call(*given, **options)
            arrive()
            return made
        return counting

    def arrive():
        nonlocal last
        last -= 1
        if last == 0:
            die()

    with folder.replaced(out) as place:
        shutil.copytree(fresh, place, dirs_exist_ok=True)
        pathlib.Path.rename = at(pathlib.Path.rename)
        folder.exchange = at(folder.exchange)
        folder.shutil.rmtree = at(folder.shutil.rmtree)

step = 1
while killed(forked(replace, step)):
    assert standing() in (old, new)
    expect_mended(replace)
    restore()
    step += 1
expect_mended(replace)
print(step - 1)
"""


def in_a_process(script: str, tmp_path: Path, road: str, seed: int = 0) -> int:
    """Run what kills children of its own; the number that it prints."""
    path = package(tmp_path / "p")
    claimpack.publish(path, tmp_path / "out", ("csv", "parquet"))
    package(tmp_path / "p", {"people.csv": f"{PEOPLE}4,Di,current\n"}, version="1.1.0")
    arguments = str(path), str(tmp_path / "out"), road, str(seed)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PRELUDE + script, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_killed_at_twenty_moments(tmp_path: Path) -> None:
    """A run killed at any moment leaves the old release or the new one, whole; the next mends.

    A moment is one of the thousands of files opened, folders made and names changed that the
    interpreter tells of, counted in a run before; one is drawn in each twentieth of the run.
    """
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    assert in_a_process(AT_TWENTY_MOMENTS, tmp_path, "in-one-step", seed) > 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize(("road", "steps"), [("in-one-step", 4), ("in-turn", 10)])
def test_killed_at_each_step_of_the_exchange(road: str, steps: int, tmp_path: Path) -> None:
    """A run killed before or after any rename or removal leaves a whole release to be mended."""
    assert in_a_process(AT_EACH_STEP, tmp_path, road) >= steps
