"""With quarantine, an export has the valid rows of a package, and the others with their reasons."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimpack
import packages
from made import Made
from made import packages as made_packages
from packages import Json, field, make, one, table

DATASET = Path(__file__).parents[2]
Counts = dict[str, tuple[int, int, int]]
Door = Callable[..., Counts]
KEY: Json = {"primaryKey": ["id"]}


def link(name: str, target: str, *, key: str = "id") -> Json:
    """A foreign key of one field."""
    return {"fields": [name], "reference": {"resource": target, "fields": [key]}}


def by_api(path: Path, out: Path, *formats: str) -> Counts:
    """Export with the library: rows read, valid and rejected of each table."""
    made = claimpack.export(path, out, formats or ("csv",), quarantine=True)
    return {item.table: (item.rows, item.valid, item.rejected) for item in made.quarantine}


def by_command(path: Path, out: Path, *formats: str) -> Counts:
    """Export with the command: the same, as its summary has them."""
    wanted = [arg for name in formats or ("csv",) for arg in ("--to", name)]
    code, told, err = packages.command("export", str(path), "-o", str(out), "--quarantine", *wanted)
    assert (code, err) == (0, "")
    return dict(_told(told))


def _told(told: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    summary = told.rpartition("\nquarantine: ")[2]
    for line in summary.splitlines()[1:]:
        name, read, _, _, valid, _, rejected, *_ = line.split()
        yield name, (int(read), int(valid), int(rejected))


@pytest.fixture(params=[by_api, by_command], ids=["api", "command"])
def export(request: pytest.FixtureRequest) -> Door:
    """One of the two doors."""
    door: Door = request.param
    return door


def rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file, the header first."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


def kept(out: Path, name: str = "t") -> list[list[str]]:
    """The rows of a table that was exported as CSV."""
    return rows(out / "csv" / "tables" / f"{name}.csv")[1:]


def rejected(out: Path, name: str = "t") -> list[list[str]]:
    """The rows of a table in quarantine."""
    return rows(out / "quarantine" / f"{name}.csv")[1:]


def expect_valid(out: Path) -> None:
    """The CSV package is valid by claimpack and by frictionless."""
    assert claimpack.validate(out / "csv").verdict == "valid"
    assert frictionless.validate(str(out / "csv" / "datapackage.json")).valid


# What is written


def test_rejected_rows_have_line_row_rule_message_and_cells(export: Door, tmp_path: Path) -> None:
    """A rejected row comes with its line and number, its rules and messages, and its cells."""
    path = one(tmp_path / "p", 'id,day\n1,2020-01-01\n"x",2020-13-01\n3,\n', "id:integer day:date")
    assert export(path, tmp_path / "out") == {"t": (3, 2, 1)}
    [header, row] = rows(tmp_path / "out" / "quarantine" / "t.csv")
    assert header == ["line", "row", "rule", "message", "id", "day"]
    assert (row[:3], row[4:]) == (["3", "2", "type-error; type-error"], ["x", "2020-13-01"])
    assert row[3].startswith('id: expected an integer, found "x"; day: expected a date')
    assert kept(tmp_path / "out") == [["1", "2020-01-01"], ["3", ""]]
    expect_valid(tmp_path / "out")


def test_counts_stand_beside_the_rejected_rows(export: Door, tmp_path: Path) -> None:
    """A page in the folder counts the rows read, valid and rejected; the checksums list all."""
    path = one(tmp_path / "p", "id\n1\nx\n", "id:integer")
    export(path, tmp_path / "out")
    page = (tmp_path / "out" / "quarantine" / "README.md").read_text("utf-8")
    assert "| t | 2 | 1 | 1 |" in page
    sums = (tmp_path / "out" / "SHA256SUMS").read_text("utf-8")
    assert "quarantine/README.md" in sums
    assert "quarantine/t.csv" in sums


def test_every_format_has_the_valid_rows(tmp_path: Path) -> None:
    """Each format asked for has the valid rows and no other."""
    path = one(tmp_path / "p", "id,x\n1,1.5\nx,2\n3,2.5\n", "id:integer x:number", schema=KEY)
    out = tmp_path / "out"
    by_api(path, out, "csv", "parquet", "jsonl", "duckdb", "sqlite", "xlsx")
    assert pq.read_table(out / "parquet/tables/t.parquet").to_pylist() == [
        {"id": 1, "x": 1.5},
        {"id": 3, "x": 2.5},
    ]
    lines = (out / "jsonl/tables/t.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 3]
    import sqlite3

    with sqlite3.connect(out / "sqlite/p.sqlite") as base:
        assert base.execute("SELECT id FROM t ORDER BY id").fetchall() == [(1,), (3,)]
    base.close()


def test_valid_package_has_no_quarantine(export: Door, tmp_path: Path) -> None:
    """Of a valid package nothing is rejected, no folder is written, and the counts say so."""
    path = one(tmp_path / "p", "id\n1\n", "id:integer")
    assert export(path, tmp_path / "out", "csv", "parquet") == {"t": (1, 1, 0)}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["SHA256SUMS", "csv", "parquet"]


def test_without_the_option_nothing_is_written(tmp_path: Path) -> None:
    """A package with errors is not exported unless quarantine is asked for."""
    path = one(tmp_path / "p", "id\nx\n", "id:integer")
    code, _, err = packages.command("export", str(path), "-o", str(tmp_path / "out"))
    assert (code, "nothing was written" in err) == (1, True)
    with pytest.raises(claimpack.InvalidPackageError):
        claimpack.export(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_same_package_same_bytes(tmp_path: Path) -> None:
    """The same package gives the same bytes."""
    path = one(tmp_path / "p", "id\n1\nx\n", "id:integer")
    for name in ("a", "b"):
        by_api(path, tmp_path / name, "csv", "parquet")
    assert (tmp_path / "a/SHA256SUMS").read_bytes() == (tmp_path / "b/SHA256SUMS").read_bytes()


def test_warnings_reject_nothing(export: Door, tmp_path: Path) -> None:
    """A row of which there is only a warning is valid."""
    path = one(tmp_path / "p", "id\n 1\nx\n", "id:integer")
    assert export(path, tmp_path / "out") == {"t": (2, 1, 1)}
    assert kept(tmp_path / "out") == [["1"]]


def test_severities_say_what_is_rejected(tmp_path: Path) -> None:
    """A rule that is a warning in this run rejects nothing."""
    path = one(tmp_path / "p", "id,n\n1,1\n1,2\nx,3\n", "id:integer n:integer", schema=KEY)
    made = claimpack.export(
        path, tmp_path / "out", ["csv"], quarantine=True, rules={"primary-key": "warning"}
    )
    assert [(item.valid, item.rejected) for item in made.quarantine] == [(2, 1)]


def test_spreadsheet_safe_escapes_rejected_cells(tmp_path: Path) -> None:
    """With spreadsheet_safe, the rejected cells are escaped as those of CSV are."""
    path = one(tmp_path / "p", "id,f\nx,=1+1\n", "id:integer f:string")
    claimpack.export(path, tmp_path / "o", ["csv"], quarantine=True, spreadsheet_safe=True)
    assert rejected(tmp_path / "o")[0][-1] == "'=1+1"


def test_line_ends_inside_cells_are_kept(tmp_path: Path) -> None:
    """A rejected cell keeps its line ends, quotes and delimiters."""
    path = one(tmp_path / "p", 'a,b\nx,"1\r2\n3"\ny,",""q"""\nz,"\r"\n', "a:integer b")
    by_api(path, tmp_path / "out")
    assert [row[-1] for row in rejected(tmp_path / "out")] == ["1\r2\n3", ',"q"', "\r"]


