"""An export is a data package of each format, whole or not there at all, and always the same."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimpack
import packages
from claimpack.exporters import folder as folders
from claimpack.exporters.writers import csv as csv_exporter
from packages import Json, field, make, one, table

DATASET = Path(__file__).parents[2]
FIELDS = [
    field("id", "integer", description="Number of the row."),
    field("name", title="Name", unit="none"),
    field("share", "number"),
    field("sure", "boolean"),
    field("day", "date", constraints={"required": True}),
    field("moment", "datetime"),
    field("since", "year"),
    field("level", categories=["low", "high"], description="How much."),
]
ROWS = (
    "id,name,share,sure,day,moment,since,level\n"
    '1,"a ""quoted"", word",0.5,true,2020-02-29,2020-02-29T12:00:00Z,1999,high\n'
    '2,"two\nlines",,false,1999-12-31,,,low\n'
    ",,-1e3,,2021-01-01,,,\n"
)
NOTES = "notes/about.md"

Door = Callable[..., tuple[int, str]]


def small(folder: Path, **more: Any) -> Path:
    """A package of a table and a file that is no table."""
    resources = [
        table("t", FIELDS, schema={"missingValues": [""]}, path="data/t.csv", title="T"),
        {"name": "about", "path": NOTES, "mediatype": "text/markdown"},
    ]
    files = {"data/t.csv": ROWS, NOTES: "# About\n"}
    return make(folder, resources, files, **{**packages.V2, "version": "1.0.0", **more})


def by_api(path: Path, out: Path, *args: str) -> tuple[int, str]:
    """Export with the library: the exit code that its outcome stands for, and the message."""
    formats = [args[i + 1] for i, arg in enumerate(args) if arg == "--to"]
    try:
        claimpack.export(path, out, formats or ("parquet", "csv"), force="--force" in args)
    except claimpack.ClaimpackError as error:
        return error.exit_code, str(error)
    return 0, ""


def by_command(path: Path, out: Path, *args: str) -> tuple[int, str]:
    """Export with the command: exit code and what stands on stderr."""
    code, _, err = packages.command("export", str(path), "-o", str(out), *args)
    return code, err


@pytest.fixture(params=[by_api, by_command], ids=["api", "command"])
def export(request: pytest.FixtureRequest) -> Door:
    """One of the two doors."""
    door: Door = request.param
    return door


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden names too, sorted."""
    return sorted(path.name for path in folder.iterdir())


def descriptor(folder: Path) -> Json:
    """The descriptor in a folder."""
    read: Json = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return read


# What is written


def test_layout(export: Door, tmp_path: Path) -> None:
    """Each format has a descriptor, its tables and the other files; checksums stand at the top."""
    assert export(small(tmp_path / "p"), tmp_path / "out") == (0, "")
    assert sorted(files(tmp_path / "out")) == [
        "SHA256SUMS",
        "csv/datapackage.json",
        f"csv/{NOTES}",
        "csv/tables/t.csv",
        "parquet/datapackage.json",
        f"parquet/{NOTES}",
        "parquet/tables/t.parquet",
    ]
    assert names(tmp_path) == ["out", "p"]


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_one_format(name: str, export: Door, tmp_path: Path) -> None:
    """Only what is asked for is written."""
    assert export(small(tmp_path / "p"), tmp_path / "out", "--to", name) == (0, "")
    assert names(tmp_path / "out") == ["SHA256SUMS", name]


def test_unknown_format(export: Door, tmp_path: Path) -> None:
    """A format that is none is wrong usage; nothing is written."""
    code, message = export(small(tmp_path / "p"), tmp_path / "out", "--to", "docx")
    assert code == 2
    assert "docx" in message
    assert not (tmp_path / "out").exists()


def test_checksums(export: Door, tmp_path: Path) -> None:
    """SHA256SUMS names every other file once, with its SHA-256, sorted, as `sha256sum -c` asks."""
    export(small(tmp_path / "p"), tmp_path / "out")
    written = files(tmp_path / "out")
    lines = written.pop("SHA256SUMS").decode("ascii").splitlines()
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in written.items()}
    assert lines == [f"{sums[path]}  {path}" for path in sorted(sums)]


