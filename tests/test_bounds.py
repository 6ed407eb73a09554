"""Bounds against full enumeration, closed forms, HiGHS, laws, and facts worked out by hand."""

import json
from fractions import Fraction
from itertools import combinations, product
from math import prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import milp

from embedgov.bounds import (
    Margins,
    Quantity,
    bound,
    bounds,
    described_share,
    quantities,
    table,
)
from embedgov.errors import DataError
from embedgov.reference_points import reference_points
from embedgov.tables import joint, n_tables, tables_by

TOTAL, COUNTS = 40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13}
ARTICLE = Margins(TOTAL, COUNTS)
COVERED = Margins(TOTAL, COUNTS, cover=True)
INSIDE = Margins(TOTAL, COUNTS, within="SOC")
READINGS = pytest.mark.parametrize("margins", [ARTICLE, COVERED, INSIDE], ids=["U", "C", "within"])


def patterns(labels):
    return [frozenset(each) for n in range(len(labels) + 1) for each in combinations(labels, n)]


def counts_in(quantity, pattern):
    """Whether a quantity counts a unit with this pattern, from the words of its definition."""
    shared = len(pattern & set(quantity.labels))
    return {
        "intersection": set(quantity.labels) <= pattern,
        "union": shared > 0,
        "pattern": pattern == set(quantity.labels),
        "exactly": shared == quantity.k,
        "at least": quantity.k is not None and shared >= quantity.k,
    }[quantity.kind]


def allowed(pattern, cover, within):
    return not (cover and not pattern) and not (within and pattern and within not in pattern)


def enumerate_tables(total, counts, cells):
    """Every way to put whole numbers into the cells so that total and margins hold."""
    if not cells:
        return [()] if total == 0 and not any(counts.values()) else []
    first, *rest = cells
    most = min([total, *(counts[label] for label in first)])
    return [
        (units, *others)
        for units in range(most + 1)
        for others in enumerate_tables(
            total - units,
            {label: c - units * (label in first) for label, c in counts.items()},
            rest,
        )
    ]


def check_table(cells, margins, quantity, value):
    """The table is one of these margins and has the value."""
    assert all(type(units) is int and units > 0 for units in cells.values())
    assert [len(each) for each in cells] == sorted(len(each) for each in cells)
    assert all(allowed(set(pattern), margins.cover, margins.within) for pattern in cells)
    assert sum(cells.values()) == margins.total
    for label, count in margins.counts.items():
        assert sum(units for pattern, units in cells.items() if label in pattern) == count
    assert sum(u for pattern, u in cells.items() if counts_in(quantity, set(pattern))) == value


FEW = {1: 8, 2: 8, 3: 8, 4: 4}  # labels -> the greatest total whose tables are soon listed


@st.composite
def cases(draw, labels=(1, 4), totals=FEW):
    n = draw(st.integers(*labels))
    total = draw(st.integers(1, totals[n]))
    names = "ABCDEFGH"[:n]
    counts = {label: draw(st.integers(0, total)) for label in names}
    return total, counts, draw(st.booleans()), draw(st.sampled_from([None, *names]))


# Full enumeration


@settings(max_examples=30)
@given(cases())
def test_attainable_values_are_those_of_all_tables(case):
    total, counts, cover, within = case
    cells = [each for each in patterns(counts) if allowed(each, cover, within)]
    tables = np.array(enumerate_tables(total, counts, cells)).reshape(-1, len(cells))
    if not len(tables):
        with pytest.raises(DataError):
            Margins(*case)
        return
    margins = Margins(*case)
    subsets = [each for each in patterns(counts) if each]
    asked = quantities(margins) + [
        Quantity(kind, tuple(each), k)
        for kind in ("exactly", "at least")
        for each in subsets
        for k in range(len(each) + 1)
    ]
    for quantity in asked:
        counted = [counts_in(quantity, each) for each in cells]
        wanted = sorted(set((tables @ counted).tolist()))
        found = bound(margins, quantity)
        assert list(found.attainable) == wanted
        assert (found.low, found.high) == (wanted[0], wanted[-1])
        assert list(found.holes) == [v for v in range(wanted[0], wanted[-1]) if v not in wanted]
        check_table(found.low_table, margins, quantity, found.low)
        check_table(found.high_table, margins, quantity, found.high)


