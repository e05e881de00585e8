"""Awkward keys and names, as listed in docs/robustness.md under Descriptors and keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from packages import (
    V2,
    Json,
    count_rows,
    expect,
    field,
    judge,
    make,
    of,
    one,
    table,
    valid,
)


def refers(fields: object, resource: str | None, target: object) -> Json:
    """A foreign key; without a resource it points to its own table."""
    place = {} if resource is None else {"resource": resource}
    return {"fields": fields, "reference": {**place, "fields": target}}


# Foreign keys in a circle


def test_two_tables_that_refer_to_each_other(tmp_path: Path) -> None:
    """A cycle of two is no endless loop, and each side is checked."""
    make(
        tmp_path,
        [
            table("a", "id b", schema={"foreignKeys": [refers(["b"], "b", ["id"])]}),
            table("b", "id a", schema={"foreignKeys": [refers(["a"], "a", ["id"])]}),
        ],
        {"a.csv": "id,b\n1,x\n2,z\n", "b.csv": "id,a\nx,1\ny,9\n"},
    )
    expect(
        judge(tmp_path),
        "invalid",
        {"rule": "foreign-key", "resource": "a", "row": 2, "line": 3, "field": "b", "value": "z"},
        {"rule": "foreign-key", "resource": "b", "row": 2, "line": 3, "field": "a", "value": "9"},
    )


def test_three_tables_in_a_ring(tmp_path: Path) -> None:
    """The same with three."""
    ring = {"a": "b", "b": "c", "c": "a"}
    resources = [
        table(name, "id up", schema={"foreignKeys": [refers(["up"], to, ["id"])]})
        for name, to in ring.items()
    ]
    files = {f"{name}.csv": "id,up\n1,1\n" for name in ring}
    valid(judge(make(tmp_path, resources, files)), rows=3)


@pytest.mark.parametrize("resource", ["t", "", None])
@pytest.mark.parametrize("package", [{}, V2])
def test_table_that_refers_to_itself(tmp_path: Path, resource: str | None, package: Json) -> None:
    """By name, by the empty text of version 1, or by leaving it out: all the same table."""
    schema = {"primaryKey": ["id"], "foreignKeys": [refers(["up"], resource, ["id"])]}
    text = "id,up\n1,\n2,1\n3,9\n4,4\n"
    report = judge(one(tmp_path, text, "id up", schema=schema, package=package))
    expect(report, "invalid", {"rule": "foreign-key", "resource": "t", "row": 3, "line": 4})


@pytest.mark.parametrize("fields", ["up", ["up"]])
def test_single_key_may_be_written_as_text(tmp_path: Path, fields: object) -> None:
    """Version 1 wrote a key of one field as a text."""
    target = "id" if isinstance(fields, str) else ["id"]
    schema = {"primaryKey": target, "foreignKeys": [refers(fields, "", target)]}
    report = judge(one(tmp_path, "id,up\n1,\n1,2\n", "id up", schema=schema))
    expect(report, "invalid", {"rule": "primary-key", "row": 2}, {"rule": "foreign-key", "row": 2})


def test_reference_to_a_table_that_is_not_there(tmp_path: Path) -> None:
    """A foreign key to no resource is the descriptor's fault, told once; the data are read."""
    schema = {"foreignKeys": [refers(["up"], "nowhere", ["id"])]}
    report = judge(one(tmp_path, "id,up\n1,2\n3,4\n", "id up", schema=schema))
    expect(report, "invalid", {"rule": "descriptor-error", "resource": "t"})
    assert report["findings"][0]["pointer"].startswith("/resources/0/schema/foreignKeys/0")
    assert count_rows(report) == 2


