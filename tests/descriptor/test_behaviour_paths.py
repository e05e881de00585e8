"""Where files and addresses come from, and the network, as listed in docs/robustness.md."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from packages import (
    V2,
    Json,
    columns,
    expect,
    judge,
    judge_apart,
    make,
    of,
    one,
    table,
    unchecked,
    valid,
    write,
)

SECRET = "s3cret-kept-outside"
DATA = "id,name\n1,one\n2,two\n"
FIELDS = "id:integer name"

UNSAFE = [
    "../outside.csv",
    "sub/../../outside.csv",
    "{outside}",
    "file://{outside}",
    "FILE:{outside}",
    "file:{outside}",
    "~/outside.csv",
    "$HOME/outside.csv",
]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file beside the package, with a secret that no report may show."""
    for name in ("outside.csv", "outside.json"):
        write(tmp_path / name, f'"{SECRET}"\n')
    return tmp_path / "outside.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The package's folder."""
    (tmp_path / "p").mkdir()
    return tmp_path / "p"


def unsafe(report: Json, resource: str | None, pointer: str) -> Json:
    """The one error is an unsafe path, at that pointer, and no outside content is shown."""
    expect(report, "invalid", {"rule": "unsafe-path", "resource": resource})
    found = of(report, "unsafe-path")[0]
    assert found["pointer"] == pointer
    assert found["row"] is None
    assert SECRET not in json.dumps(report)
    return found


# Paths that leave the package


@pytest.mark.parametrize("path", UNSAFE)
def test_path_that_leaves_the_package_is_unsafe(folder: Path, outside: Path, path: str) -> None:
    """`..`, an absolute path, a file URL, `~` and `$HOME` as `path` are refused, none opened."""
    make(folder, [table("t", FIELDS, path=path.format(outside=outside))])
    unsafe(judge(folder), "t", "/resources/0/path")


@pytest.mark.parametrize("path", UNSAFE)
def test_path_in_a_list_that_leaves_the_package_is_unsafe(
    folder: Path, outside: Path, path: str
) -> None:
    """The same as one of several paths; the pointer names which."""
    paths = ["t.csv", path.format(outside=outside)]
    make(folder, [table("t", FIELDS, path=paths)], {"t.csv": DATA})
    unsafe(judge(folder), "t", "/resources/0/path/1")


@pytest.mark.parametrize("name", ["paths", "extrapaths"])
@pytest.mark.parametrize("path", ["../outside.csv", "{outside}", "file://{outside}"])
def test_further_paths_that_leave_the_package_are_unsafe(
    folder: Path, outside: Path, name: str, path: str
) -> None:
    """`paths` and `extrapaths`, which other tools read, are refused as well."""
    described = table("t", FIELDS) | {name: [path.format(outside=outside)]}
    make(folder, [described], {"t.csv": DATA})
    unsafe(judge(folder), "t", f"/resources/0/{name}/0")


@pytest.mark.parametrize("name", ["schema", "dialect", "profile"])
@pytest.mark.parametrize("path", [path.replace(".csv", ".json") for path in UNSAFE])
def test_part_of_a_resource_that_leaves_the_package_is_unsafe(
    folder: Path, outside: Path, name: str, path: str
) -> None:
    """The same as `schema`, `dialect` or `profile` of a resource; the data are still read."""
    place = path.format(outside=outside.with_suffix(".json"))
    make(folder, [table("t", FIELDS) | {name: place}], {"t.csv": DATA})
    report = judge(folder)
    unsafe(report, "t", f"/resources/0/{name}")
    assert [item["rows"] for item in report["tables"]] == [2]


@pytest.mark.parametrize("path", [path.replace(".csv", ".json") for path in UNSAFE])
def test_profile_of_the_package_that_leaves_it_is_unsafe(
    folder: Path, outside: Path, path: str
) -> None:
    """The same as the package's own `profile`."""
    place = path.format(outside=outside.with_suffix(".json"))
    one(folder, DATA, FIELDS, package={"profile": place})
    unsafe(judge(folder), None, "/profile")


# Backslashes and drive letters


@pytest.mark.parametrize(
    "path",
    [r"..\..\x.csv", r"sub\t.csv", r"C:\data\x.csv", "C:/data/x.csv", r"\\host\x.csv", "c:x"],
)
def test_backslash_and_drive_letter_are_unsafe(folder: Path, path: str) -> None:
    """A backslash or a drive letter in a path is refused on every system."""
    make(folder, [table("t", FIELDS, path=path)])
    unsafe(judge(folder), "t", "/resources/0/path")


