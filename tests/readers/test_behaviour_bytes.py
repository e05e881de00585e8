"""Awkward bytes and lines, as listed in docs/robustness.md under Bytes and lines."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest

from packages import (
    V2,
    Json,
    count_rows,
    expect,
    field,
    judge,
    judge_apart,
    make,
    of,
    one,
    table,
    unchecked,
    valid,
)

AB = "a b"
ID_NAME = "id:integer name"
REFERS = {"fields": ["t"], "reference": {"resource": "t", "fields": ["id"]}}


# Unclosed quotes


def test_quote_never_closed_is_told_where_it_opened(tmp_path: Path) -> None:
    """A quote that is never closed is an error at its own line; the other lines are rows."""
    report = judge(one(tmp_path, 'id,name\n1,"x\n2,y\nz,w\n', ID_NAME))
    expect(
        report,
        "invalid",
        {"rule": "quoting-error", "resource": "t", "path": "t.csv", "row": 1, "line": 2},
        {"rule": "type-error", "field": "id", "row": 3, "line": 4, "value": "z"},
    )
    assert count_rows(report) == 3


def test_quote_never_closed_in_the_last_line(tmp_path: Path) -> None:
    """The same where nothing follows; the rows before it are judged."""
    report = judge(one(tmp_path, 'id,name\nx,y\n2,"z', ID_NAME))
    expect(
        report,
        "invalid",
        {"rule": "type-error", "field": "id", "row": 1, "line": 2},
        {"rule": "quoting-error", "row": 2, "line": 3},
    )
    assert count_rows(report) == 2


def test_quote_never_closed_after_a_quoted_newline(tmp_path: Path) -> None:
    """Lines are physical, also after a cell that spans two of them."""
    report = judge(one(tmp_path, 'id,name\n1,"x\ny"\n2,"z\n3,w\n', ID_NAME))
    expect(report, "invalid", {"rule": "quoting-error", "row": 2, "line": 4})
    assert count_rows(report) == 3


def test_quote_never_closed_in_a_label(tmp_path: Path) -> None:
    """The same in the header: line 1, no row."""
    report = judge(one(tmp_path, 'id,"name\n1,x\n', ID_NAME))
    assert report["verdict"] == "invalid"
    assert [(item["row"], item["line"]) for item in of(report, "quoting-error")] == [(None, 1)]


# Text after a closing quote, and bare quotes


@pytest.mark.parametrize("cell", ['"a"b', '"a" ', '"a""b"c', '"a"b"', '""a'])
def test_text_after_a_closing_quote_is_an_error(tmp_path: Path, cell: str) -> None:
    """After a closing quote only a delimiter or the end of the line may come."""
    report = judge(one(tmp_path, f"id,name\n1,x\n2,{cell}\n3,y\n", ID_NAME))
    expect(report, "invalid", {"rule": "quoting-error", "resource": "t", "row": 2, "line": 3})
    assert count_rows(report) == 3


def test_text_after_a_closing_quote_leaves_other_rows_judged(tmp_path: Path) -> None:
    """The rows around it are judged as ever."""
    report = judge(one(tmp_path, 'id,name\nx,x\n2,"a"b\ny,y\n', ID_NAME))
    expect(
        report,
        "invalid",
        {"rule": "type-error", "field": "id", "row": 1, "line": 2, "value": "x"},
        {"rule": "quoting-error", "row": 2, "line": 3},
        {"rule": "type-error", "field": "id", "row": 3, "line": 4, "value": "y"},
    )


@pytest.mark.parametrize("cell", ['a"b', 'a""', '5" disk', ' "a"'])
def test_bare_quote_is_a_warning(tmp_path: Path, cell: str) -> None:
    """A quote inside an unquoted cell is read as it stands, with a warning."""
    report = valid(judge(one(tmp_path, f"id,name\n1,{cell}\n", ID_NAME)), rows=1)
    assert [(i["row"], i["line"]) for i in of(report, "bare-quote", "warning")] == [(1, 2)]


def test_bare_quote_opens_no_cell(tmp_path: Path) -> None:
    """A bare quote does not swallow the lines that follow."""
    report = judge(one(tmp_path, 'id,name\n1,a"b\n2,c\nx,d"\n', ID_NAME))
    expect(report, "invalid", {"rule": "type-error", "row": 3, "line": 4, "value": "x"})
    assert count_rows(report) == 3


# NUL bytes


@pytest.mark.parametrize("cell", [b"a\0b", b"\0", b'"a\0b"'])
def test_nul_in_a_cell_is_an_error(tmp_path: Path, cell: bytes) -> None:
    """No two readers agree on a NUL byte."""
    report = judge(one(tmp_path, b"id,name\n1,x\n2," + cell + b"\n3,y\n", ID_NAME))
    expect(report, "invalid", {"rule": "nul-byte", "resource": "t", "row": 2, "line": 3})
    assert count_rows(report) == 3


# Bytes of another encoding


@pytest.mark.parametrize("more", [{"encoding": "utf-8"}, {}])
def test_invalid_utf8_is_told_with_line_and_offset(tmp_path: Path, more: Json) -> None:
    """Bytes that are no UTF-8, declared or not (version 1's default): line and byte offset.

    The row is still counted and the other rows are still judged.
    """
    data = b"id,name\n1,x\n2,caf\xe9\ny,z\n"
    report = judge(one(tmp_path, data, ID_NAME, **more))
    expect(
        report,
        "invalid",
        {"rule": "encoding-error", "resource": "t", "path": "t.csv", "row": 2, "line": 3},
        {"rule": "type-error", "field": "id", "row": 3, "line": 4, "value": "y"},
    )
    message = of(report, "encoding-error")[0]["message"].replace(",", "")
    assert str(data.index(b"\xe9")) in message
    assert count_rows(report) == 3


@pytest.mark.parametrize(
    "broken",
    [b"\xc3", b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff", b"\xe2\x82"],
)
def test_every_kind_of_invalid_utf8_is_found(tmp_path: Path, broken: bytes) -> None:
    """Cut, stray, overlong, surrogate, too large: each is an encoding error at its row."""
    report = judge(one(tmp_path, b"id,name\n1,x\n2,a" + broken + b"b\n3,y\n", ID_NAME))
    assert report["verdict"] == "invalid"
    assert {(i["rule"], i["row"], i["line"]) for i in report["findings"]} == {
        ("encoding-error", 2, 3)
    }
    assert count_rows(report) == 3


def test_invalid_utf8_in_a_label(tmp_path: Path) -> None:
    """The same in the header: line 1, no row."""
    report = judge(one(tmp_path, b"id,caf\xe9\n1,x\n", "id:integer caf"))
    assert report["verdict"] == "invalid"
    assert [(i["row"], i["line"]) for i in of(report, "encoding-error")] == [(None, 1)]


def test_undeclared_encoding_is_never_guessed_in_silence_in_v2(tmp_path: Path) -> None:
    """Version 2 leaves detection to the tool: a guess is told, or there is none."""
    report = judge(one(tmp_path, b"id,name\n1,caf\xe9\n", ID_NAME, package=V2))
    assert report["findings"] or report["unchecked"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_undeclared_is_an_error_that_names_the_mark(tmp_path: Path, codec: str) -> None:
    """A byte order mark of UTF-16 where nothing is declared is told by name."""
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    data = marks.get(codec, b"") + "id,name\n1,x\n".encode(codec)
    report = judge(one(tmp_path, data, ID_NAME))
    assert report["verdict"] == "invalid"
    assert "UTF-16" in of(report, "encoding-error")[0]["message"]


# Encodings and byte order marks


@pytest.mark.parametrize(
    ("declared", "codec", "mark"),
    [
        ("utf-16", "utf-16", b""),
        ("UTF-16", "utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16le", "utf-16-le", codecs.BOM_UTF16_LE),
        ("UTF-16LE", "utf-16-le", b""),
        ("utf-16be", "utf-16-be", codecs.BOM_UTF16_BE),
        ("latin-1", "latin-1", b""),
        ("ISO-8859-1", "latin-1", b""),
        ("iso-8859-15", "iso-8859-15", b""),
        ("windows-1252", "windows-1252", b""),
        ("cp1252", "windows-1252", b""),
        ("Shift_JIS", "shift_jis", b""),
        ("utf-8", "utf-8", b""),
        ("UTF8", "utf-8", b""),
    ],
)
def test_encoding_is_read_as_declared(
    tmp_path: Path, declared: str, codec: str, mark: bytes
) -> None:
    """Rows, lines and values are right whatever the encoding; a mark is no part of a label."""
    word = "\N{HIRAGANA LETTER A}" if codec == "shift_jis" else "caf\xe9"
    text = f'id,name\n1,"{word}\n{word}"\nx,{word}\n'
    fields = [field("id", "integer"), field("name", constraints={"enum": [f"{word}\n{word}"]})]
    report = judge(one(tmp_path, mark + text.encode(codec), fields, encoding=declared))
    expect(
        report,
        "invalid",
        {"rule": "type-error", "field": "id", "row": 2, "line": 4, "value": "x"},
        {"rule": "constraint-error", "field": "name", "row": 2, "line": 4, "value": word},
    )
    assert count_rows(report) == 2


def test_utf8_mark_is_stripped_in_silence(tmp_path: Path) -> None:
    """A byte order mark where nothing is declared is no part of the first label."""
    report = valid(judge(one(tmp_path, codecs.BOM_UTF8 + b"id,name\n1,x\n", ID_NAME)), rows=1)
    assert report["findings"] == []


@pytest.mark.parametrize("declared", ["utf-8", "UTF-8", "utf8"])
def test_utf8_mark_is_noted_where_utf8_is_declared(tmp_path: Path, declared: str) -> None:
    """The same where UTF-8 was declared gives a note."""
    data = codecs.BOM_UTF8 + b"id,name\n1,x\n"
    report = valid(judge(one(tmp_path, data, ID_NAME, encoding=declared)), rows=1)
    assert [item["severity"] for item in report["findings"]] == ["info"]
    assert of(report, "byte-order-mark")[0]["resource"] == "t"


@pytest.mark.parametrize("declared", ["windows-1252", "latin-1", "us-ascii", "koi8-r"])
@pytest.mark.parametrize("header", [True, False])
def test_utf8_mark_under_another_encoding_is_an_error(
    tmp_path: Path, declared: str, header: bool
) -> None:
    """The file says UTF-8 where the descriptor says otherwise: told once, the rest read on.

    A file in another encoding than UTF-8 "MUST" declare it (Tabular Data Resource, File
    encoding). The mark is no part of a label or of the first cell.
    """
    first = b"id,name\n" if header else b"1,a\n"
    data = codecs.BOM_UTF8 + first + b"1,x\ny,x\n"
    fields = [field("id", "integer"), field("name", constraints={"enum": ["a", "x"]})]
    report = judge(one(tmp_path, data, fields, encoding=declared, dialect={"header": header}))
    expect(
        report,
        "invalid",
        {"rule": "encoding-error", "line": 1},
        {"rule": "type-error", "field": "id", "line": 3, "value": "y"},
    )
    assert "UTF-8" in of(report, "encoding-error")[0]["message"]


def test_offset_behind_a_mark_is_that_of_the_file(tmp_path: Path) -> None:
    """A byte that ASCII does not have is told by its offset in the file, mark and all."""
    data = codecs.BOM_UTF8 + b"id,name\n1,\xe9\n"
    report = judge(one(tmp_path, data, ID_NAME, encoding="ascii"))
    assert ["offset 13" in item["message"] for item in of(report, "encoding-error")].count(
        True
    ) == 1


@pytest.mark.parametrize("declared", ["latin-1", "windows-1252"])
def test_utf16_mark_under_another_encoding_is_an_error(tmp_path: Path, declared: str) -> None:
    """Nothing of such a file can be read as declared."""
    report = judge(one(tmp_path, "id,name\n1,x\n".encode("utf-16"), ID_NAME, encoding=declared))
    expect(report, "invalid", {"rule": "encoding-error", "line": 1})
    assert report["unchecked"]


def test_bytes_that_the_declared_encoding_does_not_have(tmp_path: Path) -> None:
    """A byte that ASCII or UTF-16 cannot hold is an encoding error, not a question mark."""
    for encoding, data in {"us-ascii": b"id,name\n1,caf\xe9\n", "utf-16le": b"i\0d\0,"}.items():
        report = judge(one(tmp_path, data, ID_NAME, encoding=encoding))
        assert report["verdict"] == "invalid"
        assert of(report, "encoding-error")


# Unknown encodings


@pytest.mark.parametrize(
    "codec",
    ["nope", "hex", "base64", "rot13", "zlib", "unicode_escape", "raw_unicode_escape", "undefined"],
)
def test_codec_that_is_no_encoding_is_a_descriptor_error(tmp_path: Path, codec: str) -> None:
    """Only text encodings of the IANA list are encodings; the data are still read."""
    report = judge(one(tmp_path, "id,name\n1,x\n", ID_NAME, encoding=codec))
    expect(
        report,
        "invalid",
        {"rule": "descriptor-error", "resource": "t", "pointer": "/resources/0/encoding"},
    )


# Newlines


def test_lone_cr_is_an_error(tmp_path: Path) -> None:
    """Version 1 asks for LF or CRLF."""
    report = judge(one(tmp_path, "a,b\r1,2\r3,4\r", AB))
    assert report["verdict"] == "invalid"
    assert {item["resource"] for item in of(report, "newline-error", "error")} == {"t"}


@pytest.mark.parametrize("text", ["a,b\r", "a,b\r\n1,2\r", "a,b\n1,2\r", '"a","b"\r'])
def test_lone_cr_at_the_end_is_an_error(text: str, tmp_path: Path) -> None:
    """So it is behind the last record, where a CRLF may have been cut in two."""
    report = judge(one(tmp_path, text, "a:string b:string"))
    assert [item["rule"] for item in report["findings"]] == ["newline-error"]


def test_lone_cr_is_fine_where_declared(tmp_path: Path) -> None:
    """`lineTerminator` may say so."""
    fields = "a:integer b:integer"
    report = judge(one(tmp_path, "a,b\r1,2\r3,4\r", fields, dialect={"lineTerminator": "\r"}))
    valid(report, rows=2)


def test_lone_cr_in_one_line_is_an_error(tmp_path: Path) -> None:
    """One CR in a file of LF lines is told at its line."""
    report = judge(one(tmp_path, "a,b\n1,2\n3,x\ry\n5,6\n", AB))
    assert report["verdict"] == "invalid"
    assert [item["line"] for item in of(report, "newline-error")] == [3]


def test_lone_cr_in_quotes_is_text(tmp_path: Path) -> None:
    """Inside quotes RFC 4180 allows it."""
    valid(judge(one(tmp_path, 'a,b\n1,"x\ry"\n3,4\n', AB)), rows=2)


@pytest.mark.parametrize("text", ["a,b\r\n1,2\n3,4\r\n", "a,b\n1,2\r\n3,4\n"])
def test_mixed_newlines_are_a_warning(tmp_path: Path, text: str) -> None:
    """LF and CRLF in one file are read alike, with a warning."""
    report = valid(judge(one(tmp_path, text, "a:integer b:integer")), rows=2)
    assert [item["severity"] for item in of(report, "mixed-newlines")] == ["warning"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_newlines_of_one_kind_are_no_fault(tmp_path: Path, end: str, last: bool) -> None:
    """LF or CRLF throughout, with or without one at the end."""
    text = f"a,b{end}1,2{end}3,4" + end * last
    assert valid(judge(one(tmp_path, text, "a:integer b:integer")), rows=2)["findings"] == []


@pytest.mark.parametrize("inner", ["\n", "\r\n"])
def test_newline_in_quotes_is_no_mixture(tmp_path: Path, inner: str) -> None:
    """A newline in a quoted cell is the cell's own affair; lines after it are counted right."""
    text = f'a,b\r\n1,"x{inner}y{inner}z"\r\nx,2\r\n'
    report = judge(one(tmp_path, text, "a:integer b"))
    expect(report, "invalid", {"rule": "type-error", "field": "a", "row": 2, "line": 5})
    assert of(report, "mixed-newlines") == []


# Line terminator and null sequence


def test_line_terminator_is_never_ignored(tmp_path: Path) -> None:
    """A made-up line terminator is used, or told as not supported."""
    fields = "id:integer name"
    path = one(tmp_path, "id,name;1,apple;2,orange", fields, dialect={"lineTerminator": ";"})
    report = judge(path)
    if report["unchecked"]:
        unchecked(report, "t")
    else:
        valid(report, rows=2)


def test_null_sequence_is_never_ignored(tmp_path: Path) -> None:
    r"""A `\N` that stands for null is null, or told as not supported."""
    fields = [field("id", "integer"), field("n", "integer")]
    path = one(tmp_path, "id,n\n1,\\N\n", fields, dialect={"nullSequence": "\\N"})
    report = judge(path)
    if report["unchecked"]:
        unchecked(report, "t")
    else:
        valid(report, rows=1)


def test_null_sequence_meets_required(tmp_path: Path) -> None:
    r"""A `\N` in a required field is a null, or told as not supported."""
    fields = [field("id", "integer"), field("n", constraints={"required": True})]
    report = judge(one(tmp_path, "id,n\n1,\\N\n", fields, dialect={"nullSequence": "\\N"}))
    if report["unchecked"]:
        unchecked(report, "t")
    else:
        expect(report, "invalid", {"rule": "constraint-error", "field": "n", "row": 1, "line": 2})


# Rows of the wrong width


def test_ragged_rows_are_told_with_line_and_count(tmp_path: Path) -> None:
    """One finding a row for missing and for extra cells, with the count in the message."""
    fields = "a:integer b:integer c:integer"
    report = judge(one(tmp_path, "a,b,c\n1\n1,2\n1,2,3\n1,2,3,4\n1,2,3,4,5,6\nx,2,3\n", fields))
    expect(
        report,
        "invalid",
        {"rule": "missing-cell", "resource": "t", "row": 1, "line": 2},
        {"rule": "missing-cell", "row": 2, "line": 3},
        {"rule": "extra-cell", "resource": "t", "row": 4, "line": 5},
        {"rule": "extra-cell", "row": 5, "line": 6},
        {"rule": "type-error", "field": "a", "row": 6, "line": 7, "value": "x"},
    )
    assert of(report, "missing-cell")[0]["message"] == "expected 3 cells, found 1"
    assert of(report, "extra-cell")[1]["message"] == "expected 3 cells, found 6"
    assert count_rows(report) == 6


def test_missing_cell_makes_no_required_finding(tmp_path: Path) -> None:
    """A row with a cell too few is reported once, and its cells are not judged."""
    fields = [field("a", "integer"), field("b", constraints={"required": True})]
    expect(
        judge(one(tmp_path, "a,b\nx\n2,\n", fields)),
        "invalid",
        {"rule": "missing-cell", "row": 1, "line": 2},
        {"rule": "constraint-error", "field": "b", "row": 2, "line": 3},
    )


def test_ragged_row_after_a_quoted_newline_has_the_true_line(tmp_path: Path) -> None:
    """The line is where the record begins."""
    report = judge(one(tmp_path, 'a,b\n1,"x\n\ny"\n2,"p\nq",r\n3,4\n', AB))
    expect(report, "invalid", {"rule": "extra-cell", "row": 2, "line": 5})
    assert count_rows(report) == 3


def test_ragged_parent_row_makes_no_false_reference_fault(tmp_path: Path) -> None:
    """A reference whose target may be in a row of the wrong width is not reported as dangling."""
    schema = {
        "primaryKey": "id",
        "foreignKeys": [{"fields": "up", "reference": {"resource": "", "fields": "id"}}],
    }
    fields = "id up note"
    report = judge(one(tmp_path, "id,up,note\n1,,x\n2,1\n3,2,y\n", fields, schema=schema))
    expect(report, "invalid", {"rule": "missing-cell", "row": 2, "line": 3})


# Empty rows and empty lines


@pytest.mark.parametrize("line", [",", '"",""', ',""'])
def test_row_of_empty_cells_is_a_row_of_nulls(tmp_path: Path, line: str) -> None:
    """It is checked like any other row; what is wrong with it is one finding."""
    fields = [field("a", constraints={"required": True}), field("b", "integer")]
    report = judge(one(tmp_path, f"a,b\nx,1\n{line}\ny,2\n", fields))
    expect(report, "invalid", {"rule": "blank-row", "field": None, "row": 2, "line": 3})
    assert report["findings"][0]["fix"] == "Delete line 3."
    assert count_rows(report) == 3


def test_row_of_empty_cells_is_fine_where_nulls_are(tmp_path: Path) -> None:
    """Nothing says that a row must hold a value."""
    valid(judge(one(tmp_path, "a,b\nx,1\n,\ny,2\n", "a b:integer")), rows=3)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_empty_line_in_a_table_of_several_columns_is_an_error(tmp_path: Path, end: str) -> None:
    """It has a line but no row, and the rows after it are counted without it."""
    text = end.join(["a,b", "1,2", "", "x,4", ""])
    report = judge(one(tmp_path, text, "a:integer b:integer"))
    expect(
        report,
        "invalid",
        {"rule": "blank-row", "resource": "t", "path": "t.csv", "row": None, "line": 3},
        {"rule": "type-error", "field": "a", "row": 2, "line": 4, "value": "x"},
    )
    assert count_rows(report) == 2


def test_each_empty_line_is_an_error(tmp_path: Path) -> None:
    """Two in a row are two findings."""
    report = judge(one(tmp_path, "a,b\n\n\n1,2\n\n3,4\n", AB))
    assert [item["line"] for item in of(report, "blank-row")] == [2, 3, 5]
    assert count_rows(report) == 2


def test_line_of_an_empty_quoted_cell_is_no_empty_line(tmp_path: Path) -> None:
    """A line that holds two quotes is a record of one cell: too short, but a row."""
    report = judge(one(tmp_path, 'a,b\n""\nx,4\n', "a b:integer"))
    expect(report, "invalid", {"rule": "missing-cell", "row": 1, "line": 2})
    assert count_rows(report) == 2


def test_empty_line_in_quotes_is_text(tmp_path: Path) -> None:
    """An empty line inside a cell is no blank row."""
    valid(judge(one(tmp_path, 'a,b\n1,"x\n\n\ny"\n', AB)), rows=1)


def test_empty_line_in_a_table_of_one_column_is_a_null(tmp_path: Path) -> None:
    """There it is a row like any other."""
    report = judge(one(tmp_path, "a\n1\n\n3\n", "a:integer"))
    assert valid(report, rows=3)["findings"] == []
    fields = [field("a", "integer", constraints={"required": True})]
    report = judge(one(tmp_path, "a\n1\n\n3\nx\n", fields))
    expect(
        report,
        "invalid",
        {"rule": "constraint-error", "field": "a", "row": 2, "line": 3},
        {"rule": "type-error", "field": "a", "row": 4, "line": 5},
    )


def test_missing_end_of_line_is_no_row(tmp_path: Path) -> None:
    """The newline that ends the last row starts no further one, in a table of one column too."""
    valid(judge(one(tmp_path, "a\n1\n", "a:integer")), rows=1)
    valid(judge(one(tmp_path, "a\n1", "a:integer")), rows=1)


# Missing headers


@pytest.mark.parametrize("package", [{}, V2])
def test_header_shorter_than_the_rows(tmp_path: Path, package: Json) -> None:
    """The first row is the header, so the label that is not there is missing."""
    report = judge(one(tmp_path, "id\n1,one\nx,two\n", ID_NAME, package=package))
    assert report["verdict"] == "invalid"
    assert [(i["field"], i["line"]) for i in of(report, "missing-label")] == [("name", 1)]
    assert count_rows(report) == 2


@pytest.mark.parametrize("package", [{}, V2])
def test_file_without_a_header_loses_its_first_row(tmp_path: Path, package: Json) -> None:
    """`header` is true by default: the first row MUST be taken for labels."""
    report = judge(one(tmp_path, "1,one\n2,two\n", ID_NAME, package=package))
    expect(
        report,
        "invalid",
        {"rule": "incorrect-label", "row": None, "line": 1},
        {"rule": "incorrect-label", "row": None, "line": 1},
    )
    assert count_rows(report) == 1


def test_header_false_reads_the_first_row(tmp_path: Path) -> None:
    """Where the dialect says so, there are no labels to judge."""
    report = judge(one(tmp_path, "1,one\nx,two\n", ID_NAME, dialect={"header": False}))
    expect(
        report, "invalid", {"rule": "type-error", "field": "id", "row": 2, "line": 2, "value": "x"}
    )
    assert count_rows(report) == 2


@pytest.mark.parametrize("dialect", [{}, {"lineTerminator": "\n"}, {"escapeChar": "^"}])
@pytest.mark.parametrize("cell", ["C:\\new", "\\n", "a\\r\\nb", "\\"])
def test_a_backslash_before_a_letter_is_text(tmp_path: Path, cell: str, dialect: Json) -> None:
    """Without an escape character `\\n` is two characters, in a row that is read by hand, too."""
    report = judge(one(tmp_path, f"id,name\n1,{cell}\n2\n3,{cell}\n", ID_NAME, dialect=dialect))
    expect(report, "invalid", {"rule": "missing-cell", "row": 2, "line": 3})
    assert count_rows(report) == 3


# No detection of dialects


@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset", "partial"])
@pytest.mark.parametrize(("mark", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("quote", ["", '"'])
def test_semicolon_file_without_a_dialect_is_not_adapted(
    tmp_path: Path, mark: str, words: str, quote: str, match: str
) -> None:
    """The comma is the default; all findings say what looks wrong, and no row is judged by it."""
    lines = (("id", "name"), ("1", "one"), ("2", "two"))
    text = "".join(mark.join(f"{quote}{c}{quote}" for c in line) + "\n" for line in lines)
    own = table("t", ID_NAME, schema={"fieldsMatch": match})
    child = table("u", "t:integer", schema={"foreignKeys": [REFERS]})
    files = {"t.csv": text, "u.csv": "t\n1\n"}
    report = judge(make(tmp_path, [own, child], files, **V2))
    assert report["verdict"] == "invalid"
    assert set(report["rules"]) <= {"incorrect-label", "missing-label", "extra-label"}
    sentences = {(found["message"], found["fix"]) for found in report["findings"]}
    ((message, fix),) = sentences
    assert message == f"the cells are separated by {words}, not by commas"
    assert "claimpack fmt" in fix
    assert {(i["resource"], i["what"]) for i in report["unchecked"]} == {
        ("t", "data"),
        ("u", "foreign key t"),
    }


@pytest.mark.parametrize("text", ["sep=;\nid;name\n1;one\n", "SEP=,\r\nid,name\r\n1,one\r\n"])
def test_a_line_for_excel_alone_is_told(tmp_path: Path, text: str) -> None:
    """`sep=;` is no header; the mend is to delete it, and no row is judged by it."""
    report = judge(one(tmp_path, text, ID_NAME))
    assert report["verdict"] == "invalid"
    assert {item["line"] for item in report["findings"]} == {1}
    fixes = {item["fix"] for item in report["findings"]}
    assert fixes == {"Run claimpack fmt, which deletes the line."}


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04\x14\0", "a zip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook"),
        (b"\x1f\x8b\x08\0", "gzip"),
    ],
)
def test_a_workbook_under_the_name_of_a_text_is_told(
    tmp_path: Path, start: bytes, what: str
) -> None:
    """One finding, not one for each byte that is no text."""
    report = judge(one(tmp_path, start + b"\xff,\0\n\xfe" * 50, ID_NAME))
    expect(report, "invalid", {"rule": "encoding-error", "row": None, "line": 1})
    assert what in report["findings"][0]["message"]
    assert [item["what"] for item in report["unchecked"]] == ["data"]


@pytest.mark.parametrize("rest", [b"," * 20_000, b'"' + b"\xff" * 50, b"a" * 20_000_000])
def test_what_is_no_text_is_never_read_as_a_header(tmp_path: Path, rest: bytes) -> None:
    """Neither a limit nor a quote in the bytes of a zip file hides that it is one."""
    report = judge(one(tmp_path, b"PK\x03\x04" + rest, ID_NAME))
    expect(report, "invalid", {"rule": "encoding-error", "row": None, "line": 1})
    assert "a zip file" in report["findings"][0]["message"]


def test_bar_in_a_single_column_is_text(tmp_path: Path) -> None:
    """A table of one column whose cells hold bars stays one column."""
    valid(judge(one(tmp_path, "tags\na|b|c\nd|e\n", "tags")), rows=2)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1;2;3;4",x\n"5;6;7;8",y\n',
        "a,b\nx\ty\tz,1\nx\ty\tz,2\n",
        "a,b\n'x,y'\n'z,w'\n",
        "a,b\n#x,1\n#y,2\n",
        'a,b\nx\\"y,1\nz,"2"\n',
        "a,b\nx|y|z,1\nx|y|z,2\n",
    ],
)
def test_well_formed_comma_file_is_not_sniffed(tmp_path: Path, text: str) -> None:
    """Whatever else the cells hold, the dialect is the declared one."""
    valid(judge(one(tmp_path, text, AB)), rows=2)


