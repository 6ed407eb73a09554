"""Intervals of agreement: their coverage by simulation, and what they do not depend on."""

from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest

from embedgov.agreement import ac1, alpha, percent_agreement
from embedgov.intervals import posterior_shares, posterior_sums, resampled


def chances(prevalence, slips, coins=0.0):
    """Chances that none to all of three coders say yes: each slips; of some units all toss coins."""
    said = [
        prevalence * comb(3, k) * (1 - slips) ** k * slips ** (3 - k)
        + (1 - prevalence) * comb(3, k) * slips**k * (1 - slips) ** (3 - k)
        for k in range(4)
    ]
    return np.array([(1 - coins) * each + coins * comb(3, k) / 8 for k, each in enumerate(said)])


def of_population(shares, kind):
    """Alpha or AC1 of infinitely many units with these shares of patterns, from their definitions."""
    yes = sum(k * share for k, share in enumerate(shares)) / 3
    apart = sum(share * 2 * k * (3 - k) / 6 for k, share in enumerate(shares))
    if kind is alpha:
        return 1 - apart / (2 * yes * (1 - yes))
    guess = 2 * yes * (1 - yes)
    return (1 - apart - guess) / (1 - guess)


def ratings(counts):
    """Units of three coders with so many of each pattern."""
    rows = [[1] * k + [0] * (3 - k) for k, n in enumerate(counts) for _ in range(n)]
    return pd.DataFrame(rows)


# Units, prevalence, slips, coin tosses: with the percentile bootstrap of units alpha is covered in
# .94, .88, .79, .81, .83, .45 and .69 of samples.
CASES = [
    (114, 0.5, 0.02, 0),
    (114, 0.35, 0.01, 0),
    (114, 0.2, 0.005, 0),
    (114, 0.1, 0.005, 0),
    (118, 0.1, 0, 0.02),
    (40, 0.2, 0.005, 0),
    (40, 0.35, 0.01, 0),
]


@pytest.mark.parametrize("coefficient", [alpha, ac1])
@pytest.mark.parametrize("units, prevalence, slips, coins", CASES)
def test_coverage_is_about_nominal_where_coders_hardly_differ(coefficient, units, prevalence, slips, coins):
    shares = chances(prevalence, slips, coins)
    samples = np.random.default_rng(1).multinomial(units, shares, size=400)
    kinds, times = np.unique(samples, axis=0, return_counts=True)
    true, covered = of_population(shares, coefficient), 0
    for counts, number in zip(kinds, times):
        found = coefficient(ratings(counts), draws=600)
        covered += number * (np.isnan(found.low) or found.low <= true <= found.high)
    assert 0.90 <= covered / 400 <= 0.99


def test_an_interval_has_a_width_although_coders_never_differ():
    found = alpha(ratings([93, 0, 0, 21]), draws=10_000)
    assert found.value == 1 and found.low < 0.97 and found.high < 1
    # By another programme, of the same posterior: INT of the statements, .92 to 1.00
    assert found.low == pytest.approx(0.92, abs=0.015)


def test_agreement_without_variation_is_not_certain():
    found = percent_agreement(ratings([0, 0, 0, 114]), draws=10_000)
    assert found.value == 1 and 0.96 < found.low < found.high < 1


def test_shares_have_the_mean_and_the_spread_of_a_dirichlet_distribution():
    counts = np.array([70, 3, 1, 40])
    drawn = posterior_shares(counts, 40_000, 3) / 114
    a, total = counts + 0.5, 116
    assert drawn.sum(1) == pytest.approx(1)
    assert drawn.mean(0) == pytest.approx(a / total, abs=2e-3)
    assert drawn.var(0) == pytest.approx(a / total * (1 - a / total) / (total + 1), rel=0.05)


def test_sums_of_a_draw_are_those_of_the_patterns():
    sums = posterior_sums({1: [2, 5], 3: [10, 1, 2, 7]}, 5, 0)
    units, codes, pairs = sums.units.sum(0), sums.codes, sums.pairs
    assert units == pytest.approx(27)
    assert codes[0].sum(1) == pytest.approx(7) and codes[1].sum(1) == pytest.approx(60)
    assert pairs[0] == pytest.approx(0) and pairs[1].sum(1) == pytest.approx(20 * 6)
    assert (pairs[1][:, 1] == pairs[1][:, 2]).all()


def test_the_interval_depends_on_the_counts_alone():
    one = ratings([30, 2, 1, 9])
    other = one.sample(frac=1, random_state=2).reset_index(drop=True)[[2, 0, 1]]
    texts = one.replace({0: "no", 1: "yes"})
    ends = [(found.low, found.high) for found in (alpha(each, draws=500) for each in (one, other, texts))]
    assert ends[0] == ends[1] == ends[2]
    assert alpha(one).value == alpha(texts).value == Fraction(alpha(one).value)


def test_taken_rows_may_be_counted_in_the_integers_of_any_machine(monkeypatch):
    """Where an index has 32 bits, numpy counts no integers of 64 bits."""
    count = np.bincount

    def strict(taken, **options):
        assert taken.dtype == np.intp
        return count(taken, **options)

    monkeypatch.setattr(np, "bincount", strict)
    ((first, weights),) = resampled(pd.RangeIndex(5), None, 3, 0, 10)
    assert first == 0 and weights.sum(1).tolist() == [5, 5, 5]
