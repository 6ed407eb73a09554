"""What other defensible choices, or slips of the coders, would have made of the results.

A *fork* is a choice between *options* that are all defensible; one of them is published. A
*universe* takes one option at every fork, and the *multiverse* is all universes. Forks are a table
with a row per option: fork, option, published (1 or 0) and, where the study uses them, codes
(those that the option names) and terms (anchor terms), each with ``;`` between them.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from numbers import Integral, Real
from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd

from .coding import validated
from .errors import DataError, EmbedgovError

DIRECTIONS = {  # and the fork that says what counts as each
    "SOC": "socialisation",
    "LAW": "rule_of_law",
    "INT": "intelligence",
    "PRO": "professionalisation",
}
DIMENSIONS = ("SUB", "INS", "RES", "TEC")  # in the order of the article's framework
READINGS = {"deliberation": "DELIB", "steering": "STEER"}  # forks that read a code as a dimension
THEMES = ("INFO", "SANSHE", "BURDEN", "PARTY", "CONSULT", "OTHER")
RULES = ("majority", "any", "all")
PLACES = ("first", "second", "third")  # of a coder in a round, by name
UNIVERSES_PER_TASK, DRAWS_PER_TASK = 250, 1_000  # fixed, so that no result depends on the workers


class _Option(NamedTuple):
    published: bool
    codes: list[str]
    terms: list[str]


def _parsed(forks: pd.DataFrame) -> dict[str, dict[str, _Option]]:
    """Fork -> option -> what the table says of it."""
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
            raise DataError(f"forks, row {row!r}: fork {fork!r} already has the option {option!r}; "
                            "delete one of the two rows, or rename the option")
        if cells["published"] not in (0, 1):
            raise DataError(f"forks, row {row!r}, column 'published': {cells['published']!r}; "
                            "write 1 or 0")
        texts = (cells.get(name) for name in ("codes", "terms"))
        lists = ([] if pd.isna(text) or not text else text.split(";") for text in texts)
        parsed[fork][option] = _Option(bool(cells["published"]), *lists)
    for fork, options in parsed.items():
        if (number := sum(each.published for each in options.values())) != 1:
            raise DataError(f"forks, fork {fork!r}: {number} options are published; mark exactly "
                            "one with 1, the others with 0")
    return parsed


def _at(parsed: Mapping[str, Mapping], universe: Mapping[str, str]) -> dict[str, _Option]:
    """The option of every fork in a universe."""
    for fork, option in universe.items():
        if option not in parsed.get(fork, ()):
            here = (f"fork {fork!r} has no option {option!r}; expected one of {list(parsed[fork])}"
                    if fork in parsed else f"there is no fork {fork!r}; there are {list(parsed)}")
            raise DataError(f"{here}: correct the name, or declare it in the forks and say why it "
                            "is defensible")
    if lacking := [fork for fork in parsed if fork not in universe]:
        raise DataError(f"universe: no option for {lacking}; choose one of each with universe()")
    return {fork: options[universe[fork]] for fork, options in parsed.items()}


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
    """
    parsed = _parsed(forks)
    published = {fork: next(name for name, option in each.items() if option.published)
                 for fork, each in parsed.items()}
    _at(parsed, published | options)
    return published | options


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
    """
    parsed = _parsed(forks)
    return pd.MultiIndex.from_product(parsed.values(), names=parsed).to_frame(index=False)


def _run(calls: Iterable, prefer: str, n_jobs: int, backend: str | None, options: Mapping) -> list:
    """What joblib calls return, in their order."""
    if backend is None:
        return joblib.Parallel(n_jobs=n_jobs, prefer=prefer)(calls)
    try:
        with joblib.parallel_config(backend, n_jobs=n_jobs, **options):
            return joblib.Parallel()(calls)
    except ImportError as error:
        raise EmbedgovError(f"backend={backend!r} is not installed: {error}; for Dask, "
                            "pip install 'embedgov[dask]'") from error


def _evaluated(evaluate: Callable, chosen: Sequence[dict]) -> list:
    return [evaluate(each) for each in chosen]


def multiverse(forks: pd.DataFrame, evaluate: Callable[[dict[str, str]], Mapping], *,
               n_jobs: int = -1, backend: str | None = None, **options) -> pd.DataFrame:
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
    """
    every = universes(forks)
    chosen, size = every.to_dict("records"), UNIVERSES_PER_TASK
    calls = (joblib.delayed(_evaluated)(evaluate, chosen[start : start + size])
             for start in range(0, len(chosen), size))
    rows = list(chain(*_run(calls, "processes", n_jobs, backend, options)))
    for each, row in zip(chosen, rows):
        if set(row) != set(rows[0]) or set(row) & set(every):
            raise DataError(f"universe {each}: results {list(row)}; expected {list(rows[0])} as in "
                            f"the first, and no name of a fork ({', '.join(every)})")
    return pd.concat([every, pd.DataFrame(rows)], axis=1)


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
    """
    every = universes(forks)
    for name in (*every, *of):
        if name not in results:
            raise DataError(f"results: there is no column {name!r}; expected {[*every, *of]}")
        if name not in every and (results[name].isna().any()
                                  or not pd.api.types.is_numeric_dtype(results[name])):
            raise DataError(f"results, column {name!r}: not a number in every universe; compare it "
                            "with a value first, which gives true or false")
    found, n = results[list(every)].drop_duplicates(), len(every)
    if not len(results) == len(every.merge(found)) == n:
        raise DataError(f"results: {len(results)} rows are not the {n} universes of these forks, "
                        "each once; main effects then overlap: run the whole multiverse")
    y = results[list(of)].astype(float)
    square = y.sum() ** 2  # this and the next three are n times the sums of squares
    total = n * (y**2).sum() - square
    effects = {fork: every[fork].nunique() * (y.groupby(results[fork]).sum() ** 2).sum() - square
               for fork in every}
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
    """
    if holds.empty:
        raise DataError("no universes or no conclusions; hand over at least one of each")
    for name, column in holds.items():
        if column.isna().any() or not pd.api.types.is_bool_dtype(column):
            raise DataError(f"conclusion {name!r}: not true or false in every universe; compare "
                            "the result with a value")
    if not 0 <= few < most <= 1:
        raise DataError(f"most={most}, few={few}: expected 0 <= few < most <= 1")
    number = holds.sum().astype(int)
    share = number / len(holds)
    verdict = np.select([share == 1, share == 0, share >= most, share <= few],
                        ["all", "none", "most", "few"], "some")
    return pd.DataFrame({"universes": number, "share": share, "verdict": verdict})