@pytest.fixture(scope="module")
def article_tables():
    """All tables of the article's margins: labels of the three units outside SOC, then the rest."""
    three = ["LAW", "INT", "PRO"]
    outside, inside = patterns(three), [each | {"SOC"} for each in patterns(three)]
    found = []
    for beside in enumerate_sizes(3, len(outside)):
        law, intg, pro = (
            COUNTS[label] - sum(n for n, each in zip(beside, outside) if label in each) for label in three
        )
        li, lp, ip, lip = np.indices((12, 14, 12, 12)).reshape(4, -1)
        only = [law - li - lp - lip, intg - li - ip - lip, pro - lp - ip - lip]
        none = 37 - sum(only) - li - lp - ip - lip
        rows = np.column_stack([none, *only, li, lp, ip, lip])
        rows = rows[(rows >= 0).all(axis=1)]
        found.append(np.hstack([np.tile(beside, (len(rows), 1)), rows]))
    return outside + inside, np.vstack(found).astype(np.float32)


def enumerate_sizes(total, cells):
    return [each for each in product(range(total + 1), repeat=cells) if sum(each) == total]


@READINGS
def test_article_against_all_its_tables(margins, article_tables):
    cells, tables = article_tables
    barred = [not allowed(each, margins.cover, margins.within) for each in cells]
    tables = tables[~tables[:, barred].any(axis=1)]
    if margins.within is None:  # as counted in the study's notes on method
        assert len(tables) == (148_753 if margins.cover else 229_072)
    for quantity in quantities(margins):
        counted = np.array([counts_in(quantity, each) for each in cells], dtype=np.float32)
        wanted = np.flatnonzero(np.bincount((tables @ counted).astype(int)))
        assert list(bound(margins, quantity).attainable) == wanted.tolist(), quantity.name


# The article by hand


@pytest.mark.parametrize(
    "margins, kind, labels, k, low, high",
    [
        (ARTICLE, "intersection", ("SOC", "LAW"), None, 15, 18),  # 37 + 18 - 40
        (ARTICLE, "intersection", ("LAW", "INT"), None, 0, 11),
        (ARTICLE, "union", ("LAW", "INT", "PRO"), None, 18, 40),  # 18 + 11 + 13 = 42 > 40
        (ARTICLE, "at least", ("LAW", "INT", "PRO"), 2, 1, 21),  # 42 - 40; 42 // 2
        (ARTICLE, "at least", tuple(COUNTS), 2, 15, 39),  # SOC with LAW; 79 // 2
        (ARTICLE, "pattern", (), None, 0, 3),
        (ARTICLE, "pattern", ("SOC",), None, 0, 22),  # LAW and PRO need 18 units, 3 beside SOC
        (COVERED, "pattern", (), None, 0, 0),
        (COVERED, "union", tuple(COUNTS), None, 40, 40),
        (COVERED, "pattern", ("LAW",), None, 0, 3),
        (INSIDE, "intersection", ("SOC", "LAW"), None, 18, 18),
        (INSIDE, "pattern", (), None, 3, 3),
        (INSIDE, "pattern", ("SOC",), None, 0, 19),  # 37 - 18
        (INSIDE, "pattern", ("LAW",), None, 0, 0),
        (INSIDE, "union", ("LAW", "INT", "PRO"), None, 18, 37),
        (INSIDE, "at least", ("LAW", "INT", "PRO"), 2, 3, 21),  # 42 - 37 extra, two a unit
        (INSIDE, "intersection", ("LAW", "INT", "PRO"), None, 0, 11),
    ],
)
def test_article_by_hand(margins, kind, labels, k, low, high):
    found = bound(margins, Quantity(kind, labels, k))
    assert (found.low, found.high) == (low, high)
    check_table(found.low_table, margins, found.quantity, low)
    check_table(found.high_table, margins, found.quantity, high)


