"""Descriptions for catalogues: each passes the catalogue's own validator and invents nothing."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import catalogues
import claimpack
from catalogues import records
from claimpack import descriptor, metadata
from claimpack.descriptor.metadata import LICENCES, SPDX
from claimpack.exporters.files import WrittenFile
from claimpack.metadata import release
from claimpack.metadata.agents import read as read_agents
from claimpack.metadata.catalogues.citation import NEWER
from claimpack.metadata.writing import yaml_text
from packages import V2, command, make, table

ROOT = Path(__file__).parents[2]
ALL = (
    "citation",
    "claim-review",
    "croissant",
    "datacite",
    "hugging-face",
    "ro-crate",
    "schema-org",
    "zenodo",
)
FULL: dict[str, Any] = {
    "title": "Birds of the lake",
    "description": "Counts of birds.\n\nMade by **hand**, each morning.",
    "version": "1.2.0",
    "id": "https://doi.org/10.1234/birds",
    "homepage": "https://example.org/birds",
    "created": "2024-03-05T06:00:00Z",
    "keywords": ["birds", "lake"],
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "contributors": [
        {
            "title": "Ada Lake",
            "givenName": "Ada",
            "familyName": "Lake",
            "email": "ada@example.org",
            "path": "https://orcid.org/0000-0002-1825-0097",
            "organization": "Institute of Lakes",
            "roles": ["author", "data curator"],
        },
        {"title": "Institute of Lakes", "organization": "Institute of Lakes", "role": "publisher"},
        {"title": "Bo Shore", "organization": "Shore Ltd", "roles": ["data-collector"]},
    ],
    "sources": [
        {"title": "Older counts", "path": "https://doi.org/10.1234/older", "version": "3"},
        {"title": "A notebook"},
    ],
}
NASTY = (
    "</script><b>\"'\\\r\n---\n# x: | `y` [a](javascript:1) \u202e \x00 \x85 \ufeff é 😀 {{x}} %s"
)
pytestmark = [
    # rdflib's own reader of JSON-LD warns of a class that rdflib itself still uses
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning:rdflib"),
    # mlcroissant calls pandas in a way that pandas 4 will not have
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index::mlcroissant"),
]


def birds(folder: Path, **package: Any) -> Path:
    """A package of two tables with keys, and as much metadata as the test gives."""
    counts = table(
        "counts",
        [
            {"name": "count_id", "type": "integer", "description": "Key of the count."},
            {"name": "bird", "type": "string"},
            {"name": "day", "type": "date"},
            {"name": "weight", "type": "number", "unit": "g"},
            {"name": "seen", "type": "boolean"},
        ],
        schema={
            "primaryKey": ["count_id"],
            "foreignKeys": [
                {"fields": ["bird"], "reference": {"resource": "birds", "fields": ["bird_id"]}}
            ],
        },
        description="One row is one count.",
    )
    kinds = table(
        "birds",
        "bird_id name wider",
        schema={
            "primaryKey": ["bird_id"],
            "foreignKeys": [
                {"fields": ["wider"], "reference": {"resource": "", "fields": ["bird_id"]}}
            ],
        },
    )
    rows = (
        "count_id,bird,day,weight,seen\n1,coot,2024-01-02,812.5,true\n2,grebe,2024-01-03,,false\n"
    )
    files = {"counts.csv": rows, "birds.csv": "bird_id,name,wider\ncoot,Coot,\ngrebe,Grebe,coot\n"}
    return make(folder, [counts, kinds], files, **V2, **package)


def described(path: Path, *names: str) -> tuple[dict[str, bytes], list[Any]]:
    """The content of each catalogue's file and the notes, the same from both doors."""
    made = claimpack.describe(path, names or None)
    target = path.parent / f"{path.name}-described"
    shutil.rmtree(target, ignore_errors=True)
    options = [part for name in names for part in ("--to", name)]
    code, _, err = command("describe", str(path), *options, "-o", str(target), "--force")
    assert err == ""
    assert code == (3 if names and not all(note.written for note in made.notes) else 0)
    assert {file.path: file.content for file in made.files} == {
        file.name: file.read_bytes() for file in target.iterdir()
    }
    return {file.catalogue: file.content for file in made.files}, list(made.notes)


