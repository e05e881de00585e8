"""The canonical form of a table, and what spreadsheets make of files."""

from __future__ import annotations

import csv
import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimpack import UsageError, api
from claimpack.curate import canonical, files
from claimpack.curate import rows as rows_module
from packages import command, field, judge, make, one, table, write

ROOT = Path(__file__).parents[2]
CELLS = (("id", "text", "n"), ("a", "x, y", "1"), ("b", 'say "yes"', ""), ("c", "two\nlines", "3"))
CANONICAL = 'id,text,n\na,"x, y",1\nb,"say ""yes""",\nc,"two\nlines",3\n'
FIELDS = "id text n:integer"
KEY = {"primaryKey": ["id"]}


def saved(delimiter: str = ",", newline: str = "\n", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    """The cells as a program writes them."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerows(CELLS)
    return stream.getvalue()


def tidied(folder: Path, data: str | bytes, fields: Any = FIELDS, **options: Any) -> Any:
    """What fmt says of a table, after running it; its file is in `t.csv`."""
    one(folder, data, fields, **{"schema": KEY, **options})
    (result,) = api.fmt(folder)
    return result


SPREADSHEETS = {
    "Excel, CSV UTF-8": saved(newline="\r\n").encode("utf-8-sig"),
    "Excel in a country of commas": saved(";", "\r\n").encode("utf-8-sig"),
    "Excel, Unicode text": saved("\t", "\r\n").encode("utf-16"),
    "the same, big endian": b"\xfe\xff" + saved("\t", "\r\n").encode("utf-16-be"),
    "Excel of an old Mac": saved(newline="\r", quoting=csv.QUOTE_ALL).encode(),
    "LibreOffice, all quoted": saved(quoting=csv.QUOTE_ALL).encode(),
    "LibreOffice, bars": saved("|").encode(),
    "no newline at the end": CANONICAL.rstrip("\n").encode(),
    "empty lines": CANONICAL.replace("\nb,", "\n\nb,").encode() + b"\n\n",
}


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_what_a_spreadsheet_saved_is_undone(tmp_path: Path, name: str) -> None:
    """The file is in the canonical form again, its values as they were, and is valid."""
    result = tidied(tmp_path, SPREADSHEETS[name])
    assert (tmp_path / "t.csv").read_bytes().decode() == CANONICAL
    assert result.state == "changed"
    assert result.notes
    assert judge(tmp_path)["findings"] == []
    assert [item.state for item in api.fmt(tmp_path)] == ["canonical"]


def test_what_was_done_is_said(tmp_path: Path) -> None:
    """Each change has its words, one after the other."""
    data = saved(";", "\r\n", csv.QUOTE_ALL).encode("utf-8-sig").rstrip()
    one(tmp_path, data, FIELDS, schema=KEY)
    code, out, err = command("fmt", str(tmp_path))
    assert (code, err) == (0, "")
    assert out == (
        't.csv: byte order mark removed; ";" is now ","; line ends are now LF; newline added at '
        "the end; unnecessary quotes removed\n1 table changed, 0 unchanged\n"
    )
    assert command("fmt", str(tmp_path))[:2] == (0, "0 tables changed, 1 unchanged\n")


def test_rows_are_sorted_by_the_primary_key(tmp_path: Path) -> None:
    """Integers by value, texts by code point; rows of one key keep their order."""
    assert tidied(
        tmp_path,
        "n,id\n10,a\n9,b\nx,c\n,d\n9,a\n",
        "n:integer id",
        schema={"primaryKey": ["n", "id"]},
    ).notes == ("rows are sorted by n, id",)
    assert (tmp_path / "t.csv").read_text() == "n,id\n9,a\n9,b\n10,a\n,d\nx,c\n"
    tidied(tmp_path, "id,n\nb,1\na,2\nb,0\n", "id n", schema=KEY)
    assert (tmp_path / "t.csv").read_text() == "id,n\na,2\nb,1\nb,0\n"


def test_without_a_key_rows_keep_their_order(tmp_path: Path) -> None:
    """Where no key is declared, the order may be what the table says."""
    assert tidied(tmp_path, "id,text,n\nb,,1\na,,2\n", schema={}).state == "canonical"


def test_columns_come_into_the_schemas_order(tmp_path: Path) -> None:
    """A column that was moved in a spreadsheet moves back; its cells go with it."""
    result = tidied(tmp_path, "n,id,text\n1,a,x\n")
    assert result.notes == ("columns are in the schema's order",)
    assert (tmp_path / "t.csv").read_text() == "id,text,n\na,x,1\n"


def test_check_changes_nothing(tmp_path: Path) -> None:
    """--check says what would be done, ends with 1, and leaves the file."""
    one(tmp_path, "id,text,n\r\na,,1\r\n", FIELDS, schema=KEY)
    code, out, _ = command("fmt", str(tmp_path), "--check")
    assert code == 1
    assert "line ends are now LF" in out
    assert "1 table would be changed" in out
    assert (tmp_path / "t.csv").read_bytes() == b"id,text,n\r\na,,1\r\n"
    command("fmt", str(tmp_path))
    assert command("fmt", str(tmp_path), "--check")[0] == 0


FAULTS: dict[str, tuple[str | bytes, str]] = {
    "no UTF-8": (b"id,text,n\na,caf\xe9,1\n", "not UTF-8: the byte 0xe9 in line 2"),
    "UTF-16 without a mark": ("id,text,n\n".encode("utf-16-le"), "NUL"),
    "a short row": ("id,text,n\na,x\n", "line 2 has 2 cells, the header 3"),
    "a long row": ("id,text,n\na,x,1,2\n", "line 2 has 4 cells, the header 3"),
    "an open quote": ('id,text,n\na,"x,1\n', "unexpected end"),
    "text behind a quote": ('id,text,n\na,"x"y,1\n', "fix that first"),
    "a wrong label": ("id,txt,n\na,x,1\n", 'has no label "text" and has the extra label "txt"'),
    "nothing": ("", "has no label"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_would_be_a_guess_is_left(tmp_path: Path, name: str) -> None:
    """A fault is named in one sentence, the exit code is 1, and every byte stays."""
    data, part = FAULTS[name]
    result = tidied(tmp_path, data)
    assert result.state == "faulty"
    assert part in result.notes[0]
    code, out, err = command("fmt", str(tmp_path))
    assert (code, err) == (1, "")
    assert out.startswith("t.csv: not changed: ")
    assert out.count("\n") == 2
    assert (tmp_path / "t.csv").read_bytes() == (data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize(
    "resource",
    [
        {"dialect": {"delimiter": ";", "commentChar": "#"}},
        {"dialect": {"header": False}},
        {"dialect": {"quoteChar": "'"}},
        {"encoding": "iso-8859-1"},
    ],
)
def test_a_form_that_the_descriptor_asks_for_stays(tmp_path: Path, resource: Any) -> None:
    """Another dialect or encoding is declared, so it is meant; that is no fault."""
    data = "id,text,n\r\na,x,1\r\n"
    assert tidied(tmp_path, data, **resource).state == "foreign"
    assert command("fmt", str(tmp_path), "--check")[0] == 0


def test_a_declared_delimiter_is_kept(tmp_path: Path) -> None:
    """The canonical form has the delimiter of the dialect."""
    result = tidied(tmp_path, saved(",").encode(), dialect={"delimiter": ";"})
    assert result.notes[0] == '"," is now ";"'
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "a;x, y;1"


def test_a_declared_hash_is_not_broken(tmp_path: Path) -> None:
    """A file whose size is declared is not changed behind the descriptor's back."""
    result = tidied(tmp_path, "id,text,n\r\na,,1\r\n", bytes=18)
    assert (result.state, "declares its hash or size" in result.notes[0]) == ("faulty", True)


def test_other_resources_are_no_matter_of_fmt(tmp_path: Path) -> None:
    """A spreadsheet, a text and inline data are neither changed nor faults."""
    write(tmp_path / "t.csv", "id\n1\n")
    inline = table("u", "id", data=[["id"], ["1"]])
    make(tmp_path, [table("t", "id"), inline, {"name": "x", "path": "x.txt"}], {"x.txt": "x"})
    assert [(item.name, item.state) for item in api.fmt(tmp_path)] == [("t", "canonical")]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """What cannot be read ends with 3, the rest is done."""
    make(tmp_path, [table("t", "id"), table("u", "id")], {"u.csv": "id\r\n1\r\n"})
    code, out, _ = command("fmt", str(tmp_path))
    assert code == 3
    assert "t.csv: not changed: it cannot be read" in out
    assert (tmp_path / "u.csv").read_bytes() == b"id\n1\n"
    with pytest.raises(UsageError):
        list(api.fmt(tmp_path / "nowhere"))


def test_a_table_saved_in_the_meantime_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a curator saves while fmt reads stays as it was saved."""
    real = files.read

    def read_and_save(path: Path) -> bytes:
        data = real(path)
        write(path, "id,text,n\r\nnew,,1\r\n")
        return data

    monkeypatch.setattr(files, "read", read_and_save)
    result = tidied(tmp_path, "id,text,n\r\na,,1\r\n")
    assert result.state == "unread"
    assert "changed while fmt was running" in result.notes[0]
    assert (tmp_path / "t.csv").read_bytes() == b"id,text,n\r\nnew,,1\r\n"


def test_a_failed_write_keeps_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full leaves the file as it was, and no other beside it."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = tidied(tmp_path, "id,text,n\r\na,,1\r\n")
    assert (result.state, "No space left" in result.notes[0]) == ("unread", True)
    assert (tmp_path / "t.csv").read_bytes() == b"id,text,n\r\na,,1\r\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datapackage.json", "t.csv"]


def test_a_large_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would not fit into memory is told, exit code 3."""
    monkeypatch.setattr(canonical, "LARGEST", 5)
    assert tidied(tmp_path, "id,text,n\r\n").state == "unread"


def test_hostile_names_do_not_reach_the_screen(tmp_path: Path) -> None:
    """A label with a terminal escape is shown, not obeyed."""
    one(tmp_path, "\x1b[2J,text,n\n", FIELDS)
    code, out, _ = command("fmt", str(tmp_path))
    assert (code, "\x1b" in out) == (1, False)


def test_this_repository_is_in_form() -> None:
    """The dataset's own tables are canonical."""
    assert {item.state for item in api.fmt(ROOT, check=True)} == {"canonical"}


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=8)


