"""The evidence map: what it decides, refuses and puts on paper."""

import itertools
import re
from collections import Counter

import matplotlib.pyplot as plt
import pandas as pd
import paper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import contents
from samples.evidence_map import cells

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PAPER
from embedgov_study.figures import evidence_map
from embedgov_study.palette import COLOURS

pytestmark = pytest.mark.usefixtures("theme")


def dots(ax):
    """Every passage, without the handles of the key."""
    return paper.dots(ax, key=False)


def test_a_dot_is_a_passage_full_for_practice_in_the_colour_of_its_claim():
    counted = Counter((dot.edge, dot.fill != PAPER) for dot in dots(evidence_map(cells())))
    assert counted == {
        (COLOURS["SUB"], True): 8,
        (COLOURS["SUB"], False): 4,
        (COLOURS["INS"], True): 22,
        (COLOURS["INS"], False): 3,
        (INK, True): 1,
    }


def squares(ax):
    found = [each for each in paper.patches(ax, key=False) if not each.marker]
    return paper.read(each for each in found if each.is_square)


def test_squares_say_what_is_named_and_there_is_none_where_nothing_can_be():
    ax = evidence_map(cells())
    # Full, hatched or dashed: three looks that do not rest on colour.
    looks = {(None, INK, False): "named", ("//////", PAPER, False): "nearby", (None, PAPER, True): "none"}
    names = {each.text: each for each in paper.texts(ax)}
    rows = {name: [] for name in ("Xi'an Beilin", "Karamay Karamay", "No single zone")}
    for square in squares(ax):
        row = min(rows, key=lambda name: abs(names[name].y - square.y))
        rows[row].append(looks[square.hatch, square.fill, square.dashed])
    assert list(rows.values()) == [["named", "none", "nearby"], ["none", "none", "none"], []]


def test_the_key_explains_what_is_drawn_and_nothing_else():
    assert [text for text, _ in paper.key(evidence_map(cells()))] == [
        "Article names the zone",
        "Article names its city only",
        "Article names neither",
        "Passage on practice",
        "Passage that claims an effect or aim",
    ]
    bare = cells().assign(cited="none", claimed=0)
    assert [text for text, _ in paper.key(evidence_map(bare))] == [
        "Article names neither",
        "Passage on practice",
    ]


def columns(ax):
    """The bar above each column, as wide as the column."""
    bars = paper.read(each for each in paper.patches(ax) if each.height < 4)
    assert [bar.fill for bar in bars] == [COLOURS["SUB"], COLOURS["INS"], INK]
    return bars


def edges(ax):
    """Where the rows end."""
    return sorted(line.y for line in paper.lines(ax) if line.height < 0.01)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=9, max_size=9),
    st.floats(252, 600),
)
def test_dots_stay_in_their_cell_apart_and_practice_comes_first(counts, width):
    data = cells().assign(cited="none", practice=[a for a, _ in counts], claimed=[b for _, b in counts])
    ax = evidence_map(data, ax=plt.subplots(figsize=((width + 8.5) / 72, 20))[1])
    heads, found, cited = columns(ax), paper.read(dots(ax)), squares(ax)
    rows = itertools.pairwise([heads[0].bottom, *edges(ax)])
    places = itertools.product(rows, heads)
    assert len(found) == sum(map(sum, counts))
    for ((top, bottom), column), square, (practice, claimed) in zip(places, cited, counts, strict=True):
        cell = paper.Thing(square.right, top, column.right, bottom)
        placed = paper.inside(cell, found)
        assert [dot.fill != PAPER for dot in placed] == [True] * practice + [False] * claimed
        assert not any(one.meets(other) for one, other in itertools.combinations(placed, 2))
    plt.close("all")


def test_rows_grow_with_their_passages():
    ax = evidence_map(cells())
    many, few = (bottom - top for top, bottom in itertools.pairwise(edges(ax)))
    assert many > few
    low = plt.subplots(figsize=(5.4, ax.figure.get_size_inches()[1] - 0.2))[1]
    with pytest.raises(PlottingError, match="inches high, the figure needs"):
        evidence_map(cells(), ax=low)


def test_names_begin_with_a_capital_and_are_all_there():
    said = " ".join(contents(evidence_map(cells())))
    for text in ("No single zone", "Institutional system", "Karamay Karamay"):
        assert text in said


@pytest.mark.parametrize(
    "data, message",
    [
        (cells().iloc[:-1], "row 'ALL': no row for column 'x'"),
        (cells().assign(cited="perhaps"), "column 'cited': 'perhaps' is unknown"),
        (cells().assign(practice=-1), "column 'practice': -1 is no count"),
        (cells().assign(claimed=0.5), "column 'claimed': 0.5 is no count"),
        (pd.concat([cells(), cells()]), "row 'Z02', column 'SUB' occurs before"),
        (cells().assign(row_en=[*"aaabbbccd"]), "row 'ALL', column 'row_en': 'c' and 'd'"),
        (cells().assign(column_en=[*"abcabcabd"]), "column 'x', column 'column_en': 'c' and 'd'"),
    ],
)
def test_evidence_map_refuses(data, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        evidence_map(data)


def test_the_data_stay_as_they_are():
    data = cells()
    evidence_map(data)
    pd.testing.assert_frame_equal(data, cells())