def beside(path: Path, *names: str) -> dict[str, bytes]:
    """The same, put beside the package, where their links lead to its files."""
    found, _ = described(path, *names)
    for file in claimpack.describe(path, names or None).files:
        (path / file.path).write_bytes(file.content)
    return found


def lacking(path: Path, name: str) -> str:
    """Why a catalogue cannot be described for."""
    found, notes = described(path, name)
    assert found == {}
    (note,) = notes
    assert not note.written
    return str(note.text)


# The registry and the command


def test_every_catalogue_is_found_by_its_module() -> None:
    """The catalogues are those of the folder; each has a file name of its own."""
    assert metadata.names() == ALL
    names = [metadata._module(name).FILE for name in ALL]
    assert len(set(names)) == len(names)


def test_one_description_goes_to_standard_output(tmp_path: Path) -> None:
    """Without -o one description is printed, byte for byte."""
    path = birds(tmp_path / "p", **FULL)
    code, out, err = command("describe", str(path), "--to", "croissant")
    assert code == 0
    assert out.encode() == described(path, "croissant")[0]["croissant"]
    assert err.startswith("claimpack: croissant: some keys are left out")


@pytest.mark.parametrize("names", [[], ["--to", "zenodo,citation"]])
def test_several_descriptions_need_a_folder(tmp_path: Path, names: list[str]) -> None:
    """Without -o nothing but one description can be asked for."""
    code, out, err = command("describe", str(birds(tmp_path)), *names)
    assert (code, out) == (2, "")
    assert "-o" in err


def test_an_unknown_catalogue_is_refused(tmp_path: Path) -> None:
    """A name that is no catalogue's is a wrong use, and those that are are told."""
    path = birds(tmp_path)
    code, _, err = command("describe", str(path), "--to", "croisant")
    assert code == 2
    assert "croissant" in err
    with pytest.raises(claimpack.UsageError, match="no catalogue"):
        claimpack.describe(path, ["croisant"])


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    """A file of the folder stays unless --force is given, and then nothing else is written."""
    path = birds(tmp_path / "p", **FULL)
    (path / "README.md").write_text("mine", encoding="utf-8")
    code, _, err = command("describe", str(path), "-o", str(path))
    assert code == 2
    assert "README.md" in err
    assert (path / "README.md").read_text(encoding="utf-8") == "mine"
    assert not (path / "croissant.json").exists()


def test_a_named_catalogue_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Named, it makes the exit code 3; unnamed it is a note. Neither writes half a file."""
    path = birds(tmp_path / "p")
    assert "contributor with the role publisher" in lacking(path, "datacite")
    found, notes = described(path)
    assert "datacite" not in found
    assert any(note.catalogue == "datacite" and not note.written for note in notes)


def test_progress_is_told_of_each_file(tmp_path: Path) -> None:
    """Every file is read once for its checksum, and how far that is, is told."""
    told: list[tuple[str, int, int]] = []
    path = birds(tmp_path / "p")
    claimpack.describe(path, ["schema-org"], progress=lambda *step: told.append(step))
    assert [name for name, _, _ in told] == ["datapackage.json", "counts.csv", "birds.csv"]
    assert all(done == total == (path / name).stat().st_size for name, done, total in told)


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    """Folder and time are in no description."""
    first = described(birds(tmp_path / "one", **FULL))[0]
    assert first == described(birds(tmp_path / "two", **FULL))[0]


def test_the_day_is_that_of_the_build_or_of_the_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SOURCE_DATE_EPOCH is the day of publication; without it `created` is; else there is none."""
    path = birds(tmp_path / "p", **FULL)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert _dates(path) == ("2024-03-05", "2024-03-05")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735776000")
    assert _dates(path) == ("2025-01-02", "2024-03-05")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert _dates(birds(tmp_path / "q")) == (None, None)


