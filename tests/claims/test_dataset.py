"""The dataset of this repository: valid, described, and true to its documents."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import claimpack
from packages import Json, judge, one, valid

ROOT = Path(__file__).parents[2]
DESCRIPTOR: Json = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
NAMES = tuple(resource["name"] for resource in DESCRIPTOR["resources"])
DOCUMENTS = {
    "hopemark-eskin",
    "ketamine-cautions-blog",
    "renew-ketamine",
    "why-ketamine-faq",
    "yale-explains-page",
}
MEASURED = {"date", "integer", "number"}
KEBAB = "[a-z0-9]+(-[a-z0-9]+)*"
PUBLISHED = ("appraisals", "claims", "evidence", "sources", "statistics")
"""Tables in another order than that of their primary key."""
STATUS = ["status", "status_reason", "superseded_by"]

NUMBER_WORDS = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    dozen dozens hundred hundreds thousand thousands million millions billion billions
    half halves halved quarter quarters twice double doubled triple tripled quadruple quadrupled
    single once first second third fourth both pair couple several few handful all most
    majority minority numerous multiple various percent percentage
    second seconds minute minutes hour hours day days week weeks month months year years
    decade decades century centuries last recent recently since ago
    still now today currently already always never often oftentimes sometimes usually generally
    typically commonly frequently rare rarely many some
    january february march april june july august september october november december
"""
NUMBER = re.compile(rf"\d+|%|(?<![a-z])(?:{'|'.join(NUMBER_WORDS.split())})(?![a-z])", re.I)
"""What the walk over the documents stops at: numbers, times, and words of how many and how often.
`may` is left out: it is rarely the month."""


def schema(name: str) -> Json:
    """A table's schema as written."""
    content: Json = json.loads((ROOT / f"schemas/{name}.json").read_text(encoding="utf-8"))
    return content


def rows(name: str) -> list[dict[str, Any]]:
    """A table's rows, typed."""
    return claimpack.open(ROOT)[name].to_pylist()


@pytest.fixture
def corpus() -> Path:
    """The folder with the five documents, which are not part of the repository."""
    folder = os.environ.get("CLAIMPACK_CORPUS")
    if not folder:
        pytest.skip("CLAIMPACK_CORPUS names no folder: the documents are not published")
    return Path(folder)


# The package


def test_the_package_is_valid() -> None:
    """The Python API and the command find nothing at fault."""
    report = valid(judge(ROOT))
    assert report["findings"] == []


