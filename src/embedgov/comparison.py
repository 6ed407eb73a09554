"""Two rounds of coding over the same units, compared unit by unit.

That two intervals overlap says little about a difference, above all where the rounds share their
units. Here the difference itself has the interval: what varies is how many units have each *pair*
of patterns, so many coders of the one round and so many of the other for the code.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from .coding import sets, validated
from .errors import DataError
from .intervals import middle, posterior_shares, resampled
from .ratings import Ratings, krippendorff


class Estimate(NamedTuple):
    """A value with the middle 95% of its draws; nan where it is undefined.

    Parameters
    ----------
    value, low, high : float

    Examples
    --------
    >>> from embedgov.comparison import Estimate
    >>> found = Estimate(0.25, -0.5, 0.75)
    >>> found.low < 0 < found.high
    True
    """

    value: float
    low: float
    high: float


def _alpha(weights: np.ndarray, yes: np.ndarray, coders: int) -> np.ndarray:
    """Alpha of each row of weights over patterns, of which ``yes`` of so many coders are ones."""
    n = weights.sum(1) * coders
    ones = weights @ yes
    apart = weights @ (2 * yes * (coders - yes)) / max(coders - 1, 1)
    expected = 2 * ones * (n - ones)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((expected > 0) & (coders > 1), 1 - apart * (n - 1) / expected, np.nan)


def _statistics(joint: np.ndarray, m: int, n: int) -> dict[str, np.ndarray]:
    """What is reported of each row of weights over pairs of patterns."""
    one, other = (axis.ravel() for axis in np.indices((m + 1, n + 1)))
    units = joint.sum(1)

    def share(per_unit: np.ndarray) -> np.ndarray:
        return joint @ per_unit / units

    across = 1 - share((one * (n - other) + other * (m - one)) / (m * n))
    within = [
        1 - share(2 * yes * (coders - yes) / (coders * (coders - 1)))
        for yes, coders in ((one, m), (other, n))
        if coders > 1
    ]
    alphas = _alpha(joint, one, m), _alpha(joint, other, n)
    before, after = share(2 * one > m), share(2 * other > n)
    return {
        "alpha_one": alphas[0],
        "alpha_other": alphas[1],
        "alpha_difference": alphas[1] - alphas[0],
        "across": across,
        "across_difference": across - np.mean(within, axis=0) if within else np.full(len(joint), np.nan),
        "count_difference": (after - before) * units,
    }


def compare_rounds(
    one: pd.DataFrame,
    other: pd.DataFrame,
    *,
    unit: str,
    coder: str = "coder",
    codes: Sequence[str],
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare two rounds of binary codes by the units that both coded.

    Parameters
    ----------
    one, other : DataFrame
        One row per coder and unit, as of `embedgov.coding.validated`; the same units, every code
        decided. A round may have a single coder; then it has no alpha, and is its own majority.
    unit, coder, codes
        See `embedgov.coding.validated`.
    draws, seed
        Draws from the posterior over pairs of patterns. A unit's weight of a half for every
        pattern of a round is spread over the patterns of the other, so that each round by itself
        has the interval that `embedgov.agreement.alpha` gives.

    Returns
    -------
    DataFrame
        One row per code: ``one`` and ``other``, units with the code by majority; ``given`` and
        ``withdrawn``, units that have it in the other round only, and in the one only, and
        ``p_moved``, the exact probability of a split as uneven if either way were as likely
        (McNemar); ``disputed_one``, ``disputed_other``, units on which coders differ in that round
        only, and ``p_disputed`` likewise; ``across``, the share of pairs of coders, one of each
        round, who agree; and with ``_low`` and ``_high`` each: ``alpha_one``, ``alpha_other``,
        ``alpha_difference`` (other less one), ``across_difference`` (``across`` less the mean
        agreement within rounds) and ``count_difference``.

    Raises
    ------
    DataError
        See `embedgov.coding.validated`; or the rounds have different units, a code is missing, or
        draws are negative.

    References
    ----------
    McNemar, Q. (1947). Note on the sampling error of the difference between correlated
    proportions or percentages. Psychometrika 12(2), 153-157.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.comparison import compare_rounds
    >>> units = {"report": [1, 1, 2, 2, 3, 3, 4, 4], "coder": ["A", "B"] * 4}
    >>> one = pd.DataFrame(units | {"cost": [1, 1, 1, 1, 0, 0, 0, 1]})
    >>> other = pd.DataFrame(units | {"cost": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> table = compare_rounds(one, other, unit="report", codes=["cost"], draws=0)
    >>> table[["one", "other", "disputed_one", "disputed_other"]].to_numpy().tolist()
    [[2, 2, 1, 0]]
    >>> table[["alpha_one", "alpha_other"]].round(3).to_numpy().tolist()
    [[0.533, 1.0]]
    """
    tables = [_yes(each, unit, coder, codes) for each in (one, other)]
    (first, m), (second, n) = tables
    if different := set(first.index) ^ set(second.index):
        raise DataError(
            f"{unit} {min(different)!r} (and {len(different) - 1} more) is in one round only; "
            "compare rounds over the same units"
        )
    if draws < 0:
        raise DataError(f"draws is {draws}; expected 0 (no intervals) or more: give a count")
    second = second.loc[first.index]
    rows = []
    for code in codes:
        a, b = first[code].to_numpy(), second[code].to_numpy()
        joint = np.zeros((m + 1, n + 1), np.int64)
        np.add.at(joint, (a, b), 1)
        exact = _statistics(joint.reshape(1, -1).astype(float), m, n)
        drawn = {name: np.array([np.nan]) for name in exact}
        if draws:
            prior = 1 / (2 * max(m + 1, n + 1))
            drawn = _statistics(posterior_shares(joint.ravel(), draws, seed, prior), m, n)
        before, after, split, parted = 2 * a > m, 2 * b > n, (a > 0) & (a < m), (b > 0) & (b < n)
        given, withdrawn = int((after & ~before).sum()), int((before & ~after).sum())
        only, newly = int((split & ~parted).sum()), int((parted & ~split).sum())
        rows.append(
            {"code": code, "units": len(a), "one": int(before.sum()), "other": int(after.sum())}
            | {"given": given, "withdrawn": withdrawn, "p_moved": _even(given, withdrawn)}
            | {"disputed_one": only, "disputed_other": newly, "p_disputed": _even(only, newly)}
        )
        rows[-1]["across"] = float(exact.pop("across")[0])
        for name, (value,) in exact.items():
            low, high = middle(drawn[name]) if not np.isnan(value) else (np.nan, np.nan)
            rows[-1] |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(rows)


