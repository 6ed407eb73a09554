"""Regions: what they decide, refuse and put on paper."""

import re
from functools import cache

import matplotlib.colors as mcolors
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection

from figure_laws import (  # noqa: F401  (the tests among them run here)
    contents,
    test_texts_are_large_enough_apart_and_on_the_paper,
    test_texts_follow_the_language,
    test_every_glyph_is_there,
    test_another_language_is_refused,
    test_axes_are_made_or_used_and_returned,
    test_axes_that_are_too_low_are_refused,
    test_svg_files_are_the_same_at_every_run,
    test_a_missing_column_is_named,
)

from embedgov import plotting
from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK
from embedgov.plotting.regions import _Regions

WIDTH = 395  # points, the Axes of a figure of the book
ASKED = {"en": "zones with two labels or more", "zh": "有两个以上方向的实验区"}
NAMES = {
    "all four": "四个方向俱全",
    "rule of law, smart governance and professionalisation": "法治化、智能化与专业化",
    "always as much": "始终一样多",
}
# Of the first: 7, 8 and 9 with a hole before 12 at 0; 9 at 3. Of the last: one value each.
PAIRS = pd.DataFrame(
    [("all four", 0, 9), ("all four", 0, 7), ("all four", 3, 9), ("all four", 0, 8),
     ("all four", 0, 12),
     *(("rule of law, smart governance and professionalisation", known, asked)
       for known in range(12) for asked in range(15 + known, 40)),
     ("always as much", 5, 5), ("always as much", 6, 4)],
    columns=["known_en", "known", "asked"],
)  # fmt: skip
PAIRS["known_zh"] = PAIRS["known_en"].map(NAMES)


@pytest.fixture(autouse=True, scope="module")
def _theme():
    plotting.set_theme()


@pytest.fixture(scope="module")
def draw():
    def draw(**options):
        asked = ASKED.get(options.get("language"), ASKED["en"])
        options = {"data": PAIRS, "asked": asked, "total": 40} | options
        return plotting.regions(options.pop("data"), **options)

    draw.smallest, draw.once = 9, cache(lambda language: draw(language=language))
    return draw


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
        "All four", "Rule of law, smart governance and professionalisation", "Always as much",
    ]  # fmt: skip
    # 7, 8, 9 and 12 are asked of the first: all four at 0, one at 3; 15 to 39 of the second.
    assert [panel.left for panel in panels] == [
        "1 to 4 of 4 values left", "14 to 25 of 25 values left", "1 of 2 values left",
    ]  # fmt: skip


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
        (lambda d: pd.concat([d, d.iloc[[0]]], ignore_index=True), {},
         "known_en 'all four', known 0, asked 9 occurs before; expected once"),
        (lambda d: d.assign(known=d["known"] + 0.5), {}, "column 'known': 0.5 is no count"),
        (lambda d: d.iloc[:0], {}, "data has no rows"),
    ],
)  # fmt: skip
def test_pairs_that_are_none_are_refused(draw, change, options, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        draw(data=change(PAIRS), **options)
