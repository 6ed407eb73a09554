"""The multiverse of this study: its results under each combination of options of its forks."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain

import numpy as np
import pandas as pd

from embedgov.coding import validated
from embedgov.errors import DataError
from embedgov.multiverse import options_at, parse_forks

READINGS = {"deliberation": "DELIB", "steering": "STEER"}  # forks that read a code as a dimension
RULES = ("majority", "any", "all")
PLACES = ("first", "second", "third")  # of a coder in a round, by name
SEARCH = "words"  # the adjudication that takes the codes of a search and asks no coder


def _expect(parsed: Mapping[str, Mapping], expected: Mapping[str, Iterable[str] | None]) -> None:
    """Check that the forks are those that a study knows, and the options too unless None."""
    if different := set(parsed) ^ set(expected):
        raise DataError(f"forks: {sorted(different)} unknown or lacking; expected {list(expected)}")
    for fork, known in expected.items():
        for option in parsed[fork]:
            if known is not None and option not in known:
                raise DataError(
                    f"forks: fork {fork!r} cannot have the option {option!r}; expected {', '.join(known)}"
                )


def _column(table: pd.DataFrame, name: str, allowed: Sequence[str] = ()) -> pd.Series:
    if name not in table:
        raise DataError(f"there is no column {name!r}; the columns are {list(table)}")
    for row in table.index[~table[name].isin(allowed)] if allowed else ():
        raise DataError(
            f"row {row!r}, column {name!r}: {table[name][row]!r}; expected one of {', '.join(allowed)}"
        )
    return table[name]


def _enumeration(table: pd.DataFrame, name: str) -> list[str]:
    """What a column may hold, in order."""
    if not isinstance(_column(table, name).dtype, pd.CategoricalDtype):
        raise DataError(f"column {name!r} does not say what it may hold; read the table by data.table")
    return list(table[name].cat.categories)


def _cube(
    codes_long: pd.DataFrame, unit: str, codes: Sequence[str], units: pd.Index | None, rules: Iterable[str]
) -> tuple[np.ndarray, list[str], pd.Index]:
    """Codes as bool, coders x units x codes; the coders, sorted; the units."""
    table = validated(codes_long, unit=unit, codes=codes)
    for row, code in np.argwhere(table[list(codes)].isna()):
        raise DataError(
            f"coder {table['coder'][row]!r}, {unit} {table[unit][row]!r}, column "
            f"{codes[code]!r}: missing; decide it, or leave the unit out for every "
            "coder, and say so"
        )
    coders = sorted(table["coder"].astype(str).unique())
    units = pd.Index(table[unit].unique()) if units is None else units
    if different := set(units) ^ set(table[unit]):
        raise DataError(
            f"{unit} {min(different)!r} (and {len(different) - 1} more) is in one table"
            ", not in another; hand over the same units"
        )
    known = [*RULES, *coders, *PLACES[: len(coders)]]
    if unknown := [rule for rule in rules if rule not in known]:
        raise DataError(f"forks: fork 'adjudication' cannot have {unknown}; expected {known}")
    if "majority" in rules and len(coders) % 2 == 0:
        raise DataError(
            f"a majority of the coders {coders} can be a tie; take an odd number of "
            "coders, or delete the option 'majority'"
        )
    by = table[list(codes)].astype(bool).set_index([table["coder"].astype(str), table[unit]])
    return np.stack([by.loc[who].loc[units].to_numpy() for who in coders]), coders, units


def _adjudicated(codes: np.ndarray, rule: str, coders: list[str]) -> np.ndarray:
    """Draws x units x codes, from draws x coders x units x codes; as `coding.consensus`."""
    if rule in RULES:
        yes = codes.sum(1, dtype=np.int16)
        return yes > {"majority": len(coders) / 2, "any": 0, "all": len(coders) - 1}[rule]
    return codes[:, coders.index(rule) if rule in coders else PLACES.index(rule)]


def _outside(term: str, text: str, struck: list[str]) -> bool:
    """Whether a term occurs in a text, and not only within an occurrence of one of the struck terms."""

    def spans(part: str) -> list[tuple[int, int]]:
        starts = (start for start in range(len(text)) if text.startswith(part, start))
        return [(start, start + len(part)) for start in starts]

    hidden = [span for each in struck for span in spans(each)]
    return any(not any(a <= start and end <= b for a, b in hidden) for start, end in spans(term))


class Statements:
    """From the codes of statements to the number of zones that show each direction.

    The codes are adjudicated first. A zone shows a direction if one of the codes that the option
    names applies, and does not rest on the option's terms alone. That is judged by the text and
    not by the term that a coder wrote down: of all anchor terms that any coder gave for the code
    anywhere, those are looked for that stand in the unit's text, and the code counts if one of
    them stands outside every occurrence of the option's terms, or if there is none. A call theme
    counts as a code that applies if the coder chose it; it has no anchor term.

    Parameters
    ----------
    rounds : mapping of str to DataFrame
        Round -> coder, unit, codes, anchor terms (``SOC_term`` ...) and call_theme, a categorical,
        one row per coder and unit; all rounds with the same units, which are the zones to count.
    forks : DataFrame
        The forks round, adjudication and base, and one for each direction: its published option
        names the code of the direction. The base may be ``all`` zones, or ``within_`` a direction.
    unit : str
        Column that names the unit.
    texts : DataFrame, optional
        The anchor terms and the options' terms that stand in each unit's text, under
        ``anchor_term``; of terms within one another the longest is enough. By default those that
        the coders gave to the unit.
    search : DataFrame, optional
        Codes of a search for words, for the option ``words`` of the fork adjudication: one row per
        unit. The themes of the call remain those of the majority.

    Attributes
    ----------
    directions : dict of str to str
        The code of each direction, with the fork that says what counts as it.

    Raises
    ------
    DataError
        A fork, option, code or theme is unknown, a code is missing, a code that an option with
        terms names has no anchor term, rounds have different units, or a majority can be a tie.
    """

    def __init__(
        self,
        rounds: Mapping[str, pd.DataFrame],
        forks: pd.DataFrame,
        *,
        unit: str = "designation_id",
        texts: pd.DataFrame | None = None,
        search: pd.DataFrame | None = None,
    ):
        self._forks = parse_forks(forks)
        others = {"round": rounds, "adjudication": None, "base": None}
        options = {
            (fork, name): each
            for fork in self._forks
            if fork not in others
            for name, each in self._forks[fork].items()
        }
        if empty := [key for key, each in options.items() if not each.codes]:
            raise DataError(f"forks: {empty[0]} names no codes; name those that count")
        self.directions = {each.codes[0]: fork for (fork, _), each in options.items() if each.published}
        bases = [f"within_{direction}" for direction in self.directions]
        _expect(
            self._forks,
            others | {"base": ("all", *bases), **dict.fromkeys(self.directions.values())},
        )
        within = [base.removeprefix("within_") for base in self._forks["base"] if base != "all"]
        if len(within) != 1:
            raise DataError(f"forks: fork 'base' names the directions {within}; expected one")
        self._within = within[0]  # the direction of the zones that are left
        codes = list(dict.fromkeys(chain(*(each.codes for each in options.values()))))
        rules = [rule for rule in self._forks["adjudication"] if search is None or rule != SEARCH]
        judged = dict.fromkeys(chain(*(each.codes for each in options.values() if each.terms)))
        self.units, self._rounds, self._counts = None, {}, {}
        used = {name: rounds[name].reset_index(drop=True) for name in self._forks["round"]}
        for table in used.values():
            self._themes = _enumeration(table, "call_theme")
        self._named = {
            code: {term for table in used.values() for term in self._anchors(table, code)}
            for code in judged
            if code not in self._themes
        }
        if texts is None:
            texts = (
                pd.concat(
                    table[[unit, f"{code}_term"]].set_axis([unit, "anchor_term"], axis=1)
                    for table in used.values()
                    for code in codes
                    if f"{code}_term" in table
                )
                if self._named
                else pd.DataFrame({unit: [], "anchor_term": []})
            )
        self._texts = texts.dropna().groupby(unit)["anchor_term"].agg(set).to_dict()
        for name, table in used.items():
            if themes := [code for code in codes if code in self._themes]:
                chosen = _column(table, "call_theme", self._themes).astype(str)
                table = table.assign(**{theme: chosen.eq(theme).astype(int) for theme in themes})
            cube, coders, self.units = _cube(table, unit, codes, self.units, rules)
            self._rounds[name] = cube, coders
        for key, each in options.items():
            counts = [self._counting(code, each.terms) for code in each.codes]
            self._counts[key] = [codes.index(x) for x in each.codes], np.stack(counts, 1)
        self._shown: dict[tuple, np.ndarray] = {}
        self._search = None
        if search is not None:
            found = validated(search, unit=unit, codes=[code for code in codes if code not in self._themes])
            found = found.set_index(unit).reindex(index=self.units, columns=codes)
            self._search = found.astype(float).to_numpy()  # nan: a theme, which a search does not find

    @staticmethod
    def _anchors(table: pd.DataFrame, code: str) -> pd.Series:
        """The anchor terms that coders gave for a code, one for every time that it applies."""
        given = _column(table, f"{code}_term")[_column(table, code) == 1]
        if (gap := given.isna() | given.eq("")).any():
            raise DataError(
                f"row {gap.idxmax()!r}, column {given.name!r}: empty; write the anchor "
                f"term of {code}, on which an option rests"
            )
        return given

    def _counting(self, code: str, terms: list[str]) -> np.ndarray:
        """Per unit, whether a code counts if it applies."""
        counts = np.ones(len(self.units), bool)
        if not terms or code in self._themes:
            return counts
        for place, unit in enumerate(self.units):
            texts = self._texts.get(unit, ())
            there = [term for term in self._named[code] if any(term in text for text in texts)]
            counts[place] = not there or any(_outside(term, text, terms) for term in there for text in texts)
        return counts

    def codes(self, universe: Mapping[str, str]) -> np.ndarray:
        """Codes of the round of a universe, coders x units x codes, for `coder_noise`."""
        options_at(self._forks, universe)
        return self._rounds[universe["round"]][0]

    def results(self, codes: np.ndarray, universe: Mapping[str, str]) -> dict[str, np.ndarray]:
        """Results of each draw, for `coder_noise`.

        They are those of a universe, but with 1 or 0 under each unit for whether it shows the
        direction of the base, in place of left_out.
        """
        options_at(self._forks, universe)
        decided = self._decided(codes, universe)
        shown = self._within_base(
            {
                direction: self._applies(decided, universe, fork)
                for direction, fork in self.directions.items()
            },
            universe,
        )
        found = {direction: zones.sum(1) for direction, zones in shown.items()}
        return found | dict(zip(self.units, shown[self._within].T.astype(np.int8)))

    def _decided(self, codes: np.ndarray, universe: Mapping[str, str]) -> np.ndarray:
        coders, rule = self._rounds[universe["round"]][1], universe["adjudication"]
        if rule != SEARCH or self._search is None:
            return _adjudicated(codes, rule, coders)
        themes = _adjudicated(codes, "majority", coders)
        return np.where(np.isnan(self._search), themes, self._search == 1)

    def _applies(self, decided: np.ndarray, universe: Mapping[str, str], fork: str) -> np.ndarray:
        places, counts = self._counts[fork, universe[fork]]
        return (decided[..., places] & counts).any(-1)

    def _within_base(
        self, shown: dict[str, np.ndarray], universe: Mapping[str, str]
    ) -> dict[str, np.ndarray]:
        if universe["base"] == "all":
            return shown
        return {direction: zones & shown[self._within] for direction, zones in shown.items()}

    def __call__(self, universe: Mapping[str, str]) -> dict[str, int | str]:
        """Results of one universe.

        Returns
        -------
        dict
            Each direction: zones that show it; left_out: zones that do not show that of the base,
            ``;`` between them.
        """
        options_at(self._forks, universe)
        shown = {}
        for direction, fork in self.directions.items():
            key = universe["round"], universe["adjudication"], fork, universe[fork]
            if key not in self._shown:  # most universes share it with many others
                decided = self._decided(self._rounds[universe["round"]][0][None], universe)
                self._shown[key] = self._applies(decided, universe, fork)[0]
            shown[direction] = self._shown[key]
        shown = self._within_base(shown, universe)
        left_out = ";".join(str(unit) for unit, there in zip(self.units, shown[self._within]) if not there)
        return {name: int(zones.sum()) for name, zones in shown.items()} | {"left_out": left_out}


class Segments:
    """From the codes of segments to the zones that show each dimension, and to placements.

    The codes are adjudicated first. Where an option of deliberation or steering names a dimension,
    the segments with that code get it, and lose the dimensions that only the fork's other options
    name, unless the other of the two forks gives these. Of the dimensions that a segment then has,
    the fork coding may keep one, in the order of the dimensions.

    The dimension most over-represented in a zone is that with the greatest ratio of its share
    among the zone's codes to its share among the codes of all zones; several tie if their ratios
    are equal, and ties are reported as such.

    Parameters
    ----------
    codes_long : DataFrame, or mapping of str to DataFrame
        One row per coder and segment: coder, seg_id, the dimensions, DELIB, STEER; or several
        rounds by name, between which the fork sight chooses.
    segments : DataFrame
        One row per segment: seg_id, zone_id (missing: of no zone), stance, dimension_article (of
        the zone), a categorical of the dimensions in their order.
    forks : DataFrame
        The forks sight (where there are several rounds), stance, coding, presence (a number of
        segments, or a share such as 25%), deliberation, steering and adjudication.

    Attributes
    ----------
    dimensions : list of str
        Their codes, in the order of the article's framework.
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

    def __init__(
        self,
        codes_long: pd.DataFrame | Mapping[str, pd.DataFrame],
        segments: pd.DataFrame,
        forks: pd.DataFrame,
    ):
        self._forks = parse_forks(forks)
        rounds = {"": codes_long} if isinstance(codes_long, pd.DataFrame) else dict(codes_long)
        _expect(
            self._forks,
            ({} if "" in rounds else {"sight": rounds})
            | {
                "stance": ("all", "practice"),
                "presence": None,
                "adjudication": None,
                "coding": ("multi", "first", "last", "only"),
                **dict.fromkeys(READINGS),
            },
        )
        for name in ("seg_id", "zone_id", "stance"):
            _column(segments, name)
        self.dimensions = _enumeration(segments, "dimension_article")
        table = segments.reset_index(drop=True)
        table = table.sort_values("zone_id", kind="stable")  # those of no zone come last
        for twice in table["seg_id"][table["seg_id"].duplicated()]:
            raise DataError(f"seg_id {twice!r} has two rows; keep one")
        self._rounds = {
            name: _cube(
                rounds[name],
                "seg_id",
                [*self.dimensions, *READINGS.values()],
                pd.Index(table["seg_id"]),
                self._forks["adjudication"],
            )[:2]
            for name in self._forks.get("sight", rounds)
        }
        self.left_out = pd.Index(table["seg_id"][table["zone_id"].isna()])
        table = table.dropna(subset="zone_id")
        if table.empty:
            raise DataError("segments: none belongs to a zone; fill zone_id in")
        _column(table, "dimension_article", self.dimensions)
        placed = table.groupby("zone_id", sort=False, observed=True)["dimension_article"]
        if (several := placed.nunique() > 1).any():
            raise DataError(f"zone {several.idxmax()!r} has several dimension_article; keep one")
        self.zones = placed.first().astype(str).rename_axis(None)
        self._article = np.array([self.dimensions.index(name) for name in self.zones])
        ends = placed.size().cumsum()
        self._rows = [slice(*each) for each in zip([0, *ends], ends)]
        self._chosen = {
            "all": np.ones(len(table), bool),
            "practice": table["stance"].eq("practice").to_numpy(bool),
        }
        self._least = {}
        for stance in self._forks["stance"]:
            sizes = [int(self._chosen[stance][rows].sum()) for rows in self._rows]
            if 0 in sizes:
                raise DataError(
                    f"zone {self.zones.index[sizes.index(0)]!r} has no segment of "
                    f"{stance}; leave the zone out, and say so"
                )
            for rule in self._forks["presence"]:
                self._least[stance, rule] = np.array([[_least(rule, size)] for size in sizes])
        self._read = {}
        for place, fork in enumerate(READINGS, len(self.dimensions)):
            named = {name for option in self._forks[fork].values() for name in option.codes}
            if unknown := named - set(self.dimensions):
                raise DataError(
                    f"forks, fork {fork!r}: codes {sorted(unknown)}; expected some of "
                    f"{', '.join(self.dimensions)}"
                )
            for name, option in self._forks[fork].items():
                gives = np.isin(self.dimensions, option.codes)
                takes = np.isin(self.dimensions, list(named)) & ~gives & gives.any()
                self._read[fork, name] = place, gives, takes

    def codes(self, universe: Mapping[str, str]) -> np.ndarray:
        """Codes, coders x segments x codes, for `coder_noise`; segments in the order of zones."""
        options_at(self._forks, universe)
        return self._rounds[universe.get("sight", "")][0]

    def _counted(self, codes: np.ndarray, universe: Mapping[str, str]) -> tuple[dict, np.ndarray]:
        """Results of each draw, and which dimensions are on top, draws x zones x dimensions."""
        options_at(self._forks, universe)
        coders = self._rounds[universe.get("sight", "")][1]
        codes = _adjudicated(codes, universe["adjudication"], coders)
        codes = codes[:, : self._rows[-1].stop]
        has = codes[..., : len(self.dimensions)]
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
        found = dict(zip(self.dimensions, present.sum(1).T))
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
            Each dimension: zones that show it; placed: zones in which the
            article's dimension, and no other, is most over-represented; tied: those in which it
            is one of several; each zone: the dimensions most over-represented, ``;`` between
            them, empty if no segment has a code.
        """
        found, top = self._counted(self.codes(universe)[None], universe)
        counts = {name: int(found[name][0]) for name in (*self.dimensions, "placed", "tied")}
        return counts | {
            zone: ";".join(np.array(self.dimensions)[which]) for zone, which in zip(self.zones.index, top[0])
        }


def _least(rule: str, size: int) -> int:
    """Segments that a zone of some size needs to show a dimension."""
    try:
        number = Fraction(rule.removesuffix("%"))
    except (ValueError, ZeroDivisionError):
        number = Fraction(0)
    if rule.endswith("%") and 0 < number <= 100:
        return math.ceil(number / 100 * size)
    if number < 1 or number.denominator > 1 or rule.endswith("%"):
        raise DataError(
            f"forks: fork 'presence' cannot have the option {rule!r}; expected a whole "
            "number of segments from 1, or a share up to 100%"
        )
    return int(number)
