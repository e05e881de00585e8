"""Renderers: a report in, text out. One module a format, found by being here.

A renderer's module is named after its format and has one function,
`render(report, stream, options)`, that writes to the stream as it goes and
never holds all findings at once. The first line of its docstring says what the
format is for; the command line shows it.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import IO

from claimpack.renderers.options import Options
from claimpack.report import Report

NOT_RENDERERS = frozenset({"options", "page", "printable", "words"})


def names() -> tuple[str, ...]:
    """Every format's name, text first, then sorted; imports none of them."""
    found = {info.name for info in pkgutil.iter_modules(__path__)} - NOT_RENDERERS
    return tuple(sorted(found, key=lambda name: (name != "text", name)))


def render(report: Report, name: str, stream: IO[str], options: Options | None = None) -> None:
    """Write the report to the stream in the format of that name; KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{__name__}.{name}")
    module.render(report, stream, options or Options())


__all__ = ["NOT_RENDERERS", "Options", "names", "render"]
