"""Keys as 64-bit hashes: which are repeated, and which another table lacks.

Equal keys have equal hashes, so hashes that all differ prove keys unique, and a hash that
another table lacks proves a reference wrong. Equal hashes prove nothing: the rows in question
are read again as text. A wrong reference that meets the hash of another key by chance, below
once in a million among ten million rows, is missed.

Hashes are kept in memory, and beyond a budget in files, one for each range of hashes. A range
is sorted when it is asked for: numpy sorts five million in a tenth of a second, where a group
in a database takes several times as long, and `np.unique`, which hashes again, ten times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from claimpack.errors import UnreadableError
from claimpack.files import temporary_files

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Hashes: TypeAlias = "npt.NDArray[np.uint64]"
BUDGET = 64 << 20
"""Bytes of hashes that all indexes of a run hold in memory together."""
RANGES = 64
"""Files that an index is split into: of 100 million keys, each holds 12 MB."""
NONE = 0
"""Stands for a key that is not compared, since a part of it is null."""


class KeyIndexes:
    """The key indexes of one run, which share a budget of memory and a folder.

    Attributes:
        held: Bytes that they hold in memory.
    """

    def __init__(self, folder: Path, budget: int | None = None) -> None:
        self._folder = folder
        self._budget = BUDGET if budget is None else budget
        self._made: list[KeyIndex] = []
        self.held = 0

    def new(self) -> KeyIndex:
        """An empty index."""
        index = KeyIndex(self, self._folder / f"keys-{len(self._made)}")
        self._made.append(index)
        return index

    def hold(self, number: int) -> None:
        """Note that more bytes are held; beyond the budget the largest indexes go to disk."""
        self.held += number
        while self.held > self._budget:
            max(self._made, key=lambda index: index.held).spill()


class KeyIndex:
    """The hashes of one key of one table, one a row; `NONE` where the key is not compared.

    Attributes:
        held: Bytes that it holds in memory.
    """

    def __init__(self, owner: KeyIndexes, path: Path) -> None:
        self.held = 0
        self._owner, self._path = owner, path
        self._pieces: list[Hashes] = []
        self._on_disk = False

    def add(self, hashes: Hashes) -> None:
        """Add the hashes of some rows.

        Raises:
            UnreadableError: The disk is full.
        """
        self._pieces.append(hashes)
        self.held += hashes.nbytes
        self._owner.hold(hashes.nbytes)

    def spill(self) -> None:
        """Append what is in memory to the files, each of which holds one range."""
        self._path.mkdir(exist_ok=True)
        self._on_disk = True
        ranges = _split(_sorted(self._pieces))
        self._owner.held -= self.held
        self._pieces, self.held = [], 0
        try:
            for number, part in enumerate(ranges):
                with (self._path / str(number)).open("ab") as file:
                    file.write(part.data)
        except OSError as error:
            if temporary_files.is_full(error):
                raise UnreadableError(temporary_files.full()) from error
            raise

    @property
    def on_disk(self) -> bool:
        """Whether some of it is in files."""
        return self._on_disk

    def ranges(self, number: int = RANGES) -> Iterator[Hashes]:
        """The hashes in so many ranges, one or all, each sorted."""
        if number == 1:
            yield self._whole()
        elif not self._on_disk:
            yield from _split(self._whole())
        else:
            if self._pieces:
                self.spill()
            yield from map(self._range, range(RANGES))

    def _whole(self) -> Hashes:
        """All hashes, sorted, where they are in memory; sorted once."""
        self._pieces = [_sorted(self._pieces)]
        return self._pieces[0]

    def _range(self, number: int) -> Hashes:
        import numpy as np

        found = np.fromfile(self._path / str(number), dtype=np.uint64)
        found.sort()
        return found

    def repeated(self) -> Hashes:
        """The hashes that occur more than once, sorted, each listed once."""
        import numpy as np

        found = []
        for part in self.ranges(RANGES if self.on_disk else 1):
            again = part[1:][part[1:] == part[:-1]]
            found.append(_distinct(again[again != NONE]))
        return np.concatenate(found)

    def missing_from(self, target: KeyIndex) -> Hashes:
        """The hashes that another index lacks, sorted, each once."""
        import numpy as np

        found = []
        number = RANGES if self.on_disk or target.on_disk else 1
        for part, known in zip(self.ranges(number), target.ranges(number), strict=True):
            wanted = _distinct(part[part != NONE])
            found.append(wanted[~contains(known, wanted)])
        return np.concatenate(found)


def contains(known: Hashes, wanted: Hashes) -> npt.NDArray[np.bool_]:
    """For each hash wanted, whether it is among the known ones, which are sorted."""
    import numpy as np

    if not len(known):
        return np.zeros(len(wanted), dtype=bool)
    places = np.searchsorted(known, wanted)
    places[places == len(known)] = 0
    found: npt.NDArray[np.bool_] = known[places] == wanted
    return found


def combined(parts: list[Hashes]) -> Hashes:
    """The hashes of keys of several fields; `NONE` where a part is.

    An odd multiplier sets the parts' order apart; that of Knuth's multiplicative hashing,
    The Art of Computer Programming 3, section 6.4.
    """
    import numpy as np

    made = parts[0]
    for part in parts[1:]:
        mixed = made * np.uint64(0x9E3779B97F4A7C15) ^ part
        made = np.where((made == NONE) | (part == NONE), np.uint64(NONE), mixed)
    return made


def _sorted(pieces: list[Hashes]) -> Hashes:
    import numpy as np

    made = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.uint64)
    if len(pieces) != 1 or (made[1:] < made[:-1]).any():
        made.sort()
    return made


def _split(hashes: Hashes) -> Iterator[Hashes]:
    """Sorted hashes by their range."""
    import numpy as np

    width = (1 << 64) // RANGES
    starts = np.array([number * width for number in range(1, RANGES)], dtype=np.uint64)
    yield from np.split(hashes, np.searchsorted(hashes, starts))


def _distinct(hashes: Hashes) -> Hashes:
    """Sorted hashes, each once."""
    import numpy as np

    return hashes[np.append(True, hashes[1:] != hashes[:-1])] if len(hashes) else hashes


__all__ = ["NONE", "KeyIndex", "KeyIndexes", "combined", "contains"]