@pytest.mark.property
@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.booleans(),
)
def test_no_value_ever_changes(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[tuple[str, str]],
    delimiter: str,
    quoting: Any,
    mark: bool,
) -> None:
    """Whatever the cells hold and however they were saved, fmt keeps each of them."""
    folder = tmp_path_factory.mktemp("made")
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=quoting).writerows([("a", "b"), *cells])
    data = stream.getvalue().encode("utf-8-sig" if mark else "utf-8")
    one(folder, data, [field("a"), field("b")])
    api_result = list(api.fmt(folder))
    assert api_result[0].state in ("changed", "canonical")
    text = (folder / "t.csv").read_bytes().decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b"], *map(list, cells)]
    shutil.rmtree(folder)


def test_a_row_of_one_empty_cell_is_quoted() -> None:
    """An empty line would be no row."""
    assert rows_module.line([""]) == '""\n'


# What validate says of such files


@pytest.mark.parametrize(
    ("data", "rule", "part"),
    [
        (saved(";").encode(), "incorrect-label", "Run claimpack fmt"),
        (saved("\t").encode(), "incorrect-label", "Run claimpack fmt"),
        (saved(";", quoting=csv.QUOTE_ALL).encode(), "incorrect-label", '"delimiter": ";"'),
        (saved("\t").encode("utf-16"), "encoding-error", "which claimpack fmt does"),
        (saved().encode("latin-1").replace(b"x", b"\xe9"), "encoding-error", '"CSV UTF-8"'),
    ],
)
def test_validate_says_how_to_mend_it(tmp_path: Path, data: bytes, rule: str, part: str) -> None:
    """A file that a spreadsheet saved in its own way is answered with the sentence that helps."""
    report = judge(one(tmp_path, data, FIELDS))
    assert report["verdict"] == "invalid"
    assert any(part in item["fix"] for item in report["findings"] if item["rule"] == rule)


