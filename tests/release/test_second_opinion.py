"""Second opinions on a release: a stated sample of large tables, in full where asked for."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimpack
from claimpack import descriptor
from claimpack.release import judges, sampling
from packages import V2, command, field, make, table

LINK = {"fields": ["parent"], "reference": {"resource": "p", "fields": ["id"]}}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of more than 100 rows are large."""
    monkeypatch.setattr(sampling, "LARGE", 100)
    monkeypatch.setattr(sampling, "EDGE", 10)
    monkeypatch.setattr(sampling, "BLOCK", 5)


def package(folder: Path) -> Path:
    """A large table with newlines in quotes, and a small and a large one linked to it."""
    fields = [field("id", "integer"), field("text"), field("parent", "integer")]
    parent = table("p", fields[:2], schema={"primaryKey": "id"}, path="p.csv")
    child = table("c", fields, schema={"foreignKeys": [LINK]}, path="c.csv")
    few = table("few", fields, schema={"foreignKeys": [LINK]}, path="few.csv")
    rows = [f'{n},"a ""b""\nc {n}"' for n in range(300)]
    linked = [f"{row},{299 - n}" for n, row in enumerate(rows)]
    files = {
        "p.csv": "\n".join(["id,text", *rows, ""]),
        "c.csv": "\n".join(["id,text,parent", *linked, ""]),
        "few.csv": "\n".join(["id,text,parent", *linked[:3], ""]),
    }
    return make(folder, [parent, child, few], files, title="A test", **V2)


@given(st.text(), st.integers(101, 10**9))
def test_a_sample_is_the_ends_and_blocks_between(name: str, rows: int) -> None:
    """In order, without overlap, and the same whenever it is drawn."""
    parts = sampling.blocks(name, rows)
    assert parts == sampling.blocks(name, rows)
    assert (parts[0], parts[-1].stop, len(parts)) == (range(10), rows, 10)
    assert all(one.stop <= two.start for one, two in pairwise(parts))
    assert sum(map(len, parts)) == 60


def test_a_small_table_is_its_own_sample() -> None:
    """Up to the limit every row is checked."""
    assert sampling.blocks("t", 100) == (range(100),)


def test_the_sample_has_the_records_as_they_are(tmp_path: Path) -> None:
    """Header, quotes and newlines in quotes; references to a table that is not whole are gone."""
    release = claimpack.publish(package(tmp_path / "p"), tmp_path / "r", ["csv", "parquet"])
    csv = release.folder / "csv"
    read = descriptor.read(csv).package
    assert read is not None
    sampled = sampling.large(read, "sample")
    assert sorted(sampled) == ["c", "p"]
    assert sampling.large(read, "full") == {}
    with sampling.csv_sample(csv, read, sampled) as path:
        report = claimpack.validate(path.parent)
        assert (report.verdict, [t.rows for t in report.tables]) == ("valid", [60, 60, 3])
        whole = (csv / "tables/c.csv").read_bytes()
        some = (path.parent / "tables/c.csv").read_bytes()
        assert some.startswith(whole[:200])
        assert some.endswith(whole[-100:])
        schemas = [item.get("schema", {}) for item in json.loads(path.read_text())["resources"]]
        assert not any("foreignKeys" in schema for schema in schemas)


def test_the_release_says_what_was_checked(tmp_path: Path) -> None:
    """In its README, in the checks, and on the screen."""
    source = package(tmp_path / "p")
    release = claimpack.publish(source, tmp_path / "r", ["csv", "parquet"])
    told = {check.scope for check in release.verification.checks if check.scope}
    assert told == {
        "a sample: 60 of 300 rows of p; 60 of 300 rows of c",
        "a sample: 60 of 300 rows of p",
        "a sample: 60 of 300 rows of c",
    }
    readme = (release.folder / "README.md").read_text("utf-8")
    assert "they checked the first and last 10 rows and 8 random blocks of 5 rows" in readme
    code, out, _ = command("verify", str(release.folder))
    assert code == 0
    assert "frictionless checked a sample: 60 of 300 rows of p; 60 of 300 rows of c" in out


def test_in_full_every_row_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --second-opinion full."""
    asked: list[str] = []
    ask = judges._by_frictionless

    def watched(path: Path, form: str, scope: str) -> object:
        asked.append(path.parent.name)
        return ask(path, form, scope)

    monkeypatch.setattr(judges, "_by_frictionless", watched)
    source = package(tmp_path / "p")
    code, out, _ = command(
        "publish", str(source), "-o", str(tmp_path / "r"), "--to", "csv", "--to", "parquet",
        "--second-opinion", "full",
    )  # fmt: skip
    assert (code, asked) == (0, ["csv"])
    assert "a sample" not in out
    readme = (tmp_path / "r/README.md").read_text("utf-8")
    assert "frictionless and pandera checked every row." in readme


def test_what_a_validator_says_of_the_sample_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that it finds keeps the release from appearing."""
    source = package(tmp_path / "p")
    release = claimpack.publish(source, tmp_path / "r", ["csv", "parquet"])
    csv = release.folder / "csv"
    described = json.loads((csv / "datapackage.json").read_text())
    described["resources"][1]["schema"]["fields"][0]["type"] = "date"
    (csv / "datapackage.json").write_text(json.dumps(described))
    read = descriptor.read(csv).package
    assert read is not None
    found = judges.by_frictionless(release.folder, "csv", read, "sample")
    assert found.outcome == "failed"
    assert found.scope.startswith("a sample: 60 of 300 rows of p")


def test_another_word_is_a_usage_error(tmp_path: Path) -> None:
    """The message lists what is known."""
    code, _, err = command("verify", str(tmp_path), "--second-opinion", "half")
    assert code == 2
    assert 'unknown second opinion "half"; expected sample or full' in err


@given(st.lists(st.lists(st.text("ab\"\n,'é"), min_size=2, max_size=2), min_size=1), st.data())
def test_records_are_found_in_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], data: st.DataObject
) -> None:
    """Wherever blocks begin, and whatever is in quotes."""
    path = tmp_path_factory.mktemp("c") / "t.csv"
    cells = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows]
    text = [record.encode() for record in cells]
    path.write_bytes(b"".join(text))
    numbers = data.draw(st.sets(st.integers(0, len(rows))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "BYTES", data.draw(st.integers(1, 20)))
        found = sampling._offsets(path, numbers)
    assert {n: found[n] for n in numbers} == {n: sum(map(len, text[:n])) for n in numbers}
