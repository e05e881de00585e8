"""claimpack and frictionless judge the same packages: the fixtures, and made ones.

The two agree on the verdict and on every (class, resource, row, field) of an error, save
for the entries of `differences`. `--many N` makes N packages of several tables in each
test; without it the same ones are made every time.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from claimpack.rules import load, rule_names
from differences import DIFFERENCES, stopped, unexplained
from made import Made, packages
from oracle import Case, Fault, read
from packages import make

FIXTURES = Path(__file__).parent / "rules"
PACKAGES = 400


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
        assert not stopped(case, Fault("", "", 0, "")), (case.theirs, case.descriptor)
        agree(case)

    check()


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
