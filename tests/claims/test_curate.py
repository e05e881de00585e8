"""A package is started, filled and added to: init, add-table, new-source, locate."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from frictionless import system

from claimpack import ClaimpackError, UnreadableError, UsageError, api
from claimpack.claims.passages import NotOneError
from claimpack.curate import insertion, rows
from packages import V2, command, judge, make, one, write

TEXT = (
    "He who sleeps too little \u201cnever\u201d learns.\n"
    "Sleep helps memory, and sleep helps\nmood; it\u2019s well-known \u2013 so they say.\n"
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new package `p` beside a folder `texts`; the current folder is theirs."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "texts" / "sleep.txt", TEXT)
    api.init("p")
    return tmp_path / "p"


@pytest.fixture
def registered(package: Path) -> Path:
    """The same with the text registered as `sleep-blog`."""
    values = {"kind": "web-article", "title": "Sleep"}
    api.new_source("texts/sleep.txt", "p", source_id="sleep-blog", values=values)
    return package


def table(package: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    text = (package / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def refused(error: type[ClaimpackError], code: int, *argv: str) -> str:
    """The one line with which a command refuses, its exit code as the error's."""
    assert error.exit_code == code
    found, out, err = command(*argv)
    assert (found, out) == (code, "")
    assert "internal error" not in err
    return err


# init


def test_a_new_package_is_valid_at_once(tmp_path: Path) -> None:
    """It has every table of the profile, none of its rows, and no finding of any kind."""
    names = api.init(tmp_path / "sleep-claims", "Claims about sleep")
    report = judge(tmp_path / "sleep-claims")
    assert report["verdict"] == "valid"
    assert report["findings"] == []
    assert report["package"] == "sleep-claims"
    assert tuple(item["name"] for item in report["tables"]) == names
    assert {item["rows"] for item in report["tables"]} == {0}
    described = json.loads((tmp_path / "sleep-claims/datapackage.json").read_text())
    assert described["title"] == "Claims about sleep"
    assert described["claimsProfile"] == "1.0"


def test_a_new_package_says_what_comes_next(tmp_path: Path, monkeypatch: Any) -> None:
    """The command names the commands that fill it."""
    monkeypatch.chdir(tmp_path)
    code, out, err = command("init", "a1")
    assert (code, err) == (0, "")
    for part in ("new-source", "locate", "validate"):
        assert f"claimpack {part}" in out
    assert command("validate", "a1")[0] == 0


