"""Writes arguments in help pages as manuals do: FILE, [PATH], [PATH]..., without their types.

Every option parser has its own way of it; the pages are to be the same with each.
"""

from __future__ import annotations

from typing import Any


def plain(command: Any) -> Any:
    """The same command, its arguments shown by their names alone."""
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            _show(parameter, parameter.metavar or parameter.name.upper())
    return command


def _show(argument: Any, name: str) -> None:
    shown = name if argument.required else f"[{name}]"
    if argument.nargs != 1:
        shown += "..."
    argument.get_usage_pieces = lambda ctx: [shown]
    argument.display_type_rich = lambda ctx: ""


__all__ = ["plain"]