def test_checksums_hold_for_the_tool(tmp_path: Path) -> None:
    """`sha256sum -c` accepts the checksums of the dataset's export, where it is installed."""
    import shutil

    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not installed")
    claimpack.export(DATASET, tmp_path / "out")
    done = subprocess.run(
        [tool, "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=False
    )
    assert done.returncode == 0


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_descriptor_tells_what_is_there(name: str, export: Door, tmp_path: Path) -> None:
    """Path, format, media type, size, hash and row count are those of the written file."""
    export(small(tmp_path / "p"), tmp_path / "out")
    folder = tmp_path / "out" / name
    resource, other = descriptor(folder)["resources"]
    data = (folder / resource["path"]).read_bytes()
    assert resource["path"] == f"tables/t.{name}"
    assert resource["format"] == name
    assert (
        resource["mediatype"]
        == {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}[name]
    )
    assert resource["bytes"] == len(data)
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert resource["rowCount"] == 3
    assert resource["title"] == "T"
    assert resource["schema"]["fields"] == FIELDS
    assert other == {"name": "about", "path": NOTES, "mediatype": "text/markdown"}
    assert {"name": "p", "version": "1.0.0", **packages.V2}.items() <= descriptor(folder).items()


def test_result_tells_what_is_there(tmp_path: Path) -> None:
    """The files of the result are those of the folder, with size, rows and hash."""
    result = claimpack.export(small(tmp_path / "p"), tmp_path / "out")
    written = files(tmp_path / "out")
    del written["SHA256SUMS"]
    assert {item.path: item.bytes for item in result.files} == {
        path: len(data) for path, data in written.items()
    }
    assert all(
        item.sha256 == hashlib.sha256(written[item.path]).hexdigest() for item in result.files
    )
    assert {item.rows for item in result.files if "/tables/" in item.path} == {3}
    assert result.folder == tmp_path / "out"
    assert result.report.verdict == "valid"


def test_dataset_is_exported_as_valid_packages(tmp_path: Path) -> None:
    """The CSV package is valid for claimpack and frictionless, rows and keys kept."""
    import frictionless

    claimpack.export(DATASET, tmp_path / "out")
    path = tmp_path / "out" / "csv" / "datapackage.json"
    report = claimpack.validate(path)
    assert report.verdict == "valid", [item.message for item in report.findings]
    theirs = frictionless.validate(str(path))
    assert theirs.valid, theirs.flatten(["fieldName", "rowNumber", "message"])[:5]
    ours = {item.name: item.rows for item in claimpack.info(DATASET).tables}
    assert {item.name: item.rows for item in claimpack.info(path).tables} == ours
    parquet = descriptor(tmp_path / "out" / "parquet")["resources"]
    assert {item["name"]: item["rowCount"] for item in parquet} == ours


def test_csv_is_plain(tmp_path: Path) -> None:
    """Whatever the dialect, the CSV is UTF-8 with LF and quotes only where they are needed."""
    data = "\ufeffa;b;c\r\n'x;y';;\\N\r\nö;'l\nm';\"\r\n;' 1';-\r\n"
    fields = [field("a"), field("b"), field("c", missingValues=["-", ""])]
    dialect = {"delimiter": ";", "quoteChar": "'", "nullSequence": "\\N", "lineTerminator": "\r\n"}
    folder = one(
        tmp_path / "p",
        data.encode("utf-16"),
        fields,
        dialect=dialect,
        encoding="utf-16",
        package=packages.V2,
    )
    claimpack.export(folder, tmp_path / "out", ["csv"])
    written = (tmp_path / "out" / "csv" / "tables" / "t.csv").read_bytes().decode("utf-8")
    assert written == 'a,b,c\nx;y,,\nö,"l\nm",""""\n, 1,-\n'
    assert "dialect" not in descriptor(tmp_path / "out" / "csv")["resources"][0]
    packages.valid(packages.judge(tmp_path / "out" / "csv"), rows=3)


def test_csv_of_the_dataset_is_as_curated(tmp_path: Path) -> None:
    """The dataset's own files are in the exported form: the export changes no byte of them."""
    claimpack.export(DATASET, tmp_path / "out", ["csv"])
    for path in sorted((DATASET / "tables").glob("*.csv")):
        written = tmp_path / "out" / "csv" / "tables" / path.name
        assert written.read_bytes() == path.read_bytes(), path.name


def test_empty_cells_of_a_single_column_are_rows(tmp_path: Path) -> None:
    """A table of one column keeps its empty cells: a line without a quote would be no row."""
    folder = one(tmp_path / "p", 'a\nx\n""\ny\n', "a")
    claimpack.export(folder, tmp_path / "out")
    assert (tmp_path / "out/csv/tables/t.csv").read_text() == 'a\nx\n""\ny\n'
    packages.valid(packages.judge(tmp_path / "out" / "csv"), rows=3)
    assert pq.read_table(tmp_path / "out/parquet/tables/t.parquet")["a"].to_pylist() == [
        "x",
        None,
        "y",
    ]


# Parquet


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """The small package's table as Parquet."""
    claimpack.export(small(tmp_path / "p"), tmp_path / "out", ["parquet"])
    return tmp_path / "out" / "parquet" / "tables" / "t.parquet"


def test_parquet_types(parquet: Path) -> None:
    """Columns have true types, in the schema's order."""
    schema = pq.read_table(parquet).schema
    assert dict(zip(schema.names, schema.types, strict=True)) == {
        "id": pa.int64(),
        "name": pa.string(),
        "share": pa.float64(),
        "sure": pa.bool_(),
        "day": pa.date32(),
        "moment": pa.timestamp("us"),
        "since": pa.int64(),
        "level": pa.dictionary(pa.int32(), pa.string()),
    }
    assert schema.names == [item["name"] for item in FIELDS]


def test_parquet_values(parquet: Path) -> None:
    """Values are typed, an empty cell is null, texts keep quotes and newlines."""
    assert pq.read_table(parquet).to_pylist() == [
        {
            "id": 1,
            "name": 'a "quoted", word',
            "share": 0.5,
            "sure": True,
            "day": dt.date(2020, 2, 29),
            "moment": dt.datetime(2020, 2, 29, 12),
            "since": 1999,
            "level": "high",
        },
        {
            "id": 2,
            "name": "two\nlines",
            "share": None,
            "sure": False,
            "day": dt.date(1999, 12, 31),
            "moment": None,
            "since": None,
            "level": "low",
        },
        {
            "id": None,
            "name": None,
            "share": -1000.0,
            "sure": None,
            "day": dt.date(2021, 1, 1),
            "moment": None,
            "since": None,
            "level": None,
        },
    ]


def test_parquet_metadata(parquet: Path) -> None:
    """The file holds the Table Schema and each field's description, compressed with zstd."""
    file = pq.ParquetFile(parquet)
    schema = file.schema_arrow
    table_schema = json.loads(schema.metadata[b"table_schema"])
    assert table_schema == {"fields": FIELDS, "missingValues": [""]}
    assert schema.metadata[b"title"] == b"T"
    assert schema.field("id").metadata[b"description"] == b"Number of the row."
    assert schema.field("name").metadata[b"title"] == b"Name"
    group = file.metadata.row_group(0)
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}