@pytest.mark.parametrize("name", ["Sleep Claims", "a_", "\x1b[2J", "..", "schlaf-ü"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, monkeypatch: Any, name: str) -> None:
    """A package's name is lower-case letters and digits; nothing is made of another."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        api.init(name)
    refused(UsageError, 2, "init", name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_not_touched(tmp_path: Path) -> None:
    """An empty folder or a new one is filled, never one that holds something."""
    write(tmp_path / "full" / "a", "x")
    write(tmp_path / "file", "x")
    (tmp_path / "empty").mkdir()
    for name in ("full", "file"):
        with pytest.raises(UsageError):
            api.init(tmp_path / name)
    api.init(tmp_path / "empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "full"]
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["a"]


def test_a_place_that_cannot_be_written_is_3(tmp_path: Path) -> None:
    """A file where a folder should be ends in one line, exit code 3, nothing left."""
    write(tmp_path / "file", "x")
    with pytest.raises(UnreadableError):
        api.init(tmp_path / "file" / "p")
    err = refused(UnreadableError, 3, "init", str(tmp_path / "file" / "p"))
    assert "cannot write" in err


# new-source


def test_a_source_has_hash_and_length_of_its_text(package: Path) -> None:
    """The hash is of the bytes, the length in code points; the rest is named as to be filled."""
    made = api.new_source("texts/sleep.txt", "p", source_id="sleep-blog")
    (row,) = table(package, "sources")
    assert row["source_id"] == "sleep-blog"
    assert row["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest() == made.sha256
    assert row["text_length"] == str(len(TEXT))
    assert (row["verification"], row["status"]) == ("unverified", "current")
    assert made.missing == ("kind", "title")
    found = {(item["rule"], item["field"]) for item in judge(package)["findings"]}
    assert found >= {("constraint-error", "kind"), ("constraint-error", "title")}


def test_metadata_can_be_given_at_once(registered: Path) -> None:
    """--set fills in fields, and what is complete is valid."""
    (row,) = table(registered, "sources")
    assert (row["kind"], row["title"]) == ("web-article", "Sleep")
    assert "constraint-error" not in judge(registered)["rules"]
    write(Path("texts/two.txt"), "Another.")
    code, out, _ = command("new-source", "texts/two.txt", "p", "--set", "kind=web-article")
    assert code == 0
    assert "to fill in: title" in out
    assert [row["source_id"] for row in table(registered, "sources")] == ["sleep-blog", "two"]


def test_every_byte_before_the_new_row_stays(package: Path) -> None:
    """A row is appended as the file's other lines end; a last newline is added where it lacks."""
    path = package / "tables" / "sources.csv"
    head = path.read_bytes()
    before = head.replace(b"\n", b"\r\n") + b"a-first,label,Old" + b"," * 20
    path.write_bytes(before)
    api.new_source("texts/sleep.txt", "p")
    after = path.read_bytes()
    assert after.startswith(before + b"\r\nsleep,")
    assert after.endswith(b"\r\n")


def test_a_text_that_is_no_utf_8_is_told(package: Path) -> None:
    """The line says which byte in which line, and how to save; nothing is written."""
    write(Path("texts/latin.txt"), b"one\ncaf\xe9\n")
    before = (package / "tables" / "sources.csv").read_bytes()
    err = refused(UsageError, 2, "new-source", "texts/latin.txt", "p")
    assert err == (
        "claimpack: texts/latin.txt is not UTF-8: the byte 0xe9 in line 2 (byte 7) cannot be "
        "read; save the file as UTF-8\n"
    )
    assert (package / "tables" / "sources.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("argv", "part"),
    [
        (["texts/none.txt"], "does not exist"),
        (["texts"], "does not exist"),
        (["texts/empty.txt"], "is empty"),
        (["texts/sleep.txt"], 'already registered as "sleep-blog"'),
        (["texts/new.txt", "p", "--id", "sleep-blog"], "already exists; give another key"),
        (["texts/new.txt", "p", "--id", "No Key"], "is not a valid key"),
        (["texts/new.txt", "p", "--set", "colour=red"], 'no field "colour"'),
        (["texts/new.txt", "p", "--set", "text_length=1"], "from the file itself"),
        (["texts/new.txt", "p", "--set", "kind"], "FIELD=VALUE"),
        (["texts/new.txt", "nowhere"], "no such file or folder"),
    ],
)
def test_what_cannot_be_registered_is_told(registered: Path, argv: list[str], part: str) -> None:
    """Each has one line and exit code 2, and leaves the table as it was."""
    write(Path("texts/empty.txt"), "")
    write(Path("texts/new.txt"), "New.")
    before = (registered / "tables" / "sources.csv").read_bytes()
    argv = argv if len(argv) > 1 else [*argv, "p"]
    assert part in refused(UsageError, 2, "new-source", *argv)
    assert (registered / "tables" / "sources.csv").read_bytes() == before


def test_a_package_without_the_table_is_told(tmp_path: Path) -> None:
    """new-source asks for a claims package."""
    one(tmp_path, "id\n1\n", "id:integer")
    with pytest.raises(UsageError, match="no table sources"):
        api.new_source(tmp_path / "t.csv", tmp_path)


def test_a_table_saved_in_another_form_is_left_to_fmt(package: Path) -> None:
    """A table that a spreadsheet saved with semicolons is not appended to."""
    path = package / "tables" / "sources.csv"
    path.write_bytes(path.read_bytes().replace(b",", b";"))
    with pytest.raises(UsageError, match="run claimpack fmt"):
        api.new_source("texts/sleep.txt", "p")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root"
)
def test_a_folder_that_is_read_only_is_3(package: Path) -> None:
    """The table stays, and one line names the file."""
    folder = package / "tables"
    folder.chmod(0o500)
    try:
        assert "cannot write" in refused(UnreadableError, 3, "new-source", "texts/sleep.txt", "p")
    finally:
        folder.chmod(0o700)


