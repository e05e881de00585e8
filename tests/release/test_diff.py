"""Two states of a package: what changed, cell by cell, and the step of the version it asks for."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import claimpack
import packages
from claimpack.versions import step as steps
from packages import Json, command, field, make, table

DATASET = Path(__file__).parents[2]
PEOPLE = "id,name,status\n1,Ann,current\n2,Bo,current\n3,Cy,current\n"
VISITS = "visit,person,minutes,day\na,1,10,2020-01-01\nb,2,20.5,2020-01-02\n"
STATUS = field("status", categories=["current", "withdrawn"])


def people(**more: Any) -> Json:
    """A table that another points to."""
    fields = [field("id", "integer"), field("name"), STATUS]
    return table("people", fields, **{"schema": {"primaryKey": ["id"]}, **more})


def visits(**more: Any) -> Json:
    """A table that points to another."""
    fields = more.pop("fields", "visit person:integer minutes:number day:date")
    link = {"fields": ["person"], "reference": {"resource": "people", "fields": ["id"]}}
    return table("visits", fields, schema={"primaryKey": ["visit"], "foreignKeys": [link]}, **more)


def package(folder: Path, files: dict[str, str] | None = None, **more: Any) -> Path:
    """The package, some of its files or properties others."""
    resources = more.pop("resources", [people(), visits()])
    content = {"people.csv": PEOPLE, "visits.csv": VISITS, **(files or {})}
    return make(folder, resources, content, **{**packages.V2, "version": "1.0.0", **more})


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The package before."""
    return package(tmp_path / "old")


def differ(old: Path, new: Path, *args: str) -> Json:
    """The difference as JSON, the same from the library and from the command."""
    by_api: Json = json.loads(json.dumps(claimpack.diff(old, new).to_dict()))
    code, out, err = command("diff", str(old), str(new), "--format", "json", *args)
    assert (code, err) == (0, "")
    assert json.loads(out) == by_api
    return by_api


def test_nothing_differs(old: Path, tmp_path: Path) -> None:
    """A copy does not differ, and asks for no step."""
    found = differ(old, package(tmp_path / "new"))
    assert (found["step"], found["changes"], found["rows"]) == ("none", [], [])
    assert found["next_version"] == "1.0.0"
    assert command("diff", str(old), str(tmp_path / "new"))[1] == "no differences\n"


def test_rows_by_key(old: Path, tmp_path: Path) -> None:
    """Rows are told apart by key, in whatever order; a changed one names each cell's values."""
    changed = "id,name,status\n4,Di,current\n2,Bob,withdrawn\n1,Ann,current\n"
    found = differ(old, package(tmp_path / "new", {"people.csv": changed}))
    assert found["rows"] == [
        {
            "table": "people",
            "kind": "added",
            "key": {"id": "4"},
            "values": {"id": "4", "name": "Di", "status": "current"},
        },
        {
            "table": "people",
            "kind": "removed",
            "key": {"id": "3"},
            "values": {"id": "3", "name": "Cy", "status": "current"},
        },
        {
            "table": "people",
            "kind": "changed",
            "key": {"id": "2"},
            "cells": [
                {"field": "name", "old": "Bo", "new": "Bob"},
                {"field": "status", "old": "current", "new": "withdrawn"},
            ],
        },
    ]
    told = found["tables"][0]
    assert (told["old_rows"], told["new_rows"], told["cells"]) == (3, 3, {"name": 1, "status": 1})
    assert told["vanished"] is True


def test_values_not_spellings(old: Path, tmp_path: Path) -> None:
    """A number spelt otherwise is the same value; null is told apart from a text."""
    changed = "visit,person,minutes,day\na,1,10.0,2020-01-01\nb,2,2.05e1,\n"
    found = differ(old, package(tmp_path / "new", {"visits.csv": changed}))
    assert [row["cells"] for row in found["rows"]] == [
        [{"field": "day", "old": "2020-01-02", "new": None}]
    ]


def test_text_that_is_no_value(old: Path, tmp_path: Path) -> None:
    """A cell that its type cannot hold is compared as the text that it is."""
    changed = "visit,person,minutes,day\na,1,ten,2020-01-01\nb,2,20.5,2020-01-02\n"
    found = differ(old, package(tmp_path / "new", {"visits.csv": changed}))
    assert found["rows"][0]["cells"] == [{"field": "minutes", "old": "10", "new": "ten"}]


