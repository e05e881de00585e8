"""Agreement of the two passes: the measures, what they cannot say, and the command."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

import claimpack
from claimpack.claims.raters import NO_UNITS, NO_VARIATION, TOO_FEW, Agreement, compare
from packages import command, make, table

ROOT = Path(__file__).parents[2]
ANSWERS = "source_id criterion_id rater answer:number not_applicable:boolean"
CRITERIA = "criterion_id instrument_id title position:integer weight:number"
Pairs = Sequence[tuple[int | None, int | None]]


def rows(pairs: Pairs, criterion: str = "tone") -> list[dict[str, Any]]:
    """Rows of assessments: one source for each pair, None for not applicable."""
    return [
        {
            "source_id": f"s{number:03}",
            "criterion_id": criterion,
            "rater": rater,
            "answer": answer,
            "not_applicable": answer is None,
        }
        for number, pair in enumerate(pairs)
        for rater, answer in zip(("pass-1", "pass-2"), pair, strict=True)
    ]


def criterion(name: str = "tone", weight: float = 1, position: int = 1) -> dict[str, Any]:
    """A row of criteria."""
    return {
        "criterion_id": name,
        "instrument_id": "quest",
        "title": name.title(),
        "position": position,
        "weight": weight,
    }


def of_one(pairs: Pairs) -> Agreement:
    """The agreement on one item answered so."""
    return compare(rows(pairs), [criterion()]).items[0]


def made(seed: int, units: int = 30, span: int = 4) -> Pairs:
    """Pairs of which some six in ten agree."""
    draw = random.Random(seed)
    return [
        (a, a if draw.random() < 0.6 else draw.randrange(span))
        for a in (draw.randrange(span) for _ in range(units))
    ]


def kappa_by_moments(pairs: Pairs) -> float:
    """Quadratic kappa as Fleiss and Cohen 1973 tie it to means, variances and covariance."""
    first, second = ([float(pair[i] or 0) for pair in pairs] for i in (0, 1))
    means = fmean(first), fmean(second)
    shared = fmean((a - means[0]) * (b - means[1]) for a, b in zip(first, second, strict=True))
    spread = fmean((a - means[0]) ** 2 for a in first) + fmean((b - means[1]) ** 2 for b in second)
    return 2 * shared / (spread + (means[0] - means[1]) ** 2)


def alpha_by_hand(pairs: Pairs) -> float:
    """Ordinal alpha of two raters without gaps, from its definition."""
    pooled = [value for pair in pairs for value in pair if value is not None]
    counts = {value: pooled.count(value) for value in sorted(set(pooled))}

    def distance(a: int, b: int) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(count for value, count in counts.items() if low <= value <= high)
        return (between - (counts[low] + counts[high]) / 2) ** 2

    observed = fmean(distance(a, b) for a, b in pairs)  # type: ignore[arg-type]
    total = sum(distance(a, b) * counts[a] * counts[b] for a, b in product(counts, counts))
    return 1 - observed / (total / (len(pooled) * (len(pooled) - 1)))


@pytest.mark.parametrize("seed", range(5))
def test_both_coefficients_are_those_of_the_papers(seed: int) -> None:
    """Kappa follows from the moments, alpha from its definition, whatever the answers."""
    pairs = made(seed)
    found = of_one(pairs)
    assert found.kappa.value == pytest.approx(kappa_by_moments(pairs))
    assert found.alpha.value == pytest.approx(alpha_by_hand(pairs))
    assert found.equal == fmean(a == b for a, b in pairs)


def test_answers_need_not_be_evenly_spaced() -> None:
    """A gap between two answers counts by its size."""
    near: Pairs = [(0, 0), (1, 1), (8, 8), (0, 1), (8, 8)]
    assert of_one(near).kappa.value == pytest.approx(kappa_by_moments(near))


def test_interval_holds_the_estimate_and_never_changes() -> None:
    """Thirty units have an interval, the same in every run and whatever items stand beside."""
    alone = of_one(made(1))
    beside = compare(
        [*rows(made(2), "date"), *rows(made(1))],
        [criterion("date", position=1), criterion(position=2)],
    )
    assert beside.items[1] == alone
    for estimate in (alone.kappa, alone.alpha):
        assert None not in (estimate.low, estimate.value, estimate.high)
        assert estimate.low < estimate.value < estimate.high  # type: ignore[operator]
    assert alone.remarks == ()


@pytest.mark.parametrize(("units", "few"), [(9, True), (10, False)])
def test_below_ten_units_are_too_few(units: int, few: bool) -> None:
    """Nine units have values without an interval and say so; ten have both."""
    found = of_one([(number % 3, number % 3) for number in range(units)])
    assert found.kappa.value == found.alpha.value == 1
    assert (found.kappa.low is None) is (found.alpha.high is None) is few
    assert found.remarks == ((TOO_FEW,) if few else ())


@pytest.mark.parametrize("units", [5, 12])
def test_without_variation_both_are_undefined(units: int) -> None:
    """Where every answer is the same, all agree and the coefficients are undefined."""
    found = of_one([(2, 2)] * units)
    assert found.equal == 1
    assert found.kappa.value is found.alpha.value is None
    assert NO_VARIATION in found.remarks
    assert (TOO_FEW in found.remarks) is (units < 10)


def test_raters_who_differ_by_a_constant_do_not_agree() -> None:
    """One rater always 1, the other always 2: varied, and no better than chance."""
    found = of_one([(1, 2)] * 12)
    assert found.equal == 0
    assert found.kappa.value == 0
    assert NO_VARIATION not in found.remarks


def test_an_interval_needs_resamples_with_variation() -> None:
    """One odd unit among ten is missing from a third of the resamples: no interval."""
    found = of_one([(0, 0)] * 9 + [(1, 1)])
    assert found.kappa.value == 1
    assert found.kappa.low is None


def test_not_applicable_is_an_answer_that_has_no_rank() -> None:
    """It counts for equal answers and is left out of the coefficients."""
    found = of_one([(None, None), (None, 1), (2, 2), (1, 1)])
    assert (found.units, found.compared, found.equal) == (4, 2, 0.75)


def test_units_are_what_both_passes_took_up() -> None:
    """A consensus is no rater, and a source with one pass is no unit."""
    answers = rows([(1, 1)])
    answers.append({**answers[0], "rater": "consensus", "answer": 2})
    answers.append({**answers[0], "source_id": "half"})
    assert compare(answers, [criterion()]).items[0].units == 1
    nothing = compare([], [criterion()]).items[0]
    assert (nothing.units, nothing.equal, nothing.remarks) == (0, None, (NO_UNITS,))


def test_score_of_an_instrument_is_the_weighted_sum_of_whole_units() -> None:
    """Two items, weights 3 and 1; a source that lacks one of them has no score."""
    tone: Pairs = [(0, 1), (1, 1), (2, 1), (0, 0)]
    date: Pairs = [(3, 0), (1, 1), (None, 2)]
    report = compare(
        [*rows(tone), *rows(date, "date")], [criterion(weight=3), criterion("date", position=2)]
    )
    score = report.items[-1]
    sums: Pairs = [(3, 3), (4, 4), (6, 5)]
    assert [item.criterion_id for item in report.items] == ["tone", "date", None]
    assert (score.units, score.equal) == (3, 2 / 3)
    assert score.kappa.value == pytest.approx(kappa_by_moments(sums))


# The library and the command


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    """A package in which twelve sources were rated twice on one item."""
    answers = [
        ",".join(str(row[name.split(":")[0]]) for name in ANSWERS.split()).replace("None", "")
        for row in rows(made(3, 12, 3))
    ]
    header = ",".join(name.split(":")[0] for name in ANSWERS.split())
    return make(
        tmp_path,
        [table("assessments", ANSWERS), table("criteria", CRITERIA)],
        {
            "assessments.csv": "\n".join([header, *answers]).lower() + "\n",
            "criteria.csv": "criterion_id,instrument_id,title,position,weight\n"
            "tone,quest,Tone,1,1\n",
        },
        claimsProfile="1.0",
    )


def test_both_doors_say_the_same(rated: Path) -> None:
    """The command's JSON is the library's report, and its text shows the interval."""
    report = claimpack.agreement(rated)
    code, out, err = command("agreement", str(rated), "--format", "json")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert said["items"][0]["kappa"]["value"] == report.items[0].kappa.value
    assert (said["seed"], said["fewest"]) == (report.seed, report.fewest)
    code, out, err = command("agreement", str(rated))
    assert (code, err) == (0, "")
    assert " to " in out
    assert "95% intervals from 1,000 resamples" in out


def test_five_articles_are_always_too_few() -> None:
    """Of this repository's own ratings, every item says that its units are too few."""
    if not (ROOT / "datapackage.json").is_file():
        pytest.skip("the dataset is not here: the installed package is tested alone")
    report = claimpack.agreement(ROOT)
    assert report.items
    assert all(TOO_FEW in item.remarks for item in report.items)
    assert all(item.kappa.low is None for item in report.items)
    assert command("agreement", str(ROOT))[1].count(TOO_FEW) == len(report.items) + 1


@pytest.mark.parametrize("library", ["krippendorff", "statsmodels.stats.inter_rater"])
def test_missing_library_is_named_with_the_way_to_it(
    rated: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra the command says in one line what to install."""
    monkeypatch.setitem(sys.modules, library, None)
    code, out, err = command("agreement", str(rated))
    assert (code, out) == (2, "")
    assert 'pip install "claimpack[agreement]"' in err
    assert err.count("\n") == 1


def test_package_without_ratings_is_wrong_usage(tmp_path: Path) -> None:
    """A package that holds no assessments has no agreement to show."""
    folder = make(tmp_path, [table("t", "a")], {"t.csv": "a\n1\n"})
    with pytest.raises(claimpack.UsageError, match="no tables assessments and criteria"):
        claimpack.agreement(folder)
