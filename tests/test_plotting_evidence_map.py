"""The evidence map: what it decides, refuses and puts on paper."""

import re
from collections import Counter

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Circle, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.palette import COLOURS, INK, PAPER
from embedgov_study.figures import evidence_map
from embedgov_study.figures.evidence_map import _DOT, _EvidenceMap

from drawn import contents
from samples.evidence_map import cells

pytestmark = pytest.mark.usefixtures("theme")


def dots(ax):
    """Each dot as (x, y, colour of its edge, whether it is full)."""
    return [
        (*patch.center, mcolors.to_hex(patch.get_edgecolor()), mcolors.to_hex(patch.get_facecolor()) != PAPER)
        for patch in ax.patches
        if isinstance(patch, Circle)
    ]


def test_a_dot_is_a_passage_full_for_practice_in_the_colour_of_its_claim():
    counted = Counter((colour, full) for *_, colour, full in dots(evidence_map(cells())))
    assert counted == {
        (COLOURS["SUB"], True): 8,
        (COLOURS["SUB"], False): 4,
        (COLOURS["INS"], True): 22,
        (COLOURS["INS"], False): 3,
        (INK, True): 1,
    }


def test_squares_say_what_is_named_and_there_is_none_where_nothing_can_be():
    plan = _EvidenceMap(cells(), "en")
    assert [cell.cited for cell in plan.cells] == [
        "named",
        "none",
        "nearby",
        "none",
        "none",
        "none",
        None,
        None,
        None,
    ]
    ax = evidence_map(cells())
    squares = [
        (patch.get_hatch(), mcolors.to_hex(patch.get_facecolor()), patch.get_linestyle() != "solid")
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_width() == patch.get_height()
    ]
    # Full, hatched or dashed: three looks that do not rest on colour.
    assert Counter(squares) == {(None, INK, False): 1, ("//////", PAPER, False): 1, (None, PAPER, True): 4}


def test_the_key_explains_what_is_drawn_and_nothing_else():
    assert [text for text, _ in _EvidenceMap(cells(), "en").key] == [
        "Article names the zone",
        "Article names its city only",
        "Article names neither",
        "Passage on practice",
        "Passage that claims an effect or aim",
    ]
    bare = cells().assign(cited="none", claimed=0)
    assert [text for text, _ in _EvidenceMap(bare, "en").key] == [
        "Article names neither",
        "Passage on practice",
    ]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=9, max_size=9),
    st.floats(252, 600),
)
def test_dots_stay_in_their_cell_apart_and_practice_comes_first(counts, width):
    data = cells().assign(practice=[a for a, _ in counts], claimed=[b for _, b in counts])
    plan = _EvidenceMap(data, "en")
    heights = plan.heights(width)
    for cell in plan.cells:
        left = plan.left(cell.column, width)
        placed = plan.dots(cell, left, heights[cell.row] / 2, width)
        fulls = [full for *_, full in placed]
        assert fulls == [True] * cell.practice + [False] * cell.claimed
        assert len({(x, y) for x, y, _ in placed}) == len(placed)
        for x, y, _ in placed:
            assert left + 8 < x - _DOT / 2 and x + _DOT / 2 <= left + plan.room(width) + 0.01
            assert 0 < y - _DOT / 2 and y + _DOT / 2 < heights[cell.row]


def test_rows_grow_with_their_passages():
    plan = _EvidenceMap(cells(), "en")
    few, many, _ = plan.heights(395)
    assert many > few
    low = plt.subplots(figsize=(5.6, plan.height(395) / 72 - 0.2))[1]
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