def test_table_without_key(tmp_path: Path) -> None:
    """Without a key whole rows are compared, and as often as they stand."""
    before = packages.one(tmp_path / "old", "a,b\n1,x\n1,x\n2,\n", "a:integer b")
    after = packages.one(tmp_path / "new", "a,b\n1,x\n2,\n3,y\n", "a:integer b")
    found = differ(before, after)
    assert [(row["kind"], row["key"]) for row in found["rows"]] == [
        ("added", {"a": "3", "b": "y"}),
        ("removed", {"a": "1", "b": "x"}),
    ]


def test_key_that_stands_twice(tmp_path: Path) -> None:
    """Rows that share a key are paired in their order."""
    schema = {"primaryKey": ["a"]}
    before = packages.one(tmp_path / "old", "a,b\n1,x\n1,y\n", "a b", schema=schema)
    after = packages.one(tmp_path / "new", "a,b\n1,x\n1,z\n1,w\n", "a b", schema=schema)
    kinds = [row["kind"] for row in differ(before, after)["rows"]]
    assert kinds == ["added", "changed"]


def test_names_that_differ_by_case(tmp_path: Path) -> None:
    """Fields whose names an engine would take for one are two."""
    fields = [field("a"), field("A"), field("rowid")]
    schema = {"primaryKey": ["a"]}
    before = packages.one(tmp_path / "old", "a,A,rowid\n1,x,y\n", fields, schema=schema)
    after = packages.one(tmp_path / "new", "a,A,rowid\n1,z,y\n", fields, schema=schema)
    assert differ(before, after)["rows"][0]["cells"] == [{"field": "A", "old": "x", "new": "z"}]


# Every kind of package


def test_an_export_is_its_package(old: Path, tmp_path: Path) -> None:
    """A release, its Parquet package and a zip file of it hold what the package holds."""
    claimpack.export(old, tmp_path / "release")
    zipped = tmp_path / "release.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for path in sorted((tmp_path / "release").rglob("*")):
            archive.write(path, path.relative_to(tmp_path).as_posix())
    for other in (tmp_path / "release", tmp_path / "release" / "parquet", zipped):
        assert differ(old, other)["step"] == "none"
        assert differ(other, old / "datapackage.json")["rows"] == []


def test_the_dataset_is_its_export(tmp_path: Path) -> None:
    """Nothing of the dataset is lost or altered in Parquet."""
    claimpack.export(DATASET, tmp_path / "out", ["parquet"])
    assert claimpack.diff(DATASET, tmp_path / "out" / "parquet").empty


def test_no_package(old: Path, tmp_path: Path) -> None:
    """What is no package is told, with exit code 2."""
    code, out, err = command("diff", str(old), str(tmp_path / "nowhere"))
    assert (code, out) == (2, "")
    assert "nowhere" in err


def test_missing_file_is_no_verdict(old: Path, tmp_path: Path) -> None:
    """A table whose file is not there cannot be compared: exit code 3, and it is named."""
    new = package(tmp_path / "new")
    (new / "visits.csv").unlink()
    code, _, err = command("diff", str(old), str(new))
    assert (code, "visits" in err) == (3, True)


def test_exit_code(old: Path, tmp_path: Path) -> None:
    """The exit code is 0 whatever differs; with --exit-code it is 1 where anything does."""
    new = package(tmp_path / "new", title="Other")
    assert command("diff", str(old), str(new))[0] == 0
    assert command("diff", str(old), str(new), "--exit-code")[0] == 1
    assert command("diff", str(old), str(old), "--exit-code")[0] == 0


# The step of the version

MORE = PEOPLE + "4,Di,current\n"
WIDE = [
    field("visit"),
    field("person", "integer"),
    field("minutes", "number"),
    field("day", "date"),
]


def restricted(name: str, before: Json, after: Json) -> tuple[list[Json], list[Json]]:
    """Two versions of the second table, one field of which has other properties."""

    def fields(more: Json) -> list[Json]:
        return [item | (more if item["name"] == name else {}) for item in WIDE]

    return fields(before), fields(after)


