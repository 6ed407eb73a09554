"""Regions: what they decide, refuse and put on paper."""

import re

import pandas as pd
import paper
import pytest
from drawn import contents
from samples.regions import PAIRS

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PALE

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "regions"


def boxes(ax, colour):
    """The boxes of one colour by the values at which they stand, panel by panel.

    A box is the first and last known value with the first and last asked one.
    """
    found = []
    for x, y in zip(*paper.scales(ax), strict=True):
        panel = paper.Thing(x.at(-1), y.at(41), x.at(41), y.at(-1))
        own = [
            (
                x.value(box.left) + 0.5,
                x.value(box.right) - 0.5,
                y.value(box.bottom) + 0.5,
                y.value(box.top) - 0.5,
            )
            for box in paper.inside(panel, paper.patches(ax, colour, key=False))
        ]
        found.append(sorted(tuple(round(value, 1) for value in values) for values in own))
    return found


def test_panels_keep_their_order_and_say_how_many_values_are_left(draw):
    ax = draw.once("en")
    said = paper.paragraphs(ax)
    left = [each for each in said if each.text.endswith("values left")]
    # 7, 8, 9 and 12 are asked of the first: all four at 0, one at 3; 15 to 39 of the second.
    assert [each.text for each in left] == [
        "1 to 4 of 4 values left",
        "14 to 25 of 25 values left",
        "1 of 2 values left",
    ]
    names = []
    for each, x, y in zip(left, *paper.scales(ax), strict=True):
        above = [
            name for name in said if name.bold and abs(name.left - each.left) < 1 and name.bottom < each.top
        ]
        names.append(max(above, key=lambda name: name.bottom).text)
        assert each.bottom < y.at(40) < each.bottom + 20  # just above its panel
        assert each.left < x.at(0) < each.left + 30
    assert names == [
        "All four",
        "Rule of law, smart governance and professionalisation",
        "Always as much",
    ]


def test_a_hole_parts_the_values_and_an_impossible_pair_is_not_joined(draw):
    ax = draw.once("en")
    assert boxes(ax, INK)[0] == [(0, 0, 7, 9), (0, 0, 12, 12), (3, 3, 9, 9)]
    assert boxes(ax, PALE)[0] == [(0, 3, 7, 12)]


def test_boxes_stand_at_their_values_upwards_and_to_the_right(draw):
    ax = draw.once("en")
    _, second, third = boxes(ax, INK)
    assert second == [(known, known, 15 + known, 39) for known in range(12)]
    assert third == [(5, 5, 5, 5), (6, 6, 4, 4)]
    assert boxes(ax, PALE)[1:] == [[(0, 11, 15, 39)], [(5, 6, 4, 5)]]
    for x, y in zip(*paper.scales(ax), strict=True):
        assert list(x.ticks) == list(y.ticks) == [0, 10, 20, 30, 40]  # the total ends both
        assert y.at(9) < y.at(7) and x.at(0) < x.at(3)


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
