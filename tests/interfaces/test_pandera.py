"""pandera's schemas and the engine judge alike, in all three backends.

A typed frame cannot hold a type fault of a number or a date, and a schema sees one
table: type faults and foreign keys are no part of the comparison.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import claimpack
import packages
from claimpack import schemas
from claimpack.schemas import Backend
from packages import field, make, one, table

DATASET = Path(__file__).parents[2]
BACKENDS: tuple[Backend, ...] = ("pyarrow", "polars", "pandas")
TABLES = tuple(claimpack.open(DATASET))


def frame(opened: claimpack.Table, backend: Backend) -> Any:
    """A table as the backend's frame."""
    return {
        "pyarrow": opened.to_arrow,
        "polars": opened.to_polars,
        "pandas": opened.to_pandas,
    }[backend]()


def said(package: claimpack.Package, name: str, backend: Backend) -> list[str]:
    """The checks that pandera says a table fails, sorted."""
    from pandera.errors import SchemaErrors

    rows = frame(package[name], backend)
    schema = claimpack.pandera_schema(package, name, backend)
    try:
        returned = schema.validate(rows, lazy=True)
    except SchemaErrors as error:
        return sorted(
            str(getattr(each.check, "name", None) or each.check) for each in error.schema_errors
        )
    assert type(returned) is type(rows)
    return []


def agree(folder: Path, *, valid: bool | None = None) -> dict[Backend, list[str]]:
    """Engine and pandera give one verdict on the package's tables; returns what pandera said."""
    report = packages.judge(folder)
    assert report["verdict"] in ("valid", "invalid"), report["unchecked"]
    found = report["verdict"] == "invalid"
    if valid is not None:
        assert found is not valid, report["findings"]
    package = claimpack.open(folder)
    every = {
        backend: [check for name in package for check in said(package, name, backend)]
        for backend in BACKENDS
    }
    for backend, checks in every.items():
        assert bool(checks) is found, (backend, checks, report["findings"])
    return every


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", TABLES)
def test_dataset_passes_its_own_schemas(name: str, backend: Backend) -> None:
    """Every table of the dataset, which the engine finds valid, passes its pandera schema."""
    assert said(claimpack.open(DATASET), name, backend) == []


V2: dict[str, Any] = {"package": packages.V2}
DAYS = {"minimum": "2020-01-01", "exclusiveMaximum": "2021-01-01"}
CLOCK = {"maximum": "12:00:00"}
MOMENT = {"minimum": "2020-01-01T00:00:00Z"}
CLOSED: dict[str, Any] = {"categories": ["low", "high"]}
BOUNDED = field("a", "number", constraints={"minimum": -1, "exclusiveMaximum": 2.5})

