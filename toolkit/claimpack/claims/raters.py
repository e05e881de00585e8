"""How far the two passes of a rating agree, item by item and for each instrument's score.

Three measures stand side by side. The share of equal answers; Cohen's kappa with
quadratic weights, in which a near miss counts less than a far one (Cohen 1968; Fleiss
and Cohen 1973 show that it is then an intraclass correlation); and Krippendorff's alpha
for ordered answers (Hayes and Krippendorff 2007). Their intervals are percentiles of a
bootstrap over the units rated (Efron 1979), with a fixed seed.

Few units say little, so below ten of them there is no interval and the result says so.
Where every answer is the same nothing is left to agree on beyond chance, and kappa and
alpha are undefined, however good the raters (Feinstein and Cicchetti 1990).

Cohen J. Weighted kappa: nominal scale agreement with provision for scaled disagreement
or partial credit. Psychol Bull 1968;70(4):213-220. Fleiss JL, Cohen J. The equivalence of
weighted kappa and the intraclass correlation coefficient as measures of reliability. Educ
Psychol Meas 1973;33(3):613-619. Hayes AF, Krippendorff K. Answering the call for a standard
reliability measure for coding data. Commun Methods Meas 2007;1(1):77-89. Efron B. Bootstrap
methods: another look at the jackknife. Ann Stat 1979;7(1):1-26. Feinstein AR, Cicchetti DV.
High agreement but low kappa: I. The problems of two paradoxes. J Clin Epidemiol
1990;43(6):543-549.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claimpack.errors import UsageError

if TYPE_CHECKING:
    from claimpack.descriptor.model import Package

RATERS = ("pass-1", "pass-2")
"""The two passes; the consensus is no third rater."""
FEWEST = 10
"""Units below which agreement says little."""
LEVEL = 0.95
RESAMPLES = 1000
SEED = 20181018
WHOLE = 0.95
"""Share of the resamples that must have a value, or there is no interval."""

TOO_FEW = "too few units"
NO_VARIATION = "undefined: no variation"
NO_UNITS = "no units"
NEEDS = 'claimpack agreement needs its extra: pip install "claimpack[agreement]"'

Row = Mapping[str, Any]
Pairs = Sequence[tuple[float, float]]
Statistic = Callable[[Pairs], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient, None where it is undefined, and its interval, None where there is none."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the passes agree on one item, or on an instrument's score.

    Attributes:
        instrument_id: The instrument.
        criterion_id: The item, None for the score over all items.
        title: The item's title.
        units: Sources that both passes answered, with a number or as not applicable.
        compared: Units that both answered with a number, which kappa and alpha are of.
        equal: Share of the units with the same answer, not applicable being one.
        kappa: Cohen's kappa with quadratic weights.
        alpha: Krippendorff's alpha for ordered answers.
        remarks: What keeps the numbers from saying more.
    """

    instrument_id: str
    criterion_id: str | None
    title: str
    units: int
    compared: int
    equal: float | None
    kappa: Estimate
    alpha: Estimate
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The agreement of two raters on every item, each instrument's score after its items."""

    raters: tuple[str, str]
    fewest: int
    level: float
    resamples: int
    seed: int
    items: tuple[Agreement, ...]


def measure(package: Package) -> AgreementReport:
    """The agreement of the two passes of a package.

    Raises:
        UsageError: The package has no assessments and criteria, or the libraries are missing.
        UnreadableError: A table cannot be read.
    """
    from claimpack.claims.tables import has
    from claimpack.engine import typed_tables
    from claimpack.engine.exact.database import Store

    answers = ("source_id", "criterion_id", "rater", "answer", "not_applicable")
    items = ("criterion_id", "instrument_id", "weight")
    if not (has(package, "assessments", *answers) and has(package, "criteria", *items)):
        raise UsageError("the package has no tables assessments and criteria to compare")
    store = Store()
    found = [
        typed_tables.numbered(store, package.resource(name)) for name in ("assessments", "criteria")
    ]
    return compare(*found)


