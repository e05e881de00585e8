"""The catalogues' own validators, each made to work without a network.

Each function takes what `claimpack describe` wrote and fails, or tells, as the catalogue's
own tools do; one whose library is not installed skips the test and says which.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

Json = dict[str, Any]
SCHEMA_ORG = "https://schema.org/"
CRATE_CONTEXTS = "https://w3id.org/ro/crate/"


def library(name: str) -> Any:
    """A module of a validator; without it the test is skipped, and says so."""
    return pytest.importorskip(
        name, reason=f"{name} is not installed: pip install '.[catalogues-test]'"
    )


# Citation File Format


def check_citation(text: bytes) -> Json:
    """Hold CITATION.cff against the format's JSON Schema, as check-jsonschema ships it."""
    import jsonschema
    import yaml

    folder = Path(library("check_jsonschema").__file__).parent / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "citation-file-format.json").read_text(encoding="utf-8"))
    found: Json = yaml.load(text, Loader=yaml.BaseLoader)
    jsonschema.validate(found, schema)
    return found


def cffconvert(*arguments: str) -> str:
    """What the program cffconvert says. Its pins keep it out of an environment with ours."""
    program = shutil.which("cffconvert")
    if program is None:
        pytest.skip("cffconvert is not on the path: pipx install cffconvert")
    done = subprocess.run([program, *arguments], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# DataCite


def check_datacite(text: bytes) -> Json:
    """Hold datacite.json against DataCite's JSON Schema 4.5, and make DataCite's XML of it."""
    schema = library("datacite.schema45")
    found: Json = json.loads(text)
    faults = [error.message for error in schema.validator.iter_errors(found)]
    assert not faults, faults
    assert schema.tostring(found).startswith("<?xml")
    return found


# Croissant


def load_croissant(file: Path) -> Any:
    """The dataset that mlcroissant reads; it raises where the file is not valid."""
    return library("mlcroissant").Dataset(jsonld=str(file))


def records(file: Path, table: str) -> list[Json]:
    """The rows that mlcroissant loads of a table, texts as texts."""
    # each table by a reader of its own: mlcroissant changes the frames that it keeps
    found = []
    for row in load_croissant(file).records(table):
        named = {key.rpartition("/")[2]: value for key, value in row.items()}
        found.append({k: v.decode() if isinstance(v, bytes) else v for k, v in named.items()})
    return found


# RO-Crate


def check_crate(
    folder: Path, monkeypatch: pytest.MonkeyPatch, level: str = "REQUIRED"
) -> list[str]:
    """What the RO-Crate validator finds against the profile 1.2, from a severity on."""
    services = library("rocrate_validator.services")
    models = library("rocrate_validator.models")
    _serve_contexts(monkeypatch)
    settings = models.ValidationSettings(
        rocrate_uri=folder,
        profile_identifier="ro-crate-1.2",
        requirement_severity=getattr(models.Severity, level),
        no_cache=True,
    )
    result = services.validate(settings)
    assert result.executed_checks, "nothing was checked"
    return [f"{item.check.identifier} {item.message}" for item in result.get_issues()]


def _serve_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer requests for RO-Crate's context with the copy that the library rocrate carries.

    It is that of a later version, which has every word of ours.
    """
    import requests

    folder = Path(library("rocrate").__file__).parent / "data"
    content = (folder / "ro-crate.jsonld").read_bytes()

    def send(self: Any, request: Any, **_: Any) -> Any:
        if not request.url.startswith(CRATE_CONTEXTS):
            _refuse(request.url)
        answer = requests.Response()
        answer.status_code = 200
        answer.url, answer.request = request.url, request
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = content
        return answer

    monkeypatch.setattr(requests.Session, "send", send)


def _refuse(url: str) -> NoReturn:
    raise AssertionError(f"the validator asked for {url}")


# schema.org


def check_schema_org(text: bytes) -> None:
    """Parse JSON-LD, and hold every type and property against schema.org's vocabulary."""
    rdflib = library("rdflib")
    document = json.loads(text)
    assert document.pop("@context") == SCHEMA_ORG
    words = {"@vocab": SCHEMA_ORG, "url": {"@type": "@id"}, "contentUrl": {"@type": "@id"}}
    graph = rdflib.Graph()
    graph.parse(
        data=json.dumps(document),
        format="json-ld",
        context=words,
        publicID="https://example.org/package/",
    )
    faults = sorted(set(_misused(graph)))
    assert not faults, faults
    assert len(graph)


def _misused(graph: Any) -> Iterator[str]:
    """Types and properties that there are not, or that are not of such a type."""
    rdf = library("rdflib").RDF
    classes, properties = _vocabulary()
    types = {node: _name(kind) for node, _, kind in graph.triples((None, rdf.type, None))}
    for node, predicate, value in graph:
        if predicate == rdf.type:
            if _name(value) not in classes:
                yield f"there is no type {value}"
            continue
        domains, ranges = properties.get(_name(predicate), (set(), set()))
        if not domains:
            yield f"there is no property {predicate}"
        if node in types and not domains & classes[types[node]]:
            yield f"{predicate} is no property of a {types[node]}"
        if value in types and not ranges & classes[types[value]]:
            yield f"a {types[value]} is no value of {predicate}"


def _name(term: Any) -> str:
    return str(term).rpartition("/")[2]


@cache
def _vocabulary() -> tuple[dict[str, set[str]], dict[str, tuple[set[str], set[str]]]]:
    """Each class with all that it is a kind of; each property with its domains and ranges."""
    folder = Path(library("rocrate").__file__).parent / "data"
    graph = json.loads((folder / "schema.jsonld").read_text(encoding="utf-8"))["@graph"]
    graph = [item for item in graph if item["@id"].startswith("schema:")]
    parents = {
        _local(item): _locals(item, "rdfs:subClassOf")
        for item in graph
        if "rdfs:Class" in item["@type"]
    }
    properties = {
        _local(item): (
            _locals(item, "schema:domainIncludes"),
            _locals(item, "schema:rangeIncludes"),
        )
        for item in graph
        if item["@type"] == "rdf:Property"
    }
    return {name: _ancestors(name, parents) for name in parents}, properties


def _ancestors(name: str, parents: dict[str, set[str]]) -> set[str]:
    return {name}.union(*(_ancestors(parent, parents) for parent in parents.get(name, ())))


def _local(item: Json) -> str:
    return str(item["@id"]).rpartition(":")[2]


def _locals(item: Json, key: str) -> set[str]:
    value = item.get(key, [])
    return {_local(part) for part in (value if isinstance(value, list) else [value])}


# Hugging Face


def read_card(text: bytes) -> tuple[Json, str]:
    """The front matter and the page of a card, as huggingface_hub reads them."""
    card = library("huggingface_hub").DatasetCard(text.decode("utf-8"))
    found: Json = card.data.to_dict()
    return found, card.text


__all__ = [
    "cffconvert",
    "check_citation",
    "check_crate",
    "check_datacite",
    "check_schema_org",
    "load_croissant",
    "read_card",
    "records",
]