def _dates(path: Path) -> tuple[str | None, str | None]:
    found = json.loads(described(path, "schema-org")[0]["schema-org"])
    return found.get("datePublished"), found.get("dateCreated")


# The validators, on packages of much, little and hostile metadata


@pytest.fixture(params=["ours", "full", "nasty", "old"])
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A package that can be described for every catalogue, whatever its metadata are like."""
    path: Path = tmp_path / "p"
    if request.param == "ours":
        shutil.copytree(ROOT / "tables", path / "tables")
        shutil.copytree(ROOT / "schemas", path / "schemas")
        shutil.copy(ROOT / "datapackage.json", path)
        return path
    return birds(path, **{"full": FULL, "nasty": nasty(), "old": OLD}[request.param])


def nasty() -> dict[str, Any]:
    """Metadata in which every text is hostile."""
    person = {"title": NASTY, "email": NASTY, "path": NASTY, "organization": NASTY}
    return {
        "title": NASTY,
        "description": NASTY,
        "version": NASTY,
        "id": NASTY,
        "homepage": "https://example.org/a b",
        "created": "2024-03-05T06:00:00Z",
        "keywords": [NASTY, 1, None],
        "licenses": [{"name": NASTY, "title": NASTY, "path": "javascript:alert(1)"}],
        "contributors": [
            person | {"roles": [NASTY, 3, "publisher", "author"]},
            {"title": f"{NASTY}2"},
            7,
            None,
            {},
        ],
        "sources": [{"title": NASTY, "path": NASTY, "version": NASTY}, 3],
        "image": NASTY,
    }


OLD: dict[str, Any] = {
    "title": "Old",
    "description": "As people wrote descriptors before there was a standard.",
    "version": 2,
    "created": "2014-05-01T00:00:00Z",
    "license": "cc-by-4.0",
    "keywords": "birds",
    "author": "Ada Lake <ada@example.org> (https://example.org/ada)",
    "maintainers": [{"name": "Bo Shore", "email": "not an address"}],
    "publisher": {"name": "Institute of Lakes", "web": "https://ror.org/0abcdefgh"},
    "sources": ["https://example.org/older", {"name": "A notebook", "web": "example"}],
}


def test_schema_org_has_every_word(package: Path) -> None:
    """Every type and property of the Dataset and the reviews is schema.org's, and in its place."""
    found = described(package)[0]
    catalogues.check_schema_org(found["schema-org"])
    if "claim-review" in found:
        catalogues.check_schema_org(found["claim-review"])


def test_datacite_takes_it(package: Path) -> None:
    """DataCite's JSON Schema finds no fault, and DataCite's library writes XML of it."""
    catalogues.check_datacite(described(package, "datacite")[0]["datacite"])


def test_citation_is_in_the_format(package: Path) -> None:
    """CITATION.cff passes the format's JSON Schema."""
    catalogues.check_citation(described(package, "citation")[0]["citation"])


def test_cffconvert_takes_it(package: Path) -> None:
    """The program finds CITATION.cff valid, and makes the same of it for Zenodo as we do."""
    found = beside(package, "citation", "zenodo")
    file = str(package / "CITATION.cff")
    assert "valid" in catalogues.cffconvert("--validate", "-i", file)
    theirs = json.loads(catalogues.cffconvert("-f", "zenodo", "-i", file))
    ours = json.loads(found["zenodo"])
    for name in ("title", "keywords", "publication_date"):
        assert ours.get(name) == theirs.get(name)
    assert [item["name"] for item in ours["creators"]] == [
        item["name"] for item in theirs["creators"]
    ]


def test_mlcroissant_loads_every_row(package: Path) -> None:
    """The library finds no fault, and the tables that it loads are whole."""
    beside(package, "croissant")
    file = package / "croissant.json"
    found = catalogues.load_croissant(file)
    assert not found.metadata.ctx.issues.errors
    opened = claimpack.open(package)
    assert {item.id for item in found.metadata.record_sets} == set(opened)
    for name in list(opened)[:3]:
        assert len(records(file, name)) == opened[name].to_arrow().num_rows