# Links


def test_link_to_a_file_outside_is_unsafe(folder: Path, outside: Path) -> None:
    """A link that leaves the package is refused; with the switch it is followed."""
    write(outside, DATA)
    (folder / "t.csv").symlink_to(outside)
    make(folder, [table("t", FIELDS)])
    unsafe(judge(folder), "t", "/resources/0/path")
    valid(judge(folder, "--follow-links"), rows=2)


def test_link_to_a_folder_outside_is_unsafe(folder: Path) -> None:
    """The same where a folder on the way is a link."""
    write(folder.parent / "sibling" / "t.csv", DATA)
    (folder / "data").symlink_to(folder.parent / "sibling")
    make(folder, [table("t", FIELDS, path="data/t.csv")])
    unsafe(judge(folder), "t", "/resources/0/path")
    valid(judge(folder, "--follow-links"), rows=2)


def test_link_to_a_schema_outside_is_unsafe(folder: Path, outside: Path) -> None:
    """The same for a schema; its content is not shown."""
    (folder / "t.json").symlink_to(outside)
    make(folder, [table("t", FIELDS) | {"schema": "t.json"}], {"t.csv": DATA})
    unsafe(judge(folder), "t", "/resources/0/schema")


def test_link_inside_the_package_is_followed(folder: Path) -> None:
    """A link to another file of the package is no fault."""
    write(folder / "real.csv", DATA)
    (folder / "t.csv").symlink_to("real.csv")
    valid(judge(make(folder, [table("t", FIELDS)])), rows=2)


def test_package_reached_through_a_link_is_read(folder: Path, tmp_path: Path) -> None:
    """A link to the package's own folder is the caller's choice."""
    one(folder, DATA, FIELDS)
    (tmp_path / "link").symlink_to(folder)
    valid(judge(tmp_path / "link"), rows=2)


# Devices, pipes and folders


def test_link_to_a_device_is_refused(folder: Path) -> None:
    """/dev/zero is never read to its end: a link to it is unsafe."""
    (folder / "t.csv").symlink_to("/dev/zero")
    make(folder, [table("t", FIELDS)])
    report = judge_apart(folder)
    unsafe(report, "t", "/resources/0/path")


def test_link_to_a_device_is_refused_with_the_switch(folder: Path) -> None:
    """Following links, a device is refused all the same."""
    (folder / "t.csv").symlink_to("/dev/zero")
    make(folder, [table("t", FIELDS)])
    assert judge_apart(folder, "--follow-links")["verdict"] in {"invalid", "not-checked"}


def test_schema_that_is_a_device_is_refused(folder: Path) -> None:
    """The same as a schema."""
    (folder / "t.json").symlink_to("/dev/zero")
    make(folder, [table("t", FIELDS) | {"schema": "t.json"}], {"t.csv": DATA})
    unsafe(judge_apart(folder), "t", "/resources/0/schema")


@pytest.mark.parametrize("name", ["t.csv", "t.json"])
def test_named_pipe_is_refused_at_once(folder: Path, name: str) -> None:
    """A pipe as data or as schema is refused and never waited for."""
    write(folder / "t.csv", DATA)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    schema = "t.json" if name == "t.json" else {"fields": columns(FIELDS)}
    make(folder, [table("t", FIELDS) | {"schema": schema}])
    report = judge_apart(folder)
    assert report["verdict"] == "invalid"
    assert [item["resource"] for item in of(report, "unsafe-path")] == ["t"]


def test_folder_in_place_of_a_file_is_an_error(folder: Path) -> None:
    """A folder where a file belongs is told, with no traceback."""
    (folder / "t.csv").mkdir()
    make(folder, [table("t", FIELDS)])
    report = judge(folder)
    assert report["verdict"] == "invalid"
    assert {item["resource"] for item in report["findings"]} == {"t"}


# Hidden files


