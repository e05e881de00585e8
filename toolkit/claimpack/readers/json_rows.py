"""Rows of a JSON table, parsed one after the other: the whole is never in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from claimpack import limits
from claimpack.errors import TooLargeError, UnreadableError

_SPACE = re.compile(r"[ \t\n\r]*")
ENDS = tuple(",:]} \t\n\r")
"""What follows a value; behind a number at the end of what was read, its other digits may."""
NEAR = 16
"""Characters before the end of what was read in which an error may be that the rest is missing."""


def parsed(text: bytes, what: str) -> Any:
    """The JSON value that is all of a text.

    Raises:
        UnreadableError: It is not JSON.
        TooLargeError: It is nested too deeply.
    """
    try:
        return DECODER.decode(text.decode("utf-8"))
    except RecursionError as error:
        raise TooLargeError(f"{what} is nested too deeply") from error
    except ValueError as error:
        raise UnreadableError(f"{what} is not JSON: {error}") from error


class JsonRows:
    """Reads a list of rows, or the one that an object has under a name.

    Memory is that of one row, and of what an object has beside its rows.
    """

    def __init__(self, parts: Iterator[bytes]) -> None:
        """Begin to read.

        Args:
            parts: The text in UTF-8, no character of it split.
        """
        self._parts, self._text, self._at = parts, "", 0
        self._lines, self._final = 0, False

    def rows(self, name: str | None) -> Iterator[Any]:
        """The rows.

        Args:
            name: The name that an object has the rows under, None where there is only a list.

        Raises:
            UnreadableError: The text is not JSON, or not a table.
            TooLargeError: A row is over the limit, or nested too deeply.
        """
        first = self._peek()
        if first == "[":
            yield from self._list()
        elif first == "{" and name:
            yield from self._object(name)
        else:
            self._value(limits.READ_WHOLE)
            raise _not_a_table()
        if self._peek():
            raise self._error("Extra data")

    def _list(self) -> Iterator[Any]:
        self._at += 1
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._value(limits.CELL_BYTES)
            if self._step(",", "]") == "]":
                return

    def _object(self, name: str) -> Iterator[Any]:
        self._at += 1
        found = False
        while self._peek() != "}":
            key = self._value(limits.READ_WHOLE)
            if not isinstance(key, str):
                raise self._error("Expecting property name enclosed in double quotes")
            self._step(":")
            if key != name:
                self._value(limits.READ_WHOLE)
            elif found:
                raise UnreadableError(f'the file has "{name}" twice')
            elif self._peek() == "[":
                found = True
                yield from self._list()
            else:
                raise _not_a_table()
            if self._step(",", "}") == "}":
                break
            if self._peek() == "}":
                raise self._error("Expecting property name enclosed in double quotes")
        if not found:
            raise _not_a_table()

    def _step(self, *expected: str) -> str:
        """Step over the next character, which is one of those expected."""
        found = self._peek()
        if found not in expected:
            raise self._error(f"Expecting {expected[0]!r} delimiter")
        self._at += 1
        return found

    def _peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._text) or self._final:
                return self._text[self._at : self._at + 1]
            self._more()

    def _value(self, limit: int) -> Any:
        """The value that begins here."""
        self._peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                missing = error.msg.startswith("Unterminated string")
                if self._final or not (missing or error.pos > len(self._text) - NEAR):
                    raise self._error(error.msg, error.pos) from error
            except RecursionError as error:
                raise TooLargeError("a row of the file is nested too deeply") from error
            except ValueError as error:
                raise self._error(str(error)) from error
            else:
                if self._final or end < len(self._text) - NEAR or self._text[end : end + 1] in ENDS:
                    self._at = end
                    return value
            if len(self._text) - self._at > limit:
                raise TooLargeError(f"a row is larger than {limit:,} bytes")
            self._more()

    def _more(self) -> None:
        """Read on, twice as far where a value is longer than what is there; drop what was read."""
        kept = self._text[self._at :]
        self._lines += self._text.count("\n", 0, self._at)
        parts, size = [kept], 0
        while not self._final and size <= len(kept):
            part = next(self._parts, None)
            self._final = part is None
            parts.append((part or b"").decode("utf-8"))
            size += len(parts[-1])
        self._text, self._at = "".join(parts), 0

    def _error(self, message: str, at: int | None = None) -> UnreadableError:
        line = self._lines + self._text.count("\n", 0, self._at if at is None else at) + 1
        return UnreadableError(f"the file is not JSON: {message} in line {line}")


def _not_a_table() -> UnreadableError:
    return UnreadableError("the data is not a table: expected a list of lists or of objects")


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(parse_constant=_refuse)
"""One for all rows: to make one costs more than to read a row."""

__all__ = ["JsonRows", "parsed"]
