"""Regions: what they decide, refuse and put on paper."""

import re

import matplotlib.colors as mcolors
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK
from embedgov.plotting.regions import _Regions

from drawn import contents
from samples.regions import ASKED, PAIRS

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "regions"

WIDTH = 395  # points, the Axes of a figure of the book


def boxes(ax, colour):
    """Corners of the rectangles of one colour, panel by panel."""
    return [
        [path.get_extents().extents.tolist() for path in each.get_paths()]
        for each in ax.collections
        if isinstance(each, PatchCollection) and mcolors.to_hex(each.get_facecolor()[0]) == colour
    ]


def test_panels_keep_their_order_and_say_how_many_values_are_left():
    panels = _Regions(PAIRS, "it", 40, "en").panels
    assert [panel.name for panel in panels] == [
        "All four",
        "Rule of law, smart governance and professionalisation",
        "Always as much",
    ]
    # 7, 8, 9 and 12 are asked of the first: all four at 0, one at 3; 15 to 39 of the second.
    assert [panel.left for panel in panels] == [
        "1 to 4 of 4 values left",
        "14 to 25 of 25 values left",
        "1 of 2 values left",
    ]


def test_a_hole_parts_the_values_and_an_impossible_pair_is_not_joined():
    first = _Regions(PAIRS, "it", 40, "en").panels[0]
    assert first.runs == [(0, 7, 9), (0, 12, 12), (3, 9, 9)]
    assert (first.known, first.asked) == ((0, 3), (7, 12))


def test_boxes_stand_at_their_values_upwards_and_to_the_right(draw):
    ax = draw.once("en")
    plan = _Regions(PAIRS, ASKED["en"], 40, "en")
    drawn = boxes(ax, INK)
    assert [len(each) for each in drawn] == [3, 12, 2]
    x, y = plan.x(0, WIDTH), plan.y(plan.top(WIDTH) + plan.rows(WIDTH)[0][1])
    left, top, right, bottom = drawn[0][0]  # at 0, from 7 to 9
    assert (left, right) == pytest.approx((x.at(-0.5), x.at(0.5)), abs=0.1)
    assert (top, bottom) == pytest.approx((y.at(9.5), y.at(6.5)), abs=0.1)
    assert y.at(9) < y.at(7) and x.at(0) < x.at(3)
    (pale,) = boxes(ax, "#f1f4f6")[0]
    assert pale == pytest.approx([x.at(-0.5), y.at(12.5), x.at(3.5), y.at(6.5)], abs=0.1)


def test_the_note_says_which_way_is_what(draw):
    shown = " ".join(contents(draw.once("en")))
    assert "upwards, zones with two labels or more; both out of 40." in shown


@pytest.mark.parametrize(
    "change, options, message",
    [
        (lambda d: d, {"total": 11}, "column 'asked': 12; expected a number from 0 to 11"),
        (lambda d: d, {"total": 0}, "total is 0: expected a whole number from 1"),
        (lambda d: d, {"asked": ""}, "asked is '': expected the name of the count asked for"),
        (
            lambda d: pd.concat([d, d.iloc[[0]]], ignore_index=True),
            {},
            "known_en 'all four', known 0, asked 9 occurs before; expected once",
        ),
        (lambda d: d.assign(known=d["known"] + 0.5), {}, "column 'known': 0.5 is no count"),
        (lambda d: d.iloc[:0], {}, "data has no rows"),
    ],
)
def test_pairs_that_are_none_are_refused(draw, change, options, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        draw(data=change(PAIRS), **options)