def test_categories_are_a_dictionary(tmp_path: Path) -> None:
    """The dictionary holds every category in the declared order, used or not."""
    fields = [field("a", categories=["low", "mid", "high"], categoriesOrdered=True)]
    folder = one(tmp_path / "p", "a\nhigh\nlow\n", fields, package=packages.V2)
    arrow = claimpack.open(folder)["t"].to_arrow()["a"].combine_chunks()
    assert arrow.type.ordered
    assert arrow.dictionary.to_pylist() == ["low", "mid", "high"]
    claimpack.export(folder, tmp_path / "out", ["parquet"])
    written = pq.read_table(tmp_path / "out/parquet/tables/t.parquet")["a"]
    assert written.type == pa.dictionary(pa.int32(), pa.string(), ordered=True)
    assert written.to_pylist() == ["high", "low"]


def test_parquet_opens_elsewhere(parquet: Path) -> None:
    """polars, DuckDB and pandas read dates as dates, numbers as numbers, texts as texts."""
    import duckdb
    import pandas as pd
    import polars as pl

    frame = pl.read_parquet(parquet)
    assert frame.schema["day"] == pl.Date
    assert frame.schema["share"] == pl.Float64
    assert frame.schema["id"] == pl.Int64
    assert frame["level"].to_list() == ["high", "low", None]
    with duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE FROM '{parquet}'").fetchall()
        kinds = {name: kind for name, kind, *_ in described}
        assert (kinds["day"], kinds["share"], kinds["id"], kinds["name"]) == (
            "DATE",
            "DOUBLE",
            "BIGINT",
            "VARCHAR",
        )
        query = f"SELECT max(day), sum(share), any_value(level) FROM '{parquet}'"
        assert connection.execute(query).fetchone() == (dt.date(2021, 1, 1), -999.5, "high")
    rows = pd.read_parquet(parquet)
    assert rows["day"].tolist()[:2] == [dt.date(2020, 2, 29), dt.date(1999, 12, 31)]
    assert rows["share"].sum() == -999.5
    assert list(rows["level"].cat.categories) == ["low", "high"]


