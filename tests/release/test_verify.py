"""A release is checked anywhere: from a folder, a zip file or an address, every byte of it."""

from __future__ import annotations

import _socket
import hashlib
import http.server
import io
import json
import os
import shutil
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import claimpack
import packages
from claimpack import limits
from claimpack.release import http_access
from releases import checksums_hold, contents, faults, package, refuse, verify

LOOK_UP = socket.getaddrinfo


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, not to be altered."""
    top = tmp_path_factory.mktemp("published")
    claimpack.publish(package(top / "p"), top / "release")
    return top / "release"


@pytest.fixture
def release(published: Path, tmp_path: Path) -> Path:
    """A copy of the release."""
    return shutil.copytree(published, tmp_path / "release")


def zipped(release: Path, target: Path, lead: str = "") -> Path:
    """The release in a zip file, in a folder of it where `lead` names one."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents(release).items():
            archive.writestr(lead + name, content)
    return target


def sum_up(release: Path) -> None:
    """Write the checksums anew, as somebody would who covers up a change."""
    found = {name: content for name, content in contents(release).items() if name != "SHA256SUMS"}
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in found.items()]
    (release / "SHA256SUMS").write_text("".join(lines))


def cover_up(release: Path) -> None:
    """Pack the altered folders anew, and sum up."""
    for path in release.glob("*.zip"):
        if (release / path.stem).is_dir():
            zipped(release / path.stem, path)
        else:
            path.unlink()
    sum_up(release)


def alter(release: Path, form: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Alter the descriptor of a format."""
    path = release / form / "datapackage.json"
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))


# As published


@pytest.mark.parametrize("lead", [None, "", "release-1.0.0/"])
def test_as_published(lead: str | None, release: Path, tmp_path: Path) -> None:
    """A release as it was published passes every check: a folder, or a zip file of it."""
    path = release if lead is None else zipped(release, tmp_path / "r.zip", lead)
    code, found = verify(path)
    assert (code, found["verdict"]) == (0, "valid")
    assert {item["outcome"] for item in found["checks"]} == {"passed"}
    kinds = {item["name"] for item in found["checks"]}
    assert kinds == {"checksums", "zip", "claimpack", "frictionless", "pandera", "values"}
    assert len(found["files"]) == len(contents(release)) - 1


def test_an_export_is_verified_too(tmp_path: Path) -> None:
    """What `claimpack export` wrote has the same shape, so it is checked the same way."""
    claimpack.export(package(tmp_path / "p"), tmp_path / "dist")
    assert verify(tmp_path / "dist")[0] == 0


def test_text(release: Path) -> None:
    """The text tells how much passed each check; what failed comes first, with its file."""
    code, told, _ = packages.command("verify", str(release))
    assert (code, "as published" in told, "not as published" in told) == (0, True, False)
    (release / "csv/tables/people.csv").unlink()
    code, told, _ = packages.command("verify", str(release))
    assert (code, "not as published" in told) == (1, True)
    assert "csv/tables/people.csv: is missing" in told.splitlines()[0]


def test_settings_of_the_place_are_not_heeded(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of settings where the command is run changes no verdict."""
    packages.write(tmp_path / "claimpack.toml", "nonsense")
    monkeypatch.chdir(tmp_path)
    assert verify(release)[0] == 0


# Altered


def test_one_byte_of_any_file(release: Path) -> None:
    """One byte flipped in any file is found, and the file named; SHA256SUMS itself is no way in."""
    for name, content in contents(release).items():
        for place in {0, len(content) // 2, len(content) - 1}:
            flipped = bytearray(content)
            flipped[place] ^= 1
            (release / name).write_bytes(flipped)
            found = claimpack.verify(release)
            named = [check.path for check in found.faults]
            assert found.exit_code == 1
            if name == "SHA256SUMS":
                assert named
            else:
                assert named == [name]
        (release / name).write_bytes(content)
    assert verify(release)[0] == 0


def test_both_doors_name_the_file(release: Path) -> None:
    """The library and the command name the file that was altered, with both checksums."""
    file = release / "parquet/tables/visits.parquet"
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 128]))
    code, found = verify(release)
    assert code == 1
    assert list(faults(found)) == ["parquet/tables/visits.parquet"]
    assert hashlib.sha256(content).hexdigest() in faults(found)["parquet/tables/visits.parquet"]


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum here")
def test_sha256sum_says_the_same(release: Path) -> None:
    """The list of checksums is one that sha256sum reads, with the same verdict."""
    assert checksums_hold(release)
    (release / "csv/tables/people.csv").write_text("")
    assert not checksums_hold(release)
    assert verify(release)[0] == 1


