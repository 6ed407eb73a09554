"""Agreement between coders: exact coefficients with intervals.

*Ratings* are a table of units by coders; a missing cell means that the coder did not decide.
Every coefficient is 1 - observed / expected disagreement and a rational number, so it is held as
a `Fraction`. The same formulas on floats give all draws at once; see `embedgov.intervals` for
what is drawn, and what an interval means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd

from .coding import sets, validated
from .docstrings import filled
from .errors import DataError
from .intervals import middle, posterior_sums, resampled
from .ratings import Ratings, Statistic, Sums, cohen, fleiss, gwet, krippendorff, observed_agreement

SETS = ("jaccard", "masi")  # distances of sets of codes

_SHARED = {
    "ratings": """\
Parameters
----------
ratings : DataFrame, units x coders
    Labels; missing where not decided.
**resampling
    ``draws``, ``seed`` and ``cluster`` of `alpha`.

Returns
-------
Coefficient
""",
    "example": """\
>>> import pandas as pd
>>> ratings = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 1, 0, 1]})""",
}
_documented = partial(filled, _SHARED)


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement; ``float(...)`` of it is nan where it is undefined.

    Parameters
    ----------
    value : Fraction or None
        None where it is undefined.
    reason : str
        Why it is undefined, else empty.
    coders : int
    units : int
        Units with codes from at least two coders.
    left_out : int
        Units with fewer.
    low, high : float
        The middle 95% of the draws that are defined; nan without any.
    draws, undefined_draws : int

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.agreement import alpha
    >>> found = alpha(pd.DataFrame({"A": [1, 1, 1], "B": [1, 1, None]}))
    >>> float(found), found.reason
    (nan, 'no variation: every code that can be compared is 1')
    >>> found.units, found.left_out
    (2, 1)
    """

    value: Fraction | None
    reason: str
    coders: int
    units: int
    left_out: int
    low: float
    high: float
    draws: int
    undefined_draws: int

    def __float__(self) -> float:
        return np.nan if self.value is None else float(self.value)


def _require_count(draws: int) -> None:
    if draws < 0:
        raise DataError(f"draws is {draws}; expected 0 (no intervals) or more: give a count")


