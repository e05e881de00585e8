"""Synthetic claims-like data packages, made in bounded memory and always the same.

    python tests/benchmarks/generate.py OUT --rows 10000000

Three tables, sources (a hundredth of the rows), claims and statistics (half of the rest
each), with ten types, patterns, enums, ranges, three primary and two foreign keys; ten
million rows are about 1 GB. A row's text depends on its number and the seed alone, so
that the same parameters give the same bytes whatever the engine, machine or threads.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

KEYS = ("rising", "shuffled", "composite")
BLOCK = 262_144
"""Rows made at a time."""

MACROS = """
CREATE MACRO mixed(x) AS xor(x, x >> 13);
CREATE MACRO stirred(x) AS mixed((xor(x, x >> 15) * 1597334677) % 2147483648);
CREATE MACRO draw(x) AS stirred((x % 2147483647 * 1103515245 + 12345) % 2147483648);
CREATE MACRO pick(i, salt, n) AS draw(i + salt * 7919 + {seed} * 104729) % n;
"""
"""Numbers that look random, from integer arithmetic alone: `hash` differs between releases."""


@dataclass(frozen=True)
class Shape:
    """What a package is made like.

    Attributes:
        rows: Data rows of all tables together.
        faults: Share of rows with one wrong value.
        quoted: Share of cells in quotes; one statement in fifty of these has a doubled quote.
        newlines: Share of the quoted statements that hold a newline.
        width: Columns added to each table.
        keys: Ids that rise with the rows, ids in no order, or keys of two fields.
        seed: Another seed, other values.
    """

    rows: int = 10_000_000
    faults: float = 0.0
    quoted: float = 0.0
    newlines: float = 0.02
    width: int = 0
    keys: str = "rising"
    seed: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows by table."""
        sources = max(self.rows // 100, 1)
        claims = max((self.rows - sources) // 2, 1)
        return {
            "sources": sources,
            "claims": claims,
            "statistics": max(self.rows - sources - claims, 1),
        }


@dataclass(frozen=True)
class Column:
    """A column: its field, the SQL of its text, and a wrong value where it may be at fault."""

    name: str
    text: str
    type: str = "string"
    wrong: str | None = None
    rule: str = "constraint-error"
    constraints: dict[str, Any] = field(default_factory=dict)
    format: str | None = None
    prose: bool = False

    @property
    def descriptor(self) -> dict[str, Any]:
        """The field in the schema."""
        made: dict[str, Any] = {"name": self.name, "type": self.type}
        made |= {"format": self.format} if self.format else {}
        return made | ({"constraints": self.constraints} if self.constraints else {})


@dataclass(frozen=True)
class Made:
    """A package on disk: its descriptor, size, and the faults put in by (table, rule)."""

    descriptor: Path
    rows: int
    bytes: int
    faults: dict[tuple[str, str], int]


# --- the tables ---------------------------------------------------------------------------


def _typed(name: str, kind: str, text: str, wrong: str, **constraints: Any) -> Column:
    return Column(name, text, kind, wrong, "type-error", constraints)


def _listed(name: str, values: list[str], salt: int) -> Column:
    text = f"{values!r}[1 + pick(i, {salt}, {len(values)})]"
    return Column(name, text, wrong="unheard-of", constraints={"enum": values})


def _tenths(salt: int, most: int) -> str:
    return f"(pick(i, {salt}, {most}) // 10)::VARCHAR || '.' || (i % 10)::VARCHAR"


def _id(prefix: str, digits: int, number: str) -> str:
    return f"'{prefix}-' || lpad(({number})::VARCHAR, {digits}, '0')"


def _reference(name: str, text: str, lost: str) -> Column:
    return Column(name, text, wrong=lost, rule="foreign-key", constraints={"required": True})


def _sources() -> list[Column]:
    return [
        Column(
            "title",
            "'Title number ' || i || ' of a source'",
            constraints={"required": True, "maxLength": 100},
            prose=True,
        ),
        Column(
            "url",
            "'https://example.org/articles/' || i || '?view=full'",
            "string",
            "no address",
            "type-error",
            format="uri",
        ),
        _listed("kind", ["article", "study", "guideline", "label"], 11),
        _typed(
            "year", "year", "(1990 + pick(i, 12, 35))::VARCHAR", "20l3", minimum=1900, maximum=2100
        ),
        _typed(
            "published",
            "date",
            "(DATE '2000-01-01' + pick(i, 13, 9000)::INTEGER)::VARCHAR",
            "2021-02-30",
        ),
    ]


def _claims() -> list[Column]:
    return [
        Column(
            "statement",
            "'statement about thing ' || pick(i, 21, 100000) || ' and outcome '"
            " || pick(i, 22, 1000)",
            constraints={"required": True, "maxLength": 400},
            prose=True,
        ),
        _listed("category", ["efficacy", "safety", "history", "cost"], 23),
        _typed("hedged", "boolean", "(pick(i, 24, 3) = 0)::VARCHAR", "perhaps"),
        Column(
            "score",
            _tenths(25, 1000),
            "number",
            "128.5",
            constraints={"minimum": 0, "maximum": 100},
        ),
        Column(
            "made_on",
            "(DATE '2000-01-01' + pick(i, 26, 9000)::INTEGER)::VARCHAR",
            "date",
            "1997-05-06",
            constraints={"minimum": "1999-01-01"},
        ),
        _typed(
            "seen_in",
            "yearmonth",
            "(1990 + pick(i, 27, 35))::VARCHAR || '-' || lpad((1 + i % 12)::VARCHAR, 2, '0')",
            "2013-13",
        ),
    ]


def _statistics() -> list[Column]:
    return [
        _listed("unit", ["percent", "people", "days", "weeks"], 31),
        Column(
            "value_low",
            _tenths(32, 1000),
            "number",
            "-3.5",
            constraints={"minimum": 0, "maximum": 100},
        ),
        _typed("value_high", "number", f"'1' || {_tenths(33, 1000)}", "1,5", minimum=0),
        _typed("n", "integer", "pick(i, 34, 5000)::VARCHAR", "12.0", minimum=0),
        _typed(
            "seen_at",
            "datetime",
            "strftime(TIMESTAMP '2020-01-01 00:00:00'"
            " + to_seconds(pick(i, 35, 100000000)), '%Y-%m-%dT%H:%M:%SZ')",
            "2020-01-01 25:00:00",
        ),
        _typed(
            "asked_at",
            "time",
            "(TIME '00:00:00' + to_seconds(pick(i, 36, 86400)))::VARCHAR",
            "7:30",
        ),
        _typed("followed", "duration", "'P' || (1 + pick(i, 37, 400)) || 'D'", "a week"),
        Column(
            "code",
            "'note-' || pick(i, 38, 1000)",
            wrong="note",
            constraints={"pattern": "note-[0-9]+"},
        ),
    ]


def _more(width: int) -> list[Column]:
    """Columns of four types in turn."""
    kinds = [
        lambda n, s: Column(
            n, f"'word ' || pick(i, {s}, 1000)", wrong="", constraints={"required": True}
        ),
        lambda n, s: _typed(n, "integer", f"pick(i, {s}, 100000)::VARCHAR", "1_000"),
        lambda n, s: _typed(n, "number", _tenths(s, 10000), "high"),
        lambda n, s: _typed(
            n, "date", f"(DATE '2000-01-01' + pick(i, {s}, 9000)::INTEGER)::VARCHAR", "01.02.2003"
        ),
    ]
    return [kinds[n % 4](f"more_{n + 1}", 100 + n) for n in range(width)]


@dataclass(frozen=True)
class _Table:
    name: str
    columns: list[Column]
    primary: list[str]
    foreign: list[dict[str, Any]]

    @property
    def descriptor(self) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "fields": [column.descriptor for column in self.columns],
            "primaryKey": self.primary,
        }
        schema |= {"foreignKeys": self.foreign} if self.foreign else {}
        return {"name": self.name, "type": "table", "path": f"{self.name}.csv", "schema": schema}


def tables(shape: Shape) -> list[_Table]:
    """The tables of a package, with the SQL of every cell's text in the row's number `i`."""
    counts = shape.counts
    sources, claims = counts["sources"], counts["claims"]
    more = _more(shape.width)
    composite = shape.keys == "composite"

    def own(table: str, number: str = "i") -> str:
        return _permuted(number, counts[table], shape.seed) if shape.keys == "shuffled" else number

    def key(name: str, prefix: str, digits: int, table: str) -> Column:
        pattern = f"{prefix}-[0-9]{{{digits}}}"
        return Column(name, _id(prefix, digits, own(table)), constraints={"pattern": pattern})

    def link(fields: list[str], to: str) -> dict[str, Any]:
        return {"fields": fields, "reference": {"resource": to, "fields": fields}}

    chosen = f"pick(i, 41, {claims})"
    source_key = key("source_id", "src", 7, "sources")
    if composite:
        place = Column("place", f"(i // {sources})::VARCHAR", "integer")
        claim_key = [_reference("source_id", _id("src", 7, f"i % {sources}"), "src-9999999"), place]
        statistic_key = [
            _reference("source_id", _id("src", 7, f"{chosen} % {sources}"), "src-9999999"),
            replace(place, text=f"({chosen} // {sources})::VARCHAR"),
            Column("number", "i::VARCHAR", "integer"),
        ]
        # A wrong source_id in claims would leave statistics without their claim.
        claim_key[0] = replace(claim_key[0], wrong=None)
        primary = (["source_id", "place"], ["source_id", "place", "number"])
        to_claims = ["source_id", "place"]
    else:
        claim_key = [
            key("claim_id", "clm", 9, "claims"),
            _reference("source_id", _id("src", 7, f"pick(i, 42, {sources})"), "src-9999999"),
        ]
        statistic_key = [
            key("statistic_id", "sta", 9, "statistics"),
            _reference("claim_id", _id("clm", 9, chosen), "clm-999999999"),
        ]
        primary = (["claim_id"], ["statistic_id"])
        to_claims = ["claim_id"]
    return [
        _Table("sources", [source_key, *_sources(), *more], ["source_id"], []),
        _Table(
            "claims", [*claim_key, *_claims(), *more], primary[0], [link(["source_id"], "sources")]
        ),
        _Table(
            "statistics",
            [*statistic_key, *_statistics(), *more],
            primary[1],
            [link(to_claims, "claims")],
        ),
    ]


def _permuted(number: str, count: int, seed: int) -> str:
    """The numbers below a count in no order, each once."""
    factor = int(count * 0.618) | 1
    while math.gcd(factor, count) != 1:
        factor += 2
    return f"({number} * {factor} + {seed % count}) % {count}"


# --- making -------------------------------------------------------------------------------


def make(folder: Path, shape: Shape) -> Made:
    """Write a package into a folder and say what faults it holds."""
    if shape.keys not in KEYS:
        raise ValueError(f"keys are one of {', '.join(KEYS)}, not {shape.keys!r}")
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"memory_limit": "1GiB"})
    connection.execute(MACROS.format(seed=shape.seed))
    faults: dict[tuple[str, str], int] = {}
    size = 0
    made = tables(shape)
    for place, table in enumerate(made):
        path = folder / f"{table.name}.csv"
        _write(connection, path, table, place, shape)
        size += path.stat().st_size
        for rule, count in _faults(connection, table, place, shape):
            faults[table.name, rule] = count
    descriptor = folder / "datapackage.json"
    raw = {"name": "made", "resources": [table.descriptor for table in made]}
    descriptor.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8", newline="\n")
    return Made(descriptor, sum(shape.counts.values()), size, faults)