def test_large_table_has_even_row_groups(tmp_path: Path) -> None:
    """A table of many rows is written in groups of 131,072, in the file's order."""
    count = 300_000
    folder = one(tmp_path / "p", "a\n" + "\n".join(map(str, range(count))) + "\n", "a:integer")
    claimpack.export(folder, tmp_path / "out", ["parquet"])
    file = pq.ParquetFile(tmp_path / "out/parquet/tables/t.parquet")
    groups = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert groups == [131_072, 131_072, count - 2 * 131_072]
    assert file.read()["a"].to_pylist() == list(range(count))


def test_table_without_schema_is_text(tmp_path: Path) -> None:
    """A table that no schema describes is exported as texts under its labels."""
    resource = {"name": "t", "path": "t.csv"}
    folder = make(tmp_path / "p", [resource], {"t.csv": "a,b\n1,\n"})
    claimpack.export(folder, tmp_path / "out")
    assert (tmp_path / "out/csv/tables/t.csv").read_text() == "a,b\n1,\n"
    written = pq.read_table(tmp_path / "out/parquet/tables/t.parquet")
    assert written.schema.types == [pa.string(), pa.string()]
    assert written.to_pylist() == [{"a": "1", "b": ""}]


@pytest.mark.parametrize(
    ("kind", "form", "cell", "value"),
    [
        ("date", "any", "3 March 2020", dt.date(2020, 3, 3)),
        ("date", "%Y-%j", "2020-063", dt.date(2020, 3, 3)),
        ("time", "%I:%M %p", "1:30 pm", dt.time(13, 30)),
        ("datetime", "%d/%m/%Y %H:%M%z", "3/3/2020 13:30+0100", dt.datetime(2020, 3, 3, 12, 30)),
    ],
)
def test_moment_of_any_format_is_typed(
    tmp_path: Path, kind: str, form: str, cell: str, value: object
) -> None:
    """A date or time of a format that the engine does not know is typed all the same, in UTC."""
    folder = one(tmp_path / "p", f"a\n{cell}\n", [field("a", kind, format=form)])
    claimpack.export(folder, tmp_path / "out")
    written = pq.read_table(tmp_path / "out/parquet/tables/t.parquet")
    assert written.to_pylist() == [{"a": value}]


@pytest.mark.parametrize(("kind", "cell"), [("integer", "9" * 20), ("integer", "9" * 50)])
def test_value_that_no_type_holds(kind: str, cell: str, export: Door, tmp_path: Path) -> None:
    """A legal value beyond Parquet's type is told, not lost: exit code 3, nothing written."""
    folder = one(tmp_path / "p", f"a\n{cell}\n", [field("a", kind)])
    code, message = export(folder, tmp_path / "out")
    assert code == 3
    assert cell in message
    assert "table t" in message
    assert len(message.splitlines()) == 1
    assert not (tmp_path / "out").exists()


