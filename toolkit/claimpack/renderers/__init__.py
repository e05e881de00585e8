"""Renderers: a report in, text out. One module a format, found by being here.

A renderer's module is named after its format and has a function
`render(report, stream, options)` that writes to the stream as it goes and never
holds all findings at once. A format in which several reports are more than one
after another has `render_all(entries, stream)` as well. The first line of a
module's docstring says what the format is for.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from types import ModuleType
from typing import IO

from claimpack.renderers.options import Options
from claimpack.report import Report

NOT_RENDERERS = frozenset(
    {"blocks", "diagnosed", "marking", "options", "page", "printable", "words"}
)

Entry = tuple[Report, Options]


def names() -> tuple[str, ...]:
    """Every format's name, text first, then sorted; imports none of them."""
    found = {info.name for info in pkgutil.iter_modules(__path__)} - NOT_RENDERERS
    return tuple(sorted(found, key=lambda name: (name != "text", name)))


def render(report: Report, name: str, stream: IO[str], options: Options | None = None) -> None:
    """Write the report to the stream in the format of that name; KeyError where there is none."""
    _module(name).render(report, stream, options or Options())


def render_all(entries: Iterable[Entry], name: str, stream: IO[str]) -> None:
    """Write several reports to the stream, each as it comes; KeyError where there is no format."""
    module = _module(name)
    if hasattr(module, "render_all"):
        module.render_all(entries, stream)
        return
    for number, (report, options) in enumerate(entries):
        if number:
            stream.write("\n")
        module.render(report, stream, options)


def _module(name: str) -> ModuleType:
    if name not in names():
        raise KeyError(name)
    return importlib.import_module(f"{__name__}.{name}")


__all__ = ["NOT_RENDERERS", "Entry", "Options", "names", "render", "render_all"]
