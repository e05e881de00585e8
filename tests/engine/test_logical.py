"""Logical values: the canonical texts in Python and in the engine, and the order of durations."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimpack.checks import lexical, logical
from claimpack.descriptor.model import Field
from claimpack.engine.exact.database import Store
from claimpack.engine.exact.expression_sql import sql

NUMBER = Field("x", "number", options={"decimalChar": ".", "groupChar": None, "bareNumber": True})
INTEGER = Field("x", "integer", options={"groupChar": None, "bareNumber": True})

signs = st.sampled_from(["", "+", "-"])
digits = st.text("0123456789", min_size=1, max_size=45)
everyday = st.one_of(
    st.decimals(-(10**6), 10**6, places=2).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
written = st.one_of(
    everyday,
    st.builds("{}{}".format, signs, digits),
    st.builds("{}{}.{}".format, signs, digits, digits),
    st.builds("{}.{}".format, signs, digits),
    st.builds("{}{}e{}".format, signs, digits, st.integers(-60, 60)),
)


@cache
def store() -> Store:
    """One engine for all examples."""
    return Store()


def by_engine(field: Field, text: str) -> Any:
    """The key of a cell as the engine makes it."""
    key = lexical.key(field, lexical.cell(0))
    query = f"SELECT {sql(key)} FROM (SELECT ? AS f0)"
    store().provide([key])
    return store().connection.execute(query, [text]).fetchall()[0][0]


@settings(deadline=None, max_examples=300)
@given(written)
def test_number_is_the_same_in_both(text: str) -> None:
    """The engine's short way to a number's key and the function's long way meet."""
    key = logical.canonical(NUMBER)(text)
    assert by_engine(NUMBER, text) == key
    assert Decimal(key) == Decimal(text)
    assert logical.number(key) == key


@settings(deadline=None, max_examples=100)
@given(st.builds("{}{}".format, signs, digits))
def test_integer_is_the_same_in_both(text: str) -> None:
    """The same for integers, however long."""
    assert by_engine(INTEGER, text) == logical.canonical(INTEGER)(text) == str(int(text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("-0", "0"),
        ("0.000", "0"),
        ("0e5", "0"),
        ("-.50", "-0.5"),
        ("1e3", "1000"),
        ("1.50e-3", "0.0015"),
        ("100", "100"),
        ("NaN", "nan"),
        ("-INF", "-inf"),
        ("1e9999", "1e9999"),
        ("10e9998", "1e9999"),
    ],
)
def test_number_in_plain_form(text: str, key: str) -> None:
    """No needless zero, no sign of nought; what is vast is not written out."""
    assert logical.canonical(NUMBER)(text) == key
    assert by_engine(NUMBER, text) == key


XML_SCHEMA = [
    ("P1Y", "P364D", ["P365D", "P366D"], "P367D"),
    ("P1M", "P27D", ["P28D", "P29D", "P30D", "P31D"], "P32D"),
    ("P5M", "P149D", ["P150D", "P151D", "P152D", "P153D"], "P154D"),
]


@pytest.mark.parametrize(("value", "shorter", "open_", "longer"), XML_SCHEMA)
def test_durations_have_the_order_of_xml_schema(
    value: str, shorter: str, open_: list[str], longer: str
) -> None:
    """The table of XML Schema part 2, section 3.2.6.2."""
    middle = logical.duration(value)
    assert logical.order(middle, logical.duration(shorter)) == 1
    assert logical.order(middle, logical.duration(longer)) == -1
    assert [logical.order(middle, logical.duration(text)) for text in open_] == [None] * len(open_)


@pytest.mark.parametrize(
    ("one", "other"),
    [("P1Y", "P12M"), ("P1D", "PT24H"), ("PT1M", "PT60.000S"), ("-P1Y", "-P12M"), ("P0Y", "-PT0S")],
)
def test_durations_that_are_equal(one: str, other: str) -> None:
    """Years are months, days are seconds."""
    assert logical.order(logical.duration(one), logical.duration(other)) == 0


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_order_of_durations_turns_round(months: int, days: int) -> None:
    """What is longer than another is outlasted by none of it, and the other way round."""
    one, other = (months, Decimal(0)), (0, Decimal(days * 86400))
    there, back = logical.order(one, other), logical.order(other, one)
    assert (there is None and back is None) or (there is not None and back == -there)


@pytest.mark.parametrize("text", ["", "x", "1,", "[1", '{"a":NaN}', "P", "1;2"])
@pytest.mark.parametrize("kind", ["object", "array", "geojson", "geopoint", "duration"])
def test_text_without_a_value_has_no_key(kind: str, text: str) -> None:
    """A text that is no value of the type is no key."""
    if kind == "duration" and text == "P":
        return
    assert by_engine(Field("x", kind), text) is None