# The same bytes


def test_twice_the_same_bytes(export: Door, tmp_path: Path) -> None:
    """Two runs, in two folders and over the first, write the same bytes."""
    path = small(tmp_path / "p")
    assert export(path, tmp_path / "one") == (0, "")
    first = files(tmp_path / "one")
    time.sleep(1.1)
    assert export(path, tmp_path / "two") == (0, "")
    assert export(path, tmp_path / "one") == (0, "")
    assert files(tmp_path / "one") == files(tmp_path / "two") == first


def test_dataset_twice_the_same_bytes(tmp_path: Path) -> None:
    """Two processes write the same bytes for the dataset."""
    for name in ("one", "two"):
        command = [sys.executable, "-m", "claimpack", "export", str(DATASET), "-o"]
        subprocess.run([*command, str(tmp_path / name)], check=True, capture_output=True)
    assert files(tmp_path / "one") == files(tmp_path / "two")


# What is refused


def test_errors_are_not_exported(export: Door, tmp_path: Path) -> None:
    """A package with errors is not exported: exit code 1, the old folder as it was."""
    folder = one(tmp_path / "p", "a\nx\n", "a:integer")
    code, message = export(folder, tmp_path / "out")
    assert code == 1
    assert "nothing was written" in message
    assert not (tmp_path / "out").exists()
    good = small(tmp_path / "good")
    export(good, tmp_path / "out")
    before = files(tmp_path / "out")
    assert export(folder, tmp_path / "out", "--force")[0] == 1
    assert files(tmp_path / "out") == before


def test_report_comes_with_the_refusal(tmp_path: Path) -> None:
    """The exception holds the report that says what is wrong."""
    folder = one(tmp_path / "p", "a\nx\n", "a:integer")
    with pytest.raises(claimpack.InvalidPackageError) as caught:
        claimpack.export(folder, tmp_path / "out")
    assert caught.value.report is not None
    assert [item.rule for item in caught.value.report.findings] == ["type-error"]


def test_unchecked_is_not_exported(export: Door, tmp_path: Path) -> None:
    """What could not be checked whole is not exported: exit code 3, with the reason."""
    resource = table("t", "a", path="https://example.org/t.csv")
    code, message = export(make(tmp_path / "p", [resource]), tmp_path / "out")
    assert code == 3
    assert "t" in message
    assert not (tmp_path / "out").exists()


def test_warnings_are_exported(export: Door, tmp_path: Path) -> None:
    """A warning keeps nothing from being written."""
    folder = one(tmp_path / "p", "\ufeffa\r\nx\n", "a")
    report = packages.judge(folder)
    assert report["counts"]["warning"]
    assert report["verdict"] == "valid"
    assert export(folder, tmp_path / "out") == (0, "")


def test_link_is_no_target(export: Door, tmp_path: Path) -> None:
    """A link is refused, with and without --force; what it points to stays."""
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    for args in ((), ("--force",)):
        code, message = export(small(tmp_path / "p"), tmp_path / "out", *args)
        assert code == 2
        assert "link" in message
    assert list((tmp_path / "real").iterdir()) == []
    assert (tmp_path / "out").is_symlink()


def test_file_is_no_target(export: Door, tmp_path: Path) -> None:
    """A file is refused, with and without --force, and stays."""
    (tmp_path / "out").write_text("mine")
    for args in ((), ("--force",)):
        code, message = export(small(tmp_path / "p"), tmp_path / "out", *args)
        assert code == 2
        assert "file" in message
    assert (tmp_path / "out").read_text() == "mine"


def test_foreign_folder_needs_force(export: Door, tmp_path: Path) -> None:
    """A folder that no export wrote is refused without --force and replaced with it."""
    packages.write(tmp_path / "out" / "thesis.txt", "mine")
    code, message = export(small(tmp_path / "p"), tmp_path / "out")
    assert code == 2
    assert "--force" in message
    assert files(tmp_path / "out") == {"thesis.txt": b"mine"}
    assert export(small(tmp_path / "p"), tmp_path / "out", "--force") == (0, "")
    assert "thesis.txt" not in files(tmp_path / "out")


