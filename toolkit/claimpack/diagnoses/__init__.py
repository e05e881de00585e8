"""Diagnoses: the one cause of many findings. One module a cause, found by being here.

A cause's module is named after the cause. It states, beside its docstring (title, why, an
example that fails, the fix), `SCOPE`, which is `column` or `table`, and a pure function
`propose(symptoms) -> Iterator[Proposal]` over the symptoms of one column or one table
(see `claimpack.diagnoses.symptoms`). It opens and reads nothing. What it proposes is shown
only after claimpack has applied the patch in memory and checked the table again.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Literal

from claimpack.rules import parse

FOLDER = "claimpack.diagnoses.causes"
SECTIONS = ("Why", "Fails", "Fix")
Scope = Literal["column", "table"]


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause as its module states it.

    Attributes:
        id: Kebab-case id, the module's name with hyphens.
        title: First line of the docstring.
        sections: The docstring's parts by name: Why, Fails, Fix.
        scope: Whether it looks at one column or at a whole table.
        module: The module itself.
    """

    id: str
    title: str
    sections: dict[str, str]
    scope: Scope
    module: ModuleType


@cache
def cause_names() -> dict[str, str]:
    """Every cause's id with its module's dotted name, sorted by id; imports no cause."""
    package = importlib.import_module(FOLDER)
    names = (info.name for info in pkgutil.iter_modules(package.__path__))
    return {name.replace("_", "-"): f"{FOLDER}.{name}" for name in sorted(names)}


@cache
def load(cause_id: str) -> Cause:
    """The cause of that id; KeyError where there is none."""
    module = importlib.import_module(cause_names()[cause_id])
    title, sections = parse(module.__doc__ or "", SECTIONS)
    return Cause(cause_id, title, sections, module.SCOPE, module)


def all_causes() -> Iterator[Cause]:
    """Every cause, sorted by id."""
    return (load(cause_id) for cause_id in cause_names())


__all__ = ["FOLDER", "SECTIONS", "Cause", "Scope", "all_causes", "cause_names", "load"]
