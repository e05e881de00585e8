"""Inflating within limits, for compressed tables and for packages in archives alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TypeVar

from claimpack import limits
from claimpack.errors import TooLargeError, UnreadableError

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
    stream = _whole(start)
    with stream:
        while block := _whole(lambda: stream.read(size)):
            total += len(block)
            check(total, compressed)
            yield block


def check(size: int, compressed: int) -> None:
    """TooLargeError where so many bytes are too many to come out of so few."""
    if size > limits.INFLATED_BYTES:
        raise TooLargeError(f"inflates to more than {limits.INFLATED_BYTES} bytes")
    if size > 64 * limits.MIB and size > compressed * limits.INFLATED_RATIO:
        raise TooLargeError(f"inflates to more than {limits.INFLATED_RATIO} times its size")


def _whole(step: Callable[[], T]) -> T:
    """The step's result. Each library has exceptions of its own for a broken stream."""
    try:
        return step()
    except (MemoryError, UnreadableError):
        raise
    except Exception as error:
        raise UnreadableError(f"could not be inflated: {error}") from error