def test_one_byte_of_a_zip_file(release: Path, tmp_path: Path) -> None:
    """A byte flipped in a member of a zip file is found, and the member named."""
    whole = zipped(release, tmp_path / "r.zip")
    content = whole.read_bytes()
    with zipfile.ZipFile(whole) as archive:
        members = archive.infolist()
    for item in members:
        start = item.header_offset + 30 + len(item.filename.encode())
        flipped = bytearray(content)
        flipped[start + item.compress_size // 2] ^= 1
        whole.write_bytes(flipped)
        if item.filename == "SHA256SUMS":
            code, told = refuse(whole)
            assert (code, "SHA256SUMS is damaged" in told) == (1, True)
            continue
        code, found = verify(whole)
        assert code == 1
        assert list(faults(found)) == [item.filename]
        assert "damaged" in faults(found)[item.filename]


def test_extra_and_missing_files(release: Path, tmp_path: Path) -> None:
    """Files that are gone, that came, or that are none are named, each with what is wrong."""
    (release / "csv/tables/people.csv").unlink()
    packages.write(release / "csv/tables/more.csv", "a\n")
    packages.write(release / ".hidden", "x")
    (release / "link").symlink_to(release / "SHA256SUMS")
    os.mkfifo(release / "pipe")
    code, found = verify(release)
    assert code == 1
    assert faults(found) == {
        ".hidden": "is not listed in SHA256SUMS",
        "csv/tables/more.csv": "is not listed in SHA256SUMS",
        "csv/tables/people.csv": "is missing",
        "link": "is a link",
        "pipe": "is not a regular file",
    }


def test_file_beside_the_folder_in_a_zip_file(release: Path, tmp_path: Path) -> None:
    """What a zip file holds beside the release's folder is named."""
    path = zipped(release, tmp_path / "r.zip", "r/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("beside.txt", "x")
    code, found = verify(path)
    assert (code, list(faults(found))) == (1, ["../beside.txt"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense\n", "not a checksum with a path"),
        ("{first}", "a second time"),
        ("0" * 64 + "  ../../etc/passwd\n", "is missing"),
        ("0" * 64 + "  /etc/passwd\n", "is missing"),
    ],
)
def test_odd_lines_of_checksums(line: str, message: str, release: Path) -> None:
    """A line that is none, that tells twice or that leads outside fails, and is not followed."""
    sums = release / "SHA256SUMS"
    first = sums.read_text().splitlines(keepends=True)[0]
    sums.write_text(sums.read_text() + line.format(first=first))
    code, found = verify(release)
    assert code == 1
    assert message in "; ".join(faults(found).values())


# Altered, and the checksums with it


def test_value_altered_with_its_checksums(release: Path) -> None:
    """A value that is another in one format than in the other is found, whoever summed up."""
    file = release / "csv/tables/visits.csv"
    file.write_text(file.read_text().replace("20.5", "20.6"))

    def change(raw: dict[str, Any]) -> None:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        raw["resources"][1] |= {"hash": f"sha256:{digest}", "bytes": file.stat().st_size}

    alter(release, "csv", change)
    cover_up(release)
    code, found = verify(release)
    assert code == 1
    wrong = "row 2, minutes: 20.5 instead of 20.6"
    others = {path.name for path in release.iterdir() if path.is_dir()} - {"csv"}
    assert faults(found) == {f"{form}/visits": wrong for form in others}


def test_zip_file_altered_with_its_checksums(release: Path) -> None:
    """A zip file in a release that holds other files than its folder is told, file by file."""
    path = release / "csv.zip"
    kept = contents(release / "csv")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", kept["datapackage.json"])
        archive.writestr("tables/people.csv", b"id,name,status\n")
        archive.writestr("tables/visits.csv", kept["tables/visits.csv"])
        archive.writestr("more.csv", "a\n")
    sum_up(release)
    code, found = verify(release)
    assert code == 1
    assert list(faults(found)) == ["csv.zip"]
    for name in ("more.csv", "notes/about.md", "tables/people.csv"):
        assert name in faults(found)["csv.zip"]
    assert "visits" not in faults(found)["csv.zip"]
    path.write_bytes(path.read_bytes()[:-30])
    sum_up(release)
    assert list(faults(verify(release)[1])) == ["csv.zip"]


def test_format_that_is_not_known(release: Path) -> None:
    """A package in a format that this version does not know is not checked, and said so."""
    shutil.copytree(release / "csv", release / "orc")
    sum_up(release)
    code, found = verify(release)
    assert (code, found["verdict"]) == (3, "not-checked")
    assert [c["path"] for c in found["checks"] if c["outcome"] == "not-checked"] == ["orc"]


def test_file_altered_with_its_checksums(release: Path) -> None:
    """A descriptor that still tells the old hash gives the change away to both validators."""
    file = release / "csv/tables/visits.csv"
    file.write_text(file.read_text().replace("20.5", "20.6"))
    cover_up(release)
    code, found = verify(release)
    assert code == 1
    assert "csv" in faults(found)


def test_invalid_data_with_their_checksums(release: Path) -> None:
    """Data that their own schema forbids are found though every checksum holds."""

    def change(raw: dict[str, Any]) -> None:
        raw["resources"][0]["schema"]["fields"][1]["constraints"] = {"maxLength": 2}

    for form in ("csv", "parquet"):
        alter(release, form, change)
    cover_up(release)
    code, found = verify(release)
    assert code == 1
    assert {"csv", "parquet/tables/people.parquet"} <= set(faults(found))


def test_file_that_is_no_table_with_its_checksums(release: Path) -> None:
    """A file that is not of its format is told, with what reads it."""
    (release / "parquet/tables/people.parquet").write_text("id,name,status\n")
    cover_up(release)
    code, found = verify(release)
    assert code == 1
    assert set(faults(found)) == {"parquet/tables/people.parquet", "parquet/people"}


@pytest.mark.parametrize("broken", ["{", "[]", '{"resources": [{"path": "../x"}]}'])
def test_broken_descriptor_with_its_checksums(broken: str, release: Path) -> None:
    """A descriptor that cannot be used is told, and the other format checked all the same."""
    (release / "csv/datapackage.json").write_text(broken)
    cover_up(release)
    code, found = verify(release)
    assert code == 1
    assert "csv/datapackage.json" in faults(found)
    assert "pandera" in {item["name"] for item in found["checks"]}


def test_table_that_is_left_out(release: Path) -> None:
    """A table or file that one format has and another has not is told."""

    def change(raw: dict[str, Any]) -> None:
        raw["resources"] = raw["resources"][:1]

    alter(release, "parquet", change)
    (release / "parquet/notes/about.md").unlink()
    (release / "parquet/tables/visits.parquet").unlink()
    cover_up(release)
    code, found = verify(release)
    assert code == 1
    assert {"parquet/visits", "parquet/about"} <= set(faults(found))


def test_release_that_asks_for_the_network(release: Path, no_network: list[object]) -> None:
    """A release whose descriptor points elsewhere is not checked whole, and nothing is asked."""

    def change(raw: dict[str, Any]) -> None:
        raw["resources"][0]["schema"] = "https://example.org/schema.json"

    alter(release, "csv", change)
    cover_up(release)
    code, found = verify(release)
    assert code in (1, 3)
    assert found["verdict"] != "valid"
    assert no_network == []


def test_release_of_nothing_readable(release: Path) -> None:
    """Where no format is left to be read nothing but the checksums is checked: exit code 3."""
    for form in [path for path in release.iterdir() if path.is_dir()]:
        shutil.rmtree(form)
    packages.write(release / "about.txt", "x")
    cover_up(release)
    code, found = verify(release)
    assert (code, found["verdict"]) == (3, "not-checked")


# No release


def test_no_release(release: Path, tmp_path: Path) -> None:
    """What is not there, or holds no checksums, is a wrong call."""
    (tmp_path / "empty").mkdir()
    assert refuse(tmp_path / "none")[0] == 2
    assert refuse(tmp_path / "empty")[0] == 2
    assert refuse(zipped(package(tmp_path / "p"), tmp_path / "p.zip"))[0] == 2
    packages.write(tmp_path / "text.zip", "text")
    assert refuse(tmp_path / "text.zip")[0] == 3
    cut = zipped(release, tmp_path / "r.zip").read_bytes()[:-40]
    packages.write(tmp_path / "cut.zip", cut)
    assert refuse(tmp_path / "cut.zip")[0] == 3


@pytest.mark.parametrize("name", ["../out.txt", "/tmp/out.txt", "a/../../out.txt", "C:/out.txt"])
def test_zip_file_that_climbs_out(name: str, release: Path, tmp_path: Path) -> None:
    """A zip file with a member that would leave its folder is refused whole."""
    path = zipped(release, tmp_path / "r.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    code, told = refuse(path)
    assert (code, name in told) == (1, True)


def test_zip_file_that_inflates_beyond_measure(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip file that grows beyond the limit is not checked: exit code 3."""
    monkeypatch.setattr(limits, "INFLATED_BYTES", 1000)
    assert refuse(zipped(release, tmp_path / "r.zip"))[0] == 3


# From an address


class Served(http.server.BaseHTTPRequestHandler):
    """Answers by path, as the test says."""

    answers: dict[str, Callable[[Served], None]] = {}

    def do_GET(self) -> None:
        self.answers.get(self.path, Served.nothing)(self)

    def nothing(self) -> None:
        self.send_error(404)

    def whole(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def leads(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def drips(self, turns: int, announced: int | None = None) -> None:
        self.send_response(200)
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        self.end_headers()
        for _ in range(turns):
            self.wfile.write(b"x" * 100)
            self.wfile.flush()
            time.sleep(0.02)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is said."""


class Server(http.server.ThreadingHTTPServer):
    """A server that does not mind a reader who went away."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing is said."""


@pytest.fixture
def address(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_network: list[object]
) -> Iterator[str]:
    """A server on this machine, which alone may be reached."""
    monkeypatch.setattr(socket.socket, "connect", _socket.socket.connect)
    monkeypatch.setattr(socket, "getaddrinfo", LOOK_UP)
    monkeypatch.setenv("no_proxy", "*")
    content = zipped(published, tmp_path / "served.zip", "release/").read_bytes()
    monkeypatch.setattr(
        Served,
        "answers",
        {
            "/release.zip": lambda to: to.whole(content),
            "/elsewhere": lambda to: to.leads("/release.zip"),
            "/file": lambda to: to.leads("file:///etc/passwd"),
            "/round": lambda to: to.leads("/round"),
            "/text": lambda to: to.whole(b"text"),
            "/slow": lambda to: to.drips(1000),
            "/cut": lambda to: to.drips(1, 5000),
            "/flipped": lambda to: to.whole(flipped(content)),
        },
    )
    server = Server(("127.0.0.1", 0), Served)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def flipped(content: bytes) -> bytes:
    """A zip file of which a byte of one member is another."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo("release/parquet/tables/people.parquet")
    changed = bytearray(content)
    changed[member.header_offset + 30 + len(member.filename) + member.compress_size // 2] ^= 1
    return bytes(changed)


def test_address(address: str) -> None:
    """A release is fetched from an http address, through a redirection too, and verified."""
    assert verify(f"{address}/release.zip")[1]["verdict"] == "valid"
    followed = claimpack.verify(f"{address}/elsewhere", allow_private=True)
    assert followed.verdict == "valid"
    found = packages.command("verify", f"{address}/elsewhere", "--allow-private")
    assert (found[0], "as published" in found[1]) == (0, True)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.2", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"]
)
def test_redirect_to_a_private_address(host: str, address: str) -> None:
    """A redirect to this computer or to a private network is not followed unless asked."""
    Served.answers["/inward"] = lambda to: to.leads(f"http://{host}:{port(address)}/release.zip")
    asked: list[str] = []
    Served.answers["/release.zip"] = lambda to: asked.append(to.path)
    code, told = refuse(f"{address}/inward")
    assert (code, "private address" in told, "--allow-private" in told) == (3, True, True)
    assert asked == []


def test_name_that_resolves_anew(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was checked is the one connected to: a second look-up cannot change it."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    reached: list[Any] = []

    def look_up(host: str, given: int, *rest: Any, **more: Any) -> list[Any]:
        place = next(answers) if host == "rebinds.example" else host
        return LOOK_UP(place, given, *rest, **more)

    def connect(self: socket.socket, place: Any) -> None:
        reached.append(place[0])
        if not place[0].startswith("127."):
            raise OSError("unreachable")
        _socket.socket.connect(self, place)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    target = f"http://rebinds.example:{port(address)}/release.zip"
    Served.answers["/inward"] = lambda to: to.leads(target)
    assert refuse_once(f"{address}/inward")
    assert reached == ["127.0.0.1", "93.184.216.34"]


def refuse_once(address: str) -> bool:
    """Whether an address is refused; asked for once, by the library."""
    with pytest.raises(claimpack.UnreadableError):
        claimpack.verify(address)
    return True


def port(address: str) -> str:
    """The port of the server."""
    return address.rpartition(":")[2]


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("64:ff9b::5db8:d822", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::", False),
        ("fe80::1%lo", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:192.168.0.1", False),
        ("::192.168.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_private_addresses(text: str, public: bool) -> None:
    """Private, local, multicast and reserved addresses are known, also inside IPv6 addresses."""
    assert http_access.is_public(text) is public


def test_too_many_redirects(address: str) -> None:
    """A chain of redirects ends with a message that says so."""
    with pytest.raises(claimpack.UnreadableError, match="too many redirects"):
        claimpack.verify(f"{address}/round", allow_private=True)


def test_address_of_an_altered_release(address: str) -> None:
    """One byte flipped on the way is found, and the file named."""
    code, found = verify(f"{address}/flipped")
    assert (code, list(faults(found))) == (1, ["parquet/tables/people.parquet"])


@pytest.mark.parametrize("path", ["/none", "/text", "/round", "/cut"])
def test_address_that_gives_no_release(path: str, address: str) -> None:
    """What cannot be fetched whole, or is no zip file, is not checked: exit code 3."""
    code, told = refuse(address + path)
    assert told.startswith(address + path), "no file of ours is named"
    assert code == 3
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("text", ["ftp://example.org/r.zip", "file:///tmp/r.zip", "s3://b/r.zip"])
def test_other_addresses(text: str, no_network: list[object]) -> None:
    """Nothing but http and https is fetched."""
    code, told = refuse(text)
    assert (code, text in told, no_network) == (2, True, [])


def test_address_that_breaks_off(address: str) -> None:
    """What came of a release in part is told as that, not as a damaged release."""
    code, told = refuse(f"{address}/cut")
    assert (code, "ended after 100 of 5000 bytes" in told) == (3, True)


def test_redirection_to_a_file(address: str) -> None:
    """A redirection leads to http and https alone."""
    code, told = refuse(f"{address}/file")
    assert (code, "file:///etc/passwd" in told) == (3, True)


def test_address_with_too_much(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes than the limit are not fetched, whether they are announced or not."""
    monkeypatch.setattr(limits, "FETCH_BYTES", 1000)
    for path in ("/release.zip", "/slow"):
        code, told = refuse(address + path)
        assert (code, "1000 bytes" in told) == (3, True)


def test_address_that_takes_too_long(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes longer than the limit is given up, however it drips."""
    monkeypatch.setattr(limits, "FETCH_SECONDS", 0.2)
    code, told = refuse(f"{address}/slow")
    assert (code, "took more than" in told) == (3, True)
