"""Paired comparisons of rounds: values by hand and by other programmes, coverage by simulation."""

import numpy as np
import pandas as pd
import pytest
from test_intervals import chances, of_population

from embedgov import agreement
from embedgov.comparison import _statistics, compare_rounds, difference_of_sets
from embedgov.errors import DataError
from embedgov.intervals import middle, posterior_shares
from embedgov_study import data

CODES = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]


def long(yes, coders, of=3):
    """Rows of coders by how many of them say yes to each unit."""
    return pd.DataFrame(
        [
            {"coder": coders[k], "unit": f"u{i:03d}", "A": int(k < n)}
            for i, n in enumerate(yes)
            for k in range(of)
        ]
    )


def test_a_comparison_by_hand():
    one, other = long([3, 3, 2, 1, 0, 0], "abc"), long([3, 2, 3, 3, 0, 1], "def")
    row = compare_rounds(one, other, unit="unit", codes=["A"], draws=0).iloc[0]
    assert row[["one", "other", "given", "withdrawn"]].tolist() == [3, 4, 1, 0]
    # split in the one: u2, u3; in the other: u1, u5
    assert row[["disputed_one", "disputed_other", "p_disputed", "p_moved"]].tolist() == [2, 2, 1, 1]
    assert row["alpha_one"] == pytest.approx(
        float(agreement.alpha(one.pivot(index="unit", columns="coder", values="A")))
    )
    # pairs across that differ: 0, 3, 3, 6, 0 and 3 of 9
    assert row["across"] == pytest.approx(1 - 15 / 54)
    # within the one 4 of 6 ordered pairs differ in u2 and u3, within the other in u1 and u5
    assert row["across_difference"] == pytest.approx((1 - 15 / 54) - (1 - 2 * 4 / 36))
    assert row["count_difference"] == pytest.approx(1) and np.isnan(row["alpha_difference_low"])


def test_the_rounds_of_the_statements_as_another_programme_has_them():
    """Bootstrap by another programme: MASI .019 (-.025 to .064), PRO .033, TEC .041, INS .022, RES -.005."""
    pilot, final = data.statement_codes("pilot"), data.statement_codes("final")
    rows = compare_rounds(pilot, final, unit="designation_id", codes=CODES, draws=2000).set_index("code")
    for code, value in {"PRO": 0.033, "TEC": 0.041, "INS": 0.022, "RES": -0.005}.items():
        assert rows.at[code, "alpha_difference"] == pytest.approx(value, abs=5e-4)
        assert rows.at[code, "alpha_difference_low"] < value < rows.at[code, "alpha_difference_high"]
    masi = difference_of_sets(pilot, final, unit="designation_id", codes=CODES, draws=2000)
    assert masi.value == pytest.approx(0.019, abs=5e-4)
    assert (masi.low, masi.high) == pytest.approx((-0.025, 0.064), abs=0.006)


def test_each_round_by_itself_has_about_the_interval_of_alpha():
    final, repeat = long([3] * 20 + [2] * 2 + [0] * 30, "abc"), long([3] * 21 + [1] + [0] * 30, "def")
    row = compare_rounds(final, repeat, unit="unit", codes=["A"], draws=20_000).iloc[0]
    for table, name in ((final, "alpha_one"), (repeat, "alpha_other")):
        alone = agreement.alpha(table.pivot(index="unit", columns="coder", values="A"), draws=20_000)
        assert (row[f"{name}_low"], row[f"{name}_high"]) == pytest.approx((alone.low, alone.high), abs=0.015)


@pytest.mark.parametrize(
    "units, prevalence, slips, coins",
    [(114, 0.35, 0.01, 0), (40, 0.35, 0.02, 0), (114, 0.2, 0.005, 0.03), (114, 0.2, 0.02, 0)],
)
def test_a_difference_of_nothing_is_covered_at_about_its_level(units, prevalence, slips, coins):
    """Two rounds of the same kind over the same units, of which some are hard for either."""
    random, covered = np.random.default_rng(5), np.zeros(2)
    for sample in range(400):
        true, hard = random.random(units) < prevalence, random.random(units) < coins
        joint = np.zeros((4, 4), int)
        rounds = [true[:, None] ^ (random.random((units, 3)) < slips) for _ in range(2)]
        for each in rounds:
            each[hard] = random.random((hard.sum(), 3)) < 0.5
        np.add.at(joint, tuple(each.sum(1) for each in rounds), 1)
        drawn = _statistics(posterior_shares(joint.ravel(), 300, sample, 1 / 8), 3, 3)
        for place, name in enumerate(("alpha_difference", "across_difference")):
            low, high = middle(drawn[name])
            covered[place] += low <= 1e-12 and -1e-12 <= high
    assert (covered / 400 >= 0.91).all()


def test_a_round_that_is_worse_is_told_from_one_that_is_better():
    random = np.random.default_rng(7)
    true = random.random(400) < 0.4
    yes = [(true[:, None] ^ (random.random((400, 3)) < slips)).sum(1) for slips in (0.01, 0.1)]
    one, other = (long(each, names) for each, names in zip(yes, ("abc", "def")))
    row = compare_rounds(one, other, unit="unit", codes=["A"], draws=2000).iloc[0]
    expected = of_population(chances(0.4, 0.1), agreement.alpha) - of_population(
        chances(0.4, 0.01), agreement.alpha
    )
    assert row["alpha_difference_low"] < expected < row["alpha_difference_high"] < 0
    assert row["p_disputed"] < 0.001


def test_a_single_coder_is_a_round_without_alpha():
    one, other = long([3, 2, 0, 0], "abc"), long([1, 0, 1, 0], "w", of=1)
    row = compare_rounds(one, other, unit="unit", codes=["A"], draws=100).iloc[0]
    assert np.isnan(row[["alpha_other", "alpha_difference", "alpha_difference_low"]].astype(float)).all()
    assert row["across"] == pytest.approx((3 + 1 + 0 + 3) / 12) and row["alpha_one"] < 1
    assert row[["given", "withdrawn"]].tolist() == [1, 1]


def test_what_does_not_fit_is_an_error_that_names_it():
    one = long([3, 0, 1], "abc")
    with pytest.raises(DataError, match="'u002' .* is in one round only"):
        compare_rounds(one, long([3, 0], "def"), unit="unit", codes=["A"])
    gap = one.assign(A=[None, *one["A"][1:]])
    with pytest.raises(DataError, match="coder 'a', unit 'u000', column 'A': missing"):
        compare_rounds(gap, one, unit="unit", codes=["A"])
