"""Size and hash of a resource's files, held against what the descriptor says."""

from __future__ import annotations

from collections.abc import Iterator

from claimpack.descriptor.model import Resource
from claimpack.readers.byte_stream import BLOCK, open_regular
from claimpack.readers.column_layout import Fault


def size(resource: Resource) -> int:
    """Bytes of a resource's files, 0 for inline data."""
    return sum(path.stat().st_size for path in resource.files)


def faults(resource: Resource, rules: frozenset[str]) -> Iterator[Fault]:
    """What does not fit the declared size and hash. Reads the files where a hash is declared.

    They are those of all files together: where one is not there, nothing can be said.
    """
    if len(resource.files) < len(resource.paths):
        return
    if resource.bytes is not None and "bytes-mismatch" in rules:
        number = size(resource)
        if number != resource.bytes:
            yield Fault(
                "bytes-mismatch",
                f"the descriptor says {resource.bytes} bytes, the file has {number}",
                f"Correct bytes to {number}, or restore the file that was meant",
                value=str(number),
            )
    if resource.hash is not None and "hash-mismatch" in rules:
        algorithm, expected = resource.hash
        found = digest(resource, algorithm)
        if found != expected.lower():
            yield Fault(
                "hash-mismatch",
                f"the descriptor says {algorithm} {expected}, the file has {found}",
                f"Correct hash to {algorithm}:{found}, or restore the file that was meant",
                value=found,
            )


def digest(resource: Resource, algorithm: str) -> str:
    """The hexadecimal hash of a resource's files, one behind the other."""
    import hashlib

    made = hashlib.new(algorithm, usedforsecurity=False)
    for path in resource.files:
        with open_regular(path) as file:
            while block := file.read(BLOCK):
                made.update(block)
    return made.hexdigest()