def _yes(table: pd.DataFrame, unit: str, coder: str, codes: Sequence[str]) -> tuple[pd.DataFrame, int]:
    """How many coders give each code to each unit, and how many coders there are."""
    table = validated(table, unit=unit, coder=coder, codes=codes)
    for row, column in np.argwhere(table[list(codes)].isna()):
        raise DataError(
            f"coder {table[coder][row]!r}, {unit} {table[unit][row]!r}, column {codes[column]!r}: "
            "missing; decide it, or leave the unit out of both rounds"
        )
    return table.groupby(unit)[list(codes)].sum().astype(int), table[coder].nunique()


def _even(one: int, other: int) -> float:
    """Exact two-sided probability of so uneven a split if both sides are as likely; 1 of none."""
    return float(binomtest(one, one + other).pvalue) if one + other else 1.0


def difference_of_sets(
    one: pd.DataFrame,
    other: pd.DataFrame,
    *,
    unit: str,
    coder: str = "coder",
    codes: Sequence[str],
    distance: str = "masi",
    draws: int = 10_000,
    seed: int = 0,
) -> Estimate:
    """Alpha of whole sets of codes in one round less that in another, over the same units.

    Parameters
    ----------
    one, other, unit, coder, codes
        See `compare_rounds`; each round has two coders at least.
    distance : str
        ``jaccard`` or ``masi``.
    draws, seed
        Resamplings of the units, the same for both rounds.

    Returns
    -------
    Estimate
        Other less one.

    Raises
    ------
    DataError
        See `embedgov.coding.validated` and `embedgov.agreement.alpha`; or the rounds have
        different units.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.comparison import difference_of_sets
    >>> units = {"report": [1, 1, 2, 2, 3, 3, 4, 4], "coder": ["A", "B"] * 4}
    >>> one = pd.DataFrame(units | {"cost": [1, 1, 1, 1, 0, 0, 0, 1]})
    >>> other = pd.DataFrame(units | {"cost": [1, 1, 1, 1, 0, 0, 0, 0]})
    >>> found = difference_of_sets(one, other, unit="report", codes=["cost"], draws=0)
    >>> round(found.value, 3)
    0.467
    """
    ratings = []
    for table in (one, other):
        table = validated(table, unit=unit, coder=coder, codes=codes).set_index([unit, coder])
        ratings.append(Ratings(sets(table[list(codes)]).unstack().sort_index(), distance))
    if not ratings[0].index.equals(ratings[1].index):
        raise DataError("the rounds have different units; compare rounds over the same units")

    def values(weights: np.ndarray | None) -> np.ndarray:
        found = []
        for each in ratings:
            observed, expected = krippendorff(distance, each.values)(each.sums(weights))
            found.append(1 - np.asarray(observed / expected, float))
        return found[1] - found[0]

    drawn = [values(weights) for _, weights in resampled(ratings[0].index, None, draws, seed, 256)]
    return Estimate(float(values(None)[0]), *middle(np.concatenate(drawn) if drawn else np.array([np.nan])))