def test_declared_dialect_is_not_sniffed_over(tmp_path: Path) -> None:
    """Commas in a `;` file are text."""
    report = judge(one(tmp_path, "a;b\n1,5;2,5\n3,5;x\n", AB, dialect={"delimiter": ";"}))
    valid(report, rows=2)


def test_cell_of_punctuation_takes_linear_time(tmp_path: Path) -> None:
    """One quoted cell of delimiters and quotes among the first lines is read at once."""
    cell = '"' + ",;|\t:'" * 50_000 + '"'
    report = judge_apart(one(tmp_path, f"a,b\n1,{cell}\n2,x\n", AB), timeout=20)
    valid(report, rows=2)


# Labels and empty files


def test_label_that_differs_in_case(tmp_path: Path) -> None:
    """Version 1 does not mind case; version 2 asks for the same name."""
    text = "ID,Name\n1,one\n"
    valid(judge(one(tmp_path, text, ID_NAME)), rows=1)
    expect(
        judge(one(tmp_path, text, ID_NAME, package=V2)),
        "invalid",
        {"rule": "incorrect-label", "field": "id", "line": 1},
        {"rule": "incorrect-label", "field": "name", "line": 1},
    )


@pytest.mark.parametrize("label", [" name", "name ", "na me", "name\t"])
def test_space_in_a_label_is_part_of_it(tmp_path: Path, label: str) -> None:
    """Labels are compared as written."""
    expect(
        judge(one(tmp_path, f"id,{label}\n1,one\n", ID_NAME)),
        "invalid",
        {"rule": "incorrect-label", "field": "name", "row": None, "line": 1, "value": label},
    )