@pytest.mark.parametrize(
    "schema",
    [
        {"primaryKey": ["nope"]},
        {"uniqueKeys": [["nope"]]},
        {"foreignKeys": [refers(["nope"], None, ["id"])]},
        {"foreignKeys": [refers(["up"], None, ["nope"])]},
        {"foreignKeys": [refers(["id", "up"], None, ["id"])]},
    ],
)
def test_key_over_a_field_that_is_not_there(tmp_path: Path, schema: Json) -> None:
    """A key names fields of its schema, as many as it refers to; the data are read."""
    report = judge(one(tmp_path, "id,up\n1,2\n", "id up", schema=schema, package=V2))
    expect(report, "invalid", {"rule": "descriptor-error", "resource": "t"})
    assert report["findings"][0]["pointer"].startswith(f"/resources/0/schema/{next(iter(schema))}")
    assert count_rows(report) == 1


# Nulls in keys


def test_primary_key_reports_each_later_row(tmp_path: Path) -> None:
    """A duplicate is told at each row after the first, with the key and its values."""
    expect(
        judge(one(tmp_path, "a,b\n1,x\n1,y\n1,x\n1,x\n", "a b", schema={"primaryKey": ["a", "b"]})),
        "invalid",
        {"rule": "primary-key", "field": ["a", "b"], "row": 3, "line": 4, "value": ["1", "x"]},
        {"rule": "primary-key", "field": ["a", "b"], "row": 4, "line": 5, "value": ["1", "x"]},
    )


@pytest.mark.parametrize("package", [{}, V2])
def test_composite_primary_key_with_a_null(tmp_path: Path, package: Json) -> None:
    """The fields cannot be null: one finding a row, however many of them are."""
    text = "a,b\n1,x\n,x\n1,\n,\n"
    report = judge(one(tmp_path, text, "a b", schema={"primaryKey": ["a", "b"]}, package=package))
    expect(
        report,
        "invalid",
        {"rule": "primary-key", "row": 2, "line": 3},
        {"rule": "primary-key", "row": 3, "line": 4},
        {"rule": "blank-row", "row": 4, "line": 5},
    )


@pytest.mark.parametrize("kind", ["integer", "geopoint"])
def test_null_beside_a_wrong_cell_in_a_key(tmp_path: Path, kind: str) -> None:
    """A null in a primary key is told, also where another cell of it has a type error."""
    report = judge(one(tmp_path, "a,b\nx,\n", f"a:{kind} b", schema={"primaryKey": ["a", "b"]}))
    expect(report, "invalid", {"rule": "type-error", "row": 1}, {"rule": "primary-key", "row": 1})


def test_null_in_a_single_primary_key(tmp_path: Path) -> None:
    """The same for a key of one field, and two nulls are two such findings."""
    expect(
        judge(one(tmp_path, "a,b\n,x\n1,y\n,z\n", "a b", schema={"primaryKey": ["a"]})),
        "invalid",
        {"rule": "primary-key", "row": 1, "line": 2},
        {"rule": "primary-key", "row": 3, "line": 4},
    )


def test_composite_foreign_key_with_some_nulls_is_not_checked(tmp_path: Path) -> None:
    """SQL's MATCH SIMPLE: a key with any null refers to nothing and is no fault."""
    key = refers(["a", "b"], "p", ["a", "b"])
    make(
        tmp_path,
        [table("p", "a b"), table("c", "a b", schema={"foreignKeys": [key]})],
        {"p.csv": "a,b\n1,x\n", "c.csv": "a,b\n1,x\n9,\n,y\n,\n1,y\n"},
    )
    expect(
        judge(tmp_path),
        "invalid",
        {
            "rule": "foreign-key",
            "resource": "c",
            "field": ["a", "b"],
            "row": 5,
            "line": 6,
            "value": ["1", "y"],
        },
    )


def test_unique_lets_nulls_be(tmp_path: Path) -> None:
    """Under `unique` a null is no duplicate of another."""
    fields = [field("a", constraints={"unique": True}), field("b")]
    expect(
        judge(one(tmp_path, "a,b\n,1\n,2\nx,3\nx,4\nx,5\n", fields)),
        "invalid",
        {"rule": "unique-error", "field": "a", "row": 4, "line": 5, "value": "x"},
        {"rule": "unique-error", "field": "a", "row": 5, "line": 6, "value": "x"},
    )


