"""One cause is one report: what follows from a broken row or file is skipped, and said so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from claimpack import limits
from packages import (
    V2,
    Fields,
    Json,
    command,
    count_rows,
    expect,
    field,
    judge,
    make,
    of,
    one,
    table,
    valid,
)

ROOT = Path(__file__).parents[2]
REQUIRED = {"required": True}
FIELDS: Fields = [
    field("id", constraints={"pattern": "[a-z]+", **REQUIRED}),
    field("n", "number", constraints=REQUIRED),
    field("day", "date"),
    field("kind", constraints={"enum": ["p", "q"], **REQUIRED}),
]
KEYED = {"primaryKey": "id"}


def skipped(report: Json) -> set[tuple[str, str]]:
    """What was not checked, by table."""
    return {(item["resource"], item["what"]) for item in report["unchecked"]}


def dataset(folder: Path) -> Path:
    """A copy of this repository's dataset."""
    for name in ("tables", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "datapackage.json", folder)
    return folder


def edited(path: Path, line: int, before: str, after: str) -> None:
    """Change a line of a file."""
    lines = path.read_text("utf-8").split("\n")
    assert before in lines[line - 1], lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(before, after, 1)
    path.write_text("\n".join(lines), "utf-8", newline="")


# Rows of the wrong width


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("b,3,7,2020-01-01,p", "extra-cell"),
        ("b,3", "missing-cell"),
        ("!,x,y,z,p", "extra-cell"),
        ("!", "missing-cell"),
        ('!,"3"x,2020-99-99,z', "quoting-error"),
        ('!,"3,2020-99-99,z', "quoting-error"),
        ("a,x,y,z,", "extra-cell"),
    ],
)
def test_a_broken_row_is_judged_for_its_width_only(tmp_path: Path, row: str, rule: str) -> None:
    """Types, constraints and keys of a row whose cells are shifted are not reported."""
    text = f"id,n,day,kind\na,1,2020-01-01,p\n{row}\nc,2,,q\n"
    report = judge(one(tmp_path, text, FIELDS, schema=KEYED))
    expect(report, "invalid", {"rule": rule, "row": 2, "line": 3})
    assert skipped(report) == {("t", "the values of 1 row")}
    assert report["unchecked"][0]["why"] == f"t has 1 broken row (line 3, {rule})"
    assert count_rows(report) == 3


def test_rows_around_a_broken_row_are_judged(tmp_path: Path) -> None:
    """Only the row itself is left out."""
    text = "id,n,day,kind\na,x,,p\nb,1\na,2,,p\n"
    report = judge(one(tmp_path, text, FIELDS, schema=KEYED))
    expect(
        report,
        "invalid",
        {"rule": "type-error", "row": 1},
        {"rule": "missing-cell", "row": 2},
        {"rule": "primary-key", "row": 3},
    )


def test_broken_rows_of_many_batches_are_left_out(tmp_path: Path) -> None:
    """The number of a broken row is right in every batch that the reader hands on."""
    rows = [f"{n},x" if n % 5_000 == 7 else f"{n},1,2" for n in range(30_000)]
    report = judge(one(tmp_path, "\n".join(["a,b,c", *rows, ""]), "a:integer b:integer c:integer"))
    assert report["rules"] == {"missing-cell": 6}
    assert report["unchecked"][0]["why"] == "t has 6 broken rows (first: line 9, missing-cell)"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ([["a", 1, "2020-01-01", "p"], ["!", "x", "y"]], "missing-cell"),
        ([["a", 1, "2020-01-01", "p"], [True, True, True, True, 5]], "extra-cell"),
    ],
)
def test_a_broken_row_of_values_is_judged_for_its_width_only(
    tmp_path: Path, data: list[Json], rule: str
) -> None:
    """The same for rows in the descriptor, whose values have types of their own."""
    described = table("t", FIELDS, schema=KEYED, data=[["id", "n", "day", "kind"], *data])
    expect(judge(make(tmp_path, [described])), "invalid", {"rule": rule, "row": 2})


def test_a_very_wide_broken_row_is_judged_for_its_width_only(tmp_path: Path) -> None:
    """A table that is judged in another shape keeps to the rule."""
    names = [f"f{n}" for n in range(1_200)]
    text = ",".join(names) + "\n" + ",".join("1" * 1_200) + "\n" + ",".join("x" * 1_100) + "\n"
    report = judge(one(tmp_path, text, " ".join(f"{name}:integer" for name in names)))
    expect(report, "invalid", {"rule": "missing-cell", "row": 2, "line": 3})


