"""Ranges: what they decide, refuse and put on paper."""

import re

import paper
import pytest
from drawn import contents
from samples.ranges import COUNTS

from embedgov.errors import PlottingError
from embedgov.plotting.palette import SHADES

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "ranges"


def per_cent(ax):
    """The scale, which goes from 0 to 100."""
    (scale,), _ = paper.scales(ax)
    assert (min(scale.ticks), max(scale.ticks)) == (0, 100)
    return scale


def from_the_top(drawn):
    return sorted(drawn, key=lambda each: each.y)


def test_rows_are_in_per_cent_of_their_own_totals(draw):
    ax = draw.once("en")
    scale = per_cent(ax)
    said = [text.text for text in paper.texts(ax) if text.bold]
    assert said == [
        "8 of 40 (2 to 20)",
        "3 of 12 (3 to 9)",
        "12 of 12 (0 to 12)",
        "0 of 40 (0 to 10)",
    ]
    own, article = (from_the_top(paper.dots(ax, marker, key=False)) for marker in ("o", "|"))
    assert [scale.value(mark.x) for mark in own] == pytest.approx([20, 25, 100, 0], abs=0.1)
    assert [scale.value(mark.x) for mark in article] == pytest.approx([45, 0], abs=0.1)
    # 0 is a count; where the article has none is no mark.
    assert [mark.y for mark in article] == pytest.approx([own[0].y, own[3].y])


def test_bars_and_marks_stand_at_their_values(draw):
    ax = draw.once("en")
    scale = per_cent(ax)
    rules, slips = (from_the_top(paper.patches(ax, shade, key=False)) for shade in (SHADES[2], SHADES[4]))
    for bars, expected in (
        (rules, [(5, 50), (25, 75), (0, 100), (0, 25)]),
        (slips, [(15, 30), (0, 50), (100, 100), (2.5, 10)]),
    ):
        for bar, (low, high) in zip(bars, expected, strict=True):
            assert bar.left == pytest.approx(scale.at(low), abs=0.2)
            assert bar.right == pytest.approx(max(scale.at(high), bar.left + 1.5), abs=0.2)
    assert min(bar.width for bar in slips) > 1.4  # a range of one value is seen
    for wide, narrow, mark in zip(rules, slips, from_the_top(paper.dots(ax, "o", key=False))):
        assert wide.y == pytest.approx(narrow.y) == pytest.approx(mark.y)
        assert narrow.height < wide.height


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
