"""The rows of large tables that slow validators are asked about.

frictionless reads some 20,000 rows a second, and pandera holds a whole table in memory; of
ten million rows each would take longer than everything else. claimpack itself has checked
every row: these two check claimpack, for which a stated sample will do. The sample is the
same whenever it is drawn, so that anyone can repeat the verification.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from claimpack.descriptor.model import Package, Resource
from claimpack.descriptor.reading import NAME
from claimpack.errors import UsageError
from claimpack.files import temporary_files

SecondOpinion = Literal["sample", "full"]
LARGE = 50_000
"""Rows up to which a table is checked whole."""
EDGE = 10_000
"""Rows at the beginning, and as many at the end, of a larger table."""
BLOCKS, BLOCK = 8, 2_500
"""Random blocks between them, and the rows of each."""
DROPPED = ("bytes", "hash", "rowCount")
"""Properties of a resource that only its whole file has."""
Blocks = tuple[range, ...]


def opinion(name: str) -> SecondOpinion:
    """How large tables are checked; UsageError for any other word."""
    known: dict[str, SecondOpinion] = {"sample": "sample", "full": "full"}
    if name not in known:
        raise UsageError(f'unknown second opinion "{name}"; expected sample or full')
    return known[name]


def blocks(name: str, rows: int) -> Blocks:
    """The rows of a table that are in its sample, from 0, in order; all of a small table's.

    Args:
        name: The table's name, which with the number of rows decides on the random blocks.
        rows: Number of its rows.
    """
    if rows <= LARGE:
        return (range(rows),)
    chance = random.Random(f"{name} {rows}")  # noqa: S311 - a sample, no secret
    places = sorted(chance.sample(range((rows - 2 * EDGE) // BLOCK), BLOCKS))
    middle = (range(EDGE + place * BLOCK, EDGE + (place + 1) * BLOCK) for place in places)
    return (range(EDGE), *middle, range(rows - EDGE, rows))


def rows_of(resource: Resource) -> int | None:
    """The number of rows that an exported descriptor states."""
    rows = resource.raw.get("rowCount")
    return rows if isinstance(rows, int) and not isinstance(rows, bool) else None


def large(package: Package, opinion: SecondOpinion) -> dict[str, Blocks]:
    """The sample of each table of which only a sample is checked, by its name."""
    made = {}
    for item in package.resources:
        rows = rows_of(item)
        if opinion == "sample" and item.tabular and rows is not None and rows > LARGE:
            made[item.name] = blocks(item.name, rows)
    return made


def scope(sampled: Mapping[str, Blocks], rows: Mapping[str, int]) -> str:
    """What a sample is of, in words; empty where everything was checked.

    Args:
        sampled: The sample of each table of which only a sample is checked.
        rows: The number of rows of each of these tables.
    """
    told = [
        f"{sum(map(len, parts)):,} of {rows[name]:,} rows of {name}"
        for name, parts in sampled.items()
    ]
    return f"a sample: {'; '.join(told)}" if told else ""


def statement(rows: Mapping[str, int], opinion: SecondOpinion) -> str:
    """What a release says of the second opinions that it passed, a sentence or two.

    Args:
        rows: The number of rows of each table.
        opinion: Whether large tables were checked in full.
    """
    names = [name for name, number in rows.items() if number > LARGE and opinion == "sample"]
    if not names:
        return "frictionless and pandera checked every row."
    *others, last = names
    listed = f"{', '.join(others)} and {last}" if others else last
    return (
        f"frictionless and pandera checked every row of tables of up to {LARGE:,} rows. For the "
        f"larger tables, {listed}, they checked the first and last {EDGE:,} rows and {BLOCKS} "
        f"random blocks of {BLOCK:,} rows."
    )


@contextmanager
def csv_sample(folder: Path, package: Package, sampled: Mapping[str, Blocks]) -> Iterator[Path]:
    """The descriptor of a package that has the sampled rows of its large tables, as they are.

    References to a table that is not whole are left out: their targets may not be in the sample.

    Args:
        folder: The package's folder.
        package: The package, of CSV files as an export writes them.
        sampled: The sample of each large table.
    """
    place = temporary_files.folder()
    try:
        described = json.loads((folder / NAME).read_text("utf-8"))
        described["resources"] = [
            _described(raw, sampled)
            for raw, item in zip(described["resources"], package.resources, strict=True)
            if item.tabular
        ]
        for item in package.resources:
            if item.tabular and item.path:
                target = place / item.path
                target.parent.mkdir(parents=True, exist_ok=True)
                if item.name in sampled:
                    _write(folder / item.path, target, sampled[item.name])
                else:
                    shutil.copyfile(folder / item.path, target)
        for profile in package.profiles:
            (place / profile).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / profile, place / profile)
        (place / NAME).write_text(json.dumps(described), "utf-8")
        yield place / NAME
    finally:
        temporary_files.remove(place)


def _described(raw: dict[str, Any], sampled: Mapping[str, Blocks]) -> dict[str, Any]:
    own = raw["name"] in sampled
    made = {key: value for key, value in raw.items() if not (own and key in DROPPED)}
    schema = made.get("schema")
    if isinstance(schema, dict) and "foreignKeys" in schema:
        kept = [
            key
            for key in schema["foreignKeys"]
            if (key["reference"].get("resource") or raw["name"]) not in sampled
        ]
        made["schema"] = {key: value for key, value in schema.items() if key != "foreignKeys"}
        made["schema"] |= {"foreignKeys": kept} if kept else {}
    return made


def _write(source: Path, target: Path, parts: Blocks) -> None:
    """Copy the header and the records of a sample, byte by byte."""
    wanted = [range(1), *(range(part.start + 1, part.stop + 1) for part in parts)]
    ends = _offsets(source, {edge for part in wanted for edge in (part.start, part.stop)})
    with source.open("rb") as file, target.open("wb") as out:
        for part in wanted:
            file.seek(ends[part.start])
            out.write(file.read(ends[part.stop] - ends[part.start]))


def _offsets(path: Path, numbers: set[int]) -> dict[int, int]:
    """The bytes that so many records of a CSV file take, for each of these numbers.

    A newline ends a record where all quotes before it are closed.
    """
    import numpy as np

    found, left = {0: 0}, sorted(numbers - {0}, reverse=True)
    start = done = open_quotes = 0
    with path.open("rb") as file:
        while left and (block := file.read(BYTES)):
            data = np.frombuffer(block, dtype=np.uint8)
            newlines = np.flatnonzero(data == ord("\n"))
            quotes = np.flatnonzero(data == ord('"'))
            before = np.searchsorted(quotes, newlines) + open_quotes
            ends = newlines[before % 2 == 0]
            while left and left[-1] <= done + len(ends):
                number = left.pop()
                found[number] = start + int(ends[number - done - 1]) + 1
            start += len(block)
            done += len(ends)
            open_quotes += len(quotes)
    return found | dict.fromkeys(left, start)


BYTES = 1 << 20
"""Bytes that are looked through at once."""

__all__ = [
    "SecondOpinion",
    "blocks",
    "csv_sample",
    "large",
    "opinion",
    "rows_of",
    "scope",
    "statement",
]