FAULTS: dict[str, tuple[Sequence[Any] | str, str, str, dict[str, Any]]] = {
    "required": ([field("a", constraints={"required": True}), field("b")], "x,y", ",y", {}),
    "enum": ([field("a", constraints={"enum": ["x", "y"]})], "x\ny", "x\nz", {}),
    "enum of integers": (
        [field("a", "integer", constraints={"enum": [1, 2]}), field("b")],
        "1,\n,",
        "3,\n,",
        {},
    ),
    "enum of numbers": ([field("a", "number", constraints={"enum": [1, 2.5]})], "1.0", "2", {}),
    "enum of dates": (
        [field("a", "date", constraints={"enum": ["2020-02-29"]})],
        "2020-02-29",
        "2020-02-28",
        {},
    ),
    "enum of booleans": ([field("a", "boolean", constraints={"enum": [True]})], "true", "0", {}),
    "categories": ([field("a", **CLOSED)], "low\nhigh", "low\nmid", V2),
    "categories of integers": ([field("a", "integer", categories=[1, 2])], "1", "3", V2),
    "ordered categories": ([field("a", categoriesOrdered=True, **CLOSED)], "low", "mid", V2),
    "enum and categories": (
        [field("a", constraints={"enum": ["low"]}, **CLOSED)],
        "low",
        "high",
        V2,
    ),
    "minimum": ([BOUNDED], "-1\n2.4", "-1.001", {}),
    "exclusive maximum": ([BOUNDED], "2.4", "2.5", {"package": packages.V2}),
    "not a number": ([BOUNDED], "0", "NaN", {}),
    "maximum of integers": ([field("a", "integer", constraints={"maximum": 3})], "3", "4", {}),
    "bounds of dates": ([field("a", "date", constraints=DAYS)], "2020-12-31", "2021-01-01", V2),
    "bounds of times": ([field("a", "time", constraints=CLOCK)], "12:00:00", "12:00:01", {}),
    "bounds of moments": (
        [field("a", "datetime", constraints=MOMENT)],
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:30:00+01:00",
        {},
    ),
    "bounds of years": ([field("a", "year", constraints={"minimum": 1990})], "1990", "1989", {}),
    "bounds of months": (
        [field("a", "yearmonth", constraints={"minimum": "2020-03"})],
        "2020-03",
        "2020-02",
        {},
    ),
    "bounds of durations": (
        [field("a", "duration", constraints={"maximum": "P1Y"})],
        "P11M",
        "P2Y",
        {},
    ),
    "length in code points": (
        [field("a", constraints={"minLength": 2, "maxLength": 3})],
        "🦆🦆\näöü",
        "🦆",
        {},
    ),
    "too long": ([field("a", constraints={"maxLength": 3})], "abc", "abcd", {}),
    "length of a list": (
        [field("a", "list", constraints={"maxLength": 2})],
        '"x,y"',
        '"x,y,z"',
        V2,
    ),
    "pattern of the whole value": (
        [field("a", constraints={"pattern": r"[a-z]{2}\d"})],
        "ab1\nab٣",
        "ab12",
        {},
    ),
    "pattern with look-ahead": (
        [field("a", constraints={"pattern": "(?!x)[a-z]+"})],
        "ab",
        "xb",
        {},
    ),
    "json schema": (
        [field("a", "object", constraints={"jsonSchema": {"required": ["k"]}})],
        '"{""k"": 1}"',
        '"{""l"": 1}"',
        V2,
    ),
    "unique": ([field("a", constraints={"unique": True}), field("b")], "x,\n,\n,", "x,\nx,", {}),
    "unique numbers": ([field("a", "number", constraints={"unique": True})], "1\n2", "1.0\n1", {}),
    "unique objects": (
        [field("a", "object", constraints={"unique": True})],
        '"{""k"": 1}"\n"{""k"": 2}"',
        '"{""k"": 1, ""l"": 2}"\n"{""l"": 2, ""k"": 1}"',
        {},
    ),
    "email": ([field("a", format="email")], "a@b.org", "a@b@c", {}),
    "uuid": ([field("a", format="uuid")], "8b0ab0ec-7f0a-4a9b-8a2e-0f4f2c7f7e4d", "8b0ab0ec", {}),
    "text of a month": ([field("a", "yearmonth")], "2020-12", "2020-13", {}),
    "text of a duration": ([field("a", "duration")], "P1DT2H", "P1H", {}),
    "text of an object": ([field("a", "object")], "{}", "[]", {}),
    "text of a point": ([field("a", "geopoint")], '"5.5, 45"', '"5.5, 95"', {}),
    "true values of one's own": (
        [
            field(
                "a",
                "boolean",
                trueValues=["ja"],
                falseValues=["nein"],
                constraints={"enum": ["ja"]},
            )
        ],
        "ja",
        "nein",
        {},
    ),
    "decimal comma": (
        [field("a", "number", decimalChar=",", groupChar=".", constraints={"maximum": "1,5"})],
        '"1,5"',
        '"1.000,5"',
        {},
    ),
    "dates of a format": (
        [field("a", "date", format="%d/%m/%Y", constraints={"minimum": "02/01/2020"})],
        "01/02/2020",
        "01/01/2020",
        {},
    ),
    "primary key": ("a b:integer", "x,1\nx,2", "x,1\nx,01", {"schema": {"primaryKey": ["a", "b"]}}),
    "empty primary key": ("a b", "x,", ",x", {"schema": {"primaryKey": "a"}}),
    "unique key": (
        "a b:date",
        "x,2020-01-01\nx,\nx,\nx,2020-01-02",
        "x,2020-01-01\ny,\nx,2020-01-01",
        {"schema": {"uniqueKeys": [["a", "b"]]}, **V2},
    ),
    "missing value of one's own": (
        [field("a", constraints={"required": True}, missingValues=["-"])],
        "x",
        "-",
        V2,
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_one_fault_is_one_for_both(case: str, tmp_path: Path) -> None:
    """What breaks a constraint or key for the engine breaks it for pandera, and nothing else."""
    fields, good, bad, more = FAULTS[case]
    header = ",".join(item["name"] for item in packages.columns(fields)) + "\n"
    agree(one(tmp_path / "good", f"{header}{good}\n", fields, **more), valid=True)
    agree(one(tmp_path / "bad", f"{header}{bad}\n", fields, **more), valid=False)


STATISTICS = [
    field("statistic_id"),
    field("claim_id"),
    field("value_low", "number"),
    field("value_high", "number"),
    field("unit"),
    field("date_low", "date"),
    field("date_high", "date"),
    field("date_precision"),
    field("qualifier", categories=["exact", "about", "at-least", "over", "up-to", "vague"]),
]


def claims_package(folder: Path, row: str) -> Path:
    """A claims data package with one statistic."""
    labels = ",".join(item["name"] for item in STATISTICS)
    resource = table("statistics", STATISTICS, schema={"primaryKey": ["statistic_id"]})
    files = {"statistics.csv": f"{labels}\n{row}\n"}
    return make(folder, [resource], files, claimsProfile="0.1", **packages.V2)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("s,c,50,70,percent,,,,exact", None),
        ("s,c,70,50,percent,,,,exact", "statistic-bounds"),
        ("s,c,,,,2020-02-01,2020-01-01,month,exact", "statistic-bounds"),
        ("s,c,1,2,,,,,over", "statistic-bounds"),
        ("s,c,,,,,,,exact", "statistic-bounds"),
        ("s,c,1,1,,2020-01-01,2020-01-01,,exact", "statistic-bounds"),
        ("s,c,120,120,percent,,,,exact", "percent-range"),
        ("s,c,120,120,percent-change,,,,exact", None),
    ],
)
def test_rules_of_the_row_are_in_the_schema(row: str, rule: str | None, tmp_path: Path) -> None:
    """A rule of the claims profile on one row fails in every backend, under its own id."""
    folder = claims_package(tmp_path, row)
    errors = [item for item in packages.judge(folder)["findings"] if item["severity"] == "error"]
    assert {item["rule"] for item in errors if item["resource"] == "statistics"} == (
        {rule} if rule else set()
    )
    package = claimpack.open(folder)
    for backend in BACKENDS:
        assert set(said(package, "statistics", backend)) == ({rule} if rule else set())