@settings(max_examples=30)
@given(cases(), st.data())
def test_joint_values_are_those_of_all_tables(case, data):
    total, counts, cover, within = case
    try:
        margins = Margins(*case)
    except DataError:
        assume(False)
    cells = [each for each in patterns(counts) if allowed(each, cover, within)]
    tables = np.array(enumerate_tables(total, counts, cells)).reshape(-1, len(cells))
    asked = data.draw(
        st.lists(
            st.sampled_from(quantities(margins)), min_size=1, max_size=3, unique_by=lambda each: each.name
        )
    )
    counted = np.array([[counts_in(each, cell) for each in asked] for cell in cells])
    wanted = {tuple(values) for values in (tables @ counted).tolist()}
    found = joint(margins, asked)
    assert list(found) == [each.name for each in asked]
    assert list(found.itertuples(index=False, name=None)) == sorted(wanted)


@READINGS
def test_joint_values_of_the_article_project_on_the_bounds(margins):
    asked = quantities(margins)[::5]
    found = joint(margins, asked)
    for each in asked:
        assert sorted(set(found[each.name])) == list(bound(margins, each).attainable)


def test_joint_values_by_hand():
    # One zone with exactly one label more is one with two or more less, but for those with none.
    one, two = Quantity("exactly", tuple(COUNTS), 1), Quantity("at least", tuple(COUNTS), 2)
    found = joint(ARTICLE, [one, two])
    assert set(found.sum(axis=1)) == {37, 38, 39, 40}
    assert set(joint(COVERED, [one, two]).sum(axis=1)) == {40}
    assert set(joint(INSIDE, [one, two]).sum(axis=1)) == {37}


@pytest.mark.parametrize(
    "margins, asked, reason",
    [
        (ARTICLE, [], r"the quantities are \[\]; expected different ones"),
        (ARTICLE, [Quantity("union", ("SOC", "LAW"))] * 2, "expected different ones, at least one"),
        (ARTICLE, [Quantity("union", ("SOC", "ART"))], "asks for ART"),
        (
            Margins(40, dict.fromkeys("ABCD", 20)),
            [Quantity("union", ("A", "B"))],
            "have more than 500,000 tables, too many to list. Merge labels",
        ),
        (
            Margins(40, dict.fromkeys("ABCDEFGH", 20)),
            [Quantity("union", ("A", "B"))],
            "have more than 31,250 tables",
        ),
    ],
)
def test_joint_refuses(margins, asked, reason):
    with pytest.raises(DataError, match=reason):
        joint(margins, asked)


def test_exactly_38_zones_with_two_directions_are_impossible_when_each_has_one():
    # 79 labels: 38 zones with two leave 3 labels for 2 zones with one, three or four each.
    two = Quantity("exactly", tuple(COUNTS), 2)
    found = bound(COVERED, two)
    assert (found.high, found.holes) == (39, (38,))
    with pytest.raises(DataError, match="exactly two of SOC, LAW, INT, PRO = 38"):
        table(COVERED, two, 38)
    # One zone may stay empty when cover is not assumed, and "two" may mean two or more.
    check_table(table(ARTICLE, two, 38), ARTICLE, two, 38)
    two_or_more = Quantity("at least", tuple(COUNTS), 2)
    check_table(table(COVERED, two_or_more, 38), COVERED, two_or_more, 38)


def test_parity_leaves_every_second_value_out():
    one = bound(Margins(5, {"A": 3, "B": 2}), Quantity("exactly", ("A", "B"), 1))
    assert one.attainable == (1, 3, 5)  # 5 labels less two for each unit with both
    assert one.holes == (2, 4)
    for value in one.attainable:
        check_table(
            table(Margins(5, {"A": 3, "B": 2}), one.quantity, value),
            Margins(5, {"A": 3, "B": 2}),
            one.quantity,
            value,
        )


# Closed forms and HiGHS, beyond what can be enumerated


@settings(max_examples=25)
@given(cases(labels=(2, 6), totals=dict.fromkeys(range(2, 7), 300)), st.data())
def test_frechet_and_union_bounds(case, data):
    total, counts, _, _ = case
    labels = tuple(data.draw(st.permutations(list(counts))))[: data.draw(st.integers(1, 6))]
    asked = [counts[label] for label in labels]
    both = bound(Margins(total, counts), Quantity("intersection", labels))
    least = max(0, sum(asked) - (len(asked) - 1) * total)
    assert both.attainable == tuple(range(least, min(asked) + 1))
    either = bound(Margins(total, counts), Quantity("union", labels))
    assert either.attainable == tuple(range(max(asked), min(total, sum(asked)) + 1))