def test_skipped_initial_space_is_no_part_of_a_label(tmp_path: Path) -> None:
    """`skipInitialSpace` strips it where the dialect says so, in cells too."""
    dialect = {"skipInitialSpace": True}
    valid(judge(one(tmp_path, "a, b\n1, 2\n", "a:integer b:integer", dialect=dialect)), rows=1)


@pytest.mark.parametrize(
    ("name", "label", "point"),
    [
        ("caf\xe9", unicodedata.normalize("NFD", "caf\xe9"), "U+0301"),
        ("name", "na\u200bme", "U+200B"),
        ("name", "\u2060name", "U+2060"),
        ("name", "n\u0430me", "U+0430"),
    ],
)
def test_label_that_only_looks_the_same_is_shown_by_code_points(
    tmp_path: Path, name: str, label: str, point: str
) -> None:
    """NFC and NFD, zero-width and look-alike letters differ, and the message shows how."""
    report = judge(one(tmp_path, f"id,{label}\n1,one\n", f"id:integer {name}"))
    expect(report, "invalid", {"rule": "incorrect-label", "field": name, "line": 1})
    assert point in report["findings"][0]["message"].upper()


def test_duplicate_label_is_told(tmp_path: Path) -> None:
    """Two columns of one name are no columns of two names."""
    report = judge(one(tmp_path, "id,id\n1,one\n", ID_NAME))
    assert report["verdict"] == "invalid"
    assert [item["line"] for item in of(report, "duplicate-label")] == [1]


