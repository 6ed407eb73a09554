"""Ratings as sums over units, and the coefficients of agreement as functions of these sums.

Observed and expected disagreement are exact where the sums are fractions, and one entry per draw
where the sums are floats.
"""

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from functools import cache
from math import isfinite
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd

from .errors import DataError

_fractions = np.vectorize(Fraction, otypes=[object])


def jaccard(a: frozenset, b: frozenset) -> Fraction:
    """Jaccard distance of two sets; two empty sets (no code applies) are equal."""
    return Fraction(len(a ^ b), len(a | b) or 1)


@cache
def masi(a: frozenset, b: frozenset) -> Fraction:
    """MASI distance of two sets: Jaccard, weighted by whether one contains the other.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC 2006, 831-836.
    """
    kind = 3 if a == b else 0 if not a & b else 2 if a <= b or b <= a else 1
    return 1 - (1 - jaccard(a, b)) * Fraction(kind, 3)


def _number(x) -> bool:
    return isinstance(x, Real) and not isinstance(x, bool) and isfinite(x)


def _exact(x) -> Fraction:
    return Fraction(str(x))  # 0.1 is a tenth


def _ratio(a, b) -> Fraction:
    a, b = _exact(a), _exact(b)
    return ((a - b) / (a + b)) ** 2 if a + b else a


_LABEL = (lambda x: isinstance(x, Hashable) and x != "", "a label")
_NUMBER = (_number, "a number")
_AMOUNT = (lambda x: _number(x) and x >= 0, "a number from 0")
_SET = (lambda x: isinstance(x, frozenset), "a frozenset")
# Per distance: the codes it takes, and the difference of two codes that alpha weighs.
_DISTANCES = {
    "nominal": (*_LABEL, lambda a, b: Fraction(a != b)),
    "ordinal": (*_NUMBER, None),  # differs with how often each value is used: see krippendorff
    "interval": (*_NUMBER, lambda a, b: (_exact(a) - _exact(b)) ** 2),
    "ratio": (*_AMOUNT, _ratio),
    "jaccard": (*_SET, jaccard),
    "masi": (*_SET, masi),
}


MOST_CODERS = 5  # of whom a Dirichlet posterior over patterns is taken: at most six patterns


def _greater(values: Sequence | np.ndarray | pd.Index) -> int | None:
    """Which of at most two values counts as a one: the greater, if that can be said; None if none is."""
    if len(values) < 2:
        return 0 if len(values) and values[0] else None
    try:
        return int(values[1] > values[0])
    except TypeError:
        return 1


class Sums(NamedTuple):
    """Sums over the units that have m codes, for each m and each draw."""

    m: np.ndarray  # (sizes,)
    units: np.ndarray  # (sizes, draws)
    codes: np.ndarray  # (sizes, draws, values): codes given
    pairs: np.ndarray  # (sizes, draws, pairs): ordered pairs of codes given to the same unit
    first: np.ndarray  # (pairs,): number of the first and of the second value of each such pair
    second: np.ndarray