EIGHT = dict(zip("ABCDEFGH", (37, 18, 11, 13, 9, 22, 30, 5)))


@pytest.mark.parametrize("cover, within", [(False, None), (True, None), (False, "A")])
@pytest.mark.parametrize(
    "quantity",
    [
        Quantity("exactly", tuple(EIGHT), 4),
        Quantity("at least", tuple(EIGHT), 5),
        Quantity("at least", ("B", "D", "F", "H"), 2),
        Quantity("exactly", ("A", "C", "G"), 1),
        Quantity("union", ("C", "D", "E")),
        Quantity("pattern", ("A", "C")),
        Quantity("pattern", ("A", "B", "F", "G")),
    ],
    ids=lambda each: each.name,
)
def test_eight_labels_against_highs(quantity, cover, within):
    margins = Margins(40, EIGHT, cover=cover, within=within)
    cells = [each for each in patterns(EIGHT) if allowed(each, cover, within)]
    rows = np.array([[1] * len(cells), *([label in each for each in cells] for label in EIGHT)])
    wanted = np.array([40, *EIGHT.values()])
    counted = np.array([counts_in(quantity, each) for each in cells], dtype=float)
    found = bound(margins, quantity)
    for sign, end in ((1, found.low), (-1, found.high)):
        search = milp(sign * counted, integrality=np.ones(len(cells)), constraints=(rows, wanted, wanted))
        assert search.success
        assert round(sign * search.fun) == end
    check_table(found.low_table, margins, quantity, found.low)
    check_table(found.high_table, margins, quantity, found.high)


def test_a_large_total_is_exact():
    margins = Margins(1_000_000, {"A": 999_999, "B": 400_000, "C": 1}, cover=True)
    found = bound(margins, Quantity("exactly", ("A", "B", "C"), 1))
    # The one unit beside A has B or C or both. If B, 600,000 have A without B, and the
    # unit with C is one of them (600,000 with exactly one) or not (600,001). Otherwise 600,000:
    # C leaves 599,999 with A only and itself; B and C leave 600,000 with A only.
    assert found.attainable == (600_000, 600_001)
    assert bound(margins, Quantity("intersection", ("A", "B"))).attainable == (399_999, 400_000)


# Laws


@settings(max_examples=25)
@given(cases(totals=dict.fromkeys(range(1, 5), 30)), st.data())
def test_assumptions_only_narrow(case, data):
    total, counts, cover, within = case
    try:
        narrow = Margins(total, counts, cover, within)
    except DataError:
        assume(False)
    quantity = data.draw(st.sampled_from(quantities(narrow)))
    for wide in (Margins(total, counts), Margins(total, counts, cover=cover)):
        assert set(bound(narrow, quantity).attainable) <= set(bound(wide, quantity).attainable)


@settings(max_examples=25)
@given(cases(totals=dict.fromkeys(range(1, 5), 30)), st.data())
def test_names_and_order_of_labels_do_not_matter(case, data):
    total, counts, cover, within = case
    try:
        margins = Margins(total, counts, cover, within)
    except DataError:
        assume(False)
    order = data.draw(st.permutations(list(counts)))
    renamed = {label: f"label {n}" for n, label in enumerate(order)}
    other = Margins(total, {renamed[label]: counts[label] for label in order}, cover, renamed.get(within))
    for quantity in quantities(margins):
        labels = tuple(renamed[label] for label in quantity.labels)
        assert (
            bound(margins, quantity).attainable
            == bound(other, Quantity(quantity.kind, labels, quantity.k)).attainable
        )


@settings(max_examples=25)
@given(cases(totals=dict.fromkeys(range(1, 5), 30)))
def test_counting_absent_labels_mirrors_the_bounds(case):
    total, counts, _, _ = case
    labels = tuple(counts)
    here, mirror = Margins(total, counts), Margins(total, {a: total - counts[a] for a in counts})
    for k in range(len(labels) + 1):
        assert (
            bound(here, Quantity("exactly", labels, k)).attainable
            == bound(mirror, Quantity("exactly", labels, len(labels) - k)).attainable
        )
    for each in patterns(labels):
        rest = tuple(set(labels) - each)
        assert (
            bound(here, Quantity("pattern", tuple(each))).attainable
            == bound(mirror, Quantity("pattern", rest)).attainable
        )


