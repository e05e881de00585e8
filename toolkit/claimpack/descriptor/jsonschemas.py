"""JSON Schemas of a package: built offline, and bounded in time.

A schema may refer to itself, to the meta-schemas of JSON Schema, and to what it is
given beside it; nothing is ever fetched. Patterns and references come from whoever
wrote the package, so each evaluation has a limit on its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from claimpack import limits

Found = Iterator[Any]
SLOW = "it takes longer than the limit on a value"
DEEP = "it is nested too deeply, or it refers to itself without end"
LEFT_OUT = "it refers to something that is not in it; nothing was fetched"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
ADDRESS = "https://package.invalid/"
"""Where a schema is said to stand, so that references can be relative; nobody goes there."""
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


class FaultError(Exception):
    """The schema itself is wrong; `steps` lead to the place."""

    def __init__(self, message: str, steps: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.steps = steps


class OutsideError(Exception):
    """The schema refers to what is not at hand."""


class Checked:
    """A JSON Schema ready to be held against values.

    Args:
        schema: The schema.
        draft: Draft that holds where the schema names none; the latest if there is none.
        beside: Other schemas that it may refer to, by address.
        address: Its own address, against which relative references are resolved.

    Raises:
        FaultError: The schema is none.
        OutsideError: It refers to what is not at hand.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        *,
        draft: str = DRAFT,
        beside: Mapping[str, Any] | None = None,
        address: str = ADDRESS,
    ) -> None:
        from jsonschema.validators import validator_for

        kind = validator_for(schema, default=validator_for({"$schema": draft}))
        parts = {**(beside or {}), address: schema}
        for part in parts.values():
            _check(kind, part)
        made = [(name, _resource(part, draft)) for name, part in parts.items()]
        registry = _registry().with_resources(made).crawl()
        for name, part in parts.items():
            _resolve(registry.resolver(name), part)
        self._limit = _Limit()
        bounded = _bounded(kind, self._limit)
        self._validator = bounded({"$ref": address}, registry=registry)

    def faults(self, value: Any) -> list[Any]:
        """The errors of a value; TimeoutError where they cannot be found in time."""
        self._limit.begin()
        try:
            return list(self._validator.iter_errors(value))
        except RecursionError as error:
            raise TimeoutError(DEEP) from error

    def fits(self, value: Any) -> bool:
        """Whether a value fits; TimeoutError where nobody can say in time."""
        self._limit.begin()
        try:
            return bool(self._validator.is_valid(value))
        except RecursionError as error:
            raise TimeoutError(DEEP) from error


def references(schema: Any) -> Iterator[str]:
    """Every reference of a schema, as it is written."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, Mapping):
            yield from (part[k] for k in REFERENCES if isinstance(part.get(k), str))
            waiting += [value for name, value in part.items() if name not in ("enum", "const")]


def _check(kind: Any, schema: Mapping[str, Any]) -> None:
    from jsonschema.exceptions import SchemaError
    from referencing.exceptions import Unresolvable

    try:
        kind.check_schema(schema, format_checker=_formats())
    except SchemaError as error:
        raise FaultError("it is none", tuple(error.absolute_path)) from error
    except (RecursionError, Unresolvable) as error:
        raise OutsideError(DEEP) from error


@cache
def _formats() -> Any:
    """Patterns are those of ECMAScript, which know more than Python's own."""
    import regex
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    checker.checks("regex", raises=regex.error)(_compiled_or_other)
    return checker


def _compiled_or_other(value: object) -> bool:
    return not isinstance(value, str) or bool(_compiled(value))


@cache
def _compiled(pattern: str) -> Any:
    import regex

    return regex.compile(pattern, regex.VERSION0)


@cache
def _registry() -> Any:
    """The meta-schemas of JSON Schema."""
    from jsonschema_specifications import REGISTRY

    return REGISTRY


def _resource(schema: Any, draft: str) -> Any:
    from referencing import Resource
    from referencing.jsonschema import specification_with

    return Resource.from_contents(schema, default_specification=specification_with(draft))


def _resolve(resolver: Any, schema: Any) -> None:
    """Follow every reference of a schema once."""
    from referencing.exceptions import Unresolvable

    for reference in references(schema):
        try:
            resolver.lookup(reference)
        except Unresolvable as error:
            if reference.startswith("#"):
                raise FaultError(f"it refers to {reference!r}, which is not in it") from error
            raise OutsideError(LEFT_OUT) from error


# --- bounded in time ----------------------------------------------------------------------


class _Limit:
    """The moment at which an evaluation has taken too long."""

    def __init__(self) -> None:
        self.end = 0.0

    def begin(self) -> None:
        """Start the clock."""
        self.end = time.monotonic() + limits.PATTERN_SECONDS

    def left(self) -> float:
        """Seconds left; TimeoutError where there are none."""
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError(SLOW)
        return seconds

    def matches(self, pattern: str, text: str) -> bool:
        """Whether a pattern is found in a text, as JSON Schema asks."""
        try:
            return bool(_compiled(pattern).search(text, timeout=self.left()))
        except TimeoutError as error:
            raise TimeoutError(SLOW) from error


def _bounded(kind: Any, limit: _Limit) -> Any:
    """The validator of a draft with keywords that heed the limit."""
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def pattern(validator: Any, wanted: str, value: Any, schema: Any) -> Found:
        if isinstance(value, str) and not limit.matches(wanted, value):
            yield ValidationError(f"{value!r} does not match {wanted!r}")

    def properties(validator: Any, wanted: Any, value: Any, schema: Any) -> Found:
        for text, part in wanted.items() if isinstance(value, dict) else ():
            for name in [name for name in value if limit.matches(text, name)]:
                yield from validator.descend(value[name], part, path=name, schema_path=text)

    def additional(validator: Any, wanted: Any, value: Any, schema: Any) -> Found:
        known, texts = schema.get("properties", {}), schema.get("patternProperties", {})
        for name in value if isinstance(value, dict) else ():
            if name in known or any(limit.matches(text, name) for text in texts):
                continue
            if wanted is False:
                yield ValidationError(f"{name!r} is one property too many")
            else:
                yield from validator.descend(value[name], wanted, path=name)

    def timed(name: str) -> Callable[..., Any]:
        own = kind.VALIDATORS[name]

        def keyword(validator: Any, wanted: Any, value: Any, schema: Any) -> Found:
            limit.left()
            yield from own(validator, wanted, value, schema) or ()

        return keyword

    keywords = {name: timed(name) for name in REFERENCES if name in kind.VALIDATORS}
    own = {
        "pattern": pattern,
        "patternProperties": properties,
        "additionalProperties": additional,
    }
    return extend(kind, {**keywords, **own})


__all__ = ["Checked", "FaultError", "OutsideError", "references"]