# Keys and references


def test_first_row_of_a_key_stays(export: Door, tmp_path: Path) -> None:
    """Of rows with the same key the first one stays."""
    path = one(tmp_path / "p", "id,v\n1,a\n2,b\n1,c\n1,d\n", "id:integer v", schema=KEY)
    assert export(path, tmp_path / "out") == {"t": (4, 2, 2)}
    assert kept(tmp_path / "out") == [["1", "a"], ["2", "b"]]
    assert {row[2] for row in rejected(tmp_path / "out")} == {"primary-key"}
    expect_valid(tmp_path / "out")


def chain(folder: Path) -> Path:
    """Three tables, each of which refers to the one before."""
    sites = table("sites", "id:integer name", schema=KEY)
    plots = table(
        "plots",
        "id:integer site:integer",
        schema={**KEY, "foreignKeys": [link("site", "sites")]},
    )
    trees = table(
        "trees",
        "id:integer plot:integer",
        schema={**KEY, "foreignKeys": [link("plot", "plots")]},
    )
    files = {
        "sites.csv": "id,name\n1,a\n2,b,c\n3,d\n",
        "plots.csv": "id,site\n1,1\n2,2\n3,\n4,2\n",
        "trees.csv": "id,plot\n1,1\n2,2\n3,4\n4,3\n5,\n",
    }
    return make(folder, [trees, plots, sites], files)