# Reference points


def test_independence_is_the_product_of_shares():
    points = reference_points(ARTICLE).set_index("quantity")["reference_independence"]
    assert points["SOC and LAW"] == pytest.approx(37 * 18 / 40)
    assert points["SOC, LAW, INT and PRO"] == pytest.approx(37 * 18 * 11 * 13 / 40**3)
    assert points["LAW or INT"] == pytest.approx(18 + 11 - 18 * 11 / 40)
    inside = reference_points(INSIDE).set_index("quantity")["reference_independence"]
    assert inside["LAW and INT"] == pytest.approx(18 * 11 / 37)
    assert inside["no label"] == pytest.approx(3)


@pytest.mark.parametrize("cover, within", [(False, None), (True, None), (False, "A")])
def test_independence_is_the_mean_over_all_placements(cover, within):
    total, counts = 5, {"A": 4, "B": 2, "C": 1}
    placed = []
    for sets in product(*(combinations(range(total), n) for n in counts.values())):
        units = [frozenset(a for a, s in zip(counts, sets) if u in s) for u in range(total)]
        if all(allowed(unit, cover, within) for unit in units):
            placed.append(units)
    margins = Margins(total, counts, cover, within)
    points = reference_points(margins).set_index("quantity")["reference_independence"]
    for quantity in quantities(margins):
        mean = Fraction(sum(counts_in(quantity, u) for units in placed for u in units), len(placed))
        assert points[quantity.name] == pytest.approx(float(mean), abs=1e-12), quantity.name


@pytest.mark.parametrize("margins", [COVERED, Margins(40, EIGHT, cover=True)], ids=["4", "8"])
def test_maximum_entropy_keeps_the_margins_and_has_no_interaction(margins):
    # Entropy is concave: cells with these margins whose logarithms add up from labels are its top.
    points = reference_points(margins).set_index("quantity")["reference_maximum_entropy"]
    names = {each.labels: each.name for each in quantities(margins) if each.kind == "pattern"}
    cells = {labels: points[name] for labels, name in names.items()}
    assert cells.pop(()) == 0
    assert sum(cells.values()) == pytest.approx(margins.total)
    for label, count in margins.counts.items():
        assert sum(v for each, v in cells.items() if label in each) == pytest.approx(count)
    design = np.array([[1, *(label in each for label in margins.counts)] for each in cells])
    logs = np.log(list(cells.values()))
    effects = np.linalg.lstsq(design, logs, rcond=None)[0]
    assert design @ effects == pytest.approx(logs)


@settings(max_examples=25)
@given(cases(totals=dict.fromkeys(range(1, 5), 30)))
def test_a_mean_over_tables_lies_within_the_bounds(case):
    try:
        margins = Margins(*case)
    except DataError:
        assume(False)
    for row, points in zip(bounds(margins).itertuples(), reference_points(margins).itertuples()):
        assert row.quantity == points.quantity
        assert row.low - 1e-9 <= points.reference_independence <= row.high + 1e-9


def test_maximum_entropy_where_the_margins_leave_one_table():
    points = reference_points(Margins(3, {"A": 1, "B": 2}, cover=True)).set_index("quantity")
    assert points.loc["A and B"].tolist() == [0, 0]
    assert points.loc["A only"].tolist() == [1, 1]
    full = reference_points(Margins(4, {"A": 4, "B": 1}, cover=True)).set_index("quantity")
    assert full.loc["A and B"].tolist() == [1, 1]
    nobody = reference_points(Margins(4, {"A": 0, "B": 0}, within="A")).set_index("quantity")
    assert nobody.loc["no label"].tolist() == [4, 4]


# Shares from described cases


def test_described_share_leaves_the_other_cases_open():
    assert described_share(3, 12, 37) == (Fraction(3, 37), Fraction(28, 37))
    assert described_share(12, 12, 12) == (1, 1)


@pytest.mark.parametrize(
    "numbers, reason",
    [
        ((13, 12, 37), "the count is 13; expected a whole number from 0 to 12"),
        ((3, 38, 37), "the number described is 38; .* from 0 to 37"),
        ((-1, 12, 37), "the count is -1"),
        ((3, 12, 0), "the number of cases is 0"),
        ((0.5, 12, 37), "the count is 0.5"),
    ],
)
def test_described_share_rejects(numbers, reason):
    with pytest.raises(DataError, match=reason):
        described_share(*numbers)


