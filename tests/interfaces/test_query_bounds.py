"""A query of the user ends: after its time, and within its memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import claimpack
from claimpack.errors import TooLargeError
from packages import command, make, table

SLOW = "select * from range(100000000000)"
ENDLESS = (
    "select sum(a.range * b.range) from range(10000000) a, range(10000000) b",
    "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t",
    "select sum(range) from range(100000000000)",
)


@pytest.mark.parametrize("sql", ENDLESS)
def test_endless_query_ends_after_its_time(sql: str, tmp_path: Path) -> None:
    """A query that never ends is given up, in one line that names the option."""
    make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"})
    code, _, err = command("query", sql, str(tmp_path), "--timeout", "0.2")
    assert code == 3
    assert err == "claimpack: the query took longer than 0.2 s; raise the limit with --timeout\n"
    with pytest.raises(TooLargeError, match="--timeout"):
        claimpack.query(sql, tmp_path, timeout=0.2).to_arrow()


def test_time_runs_until_the_last_row_is_read(tmp_path: Path) -> None:
    """Rows that come slowly are given up as well."""
    make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"})
    with pytest.raises(TooLargeError, match="--timeout"):
        for _ in claimpack.query(SLOW, tmp_path, timeout=0.3).to_batches():
            pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process from growing")
def test_one_value_cannot_take_more_than_the_memory(tmp_path: Path) -> None:
    """A function that makes four gigabytes at once fails; the process takes a fraction of that."""
    make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"})
    sql = "select length(repeat('x', 4000000000)) as n from t"
    # a small process between: what the tests' own process took would count for its child
    between = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "sys.exit(done.returncode)"
    )
    arguments = [sys.executable, "-m", "claimpack", "query", sql, str(tmp_path)]
    command = [sys.executable, "-c", between, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == "claimpack: exceeded the memory limit of 160MiB; raise it with --memory\n"
    assert int(done.stdout) < 1400 * 1024


def test_query_that_spills_stays_within_its_bounds(tmp_path: Path) -> None:
    """What the engine can do on disk is not refused for want of memory."""
    make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"})
    [row] = claimpack.query(
        "select count(distinct range) as n from range(3000000)", tmp_path, memory="100MiB"
    ).to_pylist()
    assert row == {"n": 3_000_000}
