"""The figure of chapters and what they need: what it decides, refuses and puts on paper."""

import matplotlib.pyplot as plt
import pandas as pd
import paper
import pytest
from paper import contents
from samples.prerequisites import NEEDS

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PAPER, SHADES

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "prerequisites"


def dots(ax):
    """Place and fill of each dot, without those of the key."""
    found = paper.dots(ax, "o", key=False)
    return {(round(dot.x, 1), round(dot.y, 1)): dot.fill for dot in found}


def test_a_dot_is_full_where_a_chapter_says_so_and_open_where_another_does(draw):
    found = dots(draw())
    columns, rows = (sorted({place[i] for place in found}) for i in (0, 1))
    b, c, d = rows
    assert found == {
        (columns[0], b): INK,
        (columns[0], c): PAPER,
        (columns[1], c): INK,
        (columns[0], d): PAPER,
        (columns[1], d): PAPER,
        (columns[2], d): INK,
    }


def bars(ax, fill):
    """The bars of one shade from the top, without the squares of the chapters."""
    found = [each for each in paper.patches(ax, fill, key=False) if each.height > 7]
    return sorted((bar for bar in found if bar.width > 0.01), key=lambda bar: bar.y)


def minutes(ax):
    """What a chapter takes and what it needs, as the bars say if the longest is 80."""
    own, before = bars(ax, INK), bars(ax, SHADES[2])
    minute = own[-1].width / 80
    return [[round(bar.width / minute, 2) for bar in each] for each in (own, before)]


def test_minutes_of_what_is_needed_come_once_each(draw):
    twice = pd.concat([NEEDS, pd.DataFrame({"chapter": ["d", "d"], "needed": ["a", "b"]})])
    ax = draw(needs=twice)
    assert minutes(ax) == [[10, 20, 40, 80], [10, 30, 70]]  # the first chapter needs none
    assert [text for text in contents(ax) if text.isdigit()] == ["10", "30", "70", "150"]


def test_bars_are_as_long_as_the_minutes(draw):
    ax = draw()
    assert minutes(ax) == [[10, 20, 40, 80], [10, 30, 70]]
    first, *later = bars(ax, INK)
    for own, before in zip(later, bars(ax, SHADES[2]), strict=True):
        assert own.y == pytest.approx(before.y)
        assert (own.left, first.left) == pytest.approx((before.right, before.left))
    totals = [text for text in paper.texts(ax) if text.text.isdigit()]
    for own, total in zip((first, *later), totals):
        assert own.right < total.left < own.right + 6
        assert own.y == pytest.approx(total.y, abs=2)


@pytest.mark.parametrize(
    "needs, message",
    [
        ({"chapter": ["a"], "needed": ["z"]}, r"needs holds 'z', but data\['chapter'\] only a, b, c, d"),
        ({"chapter": ["a"], "needed": ["b"]}, "'a' needs 'b', which does not come before it"),
        ({"chapter": ["a"], "needed": ["a"]}, "'a' needs 'a', which does not come before it"),
    ],
)
def test_needs_that_would_be_drawn_wrongly_are_refused(draw, needs, message):
    with pytest.raises(PlottingError, match=message):
        draw(needs=pd.DataFrame(needs))


def test_too_many_chapters_for_the_width_are_refused(draw):
    many = pd.DataFrame([{"chapter": str(i), "label_en": f"Chapter {i}", "minutes": 1} for i in range(60)])
    with pytest.raises(PlottingError, match="columns of 60 chapters leave no room for bars"):
        draw(data=many, needs=NEEDS.iloc[:0], ax=plt.subplots(figsize=(5.6, 20))[1])
