"""Schemas, dialects and profiles that stand in a descriptor or in a file of their own."""

from __future__ import annotations

import errno
from typing import Any, Literal, NamedTuple

from claimpack.descriptor import paths, strict
from claimpack.descriptor.faults import Place, kind, shown
from claimpack.descriptor.paths import Gate

State = Literal["read", "remote", "lost"]


class Part(NamedTuple):
    """A part of a descriptor that may stand in a file of its own.

    Attributes:
        value: The JSON object, None where there is none to be had.
        place: Its place: in the descriptor or in its own file.
        state: `remote` where it was not fetched, `lost` where it is missing or wrong.
        file: Name of its file as written, None where it stands in the descriptor.
    """

    value: dict[str, Any] | None
    place: Place
    state: State = "read"
    file: str | None = None


class Shelf:
    """The parts that were read from files, so that each is read and reported once.

    Attributes:
        gate: What every reference passes through.
        taken: The parts by noun and reference.
        built: What was made of them, by whoever made it.
        names: Every reference to a local file that was met.
        profiles: Those of them that led to profiles, and to what profiles refer to.
    """

    __slots__ = ("built", "gate", "names", "profiles", "taken")

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.taken: dict[tuple[str, str], Part] = {}
        self.built: dict[Any, Any] = {}
        self.names: set[str] = set()
        self.profiles: set[str] = set()

    def take(self, value: object, place: Place, noun: str, clause: str) -> Part:
        """The part that a property holds or refers to.

        Args:
            value: The property's value: an object, or a text that refers to one.
            place: The property's place.
            noun: What it is: `schema` or `dialect`.
            clause: Section of the standard that describes it.
        """
        if isinstance(value, dict):
            return Part(value, place.at(clause=clause))
        if not isinstance(value, str):
            place.error(
                f"the {noun} is {kind(value)}, neither an object nor a path",
                f"Write the {noun} as an object, or the path of its JSON file",
            )
            return Part(None, place, "lost")
        known = self.taken.get((noun, value))
        if known is None:
            known = self._read(value, place, noun, clause)
            self.taken[noun, value] = known
        elif known.state == "remote":
            _remote(place, noun)
        return known

    def _read(self, reference: str, place: Place, noun: str, clause: str) -> Part:
        located = self.gate.locate(reference, place, noun)
        if located.state == "remote":
            _remote(place, noun)
            return Part(None, place, "remote")
        if located.path is None:
            return Part(None, place, "lost")
        self.names.add(reference)
        if reference.lower().endswith((".yaml", ".yml")):
            place.error(
                f"the {noun} {shown(reference)} is YAML, which claimpack does not read",
                "Save it as JSON and name that file",
            )
            return Part(None, place, "lost")
        inside = place.inside(reference, clause)
        try:
            data = paths.read_regular(located.path)
        except OSError as error:
            why = error.strerror or errno.errorcode.get(error.errno or 0, "an error")
            place.unchecked(noun, f"{shown(reference)} could not be read: {why}")
            return Part(None, place, "lost")
        value = strict.load_object(data, inside, f"the {noun}")
        return Part(value, inside, "read" if value is not None else "lost", reference)


def _remote(place: Place, noun: str) -> None:
    place.unchecked(noun, f"the {noun} is remote; nothing was fetched, so it was not applied")