def test_rows_that_refer_to_a_rejected_row_are_rejected(export: Door, tmp_path: Path) -> None:
    """Over three tables nothing dangles: a row that refers to a rejected one is rejected."""
    found = export(chain(tmp_path / "p"), tmp_path / "out")
    assert found == {"trees": (5, 3, 2), "plots": (4, 2, 2), "sites": (3, 2, 1)}
    assert [row[0] for row in kept(tmp_path / "out", "trees")] == ["1", "4", "5"]
    assert [row[1:3] for row in rejected(tmp_path / "out", "trees")] == [
        ["2", "foreign-key"],
        ["3", "foreign-key"],
    ]
    expect_valid(tmp_path / "out")


def test_reason_of_a_dangling_row_says_why_it_dangles(tmp_path: Path) -> None:
    """The message of a row that refers to a rejected row says that this row was rejected first."""
    by_api(chain(tmp_path / "p"), tmp_path / "out")
    assert rejected(tmp_path / "out", "plots")[0][3] == (
        'site: "2" not found in sites.id (once the rows with errors are rejected)'
    )


@pytest.mark.parametrize("length", [4, 3000])
def test_chain_within_a_table(length: int, tmp_path: Path) -> None:
    """A chain of references within a table falls with its first row, however long it is."""
    links = "".join(f"{n},{n - 1}\n" for n in range(2, length + 1))
    path = one(
        tmp_path / "p",
        f"id,parent\n0,\nx,\n1,9999\n{links}9998,0\n",
        "id:integer parent:integer",
        schema={**KEY, "foreignKeys": [link("parent", "")]},
    )
    found = by_api(path, tmp_path / "out")
    assert found == {"t": (length + 3, 2, length + 1)}
    assert kept(tmp_path / "out") == [["0", ""], ["9998", "0"]]
    expect_valid(tmp_path / "out")


def test_row_stays_while_another_row_has_the_key(tmp_path: Path) -> None:
    """A reference to a key that is not unique holds as long as one row with it is valid."""
    fields = "id:integer code parent"
    data = "id,code,parent\nx,a,\n1,a,\n2,b,a\ny,c,\n3,d,c\n4,e,d\n"
    path = one(
        tmp_path / "p", data, fields, schema={"foreignKeys": [link("parent", "", key="code")]}
    )
    assert by_api(path, tmp_path / "out") == {"t": (6, 2, 4)}
    assert [row[0] for row in kept(tmp_path / "out")] == ["1", "2"]


def test_circle_of_tables(tmp_path: Path) -> None:
    """Tables that refer to one another lose what hangs on a rejected row, and no more."""
    for_a = {**KEY, "foreignKeys": [link("b", "b")]}
    for_b = {**KEY, "foreignKeys": [link("a", "a")]}
    path = make(
        tmp_path / "p",
        [
            table("a", "id:integer b:integer", schema=for_a),
            table("b", "id:integer a:integer", schema=for_b),
        ],
        {"a.csv": "id,b\n1,1\n2,2\n3,\n4,3\n", "b.csv": "id,a\n1,1\n2,9\n3,2\n"},
    )
    assert by_api(path, tmp_path / "out") == {"a": (4, 2, 2), "b": (3, 1, 2)}
    expect_valid(tmp_path / "out")


