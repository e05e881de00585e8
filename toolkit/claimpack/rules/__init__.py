"""The rules: one module a rule, found by being here. A module's name is the rule's id.

A rule's module states, beside its docstring (title, why, a failing and a passing
example, the mend): `SEVERITY`, `SCOPE` (descriptor, file, table or package),
`CLAUSE`, `STOPS = True` where its errors keep data from being read as they are, and
where it makes checks a pure function
`checks(resource, package) -> Iterator[Check]`. Rules of scope descriptor have
none: reading the descriptor finds them.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from claimpack.report import Severity

FOLDERS = ("claimpack.rules", "claimpack.claims.rules")
SECTIONS = ("Why", "Fails", "Passes", "Mend")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its module states it.

    Attributes:
        id: Kebab-case id, the module's name with hyphens.
        title: First line of the docstring.
        sections: The docstring's parts by name: Why, Fails, Passes, Mend.
        severity: Severity unless re-graded.
        scope: descriptor, file, table or package.
        clause: Clause of the standard or of the claims profile.
        stops: Whether its errors keep data from being read as they are (`STOPS`).
        module: The module itself.
    """

    id: str
    title: str
    sections: dict[str, str]
    severity: Severity
    scope: str
    clause: str
    stops: bool
    module: ModuleType


@cache
def rule_names() -> dict[str, str]:
    """Every rule's id with its module's dotted name, sorted by id; imports no rule."""
    names = {}
    for folder in FOLDERS:
        package = importlib.import_module(folder)
        for info in pkgutil.iter_modules(package.__path__):
            names[info.name.replace("_", "-")] = f"{folder}.{info.name}"
    return dict(sorted(names.items()))


@cache
def load(rule_id: str) -> Rule:
    """The rule of that id; KeyError where there is none."""
    module = importlib.import_module(rule_names()[rule_id])
    title, sections = parse(module.__doc__ or "")
    stops = getattr(module, "STOPS", False)
    return Rule(
        rule_id, title, sections, module.SEVERITY, module.SCOPE, module.CLAUSE, stops, module
    )


def all_rules() -> Iterator[Rule]:
    """Every rule, sorted by id."""
    return (load(rule_id) for rule_id in rule_names())


def parse(docstring: str, names: tuple[str, ...] = SECTIONS) -> tuple[str, dict[str, str]]:
    """The title of a docstring and its sections by name."""
    title, _, rest = docstring.partition("\n\n")
    parts = re.split(rf"^({'|'.join(names)}): ?", rest, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return title.strip().rstrip("."), {name: text.strip() for name, text in found}
