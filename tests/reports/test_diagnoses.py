"""Every format shows the cause first and the findings it explains shortened; data stay whole."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from random import Random

import pytest

import claimpack
from claimpack import renderers
from claimpack.diagnoses import cause_names
from claimpack.report import Report
from packages import Json, command, make, one, table

ROWS = "".join(f"{i},{13 + i}/01/2020\n" for i in range(12))


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package whose dates are written day/month/year."""
    return one(tmp_path_factory.mktemp("dates"), f"id,d\n{ROWS}", "id:integer d:date")


def shown(report: Report, name: str, limit: int = 10) -> str:
    """The report in a format."""
    stream = io.StringIO()
    renderers.render(report, name, stream, renderers.Options(limit))
    return stream.getvalue()


def test_the_text_begins_with_the_cause(dates: Path) -> None:
    """After five lines a reader knows what to change; one finding is left as an example."""
    lines = shown(claimpack.validate(dates), "text").splitlines()
    block = lines[lines.index("") + 1 :]
    assert block[0] == "✗ t  12 rows  12 errors"
    assert block[1] == "  date-pattern  explains 12 findings in d (12 rows)"
    assert block[2] == "    The dates are written as day/month/year, not as YYYY-MM-DD."
    assert block[4].startswith('    fix: Declare "format": "%d/%m/%Y" (run claimpack fix).')
    assert "    … 11 more, see the diagnosis above" in block
    assert sum(line.startswith("    t.csv:") for line in block) == 1


def test_without_a_limit_every_finding_is_shown(dates: Path) -> None:
    """`--limit 0` shortens nothing."""
    text = shown(claimpack.validate(dates), "text", 0)
    assert text.count("\n    t.csv:") == 12


def test_findings_that_no_diagnosis_explains_are_shown(tmp_path: Path) -> None:
    """Another column's errors are told one by one, although the diagnosed ones come first."""
    rows = "".join(f"{i},{13 + i}/01/2020\n" for i in range(12))
    folder = one(tmp_path, f"id,d\n{rows}x,01/02/2020\n", "id:integer d:date")
    text = shown(claimpack.validate(folder), "text")
    assert 't.csv:14  id = "x"' in text
    assert 'd = "13/01/2020"' not in text


def test_cells_under_the_wrong_field_are_not_told_one_by_one(tmp_path: Path) -> None:
    """One diagnosis replaces them in the text; JSON keeps every finding."""
    rows = "".join(f"n{i},{2000 + i},{i}\n" for i in range(9))
    folder = one(tmp_path, f"name,year,id\n{rows}", "id:integer name year:year")
    report = claimpack.validate(folder)
    text = shown(report, "text")
    assert "column-order  explains" in text
    assert '"n0"' not in text
    assert len(json.loads(shown(report, "json"))["findings"]) == len(report.findings) > 9


def test_json_has_the_published_names(dates: Path) -> None:
    """Names and their order are part of the format; a patch names the file of each operation."""
    report: Json = json.loads(shown(claimpack.validate(dates), "json"))
    names = list(report)
    assert names[names.index("findings") + 1] == "diagnoses"
    (item,) = report["diagnoses"]
    assert list(item)[:10] == [
        *("cause", "resource", "fields", "covers", "of", "message", "evidence", "patch"),
        *("command", "remaining"),
    ]
    assert item["patch"] == [
        {
            "file": "datapackage.json",
            "op": "add",
            "path": "/resources/0/schema/fields/1/format",
            "value": "%d/%m/%Y",
        }
    ]


def test_sarif_has_the_patch_as_a_change_of_text(dates: Path) -> None:
    """A viewer that applies the fix gets the file that `claimpack fix` writes."""
    log: Json = json.loads(shown(claimpack.validate(dates), "sarif"))
    (run,) = log["runs"]
    result = next(item for item in run["results"] if item["ruleId"] == "date-pattern")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "date-pattern"
    ((change,),) = (fix["artifactChanges"] for fix in result["fixes"])
    (replaced,) = change["replacements"]
    region = replaced["deletedRegion"]
    text = (dates / "datapackage.json").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    at = [
        sum(map(len, lines[: region[f"{end}Line"] - 1])) + region[f"{end}Column"] - 1
        for end in ("start", "end")
    ]
    made = text[: at[0]] + replaced["insertedContent"]["text"] + text[at[1] :]
    assert json.loads(made)["resources"][0]["schema"]["fields"][1]["format"] == "%d/%m/%Y"


