"""Agreement between coders: exact coefficients and bootstrap intervals.

*Ratings* are a table of units by coders; a missing cell means that the coder did not decide.
Every coefficient is 1 - observed / expected disagreement and a rational number, so it is held as
a `Fraction`. The same formulas on floats give all bootstrap draws at once.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import isfinite
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd

from .coding import sets, validated
from .errors import DataError

_fractions = np.vectorize(Fraction, otypes=[object])


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement; ``float(...)`` of it is nan where it is undefined."""

    value: Fraction | None  # None: undefined
    reason: str  # why it is undefined, else empty
    coders: int
    units: int  # with codes from at least two coders
    left_out: int  # units with fewer
    low: float  # percentiles 2.5 and 97.5 of the draws that are defined; nan without any
    high: float
    draws: int
    undefined_draws: int

    def __float__(self) -> float:
        return np.nan if self.value is None else float(self.value)


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
    "ordinal": (*_NUMBER, None),  # differs with how often each value is used: see _alpha
    "interval": (*_NUMBER, lambda a, b: (_exact(a) - _exact(b)) ** 2),
    "ratio": (*_AMOUNT, _ratio),
    "jaccard": (*_SET, jaccard),
    "masi": (*_SET, masi),
}


class _Sums(NamedTuple):
    """Sums over the units that have m codes, for each m and each draw."""

    m: np.ndarray  # (sizes,)
    units: np.ndarray  # (sizes, draws)
    codes: np.ndarray  # (sizes, draws, values): codes given
    pairs: np.ndarray  # (sizes, draws, pairs): ordered pairs of codes given to the same unit
    first: np.ndarray  # (pairs,): number of the first and of the second value of each such pair
    second: np.ndarray


class _Ratings:
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

    def sums(self, weights: np.ndarray | None = None) -> _Sums:
        """Exact sums over the units, or floats for each row of weights (draws x units)."""
        if weights is None:
            total = _fractions(self.features.sum(1, keepdims=True))
        else:
            total = weights @ self.floats
        units, codes, pairs = np.split(total, [1, 1 + len(self.values)], axis=2)
        return _Sums(self.m, units[:, :, 0], codes, pairs, self.first, self.second)


# A statistic gives observed and expected disagreement, one entry per draw; without variation the
# expected is 0, and the coefficient, 1 - observed / expected, is undefined.
_Statistic = Callable[[_Sums], tuple[np.ndarray, np.ndarray]]


def _observed(s: _Sums) -> tuple:
    many = s.m > 1
    alike = s.pairs[many][:, :, s.first == s.second].sum(2)
    return (s.units[many] - alike / (s.m * (s.m - 1))[many, None]).sum(0), s.units[many].sum(0)


def _shares(s: _Sums) -> np.ndarray:
    return (s.codes / s.m[:, None, None]).sum(0) / s.units.sum(0)[:, None]


def _fleiss(s: _Sums) -> tuple:
    observed, units = _observed(s)
    return observed, units * (1 - (_shares(s) ** 2).sum(1))


def _ac1(s: _Sums) -> tuple:
    observed, units = _observed(s)
    shares = _shares(s)
    chance = (shares * (1 - shares)).sum(1) / max(shares.shape[1] - 1, 1)
    return observed, units * (1 - chance) * (shares.max(1, initial=0) < 1)


def _cohen(s: _Sums) -> tuple:
    pairs, value = s.pairs.sum(0), np.arange(s.codes.shape[2])
    n, alike = pairs.sum(1), pairs[:, s.first == s.second].sum(1)
    margins = [pairs @ (side[:, None] == value).astype(int) for side in (s.first, s.second)]
    return n * (n - alike), n**2 - (margins[0] * margins[1]).sum(1)