def test_a_text_in_utf_16_is_called_so(package: Path) -> None:
    """Windows saves it as "Unicode"; the mark at its start tells."""
    write(package.parent / "wide.txt", TEXT.encode("utf-16"))
    err = refused(UsageError, 2, "new-source", "wide.txt", "p")
    assert err == "claimpack: wide.txt is not UTF-8 but UTF-16; save the file as UTF-8\n"


# locate


def located(words: str, **options: Any) -> dict[str, str]:
    """The printed row, by the table's header, after holding it against the library's."""
    found, line = api.locate("sleep-blog", words, "p", corpus="texts", **options)
    header = Path("p/tables/passages.csv").read_text().splitlines()[0].split(",")
    row = dict(zip(header, next(csv.reader(io.StringIO(line, newline=""))), strict=True))
    assert row == {name: str(getattr(found, name)) for name in header}
    span = TEXT[found.char_start : found.char_end]
    assert found.sha256 == hashlib.sha256(span.encode()).hexdigest()
    assert span.startswith(found.head)
    assert span.endswith(found.tail)
    return {**row, "span": span}


@pytest.mark.parametrize(
    ("words", "span", "head", "tail"),
    [
        ("too little", "too little", "too little", "too little"),
        (
            'sleeps too little "never" learns.',
            "sleeps too little \u201cnever\u201d learns.",
            "sleeps too little \u201cnever\u201d",
            "too little \u201cnever\u201d learns.",
        ),
        ("sleep helps mood", "sleep helps\nmood", "sleep helps", "mood"),
        ("it's  well-known - so", "it\u2019s well-known \u2013 so", None, None),
    ],
)
def test_words_are_found(
    registered: Path, words: str, span: str, head: str | None, tail: str | None
) -> None:
    """White space, quotes and dashes need not be as in the text; head and tail stay on a line."""
    row = located(words)
    assert row["span"] == span
    assert row["source_id"] == "sleep-blog"
    if head is not None:
        assert (row["head"], row["tail"]) == (head, tail)


def test_the_printed_row_can_be_appended(registered: Path) -> None:
    """Pasted below the table, the row is valid and proves itself."""
    code, out, err = command("locate", "sleep-blog", "sleeps too little", "p", "--corpus", "texts")
    assert (code, err) == (0, "")
    path = registered / "tables" / "passages.csv"
    path.write_text(path.read_text() + out)
    (row,) = table(registered, "passages")
    assert row["passage_id"] == "sleep-blog-sleeps-too-little"
    assert set(judge(registered)["rules"]) == {"orphan-row", "unrated-source"}
    verified = api.verify_sources(registered, "texts")
    assert [(item.exact, item.missing) for item in verified.sources] == [(1, 0)]
    with pytest.raises(UsageError, match='already the passage "sleep-blog-sleeps-too-little"'):
        located("sleeps too little")
    assert located("too little", passage_id="mine")["passage_id"] == "mine"


def test_words_that_stand_twice_are_told_with_every_place(registered: Path) -> None:
    """Exit code 2; each place has its position and what is around it; --nth chooses."""
    code, out, err = command("locate", "sleep-blog", "helps", "p", "--corpus", "texts")
    assert (code, out) == (2, "")
    first, *places = err.splitlines()
    assert "the words are 2 times in sleep-blog" in first
    starts = [TEXT.index("helps"), TEXT.rindex("helps")]
    assert places == [
        f'claimpack: {number}: {start} to {start + 5}: "{" ".join(around.split())}"'
        for number, start in enumerate(starts, 1)
        for around in [TEXT[max(start - 24, 0) : start + 5 + 24]]
    ]
    assert located("helps", nth=2)["char_start"] == str(starts[1])
    with pytest.raises(NotOneError):
        located("helps", nth=3)


