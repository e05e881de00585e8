"""What the renderers write, from reports built by hand."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from claimpack import renderers
from claimpack.renderers import Options, words
from claimpack.renderers.page import Page
from claimpack.renderers.printable import LONGEST, printable, quoted
from claimpack.report import Finding, FindingList, Report, Severity, TableSummary, Unchecked

HOSTILE = "\x1b[31mred\x1b[0m\n\u202eevil\u2066\x9b2J\x07\ud800[red]x[/red]\u200b"


def finding(**changes: Any) -> Finding:
    """A type error in a cell, changed as asked."""
    values: dict[str, Any] = {
        "rule": "type-error",
        "severity": "error",
        "message": "The value is not a number.",
        "fix": "Write a number, such as 3.5.",
        "resource": "statistics",
        "path": "tables/statistics.csv",
        "field": "value_low",
        "row": 16,
        "line": 17,
        "value": "abc",
    }
    return Finding(**(values | changes))


def report(*items: Finding, **changes: Any) -> Report:
    """A report with two tables."""
    tables = (TableSummary("sources", 5, 900, 0.01), TableSummary("statistics", 47, 4200, 0.02))
    values: dict[str, Any] = {"tables": tables, "seconds": 0.314}
    return Report("ketamine", FindingList(items), **(values | changes))


def text(subject: Report, **options: Any) -> str:
    """The report in the text format."""
    stream = io.StringIO()
    renderers.render(subject, "text", stream, Options(**options))
    return stream.getvalue()


def document(subject: Report) -> tuple[str, Any]:
    """The report in the JSON format, as written and as read."""
    stream = io.StringIO()
    renderers.render(subject, "json", stream)
    return stream.getvalue(), json.loads(stream.getvalue())


class Endless:
    """Many findings of one rule, made when they are read."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.read = 0

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Finding]:
        for line in range(self.number):
            self.read += 1
            yield finding(line=line + 2, row=line + 1)

    def totals(self) -> dict[tuple[str | None, str, Severity], int]:
        return {("statistics", "type-error", "error"): self.number}

    def some(self, resource: str | None, rule: str, limit: int) -> Iterator[Finding]:
        return (item for item, _ in zip(self, range(limit), strict=False))


def test_formats_are_the_modules_of_the_folder() -> None:
    """Every module of the room renders, text comes first, an unknown name is a KeyError."""
    assert renderers.names()[0] == "text"
    assert {"text", "json"} <= set(renderers.names())
    for name in renderers.names():
        renderers.render(report(finding()), name, io.StringIO())
    for name in ("page", "nosuch", "../text"):
        with pytest.raises(KeyError):
            renderers.render(report(), name, io.StringIO())


def test_valid_report_is_one_line_a_table_and_the_verdict() -> None:
    """Without findings there is the package's name, a line a table, and the closing line."""
    assert text(report()) == (
        "ketamine\n\n"
        "✓ sources      5 rows\n"
        "✓ statistics  47 rows\n\n"
        "valid: no findings; 52 rows in 2 tables; 0.31 s\n"
    )


def test_finding_shows_rule_place_field_value_message_and_fix() -> None:
    """A finding's block names all that a curator needs."""
    assert text(report(finding())) == (
        "ketamine\n\n"
        "✓ sources  5 rows\n\n"
        "✗ statistics  47 rows  1 error\n"
        "  type-error  1 error\n"
        '    tables/statistics.csv:17  value_low = "abc"\n'
        "      The value is not a number.\n"
        "      fix: Write a number, such as 3.5.\n\n"
        "invalid: 1 error; 52 rows in 2 tables; 0.31 s\n"
    )


def test_neighbours_share_message_and_fix() -> None:
    """Findings in a row that say the same say it once, below their places."""
    same = [finding(line=line) for line in (17, 18)]
    shown = text(report(*same, finding(line=19, message="Another.")))
    assert shown.count("The value is not a number.") == 1
    assert shown.index(":18") < shown.index("not a number") < shown.index(":19")
    assert shown.count("fix:") == 2


def test_limit_shortens_and_says_the_true_total() -> None:
    """Beyond the limit stands how many more there are, and how many in all."""
    shown = text(Report(None, Endless(1244)))
    assert shown.count("tables/statistics.csv:") == 10
    assert "    … and 1,234 more (1,244 in all)\n" in shown
    assert "type-error  1,244 errors" in shown
    assert "invalid: 1,244 errors" in shown


def test_limit_zero_shows_all() -> None:
    """A limit of 0 shows every finding and no remark."""
    shown = text(Report(None, Endless(25)), limit=0)
    assert shown.count("tables/statistics.csv:") == 25
    assert " in all)" not in shown


