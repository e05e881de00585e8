"""JSON Patch (RFC 6902) on the JSON values of a descriptor: add, replace and remove."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claimpack.descriptor.faults import pointer_steps
from claimpack.report import Operation


def applied(raw: Any, operations: Iterable[Operation]) -> Any:
    """The value with the operations applied in order; the value itself stays as it is.

    Only the objects and lists on the way to a change are copied.

    Raises:
        LookupError: An operation's path leads nowhere.
    """
    for operation in operations:
        raw = _changed(raw, pointer_steps(operation.path), operation)
    return raw


def _changed(part: Any, steps: list[str], operation: Operation) -> Any:
    if not steps:
        return operation.value
    made: Any = dict(part) if isinstance(part, dict) else list(part)
    step = steps[0] if isinstance(made, dict) else _index(made, steps[0])
    if len(steps) > 1:
        made[step] = _changed(made[step], steps[1:], operation)
    elif operation.op == "remove":
        del made[step]
    elif isinstance(step, int) and operation.op == "add":
        made.insert(step, operation.value)
    else:
        if operation.op == "replace":
            _ = made[step]
        made[step] = operation.value
    return made


def _index(items: list[Any], step: str) -> int:
    return len(items) if step == "-" else int(step)


__all__ = ["applied"]
