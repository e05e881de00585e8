"""Each clause of the standard, on a package that keeps it and on one that breaks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import conformance
import docs
from claimpack.rules import rule_names
from conformance import Clause, Variant, agrees, clauses, judged

VARIANTS = [variant for clause in clauses() for variant in clause.variants()]


def cases() -> list[object]:
    """Every package, those that wait as expected failures."""
    wait = pytest.mark.xfail(reason="the clause is pending")
    return [
        pytest.param(variant, id=variant.id, marks=[wait] if variant.clause.pending else [])
        for variant in VARIANTS
    ]


@pytest.mark.parametrize("variant", cases())
def test_clause_is_held(variant: Variant, tmp_path: Path) -> None:
    """What keeps a clause is valid; what breaks it has exactly the findings that it names."""
    verdict, errors, warned = judged(variant.make(tmp_path))
    assert agrees(variant.finds, errors), errors
    assert verdict == variant.verdict
    assert set(variant.warns) <= set(warned)


@pytest.mark.parametrize("clause", clauses(), ids=lambda clause: clause.id)
def test_clause_is_told(clause: Clause) -> None:
    """It names a section, the versions that it stands in, and rules that there are."""
    assert re.match(r"(Table |Tabular |Data |Glossary|Profiles|RFC )", clause.raw["section"])
    assert set(clause.versions) <= set(conformance.VERSIONS)
    assert clause.raw["asks"].endswith(".")
    fail = clause.raw.get("fail")
    if fail is not None:
        assert fail.get("finds") or fail.get("warns") or fail.get("verdict")
        rules = {item.split(" ")[0] for item in [*fail.get("finds", []), *fail.get("warns", [])]}
        assert rules <= set(rule_names())


def test_ids_are_unique() -> None:
    """No two clauses have one id."""
    ids = [clause.id for clause in clauses()]
    assert len(set(ids)) == len(ids)


def test_page_is_up_to_date() -> None:
    """docs/conformance.md is what tests/conformance.py writes."""
    if not conformance.installed():
        pytest.skip(f"the page tells of frictionless {conformance.REFERENCE}")
    assert not docs.differs(conformance.PAGE, conformance.page())