def test_limit_reads_no_more_than_it_shows() -> None:
    """Of a hundred thousand findings, text reads ten."""
    many = Endless(100_000)
    text(Report(None, many))
    assert many.read <= 11


@pytest.mark.parametrize("name", ["text", "json"])
def test_hundred_thousand_findings_are_streamed(name: str) -> None:
    """Writing a hundred thousand findings holds a few of them at a time."""

    class Nowhere(io.StringIO):
        length = 0

        def write(self, piece: str) -> int:
            self.length += len(piece)
            return len(piece)

    stream = Nowhere()
    tracemalloc.start()
    try:
        renderers.render(Report(None, Endless(100_000)), name, stream, Options(limit=0))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert stream.length > 4_000_000
    assert peak < 1_000_000


def test_faults_of_the_package_come_first() -> None:
    """Findings without a table stand above the tables, with a JSON pointer as their place."""
    own = finding(
        rule="descriptor-error",
        resource=None,
        path="datapackage.json",
        field=None,
        row=None,
        line=None,
        value=None,
        pointer="/resources/3/schema",
        message="There is no such file.",
    )
    shown = text(report(finding(), own))
    assert "    datapackage.json#/resources/3/schema\n" in shown
    assert shown.index("✗ the package  1 error") < shown.index("✓ sources")


def test_errors_come_before_warnings_in_a_table() -> None:
    """Within a table, rules are sorted by gravity, then by name."""
    items = [
        finding(rule="a-warning", severity="warning"),
        finding(rule="z-error"),
        finding(rule="b-info", severity="info"),
    ]
    shown = text(report(*items))
    assert shown.index("z-error") < shown.index("a-warning") < shown.index("b-info")
    assert "✗ statistics  47 rows  1 error, 1 warning, 1 note" in shown


def test_table_with_warnings_only_is_not_marked_wrong() -> None:
    """Warnings alone leave the table and the package valid."""
    shown = text(report(finding(severity="warning")))
    assert "✓ statistics  47 rows  1 warning" in shown
    assert "valid: 1 warning;" in shown


def test_composite_keys_show_each_pair() -> None:
    """A composite key shows every field with its value, a null as null."""
    item = finding(field=("source_id", "rater"), value=("s01", None))
    assert 'source_id = "s01", rater = null' in text(report(item))


def test_place_falls_back_to_row_then_pointer_then_path() -> None:
    """Without a line the row is named, without a row the pointer, else the file alone."""
    assert "tables/statistics.csv row 16" in text(report(finding(line=None)))
    assert "statistics.csv#/x" in text(report(finding(line=None, row=None, pointer="/x")))
    shown = text(report(finding(line=None, row=None, field=None, value=None)))
    assert "    tables/statistics.csv\n" in shown


def test_finding_without_a_place_has_no_empty_line() -> None:
    """A finding that knows no place at all is its message."""
    shown = text(Report(None, FindingList((Finding("x", "error", "Bad."),))))
    assert "  x  1 error\n      Bad.\n" in shown


def test_not_checked_is_told_with_its_reason() -> None:
    """What was not checked has a block of its own and takes the table's mark of being fine."""
    unchecked = (
        Unchecked("statistics", "pattern of value_low", "took longer than 1 s"),
        Unchecked("remote", "data", "its path is remote"),
        Unchecked(None, "profile", "it is not known"),
    )
    shown = text(report(unchecked=unchecked))
    assert "? statistics   47 rows\n" in shown
    assert "? remote      not read\n" in shown
    assert "? skipped\n  statistics  pattern of value_low\n" in shown
    assert "      why: took longer than 1 s\n" in shown
    assert "  the package  profile\n" in shown
    assert "partly checked: no findings; 3 checks skipped;" in shown


def test_not_checked_obeys_the_limit() -> None:
    """A long list of what was not checked is cut, its true total beside it."""
    unchecked = tuple(Unchecked(f"t{n}", "data", f"remote 1{n}") for n in range(2000))
    shown = text(report(unchecked=unchecked))
    assert shown.count("why: remote 1") == 10
    assert "… and 1,990 more (2,000 in all)" in shown


def test_what_one_cause_keeps_back_is_one_line() -> None:
    """Checks that are skipped for one reason are counted, and not listed one by one."""
    why = "sources was not read"
    unchecked = tuple(Unchecked(f"t{n}", f"foreign key f{n}", why) for n in range(9))
    shown = text(report(unchecked=unchecked))
    assert f"  t0, t1, t2 and 6 others  9 checks\n      why: {why}\n" in shown