@pytest.mark.parametrize("path", [".git/config.csv", ".hidden.csv", "sub/.hidden/t.csv"])
def test_hidden_path_is_unsafe_in_v2_and_a_warning_in_v1(folder: Path, path: str) -> None:
    """Version 2 forbids hidden files and folders; version 1 does not, so it is a warning."""
    make(folder, [table("t", FIELDS, path=path)], {path: DATA}, **V2)
    unsafe(judge(folder), "t", "/resources/0/path")
    make(folder, [table("t", FIELDS, path=path)])
    report = valid(judge(folder), rows=2)
    assert [item["pointer"] for item in of(report, "unsafe-path", "warning")] == [
        "/resources/0/path"
    ]


# NUL in a path


def test_nul_in_a_path_is_a_descriptor_error(folder: Path) -> None:
    """No file can have such a name."""
    make(folder, [table("t", FIELDS, path="t\0.csv")])
    expect(
        judge(folder),
        "invalid",
        {"rule": "descriptor-error", "resource": "t", "pointer": "/resources/0/path"},
    )


# Texts in place of fields


@pytest.mark.parametrize(
    "text", ["{outside}", "../outside.json", "http://127.0.0.1:9/f.json", "name"]
)
def test_text_in_place_of_a_field_is_a_descriptor_error(
    folder: Path, outside: Path, no_network: list[object], text: str
) -> None:
    """A field MUST be an object: nothing is opened and nothing is fetched."""
    text = text.format(outside=outside.with_suffix(".json"))
    make(folder, [table("t", "") | {"schema": {"fields": [text]}}], {"t.csv": "name\nx\n"})
    report = judge(folder)
    assert report["verdict"] == "invalid"
    assert {"/resources/0/schema/fields/0"} == {
        item["pointer"] for item in of(report, "descriptor-error")
    }
    assert SECRET not in json.dumps(report)
    assert no_network == []


# Other schemes


@pytest.mark.parametrize(
    "path",
    ["sqlite:////tmp/x.db", "s3://bucket/x.csv", "gopher://h/x.csv", "data:text/csv,a", "jdbc:x"],
)
def test_other_schemes_are_unsafe(folder: Path, path: str) -> None:
    """Only the standard's schemes are addresses; every other one is refused."""
    make(folder, [table("t", FIELDS, path=path)])
    unsafe(judge(folder), "t", "/resources/0/path")


@pytest.mark.parametrize("path", ["ftp://example.org/x.csv", "ftps://example.org/x.csv"])
def test_ftp_is_an_address_in_v2_only(folder: Path, path: str) -> None:
    """Version 2 names ftp and ftps, version 1 only http and https."""
    make(folder, [table("t", FIELDS, path=path)], None, **V2)
    unchecked(judge(folder), "t")
    make(folder, [table("t", FIELDS, path=path)])
    unsafe(judge(folder), "t", "/resources/0/path")


# Odd names


@pytest.mark.parametrize(
    "path",
    [
        "what?.csv",
        "a#b.csv",
        "a?b=c#d.csv",
        "a%20b.csv",
        "with space.csv",
        "line\nbreak.csv",
        "data-\N{GRINNING FACE}.csv",
        "-rf.csv",
        "--help.csv",
        "a*[b].csv",
        "quote'\".csv",
        "a..b.csv",
    ],
)
def test_local_path_is_a_name(folder: Path, path: str) -> None:
    """A local path is a name: nothing in it is taken for a query, a glob or an option."""
    write(folder / path, DATA)
    valid(judge(make(folder, [table("t", FIELDS, path=path)])), rows=2)


@pytest.mark.parametrize("path", ["x" * 300 + ".csv", "d/" * 3000 + "x.csv"])
def test_very_long_path_is_a_finding(folder: Path, path: str) -> None:
    """A name that no file system takes is a missing file, without a traceback."""
    make(folder, [table("t", FIELDS, path=path)])
    expect(judge(folder), "invalid", {"rule": "missing-file", "resource": "t"})


@pytest.mark.parametrize("path", ["no\nsuch.csv", "no\x1b[31m.csv", "no\N{GRINNING FACE}.csv"])
def test_names_are_quoted_in_messages(folder: Path, path: str) -> None:
    """A newline or a control character of a name never reaches a message raw."""
    make(folder, [table("t", FIELDS, path=path)])
    report = judge(folder)
    expect(report, "invalid", {"rule": "missing-file", "resource": "t"})
    message = report["findings"][0]["message"]
    assert "\n" not in message
    assert "\x1b" not in message


# Remote references


