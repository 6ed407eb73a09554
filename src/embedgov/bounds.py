"""What margins over overlapping labels let one say about their overlaps.

A report gives a total and, for up to eight labels that one unit may carry together, how many units carry each.
The overlaps are not reported, so a count such as "units with LAW and INT" is only partly identified:
it may take the values that some table of whole numbers with these margins gives it, and no others.

**Method.** Put the patterns (sets of labels that a unit may carry) into three blocks: those that a quantity counts,
and those on either side of it. Each block is the set of 0/1 vectors in a box whose sums over two nested sets of labels
lie in given intervals, hence an integral generalised polymatroid. Such polymatroids add, and whole vectors of the sum
come apart into whole summands [1]_, so blocks of sizes n_b have a table with margins c if and only if, for every set Z
of labels, the total of c over Z lies between the sums over b of n_b times the least and the most labels of Z that a
pattern of block b carries. These are at most 512 inequalities in whole numbers. Everything that is said here about
what is attainable follows from them; there is no search, and no floating-point number.

Margins, bounds and tables are exact. Only the maximum-entropy reference point is computed in floating point,
and it is no bound. The cost of a quantity grows with the total, and fourfold with each further label.

References
----------
.. [1] Frank, A. and Tardos, E. (1988). Generalized polymatroids and submodular flows.
   Mathematical Programming 42, 489-563.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import comb, prod
from numbers import Integral

import numpy as np
import pandas as pd

from embedgov.errors import DataError

MOST_LABELS = 8
MOST_UNITS = 1_000_000  # a quantity is tried at every value from 0 to the total
KINDS = ("intersection", "union", "pattern", "exactly", "at least")
_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")

Table = dict[tuple[str, ...], int]  # the labels of a pattern -> units that carry these and no others


def _whole(value: object, name: str, least: int, most: int, remedy: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= value <= most:
        raise DataError(f"{name} is {value!r}; expected a whole number from {least} to {most}. {remedy}")
    return int(value)


@dataclass(frozen=True)
class Margins:
    """A total and how many units carry each label, checked to be possible.

    Parameters
    ----------
    total : int
        Units, 1 to 1,000,000.
    counts : mapping of str to int
        Units that carry each label (one to eight labels); a unit may carry several.
    cover : bool
        Every unit carries at least one label.
    within : str, optional
        A label that contains the others: whoever carries any label carries this one too.

    Raises
    ------
    DataError
        When no table has these margins, with the numbers that exclude it.

    Examples
    --------
    >>> article = Margins(40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13})
    """

    total: int
    counts: Mapping[str, int]
    cover: bool = False
    within: str | None = None

    def __post_init__(self):
        total = _whole(self.total, "the total", 1, MOST_UNITS, "Give the number of units.")
        counts, within = dict(self.counts), self.within
        if not 1 <= len(counts) <= MOST_LABELS:
            raise DataError(f"{len(counts)} labels are given; expected 1 to {MOST_LABELS}. Leave some out or merge them.")
        for label, count in counts.items():
            if not isinstance(label, str) or not label:
                raise DataError(f"a label is {label!r}; expected a name. Give each margin a label.")
            counts[label] = _whole(count, f"the margin of {label}", 0, total, f"No margin exceeds the total of {total}.")
        if within is not None:
            if within not in counts:
                raise DataError(f"within is {within!r}; expected one of {', '.join(counts)}. Name a label that has a margin.")
            for label, count in counts.items():
                if count > counts[within]:
                    raise DataError(f"the margin of {label} is {count}, which cannot lie within {within} = {counts[within]}; "
                                    "correct a margin or drop the assumption.")
        carried = counts[within] if within else sum(counts.values())
        if self.cover and carried < total:
            source = f"only {within} = {carried} units can carry any" if within else f"the margins add up to {carried}"
            raise DataError(f"each of the {total} units must carry a label, but {source}; "
                            "correct a margin or drop the assumption that every unit carries one.")
        object.__setattr__(self, "total", total)
        object.__setattr__(self, "counts", counts)


@dataclass(frozen=True)
class Quantity:
    """A count of units by the labels that they carry.

    Parameters
    ----------
    kind : {"intersection", "union", "pattern", "exactly", "at least"}
        Units with all of `labels`; with any of them; with these and no other (none, if `labels` is empty);
        with exactly `k` of them; with at least `k` of them.
    labels : sequence of str
    k : int, optional
        Needed by "exactly" and "at least" and by no other kind.

    Examples
    --------
    >>> Quantity("at least", ("LAW", "INT", "PRO"), 2).name
    'at least two of LAW, INT, PRO'
    """

    kind: str
    labels: tuple[str, ...]
    k: int | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise DataError(f"the kind of quantity is {self.kind!r}; expected one of {', '.join(KINDS)}.")
        labels = (self.labels,) if isinstance(self.labels, str) else tuple(self.labels)
        if len(set(labels)) < len(labels) or not labels and self.kind != "pattern":
            raise DataError(f"the labels of {self.kind!r} are {labels!r}; expected different labels, at least one.")
        if self.kind in ("exactly", "at least"):
            _whole(self.k, f"k of {self.kind!r}", 0, len(labels), f"It counts how many of {', '.join(labels)} a unit carries.")
        elif self.k is not None:
            raise DataError(f"{self.kind!r} takes no k, but k is {self.k!r}; leave it out or ask for 'exactly' or 'at least'.")
        object.__setattr__(self, "labels", labels)

    @property
    def name(self) -> str:
        """The quantity in words."""
        *first, last = self.labels or ("no label",)
        if self.kind in ("exactly", "at least"):
            of = f"of {', '.join(self.labels)}"
            return f"none {of}" if self.kind == "exactly" and not self.k else f"{self.kind} {_WORDS[self.k]} {of}"
        joined = (", ".join(first) + (" or " if self.kind == "union" else " and ") if first else "") + last
        return f"{joined} only" if self.kind == "pattern" and self.labels else joined

    def _sides(self, patterns: np.ndarray, labels: list[str]) -> np.ndarray:
        """Which patterns are counted (0), fall short (-1) or go beyond (1)."""
        asked = sum(1 << labels.index(label) for label in self.labels)
        carried = np.bitwise_count(patterns & asked)
        if self.kind == "pattern":
            return np.where(carried < len(self.labels), -1, np.where(patterns == asked, 0, 1))
        least = {"intersection": len(self.labels), "union": 1}.get(self.kind, self.k)
        most = self.k if self.kind == "exactly" else len(self.labels)
        return np.where(carried < least, -1, np.where(carried > most, 1, 0))


@dataclass(frozen=True)
class Bound:
    """What the margins say about one quantity.

    Attributes
    ----------
    quantity : Quantity
    attainable : tuple of int
        Every value that some table gives the quantity, ascending.
    low_table, high_table : dict of tuple of str to int
        A table that attains the least and one that attains the greatest value: labels of a pattern -> units.
    """

    quantity: Quantity
    attainable: tuple[int, ...]
    low_table: Table
    high_table: Table

    @property
    def low(self) -> int:
        """The least attainable value."""
        return self.attainable[0]

    @property
    def high(self) -> int:
        """The greatest attainable value."""
        return self.attainable[-1]

    @property
    def holes(self) -> tuple[int, ...]:
        """Values between `low` and `high` that no table attains."""
        return tuple(sorted(set(range(self.low, self.high)) - set(self.attainable)))

    def to_dict(self) -> dict:
        """The bound in types that JSON knows."""
        def rows(table):
            return [{"labels": list(labels), "units": units} for labels, units in table.items()]
        asked = self.quantity
        return {"quantity": asked.name, "kind": asked.kind, "labels": list(asked.labels), "k": asked.k,
                "low": self.low, "high": self.high, "attainable": list(self.attainable), "holes": list(self.holes),
                "low_table": rows(self.low_table), "high_table": rows(self.high_table)}


@cache
def _overlaps(n: int) -> np.ndarray:
    """Labels that a pattern (row) shares with each set Z of labels (column), then the same, negated."""
    sets = np.arange(2**n)
    shared = np.bitwise_count(sets[:, None] & sets).astype(np.int64)
    return np.hstack([shared, -shared])


def _frame(margins: Margins) -> tuple[np.ndarray, int, np.ndarray]:
    """Patterns to choose from, units that choose, and what they carry in each set Z of labels.

    A unit outside the label of `within` has the empty pattern and no choice.
    """
    labels = list(margins.counts)
    patterns = np.arange(2 ** len(labels))
    units = margins.total
    if margins.within:
        patterns = patterns[patterns >> labels.index(margins.within) & 1 == 1]
        units = margins.counts[margins.within]
    elif margins.cover:
        patterns = patterns[1:]
    return patterns, units, np.array(list(margins.counts.values())) @ _overlaps(len(labels))[1 << np.arange(len(labels))]


class _Problem:
    """One quantity under margins: its blocks of patterns, the values that it attains, and tables for them."""

    def __init__(self, margins: Margins, quantity: Quantity):
        self.labels = list(margins.counts)
        unknown = set(quantity.labels) - set(self.labels)
        if unknown:
            raise DataError(f"{quantity.name!r} asks for {', '.join(sorted(unknown))}; expected labels that have a margin: "
                            f"{', '.join(self.labels)}.")
        self.margins, self.quantity = margins, quantity
        patterns, self.units, self.carried = _frame(margins)
        self.overlaps = _overlaps(len(self.labels))
        sides = quantity._sides(patterns, self.labels)
        self.blocks = [patterns[sides == side] for side in (0, -1, 1)]
        # A block without patterns gets -1 throughout: at the empty Z this says 0 <= -n, so it holds no unit.
        self.most = [self.overlaps[block].max(axis=0) if block.size else np.full(self.carried.size, -1)
                     for block in self.blocks]
        self.outside = margins.total - self.units
        self.shift = self.outside if quantity._sides(np.array([0]), self.labels)[0] == 0 else 0
        self.below = self._attain()

    def _attain(self) -> dict[int, int]:
        """Each attainable value, with a size of the block that falls short which goes with it."""
        tightest = {}
        for *most, carried in zip(*(row.tolist() for row in self.most), self.carried.tolist()):
            tightest[tuple(most)] = max(carried, tightest.get(tuple(most), carried))
        inside = np.arange(self.units + 1)
        least, greatest = np.zeros_like(inside), self.units - inside
        for (of_inside, of_below, of_above), carried in tightest.items():
            # of_inside * inside + of_below * below + of_above * (units - inside - below) >= carried
            rest = carried - of_inside * inside - of_above * (self.units - inside)
            slope = of_below - of_above
            if slope > 0:
                least = np.maximum(least, -(-rest // slope))
            elif slope < 0:
                greatest = np.minimum(greatest, rest // slope)
            else:
                greatest = np.where(rest > 0, -1, greatest)
        found = least <= greatest
        return dict(zip((inside[found] + self.shift).tolist(), least[found].tolist()))

    def table(self, value: int) -> Table:
        """A table that attains `value`: each pattern in turn takes as many units as leave the rest possible."""
        inside, below = value - self.shift, self.below[value]
        left = [inside, below, self.units - inside - below]
        slack = sum(size * most for size, most in zip(left, self.most)) - self.carried
        units = {0: self.outside}
        for place, (block, most) in enumerate(zip(self.blocks, self.most)):
            for pattern in block.tolist():
                cost = most - self.overlaps[pattern]
                bound = cost > 0
                taken = int(min(left[place], (slack[bound] // cost[bound]).min(initial=left[place])))
                left[place] -= taken
                slack -= taken * cost
                units[pattern] = units.get(pattern, 0) + taken
        table = {tuple(label for bit, label in enumerate(self.labels) if pattern >> bit & 1): size
                 for pattern, size in sorted(units.items(), key=lambda item: (item[0].bit_count(), item[0])) if size}
        self._verify(units, value)
        return table

    def _verify(self, units: dict[int, int], value: int) -> None:
        sums = [sum(size for pattern, size in units.items() if pattern >> bit & 1) for bit in range(len(self.labels))]
        counted = sum(size for pattern, size in units.items()
                      if self.quantity._sides(np.array([pattern]), self.labels)[0] == 0)
        if (sum(units.values()), sums, counted) != (self.margins.total, list(self.margins.counts.values()), value):
            raise AssertionError(f"{self.quantity.name} = {value}: the table {units} does not have the margins {self.margins}")


def table(margins: Margins, quantity: Quantity, value: int) -> Table:
    """A table with the margins in which the quantity has a value.

    Parameters
    ----------
    margins : Margins
    quantity : Quantity
    value : int
        Units.

    Returns
    -------
    dict of tuple of str to int
        Labels of a pattern -> units that carry these and no others; patterns without units are left out.

    Raises
    ------
    DataError
        When no table attains the value.
    """
    problem = _Problem(margins, quantity)
    if value not in problem.below:
        raise DataError(f"no table with these margins has {quantity.name} = {value!r}; "
                        f"attainable are {', '.join(map(str, problem.below))}.")
    return problem.table(value)


def bound(margins: Margins, quantity: Quantity) -> Bound:
    """Sharp bounds of one quantity, every attainable value, and a table for each end.

    Parameters
    ----------
    margins : Margins
    quantity : Quantity

    Returns
    -------
    Bound

    Examples
    --------
    >>> article = Margins(40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13})
    >>> both = bound(article, Quantity("intersection", ("SOC", "LAW")))
    >>> both.low, both.high
    (15, 18)
    """
    problem = _Problem(margins, quantity)
    values = tuple(problem.below)
    return Bound(quantity, values, problem.table(values[0]), problem.table(values[-1]))


def quantities(margins: Margins) -> list[Quantity]:
    """The quantities that `bounds` reports, each with a name of its own.

    Intersections and unions of two or more labels, two or more of three or more labels (fewer than all),
    every exact pattern, and exactly k and at least k of all labels.
    """
    labels = tuple(margins.counts)
    subsets = [subset for size in range(len(labels) + 1) for subset in combinations(labels, size)]
    return ([Quantity("intersection", subset) for subset in subsets if len(subset) > 1]
            + [Quantity("union", subset) for subset in subsets if len(subset) > 1]
            + [Quantity("at least", subset, 2) for subset in subsets if 3 <= len(subset) < len(labels)]
            + [Quantity("pattern", subset) for subset in subsets]
            + [Quantity("exactly", labels, k) for k in range(len(labels) + 1)]
            + [Quantity("at least", labels, k) for k in range(1, len(labels) + 1)])


def bounds(margins: Margins) -> pd.DataFrame:
    """Sharp bounds of every quantity of `quantities`.

    Returns
    -------
    DataFrame
        One row per quantity: quantity (in words), kind, labels (tuple), k, low, high, n_attainable,
        holes (tuple of the values between low and high that no table attains).
    """
    found = [bound(margins, quantity) for quantity in quantities(margins)]
    frame = pd.DataFrame([{"quantity": each.quantity.name, "kind": each.quantity.kind, "labels": each.quantity.labels,
                           "k": each.quantity.k, "low": each.low, "high": each.high,
                           "n_attainable": len(each.attainable), "holes": each.holes} for each in found])
    return frame.astype({"k": "Int64"})


def _independence(margins: Margins) -> dict[int, Fraction]:
    patterns, units, _ = _frame(margins)
    counts = list(margins.counts.values())

    def placements(size: int, sums: list[int]) -> int:  # inclusion and exclusion of units without a label
        empty = size - max(sums) if margins.cover else 0
        return sum((-1) ** j * comb(size, j) * prod(comb(size - j, each) for each in sums) for j in range(empty + 1))

    every = placements(units, counts)
    expected = {0: Fraction(margins.total - units)}
    for pattern in patterns.tolist():
        rest = [count - (pattern >> bit & 1) for bit, count in enumerate(counts)]
        possible = units and all(0 <= each < units for each in rest)
        expected[pattern] = expected.get(pattern, 0) + (Fraction(units * placements(units - 1, rest), every) if possible else 0)
    return expected


def _maximum_entropy(margins: Margins) -> dict[int, float]:
    patterns, units, carried = _frame(margins)
    overlaps = _overlaps(len(margins.counts))[patterns]
    most = overlaps.max(axis=0)
    tight = units * most == carried  # where the margins leave no slack, patterns off the face are impossible
    held = (overlaps[:, tight] == most[tight]).all(axis=1)
    patterns = patterns[held]
    share = np.full(patterns.size, 1 / patterns.size)
    has = patterns >> np.arange(len(margins.counts))[:, None] & 1 == 1
    wanted = [count / units if units else 0 for count in margins.counts.values()]
    steps = [(row, value) for row, value in zip(has, wanted) if row.any() and not row.all()]
    for _ in range(100_000):
        for row, value in steps:
            share[row] *= value / share[row].sum()
            share[~row] *= (1 - value) / share[~row].sum()
        if all(abs(share[row].sum() - value) < 1e-13 for row, value in steps):
            break
    else:
        raise AssertionError(f"the maximum-entropy table of {margins} was not reached")
    expected = {0: float(margins.total - units)}
    for pattern, value in zip(patterns.tolist(), share.tolist()):
        expected[pattern] = expected.get(pattern, 0) + units * value
    return expected


def reference_points(margins: Margins) -> pd.DataFrame:
    """Two points to read the bounds against; neither is an estimate of the count.

    Independence: the mean over all ways to place each label on its number of units, each way equally likely (the
    labels' multivariate hypergeometric distribution), given that every unit carries a label when `cover` is set;
    the others are placed inside the label of `within`. Maximum entropy: total times the most even cell
    probabilities with the same margins, cover and within. Nothing in the margins says that labels are placed so.
    The two agree unless `cover` binds.

    Returns
    -------
    DataFrame
        One row per quantity of `quantities`: quantity, reference_independence (rounded from an exact fraction),
        reference_maximum_entropy; both in units.

    References
    ----------
    Jaynes, E. T. (1957). Information theory and statistical mechanics. Physical Review 106, 620-630.
    Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency table when the
    expected marginal totals are known. Annals of Mathematical Statistics 11, 427-444.
    """
    labels = list(margins.counts)
    every, rows = np.arange(2 ** len(labels)), []
    points = {"reference_independence": _independence(margins), "reference_maximum_entropy": _maximum_entropy(margins)}
    for quantity in quantities(margins):
        inside = every[quantity._sides(every, labels) == 0].tolist()
        rows.append({"quantity": quantity.name} | {point: float(sum(expected.get(pattern, 0) for pattern in inside))
                                                   for point, expected in points.items()})
    return pd.DataFrame(rows)


def described_share(count: int, described: int, total: int) -> tuple[Fraction, Fraction]:
    """Worst-case bounds of a share when only some cases are described.

    Parameters
    ----------
    count : int
        Described cases that show the feature.
    described : int
        Cases described.
    total : int
        Cases in all; the others may all lack the feature or all show it.

    Returns
    -------
    tuple of Fraction
        Least and greatest share of `total`.

    References
    ----------
    Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer, chapter 1.

    Examples
    --------
    >>> described_share(3, 12, 37)
    (Fraction(3, 37), Fraction(28, 37))
    """
    total = _whole(total, "the number of cases", 1, MOST_UNITS, "Give all cases, described or not.")
    described = _whole(described, "the number of described cases", 0, total, "They are among all cases.")
    count = _whole(count, "the number of cases with the feature", 0, described, "They are among the described cases.")
    return Fraction(count, total), Fraction(count + total - described, total)