def test_empty_folder_and_own_export_need_no_force(export: Door, tmp_path: Path) -> None:
    """An empty folder and what an export wrote are replaced."""
    (tmp_path / "out").mkdir()
    assert export(small(tmp_path / "p"), tmp_path / "out", "--to", "csv") == (0, "")
    assert export(small(tmp_path / "p"), tmp_path / "out", "--to", "parquet") == (0, "")
    assert "csv/datapackage.json" not in files(tmp_path / "out")


@pytest.mark.parametrize("target", [".", "..", "data", "notes"])
def test_package_is_no_target(target: str, export: Door, tmp_path: Path) -> None:
    """The package's folder, one above it and those of its data are never replaced."""
    folder = small(tmp_path / "outer" / "p")
    before = files(folder)
    code, message = export(folder, folder / target, "--force")
    assert code == 2
    assert "another folder" in message
    assert files(folder) == before


def test_folder_within_the_package_is_a_target(export: Door, tmp_path: Path) -> None:
    """`dist` within the package is the everyday target, and no part of the next validation."""
    folder = small(tmp_path / "p")
    assert export(folder, folder / "dist") == (0, "")
    assert export(folder, folder / "dist") == (0, "")
    packages.valid(packages.judge(folder))


@pytest.mark.parametrize("place", ["file/out", "/proc/claimpack/out"])
def test_unwritable_target(place: str, export: Door, tmp_path: Path) -> None:
    """A place that cannot be written to is told in one clear line: exit code 3."""
    if place.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("there is no /proc")
    (tmp_path / "file").write_text("mine")
    target = tmp_path / place
    code, message = export(small(tmp_path / "p"), target)
    assert code == 3
    assert str(target.parent) in message
    assert len(message.splitlines()) == 1
    assert "Traceback" not in message


# Interrupted


