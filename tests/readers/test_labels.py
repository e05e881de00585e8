"""What a wrong label differs by, and a header that another delimiter parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from packages import V2, Json, judge, make, of, one, table

NAMES = "id name year"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("name ", "which ends in a space"),
        (" name", "which starts with a space"),
        ("  name ", "which starts with 2 spaces and ends in a space"),
        ("name\t", "which ends in a tab"),
        ("na me", ""),
        ("na\u200bme", "which contains a zero-width space (U+200B)"),
        ("\ufeffname", "which starts with a byte order mark (U+FEFF)"),
        ("\u00a0name", "which starts with a no-break space (U+00A0)"),
        ("name\u00ad", "which ends in a soft hyphen (U+00AD)"),
    ],
)
def test_a_label_with_white_space_says_so_in_words(tmp_path: Path, label: str, words: str) -> None:
    """Code points are for what has no common name, never for a space."""
    (found,) = judge(one(tmp_path, f"id,{label}\n1,one\n", "id:integer name"))["findings"]
    assert found["rule"] == "incorrect-label"
    said = f'column 2: expected "name", found "{label}"'
    assert found["message"] == (f"{said}, {words}" if words else said)


def test_a_label_with_a_no_break_space_says_so(tmp_path: Path) -> None:
    """Where the name has a plain space, both look the same."""
    field = {"name": "full name"}
    (found,) = judge(one(tmp_path, "full\u00a0name\none\n", [field]))["findings"]
    assert found["message"].endswith(", which contains a no-break space (U+00A0)")


def test_letters_that_look_the_same_are_shown_by_code_points(tmp_path: Path) -> None:
    """A Cyrillic letter among Latin ones has no words of its own."""
    (found,) = judge(one(tmp_path, "n\u0430me\none\n", "name"))["findings"]
    assert "(U+006E U+0430 U+006D U+0065)" in found["message"]


def test_labels_that_are_other_words_are_shown_as_they_are(tmp_path: Path) -> None:
    """Expected and found, without code points."""
    (found,) = judge(one(tmp_path, "nmae\none\n", "name"))["findings"]
    assert found["message"] == 'column 1: expected "name", found "nmae"'


def test_an_extra_label_with_a_space_says_so(tmp_path: Path) -> None:
    """Mapped by name, such a label is one that the schema does not know."""
    folder = one(
        tmp_path, "id,name \n1,x\n", "id name", schema={"fieldsMatch": "equal"}, package=V2
    )
    (found,) = of(judge(folder), "extra-label")
    assert found["message"] == 'column 2 ("name ", which ends in a space) is not in the schema'


HEADERS = [
    "id;name;year",
    "id; name ;year",
    '"id";"name";"year"',
    "ID;Name;Year",
    "id;name;years",
    "id;name;year;more",
    "id;name",
    "id;name,full;year",
    "id\tname\tyear",
    "id|name|year",
]


@pytest.mark.parametrize("match", ["exact", "equal", "subset", "superset"])
@pytest.mark.parametrize("header", HEADERS)
def test_another_delimiter_is_one_finding(tmp_path: Path, header: str, match: str) -> None:
    """However the labels differ from the names otherwise; no row is judged by it."""
    text = f"{header}\n{'x;y;z' if ';' in header else header}\n"
    report = judge(one(tmp_path, text, NAMES, schema={"fieldsMatch": match}, package=V2))
    (found,) = report["findings"]
    assert found["message"].startswith("the cells are separated by ")
    assert [item["what"] for item in report["unchecked"]] == ["data"]


@pytest.mark.parametrize(
    "header", ["id,name,year|more", "x;y;z", "id,na;me,ye;ar", "id name year", "id"]
)
def test_a_header_that_no_other_delimiter_explains_is_judged_label_by_label(
    tmp_path: Path, header: str
) -> None:
    """Names that stand apart are known by the declared delimiter; what is left is wrong labels."""
    report = judge(one(tmp_path, f"{header}\n", NAMES))
    assert report["verdict"] == "invalid"
    assert not any("separated by" in found["message"] for found in report["findings"])


@pytest.mark.parametrize("declared", [";", "|"])
def test_the_declared_delimiter_is_named(tmp_path: Path, declared: str) -> None:
    """A file of commas under a dialect that says otherwise."""
    described: Json = table("t", NAMES, dialect={"delimiter": declared})
    (found,) = judge(make(tmp_path, [described], {"t.csv": "id,name,years\n1,2,3\n"}))["findings"]
    words = {";": "semicolons", "|": "bars"}[declared]
    assert found["message"] == f"the cells are separated by commas, not by {words}"