def compare(assessments: Iterable[Row], criteria: Iterable[Row]) -> AgreementReport:
    """The agreement of the two passes, from rows of assessments and of criteria.

    Raises:
        UsageError: The libraries are missing.
    """
    measures = _kappa(), _alpha()
    answered: dict[str, dict[str, dict[str, float | None]]] = {}
    for row in assessments:
        answer = None if row["not_applicable"] else row["answer"]
        by_rater = answered.setdefault(row["criterion_id"], {}).setdefault(row["source_id"], {})
        by_rater[row["rater"]] = answer
    instruments: dict[str, list[Row]] = {}
    for row in sorted(criteria, key=lambda row: row.get("position") or 0):
        instruments.setdefault(row["instrument_id"], []).append(row)
    made = []
    for instrument, items in sorted(instruments.items()):
        for item in items:
            units = _units(answered.get(item["criterion_id"], {}))
            title = item.get("title") or item["criterion_id"]
            made.append(_judge(instrument, item["criterion_id"], title, units, measures))
        made.append(_judge(instrument, None, "score", _scores(items, answered), measures))
    return AgreementReport(RATERS, FEWEST, LEVEL, RESAMPLES, SEED, tuple(made))


Unit = tuple[float | None, float | None]


def _units(answers: Mapping[str, Mapping[str, float | None]]) -> list[Unit]:
    """What both passes gave, for each source that both took up."""
    first, second = RATERS
    return [
        (given[first], given[second])
        for _, given in sorted(answers.items())
        if first in given and second in given
    ]


def _scores(
    items: Sequence[Row], answered: Mapping[str, Mapping[str, Mapping[str, float | None]]]
) -> list[Unit]:
    """Both passes' weighted sums, for each source of which they took up every item."""
    listed = [(answered.get(item["criterion_id"], {}), item["weight"]) for item in items]
    sources = sorted({source for answers, _ in listed for source in answers})
    whole = (
        source
        for source in sources
        if all(set(RATERS) <= set(answers.get(source, ())) for answers, _ in listed)
    )
    return [tuple(_sums(listed, source)) for source in whole]  # type: ignore[misc]


def _sums(
    listed: Sequence[tuple[Mapping[str, Mapping[str, float | None]], float]], source: str
) -> Iterator[float]:
    for rater in RATERS:
        yield sum((answers[source][rater] or 0) * weight for answers, weight in listed)


def _judge(
    instrument: str,
    criterion: str | None,
    title: str,
    units: Sequence[Unit],
    measures: tuple[Statistic, Statistic],
) -> Agreement:
    pairs = [(a, b) for a, b in units if a is not None and b is not None]
    equal = sum(a == b for a, b in units) / len(units) if units else None
    remarks = []
    if len(pairs) < FEWEST:
        remarks.append(TOO_FEW if pairs else NO_UNITS)
    if pairs and not _varied(pairs):
        remarks.append(NO_VARIATION)
    kappa, alpha = (_estimate(pairs, statistic) for statistic in measures)
    return Agreement(
        instrument, criterion, title, len(units), len(pairs), equal, kappa, alpha, tuple(remarks)
    )


def _varied(pairs: Pairs) -> bool:
    return len({value for pair in pairs for value in pair}) > 1


def _estimate(pairs: Pairs, statistic: Statistic) -> Estimate:
    """The statistic with its bootstrap interval, which takes enough units."""
    if not _varied(pairs):
        return Estimate()
    value = statistic(pairs)
    if len(pairs) < FEWEST:
        return Estimate(value)
    import numpy as np

    draws = np.random.default_rng(SEED).integers(0, len(pairs), (RESAMPLES, len(pairs)))
    samples = ([pairs[place] for place in draw] for draw in draws.tolist())
    values = [statistic(sample) for sample in samples if _varied(sample)]
    if len(values) < WHOLE * RESAMPLES:
        return Estimate(value)
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return Estimate(value, low, high)


def _kappa() -> Statistic:
    """Cohen's kappa with quadratic weights, by statsmodels."""
    try:
        from statsmodels.stats.inter_rater import cohens_kappa
    except ImportError as error:
        raise UsageError(f"{NEEDS} ({error})") from error

    def kappa(pairs: Pairs) -> float:
        values = sorted({value for pair in pairs for value in pair})
        table = [[0] * len(values) for _ in values]
        for a, b in pairs:
            table[values.index(a)][values.index(b)] += 1
        return float(cohens_kappa(table, weights=values, wt="quadratic", return_results=False))

    return kappa


def _alpha() -> Statistic:
    """Krippendorff's alpha for ordered answers, by krippendorff."""
    try:
        from krippendorff import alpha
    except ImportError as error:
        raise UsageError(f"{NEEDS} ({error})") from error

    def ordinal(pairs: Pairs) -> float:
        return float(alpha(list(zip(*pairs, strict=True)), level_of_measurement="ordinal"))

    return ordinal


__all__ = ["Agreement", "AgreementReport", "Estimate", "compare", "measure"]
