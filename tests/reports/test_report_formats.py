"""SARIF, JUnit, GitHub, Markdown, HTML: what they hold, and that nothing in them acts."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import os
import re
import tracemalloc
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from test_renderers import HOSTILE, Endless, finding, report

from claimpack import renderers
from claimpack.renderers import Options
from claimpack.report import Finding, FindingList, Regrade, Report, TableSummary, Unchecked
from packages import command, one, write

FORMATS = ("sarif", "junit", "github", "markdown", "html")
WHOLE = ("json", "sarif", "junit")
MARKUP = (
    "<script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(2)>\"'`|&{0}"
    "[a](javascript:x) ]]> --> %0A::error::x **b** www.evil.example"
)
EVIL = HOSTILE + MARKUP
FULL = finding(clause="Table Schema, number")
EVERYTHING = ("tables/statistics.csv", "17", "value_low", "abc", "type-error", "not a number")
SARIF_SCHEMA = "CLAIMPACK_SARIF_SCHEMA"
"""Environment variable that names a copy of the schema, which is not ours to ship."""

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results", "invocations"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {"driver": {"type": "object", "required": ["name"]}},
                    },
                    "invocations": {
                        "type": "array",
                        "items": {"type": "object", "required": ["executionSuccessful"]},
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "message", "level", "locations"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "message": TEXT,
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {"type": "object", "required": ["physicalLocation"]},
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What SARIF 2.1.0 asks of the parts that are written here."""


def shown(subject: Report, name: str, **options: Any) -> str:
    """The report in a format."""
    stream = io.StringIO()
    renderers.render(subject, name, stream, Options(**options))
    return stream.getvalue()


def evil() -> Report:
    """A report whose every text is hostile."""
    item = Finding(EVIL, "error", EVIL, EVIL, EVIL, EVIL, EVIL, None, None, EVIL, EVIL, EVIL)
    tables = (TableSummary(EVIL, 1, 1, 0.0), TableSummary(f"{EVIL}2", 1, 1, 0.0))
    unchecked = (Unchecked(EVIL, EVIL, EVIL), Unchecked(None, EVIL, EVIL))
    found = FindingList((item, finding(severity="warning")))
    return Report(EVIL, found, unchecked, tables, 0.0, (Regrade(EVIL, EVIL, "off", EVIL),))


def sarif(text: str) -> Any:
    """The log, held against its schema."""
    log = json.loads(text)
    jsonschema.validate(log, SARIF)
    if SARIF_SCHEMA in os.environ:
        whole = json.loads(Path(os.environ[SARIF_SCHEMA]).read_text(encoding="utf-8"))
        jsonschema.validate(log, whole)
    return log


