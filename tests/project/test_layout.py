"""The repository's shape: one source root, one package in the wheel, sorted public names."""

from __future__ import annotations

import ast
import importlib
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import claimpack

ROOT = Path(__file__).parents[2]
TOOLKIT = ROOT / "toolkit"
TOP = "claimpack"


@pytest.fixture
def source_root() -> Path:
    """The folder toolkit/; without it, where the installed wheel is tested alone, skip."""
    if not TOOLKIT.is_dir():
        pytest.skip("toolkit/ is not here: the installed package is tested alone")
    return TOOLKIT


def modules(folder: Path) -> list[Path]:
    """Every Python file of a folder, sorted."""
    return sorted(folder.rglob("*.py"))


def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> set[str]:
    """First parts of the names of all modules that a file imports absolutely."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def public(path: Path) -> list[str] | None:
    """The module's __all__, None where it has none."""
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            names: list[str] = ast.literal_eval(node.value)
            return names
    return None


def by_kind(name: str) -> tuple[bool, bool, str]:
    """Sorts constants first, then classes, then functions."""
    return not name.isupper(), not name[0].isupper(), name


def test_toolkit_is_a_source_root(source_root: Path) -> None:
    """`toolkit` is a folder with one package in it and no package itself."""
    packages = {path.parent.name for path in source_root.glob("*/__init__.py")}
    assert not (source_root / "__init__.py").exists()
    assert packages == {TOP}
    assert list(source_root.glob("*.py")) == []


def test_nobody_imports_toolkit(source_root: Path) -> None:
    """`import toolkit.claimpack` would load a second copy of the package."""
    files = [*modules(source_root), *modules(ROOT / "tests")]
    assert [path for path in files if "toolkit" in imported(path)] == []


def test_the_wheel_is_told_to_hold_the_package_alone() -> None:
    """The build takes toolkit/claimpack and nothing else."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert config["build-system"]["build-backend"] == "hatchling.build"
    assert config["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": [f"toolkit/{TOP}"]}


@pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling is not installed here")
def test_the_wheel_holds_the_package_alone(source_root: Path, tmp_path: Path) -> None:
    """A built wheel has the package, typed, and its metadata."""
    builder = importlib.import_module("hatchling.builders.wheel").WheelBuilder(str(ROOT))
    (wheel,) = builder.build(directory=str(tmp_path))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {TOP, f"{TOP}-{claimpack.__version__}.dist-info"}
    assert f"{TOP}/py.typed" in names


def test_public_names_are_sorted_and_there(source_root: Path) -> None:
    """Every __all__ is sorted, has no name twice and names what the module has."""
    for path in modules(source_root / TOP):
        names = public(path)
        if names is None:
            continue
        parts = path.relative_to(source_root).with_suffix("").parts
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        assert names == sorted(set(names), key=by_kind), path
        assert [name for name in names if not hasattr(module, name)] == [], path


def test_the_package_exports_what_it_imports(source_root: Path) -> None:
    """`claimpack.__all__` lists every name that the package takes from its modules."""
    nodes = [
        node
        for node in ast.walk(tree(source_root / TOP / "__init__.py"))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{TOP}.")
    ]
    assert {alias.name for node in nodes for alias in node.names} == set(claimpack.__all__)


def test_what_is_imported_later_is_what_a_type_checker_sees(source_root: Path) -> None:
    """A name whose module is imported at first use comes from the module that is declared."""
    declared = {
        alias.name: node.module
        for block in tree(source_root / TOP / "__init__.py").body
        if isinstance(block, ast.If)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {name: str(module) for name, module in declared.items()} == {
        name: claimpack._MODULES.get(name, "claimpack.api") for name in claimpack.__all__
    }
    for name, module in declared.items():
        assert getattr(claimpack, name) is getattr(importlib.import_module(str(module)), name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = claimpack.nothing  # type: ignore[attr-defined]


def test_versions_agree() -> None:
    """The package's version is the distribution's."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert claimpack.__version__ == config["project"]["version"]


def test_parts_of_pyarrow_are_imported_by_those_who_use_them(source_root: Path) -> None:
    """`pa.compute` is there only where another module, or a test, happened to import it."""
    parts = {"compute", "csv", "dataset", "feather", "parquet"}
    for path in modules(source_root):
        used = {
            node.attr
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in {"pa", "pyarrow"}
        }
        text = path.read_text(encoding="utf-8")
        assert not [part for part in used & parts if f"import pyarrow.{part}" not in text], path