def _flipped(codes: np.ndarray, result: Callable, p: float, seed, draws: int) -> dict:
    flips = np.random.default_rng(seed).random((draws, *codes.shape), dtype=np.float32) < p
    found = {name: np.asarray(values) for name, values in result(codes ^ flips).items()}
    for name, values in found.items():
        if values.shape != (draws,):
            raise DataError(f"result {name!r} of {draws} draws has the shape {values.shape}; "
                            "return one value per draw")
    return found


def coder_noise(codes: np.ndarray, result: Callable[[np.ndarray], Mapping], p: float, *,
                draws: int = 10_000, seed: int = 0, n_jobs: int = -1, backend: str | None = None,
                **options) -> pd.DataFrame:
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
    """
    if isinstance(p, bool) or not isinstance(p, Real) or not 0 <= p <= 1:
        raise DataError(f"p={p!r}: expected a probability from 0 to 1")
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise DataError(f"{name}={value!r}: expected a whole number from {least}")
    if (codes := np.asarray(codes)).dtype != bool:
        raise DataError(f"codes are {codes.dtype}; expected true or false: decide what is missing, "
                        "or leave the unit out for every coder, and say so")
    sizes = [min(DRAWS_PER_TASK, draws - start) for start in range(0, draws, DRAWS_PER_TASK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    calls = (joblib.delayed(_flipped)(codes, result, float(p), *each) for each in zip(seeds, sizes))
    parts = _run(calls, "threads", n_jobs, backend, options)
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _expect(parsed: Mapping[str, Mapping], expected: Mapping[str, Iterable[str] | None]) -> None:
    """Check that the forks are those that a study knows, and the options too unless None."""
    if different := set(parsed) ^ set(expected):
        raise DataError(f"forks: {sorted(different)} unknown or lacking; expected {list(expected)}")
    for fork, known in expected.items():
        for option in parsed[fork]:
            if known is not None and option not in known:
                raise DataError(f"forks: fork {fork!r} cannot have the option {option!r}; expected "
                                f"{', '.join(known)}")


def _column(table: pd.DataFrame, name: str, allowed: Sequence[str] = ()) -> pd.Series:
    if name not in table:
        raise DataError(f"there is no column {name!r}; the columns are {list(table)}")
    for row in table.index[~table[name].isin(allowed)] if allowed else ():
        raise DataError(f"row {row!r}, column {name!r}: {table[name][row]!r}; expected one of "
                        f"{', '.join(allowed)}")
    return table[name]


def _cube(codes_long: pd.DataFrame, unit: str, codes: Sequence[str], units: pd.Index | None,
          rules: Iterable[str]) -> tuple[np.ndarray, list[str], pd.Index]:
    """Codes as bool, coders x units x codes; the coders, sorted; the units."""
    table = validated(codes_long, unit=unit, codes=codes)
    for row, code in np.argwhere(table[list(codes)].isna()):
        raise DataError(f"coder {table['coder'][row]!r}, {unit} {table[unit][row]!r}, column "
                        f"{codes[code]!r}: missing; decide it, or leave the unit out for every "
                        "coder, and say so")
    coders = sorted(table["coder"].astype(str).unique())
    units = pd.Index(table[unit].unique()) if units is None else units
    if different := set(units) ^ set(table[unit]):
        raise DataError(f"{unit} {min(different)!r} (and {len(different) - 1} more) is in one table"
                        ", not in another; hand over the same units")
    known = [*RULES, *coders, *PLACES[: len(coders)]]
    if unknown := [rule for rule in rules if rule not in known]:
        raise DataError(f"forks: fork 'adjudication' cannot have {unknown}; expected {known}")
    if "majority" in rules and len(coders) % 2 == 0:
        raise DataError(f"a majority of the coders {coders} can be a tie; take an odd number of "
                        "coders, or delete the option 'majority'")
    by = table[list(codes)].astype(bool).set_index([table["coder"].astype(str), table[unit]])
    return np.stack([by.loc[who].loc[units].to_numpy() for who in coders]), coders, units


def _adjudicated(codes: np.ndarray, rule: str, coders: list[str]) -> np.ndarray:
    """Draws x units x codes, from draws x coders x units x codes; as `coding.consensus`."""
    if rule in RULES:
        yes = codes.sum(1, dtype=np.int16)
        return yes > {"majority": len(coders) / 2, "any": 0, "all": len(coders) - 1}[rule]
    return codes[:, coders.index(rule) if rule in coders else PLACES.index(rule)]


class Statements:
    """From the codes of statements to the number of zones that show each direction.

    The codes are adjudicated first. A zone shows a direction if one of the codes that the option
    names applies, and not only on the option's terms: all anchor terms that the coders of the
    round gave for it. A call theme counts as a code that applies if the coder chose it; it has no
    anchor term.

    Parameters
    ----------
    rounds : mapping of str to DataFrame
        Round -> coder, unit, codes, anchor terms (``SOC_term`` ...) and call_theme, one row per
        coder and unit; all rounds with the same units, which are the zones to count.
    forks : DataFrame
        The forks round, adjudication, base and those of `DIRECTIONS`.
    unit : str
        Column that names the unit.

    Raises
    ------
    DataError
        A fork, option, code or theme is unknown, a code is missing, a code that an option with
        terms names has no anchor term, rounds have different units, or a majority can be a tie.
    """

    def __init__(self, rounds: Mapping[str, pd.DataFrame], forks: pd.DataFrame, *,
                 unit: str = "designation_id"):
        self._forks = _parsed(forks)
        _expect(self._forks, {"round": rounds, "adjudication": None, "base": ("all", "within_SOC"),
                              **dict.fromkeys(DIRECTIONS.values())})
        options = {(fork, name): each for fork in DIRECTIONS.values()
                   for name, each in self._forks[fork].items()}
        if empty := [key for key, each in options.items() if not each.codes]:
            raise DataError(f"forks: {empty[0]} names no codes; name those that count")
        codes = list(dict.fromkeys(chain(*(each.codes for each in options.values()))))
        self.units, self._rounds, self._counts = None, {}, {}
        for name in self._forks["round"]:
            table = rounds[name].reset_index(drop=True)
            if themes := [code for code in codes if code in THEMES]:
                chosen = _column(table, "call_theme", THEMES).astype(str)
                table = table.assign(**{theme: chosen.eq(theme).astype(int) for theme in themes})
            cube, coders, self.units = _cube(table, unit, codes, self.units,
                                             self._forks["adjudication"])
            self._rounds[name] = cube, coders
            for key, each in options.items():
                counts = [self._counting(table, unit, code, each.terms) for code in each.codes]
                self._counts[name, *key] = [codes.index(x) for x in each.codes], np.stack(counts, 1)

    def _counting(self, table: pd.DataFrame, unit: str, code: str, terms: list[str]) -> np.ndarray:
        """Per unit, whether a code counts if it applies."""
        if not terms or code in THEMES:
            return np.ones(len(self.units), bool)
        given = _column(table, f"{code}_term")[table[code] == 1]
        if (gap := given.isna() | given.eq("")).any():
            raise DataError(f"row {gap.idxmax()!r}, column {given.name!r}: empty; write the anchor "
                            f"term of {code}, on which an option rests")
        only = given.isin(terms).groupby(table[unit]).all()
        return ~only.reindex(self.units, fill_value=False).to_numpy(bool)

    def codes(self, universe: Mapping[str, str]) -> np.ndarray:
        """Codes of the round of a universe, coders x units x codes, for `coder_noise`."""
        _at(self._forks, universe)
        return self._rounds[universe["round"]][0]

    def results(self, codes: np.ndarray, universe: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Results of each draw, for `coder_noise`.

        They are those of a universe, but with 1 or 0 under each unit for whether it shows SOC, in
        place of left_out.
        """
        _at(self._forks, universe)
        coders = self._rounds[universe["round"]][1]
        codes, shown = _adjudicated(codes, universe["adjudication"], coders), {}
        for direction, fork in DIRECTIONS.items():
            places, counts = self._counts[universe["round"], fork, universe[fork]]
            shown[direction] = (codes[..., places] & counts).any(-1)
            if universe["base"] == "within_SOC":
                shown[direction] &= shown["SOC"]
        found = {direction: zones.sum(1) for direction, zones in shown.items()}
        return found | dict(zip(self.units, shown["SOC"].T.astype(np.int8)))

    def __call__(self, universe: Mapping[str, str]) -> dict[str, int | str]:
        """Results of one universe.

        Returns
        -------
        dict
            SOC, LAW, INT, PRO: zones that show the direction; left_out: zones that do not show
            SOC, ``;`` between them.
        """
        found = self.results(self.codes(universe)[None], universe)
        left_out = ";".join(str(unit) for unit in self.units if not found[unit][0])
        return {name: int(found[name][0]) for name in DIRECTIONS} | {"left_out": left_out}