def test_the_crate_is_valid(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The RO-Crate validator finds nothing against the profile, and the library reads it."""
    found = beside(package)
    assert catalogues.check_crate(package, monkeypatch) == []
    crate = catalogues.library("rocrate.rocrate").ROCrate(str(package))
    listed = {item.id for item in crate.data_entities}
    written = {item.relative_to(package).as_posix() for item in package.rglob("*")}
    assert {name for name in written if (package / name).is_file()} == {
        *listed,
        "ro-crate-metadata.json",
    }
    assert len(found) >= len(ALL) - 1


def test_the_card_can_be_read(package: Path) -> None:
    """huggingface_hub reads the front matter, and every table is a configuration."""
    front, page = catalogues.read_card(described(package, "hugging-face")[0]["hugging-face"])
    assert [item["config_name"] for item in front["configs"]] == list(claimpack.open(package))
    assert "<" not in page.replace("](<", "")
    assert "javascript:" not in page.replace("&#", "")[: page.find("\n\n", 2)]


def test_zenodo_takes_the_words_that_it_knows(package: Path) -> None:
    """Every property is one of Zenodo's deposits, and the description is HTML without markup."""
    found = json.loads(described(package, "zenodo")[0]["zenodo"])
    known = "title upload_type description creators contributors version publication_date license"
    assert set(found) <= set(f"{known} keywords doi related_identifiers".split())
    assert {key for item in found["creators"] for key in item} <= {"name", "affiliation", "orcid"}
    assert found["description"].replace("<p>", "").replace("</p>", "").count("<") == 0


# The validators themselves


def test_each_validator_finds_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where something that a catalogue demands is taken away, its validator says so."""
    path = birds(tmp_path / "p", **FULL)
    found = beside(path)
    with pytest.raises(AssertionError, match=r"there is no property .*/titel"):
        catalogues.check_schema_org(found["schema-org"].replace(b'"name": "Birds', b'"titel": "B'))
    with pytest.raises(AssertionError, match="contentSize is no property"):
        catalogues.check_schema_org(found["schema-org"].replace(b"DataDownload", b"Person"))
    with pytest.raises(AssertionError, match="'titles' is a required property"):
        catalogues.check_datacite(found["datacite"].replace(b'"titles"', b'"url"'))
    with pytest.raises(Exception, match="'authors' is a required property"):
        catalogues.check_citation(found["citation"].replace(b"authors:", b"contact:"))
    file = path / "croissant.json"
    file.write_bytes(found["croissant"].replace(b'"sha256"', b'"sha512"'))
    with pytest.raises(Exception, match="md5"):
        catalogues.load_croissant(file)
    file = path / "ro-crate-metadata.json"
    file.write_bytes(found["ro-crate"].replace(b'"license": {', b'"funder": {'))
    assert any("license" in issue for issue in catalogues.check_crate(path, monkeypatch))


def test_strange_names_of_files_tables_and_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blanks, slashes, percent signs and markup in names break no link and no id."""
    names = ["x y", "<b>", "a/b", "é#?", "%20", '"', "field"]
    resource = table(
        "my table/1?",
        [{"name": name, "type": "string"} for name in names],
        path="data/ä b#%20?.csv",
        schema={"primaryKey": ["x y", "<b>"]},
    )
    rows = 'x y,<b>,a/b,é#?,%20,"""",field\n1,2,3,4,5,6,7\n'
    path = make(tmp_path / "p", [resource], {"data/ä b#%20?.csv": rows}, **FULL)
    found = beside(path)
    catalogues.check_schema_org(found["schema-org"])
    catalogues.check_datacite(found["datacite"])
    assert catalogues.check_crate(path, monkeypatch) == []
    crate = catalogues.library("rocrate.rocrate").ROCrate(str(path))
    assert "data/ä b#%20?.csv" in {unquote(item.id) for item in crate.data_entities}
    catalogues.load_croissant(path / "croissant.json")
    croissant = json.loads(found["croissant"])
    columns = [item["source"]["extract"]["column"] for item in croissant["recordSet"][0]["field"]]
    assert columns == names
    ids = [item["@id"] for item in croissant["recordSet"][0]["field"]]
    assert len(set(ids)) == len(names)
    front, page = catalogues.read_card(found["hugging-face"])
    assert "configs" not in front
    assert "&#60;b&#62;" in page


def test_a_zip_file_is_described_as_its_folder(tmp_path: Path) -> None:
    """A package in a zip file gives the same descriptions as the folder."""
    path = birds(tmp_path / "p", **FULL)
    packed = Path(shutil.make_archive(str(tmp_path / "p"), "zip", path))
    whole = {file.path: file.content for file in claimpack.describe(path).files}
    assert {file.path: file.content for file in claimpack.describe(packed).files} == whole


# What they say


def test_a_person_is_told_from_an_organisation(tmp_path: Path) -> None:
    """Names in parts, an affiliation and an ORCID make a person; nothing is guessed."""
    found = json.loads(described(birds(tmp_path / "p", **FULL), "schema-org")[0]["schema-org"])
    assert found["creator"] == [
        {
            "@type": "Person",
            "name": "Ada Lake",
            "givenName": "Ada",
            "familyName": "Lake",
            "affiliation": {"@type": "Organization", "name": "Institute of Lakes"},
            "email": "ada@example.org",
            "url": "https://orcid.org/0000-0002-1825-0097",
        }
    ]
    assert found["publisher"] == [{"@type": "Organization", "name": "Institute of Lakes"}]
    path = birds(tmp_path / "q", contributors=[{"title": "Somebody"}])
    made, notes = described(path, "schema-org")
    assert json.loads(made["schema-org"])["creator"] == [{"name": "Somebody"}]
    assert [note.text for note in notes] == [
        "the descriptor does not say whether Somebody is a person or an organization"
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"author": "Ada <a@b.org> (https://a.org)"}, [("Ada", "a@b.org", "https://a.org")]),
        ({"contributors": [{"givenName": "A", "familyName": "B"}]}, [("A B", "", "")]),
        ({"contributors": ["Ada", "Ada", 3, {"title": " "}]}, [("Ada", "", "")]),
        ({"publishers": [{"name": "P", "web": "https://p.org"}]}, [("P", "", "https://p.org")]),
        ({"contributors": {"title": "Ada", "path": "ada.html"}}, [("Ada", "", "")]),
    ],
)
def test_contributors_in_all_their_forms(raw: dict[str, Any], expected: list[Any]) -> None:
    """Both versions of the standard and what came before it name people in many ways."""
    assert [(item.name, item.mail, item.url) for item in read_agents(raw)] == expected