# Broken rows


def test_broken_rows(export: Door, tmp_path: Path) -> None:
    """Rows with too many or too few cells are rejected, with the cells they have."""
    path = one(tmp_path / "p", "a,b\n1,2\n3\n4,5,6,7\n8,9\n", "a:integer b:integer")
    assert export(path, tmp_path / "out") == {"t": (4, 2, 2)}
    header, short, long = rows(tmp_path / "out/quarantine/t.csv")
    assert header[-3:] == ["a", "b", "extra cells"]
    assert (short[0], short[2], short[4:]) == ("3", "missing-cell", ["3", "", ""])
    assert (long[0], long[2], long[4:]) == ("4", "extra-cell", ["4", "5", '["6", "7"]'])


def test_broken_quote_and_undecodable_byte(export: Door, tmp_path: Path) -> None:
    """Rows with a broken quote or a byte that is not UTF-8 are rejected."""
    path = one(tmp_path / "p", b'a,b\n1,x\n2,"y" z\n3,\xe9\n4,w\n', "a:integer b")
    assert export(path, tmp_path / "out") == {"t": (4, 2, 2)}
    assert [row[2].split(";")[0] for row in rejected(tmp_path / "out")] == [
        "quoting-error",
        "encoding-error",
    ]
    assert kept(tmp_path / "out") == [["1", "x"], ["4", "w"]]


def test_empty_lines_are_left_out(export: Door, tmp_path: Path) -> None:
    """An empty line is no row: it is left out and not counted."""
    path = one(tmp_path / "p", "a,b\n1,2\n\n3,4\n", "a:integer b:integer")
    assert export(path, tmp_path / "out") == {"t": (2, 2, 0)}
    assert not (tmp_path / "out" / "quarantine").exists()
    expect_valid(tmp_path / "out")


def test_broken_row_is_rejected_at_any_severity(tmp_path: Path) -> None:
    """The values of a broken row are not known, so it is rejected even where that is a warning."""
    path = one(tmp_path / "p", "a,b\n1,2\n3\nx,4\n", "a:integer b:integer")
    made = claimpack.export(
        path, tmp_path / "o", ["csv"], quarantine=True, rules={"missing-cell": "warning"}
    )
    assert [(item.valid, item.rejected) for item in made.quarantine] == [(1, 2)]


# Where no row answers for an error


@pytest.mark.parametrize(
    ("data", "more", "why"),
    [
        ("id,b\nx\n", {}, "extra-label"),
        ("id\nx\n", {"bytes": 99}, "bytes-mismatch"),
        ("id\nx\n", {"path": "none.csv"}, "missing-file"),
        ("", {}, "empty-file"),
        (
            "id\nx\n",
            {"schema": {"fields": [{"name": "id", "type": "number", "format": 1}]}},
            "descriptor-error",
        ),
    ],
)
def test_errors_outside_rows_stop_the_export(
    data: str, more: Json, why: str, tmp_path: Path
) -> None:
    """An error that is not in a row stops the export with one sentence, and nothing is written."""
    described = {**table("t", "id:integer"), **more}
    path = make(tmp_path / "p", [described], {"t.csv": data})
    out = tmp_path / "out"
    with pytest.raises(claimpack.InvalidPackageError, match="an error is not in a row") as raised:
        claimpack.export(path, out, ["csv"], quarantine=True)
    assert f"({why})" in str(raised.value)
    code, _, err = packages.command("export", str(path), "-o", str(out), "--quarantine")
    assert (code, str(raised.value) in err) == (1, True)
    assert not out.exists()


