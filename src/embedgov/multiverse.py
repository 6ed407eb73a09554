"""Recompute results under other defensible choices (a multiverse), or with slips of the coders.

A *fork* is a choice between *options* that are all defensible; one of them is published. A
*universe* takes one option at every fork, and the *multiverse* is all universes. Forks are a table
with a row per option: fork, option, published (1 or 0) and, where the study uses them, codes
(those that the option names) and terms (anchor terms), each with ``;`` between them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from numbers import Integral, Real
from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd

from .docstrings import filled
from .errors import DataError, EmbedgovError

UNIVERSES_PER_TASK, DRAWS_PER_TASK = 250, 1_000  # fixed, so that no result depends on the workers

_SHARED = {
    "forks": """\
>>> import pandas as pd
>>> forks = pd.DataFrame({
...     "fork": ["rule", "rule", "scope", "scope"], "option": ["any", "all", "titles", "texts"],
...     "published": [0, 1, 1, 0],
... })""",
    "results": """\
>>> def count(universe):
...     return {"roads": 12 + 3 * (universe["rule"] == "any") + (universe["scope"] == "texts")}
>>> results = multiverse(forks, count, n_jobs=1)""",
}
_documented = partial(filled, _SHARED)


class Option(NamedTuple):
    """One option of a fork, as its row in the table of forks has it.

    Parameters
    ----------
    published : bool
    codes, terms : list of str

    Examples
    --------
    >>> from embedgov.multiverse import Option
    >>> Option(published=True, codes=["roads", "parks"], terms=[]).codes
    ['roads', 'parks']
    """

    published: bool
    codes: list[str]
    terms: list[str]


@_documented
def parse_forks(forks: pd.DataFrame) -> dict[str, dict[str, Option]]:
    """Read a table of forks.

    Parameters
    ----------
    forks : DataFrame
        One row per option: ``fork``, ``option``, ``published`` (1 for the published option of a fork,
        else 0), and where an option needs them ``codes`` and ``terms``, separated by semicolons.

    Returns
    -------
    dict
        The options of each fork, both by name and in the order of the table.

    Raises
    ------
    DataError
        A column or a name is missing, an option stands twice, or a fork has not exactly one published
        option.

    Examples
    --------
    >>> from embedgov.multiverse import parse_forks
    <forks>
    >>> parse_forks(forks)["rule"]["all"]
    Option(published=True, codes=[], terms=[])
    """
    if lacking := [name for name in ("fork", "option", "published") if name not in forks]:
        raise DataError(f"forks: there are no columns {lacking}; the columns are {list(forks)}")
    if forks.empty or "multiverse" in forks and forks["multiverse"].nunique() != 1:
        raise DataError(f"forks: {len(forks)} rows; hand over all rows of one multiverse")
    parsed = {}
    for row, cells in zip(forks.index, forks.to_dict("records")):
        for name in ("fork", "option"):
            if pd.isna(cells[name]) or cells[name] == "":
                raise DataError(f"forks, row {row!r}, column {name!r}: empty; name the {name}")
        fork, option = str(cells["fork"]), str(cells["option"])
        if option in parsed.setdefault(fork, {}):
            raise DataError(
                f"forks, row {row!r}: fork {fork!r} already has the option {option!r}; "
                "delete one of the two rows, or rename the option"
            )
        if cells["published"] not in (0, 1):
            raise DataError(f"forks, row {row!r}, column 'published': {cells['published']!r}; write 1 or 0")
        texts = (cells.get(name) for name in ("codes", "terms"))
        lists = ([] if pd.isna(text) or not text else text.split(";") for text in texts)
        parsed[fork][option] = Option(bool(cells["published"]), *lists)
    for fork, options in parsed.items():
        if (number := sum(each.published for each in options.values())) != 1:
            raise DataError(
                f"forks, fork {fork!r}: {number} options are published; mark exactly "
                "one with 1, the others with 0"
            )
    return parsed


@_documented
def options_at(parsed: Mapping[str, Mapping], universe: Mapping[str, str]) -> dict[str, Option]:
    """Look up the options that a universe chooses.

    Parameters
    ----------
    parsed : mapping
        Options by fork and name, as `parse_forks` gives them.
    universe : mapping of str to str
        The name of the chosen option of every fork.

    Returns
    -------
    dict of str to Option
        The chosen option of each fork.

    Raises
    ------
    DataError
        A fork or an option does not exist, or a fork has no option chosen.

    Examples
    --------
    >>> from embedgov.multiverse import options_at, parse_forks
    <forks>
    >>> chosen = options_at(parse_forks(forks), {"rule": "any", "scope": "titles"})
    >>> {fork: option.published for fork, option in chosen.items()}
    {'rule': False, 'scope': True}
    """
    for fork, option in universe.items():
        if option not in parsed.get(fork, ()):
            here = (
                f"fork {fork!r} has no option {option!r}; expected one of {list(parsed[fork])}"
                if fork in parsed
                else f"there is no fork {fork!r}; there are {list(parsed)}"
            )
            raise DataError(
                f"{here}: correct the name, or declare it in the forks and say why it is defensible"
            )
    if lacking := [fork for fork in parsed if fork not in universe]:
        raise DataError(f"universe: no option for {lacking}; choose one of each with universe()")
    return {fork: options[universe[fork]] for fork, options in parsed.items()}


@_documented
def universe(forks: pd.DataFrame, **options: str) -> dict[str, str]:
    """The published universe, or one that differs from it in some options.

    Parameters
    ----------
    forks : DataFrame
        One row per option, see above.
    **options : str
        Fork = option, where it is not to be the published one.

    Returns
    -------
    dict of str to str
        Fork -> option.

    Raises
    ------
    DataError
        There is no such fork or option, or the forks are not well formed.

    Examples
    --------
    >>> from embedgov.multiverse import universe
    <forks>
    >>> universe(forks, rule="any")
    {'rule': 'any', 'scope': 'titles'}
    """
    parsed = parse_forks(forks)
    published = {
        fork: next(name for name, option in each.items() if option.published) for fork, each in parsed.items()
    }
    options_at(parsed, published | options)
    return published | options


@_documented
def universes(forks: pd.DataFrame) -> pd.DataFrame:
    """Every combination of options.

    Parameters
    ----------
    forks : DataFrame
        One row per option, see above.

    Returns
    -------
    DataFrame
        One row per universe, one column per fork.

    Raises
    ------
    DataError
        The forks are not well formed.

    Examples
    --------
    >>> from embedgov.multiverse import universes
    <forks>
    >>> universes(forks).to_numpy().tolist()
    [['any', 'titles'], ['any', 'texts'], ['all', 'titles'], ['all', 'texts']]
    """
    parsed = parse_forks(forks)
    return pd.MultiIndex.from_product(list(parsed.values()), names=list(parsed)).to_frame(index=False)


def _run(calls: Iterable, prefer: str, n_jobs: int, backend: str | None, options: Mapping) -> list:
    """What joblib calls return, in their order."""
    if backend is None:
        return joblib.Parallel(n_jobs=n_jobs, prefer=prefer)(calls)
    try:
        with joblib.parallel_config(backend, n_jobs=n_jobs, **options):
            return joblib.Parallel()(calls)
    except ImportError as error:
        raise EmbedgovError(
            f"backend={backend!r} is not installed: {error}; for Dask, pip install 'embedgov[dask]'"
        ) from error


def _evaluated(evaluate: Callable, chosen: Sequence[dict]) -> list:
    return [evaluate(each) for each in chosen]


@_documented
def multiverse(
    forks: pd.DataFrame,
    evaluate: Callable[[dict[str, str]], Mapping],
    *,
    n_jobs: int = -1,
    backend: str | None = None,
    **options,
) -> pd.DataFrame:
    """Results in every universe.

    Parameters
    ----------
    forks : DataFrame
        One row per option, see above.
    evaluate : callable
        From a universe (fork -> option) to its results (name -> value).
    n_jobs : int
        Processes; -1 for all cores.
    backend : str, optional
        A backend of joblib; ``"dask"`` for a Dask cluster (needs the extra ``dask``).
    **options
        For the backend: for Dask ``client=`` or ``scheduler_host="host:port"``.

    Returns
    -------
    DataFrame
        One row per universe, a column per fork and one per result.

    Raises
    ------
    DataError
        The forks are not well formed; or results have other names than in the first universe, or
        the name of a fork.

    References
    ----------
    Steegen, S., Tuerlinckx, F., Gelman, A. and Vanpaemel, W. (2016). Increasing transparency
    through a multiverse analysis. Perspectives on Psychological Science 11(5), 702-712.

    Examples
    --------
    >>> from embedgov.multiverse import multiverse
    <forks>
    <results>
    >>> results["roads"].tolist()
    [15, 16, 12, 13]
    """
    every = universes(forks)
    chosen, size = every.to_dict("records"), UNIVERSES_PER_TASK
    calls = (
        joblib.delayed(_evaluated)(evaluate, chosen[start : start + size])
        for start in range(0, len(chosen), size)
    )
    rows = list(chain(*_run(calls, "processes", n_jobs, backend, options)))
    for each, row in zip(chosen, rows):
        if set(row) != set(rows[0]) or set(row) & set(every):
            raise DataError(
                f"universe {each}: results {list(row)}; expected {list(rows[0])} as in "
                f"the first, and no name of a fork ({', '.join(every)})"
            )
    return pd.concat([every, pd.DataFrame(rows)], axis=1)


@_documented
def shares(results: pd.DataFrame, forks: pd.DataFrame, of: Sequence[str]) -> pd.DataFrame:
    """Share of the variation of results that each fork explains (eta squared).

    The variation is the sum of squared deviations of all universes from their mean. The share of a
    fork is its main effect: the same sum when each universe has the mean of its option. In the
    full factorial main effects are orthogonal; what they leave is interactions.

    Parameters
    ----------
    results : DataFrame
        From `multiverse`.
    forks : DataFrame
        Its forks.
    of : sequence of str
        Results that are counts, or true and false; on these the sums are exact.

    Returns
    -------
    DataFrame
        Rows the forks and ``interactions``, columns the results. A column adds up to 1, or is
        missing where all universes agree and there is nothing to explain.

    Raises
    ------
    DataError
        A column is absent, a result is not a number, or the rows are not every universe once.

    Examples
    --------
    >>> from embedgov.multiverse import multiverse, shares
    <forks>
    <results>
    >>> shares(results, forks, ["roads"]).loc[["rule", "scope"], "roads"].round(6).to_dict()
    {'rule': 0.9, 'scope': 0.1}
    """
    every = universes(forks)
    for name in (*every, *of):
        if name not in results:
            raise DataError(f"results: there is no column {name!r}; expected {[*every, *of]}")
        if name not in every and (
            results[name].isna().any() or not pd.api.types.is_numeric_dtype(results[name])
        ):
            raise DataError(
                f"results, column {name!r}: not a number in every universe; compare it "
                "with a value first, which gives true or false"
            )
    found, n = results[list(every)].drop_duplicates(), len(every)
    if not len(results) == len(every.merge(found)) == n:
        raise DataError(
            f"results: {len(results)} rows are not the {n} universes of these forks, "
            "each once; main effects then overlap: run the whole multiverse"
        )
    y = results[list(of)].astype(float)
    square = y.sum() ** 2  # this and the next three are n times the sums of squares
    total = n * (y**2).sum() - square
    effects = {
        fork: every[fork].nunique() * (y.groupby(results[fork]).sum() ** 2).sum() - square for fork in every
    }
    share = pd.DataFrame(effects).T / total  # 0 / 0 is missing
    share.loc["interactions"] = 1 - share.sum(skipna=False)
    return share


def conclusions(holds: pd.DataFrame, *, most: float = 0.75, few: float = 0.25) -> pd.DataFrame:
    """In how many universes each conclusion holds.

    Parameters
    ----------
    holds : DataFrame of bool
        One row per universe, one column per conclusion.
    most, few : float
        Least share of universes called most, and greatest called few.

    Returns
    -------
    DataFrame
        One row per conclusion: universes, share, and verdict: all, most, some, few or none.

    Raises
    ------
    DataError
        There is nothing to count, a cell is neither true nor false, or the thresholds are not
        0 <= few < most <= 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.multiverse import conclusions
    >>> holds = pd.DataFrame({"roads lead": [True, True, True, False], "parks exist": [True] * 4})
    >>> conclusions(holds)["verdict"].to_dict()
    {'roads lead': 'most', 'parks exist': 'all'}
    """
    if holds.empty:
        raise DataError("no universes or no conclusions; hand over at least one of each")
    for name, column in holds.items():
        if column.isna().any() or not pd.api.types.is_bool_dtype(column):
            raise DataError(
                f"conclusion {name!r}: not true or false in every universe; compare the result with a value"
            )
    if not 0 <= few < most <= 1:
        raise DataError(f"most={most}, few={few}: expected 0 <= few < most <= 1")
    number = holds.sum().astype(int)
    share = number / len(holds)
    verdict = np.select(
        [share == 1, share == 0, share >= most, share <= few], ["all", "none", "most", "few"], "some"
    )
    return pd.DataFrame({"universes": number, "share": share, "verdict": verdict})


def _flipped(codes: np.ndarray, result: Callable, p: float, shared: bool, seed, draws: int) -> dict:
    shape = (1, *codes.shape[1:]) if shared else codes.shape
    flips = np.random.default_rng(seed).random((draws, *shape), dtype=np.float32) < p
    found = {name: np.asarray(values) for name, values in result(codes ^ flips).items()}
    for name, values in found.items():
        if values.shape != (draws,):
            raise DataError(
                f"result {name!r} of {draws} draws has the shape {values.shape}; return one value per draw"
            )
    return found


def coder_noise(
    codes: np.ndarray,
    result: Callable[[np.ndarray], Mapping],
    p: float,
    *,
    draws: int = 10_000,
    seed: int = 0,
    shared: bool = False,
    n_jobs: int = -1,
    backend: str | None = None,
    **options,
) -> pd.DataFrame:
    """Results when the coders slip: every code is flipped with a probability.

    Parameters
    ----------
    codes : array of bool, coders x units x codes
    result : callable
        From the codes of several draws (draws x coders x units x codes) to results (name -> one
        value per draw).
    p : float
        Probability that a code which applies is withheld, or one which does not is given,
        independently for every coder, unit and code (in steps of 2**-24).
    draws : int
    seed : int
        The same seed gives the same draws on any backend and any number of workers.
    shared : bool
        All coders slip at once, at the same units and codes, as readers of one kind may who
        misread the same phrase; a majority then corrects nothing.
    n_jobs, backend, **options
        As for `multiverse`, but threads by default, since numpy computes outside Python's lock.

    Returns
    -------
    DataFrame
        One row per draw, one column per result; its ``describe()`` gives means, ranges, quantiles.

    Raises
    ------
    DataError
        p is no probability, draws or seed no whole number, or a code is neither true nor false.

    Examples
    --------
    >>> import numpy as np
    >>> from embedgov.multiverse import coder_noise
    >>> codes = np.array([[[True], [True], [False], [False], [False]]] * 3)  # three coders, five units, one code
    >>> def by_majority(codes):
    ...     return {"roads": (codes[..., 0].sum(axis=1) > 1).sum(axis=1)}
    >>> coder_noise(codes, by_majority, 1, draws=2, n_jobs=1)["roads"].tolist()  # every code flipped
    [3, 3]
    """
    if isinstance(p, bool) or not isinstance(p, Real) or not 0 <= p <= 1:
        raise DataError(f"p={p!r}: expected a probability from 0 to 1")
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise DataError(f"{name}={value!r}: expected a whole number from {least}")
    if (codes := np.asarray(codes)).dtype != bool:
        raise DataError(
            f"codes are {codes.dtype}; expected true or false: decide what is missing, "
            "or leave the unit out for every coder, and say so"
        )
    sizes = [min(DRAWS_PER_TASK, draws - start) for start in range(0, draws, DRAWS_PER_TASK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    calls = (joblib.delayed(_flipped)(codes, result, float(p), shared, *each) for each in zip(seeds, sizes))
    parts = _run(calls, "threads", n_jobs, backend, options)
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