def linked(folder: Path, parent: str, child: str) -> Json:
    """The report on a parent and a child that refers to it."""
    link = {"fields": "p", "reference": {"resource": "p", "fields": "id"}}
    own = table("p", "id up", schema={"primaryKey": "id"})
    other = table("c", "id:integer p", schema={"foreignKeys": [link]})
    return judge(make(folder, [own, other], {"p.csv": parent, "c.csv": child}, **V2))


def test_references_to_a_table_with_a_broken_row_are_skipped(tmp_path: Path) -> None:
    """The key that is missing may be in the broken row; the skipped check is listed."""
    report = linked(tmp_path, "id,up\na,x\nb\n", "id,p\n1,a\n2,b\n3,c\nx,a\n")
    expect(
        report,
        "invalid",
        {"rule": "missing-cell", "resource": "p", "row": 2},
        {"rule": "type-error", "resource": "c", "row": 4},
    )
    assert skipped(report) == {("p", "the values of 1 row"), ("c", "foreign key p")}
    assert {item["why"] for item in report["unchecked"]} == {
        "p has 1 broken row (line 3, missing-cell)"
    }


def test_references_of_a_table_with_a_broken_row_are_checked(tmp_path: Path) -> None:
    """A broken row of the child hides no dangling reference of its other rows."""
    report = linked(tmp_path, "id,up\na,x\n", "id,p\n1,a\n2\n3,c\n")
    expect(
        report,
        "invalid",
        {"rule": "missing-cell", "resource": "c", "row": 2},
        {"rule": "foreign-key", "resource": "c", "row": 3, "value": "c"},
    )


def test_a_broken_quote_leads_to_no_advice_to_delete_rows_elsewhere(tmp_path: Path) -> None:
    """Rules that compare tables are skipped where one of the tables has a broken row."""
    folder = dataset(tmp_path)
    edited(folder / "tables/claims.csv", 2, 'serious."', "serious.")
    report = judge(folder)
    expect(report, "invalid", {"rule": "quoting-error", "resource": "claims", "line": 2})
    assert ("terms", "orphan-row") in skipped(report)
    _, shown, _ = command("validate", str(folder))
    assert shown.count("why: claims has 1 broken row (line 2, quoting-error)") == 1


def test_a_rule_that_is_off_hides_no_broken_row(tmp_path: Path) -> None:
    """A row that is not judged is never silently valid."""
    folder = one(tmp_path, "id,n,day,kind\na,1,,p\n!\n", FIELDS)
    report = judge(folder, "--rule=missing-cell=off")
    assert report["verdict"] == "not-checked"


@pytest.mark.parametrize(
    ("row", "fix"),
    [
        ("b,3,7,,p", "If 3,7 is one number, write 3.7; otherwise remove the extra cell."),
        (
            "a, or b,3,,p",
            'Quote the value that contains the delimiter, perhaps "a, or b".',
        ),
        ("b,3,,p,", "Quote the value that contains the delimiter, or remove the extra cell."),
    ],
)
def test_the_fix_of_an_extra_cell_names_the_likely_cause(
    tmp_path: Path, row: str, fix: str
) -> None:
    """A decimal comma and an unquoted comma in a sentence are recognised."""
    report = judge(one(tmp_path, f"id,n,day,kind\n{row}\n", FIELDS))
    (found,) = of(report, "extra-cell")
    assert (found["message"], found["fix"]) == ("expected 4 cells, found 5", fix)


@pytest.mark.parametrize("path", ["t.csv", "t.json"])
def test_the_value_of_an_extra_cell_is_whole(tmp_path: Path, path: str) -> None:
    """No value is shortened in the data of a report."""
    long = "x" * 5_000
    text = f'[["a"], ["1", "{long}"]]' if path == "t.json" else f"a\n1,{long}\n"
    described = table("t", "a", path=path)
    report = judge(make(tmp_path, [described], {path: text}))
    assert of(report, "extra-cell")[0]["value"] == long


# Rows without values


@pytest.mark.parametrize("rows", [1, 60_000])
def test_a_row_of_empty_cells_is_one_finding(tmp_path: Path, rows: int) -> None:
    """Whatever reads the file: a row without values that breaks rules is one blank row."""
    data = "".join(f"{n},1,2020-01-01,p,{'x' * 30}\n" for n in range(rows))
    fields = [
        field("id", "integer"),
        *(field(name, constraints=REQUIRED) for name in ("n", "day", "kind", "note")),
    ]
    text = f"id,n,day,kind,note\n{data},,,,\n"
    report = judge(one(tmp_path, text, fields, schema=KEYED))
    line = rows + 2
    expect(report, "invalid", {"rule": "blank-row", "row": rows + 1, "line": line, "value": None})
    assert report["findings"][0]["message"] == "the row has no values"
    assert report["findings"][0]["fix"] == f"Delete line {line}."