CONSTRAINTS = [
    ("minutes", {}, {"constraints": {"minimum": 0}}, "major"),
    ("minutes", {"constraints": {"minimum": 0}}, {"constraints": {"minimum": 1}}, "major"),
    ("minutes", {"constraints": {"minimum": 1}}, {"constraints": {"minimum": 0}}, "minor"),
    ("minutes", {"constraints": {"maximum": 90}}, {"constraints": {"maximum": 100}}, "minor"),
    ("minutes", {"constraints": {"maximum": 100}}, {}, "minor"),
    ("day", {"constraints": {"required": True}}, {}, "minor"),
    ("day", {}, {"constraints": {"required": True}}, "major"),
    ("day", {"constraints": {"maximum": "2021-01-01"}}, {"constraints": {"maximum": "2022-01-01"}},
     "minor"),
    ("visit", {"categories": ["a", "b"]}, {"categories": ["a", "b", "c"]}, "minor"),
    ("visit", {"categories": ["a", "b", "c"]}, {"categories": ["a", "b"]}, "major"),
    ("visit", {"categories": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
     {"categories": [{"value": "a", "label": "A"}, {"value": "b", "label": "Bee"}]}, "patch"),
    ("visit", {"constraints": {"pattern": "[a-z]"}}, {"constraints": {"pattern": "[ab]"}}, "major"),
    ("minutes", {}, {"type": "string"}, "major"),
    ("day", {}, {"format": "any"}, "major"),
    ("day", {}, {"description": "When."}, "patch"),
    ("minutes", {}, {"decimalChar": ","}, "major"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after", "step"), CONSTRAINTS)
def test_step_of_a_field(name: str, before: Json, after: Json, step: str, tmp_path: Path) -> None:
    """What restricts or alters a field asks for a major step, what widens it for a minor one."""
    fields = restricted(name, before, after)
    sides = [
        package(tmp_path / str(n), {"visits.csv": "visit,person,minutes,day\n"},
                resources=[people(), visits(fields=given)])
        for n, given in enumerate(fields)
    ]  # fmt: skip
    old, new = sides
    found = differ(old, new)
    assert found["step"] == step
    assert all((c["table"], c["field"]) == ("visits", name) for c in found["changes"])


CHANGES: list[tuple[str, Callable[[Path], Path], str]] = [
    ("rows added", lambda path: package(path, {"people.csv": MORE}), "minor"),
    ("rows removed that are pointed to",
     lambda path: package(path, {"people.csv": PEOPLE.replace("3,Cy,current\n", "")}), "major"),
    ("rows removed that nothing points to",
     lambda path: package(path, {"visits.csv": VISITS.replace("b,2,20.5,2020-01-02\n", "")}),
     "minor"),
    ("a cell corrected",
     lambda path: package(path, {"people.csv": PEOPLE.replace("Bo", "Bob")}), "patch"),
    ("a reference updated",
     lambda path: package(path, {"visits.csv": VISITS.replace("b,2", "b,3")}), "minor"),
    ("a title", lambda path: package(path, title="Visits"), "patch"),
    ("the name", lambda path: package(path, name="other"), "major"),
    ("a table removed", lambda path: package(path, resources=[people()]), "major"),
    ("a table added",
     lambda path: package(path, {"t.csv": "a\n"}, resources=[people(), visits(), table("t", "a")]),
     "minor"),
    ("another place",
     lambda path: package(path, {"data/v.csv": VISITS},
                          resources=[people(), visits(path="data/v.csv")]), "none"),
    ("fields in another order",
     lambda path: package(path, {"visits.csv": "person,visit,minutes,day\n1,a,10,2020-01-01\n"
                                 "2,b,20.5,2020-01-02\n"},
                          resources=[people(), visits(fields=[WIDE[1], WIDE[0], *WIDE[2:]])]),
     "major"),
    ("a field removed",
     lambda path: package(path, {"visits.csv": "visit,person,minutes\na,1,10\nb,2,20.5\n"},
                          resources=[people(), visits(fields=WIDE[:3])]), "major"),
    ("only the version", lambda path: package(path, version="2.0.0"), "none"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make_new", "step"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_step(make_new: Callable[[Path], Path], step: str, old: Path, tmp_path: Path) -> None:
    """Each change asks for the step that the standard's recipe gives it."""
    assert differ(old, make_new(tmp_path / "new"))["step"] == step


VERSIONS = [
    ("1.2.3", "1.2.4", "patch", True),
    ("1.2.3", "1.2.3", "patch", False),
    ("1.2.3", "1.2.3", "none", True),
    ("1.2.3", "1.2.4", "minor", False),
    ("1.2.3", "1.3.0", "minor", True),
    ("1.2.3", "1.9.9", "major", False),
    ("1.2.3", "2.0.0", "major", True),
    ("0.1.0", "0.2.0", "major", False),
    ("1.2.3", "1.2.2", "none", False),
    ("1.2.3", "1.10.0", "minor", True),
    ("1.0.0-beta.2", "1.0.0-beta.10", "major", True),
    ("1.0.0-beta", "1.0.0", "major", True),
    ("1.0.0", "1.1", "patch", False),
    ("1.0.0", None, "none", False),
    (None, "0.1.0", "major", True),
]


@pytest.mark.parametrize(("before", "after", "asked", "fits"), VERSIONS)
def test_declared_version(before: str, after: str, asked: steps.Step, fits: bool) -> None:
    """A declared version fits where its step is at least the one that is asked for."""
    assert (steps.too_small(before, after, asked) is None) is fits


# For reading


def test_text_and_markdown(old: Path, tmp_path: Path) -> None:
    """The texts show some rows, the true totals, the step; foreign text marks nothing up."""
    rows = "".join(f"{n},<b>\x1b[1m|`{n}`,current\n" for n in range(4, 30))
    new = package(tmp_path / "new", {"people.csv": PEOPLE + rows}, version="1.0.1")
    _, text, _ = command("diff", str(old), str(new), "--limit", "2")
    assert "people: 26 rows added" in text
    assert "and 24 rows more added" in text
    assert "these changes call for 1.1.0 or later" in text
    _, marked, _ = command("diff", str(new), str(old), "-f", "markdown", "--limit", "2")
    assert "24 more removed" in marked
    assert "26 ids have been removed" in marked
    assert claimpack.diff(old, new).to_text(2) == text
    assert "\x1b" not in text + marked
    assert "<b>" not in marked


def test_changelog(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry has the new version, the day of the build, and what came, changed and went."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    changed = MORE.replace("Bo", "Bob")
    new = package(tmp_path / "new", {"people.csv": changed}, version="1.1.0", title="Visits")
    code, out, err = command("changelog", str(old), str(new))
    assert (code, err) == (0, "")
    assert out == (
        "## 1.1.0 - 1970-01-02\n\n"
        "### Added\n\n"
        "- The package: title &#34;Visits&#34; added.\n"
        "- `people`: 1 row: 4.\n\n"
        "### Changed\n\n"
        "- `people`: 1 row: 2; cells by field: `name` (1).\n"
    )
    assert claimpack.changelog(old, new) == out
    assert claimpack.changelog(old, new, day=dt.date(2020, 2, 3)).startswith(
        "## 1.1.0 - 2020-02-03"
    )


def test_wrong_epoch_is_told(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOURCE_DATE_EPOCH that is no number is wrong usage."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    code, _, err = command("changelog", str(old), str(old))
    assert (code, "SOURCE_DATE_EPOCH" in err) == (2, True)


def test_equal_versions_are_not_called_published(tmp_path: Path) -> None:
    """Two packages of one version that differ are compared; nothing says that one was published."""
    for folder, cell in (("old", "12"), ("new", "13")):
        make(tmp_path / folder, [table("t", "id n:number")], {"t.csv": f"id,n\na,{cell}\n"})
        path = tmp_path / folder / "datapackage.json"
        described = json.loads(path.read_text(encoding="utf-8")) | {"version": "0.1.0"}
        path.write_text(json.dumps(described), encoding="utf-8")
    shown = claimpack.diff(tmp_path / "old", tmp_path / "new").to_text()
    assert "both are version 0.1.0; these changes call for 0.2.0 or later" in shown
    assert "published" not in shown
    assert 'n = "13"' in shown
    assert 'n = "12"' in shown