def test_words_that_stand_nowhere_are_told(registered: Path) -> None:
    """Exit code 2; other capitals are pointed out, parts of words do not count."""
    line = ("locate", "sleep-blog")
    err = refused(UsageError, 2, *line, "dream", "p", "--corpus", "texts")
    assert err == "claimpack: the words are not in sleep-blog\n"
    err = refused(UsageError, 2, *line, "HE who", "p", "--corpus", "texts")
    assert "with other capitals they are" in err
    assert "1: 0 to 6" in err
    refused(UsageError, 2, *line, "elp", "p", "--corpus", "texts")
    refused(UsageError, 2, *line, "  ", "p", "--corpus", "texts")


def test_locate_needs_the_text_that_was_registered(registered: Path) -> None:
    """A changed text has other positions: it is not searched. No folder is wrong usage."""
    line = ("sleep-blog", "sleeps", "p", "--corpus")
    refused(UsageError, 2, "locate", *line, "nowhere")
    refused(UsageError, 2, "locate", "nobody", *line[1:], "texts")
    write(Path("texts/sleep.txt"), TEXT + "More.")
    assert "no file in texts" in refused(UnreadableError, 3, "locate", *line, "texts")


def test_located_as_json(registered: Path) -> None:
    """-f json has the same values for programs."""
    argv = ("locate", "sleep-blog", "so they say", "p", "--corpus", "texts", "-f", "json")
    code, out, _ = command(*argv)
    found = json.loads(out)
    assert code == 0
    assert TEXT[found["char_start"] : found["char_end"]] == "so they say"


def test_hostile_texts_do_not_reach_the_screen(package: Path) -> None:
    """A head holds no control character; what cannot be said without one is refused."""
    write(Path("texts/evil.txt"), "one two\x1b[31m three. \x1b[2J four")
    api.new_source("texts/evil.txt", "p", source_id="evil")
    code, out, _ = command("locate", "evil", "two\x1b[31m three.", "p", "--corpus", "texts")
    assert code == 0
    assert "\x1b" not in out
    err = refused(UsageError, 2, "locate", "evil", "\x1b[2J four", "p", "--corpus", "texts")
    assert "\x1b" not in err


# add-table


def added(package: Path, file: str, **options: Any) -> dict[str, str]:
    """The types of a table that was added, by field."""
    return dict(api.add_table(package / file, package, **options).fields)


def test_types_are_inferred_from_csv(package: Path) -> None:
    """The resource has dialect and encoding; the schema is of the package's standard."""
    write(package / "tables/My Trials.csv", "id;n;share;day;yes\na;1;0.5;2020-01-02;true\n")
    assert added(package, "tables/My Trials.csv") == {
        "id": "string",
        "n": "integer",
        "share": "number",
        "day": "date",
        "yes": "boolean",
    }
    described = json.loads((package / "datapackage.json").read_text())["resources"][-1]
    assert described == {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": "my_trials",
        "path": "tables/My Trials.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";"},
        "type": "table",
        "schema": "schemas/my_trials.json",
    }
    assert judge(package)["verdict"] == "valid"


def test_types_are_inferred_from_a_spreadsheet(package: Path) -> None:
    """An Excel file is read by frictionless, here as in the check."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["id", "n", "day"])
    book.active.append(["a", 1, dt.date(2020, 1, 2)])
    book.active.append(["b", 2.5, dt.date(2020, 1, 3)])
    book.save(package / "tables" / "book.xlsx")
    assert added(package, "tables/book.xlsx") == {"id": "string", "n": "number", "day": "datetime"}
    assert judge(package)["verdict"] == "valid"


def test_types_are_taken_from_parquet(package: Path) -> None:
    """Parquet knows its types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = {"id": ["a"], "n": [1], "x": [0.5], "day": [dt.date(2020, 1, 2)]}
    pq.write_table(pa.table(values), package / "tables" / "t.parquet")
    assert added(package, "tables/t.parquet", name="other") == {
        "id": "string",
        "n": "integer",
        "x": "number",
        "day": "date",
    }


def test_every_row_has_to_fit_the_type(package: Path) -> None:
    """A value beyond the sample that is no number makes the field a string."""
    lines = "".join(f"{n}\n" for n in range(11_000))
    write(package / "tables/long.csv", f"n\n{lines}last\n")
    assert added(package, "tables/long.csv") == {"n": "string"}
    assert judge(package)["verdict"] == "valid"