def test_a_row_of_empty_cells_of_a_very_wide_table_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of very many columns is judged in parts; an empty row is one finding still."""
    monkeypatch.setattr(limits, "WIDE", 2)
    text = "id,n,day,kind\na,1,,p\n,,,\nb,,,q\n,\n"
    report = judge(one(tmp_path, text, FIELDS, schema=KEYED))
    assert [(item["rule"], item["row"]) for item in report["findings"]] == [
        ("blank-row", 2),
        ("constraint-error", 3),
        ("missing-cell", 4),
    ]
    assert report["findings"][0]["fix"] == "Delete line 3."


@pytest.mark.parametrize("grade", ["off", "info", "warning"])
def test_an_empty_row_is_not_graded_away(tmp_path: Path, grade: str) -> None:
    """Where `blank-row` is no error, what the row breaks is reported rule by rule."""
    folder = one(tmp_path, "id,n,day,kind\na,1,,p\n,,,\n", FIELDS)
    report = judge(folder, f"--rule=blank-row={grade}")
    assert report["rules"] == {"constraint-error": 3}
    assert report["verdict"] == "invalid"


def test_an_empty_row_of_values_is_one_finding(tmp_path: Path) -> None:
    """A row of nulls in JSON has no line, so that the fix names the row."""
    data = [["a", 1, None, "p"], [None, None, None, None]]
    described = table("t", FIELDS, schema=KEYED, data=[["id", "n", "day", "kind"], *data])
    report = judge(make(tmp_path, [described]))
    expect(report, "invalid", {"rule": "blank-row", "row": 2, "fix": "Delete row 2."})


def test_a_row_of_empty_cells_is_valid_where_every_field_may_be_null(tmp_path: Path) -> None:
    """A row of nulls is a row."""
    valid(judge(one(tmp_path, "a,b\n1,2\n,\n", "a:integer b:integer")), rows=2)


def test_a_row_of_empty_cells_keeps_no_finding_of_other_rules(tmp_path: Path) -> None:
    """Nor of keys and references, where the empty text is a value."""
    link = {"fields": "a", "reference": {"resource": "", "fields": "b"}}
    schema = {"missingValues": [], "primaryKey": "a", "foreignKeys": [link]}
    fields = [field("a"), field("b", constraints={"minLength": 1})]
    report = judge(one(tmp_path, "a,b\nx,x\n,\n,\n", fields, schema=schema))
    expect(report, "invalid", {"rule": "blank-row", "row": 2}, {"rule": "blank-row", "row": 3})


# Files that were saved badly

GERMAN = "id;text\na;größer\nb;süß\n"


@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset", "partial"])
def test_a_badly_saved_file_is_one_finding(tmp_path: Path, match: str) -> None:
    """The finding names delimiter and encoding with the evidence, and the way out."""
    own = table("t", "id text", schema={"fieldsMatch": match})
    files = {"t.csv": GERMAN.encode("windows-1252")}
    report = judge(make(tmp_path, [own], files, **V2))
    assert len(report["findings"]) == 1
    (found,) = report["findings"]
    assert found["message"] == (
        "the cells are separated by semicolons, not by commas, and the text is saved as "
        'Windows-1252 (line 2 has "größer")'
    )
    assert found["fix"].startswith("Save the file as UTF-8")
    assert "then run claimpack fmt" in found["fix"]
    assert found["value"] == "id;text"


def test_the_way_out_of_a_badly_saved_file_leads_out(tmp_path: Path) -> None:
    """Saved as UTF-8, the file is one that `fmt` puts right."""
    folder = one(tmp_path, GERMAN.encode("windows-1252"), "id text")
    code, out, _ = command("fmt", str(folder))
    assert code != 0
    assert "UTF-8" in out
    (folder / "t.csv").write_text(GERMAN, "utf-8")
    assert command("fmt", str(folder))[0] == 0
    valid(judge(folder), rows=2)


def test_what_depends_on_a_badly_saved_file_is_one_line(tmp_path: Path) -> None:
    """The rules of other tables that read it are counted, not listed one by one."""
    folder = dataset(tmp_path)
    path = folder / "tables/sources.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0].replace(",", ";"), *lines[1:]]), "utf-8")
    report = judge(folder)
    assert len(report["findings"]) == 1
    assert len(report["unchecked"]) > 5
    _, shown, _ = command("validate", str(folder))
    assert shown.count("why: ") == 2
    assert "why: sources was not read" in shown


def test_a_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """Byte, place, what it probably is, and no advice to declare a slip."""
    report = judge(one(tmp_path, "id,text\na,größer\n".encode("windows-1252"), "id text"))
    expect(report, "invalid", {"rule": "encoding-error", "row": 1, "line": 2})
    message = 'byte 0xF6 at offset 12 is not valid UTF-8; in Windows-1252 it is "ö" ("größer")'
    assert report["findings"][0]["message"] == message
    assert "declare" not in report["findings"][0]["fix"]
    assert "UTF-8" in report["findings"][0]["fix"]


def test_a_byte_that_no_text_has_is_named_alone(tmp_path: Path) -> None:
    """Where Windows-1252 has no character, nothing is guessed."""
    report = judge(one(tmp_path, b"id,text\na,x\x81\n", "id text"))
    (found,) = report["findings"]
    assert found["message"] == "byte 0x81 at offset 11 is not valid UTF-8"


def test_a_cell_that_cannot_be_decoded_is_judged_for_that_only(tmp_path: Path) -> None:
    """Its constraints and references follow from the byte; other cells of the row do not."""
    fields = [field("id", "integer"), field("text", constraints={"enum": ["größer"]})]
    data = "id,text\nx,größer\n".encode("windows-1252")
    report = judge(one(tmp_path, data, fields))
    assert report["rules"] == {"encoding-error": 1, "type-error": 1}
    assert skipped(report) == {("t", "the values of 1 row")}


# The order of the text report, and labels


def test_a_last_line_without_an_end_that_cannot_be_decoded_is_a_row(tmp_path: Path) -> None:
    """Its finding has its row, and its garbled cell no other finding."""
    report = judge(one(tmp_path, b"id,n\n1,2\n2,\xff\xfe", "id:integer n:integer"))
    expect(report, "invalid", {"rule": "encoding-error", "row": 2, "line": 3})


def test_causes_come_first_in_the_text(tmp_path: Path) -> None:
    """Bytes, quoting and width come before types and constraints, whatever their names."""
    text = 'id,n,day,kind\na,x,,o\nb,1\nc,"2"x,,p\nd,1,,\xff\n'.encode("latin-1")
    _, shown, _ = command("validate", str(one(tmp_path, text, FIELDS)))
    order = ["encoding-error", "quoting-error", "missing-cell", "constraint-error", "type-error"]
    places = [shown.index(f"\n  {rule}") for rule in order]
    assert places == sorted(places)


def test_causes_are_the_rules_on_files() -> None:
    """The order lists every rule whose scope is a file."""
    from claimpack.renderers.blocks import CAUSES
    from claimpack.rules import all_rules

    assert {rule.id for rule in all_rules() if rule.scope == "file"} <= set(CAUSES)
    assert {rule.id for rule in all_rules()} >= set(CAUSES)


@pytest.mark.parametrize("match", ["exact", "equal", "superset"])
def test_an_unnamed_column_is_one_finding(tmp_path: Path, match: str) -> None:
    """A column without a name is blank, and not an extra one as well."""
    report = judge(one(tmp_path, "a,\n1,2\n", "a", schema={"fieldsMatch": match}, package=V2))
    expect(report, "invalid", {"rule": "blank-label", "line": 1, "value": "", "field": None})


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_long_run_of_empty_lines_is_one_finding(tmp_path: Path, newline: str) -> None:
    """The lines behind it keep their numbers; a short run is a finding for each line."""
    lines = ["a,b", "1,2", *[""] * 5000, "x,3", "", "4,5", ""]
    path = tmp_path / "t.csv"
    one(tmp_path, "", "a:integer b:integer", path="t.csv")
    path.write_bytes(newline.join(lines).encode())
    report = judge(tmp_path)
    told = [(item["rule"], item["line"], item["message"]) for item in report["findings"]]
    assert [item for item in told if item[0] in ("blank-row", "type-error")] == [
        ("blank-row", 3, "5,000 rows are empty"),
        ("type-error", 5003, 'expected an integer, found "x"'),
        ("blank-row", 5004, "the row is empty"),
    ]
    assert of(report, "blank-row")[0]["fix"] == "Delete lines 3 to 5002."