def test_failing_writer_leaves_the_old_folder(
    export: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a writer fails midway the old folder stays, and nothing is left beside it."""
    path = small(tmp_path / "p")
    export(path, tmp_path / "out")
    before = files(tmp_path / "out")

    def fail(*args: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv_exporter, "write", fail)
    code, message = export(path, tmp_path / "out")
    assert code == 3
    assert "No space left on device" in message
    assert files(tmp_path / "out") == before
    assert names(tmp_path) == ["out", "p"]


def test_failing_move_brings_the_old_folder_back(
    export: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the new folder cannot take its place the old one comes back."""
    path = small(tmp_path / "p")
    export(path, tmp_path / "out")
    before = files(tmp_path / "out")
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.suffix != ".old" and Path(target).name == "out":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(folders, "exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", fail)
    code, message = export(path, tmp_path / "out")
    assert code == 3
    assert "Input/output error" in message
    assert files(tmp_path / "out") == before
    assert names(tmp_path) == ["out", "p"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_run_leaves_the_old_folder(tmp_path: Path) -> None:
    """A run killed at any moment leaves the old folder or the new one, whole; the next sweeps."""
    fields = [field("a", "integer"), field("b")]
    rows = "".join(f"{number},row {number}\n" for number in range(40_000))
    path = one(tmp_path / "p", f"a,b\n{rows}", fields)
    out = tmp_path / "out"
    claimpack.export(path, out)
    old = files(out)
    packages.write(path / "t.csv", f"a,b\n{rows}-1,more\n")
    claimpack.export(path, tmp_path / "new")
    new = files(tmp_path / "new")
    command = [sys.executable, "-m", "claimpack", "export", str(path), "-o", str(out)]
    start = time.perf_counter()
    subprocess.run([*command[:-1], str(tmp_path / "timed")], check=True, capture_output=True)
    whole = time.perf_counter() - start
    for part in (0.5, 0.7, 0.8, 0.9, 0.97):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * part)
        process.kill()
        process.wait()
        if not out.exists():  # killed between the two renames: the old folder waits beside it
            assert [files(left) for left in tmp_path.glob(".out.claimpack-*.old")] == [old]
            break
        assert files(out) in (old, new)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert files(out) == new
    assert names(tmp_path) == ["new", "out", "p", "timed"]


def test_old_folder_of_a_killed_run_comes_back(tmp_path: Path) -> None:
    """A run killed between its two renames left the old folder beside; it is put back first."""
    packages.write(tmp_path / ".out.claimpack-999999999-x.old" / "SHA256SUMS", "old")
    with pytest.raises(RuntimeError), folders.replaced(tmp_path / "out"):
        raise RuntimeError
    assert files(tmp_path) == {"out/SHA256SUMS": b"old"}


def test_own_file_in_the_way(export: Door, tmp_path: Path) -> None:
    """A resource that is no table and lies where the export writes its own file is told."""
    other = {"name": "other", "path": "tables/t.parquet", "mediatype": "text/plain"}
    content = {"t.csv": "a\nx\n", "tables/t.parquet": "x"}
    folder = make(tmp_path / "p", [table("t", "a"), other], content, **packages.V2)
    code, message = export(folder, tmp_path / "out", "--to", "parquet")
    assert (code, "tables/t.parquet" in message) == (2, True)
    assert not (tmp_path / "out").exists()


def test_run_of_another_process_is_not_swept(tmp_path: Path) -> None:
    """What a living process is writing beside the target stays."""
    path = small(tmp_path / "p")
    busy = tmp_path / f".out.claimpack-{os.getppid()}-x"
    dead = tmp_path / ".out.claimpack-999999999-x"
    busy.mkdir()
    dead.mkdir()
    claimpack.export(path, tmp_path / "out")
    assert busy.exists()
    assert not dead.exists()


def test_target_of_any_name_is_swept_by_its_name(tmp_path: Path) -> None:
    """Marks that a search for files would take for wildcards are letters of the name."""
    with folders.replaced(tmp_path / "[ab]*") as fresh:
        (fresh / "x").write_text("x")
    (tmp_path / ".a.claimpack-999999999-x").mkdir()
    (tmp_path / ".[ab]*.claimpack-999999999-x").mkdir()
    with folders.replaced(tmp_path / "[ab]*", force=True) as fresh:
        (fresh / "y").write_text("y")
    assert names(tmp_path) == [".a.claimpack-999999999-x", "[ab]*"]


# Round trip

CELLS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(st.characters(codec="utf-8", exclude_characters="\0")).filter(bool),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False),
    "boolean": st.booleans(),
    "date": st.dates(),
    "datetime": st.datetimes(),
}


def cell(value: Any) -> str:
    """A value as a cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.isoformat("T")
    return str(value)


@st.composite
def columns(draw: st.DrawFn) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Types of columns, and rows of such values or nulls."""
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=5))
    row = st.tuples(*(st.none() | CELLS[kind] for kind in kinds))
    return kinds, draw(st.lists(row, max_size=8))


@pytest.mark.property
def test_round_trip(many: int | None) -> None:
    """CSV to Parquet and back to values changes none, and the exported CSV holds the same cells."""

    @settings(max_examples=many or 40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(made=columns())
    def there_and_back(made: tuple[list[str], list[tuple[Any, ...]]]) -> None:
        kinds, rows = made
        with tempfile.TemporaryDirectory() as name:
            round_trip(Path(name), kinds, rows)

    there_and_back()


def round_trip(folder: Path, kinds: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the rows as a package, export it, and compare what comes back."""
    labels = [f"f{number}" for number in range(len(kinds))]
    cells = [[cell(value) for value in row] for row in rows]
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([labels, *cells])
    fields = [field(name, kind) for name, kind in zip(labels, kinds, strict=True)]
    source = one(folder / "p", stream.getvalue(), fields)
    claimpack.export(source, folder / "out")
    back = pq.read_table(folder / "out/parquet/tables/t.parquet")
    assert [tuple(row.values()) for row in back.to_pylist()] == list(rows)
    text = (folder / "out/csv/tables/t.csv").read_bytes().decode("utf-8")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [labels, *cells]
    again = claimpack.open(folder / "out" / "csv")["t"].to_arrow()
    assert again.to_pylist() == back.to_pylist()
