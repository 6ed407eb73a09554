"""The grid of items: what it decides, refuses and puts on paper."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import FancyArrowPatch, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.text import sentence
from embedgov_study.figures import item_grid
from embedgov_study.figures.item_grid import _ItemGrid

from drawn import contents
from samples.item_grid import CHAINS, STACKS, frame

pytestmark = pytest.mark.usefixtures("theme")

WIDTH = 395  # points, the Axes of a figure of the book


def rectangles(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_the_rows_of_a_group_stand_together_in_the_order_of_the_data():
    plan = _ItemGrid(CHAINS, True, "en")
    assert list(plan.groups) == ["Jing'an", "Nan'an"]
    assert list(plan.columns) == ["source", "holder", "use"]
    firsts = [(group, cells[1][0].text) for group, cells in plan.rows]
    assert firsts == [
        ("Jing'an", "An independent foundation"),
        ("Jing'an", "Money of a stairwell"),
        ("Nan'an", "A foundation"),
    ]


def test_an_empty_cell_is_blank_and_a_full_one_is_stacked_in_order():
    plan = _ItemGrid(STACKS, False, "en")
    assert [[len(cell) for cell in cells] for _, cells in plan.rows] == [[3, 1, 0], [0, 0, 1]]
    assert [item.text for item in plan.rows[0][1][0]] == ["Government", "Charity fairs", "Donors"]
    # Columns come in the order of their first items: source, use, holder.
    assert list(plan.columns) == ["source", "use", "holder"]


def test_the_state_of_an_item_is_the_style_of_its_box():
    ax = item_grid(STACKS)
    boxes = rectangles(ax)[3:]  # after those of the key
    assert len(boxes) == len(STACKS)
    filled = [box.get_facecolor() != box.figure.get_facecolor() for box in boxes]
    assert filled == [True, False, True, False, True]
    assert [box.get_linestyle() != "solid" for box in boxes] == [False, False, False, True, False]


def test_the_key_holds_the_states_that_occur():
    assert [text for text, _ in _ItemGrid(STACKS, False, "en").key] == ["told", "an aim", "not told"]
    solid = STACKS[STACKS["state"] == "solid"]
    assert [text for text, _ in _ItemGrid(solid, False, "zh").key] == ["已说明"]


def test_a_chain_has_an_arrow_between_neighbours_of_a_row_only():
    ax = item_grid(CHAINS, chained=True)
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 3 * 2
    for arrow in arrows:
        (x, y), (to_x, to_y) = arrow._posA_posB
        assert y == to_y and 0 < to_x - x < 15
    assert not any(isinstance(patch, FancyArrowPatch) for patch in item_grid(STACKS).patches)


@pytest.mark.parametrize("rows, count", [([0, 1, 3, 4], 0), ([0, 1, 2, 2], 2)])
def test_a_chain_with_a_gap_or_a_fork_is_refused(rows, count):
    data = CHAINS.iloc[rows].reset_index(drop=True)
    data.loc[3, "item_en"] = "another"
    if not count:
        data = pd.concat([data, CHAINS.iloc[[5]]])  # a third column, which Jing'an lacks
    with pytest.raises(PlottingError, match=rf"column 'use': {count} items; a chain needs exactly"):
        item_grid(data, chained=True)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"state": "dotted"}, "'dotted' is unknown; expected one of solid, open, dashed"),
        ({"item_en": "government"}, "'government' occurs before; expected once"),
        ({"state_en": "said"}, "state 'open', column 'state_en'|state 'solid', column 'state_en'"),
        ({"item_en": None}, "column 'item_en': the value is missing"),
    ],
)
def test_what_would_be_drawn_wrongly_is_refused(change, message):
    data = STACKS.copy()
    for column, value in change.items():
        data.loc[2, column] = value
    with pytest.raises(PlottingError, match=message):
        item_grid(data)


ITEMS = st.tuples(
    st.integers(0, 2), st.integers(0, 2), st.integers(0, 3), st.text("ab", min_size=1, max_size=40)
)


@settings(max_examples=40)
@given(st.lists(ITEMS, min_size=1, max_size=12, unique=True))
def test_every_item_has_one_box_and_no_two_boxes_meet(rows):
    data = frame([(f"g{g}", r, f"c{c}", text, "", "solid") for g, r, c, text in rows])
    plan = _ItemGrid(data, False, "en")
    boxes = plan.boxes(WIDTH)
    assert sorted(item.text for item, *_ in boxes) == sorted(sentence(text) for *_, text in rows)
    for i, (_, left, top, wide, high) in enumerate(boxes):
        assert 0 <= left and left + wide <= WIDTH and top >= plan.top(WIDTH)
        assert top + high <= plan.height(WIDTH)
        for _, x, y, w, h in boxes[:i]:
            assert left + wide <= x or x + w <= left or top + high <= y or y + h <= top


def test_the_data_stay_as_they_are():
    before = CHAINS.copy(deep=True)
    item_grid(CHAINS, chained=True)
    pd.testing.assert_frame_equal(CHAINS, before)
    assert "Government, donors," in contents(item_grid(CHAINS, chained=True))
