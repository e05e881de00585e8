"""A check that the engine cannot run is tested otherwise, or skipped by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlglot import exp

from claimpack.checks import constraints, lexical
from claimpack.checks.model import MANY
from claimpack.descriptor.model import Field
from claimpack.engine.scan.polars_predicates import suspicion
from packages import command, exactly, expect, fast, field, judge, one

NUMBER = field("n", "integer")


@pytest.fixture(params=[fast, exactly])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read as large ones are, or by the exact readers."""
    request.param(monkeypatch)


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (".{1,2000}", "a" * 2000, "a" * 2001),
        ("[0-9]{1,1001}", "7" * 1001, "7" * 1002),
        ("(x{1,1000}){1,1000}", "x" * 1001, "y"),
        ("[a-z]{5,1500}|[^a]", "abcde", "abcd"),
        (r"[\w-]{1,1500}", "a\u0301-b_9", "a b"),
        (r"[\D]{1,1500}", "ab", "a1"),
        ("[a&&b||c]{1,1500}", "a&|c", "d"),
        (r"[a\I]{1,1500}", "a1", "b"),
    ],
)
def test_a_pattern_that_one_engine_refuses_is_run_by_the_other(
    pattern: str, good: str, bad: str, tmp_path: Path
) -> None:
    """A repetition beyond the engine's limit is tested exactly, and no other check is lost."""
    fields = [field("s", constraints={"pattern": pattern}), NUMBER]
    expect(
        judge(one(tmp_path, f"s,n\n{good},1\n{bad},x\n", fields)),
        "invalid",
        {"rule": "constraint-error", "field": "s", "row": 2},
        {"rule": "type-error", "field": "n", "row": 2},
    )


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("ab" * 500_000, "1,000,000 characters"),
        ("(" * 50_000 + "a" + ")" * 50_000, "nested too deeply"),
        ("a{1,99999999999999}", "repeats too often"),
    ],
    ids=["long", "deep", "often"],
)
def test_a_pattern_beyond_every_limit_is_skipped_alone(
    pattern: str, why: str, tmp_path: Path
) -> None:
    """A limit is no error: the constraint is skipped with its reason, the rest is judged."""
    fields = [field("s", constraints={"pattern": pattern}), NUMBER]
    report = judge(one(tmp_path, "s,n\na,x\n", fields))
    expect(report, "invalid", {"rule": "type-error", "field": "n"})
    (skipped,) = report["unchecked"]
    assert skipped["resource"] == "t"
    assert skipped["what"].endswith(" s")
    assert why in skipped["why"]


def _raising(field: Field, text: exp.Expr) -> Iterator[constraints.Part]:
    """A constraint that the engine runs on everyday values and refuses on one."""
    if field.constraints.pattern is None:
        return
    bad = exp.EQ(this=text.copy(), expression=exp.Literal.string("boom"))
    raised = exp.Anonymous(this="ERROR", expressions=[exp.Literal.string("refused")])
    fault = exp.Case().when(bad, lexical.cast(raised, "BOOLEAN")).else_(exp.false())
    yield constraints.Part("refused", "refused", fault)


@pytest.mark.usefixtures("road")
def test_a_check_that_fails_on_a_value_is_skipped_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the checks on a table only the one that the engine refuses is lost, and nothing twice."""
    monkeypatch.setattr(constraints, "_pattern", _raising)
    fields = [
        field("s", constraints={"pattern": "x", "maxLength": 4}),
        field("n", "integer", constraints={"unique": True}),
    ]
    report = judge(one(tmp_path, "s,n\nboom,1\nlonger,1\nlong,x\n,,\n", fields))
    expect(
        report,
        "invalid",
        {"rule": "constraint-error", "field": "s", "row": 2},
        {"rule": "unique-error", "field": "n", "row": 2},
        {"rule": "type-error", "field": "n", "row": 3},
        {"rule": "extra-cell", "row": 4},
    )
    assert [(item["resource"], item["what"]) for item in report["unchecked"]] == [
        ("t", "constraint-error of s"),
        ("t", "the values of 1 row"),
    ]


@pytest.mark.parametrize("count", [MANY, MANY + 1, 20_000])
@pytest.mark.parametrize("kind", ["string", "integer", "number", "date"])
def test_lists_of_any_length_are_compared_alike(kind: str, count: int, tmp_path: Path) -> None:
    """A list that is looked up as a set means what a short one means, by value."""
    values = {
        "string": [f"v{n}" for n in range(count)],
        "integer": list(range(count)),
        "number": [n + 0.5 for n in range(count)],
        "date": [f"{1000 + n // 365}-01-01" for n in range(count)],
    }[kind]
    good, bad, wrong = {
        "string": ("v7", "v-1", ""),
        "integer": ("007", "-1", "x"),
        "number": ("7.50", "7.25", "x"),
        "date": ("1000-01-01", "0999-01-01", "x"),
    }[kind]
    cells = [good, bad, *([wrong] if wrong else [])]
    report = judge(
        one(
            tmp_path,
            "s\n" + "\n".join(cells) + "\n",
            [field("s", kind, constraints={"enum": values})],
        )
    )
    errors = [{"rule": "constraint-error", "row": 2}]
    expect(report, "invalid", *errors, *([{"rule": "type-error", "row": 3}] if wrong else []))


@pytest.mark.parametrize("count", [MANY - 1, MANY, 20_000])
def test_missing_values_of_any_number_mean_null(count: int, tmp_path: Path) -> None:
    """A long list of missing values is looked up as a set, wherever the table is read."""
    missing = ["", *(f"m{n}" for n in range(count))]
    fields = [field("n", "integer", constraints={"required": True}), field("s")]
    data = "n,s\n1,a\nm7,m3\n3,M3\nm-1,m\n"
    path = one(tmp_path, data, fields, schema={"missingValues": missing}, missingValues=missing)
    expect(
        judge(path),
        "invalid",
        {"rule": "constraint-error", "row": 2, "value": "m7"},
        {"rule": "type-error", "row": 4, "value": "m-1"},
    )
    code, out, _ = command("query", "SELECT n, s FROM t", str(path), "--format", "csv")
    assert (code, out) == (0, "n,s\n1,a\n,\n3,M3\n,m\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is told in kilobytes")
def test_what_is_tested_in_python_grows_no_faster_than_the_list(tmp_path: Path) -> None:
    """A list of 200,000 texts is judged in the memory of a few copies of it."""
    listed = [f"value number {n}" for n in range(200_000)]
    path = one(tmp_path, "s\nvalue number 9\nx\n", [field("s", constraints={"enum": listed})])
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr.decode()
    assert b"expected one of the listed values" in done.stdout


LIMITED = """
import resource, sys
from claimpack.cli import run
code = run(["validate", sys.argv[1], "--format", "json"])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sys.exit(code if peak < 600 * 1024 else f"{peak // 1024} MiB")
"""


@pytest.mark.parametrize("kind", ["string", "integer", "number", "date"])
def test_the_second_engine_is_asked_for_a_list_at_once(kind: str) -> None:
    """A condition over a list of values grows as the list does."""

    def size(count: int) -> int:
        values = [f"{1000 + n}-01-01" if kind in ("string", "date") else n for n in range(count)]
        listed = [lexical.constant(FIELDS[kind], value) for value in values]
        within = lexical.typed(FIELDS[kind], lexical.cell(0)).isin(*listed)
        return len(str(suspicion([exp.not_(within)]).condition))

    assert size(200) < 8 * size(50)


FIELDS = {kind: Field("s", kind) for kind in ("string", "integer", "number", "date")}