# What the results look like


def test_quantities_read_as_words_and_are_told_apart():
    names = [each.name for each in quantities(ARTICLE)]
    assert len(set(names)) == len(names) == 51
    assert {
        "LAW and INT",
        "SOC, LAW and INT",
        "LAW, INT or PRO",
        "SOC only",
        "no label",
        "SOC and LAW only",
        "at least two of LAW, INT, PRO",
        "none of SOC, LAW, INT, PRO",
        "exactly three of SOC, LAW, INT, PRO",
    } <= set(names)
    eight = [each.name for each in quantities(Margins(40, EIGHT))]
    assert len(set(eight)) == len(eight) == 985


def test_bounds_is_one_tidy_row_per_quantity():
    frame = bounds(COVERED)
    assert list(frame) == ["quantity", "kind", "labels", "k", "low", "high", "n_attainable", "holes"]
    assert frame["quantity"].tolist() == [each.name for each in quantities(COVERED)]
    row = frame.set_index("quantity").loc["exactly two of SOC, LAW, INT, PRO"]
    assert row.drop("labels").tolist() == ["exactly", 2, 0, 39, 39, (38,)]
    assert row["labels"] == ("SOC", "LAW", "INT", "PRO")


def test_a_bound_survives_json():
    found = bound(COVERED, Quantity("exactly", tuple(COUNTS), 2)).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert list(found) == [
        *("quantity", "kind", "labels", "k", "low", "high", "attainable", "holes", "low_table", "high_table")
    ]
    assert found["quantity"] == "exactly two of SOC, LAW, INT, PRO"
    assert (found["kind"], found["labels"], found["k"]) == ("exactly", list(COUNTS), 2)
    assert (found["low"], found["high"], found["holes"]) == (0, 39, [38])
    assert found["attainable"] == [*range(38), 39]
    for name, units in (("low_table", 0), ("high_table", 39)):
        assert sum(cell["units"] for cell in found[name]) == 40
        assert sum(cell["units"] for cell in found[name] if len(cell["labels"]) == 2) == units


def test_one_label_may_be_given_as_text():
    one = Quantity("intersection", "LAW")
    assert (one, one.labels, one.name) == (Quantity("intersection", ("LAW",)), ("LAW",), "LAW")
    assert bound(ARTICLE, one).attainable == (18,)  # its margin


def test_counts_may_come_from_a_data_frame():
    margins = Margins(np.int64(40), {"A": np.int64(3), "B": np.int64(2)})
    found = bound(margins, Quantity("union", ("A", "B")))
    assert all(type(value) is int for value in found.attainable)
    json.dumps(found.to_dict())


# Bad input


@pytest.mark.parametrize(
    "arguments, reason",
    [
        ({"counts": {"SOC": 41}}, "margin of SOC is 41; expected .* from 0 to 40"),
        ({"counts": {"SOC": -1}}, "margin of SOC is -1"),
        ({"counts": {"SOC": 3.0}}, r"margin of SOC is 3\.0; expected a whole number"),
        ({"counts": {"SOC": True}}, "margin of SOC is True; expected a whole number"),
        ({"counts": {"SOC": "3"}}, "margin of SOC is '3'"),
        ({"counts": {"": 3}}, "a label is ''"),
        ({"counts": {}}, "expected 1 to 8 labels"),
        ({"counts": dict.fromkeys("ABCDEFGHI", 1)}, "expected 1 to 8 labels"),
        ({"counts": [("A", 1), ("A", 2)]}, "expected 1 to 8 labels, each with its count"),
        ({"total": 0}, "the total is 0"),
        ({"total": 40.5}, r"the total is 40\.5"),
        ({"total": 2_000_000}, "the total is 2000000; expected .* to 1000000"),
        ({"counts": {"A": 20, "B": 19}, "cover": True}, "each of the 40 .* add up to 39"),
        ({"counts": {"A": 20, "B": 19}, "within": "C"}, "within is 'C'; expected one of A, B"),
        ({"counts": {"A": 20, "B": 21}, "within": "A"}, "B is 21, .* within A = 20"),
        ({"within": "SOC", "cover": True}, "each of the 40 .* lie within SOC = 37"),
    ],
)
def test_impossible_margins_are_rejected_with_the_numbers(arguments, reason):
    with pytest.raises(DataError, match=reason):
        Margins(**({"total": TOTAL, "counts": COUNTS} | arguments))


