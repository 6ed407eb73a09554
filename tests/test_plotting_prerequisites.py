"""The figure of chapters and what they need: what it decides, refuses and puts on paper."""

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PAPER
from embedgov_study.figures.prerequisites import _Prerequisites

from drawn import contents
from samples.prerequisites import DATA, NEEDS

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "prerequisites"


def dots(ax):
    """Place and fill of each dot below the key."""
    head = min(text.get_position()[1] for text in ax.texts if text.get_text() == "The sample") - 5
    return {
        (round(line.get_xdata()[0], 1), round(line.get_ydata()[0], 1)): mcolors.to_hex(
            line.get_markerfacecolor()
        )
        for line in ax.lines
        if line.get_marker() == "o" and line.get_ydata()[0] > head
    }


def test_a_dot_is_full_where_a_chapter_says_so_and_open_where_another_does(draw):
    found = dots(draw())
    columns, rows = (sorted({place[i] for place in found}) for i in (0, 1))
    b, c, d = rows
    assert {place: fill for place, fill in found.items()} == {
        (columns[0], b): INK,
        (columns[0], c): PAPER,
        (columns[1], c): INK,
        (columns[0], d): PAPER,
        (columns[1], d): PAPER,
        (columns[2], d): INK,
    }


def test_minutes_of_what_is_needed_come_once_each(draw):
    twice = pd.concat([NEEDS, pd.DataFrame({"chapter": ["d", "d"], "needed": ["a", "b"]})])
    assert _Prerequisites(DATA, twice, "en").before == [0, 10, 30, 70]
    assert [text for text in contents(draw(needs=twice)) if text.isdigit()] == ["10", "30", "70", "150"]


def test_bars_are_as_long_as_the_minutes(draw):
    plan = _Prerequisites(DATA, NEEDS, "en")
    left, minute = plan.bars(395)
    bars = [patch for patch in draw().patches if patch.get_height() == 8 and patch.get_x() >= left - 1]
    assert sorted(round(patch.get_width() / minute) for patch in bars) == [0, 10, 10, 20, 30, 40, 70, 80]


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
    many = pd.DataFrame([{"chapter": str(i), "label_en": f"Chapter {i}", "minutes": 1} for i in range(40)])
    with pytest.raises(PlottingError, match="columns of 40 chapters leave no room for bars"):
        draw(data=many, needs=NEEDS.iloc[:0], ax=plt.subplots(figsize=(5.6, 12))[1])
