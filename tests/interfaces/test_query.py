"""SQL over the tables of a package: typed, named as they are, and with no way out."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import claimpack
from packages import command, field, make, table

FIELDS = [
    field("id", "integer"),
    field("day", "date"),
    field("share", "number"),
    field("sure", "boolean"),
    field("level", categories=["low", "high"]),
]
ROWS = "id,day,share,sure,level\n1,2020-02-29,0.5,true,low\n2,,NaN,false,high\n3,2021-01-01,,,\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two tables, one of a name that SQL knows otherwise."""
    resources = [table("t", FIELDS), table("order", "id:integer note")]
    return make(tmp_path / "p", resources, {"t.csv": ROWS, "order.csv": 'id,note\n1,"a, b"\n'})


def ask(sql: str, path: Path, *args: str) -> str:
    """What the command prints."""
    code, out, err = command("query", sql, str(path), *args)
    assert (code, err) == (0, "")
    return out


def test_rows_are_typed(package: Path) -> None:
    """Each table is there under its name, typed as its schema says."""
    found = claimpack.query("select * from t where share < 1 or day > date '2020-12-31'", package)
    rows = found.to_arrow()
    assert rows.schema.field("day").type == pa.date32()
    assert rows.schema.field("share").type == pa.float64()
    assert [row["id"] for row in rows.to_pylist()] == [1, 3]
    assert found.columns == ("id", "day", "share", "sure", "level")


def test_json(package: Path) -> None:
    """JSON has a list of objects; NaN, which JSON lacks, is a text."""
    rows = json.loads(ask("from t select * exclude day order by id", package, "-f", "json"))
    assert rows[1] == {"id": 2, "share": "NaN", "sure": False, "level": "high"}
    assert rows[2] == {"id": 3, "share": None, "sure": None, "level": None}
    assert json.loads(ask("from t where id > 9", package, "-f", "json")) == []


@pytest.mark.parametrize("format_name", ["json", "parquet"])
def test_columns_of_one_name(format_name: str, package: Path, tmp_path: Path) -> None:
    """Where a name stands for one value, two columns of one name are refused, not dropped."""
    sql, target = "select 1 as a, 2 as a", str(tmp_path / "out")
    code, _, err = command("query", sql, str(package), "-f", format_name, "-o", target)
    assert (code, "2 columns are named" in err, Path(target).exists()) == (2, True, False)
    with pytest.raises(claimpack.UsageError, match="2 columns"):
        claimpack.query(sql, package).to_pylist()
    assert ask(sql, package, "-f", "csv") == "a,a\n1,2\n"


def test_decimals_keep_their_digits(package: Path) -> None:
    """A decimal that no JSON number tells is a text; CSV has all of its digits."""
    sql = "select 12345678901234567890.123::decimal(38,3) as a, 1.50::decimal(9,2) as b"
    assert json.loads(ask(sql, package, "-f", "json")) == [
        {"a": "12345678901234567890.123", "b": 1.5}
    ]
    assert ask(sql, package, "-f", "csv") == "a,b\n12345678901234567890.123,1.5\n"


def test_pivot(package: Path) -> None:
    """A PIVOT is a select where it names its values; else it is told to."""
    sql = "pivot t on level{} using count(*) group by sure"
    assert ask(sql.format(" in ('low')"), package, "-f", "csv").startswith("sure,low\n")
    code, _, err = command("query", sql.format(""), str(package))
    assert (code, "ON column IN" in err) == (2, True)


def test_csv(package: Path) -> None:
    """CSV is RFC 4180 with a header; a join over a quoted name works."""
    sql = 'select t.id, note, day, sure from t join "order" using (id)'
    assert ask(sql, package, "-f", "csv") == 'id,note,day,sure\n1,"a, b",2020-02-29,true\n'


def test_table(package: Path) -> None:
    """A table shows some rows and tells how many there are; escapes do nothing."""
    out = ask("select id, chr(27) || 'x' as note from t order by id", package, "--limit", "2")
    assert out == "id  note\n 1  \\x1bx\n 2  \\x1bx\n\n3 rows, 1 row more not shown\n"


def test_files(package: Path, tmp_path: Path) -> None:
    """Each format can be written to a file; Parquet only there."""
    target = tmp_path / "t.parquet"
    ask("from t", package, "-f", "parquet", "-o", str(target))
    assert pq.read_table(target).num_rows == 3
    ask("from t", package, "-f", "csv", "-o", str(tmp_path / "t.csv"))
    assert (tmp_path / "t.csv").read_text("utf-8").count("\n") == 4
    assert command("query", "from t", str(package), "-f", "parquet")[0] == 2
    assert command("query", "from t", str(package), "-o", str(package / "t.csv"))[0] == 2


