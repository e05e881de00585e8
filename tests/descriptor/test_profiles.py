"""Profiles: what is known offline is applied, the rest is said to be not checked; no fetching.

Glossary, Profile: "a JSON Schema against which a descriptor having it as a root level
`$schema` property MUST be valid".
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packages import Json, expect, judge, make, of, table, unchecked, valid, write

REMOTE = "https://example.org/profile.json"
WANTS_TITLE = {"required": ["title"]}


def package(folder: Path, files: dict[str, object] | None = None, **more: object) -> Path:
    """A package of one table, with JSON files beside it."""
    for name, content in (files or {}).items():
        write(folder / name, json.dumps(content))
    described = [table("t", "n", **({"title": "T"} | dict(more.pop("resource", {}))))]  # type: ignore[call-overload]
    folder.mkdir(exist_ok=True)
    return make(folder, described, {"t.csv": "n\n1\n"}, **more)


def broken(report: Json) -> list[str]:
    """The pointers of what breaks a profile; nothing else is at fault."""
    found = of(report, "descriptor-error", "error")
    assert report["counts"]["error"] == len(found)
    assert all("breaks its profile" in item["message"] for item in found)
    return [item["pointer"] for item in found]


@pytest.mark.parametrize("key", ["profile", "$schema"])
@pytest.mark.parametrize("whole", [True, False])
def test_unknown_profile_is_not_checked(
    tmp_path: Path, no_network: list[object], key: str, whole: bool
) -> None:
    """A profile that the tool does not have is named, with the reason; the data are checked."""
    wish = {key: REMOTE}
    path = package(tmp_path / "p", **(wish if whole else {"resource": wish}))
    report = judge(path)
    said = unchecked(report, None if whole else "t")
    assert said["what"] == f"profile {REMOTE}"
    assert "not fetched" in said["why"]
    assert report["tables"][0]["rows"] == 1
    assert no_network == []


@pytest.mark.parametrize("key", ["profile", "$schema"])
def test_profile_in_the_package_is_held_against_the_descriptor(tmp_path: Path, key: str) -> None:
    """A JSON Schema of the package is applied: each fault with its pointer."""
    path = package(tmp_path / "p", {"p.json": WANTS_TITLE}, **{key: "p.json"})
    assert broken(judge(path)) == [""]
    valid(judge(package(tmp_path / "q", {"p.json": WANTS_TITLE}, title="T", **{key: "p.json"})))


def test_profile_of_a_resource_in_the_package(tmp_path: Path) -> None:
    """It is held against the resource alone."""
    wish = {"profile": "p.json"}
    path = package(tmp_path / "p", {"p.json": {"required": ["mediatype"]}}, resource=wish)
    report = judge(path)
    assert broken(report) == ["/resources/0"]
    assert report["findings"][0]["resource"] == "t"


def test_profile_is_of_draft_7(tmp_path: Path) -> None:
    """The standard's profiles are of draft 7, which knows no prefixItems."""
    profile = {"properties": {"keywords": {"items": [{"const": "a"}]}}}
    path = package(tmp_path / "p", {"p.json": profile}, profile="p.json", keywords=["b"])
    assert broken(judge(path)) == ["/keywords/0"]


def test_profile_may_refer_to_files_of_the_package(tmp_path: Path) -> None:
    """References are followed to other files, from where each stands, to themselves and on."""
    files = {
        "profiles/p.json": {
            "allOf": [{"$ref": "parts/a.json#/definitions/named"}, {"$ref": "#/definitions/b"}],
            "definitions": {"b": {"required": ["version"]}},
        },
        "profiles/parts/a.json": {"definitions": {"named": {"$ref": "b.json"}}},
        "profiles/parts/b.json": WANTS_TITLE,
    }
    path = package(tmp_path / "p", files, profile="profiles/p.json")
    assert broken(judge(path)) == ["", ""]


@pytest.mark.parametrize(
    "reference", ["../out.json", "/etc/passwd", "file:///etc/passwd", "C:/x.json", "~/x.json"]
)
def test_profile_that_refers_out_of_the_package_is_unsafe(tmp_path: Path, reference: str) -> None:
    """The gate holds for references, too: nothing outside is opened, nothing applied."""
    write(tmp_path / "out.json", "{}")
    report = judge(package(tmp_path / "p", {"p.json": {"$ref": reference}}, profile="p.json"))
    expect(report, "invalid", {"rule": "unsafe-path", "pointer": "/profile"})
    assert report["unchecked"][0]["what"] == "profile p.json"


def test_profile_that_refers_to_a_missing_file(tmp_path: Path) -> None:
    """It is told as any other file that is not there."""
    report = judge(package(tmp_path / "p", {"p.json": {"$ref": "no.json"}}, profile="p.json"))
    expect(report, "invalid", {"rule": "missing-file", "path": "datapackage.json"})
    assert report["unchecked"]


def test_profile_that_refers_to_an_address(tmp_path: Path, no_network: list[object]) -> None:
    """Nothing is fetched: the profile is not checked."""
    report = judge(package(tmp_path / "p", {"p.json": {"$ref": REMOTE}}, profile="p.json"))
    assert "nothing was fetched" in unchecked(report)["why"]
    assert no_network == []


def test_profile_that_refers_to_the_standard_of_json_schema(tmp_path: Path) -> None:
    """The meta-schemas are at hand, and no reason to ask anybody."""
    profile = {"$ref": "http://json-schema.org/draft-07/schema#"}
    path = package(tmp_path / "p", {"p.json": profile}, profile="p.json", minimum="x")
    assert broken(judge(path)) == ["/minimum"]


@pytest.mark.parametrize(
    "profile", [{"type": 1}, {"$ref": "#/nowhere"}, {"properties": {"name": {"pattern": "("}}}]
)
def test_profile_that_is_no_json_schema(tmp_path: Path, profile: Json) -> None:
    """A profile that is wrong itself is the package's fault."""
    report = judge(package(tmp_path / "p", {"p.json": profile}, profile="p.json"))
    expect(report, "invalid", {"rule": "descriptor-error"})
    assert "not a valid JSON Schema" in report["findings"][0]["message"]


def fan(depth: int) -> Json:
    """A small schema that takes two to the power of its depth steps."""
    made: Json = {
        f"a{n}": {"allOf": [{"$ref": f"#/definitions/a{n - 1}"}] * 2} for n in range(1, depth)
    }
    return {"$ref": f"#/definitions/a{depth - 1}", "definitions": {"a0": {}, **made}}


@pytest.mark.parametrize("profile", [{"$ref": "#"}, fan(60)])
def test_profile_without_end_is_not_checked(tmp_path: Path, profile: Json) -> None:
    """A schema that never comes to an end is given up, and said to be not checked."""
    report = judge(package(tmp_path / "p", {"p.json": profile}, profile="p.json"))
    assert unchecked(report)["what"] == "profile p.json"


@pytest.mark.parametrize("known", ["data-package", "tabular-data-package"])
def test_profiles_of_the_standard_are_known(tmp_path: Path, known: str) -> None:
    """They are what claimpack checks anyway, and leave nothing unchecked."""
    resource = table("t", "a:integer", profile="tabular-data-resource")
    valid(judge(make(tmp_path / "p", [resource], {"t.csv": "a\n1\n"}, profile=known)))