def test_datacite_says_what_the_descriptor_says(tmp_path: Path) -> None:
    """The DOI, the ORCID, the roles and the sources arrive; nothing else does."""
    found = json.loads(described(birds(tmp_path / "p", **FULL), "datacite")[0]["datacite"])
    assert found["doi"] == "10.1234/birds"
    assert found["publisher"] == {"name": "Institute of Lakes"}
    assert found["publicationYear"] == "2024"
    assert found["creators"][0]["name"] == "Lake, Ada"
    assert found["contributors"][0]["contributorType"] == "DataCollector"
    assert found["relatedIdentifiers"] == [
        {
            "relatedIdentifier": "10.1234/older",
            "relatedIdentifierType": "DOI",
            "relationType": "IsDerivedFrom",
        }
    ]
    assert "doi" not in json.loads(
        described(birds(tmp_path / "q", **FULL | {"id": "birds"}), "datacite")[0]["datacite"]
    )


def test_croissant_has_types_keys_and_references(tmp_path: Path) -> None:
    """Fields come from the Table Schemas; a reference that leads in a circle is told instead."""
    made, notes = described(birds(tmp_path / "p", **FULL), "croissant")
    found = json.loads(made["croissant"])
    counts, kinds = found["recordSet"]
    assert counts["key"] == {"@id": "counts/count_id"}
    assert [field["dataType"] for field in counts["field"]] == [
        "sc:Integer",
        "sc:Text",
        "sc:Date",
        "sc:Float",
        "sc:Boolean",
    ]
    assert counts["field"][1]["references"] == {"field": {"@id": "birds/bird_id"}}
    assert all("references" not in field for field in kinds["field"])
    (note,) = notes
    assert note.text.endswith("in birds")
    for file, told in zip(("counts.csv", "birds.csv"), found["distribution"], strict=True):
        content = (tmp_path / "p" / file).read_bytes()
        assert told["contentSize"] == f"{len(content)} B"


