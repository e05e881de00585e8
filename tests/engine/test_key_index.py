"""Keys as hashes: in memory, on disk, and between tables that were read in different ways."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimpack
from claimpack.checks import lexical, logical
from claimpack.descriptor.model import Field
from claimpack.engine.keys import hash_index as key_index
from claimpack.engine.keys.hash_index import KeyIndex, KeyIndexes, combined, contains
from claimpack.engine.keys.hash_keys import of_texts
from claimpack.readers import csv_plainness
from packages import V2, Json, expect, field, judge, make, of, table, timeless, valid

HASHES = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=200)


def filled(indexes: KeyIndexes, hashes: list[int], pieces: int = 3) -> KeyIndex:
    """An index of some hashes, added in pieces."""
    index = indexes.new()
    for piece in np.array_split(np.array(hashes, dtype=np.uint64), pieces):
        index.add(piece)
    return index


@given(HASHES, HASHES, st.sampled_from([0, 64, 1 << 20]))
def test_what_stands_twice_and_what_is_missing(
    tmp_path_factory: pytest.TempPathFactory, own: list[int], other: list[int], budget: int
) -> None:
    """In memory and on disk alike; 0 stands for no key, which is neither."""
    indexes = KeyIndexes(tmp_path_factory.mktemp("keys"), budget)
    one, two = filled(indexes, own), filled(indexes, other)
    assert one.repeated().tolist() == sorted({h for h in own if h and own.count(h) > 1})
    assert one.missing_from(two).tolist() == sorted({h for h in own if h} - set(other))
    assert two.missing_from(one).tolist() == sorted({h for h in other if h} - set(own))


def test_the_largest_index_goes_to_disk_first(tmp_path: Path) -> None:
    """Indexes share a budget of bytes; what is beyond it is not held in memory."""
    indexes = KeyIndexes(tmp_path, 1000)
    small, large = filled(indexes, list(range(1, 50))), filled(indexes, list(range(1, 120)))
    assert small.held == 49 * 8
    assert large.held < 1000 - small.held
    assert len(large.missing_from(small)) == 70
    assert [path.name for path in tmp_path.iterdir()] == ["keys-1"]


def test_keys_of_several_fields_differ_by_their_order() -> None:
    """(a, b) is not (b, a), and a key with a null is none."""
    a, b, none = (np.array([n], dtype=np.uint64) for n in (7, 8, 0))
    assert combined([a, b]) != combined([b, a])
    assert combined([a, none]) == combined([none, a]) == 0
    assert contains(np.array([3, 7], dtype=np.uint64), a).tolist() == [True]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        *((kind, {}) for kind in ("integer", "number", "date", "time", "year", "yearmonth")),
        ("integer", {"groupChar": ","}),
        ("integer", {"bareNumber": False}),
        ("number", {"decimalChar": ","}),
    ],
)
@given(text=st.text("0123456789-+.:eTZ", max_size=12) | st.sampled_from(["2024-02-29", "0", "-1"]))
def test_a_text_that_is_its_own_key_is_so(kind: str, options: Json, text: str) -> None:
    """Whatever matches the pattern is what the exact function writes of it."""
    described = Field("x", kind, options=options)
    pattern = lexical.own_key(described)
    if pattern is None or not re.fullmatch(pattern, text):
        return
    try:
        exact = logical.canonical(described)(text)
    except ValueError:
        return
    assert exact == text


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files above 100 bytes are large."""
    monkeypatch.setattr(csv_plainness, "SMALL", 100)


LARGE = [f"{n}" for n in range(1, 60)]
SMALL = ["1", "2", "3"]


