"""Hostile spreadsheets: what a file repeats, leaves out or claims is bounded, and never lost."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats import ODS, workbook

from claimpack import limits
from claimpack.descriptor.model import Resource
from claimpack.readers import spreadsheet
from packages import count_rows, expect, judge, judge_apart, make, table, unchecked, valid

NAMES = "a:integer b:integer c:integer"


def cell(value: object = None, times: object = 1) -> str:
    """A cell of an ods file, repeated."""
    kind = "" if value is None else f'office:value-type="float" office:value="{value}"'
    return f'<table:table-cell table:number-columns-repeated="{times}" {kind}/>'


def line(*cells: str, times: object = 1) -> str:
    """A row of an ods file, repeated."""
    told = f'table:number-rows-repeated="{times}"'
    return f"<table:table-row {told}>{''.join(cells)}</table:table-row>"


def label(text: str) -> str:
    """A cell that holds a text."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


HEADER = line(label("a"), label("b"), label("c"))


def ods(folder: Path, *rows: str, fields: str = NAMES) -> Path:
    """A package of one ods file of these rows behind a header."""
    sheet = f'<table:table table:name="s">{HEADER}{"".join(rows)}</table:table>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", ODS.format(sheet))
    return make(folder, [table("t", fields, path="t.ods")], {"t.ods": buffer.getvalue()})