def test_validate_takes_what_is_allowed(tmp_path: Path) -> None:
    """A mark, CRLF and quotes around everything are no errors."""
    data = saved(newline="\r\n", quoting=csv.QUOTE_ALL).encode("utf-8-sig")
    assert judge(one(tmp_path, data, FIELDS))["verdict"] == "valid"


@pytest.mark.parametrize(("word", "mark"), [("sep=;\r\n", ";"), ("SEP=,\n", ",")])
def test_a_line_for_excel_is_removed(tmp_path: Path, word: str, mark: str) -> None:
    """The line that tells Excel the delimiter goes, and the rest is a table as any."""
    folder = one(tmp_path, word + saved(mark), FIELDS)
    (item,) = api.fmt(folder)
    assert item.state == "changed"
    assert f"the line {word.strip()} removed" in item.notes
    assert judge(folder)["verdict"] == "valid"


def test_a_label_too_many_is_named(tmp_path: Path) -> None:
    """A column that the schema does not know stands in the way."""
    (item,) = api.fmt(one(tmp_path, "id,more\n1,2\n", "id:integer"))
    assert item.notes == ('its header has the extra label "more"',)


@pytest.mark.parametrize(
    ("data", "made", "note"),
    [
        ("id,text,,\n1,x,,\n2,y,,\n", "id,text\n1,x\n2,y\n", "2 empty columns removed"),
        ("id , text\n1,x\n", "id,text\n1,x\n", "white space around labels removed"),
        ("id,text\u00a0\n1, x\n", "id,text\n1, x\n", "white space around labels removed"),
        ('"id ";text;\n1;x;\n', "id,text\n1,x\n", "1 empty column removed"),
    ],
)
def test_labels_are_trimmed_and_empty_columns_removed(
    tmp_path: Path, data: str, made: str, note: str
) -> None:
    """White space around labels and empty columns at the end hold nothing; cells stay."""
    (item,) = api.fmt(one(tmp_path, data, "id:integer text"))
    assert item.state == "changed"
    assert note in item.notes
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == made
    assert judge(tmp_path)["counts"]["error"] == 0
    assert [again.state for again in api.fmt(tmp_path)] == ["canonical"]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ("id,text,\n1,x,note\n", "id:integer text"),
        ("id,\n1,\n", "id:integer text"),
        ("id,id \n1,2\n", "id:integer text"),
    ],
)
def test_columns_that_may_mean_something_stay(tmp_path: Path, data: str, fields: str) -> None:
    """A column with a value, one that a field needs, and a second label of one name stay."""
    (item,) = api.fmt(one(tmp_path, data, fields))
    assert item.state == "faulty"
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == data


@pytest.mark.parametrize("argv", [["fmt"], ["add-table", "x.csv"], ["new-source", "x.txt"]])
def test_a_package_in_a_zip_file_is_only_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]
) -> None:
    """What would be written is refused, not lost; a check changes nothing and is done."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "x.csv", "a\n1\n")
    write(tmp_path / "x.txt", "text\n")
    one(tmp_path / "p", "id\r\n1\r\n", "id:integer")
    shutil.make_archive("p", "zip", "p")
    code, out, err = command(*argv, "p.zip")
    assert (code, out) == (2, "")
    assert "unpack it" in err
    assert command("fmt", "p.zip", "--check")[0] == 1
