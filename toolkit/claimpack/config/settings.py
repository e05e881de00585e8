"""Settings: who wants a rule off or graded otherwise, read from files, descriptor and call.

From the weakest to the strongest: `claimpack.toml` or `[tool.claimpack]` of
`pyproject.toml`, the package's own property `claimpack`, that of a resource, the
call. The file is looked for in the package's folder, then in the current folder;
the first that is found counts alone.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from claimpack import limits
from claimpack.config.severities import Grades
from claimpack.descriptor import paths, reading
from claimpack.descriptor.faults import Faults, Place, kind, shown
from claimpack.descriptor.model import Package
from claimpack.descriptor.reading import Reading
from claimpack.descriptor.spelling import suggestion
from claimpack.errors import UsageError
from claimpack.report import GRADES, Finding, Grade, Regrade
from claimpack.rules import load, rule_names

OWN = "claimpack.toml"
SHARED = "pyproject.toml"
PROPERTY = "claimpack"
CALL = "call"
LIST = "rules"
FIX = f"Write one of {', '.join(GRADES)}"


def gather(
    path: str | Path,
    found: Reading,
    rules: Mapping[str, str] | None = None,
    *,
    config: bool = True,
    files: bool = True,
    strict: bool = False,
) -> tuple[Grades, tuple[Finding, ...]]:
    """Every grade that holds for a package, and what is wrong with the descriptor's own.

    Args:
        path: Folder of the package, or its descriptor.
        found: What was read of the descriptor.
        rules: Grades that the call asks for, by rule.
        config: Whether to heed files, and the descriptor's own settings.
        files: Whether to heed files, where `config` is heeded.
        strict: Whether warnings are errors.

    Raises:
        UsageError: An unknown rule or severity in a file or in the call, or a file that
            cannot be read.
    """
    faults = Faults()
    faults.texts.update(found.texts)
    called = [Regrade(*pair, CALL) for pair in _named(rules or {}, "the call")]
    named = {item.rule for item in called}
    told: list[Regrade] = []
    if config:
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        told = list(_of_file(folder)) if files else []
        told += _of_package(found.package, faults) if found.package else ()
    kept = {(item.rule, item.resource): item for item in told if item.rule not in named}
    regrades = sorted([*kept.values(), *called], key=lambda item: (item.rule, item.resource or ""))
    return Grades(tuple(regrades), strict), reading.told(faults)


def stopping(grades: Grades) -> frozenset[str]:
    """Ids of the graded rules whose errors keep data from being read as they are."""
    return frozenset(item.rule for item in grades.regrades if load(item.rule).stops)


def _named(rules: Mapping[Any, Any], where: str) -> Iterator[tuple[str, None, Grade]]:
    """Rules and their grades; UsageError where one is unknown."""
    for rule, grade in rules.items():
        if rule not in rule_names():
            hint = suggestion(rule, rule_names())
            raise UsageError(f"{where}: no rule {shown(rule)}{hint}; claimpack rules lists them")
        if grade not in GRADES:
            hint = suggestion(grade, GRADES)
            raise UsageError(f"{where}: {rule} is {shown(grade)}{hint}; {FIX[0].lower()}{FIX[1:]}")
        yield rule, None, grade


# --- files --------------------------------------------------------------------------------


def _of_file(folder: Path) -> Iterator[Regrade]:
    """What the first file says that says anything."""
    for place in dict.fromkeys((folder, Path())):
        for name, keys in ((OWN, ()), (SHARED, ("tool", PROPERTY))):
            table = _table(place / name, keys)
            if table is not None:
                where = str(place / name)
                yield from (Regrade(*pair, where) for pair in _listed(table, where))
                return


def _table(file: Path, keys: tuple[str, ...]) -> dict[str, Any] | None:
    """The settings in a file; None where there is no such file, or nothing in it for us."""
    try:
        data = paths.read_regular(file, follow=True, most=limits.SETTINGS_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        odd = error.errno == errno.EINVAL
        reason = "no regular file" if odd else (error.strerror or "an error").lower()
        raise UsageError(f"{file} could not be read: {reason}") from error
    if len(data) > limits.SETTINGS_BYTES:
        size = limits.SETTINGS_BYTES // limits.MIB
        raise UsageError(f"{file} is larger than the limit of {size} MiB")
    import tomllib

    try:
        found: Any = tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise UsageError(f"{file} is nested too deeply to be read") from error
    except ValueError as error:
        raise UsageError(f"{file} is not valid TOML: {' '.join(str(error).split())}") from error
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if found is not None and not isinstance(found, dict):
        raise UsageError(f"{file}: {'.'.join(keys)} is {kind(found)}, not a table")
    return found


def _listed(table: dict[str, Any], where: str) -> Iterator[tuple[str, None, Grade]]:
    for name in table:
        if name != LIST:
            raise UsageError(f"{where}: no setting {shown(name)}; there is {LIST}")
    rules = table.get(LIST, {})
    if not isinstance(rules, dict):
        raise UsageError(f"{where}: {LIST} is {kind(rules)}, not a table of rules")
    yield from _named(rules, where)


# --- the descriptor -----------------------------------------------------------------------


def _of_package(package: Package, faults: Faults) -> Iterator[Regrade]:
    """What the package and its resources ask for; what cannot be understood is warned of."""
    place = Place(faults, package.descriptor, standard=package.standard)
    yield from _of_part(package.raw, place, package.descriptor)
    for item in package.resources:
        spot = place._replace(pointer=item.pointer, resource=item.name)
        yield from _of_part(item.raw, spot, package.descriptor)


def _of_part(raw: Mapping[str, Any], place: Place, file: str) -> Iterator[Regrade]:
    if PROPERTY not in raw:
        return
    spot = place.at(PROPERTY, clause="Rules and their severity")
    settings = raw[PROPERTY]
    if not isinstance(settings, dict):
        spot.warn(f"{PROPERTY} is {kind(settings)}, not an object", f'Write {{"{LIST}": {{}}}}')
        return
    for name in sorted(settings.keys() - {LIST}):
        spot.warn(f"no setting {shown(name)}; there is {LIST}", "Delete it", name)
    rules = settings.get(LIST, {})
    if not isinstance(rules, dict):
        spot.warn(f"{LIST} is {kind(rules)}, not an object", 'Write {"orphan-row": "off"}', LIST)
        return
    for rule, grade in rules.items():
        if rule not in rule_names():
            hint = suggestion(rule, rule_names())
            spot.warn(f"no rule is called {shown(rule)}{hint}", "Correct the rule's id", LIST, rule)
        elif grade not in GRADES:
            hint = suggestion(grade, GRADES)
            spot.warn(f"{shown(grade)} is not a severity{hint}", FIX, LIST, rule)
        else:
            yield Regrade(rule, place.resource, cast(Grade, grade), file)


__all__ = ["gather", "stopping"]
