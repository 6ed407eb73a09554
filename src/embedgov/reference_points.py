"""Points to read bounds against, which are no estimates: independence and maximum entropy."""

from math import comb, prod

import numpy as np
import pandas as pd

from .bounds import Margins, choices, quantities
from .errors import DataError

MOST_UNITS_PLACED = 2_000  # whole numbers of thousands of digits: seconds at 8 labels


def _independence_given_cover(margins: Margins) -> np.ndarray:
    """Mean units of each pattern over all ways to place the labels so that each unit has one.

    Inclusion and exclusion in whole numbers: the ways to place them on `size` of the units.
    """
    patterns, units, _ = choices(margins)
    counts = list(margins.counts.values())
    if units > MOST_UNITS_PLACED:
        raise DataError(
            f"the total is {units}; expected at most {MOST_UNITS_PLACED} for independence when "
            "every unit carries a label. Drop that assumption, or use the bounds alone."
        )
    ways = {
        size: (-1) ** (units - size) * comb(units, size) * prod(comb(size, c) for c in counts)
        for size in range(max(counts), units + 1)
    }
    every = sum(ways.values())
    expected = np.zeros(2 ** len(counts))
    for pattern in patterns.tolist():
        mean = 0
        for size, weight in ways.items():
            cells = prod(c if pattern >> bit & 1 else size - c for bit, c in enumerate(counts))
            mean += weight * cells * size // size ** len(counts)  # divides without remainder
        expected[pattern] = mean / every
    return expected


def _maximum_entropy(margins: Margins) -> np.ndarray:
    """Units of each pattern when entropy is greatest.

    Without cover these are the cells of independent labels on `units` units; with cover, those
    of independent labels on a greater number 1 / s, so chosen that `units` of them carry one.
    """
    patterns, units, _ = choices(margins)
    counts = np.array(list(margins.counts.values()), dtype=float)
    expected = np.zeros(2**counts.size)
    expected[0] = margins.total - units
    if units:
        from scipy.optimize import brentq  # here, as it takes longer to import than all bounds

        s = 1 / units
        symmetric = np.poly(counts)[:0:-1]  # of (1 - c s) over all margins c, without the 1

        def excess(s):  # units with a label, less those wanted; falls in s
            return -np.polyval(symmetric, s) - units

        if margins.cover and excess(s) < 0:
            s = brentq(excess, 0, s, xtol=1e-300)
        has = (patterns[:, None] >> np.arange(counts.size) & 1).astype(bool)
        cells = np.where(has, counts, 1 - counts * s).prod(axis=1)
        expected[patterns] += cells * s ** (has.sum(axis=1) - 1.0)
    return expected


def reference_points(margins: Margins) -> pd.DataFrame:
    """Two points to read the bounds against; neither is an estimate.

    Independence: the mean over all ways to place each label on its number of units, each way
    equally likely (a multivariate hypergeometric distribution), given that every unit carries a
    label if `cover` is set. Maximum entropy: the most even cells with the same margins. With
    `within`, both place the other labels inside that label. Nothing in the margins says that
    labels are placed so. The two are equal unless `cover` is set; then at most 2,000 units.

    Parameters
    ----------
    margins : Margins

    Returns
    -------
    DataFrame
        One row per quantity of `quantities`, in that order: quantity, reference_independence,
        reference_maximum_entropy (units, not whole).

    Raises
    ------
    DataError
        `cover` is set and there are more than 2,000 units to place.

    References
    ----------
    Jaynes, E. T. (1957). Information theory and statistical mechanics. Physical Review 106,
    620-630.

    Examples
    --------
    >>> from embedgov.bounds import Margins
    >>> from embedgov.reference_points import reference_points
    >>> points = reference_points(Margins(4, {"A": 2, "B": 2})).set_index("quantity")
    >>> points.loc["A and B"].tolist()
    [1.0, 1.0]
    """
    labels = list(margins.counts)
    entropy = _maximum_entropy(margins)
    independence = _independence_given_cover(margins) if margins.cover else entropy
    rows = []
    for asked in quantities(margins):
        counted = asked.sides(labels) == 0
        rows.append((asked.name, independence[counted].sum(), entropy[counted].sum()))
    columns = ["quantity", "reference_independence", "reference_maximum_entropy"]
    return pd.DataFrame(rows, columns=columns)
