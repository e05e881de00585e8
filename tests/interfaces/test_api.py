"""The library's surface: what `import claimpack` gives, beside validation and export."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import claimpack
import packages
from claimpack import api
from packages import Json, field, make, one, table

DATASET = Path(__file__).parents[2]
FIELDS = [
    field("id", "integer"),
    field("name", categories=["x", "y"]),
    field("day", "date"),
    field("share", "number"),
]
ROWS = "id,name,day,share\n1,x,2020-02-29,0.5\n2,,,\n"


@pytest.fixture
def package(tmp_path: Path) -> claimpack.Package:
    """An opened package of one table."""
    return claimpack.open(one(tmp_path, ROWS, FIELDS, package=packages.V2))


# Opening


def test_public_names() -> None:
    """What is published is there, and sorted."""
    assert list(claimpack.__all__) == sorted(claimpack.__all__)
    assert all(hasattr(claimpack, name) for name in claimpack.__all__)
    assert not hasattr(claimpack, "Conclusion")


def test_import_is_light() -> None:
    """`import claimpack` imports no engine, no frame library, and no result of other commands."""
    heavy = (
        "duckdb numpy pyarrow polars pandas pandera frictionless sqlglot typer rich "
        "claimpack.querying claimpack.versions"
    )
    code = f"import sys, claimpack\nprint(*set('{heavy}'.split()) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_package_is_a_mapping(tmp_path: Path) -> None:
    """An opened package is a mapping from names to tables; other resources are no part of it."""
    other = {"name": "about", "path": "about.md"}
    folder = make(
        tmp_path,
        [table("b", "x"), table("a", "x"), other],
        {"a.csv": "x\n", "b.csv": "x\n", "about.md": "#"},
    )
    package = claimpack.open(folder)
    assert list(package) == ["b", "a"]
    assert len(package) == 2
    assert "a" in package
    assert "about" not in package
    assert package["a"].name == "a"
    assert package.name == "p"
    assert package.descriptor["resources"][2] == other
    with pytest.raises(KeyError):
        package["c"]


@pytest.mark.parametrize("target", ["", "datapackage.json"])
def test_open_takes_folder_and_descriptor(target: str, tmp_path: Path) -> None:
    """A folder and a descriptor are both a package, as text and as a path."""
    folder = one(tmp_path, "a\nx\n", "a")
    assert list(claimpack.open(folder / target)) == ["t"]
    assert list(claimpack.open(str(folder / target))) == ["t"]


def test_open_says_what_is_wrong(tmp_path: Path) -> None:
    """No such path is wrong usage; a descriptor that is no JSON is an invalid package."""
    with pytest.raises(claimpack.UsageError):
        claimpack.open(tmp_path / "nowhere")
    packages.write(tmp_path / "datapackage.json", "{")
    with pytest.raises(claimpack.InvalidPackageError):
        claimpack.open(tmp_path)


def test_unreadable_table_is_told(tmp_path: Path) -> None:
    """A table whose file is missing or remote raises when it is read, not before."""
    for path in ("nowhere.csv", "https://example.org/t.csv"):
        package = claimpack.open(make(tmp_path, [table("t", "a", path=path)]))
        with pytest.raises(claimpack.UnreadableError, match="table t"):
            package["t"].to_arrow()


# Tables


def test_to_arrow(package: claimpack.Package) -> None:
    """Arrow has true types, nulls, and the fields' order."""
    read = package["t"].to_arrow()
    assert read.schema.types == [
        pa.int64(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.date32(),
        pa.float64(),
    ]
    assert read.to_pylist() == [
        {"id": 1, "name": "x", "day": dt.date(2020, 2, 29), "share": 0.5},
        {"id": 2, "name": None, "day": None, "share": None},
    ]


def test_to_polars(package: claimpack.Package) -> None:
    """The polars frame has the same types and values."""
    import polars as pl

    frame = package["t"].to_polars()
    assert frame.schema["id"] == pl.Int64
    assert frame.schema["day"] == pl.Date
    assert frame.schema["share"] == pl.Float64
    assert frame.rows() == [(1, "x", dt.date(2020, 2, 29), 0.5), (2, None, None, None)]


def test_to_pandas(package: claimpack.Package) -> None:
    """The pandas frame has Arrow-backed types, so that integers with nulls stay integers."""
    import pandas as pd

    frame = package["t"].to_pandas()
    assert list(frame.dtypes)[:1] == [pd.ArrowDtype(pa.int64())]
    assert frame["day"].dtype == pd.ArrowDtype(pa.date32())
    assert frame["day"][0] == dt.date(2020, 2, 29)
    assert frame["share"].isna().tolist() == [False, True]


def test_to_pylist_and_batches(package: claimpack.Package) -> None:
    """Rows as dictionaries and as record batches say the same as the Arrow table."""
    assert package["t"].to_pylist() == package["t"].to_arrow().to_pylist()
    batches = list(package["t"].to_batches())
    assert pa.Table.from_batches(batches).equals(package["t"].to_arrow())


def test_values_beyond_their_type_are_null(tmp_path: Path) -> None:
    """Opening does not validate: a cell of the wrong type reads as null."""
    package = claimpack.open(one(tmp_path, f"a\nx\n{'9' * 30}\n3\n", "a:integer"))
    assert package["t"].to_arrow()["a"].to_pylist() == [None, None, 3]


def test_value_outside_the_categories_is_kept(tmp_path: Path) -> None:
    """A text that is not one of the categories is read as it stands, behind the declared ones."""
    folder = one(tmp_path, ROWS.replace(",x,", ",z,"), FIELDS, package=packages.V2)
    column = claimpack.open(folder)["t"].to_arrow()["name"].combine_chunks()
    assert column.to_pylist() == ["z", None]
    assert column.dictionary.to_pylist() == ["x", "y", "z"]


def test_table_without_rows_or_schema(tmp_path: Path) -> None:
    """An empty table has its columns; one without a schema is text under its labels."""
    empty = claimpack.open(one(tmp_path / "empty", "a,b\n", "a:date b"))["t"].to_arrow()
    assert (empty.num_rows, empty.schema.types) == (0, [pa.date32(), pa.string()])
    for data, rows in (("a,b\n1,\n", [{"a": "1", "b": ""}]), ("a,b\n", [])):
        bare = make(tmp_path / "bare", [{"name": "t", "path": "t.csv"}], {"t.csv": data})
        read = claimpack.open(bare)["t"].to_arrow()
        assert (read.schema.names, read.to_pylist()) == (["a", "b"], rows)


def test_dataset_opens_without_a_warning() -> None:
    """Every table of the dataset is read in every form, and nothing warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        package = claimpack.open(DATASET)
        for name in package:
            rows = package[name].to_arrow().num_rows
            assert package[name].to_polars().height == rows
            assert len(package[name].to_pandas()) == rows


# In short


def test_info(tmp_path: Path) -> None:
    """`info` tells name, title, version, licences, and each table's rows, fields and bytes."""
    folder = one(
        tmp_path,
        ROWS,
        FIELDS,
        title="Table",
        package={
            "title": "Package",
            "version": "1.2.0",
            "licenses": [{"name": "CC-BY-4.0"}, {"path": "LICENSE.md"}],
            **packages.V2,
        },
    )
    info = claimpack.info(folder)
    assert (info.name, info.title, info.version, info.standard) == ("p", "Package", "1.2.0", "2")
    assert info.licences == ("CC-BY-4.0", "LICENSE.md")
    only = claimpack.TableInfo("t", "t.csv", "Table", 2, 4, len(ROWS))
    assert info.tables == (only,)


def test_info_of_what_cannot_be_read(tmp_path: Path) -> None:
    """A table that cannot be read has no number of rows; the rest is told all the same."""
    resources = [table("a", "x"), table("b", "x"), table("c", "x", path="https://example.org/c")]
    info = claimpack.info(make(tmp_path, resources, {"a.csv": "x\n1\n"}))
    assert [item.rows for item in info.tables] == [1, None, None]


def test_info_of_the_dataset() -> None:
    """The dataset is told whole: every table has rows and fields, the licence is named."""
    info = claimpack.info(DATASET)
    assert all(item.rows is not None and item.fields and item.bytes for item in info.tables)
    assert info.licences
    assert info.standard == "2"


def test_plan_reads_no_data(tmp_path: Path) -> None:
    """A plan is printed as text and as JSON although the files are not there."""
    fields = [field("a", "integer", constraints={"maximum": 3})]
    plan = api.plan(make(tmp_path, [table("t", fields, schema={"primaryKey": "a"})]))
    text = plan.to_text()
    assert "constraint-error" in text
    assert "primary-key" in text
    told: Json = json.loads(json.dumps(plan.to_dict()))
    assert [item["table"] for item in told["tables"]] == ["t"]
    assert {"type-error", "constraint-error", "primary-key"} <= {
        check["rule"] for check in told["tables"][0]["checks"]
    }


# The sources

TEXT = "One two three four five six seven. Ketamine héals the mind, said Ann. The end 🦆 of it."


def passage(text: str, words: str, *, shift: int = 0) -> tuple[int, int, str, str, str]:
    """The position of some words, their hash, first and last words."""
    start = text.index(words) + shift
    split = words.split()
    return (
        start,
        start + len(words),
        hashlib.sha256(words.encode()).hexdigest(),
        " ".join(split[:2]),
        " ".join(split[-2:]),
    )


def claims(
    folder: Path, *passages: tuple[Any, ...], text: str = TEXT, statement: str = "It helps."
) -> Path:
    """A claims data package about one source, with these passages."""
    rows = "".join(
        f"p{number},s1,{','.join(map(str, item))}\n" for number, item in enumerate(passages, 1)
    )
    span = "char_start:integer char_end:integer sha256 head tail"
    resources = [
        table(
            "sources",
            "source_id text_sha256 text_length:integer",
            schema={"primaryKey": ["source_id"]},
        ),
        table("passages", f"passage_id source_id {span}", schema={"primaryKey": ["passage_id"]}),
        table("claims", "claim_id statement", schema={"primaryKey": ["claim_id"]}),
    ]
    digest = hashlib.sha256(text.encode()).hexdigest()
    files = {
        "sources.csv": f"source_id,text_sha256,text_length\ns1,{digest},{len(text)}\n",
        "passages.csv": f"passage_id,source_id,{span.replace(':integer', '').replace(' ', ',')}\n"
        + rows,
        "claims.csv": f'claim_id,statement\nc0,"two\nlines"\nc1,"{statement}"\n',
    }
    return make(folder, resources, files, claimsProfile="0.1", **packages.V2)


def corpus(folder: Path, text: str = TEXT, name: str = "any.txt") -> Path:
    """A folder with one document."""
    packages.write(folder / "deep" / name, text)
    return folder


def verify(package: Path, folder: Path) -> tuple[Json, Json]:
    """What the library and the command say of the sources: the same; source and report."""
    by_api = claimpack.verify_sources(package, folder)
    arguments = ("verify-sources", str(package), "--corpus", str(folder), "--format", "json")
    code, out, err = packages.command(*arguments)
    assert err == ""
    told: Json = json.loads(out)
    assert told["report"]["findings"] == by_api.report.to_dict()["findings"]
    assert told["report"]["verdict"] == by_api.report.verdict
    assert code == by_api.report.exit_code
    (source,) = told["sources"]
    return source, told["report"]


def test_exact_passages(tmp_path: Path) -> None:
    """A document is found by its hash wherever it lies; passages at their place are exact."""
    folder = claims(
        tmp_path / "p", passage(TEXT, "Ketamine héals the mind"), passage(TEXT, "end 🦆 of it.")
    )
    source, report = verify(folder, corpus(tmp_path / "corpus"))
    assert source == {
        "source_id": "s1",
        "file": "any.txt",
        "how": "sha256",
        "exact": 2,
        "moved": 0,
        "missing": 0,
    }
    assert report["findings"] == []
    assert report["verdict"] == "valid"


def test_moved_passage(tmp_path: Path) -> None:
    """A passage at another place than it says is an error that says the right one."""
    start, end, *_ = passage(TEXT, "Ketamine héals")
    folder = claims(tmp_path / "p", passage(TEXT, "Ketamine héals", shift=5))
    source, report = verify(folder, corpus(tmp_path / "corpus"))
    assert (source["exact"], source["moved"], source["missing"]) == (0, 1, 0)
    (found,) = report["findings"]
    assert found["rule"] == "passage-text"
    assert found["severity"] == "error"
    assert (found["resource"], found["row"], found["line"]) == ("passages", 1, 2)
    assert found["fix"] == f"Write char_start {start}, char_end {end}."


def test_missing_passage(tmp_path: Path) -> None:
    """A passage whose hash no place has is missing: an error."""
    start, end, _, head, tail = passage(TEXT, "Ketamine héals")
    folder = claims(tmp_path / "p", (start, end, "0" * 64, head, tail))
    source, report = verify(folder, corpus(tmp_path / "corpus"))
    assert (source["exact"], source["moved"], source["missing"]) == (0, 0, 1)
    assert [(item["rule"], item["field"]) for item in report["findings"]] == [
        ("passage-text", "sha256")
    ]
    assert report["verdict"] == "invalid"


def test_head_and_tail_are_the_passage_s(tmp_path: Path) -> None:
    """Head and tail that the passage does not begin and end with are an error."""
    start, end, digest, *_ = passage(TEXT, "Ketamine héals the mind")
    folder = claims(tmp_path / "p", (start, end, digest, "Ketamine harms", "the mind"))
    source, report = verify(folder, corpus(tmp_path / "corpus"))
    assert source["exact"] == 1
    assert [(item["rule"], item["field"]) for item in report["findings"]] == [
        ("passage-text", "head")
    ]


def test_document_by_name(tmp_path: Path) -> None:
    """Another edition is found by the source's name; a passage that moved there is a warning."""
    folder = claims(tmp_path / "p", passage(TEXT, "Ketamine héals the mind"))
    source, report = verify(folder, corpus(tmp_path / "corpus", f"New. {TEXT}", "s1.txt"))
    assert (source["how"], source["file"], source["moved"]) == ("name", "s1.txt", 1)
    assert [item["severity"] for item in report["findings"]] == ["warning"]
    assert report["verdict"] == "valid"


def test_document_not_there(tmp_path: Path) -> None:
    """A source without a document is not checked: no verdict on its passages, exit code 3."""
    folder = claims(tmp_path / "p", passage(TEXT, "Ketamine héals"))
    source, report = verify(folder, corpus(tmp_path / "corpus", "Something else."))
    assert (source["file"], source["how"]) == (None, None)
    assert report["verdict"] == "not-checked"
    assert report["unchecked"][0]["resource"] == "passages"


@pytest.mark.parametrize(
    ("statement", "borrowed"),
    [
        ("It says ONE, two - three four five six!", True),
        ("One two three four five and six.", False),
    ],
)
def test_borrowed_words(statement: str, borrowed: bool, tmp_path: Path) -> None:
    """Six words in a row of a source are an error, whatever their case and punctuation."""
    folder = claims(tmp_path / "p", passage(TEXT, "Ketamine héals"), statement=statement)
    _, report = verify(folder, corpus(tmp_path / "corpus"))
    assert [item["rule"] for item in report["findings"]] == ["own-words"] * borrowed
    for found in report["findings"]:
        assert (found["resource"], found["field"]) == ("claims", "statement")
        assert (found["row"], found["line"]) == (2, 4)
        assert "one two three four five six" in found["message"]


def test_verify_sources_heeds_settings(tmp_path: Path) -> None:
    """Rules that need the documents can be graded as well, and the report says so."""
    said = "one two three four five six"
    folder = claims(tmp_path / "p", passage(TEXT, "Ketamine héals"), statement=said)
    texts = corpus(tmp_path / "corpus")
    made = claimpack.verify_sources(folder, texts, rules={"own-words": "warning"})
    assert (made.report.verdict, made.report.counts["warning"]) == ("valid", 1)
    (folder / "claimpack.toml").write_text('[rules]\nown-words = "off"\n', encoding="utf-8")
    made = claimpack.verify_sources(folder, texts)
    assert (len(made.report.findings), len(made.report.config)) == (0, 1)
    made = claimpack.verify_sources(folder, texts, config=False)
    assert made.report.verdict == "invalid"


def test_verification_needs_passages_and_a_folder(tmp_path: Path) -> None:
    """A package without passages, and a corpus that is no folder, are wrong usage."""
    folder = claims(tmp_path / "p", passage(TEXT, "Ketamine héals"))
    for package, place in ((one(tmp_path / "q", "a\n", "a"), tmp_path), (folder, tmp_path / "no")):
        with pytest.raises(claimpack.UsageError):
            claimpack.verify_sources(package, place)
        code, _, err = packages.command("verify-sources", str(package), "--corpus", str(place))
        assert (code, len(err.splitlines())) == (2, 1)


def test_empty_cells_do_not_stop_the_verification(tmp_path: Path) -> None:
    """A passage without position or hash is missing, not a crash."""
    folder = claims(tmp_path / "p", ("", "", "", "", ""))
    source, report = verify(folder, corpus(tmp_path / "corpus"))
    assert source["missing"] == 1
    assert report["verdict"] == "invalid"


@pytest.mark.corpus
def test_dataset_against_its_documents() -> None:
    """Every passage of the dataset is exact in the documents, and no words are borrowed."""
    named = os.environ.get("CLAIMPACK_CORPUS")
    if not named:
        pytest.skip("CLAIMPACK_CORPUS does not name a folder with the source documents")
    folder = Path(named)
    result = claimpack.verify_sources(DATASET, folder)
    assert [item.message for item in result.report.findings] == []
    assert sum(item.exact for item in result.sources) > 0
    assert all(item.moved == item.missing == 0 for item in result.sources)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (gzip.compress(b"a\n1\n", mtime=0), "the file is compressed by gzip, not text"),
        (b"a;b\n1;2\n", "the cells are separated by semicolons, not by commas"),
    ],
)
def test_a_table_that_is_no_text_is_not_opened(content: bytes, why: str, tmp_path: Path) -> None:
    """A compressed file or one with another delimiter is refused with the reason."""
    make(tmp_path, [table("t", "a:integer b:integer")], {"t.csv": content})
    with pytest.raises(claimpack.UnreadableError, match=why):
        claimpack.open(tmp_path)["t"].to_arrow()


def test_a_table_without_columns(tmp_path: Path) -> None:
    """JSON without rows or schema has no columns, and is a table all the same."""
    folder = packages.make(tmp_path, [{"name": "t", "path": "t.json"}], {"t.json": "[]"})
    found = claimpack.open(folder)["t"].to_arrow()
    assert (found.num_rows, found.num_columns) == (0, 0)


def test_a_broken_parquet_file_is_refused_in_one_line(tmp_path: Path) -> None:
    """What the library says of it has several."""
    import pyarrow.parquet as pq

    folder = packages.make(tmp_path, [packages.table("t", "a", path="t.parquet")], {})
    pq.write_table(pa.table({"a": ["x" * 50 + str(n) for n in range(200)]}), folder / "t.parquet")
    data = bytearray((folder / "t.parquet").read_bytes())
    data[4:60] = b"\xff" * 56
    (folder / "t.parquet").write_bytes(data)
    with pytest.raises(claimpack.ClaimpackError) as refused:
        claimpack.open(folder)["t"].to_arrow()
    assert "\n" not in str(refused.value)