def _coefficients(
    jobs: Sequence[tuple[Ratings, list[Statistic]]], draws: int, seed: int, cluster: pd.Series | None
) -> list[list[Coefficient]]:
    """Every coefficient of all ratings, which have the same units.

    Codes of two values have draws of their own; a resampling of units or clusters is one for all.
    """
    _require_count(draws)
    if draws and len(jobs[0][0].index) < 2:
        raise DataError("one unit or cluster only: an interval needs two; widen it or set draws=0")
    drawn = [np.full((len(statistics), draws), np.nan) for _, statistics in jobs]
    others = []
    for (ratings, statistics), values in zip(jobs, drawn):
        if not draws or not ratings.pairable.any():
            continue
        if ratings.binary and cluster is None:
            sums = posterior_sums(ratings.patterns, draws, seed)
            values[:] = [_values(statistic, sums) for statistic in statistics]
        else:
            others.append((ratings, statistics, values))
    if others:
        cells = max(len(ratings.index) + ratings.features[:, 0].size for ratings, _, _ in others)
        at_once = max(1, 2**17 // cells)  # arrays of about 1 MB, which stay in the cache
        for first, weights in resampled(others[0][0].index, cluster, draws, seed, at_once):
            for ratings, statistics, values in others:
                sums = ratings.sums(weights)
                for statistic, row in zip(statistics, values):
                    row[first : first + len(weights)] = _values(statistic, sums)
    return [
        [_coefficient(ratings, *pair) for pair in zip(statistics, values)]
        for (ratings, statistics), values in zip(jobs, drawn)
    ]


def _values(statistic: Statistic, sums: Sums) -> np.ndarray:
    """A coefficient in each draw, nan where it is undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, expected = statistic(sums)
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _told(value: object) -> str:
    """A value as Python writes it; a set in the order of its members, as no two runs have another in common."""
    return f"{{{', '.join(map(repr, sorted(value)))}}}" if isinstance(value, frozenset) else repr(value)


def _coefficient(ratings: Ratings, statistic: Statistic, drawn: np.ndarray) -> Coefficient:
    value, reason = None, "no unit has codes from two coders"
    if units := int(ratings.pairable.sum()):
        observed, expected = (x[0] for x in statistic(ratings.sums()))
        if expected:
            value, reason = 1 - observed / expected, ""
        else:
            reason = f"no variation: every code that can be compared is {_told(ratings.used[0])}"
    if value is None:
        drawn = np.full_like(drawn, np.nan)
    undefined = int(np.isnan(drawn).sum())
    left_out = len(ratings.index) - units
    return Coefficient(value, reason, ratings.coders, units, left_out, *middle(drawn), drawn.size, undefined)


@_documented
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
        For the interval; 0 for none. Codes of two values by at most five coders are drawn from
        the posterior over patterns, others by resampling as many rows as ``ratings`` has, whether
        or not they can be compared; a resampled interval has no width where coders never differ,
        which is a limit of that method and not certainty. See `embedgov.intervals`.
    seed : int
        Of `numpy.random.default_rng`.
    cluster : Series, optional
        Cluster of every unit. A draw then takes as many whole clusters as there are, whatever the
        codes; with fewer than some forty clusters that is rough.

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
    Hayes, A. F. and Krippendorff, K. (2007). Answering the call for a standard reliability
    measure for coding data. Communication Methods and Measures 1(1), 77-89.

    Examples
    --------
    >>> from embedgov.agreement import alpha
    <example>
    >>> alpha(ratings).value
    Fraction(8, 15)
    """
    data = Ratings(ratings, distance)
    return _coefficients([(data, [krippendorff(distance, data.values)])], draws, seed, cluster)[0][0]


def _nominal(ratings, statistic, by_coder=False, *, draws=0, seed=0, cluster=None) -> Coefficient:
    jobs = [(Ratings(ratings, by_coder=by_coder), [statistic])]
    return _coefficients(jobs, draws, seed, cluster)[0][0]


@_documented
def percent_agreement(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Observed agreement: the share of pairs of coders who agree, averaged over units.

    Not corrected for chance, hence defined without variation too. Codes are nominal.

    <ratings>

    Raises
    ------
    DataError
        See `alpha`.

    Examples
    --------
    >>> from embedgov.agreement import percent_agreement
    <example>
    >>> percent_agreement(ratings).value
    Fraction(3, 4)
    """
    return _nominal(ratings, observed_agreement, **resampling)


@_documented
def ac1(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Gwet's AC1, which prevalence disturbs less than alpha and kappa.

    The categories are the values that occur. A unit with one code counts for their prevalence,
    not for the observed agreement. Without variation AC1 is undefined here, although the formula
    would give 1. Codes are nominal.

    <ratings>

    Raises
    ------
    DataError
        See `alpha`.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of
    high agreement. British Journal of Mathematical and Statistical Psychology 61(1), 29-48.

    Examples
    --------
    >>> from embedgov.agreement import ac1
    <example>
    >>> ac1(ratings).value
    Fraction(9, 17)
    """
    return _nominal(ratings, gwet, **resampling)


@_documented
def fleiss_kappa(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Fleiss' kappa; where codes are missing, Gwet's generalisation of it.

    Fleiss has the same number of codes in every unit. In the generalisation every unit has the
    same weight whatever its number of codes, and a unit with one code counts for the prevalence
    only. Codes are nominal.

    <ratings>

    Raises
    ------
    DataError
        See `alpha`.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin 76(5), 378-382.
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics.

    Examples
    --------
    >>> from embedgov.agreement import fleiss_kappa
    <example>
    >>> fleiss_kappa(ratings).value
    Fraction(7, 15)
    """
    return _nominal(ratings, fleiss, **resampling)


@_documented
def cohen_kappa(ratings: pd.DataFrame, **resampling) -> Coefficient:
    """Cohen's kappa of two coders, over the units that both coded.

    Codes are nominal.

    <ratings>

    Raises
    ------
    DataError
        There are not two coders; or see `alpha`.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement 20(1), 37-46.

    Examples
    --------
    >>> from embedgov.agreement import cohen_kappa
    <example>
    >>> cohen_kappa(ratings).value
    Fraction(1, 2)
    """
    if ratings.shape[1] != 2:
        raise DataError(f"coders {list(ratings)}: Cohen's kappa takes two; choose two columns, or use alpha")
    return _nominal(ratings, cohen, True, **resampling)


def agreement_table(
    codes_long: pd.DataFrame,
    *,
    unit: str,
    coder: str = "coder",
    codes: Sequence[str],
    cluster: str | None = None,
    draws: int = 10_000,
    seed: int = 0,
    distance: str | None = None,
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
        See `alpha`.
    distance : str, optional
        ``jaccard`` or ``masi``: all codes together by this distance alone, and no single code.
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

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.agreement import agreement_table
    >>> codes = pd.DataFrame({
    ...     "report": [1, 1, 2, 2, 3, 3, 4, 4], "coder": ["A", "B"] * 4,
    ...     "cost": [1, 1, 1, 1, 0, 0, 0, 1],
    ... })
    >>> table = agreement_table(codes, unit="report", codes=["cost"], draws=0)
    >>> table[["code", "units", "disagreements", "agreement", "alpha", "ac1"]].round(3).to_numpy().tolist()
    [['cost', 4, 1, 0.75, 0.533, 0.529]]
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
    if distance not in (None, *SETS):
        raise DataError(f"distance {distance!r}: expected {' or '.join(SETS)}, or none for every code")
    variables = [] if distance else [(code, "nominal", wide[code].unstack()) for code in codes]
    if distance or together and len(codes) > 1:
        whole = sets(wide[list(codes)]).unstack()
        variables += [("ALL", name, whole) for name in ([distance] if distance else SETS)]
    jobs = []
    for _, of, ratings in variables:
        data = Ratings(ratings, of)
        jobs.append((data, [observed_agreement, krippendorff(of, data.values)] + [gwet] * (of == "nominal")))
    rows = []
    for (code, of, ratings), results in zip(variables, _coefficients(jobs, draws, seed, clusters)):
        given = ratings.stack().dropna()
        row = {
            "code": code,
            "distance": of,
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
    and its references. All have the same units.

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
        there is one unit and draws are asked for, or draws are negative.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.agreement import agreement_with
    >>> student, key = (pd.DataFrame({"cost": codes}) for codes in ([1, 1, 0, 0], [1, 1, 0, 1]))
    >>> table = agreement_with({"student": student}, {"key": key}, draws=0)
    >>> table[["coder", "reference", "code", "units", "agreement", "alpha"]].round(3).to_numpy().tolist()
    [['student', 'key', 'cost', 4, 0.75, 0.533]]
    """
    _require_count(draws)
    names = [*coders, *references]
    if not coders or not references:
        raise DataError(
            f"{len(coders)} coders and {len(references)} references: expected at least "
            "one of each; widen the selection"
        )
    first = next(iter(coders.values()))
    if draws and len(first) < 2:
        raise DataError("one unit or cluster only: an interval needs two; widen it or set draws=0")
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
    rows = _pairs(cells[: len(coders)], cells[len(coders) :], draws, seed)
    keys = pd.MultiIndex.from_product(
        [list(coders), list(references), list(first.columns)], names=["coder", "reference", "code"]
    )
    table = pd.DataFrame(rows, keys, _PAIR_COLUMNS)
    return table.reset_index().astype({"units": int})


_PAIR_COLUMNS = [
    "units",
    *(f"{name}{end}" for name in ("agreement", "alpha", "ac1") for end in ("", "_low", "_high")),
]


def _pairs(coders: np.ndarray, references: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Rows of `agreement_with`.

    What matters of a pair is how many units are 0 by one of the two only, 1 by one only, 00, 01 or
    10, and 11. Many pairs have the same counts, so each is worked out once.
    """

    def both(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.einsum("cuk,ruk->crk", one.astype(np.int64), other.astype(np.int64)).ravel()

    (a, b), (none, nil) = [[table == value for table in (coders, references)] for value in (1, 0)]
    lacks, without = np.isnan(coders), np.isnan(references)
    counts = np.stack(
        [
            both(none, without) + both(lacks, nil),
            both(a, without) + both(lacks, b),
            both(none, nil),
            both(a, nil) + both(none, b),
            both(a, b),
        ],
        1,
    )
    kinds, place = np.unique(counts, axis=0, return_inverse=True)
    only, whole = kinds[:, :2], kinds[:, 2:]
    zeros = np.zeros(len(kinds))
    sums = Sums(
        np.array([1, 2]),
        np.stack([only.sum(1), whole.sum(1)]).astype(float),
        np.stack([only, whole @ np.array([[2, 0], [1, 1], [0, 2]])]).astype(float),
        np.stack([np.stack([zeros] * 4, 1), whole @ np.array([[2, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 2]])]),
        np.array([0, 0, 1, 1]),
        np.array([0, 1, 0, 1]),
    )
    rows = [sums.units[1]]
    for statistic in (observed_agreement, krippendorff("nominal", [0, 1]), gwet):
        values = _values(statistic, sums)
        ends = np.full((len(kinds), 2), np.nan)
        for row in np.flatnonzero(~np.isnan(values)) if draws else ():
            sizes = {m: each[row] for m, each in ((1, only), (2, whole)) if each[row].any()}
            ends[row] = middle(_values(statistic, posterior_sums(sizes, draws, seed)))
        rows += [values, *ends.T]
    return np.column_stack(rows)[place.ravel()]
