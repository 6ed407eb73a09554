"""All quantities of the article's margins: embedgov.bounds beside enumeration of all tables.

Enumeration fills the cells in an order that leaves few dead ends. It goes table by table, as it
must where the tables do not fit into memory, and, to be fair to it, once more with all tables
together in numpy. All three must give every attainable value of every quantity.
"""

from itertools import combinations
from time import perf_counter

import numpy as np
import pytest

from embedgov.bounds import Margins, bound, quantities

TOTAL, COUNTS = 40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13}
AT_MOST, AT_LEAST = 3, 50  # seconds; times as fast as enumeration table by table


def cells_of(margins):
    """Patterns in the order of filling, and the margins left to fill.

    A label that most units carry is marked by its absence. Cells of two or more marks are filled
    freely; after that the cells of one mark or none have one value each.
    """
    labels = list(margins.counts)
    common = frozenset(label for label in labels if 2 * margins.counts[label] > margins.total)
    marks = [frozenset(each) for n in range(len(labels), 1, -1) for each in combinations(labels, n)]
    left = [margins.total - n if a in common else n for a, n in margins.counts.items()]
    last = [frozenset([label]) for label in labels] + [frozenset()]
    return [[a in each for a in labels] for each in marks], left, [m ^ common for m in marks + last]


def tables_of(margins, marks, left):
    def fill(cell, left, table):
        if cell == len(marks):
            none = margins.total - sum(table) - sum(left)
            if none >= 0:
                yield (*table, *left, none)
            return
        most = min(n for n, marked in zip(left, marks[cell]) if marked)
        for units in range(most + 1):
            rest = [n - units if marked else n for n, marked in zip(left, marks[cell])]
            yield from fill(cell + 1, rest, (*table, units))

    return fill(0, left, ())


def one_by_one(margins):
    marks, left, patterns = cells_of(margins)
    empty, asked = patterns.index(frozenset()), quantities(margins)
    counted = np.array([[counts_in(each, pattern) for each in asked] for pattern in patterns])
    rows, counted = np.arange(len(asked)), counted.astype(np.float32)
    attained = np.zeros((len(asked), margins.total + 1), dtype=bool)
    found = 0
    for table in tables_of(margins, marks, left):
        if not (margins.cover and table[empty]):
            attained[rows, (np.array(table, np.float32) @ counted).astype(np.int64)] = True
            found += 1
    return found, [tuple(np.flatnonzero(each).tolist()) for each in attained]


def all_at_once(margins):
    marks, left, patterns = cells_of(margins)
    left, tables = np.array([left]), np.zeros((1, 0), dtype=np.int64)
    for marked in np.array(marks):
        most = left[:, marked].min(axis=1)
        before = np.repeat(np.arange(len(most)), most + 1)
        units = np.arange(len(before)) - (np.cumsum(most + 1) - most - 1)[before]
        tables = np.column_stack([tables[before], units])
        left = left[before] - units[:, None] * marked
    none = margins.total - tables.sum(axis=1) - left.sum(axis=1)
    tables = np.column_stack([tables, left, none])[none >= 0]
    if margins.cover:
        tables = tables[tables[:, patterns.index(frozenset())] == 0]
    tables = tables.astype(np.float32)  # whole numbers up to the total, so exact
    attained = []
    for quantity in quantities(margins):
        counted = np.array([counts_in(quantity, each) for each in patterns], dtype=np.float32)
        values = np.bincount((tables @ counted).astype(np.int64))
        attained.append(tuple(np.flatnonzero(values).tolist()))
    return len(tables), attained


def counts_in(quantity, pattern):
    shared = len(pattern & set(quantity.labels))
    return {
        "intersection": shared == len(quantity.labels),
        "union": shared > 0,
        "pattern": pattern == set(quantity.labels),
        "exactly": shared == quantity.k,
        "at least": quantity.k is not None and shared >= quantity.k,
    }[quantity.kind]


def by_bounds(margins):
    return [bound(margins, quantity).attainable for quantity in quantities(margins)]


def seconds(work, runs):
    times = []
    for _ in range(runs):
        start = perf_counter()
        result = work()
        times.append(perf_counter() - start)
    return min(times), result


@pytest.mark.parametrize("cover", [False, True], ids=["any", "cover"])
def test_bounds_are_faster_than_enumeration(benchmark, cover):
    margins = Margins(TOTAL, COUNTS, cover=cover)
    ours = benchmark.pedantic(by_bounds, args=(margins,), rounds=5, warmup_rounds=1)
    fast = benchmark.stats.stats.median
    slow, (tables, theirs) = seconds(lambda: one_by_one(margins), 1)
    swift, (_, same) = seconds(lambda: all_at_once(margins), 3)
    assert ours == theirs == same
    print(
        f"\n{len(ours)} quantities: bounds {fast:.4f} s; {tables:,} tables one by one {slow:.2f} s, "
        f"ratio {slow / fast:.0f}; all at once {swift:.3f} s, ratio {swift / fast:.0f}"
    )
    assert fast < AT_MOST and slow / fast >= AT_LEAST