def test_error_of_a_column_stops_the_export(tmp_path: Path) -> None:
    """A finding on a whole column, graded to an error, is not in a row."""
    path = one(tmp_path / "p", "id\n 1\n 2\n", "id:integer")
    with pytest.raises(claimpack.InvalidPackageError, match="padded-value"):
        claimpack.export(
            path, tmp_path / "o", ["csv"], quarantine=True, rules={"padded-value": "error"}
        )


def test_unchecked_package_is_not_exported(tmp_path: Path) -> None:
    """What could not be checked stops the export, with quarantine as well."""
    remote = table("r", "id:integer", path="https://example.org/r.csv")
    path = make(tmp_path / "p", [table("t", "id:integer"), remote], {"t.csv": "id\nx\n"})
    with pytest.raises(claimpack.ClaimpackError) as raised:
        claimpack.export(path, tmp_path / "o", ["csv"], quarantine=True)
    assert raised.value.exit_code == 3
    assert not (tmp_path / "o").exists()


def test_all_rows_rejected_from_a_zip_file(export: Door, tmp_path: Path) -> None:
    """A package in a zip file is read from there; a table that loses every row is empty."""
    one(tmp_path / "p", "id\nx\ny\n", "id:integer")
    path = Path(shutil.make_archive(str(tmp_path / "p"), "zip", tmp_path / "p"))
    assert export(path, tmp_path / "out", "csv", "parquet") == {"t": (2, 0, 2)}
    assert kept(tmp_path / "out") == []
    expect_valid(tmp_path / "out")


# Sources of all kinds


def parquet(data: Sequence[Json]) -> bytes:
    """A Parquet file."""
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(data)), buffer)
    return buffer.getvalue()


def workbook(data: Sequence[Json]) -> bytes:
    """A workbook of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [list(data[0]), *(list(item.values()) for item in data)]:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


TYPED: list[Json] = [
    {"id": 1, "name": "a", "x": 0.1},
    {"id": 2, "name": "b", "x": -5.5},
    {"id": 2, "name": "c", "x": 2.5},
    {"id": 4, "name": "d", "x": 1e20},
    {"id": 5, "name": None, "x": None},
]
SOURCES: dict[str, Callable[[Sequence[Json]], bytes]] = {
    "t.json": lambda data: json.dumps(list(data)).encode(),
    "t.jsonl": lambda data: "".join(json.dumps(row) + "\n" for row in data).encode(),
    "t.parquet": parquet,
    "t.xlsx": workbook,
}


@pytest.mark.parametrize("name", [*SOURCES, ""])
def test_sources(name: str, export: Door, tmp_path: Path) -> None:
    """JSON, Parquet, spreadsheets and inline data lose their rejected rows as CSV does."""
    fields = [
        field("id", "integer"),
        field("name"),
        field("x", "number", constraints={"minimum": 0}),
    ]
    place: Json = {"path": name} if name else {"data": TYPED}
    described = table("t", fields, schema=KEY, **place)
    path = make(tmp_path / "p", [described], {name: SOURCES[name](TYPED)} if name else {})
    assert export(path, tmp_path / "out", "csv", "parquet") == {"t": (5, 3, 2)}
    found = rejected(tmp_path / "out")
    assert [row[1:3] for row in found] == [["2", "constraint-error"], ["3", "primary-key"]]
    assert [row[4:] for row in found] == [["2", "b", "-5.5"], ["2", "c", "2.5"]]
    typed = pq.read_table(tmp_path / "out/parquet/tables/t.parquet").to_pylist()
    assert typed == [TYPED[0], TYPED[3], TYPED[4]]
    expect_valid(tmp_path / "out")


def test_value_of_another_type_is_shown(tmp_path: Path) -> None:
    """A value of the wrong JSON type stands in its rejected row."""
    data = [{"id": True, "n": "a"}, {"id": 2, "n": "b"}]
    path = make(tmp_path / "p", [table("t", "id:integer n", data=data)], {})
    by_api(path, tmp_path / "out")
    assert rejected(tmp_path / "out")[0][4:] == ["true", "a"]


def test_lists_that_are_too_long(tmp_path: Path) -> None:
    """Of a JSON row with too many cells all are kept."""
    data = [["id"], [1], [2, "x", None, 3.5]]
    path = make(tmp_path / "p", [table("t", "id:integer", data=data)], {})
    by_api(path, tmp_path / "out")
    assert rejected(tmp_path / "out")[0][4:] == ["2", '["x", "", "3.5"]']


def test_dialect_encoding_and_missing_values(export: Door, tmp_path: Path) -> None:
    """Cells are read in the table's dialect and encoding, and nulls stay nulls."""
    text = "# c\nid;name\n1;\xe9\nx;b\n3;-\n4;NA\n"
    described = table(
        "t",
        "id:integer name",
        schema={"missingValues": ["", "-"]},
        encoding="latin-1",
        dialect={"delimiter": ";", "commentChar": "#"},
    )
    path = make(tmp_path / "p", [described], {"t.csv": text.encode("latin-1")}, **packages.V2)
    assert export(path, tmp_path / "out", "csv", "parquet") == {"t": (4, 3, 1)}
    names = pq.read_table(tmp_path / "out/parquet/tables/t.parquet")["name"].to_pylist()
    assert names == ["\xe9", None, "NA"]
    assert rejected(tmp_path / "out")[0][:2] == ["4", "2"]