def linked(folder: Path, parents: list[str], children: list[str]) -> Path:
    """A table of keys, and one that refers to it."""
    parent = table("p", [field("id", "integer")], schema={"primaryKey": "id"})
    link = {"fields": ["id"], "reference": {"resource": "p", "fields": ["id"]}}
    child = table("c", [field("id", "integer")], schema={"foreignKeys": [link]})
    texts = {"p.csv": parents, "c.csv": children}
    files = {name: "id\n" + "".join(f"{key}\n" for key in keys) for name, keys in texts.items()}
    return make(folder, [parent, child], files, **V2)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("parents", [LARGE, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("children", [LARGE, SMALL], ids=["large", "small"])
def test_references_between_large_and_small_tables(
    tmp_path: Path, parents: list[str], children: list[str]
) -> None:
    """However the two tables are read; spellings of one number are one key."""
    folder = linked(tmp_path, parents, [*children[:3], "+2", "03", "999", "", "998"])
    report = judge(folder)
    assert [(item["value"], item["line"]) for item in of(report, "foreign-key")] == [
        ("999", 7),
        ("998", 9),
    ]


@pytest.mark.usefixtures("swept")
def test_references_without_a_target_are_found_among_many(tmp_path: Path) -> None:
    """A large table that refers to a small one, and the other way round."""
    report = judge(linked(tmp_path, SMALL, LARGE))
    assert [item["value"] for item in of(report, "foreign-key")] == LARGE[3:]


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("budget", [0, 1 << 20])
def test_repeated_keys_of_a_large_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: int
) -> None:
    """Each is told with the line of the first; spellings of one value are equal."""
    monkeypatch.setattr(key_index, "BUDGET", budget)
    rows = [f"{n},x{n}" for n in range(1, 60)]
    rows[20], rows[30] = "+7,y", "007,z"
    fields = [field("id", "integer"), field("t")]
    made = make(
        tmp_path,
        [table("t", fields, schema={"primaryKey": "id"})],
        {"t.csv": "\n".join(["id,t", *rows, ""])},
        **V2,
    )
    told = [(item["value"], item["line"], item["message"]) for item in judge(made)["findings"]]
    assert told == [
        ("+7", 22, 'duplicate primary key "+7" (first used in line 8)'),
        ("007", 32, 'duplicate primary key "007" (first used in line 8)'),
    ]


@pytest.mark.usefixtures("swept")
def test_keys_of_several_fields_of_a_large_table(tmp_path: Path) -> None:
    """A null in one of them leaves the whole key out, of a foreign key and of a unique key."""
    fields = [field("a", "integer"), field("b", "date")]
    text = "a,b\n" + "".join(f"{n},2024-01-{n:02}\n" for n in range(1, 29))
    text += "1,\n1,\n,2024-01-01\n,2024-01-01\n28,2024-01-28\n"
    described = table("t", fields, schema={"uniqueKeys": [["a", "b"]]})
    report = judge(make(tmp_path, [described], {"t.csv": text}, **V2))
    expect(report, "invalid", {"rule": "unique-key", "row": 33, "line": 34})


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("missing", [["-"], ["", "NA"], ["x", "0"]])
def test_missing_values_of_a_large_table(tmp_path: Path, missing: list[str]) -> None:
    """Texts that mean null are null to every check and key, whatever they are."""
    rows = [f"{n},t{n}" for n in range(1, 40)]
    shown = [f"{text},{text}" for text in missing]
    text = "\n".join(["id,t", *rows, *shown, *shown, ""])
    schema = {"missingValues": missing, "uniqueKeys": [["id"]]}
    fields = [field("id", "integer"), field("t", constraints={"pattern": "t[0-9]+"})]
    valid(judge(make(tmp_path, [table("t", fields, schema=schema)], {"t.csv": text}, **V2)))


def test_large_and_small_tables_get_the_same_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random keys of every type, with nulls, repetitions and odd spellings, read both ways."""
    chance = random.Random(5)
    texts = {
        "integer": ["1", "+1", "01", "-0", "0", "7", "123456789012345678901", ""],
        "number": ["1", "1.0", "1e0", "0.5", ".5", "NaN", "INF", "-1", ""],
        "date": ["2024-02-29", "0004-02-29", "2023-01-31", ""],
        "datetime": ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00"],
        "year": ["2024", "2024Z", "2024+00:00", "02024", "-0044", ""],
        "boolean": ["true", "1", "false", "0", ""],
        "string": ["a", "A", "é", "", " a"],
    }
    for number, (kind, cells) in enumerate(texts.items()):
        rows = [f"{chance.choice(cells)},{chance.choice(cells)}" for _ in range(30)]
        link = {"fields": ["a"], "reference": {"resource": "", "fields": ["b"]}}
        schema = {"uniqueKeys": [["a", "b"]], "foreignKeys": [link]}
        described = table("t", [field("a", kind), field("b", kind)], schema=schema)
        folder = make(tmp_path / f"{number}", [described], {"t.csv": "\n".join(["a,b", *rows, ""])})
        small = timeless(claimpack.validate(folder).to_dict())
        with monkeypatch.context() as patch:
            patch.setattr(csv_plainness, "SMALL", -1)
            assert timeless(claimpack.validate(folder).to_dict()) == small


def test_hashes_of_a_key_are_the_same_however_it_is_kept() -> None:
    """A key that goes by in a file, and one that the database gives back."""
    import polars as pl

    keys = ["a", "é", "2024-01-26", None]
    batch = pl.DataFrame({"k": pl.Series(keys, dtype=pl.String)})
    back = pl.DataFrame(pl.from_arrow(batch.to_arrow()))
    assert of_texts(batch).tolist() == of_texts(back).tolist()
    assert of_texts(batch).tolist()[3] == 0