@pytest.mark.parametrize("backend", BACKENDS)
def test_failure_names_rule_and_rows(backend: Backend, tmp_path: Path) -> None:
    """The failure of a rule tells which rows fail, in the frame's order."""
    from pandera.errors import SchemaErrors

    fields = [field("a", constraints={"pattern": "x+"})]
    package = claimpack.open(one(tmp_path, "a\nx\ny\nxx\nz\n", fields))
    with pytest.raises(SchemaErrors) as caught:
        claimpack.pandera_schema(package, "t", backend).validate(
            frame(package["t"], backend), lazy=True
        )
    cases = caught.value.failure_cases
    listed = (
        cases.to_dict("list")
        if hasattr(cases, "iloc")
        else cases.to_pydict()
        if hasattr(cases, "to_pydict")
        else cases.to_dict(as_series=False)
    )
    assert {str(check).partition(":")[0] for check in listed["check"]} == {"constraint-error"}
    assert list(listed["index"]) == [1, 3]


@pytest.mark.parametrize("backend", BACKENDS)
def test_wrong_columns_fail(backend: Backend, tmp_path: Path) -> None:
    """A frame of other columns or types than the schema's fails, without a crash of the rules."""
    from pandera.errors import SchemaErrors

    fields = [field("a", "integer"), field("b", constraints={"pattern": "x"})]
    right = claimpack.open(one(tmp_path / "right", "a,b\n1,x\n", fields))
    schema = claimpack.pandera_schema(right, "t", backend)
    for number, (data, other) in enumerate((("a\n1\n", "a:integer"), ("a,b\nq,x\n", "a b"))):
        wrong = claimpack.open(one(tmp_path / str(number), data, other))
        with pytest.raises(SchemaErrors):
            schema.validate(frame(wrong["t"], backend), lazy=True)


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_empty_table_passes(backend: Backend, tmp_path: Path) -> None:
    """A table without rows passes: no row breaks a rule."""
    fields = [field("a", "date", constraints={"required": True, "unique": True}), field("b")]
    schema = {"primaryKey": "b"}
    package = claimpack.open(one(tmp_path, "a,b\n", fields, schema=schema))
    assert said(package, "t", backend) == []


def test_schema_is_told_by_its_descriptor(tmp_path: Path) -> None:
    """Names, titles and descriptions of table and fields are in the schema."""
    fields = [field("a", title="A", description="First of all.")]
    package = claimpack.open(one(tmp_path, "a\nx\n", fields, title="T", description="A table."))
    for backend in BACKENDS:
        schema = claimpack.pandera_schema(package, "t", backend)
        assert (schema.name, schema.title, schema.description) == ("t", "T", "A table.")
        assert schema.columns["a"].title == "A"
        assert schema.columns["a"].description == "First of all."


