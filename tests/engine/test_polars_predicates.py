"""The bounds of the fast pass: whatever the database finds true, they call possible."""

from __future__ import annotations

from itertools import product

import duckdb
import polars as pl
import pytest
import sqlglot
from sqlglot import exp

from claimpack.checks.model import Expression
from claimpack.engine.exact.expression_sql import sql
from claimpack.engine.scan.polars_predicates import suspicion

TEXTS = [
    *(None, "", "a b", "a\u00a0b", "a\x0bb", "\u2003", " \t", "x", "10.1000/abc", "10.1000/a c"),
    *("0", "1", "-1", "0.5", "100.5", "1e400", "nan", "2020-02-29", "2019-12-31"),
    *("2020-01-01T00:00:00Z", "2020-01-01T00:00:00", "2020-01-01T01:00:00+01:00"),
    *("2019-12-31T23:59:59Z", "24:00:00", "12:00:00"),
]


def moment(text: str) -> str:
    """A moment in UTC, as the rules write it."""
    return f"TIMEZONE('UTC', TRY_CAST({text} AS TIMESTAMPTZ))"


BOUND, LEAP = "'2020-01-01T00:00:00'", "'2020-02-29T00:00:00Z'"
EXACT = [
    r"NOT REGEXP_FULL_MATCH(f0, '10\.[0-9]{4,9}/[^\s]+')",
    r"NOT REGEXP_FULL_MATCH(f0, '\s*(\S+\s+){0,3}\S+\s*')",
    "(f0 IS NULL) <> (f1 IS NULL)",
    "(NOT f0 IS NULL OR NOT f1 IS NULL) <> (NOT f0 IS NULL)",
    "CAST((NOT f0 IS NULL) AS INT) + CAST((NOT f1 IS NULL) AS INT) <> 1",
]
"""Predicates of which the fast pass leaves none of these texts in doubt but rare numbers."""
DOUBTED = [
    "NOT TRY_CAST(f0 AS DOUBLE) BETWEEN 0 AND 100",
    r"REGEXP_FULL_MATCH(f0, '[\S]+')",
    r"REGEXP_FULL_MATCH(f0, '[^]\s]+|\\s')",
    "(f0 = 'x') <> (f1 = 'x')",
    f"NOT ({moment('f0')} >= {moment(BOUND)})",
    f"{moment('f0')} = {moment(BOUND)}",
    f"NOT ({moment('f0')} < {moment(LEAP)})",
    "NOT (TRY_CAST(f0 AS DATE) >= TRY_CAST('2020-02-29' AS DATE))",
    "CAST(TRY_CAST(f0 AS DATE) AS TEXT) = f0",
    "CAST((f0 = 'x') AS INT) + CAST((f1 = 'x') AS INT) = 0",
    "CASE WHEN f0 GLOB '[0-9]*' THEN f0 = '1' ELSE NOT f0 = 'x' END",
    "CASE WHEN f0 IS NULL THEN TRUE ELSE FALSE END",
    "NOT COALESCE(f0 = 'x', FALSE)",
    "NOT (f0 IS NULL AND f0 = 'x')",
]


def _called(node: Expression) -> Expression:
    """A function by its name, as the rules have it."""
    if not isinstance(node, exp.RegexpFullMatch):
        return node
    return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[node.this, node.expression])


def _both(predicate: str) -> tuple[list[bool], list[bool]]:
    """Where a predicate is true of pairs of texts, and where it may be by its bounds."""
    tree = sqlglot.parse_one(predicate, dialect="duckdb").transform(_called)
    rows = list(product(TEXTS, TEXTS))
    frame = pl.DataFrame(rows, schema={"f0": pl.String, "f1": pl.String}, orient="row")
    found = suspicion([tree])
    condition = found.condition
    maybe = pl.lit(condition) if isinstance(condition, bool) else condition
    bounds = frame.lazy().with_columns(**found.steps).select(pl.col("f0"), maybe.alias("m"))
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.register("pairs", frame.to_arrow())
        true = database.sql(f"SELECT COALESCE({sql(tree)}, FALSE) FROM pairs").fetchall()
    return [row[0] for row in true], bounds.collect()["m"].to_list()


@pytest.mark.parametrize("predicate", [*EXACT, *DOUBTED])
def test_what_is_true_is_possible(predicate: str) -> None:
    """No pair of texts passes that the predicate is true of."""
    true, maybe = _both(predicate)
    assert not [
        at
        for at, (is_true, may_be) in enumerate(zip(true, maybe, strict=True))
        if is_true and not may_be
    ]


@pytest.mark.parametrize("predicate", EXACT)
def test_what_is_false_is_mostly_proved(predicate: str) -> None:
    """Hardly a pair is left to the database that it would let pass."""
    true, maybe = _both(predicate)
    doubted = sum(may_be and not is_true for is_true, may_be in zip(true, maybe, strict=True))
    assert doubted <= len(true) // 10