@pytest.mark.parametrize("name", ["markdown", "html", "github", "junit"])
def test_other_formats_name_the_cause(dates: Path, name: str) -> None:
    """Cause, sentence and fix are there, before the findings."""
    text = shown(claimpack.validate(dates), name)
    assert "date-pattern" in text
    assert "The dates are written as day/month/year" in text
    assert "run claimpack fix" in text.replace("&#40;", "(")
    if name != "junit":
        assert text.index("date-pattern") < text.index("type-error")


def test_a_hostile_value_in_the_evidence_is_harmless(tmp_path: Path) -> None:
    """What cells hold is shown as everywhere: nothing acts, nothing is markup."""
    rows = "".join(f"{i},13.01.20{i}<b>\x1b[31m\n" for i in range(10, 14))
    words = "".join(f"{i},13.01.20{i}\n" for i in range(10, 60))
    folder = one(
        tmp_path, f"<i>,d\n{rows}{words}", [{"name": "<i>"}, {"name": "d", "type": "date"}]
    )
    report = claimpack.validate(folder)
    assert report.diagnoses
    for name in renderers.names():
        text = shown(report, name)
        assert "\x1b" not in text
    assert "<i>" not in shown(report, "html").partition("<body>")[2]


def test_a_rule_that_is_off_has_no_cause(dates: Path) -> None:
    """Hidden findings are not diagnosed."""
    assert claimpack.validate(dates, rules={"type-error": "off"}).diagnoses == ()


