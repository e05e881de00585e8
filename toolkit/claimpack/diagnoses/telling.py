"""Makes diagnoses of what was chosen and verified: counts, sentences, what belongs together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from claimpack.diagnoses.choosing import Chosen
from claimpack.diagnoses.gathering import Counts
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms
from claimpack.diagnoses.verifying import Verified
from claimpack.report import Diagnosis


@dataclass
class TableCourse:
    """One table on its way to its diagnoses.

    Attributes:
        first: Its symptoms in the report.
        now: Its symptoms with the cells under their right fields.
        reread: What put them there.
        chosen: What was chosen besides.
    """

    first: TableSymptoms
    now: TableSymptoms
    reread: list[Chosen] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)


def diagnoses_of(
    table: TableCourse, results: dict[Chosen, Verified], before: Counts
) -> Iterator[Diagnosis]:
    """The diagnoses of a table, the one that puts cells under their right fields first."""
    if _lost(table, results):
        return
    name = table.first.resource.name
    others = [item for item in results if item.resource == name and item not in table.reread]
    apart = [item for item in others if not _follows(table, item)]
    joined = [item for item in others if _follows(table, item)]
    own = sum(results[item].covers for item in apart)
    if table.reread and table.reread[0] in results:
        joined = [item for item in table.reread[1:] if item in results] + joined
        yield _reread_told(table, table.reread[0], joined, results, before, own)
    rows = table.first.rows or table.now.rows
    groups: dict[tuple[str, ...], list[Diagnosis]] = {}
    for item in apart:
        made = _diagnosis(item, item.proposal, results[item], rows)
        groups.setdefault((made.cause, made.message, made.fix), []).append(made)
    yield from sorted(map(_merged, groups.values()), key=lambda item: -item.covers)


def _merged(alike: list[Diagnosis]) -> Diagnosis:
    """The diagnoses of columns that have the same cause and the same fix as one."""
    first = alike[0]
    if len(alike) == 1:
        return first
    return replace(
        first,
        fields=tuple(name for item in alike for name in item.fields),
        covers=sum(item.covers for item in alike),
        evidence=f"{first.fields[0]}: {first.evidence}",
        patch=tuple(operation for item in alike for operation in item.patch),
        remaining=None if first.remaining is None else sum(i.remaining or 0 for i in alike),
    )


def _lost(table: TableCourse, results: dict[Chosen, Verified]) -> bool:
    """Whether what put the cells under their right fields turned out to be wrong after all."""
    return any(item.proposal.patch and item not in results for item in table.reread)


def _follows(table: TableCourse, item: Chosen) -> bool:
    """Whether a proposal makes sense only once the cells are under their right fields.

    So it is where its findings show only then, and where its patch names fields by positions
    that they have only then.
    """
    first = table.reread[0].proposal.patch if table.reread else ()
    if not first:
        return False
    if item.proposal.patch and any("/fields" in operation.path for operation in first):
        return True
    was = {name: _cells(table.first, name) for name in item.fields}
    return any(cells != _cells(table.now, name) for name, cells in was.items())


def _cells(table: TableSymptoms, name: str) -> dict[str, tuple[int, frozenset[str]]]:
    """The findings of a field by rule: their number, and the cells that they name."""
    return {
        rule: (item.count, frozenset(value.text for value in item.values))
        for rule, item in table.by_field.get(name, {}).items()
    }


def _reread_told(
    table: TableCourse,
    item: Chosen,
    joined: list[Chosen],
    results: dict[Chosen, Verified],
    before: Counts,
    own: int,
) -> Diagnosis:
    """The diagnosis of cells under the wrong field, with what showed once they were put right."""
    name = table.first.resource.name
    parts = (item.proposal, *(each.proposal for each in joined))
    whole = replace(
        item.proposal,
        message=" ".join((item.proposal.message, *(_about(j, j.proposal.message) for j in joined))),
        fix=" ".join((item.proposal.fix, *(_about(j, j.proposal.fix) for j in joined))),
        patch=tuple(operation for part in parts for operation in part.patch),
    )
    result = results[item]
    total = sum(n for (where, _, _), n in before.items() if where == name)
    covers = (
        max(item.covers, total - own - (result.table_left or 0)) if whole.patch else item.covers
    )
    result = replace(result, covers=covers, left=result.table_left)
    return _diagnosis(item, whole, result, table.first.rows or table.now.rows)


def _about(item: Chosen, sentence: str) -> str:
    """A sentence with the columns that it is about; as it is where that is the table."""
    if not item.fields:
        return sentence
    return f"{sentence.removesuffix('.')} ({', '.join(item.fields)})."


def _diagnosis(item: Chosen, proposal: Proposal, result: Verified, rows: int) -> Diagnosis:
    evidence = proposal.evidence
    if result.sample:
        evidence = f"{evidence} Checked on a sample of {result.sample:,} rows."
    return Diagnosis(
        item.cause,
        item.resource,
        item.fields,
        result.covers,
        rows,
        proposal.message,
        evidence,
        proposal.patch,
        proposal.command,
        result.left,
        proposal.fix,
        proposal.rules,
        proposal.misread,
    )


__all__ = ["TableCourse", "diagnoses_of"]
