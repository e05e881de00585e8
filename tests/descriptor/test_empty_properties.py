"""Optional properties that refer to something and hold the empty text."""

from __future__ import annotations

from pathlib import Path

import pytest

from packages import V2, Json, judge, make, table

EMPTY: list[tuple[str, Json, Json]] = [
    ("/image", {"image": ""}, {}),
    ("/homepage", {"homepage": ""}, {}),
    ("/licenses/0/path", {"licenses": [{"name": "CC0-1.0", "path": ""}]}, {}),
    ("/sources/0/path", {"sources": [{"title": "A source", "path": ""}]}, {}),
    ("/contributors/0/path", {"contributors": [{"title": "A person", "path": ""}]}, {}),
    ("/resources/0/schema", {}, {"schema": ""}),
    ("/resources/0/dialect", {}, {"dialect": ""}),
    ("/resources/0/profile", {}, {"profile": ""}),
    ("/resources/0/$schema", {}, {"$schema": ""}),
    ("/resources/0/licenses/0/path", {}, {"licenses": [{"name": "CC0-1.0", "path": ""}]}),
]


@pytest.mark.parametrize("version", [{}, V2], ids=["v1", "v2"])
@pytest.mark.parametrize(
    ("pointer", "package", "resource"), EMPTY, ids=[pointer for pointer, *_ in EMPTY]
)
def test_an_optional_reference_that_is_empty_is_ignored_with_a_warning(
    pointer: str, package: Json, resource: Json, version: Json, tmp_path: Path
) -> None:
    """It refers to nothing, as if it were not there; the data are checked all the same."""
    described = {**table("t", "a"), **resource}
    report = judge(make(tmp_path, [described], {"t.csv": "a\n1\n"}, **version, **package))
    assert report["verdict"] == "valid"
    (found,) = report["findings"]
    name = pointer.rpartition("/")[2]
    assert (found["rule"], found["severity"]) == ("descriptor-error", "warning")
    assert (found["pointer"], found["path"]) == (pointer, "datapackage.json")
    assert found["message"] == f'"{name}" is empty and was ignored'
    assert found["fix"] == f'Delete "{name}", or give it a value.'
    assert report["tables"][0]["rows"] == 1


@pytest.mark.parametrize("path", ["", [""]])
def test_an_empty_path_of_a_resource_is_an_error(path: object, tmp_path: Path) -> None:
    """Without it there are no data, so that it cannot be ignored."""
    report = judge(make(tmp_path, [table("t", "a", path=path)], {"t.csv": "a\n1\n"}))
    assert report["verdict"] == "invalid"
    assert report["findings"][0]["rule"] == "unsafe-path"


@pytest.mark.parametrize("version", [{}, V2], ids=["v1", "v2"])
@pytest.mark.parametrize(
    ("created", "form"),
    [
        ("2020-02-29", "2020-02-29T00:00:00Z"),
        ("2020-01-31T12:30", "2020-01-31T12:30:00Z"),
        ("2020-01-31T12:30:15", "2020-01-31T12:30:15Z"),
        ("2020-01-31 12:30:15.25", "2020-01-31T12:30:15.25Z"),
        ("2020-01-31 12:30:15+01", "2020-01-31T12:30:15+01:00"),
        ("2020-01-31T12:30:15-0330", "2020-01-31T12:30:15-03:30"),
        ("20200131", "2020-01-31T00:00:00Z"),
        ("2020/01/31", "2020-01-31T00:00:00Z"),
        (" 2020-01-31T12:30:15Z ", "2020-01-31T12:30:15Z"),
        ("2020-02-30", "2026-01-31T12:00:00Z"),
        ("2020-02-30T00:00:00Z", "2026-01-31T12:00:00Z"),
        ("31.01.2020", "2026-01-31T12:00:00Z"),
        ("yesterday", "2026-01-31T12:00:00Z"),
        ("", "2026-01-31T12:00:00Z"),
    ],
)
def test_created_that_is_no_datetime_of_rfc_3339_is_an_error(
    created: str, form: str, version: Json, tmp_path: Path
) -> None:
    """Both versions demand it; the fix shows the form, made of the value where that is possible."""
    folder = make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"}, created=created, **version)
    (found,) = judge(folder)["findings"]
    assert (found["severity"], found["pointer"]) == ("error", "/created")
    assert found["message"] == f'"created": expected an RFC 3339 datetime, found "{created}"'
    start = "Write" if not form.startswith("2026") else "Write a datetime such as"
    assert found["fix"] == f'{start} "{form}".'


@pytest.mark.parametrize(
    "created", ["2020-02-29T00:00:00Z", "2020-01-01t23:59:60.5z", "1985-04-12T23:20:50.52-08:00"]
)
def test_created_as_a_datetime_of_rfc_3339_is_right(created: str, tmp_path: Path) -> None:
    """With a time zone, a fraction, a leap second, and T and Z in either case."""
    folder = make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"}, created=created)
    assert judge(folder)["findings"] == []