def test_a_table_that_readers_would_get_wrong_is_told(tmp_path: Path) -> None:
    """A file with semicolons is a file of the dataset, but no table that a reader could load."""
    resource = table("t", "a b", dialect={"delimiter": ";"})
    path = make(tmp_path / "p", [resource], {"t.csv": "a;b\n1;2\n"})
    made, notes = described(path, "croissant")
    found = json.loads(made["croissant"])
    assert len(found["distribution"]) == 1
    assert "recordSet" not in found
    assert any("table t is in no single CSV" in note.text for note in notes)


def test_an_export_is_described_by_its_parquet(tmp_path: Path) -> None:
    """A release is described by its own files, loaded from Parquet where there is one."""
    path = birds(tmp_path / "p", **FULL)
    out = tmp_path / "out"
    files = claimpack.export(path, out, ["parquet", "csv"]).files
    model = descriptor.read(path).package
    assert model is not None
    whole = release.of_export(model, files, dt.date(2025, 1, 2))
    for file in metadata.describe(model, whole).files:
        (out / file.path).write_bytes(file.content)
    assert records(out / "croissant.json", "counts")[0]["weight"] == 812.5
    front, _ = catalogues.read_card((out / "README.md").read_bytes())
    assert front["configs"][0]["data_files"] == "parquet/tables/counts.parquet"
    assert front["size_categories"] == ["n<1K"]
    crate = json.loads((out / "ro-crate-metadata.json").read_bytes())
    listed = {item["@id"]: item.get("sha256") for item in crate["@graph"]}
    assert {file.path: file.sha256 for file in files}.items() <= listed.items()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("csv/datapackage.json", "Descriptor of the Data Package"),
        ("csv.zip", "The folder csv in one zip file"),
        ("xlsx/birds.xlsx", "All tables in one Excel workbook"),
        ("csv/tables/counts.csv", ""),
    ],
)
def test_files_of_an_export_say_what_they_are(path: str, expected: str, tmp_path: Path) -> None:
    """Descriptors, zip files and files of all tables have a description of their own."""
    model = descriptor.read(birds(tmp_path / "p")).package
    assert model is not None
    written = WrittenFile(path, 1, None, "0" * 64)
    (file,) = release.of_export(model, [written], None).files
    assert file.description == expected


def test_what_differs_from_build_to_build_is_in_no_description(tmp_path: Path) -> None:
    """The size and checksum of a DuckDB file would make each description another."""
    model = descriptor.read(birds(tmp_path / "p", **FULL)).package
    assert model is not None
    made = [
        metadata.describe(model, release.of_export(model, [written], dt.date(2025, 1, 2)))
        for written in (
            WrittenFile("duckdb/birds.duckdb", 4096, None, "0" * 64),
            WrittenFile("duckdb/birds.duckdb", 8192, None, "1" * 64),
        )
    ]
    assert made[0] == made[1]
    (found,) = (file for file in made[0].files if file.catalogue == "ro-crate")
    assert b"All tables in one DuckDB file" in found.content


def test_a_remote_file_is_named_by_its_address(tmp_path: Path) -> None:
    """What is not here is not measured: its address stands without size and checksum."""
    remote = table("t", "a", path="https://example.org/t.csv")
    path = make(tmp_path / "p", [remote], **FULL)
    made, notes = described(path)
    (found,) = json.loads(made["schema-org"])["distribution"]
    assert found == {
        "@type": "DataDownload",
        "name": "t.csv",
        "contentUrl": "https://example.org/t.csv",
        "encodingFormat": "text/csv",
    }
    assert any("no known checksum" in note.text for note in notes)


# Licences