class Ratings:
    """Ratings as features of units that add up: the sums of a draw are a weighted sum of rows."""

    def __init__(self, ratings: pd.DataFrame, distance: str = "nominal", by_coder: bool = False):
        if distance not in _DISTANCES:
            raise DataError(f"distance {distance!r}: expected one of {', '.join(_DISTANCES)}")
        if ratings.shape[1] < 2 or ratings.empty:
            raise DataError(
                f"ratings of {len(ratings)} units by {ratings.shape[1]} coders: agreement needs at "
                "least one unit and two coders; widen the selection"
            )
        if ratings.index.has_duplicates:
            twice = ratings.index[ratings.index.duplicated()][0]
            raise DataError(f"row {twice} occurs twice; keep one row per unit")
        takes, kind, _ = _DISTANCES[distance]
        cells = ratings.to_numpy(object)
        for row, column in np.argwhere(ratings.notna().to_numpy()):
            if not takes(cells[row, column]):
                raise DataError(
                    f"row {ratings.index[row]}, coder {ratings.columns[column]}: "
                    f"{cells[row, column]!r} is not {kind}, as the distance {distance} expects; "
                    "correct the code or choose another distance"
                )
        flat, values = pd.factorize(cells.ravel(), sort=distance == "ordinal")
        given = flat.reshape(cells.shape)[:, :, None] == np.arange(len(values))
        text = np.array([isinstance(x, str) for x in values], bool)
        if text.any() and not text.all():
            row, column, value = np.argwhere(given & text)[0]
            raise DataError(
                f"row {ratings.index[row]}, coder {ratings.columns[column]}: "
                f"{values[value]!r} is text, while other codes are not; write all codes alike"
            )
        counts = given.sum(1)
        same = np.eye(len(values), dtype=int)
        if by_coder:  # the first coder's value, the second coder's value
            pairs = given[:, 0, :, None] & given[:, 1, None]
        else:
            pairs = counts[:, :, None] * (counts[:, None] - same)
        self.first, self.second = np.nonzero(pairs.any(0) | same)  # most pairs never occur
        one = np.ones((len(cells), 1), int)
        features = np.concatenate([one, counts, pairs[:, self.first, self.second]], axis=1)
        per_unit = counts.sum(1)
        self.index, self.coders, self.values = ratings.index, cells.shape[1], np.asarray(values)
        self.pairable = per_unit > 1
        self.used = values[counts[self.pairable].any(0)]
        self.m = np.unique(per_unit[per_unit > 0])
        self.features = features * (per_unit == self.m[:, None])[:, :, None]
        self.floats = self.features.astype(float)
        self.binary = distance == "nominal" and len(values) <= 2 and cells.shape[1] <= MOST_CODERS
        if self.binary:
            yes = _greater(values)
            ones = counts[:, yes] if yes is not None else np.zeros(len(cells), int)
            ordered = ones if yes is None else 2 * given[:, 0, yes] + given[:, 1, yes]
            self.patterns = {
                int(m): np.bincount(
                    (ordered if by_coder and m == 2 else ones)[per_unit == m].astype(np.int64),
                    minlength=4 if by_coder and m == 2 else m + 1,
                )
                for m in self.m
            }

    def sums(self, weights: np.ndarray | None = None) -> Sums:
        """Exact sums over the units, or floats for each row of weights (draws x units)."""
        if weights is None:
            total = _fractions(self.features.sum(1, keepdims=True))
        else:
            total = weights @ self.floats
        units, codes, pairs = np.split(total, [1, 1 + len(self.values)], axis=2)
        return Sums(self.m, units[:, :, 0], codes, pairs, self.first, self.second)


# A statistic gives observed and expected disagreement, one entry per draw; without variation the
# expected is 0, and the coefficient, 1 - observed / expected, is undefined.
Statistic = Callable[[Sums], tuple[np.ndarray, np.ndarray]]


def observed_agreement(s: Sums) -> tuple:
    many = s.m > 1
    alike = s.pairs[many][:, :, s.first == s.second].sum(2)
    return (s.units[many] - alike / (s.m * (s.m - 1))[many, None]).sum(0), s.units[many].sum(0)


def _shares(s: Sums) -> np.ndarray:
    return (s.codes / s.m[:, None, None]).sum(0) / s.units.sum(0)[:, None]


def fleiss(s: Sums) -> tuple:
    observed, units = observed_agreement(s)
    return observed, units * (1 - (_shares(s) ** 2).sum(1))


def gwet(s: Sums) -> tuple:
    observed, units = observed_agreement(s)
    shares = _shares(s)
    chance = (shares * (1 - shares)).sum(1) / max(shares.shape[1] - 1, 1)
    return observed, units * (1 - chance) * (shares.max(1, initial=0) < 1)


def cohen(s: Sums) -> tuple:
    pairs, value = s.pairs.sum(0), np.arange(s.codes.shape[2])
    n, alike = pairs.sum(1), pairs[:, s.first == s.second].sum(1)
    margins = [pairs @ (side[:, None] == value).astype(int) for side in (s.first, s.second)]
    return n * (n - alike), n**2 - (margins[0] * margins[1]).sum(1)


def krippendorff(distance: str, values: np.ndarray | Sequence) -> Statistic:
    difference = _DISTANCES[distance][2]
    if difference and distance != "nominal":
        exact = np.array([[difference(a, b) for b in values] for a in values], object)
        exact = exact.reshape(len(values), len(values))
        floats = exact.astype(float)

    def statistic(s: Sums) -> tuple:
        many = s.m > 1
        coincidences = (s.pairs[many] / (s.m[many] - 1)[:, None, None]).sum(0)
        used = s.codes[many].sum(0)
        n = used.sum(1)
        if distance == "nominal":
            observed = coincidences[:, s.first != s.second].sum(1)
            expected = n**2 - (used**2).sum(1)
        elif difference:
            weights = exact if used.dtype == object else floats
            observed = coincidences @ weights[s.first, s.second]
            expected = (used @ weights * used).sum(1)
        else:  # ordinal: the values are as far apart as their mid-ranks, so in squares
            ranks = used.cumsum(1) - used / 2
            observed = (coincidences * (ranks[:, s.first] - ranks[:, s.second]) ** 2).sum(1)
            expected = 2 * (n * (used * ranks**2).sum(1) - (used * ranks).sum(1) ** 2)
        return observed * (n - 1), expected

    return statistic