def test_several_files_and_no_header(tmp_path: Path) -> None:
    """A table of several files says which file a rejected row is in; one without a header works."""
    described = table("t", "id:integer n", path=["a.csv", "b.csv"], dialect={"header": False})
    path = make(tmp_path / "p", [described], {"a.csv": "1,a\nx,b\n", "b.csv": "3,c\ny,d\n"})
    assert by_api(path, tmp_path / "out") == {"t": (4, 2, 2)}
    header, *found = rows(tmp_path / "out/quarantine/t.csv")
    assert header == ["file", "line", "row", "rule", "message", "id", "n"]
    assert [row[:3] for row in found] == [["a.csv", "2", "2"], ["b.csv", "2", "4"]]


def test_other_columns_of_the_file(tmp_path: Path) -> None:
    """Columns that the schema does not ask for are in the rejected rows, as the file has them."""
    path = one(
        tmp_path / "p",
        "more,id\na,1\nb,x\n",
        "id:integer",
        schema={"fieldsMatch": ["subset"]},
        package=packages.V2,
    )
    by_api(path, tmp_path / "out")
    assert rows(tmp_path / "out/quarantine/t.csv")[0][-2:] == ["more", "id"]
    assert rejected(tmp_path / "out")[0][-2:] == ["b", "x"]
    assert kept(tmp_path / "out") == [["1"]]