def _alpha(distance: str, values: np.ndarray | Sequence) -> _Statistic:
    difference = _DISTANCES[distance][2]
    if difference:
        exact = np.array([[difference(a, b) for b in values] for a in values], object)
        exact = exact.reshape(len(values), len(values))
        floats = exact.astype(float)

    def statistic(s: _Sums) -> tuple:
        many = s.m > 1
        coincidences = (s.pairs[many] / (s.m[many] - 1)[:, None, None]).sum(0)
        used = s.codes[many].sum(0)
        n = used.sum(1)
        if difference:
            weights = exact if used.dtype == object else floats
            observed = coincidences @ weights[s.first, s.second]
            expected = (used @ weights * used).sum(1)
        else:  # ordinal: the values are as far apart as their mid-ranks, so in squares
            ranks = used.cumsum(1) - used / 2
            observed = (coincidences * (ranks[:, s.first] - ranks[:, s.second]) ** 2).sum(1)
            expected = 2 * (n * (used * ranks**2).sum(1) - (used * ranks).sum(1) ** 2)
        return observed * (n - 1), expected

    return statistic


def _resampled(index: pd.Index, cluster: pd.Series | None, draws: int, seed: int, at_once: int):
    """Yield the number of a draw, and how often it and the next ones take each unit."""
    groups = np.arange(len(index))
    if cluster is not None:
        cluster = pd.Series(cluster).reindex(index)
        if cluster.isna().any():
            missing = index[cluster.isna()][0]
            raise DataError(f"unit {missing} has no cluster; give it one or leave the unit out")
        groups = pd.factorize(cluster)[0]
    n = groups.max() + 1
    if n < 2:
        raise DataError("one unit or cluster only: resampling needs two; widen it or set draws=0")
    random = np.random.default_rng(seed)
    for first in range(0, draws, at_once):
        some = min(at_once, draws - first)
        taken = random.integers(n, size=(some, n)) + n * np.arange(some)[:, None]
        times = np.bincount(taken.ravel(), minlength=some * n).reshape(some, n)
        yield first, times[:, groups].astype(float)


def _require_count(draws: int) -> None:
    if draws < 0:
        raise DataError(f"draws is {draws}; expected 0 (no intervals) or more: give a count")


