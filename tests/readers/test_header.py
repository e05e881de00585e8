"""The header: where it stands, what it is called where there is none, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from packages import V2, Json, expect, field, judge, make, one, table, valid

FIELDS = "a:integer b:integer"
WRONG: Json = {"rule": "incorrect-label", "field": "b", "value": "c"}


@pytest.mark.parametrize(
    ("before", "dialect", "line"),
    [
        ("", {}, 1),
        ("junk\nmore\n", {"headerRows": [3]}, 3),
        ('"two\nlines",s\n', {"headerRows": [2]}, 3),
        ("#x\n#y\n", {"commentChar": "#"}, 3),
        ("#x\n", {"commentRows": [1], "headerRows": [2]}, 2),
    ],
)
def test_fault_of_a_label_has_the_line_of_the_header(
    tmp_path: Path, before: str, dialect: Json, line: int
) -> None:
    """A label at fault is told with the physical line of the header (headerRows, commentChar)."""
    one(tmp_path, f"{before}a,c\n1,2\n", FIELDS, dialect=dialect, package=V2)
    expect(judge(tmp_path), "invalid", {**WRONG, "line": line})


def test_header_of_several_rows_begins_in_the_first(tmp_path: Path) -> None:
    """Labels joined of several rows have the line of the first of them (headerRows)."""
    dialect = {"headerRows": [2, 3], "headerJoin": "-"}
    one(tmp_path, "junk\na,c\n1,2\n1,2\n", "a-1:integer c-3:integer", dialect=dialect, package=V2)
    found = {"rule": "incorrect-label", "field": "c-3", "value": "c-2", "line": 2}
    expect(judge(tmp_path), "invalid", found)


@pytest.mark.parametrize("data", [[{"a": 1, "c": 2}], [["a", "c"], [1, 2]]])
@pytest.mark.parametrize("inline", [True, False])
def test_labels_of_json_have_no_line(tmp_path: Path, data: Json, inline: bool) -> None:
    """JSON has no lines that tell a row; a label of it has none, as its cells have none."""
    if inline:
        make(tmp_path, [table("t", FIELDS, data=data)])
    else:
        make(tmp_path, [table("t", FIELDS, path="t.json")], {"t.json": json.dumps(data)})
    found = [item for item in judge(tmp_path)["findings"] if item["rule"].endswith("-label")]
    assert found
    assert all(item["line"] is None for item in found)


def test_labels_of_lines_of_json_have_a_line(tmp_path: Path) -> None:
    """JSON Lines have physical lines, and lists in them a header that stands in one."""
    lines = '\n["a","c"]\n[1,2]\n'
    make(tmp_path, [table("t", FIELDS, path="t.jsonl")], {"t.jsonl": lines})
    expect(judge(tmp_path), "invalid", {**WRONG, "line": 2})


@pytest.mark.parametrize("inline", [True, False])
def test_missing_cell_without_a_header_has_the_name_of_its_field(
    tmp_path: Path, inline: bool
) -> None:
    """Without a header fields map by order: the cell that is missing is the field's (header)."""
    if inline:
        make(tmp_path, [table("t", FIELDS, data=[[1, 2], [1]], dialect={"header": False})])
    else:
        one(tmp_path, "1,2\n1\n", FIELDS, dialect={"header": False})
    expect(judge(tmp_path), "invalid", {"rule": "missing-cell", "field": "b", "row": 2})


def test_missing_cell_has_the_name_of_its_field_where_the_label_has_another_case(
    tmp_path: Path,
) -> None:
    """A finding names the field; version 1 lets its label be in another case."""
    one(tmp_path, "A,B\n1\n", FIELDS)
    expect(judge(tmp_path), "invalid", {"rule": "missing-cell", "field": "b", "row": 1})


@pytest.mark.parametrize(
    ("before", "rows"), [("about these data\n", [1]), ("x\ny,z\n", [1, 2]), ("x\n", [1, 3])]
)
def test_header_is_the_first_row_that_is_no_comment(
    tmp_path: Path, before: str, rows: list[int]
) -> None:
    """Rows named by commentRows are no data; where headerRows says nothing, they are no header."""
    after = "1,2\n" if 3 not in rows else "left,out\n1,2\n"
    dialect = {"commentRows": rows}
    one(tmp_path, f"{before}a,b\n{after}", FIELDS, dialect=dialect, package=V2)
    valid(judge(tmp_path), rows=1)


def test_header_of_inline_rows_is_the_first_that_is_no_comment(tmp_path: Path) -> None:
    """The same holds for rows that are no lines of a text."""
    data = [["about"], ["a", "b"], [1, "x"]]
    make(tmp_path, [table("t", FIELDS, data=data, dialect={"commentRows": [1]})], None, **V2)
    expect(judge(tmp_path), "invalid", {"rule": "type-error", "field": "b", "row": 1})


@pytest.mark.parametrize("match", ["exact", "equal", "subset"])
def test_header_without_labels_misses_every_field(tmp_path: Path, match: str) -> None:
    """A header that is there and empty has no label for any field (fieldsMatch)."""
    described = table("t", FIELDS, data=[[]], schema={"fieldsMatch": match})
    make(tmp_path, [described], None, **V2)
    missing = [{"rule": "missing-label", "field": name} for name in "ab"]
    expect(judge(tmp_path), "invalid", *missing)


@pytest.mark.parametrize("wrong", [None, 5, [], {}, {"name": 5}, {"name": None}, "../x.json"])
@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset", "partial"])
def test_label_of_a_field_without_a_name_is_not_judged(
    tmp_path: Path, wrong: Any, match: str
) -> None:
    """A fault of the descriptor is told once: nobody knows which label such a field has (name)."""
    fields = [field("a", "integer"), wrong, field("c", "integer")]
    one(tmp_path, "a,b,c\n1,2,x\n", fields, schema={"fieldsMatch": match}, package=V2)
    expect(
        judge(tmp_path),
        "invalid",
        {"rule": "descriptor-error"},
        {"rule": "type-error", "field": "c", "row": 1, "value": "x"},
    )


def test_a_name_of_two_fields_is_missing_once(tmp_path: Path) -> None:
    """A schema with two fields of one name and no label for either lacks one label."""
    report = judge(one(tmp_path, "id\n1\n", "id b b", package=V2))
    assert [item["rule"] for item in report["findings"]].count("missing-label") == 1
