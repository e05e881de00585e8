"""A release with quarantine has the valid rows, the rejected ones beside them, and says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import claimpack
import packages
from releases import PEOPLE, VISITS, contents, package, verify

WRONG = {"people.csv": PEOPLE.replace("2,Bo", "x,Bo"), "visits.csv": VISITS}


def test_release_has_the_valid_rows_and_the_quarantine(tmp_path: Path) -> None:
    """The valid rows are published in every format; the rejected rows are listed and verified."""
    out = tmp_path / "out"
    made = claimpack.publish(package(tmp_path / "p", WRONG), out, quarantine=True)
    assert made.report.verdict == "invalid"
    assert made.verification.verdict == "valid"
    counts = {item.table: (item.rows, item.valid, item.rejected) for item in made.quarantine}
    assert counts == {"people": (3, 2, 1), "visits": (3, 2, 1)}
    found = contents(out)
    assert b"x,Bo" in found["quarantine/people.csv"]
    assert b"foreign-key" in found["quarantine/visits.csv"]
    assert b"quarantine/people.csv" in found["SHA256SUMS"]
    assert "duckdb/p.duckdb" in found
    assert verify(out)[0] == 0


def test_release_says_what_was_rejected(tmp_path: Path) -> None:
    """The README of the release, that of the folder and both summaries have the counts."""
    path, out = package(tmp_path / "p", WRONG), tmp_path / "out"
    code, told, err = packages.command("publish", str(path), "-o", str(out), "--quarantine")
    assert (code, err) == (0, "")
    assert "quarantine: 2 rows rejected" in told
    found = {name: text.decode() for name, text in contents(out).items() if name.endswith(".md")}
    said = "claimpack rejected 1 of 3 rows of people, 1 of 3 rows of visits. Rejected rows are in"
    assert said in found["README.md"]
    assert "| people | 3 | 2 | 1 |" in found["quarantine/README.md"]
    code, told, _ = packages.command(
        "publish", str(path), "-o", str(out), "--quarantine", "-f", "json"
    )
    assert code == 0
    assert json.loads(told)["quarantine"][0] == {
        "table": "people",
        "rows": 3,
        "valid": 2,
        "rejected": 1,
        "path": "quarantine/people.csv",
    }


def test_nothing_is_published_without_the_option(tmp_path: Path) -> None:
    """A package with errors is not published unless quarantine is asked for."""
    path = package(tmp_path / "p", WRONG)
    with pytest.raises(claimpack.InvalidPackageError):
        claimpack.publish(path, tmp_path / "out")
    assert packages.command("publish", str(path), "-o", str(tmp_path / "out"))[0] == 1
    assert not (tmp_path / "out").exists()


def test_valid_package_gives_the_same_release(tmp_path: Path) -> None:
    """Of a valid package the release is the same, byte by byte, with the option and without."""
    path = package(tmp_path / "p")
    claimpack.publish(path, tmp_path / "a", ["csv", "parquet"])
    made = claimpack.publish(path, tmp_path / "b", ["csv", "parquet"], quarantine=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert [item.rejected for item in made.quarantine] == [0, 0]


def test_error_outside_rows_is_not_published(tmp_path: Path) -> None:
    """An error that is not in a row stops the release with one sentence."""
    wrong = {"people.csv": PEOPLE.replace("status", "state"), "visits.csv": VISITS}
    path = package(tmp_path / "p", wrong)
    code, told, err = packages.command(
        "publish", str(path), "-o", str(tmp_path / "out"), "--quarantine"
    )
    assert (code, "an error is not in a row: people.csv, line 1" in told + err) == (1, True)
    assert not (tmp_path / "out").exists()


def test_rejecting_a_published_row_breaks_the_promise(tmp_path: Path) -> None:
    """Published ids must live on: a release does not lose one to quarantine."""
    out = tmp_path / "out"
    claimpack.publish(package(tmp_path / "a"), out, ["csv"])
    path = package(tmp_path / "b", WRONG, version="2.0.0")
    with pytest.raises(claimpack.ClaimpackError, match="people"):
        claimpack.publish(path, out, ["csv"], quarantine=True)
    assert b"2,Bo" in contents(out)["csv/tables/people.csv"]
