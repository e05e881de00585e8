"""A descriptor in YAML, as the JSON that it means.

The standard lets a project keep its descriptor so (Glossary, Descriptor) and asks for JSON where
it is published. Of YAML's values those of JSON are taken: texts, numbers in decimal form,
booleans, null, lists and objects. What JSON cannot say is a text where it can be one, such as a
date, and else an error. Nothing that a tag names is built.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from claimpack import limits
from claimpack.descriptor import strict
from claimpack.descriptor.faults import Place, escape, kind

if TYPE_CHECKING:
    from yaml import Node

ENDINGS = (".yaml", ".yml")
CLAUSE = "Glossary, Descriptor"
_OWN = "tag:yaml.org,2002:"
_TRUE = frozenset({"yes", "true", "on"})
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FRACTION = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def is_yaml(name: str) -> bool:
    """Whether a file is YAML, by its ending."""
    return name.lower().endswith(ENDINGS)


def load_object(data: bytes | str, place: Place, noun: str) -> dict[str, Any] | None:
    """The object in the data; None where there is none, after reporting why.

    Args:
        data: The file's bytes, or its text.
        place: The file's place; every fault goes there.
        noun: What the file is, for messages: `the descriptor`.
    """
    text = strict.text_of(data, place, noun)
    if text is None:
        return None
    if len(text) > limits.YAML_BYTES:
        size = limits.YAML_BYTES // limits.MIB
        place.unchecked(noun, f"it is larger than the limit of {size} MiB for YAML")
        return None
    place.warn(
        f"{noun} is YAML; the standard requires JSON", "Publish it as JSON, in datapackage.json."
    )
    try:
        node = _composed(text, place, noun)
        if node is None:
            return None
        value = _Reading(place).value(node, place, 1)
    except (RecursionError, _TooDeepError):
        why = f"it is nested more deeply than the limit of {limits.JSON_DEPTH} levels"
        place.unchecked(noun, why)
        return None
    except _TooManyError:
        why = f"it holds more values than the limit of {limits.YAML_VALUES:,} for YAML"
        place.unchecked(noun, why)
        return None
    if not isinstance(value, dict):
        place.error(f"{noun} is {kind(value)}, not an object", "Write an object: name: value")
        return None
    made: dict[str, Any] = strict.mended(value, place)
    return made


def _composed(text: str, place: Place, noun: str) -> Node | None:
    """The nodes of the only document; None where there is none, after reporting why."""
    import yaml

    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        start = getattr(error, "position", 0)
        line = mark.line + 1 if mark else text.count("\n", 0, start) + 1
        _broken(place, noun, f"{words}, line {line}", line)
        return None
    if node is None:
        _broken(place, noun, "it is empty", 1)
    return node


def _broken(place: Place, noun: str, words: str, line: int) -> None:
    fix = "Fix the YAML there; nothing of it was read."
    place.error(f"{noun} is not YAML: {words}", fix, clause=CLAUSE, line=line)


class _TooDeepError(Exception):
    """It is nested too deeply, or holds itself."""


class _TooManyError(Exception):
    """It holds too many values, those of aliases counted each time."""


class _Reading:
    """Makes values of nodes, and notes the line of each."""

    def __init__(self, place: Place) -> None:
        self._lines = place.faults.lines.setdefault(place.file, {})
        self._left = limits.YAML_VALUES

    def value(self, node: Node, place: Place, depth: int) -> Any:
        """The JSON value of a node."""
        self._left -= 1
        if self._left < 0:
            raise _TooManyError
        self._lines.setdefault(place.pointer, node.start_mark.line + 1)
        tag = node.tag.removeprefix(_OWN)
        build = {"seq": self._list, "map": self._object}.get(tag)
        if build is None:
            return _scalar(node, tag, place)
        if depth > limits.JSON_DEPTH:
            raise _TooDeepError
        return build(node, place, depth)

    def _list(self, node: Node, place: Place, depth: int) -> list[Any]:
        return [self.value(item, place.at(n), depth + 1) for n, item in enumerate(node.value)]

    def _object(self, node: Node, place: Place, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        twice: set[str] = set()
        for key, item in node.value:
            name = self._name(key, place)
            if name is None:
                continue
            line = key.start_mark.line + 1
            if name in made and name not in twice:
                twice.add(name)
                strict.repeated(name, place, line)
            self._lines.setdefault(f"{place.pointer}/{escape(name)}", line)
            made[name] = self.value(item, place.at(name), depth + 1)
        return made

    def _name(self, key: Node, place: Place) -> str | None:
        """The name of a property; None where JSON can have no such name."""
        line = key.start_mark.line + 1
        if not isinstance(key.value, str):
            what = "a list" if key.tag.endswith("seq") else "an object"
            message = f"the name of a property is {what}, not a text"
            place.error(message, "Write a text as the name.", line=line)
            return None
        if key.tag == f"{_OWN}merge":
            message = "the merge key << has no meaning in JSON"
            place.error(message, "Write the properties themselves.", line=line)
            return None
        return key.value


def _scalar(node: Node, tag: str, place: Place) -> Any:
    text = node.value
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in _TRUE
    if tag in ("int", "float"):
        return _number(text, place)
    if tag in ("str", "timestamp", "value") and isinstance(text, str):
        return text
    shown = node.tag.replace(_OWN, "!!")
    place.error(f"the tag {shown} has no meaning in JSON", "Delete the tag, or write a text.")
    return None


def _number(text: str, place: Place) -> int | float | str | None:
    """A number in decimal form; a text where YAML alone reads a number, as in 10:30:00."""
    if len(text) > strict.DIGITS:
        why = f"its {len(text)} characters are more than the limit of {strict.DIGITS}"
        place.unchecked(f"the number at {place.pointer}", why)
        return math.inf
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _FRACTION.fullmatch(text):
        return float(text) if not text.lstrip("+-").isdigit() else text
    if text.lower().lstrip("+-") in (".inf", ".nan"):
        place.error(f"{text} is not JSON", "Write a number or null")
        return None
    return text


__all__ = ["ENDINGS", "is_yaml", "load_object"]
