"""A JSON table is parsed row by row, gives what a parser of the whole gives, and is bounded."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import claimpack
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.readers.json_rows import JsonRows
from packages import judge, make, table, unchecked, valid

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SPACES = st.sampled_from([None, 1, "\t"])


def parts(text: str, size: int) -> Iterator[bytes]:
    """The text in parts of a number of characters."""
    return (text[at : at + size].encode() for at in range(0, len(text), size))


def rows(text: str, name: str | None = None, size: int = 7) -> list[Any]:
    """The rows of a text that comes in parts."""
    return list(JsonRows(parts(text, size)).rows(name))


@given(st.lists(VALUES, max_size=6), st.integers(1, 40), SPACES, st.booleans())
def test_rows_are_those_of_the_whole(
    data: list[Any], size: int, indent: int | str | None, escaped: bool
) -> None:
    """However the text is split and spaced, alone or under a name in an object."""
    text = json.dumps(data, indent=indent, ensure_ascii=escaped)
    assert rows(text, None, size) == data
    beside = {"a": [{"rows": 1}], "rows": data, "b": "]"}
    assert rows(json.dumps(beside, indent=indent), "rows", size) == data


@given(st.text(alphabet='[]{},:"1e-. tn\\', max_size=12), st.integers(1, 5))
def test_what_is_not_json_is_refused(text: str, size: int) -> None:
    """As the standard library refuses it."""
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if isinstance(data, list):
        assert rows(text, None, size) == data
    else:
        with pytest.raises(UnreadableError):
            rows(text, None, size)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[\n[1],\n[2,]]", "in line 3"),
        ("[[1]]\n x", "Extra data in line 2"),
        ("[[1] [2]]", "Expecting ',' delimiter in line 1"),
        ("[NaN]", "NaN is not JSON in line 1"),
        ('{"rows": [1], "rows": [2]}', '"rows" twice'),
        ('{"rows": 1}', "not a table"),
        ('{"other": [1]}', "not a table"),
        ('{"rows": [1],}', "not JSON"),
        ("", "not JSON"),
    ],
)
def test_errors_name_the_line(text: str, said: str) -> None:
    """The line is that of the file, whatever was read before."""
    with pytest.raises(UnreadableError, match=said.replace("'", ".")):
        rows(text, "rows", 3)


def test_memory_is_that_of_a_row() -> None:
    """It does not grow with the number of rows."""
    block = (b'{"id": 1, "name": "x"},' * 1000)[:-1]
    many = (b"[" + block if n == 0 else b"," + block for n in range(300))
    tracemalloc.start()
    try:
        read = JsonRows(_ended(many))
        count = sum(1 for _ in read.rows(None))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 300_000
    assert peak < 4_000_000


def _ended(blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield from blocks
    yield b"]"


@pytest.mark.parametrize("name", ["t.json", "t.jsonl"])
@pytest.mark.parametrize("depth", [100_000, 1_000_000])
def test_depth_is_a_limit(tmp_path: Path, name: str, depth: int) -> None:
    """A value that is nested very deeply is skipped, and not called wrong JSON."""
    row = '["x", ' + "[" * depth + "]" * depth + "]"
    text = f'[["a", "b"], {row}]' if name == "t.json" else f'["a", "b"]\n{row}\n'
    described = table("t", "a b:array", path=name)
    said = unchecked(judge(make(tmp_path, [described], {name: text})), "t")
    assert "nested too deeply" in said["why"]


def test_a_row_that_is_too_large_stops_the_reader() -> None:
    """At the limit of a record, not at the end of the file."""
    endless = iter(lambda: b"x" * (1 << 20), None)
    with pytest.raises(TooLargeError):
        list(JsonRows(_begun(endless)).rows(None))


def _begun(blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield b'["'
    yield from blocks


def test_json_lines_without_a_byte_are_a_table_without_rows(tmp_path: Path) -> None:
    """JSON Lines have no header: an empty file has no rows, and an export of one is valid."""
    source = make(tmp_path / "p", [table("t", "a:integer b")], {"t.csv": "a,b\n"})
    claimpack.export(source, tmp_path / "out", ["jsonl"])
    exported = tmp_path / "out" / "jsonl"
    assert [path.stat().st_size for path in exported.rglob("*.jsonl")] == [0]
    valid(judge(exported), rows=0)