def test_remote_path_is_not_checked(folder: Path, no_network: list[object]) -> None:
    """An address is not asked: the resource is told as not checked, the others are read."""
    far = table("far", FIELDS, path="http://127.0.0.1:9/x.csv")
    make(folder, [far, table("t", FIELDS)], {"t.csv": DATA})
    report = judge(folder)
    said = unchecked(report, "far")
    assert "remote" in (said["what"] + said["why"]).lower()
    assert [item["name"] for item in report["tables"] if item["rows"]] == ["t"]
    assert no_network == []


@pytest.mark.parametrize("name", ["schema", "dialect", "profile"])
def test_remote_part_of_a_resource_is_not_checked(
    folder: Path, no_network: list[object], name: str
) -> None:
    """A remote schema, dialect or profile is not fetched, and the data are still read."""
    described = table("t", FIELDS) | {name: "https://example.org/part.json"}
    report = judge(make(folder, [described], {"t.csv": DATA}))
    unchecked(report, "t")
    assert no_network == []


def test_remote_profile_of_the_package_is_not_checked(
    folder: Path, no_network: list[object]
) -> None:
    """A profile that the tool does not have is told as not applied."""
    profile = "https://example.org/profile.json"
    report = judge(one(folder, DATA, FIELDS, package={"profile": profile}))
    said = unchecked(report)
    assert "profile" in (said["what"] + said["why"]).lower()
    assert no_network == []


def test_remote_reference_in_a_local_profile_is_not_fetched(
    folder: Path, no_network: list[object]
) -> None:
    """`$ref` to an address in a local profile is not followed."""
    write(folder / "profile.json", json.dumps({"$ref": "http://127.0.0.1:9/x.json"}))
    one(folder, DATA, FIELDS, package={"profile": "profile.json"})
    unchecked(judge(folder))
    assert no_network == []


@pytest.mark.parametrize(
    "package",
    [
        {"profile": "data-package"},
        {"profile": "tabular-data-package"},
        {"profile": "https://specs.frictionlessdata.io/schemas/tabular-data-package.json"},
        V2,
        {"$schema": "https://datapackage.org/profiles/1.0/datapackage.json"},
    ],
)
def test_profiles_of_the_standard_ship_with_the_tool(folder: Path, package: Json) -> None:
    """What the standard publishes is known, so nothing is left unchecked."""
    valid(judge(one(folder, DATA, FIELDS, package=package, profile="tabular-data-resource")))


def test_profile_of_a_resource_that_is_no_name_is_refused(folder: Path) -> None:
    """A made-up profile is told as not checked, never fetched or taken for known."""
    report = judge(one(folder, DATA, FIELDS, profile="my-own-resource"))
    assert report["verdict"] in {"not-checked", "invalid"}


# Unknown profiles


@pytest.mark.parametrize("address", ["https://example.org/x.json", "http://127.0.0.1:9/x.json"])
def test_unknown_schema_of_the_descriptor_is_not_applied(
    folder: Path, no_network: list[object], address: str
) -> None:
    """A custom `$schema` gives 'profile not applied', never 'valid'."""
    report = judge(one(folder, DATA, FIELDS, package={"$schema": address}))
    said = unchecked(report)
    assert "profile" in (said["what"] + said["why"]).lower()
    assert no_network == []


# Redirects


class Redirect(BaseHTTPRequestHandler):
    """A server that sends every caller to another address."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """The server, on a free port."""
    server = HTTPServer(("127.0.0.1", 0), Redirect)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_redirect_is_never_met(
    folder: Path, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without leave no first request is made, so no redirect is followed."""
    monkeypatch.undo()  # the real network: the server itself shows who asked
    address = f"http://127.0.0.1:{server.server_port}/x.csv"
    make(folder, [table("t", FIELDS, path=address)])
    unchecked(judge(folder), "t")
    assert server.asked == []  # type: ignore[attr-defined]


def test_size_and_hash_of_files_of_which_one_is_missing(tmp_path: Path) -> None:
    """A missing file is told once: bytes and hash are those of all files together."""
    described = table("t", "a:integer", path=["1.csv", "2.csv"], bytes=8, hash="0" * 32)
    make(tmp_path, [described], {"1.csv": "a\n1\n"})
    expect(judge(tmp_path), "invalid", {"rule": "missing-file", "pointer": "/resources/0/path/1"})