def xlsx(folder: Path, change: dict[str, str], fields: str = NAMES) -> Path:
    """A package of one workbook, in whose XML texts are replaced by others."""
    buffer = io.BytesIO()
    rows = [("a", "b", "c"), (1, 2, 3), (4, 5, 6)]
    with (
        zipfile.ZipFile(io.BytesIO(workbook(one=rows))) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            text = source.read(name).decode()
            for before, after in change.items():
                text = re.sub(before, after.replace("\\", r"\\"), text)
            archive.writestr(name, text)
    return make(folder, [table("t", fields, path="t.xlsx")], {"t.xlsx": buffer.getvalue()})


def test_repeated_cells_and_rows_are_read_as_often_as_they_are_repeated(tmp_path: Path) -> None:
    """The same as if each had been written out."""
    folder = ods(tmp_path, line(cell(1), cell(2, 2), times=3), line(cell(7, 3), times=70_000))
    valid(judge(folder), rows=70_003)
    folder = ods(tmp_path, line(cell(1), cell(2, 2), times=2), line(cell("x", 3)), line(cell(1, 4)))
    rules = judge(folder)["rules"]
    assert rules == {"extra-cell": 1, "type-error": 3}


@pytest.mark.parametrize("times", [1_000_000_000, 2_000_000_000, 10**18])
@pytest.mark.parametrize("value", [None, 1])
def test_a_sheet_that_repeats_beyond_the_limits_is_skipped(
    tmp_path: Path, times: int, value: int | None
) -> None:
    """Neither a cell nor a row that is repeated very often is read as one."""
    wide = ods(tmp_path / "wide", line(cell(1), cell(value, times), cell(3)))
    assert f"more than {limits.COLUMNS} columns" in unchecked(judge(wide), "t")["why"]
    long = ods(tmp_path / "long", line(cell(value, 3), times=times), line(cell(1, 3)))
    why = unchecked(judge(long), "t")["why"]
    assert f"the sheet has more than {limits.SHEET_ROWS:,} rows" in why


def test_a_sheet_of_too_many_cells_is_skipped(tmp_path: Path) -> None:
    """Rows and columns within their limits may be too many together."""
    folder = ods(tmp_path, line(cell(1, 100_000), times=1_000_000))
    why = unchecked(judge(folder), "t")["why"]
    assert f"the sheet has more than {limits.SHEET_CELLS:,} cells" in why


def test_empty_cells_and_rows_at_the_end_cost_nothing(tmp_path: Path) -> None:
    """Whatever their number: office programs fill a sheet up with them."""
    rows = (line(cell(1, 3), cell(None, 10**12)), line(cell(None, 10**12), times=10**12))
    valid(judge(ods(tmp_path, *rows)), rows=1)


@pytest.mark.parametrize("times", ["0", "-1", "many", "1" * 30])
def test_a_number_of_repetitions_that_is_none_makes_the_sheet_unreadable(
    tmp_path: Path, times: str
) -> None:
    """It is not taken for one."""
    said = unchecked(judge(ods(tmp_path, line(cell(1, times), cell(2, 2)))), "t")
    assert "number-columns-repeated" in said["why"]


def test_empty_rows_between_others_are_reported(tmp_path: Path) -> None:
    """Those that follow one another are one finding."""
    rows = (line(cell(), times=3), line(cell(1, 3)), line(), line(cell(1, 3)))
    expect(
        judge(ods(tmp_path, *rows)),
        "invalid",
        {"line": 2, "message": "3 rows are empty", "fix": "Delete lines 2 to 4."},
        {"line": 6, "message": "the row is empty", "fix": "Delete line 6."},
    )


# Workbooks


@pytest.mark.parametrize("size", ["A1:A1", "A1:B2", "A1:XFD1048576", "A1:XFD99999999"])
def test_a_workbook_that_lies_about_its_size_is_read_whole(tmp_path: Path, size: str) -> None:
    """Rows and columns beyond the stated size count; none are added up to it."""
    folder = xlsx(tmp_path, {r'<dimension ref="[^"]*" ?/>': f'<dimension ref="{size}"/>'})
    valid(judge(folder), rows=2)
    folder = xlsx(
        tmp_path,
        {
            r'<dimension ref="[^"]*" ?/>': f'<dimension ref="{size}"/>',
            "<v>6</v>": "<v>6.5</v>",
        },
    )
    expect(judge(folder), "invalid", {"rule": "type-error", "field": "c", "row": 2})


def test_a_row_at_the_end_of_a_sheet_is_read(tmp_path: Path) -> None:
    """The empty rows before it are read as well, and make no million findings."""
    limit = 1_048_576
    change = {r'<row r="3"': f'<row r="{limit}"', r'r="([ABC])3"': f'r="A{limit}"'}
    folder = xlsx(tmp_path, change, "a:any b:any c:any")
    report = judge_apart(folder, timeout=120)
    expect(
        report, "invalid", {"rule": "blank-row", "line": 3, "message": "1,048,573 rows are empty"}
    )
    assert count_rows(report) == 2


def test_a_row_far_behind_the_end_of_a_sheet_makes_it_unread(tmp_path: Path) -> None:
    """A number that no sheet has is over the limit, and not counted up to."""
    change = {r'<row r="3"': '<row r="4000000000"', r' r="([ABC])3"': ""}
    said = unchecked(judge_apart(xlsx(tmp_path, change), timeout=120), "t")
    assert "rows" in said["why"]


def test_a_row_beyond_the_limit_of_a_record_is_not_read(tmp_path: Path) -> None:
    """A huge text inside a sheet, which a parser would hold whole."""
    huge = f'<c r="A3" t="inlineStr"><is><t>{"x" * (limits.CELL_BYTES + (3 << 20))}</t></is></c>'
    said = unchecked(judge(xlsx(tmp_path, {r'<c r="A3"[^>]*>.*?</c>': huge}, "a")), "t")
    assert "row is larger" in said["why"] or "inflates" in said["why"]


def test_shared_texts_beyond_the_limit_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are held in memory; so is all else that is not rows."""
    monkeypatch.setattr(limits, "READ_WHOLE", 50_000)
    folder = xlsx(tmp_path, {})
    with zipfile.ZipFile(folder / "t.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "<si><t>x</t></si>" * 5_000)
    said = unchecked(judge(folder), "t")
    assert "sharedStrings.xml in the workbook is larger than 50,000 bytes" in said["why"]


def test_spaces_beyond_the_limit_of_a_cell_are_not_read(tmp_path: Path) -> None:
    """A run of spaces is an element with a number, which may be any."""
    spaces = '<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2000000000"/>'
    said = unchecked(judge(ods(tmp_path, line(f"{spaces}</text:p></table:table-cell>"))), "t")
    assert "a cell is larger than" in said["why"]


# Two readers of one workbook

CELLS = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
    st.booleans(),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)),
    st.times().map(lambda time: time.replace(microsecond=0)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8),
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_the_two_readers_of_workbooks_agree(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]], top: int, left: int
) -> None:
    """Calamine and openpyxl give the same values, wherever on the sheet they are."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            cell = sheet.cell(top + number, left + place, value)
            if isinstance(value, str):
                cell.data_type = "s"
    path = tmp_path_factory.mktemp("x") / "t.xlsx"
    book.save(path)
    resource = Resource("t", 0, format="xlsx", files=(path,))
    fast = [row for _, row in spreadsheet._trimmed((r, 1) for r in by_calamine(resource, path))]
    slow = [row for _, row in spreadsheet._trimmed((r, 1) for r in by_openpyxl(resource, path))]
    assert fast == slow


by_calamine, by_openpyxl = spreadsheet._by_calamine, spreadsheet._by_openpyxl


@pytest.mark.parametrize("how", ["error", "far"])
def test_calamine_is_not_given_errors_and_far_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """An error would be an empty text, and a cell far off would take gigabytes."""
    asked: list[str] = []
    monkeypatch.setattr(spreadsheet, "_by_calamine", lambda *_: asked.append(how))
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["id", "name"], [1, "x"], [2, "#N/A" if how == "error" else "y"]):
        sheet.append(row)
    if how == "far":
        sheet.cell(900_000, 500, "far")
    book.save(tmp_path / "t.xlsx")
    report = judge(make(tmp_path, [table("t", "id:integer name", path="t.xlsx")], {}))
    assert asked == []
    assert report["verdict"] == ("valid" if how == "error" else "invalid")


def test_calamine_reads_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of rows and columns, which is nearly every one."""
    monkeypatch.setattr(spreadsheet, "_by_openpyxl", None)
    book = openpyxl.Workbook()
    for row in (["id", "day"], [1, dt.date(2024, 2, 29)], [2, None]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "t.xlsx")
    valid(judge(make(tmp_path, [table("t", "id:integer day:date", path="t.xlsx")], {})), rows=2)