@pytest.mark.parametrize(
    "quantity, reason",
    [
        (("both", ("SOC", "LAW")), "the kind is 'both'; expected one of intersection"),
        (("union", ()), "at least one"),
        (("union", ("SOC", "SOC")), "expected different ones"),
        (("exactly", ("SOC", "LAW")), "k is None; expected a whole number from 0 to 2"),
        (("at least", ("SOC", "LAW"), 3), "k is 3; .* from 0 to 2. It counts labels among SOC, LAW"),
        (("union", ("SOC", "LAW"), 1), "k is 1, but only"),
        (("union", ("SOC", "ART")), "asks for ART; expected labels that have a margin: SOC"),
    ],
)
def test_impossible_quantities_are_rejected(quantity, reason):
    with pytest.raises(DataError, match=reason):
        bound(ARTICLE, Quantity(*quantity))


def test_reference_points_given_cover_refuse_a_total_that_would_take_minutes():
    many = {"A": 2_000, "B": 2_000}
    with pytest.raises(DataError, match="the total is 3000; expected at most 2000"):
        reference_points(Margins(3_000, many, cover=True))
    most = reference_points(Margins(2_000, many, cover=True)).set_index("quantity")
    assert most.loc["A and B"].tolist() == pytest.approx([2_000, 2_000])  # every unit has both labels
    points = reference_points(Margins(3_000, many)).set_index("quantity")
    assert points.loc["A and B", "reference_independence"] == pytest.approx(prod(many.values()) / 3_000)


# ---- how many tables there are


@pytest.mark.parametrize(
    "margins, number", [(ARTICLE, 229_072), (COVERED, 148_753), (INSIDE, 2_968)], ids=["U", "C", "within"]
)
def test_the_tables_of_the_article_are_as_many_as_another_programme_found(margins, number):
    assert n_tables(margins) == number
    for quantity in (Quantity("exactly", tuple(COUNTS), 2), Quantity("intersection", ("LAW", "PRO"))):
        by_value = tables_by(margins, quantity)
        assert by_value.sum() == number and list(by_value.index) == list(bound(margins, quantity).attainable)


@settings(max_examples=60)
@given(st.integers(1, 7), st.lists(st.integers(0, 7), min_size=1, max_size=3), st.booleans())
def test_tables_are_counted_as_they_are_enumerated(total, counts, cover):
    assume(max(counts) <= total and (not cover or sum(counts) >= total))
    labels = "ABC"[: len(counts)]
    margins = Margins(total, dict(zip(labels, counts)), cover=cover)
    sets = patterns(labels)
    number = 0

    def place(left, rest, carried):
        nonlocal number
        if not rest:
            number += left == 0 and carried == counts
            return
        pattern, *others = rest
        for units in range(left + 1):
            if cover and not pattern and units:
                break
            place(left - units, others, [c + units * (x in pattern) for c, x in zip(carried, labels)])

    place(total, sets, [0] * len(counts))
    assert n_tables(margins) == number


def test_two_labels_leave_as_many_tables_as_their_overlap_has_values():
    for total, one, other in ((1_000_000, 400_000, 300_000), (10, 8, 7), (10, 10, 3)):
        low, high = max(0, one + other - total), min(one, other)
        if high < 1_000:
            assert n_tables(Margins(total, {"A": one, "B": other})) == high - low + 1
    # a million units, eight labels: with one unit each the tables are the partitions of a set of eight
    bell = 4140
    assert n_tables(Margins(1_000_000, dict.fromkeys("ABCDEFGH", 1))) == bell
    assert n_tables(Margins(1_000_000, dict.fromkeys("ABCDEFGH", 999_999))) == bell


def test_more_tables_than_can_be_counted_are_refused():
    with pytest.raises(DataError, match="too many tables to count"):
        n_tables(Margins(40, dict.fromkeys("ABCDEFGH", 18)))