@pytest.mark.parametrize("name", FORMATS)
def test_a_finding_names_all_that_is_known(name: str) -> None:
    """File, line, field, value, rule, message, mend and clause stand in every format."""
    text = shown(report(FULL), name, limit=0).replace("&#95;", "_")
    for part in (*EVERYTHING, "Write a number, such as 3.5", "Table Schema, number"):
        assert part in text, part


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_character_passes(name: str) -> None:
    """Escapes, direction marks and lone surrogates are shown, never sent."""
    text = shown(evil(), name, path=EVIL)
    assert all(char.isprintable() or char == "\n" for char in text)
    text.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_million_findings_are_streamed(name: str) -> None:
    """Memory does not grow with the number of findings."""

    class Nowhere(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    def peak(number: int) -> int:
        tracemalloc.start()
        renderers.render(Report(None, Endless(number)), name, Nowhere(), Options(limit=0))
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    peak(10)
    assert peak(5000) < peak(50) + 100_000


@pytest.mark.parametrize("name", FORMATS)
def test_severities_that_were_set_are_listed(name: str) -> None:
    """A rule that somebody switched off or graded otherwise is named, and who did it."""
    subject = report(config=(Regrade("orphan-row", "claims", "off", "claimpack.toml"),))
    text = html.unescape(shown(subject, name))
    assert "orphan-row: off in claims (claimpack.toml)" in text


@pytest.mark.parametrize("name", ["github", "markdown", "html"])
def test_a_shortened_list_says_its_true_total(name: str) -> None:
    """What people read is cut at the limit, the true total beside it; a limit of 0 is none."""
    subject = Report(None, Endless(1244))
    short = shown(subject, name)
    assert len(re.findall(r"statistics\.csv", short)) == 10
    assert "1,234 more" in short
    assert "1,244 in all" in short
    assert len(re.findall(r"statistics\.csv", shown(subject, name, limit=0))) == 1244


@pytest.mark.parametrize("name", WHOLE)
def test_what_programs_read_is_whole(name: str) -> None:
    """JSON, SARIF and JUnit hold every finding whatever the limit."""
    assert shown(Report(None, Endless(50)), name, limit=10).count("not a number.") >= 50


def test_sarif_has_its_form() -> None:
    """A log has the parts that the standard asks for, with severities as levels."""
    items = [FULL, finding(severity="warning"), finding(severity="info", rule="other")]
    run = sarif(shown(report(*items), "sarif", folder="my data/"))["runs"][0]
    assert [item["level"] for item in run["results"]] == ["error", "warning", "note"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[item["ruleIndex"]]["id"] for item in run["results"]] == [
        "type-error",
        "type-error",
        "other",
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {
        "uri": "my%20data/tables/statistics.csv",
        "uriBaseId": "%SRCROOT%",
    }
    assert place["region"] == {"startLine": 17}
    assert run["invocations"][0]["exitCode"] == 1


def test_sarif_of_hostile_text_has_its_form_too() -> None:
    """Brackets and braces in a message are no links and no place-holders."""
    run = sarif(shown(evil(), "sarif"))["runs"][0]
    text = run["results"][0]["message"]["text"]
    assert r"\[a\](javascript:x)" in text
    assert "{{0}}" in text
    assert not re.search(r"(?<!\\)\[", text)


def test_sarif_places_what_has_no_file_in_the_descriptor() -> None:
    """A viewer drops what has no place, so that inline data stand in the descriptor."""
    item = finding(path=None, line=None)
    (result,) = sarif(shown(report(item), "sarif", folder="a/"))["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "a/datapackage.json", "uriBaseId": "%SRCROOT%"}}


def test_sarif_says_what_was_not_checked() -> None:
    """What was not checked is a notification, and the run was not successful."""
    (run,) = sarif(shown(report(unchecked=(Unchecked("a", "data", "remote"),)), "sarif"))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[0]["message"]["text"] == "not checked: a: data: remote"


@pytest.mark.parametrize("subject", [report(FULL), evil(), report()])
def test_junit_has_its_form(subject: Report) -> None:
    """A suite has every attribute that servers ask for, and counts what it holds."""
    root = ET.fromstring(shown(subject, "junit"))
    assert root.tag == "testsuites"
    for suite in root:
        assert set(suite.attrib) == {
            "id",
            "package",
            "name",
            "hostname",
            "timestamp",
            "tests",
            "failures",
            "errors",
            "skipped",
            "time",
        }
        kinds = [child.tag for child in suite]
        cases = suite.findall("testcase")
        assert kinds == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        assert suite.attrib["tests"] == str(len(cases))
        assert suite.attrib["failures"] == str(len(suite.findall("testcase/failure")))
        assert suite.attrib["skipped"] == str(len(suite.findall("testcase/skipped")))
        assert all({"classname", "name", "time"} == set(case.attrib) for case in cases)


def test_junit_fails_for_errors_alone() -> None:
    """Warnings and notes fail no test; they stand in the suite's output."""
    root = ET.fromstring(shown(report(finding(severity="warning")), "junit"))
    assert root[0].attrib["failures"] == "0"
    assert "warning: type-error: tables/statistics.csv:17" in (root[0].findtext("system-out") or "")


def test_github_commands_are_one_line_each() -> None:
    """A line of ours is one command; percent, colon and comma in a value end nothing."""
    lines = shown(evil(), "github", path="p").splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == 5
    for line in commands:
        head, _, message = line.removeprefix("::").partition("::")
        assert head.count(",") <= 2
        assert "%0A::error" not in message
    assert shown(report(FULL), "github").startswith(
        "::error file=tables/statistics.csv,line=17,title=type-error::The value is not a number."
        '%0Avalue_low = "abc"%0Afix: Write a number, such as 3.5.'
    )


def test_markdown_of_hostile_text_is_text() -> None:
    """No mark of Markdown or HTML in a value is one, and no cell of a table ends early."""
    text = shown(evil(), "markdown")
    assert "<script" not in text
    assert "](" not in text
    assert "**b" not in text
    for line in text.splitlines():
        if line.startswith("| ") and "evil" in line:
            assert line.count("|") in (4, 6)


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_html_asks_for_nothing_and_runs_nothing() -> None:
    """There is no script, no link, no source; the policy allows our own style alone."""
    text = shown(evil(), "html")
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "h3", "p"),
        *("strong", "span", "code", "div", "table", "thead", "tbody", "tr", "th", "td"),
    }
    names = {name for _, attributes in page.tags for name in attributes}
    assert names <= {"lang", "charset", "http-equiv", "content", "name", "class", "scope"}
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [attributes["content"] for _, attributes in page.tags if "http-equiv" in attributes]
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("name", renderers.names())
def test_several_reports_make_one_document(name: str) -> None:
    """Two packages are two blocks, runs, suites or sections of one sound document."""
    stream = io.StringIO()
    entries = [(report(FULL), Options(path="a")), (report(), Options(path="b"))]
    renderers.render_all(entries, name, stream)
    text = stream.getvalue()
    if name == "sarif":
        runs = sarif(text)["runs"]
        assert [run["automationDetails"]["id"] for run in runs] == [
            "claimpack/a/",
            "claimpack/b/",
        ]
    elif name == "junit":
        assert len(ET.fromstring(text)) == 2
    elif name == "json":
        whole = json.loads(text)
        assert [item["path"] for item in whole["packages"]] == ["a", "b"]
        assert whole["packages"][0]["report"] == report(FULL).to_dict()
        assert (whole["verdict"], whole["valid"]) == ("invalid", False)
        assert whole["counts"] == {"error": 1, "warning": 0, "info": 0}
    else:
        assert text.count("invalid") >= 1
        assert text.count("ketamine") >= 2


# The command


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, made the current one, with a good package and a bad one."""
    one(tmp_path / "good", "id\n1\n", "id:integer")
    one(tmp_path / "bad", "id\nx\n", "id:integer")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_several_packages_take_the_worst_exit_code(two: Path) -> None:
    """Each package is judged; one with errors makes the exit code 1, a wrong PATH 2."""
    code, out, err = command("validate", "good", "bad", "-f", "json")
    assert (code, err) == (1, "")
    verdicts = [item["report"]["verdict"] for item in json.loads(out)["packages"]]
    assert verdicts == ["valid", "invalid"]
    code, out, err = command("validate", "nowhere", "bad", "good", "-f", "json")
    assert code == 2
    assert err.count("\n") == 1
    verdicts = [item["report"]["verdict"] for item in json.loads(out)["packages"]]
    assert verdicts == ["not-checked", "invalid", "valid"]
    assert command("validate", "good", "good")[0] == 0


def test_places_are_seen_from_the_current_folder(two: Path) -> None:
    """SARIF and GitHub name files as the repository sees them, not as the package does."""
    assert "::error file=bad/t.csv,line=2," in command("validate", "bad", "-f", "github")[1]
    log = sarif(command("validate", str(two / "bad" / "datapackage.json"), "-f", "sarif")[1])
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "bad/t.csv"


@pytest.mark.parametrize("name", renderers.names())
def test_a_report_is_written_to_a_file(two: Path, name: str) -> None:
    """-o writes any format, of one package or of several."""
    for paths in (["bad"], ["good", "bad"]):
        code, out, err = command("validate", *paths, "-f", name, "-o", "report")
        assert (code, err) == (1, "")
        assert "invalid: 1 error" in out
        assert "t.csv" in (two / "report").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_that_cannot_be_written_is_told(two: Path, name: str) -> None:
    """A folder that is not there, or is a file, ends in one line and exit code 3."""
    write(two / "file", "x")
    for target in ("missing/report", "file/report"):
        code, _, err = command("validate", "bad", "-f", name, "-o", target)
        assert code == 3
        assert err.startswith(f"claimpack: {target}: ")
        assert err.count("\n") == 1
    assert (two / "file").read_text() == "x"


def test_a_descriptor_on_standard_input(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """- reads the descriptor from standard input, its paths relative to the current folder."""
    text = (two / "bad" / "datapackage.json").read_bytes()
    monkeypatch.chdir(two / "bad")
    for argv, code in ((["-"], 1), (["-", "../good"], 1), (["-", "-"], 2)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        found, out, _ = command("validate", *argv, "-f", "json")
        assert found == code
        assert ("x" in out) is (code == 1)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{")))
    code, out, _ = command("validate", "-", "-f", "json")
    assert code == 1
    assert json.loads(out)["findings"][0]["path"] == "<stdin>"


def test_standard_input_is_read_by_the_library_too(two: Path) -> None:
    """`text` is a descriptor at hand; the path is then its folder."""
    import claimpack

    text = (two / "bad" / "datapackage.json").read_text()
    assert claimpack.validate(two / "bad", text=text).verdict == "invalid"
    assert claimpack.validate(two / "good", text=text).verdict == "valid"
