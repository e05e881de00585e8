"""Exporters: a package written as a package of another format.

One module a format, found by its name. Each has `MEDIATYPE`, `SUFFIX` and
`write(store, resource, target) -> rows`.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from claimpack.errors import UsageError

NOT_FORMATS = frozenset({"folder", "package"})


def formats() -> list[str]:
    """The names of all formats, sorted."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if name not in NOT_FORMATS)


def exporter(name: str) -> ModuleType:
    """The module of a format.

    Raises:
        UsageError: There is no such format.
    """
    if name not in formats():
        raise UsageError(f"there is no format {name!r}; known are {', '.join(formats())}")
    return importlib.import_module(f"{__name__}.{name}")