def test_keys_compare_values_not_texts(tmp_path: Path) -> None:
    """An integer key finds its parent however it is written."""
    make(
        tmp_path,
        [
            table("p", "id:integer", schema={"primaryKey": "id"}),
            table("c", "n up:integer", schema={"foreignKeys": [refers("up", "p", "id")]}),
        ],
        {"p.csv": "id\n1\n2\n", "c.csv": "n,up\na,01\nb,+2\nc,3\n"},
    )
    expect(judge(tmp_path), "invalid", {"rule": "foreign-key", "resource": "c", "row": 3})


BROKEN = [
    ("integer", "", "x", "1"),
    ("number", "", "x", "1"),
    ("boolean", "", "yes", "false"),
    ("date", "", "2020-1-1", "2020-01-01"),
    ("datetime", "", "2020-01-01 00:00:00Z", "2020-01-01T00:00:00Z"),
    ("time", "", "9:30:00", "09:30:00"),
    ("year", "", "998", "0998"),
    ("yearmonth", "", "2020-1", "2020-01"),
    ("duration", "", "1D", "P1D"),
    ("geopoint", "", "1;2", "1,2"),
    ("string", "email", "a@", "a@example.org"),
    ("string", "uuid", "123e4567", "123e4567-e89b-12d3-a456-426614174000"),
    ("object", "", "bad!", "{}"),
    ("array", "", "[1,]", "[1]"),
]


@pytest.mark.parametrize(("kind", "form", "bad", "good"), BROKEN)
@pytest.mark.parametrize("how", ["unique", "primaryKey"])
def test_cell_with_a_type_error_is_no_duplicate(
    tmp_path: Path, kind: str, form: str, bad: str, good: str, how: str
) -> None:
    """It has no value to compare: neither with its like, nor with what it was meant to be."""
    described: Json = {"name": "a", "type": kind, "format": form or "default"}
    schema = {"primaryKey": ["a"]} if how == "primaryKey" else {}
    if how == "unique":
        described["constraints"] = {"unique": True}
    text = "\n".join(["n,a", *(f'{n},"{cell}"' for n, cell in enumerate([bad, good, bad])), ""])
    expect(
        judge(one(tmp_path, text, [{"name": "n"}, described], schema=schema, package=V2)),
        "invalid",
        {"rule": "type-error", "field": "a", "row": 1, "line": 2, "value": bad},
        {"rule": "type-error", "field": "a", "row": 3, "line": 4, "value": bad},
    )


@pytest.mark.parametrize(("kind", "form", "bad", "good"), BROKEN)
def test_cell_with_a_type_error_is_no_parent_and_no_orphan(
    tmp_path: Path, kind: str, form: str, bad: str, good: str
) -> None:
    """What refers to such a cell has no parent; such a cell itself is told once, of its type."""
    fields = [{"name": "n"}, {"name": "a", "type": kind, "format": form or "default"}]
    resources = [
        table("p", fields),
        table("c", fields, schema={"foreignKeys": [refers(["a"], "p", ["a"])]}),
    ]
    files = {"p.csv": f'n,a\n1,"{bad}"\n', "c.csv": f'n,a\n1,"{good}"\n2,"{bad}"\n'}
    expect(
        judge(make(tmp_path, resources, files, **V2)),
        "invalid",
        {"rule": "type-error", "resource": "p", "field": "a", "row": 1, "value": bad},
        {"rule": "foreign-key", "resource": "c", "field": "a", "row": 1, "value": good},
        {"rule": "type-error", "resource": "c", "field": "a", "row": 2, "value": bad},
    )


# Missing parents


def test_missing_parent_is_told_once(tmp_path: Path) -> None:
    """One finding for the file; what refers to it is not checked, and not at fault."""
    make(
        tmp_path,
        [
            table("p", "id"),
            table("c", "id up", schema={"foreignKeys": [refers(["up"], "p", ["id"])]}),
        ],
        {"c.csv": "id,up\n1,2\n3,4\n"},
    )
    report = judge(tmp_path)
    expect(
        report, "invalid", {"rule": "missing-file", "resource": "p", "pointer": "/resources/0/path"}
    )
    assert "c" in {item["resource"] for item in report["unchecked"]}
    assert count_rows(report) == 2


# Names that differ in case only


