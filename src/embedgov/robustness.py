"""What other defensible choices, and slips of the coders, would have made of the results.

A *fork* is a choice with several defensible *options*, one of which is published. A *universe*
takes one option at every fork; the *multiverse* is all universes. Forks are a table with a row
per option: fork, option, published (1 or 0), and for the two studies here also codes (those that
the option counts, ``;`` between them) and terms (anchor terms that alone do not carry a code).

References
----------
Steegen, S., Tuerlinckx, F., Gelman, A. and Vanpaemel, W. (2016). Increasing transparency through
a multiverse analysis. Perspectives on Psychological Science 11(5), 702-712.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from numbers import Integral, Real

import joblib
import numpy as np
import pandas as pd

from .coding import validated
from .errors import DataError, EmbedgovError

DIRECTIONS = {  # the fork that says what counts as each direction
    "SOC": "socialisation",
    "LAW": "rule_of_law",
    "INT": "intelligence",
    "PRO": "professionalisation",
}
DIMENSIONS = ("SUB", "INS", "RES", "TEC")  # in the order of the article's framework
THEMES = ("INFO", "SANSHE", "BURDEN", "PARTY", "CONSULT", "OTHER")
READINGS = {"deliberation": "DELIB", "steering": "STEER"}  # forks that read a code as a dimension
RULES = ("majority", "any", "all")
PLACES = ("first", "second", "third")  # a coder by place, since every round has its own
UNIVERSES_PER_TASK, DRAWS_PER_TASK = 250, 500  # fixed, so that results do not depend on workers


def _checked(forks: pd.DataFrame) -> pd.DataFrame:
    """Forks as text in a fixed order of columns; an error names the row that is wrong."""
    for column in ("fork", "option", "published"):
        if column not in forks.columns:
            raise DataError(f"forks: there is no column {column!r}; the columns are {list(forks)}")
    if "multiverse" in forks and forks["multiverse"].nunique() > 1:
        raise DataError(f"forks: {list(forks['multiverse'].unique())} are several multiverses; "
                        "hand over the rows of one")
    if forks.empty:
        raise DataError("forks: no rows; every option of every fork needs one")
    table = forks.reindex(columns=["fork", "option", "published", "codes", "terms"])
    for column in ("fork", "option"):
        if (gap := table[column].isna() | table[column].eq("")).any():
            raise DataError(f"forks, row {gap.idxmax()!r}, column {column!r}: empty; name it")
    if (again := table.duplicated(["fork", "option"])).any():
        fork, option = table.loc[again, ["fork", "option"]].iloc[0]
        raise DataError(f"forks, row {again.idxmax()!r}: fork {fork!r} has the option {option!r} "
                        "already; delete one of the two rows, or rename the option")
    if not (known := table["published"].isin([0, 1])).all():
        raise DataError(f"forks, row {known.idxmin()!r}, column 'published': "
                        f"{table.loc[~known, 'published'].iloc[0]!r}; write 1 or 0")
    for fork, number in table.groupby("fork", sort=False)["published"].sum().items():
        if number != 1:
            raise DataError(f"forks, fork {fork!r}: {int(number)} options are published; mark "
                            "exactly one with 1, the others with 0")
    return table.fillna({"codes": "", "terms": ""}).astype(
        {"fork": str, "option": str, "published": bool, "codes": str, "terms": str}
    )


def universe(forks: pd.DataFrame, **options: str) -> dict[str, str]:
    """The published universe, or one that differs from it at some forks.

    Parameters
    ----------
    forks : DataFrame
        One row per option; see the module.
    **options : str
        Fork = option, where another than the published one is wanted.

    Returns
    -------
    dict of str to str
        Fork -> option.

    Raises
    ------
    DataError
        A fork or an option is not among the forks, or these are not well formed.
    """
    table = _checked(forks)
    chosen = dict(table.loc[table["published"], ["fork", "option"]].to_numpy())
    for fork, option in options.items():
        if fork not in chosen:
            raise DataError(f"there is no fork {fork!r}; expected one of {', '.join(chosen)}")
        known = list(table.loc[table["fork"] == fork, "option"])
        if option not in known:
            raise DataError(f"fork {fork!r} has no option {option!r}; expected one of "
                            f"{', '.join(known)}, or add it to the forks and say why it is "
                            "defensible")
    return chosen | options


def universes(forks: pd.DataFrame) -> pd.DataFrame:
    """Every combination of options.

    Parameters
    ----------
    forks : DataFrame
        One row per option; see the module.

    Returns
    -------
    DataFrame
        One row per universe, one column per fork.
    """
    options = {name: rows["option"] for name, rows in _checked(forks).groupby("fork", sort=False)}
    every = pd.MultiIndex.from_product(options.values(), names=options)
    return every.to_frame(index=False)


def _run(calls, n_jobs: int, backend: str | None, prefer: str, **options) -> list:
    """Run joblib calls and return what they return, in their order."""
    if backend is None:
        return joblib.Parallel(n_jobs=n_jobs, prefer=prefer)(calls)
    try:
        with joblib.parallel_config(backend, n_jobs=n_jobs, **options):
            return joblib.Parallel()(calls)
    except ImportError as error:
        raise EmbedgovError(f"backend={backend!r} is not installed ({error}); for Dask: "
                            "pip install 'embedgov[dask]'") from error


def _evaluate(evaluate: Callable, chosen: Sequence[dict]) -> list:
    return [evaluate(each) for each in chosen]


def multiverse(forks: pd.DataFrame, evaluate: Callable[[dict[str, str]], Mapping], *,
               n_jobs: int = -1, backend: str | None = None, **options) -> pd.DataFrame:
    """Run every universe.

    Parameters
    ----------
    forks : DataFrame
        One row per option; see the module.
    evaluate : callable
        From a universe (fork -> option) to its results (name -> value), the same names in all.
    n_jobs : int
        Processes; -1 for all cores.
    backend : str, optional
        A backend of joblib; ``"dask"`` runs on a Dask cluster (the extra ``dask``).
    **options
        For the backend; for Dask ``client=`` or ``scheduler_host="host:port"``.

    Returns
    -------
    DataFrame
        One row per universe, a column per fork and one per result.

    Raises
    ------
    DataError
        The forks are not well formed, or the results do not have the same names everywhere, or
        one has the name of a fork.
    """
    every = universes(forks)
    chosen = every.to_dict("records")
    tasks = range(0, len(chosen), UNIVERSES_PER_TASK)
    calls = (joblib.delayed(_evaluate)(evaluate, chosen[i : i + UNIVERSES_PER_TASK]) for i in tasks)
    rows = list(chain.from_iterable(_run(calls, n_jobs, backend, "processes", **options)))
    for each, row in zip(chosen, rows):
        if list(row) != list(rows[0]) or set(row) & set(every):
            raise DataError(f"universe {each}: results {list(row)}; expected {list(rows[0])} as in "
                            f"the first, and none with the name of a fork ({', '.join(every)})")
    return pd.concat([every, pd.DataFrame(rows)], axis=1)


def shares(results: pd.DataFrame, forks: pd.DataFrame, of: Sequence[str]) -> pd.DataFrame:
    """Share of the variation of results that each fork explains alone (eta squared).

    The variation is the sum of squared deviations of the universes from their mean. A fork's part
    is that of the means of its options, each as often as it occurs (its main effect). In a full
    factorial the parts are orthogonal, and what all forks leave is the interactions.

    Parameters
    ----------
    results : DataFrame
        From `multiverse`: every universe once.
    forks : DataFrame
        The forks of that multiverse.
    of : sequence of str
        Results that are counts, or true and false.

    Returns
    -------
    DataFrame
        Rows the forks and ``interactions``, columns the results; they add up to 1. Missing where
        a result is the same in all universes, since there is nothing to explain.

    Raises
    ------
    DataError
        A result is not a number, or the universes are not the full factorial.
    """
    every = universes(forks)
    if lacking := [name for name in [*every, *of] if name not in results]:
        raise DataError(f"results: there are no columns {lacking}; expected the forks and {of}")
    of, names, n = list(of), list(every), len(every)
    if len(results) != n or len(every.merge(results[names].drop_duplicates())) != n:
        raise DataError(f"results: {len(results)} universes are not the {n} of these forks, each "
                        "once; main effects add up in the full factorial only: run all of them")
    for name in of:
        if not pd.api.types.is_numeric_dtype(results[name]) or results[name].isna().any():
            raise DataError(f"results, column {name!r}: not a number in every universe; compare it "
                            "with a value first")
    y = results[of].astype(float)
    square = y.sum() ** 2
    total = n * (y**2).sum() - square  # n times the sum of squares; whole numbers stay exact
    parts = {
        name: results[name].nunique() * (y.groupby(results[name]).sum() ** 2).sum() - square
        for name in names
    }
    share = pd.DataFrame(parts).T.div(total.where(total > 0), axis=1)
    share.loc["interactions"] = 1 - share.sum(min_count=1)
    return share


def conclusions(holds: pd.DataFrame, *, most: float = 0.75, few: float = 0.25) -> pd.DataFrame:
    """In how many universes each conclusion holds.

    Parameters
    ----------
    holds : DataFrame of bool
        One row per universe, one column per conclusion.
    most, few : float
        Least share of the universes that is ``most``, and greatest that is ``few``.

    Returns
    -------
    DataFrame
        One row per conclusion: universes in which it holds, their share, and the verdict ``all``,
        ``most``, ``some``, ``few`` or ``none``.

    Raises
    ------
    DataError
        There are no universes, a cell is neither true nor false, or the thresholds are not
        0 <= few < most <= 1.
    """
    if holds.empty:
        raise DataError("no universes or no conclusions; hand over at least one of each")
    for name, column in holds.items():
        if column.isna().any() or not pd.api.types.is_bool_dtype(column):
            raise DataError(f"conclusion {name!r}: expected true or false in every universe; "
                            "compare the result with a value")
    if not 0 <= few < most <= 1:
        raise DataError(f"most={most}, few={few}: expected 0 <= few < most <= 1")
    number = holds.sum().astype(int)
    share = number / len(holds)
    verdict = np.select([share == 1, share == 0, share >= most, share <= few],
                        ["all", "none", "most", "few"], "some")
    return pd.DataFrame({"universes": number, "share": share, "verdict": verdict})


def _flip(codes: np.ndarray, result: Callable, p: float, seed, draws: int) -> dict:
    flips = np.random.default_rng(seed).random((draws, *codes.shape), dtype=np.float32) < p
    return {name: np.asarray(values) for name, values in result(codes ^ flips).items()}


def coder_noise(codes: np.ndarray, result: Callable[[np.ndarray], Mapping], p: float, *,
                draws: int = 10_000, seed: int = 0, n_jobs: int = -1, backend: str | None = None,
                **options) -> pd.DataFrame:
    """Results when every code of every coder is flipped with a probability.

    Parameters
    ----------
    codes : array of bool, coders x units x codes
    result : callable
        From codes of some draws (draws x coders x units x codes) to results (name -> an array
        with one value per draw).
    p : float
        Probability with which a code that applies is taken away, and one that does not is given;
        independently for every coder, unit and code (to within 2**-24).
    draws : int
    seed : int
        The same seed gives the same draws whatever the backend and the number of workers.
    n_jobs, backend, **options
        As for `multiverse`, but by default threads, which numpy keeps busy.

    Returns
    -------
    DataFrame
        One row per draw, one column per result; ``.describe()`` gives mean, range and quantiles.

    Raises
    ------
    DataError
        p is not a probability, draws is no whole number from 1, or a code is neither true nor
        false.
    """
    if isinstance(p, bool) or not isinstance(p, Real) or not 0 <= p <= 1:
        raise DataError(f"p={p!r}: expected a probability from 0 to 1")
    if isinstance(draws, bool) or not isinstance(draws, Integral) or draws < 1:
        raise DataError(f"draws={draws!r}: expected a whole number from 1")
    codes = np.asarray(codes)
    if codes.dtype != bool:
        raise DataError(f"codes are {codes.dtype}; expected true and false: decide missing codes, "
                        "or leave the unit out, and say so")
    sizes = [min(DRAWS_PER_TASK, draws - start) for start in range(0, draws, DRAWS_PER_TASK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    calls = (joblib.delayed(_flip)(codes, result, float(p), *each) for each in zip(seeds, sizes))
    parts = _run(calls, n_jobs, backend, "threads", **options)
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _options(forks: pd.DataFrame, expected: Mapping[str, Sequence[str] | None]) -> dict:
    """Codes and terms of each fork and option, all forks and options being expected ones."""
    table = _checked(forks)
    if set(table["fork"]) != set(expected):
        unknown = sorted(set(table["fork"]) - set(expected))
        lacking = sorted(set(expected) - set(table["fork"]))
        raise DataError(f"forks: unknown {unknown}, lacking {lacking}; expected {list(expected)}, "
                        "each with one option or more")
    found = {}
    for row in table.itertuples():
        known = expected[row.fork]
        if known is not None and row.option not in known:
            raise DataError(f"forks, row {row.Index!r}: fork {row.fork!r} has no option "
                            f"{row.option!r}; expected one of {', '.join(known)}")
        lists = ([cell for cell in text.split(";") if cell] for text in (row.codes, row.terms))
        found.setdefault(row.fork, {})[row.option] = tuple(lists)
    return found


def _cube(codes_long: pd.DataFrame, unit: str, codes: Sequence[str], units=None):
    """Codes as bool, coders x units x codes, with coders sorted; and coders, units."""
    table = validated(codes_long, unit=unit, codes=codes)
    for row, column in np.argwhere(table[list(codes)].isna()):
        who, what = table.loc[row, ["coder", unit]]
        raise DataError(f"coder {who!r}, {unit} {what!r}, column {codes[column]!r}: missing; decide "
                        "it, or leave the unit out for every coder, and say so")
    coders = sorted(table["coder"].unique())
    units = pd.Index(table[unit].unique() if units is None else units)
    if different := set(units) ^ set(table[unit]):
        raise DataError(f"{unit} {sorted(different)[0]!r} (and {len(different) - 1} more) is not "
                        "everywhere; every table has to have the same units")
    by = table.set_index(["coder", unit])[list(codes)].astype(bool)
    return np.stack([by.loc[who].loc[units].to_numpy() for who in coders]), coders, units


def _adjudicated(codes: np.ndarray, rule: str, coders: Sequence[str]) -> np.ndarray:
    """Codes of draws x units x codes from those of draws x coders x units x codes."""
    if rule in coders:
        return codes[:, coders.index(rule)]
    yes = codes.sum(1, dtype=np.int8)
    return {"any": yes > 0, "all": yes == len(coders), "majority": 2 * yes > len(coders)}[rule]


def _odd(coders: Sequence[str], rules: Mapping) -> None:
    if "majority" in rules and len(coders) % 2 == 0:
        raise DataError(f"a majority of the {len(coders)} coders {coders} can be a tie; take an odd "
                        "number, or delete the option 'majority'")


class Statements:
    """Statements of some zones, from codes to the number of zones with each direction.

    The coders' codes are adjudicated first; a direction is shown if one of the codes that its
    option counts applies. A code does not count where all anchor terms that the coders of the
    round gave for it are among the option's terms. A call theme is a code that applies where the
    coder chose it; it has no anchor term.

    Parameters
    ----------
    rounds : mapping of str to DataFrame
        Round -> one row per coder and statement: coder, the unit, codes, anchor terms
        (``SOC_term`` ...), call_theme. All rounds have the same units: those to be counted.
    forks : DataFrame
        Forks round, adjudication, base and one for each direction (`DIRECTIONS`).
    margins : mapping of str to int
        Direction -> number of zones to compare with.
    unit : str
        Column that names the unit.

    Raises
    ------
    DataError
        A fork, option or code is unknown, an anchor term is lacking, a code is missing, rounds
        have different units, or a majority can be a tie.
    """

    def __init__(self, rounds: Mapping[str, pd.DataFrame], forks: pd.DataFrame,
                 margins: Mapping[str, int], *, unit: str = "designation_id"):
        expected = {"round": list(rounds), "adjudication": [*RULES, *PLACES],
                    "base": ["all", "within_SOC"], **dict.fromkeys(DIRECTIONS.values())}
        self._forks = _options(forks, expected)
        if set(margins) != set(DIRECTIONS):
            raise DataError(f"margins of {list(margins)}; expected one of each of {list(DIRECTIONS)}")
        counted = {fork: self._forks[fork] for fork in DIRECTIONS.values()}
        codes = list(dict.fromkeys(code for each in counted.values() for listed, _ in each.values()
                                   for code in listed))
        self.units, self._margins, self._codes, self._coders = None, dict(margins), {}, {}
        self._counts = {}  # round, fork, option -> (place of the codes, units x these: counts?)
        for name in self._forks["round"]:
            table = rounds[name]
            if themes := [code for code in codes if code in THEMES]:
                chosen = table["call_theme"].astype(str)
                table = table.assign(**{theme: (chosen == theme).astype(int) for theme in themes})
            self._codes[name], self._coders[name], self.units = _cube(table, unit, codes, self.units)
            _odd(self._coders[name], self._forks["adjudication"])
            places = [each for each in self._forks["adjudication"] if each in PLACES]
            if any(PLACES.index(each) >= len(self._coders[name]) for each in places):
                raise DataError(f"round {name!r} has only the coders {self._coders[name]}, but the "
                                f"fork 'adjudication' has {places}; delete the option")
            for fork, options in counted.items():
                for option, (listed, terms) in options.items():
                    if not listed:
                        raise DataError(f"forks, fork {fork!r}, option {option!r}: no codes; name "
                                        "those that count")
                    counts = [self._kept(table, unit, code, terms) for code in listed]
                    self._counts[name, fork, option] = (
                        [codes.index(code) for code in listed], np.stack(counts, axis=1)
                    )

    def _kept(self, table: pd.DataFrame, unit: str, code: str, terms: list[str]) -> np.ndarray:
        """Per unit, whether a code counts: not all its anchor terms are among the terms."""
        if not terms or code in THEMES:
            return np.ones(len(self.units), bool)
        given = table[table[code] == 1].set_index(unit)[f"{code}_term"]
        if given.isna().any():
            raise DataError(f"{unit} {given.index[given.isna()][0]!r}, column '{code}_term': empty; "
                            "write the anchor term of the code, since an option rests on it")
        only = given.isin(terms).groupby(level=0).all()
        return ~only.reindex(self.units, fill_value=False).to_numpy(bool)

    def codes(self, universe: Mapping[str, str]) -> np.ndarray:
        """Codes of the universe's round: coders x units x codes."""
        return self._codes[universe["round"]]

    def _shown(self, codes: np.ndarray, universe: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Per direction, draws x units."""
        name, rule = universe["round"], universe["adjudication"]
        coders = self._coders[name]
        rule = coders[PLACES.index(rule)] if rule in PLACES else rule
        codes, shown = _adjudicated(codes, rule, coders), {}
        for direction, fork in DIRECTIONS.items():
            places, counts = self._counts[name, fork, universe[fork]]
            shown[direction] = (codes[..., places] & counts).any(-1)
        if universe["base"] == "within_SOC":
            shown = {direction: zones & shown["SOC"] for direction, zones in shown.items()}
        return shown

    def results(self, codes: np.ndarray, universe: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Results of each draw: number of zones with each direction, distance, and per unit 1 if
        it has SOC; codes are draws x coders x units x codes."""
        shown = self._shown(codes, universe)
        counts = {direction: zones.sum(1) for direction, zones in shown.items()}
        distance = sum(abs(counts[direction] - n) for direction, n in self._margins.items())
        return counts | {"distance": distance} | dict(zip(self.units, shown["SOC"].T.astype(np.int8)))

    def __call__(self, universe: Mapping[str, str]) -> dict:
        """Results of one universe.

        Returns
        -------
        dict
            SOC, LAW, INT, PRO: number of zones with the direction; distance: sum of absolute
            differences from the margins, 0 if all four are met; left_out: zones without SOC,
            ``;`` between them.
        """
        found = self.results(self.codes(universe)[None], universe)
        left_out = ";".join(str(unit) for unit in self.units if not found[unit][0])
        return {name: int(found[name][0]) for name in (*DIRECTIONS, "distance")} | {
            "left_out": left_out}


class Segments:
    """Segments of some zones, from codes to the dimensions that each zone shows.

    The coders' codes are adjudicated first. An option of the forks deliberation and steering that
    names a dimension gives it to the segments with that code, and takes from them the dimensions
    that the fork's other options name, unless the other fork gives these. Then comes the choice
    of one code, in the order of `DIMENSIONS`.

    A dimension is most over-represented in a zone if the ratio of its share among the zone's
    codes to its share among the codes of all zones is greatest. Several may be.

    Parameters
    ----------
    codes_long : DataFrame
        One row per coder and segment: coder, seg_id, the dimensions, DELIB, STEER.
    segments : DataFrame
        One row per segment: seg_id, zone_id (missing: no zone), stance, dimension_article (the
        same for all segments of a zone).
    forks : DataFrame
        Forks stance, coding, presence (a number of segments, or a share such as 25%),
        deliberation, steering and adjudication.

    Attributes
    ----------
    zones : Series
        Zone -> dimension of the article.
    left_out : Index
        Segments that belong to no zone.

    Raises
    ------
    DataError
        A fork, option or dimension is unknown, a code is missing, the tables have different
        segments, a zone has two dimensions or no segment of practice, or a majority can be a tie.
    """

    def __init__(self, codes_long: pd.DataFrame, segments: pd.DataFrame, forks: pd.DataFrame):
        expected = {"stance": ["all", "practice"], "coding": ["multi", "first", "last", "only"],
                    "presence": None, "adjudication": None, **dict.fromkeys(READINGS)}
        self._forks = _options(forks, expected)
        table = segments.sort_values("zone_id", kind="stable")  # those without a zone come last
        codes = [*DIMENSIONS, *READINGS.values()]
        self._codes, self._coders, _ = _cube(codes_long, "seg_id", codes, table["seg_id"])
        _odd(self._coders, self._forks["adjudication"])
        for rule in self._forks["adjudication"]:
            if rule not in [*RULES, *self._coders]:
                raise DataError(f"forks, fork 'adjudication': no option {rule!r}; expected one of "
                                f"{', '.join([*RULES, *self._coders])}")
        self._read = {fork: [listed for listed, _ in self._forks[fork].values()] for fork in READINGS}
        for name in chain(table["dimension_article"], *chain(*self._read.values())):
            if name not in DIMENSIONS: 
                raise DataError(f"dimension {name!r}: expected one of {', '.join(DIMENSIONS)}")
        self._practice = (table["stance"] == "practice").to_numpy()
        self.left_out = pd.Index(table.loc[table["zone_id"].isna(), "seg_id"])
        by = table.groupby("zone_id", observed=True)["dimension_article"]
        if (two := by.nunique() > 1).any():
            raise DataError(f"zone {two.idxmax()!r} has several dimension_article; give it one")
        self.zones = by.first().astype(str)
        ends = np.cumsum(by.size())
        self._rows = [slice(*ends_) for ends_ in zip([0, *ends], ends)]
        self._article = [DIMENSIONS.index(dimension) for dimension in self.zones]
        self._least = {}
        for stance in self._forks["stance"]:
            chosen = self._practice | (stance == "all")
            sizes = [int(chosen[rows].sum()) for rows in self._rows]
            if 0 in sizes:
                raise DataError(f"zone {self.zones.index[sizes.index(0)]!r} has no segment of "
                                "practice; leave it out, and say so")
            for rule in self._forks["presence"]:
                self._least[stance, rule] = np.array([_least(rule, size) for size in sizes])

    def codes(self, universe: Mapping[str, str]) -> np.ndarray:
        """Codes: coders x segments x codes, segments in the order of the zones."""
        return self._codes

    def _count(self, codes: np.ndarray, universe: Mapping[str, str]):
        """Per draw, zones with each dimension; and per draw and zone, dimensions on top."""
        codes = _adjudicated(codes, universe["adjudication"], self._coders)
        has = codes[..., : len(DIMENSIONS)]
        given, taken = np.zeros_like(has), np.zeros_like(has)
        for read, (fork, options) in enumerate(self._read.items(), len(DIMENSIONS)):
            for named in self._forks[fork][universe[fork]][0]:
                given[..., DIMENSIONS.index(named)] |= codes[..., read]
                for other in chain(*options):
                    if other not in self._forks[fork][universe[fork]][0]:
                        taken[..., DIMENSIONS.index(other)] |= codes[..., read]
        has = given | has & ~taken
        if universe["stance"] == "practice":
            has &= self._practice[:, None]
        if universe["coding"] == "only":
            has &= has.sum(-1, keepdims=True) == 1
        elif universe["coding"] != "multi":
            way = slice(None, None, 1 if universe["coding"] == "first" else -1)
            has &= has[..., way].cumsum(-1)[..., way] == 1
        counts = np.stack([has[:, rows].sum(1, dtype=np.int32) for rows in self._rows], axis=1)
        least = self._least[universe["stance"], universe["presence"]]
        present = (counts >= least[:, None]).sum(1)
        total = counts.sum(1, keepdims=True)
        # a's share in the zone / overall >= b's: counts[a] / total[a] >= counts[b] / total[b]
        ahead = counts[..., :, None] * total[..., None, :] >= counts[..., None, :] * total[..., :, None]
        return present, ahead.all(-1) & (counts > 0)

    def results(self, codes: np.ndarray, universe: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Results of each draw; codes are draws x coders x segments x codes."""
        present, top = self._count(codes, universe)
        mine = np.take_along_axis(top, np.array(self._article)[None, :, None], 2)[..., 0]
        alone = mine & (top.sum(-1) == 1)
        return dict(zip(DIMENSIONS, present.T)) | {
            "placed": alone.sum(1), "tied": (mine & ~alone).sum(1),
        } | dict(zip(self.zones.index, alone.T.astype(np.int8)))

    def __call__(self, universe: Mapping[str, str]) -> dict:
        found = self.results(self._codes[None], universe)
        top = self._count(self._codes[None], universe)[1][0]
        named = [";".join(np.array(DIMENSIONS)[each]) for each in top]
        return {name: int(found[name][0]) for name in (*DIMENSIONS, "placed", "tied")} | dict(
            zip(self.zones.index, named))


def _least(rule: str, size: int) -> int:
    """Segments that a zone of some size needs to show a dimension."""
    try:
        if rule.endswith("%") and 0 < (share := Fraction(rule[:-1]) / 100) <= 1:
            return math.ceil(share * size)
        if int(rule) > 0:
            return int(rule)
    except ValueError:
        pass
    raise DataError(f"forks, fork 'presence', option {rule!r}: expected a number of segments from "
                    "1, or a share up to 100%")