def test_a_failing_query_leaves_the_file(package: Path, tmp_path: Path) -> None:
    """A row that makes the query fail leaves the old file as it was, and nothing beside it."""
    target = tmp_path / "out.csv"
    target.write_text("old")
    sql = "select cast(level as integer) from t"
    code, _, err = command("query", sql, str(package), "-f", "csv", "-o", str(target))
    assert (code, err.count("\n"), target.read_text()) == (2, 1, "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "p"]


REFUSED = [
    "select * from read_csv('{file}')",
    "select * from read_text('{file}')",
    "select * from read_blob('{file}')",
    "select * from '{file}'",
    "select * from glob('{folder}/*')",
    "select * from parquet_scan('{file}')",
    "select * from sniff_csv('{file}')",
    "select * from query('select * from read_text(''{file}'')')",
    "select * from 'https://example.org/x.csv'",
    "select * from duckdb_secrets()",
    "copy t to '{new}'",
    "copy t from '{file}'",
    "attach '{new}' as other",
    "export database '{new}'",
    "import database '{folder}'",
    "install httpfs",
    "load httpfs",
    "set memory_limit = '1GB'",
    "set enable_external_access = true",
    "pragma enable_external_access = true",
    "reset lock_configuration",
    "create table u as select 1",
    "insert into t select * from t",
    "update t set id = 0",
    "delete from t",
    "drop table t",
    "with gone as (delete from t returning id) select * from gone",
    "select * from read_csv('{file}'); select 1",
    "select 1; copy t to '{new}'",
    "call pragma_version()",
    "select nonsense(",
    "",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_no_way_out(sql: str, package: Path, tmp_path: Path) -> None:
    """Files, network, extensions, settings and changes are refused in one line, exit code 2."""
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhush\n")
    new = tmp_path / "new"
    filled = sql.format(file=secret.as_posix(), folder=tmp_path.as_posix(), new=new.as_posix())
    code, out, err = command("query", filled, str(package))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "internal error" not in err
    assert "hush" not in err
    assert not new.exists()
    with pytest.raises(claimpack.UsageError):
        claimpack.query(filled, package).to_arrow()


def test_variables_are_no_tables(package: Path) -> None:
    """A variable of the calling program cannot be read as a table."""
    frame = pa.table({"a": [1]})
    assert frame.num_rows == 1
    with pytest.raises(claimpack.UsageError, match="frame"):
        claimpack.query("select * from frame", package)


def test_any_name(package: Path) -> None:
    """A table is filled however the query comes by its name; all are listed."""
    assert [row["name"] for row in claimpack.query("show tables", package).to_pylist()] == [
        "order",
        "t",
    ]
    sql = "select count(*) as n from query_table('or' || 'der')"
    assert claimpack.query(sql, package).to_pylist() == [{"n": 1}]


def test_release(package: Path, tmp_path: Path) -> None:
    """A release and its Parquet package are queried as the package is."""
    claimpack.export(package, tmp_path / "out")
    for path in (tmp_path / "out", tmp_path / "out" / "parquet"):
        assert claimpack.query("select sum(id) as n from T", path).to_pylist() == [{"n": 6}]


def test_missing_table(package: Path) -> None:
    """A table whose file is gone is told with exit code 3; a query of another one runs."""
    (package / "order.csv").unlink()
    code, _, err = command("query", 'select * from "order"', str(package))
    assert (code, "order" in err) == (3, True)
    assert claimpack.query("select count(*) as n from t", package).to_pylist() == [{"n": 3}]


def test_spills(tmp_path: Path) -> None:
    """What does not fit into memory goes to disk although the query can reach no file."""
    rows = "".join(f"{n},{n:0>100}\n" for n in range(60_000))
    path = make(tmp_path, [table("t", "a:integer b")], {"t.csv": f"a,b\n{rows}"})
    sql = "select count(distinct b || 'x') as n from t"
    assert claimpack.query(sql, path, memory="60MB").to_pylist() == [{"n": 60_000}]


def test_a_table_without_columns_is_refused_by_name(tmp_path: Path) -> None:
    """Only where the query names it: an empty file without a schema has none."""
    tables = [{"name": "none", "path": "none.csv"}, table("t", "a")]
    folder = make(tmp_path, tables, {"none.csv": "", "t.csv": "a\nx\n"})
    assert claimpack.query("select * from t", folder).to_pylist() == [{"a": "x"}]
    with pytest.raises(claimpack.UnreadableError, match="table none: it has no columns"):
        claimpack.query("select * from none", folder)
