"""The grid of items: what it decides, refuses and puts on paper."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import paper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import contents
from samples.item_grid import CHAINS, STACKS, frame

from embedgov.errors import PlottingError
from embedgov.plotting.palette import PAPER
from embedgov.plotting.text import sentence
from embedgov_study.figures import item_grid

pytestmark = pytest.mark.usefixtures("theme")


def boxes(ax):
    """Each box with what it says."""
    texts = paper.texts(ax)
    return [(box, paper.inside(box, texts)) for box in paper.patches(ax, key=False)]


def column(ax, name):
    """The boxes under a header, from the top."""
    (header,) = [text for text in paper.texts(ax) if text.text == name]
    found = [each for each in boxes(ax) if each[0].left - 1 < header.left < each[0].right]
    return sorted(found, key=lambda each: each[0].top)


def bold(ax):
    """What the headers and headings say, in the order in which they are read."""
    return [text.text for text in paper.texts(ax) if text.bold]


def test_the_rows_of_a_group_stand_together_in_the_order_of_the_data():
    ax = item_grid(CHAINS, chained=True)
    assert bold(ax) == ["Source", "Holder", "Use", "Jing'an", "Nan'an"]
    (first, one), (second, other), (third, last) = column(ax, "Holder")
    assert (one, other, last) == ("An independent foundation", "Money of a stairwell", "A foundation")
    upper, lower = (text for text in paper.texts(ax) if text.text in ("Jing'an", "Nan'an"))
    assert upper.bottom < first.top and first.bottom < second.top
    assert second.bottom < lower.top and lower.bottom < third.top


def test_an_empty_cell_is_blank_and_a_full_one_is_stacked_in_order():
    ax = item_grid(STACKS)
    # Columns come in the order of their first items: source, use, holder.
    assert bold(ax) == ["Source", "Use", "Holder", "Jing'an", "Nan'an"]
    source, use, holder = (column(ax, name) for name in ("Source", "Use", "Holder"))
    assert [text for _, text in source] == ["Government", "Charity fairs", "Donors"]
    assert [text for _, text in use] == ["Projects"]
    assert [text for _, text in holder] == ["A foundation"]
    assert use[0][0].top == pytest.approx(source[0][0].top)  # the same row
    assert holder[0][0].top > source[2][0].bottom  # the next


def test_the_state_of_an_item_is_the_style_of_its_box():
    found = {text: box for box, text in boxes(item_grid(STACKS))}
    assert {text: (box.fill != PAPER, box.dashed) for text, box in found.items()} == {
        "Government": (True, False),
        "Charity fairs": (False, False),
        "Donors": (True, False),
        "Projects": (False, True),
        "A foundation": (True, False),
    }


def test_the_key_holds_the_states_that_occur():
    ax = item_grid(STACKS)
    looks = {text: box.look for box, text in boxes(ax)}
    handles = dict(paper.key(ax))
    assert list(handles) == ["told", "an aim", "not told"]
    assert [handle.look for handle in handles.values()] == [
        looks[text] for text in ("Government", "Charity fairs", "Projects")
    ]
    solid = STACKS[STACKS["state"] == "solid"]
    assert [text for text, _ in paper.key(item_grid(solid, language="zh"))] == ["已说明"]


def test_a_chain_has_an_arrow_between_neighbours_of_a_row_only():
    ax = item_grid(CHAINS, chained=True)
    links = set()
    for arrow in paper.arrows(ax):
        (x, y), (to_x, to_y) = arrow.path
        assert y == pytest.approx(to_y) and 0 < to_x - x < 15
        row = [(box, text) for box, text in boxes(ax) if box.top < y < box.bottom]
        (before,) = [text for box, text in row if 0 < x - box.right < 2]
        (after,) = [text for box, text in row if 0 < box.left - to_x < 3]
        links.add((before.split()[-1], after.split()[-1]))
    assert links == {
        ("themselves", "foundation"),
        ("foundation", "Projects"),
        ("Residents", "stairwell"),
        ("stairwell", "Needs"),
        ("Donors", "foundation"),
        ("foundation", "told"),
    }
    assert len(paper.arrows(ax)) == 3 * 2
    assert not paper.arrows(item_grid(STACKS))


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


@settings(max_examples=25)
@given(st.lists(ITEMS, min_size=1, max_size=12, unique=True))
def test_every_item_has_one_box_and_no_two_boxes_meet(rows):
    data = frame([(f"g{g}", r, f"c{c}", text, "", "solid") for g, r, c, text in rows])
    ax = item_grid(data)
    found = boxes(ax)
    said = sorted(text.replace(" ", "") for _, text in found)  # where a line was broken
    assert said == sorted(sentence(text) for *_, text in rows)
    head = max(text.bottom for text in paper.texts(ax) if text.text in ("C0", "C1", "C2", "C3"))
    for box, _ in found:
        assert paper.frame(ax).holds(box) and box.top >= head
    for (box, _), (other, _) in itertools.combinations(found, 2):
        assert not box.meets(other)
    plt.close("all")


def test_the_data_stay_as_they_are():
    before = CHAINS.copy(deep=True)
    item_grid(CHAINS, chained=True)
    pd.testing.assert_frame_equal(CHAINS, before)
    assert "Government, donors," in contents(item_grid(CHAINS, chained=True))
