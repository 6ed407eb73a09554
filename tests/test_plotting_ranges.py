"""Ranges: what they decide, refuse and put on paper."""

import re
from functools import cache

import pandas as pd
import pytest

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
from embedgov.plotting.palette import SHADES
from embedgov.plotting.ranges import _Ranges

WIDTH = 395  # points, the Axes of a figure of the book
COUNTS = pd.DataFrame({
    "result_en": ["rule of law", "resource", "zones in which the placement of the article, and "
                  "no other dimension, is most over-represented", "smart governance"],
    "result_zh": ["法治化", "资源", "论文归类独占首位的实验区", "智能化"],
    "value": [8, 3, 12, 0], "low": [2, 3, 0, 0], "high": [20, 9, 12, 10],
    "slip_low": [6, 0, 12, 1], "slip_high": [12, 6, 12, 4], "total": [40, 12, 12, 40],
    "article": [18, None, None, 0],
})  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _theme():
    plotting.set_theme()


@pytest.fixture(scope="module")
def draw():
    def draw(**options):
        options = {"data": COUNTS} | options
        return plotting.ranges(options.pop("data"), **options)

    draw.smallest, draw.once = 9, cache(lambda language: draw(language=language))
    return draw


def test_rows_are_in_per_cent_of_their_own_totals():
    first, second, *_ = _Ranges(COUNTS, "en").rows
    assert (first.value, first.rules, first.slips, first.article) == (20, (5, 50), (15, 30), 45)
    assert (second.value, second.rules, second.slips, second.article) == (
        25, (25, 75), (0, 50), None,
    )  # fmt: skip
    assert [row.text for row in _Ranges(COUNTS, "en").rows][:2] == [
        "8 of 40 (2 to 20)", "3 of 12 (3 to 9)",
    ]  # fmt: skip


def test_bars_and_marks_stand_at_their_values(draw):
    ax = draw.once("en")
    scale = _Ranges(COUNTS, "en").scale(WIDTH)

    def spans(shade):
        bars = [p for p in ax.patches if p.get_facecolor()[:3] == pytest.approx(
            tuple(int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5)), abs=1e-6)]
        return [(p.get_x(), p.get_x() + p.get_width()) for p in bars][1:]  # but for the key

    assert spans(SHADES[2])[:2] == [
        pytest.approx((scale.at(5), scale.at(50)), abs=0.2),
        pytest.approx((scale.at(25), scale.at(75)), abs=0.2),
    ]  # fmt: skip
    assert spans(SHADES[4])[0] == pytest.approx((scale.at(15), scale.at(30)), abs=0.2)
    wide = [b - a for a, b in spans(SHADES[4])]
    assert min(wide) >= 1.5  # a range of one value is seen
    circles, bars = (
        [line.get_xdata()[0] for line in ax.lines if line.get_marker() == marker
         and len(line.get_xdata()) == 1]
        for marker in ("o", "|")
    )  # fmt: skip
    assert circles == pytest.approx([scale.at(each) for each in (20, 25, 100, 0)], abs=0.2)
    assert bars == pytest.approx([scale.at(45), scale.at(0)], abs=0.2)  # 0 is a count


def test_the_key_has_the_article_only_where_it_counts(draw):
    assert "The article's count" in contents(draw.once("en"))
    for data in (COUNTS.iloc[1:3], COUNTS.drop(columns="article")):
        shown = contents(draw(data=data))
        assert "The article's count" not in shown
        assert {"Other rules", "As published here"} <= set(shown)


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("value", 1, "result_en 'rule of law': value is 1, low is 2, high is 20; expected low <="),
        ("value", 21, "value is 21, low is 2, high is 20"),
        ("slip_low", 13, "slip_low is 13, slip_high is 12; expected slip_low <= slip_high"),
        ("total", 19, "high is 20, total is 19; expected at most the total"),
        ("total", 0, "total is 0; expected a whole number from 1"),
        ("article", 41, "article is 41, total is 40; expected at most the total"),
        ("article", 1.5, "column 'article': 1.5 is no count"),
        ("low", -1, "column 'low': -1 is no count"),
        ("result_en", "resource", "result_en 'resource' occurs before; expected once"),
    ],
)
def test_ranges_that_contradict_themselves_are_refused(draw, column, value, message):
    data = COUNTS.astype({column: object})
    data.at[0, column] = value
    with pytest.raises(PlottingError, match=re.escape(message)):
        draw(data=data)