@pytest.mark.parametrize("name", sorted(SPDX))
def test_spdx_identifiers_are_those_of_the_format(name: str, tmp_path: Path) -> None:
    """Each identifier that we take for the SPDX's is in the list of the Citation File Format."""
    package = FULL | {"licenses": [{"name": name.lower()}]}
    found = catalogues.check_citation(
        claimpack.describe(birds(tmp_path, **package), ["citation"]).files[0].content
    )
    if name in NEWER:
        assert found["license-url"] == f"https://spdx.org/licenses/{name}.html"
    else:
        assert found["license"].lower() == name.lower()


def test_licences_that_a_citation_cannot_say(tmp_path: Path) -> None:
    """One address has room; each further licence is told, with an address or without."""
    licences = [
        {"name": "one", "path": "https://example.org/1"},
        {"name": "two", "path": "https://example.org/2"},
        {"name": "own"},
    ]
    path = birds(tmp_path / "p", **(FULL | {"licenses": licences}))
    made, notes = described(path, "citation")
    assert catalogues.check_citation(made["citation"])["license-url"] == "https://example.org/1"
    told = [note.text for note in notes if "licence" in note.text]
    assert [any(word in text for text in told) for word in ("/1", "/2", "own")] == [0, 1, 1]


def test_identifiers_are_whole() -> None:
    """No identifier ends with a hyphen: a line's end has cut none."""
    assert [name for name in LICENCES if name.endswith("-")] == []
    assert {"CC-BY-3.0", "CC-BY-NC-3.0", "GPL-3.0-or-later", "other-nc"} <= LICENCES


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ({"name": "CC-BY-4.0"}, {"license": "cc-by-4.0"}),
        ({"name": "ODbL-1.0"}, {"license": "odbl"}),
        (
            {"name": "Open Bird", "path": "https://example.org/l"},
            {
                "license": "other",
                "license_name": "open-bird",
                "license_link": "https://example.org/l",
            },
        ),
        ({"id": "mit", "url": "https://example.org/mit"}, {"license": "mit"}),
    ],
)
def test_licences_of_a_card(
    licence: dict[str, str], expected: dict[str, str], tmp_path: Path
) -> None:
    """The Hub has names of its own; what it does not list is `other` with name and address."""
    path = birds(tmp_path / "p", licenses=[licence])
    front, _ = catalogues.read_card(described(path, "hugging-face")[0]["hugging-face"])
    assert {key: front[key] for key in front if key.startswith("license")} == expected


# Reviews of claims


def test_reviews_are_the_tables() -> None:
    """One review stands for each current appraisal of a current claim, in the table's words."""
    (file,) = claimpack.describe(ROOT, ["claim-review"]).files
    made = {item["@id"][1:]: item for item in json.loads(file.content)["@graph"]}
    claims = {row["claim_id"]: row for row in _rows("claims") if row["status"] == "current"}
    expected = {
        row["appraisal_id"]: row
        for row in _rows("appraisals")
        if row["status"] == "current" and row["claim_id"] in claims
    }
    assert made.keys() == expected.keys()
    urls = {row["url"] for row in _rows("sources") if row["url"]}
    for key, row in expected.items():
        review = made[key]
        assert review["claimReviewed"] == claims[row["claim_id"]]["statement"]
        assert review["reviewRating"]["alternateName"] == row["verdict"]
        assert review["datePublished"] == row["appraised_on"]
        told = {
            item["url"] for item in review["itemReviewed"].get("appearance", []) if "url" in item
        }
        assert told <= urls
        assert "url" not in review


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims_package(folder: Path) -> Path:
    """A claims package of two claims, one of them denied in one document and said in another."""
    status = " status"
    resources = [
        _keyed("claims", f"claim_id statement{status}"),
        _keyed("appraisals", f"appraisal_id claim_id verdict reason{status}"),
        _keyed("sources", f"source_id title url{status}"),
        _keyed("passages", "passage_id source_id"),
        table("claim_mentions", "claim_id passage_id stance"),
    ]
    files = {
        "claims.csv": "claim_id,statement,status\nc1,It <b>helps</b>,current\nc2,Old,withdrawn\n",
        "appraisals.csv": "appraisal_id,claim_id,verdict,reason,status\n"
        "a1,c1,overstated,Too much,current\na2,c1,supported,Before,withdrawn\n"
        "a3,c2,supported,Gone,current\na4,,supported,A number,current\n",
        "sources.csv": "source_id,title,url,status\ns1,Said,https://example.org/s,current\n"
        "s2,Denied,,current\ns3,Elsewhere,not an address,current\n",
        "passages.csv": "passage_id,source_id\np1,s1\np2,s2\np3,s3\np4,s1\n",
        "claim_mentions.csv": "claim_id,passage_id,stance\n"
        "c1,p1,asserts\nc1,p2,denies\nc1,p3,hedges\nc1,p4,reports\n",
    }
    return make(folder, resources, files, title="Claims", claimsProfile="1.0", **V2)


