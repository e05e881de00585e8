"""claimpack and frictionless judge the same packages: the fixtures, and made ones.

The two agree on the verdict and on every (class, resource, row, field) of an error, save
for the entries of `differences`. `--many N` makes N packages of several tables in each
test; without it the same ones are made every time.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from claimpack.rules import load, rule_names
from differences import DIFFERENCES, differing, explanations, stopped, unexplained
from made import KINDS, KINDS_2, PLAIN, Form, Made, packages
from oracle import Case, Fault, read
from packages import V2, Json, make
from standard import KEYS

FIXTURES = Path(__file__).parents[1] / "rules"
PACKAGES = 200


def agree(case: Case) -> None:
    """Fail with what differs, and with the package."""
    found = list(unexplained(case))
    if found:
        lines = [*found, json.dumps(case.descriptor, indent=1, ensure_ascii=False)]
        lines += [f"{name}: {table.rows}" for name, table in case.tables.items()]
        pytest.fail("\n".join(lines), pytrace=False)


def fixtures() -> list[Path]:
    """Every fixture that `validate` judges."""
    rules = [rule for rule in rule_names() if load(rule).scope != "corpus"]
    return [path for rule in rules for path in sorted((FIXTURES / rule).glob("*-*"))]


@pytest.mark.parametrize("folder", fixtures(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_fixtures_are_judged_alike(folder: Path) -> None:
    """On every fixture the two agree, save for the listed differences."""
    agree(read(folder))


def written(made: Made, folder: Path) -> Case:
    """A made package, written and judged by both."""
    ours, theirs = folder / "ours", folder / "theirs"
    files = {f"{table.name}.csv": table.text for table in made.tables}
    make(ours, [table.resource for table in made.tables], files, **made.properties)
    if made.known:
        return read(ours)
    files = {f"{table.name}.csv": table.plain_text for table in made.tables}
    make(theirs, [table.plain for table in made.tables], files, **made.properties)
    return read(ours, theirs)


def every_text(v2: bool) -> Iterator[tuple[Json, str]]:
    """A table for each type and format, with each of its texts in a row of its own."""
    for number, (kind, good, broken) in enumerate(KINDS + KINDS_2 if v2 else KINDS):
        schema = {"fields": [{"name": "n"}, {"name": "x", **kind}]}
        rows = [["n", "x"], *([str(n), text] for n, text in enumerate([*good, *broken, ""]))]
        yield resource(f"k{number}", schema), Form(full=True).write(rows)


def edges() -> Iterator[tuple[Json, str]]:
    """Tables on whose rows and keys the two differ."""
    a, b = {"name": "a", "type": "integer"}, {"name": "b", "type": "geopoint"}
    c = {"name": "c", "type": "string", "constraints": {"required": True}}
    unique = {**a, "constraints": {"unique": True}}
    number = {"name": "n", "type": "number", "constraints": {"unique": True}}
    yield resource("nan", {"fields": [number, c]}), "n,c\nNaN,x\nNaN,x\n"
    yield resource("empty", {"fields": [a, c], "missingValues": ["-"]}), "a,c\n1,x\n,\n"
    yield resource("parent", {"fields": [a, c]}), "a,c\n1,x\n"
    yield resource("nothing", {"fields": [a]}), ""
    yield resource("one", {"fields": [a], "missingValues": ["-"]}), "a\n1\n\n"
    yield resource("lines", {"fields": [a, c], "primaryKey": "a"}), "a,c\n1,x\n\n2\n,\n"
    yield resource("required", {"fields": [a, c], "primaryKey": ["a", "c"]}), "a,c\n1,\n"
    yield resource("wrong", {"fields": [a, c], "primaryKey": "a"}), "a,c\nx,x\n"
    yield resource("beside", {"fields": [b, c], "primaryKey": ["b", "c"]}), "b,c\nx,\n"
    yield resource("refused", {"fields": [unique, c]}), "a,c\n1_0,x\n10,x\n1_0,x\n"
    short = {"fields": [unique, c], "primaryKey": "a"}
    yield resource("short", short), "a,c\nx\n3\n3,x\n4,x\n"
    again = {"fields": [{"name": "a"}, {"name": "c"}], "primaryKey": "a", "uniqueKeys": [["c"]]}
    yield resource("again", again), "a,c\n1,x\n1,x\n1,y\n"
    for kind, row in (("number", "NaN,nan"), ("year", "2019,2020Z")):
        pair = [{"name": name, "type": kind} for name in ("a", "b")]
        link = {"fields": "b", "reference": {"resource": "", "fields": "a"}}
        yield resource(f"self-{kind}", {"fields": pair, "foreignKeys": [link]}), f"a,b\n{row}\n"
    for name, fields in (("parent", ["a", "c"]), ("nothing", ["a"]), ("short", ["a"])):
        link = {"fields": fields, "reference": {"resource": name, "fields": fields}}
        yield resource(f"to-{name}", {"fields": [a, c], "foreignKeys": [link]}), "a,c\n2,\n"


def resource(name: str, schema: Json) -> Json:
    """A table that frictionless need not guess about."""
    profile = "tabular-data-resource"
    described = {"name": name, "path": f"{name}.csv", "profile": profile, "dialect": PLAIN}
    return {**described, "schema": schema}


def texts_and_edges(folder: Path, package: Json) -> Case:
    """A package of all these tables, judged by both."""
    tables = [*every_text(bool(package)), *edges()]
    files = {described["path"]: text for described, text in tables}
    return read(make(folder, [described for described, _ in tables], files, **package))


@pytest.mark.parametrize("package", [{}, V2], ids=["v1", "v2"])
def test_every_text_and_edge_is_judged_alike(tmp_path: Path, package: Json) -> None:
    """On each text of each type, and at the edges of rows and keys, the two agree likewise."""
    agree(texts_and_edges(tmp_path, package))


@pytest.mark.property
def test_made_packages_are_judged_alike(many: int | None) -> None:
    """On every made package the two agree, save for the listed differences."""

    @settings(
        max_examples=many or PACKAGES,
        deadline=None,
        database=None,
        derandomize=many is None,
        suppress_health_check=list(HealthCheck),
    )
    @given(packages())
    def check(made: Made) -> None:
        with tempfile.TemporaryDirectory() as name:
            case = written(made, Path(name))
        assert not stopped(case, Fault("", "", 0, "")), "frictionless read no data"
        agree(case)
        assert hidden(case) == []

    check()


def test_every_difference_is_met(tmp_path: Path) -> None:
    """Fixtures, texts and edges meet each entry, so that none outlives its difference."""
    cases = [read(folder) for folder in fixtures()]
    cases += [texts_and_edges(tmp_path / "v1", {}), texts_and_edges(tmp_path / "v2", V2)]
    met = {
        entry.name
        for case in cases
        for side, fault in differing(case)
        for entry in explanations(case, side, fault)
    }
    assert [entry.name for entry in DIFFERENCES if entry.name not in met] == []


def mutants(case: Case) -> Iterator[tuple[str, Fault, Case]]:
    """The case with each common error dropped from claimpack's, and with invented ones added."""
    for fault in sorted(case.ours & case.theirs):
        if fault.kind in {"type-error", "constraint-error", *KEYS}:
            yield "dropped", fault, replace(case, ours=case.ours - {fault})
    for name, table in case.tables.items():
        names = case.names(name)
        for row, cells in enumerate(table.rows):
            fault = Fault("type-error", name, row, names[0])
            known = {f.row for f in case.ours | case.theirs if f.resource == name}
            if row and len(cells) == len(names) and row not in known:
                yield "invented", fault, replace(case, ours=case.ours | {fault})


