"""The files that catalogues ask for, put beside the formats of a release.

The registry is `DESCRIBERS`: functions that take the package and the context and give the
name of each file, seen from the release's folder, with its bytes. Everything in them is made
from the descriptor and from what was written; nothing is typed twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimpack import clock
from claimpack.descriptor.model import Package
from claimpack.exporters.files import WrittenFile, written_file


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a release beside its package.

    Attributes:
        files: What was written, with sizes, rows and checksums, sorted by path.
        day: The day that SOURCE_DATE_EPOCH names. None where it is not set: then a day may
            only come from the descriptor, so that the same package gives the same bytes.
    """

    files: tuple[WrittenFile, ...]
    day: dt.date | None


Describer = Callable[[Package, Context], Iterable[tuple[str, bytes]]]
DESCRIBERS: tuple[Describer, ...] = ()


def describe(package: Package, fresh: Path, written: Sequence[WrittenFile]) -> list[WrittenFile]:
    """Write the files of every describer; those and the others, sorted by path.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    moment = clock.given()
    context = Context(tuple(written), moment and moment.date())
    made = []
    for describer in DESCRIBERS:
        for name, content in describer(package, context):
            with (fresh / name).open("xb") as file:
                file.write(content)
            made.append(written_file(fresh, name))
    return sorted([*written, *made], key=lambda item: item.path)


__all__ = ["DESCRIBERS", "Context", "Describer", "describe"]
