"""Spares the option parser a validation library that plain options do not need.

Recent typer converts every option's value through pydantic, whose import takes
as long as everything else at the start together. A text is a text already; only
what is neither a text nor a plain number goes the long way. Where typer has no
such step, nothing is changed.
"""

from __future__ import annotations

from typing import Any

COERCION = "get_runtime_param"


def relieve(command: Any) -> Any:
    """The same command, whose texts and plain numbers are taken as they are."""
    for parameter in command.params:
        _relieve(parameter)
    make_help = command.get_help_option

    def get_help_option(ctx: Any) -> Any:
        return _relieve(make_help(ctx))

    command.get_help_option = get_help_option
    return command


def _relieve(parameter: Any) -> Any:
    coercion = getattr(parameter, COERCION, None)
    if coercion is not None and not isinstance(coercion, _Coercion):
        setattr(parameter, COERCION, _Coercion(parameter))
    return parameter


class _Coercion:
    """Stands in for one parameter's coercion."""

    def __init__(self, parameter: Any) -> None:
        self._long_way = getattr(parameter, COERCION)
        self._kind = parameter.type_descriptor.annotation

    def __call__(self) -> _Coercion:
        return self

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        """The value in the parameter's type."""
        many = param.multiple or param.nargs == -1
        if value is None:
            return () if many else None
        if many and self._kind == list[str]:
            return [str(item) for item in value]
        if not many and self._kind in (str, bool, int) and type(value) is self._kind:
            return value
        if self._kind is int and isinstance(value, str) and value.isascii() and value.isdigit():
            return int(value[:18])
        return self._long_way().coerce(value, param=param, ctx=ctx)


__all__ = ["relieve"]
