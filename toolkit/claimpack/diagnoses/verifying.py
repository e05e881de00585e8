"""Verifies chosen proposals: all patches at once, over the tables that they touch.

A patch has to resolve nine in ten of the findings that it claims, and must not add any
where there were none. What fails is dropped, and the others are verified once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claimpack.descriptor.model import Package
from claimpack.descriptor.revision import Revision, revised, schema_file
from claimpack.diagnoses.choosing import Chosen
from claimpack.diagnoses.gathering import Counts
from claimpack.diagnoses.rechecking import Rechecked, Rechecker

TRIES = 6
"""How often patches are checked together, fewer each time."""
RESOLVED = 0.9
"""Share of the findings it claims that a patch has to resolve."""

Place = tuple[str, str | None]
"""A table, and one of its fields; None for what no single field has."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a proposal.

    Attributes:
        covers: Number of findings that it explains.
        left: Findings that are left in its fields with the patch; None without a patch.
        table_left: The same for the whole table.
        sample: Number of rows checked where that is only a sample, else 0.
    """

    covers: int
    left: int | None = None
    table_left: int | None = None
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One check of patches together.

    Attributes:
        before: Findings by place without the patches, in the rows that were checked.
        after: The same with them.
        check: The check.
        names: The tables that were checked.
        errors: Errors that the patches add to the descriptor.
    """

    before: Counter[Place]
    after: Counter[Place]
    check: Rechecked
    names: frozenset[str]
    errors: int


@dataclass
class Verifier:
    """Verifies the proposals for one package.

    Attributes:
        package: The package as it is.
        checker: Checks tables again.
        before: Findings by resource, field and rule, cells under their right fields.
        reread: The tables whose cells a patch puts under their right fields.
    """

    package: Package
    checker: Rechecker
    before: Counts
    reread: frozenset[str]

    def verified(self, chosen: Sequence[Chosen]) -> dict[Chosen, Verified]:
        """What became of each proposal that stands; the others are left out."""
        told = {item: Verified(item.covers) for item in chosen if not item.proposal.patch}
        left = [item for item in chosen if item.proposal.patch and self._possible(item)]
        for _ in range(TRIES):
            if not left:
                break
            trial = self._trial(left)
            wrong = self._wrong(left, trial)
            if not wrong:
                return told | {item: self._result(item, left, trial) for item in left}
            left = [made for item in left if (made := self._next(item, wrong))]
            told |= {item: Verified(item.covers) for item in left if not item.proposal.patch}
            left = [item for item in left if item.proposal.patch]
        return told

    @staticmethod
    def _next(item: Chosen, wrong: list[Chosen]) -> Chosen | None:
        """What is tried next; nothing if the cells turn out not to be under their right fields."""
        if any(each.proposal.misread and each.resource == item.resource for each in wrong):
            return None
        return item.otherwise if item in wrong else item

    def _possible(self, item: Chosen) -> bool:
        return self.checker.possible(item.resource)

    def _trial(self, chosen: Iterable[Chosen]) -> Trial:
        revision = self._revised(chosen)
        if revision.errors:
            empty: Counter[Place] = Counter()
            nothing = Rechecked({}, Counter(), {})
            return Trial(empty, empty, nothing, revision.names, revision.errors)
        check = self.checker.check(revision.package, revision.names)
        return Trial(
            self._before(revision.names), _by_place(check.counts), check, revision.names, 0
        )

    def _revised(self, chosen: Iterable[Chosen]) -> Revision:
        operations = [operation for item in chosen for operation in item.proposal.patch]
        try:
            return revised(self.package, operations)
        except LookupError:  # it names a field where there is none without another patch
            return Revision(self.package, frozenset(), 1)

    def _before(self, names: frozenset[str]) -> Counter[Place]:
        known = frozenset(n for n in names if n in self.reread or not self.checker.sampled(n))
        found = _by_place({key: n for key, n in self.before.items() if key[0] in known})
        if names - known:
            found += _by_place(self.checker.check(self.package, names - known).counts)
        return found

    def _wrong(self, chosen: list[Chosen], trial: Trial) -> list[Chosen]:
        if trial.errors:
            return [item for item in chosen if self._revised((item,)).errors] or chosen
        lost = [item for item in chosen if item.resource in trial.check.unread]
        if lost:
            return lost
        claimed: Counter[Place] = Counter()
        for item in chosen:
            if not item.proposal.misread:
                claimed.update(dict(_claims(item)))
        places = {*trial.before, *trial.after, *claimed}
        bad = [place for place in sorted(places, key=str) if self._bad(place, claimed, trial)]
        wrong: list[Chosen] = []
        for place in bad:
            wrong += [item for item in self._blamed(place, chosen) if item not in wrong]
        return wrong

    def _bad(self, place: Place, claimed: Counter[Place], trial: Trial) -> bool:
        if place[0] not in trial.names:
            return False
        resolved = trial.before[place] - trial.after[place]
        if place not in claimed:
            return resolved < 0
        whole = sum(n for key, n in self.before.items() if key[:2] == place)
        here = claimed[place] * trial.before[place] / whole if whole else 0.0
        return resolved < RESOLVED * here

    def _blamed(self, place: Place, chosen: list[Chosen]) -> list[Chosen]:
        """The proposals that too many findings at a place speak against: the last one about it."""
        about = [item for item in chosen if place in dict(_claims(item))]
        if about:
            return [about[-1]]
        file, _ = schema_file(self.package, self.package.resource(place[0]))
        own = [item for item in chosen if item.resource == place[0]]
        shared = [c for c in chosen if any(each.file == file for each in c.proposal.patch)]
        return own or shared or chosen

    def _result(self, item: Chosen, chosen: list[Chosen], trial: Trial) -> Verified:
        check, name = trial.check, item.resource
        sampled = self.checker.sampled(name)
        places = dict(_claims(item))
        alone = all(sum(place in dict(_claims(other)) for other in chosen) == 1 for place in places)
        covers = item.covers
        if alone and not sampled and not item.proposal.misread:
            covers = sum(trial.before[place] - trial.after[place] for place in places)
        scale = self._scale(item, check) if sampled else 1.0
        left = sum(trial.after[place] for place in places)
        table = sum(n for (where, _), n in trial.after.items() if where == name)
        rows = check.rows.get(name, 0) if sampled else 0
        return Verified(covers, round(left * scale), round(table * scale), rows)

    def _scale(self, item: Chosen, check: Rechecked) -> float:
        """How many rows of the table stand behind each one that was checked."""
        rows = check.rows.get(item.resource, 0)
        return item.rows / rows if rows and item.rows else 1.0


def _claims(item: Chosen) -> list[tuple[Place, int]]:
    return [((item.resource, field), count) for field, count in item.by_field]


def _by_place(found: Mapping[tuple[str, str | None, str], int]) -> Counter[Place]:
    made: Counter[Place] = Counter()
    for (resource, field, _), count in found.items():
        made[resource, field] += count
    return made


__all__ = ["Verified", "Verifier"]
