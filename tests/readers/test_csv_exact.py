"""The reader: awkward bytes and lines, each with its true row, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

import packages

Expected = list[tuple[str, int | None, int | None, str | None]]

CASES: dict[str, tuple[bytes, int, Expected]] = {
    "plain": (b"id,b\n1,2\n2,3\n", 2, []),
    "no newline at the end": (b"id,b\n1,2\n2,3", 2, []),
    "crlf": (b"id,b\r\n1,2\r\n2,3\r\n", 2, []),
    "newline in quotes": (
        b'id,b\n1,"x\ny"\n2,3\n2,4\n',
        3,
        [("primary-key", 3, 5, "id")],
    ),
    "backslash and n": (b'id,b\n1,"x\ny"\n2,a\\nb\\r\n3,\\n\n', 3, []),
    "blank line between rows": (
        b"id,b\n1,2\n\nx,3\n",
        2,
        [("blank-row", None, 3, None), ("type-error", 2, 4, "id")],
    ),
    "blank line at the end": (b"id,b\n1,2\n\n", 1, [("blank-row", None, 3, None)]),
    "short row": (b"id,b\n1\n2,3\n", 2, [("missing-cell", 1, 2, "b")]),
    "long row": (b"id,b\n1,2,3,4\n2,3\n", 2, [("extra-cell", 1, 2, None)]),
    "mixed newlines": (b"id,b\r\n1,2\n2,3\r\n", 2, [("mixed-newlines", None, 2, None)]),
    "carriage returns": (b"id,b\r1,2\r2,3\r", 2, [("newline-error", None, 1, None)]),
    "quote never closed": (b'id,b\n1,"2\n2,3\n3,4\n', 3, [("quoting-error", 1, 2, None)]),
    "quote closed by a later one": (
        b'id,b\n1,"2\n2,3\n3,"4"\n4,5\n',
        4,
        [("quoting-error", 1, 2, None)],
    ),
    "text behind a quote": (b'id,b\n1,"2"x\n2,3\n', 2, [("quoting-error", 1, 2, None)]),
    "bare quote": (b'id,b\n1,2"x\n2,3\n', 2, [("bare-quote", 1, 2, None)]),
    "space before a quote": (b'id,b\n1, "x"\n2,3\n', 2, [("bare-quote", 1, 2, None)]),
    "NUL": (b"id,b\n1,2\x00\n2,3\n", 2, [("nul-byte", 1, 2, None)]),
    "bad UTF-8": (b"id,b\n1,\xff\n2,3\n", 2, [("encoding-error", 1, 2, None)]),
    "byte order mark": (b"\xef\xbb\xbfid,b\n1,2\n", 1, []),
    "empty": (b"", 0, [("empty-file", None, None, None)]),
    "mark only": (b"\xef\xbb\xbf", 0, [("empty-file", None, None, None)]),
    "header only": (b"id,b\n", 0, []),
    "empty cells": (b"id,b\n,\n", 1, [("blank-row", 1, 2, None)]),
    "null and repeated keys": (
        b"id,b\n,2\n1,3\n1,4\nx,5\nx,6\n",
        5,
        [
            ("primary-key", 1, 2, "id"),
            ("primary-key", 3, 4, "id"),
            ("type-error", 4, 5, "id"),
            ("type-error", 5, 6, "id"),
        ],
    ),
}


def _package(folder: Path, data: bytes) -> Path:
    (folder / "x.csv").write_bytes(data)
    fields = [{"name": "id", "type": "integer"}, {"name": "b", "type": "string"}]
    schema = {"fields": fields, "primaryKey": ["id"]}
    resource = {"name": "x", "path": "x.csv", "schema": schema}
    return packages.make(folder, [resource])


@pytest.mark.parametrize("case", CASES)
def test_awkward_bytes_are_reported_where_they_stand(tmp_path: Path, case: str) -> None:
    """Each awkward input gets its rule, row, line and field, and every other row is read."""
    data, rows, expected = CASES[case]
    report = packages.judge(_package(tmp_path, data))
    found = [(f["rule"], f["row"], f["line"], f["field"]) for f in report["findings"]]
    assert expected == found
    assert rows == report["tables"][0]["rows"]


@pytest.mark.parametrize("prefix", [0, 1, 4095, 65_535, 262_143, 1_048_575, 2_097_151])
def test_quoted_newlines_at_block_borders(tmp_path: Path, prefix: int) -> None:
    """A newline inside quotes counts as no row wherever blocks of the reader end."""
    filler = b"0," + b"f" * prefix + b"\n"
    rows = b"".join(b'%d,"a,b\n1,c\n"\n' % number for number in range(1, 30_000))
    data = b"id,b\n" + filler + rows + b"z,1\n3,4,5\n5,x\n"
    report = packages.judge(_package(tmp_path, data))
    found = [(f["rule"], f["row"], f["line"]) for f in report["findings"]]
    last = 2 + 3 * 29_999
    assert [
        ("type-error", 30_001, last + 1),
        ("extra-cell", 30_002, last + 2),
        ("primary-key", 30_003, last + 3),
    ] == sorted(found, key=lambda item: (item[2], item[0]))


def test_a_ragged_row_of_a_parent_makes_no_false_reference(tmp_path: Path) -> None:
    """References to a table with a row that is too long or too short are skipped."""
    (tmp_path / "p.csv").write_bytes(b"id,b\n1,x,y\n2\n")
    (tmp_path / "c.csv").write_bytes(b"k,id\na,1\nb,2\nc,3\n")
    fields = [{"name": "id"}, {"name": "b"}]
    link = {"fields": ["id"], "reference": {"resource": "p", "fields": ["id"]}}
    child = {"fields": [{"name": "k"}, {"name": "id"}], "foreignKeys": [link]}
    package = packages.make(
        tmp_path,
        [
            {"name": "p", "path": "p.csv", "schema": {"fields": fields, "primaryKey": ["id"]}},
            {"name": "c", "path": "c.csv", "schema": child},
        ],
    )
    report = packages.judge(package)
    found = [(f["rule"], f["resource"], f["row"]) for f in report["findings"]]
    assert found == [("extra-cell", "p", 1), ("missing-cell", "p", 2)]
    assert [(item["resource"], item["what"]) for item in report["unchecked"]] == [
        ("p", "the values of 2 rows"),
        ("c", "foreign key id"),
    ]
