"""Years, months and datetimes with and without a time zone, in constraints and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_logical import by_engine

from claimpack.checks import logical
from claimpack.descriptor import timeline
from claimpack.descriptor.model import Field
from packages import V2, Json, expect, field, judge, make, one


def column(folder: Path, described: Json, *cells: str) -> Path:
    """A package of one table of one column."""
    return one(folder / "package", "\n".join(["x", *cells, ""]), [described], package=V2)


SAME = [
    ("year", "2020Z", "2020+00:00"),
    ("year", "2020Z", "2020-00:00"),
    ("yearmonth", "2020-02Z", "2020-02+00:00"),
    ("datetime", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00"),
    ("datetime", "2020-01-01T24:00:00", "2020-01-02T00:00:00.0"),
    ("datetime", "9999-12-31T23:00:00-05:00", "10000-01-01T04:00:00Z"),
    ("datetime", "0001-01-01T00:00:00+05:00", "-0001-12-31T19:00:00Z"),
]
UNLIKE = [
    ("year", "2020", "2020+05:00"),
    ("year", "2020Z", "2020+05:00"),
    ("year", "2020", "2020Z"),
    ("yearmonth", "2020-02", "2020-02Z"),
    ("yearmonth", "2020-02-01:00", "2020-02+01:00"),
    ("datetime", "2020-01-01T00:00:00", "2020-01-01T00:00:00Z"),
    ("datetime", "2020-01-01T00:00:00.0000001Z", "2020-01-01T00:00:00.0000002Z"),
]
CASES = [*((*case, True) for case in SAME), *((*case, False) for case in UNLIKE)]


@pytest.mark.parametrize(("kind", "left", "right", "same"), CASES)
def test_unique_compares_as_xml_schema_does(
    tmp_path: Path, kind: str, left: str, right: str, same: bool
) -> None:
    """Zoned values are equal as moments, and no value without a zone equals one with a zone."""
    described = field("x", kind, constraints={"unique": True})
    report = judge(column(tmp_path, described, left, right))
    assert report["rules"] == ({"unique-error": 1} if same else {})


@pytest.mark.parametrize("filler", [0, 300])
@pytest.mark.parametrize(("kind", "left", "right", "same"), CASES)
def test_enum_compares_as_xml_schema_does(
    tmp_path: Path, kind: str, left: str, right: str, same: bool, filler: int
) -> None:
    """A list of values does the same, whether it is short or so long that it is looked up."""
    form = {"year": "{}", "yearmonth": "{}-01", "datetime": "{}-01-01T00:00:00"}[kind]
    more = [form.format(3000 + number) for number in range(filler)]
    described = field("x", kind, constraints={"enum": [right, *more]})
    report = judge(column(tmp_path, described, left, right))
    assert report["rules"] == ({} if same else {"constraint-error": 1})


@pytest.mark.parametrize(("kind", "left", "right", "same"), CASES)
def test_references_compare_as_xml_schema_does(
    tmp_path: Path, kind: str, left: str, right: str, same: bool
) -> None:
    """So does a foreign key."""
    link: Json = {"fields": ["y"], "reference": {"resource": "p", "fields": ["x"]}}
    tables = [
        {"name": "p", "path": "p.csv", "schema": {"fields": [field("x", kind)]}},
        {
            "name": "c",
            "path": "c.csv",
            "schema": {"fields": [field("y", kind)], "foreignKeys": [link]},
        },
    ]
    files = {"p.csv": f"x\n{left}\n", "c.csv": f"y\n{right}\n"}
    report = judge(make(tmp_path / "p", tables, files))
    assert report["rules"] == ({} if same else {"foreign-key": 1})


def test_bound_that_cannot_be_compared_says_so(tmp_path: Path) -> None:
    """The finding names the time zone that is missing, not an order that nobody knows."""
    described = field("x", "datetime", constraints={"minimum": "2020-01-01T00:00:00Z"})
    report = judge(column(tmp_path, described, "2020-01-01T00:00:00", "2020-01-01T14:00:01"))
    expect(report, "invalid", {"rule": "constraint-error", "row": 1})
    found = report["findings"][0]
    assert "the bound has a time zone, the value does not" in found["message"]
    assert found["fix"] == "Add the time zone, or change the minimum."


def test_zone_of_a_pattern_is_part_of_the_value(tmp_path: Path) -> None:
    """Under `any`, a text with a zone and one without are two values."""
    described = field("x", "datetime", format="any", constraints={"unique": True})
    texts = ("2020-01-01T00:00Z", "2020-01-01 00:00", "2020-01-01T01:00+01:00")
    report = judge(column(tmp_path, described, *texts))
    expect(report, "invalid", {"rule": "unique-error", "row": 3})


zones = st.sampled_from(["", "Z", "+00:00", "-00:00", "+05:00", "-05:30", "+14:00", "-14:00"])
years = st.one_of(st.integers(1, 12000), st.integers(-300, -1))
fractions = st.sampled_from(["", ".0", ".5", ".50", ".123456", ".1234567", ".12345670"])


def four(year: int) -> str:
    """A year of four digits or more."""
    return f"{'-' * (year < 0)}{abs(year):04d}"


texts = st.one_of(
    st.builds(lambda y, z: ("year", four(y) + z), years, zones),
    st.builds(
        lambda y, m, z: ("yearmonth", f"{four(y)}-{m:02d}{z}"), years, st.integers(1, 12), zones
    ),
    st.builds(
        lambda y, m, h, f, z: ("datetime", f"{four(y)}-{m:02d}-28T{h:02d}:59:59{f}{z}"),
        years,
        st.integers(1, 12),
        st.integers(0, 23),
        fractions,
        zones,
    ),
)


@settings(deadline=None, max_examples=300)
@given(texts)
def test_moment_is_the_same_in_both(case: tuple[str, str]) -> None:
    """The engine's short way to a moment's key and the function's long way meet."""
    kind, text = case
    described = Field("x", kind)
    assert by_engine(described, text) == logical.canonical(described)(text)


@given(texts, texts)
def test_order_of_moments_turns_round(one: tuple[str, str], other: tuple[str, str]) -> None:
    """What is before another is after it the other way round, and equal moments have one key."""
    left, right = timeline.parse(one[1]), timeline.parse(other[1])
    there, back = timeline.order(left, right), timeline.order(right, left)
    assert (there is None and back is None) or (there is not None and back == -there)
    assert (there == 0) == (timeline.written(left) == timeline.written(right))
