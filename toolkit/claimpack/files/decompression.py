"""Inflating within limits, for compressed tables and for packages in archives alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

from claimpack import interrupts, limits
from claimpack.errors import TooLargeError, UnreadableError

if TYPE_CHECKING:
    from zipfile import ZipFile

T = TypeVar("T")


def blocks(
    start: Callable[[], IO[bytes]], compressed: int, size: int = limits.MIB
) -> Iterator[bytes]:
    """What comes out of a compressed stream, block by block.

    Args:
        start: Opens the stream that inflates.
        compressed: Bytes that go into it.
        size: Bytes to read at once.

    Raises:
        TooLargeError: More comes out than the limits allow.
        UnreadableError: The stream is broken, cut, enciphered or of a kind unknown.
    """
    total = 0
    stream = attempt(start, "could not be inflated")
    with stream:
        while block := attempt(lambda: stream.read(size), "could not be inflated"):
            total += len(block)
            check(total, compressed)
            yield block


def check(size: int, compressed: int) -> None:
    """TooLargeError where so many bytes are too many to come out of so few."""
    if size > limits.INFLATED_BYTES:
        raise TooLargeError(f"inflates to more than {limits.INFLATED_BYTES} bytes")
    if size > 64 * limits.MIB and size > compressed * limits.INFLATED_RATIO:
        raise TooLargeError(f"inflates to more than {limits.INFLATED_RATIO} times its size")


def archive(path: Path) -> ZipFile:
    """A zip file.

    Raises:
        UnreadableError: It is none, or a broken one.
    """
    from zipfile import ZipFile

    return attempt(lambda: ZipFile(path), "is not a complete zip file")


def attempt(step: Callable[[], T], failure: str) -> T:
    """The step's result. Each library has exceptions of its own for a broken file.

    Raises:
        UnreadableError: The step failed; `failure` and what the library said.
    """
    try:
        return step()
    except (MemoryError, UnreadableError):
        raise
    except Exception as error:
        interrupts.check()
        raise UnreadableError(f"{failure}: {error}") from error