@pytest.mark.parametrize("package", [{}, V2])
def test_duplicate_labels_of_duplicate_fields_are_allowed(tmp_path: Path, package: Json) -> None:
    """Version 1 allowed them and version 2 says that they must not be refused."""
    valid(judge(one(tmp_path, "a,a\nx,y\n", "a a", package=package)), rows=1)


def test_blank_label_is_told(tmp_path: Path) -> None:
    """A column without a name."""
    report = judge(one(tmp_path, "id,\n1,one\n", ID_NAME))
    assert report["verdict"] == "invalid"
    assert [(i["row"], i["line"]) for i in of(report, "blank-label")] == [(None, 1)]


@pytest.mark.parametrize("text", ["id,name\n", "id,name", "id,name\r\n"])
def test_header_alone_is_valid(tmp_path: Path, text: str) -> None:
    """A table of no rows is a table."""
    valid(judge(one(tmp_path, text, ID_NAME)), rows=0)


@pytest.mark.parametrize("data", [b"", codecs.BOM_UTF8])
def test_empty_file_is_told(tmp_path: Path, data: bytes) -> None:
    """No byte, or a byte order mark alone, is no table."""
    report = judge(one(tmp_path, data, ID_NAME))
    assert report["verdict"] == "invalid"
    assert {item["resource"] for item in report["findings"]} == {"t"}
    assert of(report, "empty-file")