class Segments:
    """From the codes of segments to the zones that show each dimension, and to placements.

    The codes are adjudicated first. Where an option of deliberation or steering names a dimension,
    the segments with that code get it, and lose the dimensions that only the fork's other options
    name, unless the other of the two forks gives these. Of the dimensions that a segment then has,
    the fork coding may keep one, in the order of `DIMENSIONS`.

    The dimension most over-represented in a zone is that with the greatest ratio of its share
    among the zone's codes to its share among the codes of all zones; several tie if their ratios
    are equal, and ties are reported as such.

    Parameters
    ----------
    codes_long : DataFrame
        One row per coder and segment: coder, seg_id, the dimensions, DELIB, STEER.
    segments : DataFrame
        One row per segment: seg_id, zone_id (missing: of no zone), stance, dimension_article (of
        the zone).
    forks : DataFrame
        The forks stance, coding, presence (a number of segments, or a share such as 25%),
        deliberation, steering and adjudication.

    Attributes
    ----------
    zones : Series
        Zone -> dimension of the article.
    left_out : Index
        Segments of no zone.

    Raises
    ------
    DataError
        A fork, option or dimension is unknown, a code is missing, the tables have different
        segments, a zone has several dimensions or no practice, or a majority can be a tie.
    """

    def __init__(self, codes_long: pd.DataFrame, segments: pd.DataFrame, forks: pd.DataFrame):
        self._forks = _parsed(forks)
        _expect(self._forks, {"stance": ("all", "practice"), "presence": None, "adjudication": None,
                              "coding": ("multi", "first", "last", "only"),
                              **dict.fromkeys(READINGS)})
        for name in ("seg_id", "zone_id", "stance", "dimension_article"):
            _column(segments, name)
        table = segments.reset_index(drop=True)
        table = table.sort_values("zone_id", kind="stable")  # those of no zone come last
        for twice in table["seg_id"][table["seg_id"].duplicated()]:
            raise DataError(f"seg_id {twice!r} has two rows; keep one")
        self._codes, self._coders, _ = _cube(
            codes_long, "seg_id", [*DIMENSIONS, *READINGS.values()], pd.Index(table["seg_id"]),
            self._forks["adjudication"],
        )
        self.left_out = pd.Index(table["seg_id"][table["zone_id"].isna()])
        table = table.dropna(subset="zone_id")
        if table.empty:
            raise DataError("segments: none belongs to a zone; fill zone_id in")
        _column(table, "dimension_article", DIMENSIONS)
        placed = table.groupby("zone_id", sort=False, observed=True)["dimension_article"]
        if (several := placed.nunique() > 1).any():
            raise DataError(f"zone {several.idxmax()!r} has several dimension_article; keep one")
        self.zones = placed.first().astype(str).rename_axis(None)
        self._article = np.array([DIMENSIONS.index(name) for name in self.zones])
        ends = placed.size().cumsum()
        self._rows = [slice(*each) for each in zip([0, *ends], ends)]
        self._chosen = {"all": np.ones(len(table), bool),
                        "practice": table["stance"].eq("practice").to_numpy(bool)}
        self._least = {}
        for stance in self._forks["stance"]:
            sizes = [int(self._chosen[stance][rows].sum()) for rows in self._rows]
            if 0 in sizes:
                raise DataError(f"zone {self.zones.index[sizes.index(0)]!r} has no segment of "
                                f"{stance}; leave the zone out, and say so")
            for rule in self._forks["presence"]:
                self._least[stance, rule] = np.array([[_least(rule, size)] for size in sizes])
        self._read = {}
        for place, fork in enumerate(READINGS, len(DIMENSIONS)):
            named = {name for option in self._forks[fork].values() for name in option.codes}
            if unknown := named - set(DIMENSIONS):
                raise DataError(f"forks, fork {fork!r}: codes {sorted(unknown)}; expected some of "
                                f"{', '.join(DIMENSIONS)}")
            for name, option in self._forks[fork].items():
                gives = np.isin(DIMENSIONS, option.codes)
                takes = np.isin(DIMENSIONS, list(named)) & ~gives & gives.any()
                self._read[fork, name] = place, gives, takes

    def codes(self, universe: Mapping[str, str]) -> np.ndarray:
        """Codes, coders x segments x codes, for `coder_noise`; segments in the order of zones."""
        _at(self._forks, universe)
        return self._codes

    def _counted(self, codes: np.ndarray, universe: Mapping[str, str]) -> tuple[dict, np.ndarray]:
        """Results of each draw, and which dimensions are on top, draws x zones x dimensions."""
        _at(self._forks, universe)
        codes = _adjudicated(codes, universe["adjudication"], self._coders)
        codes = codes[:, : self._rows[-1].stop]
        has = codes[..., : len(DIMENSIONS)]
        reads = [self._read[fork, universe[fork]] for fork in READINGS]
        if any(gives.any() for _, gives, _ in reads):
            given, taken = np.zeros_like(has), np.zeros_like(has)
            for place, gives, takes in reads:
                given |= codes[..., [place]] & gives
                taken |= codes[..., [place]] & takes
            has = given | has & ~taken
        has = has & self._chosen[universe["stance"]][:, None]
        if universe["coding"] == "only":
            has &= has.sum(-1, keepdims=True) == 1
        elif universe["coding"] != "multi":
            way = slice(None, None, 1 if universe["coding"] == "first" else -1)
            has &= has[..., way].cumsum(-1)[..., way] == 1
        counts = np.stack([has[:, rows].sum(1, dtype=np.int32) for rows in self._rows], 1)
        present = counts >= self._least[universe["stance"], universe["presence"]]
        # ratios of a and b in one zone compare as counts[a] / all[a] and counts[b] / all[b]
        crossed = counts[..., None] * counts.sum(1, keepdims=True)[..., None, :]
        top = (crossed >= crossed.swapaxes(-1, -2)).all(-1) & (counts > 0)
        mine = np.take_along_axis(top, self._article[None, :, None], 2)[..., 0]
        alone = mine & (top.sum(-1) == 1)
        found = dict(zip(DIMENSIONS, present.sum(1).T))
        found |= {"placed": alone.sum(1), "tied": (mine & ~alone).sum(1)}
        return found | dict(zip(self.zones.index, alone.T.astype(np.int8))), top

    def results(self, codes: np.ndarray, universe: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Results of each draw, for `coder_noise`.

        They are those of a universe, but with 1 or 0 under each zone for whether the article's
        dimension, and no other, is most over-represented.
        """
        return self._counted(codes, universe)[0]

    def __call__(self, universe: Mapping[str, str]) -> dict[str, int | str]:
        """Results of one universe.

        Returns
        -------
        dict
            SUB, INS, RES, TEC: zones that show the dimension; placed: zones in which the
            article's dimension, and no other, is most over-represented; tied: those in which it
            is one of several; each zone: the dimensions most over-represented, ``;`` between
            them, empty if no segment has a code.
        """
        found, top = self._counted(self._codes[None], universe)
        counts = {name: int(found[name][0]) for name in (*DIMENSIONS, "placed", "tied")}
        return counts | {zone: ";".join(np.array(DIMENSIONS)[which])
                         for zone, which in zip(self.zones.index, top[0])}


def _least(rule: str, size: int) -> int:
    """Segments that a zone of some size needs to show a dimension."""
    try:
        number = Fraction(rule.removesuffix("%"))
    except (ValueError, ZeroDivisionError):
        number = Fraction(0)
    if rule.endswith("%") and 0 < number <= 100:
        return math.ceil(number / 100 * size)
    if number < 1 or number.denominator > 1 or rule.endswith("%"):
        raise DataError(f"forks: fork 'presence' cannot have the option {rule!r}; expected a whole "
                        "number of segments from 1, or a share up to 100%")
    return int(number)
