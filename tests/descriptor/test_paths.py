"""The gate that every reference of a descriptor passes."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from claimpack.descriptor import paths
from claimpack.descriptor.faults import Faults, Place
from claimpack.descriptor.model import Standard
from claimpack.descriptor.paths import Gate, Located

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs names, links and pipes of POSIX")
UNSAFE = (
    "",
    "/abs/x.csv",
    "//host/x.csv",
    "..",
    "../x.csv",
    "a/../../x.csv",
    "a/..",
    r"..\x.csv",
    r"a\b.csv",
    r"\\host\x.csv",
    "C:/x.csv",
    "c:x.csv",
    "~/x.csv",
    "~root/x.csv",
    "$HOME/x.csv",
    "${HOME}/x.csv",
    "a/$HOME/x.csv",
    "%APPDATA%/x.csv",
    "file:x.csv",
    "file:///x.csv",
    "FILE:/x.csv",
    "FiLe://x.csv",
    "sqlite:////x.db",
    "s3://bucket/x.csv",
    "data:text/csv,a",
    "javascript:alert(1)",
    "http:",
    "http:x.csv",
    "http:///x.csv",
    "https://?x",
)
NAMES = (
    "x.csv",
    "a/b/x.csv",
    "./x.csv",
    "a//x.csv",
    "a..b.csv",
    "..a.csv",
    "what?.csv",
    "a#b.csv",
    "line\nbreak.csv",
    "\N{GRINNING FACE}.csv",
    "-rf.csv",
    "a b.csv",
    "2020:01.csv",
    "price$.csv",
    "50%.csv",
    "a~b.csv",
)


def locate(
    folder: Path, reference: object, standard: Standard = "1", *, follow: bool = False
) -> tuple[Located, Faults]:
    """What the gate says of one reference."""
    faults = Faults()
    place = Place(faults, "datapackage.json", "/resources/0/path", "", standard, "t")
    return Gate(folder, follow).locate(reference, place, "path"), faults


def rule(faults: Faults) -> list[tuple[str, str]]:
    return [(item.rule, item.severity) for item in faults.findings]


@pytest.mark.parametrize("reference", UNSAFE)
def test_unsafe_references_are_refused_by_their_letters(reference: str) -> None:
    """Nothing that could leave the package or name another scheme gets as far as the disk."""
    refusal = paths.judge(reference, "1")
    assert refusal is not None
    assert (refusal.rule, refusal.severity) == ("unsafe-path", "error")


@POSIX
@pytest.mark.parametrize("reference", NAMES)
def test_odd_names_are_names(reference: str, tmp_path: Path) -> None:
    """What is no address is a name, whatever letters it holds."""
    refusal = paths.judge(reference, "1")
    assert refusal is None or refusal.severity == "warning"
    file = tmp_path / reference
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    assert locate(tmp_path, reference)[0] == Located("file", Path(os.path.realpath(file)))


@pytest.mark.parametrize("reference", ["http://a.b/c", "HTTPS://a.b", "https://a:1/?q#f"])
def test_web_addresses_are_remote(reference: str, tmp_path: Path) -> None:
    """The schemes http and https are addresses in any case, and nothing is asked of the disk."""
    found, faults = locate(tmp_path, reference)
    assert found.state == "remote"
    assert not faults.findings


def test_ftp_is_an_address_of_version_2(tmp_path: Path) -> None:
    """Version 1 knows http and https only."""
    assert locate(tmp_path, "ftp://a.b/c", "2")[0].state == "remote"
    assert rule(locate(tmp_path, "ftp://a.b/c", "1")[1]) == [("unsafe-path", "error")]


@pytest.mark.parametrize("reference", [".git/config.csv", ".x.csv", "a/.b/x.csv"])
def test_hidden_parts(reference: str, tmp_path: Path) -> None:
    """Hidden files and folders are refused by version 2 and told by version 1."""
    file = tmp_path / reference
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    found, faults = locate(tmp_path, reference, "1")
    assert (found.state, rule(faults)) == ("file", [("unsafe-path", "warning")])
    found, faults = locate(tmp_path, reference, "2")
    assert (found.state, rule(faults)) == ("refused", [("unsafe-path", "error")])


def test_nul_is_a_descriptor_error(tmp_path: Path) -> None:
    """No file has NUL in its name; and the disk is not asked."""
    found, faults = locate(tmp_path, "a\0.csv")
    assert (found.state, rule(faults)) == ("refused", [("descriptor-error", "error")])


@pytest.mark.parametrize("reference", [None, 1, True, [], {}])
def test_other_kinds_are_descriptor_errors(reference: object, tmp_path: Path) -> None:
    """A reference is a text."""
    assert rule(locate(tmp_path, reference)[1]) == [("descriptor-error", "error")]


def test_messages_name_resource_and_reference(tmp_path: Path) -> None:
    """The message says which reference of which resource, escaped."""
    message = locate(tmp_path, "../a\n\x1b.csv")[1].findings[0].message
    assert message == ('the path "../a\\n\\u001b.csv" of resource "t" leaves the folder with ..')


@pytest.mark.parametrize(
    "reference", ["no.csv", "no/such.csv", "file/x.csv", "x" * 400, "a/" * 3000]
)
def test_missing_files(reference: str, tmp_path: Path) -> None:
    """What is not there is missing, also where a part of the way is a file or too long."""
    (tmp_path / "file").write_text("x")
    found, faults = locate(tmp_path, reference)
    assert (found.state, rule(faults)) == ("missing", [("missing-file", "error")])
    assert faults.findings[0].path == "datapackage.json"
    assert reference[:40] in faults.findings[0].message


@POSIX
def test_links_that_leave_are_refused(tmp_path: Path) -> None:
    """A link may lead anywhere within the package; out of it only where that is allowed."""
    base = tmp_path / "p"
    (base / "in").mkdir(parents=True)
    outside = tmp_path / "out"
    outside.mkdir()
    for folder in (base / "in", outside):
        (folder / "x.csv").write_text("x")
    (base / "file.csv").symlink_to(outside / "x.csv")
    (base / "folder").symlink_to(outside)
    (base / "inner.csv").symlink_to("in/x.csv")
    (base / "chain.csv").symlink_to("file.csv")
    (base / "back.csv").symlink_to("in/../../out/x.csv")
    (base / "none.csv").symlink_to("/no/such/file")
    for name in ("file.csv", "folder/x.csv", "chain.csv", "back.csv", "none.csv"):
        found, faults = locate(base, name)
        assert (found.state, rule(faults)) == ("refused", [("unsafe-path", "error")]), name
    assert locate(base, "inner.csv")[0].path == Path(os.path.realpath(base / "in/x.csv"))
    followed = locate(base, "folder/x.csv", follow=True)[0]
    assert followed.path == Path(os.path.realpath(outside / "x.csv"))


@POSIX
def test_folder_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    """`p2` is not within `p`."""
    (tmp_path / "p").mkdir()
    (tmp_path / "p2").mkdir()
    (tmp_path / "p2" / "x.csv").write_text("x")
    (tmp_path / "p" / "x.csv").symlink_to("../p2/x.csv")
    assert locate(tmp_path / "p", "x.csv")[0].state == "refused"


@POSIX
def test_links_in_a_circle_are_missing(tmp_path: Path) -> None:
    """A circle of links names no file."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert rule(locate(tmp_path, "a")[1]) == [("missing-file", "error")]


@POSIX
def test_only_regular_files_come_through(tmp_path: Path) -> None:
    """Pipes, sockets, devices and folders are refused at once, links followed or not."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "zero").symlink_to("/dev/zero")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        server.bind("socket")
    finally:
        os.chdir(here)
        server.close()
    for name in ("pipe", "folder", "zero", "socket"):
        for follow in (False, True):
            found, faults = locate(tmp_path, name, follow=follow)
            assert (found.state, rule(faults)) == ("refused", [("unsafe-path", "error")]), name


def test_unreadable_file_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission denied is no fault of the package."""
    (tmp_path / "x.csv").write_text("x")

    def refuse(*args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    found, faults = locate(tmp_path, "x.csv")
    assert found.state == "unreadable"
    assert not faults.findings
    assert "could not be read" in next(iter(faults.unchecked)).why


@POSIX
def test_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    """A file that turns into a pipe after it was looked at is refused on opening."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        paths.read_regular(tmp_path / "pipe")