def test_faults_of_the_new_table_are_announced(package: Path) -> None:
    """A ragged table is added, and the command says that there are findings."""
    write(package / "tables/ragged.csv", "a,b\n1,2\n3\n")
    code, out, _ = command("add-table", str(package / "tables/ragged.csv"), str(package))
    assert code == 0
    assert "1 finding: claimpack validate shows them" in out


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("tables/none.csv", None, "does not exist"),
        ("tables/a.txt", "a\n", "has none of the formats"),
        ("../out.csv", "a\n1\n", "is not in the package's folder"),
        ("tables/sources.csv", None, "already"),
        ("tables/latin.csv", b"a\ncaf\xe9\n", "is not UTF-8"),
        ("tables/utf16.csv", "a\n1\n".encode("utf-16"), "is not UTF-8"),
        ("tables/empty.csv", "", "is empty"),
        ("tables/\u00fc.csv", "a\n1\n", "is not a valid table name"),
    ],
)
def test_what_cannot_be_added_is_told(
    package: Path, name: str, content: str | bytes | None, part: str
) -> None:
    """Each has one line and exit code 2, and leaves the package as it was."""
    if content is not None:
        write(package / name, content)
    before = (package / "datapackage.json").read_bytes()
    assert part in refused(UsageError, 2, "add-table", str(package / name), str(package))
    assert (package / "datapackage.json").read_bytes() == before
    assert len(list((package / "schemas").iterdir())) == 19


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.parquet"])
def test_a_file_of_another_kind_is_3(package: Path, name: str) -> None:
    """What is no spreadsheet and no Parquet cannot be read, and nothing is added."""
    write(package / "tables" / name, "no such thing")
    refused(UnreadableError, 3, "add-table", str(package / "tables" / name), str(package))
    assert not system.trusted, "frictionless would follow paths that leave their package"


def test_a_package_of_version_1_stays_one(tmp_path: Path) -> None:
    """The resource has a profile, not the properties of version 2."""
    one(tmp_path, "id\n1\n", "id:integer")
    write(tmp_path / "u.csv", "a\n1\n")
    api.add_table(tmp_path / "u.csv", tmp_path)
    described = json.loads((tmp_path / "datapackage.json").read_text())["resources"][-1]
    assert described["profile"] == "tabular-data-resource"
    assert not {"$schema", "type"} & set(described)
    assert judge(tmp_path)["verdict"] == "valid"


NEW = {"name": "b", "path": "b.csv"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"resources": []}', '{"resources": [{"name": "b", "path": "b.csv"}]}'),
        (
            '{"resources":[{"name":"a"}],"x":1}',
            '{"resources":[{"name":"a"}, {"name": "b", "path": "b.csv"}],"x":1}',
        ),
        (
            '{\n\t"x": "]",\n\t"resources": [\n\t\t{\n\t\t\t"name": "a"\n\t\t}\n\t]\n}\n',
            (
                '{\n\t"x": "]",\n\t"resources": [\n\t\t{\n\t\t\t"name": "a"\n\t\t},\n'
                '\t\t{\n\t\t\t"name": "b",\n\t\t\t"path": "b.csv"\n\t\t}\n\t]\n}\n'
            ),
        ),
        (
            '\ufeff{\r\n  "resources": [\r\n    {"name": "a"}\r\n  ]\r\n}',
            (
                '\ufeff{\r\n  "resources": [\r\n    {"name": "a"},\r\n'
                '    {"name": "b", "path": "b.csv"}\r\n  ]\r\n}'
            ),
        ),
        (
            '{\n  "resources": []\n}',
            '{\n  "resources": [\n    {\n      "name": "b",\n      "path": "b.csv"\n    }\n  ]\n}',
        ),
    ],
)
def test_the_descriptor_keeps_its_formatting(before: str, after: str) -> None:
    """The new resource looks like its neighbours, and nothing else changes."""
    assert insertion.insert(before, NEW) == after