def _keyed(name: str, fields: str) -> dict[str, Any]:
    return table(name, fields, schema={"primaryKey": [fields.split()[0]]})


def test_a_review_is_of_what_stands(tmp_path: Path) -> None:
    """Withdrawn rows and numbers are left out; who denies a claim does not make it."""
    made, notes = described(claims_package(tmp_path / "p"), "claim-review")
    (review,) = json.loads(made["claim-review"])["@graph"]
    assert review["@id"] == "#a1"
    assert review["claimReviewed"] == "It <b>helps</b>"
    assert review["reviewRating"]["ratingExplanation"] == "Too much"
    assert review["itemReviewed"]["appearance"] == [
        {"@type": "CreativeWork", "name": "Said", "url": "https://example.org/s"},
        {"@type": "CreativeWork", "name": "Elsewhere"},
    ]
    assert b"<" not in made["claim-review"]
    assert "author" not in review
    assert "no contributor" in notes[0].text
    catalogues.check_schema_org(made["claim-review"])


@pytest.mark.parametrize("name", ["claims", "appraisals", "passages"])
def test_reviews_need_their_tables(name: str, tmp_path: Path) -> None:
    """Where one of the tables is missing there are no reviews, rather than half of them."""
    path = claims_package(tmp_path / "p")
    (path / f"{name}.csv").unlink()
    assert lacking(path, "claim-review") == f"the table {name} cannot be read"


def test_other_packages_have_no_reviews(tmp_path: Path) -> None:
    """Without claims and appraisals there is no review; asked for, the reason is told."""
    path = birds(tmp_path / "p", **FULL)
    found, notes = described(path)
    assert "claim-review" not in found
    assert "claim-review" not in {note.catalogue for note in notes}
    assert "not a claims data package" in lacking(path, "claim-review")


# Whatever the metadata


UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "name", "path", "roles", "email", "url", "organization"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
_PROPERTIES = """
    title description version id homepage created keywords licenses license contributors author
    sources publisher image
"""


@pytest.mark.property
@UNHURRIED
@given(st.dictionaries(st.sampled_from(_PROPERTIES.split()), ANY))
def test_any_metadata_can_be_described(raw: dict[str, Any]) -> None:
    """Whatever the properties hold, nothing fails, and what is written is UTF-8 that parses."""
    import yaml

    text = json.dumps(raw | {"name": "p", "resources": []})
    model = descriptor.read_text(text, ROOT).package
    assert model is not None
    made = metadata.describe(model, release.Release(day=dt.date(2024, 1, 2)))
    for file in made.files:
        content = file.content.decode("utf-8")
        if file.path.endswith((".json", ".jsonld")):
            json.loads(content)
        elif file.path.endswith(".cff"):
            yaml.safe_load(content)
        else:
            yaml.safe_load(content.split("\n---\n")[0].removeprefix("---\n"))


@pytest.mark.property
@UNHURRIED
@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()), min_size=1))
def test_yaml_is_what_was_written(value: dict[str, Any]) -> None:
    """A reader of YAML gets each text back as the same text, whatever it looks like."""
    import yaml

    clean = json.loads(json.dumps(value).encode("utf-8", "replace"))
    assert yaml.safe_load(yaml_text(clean)) == clean