def hidden(case: Case) -> list[str]:
    """The mutants that the listed differences would explain away."""
    found = []
    for change, fault, mutant in mutants(case):
        side = "theirs" if change == "dropped" else "ours"
        if entries := explanations(mutant, side, fault):
            found.append(f"{change} {fault}: {[entry.name for entry in entries]}")
    return found


@pytest.mark.parametrize("package", [{}, V2], ids=["v1", "v2"])
def test_no_difference_hides_a_miss(tmp_path: Path, package: Json) -> None:
    """Each error of the texts and edges that both report is missed, and others are invented."""
    assert hidden(texts_and_edges(tmp_path, package)) == []


def test_every_difference_cites_a_clause() -> None:
    """No entry without the words that decide, and none twice."""
    for entry in DIFFERENCES:
        assert re.match(r"(Table|Tabular|Data|XML|RFC|Glossary|The claims profile)", entry.clause)
        assert entry.right in ("claimpack", "frictionless", "neither")
        assert entry.why.endswith(".")
    assert len({entry.name for entry in DIFFERENCES}) == len(DIFFERENCES)


def test_oracle_is_one() -> None:
    """Frictionless runs, and refuses what the standard plainly refuses."""
    case = read(FIXTURES / "type-error" / "fail-integer")
    assert case.ours == case.theirs
    assert len(case.ours) == 2