def test_frictionless_finds_it_valid() -> None:
    """The reference implementation agrees."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        report = frictionless.validate(str(ROOT / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    assert report.valid


def test_one_name_for_table_file_and_schema() -> None:
    """A resource, its file, its schema's file and its schema share one name; none is left over."""
    for resource in DESCRIPTOR["resources"]:
        name = resource["name"]
        assert resource["path"] == f"tables/{name}.csv"
        assert resource["schema"] == f"schemas/{name}.json"
        assert schema(name)["name"] == name
    assert {path.stem for path in (ROOT / "tables").iterdir()} == set(NAMES)
    assert {path.stem for path in (ROOT / "schemas").iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_described(name: str) -> None:
    """A field has a title, a description and an example; numbers and dates have a unit."""
    for field in schema(name)["fields"]:
        given = {key for key in ("title", "description") if field.get(key)}
        assert given == {"title", "description"}, field["name"]
        assert "example" in field, field["name"]
        assert field["type"] not in MEASURED or field.get("unit"), field["name"]


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_values_of_their_fields(name: str, tmp_path: Path) -> None:
    """A row of all examples is valid: types, patterns, bounds and categories hold."""
    described = schema(name)
    fields = described["fields"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field["name"] for field in fields)
    writer.writerow(written(field["example"]) for field in fields)
    key = {"primaryKey": described["primaryKey"]}
    made = one(tmp_path, text.getvalue(), fields, schema=key)
    report = claimpack.validate(made)
    assert [finding.message for finding in report.findings] == []
    assert report.valid


def written(value: object) -> str:
    """A JSON value as a cell."""
    return value if isinstance(value, str) else json.dumps(value)


def test_examples_quote_no_more_than_passages_do() -> None:
    """The examples of head and tail are at most four words."""
    fields = {field["name"]: field["example"] for field in schema("passages")["fields"]}
    assert len(fields["head"].split()) <= 4
    assert len(fields["tail"].split()) <= 4


# Ids


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_kebab_case(name: str) -> None:
    """A text of a primary key has the kebab-case pattern, or a closed list of such words."""
    described = schema(name)
    for field in described["fields"]:
        if field["name"] in described["primaryKey"] and field["type"] == "string":
            constraints = field["constraints"]
            words = constraints.get("enum", [])
            assert constraints.get("pattern") == KEBAB or words, field["name"]
            assert all(re.fullmatch(KEBAB, word) for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_rows_stand_in_the_order_of_their_keys(name: str) -> None:
    """Rows are sorted by primary key, so that a change shows as a small difference."""
    key = schema(name)["primaryKey"]
    found = [tuple(row[field] for field in key) for row in rows(name)]
    assert found == sorted(found)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_ids_can_be_withdrawn(name: str) -> None:
    """A table whose ids are published ends with the three fields of a row's status."""
    assert [field["name"] for field in schema(name)["fields"]][-3:] == STATUS


# Content


def test_the_five_documents_are_there() -> None:
    """Each of them is a source with the hash and the length of its text."""
    read = {row["source_id"] for row in rows("sources") if row["text_sha256"]}
    assert read == DOCUMENTS
    assert all(row["text_length"] for row in rows("sources") if row["text_sha256"])


@pytest.mark.parametrize("name", ["claims", "statistics"])
def test_there_are_forty_at_least(name: str) -> None:
    """The first release holds forty current rows or more."""
    current = [row for row in rows(name) if row["status"] == "current"]
    assert len(current) >= 40


@pytest.mark.parametrize("name", ["claims", "statistics"])
def test_each_is_appraised(name: str) -> None:
    """Every current claim and statistic has a current appraisal."""
    key = f"{name[:-1]}_id"
    appraised = {row[key] for row in rows("appraisals") if row["status"] == "current"}
    current = {row[key] for row in rows(name) if row["status"] == "current"}
    assert current - appraised == set()


def test_a_conflict_has_parties() -> None:
    """Two members at least are in every conflict."""
    members = Counter(row["conflict_id"] for row in rows("conflict_members"))
    assert {row["conflict_id"] for row in rows("conflicts")} == set(members)
    assert min(members.values()) >= 2


def test_pages_tell_the_counts_that_the_tables_have() -> None:
    """The README's session and the table of known limits count what is there."""
    counts = {name: len(rows(name)) for name in NAMES}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^[✓✗] (\w+) +([\d,]+) rows", readme, re.M)
    assert shown
    assert {(name, int(count.replace(",", ""))) for name, count in shown} <= set(counts.items())
    assert set(re.findall(r"([\d,]+) rows in 19 tables", readme)) == {f"{sum(counts.values()):,}"}
    limits = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (seen|secondary|unverified) \| (\d+) \|", limits, re.M)
    found = Counter(row["verification"] for row in rows("evidence"))
    assert {name: int(count) for name, count in told} == dict(found)


def test_the_package_says_that_it_is_no_medical_advice() -> None:
    """So does the README."""
    assert "no medical advice" in DESCRIPTOR["description"]
    assert "no medical advice" in (ROOT / "README.md").read_text(encoding="utf-8")


# With the documents at hand


@pytest.mark.corpus
def test_every_passage_is_where_it_is_said_to_be(corpus: Path) -> None:
    """All hashes hold, all documents are found by their hash, and our words are ours."""
    result = claimpack.verify_sources(ROOT, corpus)
    assert [finding.message for finding in result.report.findings] == []
    assert list(result.report.unchecked) == []
    assert {item.source_id: item.how for item in result.sources} == dict.fromkeys(
        DOCUMENTS, "sha256"
    )
    assert all(item.moved == item.missing == 0 for item in result.sources)


@pytest.mark.corpus
@pytest.mark.parametrize("source_id", sorted(DOCUMENTS))
def test_no_number_is_left_out(source_id: str, corpus: Path) -> None:
    """Every number of a document lies inside a passage of a statistic or of an exclusion."""
    used = {row["passage_id"] for name in ("statistics", "exclusions") for row in rows(name)}
    spans = [
        (row["char_start"], row["char_end"])
        for row in rows("passages")
        if row["source_id"] == source_id and row["passage_id"] in used
    ]
    text = document(source_id, corpus)
    left_out = [
        (found.start(), found.group())
        for found in NUMBER.finditer(text)
        if not any(start <= found.start() and found.end() <= end for start, end in spans)
    ]
    assert left_out == []


def document(source_id: str, corpus: Path) -> str:
    """A document's text, its file found by the hash of its bytes."""
    wanted = {row["source_id"]: row["text_sha256"] for row in rows("sources")}[source_id]
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == wanted:
            return content.decode("utf-8")
    raise AssertionError(f"no file in {corpus} has the hash of {source_id}")
