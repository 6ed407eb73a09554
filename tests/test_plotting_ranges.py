"""Ranges: what they decide, refuse and put on paper."""

import re

import pytest

from embedgov.errors import PlottingError
from embedgov.plotting.palette import SHADES
from embedgov.plotting.ranges import _Ranges

from drawn import contents
from samples.ranges import COUNTS

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "ranges"

WIDTH = 395  # points, the Axes of a figure of the book


def test_rows_are_in_per_cent_of_their_own_totals():
    first, second, *_ = _Ranges(COUNTS, "en").rows
    assert (first.value, first.rules, first.slips, first.article) == (20, (5, 50), (15, 30), 45)
    assert (second.value, second.rules, second.slips, second.article) == (
        25,
        (25, 75),
        (0, 50),
        None,
    )
    assert [row.text for row in _Ranges(COUNTS, "en").rows][:2] == [
        "8 of 40 (2 to 20)",
        "3 of 12 (3 to 9)",
    ]


def test_bars_and_marks_stand_at_their_values(draw):
    ax = draw.once("en")
    scale = _Ranges(COUNTS, "en").scale(WIDTH)

    def spans(shade):
        bars = [
            p
            for p in ax.patches
            if p.get_facecolor()[:3]
            == pytest.approx(tuple(int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5)), abs=1e-6)
        ]
        return [(p.get_x(), p.get_x() + p.get_width()) for p in bars][1:]  # but for the key

    assert spans(SHADES[2])[:2] == [
        pytest.approx((scale.at(5), scale.at(50)), abs=0.2),
        pytest.approx((scale.at(25), scale.at(75)), abs=0.2),
    ]
    assert spans(SHADES[4])[0] == pytest.approx((scale.at(15), scale.at(30)), abs=0.2)
    wide = [b - a for a, b in spans(SHADES[4])]
    assert min(wide) >= 1.5  # a range of one value is seen
    circles, bars = (
        [
            line.get_xdata()[0]
            for line in ax.lines
            if line.get_marker() == marker and len(line.get_xdata()) == 1
        ]
        for marker in ("o", "|")
    )
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