def test_clean_data_import_nothing(tmp_path: Path) -> None:
    """A valid package costs nothing: the causes are not even imported."""
    import subprocess
    import sys

    folder = one(tmp_path, "id\n1\n", "id:integer")
    code = (
        f"import sys, claimpack; assert claimpack.validate({str(folder)!r}).valid; "
        "assert not [name for name in sys.modules if name.startswith('claimpack.diagnoses')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_large_table_is_checked_again_by_a_sample(tmp_path: Path) -> None:
    """The evidence says of how many rows; what remains is estimated for the whole table."""
    rows = "".join(f"{i},{1 + i % 28:02}/{1 + i % 12:02}/2020\n" for i in range(160_000))
    folder = one(tmp_path, f"id,d\n{rows}", "id:integer d:date")
    (item,) = claimpack.validate(folder).diagnoses
    assert (item.covers, item.of, item.remaining) == (160_000, 160_000, 0)
    match = re.search(r"Checked on a sample of ([\d,]+) rows\.", item.evidence)
    assert match is not None
    assert 10_000 < int(match[1].replace(",", "")) < 100_000
    result = claimpack.fix(folder)
    assert result.after is not None
    assert result.after.valid


def test_a_large_file_of_utf_16_is_cut_between_lines(tmp_path: Path) -> None:
    """Its sample adds no error of its own."""
    rows = "".join(f"{i},Müller {i}\n" for i in range(70_000))
    folder = one(tmp_path, f"id,name\n{rows}".encode("utf-16"), "id:integer name")
    (item,) = claimpack.validate(folder).diagnoses
    assert (item.cause, item.remaining) == ("wrong-encoding", 0)
    result = claimpack.fix(folder)
    assert result.after is not None
    assert result.after.valid


def test_a_key_is_unique_in_all_rows_of_a_large_table(tmp_path: Path) -> None:
    """Columns that are unique in the sample only are not offered."""
    rows = [f"{i // 3},2024-01-{1 + i % 3:02},note of this row {i}\n" for i in range(80_000)]
    schema = {"primaryKey": "id"}
    fields = "id:integer day:date note:any"
    folder = one(tmp_path / "a", "id,day,note\n" + "".join(rows), fields, schema=schema)
    (item,) = claimpack.validate(folder).diagnoses
    assert item.cause == "wrong-primary-key"
    assert [change.value for change in item.patch] == [["id", "day"]]
    rows[70_000] = rows[70_001]
    folder = one(tmp_path / "b", "id,day,note\n" + "".join(rows), fields, schema=schema)
    assert claimpack.validate(folder).diagnoses == ()


def test_scattered_slips_of_structure_have_no_cause(tmp_path: Path) -> None:
    """A row too long, one too short, a key twice, a reference to nothing, a quote, a label."""
    slips = ["31,x,A,2,\n", "32,x,A\n", "1,x,A,2\n", "33,x,Z,2\n", "'34','x',A,2\n", "kg,x,A,2\n"]
    places = {"foreignKeys": [{"fields": "at", "reference": {"resource": "place", "fields": "id"}}]}
    for number, slip in enumerate(slips):
        rows = [f"{i},name {i},{'AB'[i % 2]},{i}\n" for i in range(30)]
        rows.insert(1 + 7 * number % 30, slip)
        made = table("t", "id:integer name at n:integer", schema={"primaryKey": "id", **places})
        files = {"t.csv": "id,name,at,n\n" + "".join(rows), "place.csv": "id\nA\nB\n"}
        folder = make(tmp_path / str(number), [made, table("place", "id")], files)
        report = claimpack.validate(folder)
        assert len(report.findings) >= 1
        assert report.diagnoses == ()
    wrong = one(tmp_path / "label", "id,nmae\n1,x\n2,y\n3,z\n", "id:integer name")
    assert claimpack.validate(wrong).diagnoses == ()


def test_scattered_single_errors_have_no_cause(tmp_path: Path) -> None:
    """One slip here and one there, of every kind, make no diagnosis."""
    random = Random(11)
    slips = {
        "n": ["2,5", "1 000", "5%", "NA", "x", "1.2.3"],
        "i": ["7.0", "1,000", "-", "y", "1e3", " 7"],
        "d": ["13/01/2020", "01/13/2020", "soon", "2020-02-30", "n/a"],
        "b": ["yes", "no", "maybe", "NULL"],
        "t": ["10:00", "25:00:00", "noon"],
    }
    for number in range(12):
        rows = [
            [str(n / 4), str(n), f"2020-01-{1 + n % 28:02}", str(n % 2), f"{n % 24:02}:00:00"]
            for n in range(40)
        ]
        for place, wrong in enumerate(slips.values()):
            chosen = random.sample(range(40), 2)
            for row, text in zip(chosen, random.sample(wrong, 2), strict=True):
                rows[row][place] = f'"{text}"'
        data = "n,i,d,b,t\n" + "".join(",".join(row) + "\n" for row in rows)
        folder = one(tmp_path / str(number), data, "n:number i:integer d:date b:boolean t:time")
        report = claimpack.validate(folder)
        assert len(report.findings) >= 8
        assert report.diagnoses == ()


def test_explain_knows_causes(tmp_path: Path) -> None:
    """`claimpack explain CAUSE` says why, shows an example and how to fix it."""
    code, out, _ = command("explain", "undeclared-missing")
    assert code == 0
    assert "cause of findings, scope: table" in out
    assert "How to fix:" in out
    assert command("explain", "undeclared-mising")[0] == 2


def test_causes_are_listed() -> None:
    """`claimpack causes` lists each with its title, as text and as JSON."""
    code, out, _ = command("causes")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(cause_names())
    listed = json.loads(command("causes", "-f", "json")[1])
    assert [item["id"] for item in listed] == list(cause_names())
    assert {"why", "fails", "fix"} <= set(listed[0])


def test_watching_diagnoses_too(tmp_path: Path) -> None:
    """Each report of a watch has the diagnoses of what it lists."""
    resources = [table("a", "d:date"), table("b", "id:integer")]
    files = {"a.csv": "d\n13/01/2020\n14/01/2020\n", "b.csv": "id\n1\n"}
    watched = claimpack.api.watch(make(tmp_path, resources, files))
    first = next(iter(watched))
    assert [item.cause for item in first.report.diagnoses] == ["date-pattern"]


def test_long_cells_are_passed_over(tmp_path: Path) -> None:
    """A cell of megabytes is a finding, and nothing that a cause is looked for in."""
    long = "9" * 100_000 + "x"
    folder = one(tmp_path, f"id,d\n1,{long}\n2,{long}\n3,{long}\n", "id:integer d:date")
    report = claimpack.validate(folder)
    assert len(report.findings) == 3
    assert report.diagnoses == ()


def test_a_defect_in_a_cause_does_not_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The findings and the verdict stand, without causes."""
    from claimpack.api import steps
    from claimpack.diagnoses import diagnosing

    def fails(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(steps, "STRICT", False)
    monkeypatch.setattr(diagnosing, "diagnose", fails)
    report = claimpack.validate(one(tmp_path, "n\nx\n", "n:integer"))
    assert (report.verdict, len(report.findings), report.diagnoses) == ("invalid", 1, ())