def _wrong(table: _Table) -> list[Column]:
    return [column for column in table.columns if column.wrong is not None]


def _hit(shape: Shape, place: int) -> str:
    """Whether row `i` is at fault."""
    return f"pick(i, {700 + place}, 1000000) < {round(shape.faults * 1e6)}"


def _which(table: _Table, place: int) -> str:
    """Which of the table's columns with a wrong value row `i` has it in."""
    return f"pick(i, {800 + place}, {len(_wrong(table))})"


def _cell(column: Column, table: _Table, number: int, shape: Shape) -> str:
    text = f"({column.text})"
    if shape.quoted:
        kind = f"pick(i, {500 + number}, 10000)"
        share = round(shape.quoted * 10000)
        inside = text
        if column.prose:
            turns = f"pick(i, {900 + number}, 10000)"
            inside = (
                f"CASE WHEN {turns} < {round(shape.newlines * 10000)} THEN {text} || chr(10) || "
                f"'on a second line' WHEN {turns} >= 9800 THEN 'the \"\"so-called\"\", ' || {text} "
                f"ELSE {text} END"
            )
        text = f"CASE WHEN {kind} < {share} THEN '\"' || {inside} || '\"' ELSE {text} END"
    if shape.faults and column.wrong is not None:
        wrong = f'"{column.wrong}"' if "," in column.wrong else column.wrong
        spot = _wrong(table).index(column)
        text = f"CASE WHEN which = {spot} THEN '{wrong}' ELSE {text} END"
    return text