def test_a_descriptor_without_resources_is_told() -> None:
    """There is no place for a resource."""
    with pytest.raises(UsageError):
        insertion.insert('{"a": 1}', NEW)


# all of it

RATED = {"source_id": "sleep-blog", "rater": "pass-1", "rated_on": "2026-01-02"}
BY_HAND = {
    "claims": {
        "claim_id": "helps-memory",
        "statement": "It aids memory.",
        "category": "efficacy",
        "status": "current",
    },
    "claim_mentions": {
        "claim_id": "helps-memory",
        "passage_id": "p1",
        "stance": "asserts",
        "attribution": "author",
    },
    "instruments": {
        "instrument_id": "i",
        "title": "I",
        "version": "1",
        "citation": "C",
        "scoring": "weighted-sum",
        "maximum": "1",
        "item_text_reproducible": "true",
    },
    "criteria": {
        "criterion_id": "i-authors",
        "instrument_id": "i",
        "title": "Authors",
        "description": "1 where they are named",
        "position": "1",
        "minimum": "0",
        "maximum": "1",
        "weight": "1",
    },
    "assessments": {
        **RATED,
        "criterion_id": "i-authors",
        "answer": "0",
        "not_applicable": "false",
        "reason": "Nobody is named.",
    },
    "credibility_ratings": {**RATED, "instrument_id": "i", "score": "0", "maximum": "1"},
}


def test_a_package_is_made_filled_and_exported(registered: Path) -> None:
    """init, new-source, locate and rows written by hand make a valid package that exports."""
    _, line = api.locate("sleep-blog", "Sleep helps memory", "p", corpus="texts", passage_id="p1")
    path = registered / "tables" / "passages.csv"
    path.write_text(f"{path.read_text()}{line}\n")
    for name, values in BY_HAND.items():
        path = registered / "tables" / f"{name}.csv"
        path.write_text(path.read_text() + by_label(registered, name, values))
    report = judge(registered)
    assert [item for item in report["findings"] if item["severity"] == "error"] == []
    assert report["verdict"] == "valid"
    result = api.export("p", "dist")
    assert (result.folder / "parquet" / "datapackage.json").is_file()
    assert judge(result.folder / "csv")["verdict"] == "valid"


def by_label(package: Path, name: str, values: dict[str, str]) -> str:
    """A line of CSV with these values, empty elsewhere."""
    header = (package / "tables" / f"{name}.csv").read_text().splitlines()[0].split(",")
    assert set(values) <= set(header)
    return rows.line([values.get(label, "") for label in header])


def test_a_made_package_is_not_needed(tmp_path: Path) -> None:
    """new-source and locate work on any package with the tables, its dialect kept."""
    fields = "source_id title text_sha256 text_length"
    table_ = {
        "name": "sources",
        "path": "s.csv",
        "dialect": {"delimiter": ";"},
        "schema": {"fields": [{"name": name, "type": "string"} for name in fields.split()]},
    }
    make(tmp_path, [table_], {"s.csv": f"{fields.replace(' ', ';')}\n", "t.txt": "a"}, **V2)
    api.new_source(tmp_path / "t.txt", tmp_path, values={"title": 'a;b "c"'})
    assert (tmp_path / "s.csv").read_text().splitlines()[1].startswith('t;"a;b ""c""";')


@pytest.mark.parametrize("kind", ["integer", "boolean", "date"])
def test_a_key_of_another_type_is_compared_with_nothing(tmp_path: Path, kind: str) -> None:
    """A schema may say what it likes: what cannot be compared is not checked, and told."""
    folder = tmp_path / "p"
    api.init(folder)
    path = folder / "schemas" / "sources.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    for field in schema["fields"]:
        if field["name"] == "source_id":
            field["type"] = kind
            field.pop("constraints", None)
    write(path, json.dumps(schema))
    code, out, err = command("validate", str(folder), "-f", "json")
    told = json.loads(out)
    assert (code, err, told["verdict"]) == (3, "", "not-checked")
    whys = {item["why"] for item in told["unchecked"]}
    assert whys == {"the schema gives a column that is compared another type than the rule needs"}