def test_table_that_was_not_read_has_a_block() -> None:
    """A finding on a table without a summary, as a missing file, is shown."""
    shown = text(report(finding(rule="missing-file", resource="claims", line=None, row=None)))
    assert "✗ claims  1 error\n  missing-file  1 error\n" in shown


def test_hostile_text_never_reaches_the_screen() -> None:
    """No escape, line end, bidi control or lone surrogate passes, whatever attribute holds it."""
    item = finding(
        rule=HOSTILE,
        message=HOSTILE,
        fix=HOSTILE,
        resource=HOSTILE,
        path=HOSTILE,
        field=HOSTILE,
        value=HOSTILE,
        line=None,
        row=None,
        pointer=HOSTILE,
    )
    tables = (TableSummary(HOSTILE, 1, 1, 0.0), TableSummary(HOSTILE + "2", 1, 1, 0.0))
    unchecked = (Unchecked(HOSTILE, HOSTILE, HOSTILE),)
    subject = Report(HOSTILE, FindingList((item,)), unchecked, tables)
    shown = text(subject, width=80)
    assert all(char.isprintable() or char == "\n" for char in shown)
    shown.encode("utf-8")
    assert r"\x1b[31mred\x1b[0m\n\u202eevil\u2066\x9b2J\x07\ud800[red]x[/red]\u200b" in text(
        subject
    )


def test_json_of_hostile_text_is_harmless_and_whole() -> None:
    """JSON holds the same value, and no character that a terminal or UTF-8 would mind."""
    written, read = document(report(finding(value=HOSTILE + "\U000e0041é")))
    assert all(char.isprintable() or char == "\n" for char in written)
    assert "é" in written
    assert read["findings"][0]["value"] == HOSTILE + "\U000e0041é"


def test_json_is_the_report() -> None:
    """JSON is what `to_dict` gives, whole whatever the limit."""
    subject = report(*(finding(line=line) for line in range(30)))
    assert document(subject)[1] == subject.to_dict()


def test_colour_only_where_asked() -> None:
    """Escapes are ours alone, and there are none without colour."""
    assert "\x1b" not in text(report(finding(value=HOSTILE)))
    coloured = text(report(finding(value=HOSTILE)), colour=True)
    assert "\x1b[1;31minvalid: \x1b[0m1 error" in coloured
    assert "\x1b[31mred" not in coloured


def test_ascii_where_the_stream_takes_no_more() -> None:
    """Without Unicode the marks and dots are ASCII."""
    shown = text(Report("p", Endless(20), (), (TableSummary("a", 1, 1, 0.1),)), unicode=False)
    assert shown.isascii()
    assert "ok a  1 row" in shown
    assert "... and 10 more" in shown


def test_long_messages_are_wrapped_at_the_width() -> None:
    """On a terminal no line of prose is longer than the terminal is wide."""
    long = finding(message="word " * 60, fix="mend " * 60, value="x" * 200, field="f" * 30)
    assert max(map(len, text(report(long), width=80).splitlines())) <= 80
    assert max(map(len, text(report(long)).splitlines())) > 200


def test_long_values_are_cut_with_their_length() -> None:
    """A long value shows its beginning and its true length."""
    assert quoted("x" * 1234) == '"' + "x" * LONGEST + '…" (1,234 characters)'
    assert quoted("x" * LONGEST) == '"' + "x" * LONGEST + '"'
    assert quoted(None) == "null"
    assert quoted("") == '""'


def test_printable_escapes_whatever_is_not_plainly_visible() -> None:
    """Controls, no-break spaces and joiners are shown as escapes; letters stay."""
    assert printable("plain é 漢 🙂 [red]") == "plain é 漢 🙂 [red]"
    assert printable("a\tb\r\n\0\x7f\x85\xa0\ufeff\U000e0041") == (
        r"a\tb\r\n\x00\x7f\x85\xa0\ufeff\U000e0041"
    )


def test_columns_are_aligned() -> None:
    """Columns are as wide as their widest cell; no line ends in blanks."""
    stream = io.StringIO()
    Page(stream, Options()).columns([("a", "1", ""), ("long", "22", "x")], right=[1])
    assert stream.getvalue() == "a      1\nlong  22  x\n"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (4_200_000, "4.2 MB"), (10**16, "10000.0 TB")],
)
def test_sizes_in_words(number: int, shown: str) -> None:
    """Sizes are in decimal units."""
    assert words.size(number) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (0.0, "0.00 s"),
        (0.314, "0.31 s"),
        (12.34, "12.3 s"),
        (59.99, "1 min 0 s"),
        (125, "2 min 5 s"),
    ],
)
def test_times_in_words(time: float, shown: str) -> None:
    """Times are in seconds, then in minutes."""
    assert words.seconds(time) == shown