def _write(
    connection: duckdb.DuckDBPyConnection, path: Path, table: _Table, place: int, shape: Shape
) -> None:
    cells = [_cell(column, table, n, shape) for n, column in enumerate(table.columns)]
    which = (
        f"CASE WHEN {_hit(shape, place)} THEN {_which(table, place)} ELSE -1 END"
        if shape.faults
        else "-1"
    )
    line = " || ',' || ".join(cells)
    with path.open("wb") as file:
        file.write(",".join(column.name for column in table.columns).encode() + b"\n")
        for first, last in _blocks(shape.counts[table.name]):
            batches = connection.sql(
                f"SELECT {line} || chr(10) AS line FROM "
                f"(SELECT range AS i, {which} AS which FROM range({first}, {last}))"
            ).to_arrow_reader(BLOCK)
            for batch in batches:
                file.write(_bytes(batch.column(0)))


def _bytes(lines: Any) -> memoryview:
    """The text of an Arrow array's strings, one behind the other."""
    import numpy as np

    _, offsets, data = lines.buffers()
    kind = np.int64 if str(lines.type).startswith("large") else np.int32
    places = np.frombuffer(offsets, dtype=kind)
    return memoryview(data)[places[lines.offset] : places[lines.offset + len(lines)]]


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, BLOCK):
        yield first, min(first + BLOCK, count)


