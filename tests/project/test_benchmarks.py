"""The benchmarks' generator is deterministic and says truly what it made. No time is asserted."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

import claimpack

ROWS = 3000


def _load(name: str) -> ModuleType:
    path = Path(__file__).parents[1] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


generate = _load("generate")
SHAPES = [
    generate.Shape(ROWS),
    generate.Shape(ROWS, quoted=0.3, newlines=0.2),
    generate.Shape(ROWS, width=6, seed=7),
    generate.Shape(ROWS, keys="shuffled"),
    generate.Shape(ROWS, keys="composite"),
]


def _texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_same_parameters_give_the_same_bytes(shape: object, tmp_path: Path) -> None:
    generate.make(tmp_path / "a", shape)
    generate.make(tmp_path / "b", shape)
    assert _texts(tmp_path / "a") == _texts(tmp_path / "b")


def test_blocks_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate.make(tmp_path / "a", SHAPES[0])
    monkeypatch.setattr(generate, "BLOCK", 100)
    generate.make(tmp_path / "b", SHAPES[0])
    assert _texts(tmp_path / "a") == _texts(tmp_path / "b")


def test_another_seed_gives_other_values(tmp_path: Path) -> None:
    generate.make(tmp_path / "a", generate.Shape(ROWS))
    generate.make(tmp_path / "b", generate.Shape(ROWS, seed=1))
    assert _texts(tmp_path / "a") != _texts(tmp_path / "b")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_clean_package_is_valid(shape: object, tmp_path: Path) -> None:
    made = generate.make(tmp_path, shape)
    report = claimpack.validate(made.descriptor)
    assert report.verdict == "valid", list(report.findings)[:5]
    assert sum(table.rows for table in report.tables) == made.rows == ROWS


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_faults_put_in_are_the_faults_found(shape: object, tmp_path: Path) -> None:
    import dataclasses

    made = generate.make(tmp_path, dataclasses.replace(shape, faults=0.2))  # type: ignore[type-var]
    found: dict[tuple[str | None, str], int] = {}
    for finding in claimpack.validate(made.descriptor).findings:
        key = finding.resource, finding.rule
        found[key] = found.get(key, 0) + 1
    assert sum(made.faults.values()) > ROWS * 0.15
    assert found == made.faults


def test_rows_are_shared_out_to_the_last() -> None:
    for rows in (3, 100, 12_345):
        assert sum(generate.Shape(rows).counts.values()) == rows


def test_unknown_key_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keys are one of"):
        generate.make(tmp_path, generate.Shape(ROWS, keys="round"))


def test_a_row_of_the_table_says_whether_it_was_reached() -> None:
    measure = _load("measure")
    rows = [measure.Row("a", "1", "0.9", True), measure.Row("b", "1", "2", False)]
    lines = list(measure.table(rows))
    assert lines[2:] == ["| a | 1 | 0.9 | yes |", "| b | 1 | 2 | **no** |"]


def test_growth_is_a_slope_on_logarithms() -> None:
    measure = _load("measure")
    assert measure.slope([(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)]) == pytest.approx(1.0)
