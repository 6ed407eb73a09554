"""The tables that margins leave possible: how many there are, and all of them where they are few.

How many tables have given margins says how much the margins leave open, in one number and without
the redundancy of many ranges that hang together.

Method of counting: give to each set of two labels or more some units; the units that carry one
label alone, and none, then follow from the margins and the total, and a table is possible if they
are not negative. So the tables are the ways to pay the margins in sets, counted as one counts the
ways to pay an amount in coins. A label that more than half of the units carry is counted by those
that do not carry it, which changes no number. Tables in which every unit carries a label are those
of the total less those of one unit fewer.
"""

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from .bounds import Margins, Problem, Quantity, choices
from .errors import DataError

MOST_CELLS = 8_000_000  # of the tables that are listed: 32 megabytes
MOST_SUMS = 40_000_000  # of whole numbers, in the count of tables: some seconds


def n_tables(margins: Margins) -> int:
    """How many tables of whole numbers have the margins.

    Parameters
    ----------
    margins : Margins

    Returns
    -------
    int
        Exact, however large.

    Raises
    ------
    DataError
        The margins are so many and so large that counting would take too long; the total does not
        matter for that.

    Examples
    --------
    >>> from embedgov.bounds import Margins
    >>> from embedgov.tables import n_tables
    >>> petitions = Margins(40, {"schools": 37, "roads": 18, "parks": 11, "police": 13})
    >>> n_tables(petitions)
    229072
    """
    counts = dict(margins.counts)
    if margins.within is not None:  # whoever carries a label carries this one: count inside it
        inside = counts.pop(margins.within)
        return _ways(inside, tuple(counts.values()))
    ways = _ways(margins.total, tuple(counts.values()))
    if margins.cover:
        ways -= _ways(margins.total - 1, tuple(counts.values()))
    return ways


def _ways(total: int, counts: tuple[int, ...]) -> int:
    if max(counts, default=0) > total:
        return 0
    counts = tuple(count for count in (min(c, total - c) for c in counts) if count)
    if not counts:
        return 1
    need = max(0, sum(counts) - total)  # how often units have to be counted more than once
    shape = (*(count + 1 for count in counts), need + 1)
    sets = [labels for labels in product((0, 1), repeat=len(counts)) if sum(labels) > 1]
    if (sums := int(np.prod(shape, dtype=object)) * len(sets)) > MOST_SUMS:
        raise DataError(
            f"{len(counts)} labels with {', '.join(map(str, counts))} units each way have too many "
            f"tables to count ({sums:,} sums, at most {MOST_SUMS:,}). Merge labels, or bound one quantity."
        )
    ways = np.zeros(shape, object)
    ways[(0,) * len(shape)] = 1
    for labels in sets:
        first, saved = labels.index(1), sum(labels) - 1
        for taken in range(1, counts[first] + 1):  # upwards, so that a set may be taken again
            to = tuple(taken if at == first else slice(has, None) for at, has in enumerate(labels))
            of = tuple(
                taken - 1 if at == first else slice(0, -1 if has else None) for at, has in enumerate(labels)
            )
            target, source = ways[to], ways[of]
            if saved <= need:
                target[..., saved:] += source[..., : need + 1 - saved]
                target[..., need] += source[..., need + 1 - saved :].sum(-1)
            else:
                target[..., need] += source.sum(-1)
    return int(ways[..., need].sum())


def _tables(margins: Margins) -> np.ndarray:
    """Every table whether or not it keeps the assumptions: tables x patterns (bit i is label i)."""
    most = MOST_CELLS >> len(margins.counts)

    @cache
    def listed(total: int, counts: tuple[int, ...]) -> np.ndarray:
        if not counts:
            return np.array([[total]], dtype=np.int32)
        *rest, last = counts
        shares = [range(max(0, c + last - total), min(c, last) + 1) for c in rest]
        parts, size = [], 0
        for inside in product(*shares):  # of the units with the last label, those with each other
            outside = tuple(c - units for c, units in zip(rest, inside))
            without, among = listed(total - last, outside), listed(last, inside)
            size += len(without) * len(among)
            if size > most:
                raise DataError(
                    f"the margins {dict(margins.counts)} over {margins.total} units have more than "
                    f"{most:,} tables, too many to list. Merge labels, or ask for one quantity."
                )
            parts.append(
                np.hstack([np.repeat(without, len(among), axis=0), np.tile(among, (len(without), 1))])
            )
        return np.vstack(parts)

    return listed(margins.total, tuple(margins.counts.values()))


def _listed(margins: Margins) -> np.ndarray:
    """The tables that keep the assumptions: tables x patterns (bit i is label i)."""
    every, possible = np.arange(2 ** len(margins.counts)), choices(margins)[0]
    barred = np.setdiff1d(every, possible if margins.cover else [0, *possible])
    tables = _tables(margins)
    tables = tables[~tables[:, barred].any(axis=1)]
    return tables


def joint(margins: Margins, asked: Sequence[Quantity]) -> pd.DataFrame:
    """Every combination of values that some quantities can take together.

    If one of them were known, the rows with its value are what would remain of the others.

    Parameters
    ----------
    margins : Margins
        With at most 500,000 tables of four labels, fewer of more, before `cover` and `within`
        are assumed.
    asked : sequence of Quantity
        Each once.

    Returns
    -------
    DataFrame
        One row per combination that some table attains, ascending; a column per quantity, under
        its name; units.

    Raises
    ------
    DataError
        When a quantity asks for a label without a margin or occurs twice, when there is none, or
        when there are too many tables.

    Examples
    --------
    >>> from embedgov.bounds import Margins, Quantity
    >>> from embedgov.tables import joint
    >>> both, either = (Quantity(kind, ("A", "B")) for kind in ("intersection", "union"))
    >>> joint(Margins(3, {"A": 2, "B": 1}), [both, either]).to_numpy().tolist()
    [[0, 3], [1, 2]]
    """
    names = [each.name for each in asked]
    if not names or len(set(names)) < len(names):
        raise DataError(f"the quantities are {names}; expected different ones, at least one.")
    counted = [Problem(margins, each).counted for each in asked]
    tables = _listed(margins)
    values = {name: tables[:, which].sum(axis=1) for name, which in zip(names, counted)}
    return pd.DataFrame(values).drop_duplicates().sort_values(names, ignore_index=True)


def tables_by(margins: Margins, asked: Quantity) -> pd.Series:
    """How many tables give a quantity each of its values.

    If the quantity were known, the entry of its value is how many tables would remain.

    Parameters
    ----------
    margins : Margins
        See `joint`.
    asked : Quantity

    Returns
    -------
    Series
        Value -> tables, ascending.

    Raises
    ------
    DataError
        As for `joint`.

    Examples
    --------
    >>> from embedgov.bounds import Margins, Quantity
    >>> from embedgov.tables import tables_by
    >>> both = Quantity("intersection", ("A", "B"))
    >>> tables_by(Margins(3, {"A": 2, "B": 1}), both).to_dict()
    {0: 1, 1: 1}
    """
    values = _listed(margins)[:, Problem(margins, asked).counted].sum(axis=1)
    return pd.Series(values).value_counts().sort_index().rename("tables").rename_axis(asked.name)