def test_tables_in_large_batches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A plain file that is read block by block loses the same rows."""
    packages.fast(monkeypatch)
    text = "".join(f"{n if n % 1000 else 'x'},{n}\n" for n in range(250_000))
    path = one(tmp_path / "p", f"id,n\n{text}", "id:integer n:integer", schema=KEY)
    assert by_api(path, tmp_path / "out", "csv") == {"t": (250_000, 249_750, 250)}
    assert [int(row[1]) for row in rejected(tmp_path / "out")] == list(range(1, 250_001, 1000))


# Properties


BAD = ["x", "", "1.5", "9"]


@st.composite
def scattered(draw: st.DrawFn) -> tuple[dict[str, str], int]:
    """Three tables that refer to one another and to themselves, with errors here and there."""
    files, total = {}, 0
    for name in ("a", "b", "c"):
        lines = ["id,up,self"]
        for number in range(draw(st.integers(0, 8))):
            cells = [
                draw(st.sampled_from([str(number)] * 6 + BAD)),
                draw(st.sampled_from(["", "0", "1", "2", "3", "y"])),
                draw(st.sampled_from(["", "", "0", "1", "2", "8"])),
            ]
            cells += draw(st.sampled_from([[], [], [], [], [], ["more"]]))
            lines.append(",".join(cells[: draw(st.sampled_from([9, 9, 9, 9, 9, 9, 2]))]))
        files[f"{name}.csv"] = "\n".join(lines) + "\n"
        total += len(lines) - 1
    return files, total


def _schema(name: str) -> Json:
    links = [link("self", ""), link("up", {"a": "b", "b": "c", "c": "a"}[name])]
    return {**KEY, "foreignKeys": links}


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(scattered())
def test_scattered_errors(made: tuple[dict[str, str], int]) -> None:
    """Valid and rejected rows are all rows, nothing dangles, and what is written is valid."""
    files, total = made
    tables = [table(n, "id:integer up:integer self:integer", schema=_schema(n)) for n in "abc"]
    with tempfile.TemporaryDirectory() as folder:
        path, out = make(Path(folder) / "p", tables, files), Path(folder) / "out"
        counts = by_api(path, out)
        assert sum(read for read, _, _ in counts.values()) == total
        _expect_parted(path, out, counts, {name: f"{name}.csv" for name in "abc"})
        expect_valid(out)


def _expect_parted(path: Path, out: Path, counts: Counts, files: dict[str, str]) -> None:
    """Each row of a table is either written or in quarantine, and its order is kept."""
    for name, (read, valid, wrong) in counts.items():
        assert read == valid + wrong
        good = kept(out, name)
        bad = rejected(out, name) if wrong else []
        assert (len(good), len(bad)) == (valid, wrong)
        numbers = [int(row[1]) for row in bad]
        assert numbers == sorted(set(numbers))
        whole = rows(path / files[name])[1:]
        left = [row for number, row in enumerate(whole, 1) if number not in numbers]
        assert left == good
        for number, row in zip(numbers, bad, strict=True):
            assert row[4 : 4 + len(whole[number - 1])][:3] == whole[number - 1][:3]


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(made_packages(3))
def test_made_packages(made: Made) -> None:
    """Packages in any dialect and encoding: the valid rows, or one sentence that says why not."""
    files = {item.resource["path"]: item.text for item in made.tables if "path" in item.resource}
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder) / "p", [t.resource for t in made.tables], files, **made.properties)
        out = Path(folder) / "out"
        report = claimpack.validate(path)
        beyond = any(f.severity == "error" and f.row is None for f in report.findings)
        code, _, err = packages.command(
            "export", str(path), "-o", str(out), "--quarantine", "--to", "csv", "--to", "parquet"
        )
        if code:
            assert code == 3 or (code == 1 and beyond and "not in a row" in err), err
            assert not out.exists()
            return
        assert claimpack.validate(out / "csv").verdict == "valid"
        wrong = {(f.resource, f.row) for f in report.findings if f.severity == "error" and f.row}
        for item in report.tables:
            file = out / f"quarantine/{item.name}.csv"
            found = [int(row[1]) for row in rejected(out, item.name)] if file.exists() else []
            assert {row for name, row in wrong if name == item.name} <= set(found)
            written = pq.read_metadata(out / f"parquet/tables/{item.name}.parquet")
            assert written.num_rows + len(found) == item.rows


# The profile of claims


def test_relations_between_tables_of_claims(tmp_path: Path) -> None:
    """What a claims package asks of several tables holds for the rows that are left."""
    for name in ("tables", "schemas"):
        shutil.copytree(DATASET / name, tmp_path / "p" / name)
    shutil.copy(DATASET / "datapackage.json", tmp_path / "p")
    file = tmp_path / "p/tables/claims.csv"
    header, first, *others = rows(file)
    first[header.index("status")] = "gone"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, first, *others])
    made = claimpack.export(tmp_path / "p", tmp_path / "out", ["csv"], quarantine=True)
    counts = {item.table: item for item in made.quarantine}
    assert counts["claims"].rejected == 1
    assert counts["claim_mentions"].rejected >= 1
    assert {row[2] for row in rejected(tmp_path / "out", "passages")} == {"orphan-row"}
    assert all(item.rows == item.valid + item.rejected for item in made.quarantine)
    expect_valid(tmp_path / "out")