def _faults(
    connection: duckdb.DuckDBPyConnection, table: _Table, place: int, shape: Shape
) -> Iterator[tuple[str, int]]:
    """How many faults of each rule a table holds."""
    if not shape.faults:
        return
    count = shape.counts[table.name]
    found = connection.execute(
        f"SELECT {_which(table, place)} AS which, count(*) FROM "
        f"(SELECT range AS i FROM range({count})) WHERE {_hit(shape, place)} GROUP BY which"
    ).fetchall()
    rules: dict[str, int] = {}
    for which, number in found:
        rule = _wrong(table)[which].rule
        rules[rule] = rules.get(rule, 0) + number
    yield from sorted(rules.items())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=Shape.rows)
    parser.add_argument("--faults", type=float, default=Shape.faults)
    parser.add_argument("--quoted", type=float, default=Shape.quoted)
    parser.add_argument("--newlines", type=float, default=Shape.newlines)
    parser.add_argument("--width", type=int, default=Shape.width)
    parser.add_argument("--keys", choices=KEYS, default=Shape.keys)
    parser.add_argument("--seed", type=int, default=Shape.seed)
    chosen = vars(parser.parse_args())
    made = make(chosen.pop("folder"), Shape(**chosen))
    print(f"{made.descriptor}: {made.rows:,} rows, {made.bytes:,} bytes")
    for (table, rule), count in made.faults.items():
        print(f"{table}: {count:,} {rule}")


if __name__ == "__main__":
    main()