def test_wrong_use_is_told(tmp_path: Path) -> None:
    """An unknown backend or a table without schema is wrong usage, an unknown table a KeyError."""
    package = claimpack.open(one(tmp_path, "a\nx\n", "a"))
    backend: Any = "spark"
    with pytest.raises(claimpack.UsageError, match="spark"):
        claimpack.pandera_schema(package, "t", backend)
    with pytest.raises(KeyError):
        claimpack.pandera_schema(package, "nowhere")
    bare = make(tmp_path / "bare", [{"name": "t", "path": "t.csv"}], {"t.csv": "a\nx\n"})
    with pytest.raises(claimpack.UsageError, match="no schema"):
        claimpack.pandera_schema(bare, "t")


@pytest.mark.parametrize("backend", BACKENDS)
def test_missing_library_is_told(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the backend's library is not installed, the error says what to install."""
    package = claimpack.open(one(tmp_path, "a\nx\n", "a"))
    monkeypatch.setitem(sys.modules, backend, None)
    monkeypatch.delitem(sys.modules, f"pandera.{backend}", raising=False)
    with pytest.raises(claimpack.UsageError, match=f"needs .*{backend}"):
        claimpack.pandera_schema(package, "t", backend)


def test_import_is_light() -> None:
    """To import the module of schemas imports neither pandera nor a frame library."""
    code = (
        "import sys, claimpack.schemas\n"
        "print(*{'pandera', 'narwhals', 'polars', 'pandas', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_pyarrow_needs_no_pandas(tmp_path: Path) -> None:
    """The backend `pyarrow` works where pandas is not installed."""
    folder = one(tmp_path, "a\n1\n", [field("a", "integer", constraints={"maximum": 2})])
    code = (
        "import sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'pandas':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "import claimpack\n"
        "package = claimpack.open(sys.argv[1])\n"
        "schema = claimpack.pandera_schema(package, 't')\n"
        "print(schema.validate(package['t'].to_arrow()).num_rows)"
    )
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("1", 0), done.stderr


def test_every_constraint_is_compared() -> None:
    """The cases above name every backend and every kind of check that pandera makes itself."""
    constraints = {
        key
        for fields, *_ in FAULTS.values()
        for item in packages.columns(fields)
        for key in item.get("constraints", {})
    }
    assert {"required", "unique", "pattern", "enum", "minLength", "maxLength", "minimum"} <= (
        constraints
    )
    assert set(BACKENDS) == set(schemas.NEEDS)


# Tables that Hypothesis makes

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=4)
DATES = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXTS | st.sampled_from(["a", "b", "ab"]),
    "integer": st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1),
    "number": st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "date": DATES,
}


def text(value: Any) -> str:
    """A value as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any], str]:
    """Fields with constraints, keys, and a CSV file without type faults."""
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=2, max_size=4))
    names = [f"f{number}" for number in range(len(kinds))]
    cells = [st.none() | CELLS[kind].filter(lambda value: value != "") for kind in kinds]
    rows = draw(st.lists(st.tuples(*cells), max_size=6))
    fields = [field(name, kind) for name, kind in zip(names, kinds, strict=True)]
    for position, (item, kind) in enumerate(zip(fields, kinds, strict=True)):
        own = [row[position] for row in rows if row[position] is not None]
        item["constraints"] = draw(constraints(kind, own))
    keys = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    schema = draw(
        st.fixed_dictionaries(
            {}, optional={"primaryKey": keys, "uniqueKeys": st.lists(keys, min_size=1, max_size=1)}
        )
    )
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([names, *([text(value) for value in row] for row in rows)])
    return fields, schema, stream.getvalue()


def constraints(kind: str, own: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Constraints of a type, near enough to its own values to be broken now and then."""
    near = (st.sampled_from(own) if own else st.nothing()) | CELLS[kind].filter(lambda v: v != "")
    bound = near.map(lambda value: value if isinstance(value, bool | int | float) else text(value))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "unique": st.just(True),
        "required": st.just(True),
        "enum": st.lists(bound, min_size=1, max_size=4, unique_by=repr),
    }
    if kind == "string":
        optional |= {"minLength": st.integers(0, 2), "maxLength": st.integers(1, 4)}
        optional |= {"pattern": st.sampled_from(["[ab]+", r"\w*", ".", "(?!a).*"])}
    elif kind != "boolean":
        optional |= {"minimum": bound, "maximum": bound}
    return st.fixed_dictionaries({}, optional=optional)


@pytest.mark.property
def test_made_tables_are_judged_alike(many: int | None) -> None:
    """Tables and constraints that Hypothesis makes get one verdict from engine and pandera."""

    @settings(
        max_examples=many or 15,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(made=tables())
    def compare(made: tuple[list[dict[str, Any]], dict[str, Any], str]) -> None:
        fields, schema, data = made
        with tempfile.TemporaryDirectory() as folder:
            agree(one(Path(folder), data, fields, schema=schema, **V2))

    compare()
