"""Queries that meet damaged files, values of any type, and limits of time and memory."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import claimpack
from packages import command, make, one, table


def damaged(folder: Path, content: bytes) -> Path:
    """A package of one table whose file says that it is compressed."""
    resource = table("t", "a:integer b", path="t.csv.gz")
    return make(folder, [resource], {"t.csv.gz": content})


WHOLE = gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(200_000)))


@pytest.mark.parametrize("content", [b"a,b\n1,x\n", WHOLE[: len(WHOLE) // 2]])
def test_damaged_file(content: bytes, tmp_path: Path) -> None:
    """A compressed file that is none, or is cut, is reported as itself in one short line."""
    path = damaged(tmp_path, content)
    code, out, err = command("query", "select count(*) from t", str(path))
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert "table t: " in err
    for word in ("Traceback", "incoming", "registered", "Invalid Input"):
        assert word not in err
    with pytest.raises(claimpack.UnreadableError, match="table t: "):
        claimpack.query("from t", path)


def test_hints(tmp_path: Path) -> None:
    """A name that is unknown is reported with the names that are near it."""
    path = one(tmp_path, "verdict\nyes\n", "verdict")
    for sql, hint in (
        ("from tt", 'Did you mean "t"?'),
        ("select verdct from t", 'Candidate bindings: "verdict"'),
    ):
        code, _, err = command("query", sql, str(path))
        assert (code, hint in err, err.count("\n")) == (2, True, 1)


EXTREMES = [
    "select * from test_all_types()",
    "select interval '300000 years' as a, -interval '300000 years' as b",
    "select [interval 1 month] as a, {'b': [interval 1 day]} as c, map {'d': interval 1 day} as e",
    "select date '290309-12-22 (BC)' as a, date 'infinity' as b, [date '-infinity'] as c",
    "select timestamp 'infinity' as a, timestamptz '-infinity' as b, time '24:00:00' as c",
    "select struct_pack() as a, row(1, interval 1 day) as b, 1::variant as c, null as d",
    "select union_value(n := interval 1 day) as a, '101'::bit as b, 12::uhugeint as c",
]


@pytest.mark.parametrize("format_name", ["table", "csv", "json", "parquet"])
@pytest.mark.parametrize("sql", EXTREMES)
def test_any_type(sql: str, format_name: str, tmp_path: Path) -> None:
    """A value of any type, however extreme, can be written in every format."""
    path = one(tmp_path / "p", "a\n1\n", "a")
    target = tmp_path / "out"
    code, _, err = command("query", sql, str(path), "-f", format_name, "-o", str(target))
    assert (code, err) == (0, "")
    assert target.stat().st_size > 0
    assert claimpack.query(sql, path).to_pylist()


def test_extreme_values(tmp_path: Path) -> None:
    """Dates and times that Python lacks are written as ISO 8601 with the digits they need."""
    path = one(tmp_path, "a\n1\n", "a")
    sql = (
        "select date '10000-01-02' as a, date '0001-01-01 (BC)' as b, date 'infinity' as c, "
        "timestamp '12345-06-07 08:09:10.5' as d, time '24:00:00' as e, "
        "340282366920938463463374607431768211455::uhugeint as f, interval '14 months' as g"
    )
    assert claimpack.query(sql, path).to_pylist()[0]["a"] == "+10000-01-02"
    out = command("query", sql, str(path), "-f", "csv")[1].splitlines()[1].split(",")
    assert out == [
        "+10000-01-02",
        "0000-01-01",
        "infinity",
        "+12345-06-07T08:09:10.500000",
        "24:00:00",
        "340282366920938463463374607431768211455",
        "1 year 2 months",
    ]
