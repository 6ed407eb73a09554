"""Where the intervals of coefficients come from: a posterior over patterns, or a bootstrap.

What varies is the pass. The units may be all there are;
an interval then says how far a coefficient could lie from what it would be if passes of the same
kind went on for ever over units of the same kind.

Codes of two values by a few coders have few *patterns*: of three coders none, one, two or all say
yes. How often each occurs is multinomial, and with half a unit added to every pattern (the prior
of Jeffreys for the shares of a multinomial) their posterior is a Dirichlet distribution; the
interval is the middle 95% of the coefficient over draws from it. Unlike a bootstrap it has a
width where coders never differ, and about nominal coverage where they rarely do: see
``tests/test_intervals.py``. Codes of more values, sets of codes and clusters have too many
patterns; there units or whole clusters are resampled.

References
----------
Jeffreys, H. (1961). Theory of Probability, 3rd ed. Clarendon Press, section 3.23.
Krippendorff, K. and Hayes, A. F. (2007) resample units; see `embedgov.agreement.alpha`.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from .errors import DataError
from .ratings import Sums

LEVEL = (0.025, 0.975)


def posterior_shares(
    counts: Sequence[int] | np.ndarray, draws: int, seed: int, prior: float = 0.5
) -> np.ndarray:
    """Draws from the posterior of a multinomial's shares, times the number of units.

    The same counts and seed give the same draws, whatever else is worked out beside them.
    """
    whole = np.asarray(counts, np.int64)
    shares = np.random.default_rng([seed, *whole.tolist()]).standard_gamma(whole + prior, (draws, len(whole)))
    return shares * (whole.sum() / shares.sum(1, keepdims=True))


def posterior_sums(patterns: Mapping[int, Sequence[int] | np.ndarray], draws: int, seed: int) -> Sums:
    """Sums over units of each draw, from how many units of m codes have 0 to m ones.

    Of two coders the four ordered patterns may be given instead: 00, 01, 10 and 11.
    """
    units, codes, pairs = [], [], []
    for m, counts in patterns.items():
        weights = posterior_shares(counts, draws, seed)
        if ordered := m == 2 and len(counts) == 4:
            one = np.array([0, 1, 1, 2])
        else:
            one = np.arange(m + 1)
        zero = m - one
        units.append(weights.sum(1))
        codes.append(weights @ np.stack([zero, one], 1))
        if ordered:
            pairs.append(weights)
        else:
            pairs.append(weights @ np.stack([zero * (zero - 1), zero * one, zero * one, one * (one - 1)], 1))
    first, second = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    return Sums(np.array(list(patterns)), np.stack(units), np.stack(codes), np.stack(pairs), first, second)


def resampled(
    index: pd.Index, cluster: pd.Series | None, draws: int, seed: int, at_once: int
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the number of a draw, and how often it and the next ones take each unit."""
    groups = np.arange(len(index))
    if cluster is not None:
        cluster = pd.Series(cluster).reindex(index)
        if cluster.isna().any():
            missing = index[cluster.isna()][0]
            raise DataError(f"unit {missing} has no cluster; give it one or leave the unit out")
        groups = pd.factorize(cluster)[0]
    n = int(groups.max()) + 1
    if n < 2:
        raise DataError("one unit or cluster only: resampling needs two; widen it or set draws=0")
    random = np.random.default_rng(seed)
    for first in range(0, draws, at_once):
        some = min(at_once, draws - first)
        taken = random.integers(n, size=(some, n)) + n * np.arange(some)[:, None]
        times = np.bincount(taken.ravel().astype(np.intp), minlength=some * n).reshape(some, n)
        yield first, times[:, groups].astype(float)


def middle(drawn: np.ndarray) -> tuple[float, float]:
    """Percentiles 2.5 and 97.5 of the draws that are defined; nan without any."""
    defined = drawn[~np.isnan(drawn)]
    low, high = np.quantile(defined, LEVEL).tolist() if defined.size else (np.nan,) * 2
    return low, high