def _coefficients(
    jobs: Sequence[tuple[_Ratings, list[_Statistic]]], draws: int, seed: int, cluster: pd.Series | None
) -> list[list[Coefficient]]:
    """Every coefficient of all ratings, which have the same units; a draw is one for all."""
    _require_count(draws)
    drawn = [np.full((len(statistics), draws), np.nan) for _, statistics in jobs]
    if draws:
        cells = max(len(ratings.index) + ratings.features[:, 0].size for ratings, _ in jobs)
        at_once = max(1, 2**17 // cells)  # arrays of about 1 MB, which stay in the cache
        resampled = _resampled(jobs[0][0].index, cluster, draws, seed, at_once)
        for first, weights in resampled:
            for (ratings, statistics), values in zip(jobs, drawn):
                sums = ratings.sums(weights)
                for statistic, row in zip(statistics, values):
                    with np.errstate(divide="ignore", invalid="ignore"):
                        observed, expected = statistic(sums)
                        part = np.where(expected > 0, 1 - observed / expected, np.nan)
                    row[first : first + len(part)] = part
    return [
        [_coefficient(ratings, *pair) for pair in zip(statistics, values)]
        for (ratings, statistics), values in zip(jobs, drawn)
    ]


def _coefficient(ratings: _Ratings, statistic: _Statistic, drawn: np.ndarray) -> Coefficient:
    value, reason = None, "no unit has codes from two coders"
    if units := int(ratings.pairable.sum()):
        observed, expected = (x[0] for x in statistic(ratings.sums()))
        if expected:
            value, reason = 1 - observed / expected, ""
        else:
            reason = f"no variation: every code that can be compared is {ratings.used[0]!r}"
    defined = drawn[~np.isnan(drawn)]
    low, high = np.quantile(defined, [0.025, 0.975]).tolist() if defined.size else (np.nan,) * 2
    return Coefficient(
        value,
        reason,
        ratings.coders,
        units,
        len(ratings.index) - units,
        low,
        high,
        drawn.size,
        drawn.size - defined.size,
    )


def alpha(
    ratings: pd.DataFrame,
    distance: str = "nominal",
    *,
    draws: int = 0,
    seed: int = 0,
    cluster: pd.Series | None = None,
) -> Coefficient:
    """Krippendorff's alpha.

    Units with fewer than two codes say nothing about agreement and are left out.

    Parameters
    ----------
    ratings : DataFrame, units x coders
        Labels, numbers or (see `embedgov.coding.sets`) frozensets; missing where not decided.
    distance : str
        ``nominal``, ``ordinal``, ``interval``, ``ratio``; or of sets ``jaccard`` or ``masi``.
    draws : int
        Bootstrap draws for the interval; 0 for none. A draw takes as many rows as ``ratings``
        has, with replacement, whether or not they can be compared. Where coders never differ
        the interval has no width, which is a limit of the method and not certainty.
    seed : int
        Of `numpy.random.default_rng`.
    cluster : Series, optional
        Cluster of every unit. A draw then takes as many whole clusters as there are.

    Returns
    -------
    Coefficient

    Raises
    ------
    DataError
        A code does not suit the distance, a unit has two rows, there are fewer than two coders
        or no units, a unit has no cluster, or there is a single cluster.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of
    Pennsylvania, Annenberg School for Communication.

    Examples
    --------
    >>> ratings = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 1, 0, 1]})
    >>> alpha(ratings).value
    Fraction(8, 15)
    """
    data = _Ratings(ratings, distance)
    return _coefficients([(data, [_alpha(distance, data.values)])], draws, seed, cluster)[0][0]


def _nominal(ratings, statistic, by_coder=False, *, draws=0, seed=0, cluster=None) -> Coefficient:
    jobs = [(_Ratings(ratings, by_coder=by_coder), [statistic])]
    return _coefficients(jobs, draws, seed, cluster)[0][0]


def percent_agreement(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Observed agreement: the share of pairs of coders who agree, averaged over units.

    Not corrected for chance, hence defined without variation too. Codes are nominal; parameters,
    result and errors are those of `alpha`.
    """
    return _nominal(ratings, _observed, **resampling)


def ac1(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Gwet's AC1, which prevalence disturbs less than alpha and kappa.

    The categories are the values that occur. A unit with one code counts for their prevalence,
    not for the observed agreement. Without variation AC1 is undefined here, although the formula
    would give 1. Codes are nominal; parameters, result and errors are those of `alpha`.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of
    high agreement. British Journal of Mathematical and Statistical Psychology 61(1), 29-48.
    """
    return _nominal(ratings, _ac1, **resampling)


def fleiss_kappa(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Fleiss' kappa; where codes are missing, Gwet's generalisation of it.

    Fleiss has the same number of codes in every unit. In the generalisation every unit has the
    same weight whatever its number of codes, and a unit with one code counts for the prevalence
    only. Codes are nominal; parameters, result and errors are those of `alpha`.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin 76(5), 378-382.
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics.
    """
    return _nominal(ratings, _fleiss, **resampling)


def cohen_kappa(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Cohen's kappa of two coders, over the units that both coded.

    Codes are nominal; parameters, result and errors are those of `alpha`, and another number of
    coders than two is an error.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement 20(1), 37-46.
    """
    if ratings.shape[1] != 2:
        raise DataError(f"coders {list(ratings)}: Cohen's kappa takes two; choose two columns, or use alpha")
    return _nominal(ratings, _cohen, True, **resampling)


def agreement_table(
    codes_long: pd.DataFrame,
    *,
    unit: str,
    coder: str = "coder",
    codes: Sequence[str],
    cluster: str | None = None,
    draws: int = 10_000,
    seed: int = 0,
    together: bool = True,
) -> pd.DataFrame:
    """Percent agreement, alpha and AC1 of every binary code, and of all codes together.

    The three belong together: where nearly every unit has a code, alpha collapses although the
    coders hardly differ, and agreement is high although chance alone would do it.

    Parameters
    ----------
    codes_long, unit, coder, codes
        See `embedgov.coding.validated`.
    cluster : str, optional
        Column with the cluster of the unit; a draw then takes whole clusters.
    draws, seed
        See `alpha`; a draw takes the same units for all codes.
    together : bool
        Whether to add the rows of all codes together, which take long for very many coders.

    Returns
    -------
    DataFrame
        One row per code (``distance`` nominal). After several codes two rows ``ALL``, in which
        the code of a unit is the set of codes that apply to it, missing if one of them is: there
        agreement is the share of identical sets, alpha has the Jaccard or the MASI distance, and
        AC1 is not defined. Nothing is averaged over codes. Columns:

        - code, distance, coders
        - units (with codes from two coders), left_out (other units), missing (codes)
        - prevalence: share of the given codes that are 1, of the sets that are not empty
        - disagreements: units on which two coders differ
        - agreement, alpha, ac1 as floats, nan where undefined, each with _low, _high and
          _undefined_draws; reason, why one is undefined

    Raises
    ------
    DataError
        See `embedgov.coding.validated` and `alpha`; or a unit lies in two clusters.
    """
    table = validated(codes_long, unit=unit, coder=coder, codes=codes)
    clusters = None
    if cluster is not None:
        if cluster not in codes_long:
            raise DataError(f"there is no column {cluster}; choose from {list(codes_long)}")
        clusters = codes_long[[unit, cluster]].drop_duplicates().set_index(unit)[cluster]
        if (twice := clusters.index.duplicated()).any():
            row = clusters.index[twice][0]
            raise DataError(
                f"column {cluster}: {unit} {row} lies in {list(clusters[row])}; give the unit one cluster"
            )
    wide = table.set_index([unit, coder])
    variables = [(code, "nominal", wide[code].unstack()) for code in codes]
    if together and len(codes) > 1:
        whole = sets(wide[list(codes)]).unstack()
        variables += [("ALL", "jaccard", whole), ("ALL", "masi", whole)]
    jobs = []
    for _, distance, ratings in variables:
        data = _Ratings(ratings, distance)
        jobs.append((data, [_observed, _alpha(distance, data.values)] + [_ac1] * (distance == "nominal")))
    rows = []
    for (code, distance, ratings), results in zip(variables, _coefficients(jobs, draws, seed, clusters)):
        given = ratings.stack().dropna()
        row = {
            "code": code,
            "distance": distance,
            "coders": results[0].coders,
            "units": results[0].units,
            "left_out": results[0].left_out,
            "missing": ratings.size - len(given),
            "prevalence": given.astype(bool).mean() if len(given) else np.nan,
            "disagreements": int((ratings.nunique(axis=1) > 1).sum()),
        }
        reasons = []
        for name, result in zip(("agreement", "alpha", "ac1"), results):
            row |= {
                name: float(result),
                f"{name}_low": result.low,
                f"{name}_high": result.high,
                f"{name}_undefined_draws": result.undefined_draws,
            }
            reasons += [f"{name}: {result.reason}"] * bool(result.reason)
        rows.append(row | {"reason": "; ".join(reasons)})
    return pd.DataFrame(rows)


def agreement_with(
    coders: Mapping[str, pd.DataFrame],
    references: Mapping[str, pd.DataFrame],
    *,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Percent agreement, alpha and AC1 of every coder with every reference, code by code.

    What `agreement_table` gives for a code of each such pair, for many pairs at once: a class
    and its references. All have the same units, and a draw takes the same units for all.

    Parameters
    ----------
    coders, references : mapping of str to DataFrame, units x codes
        The values of each: 1, 0 or missing, with the same index and columns.
    draws, seed
        See `alpha`.

    Returns
    -------
    DataFrame
        One row per coder, reference and code, which are its columns, with ``units`` (that both
        coded), ``agreement``, ``alpha`` and ``ac1`` as floats, nan where undefined, each with
        ``_low`` and ``_high``.

    Raises
    ------
    DataError
        A value is none of these, the units or codes differ, there are no coders or references,
        there is one unit and draws are asked for, draws are negative, or there are more than 1,551 units.
    """
    _require_count(draws)
    names = [*coders, *references]
    if not coders or not references:
        raise DataError(
            f"{len(coders)} coders and {len(references)} references: expected at least "
            "one of each; widen the selection"
        )
    first = next(iter(coders.values()))
    if (len(first) + 1) ** 5 > 2**53:  # what `_pairs` counts with would not be exact
        raise DataError(
            f"{len(first):,} units are too many for exact counts: take 1,551 at most, or "
            "compare two at a time by agreement_table"
        )
    cells = np.empty((len(names), *first.shape))
    for place, (name, values) in enumerate([*coders.items(), *references.items()]):
        if not (values.index.equals(first.index) and values.columns.equals(first.columns)):
            raise DataError(
                f"coder {name} has other units or codes than {names[0]}; give all the "
                "same, with missing values where nothing was decided"
            )
        cells[place] = values.to_numpy(float, na_value=np.nan)
        for row, column in np.argwhere(~(np.isnan(cells[place]) | np.isin(cells[place], (0, 1)))):
            raise DataError(
                f"coder {name}, row {first.index[row]}, column {first.columns[column]}: "
                f"{values.iat[row, column]!r} is not a code; write 1 (applies), 0 (does "
                "not) or leave it missing"
            )
    weights = np.ones((1, len(first)))
    if draws:
        drawn = [some for _, some in _resampled(first.index, None, draws, seed, draws)]
        weights = np.concatenate([weights, *drawn])
    at_once = max(1, 2**20 // len(weights) // (len(references) * first.shape[1]))
    ours, theirs = cells[: len(coders)], cells[len(coders) :]
    rows = [_pairs(ours[start : start + at_once], theirs, weights) for start in range(0, len(ours), at_once)]
    keys = pd.MultiIndex.from_product(
        [list(coders), list(references), list(first.columns)], names=["coder", "reference", "code"]
    )
    table = pd.DataFrame(np.concatenate(rows), keys, _PAIR_COLUMNS)
    return table.reset_index().astype({"units": int})


_PAIR_COLUMNS = [
    "units",
    *(f"{name}{end}" for name in ("agreement", "alpha", "ac1") for end in ("", "_low", "_high")),
]


def _pairs(coders: np.ndarray, references: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Rows of `agreement_with`; the first weights are those of the whole, the others draws.

    What matters of a pair and a draw is how many units are 00, 01 or 10, 11, and 0 or 1 by one
    of the two only. Each count is a digit of one number, so that a matrix product counts all,
    and the statistics are worked out once for every number that occurs.
    """
    base = weights.shape[1] + 1
    ours, theirs = coders[:, None], references[None]  # coders, references, units, codes
    digit = np.where(np.isnan(ours), theirs + 3, np.where(np.isnan(theirs), ours + 3, ours + theirs))
    digit = np.moveaxis(digit, 2, 3)
    digits = np.where(np.isnan(digit), 0, float(base) ** np.nan_to_num(digit))
    numbers = digits.reshape(-1, base - 1) @ weights.T  # pairs x draws
    place, found = pd.factorize(numbers.ravel())
    n00, parted, n11, only0, only1 = (found // base**k % base for k in range(5))
    none = np.zeros_like(n00)
    sums = _Sums(
        np.array([1, 2]),
        np.stack([only0 + only1, n00 + parted + n11]),
        np.stack([np.stack([only0, only1], 1), np.stack([2 * n00 + parted, 2 * n11 + parted], 1)]),
        np.stack([np.stack([none] * 4, 1), np.stack([2 * n00, parted, parted, 2 * n11], 1)]),
        np.array([0, 0, 1, 1]),
        np.array([0, 1, 0, 1]),
    )
    rows = [sums.units[1][place].reshape(numbers.shape)[:, 0]]
    for statistic in (_observed, _alpha("nominal", [0, 1]), _ac1):
        with np.errstate(divide="ignore", invalid="ignore"):
            observed, expected = statistic(sums)
            values = np.where(expected > 0, 1 - observed / expected, np.nan)
        drawn = values[place].reshape(numbers.shape)
        rows += [drawn[:, 0], *_percentiles(drawn[:, 1:])]
    return np.column_stack(rows)


def _percentiles(drawn: np.ndarray) -> list[np.ndarray]:
    """Percentiles 2.5 and 97.5 of the defined draws in each row, as of `numpy.quantile`."""
    if not drawn.shape[1]:
        return [np.full(len(drawn), np.nan)] * 2
    defined = (~np.isnan(drawn)).sum(1)
    drawn, row, ends = np.sort(drawn), np.arange(len(drawn)), []  # nan goes last
    for share in (0.025, 0.975):
        at = share * (defined - 1).clip(0)
        below, above = np.floor(at).astype(int), np.ceil(at).astype(int)
        low, high = drawn[row, below], drawn[row, above]
        ends.append(low + (high - low) * (at - below))
    return ends