def test_names_that_differ_in_case_only_are_warned_of(tmp_path: Path) -> None:
    """They are two names, and collide where the file system does not mind case."""
    resources = [table("t", "a"), table("T", "a", path="u.csv")]
    make(tmp_path, resources, {"t.csv": "a\n", "u.csv": "a\n"}, **V2)
    report = valid(judge(tmp_path), rows=0)
    assert of(report, "name-clash", "warning")


def test_paths_that_differ_in_case_only_are_warned_of(tmp_path: Path) -> None:
    """The same for paths."""
    make(
        tmp_path,
        [table("t", "a"), table("u", "a", path="T.csv")],
        {"t.csv": "a\n1\n", "T.csv": "a\n2\n"},
    )
    report = valid(judge(tmp_path), rows=2)
    assert of(report, "name-clash", "warning")


def test_two_resources_of_one_name_are_an_error(tmp_path: Path) -> None:
    """A resource's name MUST be unique."""
    make(tmp_path, [table("t", "a"), table("t", "a")], {"t.csv": "a\n1\n"})
    report = judge(tmp_path)
    assert report["verdict"] == "invalid"
    assert of(report, "descriptor-error")[0]["pointer"] == "/resources/1/name"


@pytest.mark.parametrize("value", ["a ", " a", "A", "a\u200b", "a\n"])
def test_key_values_are_compared_as_they_are(tmp_path: Path, value: str) -> None:
    """A trailing space, case and invisible characters make another value."""
    make(
        tmp_path,
        [
            table("p", "id", schema={"primaryKey": "id"}),
            table("c", "n id", schema={"foreignKeys": [refers("id", "p", "id")]}),
        ],
        {"p.csv": "id\na\n", "c.csv": f'n,id\n1,a\n2,"{value}"\n'},
    )
    expect(
        judge(tmp_path), "invalid", {"rule": "foreign-key", "resource": "c", "row": 2, "line": 3}
    )
    one(tmp_path, f'id,n\na,1\n"{value}",2\n', "id n", schema={"primaryKey": "id"})
    valid(judge(tmp_path), rows=2)


# Lists of paths


@pytest.mark.parametrize("remote_first", [True, False])
def test_path_list_that_mixes_address_and_file_is_refused(
    tmp_path: Path, no_network: list[object], remote_first: bool
) -> None:
    """All or none MUST be addresses: the list is refused before anything is read."""
    paths = ["http://127.0.0.1:9/x.csv", "t.csv"]
    described = table("t", "a", path=paths if remote_first else paths[::-1])
    report = judge(make(tmp_path, [described], {"t.csv": "a\n1\n"}))
    assert report["verdict"] == "invalid"
    assert of(report, "descriptor-error")[0]["pointer"].startswith("/resources/0/path")
    assert no_network == []


def test_list_of_files_is_one_table(tmp_path: Path) -> None:
    """Several files are read as one; row numbers run on, path and line are the file's own."""
    described = table("t", "a:integer", path=["1.csv", "2.csv"], schema={"primaryKey": "a"})
    report = judge(make(tmp_path, [described], {"1.csv": "a\n1\n2\n", "2.csv": "a\n3\nx\n1\n"}))
    expect(
        report,
        "invalid",
        {"rule": "type-error", "path": "2.csv", "row": 4, "line": 3, "value": "x"},
        {"rule": "primary-key", "path": "2.csv", "row": 5, "line": 4},
    )


def test_of_several_keys_the_one_entered_twice_names_the_row(tmp_path: Path) -> None:
    """A row repeats one key of an earlier row, and all cells of a later one: that is named."""
    fields = [field("a"), field("b", constraints={"unique": True})]
    text = "a,b\nx,1\ny,1\ny,1\n"
    report = judge(one(tmp_path, text, fields, schema={"uniqueKeys": [["a"]]}))
    told = [(item["rule"], item["line"], item["message"]) for item in report["findings"]]
    assert told == [
        ("unique-error", 3, 'duplicate value "1" (first used in line 2)'),
        ("unique-key", 4, "the same row was entered twice (first in line 3)"),
    ]
