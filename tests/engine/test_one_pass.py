"""Files that are written while a table is validated: the same bytes as from a second pass."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claimpack
from claimpack.engine import typed_tables
from claimpack.engine.scan.table_pass import TablePass
from claimpack.errors import InvalidPackageError, UnreadableError
from claimpack.exporters.sinks import ExportSinks
from packages import V2, Fields, Json, field, make, table

TEXTS: dict[str, tuple[Json, list[str]]] = {
    "string": ({}, ["a", "é", " x ", "NA", '"q"', "a,b"]),
    "integer": ({}, [" 1", "+7", "007", "-0", "9223372036854775807", "-9223372036854775808"]),
    "number": ({}, ["1", ".5", "5.", "1e-3", "NaN", "-INF", "0.1", "1e308", "123456789.123456789"]),
    "boolean": ({"trueValues": ["yes", "1"], "falseValues": ["no", "0"]}, ["yes", "1", "no", "0"]),
    "date": ({}, ["2024-02-29", "0004-02-29", "9999-12-31", "1582-10-10"]),
    "time": ({}, ["00:00:00", "23:59:59", "12:34:56"]),
    "datetime": (
        {},
        [
            *("2024-02-29T12:00:00", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.25Z"),
            *("2024-02-29T12:00:00+01:00", "2024-02-29T24:00:00", "0004-02-29T00:00:00"),
        ],
    ),
    "year": ({}, ["2024", "0044", "-0044", "2024Z", "12024"]),
    "yearmonth": ({}, ["2024-02", "0044-01"]),
    "duration": ({}, ["P1D", "PT1.5S"]),
    "any": ({}, ["x", "1"]),
    "list": ({}, ["a,b", "a"]),
    "geopoint": ({}, ["1,2"]),
}


def tables_of(folder: Path, fields: Fields, text: str) -> Path:
    """A package of one table."""
    return make(folder, [table("t", fields)], {"t.csv": text}, **V2)


FORMATS = {"parquet": ".parquet", "csv": ".csv", "jsonl": ".jsonl"}


def exported(package: Path, out: Path) -> dict[str, bytes]:
    """The table's file in each format of an export."""
    claimpack.export(package, out, list(FORMATS), force=True)
    return {
        name: (out / f"{name}/tables/t{ending}").read_bytes() for name, ending in FORMATS.items()
    }


def both(package: Path, out: Path) -> tuple[dict[str, bytes], dict[str, bytes], bool]:
    """The files as one pass and as two passes make them, and whether one pass made all."""
    written: list[dict[str, int]] = []
    rows = ExportSinks.rows

    def watched(self: ExportSinks, form: str) -> dict[str, int]:
        written.append(rows(self, form))
        return written[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ExportSinks, "rows", watched)
        one = exported(package, out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TablePass, "_sink", lambda *_: None)
        patch.setattr(typed_tables, "typed_columns", lambda fields: None)
        two = exported(package, out)
    return one, two, all(written)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_one_pass_writes_what_two_write(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Every type, with nulls, padding and texts that the fast cast gives nothing for."""
    kinds = data.draw(st.lists(st.sampled_from(sorted(TEXTS)), min_size=1, max_size=4))
    fields = [field(f"f{n}", kind, **TEXTS[kind][0]) for n, kind in enumerate(kinds)]
    cells = [st.sampled_from(["", *TEXTS[kind][1]]) for kind in kinds]
    rows = data.draw(st.lists(st.tuples(*cells), min_size=1, max_size=8))
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\n".join([",".join(f"f{n}" for n in range(len(kinds))), *quoted, ""])
    folder = tmp_path_factory.mktemp("p")
    one, two, _ = both(tables_of(folder, fields, text), folder / "out")
    assert one == two


def test_a_plain_table_is_written_in_one_pass(tmp_path: Path) -> None:
    """More rows than a group, of every type with an exact cast; the groups are the same."""
    kinds = ["integer", "number", "boolean", "date", "time", "datetime", "year", "string"]
    fields = [field(f"f{n}", kind) for n, kind in enumerate(kinds)]
    row = "7,0.5,true,2024-02-29,12:00:00,2024-02-29T12:00:00Z,2024,x"
    text = "\n".join([",".join(f"f{n}" for n in range(8)), *[row] * 300_000, ""])
    one, two, alone = both(tables_of(tmp_path, fields, text), tmp_path / "out")
    assert alone
    assert one == two
    groups = pq.ParquetFile(tmp_path / "out/parquet/tables/t.parquet").num_row_groups
    assert groups == 3


@pytest.mark.parametrize("cell", ["+7", "007"])
def test_what_the_cast_does_not_know_is_written_all_the_same(tmp_path: Path, cell: str) -> None:
    """The database types the batch of such a text."""
    package = tables_of(tmp_path, [field("n", "integer")], f"n\n1\n{cell}\n")
    exported(package, tmp_path / "out")
    read = pq.read_table(tmp_path / "out/parquet/tables/t.parquet")
    assert read.column("n").to_pylist() == [1, 7]


def test_an_error_leaves_nothing_of_what_was_written(tmp_path: Path) -> None:
    """The file is written into a hidden folder, which goes."""
    rows = "".join(f"{n}\n" for n in range(200_000))
    package = tables_of(tmp_path / "p", [field("n", "integer")], f"n\n{rows}x\n")
    with pytest.raises(InvalidPackageError):
        claimpack.export(package, tmp_path / "out", ["parquet"])
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_two_tables_of_one_file_name_are_refused(tmp_path: Path) -> None:
    """Names that differ in what no file name can hold would be one file."""
    tables = [
        {**table("a", "n:integer"), "name": name, "path": f"{number}.csv"}
        for number, name in enumerate(["a/b", "a-b"])
    ]
    files = {"0.csv": "n\n1\n", "1.csv": "n\n2\n"}
    with pytest.raises(claimpack.ClaimpackError):
        claimpack.export(make(tmp_path / "p", tables, files), tmp_path / "out", ["parquet"])
    assert not (tmp_path / "out").exists()


def test_a_value_that_no_type_can_hold_is_named(tmp_path: Path) -> None:
    """However far back in a table it stands, and nothing is written."""
    rows = "".join(f"{n}\n" for n in range(300_000))
    package = tables_of(tmp_path / "p", [field("n", "integer")], f"n\n{rows}{'9' * 20}\n")
    with pytest.raises(UnreadableError, match="no int64 can hold 99999999999999999999"):
        claimpack.export(package, tmp_path / "out", ["parquet"])
    assert [path.name for path in tmp_path.iterdir()] == ["p"]
